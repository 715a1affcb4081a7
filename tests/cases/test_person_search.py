"""Finding persons by name across scripts, among the dossiers that one sees."""

from __future__ import annotations

import pytest

from cases import deconfliction, identities, person_search
from cases.models import PersonNameKey
from tests.factories import AssistanceRequestFactory
from tests.factories_persons import MatterPersonFactory


@pytest.fixture
def suspect(draft_dossier):
    person = MatterPersonFactory(
        dossier=draft_dossier, given_names="Mohamed", family_name="Bouazizi", aliases="Abu Rami"
    )
    deconfliction.sweep()
    return person


def found(user, name: str) -> list[int]:
    return [f.person.pk for f in person_search.search(user, name)]


@pytest.mark.parametrize(
    "name", ["محمد البوعزيزي", "Bouazizi Muhammad", "Мохамед Буазизи", "Bouazizi"]
)
def test_a_name_is_found_from_another_script_order_or_part(suspect, drafter, name):
    assert found(drafter, name) == [suspect.pk]


def test_another_given_name_is_not_found(suspect, drafter):
    assert found(drafter, "Mahmoud Bouazizi") == []


def test_an_alias_and_an_added_name_are_found(suspect, drafter, now):
    assert found(drafter, "أبو رامي") == [suspect.pk]
    identities.add_name(suspect, kind="birth", name="Слободан Петровић", user=drafter, now=now)
    deconfliction.sweep()
    assert found(drafter, "Slobodan Petrovic") == [suspect.pk]


def test_a_changed_name_is_found_anew_and_the_old_one_no_more(suspect, drafter):
    suspect.given_names, suspect.family_name = "Ivan", "Petrov"
    suspect.save()
    deconfliction.sweep()
    assert found(drafter, "Иван Петров") == [suspect.pk]
    assert found(drafter, "Mohamed Bouazizi") == []


def test_only_persons_of_visible_dossiers_are_found(suspect, stranger, prosecutor, colleague):
    assert found(stranger, "Mohamed Bouazizi") == []
    assert found(prosecutor, "Mohamed Bouazizi") == []
    assert found(colleague, "Mohamed Bouazizi") == [suspect.pk]


def test_a_person_of_a_sealed_dossier_is_found_by_who_is_named_on_it_only(
    office, drafter, colleague
):
    sealed = AssistanceRequestFactory(owner=office, drafter=drafter, sealed=True).dossier
    person = MatterPersonFactory(dossier=sealed, given_names="Ivan", family_name="Petrov")
    deconfliction.sweep()
    assert found(drafter, "Ivan Petrov") == [person.pk]
    assert found(colleague, "Ivan Petrov") == []


def test_a_protected_person_is_found_by_the_alias_alone(draft_dossier, drafter):
    person = MatterPersonFactory(
        dossier=draft_dossier,
        given_names="Ivan",
        family_name="Petrov",
        protected=True,
        protected_alias="Witness Seven",
    )
    deconfliction.sweep()
    assert found(drafter, "Ivan Petrov") == []
    assert found(drafter, "Witness Seven") == [person.pk]


def test_a_search_costs_the_same_however_many_are_found(
    draft_dossier, drafter, django_assert_num_queries
):
    for _each in range(12):
        MatterPersonFactory(dossier=draft_dossier, given_names="Ivan", family_name="Petrov")
    deconfliction.sweep()
    drafter.memberships.all()
    person_search.search(drafter, "Ivan Petrov")
    with django_assert_num_queries(3):
        assert len(person_search.search(drafter, "Ivan Petrov")) == 12


def test_keys_go_with_the_person(suspect):
    suspect.delete()
    assert not PersonNameKey.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "123", "\x00", "x" * 5000, "'; drop", "ـ"])
def test_anything_typed_is_no_error(suspect, drafter, name):
    assert found(drafter, name) == []
