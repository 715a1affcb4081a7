"""The demonstration's requests, made by the same functions as everybody's.

``config/data/demonstration_cases.yaml`` says what they are about and how far each has come. Every
step is taken by the officer whose step it is, at a moment of the past, so that timelines,
deadlines and letters are as they would be.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.html import format_html
from weasyprint import HTML

from config.demonstration import DATA
from mla import completeness, drafting
from mla.lifecycle import advance
from mla.models import AssistanceRequest
from registry.data_files import read_yaml
from registry.letters import make_ordered
from registry.models import Authority, Dossier, Role, User

FRIDAY = 4
WANTED_WITHIN = timedelta(days=60)
"""By when an urgent request of the demonstration wants its answer, from the draft on."""

TO_BE_APPROVED = ("awaiting_approval",)
ENDS_BEFORE_SENDING = {"begun", "draft", "awaiting_approval", "approved"}
ANSWER_FIELDS = (
    "conducting_authority",
    "contact",
    "special_procedure",
    "confidentiality_asked",
    "use_limitation",
    "personal_data",
    "reciprocity_assurance",
)


@cache
def book() -> dict[str, Any]:
    return read_yaml(DATA / "demonstration_cases.yaml")


def load_requests(now: datetime) -> int:
    """Make the requests that are not there yet. Returns how many were made.

    1. Drafts, submissions and approvals, each at its own past moment.
    2. The letters that the approvals ordered.
    3. Sending and what followed.
    """
    made = []
    for listed in book()["requests"]:
        owner = Authority.objects.get(reference_prefix=listed["office"])
        if Dossier.objects.filter(owner=owner, title=listed["title"]).exists():
            continue
        with transaction.atomic():
            made.append((listed, _up_to_approval(listed, owner, now)))
    make_ordered(limit=max(len(made), 1))
    for listed, request in made:
        if listed["until"] not in ENDS_BEFORE_SENDING:
            with transaction.atomic():
                _from_sending_on(listed, request, now)
    return len(made)


def officer(owner: Authority, role: str) -> User:
    return User.objects.filter(memberships__authority=owner, memberships__role=role).earliest("pk")


def moment(listed: dict[str, Any], now: datetime, share: float) -> datetime:
    """A moment in working hours between the opening of the draft (0) and now (1).

    A later share is never an earlier moment: what would fall on a weekend falls on the Friday.
    """
    days_ago = listed["days_ago"]
    day = now.astimezone(UTC) - timedelta(days=days_ago - int(days_ago * share))
    day -= timedelta(days=max(0, day.weekday() - FRIDAY))
    noon = day.replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + timedelta(minutes=round(share * 240))


def _up_to_approval(listed: dict[str, Any], owner: Authority, now: datetime) -> AssistanceRequest:
    case = book()["cases"][listed["case"]]
    drafter = officer(owner, Role.DRAFTING_OFFICER)
    opened = moment(listed, now, 0)
    request = drafting.start_request(
        user=drafter,
        owner=owner,
        requested_state=listed["to"],
        measures=listed["measures"],
        offences=case["offences"],
        title=listed["title"],
        **_urgency(listed, case, opened),
        sealed=listed.get("sealed", False),
        language=case["language"],
        now=opened,
    )
    Dossier.objects.filter(pk=request.pk).update(created_at=opened)
    if listed["until"] == "begun":
        return request
    _write(request, case, listed, drafter, moment(listed, now, 0.05))
    if listed["until"] == "draft":
        return request
    advance(request, "submit", user=drafter, now=moment(listed, now, 0.1))
    if listed["until"] not in TO_BE_APPROVED:
        approver = officer(owner, Role.APPROVING_OFFICER)
        advance(request, "approve", user=approver, now=moment(listed, now, 0.15))
    return request


def _urgency(listed: dict[str, Any], case: dict[str, Any], opened: datetime) -> dict[str, Any]:
    if not listed.get("urgent"):
        return {}
    reason = book()["texts"][case["language"]]["urgency_reason"]
    wanted = (opened + WANTED_WITHIN).date()
    return {"urgent": True, "urgency_reason": reason, "answer_wanted_by": wanted}


def _write(
    request: AssistanceRequest,
    case: dict[str, Any],
    listed: dict[str, Any],
    drafter: User,
    at: datetime,
) -> None:
    """Fill in the whole draft, as the checklist asks."""
    said = book()["texts"][case["language"]]
    by: dict[str, Any] = {"user": drafter, "now": at}
    changes = {field: said[field] for field in ANSWER_FIELDS}
    changes |= {"subject_and_nature": case["subject"]}
    changes |= {"facts": case["facts"], "purpose": case["purpose"]}
    changes |= {"contact": contact_of(request, drafter)}
    if listed.get("urgent"):
        changes["urgency_reason"] = said["urgency_reason"]
        changes["answer_wanted_by"] = (at + WANTED_WITHIN).date()
        changes["period_reason"] = said["period_reason"]
    drafting.save_draft(request, changes=changes, expected_version=None, **by)
    for person in case["persons"]:
        drafting.add_person(request, fields=person, **by)
    numbers = book()["provisions"][listed["office"]]
    for offence in request.dossier.offences.all():
        law = {key: said[key] for key in ("legal_text", "penalty")}
        law["provision"] = said["provision"].format(number=numbers[offence.family_id])
        drafting.change_offence(request, offence.pk, changes=law, **by)
    witness = request.dossier.persons.exclude(role="suspect").earliest("pk").name_for_letters
    for measure in request.measures.all():
        words = {
            key: text.format(person=witness)
            for key, text in book()["measures"][measure.kind_id][case["language"]].items()
        }
        what = {"description": words.pop("description"), "particulars": words}
        drafting.change_measure(request, measure.pk, changes=what, **by)
    missing = completeness.checklist(request).missing
    further = {
        item.key: book()["further"][case["language"]]
        for item in missing
        if any(field.startswith("further_contents.") for field in item.fields)
    }
    if further:
        changes = {"further_contents": further}
        drafting.save_draft(request, changes=changes, expected_version=None, **by)
    for item in missing:
        if "annexes" in item.fields:
            add_annex(request, item.label, **by)


def add_annex(request: AssistanceRequest, title: str, **by: Any) -> None:
    """A PDF that says what would stand in its place."""
    page = "<h1>{}</h1><p>{}</p><p>Annex of the demonstration.</p>"
    content = HTML(string=format_html(page, title, request.dossier.reference)).write_pdf()
    drafting.add_annex(request, title=title, file_name="annex.pdf", content=content, **by)


def contact_of(request: AssistanceRequest, drafter: User) -> str:
    office = request.dossier.owner
    return f"{drafter.name}, {drafter.job_title}, {office.email}, {office.telephone}"


def _from_sending_on(listed: dict[str, Any], request: AssistanceRequest, now: datetime) -> None:
    user = officer(request.dossier.owner, Role.DRAFTING_OFFICER)

    def step(name: str, share: float, **data: Any) -> None:
        advance(request, name, user=user, now=moment(listed, now, share), **data)

    def sending() -> None:
        at = moment(listed, now, 0.2)
        if listed.get("ahead"):  # by INTERPOL; the original follows
            step("send", 0.2, channel="interpol", sent_at=at, original_follows=True)
        else:
            step("send", 0.2, channel="post", sent_at=at, tracking_number=f"RR{request.pk:08d}")

    def acknowledging() -> None:
        reference = f"{request.requested_state_id}-{request.pk:04d}/26"
        at = moment(listed, now, 0.4)
        step("acknowledge", 0.4, acknowledged_at=at, foreign_reference=reference)

    part = "The bank records have come; the statement is to follow."
    steps: dict[str, list[Callable[[], None]]] = {
        "sent": [sending],
        "withdrawn": [
            sending,
            lambda: step("withdraw", 0.5, reason="The account was found to be empty."),
        ],
        "acknowledged": [sending, acknowledging],
        "partly_executed": [
            sending,
            acknowledging,
            lambda: step("record_part_execution", 0.7, note=part),
        ],
        "executed": [sending, acknowledging, lambda: step("record_execution", 0.8)],
        "refused": [
            sending,
            acknowledging,
            lambda: step(
                "record_refusal", 0.8, reason="Proceedings for the same acts are pending."
            ),
        ],
        "closed": [
            sending,
            acknowledging,
            lambda: step("record_execution", 0.7),
            lambda: step("close", 0.9),
        ],
    }
    for take in steps[listed["until"]]:
        take()
