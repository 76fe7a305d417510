"""Who the API takes you for."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Membership, ShownAs, User


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    organisation = serializers.CharField(source="organisation.handle")

    class Meta:
        model = Membership
        fields = ("organisation", "role", "seen_at")


class MeSerializer(serializers.ModelSerializer[User]):
    shown_as = serializers.ChoiceField(choices=ShownAs.choices, allow_blank=True)
    organisations = MembershipSerializer(source="memberships", many=True)

    class Meta:
        model = User
        fields = ("hub_username", "hub_sub", "full_name", "shown_as", "is_organiser", "organisations")


class MeView(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="me", summary="Who you are", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """The person whose token or session came with the request, as the site sees them."""
        user = cast(User, request.user)
        me = User.objects.prefetch_related("memberships__organisation").get(pk=user.pk)
        return Response(MeSerializer(me).data)
