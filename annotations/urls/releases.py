"""A project's releases, below /manage/<slug>/releases/. Downloads of published ones are open to everybody."""

from django.urls import path

from annotations.views import releases

app_name = "releases"
urlpatterns = [
    path("", releases.index, name="list"),
    path("new/", releases.request_release, name="request"),
    path("<int:number>/", releases.detail, name="detail"),
    path("<int:number>/now/", releases.progress, name="progress"),
    path("<int:number>/retry/", releases.retry, name="retry"),
    path("<int:number>/publish/", releases.publish, name="publish"),
    path("<int:number>/archive.zip", releases.archive, name="archive"),
    path("<int:number>/files/<path:name>", releases.file, name="file"),
]
