"""The REST API, version 1: what each app offers, joined."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from dibt import api

app_name = "api"
urlpatterns = [
    path("", api.Index.as_view(), name="index"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("accounts.api.urls")),
    path("", include("annotations.api.urls")),
    path("<path:rest>", api.nothing),
]
