"""Every kind of letter in every language, from matters invented for it and taken back at once.

What the letters say is gathered from real dossiers by the kinds' own gatherers, within a transaction
that is rolled back; the PDFs are made afterwards from that content alone, as always.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cases import assurances, enclosures, extradition_law, other_states, speciality
from cases.extradition import advance
from cases.extradition_opening import open_extradition
from cases.models import ExtraditionCase
from mla import drafting, intake, results
from mla import letters as request_letters
from mla.models import Amendment, AssistanceRequest
from registry import draft_letter_kinds, draft_letter_rendering, draft_letters, letter_codes
from registry.draft_letter_kinds import DraftKind
from registry.models import (
    Authority,
    Deadline,
    Dossier,
    DraftLetter,
    DraftParagraph,
    Letter,
    Membership,
    Role,
    State,
    User,
)
from registry.refusals import NotPossibleNow

JSON = dict[str, Any]
OWNER, OTHER, THIRD = "BEL", "FRA", "NLD"
AFTER_THE_DECISION = frozenset({"decision", "surrender", "transit", "speciality"})
OWN_WORDS = (
    "Between 3 and 9 May 2024 members of an armed group entered two villages near Kelem.\n\n"
    "They detained at least forty-one inhabitants in a disused grain store."
)


@dataclass(frozen=True)
class Specimen:
    """One letter to be made: its kind, its language and what it says."""

    kind: str
    language: str
    content: JSON

    def pdf(self) -> bytes:
        """As the letter machine makes it, with a code of its own."""
        letter = Letter(content=self.content, verification_code=letter_codes.new_code())
        if self.kind == request_letters.KIND:
            return request_letters.made_pdf(letter)
        return draft_letter_rendering.made_pdf(letter)


def gathered(now: datetime) -> list[Specimen]:
    """All specimens. Nothing of the matters that they speak of stays in the database.

    Raises NotPossibleNow where the register is not loaded.
    """
    if State.objects.filter(pk__in=[OWNER, OTHER, THIRD]).count() < 3:
        raise NotPossibleNow(
            "no_register", "The register is not loaded here. Run manage.py prepare first."
        )
    with transaction.atomic():
        found = list(_gather(now))
        transaction.set_rollback(True)
    return found


def _gather(now: datetime) -> Iterator[Specimen]:
    office = Authority.objects.create(
        state_id=OWNER,
        kind=Authority.Kind.CENTRAL_AUTHORITY,
        name="Specimen central authority",
        names={"fr": "Autorité centrale (spécimen)", "ar": "السلطة المركزية (نموذج)",
               "ru": "Центральный орган (образец)", "zh": "中央机关（样本）",
               "es": "Autoridad central (muestra)"},
        postal_address="1 Example Square\n1000 Brussels",
        city="Brussels",
        email="specimen@example.org",
        telephone="+32 2 555 01 00",
        reference_prefix="XX-SP",
        time_zone="Europe/Brussels",
    )  # fmt: skip
    writer = _officer(office, "writer", Role.DRAFTING_OFFICER)
    approver = _officer(office, "approver", Role.APPROVING_OFFICER)
    by: JSON = {"user": writer, "now": now}
    sent, received = _sent(office, by), _received(office, by)
    wanted, asked = _wanted(office, by), _asked(office, by)
    for language in request_letters_languages():
        content = request_letters.letter_content(sent, language, signatory=approver, now=now)
        yield Specimen(request_letters.KIND, language, content)
    for kind in draft_letter_kinds.kinds():
        if "extradition" in kind.matters:
            dossier = (asked if kind.name in AFTER_THE_DECISION else wanted).dossier
        else:
            dossier = (received if kind.offered(received.dossier) else sent).dossier
        for language in kind.languages():
            draft = _written(kind, dossier, language, by)
            content = draft_letter_rendering.content_of(draft, signatory=approver, now=now)
            yield Specimen(kind.code, language, content)


def request_letters_languages() -> list[str]:
    from mla import letter_texts

    return letter_texts.languages()


def _officer(office: Authority, name: str, role: str) -> User:
    user = User.objects.create(
        email=f"specimen-{name}@example.org", name="Amina De Smet", job_title="Legal officer"
    )
    Membership.objects.create(user=user, authority=office, role=role)
    return user


# --- the matters ------------------------------------------------------------------------------


def _sent(office: Authority, by: JSON) -> AssistanceRequest:
    """A request of ours, sent, with persons of whom one is protected."""
    request = drafting.start_request(
        owner=office,
        requested_state=OTHER,
        measures=["taking_evidence", "bank_financial_records"],
        offences=["corruption"],
        basis_code="UNTOC",
        **by,
    )
    for measure in request.measures.all():
        keys = measure.kind.particulars.values_list("key", flat=True)
        drafting.change_measure(
            request,
            measure.pk,
            changes={"description": OWN_WORDS, "particulars": dict.fromkeys(keys, "Known.")},
            **by,
        )
    for person in (
        {"role": "suspect", "family_name": "Tarrin", "given_names": "Joren",
         "birth_year": "1981", "birth_month": "3", "birth_day": "14", "nationalities": ["FRA"]},
        {"role": "witness", "family_name": "Osal", "protected": True,
         "protected_alias": "Witness K-2"},
    ):  # fmt: skip
        drafting.add_person(request, fields=person, **by)
    texts = ("conducting_authority", "subject_and_nature", "facts", "purpose", "contact")
    request = drafting.save_draft(
        request,
        changes=dict.fromkeys(texts, OWN_WORDS)
        | {
            "title": "Accounts of a trading company",
            "urgent": True,
            "urgency_reason": "The hearing is near.",
            "answer_wanted_by": (by["now"] + timedelta(days=40)).date(),
            "conducting_authority": "Federal prosecutor",
            "contact": "Amina De Smet, +32 2 555 01 00",
        },
        expected_version=None,
        **by,
    )
    _became(request.dossier, "sent", "DACG/2026/118")
    # As one that was sent before this product was there: without approval and letter.
    request.imported, request.sent_at = True, by["now"] - timedelta(days=60)
    request.save(update_fields=["imported", "sent_at"])
    Amendment.objects.create(
        request=request,
        number=1,
        changes="The account concerned is the one ending in 77.",
        reason=OWN_WORDS,
        amended_at=by["now"],
        amended_by=by["user"],
    )
    Deadline.objects.create(
        dossier=request.dossier,
        label="Answer",
        instrument="UNTOC",
        article="Art. 18(24)",
        started_from="sending of the request",
        met_by_event="mla.answered",
        started_at=request.sent_at,
        due_at=by["now"] - timedelta(days=2),
        zone="Europe/Brussels",
        bound_party=Deadline.BoundParty.THEIRS,
    )
    return request


def _received(office: Authority, by: JSON) -> AssistanceRequest:
    """A request that came to us, with an inventory of results."""
    request = intake.register_received(
        owner=office,
        requesting_state=OTHER,
        received_at=by["now"],
        title="Bank records of the company Teranga",
        foreign_reference="DAK/2026/77",
        measures=["bank_financial_records"],
        offences=["corruption"],
        basis_code="UNTOC",
        **by,
    )
    _became(request.dossier, "in_execution", "DAK/2026/77")
    for kind, description, quantity in (
        ("document", "Statements of account, January to May 2024", "1"),
        ("exhibit", "Hard disks, sealed", "3"),
    ):
        fields = {"kind": kind, "description": description, "quantity": quantity}
        results.add_item(request, fields, **by)
    return request


def _became(dossier: Dossier, status: str, reference: str) -> None:
    """Into the stage that the letters speak of, without the steps before it: nothing is kept."""
    dossier.refresh_from_db()
    dossier.status, dossier.foreign_reference = status, reference
    dossier.save()


PERSON: JSON = {
    "family_name": "Halvard",
    "given_names": "Mikel",
    "birth_year": 1979,
    "birth_month": 11,
    "birth_day": 5,
    "birth_place": "Lyon",
    "nationalities": ["FRA"],
    "location": "12 rue de l'Exemple, Lyon",
}


def _wanted(office: Authority, by: JSON) -> ExtraditionCase:
    """A person whom we want, with all that the instrument requires."""
    case = open_extradition(
        owner=office,
        direction="sent",
        other_state=OTHER,
        person=PERSON,
        offences=["corruption", "torture"],
        basis_code="ETS24",
        title="Extradition of a former official",
        facts=OWN_WORDS,
        notice="Red notice A-4711/2026",
        **by,
    )
    for request_type in enclosures.TYPES:
        for line in extradition_law.checklist(case, request_type).lines:
            enclosures.provide(
                case, request_type=request_type, key=line.item.key, text="Annex 1", **by
            )
    assurances.ask(case, kind="retrial", text="A new trial within one year of surrender.", **by)
    return case


def _asked(office: Authority, by: JSON) -> ExtraditionCase:
    """A person whom the other side wants of us, up to the surrender and beyond."""
    case = open_extradition(
        owner=office,
        direction="received",
        other_state=OTHER,
        person=PERSON,
        offences=["corruption"],
        basis_code="ETS24",
        title="Arrest at the airport",
        foreign_reference="P-2026-114",
        **by,
    )
    for line in extradition_law.checklist(case).lines:
        enclosures.provide(
            case, request_type=extradition_law.EXTRADITION, key=line.item.key, text="x", **by
        )
    assurances.ask(case, kind="detention_conditions", text="A single cell with daylight.", **by)
    assurances.follow(case, case.assurances.get().pk, state="given", **by)
    at = by["now"] - timedelta(days=20)
    moves: tuple[tuple[str, JSON], ...] = (
        ("record_arrest", {"zone": "Europe/Brussels", "place": "Zaventem"}),
        ("receive_formal_request", {"channel": "diplomatic"}),
        ("open_judicial_phase", {}),
        ("record_court_decision", {"outcome": "admissible"}),
        ("grant_with_conditions", {"body": "Minister of Justice", "reason": "All is fulfilled."}),
        ("agree_surrender", {"surrender_at": by["now"], "place": "Brussels Airport"}),
        ("record_surrender", {}),
    )
    for number, (move, data) in enumerate(moves):
        advance(case, move, at=at + timedelta(days=number), **by, **data)
    other_states.ask_transit(case, state=THIRD, route="By train through Breda, 3 April", **by)
    speciality.ask_consent(
        case,
        kind="re_extradition",
        family="torture",
        description="Acts of 2019, known since March.",
        third_state=THIRD,
        **by,
    )
    return case


# --- the letters ------------------------------------------------------------------------------


def _written(kind: DraftKind, dossier: Dossier, language: str, by: JSON) -> DraftLetter:
    about = {}
    if kind.name == "reminder":
        about = {"deadline": dossier.deadlines.get(label="Answer").pk}
    draft = draft_letters.start(dossier, kind.code, language=language, about=about, **by)
    for paragraph in draft.paragraphs.all():
        if paragraph.shape == DraftParagraph.Shape.OWN_WORDS and not paragraph.shown:
            draft_letters.rework(paragraph, OWN_WORDS, **by)
    return draft
