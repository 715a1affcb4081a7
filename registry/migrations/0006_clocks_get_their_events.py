"""Clocks that ran before events were kept get their rule and the events that their row tells of."""

from typing import Any

from django.db import migrations

BATCH = 2_000
ENDINGS = {"met": "meet", "missed": "miss", "cancelled": "stop"}


def rule_of(deadline: Any) -> dict[str, Any]:
    """The rule that the derivation tells, or the day that somebody named."""
    told = deadline.derivation
    if not told.get("length"):
        return {
            "until": deadline.due_at.isoformat(),
            "zone": deadline.zone,
            "extension": {"by": "anyone"},
        }
    return {
        "length": told["length"],
        "unit": told["unit"],
        "zone": told.get("zone", deadline.zone),
        "first_day_counted": told.get("first_day_counted", False),
        "rolls": told.get("rolls", False),
        "rounding": told.get("rounding", ""),
        "backwards": told.get("direction") == "before",
        "trigger": told.get("trigger", ""),
        "counted_from": told.get("counted_from", ""),
        "article": told.get("article", ""),
    }


def keep_events(apps: Any, schema_editor: Any) -> None:
    """A calendar is that of the side bound, as the clocks were counted until now.

    A clock met after its due instant was *missed* with the instant of its event kept, which a
    *meet* event says as well as a *miss*.
    """
    deadline_model = apps.get_model("registry", "Deadline")
    event_model = apps.get_model("registry", "ClockEvent")
    using = schema_editor.connection.alias
    last = 0
    while True:
        rows = deadline_model.objects.using(using).filter(pk__gt=last, rule={})
        batch = list(rows.select_related("dossier__owner").order_by("pk")[:BATCH])
        if not batch:
            return
        events = []
        for deadline in batch:
            deadline.rule = rule_of(deadline)
            theirs = deadline.bound_party != "ours"
            counts_working_days = (
                deadline.rule.get("rolls") or deadline.rule.get("unit") == "working_days"
            )
            if counts_working_days:
                deadline.calendar_state_id = (
                    deadline.dossier.counterpart_id
                    if theirs and deadline.dossier.counterpart_id
                    else deadline.dossier.owner.state_id
                )
            kinds = [("start", deadline.started_at)]
            if deadline.settled_at is not None:
                kinds.append((ENDINGS[deadline.state], deadline.settled_at))
            events += [
                event_model(
                    deadline_id=deadline.pk, kind=kind, at=at, recorded_at=deadline.created_at
                )
                for kind, at in kinds
            ]
        deadline_model.objects.using(using).bulk_update(batch, ["rule", "calendar_state"])
        event_model.objects.using(using).bulk_create(events)
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_clocks_follow_their_dossier")]

    operations = [migrations.RunPython(keep_events, migrations.RunPython.noop, elidable=True)]
