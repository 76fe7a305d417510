"""Endpoints about the person who asks."""

from django.urls import path

from accounts.api import openapi
from accounts.api.me import MeView

assert openapi  # importing it describes our tokens to drf-spectacular
urlpatterns = [path("me/", MeView.as_view(), name="me")]
