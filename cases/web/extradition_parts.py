"""What belongs to an extradition beside its moves: contents, assurances, speciality, others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import assurances, enclosures, other_states, speciality
from cases.models import ExtraditionCase
from cases.web.extradition_page import show
from cases.web.finding import extradition_or_404
from registry import field_readers, naming
from registry.refusals import Invalid, Refusal
from registry.web.posted import number_posted, version_seen

Act = Callable[[ExtraditionCase, Any, dict[str, Any]], Any]


def _done(request: HttpRequest, reference: str, part: str, act: Act) -> HttpResponse:
    """Do it and come back to that part of the page; with errors, the form as it came."""
    case = extradition_or_404(request.user, reference)
    by = {
        "user": request.user,
        "now": timezone.now(),
        "expected_version": version_seen(request),
    }
    try:
        act(case, request.POST, by)
    except Refusal as refusal:
        return show(request, case, tried=part, errors=refusal.by_field(), status=refusal.status)
    messages.success(request, _("Recorded."))
    return redirect(f"{request.path.rsplit('/', 2)[0]}/#{part.split('-')[0]}")


def _text(posted: Any, name: str, longest: int = 10_000) -> str:
    try:
        return str(field_readers.text(longest)(posted.get(name, "")))
    except ValueError as wrong:
        raise Invalid("invalid", str(wrong), fields={name: [str(wrong)]}) from wrong


def _number(posted: Any) -> int:
    return number_posted(posted.get("number", "")) or 0


@login_required
@require_POST
def enclosure(request: HttpRequest, reference: str) -> HttpResponse:
    def act(case: ExtraditionCase, posted: Any, by: dict[str, Any]) -> None:
        file = request.FILES.get("file")
        enclosures.provide(
            case,
            request_type=posted.get("request_type", ""),
            key=posted.get("key", "")[:48],
            text=_text(posted, "text"),
            file=(file.name or "", file.file) if file else None,
            **by,
        )

    key = f"{request.POST.get('request_type', '')}-{request.POST.get('key', '')}"
    return _done(request, reference, f"contents-{key}", act)


@login_required
@require_POST
def assurance(request: HttpRequest, reference: str) -> HttpResponse:
    def act(case: ExtraditionCase, posted: Any, by: dict[str, Any]) -> None:
        if posted.get("number"):
            note = _text(posted, "note")
            state = posted.get("state", "")
            assurances.follow(case, _number(posted), state=state, note=note, **by)
        else:
            text = _text(posted, "text")
            assurances.ask(case, kind=posted.get("kind", ""), text=text, **by)

    return _done(request, reference, f"assurances-{request.POST.get('number', '')}", act)


@login_required
@require_POST
def consent(request: HttpRequest, reference: str) -> HttpResponse:
    def act(case: ExtraditionCase, posted: Any, by: dict[str, Any]) -> None:
        if posted.get("number"):
            speciality.answer_consent(case, _number(posted), answer=posted.get("answer", ""), **by)
        else:
            speciality.ask_consent(
                case,
                kind=posted.get("kind", ""),
                family=_text(posted, "family", 48),
                description=_text(posted, "description"),
                third_state=_text(posted, "third_state", 8),
                **by,
            )

    return _done(request, reference, f"speciality-{request.POST.get('number', '')}", act)


@login_required
def charge(request: HttpRequest, reference: str) -> HttpResponse:
    """What the ledger says of a further charge: asked before anything is done, changes nothing."""
    case = extradition_or_404(request.user, reference)
    family = request.GET.get("family", "")[:48].replace("\x00", "")
    third = request.GET.get("third_state", "")[:8].replace("\x00", "")
    said = speciality.judge(case, family, third_state=third, now=timezone.now()) if family else None
    return show(request, case, judgement=said, charge={"family": family, "third_state": third})


@login_required
@require_POST
def other(request: HttpRequest, reference: str) -> HttpResponse:
    def act(case: ExtraditionCase, posted: Any, by: dict[str, Any]) -> None:
        if posted.get("number"):
            other_states.weigh(
                case,
                _number(posted),
                weighed={key: _text(posted, key, 2000) for key in other_states.CRITERIA},
                preferred=posted.get("preferred", ""),
                **by,
            )
            return
        try:
            received_on = field_readers.day(posted.get("received_on", ""))
        except ValueError as wrong:
            raise Invalid("invalid", str(wrong), fields={"received_on": [str(wrong)]}) from wrong
        other_states.add_concurrent(
            case,
            state=_text(posted, "state", 8),
            received_on=received_on,
            offences=_text(posted, "offences"),
            **by,
        )

    return _done(request, reference, f"others-{request.POST.get('number', '')}", act)


@login_required
@require_POST
def transit(request: HttpRequest, reference: str) -> HttpResponse:
    def act(case: ExtraditionCase, posted: Any, by: dict[str, Any]) -> None:
        if posted.get("number"):
            other_states.answer_transit(
                case, _number(posted), answer=posted.get("answer", ""), **by
            )
        else:
            other_states.ask_transit(
                case,
                state=_text(posted, "state", 8),
                route=_text(posted, "route", 240),
                by_air=posted.get("by_air") == "on",
                **by,
            )

    return _done(request, reference, f"transit-{request.POST.get('number', '')}", act)


@login_required
@require_POST
def name_person(request: HttpRequest, reference: str) -> HttpResponse:
    case = extradition_or_404(request.user, reference)
    try:
        person = naming.name_person(
            case.dossier, request.POST.get("person", ""), user=request.user, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("%(name)s is on this dossier now.") % {"name": person.name})
    return redirect("extradition", reference=reference)


@login_required
@require_POST
def seal(request: HttpRequest, reference: str) -> HttpResponse:
    case = extradition_or_404(request.user, reference)
    try:
        naming.seal(case.dossier, user=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("Sealed. Only those named on it see it from now on."))
    return redirect("extradition", reference=reference)
