"""The pages and the API of persons and matches: what they offer, and that they leak nothing."""

from __future__ import annotations

import json

import pytest

from cases import deconfliction
from cases.models import PersonMatch, PersonName
from registry.models import Dossier
from tests.factories import AssistanceRequestFactory
from tests.factories_persons import MatterPersonFactory

THEIRS = ("Юсуф", "Хаддадов", "юсуф", "SN-CA", "stranger@", "Sam Stranger")
LISTS = ("/persons/?name=Youssef+Haddadov", "/matches/", "/api/v1/persons/?name=Youssef+Haddadov",
         "/api/v1/matches/", "/")  # fmt: skip


def addresses(person, match) -> list[str]:
    return [
        f"/persons/{person}/", f"/persons/{person}/names/", f"/persons/{person}/documents/",
        f"/persons/{person}/names/1/", f"/persons/{person}/documents/1/",
        f"/matches/{match}/answer/", f"/matches/{match}/decision/",
        f"/api/v1/matches/{match}/", f"/api/v1/matches/{match}/answer/",
        f"/api/v1/matches/{match}/decision/",
    ]  # fmt: skip


def everything(client, path: str) -> list:
    return [
        client.get(path),
        client.post(path, {"answer": "agree", "decision": "same", "name": "A B", "kind": "alias"}),
        client.post(
            path, json.dumps({"agree": True, "same": True}), content_type="application/json"
        ),
    ]


def test_the_person_page_shows_names_and_takes_a_further_one(ours, drafter, signed_in):
    browser = signed_in(drafter)
    page = f"/persons/{ours.pk}/"
    answer = browser.post(
        f"{page}names/", {"kind": "spelling", "name": "يوسف حدادوف", "source": "Passport"}
    )
    assert answer.status_code == 302
    shown = browser.get(page).content.decode()
    assert "يوسف حدادوف" in shown
    assert "Arabic" in shown
    name = PersonName.objects.get()
    browser.post(f"{page}names/{name.pk}/")
    assert not PersonName.objects.exists()


def test_a_form_that_cannot_be_kept_comes_back_with_what_was_typed(ours, drafter, signed_in):
    answer = signed_in(drafter).post(
        f"/persons/{ours.pk}/documents/",
        {"kind": "passport", "number": "X-99", "valid_until": "31 February", "issued_by": "???"},
    )
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "X-99" in shown
    assert "like 2028-02-29" in shown


def test_who_only_reads_gets_no_forms(ours, auditor, signed_in):
    shown = signed_in(auditor).get(f"/persons/{ours.pk}/").content.decode()
    assert "Youssef" in shown
    assert "Add this name" not in shown


def test_the_request_page_leads_to_the_person(ours, draft_dossier, drafter, signed_in):
    shown = signed_in(drafter).get(f"/requests/{draft_dossier.reference}/").content.decode()
    assert f'href="/persons/{ours.pk}/"' in shown


def test_a_search_finds_across_scripts_and_shows_the_reference(hidden, ours, drafter, signed_in):
    shown = signed_in(drafter).get("/persons/", {"name": "Юсуф Хаддадов"}).content.decode()
    assert "Youssef Haddadov" in shown
    assert ours.dossier.reference in shown


def test_both_sides_are_told_and_come_together_by_pages_alone(
    hidden, drafter, stranger, theirs, signed_in
):
    here, there = signed_in(drafter), signed_in(stranger)
    assert "may appear in another matter" in here.get("/matches/").content.decode()
    here.post(f"/matches/{hidden}/answer/", {"answer": "agree"})
    there.post(f"/matches/{hidden}/answer/", {"answer": "agree"})
    shown = here.get("/matches/").content.decode()
    assert "stranger@example.org" in shown
    assert theirs.dossier.reference in shown
    assert "Хаддадов" not in shown


def test_the_desk_tells_the_responsible_officer_and_nobody_else(
    hidden, drafter, colleague, signed_in
):
    assert "may be known elsewhere" in signed_in(drafter).get("/").content.decode()
    assert "may be known elsewhere" not in signed_in(colleague).get("/").content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_no_list_tells_an_officer_anything_of_the_hidden_side(hidden, path, drafter, signed_in):
    shown = signed_in(drafter).get(path).content.decode()
    assert not any(part in shown for part in THEIRS)


def test_no_address_tells_an_officer_anything_of_the_hidden_side(
    hidden, ours, theirs, drafter, signed_in
):
    client = signed_in(drafter)
    for path in [*addresses(ours.pk, hidden), *addresses(theirs.pk, hidden)]:
        for answer in everything(client, path):
            said = answer.content.decode()
            assert not any(part in said for part in THEIRS), path


def test_who_is_not_responsible_finds_nothing_at_any_address(
    hidden, ours, theirs, colleague, signed_in
):
    client = signed_in(colleague)
    for path in [p for p in addresses(theirs.pk, hidden) if p.startswith(("/matches", "/api"))]:
        for answer in everything(client, path):
            assert answer.status_code in (404, 405), path
    for path in addresses(theirs.pk, hidden)[:5]:
        assert {a.status_code for a in everything(client, path)} <= {404, 405}, path
    match = PersonMatch.objects.get()
    assert (match.one_answer, match.other_answer, match.decision) == ("none", "none", "open")


def test_a_hidden_match_is_answered_like_one_that_is_not(hidden, colleague, signed_in):
    client = signed_in(colleague)
    real = client.get(f"/api/v1/matches/{hidden}/").json()
    none = client.get(f"/api/v1/matches/{hidden + 999}/").json()
    assert real.pop("instance") != none.pop("instance")
    assert real == none


def test_a_sealed_persons_page_is_not_found(ours, colleague, signed_in):
    Dossier.objects.filter(pk=ours.dossier_id).update(confidentiality="sealed")
    assert signed_in(colleague).get(f"/persons/{ours.pk}/").status_code == 404


def test_a_protected_person_appears_by_alias_alone(draft_dossier, drafter, signed_in):
    person = MatterPersonFactory(
        dossier=draft_dossier, given_names="Unmistakable", family_name="Name",
        aliases="Unmistakable Alias", identity_documents="Unmistakable 1", protected=True,
        protected_alias="Witness Seven",
    )  # fmt: skip
    deconfliction.sweep()
    client = signed_in(drafter)
    for path in (
        f"/persons/{person.pk}/", "/persons/?name=Witness+Seven", "/matches/",
        "/api/v1/persons/?name=Witness+Seven",
    ):  # fmt: skip
        shown = client.get(path).content.decode()
        assert "Unmistakable" not in shown, path
    assert "Witness Seven" in client.get("/persons/?name=Witness+Seven").content.decode()


def test_the_api_finds_and_answers(hidden, drafter, signed_in):
    client = signed_in(drafter)
    found = client.get("/api/v1/persons/", {"name": "Юсуф Хаддадов"}).json()["results"]
    assert [f["name"] for f in found] == ["Youssef Haddadov"]
    (match,) = client.get("/api/v1/matches/").json()["results"]
    assert (match["theirs"], match["score"], match["stage"]) == (None, None, "asked")
    answer = client.post(
        f"/api/v1/matches/{hidden}/answer/", {"agree": True}, content_type="application/json"
    )
    assert answer.json()["stage"] == "waiting"
    refused = client.post(
        f"/api/v1/matches/{hidden}/answer/", {"agree": False}, content_type="application/json"
    )
    assert refused.status_code == 400
    assert client.get("/api/v1/persons/").status_code == 400


def test_the_matches_page_costs_the_same_however_many_there_are(
    draft_dossier, drafter, office, colleague, signed_in, django_assert_max_num_queries
):
    for _each in range(6):
        MatterPersonFactory(dossier=draft_dossier, given_names="Youssef", family_name="Haddadov")
    second = AssistanceRequestFactory(owner=office, drafter=colleague).dossier
    MatterPersonFactory(dossier=second, given_names="Youssef", family_name="Haddadov")
    deconfliction.sweep()
    client = signed_in(drafter)
    client.get("/matches/")
    with django_assert_max_num_queries(12):
        assert client.get("/matches/").content.decode().count('id="match-') == 6
