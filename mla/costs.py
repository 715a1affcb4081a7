"""The costs of a request, in both directions: estimated, consulted on, agreed, paid.

Who bears them is what the instrument says (``treaties/cost_rules.py``) until the two States agree
otherwise. A substantial or extraordinary cost is agreed only after a consultation, and paid only as
agreed; a request that has an unsettled one is not closed without saying why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mla import draft_fields, money, recording
from mla.measures import measure_of
from mla.models import AssistanceRequest, Cost
from registry import timeline
from registry.access import may
from registry.deadlines import today_of
from registry.models import User
from registry.refusals import Invalid, NotFound, NotPossibleNow
from treaties import cost_rules
from treaties.cost_rules import CostRule

MOST = 200
Nature, Bearer = Cost.Nature, Cost.Bearer


@dataclass(frozen=True)
class Sum:
    """The costs in one currency; sums of two currencies are never added."""

    currency: str
    estimated: Decimal
    agreed: Decimal
    paid: Decimal


def costs_of(request: AssistanceRequest) -> QuerySet[Cost]:
    return Cost.objects.filter(request=request).select_related("measure__kind")


def unsettled(request: AssistanceRequest) -> QuerySet[Cost]:
    """The extraordinary costs that are neither paid nor dropped."""
    return Cost.objects.filter(
        request=request, nature=Nature.EXTRAORDINARY, paid_on=None, dropped_reason=""
    )


def rules(request: AssistanceRequest) -> list[CostRule]:
    """What the legal basis says of costs; nothing where that is not known."""
    basis = request.basis
    return cost_rules.rules_of(basis.pk, basis.parent_id) if basis else []


def sums(costs: Iterable[Cost]) -> list[Sum]:
    """By currency: what is estimated, agreed and paid of the costs that arise."""
    arising = [cost for cost in costs if not cost.dropped_reason]

    def of(name: str) -> dict[str, Decimal]:
        return money.sums(
            (c.currency, value) for c in arising if (value := getattr(c, name)) is not None
        )

    estimated, agreed, paid = of("estimated"), of("agreed"), of("paid")
    nothing = Decimal(0)
    return [
        Sum(code, estimated.get(code, nothing), agreed.get(code, nothing), paid.get(code, nothing))
        for code in sorted({c.currency for c in arising})
    ]


def may_record(request: AssistanceRequest, user: User) -> bool:
    return may(user, recording.act_of(request.dossier), request.dossier)


def add(
    request: AssistanceRequest,
    fields: Mapping[str, Any],
    *,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Cost:
    """Note a cost that arises or will. Raises Invalid by field.

    Where nobody says who bears it, it is who the instrument says.
    """
    wish = {"nature": None, "description": "", "currency": "", **fields}
    stored = draft_fields.read(wish, _readers(request, wish))
    if not stored["description"]:
        sentence = _("Say what the cost is for.")
        raise Invalid("invalid", sentence, fields={"description": [sentence]})
    with recording.under_lock(request, user, expected_version, now) as held:
        if Cost.objects.filter(request=held).count() >= MOST:
            sentence = _("A request has at most %(most)s costs.") % {"most": MOST}
            raise Invalid("too_many", sentence, fields={"description": [sentence]})
        cost = Cost(request=held, added_by=user, added_at=now, **stored)
        if not cost.bearer:
            cost.bearer = _bearer_by_rule(held, cost.nature)
        cost.save(force_insert=True)
        timeline.record(
            held.dossier,
            "mla.cost_noted",
            actor=user,
            at=now,
            description=cost.description,
            nature=cost.nature,
            amount=_said(cost.estimated),
            currency=cost.currency,
        )
        return cost


def note_consultation(
    request: AssistanceRequest,
    cost: int,
    *,
    on: Any,
    note: str = "",
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Cost:
    """Record that the two States consulted on a cost before it arises."""
    given = _read(request, now, {"on": on, "note": note})
    with _one(request, cost, user, expected_version, now) as found:
        if not found.is_extraordinary:
            raise NotPossibleNow(
                "ordinary_cost", _("An ordinary cost needs no consultation with the other side.")
            )
        found.consulted_on, found.consultation_note = given["on"], given["note"]
        found.save(update_fields=["consulted_on", "consultation_note"])
        _tell(found, "mla.cost_consulted", user, now, note=given["note"], day=_iso(given["on"]))
    return found


def agree(
    request: AssistanceRequest,
    cost: int,
    *,
    amount: Any,
    bearer: str,
    on: Any,
    note: str = "",
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Cost:
    """Record how much was agreed and who bears it.

    Raises NotPossibleNow for an extraordinary cost on which nobody consulted yet.
    """
    with _one(request, cost, user, expected_version, now) as found:
        if found.is_extraordinary and found.consulted_on is None:
            raise NotPossibleNow(
                "consult_first",
                _("Record the consultation with the other side first, then what was agreed."),
            )
        given = _read(
            request,
            now,
            {"amount": amount, "bearer": bearer, "on": on, "note": note},
            amount=money.amount_in(found.currency),
            bearer=draft_fields.choice(Bearer.values),
        )
        found.agreed, found.agreed_on = _needed("amount", given["amount"]), given["on"]
        found.bearer, found.agreement_note = given["bearer"], given["note"]
        found.save(update_fields=["agreed", "agreed_on", "bearer", "agreement_note"])
        _tell(
            found,
            "mla.cost_agreed",
            user,
            now,
            amount=_said(found.agreed),
            bearer=found.bearer,
            note=given["note"],
        )
    return found


def pay(
    request: AssistanceRequest,
    cost: int,
    *,
    amount: Any,
    on: Any,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Cost:
    """Record that a cost was paid; also when the request is closed.

    Raises NotPossibleNow for an extraordinary cost that is not agreed.
    """
    with _one(request, cost, user, expected_version, now) as found:
        if found.is_extraordinary and found.agreed_on is None:
            raise NotPossibleNow(
                "agree_first", _("Record first what was agreed with the other side on this cost.")
            )
        given = _read(
            request, now, {"amount": amount, "on": on}, amount=money.amount_in(found.currency)
        )
        found.paid, found.paid_on = _needed("amount", given["amount"]), given["on"]
        found.save(update_fields=["paid", "paid_on"])
        _tell(found, "mla.cost_paid", user, now, amount=_said(found.paid), day=_iso(found.paid_on))
    return found


def drop(
    request: AssistanceRequest,
    cost: int,
    *,
    reason: str,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Cost:
    """Record that a cost does not arise, or is waived, with the reason. It stays on the record."""
    given = draft_fields.read({"reason": reason}, {"reason": draft_fields.text(10_000)})
    if not given["reason"].strip():
        sentence = _("Say why the cost does not arise or is not claimed.")
        raise Invalid("invalid", sentence, fields={"reason": [sentence]})
    with _one(request, cost, user, expected_version, now) as found:
        found.dropped_reason = given["reason"].strip()
        found.save(update_fields=["dropped_reason"])
        _tell(found, "mla.cost_dropped", user, now, reason=found.dropped_reason)
    return found


# --- within -----------------------------------------------------------------------------


@contextmanager
def _one(
    request: AssistanceRequest, key: int, user: User, expected_version: int | None, now: datetime
) -> Iterator[Cost]:
    """A cost that is not settled for good, under lock."""
    with recording.under_lock(request, user, expected_version, now, also_ended=True) as held:
        found = Cost.objects.filter(request=held, pk=key).first()
        if found is None:
            raise NotFound("no_such_part", _("The request has no such cost."))
        if found.paid_on or found.dropped_reason:
            raise NotPossibleNow("cost_settled", _("This cost is settled already."))
        found.request = held
        yield found


def _bearer_by_rule(request: AssistanceRequest, nature: str) -> str:
    rule = cost_rules.rule_for(nature, rules(request))
    return rule.borne_by if rule and rule.borne_by in Bearer.values else ""


def _tell(cost: Cost, event: str, user: User, now: datetime, **said: str) -> None:
    timeline.record(
        cost.request.dossier,
        event,
        actor=user,
        at=now,
        description=cost.description,
        currency=cost.currency,
        **said,
    )


def _readers(request: AssistanceRequest, wish: Mapping[str, Any]) -> dict[str, draft_fields.Reader]:
    def bearer(value: Any) -> str:
        return draft_fields.choice(Bearer.values)(value) if value else ""

    return {
        "nature": draft_fields.choice(Nature.values),
        "description": draft_fields.text(300, lines=False),
        "currency": money.currency,
        "estimated": money.amount_in(str(wish["currency"]).strip().upper()),
        "bearer": bearer,
        "measure": measure_of(request),
    }


def _read(
    request: AssistanceRequest,
    now: datetime,
    wish: Mapping[str, Any],
    **readers: draft_fields.Reader,
) -> dict[str, Any]:
    """What was given of a day, a note and what else ``readers`` read. The day is not to come."""
    today = today_of(request.dossier.owner, now)

    def day_until_today(value: Any) -> date:
        found = draft_fields.day(value)
        if found is None:
            raise ValueError(_("Give the day."))
        if found > today:
            raise ValueError(_("Give the day on which it was, not later than today."))
        return found

    known = {"on": day_until_today, "note": draft_fields.text(10_000)} | readers
    return draft_fields.read(wish, {name: known[name] for name in wish})


def _needed(name: str, amount: Decimal | None) -> Decimal:
    if amount is None:
        sentence = _("Give the amount.")
        raise Invalid("invalid", sentence, fields={name: [sentence]})
    return amount


def _said(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)


def _iso(day: date) -> str:
    return day.isoformat()
