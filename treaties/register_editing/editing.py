"""Add, correct, remove and verify facts of the register, each change with its history.

1. Only an administrator edits; an administrator or an approving officer verifies, by name.
2. Every change gives a reason, and the source from which the fact is now known.
3. What was corrected by hand is marked so: the loader and the import of a depositary's table leave
   it alone. It is unverified again, unless who corrects it verifies it too.
4. Whoever edits names the last change that they saw (0 where there was none); a later one is Stale.
5. Nothing is lost: each change keeps what was before, and can be undone, which is a change itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from registry.access import authorities_where
from registry.models import Confidence, SourcedFact, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Stale
from treaties import notifications_owed
from treaties.entry_into_force import computed_day
from treaties.models import Participation, RegisterChange
from treaties.register_editing.fact_kinds import (
    FactKind,
    as_values,
    concerns,
    kind_of,
    kind_of_fact,
    title_of,
)

Act, Origin = RegisterChange.Act, RegisterChange.Origin
NOT_OF_THE_FACT = {"verified_by_id", "verified_at", "office_edited", "confidence"}


def may_edit(user: User) -> bool:
    return bool(authorities_where(user, "edit_register"))


def may_verify(user: User) -> bool:
    return bool(authorities_where(user, "verify_register"))


def history_of(kind: str, key: str) -> QuerySet[RegisterChange]:
    """The changes of a fact, latest first."""
    return RegisterChange.objects.filter(kind=kind, key=key).select_related("actor", "undone_by")


def last_change(kind: str, key: str) -> int:
    """The number of the last change of a fact; 0 where there was none."""
    return history_of(kind, key).values_list("pk", flat=True).first() or 0


def add(
    kind_code: str,
    values: Mapping[str, Any],
    *,
    reason: str,
    verified: bool = False,
    user: User,
    now: datetime,
    origin: str = Origin.OFFICE,
    batch: str = "",
) -> SourcedFact:
    """Add a fact. Raises NotAllowed, NotFound for the kind, and Invalid by field."""
    _must_edit(user)
    kind = kind_of(kind_code)
    if not kind.added:
        raise NotPossibleNow("not_added", _("Facts of this kind are corrected, not added."))
    with transaction.atomic():
        fact = _checked(kind, values, reason=reason)
        _mark(fact, verified=verified, user=user, now=now)
        _saved(fact)
        _record(Act.ADDED, fact, {}, as_values(fact), reason, user, now, origin, batch)
    return fact


def change(
    kind_code: str,
    key: str,
    values: Mapping[str, Any],
    *,
    reason: str,
    seen: int | None,
    verified: bool = False,
    user: User,
    now: datetime,
    origin: str = Origin.OFFICE,
    batch: str = "",
) -> SourcedFact:
    """Correct fields of a fact; those left out stay. ``seen`` None takes any version.

    Raises NotAllowed, NotFound, Stale, and Invalid by field.
    """
    _must_edit(user)
    kind = kind_of(kind_code)
    with transaction.atomic():
        fact = _locked(kind, key, seen)
        before = as_values(fact)
        fact = _checked(kind, values, reason=reason, fact=fact)
        _mark(fact, verified=verified, user=user, now=now)
        _saved(fact)
        old, new = _difference(before, as_values(fact))
        _record(Act.CHANGED, fact, old, new, reason, user, now, origin, batch)
    return fact


def remove(
    kind_code: str, key: str, *, reason: str, seen: int | None, user: User, now: datetime
) -> None:
    """Take a fact out of the register; the loader does not bring it back.

    Raises NotAllowed, NotFound, Stale, Invalid (``reason``), and NotPossibleNow where matters or
    other facts refer to it.
    """
    _must_edit(user)
    kind = kind_of(kind_code)
    if not kind.added:
        raise NotPossibleNow("not_removed", _("Facts of this kind are corrected, not removed."))
    _reasoned(reason)
    with transaction.atomic():
        fact = _locked(kind, key, seen)
        before = as_values(fact)
        _record(Act.REMOVED, fact, before, {}, reason, user, now, Origin.OFFICE)
        _delete(fact)


def verify(
    kind_code: str, key: str, *, source: str, seen: int | None, user: User, now: datetime
) -> SourcedFact:
    """Say by name that a fact was compared with its source, and which.

    Raises NotAllowed, NotFound, Stale, and Invalid (``source``).
    """
    if not may_verify(user):
        raise NotAllowed(
            "role_may_not", _("Only administrators and approving officers verify facts.")
        )
    if not source.strip() or len(source) > 1000:
        sentence = _("Name what you compared it with, in at most 1,000 characters.")
        raise Invalid("source_missing", sentence, fields={"source": [sentence]})
    kind = kind_of(kind_code)
    with transaction.atomic():
        fact = _locked(kind, key, seen)
        before = as_values(fact)
        fact.confidence = Confidence.VERIFIED
        fact.verified_by, fact.verified_at = user, now
        fact.save()
        old, new = _difference(before, as_values(fact))
        _record(Act.VERIFIED, fact, old, new, source.strip(), user, now, Origin.OFFICE)
    return fact


def undo(change_number: int, *, reason: str = "", user: User, now: datetime) -> RegisterChange:
    """Bring back what was before a change; it must be the last one of its fact.

    Raises NotAllowed, NotFound, and NotPossibleNow.
    """
    _must_edit(user)
    done = RegisterChange.objects.filter(pk=change_number).first()
    if done is None:
        raise NotFound("not_found", _("There is no such change."))
    with transaction.atomic():
        if last_change(done.kind, done.key) != done.pk:
            raise NotPossibleNow(
                "changed_since", _("The fact was changed again since. Undo the later change first.")
            )
        kind = kind_of(done.kind)
        said = reason.strip() or _("Undone.")
        if done.act == Act.ADDED:
            fact = _locked(kind, done.key, None)
            act, old, new = Act.REMOVED, as_values(fact), {}
        elif done.act == Act.REMOVED:
            fact = kind.model(**done.before)
            act, old, new = Act.ADDED, {}, done.before
        else:
            fact = _locked(kind, done.key, None)
            for name, value in done.before.items():
                field: Any = kind.model._meta.get_field(name)
                setattr(fact, name, field.to_python(value))
            act, old, new = Act.CHANGED, done.after, done.before
        made = _record(act, fact, old, new, said, user, now, Origin.UNDO, undoes=done)
        if act == Act.REMOVED:
            _delete(fact)
        else:
            _saved(fact)
    return made


def removed_keys(kind_code: str, names: tuple[str, ...]) -> set[tuple[Any, ...]]:
    """The natural keys of facts that an office removed and nobody brought back."""
    found = RegisterChange.objects.filter(kind=kind_code, act=Act.REMOVED, undone_by=None)
    return {
        tuple(before.get(name) for name in names)
        for before in found.values_list("before", flat=True)
    }


def record_loaded(
    fact: SourcedFact, before: dict[str, Any], now: datetime
) -> RegisterChange | None:
    """What the register's files changed, as a row still to be written; None for what nobody edits."""
    kind = kind_of_fact(fact)
    if kind is None:
        return None
    old, new = _difference(before, as_values(fact))
    instrument, state = concerns(fact)
    return RegisterChange(
        kind=kind.code,
        key=str(fact.pk),
        title=title_of(fact),
        instrument=instrument,
        state=state,
        act=Act.CHANGED,
        origin=Origin.FILES,
        before=old,
        after=new,
        at=now,
    )


# --- what stands behind -------------------------------------------------------------------


def _must_edit(user: User) -> None:
    if not may_edit(user):
        raise NotAllowed(
            "role_may_not",
            _("Only administrators edit the register. Propose the correction instead."),
        )


def _reasoned(reason: str) -> str:
    if not reason.strip() or len(reason) > 2000:
        sentence = _("Say why, in at most 2,000 characters.")
        raise Invalid("reason_missing", sentence, fields={"reason": [sentence]})
    return reason.strip()


def _locked(kind: FactKind, key: str, seen: int | None) -> Any:
    """The fact, its row held until the transaction ends. Raises NotFound and Stale."""
    kind.of(key)
    fact = kind.model._default_manager.select_for_update().get(pk=key)
    if seen is not None and last_change(kind.code, key) != seen:
        raise Stale(
            "stale",
            _("Somebody changed this fact after you opened it. Look at it again, then change it."),
        )
    return fact


def _checked(kind: FactKind, values: Mapping[str, Any], *, reason: str, fact: Any = None) -> Any:
    """The fact with these values, checked by its form. Raises Invalid by field."""
    form_class = kind.form(adding=fact is None)
    given = dict(values)
    unknown = sorted(set(given) - set(form_class.base_fields))
    if fact is not None:
        standing = form_class(instance=fact).initial
        given = {**standing, **{k: v for k, v in given.items() if k in standing}}
    form = form_class(given, instance=fact)
    errors = {name: [str(e) for e in said] for name, said in form.errors.items()}
    errors = {("" if name == "__all__" else name): said for name, said in errors.items()}
    for name in unknown:
        errors[name] = [_("This is not a field of it, or cannot be changed.")]
    if not str(given.get("source") or "").strip():
        errors["source"] = [_("Name the source from which this is known.")]
    try:
        _reasoned(reason)
    except Invalid as missing:
        errors |= missing.by_field()
    if errors:
        raise Invalid("invalid_fact", _("The register was not changed."), fields=errors)
    made = form.save(commit=False)
    if isinstance(made, Participation):
        _with_its_day(made)
    return made


def _with_its_day(act: Participation) -> None:
    """Where no day of entry into force is given, the one that the instrument's own rule gives."""
    computed = computed_day(act.instrument, act.action, act.date)
    if act.entry_into_force is None:
        act.entry_into_force = computed
    act.entry_computed = computed is not None and act.entry_into_force == computed


def _mark(fact: Any, *, verified: bool, user: User, now: datetime) -> None:
    fact.office_edited = True
    if verified and not may_verify(user):
        verified = False
    fact.confidence = Confidence.VERIFIED if verified else Confidence.UNVERIFIED
    fact.verified_by = user if verified else None
    fact.verified_at = now if verified else None


def _saved(fact: Any) -> None:
    try:
        with transaction.atomic():
            fact.save()
    except IntegrityError:
        sentence = _("The register holds this already, or it contradicts what it holds.")
        raise Invalid("duplicate", sentence, fields={"": [sentence]}) from None


def _delete(fact: Any) -> None:
    """Raises NotPossibleNow where matters or other facts refer to it."""
    try:
        with transaction.atomic():
            fact.delete()
    except ProtectedError:
        raise NotPossibleNow(
            "in_use", _("Matters or other facts refer to it. Correct it instead.")
        ) from None


def _difference(
    before: dict[str, Any], after: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that changed, as they were and as they are."""
    names = [name for name in after if before.get(name) != after[name]]
    return {n: before.get(n) for n in names}, {n: after[n] for n in names}


def _record(
    act: str,
    fact: Any,
    old: dict[str, Any],
    new: dict[str, Any],
    reason: str,
    user: User | None,
    now: datetime,
    origin: str,
    batch: str = "",
    undoes: RegisterChange | None = None,
) -> RegisterChange:
    kind = kind_of_fact(fact)
    instrument, state = concerns(fact)
    made = RegisterChange.objects.create(
        kind=kind.code if kind else "",
        key=str(fact.pk),
        title=title_of(fact),
        instrument=instrument,
        state=state,
        act=act,
        origin=origin,
        before=old,
        after=new,
        reason=reason.strip(),
        batch=batch,
        undoes=undoes,
        actor=user,
        at=now,
    )
    notifications_owed.after(made, fact, now)
    return made
