"""The calendar of deadlines by keyboard alone, in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

OFFICER = "amina.desmet@example.org"
MARCH = "/deadlines/calendar/?on=2026-03-11"


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.dataset.day || ''")


def test_arrows_go_from_day_to_day_and_beyond_the_month(visit: Visit):
    page = visit.as_(OFFICER)
    page.goto(MARCH)
    page.keyboard.press("ArrowRight")
    assert focused(page) == "2026-03-11"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "2026-03-19"
    page.keyboard.press("Home")
    assert focused(page) == "2026-03-16"
    page.keyboard.press("End")
    assert focused(page) == "2026-03-22"
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.wait_for_url("**on=2026-04-12**")
    expect(page.locator("h1")).to_have_text("April 2026")
    assert focused(page) == "2026-04-12"


def test_pages_lead_through_the_months_and_t_back_to_today(visit: Visit):
    page = visit.as_(OFFICER)
    page.goto(MARCH)
    page.keyboard.press("PageDown")
    page.wait_for_url("**on=2026-04-11**")
    page.keyboard.press("PageUp")
    page.wait_for_url("**on=2026-03-11**")
    page.keyboard.press("t")
    page.wait_for_url(f"**on={datetime.now(tz=UTC).year}-**")
    expect(page.locator("td[aria-current=date]")).to_have_count(1)
    page.keyboard.press("w")
    page.wait_for_url("**view=week**")
    expect(page.locator(".calendar--week td.day")).to_have_count(7)


def test_enter_opens_all_that_ends_on_the_day(visit: Visit):
    page = visit.as_(OFFICER)
    page.goto(MARCH + "#day")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=list**")
    expect(page.locator("h1")).to_have_text("Wednesday 11 March 2026")


def test_keys_typed_into_a_field_are_left_alone(visit: Visit):
    page = visit.as_(OFFICER)
    page.goto(MARCH)
    page.locator("#whose").focus()
    page.keyboard.press("t")
    page.keyboard.press("PageDown")
    assert page.url.endswith(MARCH)


def test_in_arabic_the_left_arrow_leads_on(visit: Visit):
    page = visit.as_(OFFICER)
    page.goto(MARCH + "#day")
    page.select_option("#language-choice", "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.goto(MARCH + "#day")
    page.reload()
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "2026-03-12"
    page.select_option("#language-choice", "en")
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
