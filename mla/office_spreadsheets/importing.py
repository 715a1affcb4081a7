"""What an officer does with a spreadsheet: take it in, name its columns, answer, apply, undo.

Nothing is written to any dossier before ``apply``. Reading, checking, applying and undoing are left
to the sweep (``working.py``); these functions only say that it is wanted.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from mla.models import RememberedColumns, SpreadsheetImport, SpreadsheetRow
from mla.office_spreadsheets import fields
from mla.office_spreadsheets.understanding import KEEP_AS_NOTE, Understanding
from registry import bells, table_reading
from registry.access import MAY, authorities_where, roles_by_authority
from registry.documents import store_content
from registry.models import Authority, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from registry.written_days import DAY_FIRST, MONTH_FIRST

Stage, State = SpreadsheetImport.Stage, SpreadsheetRow.State
HEADINGS_WITHIN = 30
SAMPLE_ROWS = 5
ANSWERABLE = ("state", "nationality", "status", "role", "responsible", "instrument", "measures", "offences")  # fmt: skip
"""Fields of which an unknown value can be answered."""
MAY_BE_LEFT = ("nationality", "role", "responsible", "instrument", "measures", "offences")
SWEEP = "mla.tasks.work_on_spreadsheets"


def visible_to(user: User) -> QuerySet[SpreadsheetImport]:
    """The spreadsheets that this person took in: their rows may tell of sealed matters."""
    return SpreadsheetImport.objects.filter(taken_in_by=user.pk).select_related("owner__state")


def offices_of(user: User) -> QuerySet[Authority]:
    """The authorities for which the person may take in spreadsheets."""
    return Authority.objects.filter(
        pk__in=authorities_where(user, "import_records"), reference_prefix__isnull=False
    ).select_related("state")


def take_in(
    *,
    owner: Authority,
    kind: str,
    content: bytes,
    file_name: str,
    user: User,
    now: datetime,
) -> SpreadsheetImport:
    """Keep a spreadsheet and recognise its columns; the sweep then reads its rows.

    The columns are those that the office gave to the last spreadsheet with the same headings, else
    those that the headings tell. Raises NotAllowed, Invalid (``file``, ``kind``).
    """
    _must_import(user, owner)
    if kind not in SpreadsheetImport.Kind.values:
        sentence = _("Choose what the rows are.")
        raise Invalid("unknown_kind", sentence, fields={"kind": [sentence]})
    if len(content) > settings.DOCUMENT_MAX_BYTES:
        raise table_reading.unreadable(
            _("This file is larger than %(limit)s MB. Split it.")
            % {"limit": settings.DOCUMENT_MAX_BYTES // (1024 * 1024)}
        )
    sheet, headings, first_row, sample = _looked_over(io.BytesIO(content), kind)
    signature = fields.signature_of(headings)
    remembered = RememberedColumns.objects.filter(
        owner=owner, kind=kind, signature=signature
    ).first()
    mapping = remembered.mapping if remembered else fields.recognised(headings, kind)
    taken_in = SpreadsheetImport.objects.create(
        owner=owner,
        kind=kind,
        file_name=(file_name or "table").replace("\x00", "")[-240:],
        digest=store_content(content),
        sheet=sheet,
        headings=headings,
        first_row=first_row,
        sample=sample,
        signature=signature,
        mapping=mapping,
        choices=remembered.choices if remembered else {},
        stage=Stage.READING,
        taken_in_by=user,
        taken_in_at=now,
    )
    bells.ring(SWEEP)
    return taken_in


def _looked_over(stream: IO[bytes], kind: str) -> tuple[str, list[str], int, list[list[str]]]:
    """The sheet whose first rows name most columns: its name, headings, first row and a sample."""
    best: tuple[int, str, list[str], int, list[list[str]]] | None = None
    with table_reading.sheets(stream) as sheets:
        for title, rows in sheets:
            first = list(islice(rows, HEADINGS_WITHIN + SAMPLE_ROWS))
            for number, row in enumerate(first[:HEADINGS_WITHIN], 1):
                named = len(fields.recognised(row, kind))
                if any(row) and (best is None or named > best[0]):
                    sample = [each for each in first[number:] if any(each)][:SAMPLE_ROWS]
                    best = (named, title, row, number + 1, sample)
    if best is None or not best[4]:
        raise table_reading.unreadable(
            _("No rows were found below a row of headings. Choose a file with both.")
        )
    return best[1], best[2], best[3], best[4]


def map_columns(
    taken_in: SpreadsheetImport, mapping: Mapping[str, str], *, user: User, now: datetime
) -> SpreadsheetImport:
    """Say which field each column holds, and have the rows checked by it. Remembered by the office.

    Raises NotPossibleNow while it is being worked on or once applied, Invalid (``mapping``).
    """
    known = {field.code: field for field in fields.of_kind(taken_in.kind)}
    chosen = {
        place: code
        for place, code in mapping.items()
        if code and place.isdecimal() and int(place) < len(taken_in.headings)
    }
    wrong: list[str] = []
    if unknown := sorted(set(chosen.values()) - known.keys()):
        wrong.append(_("There is no field “%(field)s”.") % {"field": unknown[0][:40]})
    for code, places in fields.places(chosen).items():
        if code in known and len(places) > 1 and not known[code].several:
            wrong.append(
                _("“%(field)s” is chosen for more than one column. Keep one of them.")
                % {"field": known[code].label}
            )
    wrong += [
        _("Say which column holds “%(field)s”.") % {"field": field.label}
        for field in known.values()
        if field.needed and field.code not in chosen.values()
    ]
    if taken_in.kind != fields.REQUESTS and not {"own_reference", "foreign_reference"} & set(
        chosen.values()
    ):
        wrong.append(_("Say which column holds the reference of the request."))
    if wrong:
        raise Invalid("mapping_incomplete", wrong[0], fields={"mapping": wrong})
    return _again(taken_in, user=user, now=now, mapping=chosen)


def answer(
    taken_in: SpreadsheetImport, choices: Mapping[str, Any], *, user: User, now: datetime
) -> SpreadsheetImport:
    """Say what values mean that were not understood, and have the rows checked again.

    ``choices`` holds, by field, what each text means (``-``: keep it as a note), and ``day_order``.
    Raises NotPossibleNow, Invalid by field.
    """
    merged: dict[str, Any] = dict(taken_in.choices)
    wrong: dict[str, list[str]] = {}
    understanding = Understanding(taken_in, now=now)
    for code, given in choices.items():
        if code == "day_order":
            if given not in ("", DAY_FIRST, MONTH_FIRST):
                wrong["day_order"] = [_("Say “dmy” or “mdy”.")]
            merged["day_order"] = given
        elif code in ANSWERABLE and isinstance(given, Mapping):
            allowed = {value for value, _label in understanding.options(code)}
            if code in MAY_BE_LEFT:
                allowed.add(KEEP_AS_NOTE)
            said = {str(text)[:500]: str(value) for text, value in given.items() if value}
            if any(value not in allowed for value in said.values()):
                wrong[code] = [_("Choose one of those offered.")]
            merged[code] = {**merged.get(code, {}), **said}
        else:
            wrong[str(code)[:40]] = [_("There is nothing to answer here.")]
    if wrong:
        raise Invalid("invalid", _("Some of the answers cannot be kept."), fields=wrong)
    return _again(taken_in, user=user, now=now, choices=merged)


def _again(
    taken_in: SpreadsheetImport, *, user: User, now: datetime, **changed: Any
) -> SpreadsheetImport:
    """Change what the check goes by, remember it for the office, and ask for the check."""
    _must_import(user, taken_in.owner)
    with transaction.atomic():
        held = _held(taken_in, Stage.MAPPING, Stage.CHECKED, Stage.READING, Stage.FAILED)
        for name, value in changed.items():
            setattr(held, name, value)
        read = held.rows > 0
        _begin(held, Stage.CHECKING if read else Stage.READING)
        RememberedColumns.objects.update_or_create(
            owner=held.owner,
            kind=held.kind,
            signature=held.signature,
            defaults={"mapping": held.mapping, "choices": held.choices, "changed_at": now},
        )
    taken_in.refresh_from_db()
    return taken_in


def apply(
    taken_in: SpreadsheetImport,
    *,
    user: User,
    now: datetime,
    although_known: bool = False,
    without_the_wrong: bool = False,
) -> SpreadsheetImport:
    """Have the rows written that are ready; with ``although_known``, also those known already.

    Raises NotPossibleNow unless it is checked, Invalid where rows are wrong and it was not said that
    they are left out (``without_the_wrong``).
    """
    _must_import(user, taken_in.owner)
    with transaction.atomic():
        held = _held(taken_in, Stage.CHECKED)
        counts = counts_of(held)
        if counts["wrong"] and not without_the_wrong:
            sentence = _(
                "%(n)s rows are to be corrected. Correct them, or say that they are left out."
            ) % {"n": counts["wrong"]}
            raise Invalid("rows_wrong", sentence, fields={"without_the_wrong": [sentence]})
        if although_known:
            held.lines.filter(state=State.DUPLICATE).update(state=State.READY)
            counts = counts_of(held)
        if not counts["ready"]:
            sentence = _("No row is ready to be written.")
            raise NotPossibleNow("nothing_ready", sentence)
        held.choices = {**held.choices, "although_known": although_known}
        held.applied_at = now
        _begin(held, Stage.APPLYING)
    taken_in.refresh_from_db()
    return taken_in


def undo(taken_in: SpreadsheetImport, *, user: User, now: datetime) -> SpreadsheetImport:
    """Have everything undone that it wrote, in one piece.

    Raises NotPossibleNow unless it is applied, or where anything of it was changed since: then
    nothing is undone, and the first of what was changed is named.
    """
    _must_import(user, taken_in.owner)
    with transaction.atomic():
        held = _held(taken_in, Stage.APPLIED)
        changed = changed_since(held)
        if total := changed.count():
            named = ", ".join(
                changed.order_by("number").values_list("dossier__reference", flat=True)[:5]
            )
            raise NotPossibleNow(
                "changed_since",
                _(
                    "%(n)s of what it wrote was changed since, so it cannot be undone in one "
                    "piece. The first: %(named)s."
                )
                % {"n": total, "named": named},
            )
        held.undone_at = now
        _begin(held, Stage.UNDOING)
    taken_in.refresh_from_db()
    return taken_in


def discard(taken_in: SpreadsheetImport, *, user: User) -> None:
    """Forget a spreadsheet of which nothing was written. Raises NotPossibleNow."""
    _must_import(user, taken_in.owner)
    with transaction.atomic():
        held = _held(taken_in, Stage.MAPPING, Stage.CHECKED, Stage.FAILED, Stage.READING)
        if held.lines.filter(dossier__isnull=False).exists():
            raise NotPossibleNow("written_already", _("Some of it is written. Undo it instead."))
        held.lines.all()._raw_delete("default")
        held.delete()


def changed_since(taken_in: SpreadsheetImport) -> QuerySet[SpreadsheetRow]:
    """The rows whose dossier was changed after they were written."""
    return taken_in.lines.filter(state=State.WRITTEN).exclude(dossier__version=F("version_after"))


def counts_of(taken_in: SpreadsheetImport) -> dict[str, int]:
    """How many rows are in each state."""
    found = dict(taken_in.lines.order_by().values_list("state").annotate(Count("id")))
    return {state: found.get(state, 0) for state in State.values}


def _held(taken_in: SpreadsheetImport, *stages: str) -> SpreadsheetImport:
    """The row under lock, if it is in one of these stages."""
    held = SpreadsheetImport.objects.select_for_update().get(pk=taken_in.pk)
    if held.stage not in stages:
        raise NotPossibleNow(
            "not_now",
            _("This cannot be done while the spreadsheet is: %(stage)s")
            % {"stage": held.get_stage_display()},
        )
    return held


def _begin(held: SpreadsheetImport, stage: str) -> None:
    """Leave the next stage to the sweep, from its beginning."""
    held.stage, held.read_to, held.handled = stage, 0, 0
    held.claimed_until, held.attempts, held.last_error = None, 0, ""
    held.save()
    bells.ring(SWEEP)


def _must_import(user: User, owner: Authority) -> None:
    if not MAY["import_records"] & roles_by_authority(user).get(owner.pk, frozenset()):
        raise NotAllowed(
            "role_may_not",
            _("Only officers of the authority take in its spreadsheets."),
            fields={"owner": [_("Choose an authority in which you are an officer.")]},
        )
