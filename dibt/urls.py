"""Every address of the site, joined from the apps."""

from django.urls import include, path

from dibt import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
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
    path("api/v1/", include("dibt.api_urls")),
]
