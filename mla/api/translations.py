"""The translations of a request, by API."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from mla import translations
from mla.api.views import RequestEndpoint
from mla.models import AssistanceRequest, TranslationJob
from mla.translation_sources import code_of, sources_of
from mla.translations import Job
from registry.api.description import IDEMPOTENCY_KEY, IF_MATCH
from registry.api.parsing import JSONParser, checked
from registry.api.repeating import done_once

DAY = {"help_text": "Day, as 2028-02-29."}


class TranslationSerializer(serializers.ModelSerializer):
    source = serializers.SerializerMethodField()
    source_changed = serializers.SerializerMethodField(
        help_text="Whether the source says something else than when the translation was ordered."
    )

    class Meta:
        model = TranslationJob
        fields = [
            "id",
            "source",
            "source_title",
            "source_changed",
            "from_language",
            "to_language",
            "translator",
            "ordered_at",
            "due_on",
            "received_on",
            "certified_by",
            "translation",
            "cost",
            "cancelled_reason",
        ]

    def get_source(self, job: TranslationJob) -> str:
        return code_of(job)

    def get_source_changed(self, job: TranslationJob) -> bool:
        return job.pk in self.context["changed"]


class TranslationSourceSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField()


class TranslationsSerializer(serializers.Serializer):
    translations = TranslationSerializer(many=True)
    sources = TranslationSourceSerializer(many=True, help_text="What can be given to a translator.")


class OrderTranslationSerializer(serializers.Serializer):
    source = serializers.CharField(max_length=40)
    from_language = serializers.CharField(max_length=10)
    to_language = serializers.CharField(max_length=10)
    translator = serializers.CharField(max_length=300)
    due_on = serializers.CharField(max_length=20, **DAY)


class ReceiveTranslationSerializer(serializers.Serializer):
    received_on = serializers.CharField(max_length=20, **DAY)
    certified_by = serializers.CharField(max_length=300, default="", allow_blank=True)
    amount = serializers.CharField(max_length=20, default="", allow_blank=True)
    currency = serializers.CharField(max_length=3, default="", allow_blank=True)
    file = serializers.FileField(required=False)


class NewTextSerializer(serializers.Serializer):
    due_on = serializers.CharField(max_length=20, **DAY)


class CancelTranslationSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2_000)


class TranslationEndpoint(RequestEndpoint):
    def told(self, found: AssistanceRequest, job: TranslationJob, status: int = 200) -> Response:
        changed = _changed(translations.shown(found))
        data = TranslationSerializer(job, context={"changed": changed}).data
        return self.answer(found, data, status=status)


def _changed(jobs: list[Job]) -> set[int]:
    return {job.row.pk for job in jobs if job.needs_attention}


class Translations(TranslationEndpoint):
    @extend_schema(
        operation_id="requests_translations",
        summary="What was given to translators, and what can be",
        responses=TranslationsSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        sources = sources_of(found)
        jobs = translations.shown(found, sources)
        data = {"translations": [job.row for job in jobs], "sources": list(sources.values())}
        context = {"changed": _changed(jobs)}
        return self.answer(found, TranslationsSerializer(data, context=context).data)

    @extend_schema(
        operation_id="requests_order_translation",
        summary="Give a text to a translator; a clock of its return starts",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=OrderTranslationSerializer,
        responses={201: TranslationSerializer},
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        given = checked(request, OrderTranslationSerializer)
        job = translations.order(
            found, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.told(found, job, 201)


class TranslationReceipt(TranslationEndpoint):
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(
        operation_id="requests_receive_translation",
        summary="Record that a translation came; as multipart, with its file",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=ReceiveTranslationSerializer,
        responses=TranslationSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, ReceiveTranslationSerializer)
        file = given.pop("file", None)
        job = translations.receive(
            found,
            pk,
            file_name=(file.name or "") if file else "",
            content=file,
            user=request.user,
            expected_version=version,
            now=timezone.now(),
            **given,
        )
        return self.told(found, job)


class TranslationNewText(TranslationEndpoint):
    @extend_schema(
        operation_id="requests_renew_translation",
        summary="Record that the translator was given the changed text",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=NewTextSerializer,
        responses=TranslationSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, NewTextSerializer)
        job = translations.give_new_text(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.told(found, job)


class TranslationCancellation(TranslationEndpoint):
    @extend_schema(
        operation_id="requests_cancel_translation",
        summary="Cancel a translation that is not done",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=CancelTranslationSerializer,
        responses=TranslationSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, CancelTranslationSerializer)
        job = translations.cancel(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.told(found, job)
