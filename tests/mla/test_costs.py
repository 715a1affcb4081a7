"""Costs of a request: who bears them, consulted on before agreed, agreed before paid, closed with."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mla import closing_checks, costs, lifecycle, measures, money, results
from mla.models import Cost, ReceivedStatus
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow
from treaties import cost_rules

TODAY = "2026-03-02"


def note(request, user, now, **unusual):
    fields = {
        "nature": "extraordinary",
        "description": "Interpreter for three days",
        "currency": "EUR",
        "estimated": "1200.50",
    }
    return costs.add(request, fields | unusual, user=user, now=now)


def consult(request, cost, user, now):
    return costs.note_consultation(
        request, cost.pk, on=TODAY, note="By telephone.", user=user, now=now
    )


def agree(request, cost, user, now, amount="1000"):
    return costs.agree(
        request, cost.pk, amount=amount, bearer="requesting", on=TODAY, user=user, now=now
    )


def pay(request, cost, user, now, amount="1000"):
    return costs.pay(request, cost.pk, amount=amount, on=TODAY, user=user, now=now)


# --- the law ----------------------------------------------------------------------------


def test_every_rule_has_an_instrument_of_the_register_and_a_source(register):
    from treaties.models import Instrument

    known = set(Instrument.objects.values_list("code", flat=True))
    for rule in cost_rules.known():
        assert rule.instrument in known
        assert rule.source
        assert rule.confidence in {"verified", "unverified"}


def test_a_protocol_speaks_for_itself_and_else_its_convention_does():
    said = {(r.instrument, r.nature) for r in cost_rules.rules_of("ETS182", "ETS30")}
    assert ("ETS182", "extraordinary") in said
    assert ("ETS30", "ordinary") not in said


def test_an_ordinary_cost_is_borne_by_whom_the_instrument_says(received, drafter, now):
    assert note(received, drafter, now, nature="ordinary").bearer == Cost.Bearer.REQUESTED
    assert note(received, drafter, now).bearer == ""


# --- amounts ----------------------------------------------------------------------------


def test_amounts_are_of_a_currency_and_fit_its_coins(received, drafter, now):
    for wrong in ({"currency": "DEM"}, {"currency": "JPY", "estimated": "10.5"},
                  {"estimated": "-1"}, {"estimated": "twelve"}, {"estimated": "1e30"}):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            note(received, drafter, now, **wrong)
        assert set(refused.value.fields) <= {"currency", "estimated"}
    assert note(received, drafter, now, currency="tnd", estimated="1.250").currency == "TND"


def test_sums_are_kept_apart_by_currency_and_leave_out_what_does_not_arise(received, drafter, now):
    note(received, drafter, now, estimated="10.10")
    note(received, drafter, now, estimated="0.20", nature="ordinary")
    note(received, drafter, now, estimated="5000", currency="XOF")
    waived = note(received, drafter, now, estimated="99")
    costs.drop(received, waived.pk, reason="They waive it.", user=drafter, now=now)
    found = {s.currency: s.estimated for s in costs.sums(costs.costs_of(received))}
    assert found == {"EUR": Decimal("10.30"), "XOF": Decimal(5000)}


def test_an_amount_is_written_with_its_code():
    assert money.in_words(Decimal("1250.5"), "EUR", "en") == "1,250.50 EUR"
    assert money.in_words(Decimal("1250"), "XOF", "en") == "1,250 XOF"


# --- the course of a cost ---------------------------------------------------------------


def test_an_extraordinary_cost_is_consulted_on_agreed_and_paid_in_that_order(
    received, drafter, now
):
    cost = note(received, drafter, now)
    for step in (agree, pay):
        with pytest.raises(NotPossibleNow):
            step(received, cost, drafter, now)
    consult(received, cost, drafter, now)
    with pytest.raises(NotPossibleNow):
        pay(received, cost, drafter, now)
    agree(received, cost, drafter, now)
    assert pay(received, cost, drafter, now).is_settled
    events = received.dossier.timeline.values_list("event", flat=True)
    assert {"mla.cost_noted", "mla.cost_consulted", "mla.cost_agreed", "mla.cost_paid"} <= set(
        events
    )


def test_an_ordinary_cost_is_paid_straight_away(received, drafter, now):
    assert pay(received, note(received, drafter, now, nature="ordinary"), drafter, now).paid == 1000


def test_what_is_settled_stays_as_it_is(received, drafter, now):
    cost = note(received, drafter, now, nature="ordinary")
    pay(received, cost, drafter, now)
    with pytest.raises(NotPossibleNow):
        costs.drop(received, cost.pk, reason="Mistake.", user=drafter, now=now)


def test_nothing_is_paid_on_a_day_to_come(received, drafter, now):
    cost = note(received, drafter, now, nature="ordinary")
    with pytest.raises(Invalid) as refused:
        costs.pay(received, cost.pk, amount="1", on="2199-01-01", user=drafter, now=now)
    assert list(refused.value.fields) == ["on"]


def test_the_database_refuses_an_extraordinary_cost_agreed_without_consultation(
    received, drafter, now
):
    cost = note(received, drafter, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cost.objects.filter(pk=cost.pk).update(agreed=1, agreed_on=TODAY, bearer="shared")


def test_a_cost_of_another_request_is_not_found(received, register_request, drafter, now):
    cost = note(register_request(), drafter, now)
    with pytest.raises(NotFound):
        consult(received, cost, drafter, now)


def test_an_auditor_notes_no_cost(received, auditor, now):
    with pytest.raises(NotAllowed):
        note(received, auditor, now)


# --- closing ----------------------------------------------------------------------------


@pytest.fixture
def executed(under_way, drafter, now):
    measures.move_measure(under_way, under_way.measures.get().pk, "execute", user=drafter, now=now)
    return lifecycle.advance(under_way, "record_execution", user=drafter, now=now)


def test_closing_with_an_unsettled_extraordinary_cost_says_why(executed, drafter, now):
    cost = note(executed, drafter, now)
    with pytest.raises(Invalid) as refused:
        lifecycle.advance(executed, "close", user=drafter, now=now)
    assert list(refused.value.fields) == ["note"]
    lifecycle.advance(executed, "close", user=drafter, now=now, note="They pay next year.")
    assert executed.dossier.status == ReceivedStatus.CLOSED
    said = executed.dossier.timeline.get(event="mla.closed").data
    assert said["unsettled_costs"] == ["Interpreter for three days"]
    consult(executed, cost, drafter, now)
    agree(executed, cost, drafter, now)
    assert pay(executed, cost, drafter, now).is_settled


def test_closing_with_an_original_out_says_why_and_its_return_is_recorded_later(
    executed, drafter, signed_in, now
):
    item = results.add_item(
        executed,
        {"kind": "exhibit", "description": "A ledger", "original": True},
        user=drafter,
        now=now,
    )
    results.transmit(executed, [item.pk], channel="post", sent_at=now, user=drafter, now=now)
    with pytest.raises(Invalid):
        lifecycle.advance(executed, "close", user=drafter, now=now)
    lifecycle.advance(executed, "close", user=drafter, now=now, note="Their court keeps it.")
    page = signed_in(drafter).get(reverse("request-execution", args=[executed.dossier.reference]))
    assert 'value="return"' in page.content.decode()
    assert 'value="pass-on"' not in page.content.decode()
    assert results.note_return(
        executed, item.pk, returned_at=now, user=drafter, now=now
    ).returned_at
    assert closing_checks.unfinished(executed) == []


def test_a_settled_request_closes_without_a_word(executed, drafter, now):
    pay(executed, note(executed, drafter, now, nature="ordinary"), drafter, now)
    lifecycle.advance(executed, "close", user=drafter, now=now)
    assert not executed.dossier.is_open


def test_a_sent_request_is_held_to_the_same(sent, drafter, now):
    note(sent, drafter, now)
    lifecycle.advance(sent, "record_execution", user=drafter, now=now)
    with pytest.raises(Invalid):
        lifecycle.advance(sent, "close", user=drafter, now=now)


# --- pages and API ----------------------------------------------------------------------


def test_the_page_notes_a_cost_and_loses_nothing_of_a_wrong_one(received, drafter, signed_in):
    client, where = signed_in(drafter), reverse("request-costs", args=[received.dossier.reference])
    form = {"then": "add", "nature": "ordinary", "description": "Copies", "currency": "EUR"}
    answer = client.post(where, form | {"estimated": "ten", "version": received.dossier.version})
    assert answer.status_code == 400
    assert 'value="Copies"' in answer.content.decode()
    received.dossier.refresh_from_db()
    version = received.dossier.version
    answer = client.post(where, form | {"estimated": "10", "version": version}, follow=True)
    assert "10.00 EUR" in answer.content.decode()
    assert "18(28)" in answer.content.decode()


def test_a_cost_goes_its_course_by_api(received, drafter, signed_in):
    client = signed_in(drafter)
    where = f"/api/v1/requests/{received.dossier.reference}/costs/"

    def post(path, body, expected):
        answer = client.post(path, body, content_type="application/json", headers={"If-Match": "*"})
        assert answer.status_code == expected, answer.content
        return answer.json()

    body = {"nature": "extraordinary", "description": "Expert", "currency": "EUR"}
    one = where + str(post(where, body | {"estimated": "250.00"}, 201)["id"])
    post(f"{one}/agreement/", {"amount": "200", "bearer": "shared", "on": TODAY}, 409)
    post(f"{one}/consultation/", {"on": TODAY}, 200)
    post(f"{one}/agreement/", {"amount": "200", "bearer": "shared", "on": TODAY}, 200)
    assert post(f"{one}/payment/", {"amount": "200", "on": TODAY}, 200)["settled"] is True
    told = client.get(where).json()
    assert told["sums"] == [
        {"currency": "EUR", "estimated": "250.000", "agreed": "200.000", "paid": "200.000"}
    ]
    assert {rule["article"] for rule in told["rules"]} == {"18(28)"}
