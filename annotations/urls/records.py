"""A project's records and how they come in."""

from django.urls import path

from annotations.views import objections, overlap, preview, records

app_name = "records"
urlpatterns = [
    path("", records.index, name="list"),
    path("upload/", records.upload, name="upload"),
    path("overlap/", overlap.overlap, name="overlap"),
    path("take-in/", overlap.take_in, name="take-in"),
    path("preview/", preview.preview, name="preview"),
    path("objections/", objections.index, name="objections"),
    path("objections/<int:record_id>/", objections.decide, name="decide"),
    path("imports/<int:number>/", records.detail, name="import"),
    path("imports/<int:number>/progress/", records.progress, name="progress"),
    path("imports/<int:number>/check/", records.check, name="check"),
    path("imports/<int:number>/commit/", records.commit, name="commit"),
    path("imports/<int:number>/cancel/", records.cancel, name="cancel"),
    path("imports/<int:number>/refused.csv", records.refused, name="refused"),
]
