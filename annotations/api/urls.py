"""Projects, their progress and annotating, over all projects."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
