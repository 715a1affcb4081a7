"""The life of an assessment: how far a State meets an obligation, said by one officer, reviewed by
another, published for good.

::

    (not assessed) → draft → in review → published → superseded by the next one
                       ↑________|  returned with a reason

1. ``obligation_files.open_file`` opens the dossier of an obligation, once an authority.
2. ``begin`` begins a draft, filled with what was published last. One draft at a time.
3. ``save`` writes fields, national measures and evidence, while it is a draft.
4. ``submit`` asks for review; ``return_to_draft`` sends it back; ``publish`` needs another officer.
5. What is published never changes; publishing the next one supersedes it, and both stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import deadlines, documents, timeline
from registry.access import may
from registry.dossiers import changing
from registry.models import Document, Dossier, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text
from treaties.assessment_fields import TEXTS, checked, missing, too_long
from treaties.models import Assessment, Evidence, NationalMeasure, ObligationFile
from treaties.obligation_files import NOT_ASSESSED, must_be_allowed

Stage = Assessment.Stage
PUBLISHED_STEP, OBLIGATION_MET = "assessment_next_step", "obligation_met"
"""What meets the clocks of an obligation's dossier: the next assessment; that it is met."""

# --- drafting -----------------------------------------------------------------------------


def in_hand(file: ObligationFile) -> Assessment | None:
    """The assessment that is a draft or in review."""
    stages = [Stage.DRAFT, Stage.IN_REVIEW]
    return file.assessments.filter(stage__in=stages).first()


def must_be_in_hand(file: ObligationFile) -> Assessment:
    """The assessment that is a draft or in review. Raises NotPossibleNow where there is none."""
    held = in_hand(file)
    if held is None:
        raise NotPossibleNow(
            "no_assessment_in_hand", _("No assessment is in hand. Begin one first.")
        )
    held.file = file
    return held


def published(file: ObligationFile) -> Assessment | None:
    return file.assessments.filter(stage=Stage.PUBLISHED).first()


def begin(
    file: ObligationFile, *, user: User, now: datetime, expected_version: int | None = None
) -> Assessment:
    """Begin an assessment, with the texts, measures and evidence of the last published one.

    Raises NotAllowed, and NotPossibleNow while one is in hand.
    """
    must_be_allowed(user, "assess", file.owner_id)
    with changing(file.dossier, expected_version=expected_version, now=now) as held:
        if in_hand(file):
            raise NotPossibleNow(
                "assessment_in_hand", _("An assessment is being drafted or reviewed already.")
            )
        last = published(file)
        number = (file.assessments.aggregate(last=Max("number"))["last"] or 0) + 1
        begun = Assessment(
            file=file,
            number=number,
            as_on=deadlines.today_of(file.dossier.owner, now),
            drafted_by=user,
            created_at=now,
        )
        if last:
            copied = ("status", *TEXTS, "responsible_authority_id", "next_step_due")
            for name in copied:
                setattr(begun, name, getattr(last, name))
        begun.save()
        if last:
            _copy_parts(last, begun)
        timeline.record(held, "assessment.begun", actor=user, at=now, number=number)
        _show_status(file, held)
    return begun


def save(
    assessment: Assessment,
    changes: Mapping[str, Any],
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Assessment:
    """Write what was changed in a draft; nothing is written if anything is wrong.

    ``changes`` may hold ``status``, ``as_on`` and ``next_step_due`` (days), the texts of ``TEXTS``,
    ``responsible_authority`` (its number, or None) and ``national_measures`` (a list of objects with
    ``title``, ``article``, ``date`` and ``note``, which replaces the list there is).
    Raises NotAllowed, NotPossibleNow once it is submitted, Stale, and Invalid by field.
    """
    must_be_allowed(user, "assess", assessment.file.owner_id)
    clean, measures = checked(assessment.file, changes, now)
    with _at(assessment, Stage.DRAFT, expected_version=expected_version, now=now) as held:
        before = {name: getattr(assessment, name) for name in clean}
        for name, value in clean.items():
            setattr(assessment, name, value)
        assessment.drafted_by = user
        assessment.save()
        if measures is not None:
            assessment.national_measures.all().delete()
            NationalMeasure.objects.bulk_create(
                NationalMeasure(assessment=assessment, position=place, **measure)
                for place, measure in enumerate(measures, 1)
            )
        changed = sorted(name for name, value in clean.items() if before[name] != value)
        if measures is not None:
            changed.append("national_measures")
        if changed:
            timeline.record(
                held,
                "assessment.edited",
                actor=user,
                at=now,
                number=assessment.number,
                fields=changed,
            )
    return assessment


def add_evidence(
    assessment: Assessment,
    *,
    title: str,
    file_name: str,
    content: Any,
    note: str = "",
    public: bool = False,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Evidence:
    """Keep a document as evidence of a draft. Raises Invalid (``file``, ``note``) and as ``save``."""
    must_be_allowed(user, "assess", assessment.file.owner_id)
    if len(note) > 300:
        raise Invalid("invalid_text", _("The note is too long."), fields={"note": [too_long(300)]})
    with _at(assessment, Stage.DRAFT, expected_version=expected_version, now=now) as held:
        document = documents.keep(
            held,
            kind=Document.Kind.OTHER,
            title=title,
            file_name=file_name,
            content=content,
            user=user,
            now=now,
        )
        kept = Evidence.objects.create(
            assessment=assessment, document=document, note=note.strip(), public=public
        )
        timeline.record(held, "assessment.evidence_added", actor=user, at=now, title=document.title)
    return kept


def remove_evidence(
    assessment: Assessment,
    evidence: int,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Take a document off a draft; it stays in the dossier. Raises ``Evidence.DoesNotExist``."""
    must_be_allowed(user, "assess", assessment.file.owner_id)
    with _at(assessment, Stage.DRAFT, expected_version=expected_version, now=now) as held:
        found = assessment.evidence.select_related("document").get(pk=evidence)
        title = found.document.title
        found.delete()
        timeline.record(held, "assessment.evidence_removed", actor=user, at=now, title=title)


# --- moves --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Possibility:
    """Something that may be done with a file now, or why this person can't do it yet."""

    move: str
    label: Text
    reasons: tuple[Text, ...] = ()

    @property
    def possible(self) -> bool:
        return not self.reasons


MOVES: dict[str, tuple[Text, str]] = {
    "begin": (gettext_lazy("Begin an assessment"), "assess"),
    "submit": (gettext_lazy("Submit for review"), "assess"),
    "return_to_draft": (gettext_lazy("Return to the drafter"), "review_assessment"),
    "publish": (gettext_lazy("Publish"), "review_assessment"),
    "discard": (gettext_lazy("Discard the draft"), "assess"),
}


def possibilities(file: ObligationFile, user: User) -> list[Possibility]:
    """What this person can do next with the file, and what stands in the way."""
    held = in_hand(file)
    if held is None:
        names = ["begin"]
    elif held.stage == Stage.DRAFT:
        names = ["submit", "discard"]
    else:
        names = ["publish", "return_to_draft"]
    found = []
    for name in names:
        label, act = MOVES[name]
        if name == "begin" and published(file):
            label = gettext_lazy("Begin a new assessment")
        if not may(user, act, file.dossier):
            continue
        reasons: list[Text] = []
        if name == "submit" and held:
            reasons = list(missing(held).values())
        elif name == "publish" and held:
            reasons = _not_this_reviewer(held, user)
        found.append(Possibility(name, label, tuple(reasons)))
    return found


def advance(
    file: ObligationFile,
    move: str,
    *,
    user: User,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> None:
    """Make one of the moves of ``MOVES`` on the file; ``reason`` is for returning a draft.

    Raises Invalid (``move``) for an unknown move or without an assessment in hand, and whatever the
    move itself raises.
    """
    common: dict[str, Any] = {"user": user, "now": now, "expected_version": expected_version}
    if move == "begin":
        begin(file, **common)
        return
    if move not in MOVES:
        sentence = _("Choose one of the moves offered.")
        raise Invalid("unknown_move", sentence, fields={"move": [sentence]})
    held = must_be_in_hand(file)
    if move == "return_to_draft":
        return_to_draft(held, reason, **common)
    else:
        {"submit": submit, "publish": publish, "discard": discard}[move](held, **common)


def submit(
    assessment: Assessment, *, user: User, now: datetime, expected_version: int | None = None
) -> Assessment:
    """Ask another officer for review. Raises Invalid with what is missing, by field."""
    must_be_allowed(user, "assess", assessment.file.owner_id)
    with _at(assessment, Stage.DRAFT, expected_version=expected_version, now=now) as held:
        if lacks := missing(assessment):
            raise Invalid(
                "assessment_incomplete",
                _("The assessment is not complete."),
                fields={name: [sentence] for name, sentence in lacks.items()},
            )
        assessment.stage = Stage.IN_REVIEW
        assessment.submitted_by, assessment.submitted_at = user, now
        assessment.return_reason = ""
        assessment.save()
        timeline.record(held, "assessment.submitted", actor=user, at=now, number=assessment.number)
    return assessment


def return_to_draft(
    assessment: Assessment,
    reason: str,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Assessment:
    """Send it back to the drafter. Raises Invalid (``reason``) without a reason."""
    must_be_allowed(user, "review_assessment", assessment.file.owner_id)
    if not reason.strip():
        sentence = _("Say what must be changed.")
        raise Invalid("reason_missing", sentence, fields={"reason": [sentence]})
    with _at(assessment, Stage.IN_REVIEW, expected_version=expected_version, now=now) as held:
        assessment.stage = Stage.DRAFT
        assessment.submitted_by = assessment.submitted_at = None
        assessment.return_reason = reason.strip()[:10_000]
        assessment.save()
        timeline.record(
            held,
            "assessment.returned",
            actor=user,
            at=now,
            number=assessment.number,
            reason=assessment.return_reason,
        )
    return assessment


def publish(
    assessment: Assessment, *, user: User, now: datetime, expected_version: int | None = None
) -> Assessment:
    """Publish what another officer drafted; the one published before is superseded.

    The clock of its next step starts; that of the superseded one is settled by this. Raises
    NotAllowed to who drafted or submitted it, and NotPossibleNow unless it is in review.
    """
    file = assessment.file
    must_be_allowed(user, "review_assessment", file.owner_id)
    with _at(assessment, Stage.IN_REVIEW, expected_version=expected_version, now=now) as held:
        if reasons := _not_this_reviewer(assessment, user):
            raise NotAllowed("four_eyes", reasons[0])
        file.assessments.filter(stage=Stage.PUBLISHED).update(
            stage=Stage.SUPERSEDED, superseded_at=now
        )
        assessment.stage = Stage.PUBLISHED
        assessment.reviewed_by, assessment.published_at = user, now
        assessment.save()
        deadlines.settle(held, PUBLISHED_STEP, met=True, now=now, actor=user)
        if assessment.status in (Assessment.Status.MET, Assessment.Status.NOT_APPLICABLE):
            deadlines.settle(held, OBLIGATION_MET, met=True, now=now, actor=user)
        timeline.record(
            held,
            "assessment.published",
            actor=user,
            at=now,
            number=assessment.number,
            status=assessment.status,
        )
        _start_next_step(assessment, held, user, now)
    return assessment


def discard(
    assessment: Assessment, *, user: User, now: datetime, expected_version: int | None = None
) -> None:
    """Throw a draft away; its documents stay in the dossier."""
    must_be_allowed(user, "assess", assessment.file.owner_id)
    with _at(assessment, Stage.DRAFT, expected_version=expected_version, now=now) as held:
        number = assessment.number
        assessment.delete()
        timeline.record(held, "assessment.discarded", actor=user, at=now, number=number)


# --- what stands behind -------------------------------------------------------------------


@contextmanager
def _at(
    assessment: Assessment, stage: str, *, expected_version: int | None, now: datetime
) -> Iterator[Dossier]:
    """Change an assessment that is at this stage: its dossier locked, both of them fresh.

    Afterwards the dossier shows the status that follows. Raises Stale, and NotPossibleNow at
    another stage.
    """
    file = assessment.file
    with changing(file.dossier, expected_version=expected_version, now=now) as held:
        assessment.refresh_from_db()
        assessment.file = file
        if assessment.stage != stage:
            raise NotPossibleNow(
                "other_stage",
                _("This assessment is %(stage)s now. Reload the page.")
                % {"stage": assessment.get_stage_display()},
            )
        yield held
        _show_status(file, held)


def _show_status(file: ObligationFile, held: Dossier) -> None:
    """Keep on the dossier what lists show: the stage in hand, else what is published."""
    current = in_hand(file)
    if current:
        held.status = current.stage
    else:
        last = published(file)
        held.status = last.status if last else NOT_ASSESSED


def _start_next_step(assessment: Assessment, held: Dossier, user: User, now: datetime) -> None:
    if not assessment.next_step or not assessment.next_step_due:
        return
    if assessment.next_step_due < deadlines.today_of(held.owner, now):
        return
    deadlines.start_until(
        held,
        assessment.next_step_due,
        label=assessment.next_step,
        instrument=assessment.file.obligation.instrument_id or "",
        article=assessment.file.obligation.article,
        met_by_event=PUBLISHED_STEP,
        started_from="assessment.published",
        now=now,
        actor=user,
    )


def _copy_parts(last: Assessment, begun: Assessment) -> None:
    NationalMeasure.objects.bulk_create(
        NationalMeasure(
            assessment=begun,
            title=m.title,
            article=m.article,
            date=m.date,
            note=m.note,
            position=m.position,
        )
        for m in last.national_measures.all()
    )
    Evidence.objects.bulk_create(
        Evidence(assessment=begun, document_id=e.document_id, note=e.note, public=e.public)
        for e in last.evidence.all()
    )


def _not_this_reviewer(assessment: Assessment, user: User) -> list[Text]:
    if user.pk in {assessment.drafted_by_id, assessment.submitted_by_id}:
        return [_("You drafted or submitted this assessment: another officer must review it.")]
    return []
