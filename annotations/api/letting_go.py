"""Giving the place of a record back without an answer: skipping, discarding, flagging; and taking that back."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response as Answer
from rest_framework.views import APIView

from annotations.api import shapes
from annotations.api.drafts import possible
from annotations.api.serializers import (
    FlagSerializer,
    HeldSerializer,
    NextSerializer,
    OfferedAgainSerializer,
    RecordIdSerializer,
    SkippedSerializer,
)
from annotations.domain import responding, setting_aside, skipping, undoing
from annotations.domain.desks import project_at
from annotations.models import Contributor


class LettingGo(APIView):
    """Says of a record what `takes` takes, by `let_go`; what comes next is in the answer."""

    permission_classes = (IsAuthenticated,)
    takes: ClassVar[type[RecordIdSerializer]] = RecordIdSerializer
    let_go: ClassVar[Callable[..., Contributor]]

    def answer(self, request: Request, slug: str) -> Answer:
        sent = self.takes(data=request.data)
        sent.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(sent.validated_data)
        record_id, count = said.pop("record"), said.pop("count")
        project = project_at(slug, seen_by=request.user)
        type(self).let_go(project, by=request.user, record_id=record_id, **said)
        return Answer(shapes.held(project, responding.held(project, by=request.user, most=count)))


class Skips(LettingGo):
    """Records that you passed over."""

    let_go = staticmethod(responding.skip)

    @extend_schema(request=RecordIdSerializer, responses=NextSerializer)
    def post(self, request: Request, slug: str) -> Answer:
        """Pass a record over; it is not offered to you again. The next one comes in the answer."""
        return self.answer(request, slug)

    @extend_schema(responses=SkippedSerializer)
    def get(self, request: Request, slug: str) -> Answer:
        """How many of those that you skipped could be offered to you again."""
        waiting = skipping.skipped_waiting(project_at(slug, seen_by=request.user), by=request.user)
        return Answer({"waiting": waiting})

    @extend_schema(responses={200: OfferedAgainSerializer})
    def delete(self, request: Request, slug: str) -> Answer:
        """Have those that you skipped, and that still want answers, offered to you again."""
        project = project_at(slug, seen_by=request.user)
        return Answer({"offered_again": skipping.reopen_skipped(project, by=request.user)})


class TakingBack(APIView):
    """Undoes `what` was done with one record."""

    permission_classes = (IsAuthenticated,)
    what: ClassVar[str]

    def undo(self, request: Request, slug: str, record_id: int) -> Answer:
        project, record_id = project_at(slug, seen_by=request.user), possible(record_id)
        back = undoing.take_back(project, by=request.user, record_id=record_id, what=self.what)
        return Answer(shapes.held_alone(project, [back.assignment] if back.assignment else []))


class OneSkip(TakingBack):
    """Your skip of one record."""

    what = "skip"

    @extend_schema(responses={200: HeldSerializer})
    def delete(self, request: Request, slug: str, record_id: int) -> Answer:
        """Take your skip of a record back. The record comes in the answer if it is with you again; where it has no room
        for you now, nothing does."""
        return self.undo(request, slug, record_id)


class OneDiscard(TakingBack):
    """Your discard of one record."""

    what = "discard"

    @extend_schema(responses={200: HeldSerializer})
    def delete(self, request: Request, slug: str, record_id: int) -> Answer:
        """Take back that a record cannot be answered. The record comes in the answer if it is with you again."""
        return self.undo(request, slug, record_id)


class OneFlag(TakingBack):
    """Your flag of one record."""

    what = "flag"

    @extend_schema(responses={200: HeldSerializer})
    def delete(self, request: Request, slug: str, record_id: int) -> Answer:
        """Take back that something is wrong with a record. The record comes in the answer if it is with you again."""
        return self.undo(request, slug, record_id)


class Discards(LettingGo):
    """Say that a record cannot be answered; it is not offered to you again. The next one comes in the answer."""

    let_go = staticmethod(setting_aside.discard)

    @extend_schema(request=RecordIdSerializer, responses=NextSerializer)
    def post(self, request: Request, slug: str) -> Answer:
        return self.answer(request, slug)


class Flags(LettingGo):
    """Say what is wrong with a record; it is not offered to you again. The next one comes in the answer."""

    takes = FlagSerializer
    let_go = staticmethod(setting_aside.flag)

    @extend_schema(request=FlagSerializer, responses=NextSerializer)
    def post(self, request: Request, slug: str) -> Answer:
        return self.answer(request, slug)
