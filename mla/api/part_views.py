"""Measures, persons, offences and annexes of a request.

Each change needs the version of the whole request (If-Match) and answers with the new one (ETag).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from mla import drafting
from mla.api import serializers
from mla.api.views import RequestEndpoint
from mla.models import AssistanceRequest
from registry import documents
from registry.api.description import IDEMPOTENCY_KEY, IF_MATCH, NOTHING
from registry.api.parsing import checked, json_object
from registry.api.rendering import FileNegotiation
from registry.api.repeating import done_once
from registry.api.serializers import DocumentSerializer
from registry.refusals import Invalid


class PartEndpoint(RequestEndpoint):
    """What the four kinds of part share; each says what it shows and which functions do the work."""

    shown: type[BaseSerializer]

    def parts(self, request: AssistanceRequest) -> models.QuerySet[Any]:
        raise NotImplementedError

    def do(self, reference: str, work: Callable[..., Any], *which: int, **given: Any) -> Any:
        """Call a function of the domain as this person, on the version seen."""
        found, version = self.seen(reference)
        done = work(
            found,
            *which,
            user=self.request.user,
            expected_version=version,
            now=timezone.now(),
            **given,
        )
        return found, done

    def show(self, reference: str) -> Response:
        found = self.matter(reference)
        return self.answer(found, self.shown(self.parts(found), many=True).data)

    def changed(self, done: tuple[AssistanceRequest, Any], status: int = 200) -> Response:
        found, part = done
        return self.answer(found, self.shown(part).data, status=status)

    def taken(self, done: tuple[AssistanceRequest, Any]) -> Response:
        return self.answer(done[0], status=204)


def described(
    name: str, what: str, shown: type[BaseSerializer], taken: Any
) -> Mapping[str, Callable[..., Any]]:
    """The OpenAPI descriptions of the four operations on one kind of part."""
    return {
        "list": extend_schema(
            operation_id=f"requests_{name}", summary=f"The {name}", responses=shown(many=True)
        ),
        "add": extend_schema(
            operation_id=f"requests_add_{what}",
            summary=f"Add one of the {name} to a draft",
            parameters=[IF_MATCH, IDEMPOTENCY_KEY],
            request=taken,
            responses={201: shown},
        ),
        "change": extend_schema(
            operation_id=f"requests_change_{what}",
            summary=f"Change one of the {name} of a draft",
            parameters=[IF_MATCH],
            request=taken,
            responses=shown,
        ),
        "remove": extend_schema(
            operation_id=f"requests_remove_{what}",
            summary=f"Take one of the {name} off a draft",
            parameters=[IF_MATCH],
            responses={204: NOTHING},
        ),
    }


def _without(given: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    rest = dict(given)
    value = rest.pop(name, "")
    return value if isinstance(value, str) else "", rest


_measures = described(
    "measures", "measure", serializers.MeasureSerializer, serializers.NewMeasureSerializer
)
_persons = described(
    "persons", "person", serializers.PersonSerializer, serializers.NewPersonSerializer
)
_offences = described(
    "offences", "offence", serializers.OffenceSerializer, serializers.NewOffenceSerializer
)
_annexes = described(
    "annexes", "annex", DocumentSerializer, {"multipart/form-data": serializers.NewAnnexSerializer}
)


class MeasureEndpoint(PartEndpoint):
    shown = serializers.MeasureSerializer

    def parts(self, request: AssistanceRequest) -> models.QuerySet[Any]:
        return request.measures.all()


class Measures(MeasureEndpoint):
    @_measures["list"]
    def get(self, request: Request, reference: str) -> Response:
        return self.show(reference)

    @_measures["add"]
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        asked = checked(request, serializers.NewMeasureSerializer)
        return self.changed(self.do(reference, drafting.add_measure, **asked), 201)


class OneMeasure(MeasureEndpoint):
    @_measures["change"]
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        given = json_object(request)
        return self.changed(self.do(reference, drafting.change_measure, pk, changes=given))

    @_measures["remove"]
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        return self.taken(self.do(reference, drafting.remove_measure, pk))


class PersonEndpoint(PartEndpoint):
    shown = serializers.PersonSerializer

    def parts(self, request: AssistanceRequest) -> models.QuerySet[Any]:
        return request.dossier.persons.all()


class Persons(PersonEndpoint):
    @_persons["list"]
    def get(self, request: Request, reference: str) -> Response:
        return self.show(reference)

    @_persons["add"]
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        given = json_object(request)
        return self.changed(self.do(reference, drafting.add_person, fields=given), 201)


class OnePerson(PersonEndpoint):
    @_persons["change"]
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        given = json_object(request)
        return self.changed(self.do(reference, drafting.change_person, pk, changes=given))

    @_persons["remove"]
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        return self.taken(self.do(reference, drafting.remove_person, pk))


class OffenceEndpoint(PartEndpoint):
    shown = serializers.OffenceSerializer

    def parts(self, request: AssistanceRequest) -> models.QuerySet[Any]:
        return request.dossier.offences.all()


class Offences(OffenceEndpoint):
    @_offences["list"]
    def get(self, request: Request, reference: str) -> Response:
        return self.show(reference)

    @_offences["add"]
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        family, rest = _without(json_object(request), "family")
        added = self.do(reference, drafting.add_offence, family=family, fields=rest)
        return self.changed(added, 201)


class OneOffence(OffenceEndpoint):
    @_offences["change"]
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        given = json_object(request)
        return self.changed(self.do(reference, drafting.change_offence, pk, changes=given))

    @_offences["remove"]
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        return self.taken(self.do(reference, drafting.remove_offence, pk))


class AnnexEndpoint(PartEndpoint):
    shown = DocumentSerializer

    def parts(self, request: AssistanceRequest) -> models.QuerySet[Any]:
        return drafting.annexes(request)


class Annexes(AnnexEndpoint):
    parser_classes = [MultiPartParser]

    @_annexes["list"]
    def get(self, request: Request, reference: str) -> Response:
        return self.show(reference)

    @_annexes["add"]
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        file = request.FILES.get("file")
        if file is None:
            sentence = _("Send a file in the field “file”, as multipart/form-data.")
            raise Invalid("invalid", sentence, fields={"file": [sentence]})
        added = self.do(
            reference,
            drafting.add_annex,
            title=request.data.get("title", ""),
            file_name=file.name,
            content=file,
        )
        return self.changed(added, 201)


class OneAnnex(AnnexEndpoint):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="requests_annex_content",
        summary="The file of an annex, as a download",
        responses={(200, "application/octet-stream"): bytes},
    )
    def get(self, request: Request, reference: str, pk: int) -> FileResponse:
        annex = get_object_or_404(drafting.annexes(self.matter(reference)), pk=pk)
        return FileResponse(
            documents.open_content(annex),
            as_attachment=True,
            filename=annex.file_name,
            content_type="application/octet-stream",
        )

    @_annexes["remove"]
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        return self.taken(self.do(reference, drafting.remove_annex, pk))
