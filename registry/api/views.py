"""The API of offices, people, tokens and deadlines: thin."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import access_tokens, letters
from registry.api import serializers
from registry.api.authentication import PersonalAccessTokenAuthentication
from registry.api.description import CURSOR, NOTHING, PAGE_SIZE
from registry.api.pagination import asked_page_size, page_answer
from registry.api.parsing import checked, instant_asked
from registry.deadline_filters import DeadlineFilters
from registry.deadline_list import deadlines_visible_to
from registry.models import Authority
from registry.refusals import NotFound

DATETIME = OpenApiTypes.DATETIME


class Me(APIView):
    @extend_schema(
        operation_id="me_read",
        summary="Who I am, and my roles",
        responses=serializers.MeSerializer,
    )
    def get(self, request: Request) -> Response:
        me = request.user
        memberships = me.memberships.select_related("authority").order_by("authority_id", "role")
        return Response(
            serializers.MeSerializer(
                {
                    "email": me.email,
                    "name": me.name,
                    "job_title": me.job_title,
                    "language": me.language,
                    "time_zone": me.time_zone,
                    "memberships": memberships,
                }
            ).data
        )


class Tokens(generics.ListAPIView):
    """Own personal access tokens that are not revoked. A token cannot make another token."""

    serializer_class = serializers.TokenSerializer

    def get_queryset(self):
        return self.request.user.tokens.filter(revoked_at__isnull=True).order_by("-pk")

    @extend_schema(operation_id="tokens_list", summary="My tokens")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="tokens_create",
        summary="Make a token; its key is shown once",
        request=serializers.NewTokenSerializer,
        responses={201: serializers.TokenWithKeySerializer},
    )
    def post(self, request: Request) -> Response:
        if isinstance(request.successful_authenticator, PersonalAccessTokenAuthentication):
            raise PermissionDenied("A token cannot make another token: sign in with your password.")
        asked = checked(request, serializers.NewTokenSerializer)
        token, key = access_tokens.create(
            request.user,
            asked["name"],
            days=asked["days"],
            now=timezone.now(),
        )
        token.key = key
        return Response(serializers.TokenWithKeySerializer(token).data, status=201)


class Token(APIView):
    @extend_schema(operation_id="tokens_revoke", summary="Revoke a token", responses={204: NOTHING})
    def delete(self, request: Request, pk: int) -> Response:
        if not access_tokens.revoke(request.user, pk, now=timezone.now()):
            raise NotFound("not_found", "You have no such token.")
        return Response(status=204)


@extend_schema_view(
    get=extend_schema(
        operation_id="authorities_list",
        summary="Authorities of the register",
        parameters=[
            OpenApiParameter("state", str, description="Code of a State."),
            OpenApiParameter("kind", str, enum=[k.value for k in Authority.Kind]),
            OpenApiParameter("q", str, description="Part of the name."),
        ],
    )
)
class Authorities(generics.ListAPIView):
    serializer_class = serializers.AuthoritySerializer

    def get_queryset(self):
        asked = self.request.query_params
        wanted = Q()
        if state := asked.get("state", ""):
            wanted &= Q(state=state.upper().replace("\x00", ""))
        if kind := asked.get("kind", ""):
            wanted &= Q(kind=kind.replace("\x00", ""))
        if words := asked.get("q", ""):
            wanted &= Q(name__icontains=words.replace("\x00", ""))
        return Authority.objects.filter(wanted).order_by("pk")


@extend_schema_view(
    get=extend_schema(operation_id="authorities_read", summary="An authority"),
)
class AuthorityDetail(generics.RetrieveAPIView):
    serializer_class = serializers.AuthoritySerializer
    queryset = Authority.objects.all()


class Deadlines(APIView):
    @extend_schema(
        operation_id="deadlines_list",
        summary="The deadlines of all dossiers that I may see, by due instant",
        parameters=[
            OpenApiParameter(
                "which", str, enum=["running", "overdue", "to_come", "paused", "missed", "settled"]
            ),
            OpenApiParameter("counterpart", str, description="Code of the other State."),
            OpenApiParameter("bound_party", str, enum=["ours", "theirs", "both"]),
            OpenApiParameter("responsible", str, enum=["me"]),
            OpenApiParameter(
                "whose",
                str,
                enum=["mine", "team", "office"],
                description="Mine, those of people of my team, those of my office's dossiers.",
            ),
            OpenApiParameter("kind", str, description="Kind of matter, as in `kind` of a dossier."),
            OpenApiParameter("critical", bool, description="Only critical ones."),
            OpenApiParameter("due_from", DATETIME, description="Due at this instant or later."),
            OpenApiParameter("due_before", DATETIME, description="Due before this instant."),
            CURSOR,
            PAGE_SIZE,
        ],
        responses=serializers.DeadlinePageSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = {name: value.replace("\x00", "") for name, value in request.query_params.items()}
        page = deadlines_visible_to(
            request.user,
            now=timezone.now(),
            which=asked.get("which") or "running",
            responsible=request.user if asked.get("responsible") == "me" else None,
            counterpart=asked.get("counterpart", ""),
            bound_party=asked.get("bound_party", ""),
            condition=DeadlineFilters(
                whose=asked.get("whose", ""),
                kind=asked.get("kind", ""),
                critical=asked.get("critical", "") == "true",
                settled=True,
            ).condition(request.user),
            due_from=instant_asked(asked, "due_from"),
            due_before=instant_asked(asked, "due_before"),
            cursor=asked.get("cursor", ""),
            size=asked_page_size(request, 50),
        )
        return page_answer(
            request, page, serializers.DeadlineInListSerializer(page.rows, many=True).data
        )


class Verification(APIView):
    """Public: says only whether a letter with this code was issued here."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="verify_read",
        summary="Whether a letter is genuine (public)",
        auth=[],
        responses=serializers.VerificationSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        return Response({"genuine": letters.is_genuine(code), "code": code[:60]})
