"""The demonstration's requests that came to the Belgian office, made by the same functions as everybody's.

One was registered yesterday, one is in triage with a question open, one is in execution with results
on the inventory, one is executed and closed. All of it is invented.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.html import format_html
from weasyprint import HTML

from config.demonstration_requests import officer
from mla import drafting, intake, measures, results, triage
from mla.lifecycle import advance
from mla.models import AssistanceRequest
from registry.models import Authority, Dossier, Role, User

OFFICE = "BE-CA"
RECEIVED: tuple[dict[str, Any], ...] = (
    {
        "from": "SEN",
        "title": "Bank records of a company in Antwerp",
        "reference": "DACG/2026/0412",
        "days_ago": 1,
        "channel": "email",
        "measures": ["bank_financial_records"],
        "offences": ["money_laundering"],
        "person": {"role": "suspect", "family_name": "Sarr", "given_names": "Ibrahima"},
        "urgent": True,
        "urgency_reason": "The account is about to be emptied.",
        "until": "registered",
    },
    {
        "from": "ARG",
        "title": "Statement of a former employee of a shipping agent",
        "reference": "EX-2026-118220",
        "days_ago": 24,
        "channel": "diplomatic",
        "measures": ["taking_evidence"],
        "offences": ["corruption"],
        "person": {"role": "witness", "family_name": "Peeters", "given_names": "Joris"},
        "until": "in_triage",
    },
    {
        "from": "SVN",
        "title": "Search of a flat in Ghent and copies of two telephones",
        "reference": "Kpr 3391/2026",
        "days_ago": 45,
        "channel": "electronic",
        "measures": ["search_and_seizure", "taking_evidence"],
        "offences": ["trafficking_in_persons"],
        "person": {"role": "suspect", "family_name": "Kovač", "given_names": "Marko"},
        "until": "in_execution",
    },
    {
        "from": "SEN",
        "title": "Service of a summons in Liège",
        "reference": "DACG/2026/0177",
        "days_ago": 110,
        "channel": "post",
        "measures": ["service_of_documents"],
        "offences": ["corruption"],
        "person": {"role": "addressee", "family_name": "Faye", "given_names": "Awa"},
        "until": "closed",
    },
)


def load_received(now: datetime) -> int:
    """Make the received requests that are not there yet. Returns how many were made."""
    owner = Authority.objects.get(reference_prefix=OFFICE)
    made = 0
    for listed in RECEIVED:
        known = Dossier.objects.filter(owner=owner, foreign_reference=listed["reference"])
        if not known.exists():
            with transaction.atomic():
                _lead(listed, owner, now)
            made += 1
    return made


def _lead(listed: dict[str, Any], owner: Authority, now: datetime) -> None:
    """Take one request as far as it shall have come, each step at a moment of the past."""
    user = officer(owner, Role.DRAFTING_OFFICER)
    span = timedelta(days=listed["days_ago"])

    def at(share: float) -> datetime:
        return now - span * (1 - share)

    request = intake.register_received(
        user=user,
        owner=owner,
        requesting_state=listed["from"],
        received_at=at(0),
        channel=listed["channel"],
        title=listed["title"],
        foreign_reference=listed["reference"],
        measures=listed["measures"],
        offences=listed["offences"],
        person=listed["person"],
        urgent=listed.get("urgent", False),
        urgency_reason=listed.get("urgency_reason", ""),
        answer_wanted_by=(now + timedelta(days=9)).date() if listed.get("urgent") else None,
        scan=intake.Scan("request.pdf", _page(listed)),
        now=at(0.02),
    )
    Dossier.objects.filter(pk=request.pk).update(created_at=at(0.02))
    if listed["until"] == "registered":
        return
    acknowledged = at(0.1)
    advance(request, "acknowledge", user=user, now=acknowledged, acknowledged_at=acknowledged)
    advance(request, "begin_triage", user=user, now=at(0.12))
    if listed["until"] == "in_triage":
        question = "Which questions shall be put to the witness? The annex is not in the envelope."
        advance(request, "ask_information", user=user, now=at(0.3), question=question)
        return
    _accept(request, user, at(0.25))
    if listed["until"] == "closed":
        _execute_all(request, user, at(0.7), at(0.9))
    else:
        _execute_the_first(request, user, at(0.7))


def _accept(request: AssistanceRequest, user: User, at: datetime) -> None:
    drafting.save_draft(
        request,
        user=user,
        changes={"facts": "As their letter tells, of which the scan is kept."},
        expected_version=None,
        now=at,
    )
    triage.answer_grounds(
        request,
        {asked.ground.pk: ("no", "") for asked in triage.grounds_of(request).asked},
        user=user,
        expected_version=None,
        now=at,
    )
    findings = {"dual_criminality": "met", "priority": "high"}
    triage.note_findings(request, findings, user=user, expected_version=None, now=at)
    advance(request, "accept", user=user, now=at)
    for measure in request.measures.all():
        named = "Federal Judicial Police, Ghent"
        measures.assign(request, measure.pk, named=named, user=user, now=at)
    advance(request, "begin_execution", user=user, now=at)


def _execute_the_first(request: AssistanceRequest, user: User, at: datetime) -> None:
    first = request.measures.earliest("position")
    measures.move_measure(request, first.pk, "execute", user=user, now=at)
    for kind, what, limits in (
        ("record", "Record of the search of 14 pages", ""),
        ("data_carrier", "Copies of two telephones on one disk", "Only for these proceedings."),
    ):
        fields = {"kind": kind, "description": what, "use_limitation": limits, "measure": first.pk}
        results.add_item(request, fields, user=user, now=at)


def _execute_all(
    request: AssistanceRequest, user: User, executed: datetime, closed: datetime
) -> None:
    for measure in request.measures.all():
        measures.move_measure(request, measure.pk, "execute", user=user, now=executed)
    item = results.add_item(
        request,
        {"kind": "record", "description": "Proof of service, signed by the addressee"},
        user=user,
        now=executed,
    )
    results.transmit(request, [item.pk], channel="post", sent_at=executed, user=user, now=executed)
    advance(request, "record_execution", user=user, now=executed)
    advance(request, "close", user=user, now=closed)


def _page(listed: dict[str, Any]) -> bytes:
    """A page that says what a scan would stand for."""
    content: bytes = HTML(
        string=format_html(
            "<h1>{}</h1><p>{}</p><p>Scan of the demonstration.</p>",
            listed["title"],
            listed["reference"],
        )
    ).write_pdf()
    return content
