"""What anybody may read: projects, their progress, who contributed, and totals over all of them."""

from datetime import timedelta

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.serializers import (
    ContributorPageSerializer,
    ContributorSerializer,
    HiddenSerializer,
    OverallSerializer,
    ProgressSerializer,
    ProjectSerializer,
)
from annotations.domain import boards, totals
from annotations.filters import ProjectFilter
from annotations.models import Contributor
from dibt.lib import clock
from projects.domain import tasks
from projects.models import Project

DAYS = 90


def found(request: Request, slug: str) -> Project:
    """The project with its totals, if this person may see it; else 404."""
    return get_object_or_404(totals.with_totals(Project.objects.visible_to(request.user)), slug=slug)


def in_full(projects: QuerySet[Project]) -> QuerySet[Project]:
    """With all that `ProjectSerializer` says of them; one statement, however many there are."""
    projects = projects.select_related("organisation", "cohort")
    return totals.with_totals(tasks.with_guidelines_number(projects))


class Projects(ListAPIView[Project]):
    """Public projects, newest first, with their totals."""

    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter
    permission_classes = (AllowAny,)

    def get_queryset(self) -> QuerySet[Project]:
        return in_full(Project.objects.public()).order_by("-opened_at", "pk")


class OneProject(RetrieveAPIView[Project]):
    """One project, with its totals."""

    serializer_class = ProjectSerializer
    permission_classes = (AllowAny,)
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Project]:
        return in_full(Project.objects.visible_to(self.request.user))


class Progress(APIView):
    """How far a project is, and its answers by day."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request, slug: str) -> Response:
        project = found(request, slug)
        since = clock.today() - timedelta(days=DAYS - 1)
        progress = {
            "project": project.slug,
            "state": project.state,
            "overlap": project.overlap,
            "target": project.target,
            "totals": totals.of(project),
            "days": totals.days(project, since=since),
        }
        return Response(ProgressSerializer(progress).data)


class Contributors(ListAPIView[Contributor]):
    """Who gave how many answers, best first. Who chose not to be shown is only counted, in `hidden`;
    `results` and `hidden` together add up to the project's totals."""

    serializer_class = ContributorSerializer
    permission_classes = (AllowAny,)
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Contributor]:
        return boards.shown(found(self.request, self.kwargs["slug"]))

    @extend_schema(responses=ContributorPageSerializer)
    def get(self, request: Request, slug: str) -> Response:
        answer = self.list(request, slug)
        answer.data["hidden"] = HiddenSerializer(boards.hidden(found(request, slug))).data
        return answer


class Totals(APIView):
    """Totals over all public projects."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=OverallSerializer)
    def get(self, request: Request) -> Response:  # noqa: ARG002
        return Response(OverallSerializer(totals.overall()).data)
