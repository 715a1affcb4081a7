"""The life of an assessment: how far a State meets an obligation, said by one officer, reviewed by
another, published for good.

::

    (not assessed) → draft → in review → published → superseded by the next one
                       ↑________|  returned with a reason

1. ``open_file`` opens the dossier of an obligation (of one period of it), once an authority.
2. ``begin`` begins a draft, filled with what was published last. One draft at a time.
3. ``save`` writes fields, national measures and evidence, while it is a draft.
4. ``submit`` asks for review; ``return_to_draft`` sends it back; ``publish`` needs another officer.
5. What is published never changes; publishing the next one supersedes it, and both stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import deadlines, documents, timeline
from registry.access import authorities_where, may
from registry.dossiers import changing, open_dossier
from registry.models import Authority, Document, Dossier, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text
from treaties.models import Assessment, Evidence, NationalMeasure, Obligation, ObligationFile
from treaties.owed_obligations import Owed, owed_by

Stage = Assessment.Stage
KIND, KIND_MARK = "obligation", "OBL"
NOT_ASSESSED = "not_assessed"
PUBLISHED_STEP, OBLIGATION_MET = "assessment_next_step", "obligation_met"
"""What meets the clocks of an obligation's dossier: the next assessment; that it is met."""

TEXTS = {
    "explanation": 20_000,
    "internal_note": 20_000,
    "responsible_text": 240,
    "next_step": 2_000,
}
"""The texts of an assessment, each with the most characters that it may have."""


# --- opening ------------------------------------------------------------------------------


def open_file(
    owner: Authority, obligation: Obligation, period: int, *, user: User, now: datetime
) -> ObligationFile:
    """The file of an obligation of the authority's State, opened now if there is none.

    Raises NotAllowed for a role that may not assess and where the file is sealed to this person,
    whose reference is not told; Invalid where the State does not owe it.
    """
    if owner.pk not in authorities_where(user, "assess"):
        raise NotAllowed(
            "role_may_not",
            _("Only ministry reporters and approving officers assess obligations."),
        )
    of_this = {"owner": owner, "obligation": obligation, "period": period}
    if found := visible_files(user).filter(**of_this).select_related("dossier").first():
        return found
    if ObligationFile.objects.filter(**of_this).exists():
        raise NotAllowed(
            "not_open_to_you",
            _("This obligation is not open to you. Ask an approving officer of your authority."),
        )
    today = deadlines.today_of(owner, now)
    owed = next(
        (o for o in owed_by(owner.state_id, today) if o.key == (obligation.pk, period)), None
    )
    if owed is None:
        raise Invalid(
            "not_owed",
            _("Your State does not owe this obligation: it is neither bound nor about to be."),
            fields={"obligation": [_("Choose one of the obligations in the list of your State.")]},
        )
    return open_for(owner, owed, responsible=user, now=now)


def open_for(owner: Authority, owed: Owed, *, responsible: User, now: datetime) -> ObligationFile:
    """Open the file of what is owed, for whoever is responsible; who may is the caller's to check."""
    obligation = owed.obligation
    with transaction.atomic():
        dossier = open_dossier(
            kind=KIND,
            kind_mark=KIND_MARK,
            owner=owner,
            responsible=responsible,
            direction=Dossier.Direction.DOMESTIC,
            counterpart=None,
            status=NOT_ASSESSED,
            title=f"{obligation.pk}: {obligation.text}"[:300],
            now=now,
        )
        return ObligationFile.objects.create(
            dossier=dossier,
            owner=owner,
            state_id=owner.state_id,
            obligation=obligation,
            period=owed.period,
            due_on=owed.due_on,
        )


def visible_files(user: User) -> QuerySet[ObligationFile]:
    """The files of obligations that this person may see."""
    dossiers = Dossier.objects.visible_to(user).filter(kind=KIND)
    return ObligationFile.objects.filter(dossier__in=dossiers.values("pk"))


def get_visible(user: User, reference: str) -> ObligationFile:
    """One file, with what a page of it needs. Raises ``ObligationFile.DoesNotExist``."""
    if "\x00" in reference:
        raise ObligationFile.DoesNotExist
    return (
        visible_files(user)
        .select_related(
            "dossier__owner__state", "dossier__responsible", "obligation__instrument", "state"
        )
        .get(dossier__reference=reference)
    )


# --- drafting -----------------------------------------------------------------------------


def in_hand(file: ObligationFile) -> Assessment | None:
    """The assessment that is a draft or in review."""
    stages = [Stage.DRAFT, Stage.IN_REVIEW]
    return file.assessments.filter(stage__in=stages).first()


def published(file: ObligationFile) -> Assessment | None:
    return file.assessments.filter(stage=Stage.PUBLISHED).first()


def begin(
    file: ObligationFile, *, user: User, now: datetime, expected_version: int | None = None
) -> Assessment:
    """Begin an assessment, with the texts, measures and evidence of the last published one.

    Raises NotAllowed, and NotPossibleNow while one is in hand.
    """
    _allowed(user, "assess", file)
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
    _allowed(user, "assess", assessment.file)
    clean, measures = _checked(assessment.file, changes, now)
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
    _allowed(user, "assess", assessment.file)
    if len(note) > 300:
        raise Invalid("invalid_text", _("The note is too long."), fields={"note": [_too_long(300)]})
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
    _allowed(user, "assess", assessment.file)
    with _at(assessment, Stage.DRAFT, expected_version=expected_version, now=now) as held:
        found = assessment.evidence.select_related("document").get(pk=evidence)
        title = found.document.title
        found.delete()
        timeline.record(held, "assessment.evidence_removed", actor=user, at=now, title=title)


def set_due(
    file: ObligationFile,
    due_on: date | None,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Set the day of an obligation whose day the office sets. Raises Invalid for any other."""
    _allowed(user, "assess", file)
    if file.obligation.due_from != Obligation.DueFrom.OWN_DATE:
        sentence = _("The day of this obligation follows from its instrument.")
        raise Invalid("day_is_the_instruments", sentence, fields={"due_on": [sentence]})
    with changing(file.dossier, expected_version=expected_version, now=now) as held:
        file.due_on = due_on
        file.save(update_fields=["due_on"])
        timeline.record(
            held,
            "assessment.due_set",
            actor=user,
            at=now,
            due_on=due_on.isoformat() if due_on else "",
        )


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


def missing(assessment: Assessment) -> dict[str, Text]:
    """What a draft lacks before it can be reviewed, by field."""
    lacks: dict[str, Text] = {}
    if not assessment.status:
        lacks["status"] = _("Choose how far the obligation is met.")
    if not assessment.explanation.strip():
        lacks["explanation"] = _("Explain the assessment in a sentence or two.")
    met = assessment.status in (Assessment.Status.MET, Assessment.Status.PARTLY_MET)
    if met and not assessment.national_measures.exists() and not assessment.evidence.exists():
        lacks["national_measures"] = _(
            "Name the law or measure by which it is met, or add evidence."
        )
    open_ = assessment.status in (Assessment.Status.NOT_MET, Assessment.Status.PARTLY_MET)
    if open_ and not assessment.next_step.strip():
        lacks["next_step"] = _("Say what will be done next.")
    return lacks


def submit(
    assessment: Assessment, *, user: User, now: datetime, expected_version: int | None = None
) -> Assessment:
    """Ask another officer for review. Raises Invalid with what is missing, by field."""
    _allowed(user, "assess", assessment.file)
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
    _allowed(user, "review_assessment", assessment.file)
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
    _allowed(user, "review_assessment", file)
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
    _allowed(user, "assess", assessment.file)
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


def _checked(
    file: ObligationFile, changes: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    clean: dict[str, Any] = {}
    errors: dict[str, list[Text]] = {}
    for name, longest in TEXTS.items():
        if name in changes:
            text = str(changes[name] or "").replace("\r\n", "\n").replace("\x00", "").strip()
            if len(text) > longest:
                errors[name] = [_too_long(longest)]
            clean[name] = text
    if "status" in changes:
        status = str(changes["status"] or "")
        if status and status not in Assessment.Status.values:
            errors["status"] = [_("Choose one of the answers offered.")]
        clean["status"] = status
    for name in ("as_on", "next_step_due"):
        if name in changes:
            clean[name] = changes[name]
    if "as_on" in clean:
        if clean["as_on"] is None:
            errors["as_on"] = [_("Give the day on which matters stand like this.")]
        elif clean["as_on"] > deadlines.today_of(file.dossier.owner, now):
            errors["as_on"] = [_("This day is to come. Give today or an earlier day.")]
    if "responsible_authority" in changes:
        chosen = changes["responsible_authority"]
        offices = Authority.objects.filter(state_id=file.state_id)
        if chosen and not offices.filter(pk=chosen).exists():
            errors["responsible_authority"] = [_("Choose an authority of your State.")]
        clean["responsible_authority_id"] = chosen or None
    measures = None
    if changes.get("national_measures") is not None:
        measures, wrong = _checked_measures(changes["national_measures"])
        errors.update(wrong)
    if errors:
        raise Invalid("invalid_assessment", _("The assessment was not saved."), fields=errors)
    return clean, measures


def _checked_measures(
    given: Iterable[Mapping[str, Any]],
) -> tuple[list[dict[str, Any]], dict[str, list[Text]]]:
    kept: list[dict[str, Any]] = []
    errors: dict[str, list[Text]] = {}
    for place, row in enumerate(given, 1):
        title = str(row.get("title") or "").strip()
        article = str(row.get("article") or "").strip()
        note = str(row.get("note") or "").strip()
        if not (title or article or note or row.get("date")):
            continue
        name = f"national_measures.{place}"
        if not title:
            errors[name] = [_("Name the law or measure.")]
        elif len(title) > 300 or len(article) > 120 or len(note) > 5000:
            errors[name] = [_("Shorten it: 300 characters for the name, 120 for the article.")]
        kept.append({"title": title, "article": article, "date": row.get("date"), "note": note})
    if len(kept) > 50:
        errors["national_measures"] = [_("Name no more than 50 measures.")]
    return kept, errors


def _too_long(most: int) -> str:
    return _("Shorten it to %(most)s characters.") % {"most": most}


def _allowed(user: User, act: str, file: ObligationFile) -> None:
    if not may(user, act, file.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Only ministry reporters and approving officers of this authority may do this."),
        )


def _not_this_reviewer(assessment: Assessment, user: User) -> list[Text]:
    if user.pk in {assessment.drafted_by_id, assessment.submitted_by_id}:
        return [_("You drafted or submitted this assessment: another officer must review it.")]
    return []
