"""Protected persons: who they are is kept apart, read only by those who may, and shown nowhere else."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.http import QueryDict
from django.urls import reverse

from cases import (
    case_file_parts,
    case_files,
    deconfliction,
    identity_keys,
    link_chart,
    protected_identities,
)
from cases.models import IdentityDocument, Person, PersonName, ProtectedIdentity
from cases.web import exported_lists
from mla import drafting, letters
from mla.packages import content as package_content
from registry import calendar_feed
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import DeadlineFactory, officer_of

NAME, ALIAS = "Unmistakovic", "Witness K-2"
FIELDS = {
    "role": "witness",
    "family_name": NAME,
    "given_names": "Ana",
    "birth_year": 1990,
    "location": f"{NAME} street 7",
    "protected": True,
    "protected_alias": ALIAS,
}


@pytest.fixture(autouse=True)
def keys_of_the_test(settings, tmp_path):
    settings.PROTECTED_IDENTITY_KEY_FILE = str(tmp_path / "identities.key")


@pytest.fixture
def witness(draft, drafter, now) -> Person:
    return drafting.add_person(draft, fields=FIELDS, user=drafter, now=now)


@pytest.fixture
def reader(office, draft):
    """An approving officer who is named on the dossier."""
    user = officer_of(office, "approving_officer", name="Rita Reader")
    draft.dossier.named.create(user=user, added_by=user)
    return user


def in_clear() -> list[str]:
    """Where in the whole database the name stands."""
    found = []
    for model in apps.get_models():
        texts = [
            f.name
            for f in model._meta.concrete_fields
            if isinstance(f, models.CharField | models.TextField | models.JSONField)
        ]
        if model._meta.proxy or not texts:
            continue
        for row in model._default_manager.values(*texts):
            found += [f"{model.__name__}.{k}" for k, v in row.items() if NAME in str(v)]
    return found


def test_the_name_of_a_protected_person_stands_in_clear_nowhere_in_the_database(witness, draft):
    assert in_clear() == []
    assert witness.kept_apart.opened()["family_name"] == NAME


def test_the_database_refuses_a_protected_person_with_a_name_in_clear(witness):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=witness.pk).update(family_name=NAME)


def test_what_is_missing_is_judged_by_what_is_kept_apart_too(witness):
    assert witness.says("location")
    assert not witness.says("nationalities")


def test_protecting_a_known_person_takes_names_and_documents_away(draft, drafter, now):
    person = drafting.add_person(
        draft, fields={"role": "witness", "family_name": NAME}, user=drafter, now=now
    )
    PersonName.objects.create(person=person, kind="alias", name=f"{NAME} II", script="Latin",
                              added_by=drafter, added_at=now)  # fmt: skip
    IdentityDocument.objects.create(person=person, kind="passport", number=f"{NAME}-1",
                                    number_key="1", added_by=drafter, added_at=now)  # fmt: skip
    drafting.change_person(draft, person.pk, changes={"protected": True, "protected_alias": ALIAS},
                           user=drafter, now=now)  # fmt: skip
    assert in_clear() == []
    assert set(person.kept_apart.opened()) == {"family_name", "names", "documents"}


def test_reading_takes_act_naming_and_a_reason_and_stands_on_the_timeline(
    witness, reader, drafter, office, now
):
    unnamed = officer_of(office, "approving_officer")
    for user in (drafter, unnamed, officer_of(office, "auditor")):
        with pytest.raises(NotAllowed):
            protected_identities.read_identity(witness, reason="Summons", user=user, now=now)
    with pytest.raises(Invalid):
        protected_identities.read_identity(witness, reason=" ", user=reader, now=now)
    lines = protected_identities.read_identity(witness, reason="Summons", user=reader, now=now)
    assert {line.field: line.value for line in lines}["family_name"] == NAME
    (entry,) = protected_identities.readings_of(witness)
    assert (entry.actor, entry.data["reason"]) == (reader, "Summons")


def test_the_page_shows_the_identity_once_to_who_may(witness, reader, drafter, signed_in):
    page = reverse("person", args=[witness.pk])
    asked = reverse("person-identity", args=[witness.pk])
    assert NAME not in signed_in(reader).get(page).content.decode()
    shown = signed_in(reader).post(asked, {"reason": "Summons"})
    assert NAME in shown.content.decode()
    assert "error-summary" not in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    refused = signed_in(drafter).post(asked, {"reason": "Curious"})
    assert refused.status_code == 403
    assert NAME not in refused.content.decode()


def test_a_stranger_learns_of_no_identity(witness, stranger, signed_in):
    for asked in (f"/persons/{witness.pk}/identity/", f"/api/v1/persons/{witness.pk}/identity/"):
        assert signed_in(stranger).post(asked, {"reason": "x"}).status_code == 404


def test_an_empty_field_leaves_what_is_kept_and_a_filled_one_is_sealed(
    witness, draft, drafter, now
):
    changes = {"family_name": "", "given_names": "Anna", "location": ""}
    drafting.change_person(draft, witness.pk, changes=changes, user=drafter, now=now)
    opened = ProtectedIdentity.objects.get(person=witness).opened()
    assert (opened["family_name"], opened["given_names"]) == (NAME, "Anna")


def test_only_who_may_read_ends_the_protection(witness, draft, drafter, reader, now):
    ended = {"protected": False, "family_name": ""}
    with pytest.raises(Invalid) as refused:
        drafting.change_person(draft, witness.pk, changes=ended, user=drafter, now=now)
    assert list(refused.value.fields) == ["protected"]
    drafting.change_person(draft, witness.pk, changes=ended, user=reader, now=now)
    witness = Person.objects.get(pk=witness.pk)
    assert (witness.full_name, witness.birth_year) == (f"Ana {NAME}", 1990)
    assert not ProtectedIdentity.objects.exists()


def test_a_new_key_seals_all_anew_and_the_old_one_still_reads_backups(witness):
    old = witness.kept_apart.sealed, witness.kept_apart.key_mark
    call_command("change_identity_key", stdout=io.StringIO())
    kept = ProtectedIdentity.objects.get()
    assert kept.key_mark != old[1]
    assert kept.opened()["family_name"] == NAME
    assert NAME in identity_keys.unseal(*old, kept.about)
    call_command("change_identity_key", "--drop-old", stdout=io.StringIO())
    with pytest.raises(NotPossibleNow):
        identity_keys.unseal(*old, kept.about)


def test_a_sealed_identity_moved_to_another_person_does_not_open(witness):
    kept = witness.kept_apart
    with pytest.raises(NotPossibleNow):
        identity_keys.unseal(kept.sealed, kept.key_mark, "person 0")


# --- one test for each way out ----------------------------------------------------------


def shows_the_alias_alone(said: Any, alias: bool = True) -> None:
    written = said if isinstance(said, str) else json.dumps(said, default=str, ensure_ascii=False)
    assert NAME not in written
    if alias:
        assert ALIAS in written


def test_letters_name_the_alias(witness, draft, now):
    shows_the_alias_alone(letters.letter_content(draft, "en", now=now))


def test_packages_name_the_alias(witness, draft):
    shows_the_alias_alone(package_content.person_told(witness))


@pytest.mark.parametrize(
    "route", ["requests/{}/", "requests/{}/edit/", "api/v1/requests/{}/persons/"]
)
def test_pages_and_api_of_the_request_show_the_alias(route, witness, draft, drafter, signed_in):
    answer = signed_in(drafter).get("/" + route.format(draft.dossier.reference))
    assert answer.status_code == 200
    shows_the_alias_alone(answer.content.decode())


def test_the_list_taken_away_names_the_alias(witness, drafter, now):
    deconfliction.sweep()
    persons = exported_lists.PERSONS
    (found,) = persons.rows(drafter, QueryDict(f"name={ALIAS}"), now)
    shows_the_alias_alone([str(column.cell(found)) for column in persons.columns])


def test_the_calendar_names_nobody(witness, draft, drafter, now):
    DeadlineFactory(dossier=draft.dossier, label=f"Hearing of {witness}", due_at=now)
    address, _secret = calendar_feed.make(drafter, "Phone", now=now)
    shows_the_alias_alone(calendar_feed.feed(address, now).decode())


@pytest.mark.parametrize(
    "route",
    [f"persons/?name={NAME}", f"api/v1/persons/?name={NAME}", f"requests/?q={NAME}", "matches/"],
)
def test_no_search_finds_the_name(route, witness, drafter, signed_in):
    deconfliction.sweep()
    shown = signed_in(drafter).get("/" + route).content.decode()
    asked = (f"?name={NAME}", f"?q={NAME}", f'"{NAME}"')
    for question in asked:
        shown = shown.replace(question, "")
    shows_the_alias_alone(shown, alias=False)


def test_the_chart_and_the_search_words_of_a_case_file_hold_the_alias(prosecution, first, now):
    case = case_files.open_case_file(user=first, owner=prosecution, title="Case", now=now)
    case_file_parts.add(
        case, "persons",
        {"role": "witness", "family_name": NAME, "protected_alias": ALIAS}, user=first, now=now,
    )  # fmt: skip
    shows_the_alias_alone(link_chart.chart("Case", case.dossier.persons.all(), [], {}))
    assert NAME.lower() not in case.dossier.search_text
    assert in_clear() == []
