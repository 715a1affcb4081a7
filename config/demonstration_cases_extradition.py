"""The demonstration's case file with one extradition in each direction. All of it is invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cases import case_file_parts, case_files, enclosures, extradition_law
from cases.extradition import advance
from cases.extradition_opening import open_extradition
from cases.models import ExtraditionCase
from registry.models import Authority, Dossier, Role, User

TITLE = "Massacre at the river crossing of Kelem"
OFFICE, PLACE = "BE-FP", "Europe/Brussels"


def load_case_and_extraditions(now: datetime) -> int:
    """Make the case file and both extraditions, unless they are there. Returns how many matters."""
    owner = Authority.objects.filter(reference_prefix=OFFICE).first()
    if owner is None or Dossier.objects.filter(owner=owner, title=TITLE).exists():
        return 0
    prosecutor = User.objects.filter(
        memberships__authority=owner, memberships__role=Role.PROSECUTOR
    ).earliest("pk")
    by: dict[str, Any] = {"user": prosecutor, "now": now - timedelta(days=30)}
    with transaction.atomic():
        case = case_files.open_case_file(
            owner=owner,
            title=TITLE,
            number="FD.35.98.12-26",
            court="Federal prosecutor's office, Brussels",
            stage="investigation",
            summary="In May 2024 an armed group killed villagers who were crossing a river.",
            victims_count="47",
            protection_needs="Two witnesses live in fear of reprisals: aliases only.",
            **by,
        )
        for part, given in PARTS:
            case_file_parts.add(case, part, given, **by)
        laundering = case.dossier.offences.get(family="money_laundering")
        period = {"offence": laundering.pk, "country": "BEL", "years": "10",
                  "source": "Entered for the demonstration; check the provision",
                  "interruption": "restarts", "interrupted_on": "2025-10-06"}  # fmt: skip
        case_file_parts.add(case, "limitation", period, **by)
        asked = _asked_by_france(owner, prosecutor, now)
        wanted = _wanted_from_france(owner, prosecutor, now)
        for extradition in (asked, wanted):
            reference = extradition.dossier.reference
            case_file_parts.add(case, "linked", {"reference": reference}, user=prosecutor, now=now)
    return 3


PARTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("offences", {"family": "crimes_against_humanity", "provision": "Article 136ter",
                  "acts_from": "2024-05-03", "acts_until": "2024-05-09",
                  "time_of_acts": "3 to 9 May 2024", "place_of_acts": "Kelem"}),
    ("offences", {"family": "money_laundering", "provision": "Article 505",
                  "acts_from": "2023-11-02", "acts_until": "2024-04-30"}),
    ("persons", {"role": "suspect", "family_name": "Tarrin", "given_names": "Joren",
                 "birth_year": "1981"}),
    ("persons", {"role": "witness", "family_name": "Osal", "protected_alias": "Witness K-2"}),
    ("related", {"country": "FRA", "office": "Pôle crimes contre l'humanité, Paris",
                 "number": "P-2025-114", "same_acts": "on", "state": "pending"}),
    ("evidence", {"description": "Satellite images of the crossing", "country": "NLD",
                  "received_on": "2026-02-12", "use_limits": "For this case only."}),
    ("persons", {"role": "suspect", "family_name": "Dessel", "given_names": "Arno",
                 "birth_year": "2006"}),
    ("joint-teams", {"name": "JIT Kelem", "countries": "BEL, FRA, NLD",
                     "agreed_on": "2025-09-01", "ends_on": "2027-08-31"}),
    ("objects", {"kind": "account", "identifier_kind": "iban", "identifier": "BE71 0961 2345 6769",
                 "description": "From which the weapons were paid"}),
    ("objects", {"kind": "vessel", "identifier_kind": "imo", "identifier": "IMO 9074729",
                 "description": "Brought the weapons to the coast"}),
)  # fmt: skip


def _asked_by_france(owner: Authority, prosecutor: User, now: datetime) -> ExtraditionCase:
    """France asks; the person is held, and the first limit of the arrest comes near."""
    case = open_extradition(
        user=prosecutor,
        owner=owner,
        direction="received",
        other_state="FRA",
        person={"family_name": "Halvard", "given_names": "Mikel", "nationalities": ["FRA"]},
        offences=["corruption"],
        title="Arrest at Brussels Airport",
        notice="Red notice A-4711/2026",
        urgent=True,
        urgency_reason="Held since the arrest: without the formal request they must be released.",
        urgent_until=(now + timedelta(days=4)).date(),
        now=now - timedelta(days=15),
    )
    at = now - timedelta(days=14)
    advance(case, "record_arrest_request", user=prosecutor, now=at, at=at, channel="interpol")
    at += timedelta(hours=5)
    advance(case, "record_arrest", user=prosecutor, now=at, at=at, zone=PLACE, place="Zaventem")
    return case


def _wanted_from_france(owner: Authority, prosecutor: User, now: datetime) -> ExtraditionCase:
    """We ask; the formal request is submitted and waits for a second officer."""
    at = now - timedelta(days=12)
    case = open_extradition(
        user=prosecutor,
        owner=owner,
        direction="sent",
        other_state="FRA",
        person={"family_name": "Tarrin", "given_names": "Joren", "birth_year": "1981"},
        offences=["crimes_against_humanity"],
        title="Extradition of the commander at Kelem",
        now=at,
    )
    for line in extradition_law.checklist(case).lines:
        if line.item.is_mandatory:
            text = "Enclosed, with a translation into French."
            enclosures.provide(
                case,
                request_type=extradition_law.EXTRADITION,
                key=line.item.key,
                text=text,
                user=prosecutor,
                now=at,
            )
    advance(case, "submit_formal_request", user=prosecutor, now=now - timedelta(days=1))
    return case
