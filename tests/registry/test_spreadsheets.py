"""Tables as CSV and XLSX: what was typed stays text, days stay days."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.utils import translation
from openpyxl import load_workbook

from registry.spreadsheets import Sheet, as_csv, as_xlsx

SHEET = Sheet("Acts", ["Name", "Day", "Number"], [["Bélgica", date(2026, 3, 1), 3]])


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_csv_reads_back_as_it_was_written():
    assert read_csv(as_csv(SHEET)) == [["Name", "Day", "Number"], ["Bélgica", "2026-03-01", "3"]]


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_what_a_spreadsheet_would_calculate_is_written_as_text(typed):
    sheet = Sheet("x", ["Typed"], [[typed]])
    assert read_csv(as_csv(sheet))[1] == [f"'{typed}"]
    cell = load_workbook(io.BytesIO(as_xlsx([sheet])))["x"]["A2"]
    assert (cell.data_type, cell.value) == ("s", typed)


def test_a_workbook_keeps_days_and_numbers_and_the_heading_in_view():
    page = load_workbook(io.BytesIO(as_xlsx([SHEET])))["Acts"]
    assert page["B2"].value.date() == date(2026, 3, 1)
    assert page["C2"].value == 3
    assert page.freeze_panes == "A2"


def test_sheets_of_the_same_long_name_are_told_apart():
    sheets = [Sheet("A name / that is far too long for a sheet", ["x"], [])] * 2
    names = load_workbook(io.BytesIO(as_xlsx(sheets))).sheetnames
    assert len(set(names)) == 2
    assert all(len(name) <= 31 for name in names)


def test_a_workbook_in_arabic_runs_from_the_right():
    with translation.override("ar"):
        content = as_xlsx([SHEET])
    assert load_workbook(io.BytesIO(content))["Acts"].sheet_view.rightToLeft


def test_characters_that_no_workbook_can_hold_are_left_out():
    sheet = Sheet("x", ["Typed"], [["a\x00b\x07c"]])
    assert load_workbook(io.BytesIO(as_xlsx([sheet])))["x"]["A2"].value == "abc"
