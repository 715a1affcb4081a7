"""The time limits of the register: the command that computes them, and what an event starts."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from registry.refusals import Invalid
from registry.time_rules import NoFixedPeriod, Unit, due
from treaties.models import Instrument, TimeLimit
from treaties.time_limits import limit_called, rule_of, started_by

pytestmark = pytest.mark.usefixtures("register")
NIGHT_OF_THE_ARREST = "2026-03-03T23:30-03:00"


def answer(capsys, *arguments):
    call_command("time_limit", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def refusal(capsys, *arguments):
    with pytest.raises(CommandError) as error:
        call_command("time_limit", *arguments, "--json")
    assert error.value.returncode == 2
    return json.loads(capsys.readouterr().out)


def test_the_provisional_arrest_ends_forty_days_after_the_local_day(capsys):
    found = answer(capsys, "ETS24-PA-40", "--from", NIGHT_OF_THE_ARREST)
    assert found["due"] == "2026-04-12T23:59:59-03:00"
    assert found["derivation"].endswith("Art. 16(4); ends Sunday 12 April 2026, does not roll")


def test_the_zone_given_decides_which_day_it_was(capsys):
    found = answer(capsys, "ETS24-PA-40", "--from", NIGHT_OF_THE_ARREST, "--zone", "Europe/Paris")
    assert found["due"] == "2026-04-13T23:59:59+02:00"


def test_a_summons_is_counted_back_from_the_hearing(capsys):
    found = answer(capsys, "ETS30-SUMMONS-50", "--from", "2026-03-03T10:00+01:00")
    assert found["last_day"] == "2026-01-12"


def test_the_entry_into_force_for_latvia_is_the_first_of_the_month(capsys):
    found = answer(capsys, "LTH-EIF-STATE", "--from", "2025-08-28")
    assert found["last_day"] == "2025-12-01"


def test_a_word_instead_of_a_period_gives_no_date_and_says_why(capsys):
    found = answer(capsys, "UNTOC-EXEC", "--from", NIGHT_OF_THE_ARREST)
    assert found["due"] is None
    assert "as soon as possible" in found["explanation"]


def test_every_limit_of_the_register_has_an_answer(capsys):
    for code, length in TimeLimit.objects.values_list("code", "length"):
        found = answer(capsys, code, "--from", NIGHT_OF_THE_ARREST)
        assert (found["due"] is None) == (length is None), code
        assert found["derivation"]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["ETS24-PA-4", "--from", NIGHT_OF_THE_ARREST], "code"),
        (["ETS24-PA-40"], "from"),
        (["ETS24-PA-40", "--from", "2026-02-29"], "from"),
        (["ETS24-PA-40", "--from", "9999-12-31"], "from"),
        (["ETS24-PA-40", "--from", "yesterday"], "from"),
        (["EIO-TI-96H", "--from", "2026-03-03"], "from"),
        (["EIO-TI-96H", "--from", "2026-03-29T02:30", "--zone", "Europe/Brussels"], "from"),
        (["ETS24-PA-40", "--from", "2026-03-03", "--zone", "Mars/Base"], "zone"),
        (["ETS24-PA-40", "--from", "2026-03-03", "--calendar", "ATLANTIS"], "calendar"),
    ],
)
def test_what_cannot_be_understood_names_the_field_and_the_remedy(capsys, arguments, field):
    assert refusal(capsys, *arguments)["fields"][field]


def test_an_unknown_code_is_answered_with_those_that_resemble_it():
    with pytest.raises(Invalid) as error:
        limit_called("ETS24-PA-4")
    assert "ETS24-PA-40" in str(error.value.fields["code"])


def test_a_code_may_be_written_in_small_letters():
    assert limit_called(" ets24-pa-40 ").code == "ETS24-PA-40"


def test_working_days_of_a_rule_are_those_of_the_calendar_named(capsys):
    TimeLimit.objects.filter(code="ETS24-PA-18").update(rolls_to_working_day=True)
    arguments = ["ETS24-PA-18", "--from", "2026-03-19T10:00+01:00", "--calendar", "BEL"]
    assert answer(capsys, *arguments)["last_day"] == "2026-04-07"  # after Easter Monday


def test_days_counted_as_working_days_skip_the_weekend():
    limit = TimeLimit(length=5, unit="days", day_count="working_days")
    assert rule_of(limit, zone=UTC).unit is Unit.WORKING_DAYS


def test_a_limit_without_a_period_makes_no_rule():
    with pytest.raises(NoFixedPeriod, match="no_fixed_period"):
        rule_of(limit_called("LTH-PA"), zone=UTC)


def test_sending_starts_the_office_norms_where_the_treaty_fixes_no_period():
    started = started_by("mla.sent", Instrument.objects.get(pk="UNTOC"))
    assert [limit.code for limit in started] == ["OFFICE-ACK", "OFFICE-EXEC"]


def test_an_office_norm_gives_way_to_the_acknowledgement_that_the_law_asks_for():
    codes = [limit.code for limit in started_by("mla.sent", Instrument.objects.get(pk="EIO-2014"))]
    assert "EIO-ACK" in codes
    assert "OFFICE-ACK" not in codes


def test_a_receipt_counted_from_the_sending_says_so():
    rule = rule_of(limit_called("EIO-ACK"), zone=UTC, counted_from="sending of the request")
    sentence = due(rule, datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=9)).sentence()
    assert "receipt of the EIO (counted from sending of the request)" in sentence


# --- with the States of both sides, and with what happened to the clock ----------------------


def test_the_days_of_a_provisional_arrest_are_those_of_the_place_of_arrest(capsys):
    sides = ["--requesting", "BEL", "--requested", "ARG"]
    found = answer(capsys, "ETS24-PA-40", "--from", "2026-03-03T23:30", *sides)
    assert found["due"] == "2026-04-12T23:59:59-03:00"


def test_a_pause_moves_the_day_and_the_derivation_says_so(capsys):
    events = ["suspend@2026-03-10T09:00=awaiting translation", "resume@2026-04-02T17:00"]
    found = answer(capsys, "EIO-EXEC-90", "--from", "2026-03-05T12:00+01:00", "--events", *events)
    assert found["last_day"] == "2026-06-26"
    assert found["derivation"].endswith(
        "paused 23 days awaiting translation; due 3 June, now 26 June"
    )


def test_an_extension_that_the_rule_permits_lengthens_and_another_is_refused(capsys):
    events = ["extend@2026-03-10T09:00=30:days", "extend@2026-03-11T09:00=30:days"]
    found = answer(capsys, "EIO-REC-30", "--from", "2026-03-02T12:00+01:00", "--events", *events)
    assert found["last_day"] == "2026-05-01"
    assert [refused["kind"] for refused in found["refused"]] == ["extend"]


def test_working_days_of_both_sides_count_where_both_calendars_rule(capsys):
    TimeLimit.objects.filter(code="ETS24-PA-18").update(
        unit="working_days", length=2, calendar_of="both"
    )
    sides = ["--requesting", "BEL", "--requested", "FRA"]
    # Friday 1 May is off in both; Friday 8 May in France only.
    assert answer(capsys, "ETS24-PA-18", "--from", "2026-05-06T09:00", *sides)["last_day"] == (
        "2026-05-11"
    )
    refused = refusal(capsys, "ETS24-PA-18", "--from", "2026-05-06T09:00", "--requesting", "BEL")
    assert "calendar" in refused["fields"]


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ("sleep@2026-03-10T09:00", "events"),
        ("extend@2026-03-10T09:00=long", "events"),
        ("suspend@yesterday", "from"),
    ],
)
def test_an_event_that_cannot_be_understood_is_refused(capsys, event, field):
    arguments = ["EIO-REC-30", "--from", "2026-03-02T12:00+01:00", "--events", event]
    assert field in refusal(capsys, *arguments)["fields"]


def test_what_the_register_says_of_extensions_is_loaded(register):
    limit = TimeLimit.objects.get(code="EIO-REC-30")
    assert (limit.extension_by, limit.extension_times, limit.extension_unit) == (
        "requested",
        1,
        "days",
    )
