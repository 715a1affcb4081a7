"""Reminder letters drafted together from the list of what the other side is late with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mla import reminder_letter
from registry import reminder_rounds
from registry.models import Deadline, DraftLetter, Membership, NamedOnDossier, ReminderRound, Role
from registry.refusals import Invalid, NotAllowed, NotFound
from tests.factories import AssistanceRequestFactory, AuthorityFactory, DeadlineFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def overdue(office, drafter):
    """``overdue()`` is a clock of a request of the office with which the other side is late."""

    def made(owner=None, language="en", **unusual) -> Deadline:
        now = timezone.now()
        request = AssistanceRequestFactory(owner=owner or office, drafter=drafter, now=now)
        type(request).objects.filter(pk=request.pk).update(language=language)
        wish = {"bound_party": "theirs", "due_at": now - 3 * DAY}
        return DeadlineFactory(dossier=request.dossier, label="Answer", **wish | unusual)

    return made


def drafted(clocks, user, **more) -> tuple[ReminderRound, dict[int, str]]:
    """A round of these clocks, handled; and what became of each."""
    keys = [str(clock.pk) for clock in clocks]
    made = reminder_rounds.order(keys, user=user, now=timezone.now())
    reminder_rounds.draft_waiting()
    made.refresh_from_db()
    return made, dict(made.reminders.values_list("deadline", "outcome"))


def test_each_letter_is_drafted_in_the_language_of_its_matter(overdue, drafter):
    clocks = [overdue(language="fr"), overdue(language="es")]
    made, outcomes = drafted(clocks, drafter)
    assert set(outcomes.values()) == {"drafted"}
    assert made.finished_at is not None
    languages = {row.deadline_id: row.letter.language for row in made.reminders.all()}
    assert languages == {clocks[0].pk: "fr", clocks[1].pk: "es"}


def test_one_that_cannot_be_drafted_stops_no_other(overdue, drafter, office):
    elsewhere = overdue(owner=AuthorityFactory(state=office.state))
    NamedOnDossier.objects.get_or_create(
        dossier=elsewhere.dossier,
        user=drafter,
        defaults={"owner": elsewhere.dossier.owner, "added_by": drafter},
    )
    in_time, late = overdue(due_at=timezone.now() + DAY), overdue()
    broken = overdue(zone="Nowhere/At all")
    made, outcomes = drafted([elsewhere, in_time, broken, late], drafter)
    assert outcomes == {
        elsewhere.pk: "refused",
        in_time.pk: "refused",
        broken.pk: "failed",
        late.pk: "drafted",
    }
    assert all(row.reason for row in made.reminders.exclude(outcome="drafted"))
    assert DraftLetter.objects.count() == 1


def test_run_again_it_doubles_no_letter(overdue, drafter):
    first = overdue()
    other_clock = DeadlineFactory(
        dossier=first.dossier, bound_party="theirs", due_at=timezone.now() - DAY
    )
    letter = reminder_letter.draft(first, user=drafter, now=timezone.now())
    made, outcomes = drafted([first, other_clock], drafter)
    assert set(outcomes.values()) == {"open_already"}
    assert {row.letter_id for row in made.reminders.all()} == {letter.pk}
    letter.state = DraftLetter.State.DISCARDED
    letter.save()
    _made, outcomes = drafted([first, other_clock], drafter)
    assert sorted(outcomes.values()) == ["drafted", "open_already"]


def test_a_round_whose_worker_died_goes_on_where_it_stopped(overdue, drafter):
    clocks = [overdue(), overdue()]
    made = reminder_rounds.order([str(c.pk) for c in clocks], user=drafter, now=timezone.now())
    ReminderRound.objects.update(claimed_until=timezone.now() + DAY, attempts=1)
    assert reminder_rounds.draft_waiting() == 0
    assert reminder_rounds.progress_of(made).done == 0
    ReminderRound.objects.update(claimed_until=timezone.now() - DAY)
    assert reminder_rounds.draft_waiting() == 2
    assert reminder_rounds.draft_waiting() == 0
    assert reminder_rounds.progress_of(made) == reminder_rounds.Progress(2, 2)


def test_a_round_that_no_worker_survives_is_ended(overdue, drafter):
    clock = overdue()
    made = reminder_rounds.order([str(clock.pk)], user=drafter, now=timezone.now())
    ReminderRound.objects.update(attempts=reminder_rounds.MOST_ATTEMPTS)
    assert reminder_rounds.draft_waiting() == 0
    made.refresh_from_db()
    assert made.finished_at is not None
    assert made.reminders.get().outcome == "failed"


def test_what_one_may_not_see_is_left_out_as_what_is_not_there(overdue, drafter, stranger):
    clock, own = overdue(), overdue()
    Membership.objects.filter(user=stranger).update(role=Role.DRAFTING_OFFICER)
    with pytest.raises(Invalid):
        reminder_rounds.order([str(clock.pk), "x", "9" * 30], user=stranger, now=timezone.now())
    sealed = overdue()
    sealed.dossier.confidentiality = "sealed"
    sealed.dossier.save()
    NamedOnDossier.objects.filter(dossier=sealed.dossier).delete()
    made, outcomes = drafted([sealed, own], drafter)
    assert (outcomes, made.not_found) == ({own.pk: "drafted"}, 1)
    with pytest.raises(NotFound):
        reminder_rounds.one_of(stranger, made.pk)


def test_a_matter_sealed_since_is_neither_drafted_nor_shown(overdue, drafter, signed_in):
    clock = overdue()
    made = reminder_rounds.order([str(clock.pk)], user=drafter, now=timezone.now())
    clock.dossier.confidentiality = "sealed"
    clock.dossier.save()
    NamedOnDossier.objects.filter(dossier=clock.dossier).delete()
    assert reminder_rounds.draft_waiting() == 0
    page = signed_in(drafter).get(reverse("reminder-round", args=[made.pk])).content.decode()
    assert clock.dossier.reference not in page
    assert "1 matter is not shown" in page


def test_the_chosen_ones_are_drafted_from_the_list(overdue, drafter, colleague, signed_in):
    clock = overdue()
    browser, address = signed_in(drafter), reverse("late-with-them")
    refused = browser.post(address)
    assert refused.status_code == 400
    assert "Choose at least one clock" in refused.content.decode()
    page = browser.post(address, {"deadlines": [clock.pk]}).headers["Location"]
    assert "hx-get" in browser.get(page).content.decode()
    reminder_rounds.draft_waiting()
    letter = DraftLetter.objects.get(dossier=clock.dossier)
    assert reverse("letter", args=[letter.pk]) in browser.get(page).content.decode()
    assert browser.get(f"{page}progress/").headers["HX-Refresh"] == "true"
    assert "1 drafted of 1 chosen" in browser.get(reverse("reminder-rounds")).content.decode()
    assert signed_in(colleague).get(page).status_code == 404


def test_who_may_write_no_letter_chooses_none(overdue, auditor, signed_in):
    clock = overdue()
    page = signed_in(auditor).get(reverse("late-with-them")).content.decode()
    assert clock.dossier.reference in page
    assert 'name="deadlines"' not in page
    with pytest.raises(NotAllowed):
        reminder_rounds.order([str(clock.pk)], user=auditor, now=timezone.now())
