"""Every address of the site, joined from the apps."""

from django.urls import include, path

from annotations.views import offline
from dibt import health, views

handler400 = "dibt.views.bad_request"
urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("styles/<slug:version>.css", views.style_sheet, name="styles"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("api/", views.api_docs, name="api-docs"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("accounts.urls")),
    path("accounts/", include("accounts.hub_urls")),
    path("cohorts/", include("projects.urls.cohorts")),
    path("applications/", include("projects.urls.applications")),
    path("organise/", include("projects.urls.organise")),
    path("manage/<slug:slug>/", include("projects.urls.manage")),
    path("manage/<slug:slug>/records/", include("annotations.urls.records")),
    path("manage/<slug:slug>/releases/", include("annotations.urls.releases")),
    path("projects/", include("annotations.urls.projects")),
    path("me/", include("annotations.urls.mine")),
    path("offline/", offline.shell, name="offline"),
    path("sw.js", offline.worker, name="worker"),
    path("api/v1/", include("dibt.api_urls")),
]
