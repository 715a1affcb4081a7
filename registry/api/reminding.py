"""The API of reminders: notices, preferences, absences, an office's reminding, webhooks. Thin.

What may be done is in the domain modules that the pages call.
"""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import reminder_preferences, risk_limits, standing_in, webhooks
from registry.acknowledging import acknowledge_notice
from registry.api import reminding_serializers as shapes
from registry.api.authentication import PersonalAccessTokenAuthentication
from registry.api.description import CURSOR, IDEMPOTENCY_KEY, NOTHING, PAGE_SIZE
from registry.api.pagination import asked_page_size, cursor_link
from registry.api.parsing import checked
from registry.api.repeating import done_once
from registry.models import Authority, ReminderSchedule, User
from registry.notice_list import PAGE_SIZE as USUAL_PAGE
from registry.notice_list import notice_page
from registry.refusals import Invalid, NotFound

SCHEDULES = {"days": ReminderSchedule.DAYS, "hours": ReminderSchedule.HOURS}
WHICH = OpenApiParameter("which", str, enum=["open", "all"], description="Open ones if absent.")


class Notices(APIView):
    @extend_schema(
        operation_id="notices_list",
        summary="What I was told in the application, newest first",
        parameters=[WHICH, CURSOR, PAGE_SIZE],
        responses=shapes.NoticePageSerializer,
    )
    def get(self, request: Request) -> Response:
        which = request.GET.get("which", "open")
        if which not in {"open", "all"}:
            sentence = "Choose open or all."
            raise Invalid("invalid", sentence, fields={"which": [sentence]})
        page = notice_page(
            request.user,
            only_open=which == "open",
            cursor=request.GET.get("cursor", ""),
            size=asked_page_size(request, USUAL_PAGE),
        )
        return Response(
            {
                "next": cursor_link(request, page.next),
                "previous": None,
                "results": shapes.NoticeSerializer(page.rows, many=True).data,
            }
        )


class Acknowledge(APIView):
    @extend_schema(
        operation_id="notices_acknowledge",
        summary="Say that I have taken note; the deadline runs on",
        request=None,
        responses={204: NOTHING},
    )
    def post(self, request: Request, pk: int) -> Response:
        acknowledge_notice(pk, request.user, now=timezone.now())
        return Response(status=204)


class Preferences(APIView):
    @extend_schema(
        operation_id="reminder_preferences_read",
        summary="How I am reminded",
        responses=shapes.PreferencesSerializer,
    )
    def get(self, request: Request) -> Response:
        kept = reminder_preferences.preferences_of(request.user)
        return Response(shapes.PreferencesSerializer(kept).data)

    @extend_schema(
        operation_id="reminder_preferences_change",
        summary="Change how I am reminded",
        request=shapes.ChangedPreferencesSerializer,
        responses=shapes.PreferencesSerializer,
    )
    def patch(self, request: Request) -> Response:
        asked = checked(request, shapes.ChangedPreferencesSerializer)
        before = reminder_preferences.preferences_of(request.user)
        kept = {name: getattr(before, name) for name in shapes.PreferencesSerializer.Meta.fields}
        now = timezone.now()
        after = reminder_preferences.set_preferences(request.user, **(kept | asked), now=now)
        return Response(shapes.PreferencesSerializer(after).data)


class Absences(APIView):
    @extend_schema(
        operation_id="absences_list",
        summary="My absences that are not over, and who stands in",
        responses=shapes.AbsenceSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        found = standing_in.absences_of(request.user, timezone.now())
        return Response(shapes.AbsenceSerializer(found, many=True).data)

    @extend_schema(
        operation_id="absences_create",
        summary="Say when I am away; who stands in is reminded instead",
        request=shapes.NewAbsenceSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: shapes.AbsenceSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        asked = checked(request, shapes.NewAbsenceSerializer)
        asked["deputy"] = _colleague(request.user, asked["deputy"])
        made = standing_in.be_absent(request.user, **asked, now=timezone.now())
        return Response(shapes.AbsenceSerializer(made).data, status=201)


def _colleague(user: User, key: int | None) -> User | None:
    if key is None:
        return None
    found = standing_in.colleagues_of(user).filter(pk=key).first()
    if found is None:
        sentence = "Choose a colleague of your authority."
        raise Invalid("absence_invalid", sentence, fields={"deputy": [sentence]})
    return found


class OneAbsence(APIView):
    @extend_schema(
        operation_id="absences_delete", summary="Remove my absence", responses={204: NOTHING}
    )
    def delete(self, request: Request, pk: int) -> Response:
        standing_in.be_back(request.user, pk)
        return Response(status=204)


def _office(request: Request, pk: int) -> Authority:
    """An office whose reminders the person may set; raises NotAllowed for another."""
    authority = get_object_or_404(Authority, pk=pk)
    reminder_preferences.require_may_set(authority, request.user)
    return authority


class Supervisions(APIView):
    @extend_schema(
        operation_id="supervision_read",
        summary="Who supervises whom in an office",
        responses=shapes.SupervisionSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        return self._told(_office(request, pk))

    @extend_schema(
        operation_id="supervision_set",
        summary="Say who supervises an officer",
        request=shapes.SupervisionWantedSerializer,
        responses=shapes.SupervisionSerializer(many=True),
    )
    def put(self, request: Request, pk: int) -> Response:
        authority = _office(request, pk)
        asked = checked(request, shapes.SupervisionWantedSerializer)
        standing_in.set_supervisors(
            authority, asked["officer"], asked["supervisors"], user=request.user
        )
        return self._told(authority)

    def _told(self, authority: Authority) -> Response:
        supervisors = standing_in.supervisors_by_officer(authority)
        rows = [
            {"officer": member, "supervisors": supervisors.get(member.pk, [])}
            for member in standing_in.members_of(authority)
        ]
        return Response(shapes.SupervisionSerializer(rows, many=True).data)


OF_WHICH = OpenApiParameter("schedule", str, OpenApiParameter.PATH, enum=list(SCHEDULES))


class Schedule(APIView):
    @extend_schema(
        operation_id="reminder_schedule_read",
        summary="By which steps an office reminds",
        parameters=[OF_WHICH],
        responses=shapes.ReminderScheduleSerializer,
    )
    def get(self, request: Request, pk: int, schedule: str) -> Response:
        return self._told(_office(request, pk), _schedule(schedule))

    @extend_schema(
        operation_id="reminder_schedule_replace",
        summary="Give an office its own steps, or everybody's again",
        parameters=[OF_WHICH],
        request=shapes.ScheduleWantedSerializer,
        responses=shapes.ReminderScheduleSerializer,
    )
    def put(self, request: Request, pk: int, schedule: str) -> Response:
        authority, kind = _office(request, pk), _schedule(schedule)
        asked = checked(request, shapes.ScheduleWantedSerializer)
        steps = [shapes.step_wanted(step) for step in asked["steps"]]
        now = timezone.now()
        reminder_preferences.set_schedule(authority, kind, steps, user=request.user, now=now)
        return self._told(authority, kind)

    def _told(self, authority: Authority, kind: ReminderSchedule) -> Response:
        steps, own = reminder_preferences.schedule_shown(authority, kind)
        return Response(shapes.ReminderScheduleSerializer({"own": own, "steps": steps}).data)


class RiskLimits(APIView):
    @extend_schema(
        operation_id="risk_limits_read",
        summary="From when on an office counts a deadline as at risk",
        responses=shapes.RiskLimitsSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        found = risk_limits.limits_of(_office(request, pk))
        return Response(shapes.RiskLimitsSerializer(found).data)

    @extend_schema(
        operation_id="risk_limits_replace",
        summary="Give an office its own limits of what is at risk",
        request=shapes.RiskLimitsSerializer,
        responses=shapes.RiskLimitsSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        authority = _office(request, pk)
        asked = checked(request, shapes.RiskLimitsSerializer)
        kept = risk_limits.set_limits(authority, **asked, user=request.user, now=timezone.now())
        return Response(shapes.RiskLimitsSerializer(kept).data)


def _schedule(name: str) -> ReminderSchedule:
    if name not in SCHEDULES:
        raise NotFound("not_found", "There is a schedule of days and one of hours.")
    return SCHEDULES[name]


class Webhooks(APIView):
    """Own ones, and those of the offices whose reminders one sets. A token cannot add one: it would
    go on telling after the token is revoked."""

    @extend_schema(
        operation_id="webhooks_list",
        summary="My webhooks and those of my offices",
        responses=shapes.WebhookSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        found = webhooks.endpoints_of(request.user)
        return Response(shapes.WebhookSerializer(found, many=True).data)

    @extend_schema(
        operation_id="webhooks_create",
        summary="Add a webhook; its secret is shown once",
        request=shapes.NewWebhookSerializer,
        responses={201: shapes.WebhookWithSecretSerializer},
    )
    def post(self, request: Request) -> Response:
        if isinstance(request.successful_authenticator, PersonalAccessTokenAuthentication):
            raise PermissionDenied("A token cannot add a webhook: sign in with your password.")
        asked = checked(request, shapes.NewWebhookSerializer)
        number = asked["authority"]
        authority = None if number is None else _office(request, number)
        made, secret = webhooks.add(
            asked["address"], user=request.user, authority=authority, now=timezone.now()
        )
        made.secret = secret
        return Response(shapes.WebhookWithSecretSerializer(made).data, status=201)


class OneWebhook(APIView):
    @extend_schema(
        operation_id="webhooks_delete", summary="Remove a webhook", responses={204: NOTHING}
    )
    def delete(self, request: Request, pk: int) -> Response:
        webhooks.endpoint_of(request.user, pk).delete()
        return Response(status=204)


class TestWebhook(APIView):
    @extend_schema(
        operation_id="webhooks_test",
        summary="Call a webhook with a message that concerns nothing",
        request=None,
        responses=shapes.WebhookTestSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        wrong = webhooks.send_test(webhooks.endpoint_of(request.user, pk), timezone.now())
        return Response({"taken": not wrong, "problem": wrong})


class EnableWebhook(APIView):
    @extend_schema(
        operation_id="webhooks_enable",
        summary="Call a webhook again that was disabled after failures",
        request=None,
        responses={204: NOTHING},
    )
    def post(self, request: Request, pk: int) -> Response:
        webhooks.enable(webhooks.endpoint_of(request.user, pk))
        return Response(status=204)
