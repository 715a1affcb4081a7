"""The clocks of a request: what sending starts, in whose zone, and what stops them."""

from datetime import date, datetime, timedelta

import pytest

from mla import clocks
from mla.lifecycle import advance
from registry.models import Deadline
from tests.factories import NOW, AssistanceRequestFactory, AuthorityFactory, StateFactory
from treaties.models import Instrument

pytestmark = pytest.mark.usefixtures("register")
DAY = timedelta(days=1)


@pytest.fixture
def sent(office, drafter):
    """A request to Argentina under the Palermo Convention, sent today."""
    return AssistanceRequestFactory(
        owner=office,
        drafter=drafter,
        requested_state=StateFactory(code="ARG"),
        basis=Instrument.objects.get(pk="UNTOC"),
        status="sent",
    )


@pytest.fixture
def start(sent):
    def starting(**fields):
        for name, value in fields.items():
            setattr(sent, name, value)
        sent.sent_at = NOW
        clocks.start_for_sending(sent, NOW)
        return {d.rule_code: d for d in sent.dossier.deadlines.all()}

    return starting


def test_sending_starts_the_acknowledgement_and_the_follow_up(start):
    started = start()
    assert set(started) == {"OFFICE-ACK", "OFFICE-EXEC"}
    assert {d.bound_party for d in started.values()} == {Deadline.BoundParty.THEIRS}


def test_their_days_end_at_their_midnight(start):
    acknowledgement = start()["OFFICE-ACK"]
    assert acknowledgement.zone == "America/Argentina/Buenos_Aires"
    assert acknowledgement.due_at == datetime.fromisoformat("2026-04-01T23:59:59-03:00")


def test_an_addressee_in_another_zone_counts_in_its_own(start):
    office = AuthorityFactory(state=StateFactory(code="ARG"), time_zone="America/Lima")
    assert start(addressee=office)["OFFICE-ACK"].zone == "America/Lima"


def test_the_instruments_own_limit_starts_with_its_article_and_derivation(start):
    started = start(
        basis=Instrument.objects.get(pk="EIO-2014"), requested_state=StateFactory(code="FRA")
    )
    acknowledgement = started["EIO-ACK"]
    assert (acknowledgement.instrument, acknowledgement.article) == ("EIO-2014", "16(1)")
    assert acknowledgement.rule_confidence == "unverified"
    assert "receipt of the EIO (counted from sending of the request)" in acknowledgement.sentence


def test_the_day_the_request_names_is_a_clock_of_theirs(start):
    wanted = start(answer_wanted_by=date(2026, 5, 4), period_reason="The trial begins.")[""]
    assert wanted.bound_party == Deadline.BoundParty.THEIRS
    assert wanted.due_at == datetime.fromisoformat("2026-05-04T23:59:59-03:00")


def test_an_acknowledgement_meets_its_own_deadline_and_no_other(start, sent):
    start()
    sent.acknowledged_at = NOW + 3 * DAY
    clocks.settle(sent, "mla.acknowledged", met=True, now=NOW + 9 * DAY)
    states = dict(sent.dossier.deadlines.values_list("rule_code", "state"))
    assert states == {"OFFICE-ACK": "met", "OFFICE-EXEC": "running"}
    assert sent.dossier.deadlines.get(rule_code="OFFICE-ACK").settled_at == NOW + 3 * DAY


def test_an_acknowledgement_that_came_late_leaves_its_deadline_missed(start, sent):
    start()
    sent.acknowledged_at = NOW + 31 * DAY
    clocks.settle(sent, "mla.acknowledged", met=True, now=NOW + 40 * DAY)
    assert sent.dossier.deadlines.get(rule_code="OFFICE-ACK").state == Deadline.State.MISSED


def test_execution_meets_the_rest(start, sent):
    start(answer_wanted_by=date(2026, 5, 4))
    clocks.settle(sent, "mla.executed", met=True, now=NOW + 9 * DAY)
    assert sent.dossier.deadlines.filter(state=Deadline.State.MET).count() == 2


@pytest.mark.parametrize(
    ("move", "data"),
    [
        ("record_execution_begun", {}),
        ("record_part_execution", {"note": "One bank has answered."}),
        ("record_execution", {}),
        ("record_refusal", {"reason": "Double criminality is lacking."}),
    ],
)
def test_who_executes_or_refuses_has_decided_on_recognition(start, sent, drafter, move, data):
    started = start(
        basis=Instrument.objects.get(pk="EIO-2014"), requested_state=StateFactory(code="FRA")
    )
    assert started["EIO-REC-30"].state == Deadline.State.RUNNING
    advance(sent, move, user=drafter, now=NOW + DAY, **data)
    assert sent.dossier.deadlines.get(rule_code="EIO-REC-30").state == Deadline.State.MET


def test_the_ninety_days_for_carrying_out_run_from_the_decision_to_execute(start, sent, drafter):
    start(basis=Instrument.objects.get(pk="EIO-2014"), requested_state=StateFactory(code="FRA"))
    sent.save(update_fields=["basis", "requested_state"])
    advance(sent, "record_execution_begun", user=drafter, now=NOW + DAY)
    clock = sent.dossier.deadlines.get(rule_code="EIO-EXEC-90")
    assert (clock.state, clock.bound_party) == (Deadline.State.RUNNING, "theirs")
    advance(sent, "record_execution", user=drafter, now=NOW + 2 * DAY)
    clock.refresh_from_db()
    assert clock.state == Deadline.State.MET


def test_a_question_of_theirs_decides_nothing_on_recognition(start, sent, drafter):
    start(basis=Instrument.objects.get(pk="EIO-2014"), requested_state=StateFactory(code="FRA"))
    advance(sent, "record_question", user=drafter, now=NOW + DAY, question="Which account?")
    assert not sent.dossier.deadlines.get(rule_code="EIO-REC-30").settled_at


def test_withdrawal_cancels_what_runs(start, sent):
    start()
    assert clocks.cancel_all(sent, now=NOW + DAY) == 2
    assert sent.dossier.timeline.filter(event="deadline.cancelled").count() == 2
