"""A lead's project: its task, guidelines, Space and state."""

from django.urls import URLPattern, path

from projects.views import spaces

app_name = "manage"
urlpatterns: list[URLPattern] = [
    path("space/", spaces.space, name="space"),
    path("space/request/", spaces.request_space, name="space-request"),
    path("space/retry/", spaces.retry, name="space-retry"),
]
