"""A lead's project: its task, guidelines, Space and state."""

from django.urls import path

from projects.views import manage, space_changes, spaces, task_editor

app_name = "manage"
urlpatterns = [
    path("", manage.overview, name="overview"),
    path("state/", manage.change_state, name="state"),
    path("task/", task_editor.task, name="task"),
    path("guidelines/", manage.guidelines, name="guidelines"),
    path("guidelines/preview/", manage.guidelines_preview, name="guidelines-preview"),
    path("settings/", manage.settings, name="settings"),
    path("space/", spaces.space, name="space"),
    path("space/request/", spaces.request_space, name="space-request"),
    path("space/retry/", spaces.retry, name="space-retry"),
    path("space/events/", space_changes.events, name="space-events"),
    path("space/<slug:change>/", space_changes.change, name="space-change"),
]
