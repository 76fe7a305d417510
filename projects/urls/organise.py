"""What organisers do."""

from django.urls import path

from projects.views import cohort_editing, organise, organise_spaces, organise_spaces_bulk

app_name = "organise"
urlpatterns = [
    path("", organise.home, name="home"),
    path("cohorts/new/", cohort_editing.new, name="new-cohort"),
    path("cohorts/<slug:slug>/", organise.queue, name="queue"),
    path("cohorts/<slug:slug>/edit/", cohort_editing.edit, name="edit-cohort"),
    path("spaces/", organise_spaces.spaces, name="spaces"),
    path("spaces/change/", organise_spaces_bulk.change, name="spaces-change"),
    path("applications/<int:pk>/", organise.application, name="application"),
    path("applications/<int:pk>/review/", organise.review, name="review"),
    path("applications/<int:pk>/decide/", organise.decide, name="decide"),
]
