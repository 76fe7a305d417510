"""A lead's project: its task, guidelines, Space and state."""

from django.urls import URLPattern

app_name = "manage"
urlpatterns: list[URLPattern] = []
