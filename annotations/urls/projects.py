"""Projects as contributors see them."""

from django.urls import path

from annotations.views import browse, workspace

app_name = "projects"
urlpatterns = [
    path("", browse.project_list, name="list"),
    path("<slug:slug>/", browse.project, name="detail"),
    path("<slug:slug>/progress/", browse.progress, name="progress"),
    path("<slug:slug>/leaderboard/", browse.leaderboard, name="leaderboard"),
    path("<slug:slug>/annotate/", workspace.annotate, name="annotate"),
    path("<slug:slug>/skip/", workspace.skip, name="skip"),
    path("<slug:slug>/discard/", workspace.discard, name="discard"),
    path("<slug:slug>/flag/", workspace.flag, name="flag"),
]
