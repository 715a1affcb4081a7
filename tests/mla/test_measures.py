"""Measures and results: what becomes of each, who executes, what goes over and comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mla import drafting, lifecycle, measures, results
from mla.models import Item, Measure, MeasureState, PassingOn, ReceivedStatus
from registry.models import Deadline
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow
from tests.factories import AuthorityFactory

pytestmark = pytest.mark.usefixtures("register")


def only(request) -> Measure:
    return request.measures.get()


def record(request, move, user, now, **data):
    return measures.move_measure(request, only(request).pk, move, user=user, now=now, **data)


def add(request, user, now, **fields):
    wish = {"kind": "document", "description": "Statement of account 12"}
    return results.add_item(request, wish | fields, user=user, now=now)


def send(request, items, user, now):
    return results.transmit(
        request, [i.pk for i in items], channel="post", sent_at=now, user=user, now=now
    )


# --- measures ---------------------------------------------------------------------------


def test_a_measure_is_ordered_and_executed(under_way, drafter, now):
    record(under_way, "order", drafter, now)
    assert record(under_way, "execute", drafter, now).state == MeasureState.EXECUTED


def test_a_measure_found_impossible_says_why(under_way, drafter, now):
    with pytest.raises(Invalid) as refused:
        record(under_way, "find_impossible", drafter, now)
    assert list(refused.value.fields) == ["reason"]
    record(under_way, "find_impossible", drafter, now, reason="The account is closed.")
    assert only(under_way).state_reason == "The account is closed."


def test_a_postponed_measure_has_a_day_to_come(under_way, drafter, now):
    with pytest.raises(Invalid) as refused:
        record(under_way, "postpone", drafter, now, reason="Trial.", until="2026-01-01")
    assert list(refused.value.fields) == ["until"]
    record(under_way, "postpone", drafter, now, reason="Trial.", until="2026-05-01")
    assert only(under_way).postponed_until == date(2026, 5, 1)


def test_the_database_itself_wants_the_day_and_the_reason(under_way):
    for state in ("postponed", "refused"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Measure.objects.filter(request=under_way).update(state=state)


def test_an_ended_measure_moves_only_when_taken_up_again(under_way, drafter, now):
    record(under_way, "execute", drafter, now)
    with pytest.raises(NotPossibleNow):
        record(under_way, "order", drafter, now)
    record(under_way, "take_up_again", drafter, now, reason="More accounts were found.")
    assert only(under_way).state == MeasureState.ACCEPTED


def test_nothing_is_recorded_before_the_request_is_accepted(in_triage, drafter, now):
    with pytest.raises(NotPossibleNow):
        record(in_triage, "order", drafter, now)
    assert measures.offered(only(in_triage), in_triage, drafter) == []


def test_an_auditor_records_nothing(under_way, auditor, now):
    with pytest.raises(NotAllowed):
        record(under_way, "order", auditor, now)


def test_a_measure_of_another_request_is_not_found(under_way, register_request, drafter, now):
    other = only(register_request())
    with pytest.raises(NotFound):
        measures.move_measure(under_way, other.pk, "order", user=drafter, now=now)


def test_the_executing_authority_is_of_the_requested_state(
    under_way, belgium, senegal, drafter, now
):
    ours = AuthorityFactory(state=belgium, name="Court of Ghent")
    theirs = AuthorityFactory(state=senegal, name="Court of Dakar")
    key = only(under_way).pk
    measures.assign(under_way, key, authority=ours.pk, user=drafter, now=now)
    assert only(under_way).executed_by == "Court of Ghent"
    with pytest.raises(Invalid):
        measures.assign(under_way, key, authority=theirs.pk, user=drafter, now=now)


def test_execution_begins_when_every_measure_is_assigned(judged, drafter, now):
    lifecycle.advance(judged, "accept", user=drafter, now=now)
    with pytest.raises(NotPossibleNow, match="Assign each measure"):
        lifecycle.advance(judged, "begin_execution", user=drafter, now=now)


def test_a_request_is_executed_when_its_measures_have_ended(under_way, drafter, now):
    with pytest.raises(NotPossibleNow, match="1 are open"):
        lifecycle.advance(under_way, "record_execution", user=drafter, now=now)
    record(under_way, "find_impossible", drafter, now, reason="Gone.")
    with pytest.raises(NotPossibleNow, match="No measure was executed"):
        lifecycle.advance(under_way, "record_execution", user=drafter, now=now)
    record(under_way, "take_up_again", drafter, now, reason="Found.")
    record(under_way, "execute", drafter, now)
    lifecycle.advance(under_way, "record_execution", user=drafter, now=now)
    assert under_way.dossier.status == ReceivedStatus.EXECUTED


def test_what_became_of_a_measure_is_not_lost_by_editing(under_way, drafter, now):
    record(under_way, "order", drafter, now)
    with pytest.raises(NotPossibleNow):
        drafting.remove_measure(under_way, only(under_way).pk, user=drafter, now=now)


def test_the_measures_of_a_sent_request_are_recorded_as_the_other_side_tells(sent, drafter, now):
    first, second = sent.measures.all()
    measures.move_measure(sent, first.pk, "execute", user=drafter, now=now)
    measures.move_measure(
        sent, second.pk, "postpone", user=drafter, now=now, reason="x", until="2026-05-01"
    )
    assert [m.state for m in sent.measures.all()] == ["executed", "postponed"]


# --- results ----------------------------------------------------------------------------


def test_items_are_numbered_within_the_request(under_way, drafter, now):
    assert [add(under_way, drafter, now).number for _each in range(2)] == [1, 2]


def test_an_item_says_what_it_is(under_way, drafter, now):
    with pytest.raises(Invalid) as refused:
        add(under_way, drafter, now, description=" ")
    assert list(refused.value.fields) == ["description"]


def test_what_went_over_does_not_go_twice(under_way, drafter, now):
    item = add(under_way, drafter, now)
    send(under_way, [item], drafter, now)
    with pytest.raises(Invalid) as refused:
        send(under_way, [item], drafter, now)
    assert list(refused.value.fields) == ["items"]


def test_a_receipt_before_the_sending_is_refused(under_way, drafter, now):
    sending = send(under_way, [add(under_way, drafter, now)], drafter, now)
    with pytest.raises(Invalid):
        results.confirm_receipt(
            under_way,
            sending.pk,
            received_at=now - timedelta(days=1),
            user=drafter,
            now=now,
        )


def test_an_original_has_its_clock_until_it_is_back(under_way, drafter, now):
    item = add(under_way, drafter, now, original=True, return_by="2026-06-01")
    send(under_way, [item], drafter, now)
    clock = under_way.dossier.deadlines.get(met_by_event=results.RETURN_EVENT)
    assert clock.state == Deadline.State.RUNNING
    results.note_return(under_way, item.pk, returned_at=now, user=drafter, now=now)
    clock.refresh_from_db()
    assert clock.state == Deadline.State.MET


def test_a_copy_does_not_return(under_way, drafter, now):
    item = add(under_way, drafter, now)
    send(under_way, [item], drafter, now)
    with pytest.raises(NotPossibleNow):
        results.note_return(under_way, item.pk, returned_at=now, user=drafter, now=now)


def test_limits_of_use_warn_when_an_item_is_passed_on(under_way, drafter, now):
    item = add(under_way, drafter, now, use_limitation="Only for the case of the company.")
    wish = {"to_whom": "Tax authority", "purpose": "Assessment", "user": drafter, "now": now}
    with pytest.raises(Invalid) as refused:
        results.pass_on(under_way, item.pk, **wish)
    (said,) = refused.value.fields["limits_considered"]
    assert "Only for the case of the company." in said
    assert not PassingOn.objects.exists()
    with pytest.raises(Invalid) as refused:
        results.pass_on(under_way, item.pk, limits_considered=True, **wish)
    assert list(refused.value.fields) == ["allowed_because"]
    results.pass_on(
        under_way,
        item.pk,
        limits_considered=True,
        allowed_because="They consented on 1 March.",
        **wish,
    )
    passed = PassingOn.objects.get()
    assert passed.allowed_because == "They consented on 1 March."
    assert "Only for the case of the company." in passed.warned_of
    with pytest.raises(IntegrityError), transaction.atomic():
        PassingOn.objects.update(allowed_because="")


def test_what_we_received_under_a_treaty_is_limited_by_it(sent, drafter, now):
    item = add(sent, drafter, now)
    wish = {"to_whom": "Tax authority", "purpose": "Assessment", "user": drafter, "now": now}
    with pytest.raises(Invalid) as refused:
        results.pass_on(sent, item.pk, **wish)
    assert "UNTOC 18(19)" in refused.value.fields["limits_considered"][0]


def test_an_item_without_limits_is_passed_on_without_ado(under_way, drafter, now):
    item = add(under_way, drafter, now)
    results.pass_on(under_way, item.pk, to_whom="Court", purpose="Trial", user=drafter, now=now)
    assert under_way.dossier.timeline.filter(event="mla.item_passed_on").exists()


# --- the page ---------------------------------------------------------------------------


def test_the_page_records_measures_and_results(signed_in, drafter, under_way):
    desk = signed_in(drafter)
    where = reverse("request-execution", args=[under_way.dossier.reference])
    form = {"then": "move", "part": only(under_way).pk, "move": "execute"}
    assert desk.post(where, form).status_code == 302
    form = {"then": "add-item", "kind": "document", "description": "Account 12"}
    assert desk.post(where, form).status_code == 302
    shown = desk.get(where).content.decode()
    assert "Account 12" in shown
    assert only(under_way).state == MeasureState.EXECUTED
    form = {"then": "transmit", "items": [Item.objects.get().pk], "channel": "post",
            "sent_at": "2026-03-01T10:00"}  # fmt: skip
    assert desk.post(where, form).status_code == 302
    assert Item.objects.get().transmission is not None


def test_a_mistake_on_the_page_comes_back_beside_its_field(signed_in, drafter, under_way):
    where = reverse("request-execution", args=[under_way.dossier.reference])
    form = {"then": "move", "part": only(under_way).pk, "move": "postpone", "reason": "Trial."}
    response = signed_in(drafter).post(where, form)
    assert response.status_code == 400
    assert "Trial." in response.content.decode()


def test_a_sealed_request_has_no_execution_for_a_colleague(signed_in, colleague, register_request):
    sealed = register_request(sealed=True)
    where = reverse("request-execution", args=[sealed.dossier.reference])
    assert signed_in(colleague).get(where).status_code == 404
    assert signed_in(colleague).post(where, {"then": "add-item"}).status_code == 404


def test_the_page_costs_the_same_with_more_items(
    signed_in, drafter, under_way, now, django_assert_max_num_queries
):
    desk = signed_in(drafter)
    where = reverse("request-execution", args=[under_way.dossier.reference])
    add(under_way, drafter, now)
    desk.get(where)
    with django_assert_max_num_queries(30) as first:
        desk.get(where)
    for _each in range(3):
        add(under_way, drafter, now)
    with django_assert_max_num_queries(len(first)):
        desk.get(where)
