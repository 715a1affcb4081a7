"""The life of an extradition: who may move it, when, and what a move causes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from cases import assurances, custody, enclosures, extradition_law, other_states, speciality
from cases.extradition import MOVES, advance, possibilities
from cases.extradition_clocks import releases_due
from cases.extradition_opening import change
from cases.models import ExtraditionCase
from cases.models import ExtraditionStatus as Status
from registry import timeline
from registry.models import Deadline
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Stale
from tests.cases.conftest import BRUSSELS, PARIS
from tests.factories import officer_of


def status_of(case) -> str:
    return ExtraditionCase.objects.get(pk=case.pk).dossier.status


def clocks(case) -> dict[str, str]:
    return dict(case.dossier.deadlines.order_by("pk").values_list("rule_code", "state"))


def offered(case, user) -> set[str]:
    return {p.move.name for p in possibilities(case, user)}


def ground(case, name: str) -> str:
    return str(next(g.pk for g in extradition_law.grounds_of_refusal(case) if g.ground == name))


# --- opening ----------------------------------------------------------------------------


def test_the_case_rests_on_the_convention_and_names_the_protocols_read_with_it(opened):
    case = opened()
    assert case.basis_id == "ETS24"
    assert set(case.basis_answer["supplements"]) <= {"ETS86", "ETS98", "CETS209", "CETS212"}
    assert case.dossier.reference.startswith("BE-PO-EXT-2026-")


def test_a_case_without_person_offence_or_state_says_all_three(opened):
    with pytest.raises(Invalid) as refused:
        opened(person={}, offences=[], other_state="")
    assert set(refused.value.fields) == {"family_name", "offences", "other_state"}
    assert not ExtraditionCase.objects.exists()


def test_a_basis_that_does_not_bind_both_is_refused_with_its_reason(opened):
    with pytest.raises(Invalid) as refused:
        opened(basis_code="OAS-EXT-1981")
    assert list(refused.value.fields) == ["basis"]


def test_an_officer_of_another_office_cannot_open_one(opened, stranger):
    with pytest.raises(NotAllowed):
        opened(user=stranger)


# --- who may ----------------------------------------------------------------------------


def test_an_auditor_moves_nothing(opened, prosecution, step):
    case = opened()
    reader = officer_of(prosecution, "auditor")
    assert possibilities(case, reader) == []
    with pytest.raises(NotAllowed):
        step(case, "record_arrest", user=reader, zone=PARIS)


def test_a_case_changed_meanwhile_is_stale(opened, step):
    with pytest.raises(Stale):
        step(opened(), "record_arrest", zone=PARIS, expected_version=99)


def test_an_unknown_move_is_refused(opened, step):
    with pytest.raises(Invalid, match="unknown_move"):
        step(opened(), "burn")


def test_a_move_of_the_other_direction_is_not_possible(opened, step, complete):
    with pytest.raises(NotPossibleNow):
        step(complete(opened()), "receive_formal_request", channel="diplomatic")


@pytest.mark.parametrize("name", sorted(MOVES))
def test_no_move_takes_what_has_not_happened_yet(name, opened, now, first):
    case = opened()
    with pytest.raises((Invalid, NotPossibleNow)):
        advance(case, name, user=first, now=now, at=now + timedelta(days=1), zone=PARIS,
                channel="interpol", reason="x")  # fmt: skip
    assert status_of(case) == Status.OPENED or name in {"submit_formal_request"}


# --- formal request, four eyes ----------------------------------------------------------


def test_a_formal_request_without_its_documents_is_told_what_is_missing(opened, step):
    with pytest.raises(NotPossibleNow) as refused:
        step(opened(), "submit_formal_request")
    assert "12(2)(a)" in str(refused.value.detail)


def test_who_submitted_the_formal_request_does_not_send_it(opened, complete, step, second):
    case = step(complete(opened()), "submit_formal_request")
    with pytest.raises(NotPossibleNow, match="another officer"):
        step(case, "send_formal_request", channel="diplomatic")
    step(case, "send_formal_request", user=second, channel="diplomatic")
    assert status_of(case) == Status.REQUESTED


def test_the_database_itself_refuses_an_approval_by_who_submitted(opened, complete, step, first):
    case = step(complete(opened()), "submit_formal_request")
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtraditionCase.objects.filter(pk=case.pk).update(approved_by=first)


def test_a_submitted_request_is_not_changed_under_the_second_officers_eyes(
    opened, complete, step, first, now
):
    case = step(complete(opened()), "submit_formal_request")
    with pytest.raises(NotPossibleNow):
        change(case, {"facts": "Others"}, user=first, now=now)
    with pytest.raises(NotPossibleNow):
        enclosures.provide(case, request_type="extradition", key="legal_text", text="Other",
                           user=first, now=now)  # fmt: skip


def test_a_formal_request_that_came_without_its_documents_meets_no_clock(arrested, step):
    with pytest.raises(NotPossibleNow, match="12"):
        step(arrested, "receive_formal_request", hours=24, channel="diplomatic")
    assert clocks(arrested)["ETS24-PA-40"] == Deadline.State.RUNNING


# --- arrest and its clocks --------------------------------------------------------------


def test_eighteen_and_forty_days_are_counted_from_the_day_of_arrest_where_it_happened(
    opened, step, first
):
    """Half past eleven in the evening in Brussels is the next day in UTC+2 and beyond only."""
    late = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)  # 23:30 in Brussels, 3 March
    case = opened(direction="received")
    advance(case, "record_arrest", user=first, now=late, at=late, zone=BRUSSELS)
    due = {d.rule_code: d for d in case.dossier.deadlines.all()}
    assert due["ETS24-PA-18"].due_at == datetime(2026, 3, 21, 22, 59, 59, tzinfo=UTC)
    # Summer time begins on 29 March: midnight of 12 April is two hours before that of UTC.
    assert due["ETS24-PA-40"].due_at == datetime(2026, 4, 12, 21, 59, 59, tzinfo=UTC)
    assert due["ETS24-PA-40"].critical


def test_the_zone_of_arrest_decides_on_which_day_it_was(opened, step, first):
    instant = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # 3 March in Réunion it is no longer
    case = opened(direction="received")
    advance(case, "record_arrest", user=first, now=instant, at=instant, zone="Indian/Reunion")
    last = case.dossier.deadlines.get(rule_code="ETS24-PA-18").due_at
    assert last == datetime(2026, 3, 22, 19, 59, 59, tzinfo=UTC)  # 22 March, 23:59:59 there


def test_an_arrest_in_no_known_zone_is_refused(opened, step):
    with pytest.raises(Invalid) as refused:
        step(opened(), "record_arrest", zone="Mars/Olympus")
    assert list(refused.value.fields) == ["zone"]


def test_sending_does_not_meet_the_clock_only_the_receipt_does(opened, complete, step, second):
    case = step(complete(opened()), "record_arrest", zone=PARIS)
    step(case, "submit_formal_request", hours=1)
    step(case, "send_formal_request", hours=2, user=second, channel="diplomatic")
    assert clocks(case)["ETS24-PA-40"] == Deadline.State.RUNNING
    step(case, "confirm_receipt", hours=72)
    assert clocks(case)["ETS24-PA-40"] == Deadline.State.MET


def test_a_request_received_between_the_two_limits_misses_the_first_and_meets_the_second(
    arrested, complete, step
):
    step(complete(arrested), "receive_formal_request", hours=24 * 30, channel="diplomatic")
    assert clocks(arrested)["ETS24-PA-18"] == Deadline.State.MISSED
    assert clocks(arrested)["ETS24-PA-40"] == Deadline.State.MET


def test_release_is_due_when_the_clock_ran_out_and_the_person_is_held(arrested, now):
    assert releases_due(arrested, now + timedelta(days=10)) == []
    late = {r.deadline.rule_code for r in releases_due(arrested, now + timedelta(days=20))}
    assert late == {"ETS24-PA-18"}
    late = {r.deadline.rule_code for r in releases_due(arrested, now + timedelta(days=45))}
    assert late == {"ETS24-PA-18", "ETS24-PA-40"}


def test_a_release_after_the_clock_ran_out_leaves_it_missed_not_cancelled(arrested, step, now):
    step(arrested, "release", hours=24 * 45, reason="No request came")
    assert clocks(arrested)["ETS24-PA-40"] == Deadline.State.MISSED
    assert releases_due(arrested, now + timedelta(days=46)) == []
    assert status_of(arrested) == Status.RELEASED


def test_a_new_arrest_starts_new_clocks(arrested, step):
    step(arrested, "release", hours=24 * 5, reason="Bail")
    assert set(clocks(arrested).values()) == {Deadline.State.CANCELLED}
    step(arrested, "record_arrest", hours=24 * 9, zone=BRUSSELS)
    running = arrested.dossier.deadlines.filter(state="running", rule_code__startswith="ETS24-PA")
    assert running.count() == 2


def test_custody_is_counted_over_its_periods(arrested, step, now):
    step(arrested, "release", hours=25, reason="Bail")
    step(arrested, "record_arrest", hours=49, zone=BRUSSELS)
    lasted = custody.total(list(arrested.custody_periods.all()), now + timedelta(hours=73))
    assert lasted == timedelta(hours=48)


def test_custody_cannot_begin_before_an_earlier_one_ended(arrested, step):
    step(arrested, "release", hours=25, reason="Bail")
    with pytest.raises(Invalid) as refused:
        step(arrested, "record_arrest", hours=10, now=arrested.dossier.updated_at, zone=BRUSSELS)
    assert list(refused.value.fields) == ["at"]


# --- decisions --------------------------------------------------------------------------


def test_nothing_is_granted_before_the_court_or_the_person_has_spoken(requested, step):
    with pytest.raises(NotPossibleNow, match="court"):
        step(requested, "grant", hours=300)


def test_what_the_court_held_inadmissible_can_only_be_refused(requested, step):
    step(requested, "open_judicial_phase", hours=260)
    step(requested, "record_court_decision", hours=300, outcome="inadmissible")
    with pytest.raises(NotPossibleNow, match="not admissible"):
        step(requested, "grant", hours=310)
    step(requested, "refuse", hours=310, reason="The court",
         grounds=[ground(requested, "double_criminality")])  # fmt: skip
    assert status_of(requested) == Status.REFUSED


def test_an_appeal_against_the_courts_decision_goes_round_once_more(before_the_government, step):
    step(before_the_government, "record_appeal", hours=310)
    step(before_the_government, "record_court_decision", hours=400, outcome="inadmissible")
    phases = list(before_the_government.decisions.values_list("phase", "outcome"))
    assert phases == [("judicial", "admissible"), ("appeal", "inadmissible")]


def test_conditions_must_be_recorded_before_it_is_granted_with_them(
    before_the_government, step, first, now
):
    with pytest.raises(NotPossibleNow, match="conditions"):
        step(before_the_government, "grant_with_conditions", hours=400)
    assurances.ask(before_the_government, kind="death_penalty", text="None is sought.",
                   user=first, now=now)  # fmt: skip
    step(before_the_government, "grant_with_conditions", hours=400)
    with pytest.raises(NotPossibleNow, match="not given"):
        step(before_the_government, "agree_surrender", hours=410,
             surrender_at=now + timedelta(hours=500))  # fmt: skip


def test_only_a_ground_of_the_instrument_serves_to_refuse(before_the_government, step):
    with pytest.raises(Invalid) as refused:
        step(before_the_government, "refuse", hours=400, reason="No", grounds=["999999"])
    assert list(refused.value.fields) == ["grounds"]
    with pytest.raises(Invalid) as refused:
        step(before_the_government, "refuse", hours=400, reason="No")
    assert list(refused.value.fields) == ["grounds"]


def test_what_a_protocol_bars_is_told_with_how_far_it_goes(opened):
    case = opened()
    case.basis_answer = {"supplements": ["ETS86"]}
    [barred] = extradition_law.barred_grounds(case)
    assert (barred.ground, barred.instrument_id) == ("political_offence", "ETS86")
    assert "grave breaches" in barred.note


def test_a_refusal_for_nationality_opens_the_duty_at_home_and_follows_it_to_its_end(
    before_the_government, step
):
    case = before_the_government
    step(case, "refuse", hours=400, reason="Own national", grounds=[ground(case, "nationality")])
    case = ExtraditionCase.objects.get(pk=case.pk)
    assert case.at_home.article == "6(2)"
    assert case.decisions.last().grounds[0]["article"] == "6(1)(a)"
    with pytest.raises(NotPossibleNow, match="submitted for prosecution"):
        step(case, "close", hours=401)
    step(case, "submit_at_home", hours=410, body="Federal prosecutor", case_number="FP-12")
    with pytest.raises(NotPossibleNow, match="awaited"):
        step(case, "close", hours=411)
    step(case, "record_outcome_at_home", hours=500, outcome_at_home="convicted")
    step(case, "tell_outcome_at_home", hours=510)
    step(case, "record_end_of_custody", hours=511, reason="Held for the case at home now")
    step(case, "close", hours=512)
    assert status_of(case) == Status.CLOSED


def test_a_refusal_on_another_ground_opens_no_duty_by_itself(before_the_government, step):
    case = before_the_government
    step(case, "refuse", hours=400, reason="Political", grounds=[ground(case, "political_offence")])
    assert not hasattr(ExtraditionCase.objects.get(pk=case.pk), "at_home")


# --- consent ----------------------------------------------------------------------------


def test_consent_starts_the_days_of_the_simplified_procedure_and_the_decision_meets_them(
    arrested, step, first
):
    case = ExtraditionCase.objects.get(pk=arrested.pk)
    case.basis_answer = {"supplements": ["CETS209"]}
    case.save()
    step(case, "record_consent", hours=48)
    assert clocks(case)["CETS209-DEC-20"] == Deadline.State.RUNNING
    step(case, "grant", hours=72)
    assert clocks(case)["CETS209-DEC-20"] == Deadline.State.MET
    assert clocks(case)["CETS209-SUR-10"] == Deadline.State.RUNNING


def test_consent_needs_an_instrument_that_knows_it(arrested, step):
    ExtraditionCase.objects.filter(pk=arrested.pk).update(basis_answer={"supplements": []})
    with pytest.raises(NotPossibleNow, match="simplified"):
        step(arrested, "record_consent", hours=48)


# --- surrender --------------------------------------------------------------------------


def test_the_days_of_taking_over_run_from_the_agreed_date(before_the_government, step, now):
    case = before_the_government
    step(case, "grant", hours=400)
    step(case, "agree_surrender", hours=410, surrender_at=now + timedelta(days=30))
    due = {d.rule_code: d.due_at.date() for d in case.dossier.deadlines.filter(state="running")}
    # 2 March and 30 days are 1 April.
    assert due == {"ETS24-SUR-15": date(2026, 4, 16), "ETS24-SUR-30": date(2026, 5, 1)}


def test_a_new_date_is_agreed_once_and_at_no_moment_is_there_no_clock(
    before_the_government, step, now
):
    case = before_the_government
    step(case, "grant", hours=400)
    step(case, "agree_surrender", hours=410, surrender_at=now + timedelta(days=20))
    new = {"surrender_at": now + timedelta(days=30), "reason": "Strike"}
    step(case, "agree_new_date", hours=420, **new)
    running = case.dossier.deadlines.filter(state="running")
    assert set(running.values_list("started_at", flat=True)) == {now + timedelta(days=30)}
    with pytest.raises(NotPossibleNow, match="once already"):
        step(case, "agree_new_date", hours=430, **new)


def test_nobody_takes_the_person_over_and_release_is_due(before_the_government, step, now):
    case = before_the_government
    step(case, "grant", hours=400)
    step(case, "agree_surrender", hours=410, surrender_at=now + timedelta(days=20))
    late = {r.deadline.rule_code for r in releases_due(case, now + timedelta(days=51))}
    assert late == {"ETS24-SUR-15", "ETS24-SUR-30"}


def test_surrender_ends_custody_and_opens_the_ledger(surrendered):
    assert not custody.is_held(surrendered)
    entry = surrendered.speciality.get()
    assert (entry.kind, entry.family_id) == ("extradited_for", "corruption")
    assert clocks(surrendered)["ETS24-SUR-30"] == Deadline.State.MET


def test_a_temporary_surrender_awaits_the_return(before_the_government, step, now):
    case = before_the_government
    step(case, "grant", hours=400)
    step(case, "postpone", hours=410, reason="Own proceedings")
    step(case, "surrender_temporarily", hours=420, return_by=date(2026, 6, 1))
    waiting = case.dossier.deadlines.get(met_by_event="extradition.returned")
    assert waiting.state == Deadline.State.RUNNING
    step(case, "record_return", hours=500)
    waiting.refresh_from_db()
    assert waiting.state == Deadline.State.MET
    assert status_of(case) == Status.POSTPONED


# --- afterwards -------------------------------------------------------------------------


@pytest.fixture
def ours(opened, complete, step, second, now) -> ExtraditionCase:
    """We asked, and the person was surrendered to us."""
    case = step(complete(opened()), "record_arrest", zone=PARIS)
    step(case, "submit_formal_request", hours=1)
    step(case, "send_formal_request", hours=2, user=second, channel="diplomatic")
    step(case, "confirm_receipt", hours=24)
    step(case, "open_judicial_phase", hours=30)
    step(case, "record_court_decision", hours=100, outcome="admissible")
    step(case, "grant", hours=200)
    step(case, "agree_surrender", hours=210, surrender_at=now + timedelta(hours=300))
    return step(case, "record_surrender", hours=301)


def test_a_new_charge_beyond_what_was_granted_is_warned_of(ours, now):
    assert speciality.judge(ours, "corruption", now=now).covered
    told = speciality.judge(ours, "torture", now=now)
    assert not told.covered
    assert "Ask the surrendering State" in told.sentence


def test_consent_asked_and_granted_covers_the_new_charge(ours, first, now):
    entry = speciality.ask_consent(ours, kind="prosecution", family="torture",
                                   description="Acts of 2019", user=first, now=now)  # fmt: skip
    assert not speciality.judge(ours, "torture", now=now).covered
    speciality.answer_consent(ours, entry.pk, answer="granted", user=first, now=now)
    assert speciality.judge(ours, "torture", now=now).covered


def test_re_extradition_is_judged_for_the_third_state_alone(ours, first, now):
    entry = speciality.ask_consent(ours, kind="re_extradition", family="corruption",
                                   description="Acts there", third_state="SEN", user=first,
                                   now=now)  # fmt: skip
    speciality.answer_consent(ours, entry.pk, answer="granted", user=first, now=now)
    assert speciality.judge(ours, "corruption", third_state="SEN", now=now).covered
    assert not speciality.judge(ours, "corruption", third_state="ARG", now=now).covered


def test_speciality_ends_when_the_days_after_the_final_discharge_are_over(ours, step, now):
    step(ours, "record_final_discharge", hours=1000)
    window = ours.dossier.deadlines.get(met_by_event="extradition.speciality_ended")
    assert not speciality.judge(ours, "torture", now=window.due_at).covered
    assert speciality.judge(ours, "torture", now=window.due_at + timedelta(seconds=1)).covered
    with pytest.raises(NotPossibleNow, match="still running"):
        step(ours, "close", hours=1001)
    with pytest.raises(Invalid, match="too_early"):
        step(ours, "record_end_of_speciality", hours=1001)
    step(ours, "record_end_of_speciality", hours=1000 + 24 * 60)
    step(ours, "close", hours=1000 + 24 * 61)
    assert status_of(ours) == Status.CLOSED


def test_a_protocols_shorter_period_takes_the_place_of_the_conventions(ours, step):
    ExtraditionCase.objects.filter(pk=ours.pk).update(basis_answer={"supplements": ["CETS212"]})
    step(ours, "record_final_discharge", hours=1000)
    windows = ours.dossier.deadlines.filter(met_by_event="extradition.speciality_ended")
    assert [w.rule_code for w in windows] == ["CETS212-SPEC-30"]
    assert windows[0].rule_confidence == "unverified"


def test_an_assurance_is_followed_after_surrender_until_it_is_fulfilled(
    before_the_government, step, first, now
):
    case = before_the_government
    given = assurances.ask(case, kind="retrial", text="A retrial.", user=first, now=now)
    assurances.follow(case, given.pk, state="given", user=first, now=now)
    step(case, "grant_with_conditions", hours=400)
    step(case, "agree_surrender", hours=410, surrender_at=now + timedelta(hours=420))
    step(case, "record_surrender", hours=430)
    with pytest.raises(NotPossibleNow, match="followed until"):
        step(case, "close", hours=440)
    with pytest.raises(Invalid) as refused:
        assurances.follow(case, given.pk, state="fulfilled", user=first, now=now)
    assert list(refused.value.fields) == ["note"]
    assurances.follow(case, given.pk, state="fulfilled", note="Retried", user=first, now=now)
    step(case, "close", hours=450)
    assert status_of(case) == Status.CLOSED


def test_competing_requests_are_weighed_in_words(arrested, first, now):
    other = other_states.add_concurrent(arrested, state="SEN", received_on=date(2026, 3, 1),
                                        offences="Fraud", user=first, now=now)  # fmt: skip
    with pytest.raises(Invalid):
        other_states.weigh(arrested, other.pk, weighed={}, preferred="this", user=first, now=now)
    other_states.weigh(arrested, other.pk, weighed={"seriousness": "Graver here"},
                       preferred="this", user=first, now=now)  # fmt: skip
    other.refresh_from_db()
    assert other.preferred is False


def test_transit_is_asked_of_a_third_state_only(arrested, first, now):
    with pytest.raises(Invalid):
        other_states.ask_transit(arrested, state="FRA", route="", user=first, now=now)
    asked = other_states.ask_transit(arrested, state="NLD", route="By road", user=first, now=now)
    other_states.answer_transit(arrested, asked.pk, answer="granted", user=first, now=now)
    asked.refresh_from_db()
    assert asked.answer == "granted"


def test_a_withdrawn_request_ends_custody_and_every_clock(arrested, step):
    step(arrested, "withdraw", hours=24, reason="Found dead")
    assert set(clocks(arrested).values()) == {Deadline.State.CANCELLED}
    assert not custody.is_held(arrested)
    assert not arrested.dossier.is_open


def test_every_step_is_on_the_timeline_and_the_chain_is_whole(surrendered):
    events = list(surrendered.dossier.timeline.values_list("event", flat=True))
    for event in ("extradition.opened", "extradition.arrested", "extradition.surrendered"):
        assert event in events
    assert list(timeline.breaks(surrendered.dossier)) == []


def test_the_officer_is_offered_only_what_can_follow(arrested, first):
    assert "record_surrender" not in offered(arrested, first)
    assert {"receive_formal_request", "release", "withdraw"} <= offered(arrested, first)
