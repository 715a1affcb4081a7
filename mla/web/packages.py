"""Pages of packages: made and sent, arrived and taken in, installations and their keys."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mla.models import Package, ReportedStatus
from mla.packages import arriving, sending
from mla.web.finding import request_or_404
from registry import installation_key, peers
from registry.access import may
from registry.documents import place_of
from registry.models import PeerInstallation
from registry.refusals import Invalid, Refusal
from registry.state_directory import states_by_name


@login_required
def package(request: HttpRequest, reference: str) -> HttpResponse:
    """The package of a request: make, download, send; what was reported of it."""
    found = request_or_404(request.user, reference)
    if found.is_received:
        raise Http404
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            if request.POST.get("act") == "send":
                peer = request.POST.get("peer", "")
                sending.send(found, peer, user=request.user, now=timezone.now())
                messages.success(request, _("It is on its way."))
            else:
                sending.order(found, user=request.user, now=timezone.now())
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            return redirect("request-package", reference=reference)
    made = sending.package_of(found)
    context = {
        "dossier": found.dossier,
        "package": made,
        "letter": found.letter,
        "may_send": may(request.user, "send", found.dossier),
        "peers": list(sending.peers_for(found)),
        "messages_sent": list(sending.messages_of(made)) if made else [],
        "reported": list(ReportedStatus.objects.filter(package=made).select_related("peer"))
        if made
        else [],
        "errors": errors,
    }
    return render(request, "mla/exchange/package.html", context, status=400 if errors else 200)


@login_required
def download(request: HttpRequest, reference: str) -> FileResponse:
    found = request_or_404(request.user, reference)
    made = sending.package_of(found)
    if made is None or made.state != Package.State.MADE:
        raise Http404
    stored = default_storage.open(place_of(made.digest), "rb")
    name = f"{reference}.asice"
    return FileResponse(stored, as_attachment=True, filename=name, content_type="application/zip")


@login_required
def arrived(request: HttpRequest) -> HttpResponse:
    """What arrived and waits, a package brought by hand, and the installations known here."""
    registers, keeps = arriving.may_take_in(request.user), peers.may_keep_peers(request.user)
    if not (registers or keeps):
        raise Http404
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            where = _done(request)
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            return redirect(where)
    packages = list(arriving.visible_to(request.user)[:100]) if registers else []
    context = {
        "registers": registers,
        "keeps": keeps,
        "errors": errors,
        "typed": request.POST,
        "packages": [(each, _sender_of(each)) for each in packages],
        "peers": _peers_shown() if keeps else [],
        "states": states_by_name() if keeps else [],
        "own_fingerprint": installation_key.fingerprint(),
        "own_key": installation_key.public_key(),
        "unknown": arriving.keys_to_accept() if keeps else [],
    }
    return render(request, "mla/exchange/all.html", context, status=400 if errors else 200)


def _peers_shown() -> list[tuple[PeerInstallation, peers.Outbox]]:
    outboxes = peers.outboxes()
    known = PeerInstallation.objects.select_related("state", "accepted_by")
    return [(peer, outboxes.get(peer.pk, peers.Outbox())) for peer in known]


def _sender_of(each: Any) -> str:
    authority = each.told["sender"].get("authority") or {}
    return str(authority.get("name", ""))[:200]


def _done(request: HttpRequest) -> str:
    given, user, now = request.POST, request.user, timezone.now()
    act = given.get("act", "")
    if act == "bring":
        if not arriving.may_take_in(user):
            raise Http404
        upload = request.FILES.get("file")
        if upload is None:
            sentence = _("Choose a file.")
            raise Invalid("incomplete", sentence, fields={"file": [sentence]})
        kept = arriving.arrive(upload, brought_by=user, now=now)
        if kept.dossier_id and arriving.visible_to(user).filter(pk=kept.pk).exists():
            messages.info(request, _("This package was taken in already."))
        else:
            messages.success(request, _("The package is whole. Take it in below."))
    elif act == "accept":
        peers.accept(
            name=given.get("name", ""),
            state=given.get("state", ""),
            public_key=given.get("public_key", ""),
            address=given.get("address", ""),
            user=user,
            now=now,
        )
        messages.success(request, _("The installation is accepted."))
    elif act == "block":
        peer = get_object_or_404(PeerInstallation, pk=_number(given.get("peer", "")))
        peers.block(peer, user=user, now=now)
        messages.success(request, _("Nothing more is taken from it or sent to it."))
    elif act in ("change", "take-up-again"):
        peer = get_object_or_404(PeerInstallation, pk=_number(given.get("peer", "")))
        if act == "change":
            said = {"name": given.get("name", ""), "address": given.get("address", "")}
            peers.change(peer, **said, user=user, now=now)
        else:
            peers.take_up_again(peer, user=user, now=now)
        messages.success(request, _("Recorded."))
    else:
        raise Http404
    return "exchange"


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0


@login_required
def take_in(request: HttpRequest, number: int) -> HttpResponse:
    """One package that arrived: what it says, and registering it."""
    each = get_object_or_404(arriving.visible_to(request.user), pk=number)
    offices = list(arriving.offices_for(each, request.user))
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        chosen = [office for office in offices if str(office.pk) == request.POST.get("owner")]
        owner = chosen[0] if chosen else offices[0] if len(offices) == 1 else None
        try:
            if owner is None:
                sentence = _("Choose the authority.")
                raise Invalid("incomplete", sentence, fields={"owner": [sentence]})
            made = arriving.take_in(each, owner, user=request.user, now=timezone.now())
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            return redirect("request", reference=made.dossier.reference)
    context = {
        "package": each,
        "peer": peers.known(each.fingerprint),
        "said": each.told["request"],
        "documents": each.told["documents"],
        "sender": _sender_of(each),
        "sender_state": each.told["sender"].get("state", ""),
        "offices": offices,
        "errors": errors,
    }
    return render(request, "mla/exchange/arrived.html", context, status=400 if errors else 200)
