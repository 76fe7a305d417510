"""What organisers do."""

from django.urls import URLPattern

app_name = "organise"
urlpatterns: list[URLPattern] = []
