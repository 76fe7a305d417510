"""Where a program arrives, and what it is told where there is nothing."""

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from dibt.lib import problems
from dibt.lib.api import nothing_here


@extend_schema(exclude=True)
class Index(APIView):
    """Where to start."""

    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        starts = ("projects", "totals", "me", "my-responses", "schema")
        links = {name: reverse(f"api:{name}", request=request) for name in starts}
        return Response(links | {"documentation": reverse("api-docs", request=request)})


@csrf_exempt
def nothing(_request: HttpRequest, rest: str) -> JsonResponse:  # noqa: ARG001
    """Every other address below `/api/v1/`, whatever the method: a problem like all others, not a page."""
    return problems.answer(HTTPStatus.NOT_FOUND, "not-found", nothing_here())
