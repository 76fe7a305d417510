"""What makes the workspace work without network: a page that needs none, and the worker that brings it then."""

import json
from functools import cache
from hashlib import sha256

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from annotations.views.at_hand import GOALS
from dibt.lib import modules
from dibt.lib.styles import styles
from projects.schema.definition import TaskSchema
from projects.schema.questions import RankingQuestion

# What the first record waits for.
MODULES = ("dibt/js/workspace.js", "dibt/js/desk/desk.js")
# And where a task asks for it, these; all else is fetched later.
MARKING, RANKING, RULES = "dibt/js/spans.js", "dibt/js/ranking.js", "dibt/js/show-if.js"
OTHERS = ("dibt/js/theme-first.js", "django_htmx/htmx-2.min.js", "dibt/img/favicon.svg")


def modules_for(schema: TaskSchema) -> tuple[str, ...]:
    """The addresses of what a task's page needs, to be fetched at once."""
    needed = {
        MARKING: schema.marks_text,
        RANKING: any(isinstance(question, RankingQuestion) for question in schema.questions),
        RULES: any(question.show_if for question in schema.questions),
    }
    return modules.urls(*MODULES, *(name for name, is_needed in needed.items() if is_needed))


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The workspace with nothing in it, the same for everybody: the browser that shows it fills it with what it has."""
    request.user = AnonymousUser()  # nobody's page, whoever is signed in
    return render(request, "projects/offline.html", {"messages": (), "goals": GOALS})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The service worker. It stands at the root of the site, for it serves no page above its own address."""
    response = HttpResponse(_worker(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _worker() -> str:
    """Its settings, and the file that has the rest. New files make a new worker, which fetches them."""
    files = [
        *modules.urls("dibt/js/site.js", *MODULES, later=True),
        styles().url,
        *map(static, OTHERS),
    ]
    told = {"shell": reverse("offline"), "files": files}
    told["version"] = sha256(json.dumps(told).encode()).hexdigest()[:12]
    return f"self.site = {json.dumps(told)};\nimportScripts({json.dumps(static('dibt/js/worker.js'))});\n"
