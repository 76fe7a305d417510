"""A project's records and how they come in."""

from django.urls import URLPattern

app_name = "records"
urlpatterns: list[URLPattern] = []
