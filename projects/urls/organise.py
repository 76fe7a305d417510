"""What organisers do."""

from django.urls import path

from projects.views import cohort_editing, organise

app_name = "organise"
urlpatterns = [
    path("", organise.home, name="home"),
    path("cohorts/new/", cohort_editing.new, name="new-cohort"),
    path("cohorts/<slug:slug>/", organise.queue, name="queue"),
    path("cohorts/<slug:slug>/edit/", cohort_editing.edit, name="edit-cohort"),
    path("applications/<int:pk>/", organise.application, name="application"),
    path("applications/<int:pk>/review/", organise.review, name="review"),
    path("applications/<int:pk>/decide/", organise.decide, name="decide"),
]
