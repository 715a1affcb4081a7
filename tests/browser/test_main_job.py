"""The main job in a real browser: from signing in to a signed letter and a running clock."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Product, Visit, sign_in

pytestmark = pytest.mark.browser

DRAFTER, APPROVER = "amina.desmet@example.org", "luc.peeters@example.org"
TEXTS = {
    "#title": "Statement of a witness in the Ndande matter",
    "#conducting_authority": "Office of the Federal Prosecutor, Brussels",
    "#contact": "War crimes section, Brussels",
    "#subject_and_nature": "Criminal investigation at the stage of inquiry.",
    "#facts": "Between 3 and 9 May 2024 an armed group attacked two villages.",
    "#purpose": "To establish who gave the order.",
}


def start(
    page: Page, measures: tuple[str, ...] = ("taking_evidence", "bank_financial_records")
) -> str:
    """Start a request to Senegal; returns its reference."""
    page.goto("/requests/new/")
    page.select_option("#requested_state", "SEN")
    for kind in measures:
        page.check(f"#m-{kind}")
    page.check("#o-torture")
    expect(page.locator("#basis-answer")).to_contain_text("Convention against Torture")
    expect(page.locator("#b-CAT")).to_be_checked()
    page.get_by_role("button", name="Start the request").click()
    page.wait_for_url("**/edit/")
    return page.url.split("/requests/")[1].split("/")[0]


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("Saved at")


def fill_in(page: Page) -> None:
    for field, text in TEXTS.items():
        page.fill(field, text)
    for field in page.locator("textarea[name^='measure-']").all():
        field.fill("As described.")
    page.fill("[data-autosave][name$='-provision']", "Article 417ter, Criminal Code")
    page.fill(
        "[data-autosave][name$='-legal_text']", "Whoever subjects a person to torture is punished."
    )
    expect(page.locator("#checklist")).to_contain_text("Everything required is there")
    saved(page)


def test_from_signing_in_to_a_letter_and_a_running_clock(
    visit: Visit, product: Product, tmp_path: Path
):
    drafter = visit.as_(DRAFTER)
    reference = start(drafter)
    expect(drafter.locator("#checklist")).to_contain_text("Missing")
    fill_in(drafter)
    drafter.get_by_role("button", name="Save and continue").click()
    drafter.wait_for_url(f"**/requests/{reference}/")
    drafter.get_by_role("button", name="Submit for approval").click()
    expect(drafter.locator("main")).to_contain_text("Awaiting approval")
    expect(drafter.get_by_role("button", name="Approve")).to_have_count(0)

    approver = visit.as_(APPROVER)
    expect(approver.locator("main")).to_contain_text(reference)
    approver.goto(f"/requests/{reference}/")
    approver.get_by_role("button", name="Approve").click()
    expect(approver.locator("#letter-state")).to_contain_text("Download the letter")

    with approver.expect_download() as download:
        approver.get_by_role("link", name="Download the letter").click()
    letter = Path(download.value.path()).read_bytes()
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(letter)).pages)
    assert letter.startswith(b"%PDF-")
    assert reference in text

    approver.goto(f"/requests/{reference}/")
    proof = tmp_path / "receipt.txt"
    proof.write_text("Handed to the courier.")
    approver.select_option("#channel", "post")
    approver.set_input_files("#proof", proof)
    approver.fill("#tracking_number", "RR 123 456")
    approver.get_by_role("button", name="Mark as sent").click()
    expect(approver.locator("#deadlines")).to_contain_text("Acknowledgement expected")
    expect(approver.locator("#timeline")).to_contain_text("tracking number RR 123 456")

    drafter.goto("/deadlines/")
    expect(drafter.locator("main")).to_contain_text(reference)
    drafter.goto(f"/requests/?q={reference[-5:]}&status=sent")
    expect(drafter.locator("#rows")).to_contain_text(reference)

    # A deadline of today, set a fortnight ago by the product's own function: reminders are due.
    product.manage(
        "shell",
        "-c",
        "from registry.models import *; from registry.deadlines import set_by_hand;"
        "from django.utils import timezone; from datetime import timedelta;"
        "now = timezone.now() - timedelta(days=14);"
        f"d = Dossier.objects.get(reference='{reference}');"
        "set_by_hand(d, label='Answer the court', due_on=timezone.localdate(),"
        f" user=User.objects.get(email='{DRAFTER}'), now=now)",
    )
    drafter.goto("/demo/mail/")
    for _attempt in range(40):
        if drafter.get_by_text(reference).count():
            break
        drafter.wait_for_timeout(1000)
        drafter.reload()
    expect(drafter.locator("main")).to_contain_text(reference)


def test_what_was_typed_survives_the_end_of_the_session(visit: Visit):
    visit.expected = ("401",)
    page = visit.as_(DRAFTER)
    reference = start(page)
    page.fill("#facts", "This is saved.")
    saved(page)
    page.context.clear_cookies(name="sessionid")
    page.fill("#facts", "This was typed after the session had ended.")
    expect(page.locator("#session-notice")).to_contain_text("Your session has ended")
    page.get_by_role("link", name="Sign in").last.click()
    sign_in(page, DRAFTER)
    page.goto(f"/requests/{reference}/edit/")
    page.get_by_role("button", name="Restore it").click()
    saved(page)
    page.reload()
    expect(page.locator("#facts")).to_have_value("This was typed after the session had ended.")


def test_a_wrong_date_costs_no_other_text(visit: Visit):
    page = visit.as_(DRAFTER)
    start(page)
    page.fill("#answer_wanted_by", "2001-01-01")
    page.fill("#purpose", "Kept all the same.")
    expect(page.locator("[data-errors-for=answer_wanted_by]")).to_contain_text("passed")
    expect(page.locator("#saved")).to_contain_text("corrections needed")
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator("#purpose")).to_have_value("Kept all the same.")


def test_without_scripting_the_draft_is_saved_by_its_button(visit: Visit):
    page = visit.as_(DRAFTER, java_script_enabled=False)
    page.goto("/requests/new/")
    page.select_option("#requested_state", "SEN")
    page.check("#m-taking_evidence")
    page.check("#o-torture")
    page.get_by_role("button", name="Start the request").click()
    page.fill("#facts", "Typed without scripting.")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("#facts")).to_have_value("Typed without scripting.")
    expect(page.locator("main")).to_contain_text("Saved.")


def test_the_slash_key_goes_to_the_search(visit: Visit):
    page = visit.as_(DRAFTER)
    page.goto("/requests/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def speak(page: Page, language: str) -> None:
    """Choose the language of the pages, and wait until the page has come in it."""
    page.select_option("#language-choice", language)
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_scrolls_sideways_on_a_phone(visit: Visit, language: str):
    page = visit.as_(DRAFTER, viewport={"width": 360, "height": 740})
    if language != "en":
        speak(page, language)
    direction = page.evaluate("document.documentElement.dir")
    wide = {}
    for address in ("/", "/requests/", "/requests/new/", "/requests/BE-CA-MLA-2026-00001/",
                    "/requests/BE-CA-MLA-2026-00017/edit/", "/deadlines/", "/account/", "/states/BEL/",
                    "/instruments/", "/legal-basis/?requesting=BEL&requested=SEN", "/verify/"):  # fmt: skip
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[address] = width
    if language != "en":
        page.goto("/")
        speak(page, "en")
    assert direction == ("rtl" if language == "ar" else "ltr")
    assert wide == {}
