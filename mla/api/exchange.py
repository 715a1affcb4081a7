"""The API between installations: packages and reports, each signed by its sender; and one's own.

The addresses for other installations take no token: what comes is believed by its signature alone.
"""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mla.api.views import RequestEndpoint
from mla.models import Package
from mla.packages import arriving, reporting, sending
from registry import installation_key
from registry.api.description import IF_MATCH
from registry.api.parsing import TooLarge, checked
from registry.api.preconditions import expected_version
from registry.api.rendering import FileNegotiation
from registry.documents import place_of
from registry.models import PeerMessage
from registry.refusals import Invalid, NotPossibleNow


class PackageParser(parsers.BaseParser):
    """The package as a file on disk, no larger than several documents."""

    media_type = "application/zip"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        most = settings.DOCUMENT_MAX_BYTES * 10
        kept = tempfile.TemporaryFile()  # noqa: SIM115
        size = 0
        while piece := stream.read(1 << 20):
            size += len(piece)
            if size > most:
                raise TooLarge(_("The package is too large."))
            kept.write(piece)
        kept.seek(0)
        return {"package": kept}


class InstallationKeySerializer(serializers.Serializer):
    fingerprint = serializers.CharField()
    algorithm = serializers.CharField()
    public_key = serializers.CharField()


class ReceivedMessageSerializer(serializers.Serializer):
    received = serializers.CharField(help_text="Its identifier. The same message is taken once.")


class ReportSerializer(serializers.Serializer):
    report = serializers.CharField(max_length=20_000, help_text="JSON, as it was signed.")
    fingerprint = serializers.CharField(max_length=64)
    signature = serializers.CharField(max_length=400)


class SendPackageSerializer(serializers.Serializer):
    peer = serializers.IntegerField(
        required=False, help_text="Number of the installation; without it, it is only made."
    )


class PackageMessageSerializer(serializers.ModelSerializer):
    peer = serializers.CharField(source="peer.name")

    class Meta:
        model = PeerMessage
        fields = ["peer", "state", "attempts", "delivered_at", "last_error"]
        extra_kwargs = {"state": {"choices": PeerMessage.State.choices}}


class PeerChoiceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PackageSerializer(serializers.Serializer):
    identifier = serializers.CharField()
    state = serializers.ChoiceField(Package.State.choices)
    sha256 = serializers.CharField(source="digest")
    size = serializers.IntegerField()
    made_at = serializers.DateTimeField(allow_null=True)
    sendings = PackageMessageSerializer(many=True)
    peers = PeerChoiceSerializer(many=True)


class ArrivedSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    identifier = serializers.CharField()
    sender_state = serializers.CharField()
    sender_is_accepted = serializers.BooleanField()
    fingerprint = serializers.CharField()
    arrived_at = serializers.DateTimeField()
    reference = serializers.CharField(allow_null=True, help_text="Ours, once it is taken in.")
    told = serializers.DictField(help_text="The data of the package, as its format says.")


class TakeInSerializer(serializers.Serializer):
    owner = serializers.IntegerField(required=False)


class OfInstallations(APIView):
    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


class OwnKey(OfInstallations):
    @extend_schema(
        operation_id="exchange_key",
        summary="The public key of this installation (public)",
        responses=InstallationKeySerializer,
    )
    def get(self, request: Request) -> Response:
        return Response(
            {
                "fingerprint": installation_key.fingerprint(),
                "algorithm": installation_key.ALGORITHM,
                "public_key": installation_key.public_key(),
            }
        )


class Packages(OfInstallations):
    parser_classes = [PackageParser]

    @extend_schema(
        operation_id="exchange_packages",
        summary="Another installation brings a package, signed by its key",
        request={"application/zip": OpenApiTypes.BINARY},
        responses=ReceivedMessageSerializer,
    )
    def post(self, request: Request) -> Response:
        if not isinstance(request.data, dict) or "package" not in request.data:
            raise Invalid("no_package", _("Send the package as application/zip."))
        with request.data["package"] as stream:
            arrived = arriving.arrive(stream, brought_by=None, now=timezone.now())
        return Response({"received": str(arrived.identifier)})


class Reports(OfInstallations):
    @extend_schema(
        operation_id="exchange_reports",
        summary="Another installation reports what became of a request, signed by its key",
        request=ReportSerializer,
        responses=ReceivedMessageSerializer,
    )
    def post(self, request: Request) -> Response:
        asked = checked(request, ReportSerializer)
        taken = reporting.take_in_report(**asked, now=timezone.now())
        return Response({"received": str(taken.identifier)})


class RequestPackage(RequestEndpoint):
    def shown(self, found: Any, status: int = 200) -> Response:
        package = sending.package_of(found)
        if package is None:
            raise NotPossibleNow("no_package", _("No package of this request was made yet."))
        told: Any = package
        told.sendings = list(sending.messages_of(package))
        told.peers = list(sending.peers_for(found))
        return Response(PackageSerializer(told).data, status=status)

    @extend_schema(
        operation_id="requests_package",
        summary="The request's package: how far it is, to whom it was sent",
        responses=PackageSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        return self.shown(self.matter(reference))

    @extend_schema(
        operation_id="requests_send_package",
        summary="Have the package made, and sent to an installation",
        parameters=[IF_MATCH],
        request=SendPackageSerializer,
        responses={202: PackageSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        expected_version(request, found.dossier)
        asked = checked(request, SendPackageSerializer)
        now = timezone.now()
        if "peer" in asked:
            sending.send(found, asked["peer"], user=request.user, now=now)
        else:
            sending.order(found, user=request.user, now=now)
        return self.shown(found, 202)


class RequestPackageFile(RequestEndpoint):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="requests_package_file",
        summary="The request's package as a file",
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, reference: str) -> FileResponse:
        package = sending.package_of(self.matter(reference))
        if package is None or package.state != Package.State.MADE:
            raise NotPossibleNow("not_made", _("The package is not made yet."))
        stored = default_storage.open(place_of(package.digest), "rb")
        name = f"{reference}.asice"
        return FileResponse(
            stored, as_attachment=True, filename=name, content_type="application/zip"
        )


class ArrivedPackages(APIView):
    @extend_schema(
        operation_id="exchange_arrived",
        summary="Packages that arrived for my State, the newest 100",
        responses=ArrivedSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        packages = arriving.visible_to(request.user)[:100]
        rows = [
            {
                "id": each.pk,
                "identifier": each.identifier,
                "sender_state": each.told["sender"].get("state", ""),
                "sender_is_accepted": each.peer_id is not None,
                "fingerprint": each.fingerprint,
                "arrived_at": each.arrived_at,
                "reference": each.dossier.reference if each.dossier else None,
                "told": each.told,
            }
            for each in packages
        ]
        return Response(ArrivedSerializer(rows, many=True).data)


class TakingIn(RequestEndpoint):
    @extend_schema(
        operation_id="exchange_take_in",
        summary="Register a package that arrived as a request received",
        request=TakeInSerializer,
        responses={201: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, pk: int) -> Response:
        arrived = get_object_or_404(arriving.visible_to(request.user), pk=pk)
        asked = checked(request, TakeInSerializer)
        offices = {office.pk: office for office in arriving.offices_for(arrived, request.user)}
        if not offices:
            raise Http404
        only = next(iter(offices.values())) if len(offices) == 1 else None
        owner = offices.get(asked.get("owner", 0), only)
        if owner is None:
            sentence = _("Choose an authority in which you register requests.")
            raise Invalid("incomplete", sentence, fields={"owner": [sentence]})
        made = arriving.take_in(arrived, owner, user=request.user, now=timezone.now())
        where = reverse("api-request", kwargs={"reference": made.dossier.reference})
        return Response(
            {"reference": made.dossier.reference}, status=201, headers={"Location": where}
        )
