"""Taking in a depositary's table: looked at first, then applied in one piece, and undone.

The plan is made anew from the kept file each time it is shown or applied, so that what is applied is
compared with the register as it is then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from registry.documents import content_with, store_content
from registry.models import State, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from treaties.depositary_tables.comparing import Line, Plan, plan
from treaties.models import DepositaryImport, Instrument, RegisterChange
from treaties.register_editing import editing

Stage = DepositaryImport.Stage


def look_at(
    instrument: Instrument,
    *,
    content: bytes,
    file_name: str,
    source: str,
    as_of: date | None,
    user: User,
    now: datetime,
) -> DepositaryImport:
    """Keep a depositary's table for comparison; nothing in the register changes yet.

    Raises NotAllowed, and Invalid: ``file``, ``source``.
    """
    _must_edit(user)
    if not source.strip() or len(source) > 400:
        sentence = _("Name where the table comes from: its address, and the day if it has one.")
        raise Invalid("source_missing", sentence, fields={"source": [sentence]})
    found = plan(instrument, content, file_name)
    return DepositaryImport.objects.create(
        instrument=instrument,
        file_name=file_name[-240:],
        digest=store_content(content),
        source=source.strip(),
        as_of=as_of.isoformat() if as_of else now.date().isoformat(),
        rows=found.rows,
        counts=found.counts,
        looked_at_by=user,
        looked_at=now,
    )


def plan_of(kept: DepositaryImport, named: Mapping[str, str] | None = None) -> Plan:
    """What the table would change now. ``named`` adds to what was said of unknown names before."""
    content = content_with(kept.digest)
    return plan(kept.instrument, content, kept.file_name, {**kept.named, **(named or {})})


def name_participants(
    kept: DepositaryImport, named: Mapping[str, str], *, user: User
) -> DepositaryImport:
    """Say which States unknown names mean. Raises NotAllowed, NotPossibleNow, Invalid (``named``)."""
    _must_edit(user)
    _must_be(kept, Stage.LOOKED_AT)
    chosen = {name: code for name, code in named.items() if code}
    known = set(State.objects.filter(pk__in=list(chosen.values())).values_list("pk", flat=True))
    if unknown := sorted(set(chosen.values()) - known):
        sentence = _("There is no State with the code %(code)s.") % {"code": unknown[0][:8]}
        raise Invalid("unknown_state", sentence, fields={"named": [sentence]})
    kept.named = {**kept.named, **chosen}
    kept.counts = plan_of(kept).counts
    kept.save(update_fields=["named", "counts"])
    return kept


def apply(
    kept: DepositaryImport,
    *,
    chosen: Collection[str] = (),
    reason: str = "",
    user: User,
    now: datetime,
) -> dict[str, int]:
    """Write what the table adds and changes; of what is *kept*, only the lines ``chosen`` by key.

    Raises NotAllowed, NotPossibleNow unless it is still to be applied, and Invalid (``reason``)
    where a correction of the office is overwritten without one.
    """
    _must_edit(user)
    overwritten = set(chosen)
    if overwritten and not reason.strip():
        sentence = _("Say why the table is right against the office's own correction.")
        raise Invalid("reason_missing", sentence, fields={"reason": [sentence]})
    done = {"added": 0, "changed": 0}
    with transaction.atomic():
        taken = DepositaryImport.objects.filter(pk=kept.pk, stage=Stage.LOOKED_AT).update(
            stage=Stage.APPLIED, applied_by=user, applied_at=now
        )
        if not taken:
            raise NotPossibleNow("not_to_apply", _("This table was applied or undone already."))
        kept.refresh_from_db()
        said = _("Table of the depositary: %(source)s") % {"source": kept.source}
        for line in plan_of(kept).lines:
            if line.kind == "kept" and line.key in overwritten:
                _write(kept, line, f"{said}. {reason.strip()}", user, now)
                done["changed"] += 1
            elif line.kind in ("add", "change"):
                _write(kept, line, said, user, now)
                done["added" if line.kind == "add" else "changed"] += 1
        kept.counts = {**kept.counts, **done}
        kept.save(update_fields=["counts"])
    return done


def undo(kept: DepositaryImport, *, user: User, now: datetime) -> tuple[int, list[str]]:
    """Bring back what was before the table; what was changed again since stays, and is named.

    Raises NotAllowed, and NotPossibleNow unless it is applied.
    """
    _must_edit(user)
    undone, stayed = 0, []
    with transaction.atomic():
        taken = DepositaryImport.objects.filter(pk=kept.pk, stage=Stage.APPLIED).update(
            stage=Stage.UNDONE
        )
        if not taken:
            raise NotPossibleNow("not_applied", _("Only a table that was applied can be undone."))
        for change in RegisterChange.objects.filter(batch=kept.batch, undone_by=None).order_by(
            "-id"
        ):
            try:
                reason = _("Table undone: %(source)s") % {"source": kept.source}
                editing.undo(change.pk, reason=reason, user=user, now=now)
                undone += 1
            except NotPossibleNow:
                stayed.append(change.title)
        kept.refresh_from_db()
    return undone, stayed


def _write(kept: DepositaryImport, line: Line, reason: str, user: User, now: datetime) -> None:
    values: dict[str, Any] = {
        "action": line.action,
        "date": line.day,
        "entry_into_force": line.entry,
        "source": kept.source,
        "as_of": kept.as_of,
    }
    common: dict[str, Any] = {
        "reason": reason[:2000],
        "user": user,
        "now": now,
        "origin": RegisterChange.Origin.TABLE,
        "batch": kept.batch,
    }
    if line.fact is None:
        whose = {"instrument": kept.instrument_id, "state": line.state}
        editing.add("participation", values | whose, **common)
    else:
        editing.change("participation", str(line.fact), values, seen=None, **common)


def _must_edit(user: User) -> None:
    if not editing.may_edit(user):
        raise NotAllowed("role_may_not", _("Only administrators take in tables."))


def _must_be(kept: DepositaryImport, stage: str) -> None:
    if kept.stage != stage:
        raise NotPossibleNow("not_to_apply", _("This table was applied or undone already."))
