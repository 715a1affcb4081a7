"""Drafting letters: standard wording filled from the dossier, reworked by officers, made final.

1. ``start`` gathers what the letter says and writes its paragraphs from the standard text.
2. ``rework`` and its kin change one paragraph at a time; ``regenerate`` gathers anew and never
   touches what an officer wrote: it shows where the standard text has moved.
3. ``order`` (or, where the kind needs four eyes, ``submit`` and ``approve``) freezes all that the
   letter says and gives it to the letter machine (``registry/letters.py``).
4. ``record_sent`` keeps how, when and with what proof it left.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from difflib import SequenceMatcher

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from registry import letter_templates, standard_texts
from registry.dossiers import changing
from registry.draft_letter_finishing import (
    approve,
    discard,
    file_returned,
    missing,
    order,
    record_sent,
    return_to_drafter,
    submit,
    take_back,
)
from registry.draft_letter_kinds import JSON, DraftKind, Gathered, kind_of
from registry.draft_letter_rights import ACTS, demand, invalid, may_do, tell, wrote
from registry.models import (
    Dossier,
    DraftLetter,
    DraftParagraph,
    Letter,
    User,
)
from registry.refusals import Invalid, NotPossibleNow, Stale

__all__ = [
    "ACTS",
    "LONGEST",
    "OWN",
    "add_paragraph",
    "address_to",
    "addressee_lines",
    "approve",
    "discard",
    "file_returned",
    "keep_mine",
    "languages_of",
    "leave_out",
    "letters_of",
    "missing",
    "order",
    "parts_of",
    "possibilities",
    "record_sent",
    "regenerate",
    "return_to_drafter",
    "rework",
    "start",
    "submit",
    "take_back",
    "undo",
    "visible_to",
]

LONGEST = 20_000
"""Characters of one paragraph: about eight pages."""
STEP = 100
"""Between the positions of paragraphs of the standard text: an officer's own fit in between."""
OWN = "own-"
"""How the keys of paragraphs begin that an officer added."""

# --- finding ----------------------------------------------------------------------------------


def visible_to(user: User) -> QuerySet[DraftLetter]:
    """The draft letters of the dossiers that this person may see."""
    dossiers = Dossier.objects.visible_to(user)
    return DraftLetter.objects.filter(dossier__in=dossiers.values("pk")).select_related(
        "dossier__owner__state", "letter__document", "drafted_by", "approved_by"
    )


def letters_of(dossier: Dossier) -> list[DraftLetter]:
    """The letters of a dossier that were drafted here, newest first, with what was sent."""
    found = dossier.draft_letters.exclude(state=DraftLetter.State.DISCARDED)
    return list(
        found.select_related("letter__document", "drafted_by").prefetch_related(
            "letter__dispatches"
        )
    )


def possibilities(draft: DraftLetter, user: User) -> list[str]:
    """What this person can do with the letter now, by the names of ``ACTS``."""
    state, four_eyes = draft.state, kind_of(draft.kind).four_eyes
    made = draft.letter is not None and draft.letter.state == Letter.State.MADE
    sent = draft.sent_at is not None
    fitting = {
        "edit": state == DraftLetter.State.DRAFT,
        "submit": state == DraftLetter.State.DRAFT and four_eyes,
        "order": state == DraftLetter.State.DRAFT and not four_eyes,
        "return": state == DraftLetter.State.AWAITING_APPROVAL,
        "approve": state == DraftLetter.State.AWAITING_APPROVAL and not wrote(draft, user),
        "take_back": state == DraftLetter.State.ORDERED and not sent,
        "discard": state == DraftLetter.State.DRAFT,
        "record_sent": state == DraftLetter.State.ORDERED and made,
    }
    return [n for n, fits in fitting.items() if fits and may_do(user, n, draft.dossier, draft.kind)]


# --- writing ----------------------------------------------------------------------------------


def start(
    dossier: Dossier,
    kind: str,
    *,
    language: str = "",
    second_language: str = "",
    about: JSON | None = None,
    user: User,
    now: datetime,
) -> DraftLetter:
    """Begin a letter: every paragraph as the standard text has it.

    Raises NotAllowed, Invalid (``kind``, ``language``) and what the kind's gatherer refuses.
    """
    declared = kind_of(kind)
    demand(user, "edit", dossier, kind)
    if dossier.kind not in declared.matters:
        sentence = _("This kind of letter is not written in this kind of matter.")
        raise Invalid("letter_does_not_fit", sentence, fields={"kind": [sentence]})
    chosen = language or _language_for(declared, dossier)
    for each in filter(None, (chosen, second_language)):
        declared.text(each)
    with changing(dossier, expected_version=None, now=now) as held:
        draft = DraftLetter(
            dossier=held,
            kind=kind,
            language=chosen,
            second_language="" if second_language == chosen else second_language,
            about=about or {},
            drafted_by=user,
            drafted_at=now,
        )
        _gather(draft, now)
        draft.save()
        _write_paragraphs(draft)
        tell(draft, "letter.drafted", user, now)
    return draft


def _language_for(kind: DraftKind, dossier: Dossier) -> str:
    known, wanted = kind.languages(), kind.default_language(dossier)
    return wanted if wanted in known else "en"


def regenerate(draft: DraftLetter, *, user: User, now: datetime) -> None:
    """Gather anew and rewrite the standard text; what an officer wrote stays as it is."""
    with _reworking(draft, user):
        _gather(draft, now)
        draft.save(update_fields=["gathered"])
        _write_paragraphs(draft)


def rework(
    paragraph: DraftParagraph,
    text: str,
    *,
    translation: str | None = None,
    original_language: str | None = None,
    expected_version: int | None = None,
    user: User,
    now: datetime,
) -> DraftParagraph:
    """Write a paragraph anew. The standard text typed again is no rework.

    Raises NotAllowed, NotPossibleNow for a letter that is no draft, Stale when somebody else wrote
    in the same paragraph since, Invalid (``text``) for a table or too long a text.
    """
    text = text.replace("\r\n", "\n").strip()
    if paragraph.shape == DraftParagraph.Shape.TABLE:
        raise invalid(
            "text", _("A table is made from the dossier. Correct it there, or leave it out.")
        )
    if len(text) > LONGEST or len(translation or "") > LONGEST:
        raise invalid("text", _("Shorten this paragraph to 20,000 characters, or split it."))
    with _reworking(paragraph.letter, user):
        fresh = _claimed(paragraph, expected_version)
        if fresh.text is None:
            fresh.base = fresh.standard
        fresh.text = None if text == fresh.standard else text
        if fresh.text is None:
            fresh.base = fresh.standard
        if translation is not None:
            fresh.translation = translation.replace("\r\n", "\n").strip()
        if original_language is not None:
            fresh.original_language = original_language[:10]
        _edited(fresh, user, now)
    return fresh


def undo(paragraph: DraftParagraph, *, user: User, now: datetime) -> DraftParagraph:
    """Back to the standard text; one that the standard letter no longer has goes away."""
    with _reworking(paragraph.letter, user):
        fresh = _claimed(paragraph, None)
        if fresh.orphaned or fresh.key.startswith(OWN):
            fresh.delete()
            return fresh
        fresh.text, fresh.base, fresh.left_out = None, fresh.standard, False
        fresh.translation = fresh.original_language = ""
        _edited(fresh, user, now)
    return fresh


def keep_mine(paragraph: DraftParagraph, *, user: User, now: datetime) -> DraftParagraph:
    """The officer has seen how the standard text moved and keeps what was written."""
    with _reworking(paragraph.letter, user):
        fresh = _claimed(paragraph, None)
        fresh.base = fresh.standard
        _edited(fresh, user, now)
    return fresh


def leave_out(
    paragraph: DraftParagraph, *, left_out: bool, user: User, now: datetime
) -> DraftParagraph:
    """Leave a paragraph out of the letter, or take it in again."""
    with _reworking(paragraph.letter, user):
        fresh = _claimed(paragraph, None)
        fresh.left_out = left_out
        _edited(fresh, user, now)
    return fresh


def add_paragraph(
    draft: DraftLetter, *, after: DraftParagraph | None, language: str, user: User, now: datetime
) -> DraftParagraph:
    """An empty paragraph of the officer's own, after another one or at the end."""
    if language not in languages_of(draft):
        raise invalid("language", _("The letter is not written in this language."))
    with _reworking(draft, user):
        before = after or draft.paragraphs.filter(language=language).last()
        place = before.position + 1 if before else STEP
        number = draft.paragraphs.filter(key__startswith=OWN).count() + 1
        while draft.paragraphs.filter(key=f"{OWN}{number}", language=language).exists():
            number += 1
        return DraftParagraph.objects.create(
            letter=draft,
            language=language,
            key=f"{OWN}{number}",
            position=place,
            shape=DraftParagraph.Shape.OWN_WORDS,
            text="",
            edited_by=user,
            edited_at=now,
        )


def address_to(draft: DraftLetter, text: str, *, user: User) -> None:
    """Write to another addressee than the one gathered; empty: to that one again."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > 1000:
        raise invalid("addressee_text", _("Shorten it to 1,000 characters."))
    with _reworking(draft, user):
        draft.addressee_text = text
        draft.save(update_fields=["addressee_text"])


def languages_of(draft: DraftLetter) -> list[str]:
    return [draft.language, draft.second_language] if draft.second_language else [draft.language]


def addressee_lines(addressee: JSON) -> str:
    """A gathered addressee as an officer would type it."""
    return "\n".join(part for part in (addressee["name"], *addressee["lines"]) if part)


def parts_of(paragraph: DraftParagraph) -> list[tuple[str, str]]:
    """How the standard text moved since the officer reworked it: runs of words, each with
    ``same``, ``gone`` or ``new``; empty where it did not move."""
    if not paragraph.source_changed:
        return []
    before, after = paragraph.base.split(" "), paragraph.standard.split(" ")
    parts: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("same", " ".join(before[i1:i2])))
            continue
        parts += [("gone", " ".join(before[i1:i2]))] if i2 > i1 else []
        parts += [("new", " ".join(after[j1:j2]))] if j2 > j1 else []
    return parts


# --- within -----------------------------------------------------------------------------------


def _gather(draft: DraftLetter, now: datetime) -> None:
    kind = kind_of(draft.kind)
    found = {
        language: _plain(kind.gather(draft.dossier, draft.about, language, now))
        for language in languages_of(draft)
    }
    draft.gathered = found


def _plain(gathered: Gathered) -> JSON:
    return {
        "values": gathered.values,
        "addressee": gathered.addressee,
        "tables": gathered.tables,
        "data": gathered.data,
    }


def _write_paragraphs(draft: DraftLetter) -> None:
    """Write the standard text into the paragraphs: three-way, so that no edit is lost."""
    for language in languages_of(draft):
        text = kind_of(draft.kind).text(language)
        values = draft.gathered[language]["values"]
        office = letter_templates.said(draft.dossier.owner, language)
        wanted = letter_templates.with_office_paragraphs(text.paragraphs_for(values), office)
        known = {p.key: p for p in draft.paragraphs.filter(language=language)}
        for number, standard in enumerate(wanted, start=1):
            row = known.pop(standard.key, None) or DraftParagraph(
                letter=draft, language=language, key=standard.key
            )
            row.position, row.heading = number * STEP, standard.heading
            row.needed, row.orphaned = standard.needed, False
            row.shape = _shape(standard)
            row.standard = standard_texts.filled(standard.text, values, language)
            row.standard_version = text.digest
            if row.text is None:
                row.base = row.standard
            row.save()
        for row in known.values():
            if row.key.startswith(OWN):
                continue
            if row.text is None:
                row.delete()
            else:
                row.orphaned, row.standard, row.needed = True, "", False
                row.save()


def _shape(standard: standard_texts.StandardParagraph) -> str:
    if standard.table:
        return str(DraftParagraph.Shape.TABLE)
    shape = DraftParagraph.Shape.OWN_WORDS if standard.own_words else DraftParagraph.Shape.TEXT
    return str(shape)


@contextmanager
def _reworking(draft: DraftLetter, user: User) -> Iterator[None]:
    """Hold the letter while one of its paragraphs changes; refused once it is no draft."""
    demand(user, "edit", draft.dossier, draft.kind)
    with transaction.atomic():
        held = DraftLetter.objects.filter(pk=draft.pk, state=DraftLetter.State.DRAFT)
        if not held.update(last_edited_by=user):
            raise NotPossibleNow(
                "letter_no_draft", _("This letter is no draft any more. Reload the page.")
            )
        draft.last_edited_by = user
        yield


def _claimed(paragraph: DraftParagraph, expected_version: int | None) -> DraftParagraph:
    """The paragraph as the database has it, its version one up; refused if it is another's."""
    rows = DraftParagraph.objects.filter(pk=paragraph.pk)
    if expected_version is not None:
        rows = rows.filter(version=expected_version)
    if not rows.update(version=F("version") + 1):
        raise Stale(
            "stale",
            _("Somebody else wrote in this paragraph since. Reload it, compare, and write again."),
        )
    return DraftParagraph.objects.select_related("letter__dossier").get(pk=paragraph.pk)


def _edited(paragraph: DraftParagraph, user: User, now: datetime) -> None:
    paragraph.edited_by, paragraph.edited_at = user, now
    paragraph.save()
