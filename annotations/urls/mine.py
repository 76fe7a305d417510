"""A person's own answers."""

from django.urls import path

from annotations.views import mine

app_name = "mine"
urlpatterns = [
    path("", mine.answer_list, name="list"),
    path("<uuid:public_id>/take-back/", mine.take_back, name="take_back"),
]
