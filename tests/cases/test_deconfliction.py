"""The same person in two matters: who is told what, and what nobody is told."""

from __future__ import annotations

import pytest

from cases import case_file_parts, case_files, deconfliction, identities
from cases.models import Person, PersonMatch
from mla import drafting
from mla.models import AssistanceRequest
from registry.models import TimelineEntry
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow
from tests.factories import AssistanceRequestFactory
from tests.factories_persons import MatterPersonFactory

SECRET = ("Юсуф", "Хаддадов", "SN-CA", "stranger@example.org", "Senegal", "Sam Stranger")


def test_the_sweep_finds_the_same_person_across_scripts_once(hidden):
    for person in (m.one for m in PersonMatch.objects.all()):
        person.save()
    deconfliction.sweep()
    assert PersonMatch.objects.count() == 1


def test_a_contradicting_year_of_birth_is_no_match(ours, theirs):
    theirs.birth_year = 1991
    theirs.save()
    deconfliction.sweep()
    assert not PersonMatch.objects.exists()


def test_an_estimated_year_and_a_range_contradict_nothing_near(ours, theirs):
    theirs.birth_year, theirs.birth_year_latest, theirs.birth_circa = 1975, 1978, True
    theirs.save()
    deconfliction.sweep()
    assert PersonMatch.objects.count() == 1


def test_two_persons_of_one_dossier_are_no_match(ours, draft_dossier):
    MatterPersonFactory(dossier=draft_dossier, given_names="Youssef", family_name="Haddadov")
    deconfliction.sweep()
    assert not PersonMatch.objects.exists()


def test_protected_persons_are_neither_sought_nor_found(ours, theirs):
    theirs.protected, theirs.protected_alias = True, "Youssef Haddadov"
    theirs.save()
    deconfliction.sweep()
    assert not PersonMatch.objects.exists()


def test_the_same_passport_is_a_match_whatever_the_name(
    ours, theirs, belgium, drafter, stranger, now
):
    theirs.given_names, theirs.family_name = "Karl", "Anders"
    theirs.save()
    for person, user, number in ((ours, drafter, "AB 123-456"), (theirs, stranger, "ab123456")):
        identities.add_document(
            person, kind="passport", number=number, issued_by="BEL", user=user, now=now
        )
    deconfliction.sweep()
    assert PersonMatch.objects.get().score == 1


def test_an_untouched_match_goes_when_the_names_are_alike_no_longer(hidden, ours):
    ours.family_name = "Petrov"
    ours.save()
    deconfliction.sweep()
    assert not PersonMatch.objects.exists()


def test_the_responsible_officers_are_told_that_there_is_a_match_and_nothing_else(
    hidden, drafter, stranger
):
    for officer, secret in ((drafter, SECRET), (stranger, ("Youssef", "BE-CA", drafter.email))):
        (seen,), _more = deconfliction.matches_page(officer)
        assert (seen.theirs, seen.score, seen.reasons, seen.contact) == (None, None, (), None)
        assert not any(part in repr(seen) for part in secret)


def test_nobody_else_of_the_office_is_told(hidden, ours, approver, colleague, prosecutor, auditor):
    for person in (approver, colleague, prosecutor, auditor):
        assert deconfliction.matches_page(person) == ([], None)
        with pytest.raises(NotFound):
            deconfliction.get_match(person, hidden)
    assert deconfliction.matches_on(ours, colleague) == []


def test_a_match_that_one_may_not_know_of_answers_like_none(hidden, colleague, now):
    said = []
    for key in (hidden, hidden + 999):
        with pytest.raises(NotFound) as refusal:
            deconfliction.answer(key, agree=True, user=colleague, now=now)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_only_when_both_agree_each_sees_the_others_address_and_reference(
    hidden, drafter, stranger, theirs, now
):
    seen = deconfliction.answer(hidden, agree=True, user=drafter, now=now)
    assert (seen.stage, seen.contact) == ("waiting", None)
    deconfliction.answer(hidden, agree=True, user=stranger, now=now)
    seen = deconfliction.get_match(drafter, hidden)
    assert seen.stage == "agreed"
    assert seen.contact is not None
    assert seen.contact.email == "stranger@example.org"
    assert seen.contact.reference == theirs.dossier.reference
    assert seen.theirs is None
    with pytest.raises(NotPossibleNow):
        deconfliction.answer(hidden, agree=False, reason="late", user=drafter, now=now)


def test_declining_needs_a_reason_that_the_other_side_never_sees(hidden, drafter, stranger, now):
    with pytest.raises(Invalid):
        deconfliction.answer(hidden, agree=False, user=stranger, now=now)
    deconfliction.answer(hidden, agree=False, reason="Covert phase", user=stranger, now=now)
    before = deconfliction.get_match(drafter, hidden)
    assert before.stage == "asked"
    after = deconfliction.answer(hidden, agree=True, user=drafter, now=now)
    assert after.stage == "refused"
    assert after.contact is None
    assert "Covert" not in repr(after)


def test_answers_stand_on_the_own_timeline_only(hidden, ours, theirs, drafter, now):
    deconfliction.answer(hidden, agree=True, user=drafter, now=now)
    entries = TimelineEntry.objects.filter(event="match.agreed")
    assert [e.dossier_id for e in entries] == [ours.dossier_id]


def test_a_match_of_two_visible_matters_shows_both_and_keeps_the_decision(
    ours, office, drafter, colleague, now
):
    second = AssistanceRequestFactory(owner=office, drafter=colleague).dossier
    other = MatterPersonFactory(dossier=second, given_names="يوسف", family_name="حدادوف")
    deconfliction.sweep()
    (seen,), _more = deconfliction.matches_page(drafter)
    assert {seen.mine.pk, seen.theirs.pk} == {ours.pk, other.pk}
    assert seen.score is not None
    assert seen.score >= 0.8
    decided = deconfliction.decide(seen.key, same=True, note="Passport seen", user=drafter, now=now)
    assert decided.decision == "same"
    assert TimelineEntry.objects.filter(event="match.same").count() == 2
    ours.family_name = "Petrov"
    ours.save()
    deconfliction.sweep()
    assert PersonMatch.objects.get().decision == "same"


def test_an_auditor_sees_but_does_not_decide(ours, office, colleague, auditor, now):
    second = AssistanceRequestFactory(owner=office, drafter=colleague).dossier
    MatterPersonFactory(dossier=second, given_names="Youssef", family_name="Haddadov")
    deconfliction.sweep()
    key = PersonMatch.objects.get().pk
    assert deconfliction.get_match(auditor, key).theirs is not None
    with pytest.raises(NotAllowed):
        deconfliction.decide(key, same=True, user=auditor, now=now)


def test_a_hidden_match_is_not_decided_before_both_agree(hidden, drafter, now):
    with pytest.raises(NotAllowed):
        deconfliction.decide(hidden, same=True, user=drafter, now=now)


def test_adding_a_name_is_refused_to_who_may_not_edit(ours, auditor, drafter, now):
    with pytest.raises(NotAllowed):
        identities.add_name(ours, kind="alias", name="X Y", user=auditor, now=now)
    with pytest.raises(Invalid) as refusal:
        identities.add_name(ours, kind="nonsense", name=" ", user=drafter, now=now)
    assert set(refusal.value.fields) == {"kind", "name"}


# --- matters that hang together ---------------------------------------------------------


@pytest.fixture
def one_case(office, drafter, senegal, now):
    """Makes requests of one officer for one suspect, linked to a case file of theirs."""

    def made(count: int) -> list[Person]:
        case = case_files.open_case_file(user=drafter, owner=office, title="Case", now=now)
        persons = []
        for _each in range(count):
            request = AssistanceRequestFactory(
                owner=office, drafter=drafter, requested_state=senegal
            )
            persons.append(
                MatterPersonFactory(
                    dossier=request.dossier, given_names="Youssef", family_name="Haddadov"
                )
            )
            given = {"reference": request.dossier.reference}
            case_file_parts.add(case, "linked", given, user=drafter, now=now)
        return persons

    return made


def test_matters_of_one_case_are_no_news_to_each_other(one_case):
    one_case(3)
    deconfliction.sweep()
    assert not PersonMatch.objects.exists()


def test_an_officer_is_told_once_for_a_case_of_several_matters(one_case, theirs):
    first, _second, _third = one_case(3)
    deconfliction.sweep()
    match = PersonMatch.objects.get()
    assert {match.one_id, match.other_id} == {first.pk, theirs.pk}


def test_where_the_entry_goes_on_which_it_was_told_another_one_takes_its_place(
    one_case, theirs, drafter, now
):
    first, second = one_case(2)
    deconfliction.sweep()
    request = AssistanceRequest.objects.get(pk=first.dossier_id)
    drafting.remove_person(request, first.pk, user=drafter, now=now)
    deconfliction.sweep()
    match = PersonMatch.objects.get()
    assert {match.one_id, match.other_id} == {second.pk, theirs.pk}


def test_another_name_leaves_the_telling_to_another_entry(one_case, theirs):
    first, second = one_case(2)
    deconfliction.sweep()
    first.given_names, first.family_name = "Karl", "Lindqvist"
    first.save()
    deconfliction.sweep()
    match = PersonMatch.objects.get()
    assert {match.one_id, match.other_id} == {second.pk, theirs.pk}
