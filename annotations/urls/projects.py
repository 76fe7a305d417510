"""Projects as contributors see them."""

from django.urls import path

from annotations.views import browse, drafts, leases, trial, undoing, workspace

app_name = "projects"
urlpatterns = [
    path("", browse.project_list, name="list"),
    path("<slug:slug>/", browse.project, name="detail"),
    path("<slug:slug>/progress/", browse.progress, name="progress"),
    path("<slug:slug>/leaderboard/", browse.leaderboard, name="leaderboard"),
    path("<slug:slug>/annotate/", workspace.annotate, name="annotate"),
    path("<slug:slug>/draft/", drafts.save, name="draft"),
    path("<slug:slug>/skip/", workspace.skip, name="skip"),
    path("<slug:slug>/skipped-again/", workspace.skipped_again, name="skipped_again"),
    path("<slug:slug>/discard/", workspace.discard, name="discard"),
    path("<slug:slug>/flag/", workspace.flag, name="flag"),
    path("<slug:slug>/undo/", undoing.undo, name="undo"),
    path("<slug:slug>/keep/", leases.keep, name="keep"),
    path("<slug:slug>/leave/", leases.leave, name="leave"),
    path("<slug:slug>/take/", leases.take, name="take"),
    path("<slug:slug>/give-back/", leases.give_back, name="give_back"),
    path("<slug:slug>/trial/keep/", trial.keep, name="trial-keep"),
    path("<slug:slug>/trial/drop/", trial.drop, name="trial-drop"),
    path("<slug:slug>/trial/forget/", trial.forget, name="trial-forget"),
]
