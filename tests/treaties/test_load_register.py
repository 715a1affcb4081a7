"""Loading the register: again and again, without doubling or undoing."""

import csv
import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from registry.models import Authority, State
from treaties import register_data
from treaties.models import Declaration, Instrument, Participation, RegisterVersion, TimeLimit
from treaties.register_freshness import touch_register
from treaties.register_index import RegisterIndex
from treaties.register_loading import load_register

pytestmark = pytest.mark.django_db


def _load() -> dict:
    return {r.table: r for r in load_register(now=timezone.now())}


@pytest.fixture
def loaded() -> dict:
    return _load()


def test_the_whole_register_is_loaded(loaded):
    assert loaded["participation"].added == len(register_data.participations()) > 2857
    assert Instrument.objects.count() == 32
    assert State.objects.filter(kind="state").count() == 198
    assert set(State.objects.filter(kind="international_body").values_list("code", flat=True)) == {
        "ICC",
        "IRMCT",
        "IIIM",
        "IIMM",
        "UNITAD",
        "KSC",
        "EUROJUST",
    }


def test_a_second_run_changes_nothing(loaded):
    stamp = RegisterVersion.objects.get().stamp
    again = _load()
    assert all((r.added, r.changed, r.kept) == (0, 0, 0) for r in again.values())
    assert again["participation"].unchanged == loaded["participation"].added
    assert RegisterVersion.objects.get().stamp == stamp


def test_what_an_office_corrected_is_kept_and_reported(loaded):
    row = Participation.objects.get(instrument="UNCAC", state="SEN", action="ratification")
    row.date, row.office_edited = date(2005, 11, 17), True
    row.save()
    report = _load()["participation"]
    row.refresh_from_db()
    assert (report.kept, report.added, row.date) == (1, 0, date(2005, 11, 17))


def test_what_a_named_officer_verified_is_kept(loaded, django_user_model):
    officer = django_user_model.objects.create_user("o@example.org", "x" * 14, name="Officer")
    Instrument.objects.filter(code="ECOWAS-MLA-1992").update(
        confidence="verified", verified_by=officer
    )
    assert _load()["instrument"].kept == 1
    assert Instrument.objects.get(code="ECOWAS-MLA-1992").confidence == "verified"


def test_a_row_changed_by_nobody_in_the_office_is_brought_back_to_the_data(loaded):
    Instrument.objects.filter(code="UNCAC").update(short_title="Mistyped")
    assert _load()["instrument"].changed == 1
    assert Instrument.objects.get(code="UNCAC").short_title != "Mistyped"


def test_a_declaration_reworded_in_the_data_is_changed_and_not_doubled(loaded):
    count = Declaration.objects.count()
    Declaration.objects.filter(instrument="LTH-2023", state="LVA", provision="22").update(
        paraphrase="As it was worded before."
    )
    report = _load()["declaration"]
    assert (report.changed, report.added, Declaration.objects.count()) == (1, 0, count)


def test_what_the_office_added_is_left_alone(loaded):
    Authority.objects.create(state_id="SEN", kind="central_authority", name="An office of ours")
    _load()
    assert Authority.objects.filter(name="An office of ours").exists()


def test_every_row_has_a_source(loaded):
    for model in (State, Instrument, Participation, Declaration, TimeLimit):
        assert not model.objects.filter(source="").exists()


def test_every_time_zone_and_holiday_calendar_is_one_that_exists(loaded):
    import zoneinfo

    import holidays

    calendars = holidays.list_supported_countries()
    for state in State.objects.all():
        assert state.time_zone in zoneinfo.available_timezones(), state.code
        assert not state.holiday_calendar or state.holiday_calendar in calendars, state.code


def test_what_a_process_remembers_ages_with_the_register(loaded):
    held = RegisterIndex.current()
    assert RegisterIndex.current() is held
    row = Participation.objects.get(instrument="UNCAC", state="SEN", action="ratification")
    row.entry_into_force = date(2030, 1, 1)
    row.save()
    assert not RegisterIndex.current().position("UNCAC", "SEN", date(2026, 1, 1)).bound
    touch_register()
    assert RegisterIndex.current() is not held


def test_reading_the_register_takes_one_query_when_it_is_remembered(
    loaded, django_assert_num_queries
):
    RegisterIndex.current()
    with django_assert_num_queries(1):
        RegisterIndex.current()


def test_the_command_reports_each_table(loaded):
    out = StringIO()
    call_command("load_register", "--json", stdout=out)
    tables = {t["table"]: t for t in json.loads(out.getvalue())["tables"]}
    assert tables["participation"]["unchanged"] == Participation.objects.count()
    assert tables["state"]["removed"] == 0


def test_the_files_refer_only_to_what_they_hold():
    states = {row["code"] for row in register_data.states()}
    instruments = {row["code"] for row in register_data.instruments()}
    for rows in (register_data.participations(), register_data.declarations()):
        assert {row["state_id"] for row in rows} <= states
        assert {row["instrument_id"] for row in rows} <= instruments


def test_the_participation_file_is_a_plain_table_in_utf_8():
    path = register_data.TREATIES / "participation.csv"
    with path.open(encoding="utf-8", newline="") as file:
        widths = {len(row) for row in csv.reader(file)}
    assert widths == {9}
