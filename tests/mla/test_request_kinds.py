"""Kinds of sent matters: what each has besides an ordinary request, and what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mla import amendments, drafting, grounds_cited, kind_letters, letters, lifecycle
from mla.models import Amendment, AssistanceRequest, RequestKind, Status
from mla.starting_from import related_to, start_from, ways_from
from registry import draft_letters
from registry.letters import make_ordered
from registry.models import Deadline
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Stale


def fresh(request):
    return AssistanceRequest.objects.select_related("dossier", "letter", "basis", "follows").get(
        pk=request.pk
    )


def offered(request, user):
    return {p.move.name for p in lifecycle.possibilities(request, user)}


def clocks_of(request):
    return {d.label: d for d in request.dossier.deadlines.filter(settled_at=None)}


def as_sent(request, status=Status.SENT, now=None, kind=None):
    """Put a draft where it would be after sending, without making its letter."""
    request.dossier.status = status
    request.dossier.save()
    AssistanceRequest.objects.filter(pk=request.pk).update(
        sent_at=now, imported=True, kind=kind or request.kind
    )
    return fresh(request)


# --- supplementary requests -------------------------------------------------------------


@pytest.fixture
def supplement(sent, drafter, now):
    sent.dossier.foreign_reference = "DAK/77"
    sent.dossier.save()
    return start_from(sent, "supplement", user=drafter, now=now)


def test_a_supplement_carries_over_basis_authority_persons_and_texts(sent, drafter, now):
    person = sent.dossier.persons.create(role="witness", family_name="Ndour")
    started = start_from(sent, "supplement", user=drafter, now=now)
    assert started.kind == RequestKind.SUPPLEMENTARY
    assert started.follows_id == sent.pk
    assert (started.basis_id, started.addressee_text) == (sent.basis_id, sent.addressee_text)
    assert started.facts == sent.facts
    assert started.purpose == ""
    assert [p.family_name for p in started.dossier.persons.all()] == [person.family_name]
    assert not started.measures.exists()


def test_the_letter_of_a_supplement_cites_the_request_that_it_supplements(
    supplement, sent, drafter, now
):
    drafting.add_measure(
        supplement, kind="bank_financial_records", description="A second account.", user=drafter,
        now=now,
    )  # fmt: skip
    drafting.save_draft(
        supplement,
        user=drafter,
        changes={"purpose": "A second account became known."},
        expected_version=None,
        now=now,
    )
    html = letters.preview_html(fresh(supplement), "en", now=now)
    assert sent.dossier.reference in html
    assert "DAK/77" in html
    assert "A second account became known." in html
    assert "A second account." in html
    assert supplement.dossier.reference in html


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh"])
def test_the_letter_of_a_supplement_leaves_no_blank_in_any_language(supplement, language, now):
    content = kind_letters.content(supplement, language, now=now)
    texts = [p["text"] for p in content["columns"][0]["paragraphs"]]
    assert texts
    assert not any("{" in text for text in texts)


def test_the_database_knows_no_supplement_of_nothing(supplement):
    with pytest.raises(IntegrityError), transaction.atomic():
        AssistanceRequest.objects.filter(pk=supplement.pk).update(follows=None)


def test_a_supplement_cannot_be_started_alone(start):
    with pytest.raises(Invalid) as refused:
        start(kind="supplementary")
    assert list(refused.value.fields) == ["kind"]


def test_a_draft_is_supplemented_by_nothing(complete, drafter, now):
    assert {way.name for way in ways_from(complete)} == {"copy"}
    with pytest.raises(NotPossibleNow):
        start_from(complete, "supplement", user=drafter, now=now)


def test_both_pages_name_the_other(supplement, sent, drafter):
    assert [each.request.pk for each in related_to(supplement, drafter)] == [sent.pk]
    assert [each.request.pk for each in related_to(sent, drafter)] == [supplement.pk]


def test_a_sealed_matter_is_not_named_to_who_may_not_see_it(supplement, sent, colleague):
    supplement.dossier.confidentiality = "sealed"
    supplement.dossier.save()
    assert related_to(sent, colleague) == []


def test_who_saw_an_older_state_starts_nothing(sent, drafter, now):
    with pytest.raises(Stale):
        start_from(sent, "supplement", user=drafter, expected_version=1, now=now)
    assert not AssistanceRequest.objects.filter(follows=sent.pk).exists()


# --- a new one like this ----------------------------------------------------------------


def test_a_copy_takes_the_content_and_no_reference_day_or_history(sent, drafter, now):
    sent.dossier.foreign_reference = "DAK/77"
    sent.dossier.save()
    copied = start_from(sent, "copy", user=drafter, now=now + timedelta(days=3))
    assert copied.dossier.reference != sent.dossier.reference
    assert (copied.dossier.foreign_reference, copied.dossier.status) == ("", Status.DRAFT)
    assert (copied.sent_at, copied.approved_by_id, copied.letter_id) == (None, None, None)
    assert copied.follows_id is None
    assert copied.facts == sent.facts
    assert sorted(m.kind_id for m in copied.measures.all()) == sorted(
        m.kind_id for m in sent.measures.all()
    )
    assert copied.measures.first().particulars == sent.measures.first().particulars
    events = set(copied.dossier.timeline.values_list("event", flat=True))
    assert events == {"dossier.opened", "mla.started"}
    assert not copied.dossier.deadlines.exists()


def test_a_copy_leaves_the_earlier_request_as_it_was(sent, drafter, now):
    before = fresh(sent).dossier.version
    start_from(sent, "copy", user=drafter, now=now)
    assert fresh(sent).dossier.version == before


def test_a_copy_may_go_to_another_state_and_then_has_its_addressee(sent, drafter, now):
    copied = start_from(sent, "copy", requested_state="ARG", user=drafter, now=now)
    assert copied.requested_state_id == "ARG"
    assert copied.addressee_text == ""


def test_a_copy_of_a_sealed_request_is_sealed(sent, drafter, now):
    sent.dossier.confidentiality = "sealed"
    sent.dossier.save()
    assert start_from(sent, "copy", user=drafter, now=now).dossier.is_sealed


def test_an_auditor_starts_nothing(sent, auditor, now):
    with pytest.raises(NotAllowed):
        start_from(sent, "copy", user=auditor, now=now)


# --- amendments -------------------------------------------------------------------------


@pytest.fixture
def amended(sent, drafter, now):
    return lifecycle.advance(
        sent, "amend", user=drafter, now=now, changes="The account is 77.", reason="A slip."
    )


def test_an_amendment_is_recorded_and_changes_nothing_that_was_sent(amended, now):
    recorded = Amendment.objects.get(request=amended.pk)
    assert (recorded.number, recorded.changes, recorded.told_at) == (1, "The account is 77.", None)
    assert fresh(amended).dossier.status == Status.SENT


def test_a_draft_is_not_amended_but_edited(complete, drafter):
    assert "amend" not in offered(complete, drafter)


def test_the_letter_says_the_amendment_and_its_sending_tells_it(amended, drafter, approver, now):
    draft = amendments.draft_letter(amended, user=drafter, now=now)
    assert any("The account is 77." in p.shown for p in draft.paragraphs.all())
    draft_letters.submit(draft, user=drafter, now=now)
    draft_letters.approve(draft, user=approver, now=now)
    make_ordered()
    draft.refresh_from_db()
    draft_letters.record_sent(draft, channel="post", sent_at=now, user=drafter, now=now)
    assert Amendment.objects.get(request=amended.pk).told_at == now
    with pytest.raises(NotPossibleNow):
        amendments.draft_letter(amended, user=drafter, now=now)


def test_the_same_amendment_has_one_unfinished_letter(amended, drafter, now):
    first = amendments.draft_letter(amended, user=drafter, now=now)
    assert amendments.draft_letter(amended, user=drafter, now=now) == first


# --- the ground of a refusal ------------------------------------------------------------


def test_their_refusal_names_a_ground_of_the_legal_basis(sent, drafter, now):
    ground = grounds_cited.known(sent)[0]
    lifecycle.advance(
        sent, "record_refusal", user=drafter, now=now, reason="As they say.", ground=str(ground.pk)
    )
    assert fresh(sent).refusal_ground == ground
    entry = sent.dossier.timeline.get(event="mla.refused")
    assert entry.data["ground"] == ground.ground


def test_a_ground_of_another_instrument_is_refused(sent, drafter, now):
    other = grounds_cited.RefusalGround.objects.exclude(instrument="UNTOC").first()
    with pytest.raises(Invalid) as refused:
        lifecycle.advance(
            sent, "record_refusal", user=drafter, now=now, reason="No.", ground=str(other.pk)
        )
    assert list(refused.value.fields) == ["ground"]


def test_a_refusal_may_cite_none_that_is_known(sent, drafter, now):
    lifecycle.advance(
        sent, "record_refusal", user=drafter, now=now, reason="No.", ground="none_known"
    )
    assert fresh(sent).refusal_ground is None


# --- preservation -----------------------------------------------------------------------


@pytest.fixture
def preservation(start, register, now):
    request = start(kind="preservation", measures=(), basis_code=None)
    return as_sent(request, now=now)


def test_a_preservation_request_asks_for_it_by_itself(preservation):
    assert [m.kind_id for m in preservation.measures.all()] == ["expedited_preservation"]


def test_without_a_period_of_the_instrument_the_day_must_be_named(preservation, drafter, now):
    AssistanceRequest.objects.filter(pk=preservation.pk).update(basis="UNTOC")
    with pytest.raises(Invalid) as refused:
        lifecycle.advance(
            preservation, "record_preservation", user=drafter, now=now, preserved_at=now
        )
    assert list(refused.value.fields) == ["preserved_until"]


def test_the_period_of_the_budapest_convention_is_counted(preservation, drafter, now):
    AssistanceRequest.objects.filter(pk=preservation.pk).update(basis="ETS185")
    lifecycle.advance(preservation, "record_preservation", user=drafter, now=now, preserved_at=now)
    clock = preservation.dossier.deadlines.get(rule_code="ETS185-PRES-60")
    assert (clock.due_at.date() - now.date()).days == 60
    assert clock.critical
    assert fresh(preservation).kind_record["preserved_until"] == clock.due_at.date().isoformat()


@pytest.fixture
def preserved(preservation, drafter, now):
    until = now.date() + timedelta(days=90)
    return lifecycle.advance(
        preservation,
        "record_preservation",
        user=drafter,
        now=now,
        preserved_at=now,
        preserved_until=until,
    )


def test_a_renewal_puts_one_clock_in_the_place_of_the_other(preserved, drafter, now):
    until = now.date() + timedelta(days=180)
    lifecycle.advance(preserved, "renew_preservation", user=drafter, now=now, preserved_until=until)
    running = preserved.dossier.deadlines.get(settled_at=None, met_by_event="mla.followed_up")
    assert running.due_at.date() == until


def test_the_full_request_is_started_in_one_step_and_its_sending_meets_the_expiry(
    preserved, drafter, now
):
    full = start_from(preserved, "follow_up", user=drafter, now=now)
    assert (full.kind, full.follows_id) == (RequestKind.REQUEST, preserved.pk)
    waiting = preserved.dossier.deadlines.filter(met_by_event="mla.followed_up")
    assert waiting.get().state == Deadline.State.RUNNING
    full.sent_at = now
    lifecycle.lifecycle_of_kinds.tell_what_it_follows(full, drafter, now, {})
    assert waiting.get().state == Deadline.State.MET


def test_the_checklist_of_a_preservation_is_that_of_the_convention(preservation, now):
    from mla.completeness import required_contents

    AssistanceRequest.objects.filter(pk=preservation.pk).update(basis="ETS185")
    keys = {item.key for item in required_contents(fresh(preservation))}
    assert keys == {"requesting_authority", "offence_and_facts"}


# --- temporary transfer -----------------------------------------------------------------


@pytest.fixture
def transferred(start, drafter, now):
    request = as_sent(start(kind="temporary_transfer", measures=()), now=now)
    return lifecycle.advance(
        request,
        "record_transfer",
        user=drafter,
        now=now,
        transferred_at=now,
        custody_place="Prison of Haren",
        return_by=now.date() + timedelta(days=30),
    )


def test_the_return_of_the_person_is_a_critical_clock_of_ours_with_its_article(transferred, now):
    clock = transferred.dossier.deadlines.get(met_by_event="mla.person_returned")
    assert clock.critical
    assert clock.bound_party == Deadline.BoundParty.OURS
    assert (clock.instrument, clock.article) == ("UNTOC", "18(10)-(12)")
    assert fresh(transferred).kind_record["custody_place"] == "Prison of Haren"


def test_nothing_ends_while_the_person_is_here(transferred, drafter, now):
    with pytest.raises(NotPossibleNow, match="not back"):
        lifecycle.advance(transferred, "withdraw", user=drafter, now=now, reason="No need.")
    assert not {"close", "record_execution"} & offered(transferred, drafter)


def test_recording_the_return_meets_the_clock_and_executes_the_request(transferred, drafter, now):
    lifecycle.advance(transferred, "record_return", user=drafter, now=now, returned_at=now)
    clock = transferred.dossier.deadlines.get(met_by_event="mla.person_returned")
    assert clock.state == Deadline.State.MET
    assert fresh(transferred).dossier.status == Status.EXECUTED


def test_another_day_of_return_takes_the_place_of_the_first(transferred, drafter, now):
    later = now.date() + timedelta(days=60)
    lifecycle.advance(
        transferred, "agree_return_date", user=drafter, now=now, return_by=later, note="Agreed."
    )
    running = transferred.dossier.deadlines.get(settled_at=None, met_by_event="mla.person_returned")
    assert running.due_at.date() == later


def test_a_return_cannot_be_to_come(transferred, drafter, now):
    with pytest.raises(Invalid):
        lifecycle.advance(
            transferred, "record_return", user=drafter, now=now,
            returned_at=now + timedelta(days=1),
        )  # fmt: skip


# --- joint team and transfer of proceedings ---------------------------------------------


def test_a_joint_team_is_agreed_prolonged_and_ended(start, drafter, now):
    team = as_sent(start(kind="joint_team", measures=()), now=now)
    day = now.date() + timedelta(days=100)
    lifecycle.advance(
        team, "record_agreement", user=drafter, now=now, signed_at=now,
        team_members="Belgium: Federal Prosecutor\nSenegal: Pool judiciaire", team_ends_on=day,
    )  # fmt: skip
    clock = team.dossier.deadlines.get(met_by_event="mla.team_ended")
    assert clock.bound_party == Deadline.BoundParty.BOTH
    later = day + timedelta(days=100)
    lifecycle.advance(team, "extend_team", user=drafter, now=now, team_ends_on=later)
    assert fresh(team).kind_record["team_ends_on"] == later.isoformat()
    lifecycle.advance(team, "record_team_end", user=drafter, now=now, ended_at=now)
    assert fresh(team).dossier.status == Status.EXECUTED
    assert not team.dossier.deadlines.filter(
        met_by_event="mla.team_ended", settled_at=None
    ).exists()


def test_proceedings_are_taken_and_the_case_is_handed_over(start, drafter, now):
    matter = as_sent(start(kind="transfer_of_proceedings", measures=()), now=now)
    assert "record_handing_over" not in offered(matter, drafter)
    lifecycle.advance(matter, "record_acceptance", user=drafter, now=now, accepted_at=now)
    lifecycle.advance(matter, "record_handing_over", user=drafter, now=now, handed_at=now)
    assert fresh(matter).dossier.status == Status.EXECUTED
