"""Projects, their progress and annotating, over all projects."""

from django.urls import path

from annotations.api import drafts, leases, letting_go, reading, working

urlpatterns = [
    path("totals/", reading.Totals.as_view(), name="totals"),
    path("projects/", reading.Projects.as_view(), name="projects"),
    path("projects/<slug:slug>/", reading.OneProject.as_view(), name="project"),
    path("projects/<slug:slug>/progress/", reading.Progress.as_view(), name="progress"),
    path("projects/<slug:slug>/contributors/", reading.Contributors.as_view(), name="contributors"),
    path("projects/<slug:slug>/consent/", working.Consent.as_view(), name="consent"),
    path("projects/<slug:slug>/next/", working.Next.as_view(), name="next"),
    path("projects/<slug:slug>/responses/", working.Responses.as_view(), name="responses"),
    path("projects/<slug:slug>/skips/", letting_go.Skips.as_view(), name="skips"),
    path("projects/<slug:slug>/discards/", letting_go.Discards.as_view(), name="discards"),
    path("projects/<slug:slug>/flags/", letting_go.Flags.as_view(), name="flags"),
    path("projects/<slug:slug>/held/keep/", leases.Keep.as_view(), name="keep"),
    path("projects/<slug:slug>/held/leave/", leases.Leave.as_view(), name="leave"),
    path("projects/<slug:slug>/taken-along/", leases.TakenAlong.as_view(), name="taken-along"),
    path(
        "projects/<slug:slug>/records/<int:record_id>/draft/",
        drafts.RecordDraft.as_view(),
        name="record-draft",
    ),
    path(
        "projects/<slug:slug>/records/<int:record_id>/skip/", letting_go.OneSkip.as_view(), name="record-skip"
    ),
    path(
        "projects/<slug:slug>/records/<int:record_id>/discard/",
        letting_go.OneDiscard.as_view(),
        name="record-discard",
    ),
    path(
        "projects/<slug:slug>/records/<int:record_id>/flag/", letting_go.OneFlag.as_view(), name="record-flag"
    ),
    path("me/drafts/", drafts.MyDrafts.as_view(), name="my-drafts"),
    path("me/responses/", working.MyResponses.as_view(), name="my-responses"),
    path("me/responses/<uuid:public_id>/", working.MyResponse.as_view(), name="my-response"),
]
