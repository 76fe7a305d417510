"""The floor: the two statements of a record and its answer behind two bare Django views, and nothing else.

No REST framework, no query set, no middleware, no validation, no counters read back: what is left is HTTP, Django's
routing, the look-up of a token, and the database. Served by gunicorn as `tests.bench.bare:application`.
"""

import json
import uuid
from collections.abc import Callable

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone

django.setup()
settings.MIDDLEWARE, settings.ROOT_URLCONF = [], "tests.bench.bare"

from django.db import connection  # noqa: E402  once Django is set up

from annotations.domain import queue_postgres  # noqa: E402
from annotations.domain.queue import LEASE  # noqa: E402
from annotations.domain.queue_search import Search  # noqa: E402
from annotations.models import Contributor  # noqa: E402
from dibt.lib import secrets  # noqa: E402

WHO = """
    SELECT c.id, c.project_id, c.user_id, c.claims, c.last_queue_key FROM annotations_contributor c
    JOIN accounts_apitoken t ON t.user_id = c.user_id JOIN projects_project p ON p.id = c.project_id
    WHERE t.digest = %s AND p.slug = %s
"""


def who(request: HttpRequest, slug: str) -> Contributor:
    digest = secrets.digest(request.headers["Authorization"].removeprefix("Bearer "))
    with connection.cursor() as cursor:
        cursor.execute(WHO, [digest, slug])
        pk, project_id, user_id, claims, key = cursor.fetchone()
    return Contributor(pk=pk, project_id=project_id, user_id=user_id, claims=claims, last_queue_key=key)


def following(request: HttpRequest, slug: str) -> JsonResponse:
    """The next record."""
    now = timezone.now()
    me = who(request, slug)
    search = Search(me.last_queue_key, me.search_number)
    held = queue_postgres.hold(me, search, most=1, now=now, until=now + LEASE)
    record = held[0].record if held else None
    return said({"next": record and {"record": {"id": record.pk, "fields": record.fields}}})


def submit(request: HttpRequest, slug: str) -> JsonResponse:
    """An answer to it."""
    sent, me = json.loads(request.body), who(request, slug)
    answered = queue_postgres.answer(
        project_id=me.project_id,
        user_id=int(me.user_id or 0),
        record_id=sent["record"],
        public_id=uuid.uuid4(),
        schema_id=sent["schema"],
        guidelines_id=None,
        values=sent["values"],
        now=timezone.now(),
    )
    return said({"saved": answered is not None}, status=201 if answered else 409)


def said(body: dict[str, object], *, status: int = 200) -> JsonResponse:
    response = JsonResponse(body, status=status)
    response["Content-Length"] = str(len(response.content))
    return response


urlpatterns: list[URLPattern] = [
    path("api/v1/projects/<slug:slug>/next/", following),
    path("api/v1/projects/<slug:slug>/responses/", submit),
]
application: Callable[..., object] | WSGIHandler = get_wsgi_application()
