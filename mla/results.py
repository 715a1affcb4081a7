"""The results of a request: an inventory of items, their transmission, receipt and return.

For a request that we received the items go from us to them; for one that we sent they come to us.
Limits of use and conditions hang on every item: who passes one on must say that they considered
them, and is told what they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from mla import clocks, draft_fields, recording
from mla.life import not_in_the_future
from mla.measures import measure_of
from mla.models import AssistanceRequest, Item, PassingOn, Transmission
from registry import deadlines, timeline
from registry.access import may
from registry.models import User
from registry.refusals import Invalid, NotFound, NotPossibleNow, Text
from treaties import use_limits
from treaties.use_limits import UseLimit

MOST_ITEMS = 2_000
RETURN_EVENT = "mla.originals_returned"


def inventory(request: AssistanceRequest) -> QuerySet[Item]:
    """The items in the order of their numbers, with what the inventory says of them."""
    return Item.objects.filter(request=request).select_related(
        "measure__kind", "transmission", "document"
    )


def originals_out(request: AssistanceRequest) -> QuerySet[Item]:
    """The originals that went over and are not back."""
    return Item.objects.filter(
        request=request, original=True, transmission__isnull=False, returned_at=None
    )


def may_record(request: AssistanceRequest, user: User) -> bool:
    return request.dossier.is_open and may(user, recording.act_of(request.dossier), request.dossier)


def may_note_return(request: AssistanceRequest, user: User) -> bool:
    """Also of a request that is closed: an original may come back later."""
    return may(user, recording.act_of(request.dossier), request.dossier)


def add_item(
    request: AssistanceRequest,
    fields: Mapping[str, Any],
    *,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Item:
    """Put an item on the inventory. Raises Invalid by field."""
    stored = draft_fields.read({"kind": None, "description": "", **fields}, _readers(request))
    if not stored["description"]:
        sentence = _("Say what it is, so that it is recognised on the inventory.")
        raise Invalid("invalid", sentence, fields={"description": [sentence]})
    with recording.under_lock(request, user, expected_version, now) as held:
        last = Item.objects.filter(request=held).aggregate(last=Max("number"))["last"] or 0
        if last >= MOST_ITEMS:
            sentence = _("An inventory has at most %(most)s items.") % {"most": MOST_ITEMS}
            raise Invalid("too_many", sentence, fields={"description": [sentence]})
        item = Item(request=held, number=last + 1, added_by=user, added_at=now, **stored)
        if item.quantity is None:
            item.quantity = 1
        item.save(force_insert=True)
        timeline.record(
            held.dossier,
            "mla.item_added",
            actor=user,
            at=now,
            number=item.number,
            description=item.description,
        )
        return item


def transmit(
    request: AssistanceRequest,
    items: Iterable[int],
    *,
    channel: str,
    sent_at: datetime,
    tracking_number: str = "",
    note: str = "",
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Transmission:
    """Record that items went over together. Raises Invalid for none, and for one gone already.

    A clock starts for each day by which an original must be back.
    """
    given = draft_fields.read(
        {"channel": channel, "tracking_number": tracking_number, "note": note},
        {
            "channel": draft_fields.choice(Transmission.Channel.values),
            "tracking_number": draft_fields.text(120, lines=False),
            "note": draft_fields.text(10_000),
        },
    )
    not_in_the_future("sent_at", sent_at, now)
    wanted = set(items)
    with recording.under_lock(request, user, expected_version, now) as held:
        waiting = list(Item.objects.filter(request=held, pk__in=wanted, transmission=None))
        if not waiting or len(waiting) != len(wanted):
            sentence = _("Choose items of this inventory that have not gone over yet.")
            raise Invalid("invalid", sentence, fields={"items": [sentence]})
        transmission = Transmission.objects.create(
            request=held, sent_at=sent_at, recorded_by=user, **given
        )
        Item.objects.filter(pk__in=wanted).update(transmission=transmission)
        for day in sorted({i.return_by for i in waiting if i.original and i.return_by}):
            _start_return(held, day, now, user)
        timeline.record(
            held.dossier,
            "mla.results_transmitted",
            actor=user,
            at=now,
            numbers=sorted(item.number for item in waiting),
            channel=transmission.channel,
            sent_at=sent_at.isoformat(),
        )
        return transmission


def confirm_receipt(
    request: AssistanceRequest,
    transmission: int,
    *,
    received_at: datetime,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Transmission:
    """Record that a transmission arrived. Raises Invalid for a day before it was sent."""
    not_in_the_future("received_at", received_at, now)
    with recording.under_lock(request, user, expected_version, now) as held:
        found = Transmission.objects.filter(request=held, pk=transmission).first()
        if found is None:
            raise NotFound("no_such_part", _("The request has no such transmission."))
        if found.received_at is not None:
            raise NotPossibleNow("received_already", _("Its receipt is recorded already."))
        if received_at < found.sent_at:
            sentence = _("It was sent after that day. Give a later day.")
            raise Invalid("invalid", sentence, fields={"received_at": [sentence]})
        found.received_at = received_at
        found.save(update_fields=["received_at"])
        timeline.record(
            held.dossier,
            "mla.results_received",
            actor=user,
            at=now,
            received_at=received_at.isoformat(),
        )
        return found


def note_return(
    request: AssistanceRequest,
    item: int,
    *,
    returned_at: datetime,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Item:
    """Record that an original came back, also when the request is closed.

    The clock of the return is met when the last original is back.
    """
    not_in_the_future("returned_at", returned_at, now)
    with recording.under_lock(request, user, expected_version, now, also_ended=True) as held:
        found = _item(held, item)
        if not found.original or found.transmission is None or found.returned_at:
            raise NotPossibleNow(
                "not_to_return", _("Only an original that went over and is not back yet returns.")
            )
        found.returned_at = returned_at
        found.save(update_fields=["returned_at"])
        if not originals_out(held).exists():
            clocks.happened(held, RETURN_EVENT, at=returned_at, now=now, actor=user)
        timeline.record(held.dossier, "mla.item_returned", actor=user, at=now, number=found.number)
        return found


def pass_on(
    request: AssistanceRequest,
    item: int,
    *,
    to_whom: str,
    purpose: str,
    limits_considered: bool = False,
    allowed_because: str = "",
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> PassingOn:
    """Record that an item is given to somebody else.

    Where something limits its use, raises Invalid with what it is (``limits_considered``) until the
    person says that they considered it and why it may be passed on all the same
    (``allowed_because``); both are kept with the warning as it was shown.
    """
    given = draft_fields.read(
        {"to_whom": to_whom, "purpose": purpose, "allowed_because": allowed_because},
        {
            "to_whom": draft_fields.text(300, lines=False),
            "purpose": draft_fields.text(500, lines=False),
            "allowed_because": draft_fields.text(500, lines=False),
        },
    )
    wrong: dict[str, list[Text]] = {
        name: [_("This is needed.")] for name in ("to_whom", "purpose") if not given[name]
    }
    with recording.under_lock(request, user, expected_version, now) as held:
        found = _item(held, item)
        warning = warning_of(found, held)
        if warning and not limits_considered:
            wrong["limits_considered"] = [warning]
        if warning and not given["allowed_because"]:
            wrong["allowed_because"] = [
                _("Say why it may be passed on: within the limits, or with whose consent.")
            ]
        if wrong:
            raise Invalid("invalid", _("The item was not passed on."), fields=wrong)
        passed = PassingOn.objects.create(
            item=found,
            at=now,
            by=user,
            limits_considered=limits_considered,
            warned_of=warning,
            **given,
        )
        timeline.record(
            held.dossier,
            "mla.item_passed_on",
            actor=user,
            at=now,
            number=found.number,
            to_whom=passed.to_whom,
            purpose=passed.purpose,
            **({"reason": passed.allowed_because} if warning else {}),
        )
        return passed


def use_limit(request: AssistanceRequest) -> UseLimit | None:
    """What the legal basis says of the use of what we received; nothing for what we give."""
    basis = request.basis
    if request.is_received or basis is None:
        return None
    return use_limits.limit_of(basis.pk, basis.parent_id)


def warning_of(item: Item, request: AssistanceRequest) -> str:
    """What whoever passes the item on must know: its own limits and conditions, and what the legal
    basis says of everything received under it. Empty where nothing limits it."""
    said = []
    if item.use_limitation:
        said.append(_("Limits of use: %(limits)s") % {"limits": item.use_limitation})
    if item.conditions:
        said.append(_("Conditions: %(conditions)s") % {"conditions": item.conditions})
    if limit := use_limit(request):
        said.append(f"{limit.where}: {limit.text}")
    if said:
        said.append(_("Pass it on only if they allow it, and say that you considered them."))
    return " ".join(said)


def _item(request: AssistanceRequest, key: int) -> Item:
    found = Item.objects.select_related("transmission").filter(request=request, pk=key).first()
    if found is None:
        raise NotFound("no_such_part", _("The inventory has no such item."))
    return found


def _readers(request: AssistanceRequest) -> dict[str, draft_fields.Reader]:
    return {
        "kind": draft_fields.choice(Item.Kind.values),
        "description": draft_fields.text(500, lines=False),
        "quantity": draft_fields.whole_number(1, 1_000_000),
        "original": draft_fields.truth,
        "return_by": draft_fields.day,
        "use_limitation": draft_fields.text(10_000),
        "conditions": draft_fields.text(10_000),
        "measure": measure_of(request),
    }


def _start_return(request: AssistanceRequest, day: date, now: datetime, user: User) -> None:
    deadlines.start_until(
        request.dossier,
        day,
        label=str(_("Originals to be returned")),
        started_from="mla.results_transmitted",
        met_by_event=RETURN_EVENT,
        now=now,
        actor=user,
    )
