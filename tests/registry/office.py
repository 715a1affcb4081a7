"""A small office for the tests of deadlines: two States, two officers, dossiers to hang clocks on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from registry import deadlines
from registry.dossiers import open_dossier
from registry.models import Authority, Deadline, Dossier, Membership, Role, State, User

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
_number = count(1)


def state(code: str = "BEL", alpha2: str = "BE", zone: str = "Europe/Brussels") -> State:
    return State.objects.get_or_create(
        code=code,
        defaults={
            "alpha2": alpha2,
            "kind": State.Kind.STATE,
            "name": code.title(),
            "time_zone": zone,
            "holiday_calendar": alpha2,
        },
    )[0]


def authority(prefix: str = "BE-CA", of: State | None = None) -> Authority:
    return Authority.objects.get_or_create(
        reference_prefix=prefix,
        defaults={
            "state": of or state(),
            "kind": Authority.Kind.CENTRAL_AUTHORITY,
            "name": f"Office {prefix}",
        },
    )[0]


def officer(office: Authority, role: str = Role.DRAFTING_OFFICER, **fields) -> User:
    person = User.objects.create_user(
        f"officer{next(_number)}@example.org", "a-long-password", name="An officer", **fields
    )
    Membership.objects.create(user=person, authority=office, role=role)
    return person


def dossier(responsible: User, owner: Authority, **fields) -> Dossier:
    values = {
        "kind": "request",
        "kind_mark": "MLA",
        "owner": owner,
        "responsible": responsible,
        "direction": Dossier.Direction.SENT,
        "counterpart": state("SEN", "SN", "Africa/Dakar"),
        "status": "sent",
        "now": NOW,
    }
    return open_dossier(**(values | fields))


def running(matter: Dossier, *, due: datetime | None = None, now: datetime = NOW, **fields):
    """A deadline that runs, due in thirty days unless said otherwise."""
    values = {
        "label": "Acknowledgement",
        "rule_code": "",
        "instrument": "",
        "article": "",
        "rule_confidence": "",
        "consequence": "",
        "bound_party": Deadline.BoundParty.THEIRS,
        "met_by_event": "mla.acknowledged",
        "started_from": "sending of the request",
        "started_at": now,
        "zone": "Europe/Brussels",
        "due": due or now + timedelta(days=30),
        "critical": False,
        "now": now,
    }
    return deadlines.start(matter, **(values | fields))
