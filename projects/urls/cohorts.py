"""Cohorts, for everybody."""

from django.urls import path

from projects.views import cohorts as views

app_name = "cohorts"
urlpatterns = [
    path("", views.index, name="list"),
    path("<slug:slug>/", views.detail, name="detail"),
]
