"""Drafts for programs: what one's own user has begun to answer, on whatever device."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response as Answer
from rest_framework.views import APIView

from accounts.models import User
from annotations.domain import drafts
from annotations.domain.desks import project_at
from annotations.models import Draft
from dibt.lib.api import nothing_here
from dibt.lib.errors import NotVisibleError

LARGEST_ID = 2**63 - 1


class BegunSerializer(serializers.Serializer[Any]):
    """The state of a form. It is kept whether or not an answer can be made of it."""

    typed = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(allow_blank=True, trim_whitespace=False)),
        help_text='By question name what a form would send: a list of texts, such as `{"quality": ["4"]}`.',
    )
    schema_version = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Which version of the task the form shows."
    )
    page = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        help_text="A random text of the open page, 40 characters at most.",
    )
    at = serializers.IntegerField(
        required=False,
        default=0,
        help_text="When it was typed, in ms since 1970; now, if not said. A state that is older than what is kept "
        "changes nothing.",
    )


class DraftSerializer(serializers.ModelSerializer[Draft]):
    """Something begun and not sent; only its author can see it."""

    project = serializers.SlugField(source="record.project.slug")
    record = serializers.IntegerField(source="record_id")
    typed = serializers.DictField(
        source="data",
        child=serializers.ListField(child=serializers.CharField()),
        help_text="By question name.",
    )
    schema_version = serializers.IntegerField(source="schema_version.number")

    class Meta:
        model = Draft
        fields = ("project", "record", "typed", "schema_version", "updated_at")


class RecordDraft(APIView):
    """What you have begun to answer to one record."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=DraftSerializer)
    def get(self, request: Request, slug: str, record_id: int) -> Answer:
        """Read what you have begun to answer to a record."""
        return Answer(DraftSerializer(self._own(request, slug, record_id)).data)

    @extend_schema(request=BegunSerializer, responses={204: None})
    def put(self, request: Request, slug: str, record_id: int) -> Answer:
        """Keep what you have begun to answer to a record that is or was with you, for 30 days or until you answer,
        skip, discard or flag it. It leaves the record with you for longer."""
        sent = BegunSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        drafts.save(
            project_at(slug, seen_by=request.user),
            by=request.user,
            record_id=possible(record_id),
            data=said["typed"],
            schema_version=said["schema_version"],
            sender=said["page"],
            at=said["at"],
        )
        return Answer(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, record_id: int) -> Answer:
        """Delete what you have begun to answer to a record."""
        drafts.delete(self._own(request, slug, record_id), by=cast("User", request.user))
        return Answer(status=status.HTTP_204_NO_CONTENT)

    def _own(self, request: Request, slug: str, record_id: int) -> Draft:
        project = project_at(slug, seen_by=request.user)
        return drafts.find(project, by=request.user, record_id=possible(record_id))


class MyDrafts(ListAPIView[Draft]):
    """What you have begun and not sent, in all projects, the latest first."""

    serializer_class = DraftSerializer
    permission_classes = (IsAuthenticated,)
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Draft]:
        return drafts.of(cast("User", self.request.user))


def possible(record_id: int) -> int:
    """An address can name more than any record has."""
    if record_id > LARGEST_ID:
        raise NotVisibleError(nothing_here())
    return record_id
