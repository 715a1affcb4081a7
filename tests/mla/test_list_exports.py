"""Lists taken away as tables: what the person may see, as filtered, by a sweep, for a day."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from cases.person_search import write_keys
from mla import drafting
from registry import list_exports, missed, naming
from registry.models import Deadline, Dossier, ListExport
from registry.refusals import Invalid, NotFound, NotPossibleNow
from tests.factories import (
    AssistanceRequestFactory,
    DeadlineFactory,
    DossierFactory,
)

DAY = timedelta(days=1)


@pytest.fixture
def table(db):
    """``table("requests", user, "status=draft")``: the table as rows by heading, as CSV."""

    def of(code: str, user, query: str = "") -> list[dict[str, str]]:
        made = list_exports.order(code, query, "csv", user=user, now=timezone.now())
        list_exports.make_ordered()
        made.refresh_from_db()
        assert made.state == "made", made.last_error
        with list_exports.open_file(made) as file:
            return list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))

    return of


def test_the_requests_of_all_pages_are_in_it_with_the_filters_of_the_page(
    table, office, drafter, monkeypatch
):
    monkeypatch.setattr(list_exports, "BATCH", 2)
    for number in range(5):
        AssistanceRequestFactory(owner=office, drafter=drafter, title=f"Matter {number}")
    Dossier.objects.update(urgent=True, urgency_reason="It burns.", urgent_until="2026-05-01")
    AssistanceRequestFactory(owner=office, drafter=drafter, title="Another")
    rows = table("requests", drafter, "urgent=on&page=whatever&status=draft")
    assert [row["Subject"] for row in rows] == [f"Matter {number}" for number in (4, 3, 2, 1, 0)]
    assert rows[0]["Other State"] == "Senegal"
    assert table("requests", drafter, "status=sent") == []


def test_what_is_sealed_is_in_it_only_for_who_is_named(
    table, draft, drafter, colleague, approver, stranger, now
):
    naming.seal(draft.dossier, user=approver, now=now)
    assert len(table("requests", drafter)) == 1
    assert table("requests", colleague) == []
    assert table("requests", stranger) == []


def test_it_counts_what_the_person_may_see_when_it_is_made(draft, colleague, approver, now):
    made = list_exports.order("requests", "", "csv", user=colleague, now=now)
    naming.seal(draft.dossier, user=approver, now=now)
    list_exports.make_ordered()
    made.refresh_from_db()
    assert (made.state, made.rows) == ("made", 0)


def test_nothing_that_somebody_typed_becomes_a_formula(office, drafter, now):
    AssistanceRequestFactory(owner=office, drafter=drafter, title="=1+1")
    for form in ("csv", "xlsx"):
        list_exports.order("requests", "", form, user=drafter, now=now)
    assert list_exports.make_ordered() == 2
    as_xlsx, as_csv = list_exports.of_person(drafter)
    with list_exports.open_file(as_csv) as file:
        assert "'=1+1" in file.read().decode()
    with list_exports.open_file(as_xlsx) as file:
        sheet = openpyxl.load_workbook(io.BytesIO(file.read())).active
    cell = next(cell for cell in sheet[2] if cell.value == "=1+1")
    assert cell.data_type == "s"


def test_a_protected_person_is_in_it_by_alias_and_role_alone(table, draft, drafter, now):
    drafting.add_person(
        draft,
        fields={
            "role": "witness",
            "family_name": "Verborgen",
            "birth_year": 1980,
            "birth_place": "Ghent",
            "protected": True,
            "protected_alias": "Witness W-3",
        },
        user=drafter,
        now=now,
    )
    write_keys(draft.dossier.persons.get())
    [row] = table("persons", drafter, "name=Witness W-3")
    assert (row["Name"], row["Protected"], row["Born"]) == ("Witness W-3", "Yes", "")
    assert "Ghent" not in row.values()
    assert table("persons", drafter, "name=Verborgen") == []


def test_extraditions_and_case_files_are_taken_away_with_their_filters(table, office, drafter):
    for kind, status in (("extradition", "preparing"), ("case_file", "inquiry")):
        DossierFactory(
            kind=kind, kind_mark="X", owner=office, responsible=drafter, status=status, title=kind
        )
    assert [row["Subject"] for row in table("extraditions", drafter)] == ["extradition"]
    assert [row["Subject"] for row in table("case-files", drafter, "stage=inquiry")] == [
        "case_file"
    ]
    assert table("case-files", drafter, "stage=trial") == []


def test_deadlines_are_taken_away_as_their_pages_show_them(table, draft, drafter, stranger):
    now = timezone.now()
    late = DeadlineFactory(dossier=draft.dossier, label="Late", due_at=now - 3 * DAY,
                           bound_party="ours")  # fmt: skip
    DeadlineFactory(dossier=draft.dossier, label="Soon", due_at=now + 2 * DAY, critical=True)
    missed.explain(late.pk, "The file was lost.", user=drafter, now=now)
    assert [row["Deadline"] for row in table("deadlines", drafter)] == ["Late", "Soon"]
    assert [row["Deadline"] for row in table("deadlines", drafter, "which=overdue")] == ["Late"]
    assert [row["Deadline"] for row in table("deadlines-at-risk", drafter)] == ["Soon"]
    [row] = table("deadlines-missed", drafter)
    assert (row["Days late"], row["Why"]) == ("3", "The file was lost.")
    assert table("deadlines-missed", stranger) == []
    Deadline.objects.filter(pk=late.pk).update(bound_party="theirs")
    assert [row["Deadline"] for row in table("late-with-them", drafter)] == ["Late"]


def test_the_register_is_taken_away_too(table, office, drafter):
    assert {row["Code"] for row in table("states", drafter)} == {"BEL"}
    assert [row["Name"] for row in table("authorities", drafter, "state=BEL")] == [office.name]
    assert table("authorities", drafter, "state=SEN") == []


def test_obligations_are_taken_away_as_filtered(table, register, drafter):
    every = table("obligations", drafter)
    under = table("obligations", drafter, "under=CAT")
    assert 0 < len(under) < len(every)
    assert {row["Instrument"] for row in under} == {"CAT"}
    assert table("obligations", drafter, "under=CAT&status=met") == []


def test_a_worker_that_died_leaves_a_claim_that_runs_out(draft, drafter, now):
    made = list_exports.order("requests", "", "csv", user=drafter, now=now)
    ListExport.objects.update(claimed_until=timezone.now() + DAY, attempts=1)
    assert list_exports.make_ordered() == 0
    ListExport.objects.update(claimed_until=timezone.now() - DAY)
    assert list_exports.make_ordered() == 1
    made.refresh_from_db()
    assert (made.state, made.attempts, made.rows) == ("made", 2, 1)


def test_a_table_that_is_too_long_is_cut_short_and_says_so(office, drafter, now, monkeypatch):
    monkeypatch.setattr(list_exports, "MOST_ROWS", 1)
    for _number in range(2):
        AssistanceRequestFactory(owner=office, drafter=drafter)
    made = list_exports.order("requests", "", "csv", user=drafter, now=now)
    list_exports.make_ordered()
    made.refresh_from_db()
    assert (made.rows, made.cut_short) == (1, True)


def test_the_file_is_thrown_away_after_a_day_and_who_took_it_stays_known(draft, drafter, now):
    made = list_exports.order("requests", "", "csv", user=drafter, now=now)
    list_exports.make_ordered()
    assert list_exports.forget_old(timezone.now()) == 0
    assert list_exports.forget_old(timezone.now() + 2 * DAY) == 1
    made.refresh_from_db()
    assert (made.state, made.rows, made.ordered_by) == ("forgotten", 1, drafter)
    with pytest.raises(NotPossibleNow):
        list_exports.open_file(made)


def test_nobody_finds_the_table_of_another(draft, drafter, colleague, signed_in, now):
    made = list_exports.order("requests", "", "csv", user=drafter, now=now)
    list_exports.make_ordered()
    with pytest.raises(NotFound):
        list_exports.one_of(colleague, made.pk)
    for name in ("list-export", "list-export-progress", "list-export-download"):
        assert signed_in(colleague).get(reverse(name, args=[made.pk])).status_code == 404
    assert signed_in(colleague).get(f"/api/v1/list-exports/{made.pk}/file/").status_code == 404


@pytest.mark.parametrize(
    ("code", "form", "query"), [("nothing", "csv", ""), ("requests", "pdf", ""), ("requests", "csv", "\x00")]
)  # fmt: skip
def test_what_cannot_be_taken_away_is_refused(drafter, now, code, form, query):
    with pytest.raises(Invalid):
        list_exports.order(code, query, form, user=drafter, now=now)


def test_the_buttons_of_a_list_keep_its_filters_and_lead_to_the_file(draft, drafter, signed_in):
    browser = signed_in(drafter)
    page = browser.get(reverse("requests"), {"q": "", "status": "draft", "page": "x"}).text
    assert 'name="query" value="q=&amp;status=draft"' in page
    given = {"list": "requests", "query": "status=draft", "form": "csv"}
    answer = browser.post(reverse("list-export-order"), given)
    where = answer["Location"]
    assert "every 1s" in browser.get(where).text
    list_exports.make_ordered()
    assert browser.get(where + "progress/")["HX-Refresh"] == "true"
    assert "1 row" in browser.get(where).text
    file = b"".join(browser.get(where + "file/").streaming_content).decode()
    assert draft.dossier.reference in file


def test_the_same_by_api(draft, drafter, signed_in):
    browser = signed_in(drafter)
    asked = {"list": "requests", "query": "status=draft", "form": "xlsx"}
    answer = browser.post("/api/v1/list-exports/", asked, "application/json")
    assert answer.status_code == 202
    one = f"/api/v1/list-exports/{answer.json()['id']}/"
    assert browser.get(one + "file/").status_code == 409
    list_exports.make_ordered()
    assert browser.get(one).json()["rows"] == 1
    assert b"".join(browser.get(one + "file/").streaming_content).startswith(b"PK")
    assert [each["list"] for each in browser.get("/api/v1/list-exports/").json()] == ["requests"]
