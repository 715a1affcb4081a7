"""The same person in two matters: found by a sweep, told to those who may know, decided by people.

Steps of the sweep, for each person entered or changed:
1. Write the keys by which the person's names are found.
2. Look in all dossiers, sealed ones included, for persons whose names or identity documents are the
   same and whose birth does not contradict. Protected persons are neither sought nor found: that a
   witness is known elsewhere is itself dangerous.
3. Of matters that hang together in one case file, tell each responsible officer once, and never of
   another matter of the same case.
4. Keep each pair once; take away pairs that nobody has looked at and that are alike no longer.

Who sees what of a match:
- Who may see both dossiers sees both persons, score and reasons, and decides whether they are one.
- Where a dossier may not be seen, the other dossier's responsible officer, and nobody else, is
  told that there is a match: no name, no State, no reference, no score of the other side. When
  both have agreed, each sees the other's name, address and reference; nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import IdentityDocument, LinkedMatter, Person, PersonMatch
from cases.names import Comparison, Verdict, compare
from cases.person_search import anywhere, names_of, visible_persons, write_keys
from registry import bells, timeline
from registry.access import may
from registry.claims import claim_oldest, waiting
from registry.models import Dossier, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow

LEASE = timedelta(minutes=2)
ONE_RUN = 500
CIRCA = 3
"""An estimated year of birth may be so many years off."""
MOST_MATCHES = 50
PAGE = 50
LONGEST_NOTE = 400
Answer, Decision = PersonMatch.Answer, PersonMatch.Decision


# --- the sweep ----------------------------------------------------------------------------


def sweep(now: datetime | None = None) -> int:
    """Work on the persons that wait to be matched. Returns how many."""
    for handled in range(ONE_RUN):
        at = now or timezone.now()
        key = claim_oldest(Person, waiting(Q(matched=False), at), until=at + LEASE)
        if key is None:
            return handled
        match_person(key, now=at)
    bells.ring("cases.tasks.match_persons")
    return ONE_RUN


def match_person(key: int, *, now: datetime) -> None:
    """Bring keys and matches of one person up to date."""
    with transaction.atomic():
        person = (
            Person.objects.select_related("dossier")
            .prefetch_related("names")
            .filter(pk=key)
            .first()
        )
        if person is None:
            return
        if write_keys(person):
            again(hanging_together(person.dossier_id) - {person.dossier_id})
        _keep(person, _found_for(person), now)
        Person.objects.filter(pk=key, identity_version=person.identity_version).update(
            matched=True, claimed_until=None
        )


def hanging_together(dossier: int) -> set[int]:
    """The dossiers of the case or cases to which this one belongs, itself among them. One query
    where it belongs to none."""
    linked = LinkedMatter.objects.filter(Q(dossier=dossier) | Q(case_file=dossier))
    files = set(linked.values_list("case_file", flat=True))
    matters = LinkedMatter.objects.filter(case_file__in=files).values_list("dossier", flat=True)
    return {dossier, *files, *(matters if files else ())}


def again(dossiers: Iterable[int]) -> None:
    """Leave the persons of these dossiers to be matched anew: what they hang together with changed."""
    Person.objects.filter(dossier__in=list(dossiers), matched=True).update(matched=False)
    bells.ring("cases.tasks.match_persons")


def _found_for(person: Person) -> dict[int, tuple[float, list[str]]]:
    """The persons of other cases that this one may be: score and reasons.

    Matters that hang together in a case file are one case, and its person is no news to it. Where one
    officer answers for several of them, that officer is told once, on the oldest entry.
    """
    if person.protected:
        return {}
    names = names_of(person)
    found: dict[int, tuple[float, list[str]]] = {}
    others = Person.objects.filter(protected=False).exclude(dossier=person.dossier_id)
    for other in others.filter(pk__in=anywhere(names)).prefetch_related("names"):
        comparison = _best(names, names_of(other))
        if comparison is not None and _is_match(comparison, births(person, other)):
            found[other.pk] = (comparison.score, list(comparison.reasons))
    for other_key, kind in _same_documents(person):
        _score, reasons = found.get(other_key, (0.0, []))
        found[other_key] = (1.0, [*reasons, _("The same %(kind)s.") % {"kind": kind}])
    ranked = sorted(_told_once(person, found).items(), key=lambda item: (-item[1][0], item[0]))
    return dict(ranked[:MOST_MATCHES])


def _told_once(person: Person, found: dict[int, tuple[float, list[str]]]) -> dict[int, Any]:
    """Of what was found, the entries of one matter for each case and officer; nothing where this
    person's own officer is told on an older entry of another matter of the case."""
    if not found:
        return {}
    ours = hanging_together(person.dossier_id)
    rows = Person.objects.filter(pk__in=found).order_by("pk")
    first: dict[tuple[frozenset[int], int], int] = {}
    groups: dict[int, frozenset[int]] = {}
    told: dict[int, Any] = {}
    for key, dossier, officer in rows.values_list("pk", "dossier", "dossier__responsible"):
        if dossier in ours:
            if key < person.pk and officer == person.dossier.responsible_id:
                return {}
            continue
        if dossier not in groups:
            group = frozenset(hanging_together(dossier))
            groups |= dict.fromkeys(group, group)
        if first.setdefault((groups[dossier], officer), dossier) == dossier:
            told[key] = found[key]
    return told


def _best(names: list[str], others: list[str]) -> Comparison | None:
    compared = [compare(one, other) for one in names for other in others]
    return max(compared, key=lambda c: c.score, default=None)


def _is_match(comparison: Comparison, born: str) -> bool:
    if comparison.verdict == Verdict.SAME:
        return born != "contradict"
    return comparison.verdict == Verdict.POSSIBLE and born == "agree"


def births(one: Person, other: Person) -> str:
    """Whether the birth data ``agree``, ``contradict``, or leave it ``unknown``."""
    if not one.birth_year or not other.birth_year:
        return "unknown"
    (a, b), (c, d) = _years(one), _years(other)
    return "agree" if a <= d and c <= b else "contradict"


def _years(person: Person) -> tuple[int, int]:
    first = person.birth_year or 0
    last = person.birth_year_latest or first
    return (first - CIRCA, last + CIRCA) if person.birth_circa else (first, last)


def _same_documents(person: Person) -> Iterable[tuple[int, str]]:
    for document in person.documents_of_identity.all():
        same = IdentityDocument.objects.filter(
            kind=document.kind, number_key=document.number_key, issued_by=document.issued_by_id
        )
        same = same.exclude(person__dossier=person.dossier_id).filter(person__protected=False)
        for key in same.values_list("person", flat=True):
            yield key, str(document.get_kind_display())


def _keep(person: Person, found: dict[int, tuple[float, list[str]]], now: datetime) -> None:
    untouched = matches_of(person).filter(
        decision=Decision.OPEN, one_answer=Answer.NONE, other_answer=Answer.NONE
    )
    for match in untouched:
        if _other_key(match, person) not in found:
            match.delete()
    for key, (score, reasons) in found.items():
        one, other = sorted((person.pk, key))
        match, new = PersonMatch.objects.get_or_create(
            one_id=one,
            other_id=other,
            defaults={"score": score, "reasons": reasons, "found_at": now},
        )
        if not new and match.score != score:
            PersonMatch.objects.filter(pk=match.pk).update(score=score, reasons=reasons)


def matches_of(person: Person) -> QuerySet[PersonMatch]:
    return PersonMatch.objects.filter(Q(one=person) | Q(other=person))


def _other_key(match: PersonMatch, person: Person) -> int:
    return match.other_id if match.one_id == person.pk else match.one_id


# --- who sees what ------------------------------------------------------------------------


@dataclass(frozen=True)
class Contact:
    """What the two responsible officers learn of each other once both have agreed."""

    name: str
    email: str
    office: str
    reference: str


@dataclass(frozen=True)
class Seen:
    """A match as one person may see it.

    ``theirs``, ``score`` and ``reasons`` are given only to who may see both dossiers; of a match
    with a dossier that may not be seen there is ``mine`` and how far the agreement is.
    """

    key: int
    mine: Person
    theirs: Person | None
    score: float | None
    reasons: tuple[str, ...]
    decision: str
    decision_label: str
    note: str
    stage: str
    contact: Contact | None
    may_answer: bool
    may_decide: bool

    @property
    def hidden(self) -> bool:
        return self.theirs is None


def matches_page(user: User, *, before: int | None = None) -> tuple[list[Seen], int | None]:
    """The matches of all that this person sees or answers for, newest first; the next page's key."""
    visible = Dossier.objects.visible_to(user)
    rows = PersonMatch.objects.filter(_known_to(user, visible))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    page = list(_with_persons(rows).order_by("-pk")[: PAGE + 1])
    shown = _as_seen(page[:PAGE], user)
    return shown, page[PAGE - 1].pk if len(page) > PAGE else None


def matches_on(person: Person, user: User) -> list[Seen]:
    """The matches of one person that this user may know of."""
    visible = Dossier.objects.visible_to(user)
    rows = matches_of(person).filter(_known_to(user, visible))
    return _as_seen(list(_with_persons(rows)[:PAGE]), user, person)


def get_match(user: User, key: int) -> Seen:
    """Raises NotFound for a match that this person may not know of, as for one that is not."""
    visible = Dossier.objects.visible_to(user)
    rows = _with_persons(PersonMatch.objects.filter(_known_to(user, visible), pk=key))
    shown = _as_seen(list(rows), user)
    if not shown:
        raise NotFound("no_such_match", _("There is no such match."))
    return shown[0]


def waiting_for(user: User) -> Q:
    """The dossiers for which this person must look at a match: a condition on Dossier."""
    unanswered = Q(decision=Decision.OPEN)
    one = PersonMatch.objects.filter(
        unanswered, one_answer=Answer.NONE, one__dossier__responsible=user
    )
    other = PersonMatch.objects.filter(
        unanswered, other_answer=Answer.NONE, other__dossier__responsible=user
    )
    return Q(pk__in=one.values("one__dossier")) | Q(pk__in=other.values("other__dossier"))


def _known_to(user: User, visible: QuerySet[Dossier]) -> Q:
    one, other = Q(one__dossier__in=visible), Q(other__dossier__in=visible)
    mine = Q(one__dossier__responsible=user) & one | Q(other__dossier__responsible=user) & other
    return one & other | mine


def _with_persons(rows: QuerySet[PersonMatch]) -> QuerySet[PersonMatch]:
    return rows.select_related(
        "one__dossier__responsible", "one__dossier__owner",
        "other__dossier__responsible", "other__dossier__owner",
    )  # fmt: skip


def _as_seen(matches: list[PersonMatch], user: User, of: Person | None = None) -> list[Seen]:
    dossiers = {p.dossier_id for m in matches for p in (m.one, m.other)}
    visible = set(
        Dossier.objects.visible_to(user).filter(pk__in=dossiers).values_list("pk", flat=True)
    )
    shown = []
    for match in matches:
        mine, theirs = match.one, match.other
        if mine.dossier_id not in visible or (of is not None and theirs.pk == of.pk):
            mine, theirs = theirs, mine
        shown.append(_seen(match, mine, theirs, theirs.dossier_id in visible, user))
    return shown


def _seen(match: PersonMatch, mine: Person, theirs: Person, open_: bool, user: User) -> Seen:
    is_one = mine.pk == match.one_id
    my_answer = match.one_answer if is_one else match.other_answer
    their_answer = match.other_answer if is_one else match.one_answer
    agreed = my_answer == their_answer == Answer.AGREED
    contact = None
    if agreed and not open_:
        dossier = theirs.dossier
        contact = Contact(
            dossier.responsible.name, dossier.responsible.email, dossier.owner.name,
            dossier.reference,
        )  # fmt: skip
    may_edit = may(user, "edit", mine.dossier) or (open_ and may(user, "edit", theirs.dossier))
    return Seen(
        key=match.pk,
        mine=mine,
        theirs=theirs if open_ else None,
        score=match.score if open_ else None,
        reasons=tuple(match.reasons) if open_ else (),
        decision=match.decision if open_ or agreed else Decision.OPEN,
        decision_label=str(Decision(match.decision).label) if open_ or agreed else "",
        note=match.decision_note if open_ else "",
        stage="" if open_ else _stage(my_answer, their_answer),
        contact=contact,
        may_answer=not open_ and not agreed and mine.dossier.responsible_id == user.pk,
        may_decide=may_edit and (open_ or agreed),
    )


def _stage(my_answer: str, their_answer: str) -> str:
    """How far the two sides are: ``asked``, ``waiting``, ``declined``, ``refused``, ``agreed``.

    What the other side has said is told only after one's own answer.
    """
    if my_answer == Answer.NONE:
        return "asked"
    if my_answer == Answer.DECLINED:
        return "declined"
    return {Answer.NONE: "waiting", Answer.DECLINED: "refused"}.get(Answer(their_answer), "agreed")


# --- what people do -----------------------------------------------------------------------


def answer(key: int, *, agree: bool, reason: str = "", user: User, now: datetime) -> Seen:
    """Agree to be put in touch with the other side, or decline with a reason that stays on this side.

    Raises NotFound, NotAllowed for who is not this side's responsible officer, NotPossibleNow once
    both have agreed, Invalid (``reason``) for declining without one.
    """
    seen = get_match(user, key)
    if not seen.hidden:
        raise NotPossibleNow(
            "both_seen", _("You see both sides of this match: decide whether they are one person.")
        )
    if seen.mine.dossier.responsible_id != user.pk:
        raise NotAllowed("not_responsible", _("Only the responsible officer answers for a matter."))
    said = _note(reason, "reason")
    if not agree and not said:
        raise Invalid(
            "invalid",
            _("Say why you decline. Only your side sees it."),
            fields={"reason": [_("Say why you decline. Only your side sees it.")]},
        )
    with transaction.atomic():
        _locked(seen.mine.dossier)
        match = PersonMatch.objects.select_for_update().get(pk=key)
        if match.one_answer == match.other_answer == Answer.AGREED:
            raise NotPossibleNow("agreed_already", _("Both sides have agreed already."))
        side = "one" if match.one_id == seen.mine.pk else "other"
        setattr(match, f"{side}_answer", Answer.AGREED if agree else Answer.DECLINED)
        setattr(match, f"{side}_answered_by", user)
        setattr(match, f"{side}_reason", said)
        match.save(update_fields=[f"{side}_answer", f"{side}_answered_by", f"{side}_reason"])
        event = "match.agreed" if agree else "match.declined"
        _record(seen.mine, event, user, now, reason=said)
    return get_match(user, key)


def decide(key: int, *, same: bool, note: str = "", user: User, now: datetime) -> Seen:
    """Keep the decision of a person on whether the two are one.

    Raises NotFound, and NotAllowed for who sees not both sides or may edit neither.
    """
    seen = get_match(user, key)
    if not seen.may_decide:
        raise NotAllowed("may_not_decide", _("Your role does not allow deciding on this match."))
    said = _note(note, "note")
    sides = [p for p in (seen.mine, seen.theirs) if p is not None]
    with transaction.atomic():
        for person in sorted(sides, key=lambda p: p.dossier_id):
            _locked(person.dossier)
        PersonMatch.objects.filter(pk=key).update(
            decision=Decision.SAME if same else Decision.NOT_SAME,
            decided_by=user,
            decided_at=now,
            decision_note=said,
        )
        for person in sides:
            _record(person, "match.same" if same else "match.not_same", user, now, note=said)
    return get_match(user, key)


def _note(text: Any, field: str) -> str:
    written = " ".join(str(text or "").replace("\x00", "").split())
    if len(written) > LONGEST_NOTE:
        sentence = _("Write at most %(most)s characters.") % {"most": LONGEST_NOTE}
        raise Invalid("too_long", sentence, fields={field: [sentence]})
    return written


def _locked(dossier: Dossier) -> None:
    """The timeline needs the dossier's row; its version stays, so that nobody's draft turns stale."""
    Dossier.objects.select_for_update().only("pk").get(pk=dossier.pk)


def _record(person: Person, event: str, user: User, now: datetime, **data: str) -> None:
    timeline.record(
        person.dossier, event, actor=user, at=now, person=person.pk,
        name=person.name_for_letters, **data,
    )  # fmt: skip


def person_or_refusal(user: User, key: int) -> Person:
    """The person, seen through a dossier; raises NotFound as for one that is not there."""
    person = (
        visible_persons(user)
        .select_related("dossier__owner", "dossier__responsible")
        .filter(pk=key)
        .first()
    )
    if person is None:
        raise NotFound("no_such_person", _("There is no such person."))
    return person
