"""Projects as contributors see them."""

from django.urls import URLPattern

app_name = "projects"
urlpatterns: list[URLPattern] = []
