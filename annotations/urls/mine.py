"""What a person gave, and what they lead."""

from django.urls import path

from annotations.views import drafts, editing, mine

app_name = "mine"
urlpatterns = [
    path("answers/", mine.answer_list, name="list"),
    path("answers/<uuid:public_id>/edit/", editing.edit, name="edit"),
    path("answers/<uuid:public_id>/take-back/", mine.take_back, name="take_back"),
    path("answers/waiting/<int:pk>/delete/", mine.drop_trial, name="drop_trial"),
    path("answers/begun/", drafts.draft_list, name="begun_list"),
    path("answers/begun/<int:record_id>/", drafts.go_on, name="begun"),
    path("answers/begun/<int:record_id>/delete/", drafts.delete, name="delete_begun"),
    path("projects/", mine.led_projects, name="projects"),
]
