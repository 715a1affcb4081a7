"""The product in one walk: a request goes its whole way between two authorities, page by page.

Brussels drafts, approves and sends; Dakar registers what came, asks, executes one measure, postpones
another and transmits the results; both close. Neither sees the other's dossier.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_main_job import APPROVER, DRAFTER, fill_in, start

pytestmark = pytest.mark.browser

THEIR_OFFICER = "fatou.ndiaye@example.org"
MEASURES = ("taking_evidence", "bank_financial_records", "search_and_seizure")
POLICE = "Division des investigations criminelles"
QUESTION = "Which questions shall be put to the witness?"


def move(page: Page, reference: str, name: str, **given: str) -> None:
    """Make a move by its form on the request's page; what the form offers stays as it is."""
    page.goto(f"/requests/{reference}/")
    form = page.locator(f"#move-{name}")
    form.evaluate("details => { details.open = true }")
    for field, value in given.items():
        control = form.locator(f"[name={field}]")
        if control.evaluate("c => c.tagName") == "SELECT":
            control.select_option(value)
        elif control.get_attribute("type") == "file":
            control.set_input_files(value)
        else:
            control.fill(value)
    with page.expect_navigation():
        form.locator("form button").click()
    expect(page.locator(".error-summary")).to_have_count(0)


def of_measure(page: Page, reference: str, place: int, what: str, **given: str) -> None:
    """Record something of one measure: the button of this name, on the page of the execution."""
    page.goto(f"/requests/{reference}/execution/")
    measure = page.locator("fieldset[id^=measure-]").nth(place)
    measure.locator("details").evaluate_all("all => all.forEach(d => { d.open = true })")
    for field, value in given.items():
        measure.locator(f"[name={field}]").fill(value)
    with page.expect_navigation():
        measure.locator(f"button[value={what}]").click()
    expect(page.locator(".error-summary")).to_have_count(0)


def letter_of(page: Page, reference: str, place: Path) -> Path:
    page.goto(f"/requests/{reference}/")
    made = page.locator("#letter-state")
    expect(made).to_contain_text("Download the letter", timeout=120_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the letter").click()
    letter = place / "letter.pdf"
    download.value.save_as(letter)
    return letter


def register(page: Page, reference: str, letter: Path) -> str:
    """Dakar registers what came; returns its own reference."""
    page.goto("/requests/register/")
    page.select_option("#requesting_state", "BEL")
    page.fill("[name=title]", "Audition d'un témoin et relevés bancaires")
    page.fill("[name=foreign_reference]", reference)
    page.select_option("#channel", "diplomatic")
    page.set_input_files("#scan", letter)
    page.locator("#register details").evaluate_all("all => all.forEach(d => { d.open = true })")
    for kind in MEASURES:
        page.check(f"#m-{kind}")
    page.check("#o-torture")
    with page.expect_navigation():
        page.locator("#register button.button--primary").click()
    return page.url.split("/requests/")[1].split("/")[0]


def judge(page: Page, reference: str) -> None:
    """The triage: the basis that the request names; no ground of refusal applies."""
    move(page, reference, "begin_triage")
    page.goto(f"/requests/{reference}/triage/")
    page.select_option("#basis", "CAT")
    with page.expect_navigation():
        page.locator("button[value=choose-basis]").click()
    for answer in page.locator("#grounds input[type=radio][value=no]").all():
        answer.check()
    save = page.locator("button[value=grounds]")
    if save.count():
        with page.expect_navigation():
            save.click()
    move(page, reference, "accept")


def transmit(page: Page, reference: str) -> None:
    page.goto(f"/requests/{reference}/execution/")
    page.locator("#inventory > details").last.evaluate("details => { details.open = true }")
    page.fill("#description", "Procès-verbal d'audition, 12 pages")
    page.fill("#use_limitation", "Only for these proceedings.")
    with page.expect_navigation():
        page.locator("button[value=add-item]").click()
    page.select_option("#channel", "diplomatic")
    with page.expect_navigation():
        page.locator("button[value=transmit]").click()
    expect(page.locator("#transmissions ul.rows li")).to_have_count(1)


def test_a_request_goes_its_whole_way_between_two_authorities(visit: Visit, tmp_path: Path):
    ours, approver, theirs = (visit.as_(who) for who in (DRAFTER, APPROVER, THEIR_OFFICER))
    reference = start(ours, MEASURES)
    fill_in(ours)
    move(ours, reference, "submit")
    move(approver, reference, "approve")
    letter = letter_of(ours, reference, tmp_path)
    proof = tmp_path / "note.txt"
    proof.write_text("Handed over with a note verbale.")
    move(ours, reference, "send", channel="diplomatic", proof=str(proof))
    expect(ours.locator("#deadlines")).to_contain_text("Acknowledgement expected")

    # Dakar takes it in under a number of its own and acknowledges.
    there = register(theirs, reference, letter)
    assert there.startswith("SN-CA-MLA-R-")
    move(theirs, there, "acknowledge")
    move(ours, reference, "acknowledge", foreign_reference=there)
    expect(ours.locator("main")).to_contain_text(there)

    # It is judged, assigned, and a question is asked and answered.
    judge(theirs, there)
    for place in range(len(MEASURES)):
        of_measure(theirs, there, place, "assign", executing_authority_text=POLICE)
    move(theirs, there, "begin_execution")
    move(ours, reference, "record_execution_begun")
    move(theirs, there, "ask_information", question=QUESTION)
    move(ours, reference, "record_question", question=QUESTION)
    move(ours, reference, "record_our_answer", answer="Those of the annex.")
    move(theirs, there, "record_information", answer="Those of the annex.")

    # One measure is executed, one postponed, the results of the first go over.
    until = (timezone.localdate() + timedelta(days=20)).isoformat()
    of_measure(theirs, there, 0, "execute")
    of_measure(theirs, there, 2, "postpone", until=until, reason="The owner is abroad.")
    transmit(theirs, there)
    move(theirs, there, "record_part_execution", note="The statement is taken.")
    move(ours, reference, "record_part_execution", note="The statement came.")
    of_measure(ours, reference, 0, "execute")

    # The rest follows, and both sides close.
    of_measure(theirs, there, 1, "execute")
    of_measure(theirs, there, 2, "execute")
    move(theirs, there, "record_execution")
    move(theirs, there, "close")
    move(ours, reference, "record_execution")
    move(ours, reference, "close")
    for page, own, other in ((ours, reference, there), (theirs, there, reference)):
        page.goto(f"/requests/{own}/")
        expect(page.locator("#timeline")).to_contain_text(other)
        assert page.locator("[id^=move-]").evaluate_all("m => m.map(d => d.id)") == ["move-reopen"]

    visit.expected = ("404",)
    assert ours.goto(f"/requests/{there}/").status == 404
    assert theirs.goto(f"/requests/{reference}/").status == 404
