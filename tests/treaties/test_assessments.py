"""The life of an assessment: drafted by one, reviewed by another, published for good."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry import naming, timeline
from registry.models import Deadline, Dossier, Role
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Stale
from tests.factories import AssistanceRequestFactory, UserFactory
from treaties import assessments, coming_due, commitments, obligation_files
from treaties.compliance import current, tally
from treaties.models import Obligation, ObligationFile

GOOD = {
    "status": "partly_met",
    "explanation": "The law covers most of it.",
    "national_measures": [{"title": "Criminal Code", "article": "324 bis", "date": None}],
    "next_step": "Extend it to legal persons.",
    "next_step_due": date(2026, 9, 1),
}


@pytest.fixture
def reporter(office):
    return UserFactory(email="reporter@example.org", name="Rita Reporter", works_in=office,
                       role=Role.MINISTRY_REPORTER)  # fmt: skip


@pytest.fixture
def reviewer(office):
    return UserFactory(email="reviewer@example.org", name="Rob Reviewer", works_in=office,
                       role=Role.MINISTRY_REPORTER)  # fmt: skip


@pytest.fixture
def file(register, office, reporter, now):
    obligation = Obligation.objects.get(pk="UNTOC-06")
    return obligation_files.open_file(office, obligation, 1, user=reporter, now=now)


@pytest.fixture
def draft_of(file, reporter, now):
    return assessments.begin(file, user=reporter, now=now)


def publish(draft, reporter, reviewer, now, **changes):
    assessments.save(draft, GOOD | changes, user=reporter, now=now)
    assessments.submit(draft, user=reporter, now=now)
    return assessments.publish(draft, user=reviewer, now=now)


def row(office, user, on):
    rows = current(office.state_id, on=on, instrument="UNTOC", user=user, owner=office)
    return next(r for r in rows if r.obligation.pk == "UNTOC-06")


def test_a_file_is_opened_once(file, office, reporter, now):
    again = obligation_files.open_file(office, file.obligation, 1, user=reporter, now=now)
    assert again.pk == file.pk
    assert ObligationFile.objects.count() == 1


def test_a_drafting_officer_opens_no_file(register, office, drafter, now):
    with pytest.raises(NotAllowed):
        obligation_files.open_file(
            office, Obligation.objects.get(pk="UNTOC-06"), 1, user=drafter, now=now
        )


def test_what_the_state_does_not_owe_is_refused(register, office, reporter, now):
    with pytest.raises(Invalid) as refused:
        obligation_files.open_file(
            office, Obligation.objects.get(pk="UNTOC-06"), 7, user=reporter, now=now
        )
    assert "obligation" in refused.value.fields


def test_from_not_assessed_to_published(file, office, draft_of, reporter, reviewer, now):
    assert row(office, reporter, now.date()).status == "not_assessed"
    publish(draft_of, reporter, reviewer, now)
    shown = row(office, reporter, now.date())
    assert (shown.status, shown.assessment.reviewed_by) == ("partly_met", reviewer)
    assert Dossier.objects.get(pk=file.pk).status == "partly_met"
    assert not list(timeline.breaks(file.dossier))


def test_who_drafted_it_cannot_publish_it(draft_of, reporter, now):
    assessments.save(draft_of, GOOD, user=reporter, now=now)
    assessments.submit(draft_of, user=reporter, now=now)
    with pytest.raises(NotAllowed):
        assessments.publish(draft_of, user=reporter, now=now)


def test_the_database_holds_the_four_eyes(draft_of, reporter, now):
    assessments.save(draft_of, GOOD, user=reporter, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(draft_of).objects.filter(pk=draft_of.pk).update(
            stage="published", published_at=now, reviewed_by=reporter
        )


def test_an_incomplete_draft_is_not_submitted_and_says_what_lacks(draft_of, reporter, now):
    with pytest.raises(Invalid) as refused:
        assessments.submit(draft_of, user=reporter, now=now)
    assert {"status", "explanation"} <= set(refused.value.fields)


def test_what_is_published_does_not_change(draft_of, reporter, reviewer, now):
    publish(draft_of, reporter, reviewer, now)
    with pytest.raises(NotPossibleNow):
        assessments.save(draft_of, {"explanation": "Other."}, user=reporter, now=now)


def test_a_later_assessment_supersedes_and_both_stay(
    file, office, draft_of, reporter, reviewer, now
):
    publish(draft_of, reporter, reviewer, now)
    later = now + timedelta(days=30)
    second = assessments.begin(file, user=reporter, now=later)
    assert second.explanation == GOOD["explanation"]
    assert second.national_measures.get().article == "324 bis"
    publish(second, reporter, reviewer, later, status="met")
    assert row(office, reporter, now.date()).status == "partly_met"
    assert row(office, reporter, later.date()).status == "met"


def test_a_stale_draft_is_refused_and_nothing_is_written(file, draft_of, reporter, now):
    with pytest.raises(Stale):
        assessments.save(draft_of, GOOD, user=reporter, now=now, expected_version=1)
    draft_of.refresh_from_db()
    assert draft_of.explanation == ""


def test_a_draft_returned_keeps_its_reason_and_can_be_submitted_again(
    draft_of, reporter, reviewer, now
):
    assessments.save(draft_of, GOOD, user=reporter, now=now)
    assessments.submit(draft_of, user=reporter, now=now)
    assessments.return_to_draft(draft_of, "Name the law.", user=reviewer, now=now)
    assert (draft_of.stage, draft_of.return_reason) == ("draft", "Name the law.")
    assessments.submit(draft_of, user=reporter, now=now)
    assert draft_of.stage == "in_review"


def test_the_clock_of_the_next_step_runs_from_publication(draft_of, reporter, reviewer, now):
    publish(draft_of, reporter, reviewer, now)
    clock = Deadline.objects.get(dossier=draft_of.file.dossier)
    assert (clock.label, clock.state) == (GOOD["next_step"], "running")


def test_evidence_stays_with_the_assessment_it_was_given_for(draft_of, reporter, now):
    kept = assessments.add_evidence(
        draft_of, title="The act", file_name="act.pdf", content=b"%PDF-1.7\n%%EOF\n",
        user=reporter, now=now,
    )  # fmt: skip
    assert draft_of.evidence.get() == kept
    assert kept.document.dossier_id == draft_of.file_id


def test_the_public_sees_what_is_published_and_no_draft(file, office, draft_of, now):
    rows = current("BEL", on=now.date(), instrument="UNTOC")
    assert tally(rows).assessed == 0
    assert all(r.in_hand is None for r in rows)


def test_the_public_does_not_see_what_is_sealed(
    file, office, draft_of, reporter, reviewer, approver, now
):
    publish(draft_of, reporter, reviewer, now)
    assert tally(current("BEL", on=now.date(), instrument="UNTOC")).assessed == 1
    naming.seal(file.dossier, user=approver, now=now)
    assert tally(current("BEL", on=now.date(), instrument="UNTOC")).assessed == 0


def test_a_reporter_reads_the_files_of_obligations_and_no_request(file, office, drafter, reviewer):
    AssistanceRequestFactory(owner=office, drafter=drafter)
    seen = set(Dossier.objects.visible_to(reviewer).values_list("pk", flat=True))
    assert seen == {file.pk}


def test_what_comes_due_is_opened_with_its_clock_once(register, office, reporter, now):
    # Belgium's report under the Convention against Torture falls due on 25 July 2028.
    shortly = now.replace(year=2028, month=3)
    assert coming_due.open_what_comes_due(shortly) == 1
    assert coming_due.open_what_comes_due(shortly) == 0
    clock = Deadline.objects.get(dossier__obligation_file__obligation="CAT-09")
    assert clock.due_at.date() == date(2028, 7, 25)


def test_an_accepted_recommendation_is_added_once(register, office, reporter, now):
    given = {"number": "135.24", "cycle": "4", "text": "Ratify it.", "source": "A/HRC/48/8"}
    added = commitments.add_accepted_recommendation(office, **given, as_of=None, user=reporter)
    assert not added.binding
    with pytest.raises(Invalid) as refused:
        commitments.add_accepted_recommendation(office, **given, as_of=None, user=reporter)
    assert "number" in refused.value.fields


# --- pages --------------------------------------------------------------------------------


def test_pages_alone_lead_from_not_assessed_to_published(
    register, office, reporter, reviewer, signed_in
):
    desk = signed_in(reporter)
    assert desk.get(reverse("compliance")).status_code == 200
    page = desk.post(reverse("compliance-open"), {"obligation": "UNTOC-06"}, follow=True)
    reference = page.context["dossier"].reference

    def do(client, act, **given):
        version = client.get(reverse("obligation", args=[reference])).context["dossier"].version
        address = reverse("obligation-act", args=[reference, act])
        return client.post(address, given | {"version": version}, follow=True)

    do(desk, "begin")
    typed = {
        "status": "met",
        "as_on": "2026-01-31",
        "explanation": "It is the law.",
        "measure_title": ["Criminal Code"],
        "measure_article": ["5"],
        "measure_date": ["2018-07-11"],
        "measure_note": [""],
    }
    do(desk, "submit", **typed)
    other = signed_in(reviewer)
    published = do(other, "publish").context["published"]
    assert published.national_measures.get().date == date(2018, 7, 11)
    group = other.get(reverse("compliance-group", args=["UNTOC"])).content.decode()
    assert "1 met" in group


def test_what_was_typed_comes_back_with_the_errors(file, draft_of, reporter, signed_in):
    address = reverse("obligation-act", args=[file.dossier.reference, "save"])
    typed = {"explanation": "Kept text", "as_on": "31/02/2026", "measure_title": ["Kept law"],
             "measure_article": [""], "measure_date": [""], "measure_note": [""]}  # fmt: skip
    page = signed_in(reporter).post(address, typed)
    assert page.status_code == 400
    assert "Kept text" in page.content.decode()
    assert "Kept law" in page.content.decode()
    assert "2026-02-28" in page.content.decode()


@pytest.mark.parametrize("who", ["stranger", "prosecutor"])
def test_who_may_not_see_a_file_cannot_tell_that_it_exists(file, who, request, signed_in):
    client = signed_in(request.getfixturevalue(who))
    reference = file.dossier.reference
    assert client.get(reverse("obligation", args=[reference])).status_code == 404
    for act in ("begin", "save", "submit", "publish", "seal"):
        address = reverse("obligation-act", args=[reference, act])
        assert client.post(address, {}).status_code == 404
    assert reference not in client.get(reverse("compliance")).content.decode()


def test_nobody_signed_out_sees_obligations(client, register):
    assert client.get(reverse("compliance")).status_code == 302


def test_the_desk_of_a_reviewer_shows_what_awaits_review(
    draft_of, reporter, reviewer, now, signed_in
):
    assessments.save(draft_of, GOOD, user=reporter, now=now)
    assessments.submit(draft_of, user=reporter, now=now)
    desk = signed_in(reviewer).get("/").content.decode()
    assert draft_of.file.dossier.reference in desk
    assert "None ·" not in desk
    assert draft_of.file.dossier.reference not in signed_in(reporter).get("/").content.decode()


def test_a_reporter_who_is_not_named_finds_nothing_of_a_sealed_file(
    file, draft_of, reporter, reviewer, approver, now, signed_in
):
    address = reverse("obligation", args=[file.dossier.reference])
    assert signed_in(reviewer).get(address).status_code == 200
    naming.seal(file.dossier, user=approver, now=now)
    assert signed_in(reviewer).get(address).status_code == 404
    group = signed_in(reviewer).get(reverse("compliance-group", args=["UNTOC"]))
    assert file.dossier.reference not in group.content.decode()
    assert signed_in(reporter).get(address).status_code == 200


def test_asking_to_assess_what_is_sealed_tells_no_reference(
    file, reviewer, approver, now, signed_in
):
    naming.seal(file.dossier, user=approver, now=now)
    asked = {"obligation": "UNTOC-06", "period": "1"}
    answer = signed_in(reviewer).post(reverse("compliance-open"), asked, follow=True)
    reference = file.dossier.reference
    assert reference not in answer.content.decode()
    assert all(reference not in address for address, _status in answer.redirect_chain)
    assert ObligationFile.objects.count() == 1
