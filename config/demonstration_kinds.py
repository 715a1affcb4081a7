"""The demonstration's matters of other kinds than a request, made by the same functions as everybody's.

A supplementary request, a preservation about to expire, a temporary transfer whose return is near,
spontaneous information that was given and some that came, and an enquiry. All of it is invented.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from config.demonstration_requests import add_annex, contact_of, officer
from mla import completeness, drafting, intake
from mla.lifecycle import advance
from mla.models import AssistanceRequest, RequestKind, Status
from mla.starting_from import start_from
from registry.letters import make_ordered
from registry.models import Authority, Dossier, Role, User

OFFICE = "BE-CA"
WORDS = {
    "contact": "",
    "conducting_authority": "Federal Prosecutor's Office, Brussels",
    "subject_and_nature": "Criminal investigation led by an investigating judge.",
    "personal_data": "The data are used for this investigation alone.",
    "confidentiality_asked": "Please keep the request and its contents confidential.",
}
SENT: tuple[dict[str, Any], ...] = (
    {
        "kind": RequestKind.PRESERVATION,
        "to": "SVN",
        "title": "Preservation of the mailbox of a forwarding agent",
        "offences": ["corruption"],
        "days_ago": 52,
        "facts": "Messages of 3 to 9 May tell who ordered the payments.",
        "particulars": {
            "data_to_preserve": "Content and traffic data of the account cargo@example.org.",
            "custodian_or_location": "A provider of electronic mail in Ljubljana.",
            "necessity": "The provider deletes what is older than ninety days.",
            "intention_to_request_mla": "A request for disclosure will follow within sixty days.",
        },
    },
    {
        "kind": RequestKind.TEMPORARY_TRANSFER,
        "to": "SVN",
        "title": "Hearing in Brussels of a witness who is detained in Ljubljana",
        "offences": ["trafficking_in_persons"],
        "days_ago": 40,
        "facts": "The witness saw who handed the passports over.",
        "particulars": {
            "consent_of_person": "Given in writing on the day of the request, in the annex.",
            "custody_undertaking": "The person is kept in custody throughout.",
            "return_date": "Thirty days after the handing over.",
            "credit_for_time": "The time counts towards the sentence.",
            "safe_conduct": "No prosecution here for earlier acts.",
        },
    },
    {
        "kind": RequestKind.SPONTANEOUS,
        "to": "SEN",
        "title": "Payments to a customs officer in Dakar",
        "offences": ["corruption"],
        "days_ago": 20,
        "facts": "In a search in Antwerp a ledger was found that names monthly payments.",
        "particulars": {
            "information_and_source": "Ledger seized on 4 May in Antwerp, pages 12 to 19.",
            "conditions_of_use": "Not to be used as evidence without our consent.",
        },
    },
)


def load_kinds(now: datetime) -> int:
    """Make the matters of other kinds that are not there yet. Returns how many were made."""
    owner = Authority.objects.get(reference_prefix=OFFICE)
    if Dossier.objects.filter(owner=owner, title=SENT[0]["title"]).exists():
        return 0
    user = officer(owner, Role.DRAFTING_OFFICER)
    with transaction.atomic():
        approved = [_approved(listed, owner, user, now) for listed in SENT]
        supplement = _supplement(owner, user, now)
        _enquiry(owner, user, now)
        _information_received(owner, user, now)
    make_ordered(limit=len(approved))
    with transaction.atomic():
        for listed, request in zip(SENT, approved, strict=True):
            _from_sending_on(listed, request, user, now)
    return len(approved) + bool(supplement) + 2


def _approved(
    listed: dict[str, Any], owner: Authority, user: User, now: datetime
) -> AssistanceRequest:
    opened = now - timedelta(days=listed["days_ago"])
    request = drafting.start_request(
        user=user,
        owner=owner,
        requested_state=listed["to"],
        offences=listed["offences"],
        title=listed["title"],
        kind=listed["kind"],
        language="en",
        now=opened,
    )
    Dossier.objects.filter(pk=request.pk).update(created_at=opened)
    _write(request, listed, user, opened)
    advance(request, "submit", user=user, now=opened)
    approver = officer(owner, Role.APPROVING_OFFICER)
    return advance(request, "approve", user=approver, now=opened + timedelta(hours=2))


def _write(request: AssistanceRequest, listed: dict[str, Any], user: User, at: datetime) -> None:
    """What the checklist asks for: the particulars of the kind's own measure, and the texts."""
    by: dict[str, Any] = {"user": user, "now": at}
    for measure in request.measures.all():
        what = {"description": listed["title"], "particulars": listed["particulars"]}
        drafting.change_measure(request, measure.pk, changes=what, **by)
    for offence in request.dossier.offences.all():
        law = {"provision": "Article 246, Criminal Code", "legal_text": "Punished as there said."}
        drafting.change_offence(request, offence.pk, changes=law, **by)
    person: dict[str, Any] = {"role": "witness", "family_name": "Novak", "given_names": "Luka"}
    person |= {"location": "Ljubljana", "nationalities": ["SVN"]}
    drafting.add_person(request, fields=person, **by)
    changes = WORDS | {
        "contact": contact_of(request, user),
        "facts": listed["facts"],
        "purpose": listed["title"],
        "addressee_text": "" if request.addressee_id else "Ministry of Justice",
    }
    drafting.save_draft(request, changes=changes, expected_version=None, **by)
    missing = completeness.checklist(request).missing
    for item in missing:
        if "annexes" in item.fields:
            add_annex(request, item.label, **by)
    further = {
        item.key: "As said in the description of the measure."
        for item in missing
        if any(name.startswith("further_contents.") for name in item.fields)
    }
    if further:
        drafting.save_draft(
            request, changes={"further_contents": further}, expected_version=None, **by
        )


def _from_sending_on(
    listed: dict[str, Any], request: AssistanceRequest, user: User, now: datetime
) -> None:
    request = AssistanceRequest.objects.select_related("dossier").get(pk=request.pk)
    at = now - timedelta(days=listed["days_ago"] - 1)
    advance(request, "send", user=user, now=at, channel="electronic", sent_at=at)
    if listed["kind"] == RequestKind.PRESERVATION:
        held = at + timedelta(days=2)
        until = (now + timedelta(days=11)).date()
        advance(
            request,
            "record_preservation",
            user=user,
            now=held,
            preserved_at=held,
            preserved_until=until,
        )
    elif listed["kind"] == RequestKind.TEMPORARY_TRANSFER:
        handed = at + timedelta(days=14)
        advance(
            request,
            "record_transfer",
            user=user,
            now=handed,
            transferred_at=handed,
            custody_place="Prison of Haren, Brussels",
            return_by=(now + timedelta(days=6)).date(),
        )
    else:
        told = at + timedelta(days=9)
        advance(
            request, "record_use", user=user, now=told, used_for="An inquiry was opened in Dakar."
        )


def _supplement(owner: Authority, user: User, now: datetime) -> AssistanceRequest | None:
    """A supplement in draft to the first request that is with the other side."""
    at = now - timedelta(days=1)
    earlier = (
        AssistanceRequest.objects.select_related("dossier__owner")
        .filter(
            kind=RequestKind.REQUEST,
            dossier__owner=owner,
            dossier__direction=Dossier.Direction.SENT,
            dossier__status__in=[Status.SENT, Status.ACKNOWLEDGED],
        )
        .exclude(dossier__confidentiality=Dossier.Confidentiality.SEALED)
        .order_by("pk")
        .first()
    )
    if earlier is None:
        return None
    supplement = start_from(earlier, "supplement", user=user, now=at)
    drafting.add_measure(
        supplement,
        kind="bank_financial_records",
        description="Statements of the second account, opened in March.",
        user=user,
        now=at,
    )
    return drafting.save_draft(
        supplement,
        user=user,
        changes={"purpose": "A second account became known from the records received."},
        expected_version=None,
        now=at,
    )


def _enquiry(owner: Authority, user: User, now: datetime) -> None:
    at = now - timedelta(days=12)
    enquiry = drafting.start_request(
        user=user,
        owner=owner,
        requested_state="ARG",
        title="Does a request for video hearing need a letter of a judge?",
        kind=RequestKind.ENQUIRY,
        language="en",
        now=at,
    )
    Dossier.objects.filter(pk=enquiry.pk).update(created_at=at)
    advance(enquiry, "record_contact", user=user, now=at, means="network", sent_at=at)
    answered = at + timedelta(days=4)
    advance(
        enquiry,
        "record_reply",
        user=user,
        now=answered,
        answered_at=answered,
        answer="Yes, of the judge who leads the case; a draft is gladly looked at beforehand.",
    )


def _information_received(owner: Authority, user: User, now: datetime) -> None:
    at = now - timedelta(days=5)
    intake.register_received(
        user=user,
        owner=owner,
        requesting_state="SVN",
        received_at=at,
        channel="electronic",
        title="Flights of a suspect over Ljubljana",
        foreign_reference="Kts 118/2026",
        offences=["trafficking_in_persons"],
        kind=RequestKind.SPONTANEOUS,
        conditions="Only for the investigation of trafficking; not to be passed on to others.",
        now=at,
    )
