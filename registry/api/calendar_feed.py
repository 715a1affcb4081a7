"""The API of the secret addresses of one's calendar."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import calendar_feed
from registry.api.authentication import PersonalAccessTokenAuthentication
from registry.api.description import NOTHING
from registry.api.parsing import checked
from registry.models import CalendarAddress
from registry.refusals import NotFound


class CalendarAddressSerializer(serializers.ModelSerializer):
    class Meta:
        model = CalendarAddress
        fields = ["id", "name", "whose", "alarm_hours", "created_at", "last_used_at"]


class NewCalendarAddressSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    whose = serializers.ChoiceField(list(calendar_feed.WHOSE), default="mine")
    alarm_hours = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=calendar_feed.LONGEST_ALARM,
        help_text="Hours before the end at which the calendar rings; absent: it does not.",
    )


class CalendarAddressWithSecretSerializer(CalendarAddressSerializer):
    address = serializers.CharField(help_text="Shown now and never again.")

    class Meta(CalendarAddressSerializer.Meta):
        fields = [*CalendarAddressSerializer.Meta.fields, "address"]


class CalendarAddresses(generics.ListAPIView):
    """Own addresses that are not revoked. A token cannot make one."""

    serializer_class = CalendarAddressSerializer

    def get_queryset(self):
        return calendar_feed.living(self.request.user).order_by("-pk")

    @extend_schema(operation_id="calendar_addresses_list", summary="The addresses of my calendar")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="calendar_addresses_create",
        summary="Make a secret address of my calendar; it is shown once",
        request=NewCalendarAddressSerializer,
        responses={201: CalendarAddressWithSecretSerializer},
    )
    def post(self, request: Request) -> Response:
        if isinstance(request.successful_authenticator, PersonalAccessTokenAuthentication):
            raise PermissionDenied("A token cannot make an address: sign in with your password.")
        asked = checked(request, NewCalendarAddressSerializer)
        made, secret = calendar_feed.make(request.user, now=timezone.now(), **asked)
        made.address = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
        return Response(CalendarAddressWithSecretSerializer(made).data, status=201)


class OneCalendarAddress(APIView):
    @extend_schema(
        operation_id="calendar_addresses_revoke",
        summary="Revoke an address of my calendar",
        responses={204: NOTHING},
    )
    def delete(self, request: Request, pk: int) -> Response:
        if not calendar_feed.revoke(request.user, pk, now=timezone.now()):
            raise NotFound("not_found", "You have no such address.")
        return Response(status=204)
