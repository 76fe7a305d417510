"""Projects, their progress and annotating, over all projects."""

from django.urls import path

from annotations.api import reading, working

urlpatterns = [
    path("totals/", reading.Totals.as_view(), name="totals"),
    path("projects/", reading.Projects.as_view(), name="projects"),
    path("projects/<slug:slug>/", reading.OneProject.as_view(), name="project"),
    path("projects/<slug:slug>/progress/", reading.Progress.as_view(), name="progress"),
    path("projects/<slug:slug>/contributors/", reading.Contributors.as_view(), name="contributors"),
    path("projects/<slug:slug>/consent/", working.Consent.as_view(), name="consent"),
    path("projects/<slug:slug>/next/", working.Next.as_view(), name="next"),
    path("projects/<slug:slug>/responses/", working.Responses.as_view(), name="responses"),
    path("projects/<slug:slug>/skips/", working.Skips.as_view(), name="skips"),
    path("projects/<slug:slug>/discards/", working.Discards.as_view(), name="discards"),
    path("projects/<slug:slug>/flags/", working.Flags.as_view(), name="flags"),
    path("me/responses/", working.MyResponses.as_view(), name="my-responses"),
    path("me/responses/<uuid:public_id>/", working.MyResponse.as_view(), name="my-response"),
]
