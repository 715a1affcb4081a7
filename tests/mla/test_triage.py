"""The triage: grounds of the instrument answered, duties kept, findings noted."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mla import drafting, lifecycle, triage
from mla.models import ReceivedStatus, RefusalAssessment
from registry.models import Deadline
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import AuthorityFactory
from treaties.models import RefusalGround

pytestmark = pytest.mark.usefixtures("register")


def ground(word: str, instrument: str = "UNTOC") -> RefusalGround:
    return RefusalGround.objects.get(instrument=instrument, request_type="mla", ground=word)


def answer(request, *answers, user, now):
    given = {which.pk: (what, reasons) for which, what, reasons in answers}
    return triage.answer_grounds(request, given, user=user, expected_version=None, now=now)


def refuse(request, user, now):
    return lifecycle.advance(request, "refuse", user=user, now=now, reason="As found.")


def test_only_the_grounds_of_the_instrument_are_asked(in_triage):
    instruments = {asked.ground.instrument_id for asked in triage.grounds_of(in_triage).asked}
    kinds = {asked.ground.request_type for asked in triage.grounds_of(in_triage).asked}
    assert instruments == {"UNTOC"}
    assert kinds <= {"mla", "any"}


def test_another_basis_asks_other_grounds(in_triage, drafter, now):
    drafting.choose_basis(in_triage, "UNCAC", user=drafter, expected_version=None, now=now)
    instruments = {asked.ground.instrument_id for asked in triage.grounds_of(in_triage).asked}
    assert instruments == {"UNCAC"}


def test_what_may_not_serve_as_a_ground_cannot_be_answered(in_triage, drafter, now):
    barred = triage.grounds_of(in_triage).barred[0]
    with pytest.raises(Invalid) as refused:
        answer(in_triage, (barred, "yes", "They keep bank secrets."), user=drafter, now=now)
    assert list(refused.value.fields) == [f"ground-{barred.pk}"]


def test_a_ground_of_another_instrument_cannot_be_cited(in_triage, drafter, now):
    other = ground("reasons_for_refusal", "UNCAC")
    with pytest.raises(Invalid):
        answer(in_triage, (other, "no", ""), user=drafter, now=now)


def test_a_ground_that_applies_needs_reasons(in_triage, drafter, now):
    which = triage.grounds_of(in_triage).refusing[0].ground
    with pytest.raises(Invalid):
        answer(in_triage, (which, "yes", "  "), user=drafter, now=now)
    assert not RefusalAssessment.objects.exists()


def test_the_database_itself_wants_reasons(in_triage, drafter, now):
    which = triage.grounds_of(in_triage).refusing[0].ground
    with pytest.raises(IntegrityError), transaction.atomic():
        RefusalAssessment.objects.create(
            request=in_triage, ground=which, answer="yes", answered_by=drafter, answered_at=now
        )


def test_one_wrong_answer_keeps_none(in_triage, drafter, now):
    first, second = (asked.ground for asked in triage.grounds_of(in_triage).refusing[:2])
    with pytest.raises(Invalid):
        answer(in_triage, (first, "no", ""), (second, "perhaps", ""), user=drafter, now=now)
    assert not RefusalAssessment.objects.exists()


def test_nothing_is_accepted_before_the_grounds_are_answered(in_triage, drafter, now):
    with pytest.raises(NotPossibleNow, match="Answer the grounds of refusal"):
        lifecycle.advance(in_triage, "accept", user=drafter, now=now)


def test_a_refusal_rests_on_a_ground_that_applies(judged, approver, now):
    lifecycle.advance(judged, "consult", user=approver, now=now, note="By telephone.")
    with pytest.raises(NotPossibleNow, match="only on a ground that UNTOC knows"):
        refuse(judged, approver, now)


def test_the_consultation_comes_before_the_refusal_where_the_instrument_requires_it(
    judged, drafter, approver, now
):
    which = triage.grounds_of(judged).refusing[0].ground
    answer(judged, (which, "yes", "It would prejudice an inquiry."), user=drafter, now=now)
    with pytest.raises(NotPossibleNow, match=r"UNTOC Art\. 18\(26\)"):
        refuse(judged, approver, now)
    lifecycle.advance(judged, "consult", user=approver, now=now, note="By telephone.")
    refuse(judged, approver, now)
    assert judged.dossier.status == ReceivedStatus.REFUSED
    assert judged.receipt.outcome_reason == "As found."


def test_a_refusal_meets_the_time_limit_for_our_decision(judged, drafter, approver, now):
    which = triage.grounds_of(judged).refusing[0].ground
    answer(judged, (which, "yes", "It would prejudice an inquiry."), user=drafter, now=now)
    lifecycle.advance(judged, "consult", user=approver, now=now, note="By telephone.")
    refuse(judged, approver, now)
    decision = judged.dossier.deadlines.get(rule_code="OFFICE-RECEIVED-DECISION")
    assert decision.state == Deadline.State.MET


def test_an_answer_is_on_the_timeline_once(in_triage, drafter, now):
    which = triage.grounds_of(in_triage).refusing[0].ground
    answer(in_triage, (which, "no", ""), user=drafter, now=now)
    answer(in_triage, (which, "no", ""), user=drafter, now=now)
    assert in_triage.dossier.timeline.filter(event="mla.ground_answered").count() == 1


def test_findings_are_noted(in_triage, office, belgium, drafter, now):
    court = AuthorityFactory(state=belgium, name="Court of Ghent")
    triage.note_findings(
        in_triage,
        {"priority": "high", "competent_authority": court.pk, "dual_criminality": "met"},
        user=drafter,
        expected_version=None,
        now=now,
    )
    assert in_triage.receipt.competent_authority == court
    assert in_triage.receipt.priority == "high"


def test_the_competent_authority_is_one_of_ours(in_triage, senegal, drafter, now):
    theirs = AuthorityFactory(state=senegal, name="Court of Dakar")
    with pytest.raises(Invalid) as refused:
        triage.note_findings(
            in_triage,
            {"competent_authority": theirs.pk},
            user=drafter,
            expected_version=None,
            now=now,
        )
    assert list(refused.value.fields) == ["competent_authority"]


def test_an_auditor_judges_nothing(in_triage, auditor, now):
    with pytest.raises(NotAllowed):
        triage.answer_grounds(in_triage, {}, user=auditor, expected_version=None, now=now)


def test_a_request_that_we_sent_is_not_triaged(start, drafter, now):
    with pytest.raises(NotPossibleNow):
        triage.note_findings(
            start(), {"priority": "high"}, user=drafter, expected_version=None, now=now
        )


# --- pages ------------------------------------------------------------------------------


def test_the_page_asks_the_grounds_and_keeps_the_answers(signed_in, drafter, in_triage):
    desk = signed_in(drafter)
    where = reverse("request-triage", args=[in_triage.dossier.reference])
    which = triage.grounds_of(in_triage).refusing[0].ground
    assert f'name="ground-{which.pk}"' in desk.get(where).content.decode()
    form = {f"ground-{which.pk}": "yes", f"reasons-{which.pk}": "It would prejudice an inquiry."}
    assert desk.post(where, form).status_code == 302
    assert "It would prejudice an inquiry." in desk.get(where).content.decode()


def test_an_answer_without_reasons_comes_back_beside_its_ground(signed_in, drafter, in_triage):
    where = reverse("request-triage", args=[in_triage.dossier.reference])
    which = triage.grounds_of(in_triage).refusing[0].ground
    response = signed_in(drafter).post(where, {f"ground-{which.pk}": "yes"})
    assert response.status_code == 400
    assert f'href="#ground-{which.pk}"' in response.content.decode()


def test_the_triage_of_a_sealed_request_does_not_exist_for_a_colleague(
    signed_in, colleague, register_request
):
    sealed = register_request(sealed=True)
    where = reverse("request-triage", args=[sealed.dossier.reference])
    assert signed_in(colleague).get(where).status_code == 404
    assert signed_in(colleague).post(where, {"then": "findings"}).status_code == 404


def test_a_request_that_we_sent_leads_back_to_its_page(signed_in, drafter, start):
    where = reverse("request-triage", args=[start().dossier.reference])
    assert signed_in(drafter).get(where).status_code == 302
