"""A lead's own applications."""

from django.urls import path

from projects.views import applications as views

app_name = "applications"
urlpatterns = [
    path("", views.mine, name="list"),
    path("languages/", views.languages, name="languages"),
    path("start/<slug:slug>/", views.start, name="start"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/autosave/", views.autosave, name="autosave"),
    path("<int:pk>/take-back/", views.take_back, name="take-back"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
]
