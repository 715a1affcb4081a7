"""The API of what must be looked after: at risk, missed, urgent, late with them, health."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import MissExplanation
from tests.factories import DeadlineFactory, DossierFactory

LISTS = ("/deadlines/at-risk/", "/deadlines/late-with-them/", "/deadlines/missed/", "/urgent/")


@pytest.fixture
def matter(office, drafter):
    """An urgent matter with something for every list."""
    now = timezone.now()
    dossier = DossierFactory(owner=office, responsible=drafter, urgent=True, now=now)
    for label, days, party, critical in (
        ("ours", -2, "ours", False), ("theirs", -3, "theirs", False), ("soon", 2, "ours", True)
    ):  # fmt: skip
        DeadlineFactory(dossier=dossier, label=label, due_at=now + timedelta(days=days),
                        bound_party=party, critical=critical)  # fmt: skip
    return dossier


def results(caller, path: str) -> list:
    answer = caller.call("GET", path)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_each_list_says_what_it_is_for(matter, drafter, calling):
    caller = calling(drafter)
    at_risk, late, missed, urgent = (results(caller, path) for path in LISTS)
    assert {row["label"]: row["reasons"] for row in at_risk} == {
        "theirs": ["The other side is 3 days late."],
        "soon": ["Critical, and it ends within a week."],
    }
    assert [row["label"] for row in late] == ["theirs"]
    assert [(row["label"], row["days_late"]) for row in missed] == [("ours", 2)]
    assert [row["reference"] for row in urgent] == [matter.reference]


@pytest.mark.parametrize("path", LISTS)
def test_a_sealed_matter_is_in_no_list_of_others(path, matter, drafter, colleague, calling):
    matter.confidentiality = "sealed"
    matter.save()
    assert results(calling(colleague), path) == []
    assert results(calling(drafter), path)


def test_an_officer_explains_and_others_do_not(matter, drafter, auditor, stranger, calling):
    deadline = matter.deadlines.get(label="ours")
    path = f"/deadlines/missed/{deadline.pk}/explanation/"
    assert calling(auditor).call("POST", path, {"text": "x"}).status_code == 403
    assert calling(stranger).call("POST", path, {"text": "x"}).status_code == 404
    made = calling(drafter).call("POST", path, {"text": "The file was lost."})
    assert made.status_code == 201, made.content
    assert MissExplanation.objects.get().text == "The file was lost."
    (row,) = results(calling(drafter), "/deadlines/missed/")
    assert row["explanation"]["by"] == drafter.name


def test_the_health_says_that_nothing_has_run(drafter, calling):
    told = calling(drafter).call("GET", "/deadlines/health/").json()
    assert told["silent"]
    assert not told["healthy"]
    assert told["troubles"][0]["remedy"]


def test_my_day_tells_what_is_overdue_and_what_comes(matter, drafter, colleague, calling):
    told = calling(drafter).call("GET", "/me/day/?page_size=1").json()
    assert [row["label"] for row in told["overdue"]["results"]] == ["theirs"]
    assert (told["overdue"]["more"], told["today"]["more"]) == (True, False)
    assert [row["label"] for row in told["week"]["results"]] == ["soon"]
    assert told["to_acknowledge"] == []
    assert calling(colleague).call("GET", "/me/day/").json()["overdue"]["results"] == []


def test_the_teams_week_counts_what_one_may_see(matter, drafter, approver, colleague, calling):
    on = (timezone.localdate() + timedelta(days=2)).isoformat()
    matter.confidentiality = "sealed"
    matter.save()

    def of_drafter(caller) -> tuple[int, int]:
        told = caller.call("GET", f"/me/team-week/?on={on}").json()
        one = next(one for one in told["people"] if one["person"] == drafter.name)
        return one["overdue"], sum(day["deadlines"] for day in one["days"])

    overdue, ends = of_drafter(calling(drafter))
    assert overdue == 2
    assert ends >= 1
    assert of_drafter(calling(approver)) == (0, 0)
    assert calling(drafter).call("GET", "/me/team-week/?on=x").status_code == 400
