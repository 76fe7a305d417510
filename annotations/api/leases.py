"""Records that you hold: keeping, returning and taking them along."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response as Answer
from rest_framework.views import APIView

from annotations.api import shapes
from annotations.api.serializers import (
    AlongSerializer,
    HeldSerializer,
    LeaveSerializer,
    RecordIdsSerializer,
    ReturnedSerializer,
)
from annotations.domain import leasing
from annotations.domain.desks import project_at


class Keep(APIView):
    """Have records for longer while you are at work on them; those that are still yours come in the answer."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=RecordIdsSerializer, responses=RecordIdsSerializer)
    def post(self, request: Request, slug: str) -> Answer:
        sent = RecordIdsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        project = project_at(slug, seen_by=request.user)
        kept = leasing.keep(project, by=request.user, record_ids=sent.validated_data["records"])
        return Answer({"records": list(kept)})


class Leave(APIView):
    """Return records, so that others get them. What you have taken along stays yours for its day."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=LeaveSerializer, responses=ReturnedSerializer)
    def post(self, request: Request, slug: str) -> Answer:
        sent = LeaveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        records, seen = sent.validated_data["records"], sent.validated_data["seen"]
        project = project_at(slug, seen_by=request.user)
        return Answer({"returned": leasing.leave(project, by=request.user, record_ids=records, seen=seen)})


class TakenAlong(APIView):
    """Records that you have for a day, to answer them where there is no network."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=HeldSerializer)
    def get(self, request: Request, slug: str) -> Answer:
        """Those that you have taken along and not answered yet."""
        project = project_at(slug, seen_by=request.user)
        return Answer(shapes.held_alone(project, leasing.taken_along(project, by=request.user)))

    @extend_schema(request=AlongSerializer, responses=HeldSerializer)
    def post(self, request: Request, slug: str) -> Answer:
        """Take what you hold along, with further ones up to as many as you ask for."""
        sent = AlongSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        project = project_at(slug, seen_by=request.user)
        along = leasing.take_along(project, by=request.user, most=sent.validated_data["count"])
        return Answer(shapes.held_alone(project, along))

    @extend_schema(responses={200: ReturnedSerializer})
    def delete(self, request: Request, slug: str) -> Answer:
        """Give those back that you have not answered."""
        project = project_at(slug, seen_by=request.user)
        return Answer({"returned": leasing.give_back(project, by=request.user)})
