"""The pages of extraditions as a browser gets them: who may, what is refused, what is kept."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import assurances, extradition_law
from cases.extradition import advance
from cases.models import ExtraditionCase
from registry import matter_list
from registry.refusals import Invalid
from tests.factories import officer_of

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
READ = ("extradition", "extradition-edit", "extradition-charge")
CHANGED = (
    "extradition-edit",
    "extradition-contents",
    "extradition-assurances",
    "extradition-speciality",
    "extradition-other-requests",
    "extradition-transit",
    "extradition-people",
    "extradition-seal",
)


@pytest.fixture
def desk(signed_in, first):
    return signed_in(first)


def page(name: str, case: ExtraditionCase, *more: str) -> str:
    return reverse(name, args=[case.dossier.reference, *more])


def text_of(response) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize("name", READ)
def test_the_prosecutor_opens_every_page_of_the_case(desk, opened, name):
    assert desk.get(page(name, opened())).status_code == 200


@pytest.mark.parametrize("name", READ)
def test_others_find_nothing(signed_in, stranger, opened, name):
    assert signed_in(stranger).get(page(name, opened())).status_code == 404


@pytest.mark.parametrize("name", CHANGED)
def test_others_change_nothing(signed_in, stranger, opened, name):
    case = opened()
    answer = signed_in(stranger).post(page(name, case), {"text": "x", "family_name": "x"})
    assert answer.status_code == 404
    case.dossier.refresh_from_db()
    assert case.dossier.version == 1


def test_others_move_nothing(signed_in, stranger, opened):
    case = opened()
    posted = {"at": "2026-03-02T10:00", "reason": "x"}
    answer = signed_in(stranger).post(page("extradition-move", case, "withdraw"), posted)
    assert answer.status_code == 404


@pytest.mark.parametrize("name", READ)
def test_a_sealed_case_does_not_exist_for_an_unnamed_colleague(signed_in, second, opened, name):
    reader = signed_in(second)
    assert reader.get(page(name, opened())).status_code == 200
    assert reader.get(page(name, opened(sealed=True))).status_code == 404


@pytest.mark.parametrize("route", ["/", "/extraditions/", "/extraditions/?q=unmistakable",
                                   "/deadlines/"])  # fmt: skip
def test_a_sealed_case_leaves_no_trace_in_lists_search_and_clocks(
    signed_in, second, opened, step, route
):
    case = step(opened(sealed=True, direction="received"), "record_arrest", zone="Europe/Paris")
    shown = text_of(signed_in(second).get(route))
    assert case.dossier.reference not in shown
    assert "nmistakable" not in shown.replace("q=unmistakable", "").replace(
        'value="unmistakable"', ""
    )


def test_every_clock_of_a_case_leads_to_its_own_page(desk, opened, step):
    case = step(opened(direction="received"), "record_arrest", zone="Europe/Paris")
    shown = text_of(desk.get(page("extradition", case)))
    addresses = {reverse("clock", args=[d.pk]) for d in case.dossier.deadlines.all()}
    assert addresses
    assert all(f'href="{address}"' in shown for address in addresses)


def test_who_is_not_signed_in_is_asked_to(client, opened):
    assert client.get(page("extradition", opened())).status_code == 302
    assert client.get(reverse("extraditions")).status_code == 302


def test_who_runs_no_extraditions_opens_none(signed_in, prosecution):
    reader = signed_in(officer_of(prosecution, "auditor"))
    assert reader.get(reverse("extradition-new")).status_code == 403
    assert reader.get(reverse("extraditions")).status_code == 200


def test_a_case_is_opened_by_form(desk, prosecution, register):
    answer = desk.post(
        reverse("extradition-new"),
        {
            "direction": "received",
            "other_state": "FRA",
            "offences": ["corruption"],
            "family_name": "Okonkwo",
            "birth_year": "1970",
            "nationalities": "fra, nga",
            "title": "Arrest at the airport",
        },
    )
    case = ExtraditionCase.objects.get()
    assert answer.url == page("extradition", case)
    assert case.person.nationalities == ["FRA", "NGA"]
    assert case.basis_id == "ETS24"
    assert case.requested_state_id == "BEL"


def test_a_form_that_is_wrong_comes_back_whole(desk, prosecution, register):
    answer = desk.post(
        reverse("extradition-new"),
        {"direction": "sent", "birth_year": "MCMLXX", "given_names": "Kept as typed"},
    )
    shown = text_of(answer)
    assert answer.status_code == 400
    assert "Choose the other State." in shown
    assert "Write a whole number." in shown
    assert 'value="Kept as typed"' in shown


def test_a_correction_is_kept_and_a_stale_one_is_refused(desk, opened):
    case = opened()
    form = {"family_name": "Corrected", "nationalities": "FRA", "version": "1", "facts": "So."}
    assert desk.post(page("extradition-edit", case), form).status_code == 302
    answer = desk.post(page("extradition-edit", case), form | {"family_name": "Later"})
    assert answer.status_code == 400
    case.person.refresh_from_db()
    assert case.person.family_name == "Corrected"
    assert "Later" in text_of(answer)


def test_a_move_that_is_not_possible_says_why_and_keeps_what_was_typed(desk, opened):
    case = opened(direction="received")
    later = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    answer = desk.post(
        page("extradition-move", case, "record_arrest"),
        {"at": later, "zone": "Europe/Brussels", "place": "Zaventem"},
    )
    shown = text_of(answer)
    assert answer.status_code == 400
    assert "cannot have happened in the future" in shown
    assert "Zaventem" in shown


def test_a_document_is_enclosed_by_form(desk, opened):
    case = opened()
    form = {"request_type": "extradition", "key": "legal_text", "text": "",
            "file": SimpleUploadedFile("law.pdf", PDF)}  # fmt: skip
    assert desk.post(page("extradition-contents", case), form).status_code == 302
    assert "law.pdf" in text_of(desk.get(page("extradition", case)))
    answer = desk.post(page("extradition-contents", case), form | {"key": "death_certificate"})
    assert answer.status_code == 404


def test_the_page_says_loudly_that_release_is_due(desk, opened, first):
    case = opened(direction="received")
    long_ago = timezone.now() - timedelta(days=50)
    advance(case, "record_arrest", user=first, now=timezone.now(), at=long_ago, zone="Europe/Paris")
    shown = text_of(desk.get(page("extradition", case)))
    assert "Release is due" in shown
    assert "Art. 16(4)" in shown
    assert "In custody" in shown


def test_an_assurance_is_followed_by_form(desk, opened):
    case = opened()
    asked = {"kind": "retrial", "text": "A retrial is granted."}
    assert desk.post(page("extradition-assurances", case), asked).status_code == 302
    number = case.assurances.get().pk
    desk.post(page("extradition-assurances", case), {"number": number, "state": "given"})
    answer = desk.post(page("extradition-assurances", case),
                       {"number": number, "state": "fulfilled", "note": ""})  # fmt: skip
    assert answer.status_code == 400
    assert case.assurances.get().state == "given"


def test_the_ledger_is_asked_before_a_new_charge(desk, surrendered):
    shown = text_of(desk.get(page("extradition-charge", surrendered), {"family": "torture"}))
    assert "Ask the surrendering State" in shown


def test_the_page_of_a_case_takes_the_same_queries_however_much_is_on_it(
    desk, opened, complete, step, first, now
):
    case = complete(opened(direction="received"))
    for number in range(2):
        assurances.ask(case, kind="other", text=f"First {number}", user=first, now=now)
    desk.get(page("extradition", case))
    with CaptureQueriesContext(connection) as few:
        desk.get(page("extradition", case))
    for number in range(5):
        assurances.ask(case, kind="other", text=f"No. {number}", user=first, now=now)
    with CaptureQueriesContext(connection) as many:
        desk.get(page("extradition", case))
    assert len(many) == len(few)


def test_the_list_takes_the_same_queries_however_long_it_is(desk, opened):
    opened()
    desk.get(reverse("extraditions"))
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse("extraditions"))
    for number in range(4):
        opened(title=f"No. {number}")
    with CaptureQueriesContext(connection) as many:
        desk.get(reverse("extraditions"))
    assert len(many) == len(few)


def test_the_list_goes_page_by_page_there_and_back(opened, first):
    made = [opened(title=f"No. {n}").dossier.reference for n in range(5)]
    wanted = matter_list.condition("extradition")
    one = matter_list.page_of(first, wanted, size=2)
    two = matter_list.page_of(first, wanted, size=2, place=one.next)
    three = matter_list.page_of(first, wanted, size=2, place=two.next)
    seen = [d.reference for p in (one, two, three) for d in p.rows]
    assert seen == list(reversed(made))
    assert (one.previous, three.next) == (None, None)
    back = matter_list.page_of(first, wanted, size=2, place=three.previous)
    assert [d.reference for d in back.rows] == [d.reference for d in two.rows]
    with pytest.raises(Invalid):
        matter_list.page_of(first, wanted, place="nonsense")


def test_a_refusal_by_form_takes_only_the_instruments_grounds(desk, before_the_government):
    case = before_the_government
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    form = {"at": at, "reason": "Own national"}
    answer = desk.post(page("extradition-move", case, "refuse"), form | {"grounds": ["0"]})
    assert answer.status_code == 400
    nationality = next(
        g.pk for g in extradition_law.grounds_of_refusal(case) if g.ground == "nationality"
    )
    desk.post(page("extradition-move", case, "refuse"), form | {"grounds": [nationality]})
    shown = text_of(desk.get(page("extradition", case)))
    assert "Prosecution at home" in shown
    assert "ETS24 Art. 6(2)" in shown
