"""My day, my team's week, at risk, missed, urgent, late with them: who sees what, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registry import missed, state_directory
from registry.at_risk import deadlines_at_risk
from registry.lateness import days_late, how_it_stands
from registry.missed import missed_deadlines
from registry.models import (
    Absence,
    Channel,
    Deadline,
    MissExplanation,
    NamedOnDossier,
    Notice,
    Reminder,
    Supervision,
    TimelineEntry,
)
from registry.my_day import my_day as day_of
from registry.my_day import team_week as week_of
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow
from registry.teams import team_of
from registry.urgent_queue import urgent_queue
from tests.factories import (
    NOW,
    DeadlineFactory,
    DossierFactory,
    officer_of,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ZONE = NOW.tzinfo
PAGES = ("my-day", "team-week", "deadlines-at-risk", "deadlines-missed", "urgent-matters",
         "late-with-them")  # fmt: skip
EMPTY = ("Nothing ends this week", "Nothing ends in this week", "Nothing is at risk",
         "Nothing was missed in this time", "Nothing is urgent",
         "The other side is late with nothing")  # fmt: skip


@pytest.fixture(autouse=True)
def _the_states_are_read_afresh():
    state_directory.forget()


@pytest.fixture
def clock(office, drafter):
    """``clock("Label", DAY)`` is a deadline of the drafter's matter, due a day after ``NOW``."""

    def make(label: str = "A clock", after: timedelta = DAY, *, now=NOW, **fields) -> Deadline:
        names = ("kind", "counterpart", "confidentiality", "responsible", "owner", "urgent")
        matter = {name: fields.pop(name) for name in names if name in fields}
        matter = {"owner": office, "responsible": drafter} | matter
        dossier = fields.pop("dossier", None) or DossierFactory(**matter)
        fields.setdefault("bound_party", "ours")
        return DeadlineFactory(dossier=dossier, label=label, due_at=now + after, **fields)

    return make


def reminded(deadline: Deadline, user, *, acknowledged=None) -> Notice:
    reminder = Reminder.objects.create(
        deadline=deadline, step=1, planned_at=NOW - HOUR, recorded_at=NOW - HOUR,
        state=Reminder.State.ADDRESSED, acknowledged_at=acknowledged,
        acknowledged_by=user if acknowledged else None,
    )  # fmt: skip
    return Notice.objects.create(
        reminder=reminder, recipient=user, channel=Channel.IN_APPLICATION,
        capacity=Notice.Capacity.RESPONSIBLE, created_at=NOW - HOUR, send_at=NOW - HOUR,
        closed_at=acknowledged,
    )  # fmt: skip


def labels(rows) -> list[str]:
    return [row["label"] for row in rows]


def shown(client, name: str, **query) -> str:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return unescape(response.content.decode())


# --- every page ----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "empty"), list(zip(PAGES, EMPTY, strict=True)))
def test_a_page_without_anything_says_what_will_be_there(name, empty, drafter, signed_in):
    assert empty in shown(signed_in(drafter), name)


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_asked_to(name, client, db):
    assert client.get(reverse(name)).status_code == 302


@pytest.fixture
def something_on_every_page(clock, drafter, office):
    """``something(**matter)`` puts a matter of these fields on every page, with real time."""

    def make(**matter) -> None:
        now = timezone.now()
        matter = {"owner": office, "responsible": drafter} | matter
        dossier = DossierFactory(urgent=True, title="Unmistakable", now=now, **matter)
        clock("late one", -2 * DAY, now=now, dossier=dossier)
        clock("critical one", 2 * HOUR, now=now, dossier=dossier, critical=True)
        clock("theirs", -2 * DAY, now=now, dossier=dossier, bound_party="theirs")

    return make


@pytest.mark.parametrize("name", PAGES)
def test_a_sealed_matter_is_on_no_page_but_theirs_who_are_named(
    name, something_on_every_page, drafter, colleague, stranger, signed_in
):
    something_on_every_page(confidentiality="sealed")
    assert EMPTY[PAGES.index(name)] not in shown(signed_in(drafter), name)
    for other in (colleague, stranger):
        page = shown(signed_in(other), name)
        assert "Unmistakable" not in page
        assert EMPTY[PAGES.index(name)] in page


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_grow(name, something_on_every_page, approver, signed_in):
    client = signed_in(approver)
    something_on_every_page()
    shown(client, name)
    with CaptureQueriesContext(connection) as few:
        shown(client, name)
    for _ in range(8):
        something_on_every_page()
    with CaptureQueriesContext(connection) as many:
        shown(client, name)
    assert len(many) == len(few) <= 20


@pytest.mark.parametrize("name", PAGES)
def test_nonsense_in_the_address_gives_a_page(name, drafter, signed_in):
    query = {"page": "x", "on": "x", "since": "9999-99-99", "until": "\x00", "person": "x"}
    shown(signed_in(drafter), name, **query)


# --- my day --------------------------------------------------------------------------------


def test_my_day_parts_overdue_today_and_the_week(clock, drafter):
    for label, after in (("late", -DAY), ("today", 13 * HOUR), ("tomorrow", 15 * HOUR),
                         ("in a week", 7 * DAY), ("later", 9 * DAY)):  # fmt: skip
        clock(label, after)
    day = day_of(drafter, now=NOW, zone=ZONE)
    assert labels(day.overdue.rows) == ["late"]
    assert labels(day.today.rows) == ["today"]
    assert labels(day.week.rows) == ["tomorrow", "in a week"]


def test_my_day_holds_only_what_i_am_responsible_for(clock, colleague):
    clock("of the drafter", 3 * HOUR)
    assert day_of(colleague, now=NOW, zone=ZONE).is_clear


def test_who_stands_in_sees_what_waits_for_the_absent(clock, drafter, colleague):
    clock("to be done", 2 * DAY)
    Absence.objects.create(user=drafter, first_day=NOW.date(), last_day=NOW.date() + 5 * DAY,
                           deputy=colleague)  # fmt: skip
    day = day_of(colleague, now=NOW, zone=ZONE)
    assert day.away == [drafter]
    assert labels(day.standing_in.rows) == ["to be done"]


def test_standing_in_shows_no_sealed_matter(clock, drafter, colleague):
    clock("secret", 2 * DAY, confidentiality="sealed")
    Absence.objects.create(user=drafter, first_day=NOW.date(), last_day=NOW.date(),
                           deputy=colleague)  # fmt: skip
    assert day_of(colleague, now=NOW, zone=ZONE).standing_in.rows == []


def test_a_notice_waits_until_it_is_acknowledged(clock, drafter, signed_in):
    notice = reminded(clock("Answer"), drafter)
    client = signed_in(drafter)
    assert "To acknowledge" in shown(client, "my-day")
    answer = client.post(reverse("notice-acknowledge", args=[notice.pk]), {"from": "my-day"})
    assert answer.url == reverse("my-day")
    assert "To acknowledge" not in shown(client, "my-day")
    assert Reminder.objects.get().acknowledged_by == drafter


def test_nobody_acknowledges_for_another(clock, drafter, colleague, signed_in):
    notice = reminded(clock(), drafter)
    signed_in(colleague).post(reverse("notice-acknowledge", args=[notice.pk]))
    assert Reminder.objects.get().acknowledged_at is None


def test_a_notice_about_what_one_may_no_longer_see_is_gone(prosecutor, other_office, stranger):
    theirs = DossierFactory(owner=other_office, responsible=stranger)
    named = NamedOnDossier.objects.create(dossier=theirs, user=prosecutor, added_by=stranger)
    reminded(DeadlineFactory(dossier=theirs), prosecutor)
    assert len(day_of(prosecutor, now=NOW, zone=ZONE).to_acknowledge) == 1
    named.delete()
    assert day_of(prosecutor, now=NOW, zone=ZONE).to_acknowledge == []


# --- my team -------------------------------------------------------------------------------


def test_a_team_is_who_one_supervises_else_ones_office(office, approver, drafter, colleague):
    assert team_of(approver) == [approver, colleague, drafter]
    Supervision.objects.create(authority=office, officer=drafter, supervisor=approver)
    assert team_of(approver) == [approver, drafter]


def test_who_reads_no_files_has_a_team_of_one(prosecutor):
    assert team_of(prosecutor) == [prosecutor]


def test_the_week_counts_by_person_and_day(clock, approver, drafter, colleague):
    clock("a", 2 * HOUR)
    clock("b", 3 * HOUR, critical=True)
    clock("c", 2 * DAY, responsible=colleague)
    clock("d", -DAY)
    clock("e", 8 * DAY)
    week = week_of(approver, NOW.date(), now=NOW, zone=ZONE)
    counted = {one.person: ([n for _day, n, _c in cells], one.overdue) for one, cells in week.rows}
    assert counted[drafter] == ([2, 0, 0, 0, 0, 0, 0], 1)
    assert counted[colleague] == ([0, 0, 1, 0, 0, 0, 0], 0)
    assert next(one for one in week.people if one.person == drafter).critical.total() == 1


def test_numbers_lead_to_what_they_count(clock, approver, drafter, signed_in):
    clock("Counted", HOUR, now=timezone.now())
    client = signed_in(approver)
    page = shown(client, "team-week")
    address = page.split(f'&person={drafter.pk}"')[0].rsplit('href="', 1)[1]
    found = unescape(client.get(f"{address}&person={drafter.pk}").content.decode())
    assert "Counted" in found


# --- at risk -------------------------------------------------------------------------------


def why(user, label: str) -> str:
    rows = deadlines_at_risk(user, now=NOW).rows
    return " ".join(next((row["reasons"] for row in rows if row["label"] == label), []))


def test_each_reason_is_told_in_words(clock, drafter, office):
    gone = officer_of(office, name="Gone Officer")
    away = officer_of(office, name="Away Officer")
    matters = {who: DossierFactory(owner=office, responsible=who) for who in (gone, away)}
    gone.is_active = False
    gone.save()
    Absence.objects.create(user=away, first_day=NOW.date(), last_day=NOW.date())
    clock("critical", 6 * DAY, critical=True)
    clock("theirs", -5 * DAY, bound_party="theirs")
    clock("gone", 20 * DAY, dossier=matters[gone])
    clock("away", 20 * DAY, dossier=matters[away])
    clock("paused", DAY, state="suspended", suspended_at=NOW - 31 * DAY)
    reminded(clock("unacknowledged", 2 * DAY), drafter)
    assert why(drafter, "critical") == "Critical, and it ends within a week."
    assert why(drafter, "theirs") == "The other side is 5 days late."
    assert why(drafter, "gone") == "Gone Officer, who is responsible, no longer works here."
    assert why(drafter, "away") == "Away Officer, who is responsible, is away and nobody stands in."
    assert why(drafter, "paused") == "Paused for 31 days."
    assert "nobody has acknowledged" in why(drafter, "unacknowledged")


def test_what_is_in_hand_is_not_at_risk(clock, drafter, colleague, office):
    clock("critical later", 8 * DAY, critical=True)
    clock("ordinary", DAY)
    clock("ours, late", -DAY)
    clock("paused lately", DAY, state="suspended", suspended_at=NOW - 5 * DAY)
    reminded(clock("acknowledged", 2 * DAY), drafter, acknowledged=NOW)
    somebody = officer_of(office)
    clock("stood in for", DAY, responsible=somebody)
    Absence.objects.create(user=somebody, first_day=NOW.date(), last_day=NOW.date(),
                           deputy=colleague)  # fmt: skip
    assert deadlines_at_risk(drafter, now=NOW).rows == []


def test_pages_lead_through_all_that_is_at_risk(clock, drafter):
    for number in range(5):
        clock(f"{number}", timedelta(hours=number + 1), critical=True)
    first = deadlines_at_risk(drafter, now=NOW, size=3).page
    second = deadlines_at_risk(drafter, now=NOW, size=3, cursor=first.next).page
    assert labels(first.rows) + labels(second.rows) == ["0", "1", "2", "3", "4"]
    assert second.next is None


# --- missed --------------------------------------------------------------------------------


def test_missed_is_what_we_owed_the_latest_first(clock, drafter):
    clock("overdue", -2 * DAY)
    clock("too late", -9 * DAY, state="missed", settled_at=NOW - 6 * DAY)
    clock("theirs", -DAY, bound_party="theirs")
    clock("met", -DAY, state="met", settled_at=NOW - 2 * DAY)
    rows = missed_deadlines(drafter, now=NOW).rows
    assert labels(rows) == ["overdue", "too late"]
    assert [row["days_late"] for row in rows] == [2, 3]


def test_pages_lead_to_older_ones_and_back(clock, drafter):
    for number in range(5):
        clock(f"{number}", -(number + 1) * DAY)
    first = missed_deadlines(drafter, now=NOW, size=2)
    assert (labels(first.rows), first.previous) == (["0", "1"], None)
    second = missed_deadlines(drafter, now=NOW, size=2, cursor=first.next)
    third = missed_deadlines(drafter, now=NOW, size=2, cursor=second.next)
    assert labels(second.rows) == ["2", "3"]
    assert (labels(third.rows), third.next) == (["4"], None)
    back = missed_deadlines(drafter, now=NOW, size=2, cursor=third.previous)
    assert labels(back.rows) == ["2", "3"]


def test_an_officer_says_why_and_the_timeline_keeps_it(clock, drafter):
    deadline = clock("Answer", -DAY)
    missed.explain(deadline.pk, "The file was lost.", user=drafter, now=NOW)
    missed.explain(deadline.pk, "The file came late.", user=drafter, now=NOW)
    (row,) = missed_deadlines(drafter, now=NOW).rows
    assert row["explanation"].text == "The file came late."
    assert MissExplanation.objects.count() == 2
    told = TimelineEntry.objects.filter(event="deadline.miss_explained")
    assert [entry.data["text"] for entry in told.order_by("pk")] == [
        "The file was lost.",
        "The file came late.",
    ]


def test_only_officers_explain_and_only_what_was_missed(clock, drafter, auditor, stranger):
    late, running = clock("late", -DAY), clock("running", DAY)
    with pytest.raises(NotAllowed):
        missed.explain(late.pk, "x", user=auditor, now=NOW)
    with pytest.raises(NotFound):
        missed.explain(late.pk, "x", user=stranger, now=NOW)
    with pytest.raises(NotPossibleNow):
        missed.explain(running.pk, "x", user=drafter, now=NOW)
    for text in ("", "  ", "x" * 2001):
        with pytest.raises(Invalid):
            missed.explain(late.pk, text, user=drafter, now=NOW)
    assert not MissExplanation.objects.exists()


def test_a_reason_recorded_when_it_was_given_up_is_shown(clock, drafter):
    from registry.models import ClockEvent

    deadline = clock("given up", -DAY, state="missed", settled_at=NOW)
    ClockEvent.objects.create(deadline=deadline, kind="miss", at=NOW, recorded_at=NOW,
                              reason="The suspect died.")  # fmt: skip
    assert missed_deadlines(drafter, now=NOW).rows[0]["recorded"] == "The suspect died."


def test_by_page_one_explains_and_a_mistake_loses_nothing(clock, drafter, auditor, signed_in):
    deadline = clock("Answer", -DAY, now=timezone.now())
    client = signed_in(drafter)
    address = reverse("missed-explain", args=[deadline.pk])
    refused = client.post(address, {"text": "y" * 2001})
    assert refused.status_code == 400
    assert "y" * 2001 in refused.content.decode()
    assert client.post(address, {"text": "The file was lost."}).status_code == 302
    assert "The file was lost." in shown(client, "deadlines-missed")
    reader = signed_in(auditor)
    assert "Say why" not in shown(reader, "deadlines-missed")
    assert reader.post(address, {"text": "x"}).status_code == 403


# --- urgent, late with them ----------------------------------------------------------------


def urgent_in(days, office, drafter, **more):
    until = NOW.date() + days * DAY
    return DossierFactory(
        owner=office, responsible=drafter, urgent=True, urgent_until=until, **more
    )


def test_the_urgent_queue_has_what_is_needed_soonest_first_a_page_at_a_time(drafter, office):
    matters = [urgent_in(days, office, drafter) for days in (5, 1, 3)]
    matters.append(urgent_in(2, office, drafter, kind="extradition", status="opened"))
    urgent_in(0, office, drafter, is_open=False)
    DossierFactory(owner=office, responsible=drafter)
    first = urgent_queue(drafter, size=3)
    assert first.matters == [matters[1], matters[3], matters[2]]
    assert first.matters[0].urgency_reason == "The witness leaves."
    second = urgent_queue(drafter, size=3, cursor=first.next)
    assert (second.matters, second.next) == ([matters[0]], None)
    back = urgent_queue(drafter, size=3, cursor=second.previous)
    assert (back.matters, back.previous) == (first.matters, None)
    with pytest.raises(Invalid, match="unknown_page"):
        urgent_queue(drafter, cursor="x")


def test_the_database_holds_no_urgency_without_a_reason(drafter, office):
    dossier = DossierFactory(owner=office, responsible=drafter)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(dossier).objects.filter(pk=dossier.pk).update(urgent=True)


def test_the_other_side_is_late_with_what_binds_it_and_has_passed(clock, drafter, signed_in):
    now = timezone.now()
    for label, after, party in (("theirs", -DAY, "theirs"), ("both", -2 * DAY, "both"),
                                ("ours", -DAY, "ours"), ("to come", DAY, "theirs")):  # fmt: skip
        clock(label, after, now=now, bound_party=party)
    page = shown(signed_in(drafter), "late-with-them")
    assert page.index(">both</a></strong>") < page.index(">theirs</a></strong>")
    assert ">ours</a></strong>" not in page
    assert ">to come</a></strong>" not in page


def test_a_reminder_letter_is_offered_to_who_may_write_it(clock, drafter, auditor, signed_in):
    clock("theirs", -DAY, now=timezone.now(), bound_party="theirs")
    assert "Draft a reminder letter" in shown(signed_in(drafter), "late-with-them")
    assert "Draft a reminder letter" not in shown(signed_in(auditor), "late-with-them")


# --- how late, how it stands, an office's own limits ------------------------------------------


def test_days_late_are_calendar_days_of_the_zone_in_which_the_clock_runs():
    due = datetime(2026, 3, 6, 22, 59, tzinfo=UTC)
    next_morning = datetime(2026, 3, 7, 7, tzinfo=UTC)
    assert days_late(due, next_morning, "Europe/Brussels") == 1
    assert days_late(due, due + timedelta(minutes=5), "America/Argentina/Buenos_Aires") == 0
    assert days_late(due, due - timedelta(minutes=5), "Europe/Brussels") == 0


def test_a_paused_clock_says_since_when_and_what_remains(clock):
    from registry import clock_events
    from tests.factories_clocks import STARTED, clock_of

    running = clock_of(clock("other", DAY).dossier, rule_code="")
    at = STARTED + 10 * DAY
    clock_events.suspend(
        running, ground="awaiting translation", user=running.dossier.responsible, now=at, at=at
    )
    running.refresh_from_db()
    words = how_it_stands(running, at + 5 * DAY)
    assert words.startswith("paused since 15 March awaiting translation; ")
    assert "left when it goes on" in words


def test_an_office_sets_from_when_on_its_deadlines_are_at_risk(clock, approver, office, signed_in):
    clock("in ten days", 10 * DAY, critical=True, now=timezone.now())
    page = signed_in(approver)
    address = reverse("office-risk-limits", args=[office.pk])
    assert not deadlines_at_risk(approver, now=timezone.now()).rows
    wanted = {"critical_days": "14", "not_acknowledged_days": "3", "paused_days": "30"}
    refused = page.post(address, wanted | {"nobody_days": "0"})
    assert refused.status_code == 400
    assert "Give a number of days from 1 to 365." in refused.content.decode()
    assert page.post(address, wanted | {"nobody_days": "30"}).status_code == 302
    (row,) = deadlines_at_risk(approver, now=timezone.now()).rows
    assert row["reasons"] == ["Critical, and it ends within 14 days."]


def test_who_may_not_set_reminders_sets_no_limits(drafter, office, signed_in):
    address = reverse("office-risk-limits", args=[office.pk])
    assert signed_in(drafter).post(address, {"critical_days": "1"}).status_code == 404
