"""What a person gave, and what they lead."""

from django.urls import path

from annotations.views import editing, mine

app_name = "mine"
urlpatterns = [
    path("answers/", mine.answer_list, name="list"),
    path("answers/<uuid:public_id>/edit/", editing.edit, name="edit"),
    path("answers/<uuid:public_id>/take-back/", mine.take_back, name="take_back"),
    path("projects/", mine.led_projects, name="projects"),
]
