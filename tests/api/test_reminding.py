"""The API of reminders: one's own notices and settings, an office's reminding, webhooks."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry import webhooks
from registry.models import (
    Absence,
    Channel,
    Dossier,
    Notice,
    Reminder,
    ReminderPreferences,
    ReminderSchedule,
    ReminderStep,
    Supervision,
    WebhookEndpoint,
)
from registry.reminder_preferences import StepWanted, set_schedule
from tests.factories import DeadlineFactory, DossierFactory

DAY = timedelta(days=1)
ADDRESS = "https://1.1.1.1/hook"


@pytest.fixture
def matter(office, drafter):
    dossier = DossierFactory(owner=office, responsible=drafter)
    DeadlineFactory(dossier=dossier, label="Answer", due_at=timezone.now() + DAY)
    return dossier


def told(matter, user, *, hours_ago: int = 1) -> Notice:
    at = timezone.now() - timedelta(hours=hours_ago)
    reminder = Reminder.objects.create(
        deadline=matter.deadlines.get(), step=1, planned_at=at, recorded_at=at,
        state=Reminder.State.ADDRESSED,
    )  # fmt: skip
    return Notice.objects.create(
        reminder=reminder, recipient=user, channel=Channel.IN_APPLICATION,
        capacity=Notice.Capacity.RESPONSIBLE, created_at=at, send_at=at,
    )  # fmt: skip


def results(caller, path: str) -> list:
    answer = caller.call("GET", path)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def wrong_fields(answer) -> set[str]:
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return {error["field"] for error in answer.json()["errors"]}


# --- notices --------------------------------------------------------------------------------


def test_my_notices_say_what_is_due(matter, drafter, calling):
    notice = told(matter, drafter)
    (row,) = results(calling(drafter), "/notices/")
    assert (row["id"], row["label"], row["reference"]) == (notice.pk, "Answer", matter.reference)
    assert row["open"]
    assert row["acknowledged_at"] is None


def test_notices_come_page_by_page_each_once(matter, drafter, calling):
    made = [told(matter, drafter, hours_ago=n).pk for n in (3, 2, 1)]
    caller, seen, address = calling(drafter), [], "/notices/?page_size=2"
    while address:
        page = caller.call("GET", address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"] and page["next"].split("/api/v1")[1]
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize(
    ("query", "field"),
    [("cursor=x", "cursor"), ("which=mine", "which"), ("page_size=0", "page_size")],
)
def test_a_list_of_notices_that_cannot_be_is_refused(query, field, drafter, calling):
    assert wrong_fields(calling(drafter).call("GET", f"/notices/?{query}")) == {field}


def test_acknowledging_closes_the_notice_and_keeps_it_among_all(matter, drafter, calling):
    notice = told(matter, drafter)
    caller = calling(drafter)
    assert caller.call("POST", f"/notices/{notice.pk}/acknowledge/").status_code == 204
    assert results(caller, "/notices/") == []
    (row,) = results(caller, "/notices/?which=all")
    assert not row["open"]
    assert row["acknowledged_at"]
    assert Reminder.objects.get().acknowledged_by == drafter


def test_nobody_reads_or_acknowledges_the_notices_of_another(
    matter, drafter, colleague, approver, calling
):
    notice = told(matter, drafter)
    for other in (colleague, approver):
        caller = calling(other)
        assert results(caller, "/notices/?which=all") == []
        assert caller.call("POST", f"/notices/{notice.pk}/acknowledge/").status_code == 404
    assert Reminder.objects.get().acknowledged_at is None


def test_a_sealed_matter_is_told_as_a_confidential_deadline(matter, drafter, calling):
    told(matter, drafter)
    Dossier.objects.update(confidentiality="sealed")
    (row,) = results(calling(drafter), "/notices/")
    assert (row["label"], row["confidential"]) == ("confidential deadline", True)
    assert not {"reference", "deadline"} & set(row)


def test_who_may_no_longer_see_the_matter_has_no_notice_of_it(matter, colleague, calling):
    notice = told(matter, colleague)
    caller = calling(colleague)
    assert len(results(caller, "/notices/")) == 1
    Dossier.objects.update(confidentiality="sealed")
    assert results(caller, "/notices/?which=all") == []
    assert caller.call("POST", f"/notices/{notice.pk}/acknowledge/").status_code == 404


def test_a_longer_list_of_notices_asks_no_more_of_the_database(
    matter, drafter, calling, django_assert_num_queries
):
    caller = calling(drafter)
    told(matter, drafter)
    results(caller, "/notices/")

    with CaptureQueriesContext(connection) as one:
        results(caller, "/notices/")
    for hours_ago in (2, 3, 4):
        told(matter, drafter, hours_ago=hours_ago)
    with django_assert_num_queries(len(one)):
        assert len(results(caller, "/notices/")) == 4


# --- preferences and absences ---------------------------------------------------------------


def test_what_a_change_of_preferences_leaves_out_stays(drafter, calling):
    caller = calling(drafter)
    assert caller.call("GET", "/me/reminders/").json()["digest_hour"] == 8
    caller.call("PATCH", "/me/reminders/", {"digest": True, "extra_days": [21, 30]})
    answer = caller.call("PATCH", "/me/reminders/", {"quiet_from": "22:00", "quiet_until": "06:00"})
    assert answer.status_code == 200, answer.content
    kept = answer.json()
    assert (kept["digest"], kept["extra_days"]) == (True, [30, 21])
    assert (kept["quiet_from"], kept["quiet_until"]) == ("22:00:00", "06:00:00")
    assert ReminderPreferences.objects.get().user == drafter


def test_preferences_that_reach_nobody_are_refused(drafter, calling):
    answer = calling(drafter).call(
        "PATCH", "/me/reminders/", {"mail": False, "in_application": False}
    )
    assert wrong_fields(answer) == {"mail"}


def absence(**changed) -> dict:
    first = timezone.now().date() + 3 * DAY
    usual = {"first_day": first.isoformat(), "last_day": (first + DAY).isoformat()}
    return usual | changed


def test_an_absence_is_made_listed_and_removed(drafter, colleague, calling):
    caller = calling(drafter)
    made = caller.call("POST", "/me/absences/", absence(deputy=colleague.pk))
    assert made.status_code == 201, made.content
    (row,) = caller.call("GET", "/me/absences/").json()
    assert row["deputy"] == {"id": colleague.pk, "name": colleague.name}
    assert caller.call("DELETE", f"/me/absences/{row['id']}/").status_code == 204
    assert not Absence.objects.exists()


def test_an_absence_sent_twice_with_its_key_is_one(drafter, calling):
    caller = calling(drafter)
    answers = [caller.call("POST", "/me/absences/", absence(), key="once") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Absence.objects.count() == 1


def test_only_a_colleague_stands_in(drafter, stranger, calling):
    answer = calling(drafter).call("POST", "/me/absences/", absence(deputy=stranger.pk))
    assert wrong_fields(answer) == {"deputy"}


def test_nobody_sees_or_removes_the_absence_of_another(drafter, colleague, calling):
    number = calling(drafter).call("POST", "/me/absences/", absence()).json()["id"]
    other = calling(colleague)
    assert other.call("GET", "/me/absences/").json() == []
    assert other.call("DELETE", f"/me/absences/{number}/").status_code == 404
    assert Absence.objects.exists()


# --- the office -----------------------------------------------------------------------------

OFFICE_PATHS = ("supervision", "reminder-schedules/days", "risk-limits")


@pytest.mark.parametrize("path", OFFICE_PATHS)
@pytest.mark.parametrize("who", ["drafter", "auditor", "stranger"])
def test_who_may_not_set_an_offices_reminders_neither_reads_nor_sets_them(
    path, who, office, calling, request
):
    caller = calling(request.getfixturevalue(who))
    address = f"/authorities/{office.pk}/{path}/"
    assert caller.call("GET", address).status_code == 403
    body = {"officer": 1, "supervisors": [], "steps": []}
    assert caller.call("PUT", address, body).status_code == 403


@pytest.mark.parametrize("path", [*OFFICE_PATHS, "reminder-schedules/years"])
def test_there_is_nothing_of_an_office_that_is_not_there(path, office, approver, calling):
    number = office.pk if "years" in path else 999_999
    answer = calling(approver).call("GET", f"/authorities/{number}/{path}/")
    assert answer.status_code == 404


def test_an_approving_officer_says_who_supervises(office, drafter, approver, auditor, calling):
    address = f"/authorities/{office.pk}/supervision/"
    wanted = {"officer": drafter.pk, "supervisors": [auditor.pk]}
    answer = calling(approver).call("PUT", address, wanted)
    assert answer.status_code == 200, answer.content
    found = {row["officer"]["name"]: row["supervisors"] for row in answer.json()}
    assert found[drafter.name] == [auditor.pk]
    assert found[approver.name] == []
    assert Supervision.objects.get().supervisor == auditor


def test_nobody_supervises_themselves_or_another_office(office, drafter, approver, stranger,
                                                        calling):  # fmt: skip
    address = f"/authorities/{office.pk}/supervision/"
    for supervisor in (drafter, stranger):
        body = {"officer": drafter.pk, "supervisors": [supervisor.pk]}
        assert wrong_fields(calling(approver).call("PUT", address, body)) == {"supervisors"}
    assert not Supervision.objects.exists()


def test_an_office_gets_its_own_steps_and_everybodys_again(office, approver, calling):
    caller = calling(approver)
    address = f"/authorities/{office.pk}/reminder-schedules/days/"
    assert not caller.call("GET", address).json()["own"]
    steps = [
        {"offset_hours": -48, "audience": "both", "escalate_after_hours": 12},
        {"offset_hours": 24, "repeat_hours": 24, "audience": "supervisor"},
    ]
    told_back = caller.call("PUT", address, {"steps": steps}).json()
    assert told_back["own"]
    kept = [(s["offset_hours"], s["audience"], s["escalate_after_hours"]) for s in
            told_back["steps"]]  # fmt: skip
    assert kept == [(-48, "both", 12), (24, "supervisor", None)]
    assert not caller.call("PUT", address, {"steps": []}).json()["own"]
    assert not ReminderStep.objects.filter(authority=office).exists()


def test_a_schedule_that_lets_the_end_pass_unnoticed_changes_nothing(office, approver, calling):
    now = timezone.now()
    set_schedule(office, ReminderSchedule.DAYS, [StepWanted(0)], user=approver, now=now)
    address = f"/authorities/{office.pk}/reminder-schedules/days/"
    answer = calling(approver).call("PUT", address, {"steps": [{"offset_hours": -24}]})
    assert wrong_fields(answer) == {"steps"}
    assert ReminderStep.objects.get(authority=office).offset_hours == 0


# --- webhooks -------------------------------------------------------------------------------


def post(client, path: str, body: dict):
    return client.post(f"/api/v1{path}", orjson.dumps(body), content_type="application/json")


def test_the_secret_of_a_webhook_is_shown_once(drafter, signed_in, calling):
    made = post(signed_in(drafter), "/webhooks/", {"address": ADDRESS})
    assert made.status_code == 201, made.content
    secret = made.json()["secret"]
    assert secret == webhooks.secret_of(WebhookEndpoint.objects.get())
    listed = calling(drafter).call("GET", "/webhooks/")
    assert [row["address"] for row in listed.json()] == [ADDRESS]
    assert secret.encode() not in listed.content


def test_a_token_adds_no_webhook(drafter, calling):
    answer = calling(drafter).call("POST", "/webhooks/", {"address": ADDRESS})
    assert answer.status_code == 403
    assert not WebhookEndpoint.objects.exists()


def test_an_address_inside_the_network_is_refused(drafter, signed_in):
    answer = post(signed_in(drafter), "/webhooks/", {"address": "http://127.0.0.1/hook"})
    assert wrong_fields(answer) == {"address"}


def test_only_who_sets_an_offices_reminders_adds_its_webhook(office, drafter, approver, signed_in):
    body = {"address": ADDRESS, "authority": office.pk}
    assert post(signed_in(drafter), "/webhooks/", body).status_code == 403
    assert post(signed_in(approver), "/webhooks/", body).json()["authority"] == office.pk
    assert WebhookEndpoint.objects.get().created_by == approver


def test_nobody_sees_calls_or_removes_the_webhook_of_another(drafter, approver, stranger, calling):
    endpoint, _secret = webhooks.add(ADDRESS, user=drafter, now=timezone.now())
    for other in (approver, stranger):
        caller = calling(other)
        assert caller.call("GET", "/webhooks/").json() == []
        assert caller.call("DELETE", f"/webhooks/{endpoint.pk}/").status_code == 404
        for act in ("test", "enable"):
            answer = caller.call("POST", f"/webhooks/{endpoint.pk}/{act}/")
            assert answer.status_code == 404
    assert WebhookEndpoint.objects.exists()


def test_a_test_that_is_not_taken_says_why(drafter, calling, settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    endpoint, _secret = webhooks.add("http://127.0.0.1:9/", user=drafter, now=timezone.now())
    answer = calling(drafter).call("POST", f"/webhooks/{endpoint.pk}/test/")
    assert answer.status_code == 200
    assert not answer.json()["taken"]
    assert answer.json()["problem"]


def test_a_disabled_webhook_is_enabled_and_removed_by_its_owner(drafter, calling):
    endpoint, _secret = webhooks.add(ADDRESS, user=drafter, now=timezone.now())
    WebhookEndpoint.objects.update(disabled_at=timezone.now(), failures=20)
    caller = calling(drafter)
    assert caller.call("POST", f"/webhooks/{endpoint.pk}/enable/").status_code == 204
    (row,) = caller.call("GET", "/webhooks/").json()
    assert (row["disabled_at"], row["failures"]) == (None, 0)
    assert caller.call("DELETE", f"/webhooks/{endpoint.pk}/").status_code == 204
    assert not WebhookEndpoint.objects.exists()
