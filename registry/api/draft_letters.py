"""The API of letters that are drafted here: thin. What may be done is in ``registry/draft_letters.py``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import draft_letter_rendering, draft_letters, letter_docx
from registry.api.description import IDEMPOTENCY_KEY, PDF
from registry.api.parsing import checked
from registry.api.rendering import FileNegotiation
from registry.api.repeating import done_once
from registry.documents import read_content
from registry.file_kinds import WORD
from registry.models import Dossier, DraftLetter, DraftParagraph, LetterDispatch, User
from registry.refusals import Invalid
from registry.web.downloads import attachment


class DraftParagraphSerializer(serializers.ModelSerializer):
    shown = serializers.CharField(help_text="What the letter says here.")
    reworked = serializers.BooleanField(source="is_reworked")
    source_changed = serializers.BooleanField(
        help_text="Whether the standard text has moved since the paragraph was reworked."
    )

    class Meta:
        model = DraftParagraph
        fields = [
            "id",
            "language",
            "key",
            "shape",
            "heading",
            "needed",
            "shown",
            "standard",
            "standard_version",
            "translation",
            "original_language",
            "left_out",
            "orphaned",
            "reworked",
            "source_changed",
            "version",
        ]


class LetterDispatchSerializer(serializers.ModelSerializer):
    class Meta:
        model = LetterDispatch
        fields = ["channel", "sent_at", "tracking_number", "note", "recorded_at"]


class DraftLetterSerializer(serializers.ModelSerializer):
    dossier = serializers.CharField(source="dossier.reference")
    paragraphs = DraftParagraphSerializer(many=True)
    dispatches = serializers.SerializerMethodField()
    possible = serializers.SerializerMethodField(help_text="What I can do with it now.")
    verification_code = serializers.CharField(
        source="letter.verification_code", default=None, allow_null=True
    )
    letter_state = serializers.CharField(source="letter.state", default=None, allow_null=True)

    class Meta:
        model = DraftLetter
        fields = [
            "id",
            "dossier",
            "kind",
            "language",
            "second_language",
            "state",
            "letter_state",
            "verification_code",
            "about",
            "addressee_text",
            "drafted_at",
            "sent_at",
            "paragraphs",
            "dispatches",
            "possible",
        ]

    def get_possible(self, draft: DraftLetter) -> list[str]:
        return draft_letters.possibilities(draft, self.context["user"])

    def get_dispatches(self, draft: DraftLetter) -> list[dict[str, Any]]:
        sent = draft.letter.dispatches.all() if draft.letter else []
        return list(LetterDispatchSerializer(sent, many=True).data)


class DraftLetterRowSerializer(serializers.ModelSerializer):
    dossier = serializers.CharField(source="dossier.reference")

    class Meta:
        model = DraftLetter
        fields = ["id", "dossier", "kind", "language", "state", "drafted_at", "sent_at"]


class NewDraftLetterSerializer(serializers.Serializer):
    dossier = serializers.CharField(max_length=60, help_text="The dossier's reference.")
    kind = serializers.CharField(max_length=60)
    language = serializers.CharField(max_length=10, required=False, default="")
    second_language = serializers.CharField(max_length=10, required=False, default="")
    about = serializers.DictField(required=False, default=dict)


class ReworkSerializer(serializers.Serializer):
    text = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)
    translation = serializers.CharField(allow_blank=True, required=False)
    original_language = serializers.CharField(allow_blank=True, required=False, max_length=10)
    left_out = serializers.BooleanField(required=False)
    undo = serializers.BooleanField(
        required=False, default=False, help_text="Back to the standard text."
    )
    version = serializers.IntegerField(
        required=False, help_text="The paragraph's version that you saw; 412 if it is another."
    )


LETTER_ACTS = (
    "regenerate",
    "submit",
    "return",
    "approve",
    "order",
    "take_back",
    "discard",
    "record_sent",
)


class LetterActSerializer(serializers.Serializer):
    act = serializers.ChoiceField(LETTER_ACTS)
    reason = serializers.CharField(required=False, default="", max_length=2000)
    channel = serializers.CharField(required=False, default="", max_length=20)
    sent_at = serializers.DateTimeField(required=False, default=None)
    tracking_number = serializers.CharField(required=False, default="", max_length=120)
    note = serializers.CharField(required=False, default="", max_length=10_000)


class LetterEndpoint(APIView):
    """An address below one letter: 404 for who may not see its dossier."""

    def draft(self, pk: int) -> DraftLetter:
        return get_object_or_404(draft_letters.visible_to(self.request.user), pk=pk)

    def whole(self, pk: int, status: int = 200, **headers: str) -> Response:
        shown = DraftLetterSerializer(self.draft(pk), context={"user": self.request.user})
        return Response(shown.data, status=status, headers=headers)


class Letters(LetterEndpoint):
    @extend_schema(
        operation_id="letters_list",
        summary="The letters drafted in a dossier, newest first",
        parameters=[OpenApiParameter("dossier", str, required=True)],
        responses=DraftLetterRowSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        found = _dossier(request.user, request.query_params.get("dossier", ""))
        drafts = draft_letters.visible_to(request.user).filter(dossier=found)
        return Response(DraftLetterRowSerializer(drafts, many=True).data)

    @extend_schema(
        operation_id="letters_create",
        summary="Draft a letter: every paragraph as the standard text has it",
        parameters=[IDEMPOTENCY_KEY],
        request=NewDraftLetterSerializer,
        responses={201: DraftLetterSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        asked = checked(request, NewDraftLetterSerializer)
        dossier = _dossier(request.user, asked.pop("dossier"))
        kind = asked.pop("kind")
        made = draft_letters.start(dossier, kind, user=request.user, now=timezone.now(), **asked)
        return self.whole(made.pk, status=201, Location=f"/api/v1/letters/{made.pk}/")


class OneLetter(LetterEndpoint):
    @extend_schema(
        operation_id="letters_read",
        summary="A letter with its paragraphs",
        responses=DraftLetterSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        return self.whole(pk)


class LetterParagraph(LetterEndpoint):
    @extend_schema(
        operation_id="letters_rework",
        summary="Rework a paragraph, leave it out, or take back what was reworked",
        request=ReworkSerializer,
        responses=DraftLetterSerializer,
    )
    def patch(self, request: Request, pk: int, paragraph: int) -> Response:
        draft = self.draft(pk)
        found = get_object_or_404(draft.paragraphs, pk=paragraph)
        asked = checked(request, ReworkSerializer)
        who = {"user": request.user, "now": timezone.now()}
        if asked["undo"]:
            draft_letters.undo(found, **who)
        else:
            _rework(found, asked, **who)
        return self.whole(pk)


def _rework(paragraph: DraftParagraph, asked: dict[str, Any], *, user: User, now: datetime) -> None:
    if "left_out" in asked:
        draft_letters.leave_out(paragraph, left_out=asked["left_out"], user=user, now=now)
        paragraph.refresh_from_db()
    if {"text", "translation", "original_language"} & asked.keys():
        draft_letters.rework(
            paragraph,
            asked.get("text", paragraph.shown),
            translation=asked.get("translation"),
            original_language=asked.get("original_language"),
            expected_version=asked.get("version"),
            user=user,
            now=now,
        )


class LetterActs(LetterEndpoint):
    @extend_schema(
        operation_id="letters_act",
        summary="Gather anew, submit, approve, make final, record the sending…",
        parameters=[IDEMPOTENCY_KEY],
        request=LetterActSerializer,
        responses=DraftLetterSerializer,
    )
    @done_once
    def post(self, request: Request, pk: int) -> Response:
        draft = self.draft(pk)
        asked = checked(request, LetterActSerializer)
        act, reason = asked.pop("act"), asked.pop("reason")
        who: dict[str, Any] = {"user": request.user, "now": timezone.now()}
        acts = {
            "regenerate": draft_letters.regenerate,
            "submit": draft_letters.submit,
            "approve": draft_letters.approve,
            "order": draft_letters.order,
            "take_back": draft_letters.take_back,
            "discard": draft_letters.discard,
        }
        if act == "return":
            draft_letters.return_to_drafter(draft, reason=reason, **who)
        elif act == "record_sent":
            draft_letters.record_sent(draft, **asked, **who)
        else:
            acts[act](draft, **who)
        return self.whole(pk)


class LetterPDF(LetterEndpoint):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="letters_pdf",
        summary="The letter as a PDF: the final one, else the draft, marked as such",
        responses={(200, "application/pdf"): PDF},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        draft = self.draft(pk)
        if draft.letter is None:
            content = draft_letter_rendering.draft_pdf(draft, now=timezone.now())
        elif draft.letter.document is None:
            raise Http404
        else:
            content = read_content(draft.letter.document)
        return attachment(content, "application/pdf", f"{draft.dossier.reference}.pdf")


class LetterDOCX(LetterEndpoint):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="letters_docx",
        summary="The letter as a Word file, without code and seal",
        responses={(200, WORD): OpenApiResponse(bytes, description="A Word file.")},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        draft = self.draft(pk)
        content = draft_letter_rendering.shown_content(draft, now=timezone.now())
        name = f"{draft.dossier.reference}-{draft.language}.docx"
        return attachment(letter_docx.docx_of(content), WORD, name)


def _dossier(user: User, reference: str) -> Dossier:
    """The dossier with this reference, for who may see it; refused as unknown for all others."""
    found = Dossier.objects.visible_to(user).filter(reference=reference).first()
    if found is None:
        sentence = _("There is no dossier with this reference, or none that you may see.")
        raise Invalid("no_such_dossier", sentence, fields={"dossier": [sentence]})
    return found
