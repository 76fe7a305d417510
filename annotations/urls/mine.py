"""A person's own answers."""

from django.urls import URLPattern

app_name = "mine"
urlpatterns: list[URLPattern] = []
