"""What the workspace does, for programs: the same domain functions, the same refusals."""

from typing import cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response as Answer
from rest_framework.views import APIView

from accounts.domain import people
from accounts.models import User
from annotations.api import shapes
from annotations.api.keys import KEY, key_of
from annotations.api.serializers import (
    AnswerSerializer,
    ConsentSerializer,
    CountSerializer,
    NextSerializer,
    OwnResponseSerializer,
    ResponseSerializer,
    SubmittedSerializer,
    ValuesSerializer,
)
from annotations.domain import adopting, contributors, editing, responding
from annotations.domain.desks import project_at
from annotations.models import Response
from dibt.lib.errors import InvalidError


class Next(APIView):
    """Open the next record, or the one that is open already, with as many further ones as you ask for."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=CountSerializer, responses=NextSerializer)
    def post(self, request: Request, slug: str) -> Answer:
        sent = CountSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        project = project_at(slug, seen_by=request.user)
        held = responding.held(project, by=request.user, most=sent.validated_data["count"])
        return Answer(shapes.held(project, held))


class Responses(APIView):
    """Submit an answer; the next record comes in the same answer, with as many further ones as you ask for."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        parameters=[KEY],
        request=AnswerSerializer,
        responses={201: SubmittedSerializer, 200: SubmittedSerializer},
    )
    def post(self, request: Request, slug: str) -> Answer:
        sent = AnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said, project = sent.validated_data, project_at(slug, seen_by=request.user)
        submitted = responding.submit(
            project,
            by=request.user,
            record_id=said["record"],
            values=said["values"],
            key=key_of(request),
            schema_version=said["schema_version"],
            guidelines_version=said["guidelines_version"],
        )
        following = responding.held_after(submitted, most=said["count"])
        code = status.HTTP_200_OK if submitted.repeated else status.HTTP_201_CREATED
        return Answer(shapes.submitted(project, submitted, following), status=code)


class Consent(APIView):
    """Accept the project's licence and, once for all projects, choose how you are shown."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=ConsentSerializer, responses={204: None})
    def post(self, request: Request, slug: str) -> Answer:
        sent = ConsentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        project, user = project_at(slug, seen_by=request.user), cast("User", request.user)
        if sent.validated_data["licence"] != project.licence:
            raise InvalidError(
                _("The licence of this project is %(licence)s.") % {"licence": project.licence},
                {"licence": [_("Repeat the project's licence to accept it.")]},
            )
        contributor = contributors.join(project, by=user)
        if "shown_as" in sent.validated_data:
            people.choose_shown_as(user, shown_as=sent.validated_data["shown_as"])
        contributors.accept_licence(contributor)
        if not contributors.lacks_consent(contributor):
            adopting.adopt(project, by=user)
        return Answer(status=status.HTTP_204_NO_CONTENT)


class MyResponses(ListAPIView[Response]):
    """Your own answers, newest first."""

    serializer_class = ResponseSerializer
    permission_classes = (IsAuthenticated,)
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Response]:
        own = Response.objects.filter(contributor__user=cast("User", self.request.user))
        own = own.select_related("project", "schema_version", "guidelines_version")
        return own.defer("guidelines_version__text").order_by("-submitted_at", "-pk")


class MyResponse(APIView):
    """One of your own answers, with its history."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=OwnResponseSerializer)
    def get(self, request: Request, public_id: str) -> Answer:
        """Read an own answer, with what it was before each change."""
        return Answer(OwnResponseSerializer(self._own(request, public_id)).data)

    @extend_schema(request=ValuesSerializer, responses=OwnResponseSerializer)
    def put(self, request: Request, public_id: str) -> Answer:
        """Change an own answer, until it is in a published release; what it was before is kept."""
        sent = ValuesSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        response = self._own(request, public_id)
        editing.edit(response, by=cast("User", request.user), **sent.validated_data)
        return Answer(OwnResponseSerializer(self._own(request, public_id)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Answer:
        """Delete an own answer for good, and its history with it."""
        responding.take_back(self._own(request, public_id), by=cast("User", request.user))
        return Answer(status=status.HTTP_204_NO_CONTENT)

    def _own(self, request: Request, public_id: str) -> Response:
        own = Response.objects.filter(contributor__user=cast("User", request.user))
        own = own.select_related("project", "schema_version", "guidelines_version", "contributor")
        return get_object_or_404(own.prefetch_related("edits__schema_version"), public_id=public_id)
