"""Depositaries' tables: read in the forms in which they come, compared, applied, undone."""

from __future__ import annotations

import contextlib
import io
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from registry.models import Role
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import UserFactory
from treaties.depositary_tables import cells, columns, importing, reading
from treaties.depositary_tables.comparing import plan
from treaties.depositary_tables.names import Names
from treaties.models import Instrument, Participation, RegisterChange
from treaties.register_editing import editing

UN_TABLE = """
<html><body><table><tr><td>menu</td></tr></table>
<table id="participants">
<tr><th>Participant</th><th>Signature</th>
<th>Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)</th></tr>
<tr><td>Belgium <sup>2</sup></td><td>12 Dec 2000</td><td>11 Aug 2004</td></tr>
<tr><td>South Sudan</td><td></td><td>20 Feb 2023 a</td></tr>
<tr><td>T&#252;rkiye</td><td>13 Dec 2000</td><td>25 Mar 2003</td></tr>
<tr><td>Netherlands (Kingdom of the) <sup>3, 4</sup></td><td>12 Dec 2000</td><td>26 May 2004 A</td></tr>
<tr><td>Atlantis</td><td></td><td>1 Jan 2020 a</td></tr>
<tr><td>Bolivia (Plurinational State of)</td><td>12 Dec 2000</td><td>10 Oct 2005 [1]</td></tr>
<tr><td>Japan</td><td>12 Dec 2000</td><td>some day</td></tr>
</table></body></html>
"""
EUROPE = (
    "Country;Signature;Ratification;Entry into Force;Notes\n"
    "Belgium;13/12/1957;29/08/1997;27/11/1997;R.\n"
    "Côte d’Ivoire;;01/02/2020 a;01/05/2020;\n"
)


@pytest.fixture
def editor(office):
    return UserFactory(name="Ada Editor", works_in=office, role=Role.ADMINISTRATOR)


@pytest.fixture
def untoc(register):
    return Instrument.objects.get(pk="UNTOC")


def kept_of(instrument, editor, now, content=UN_TABLE, name="table.html"):
    return importing.look_at(
        instrument,
        content=content if isinstance(content, bytes) else content.encode(),
        file_name=name,
        source="treaties.example.org, XVIII-12",
        as_of=date(2026, 3, 1),
        user=editor,
        now=now,
    )


def line_of(found, participant, action=""):
    return next(
        line
        for line in found.lines
        if line.participant.startswith(participant) and (not action or line.action == action)
    )


# --- cells --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day", "mark"),
    [
        ("25 Sep 2003", date(2003, 9, 25), ""),
        ("25 September 2003 a", date(2003, 9, 25), "accession"),
        ("25 Sep 2003 A", date(2003, 9, 25), "acceptance"),
        ("25 Sep 2003 AA 3", date(2003, 9, 25), "approval"),
        ("25 Sep 2003 (d)", date(2003, 9, 25), "succession"),
        ("1er août 1999", date(1999, 8, 1), ""),
        ("12 fév. 1999", date(1999, 2, 12), ""),
        ("25/09/2003", date(2003, 9, 25), ""),
        ("25-09-2003", date(2003, 9, 25), ""),
        ("25.9.2003", date(2003, 9, 25), ""),
        ("2003-09-25 00:00:00", date(2003, 9, 25), ""),
        ("September 25, 2003", date(2003, 9, 25), ""),
        ("37889", date(2003, 9, 25), ""),
        ("25 Sep 2003 s", date(2003, 9, 25), "signature"),
        ("25 Sep 2003 [1]", date(2003, 9, 25), ""),
        ("25 Sep 2003 2, 4", date(2003, 9, 25), ""),
        ("", None, ""),
        ("–", None, ""),
    ],
)
def test_a_cell_tells_its_day_and_its_act(text, day, mark):
    assert cells.read(text) == cells.Cell(day, mark)


@pytest.mark.parametrize("text", ["some day", "31 Feb 2003", "25 Sep 2003 perhaps", "13/13/2003"])
def test_what_is_not_a_day_is_said_to_be_unreadable(text):
    assert not cells.read(text).readable


@given(st.dates(min_value=date(1864, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_is_read_the_same_however_it_is_written(day):
    for pattern in ("%d %b %Y", "%d %B %Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"):
        assert cells.read(day.strftime(pattern)).day == day


# --- names --------------------------------------------------------------------------------


@pytest.fixture
def names(register):
    return Names.known()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Bolivia (Plurinational State of)", "BOL"),
        ("Côte d’Ivoire", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("Ivory Coast", "CIV"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("Netherlands (Kingdom of the)", "NLD"),
        ("the Netherlands", "NLD"),
        ("Pays-Bas", "NLD"),
        ("Viet Nam", "VNM"),
        ("Republic of Korea", "KOR"),
        ("Korea, Republic of", "KOR"),
        ("Democratic People's Republic of Korea", "PRK"),
        ("United Kingdom of Great Britain and Northern Ireland 2, 3", "GBR"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("The former Yugoslav Republic of Macedonia", "MKD"),
        ("Czech Republic", "CZE"),
        ("Germany [1]", "DEU"),
        ("Belgique", "BEL"),
        ("Eswatini", "SWZ"),
        ("Swaziland", "SWZ"),
        ("CHINA*", "CHN"),
    ],
)
def test_a_name_is_known_in_its_usual_variants(written, code, names):
    assert names.match(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Equatorial Guinea", "GNQ"),
        ("Papua New Guinea", "PNG"),
        ("Congo", "COG"),
        ("Democratic Republic of the Congo", "COD"),
        ("Dominica", "DMA"),
        ("Dominican Republic", "DOM"),
        ("Ireland", "IRL"),
        ("Sudan", "SDN"),
        ("South Sudan", "SSD"),
        ("Samoa", "WSM"),
        ("American Samoa", "ASM"),
        ("Northern Ireland", ""),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_a_name_is_never_taken_for_one_that_looks_like_it(written, code, names):
    known = code if code in names.shown else ""
    assert names.match(written) == known


@given(st.text(max_size=30))
def test_any_text_matches_at_most_by_a_whole_name(text):
    known = Names({"niger": "NER", "nigeria": "NGA"}, {})
    found = known.match(text)
    assert found in ("", "NER", "NGA")
    if found:
        assert "niger" in text.casefold()


def test_an_unknown_name_is_answered_with_the_nearest(names):
    assert names.nearest("Belgiem")[0] == ("BEL", "Belgium")


# --- forms --------------------------------------------------------------------------------


def test_headings_of_two_lines_and_a_title_above_are_understood():
    table = [
        ["Status as at 01/03/2026", "", "", ""],
        ["", "", "", ""],
        ["", "Act", "", ""],
        ["Country", "Signature", "Ratification", "Entry into force"],
        ["Belgium", "13/12/1957", "29/08/1997", "27/11/1997"],
    ]
    _table, found = columns.find([table])
    assert found.text(table[4], "entry_into_force") == "27/11/1997"
    assert found.text(table[4], "consent") == "29/08/1997"


def test_a_workbook_with_merged_headings_and_real_days_is_read():
    book = Workbook()
    page = book.active
    page.append(["UNTOC", None, None])
    page.merge_cells("A1:C1")
    page.append(["State", "Signature", "Accession"])
    page.append(["South Sudan", None, datetime(2023, 2, 20)])  # noqa: DTZ001 - as a workbook holds it
    made = io.BytesIO()
    book.save(made)
    table, found = columns.find(reading.rows_of(made.getvalue(), "x.xlsx"))
    assert found.text(table[2], "accession") == "2023-02-20"


def test_a_table_in_the_windows_alphabet_is_read():
    rows = reading.rows_of("Country;Signature\nCôte d’Ivoire;01/02/2020\n".encode("cp1252"))
    assert rows[0][1] == ["Côte d’Ivoire", "01/02/2020"]


def test_cells_over_several_rows_stand_in_each():
    html = (
        "<table><tr><th rowspan=2>State</th><th colspan=2>Dates</th></tr>"
        "<tr><th>Signature</th><th>Ratification</th></tr><tr><td>Belgium<td>1 Jan 2000<td></table>"
    )
    table, found = columns.find(reading.rows_of(html.encode()))
    assert found.text(table[2], "signature") == "1 Jan 2000"


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"PK\x03\x04rubbish", b"a;b\n1;2\n", b"\x00" * 50]
)
def test_a_file_without_a_table_is_refused_by_field(content):
    with pytest.raises(Invalid) as refused:
        columns.find(reading.rows_of(content, "x"))
    assert "file" in refused.value.fields


@given(st.binary(max_size=400))
def test_whatever_is_sent_is_read_or_refused(content):
    with contextlib.suppress(Invalid):
        columns.find(reading.rows_of(content, "x"))


# --- comparing ----------------------------------------------------------------------------


def test_a_status_table_of_the_united_nations_is_compared(untoc, editor, now):
    found = importing.plan_of(kept_of(untoc, editor, now))
    assert line_of(found, "Belgium", "ratification").kind == "same"
    bhutan = line_of(found, "South Sudan")
    assert (bhutan.kind, bhutan.action, bhutan.state) == ("add", "accession", "SSD")
    assert line_of(found, "Netherlands", "acceptance").state == "NLD"
    atlantis = line_of(found, "Atlantis")
    assert (atlantis.kind, atlantis.column) == ("unmatched", "Participant")
    japan = next(line for line in found.lines if line.kind == "unreadable")
    assert (japan.participant, japan.text) == ("Japan", "some day")
    assert found.rows == 7


def test_entry_into_force_follows_the_instruments_rule_where_the_table_is_silent(
    untoc, editor, now
):
    bhutan = line_of(importing.plan_of(kept_of(untoc, editor, now)), "South Sudan")
    assert bhutan.entry == date(2023, 2, 20) + timedelta(days=30)


def test_a_table_of_the_council_of_europe_is_compared(register):
    found = plan(Instrument.objects.get(pk="ETS24"), EUROPE.encode(), "x.csv")
    assert line_of(found, "Belgium", "ratification").kind == "same"
    ivory = line_of(found, "Côte")
    assert (ivory.kind, ivory.action, ivory.entry) == ("add", "accession", date(2020, 5, 1))


def test_a_dutch_table_with_kinds_and_denunciations_is_compared(register):
    dutch = (
        "Partij\tOndertekening\tRatificatie\tSoort\tIn werking\tOpzegging\tBuiten werking\n"
        "België\t13-12-1957\t29-08-1997\tR\t27-11-1997\t\t\n"
        "Duitsland\t\t01-01-2020\tT\t31-03-2020\t01-01-2021\t01-07-2021\n"
    )
    found = plan(Instrument.objects.get(pk="ETS24"), dutch.encode(), "x.tsv")
    assert line_of(found, "België", "ratification").kind == "same"
    assert line_of(found, "Duitsland", "accession").day == date(2020, 1, 1)
    gone = line_of(found, "Duitsland", "withdrawal")
    assert (gone.day, gone.entry) == (date(2021, 1, 1), date(2021, 7, 1))


def test_what_the_register_holds_and_the_table_does_not_is_reported_not_removed(untoc, editor, now):
    kept = kept_of(untoc, editor, now)
    before = Participation.objects.filter(instrument=untoc).count()
    absent = importing.plan_of(kept).of("absent")
    assert any(line.state == "SEN" for line in absent)
    importing.apply(kept, user=editor, now=now)
    assert Participation.objects.filter(instrument=untoc).count() >= before


# --- applying -----------------------------------------------------------------------------


def test_what_is_applied_is_in_the_history_and_the_second_look_finds_nothing(untoc, editor, now):
    kept = kept_of(untoc, editor, now)
    done = importing.apply(kept, user=editor, now=now)
    assert done["added"] >= 1
    act = Participation.objects.get(instrument=untoc, state="SSD")
    assert (act.source, act.as_of) == ("treaties.example.org, XVIII-12", "2026-03-01")
    assert act.entry_computed
    assert RegisterChange.objects.filter(batch=kept.batch).count() == sum(done.values())
    again = importing.plan_of(kept_of(untoc, editor, now))
    assert again.counts["add"] + again.counts["change"] == 0


def test_looking_writes_nothing(untoc, editor, now):
    before = list(Participation.objects.order_by("pk").values())
    kept_of(untoc, editor, now)
    assert list(Participation.objects.order_by("pk").values()) == before


def test_a_correction_of_the_office_is_kept_unless_it_is_chosen_with_a_reason(untoc, editor, now):
    act = Participation.objects.get(instrument=untoc, state="BEL", action="ratification")
    editing.change(
        "participation", str(act.pk), {"date": "2004-08-12", "source": "Us."},
        reason="We know better.", seen=0, user=editor, now=now,
    )  # fmt: skip
    kept = kept_of(untoc, editor, now)
    line = line_of(importing.plan_of(kept), "Belgium", "ratification")
    assert line.kind == "kept"
    with pytest.raises(Invalid):
        importing.apply(kept, chosen=[line.key], user=editor, now=now)
    importing.apply(kept, user=editor, now=now)
    act.refresh_from_db()
    assert act.date == date(2004, 8, 12)
    other = kept_of(untoc, editor, now)
    importing.apply(other, chosen=[line.key], reason="It was us.", user=editor, now=now)
    act.refresh_from_db()
    assert act.date == date(2004, 8, 11)


def test_what_a_table_brought_may_be_changed_by_the_next_table(untoc, editor, now):
    importing.apply(kept_of(untoc, editor, now), user=editor, now=now)
    later = UN_TABLE.replace("20 Feb 2023 a", "21 Feb 2023 a")
    line = line_of(importing.plan_of(kept_of(untoc, editor, now, later)), "South Sudan")
    assert (line.kind, line.before["date"]) == ("change", "2023-02-20")


def test_an_unknown_name_is_taken_in_once_somebody_says_whom_it_means(untoc, editor, now):
    kept = kept_of(untoc, editor, now)
    importing.name_participants(kept, {"Atlantis": "TUV"}, user=editor)
    assert line_of(importing.plan_of(kept), "Atlantis").state == "TUV"
    with pytest.raises(Invalid):
        importing.name_participants(kept, {"Atlantis": "XXX"}, user=editor)


def test_a_table_is_undone_in_one_piece(untoc, editor, now):
    before = list(Participation.objects.order_by("pk").values())
    kept = kept_of(untoc, editor, now)
    importing.apply(kept, user=editor, now=now)
    importing.undo(kept, user=editor, now=now)
    assert list(Participation.objects.order_by("pk").values()) == before
    with pytest.raises(NotPossibleNow):
        importing.apply(kept, user=editor, now=now)


def test_undoing_leaves_what_was_corrected_since_and_names_it(untoc, editor, now):
    kept = kept_of(untoc, editor, now)
    importing.apply(kept, user=editor, now=now)
    act = Participation.objects.get(instrument=untoc, state="SSD")
    editing.change("participation", str(act.pk), {"note": "x", "source": "y"}, reason="z",
                   seen=None, user=editor, now=now)  # fmt: skip
    _undone, stayed = importing.undo(kept, user=editor, now=now)
    assert len(stayed) == 1
    assert Participation.objects.filter(pk=act.pk).exists()


# --- who may, pages, command --------------------------------------------------------------


def test_only_an_administrator_takes_in_tables(untoc, drafter, signed_in, now):
    with pytest.raises(NotAllowed):
        kept_of(untoc, drafter, now)
    assert signed_in(drafter).get(reverse("imports")).status_code == 404


def test_from_upload_to_applied_on_the_pages(untoc, editor, signed_in):
    client = signed_in(editor)
    file = SimpleUploadedFile("t.html", UN_TABLE.encode())
    went = client.post(
        reverse("imports"), {"instrument": "UNTOC", "file": file, "source": "treaties.example.org"}
    )
    page = client.get(went.url)
    assert b"South Sudan" in page.content
    assert b"row " in page.content
    client.post(went.url, {"act": "name", "participant": ["Atlantis"], "state": ["TUV"]})
    client.post(went.url, {"act": "apply"})
    assert Participation.objects.filter(instrument="UNTOC", state="SSD").exists()
    client.post(went.url, {"act": "undo"})
    assert not Participation.objects.filter(instrument="UNTOC", state="SSD").exists()


def test_a_wrong_file_is_told_on_the_page_with_what_was_typed(untoc, editor, signed_in):
    file = SimpleUploadedFile("t.pdf", b"%PDF-1.7")
    answer = signed_in(editor).post(
        reverse("imports"), {"instrument": "UNTOC", "file": file, "source": "A typed source"}
    )
    assert answer.status_code == 400
    assert b"A typed source" in answer.content


def test_the_command_looks_and_applies(untoc, editor, tmp_path, capsys):
    file = tmp_path / "t.html"
    file.write_text(UN_TABLE, encoding="utf-8")
    call_command("import_depositary_table", "UNTOC", str(file))
    assert "add        row 3: South Sudan, accession 2023-02-20, in force 2023-03-22" in (
        capsys.readouterr().out
    )
    assert not Participation.objects.filter(instrument="UNTOC", state="SSD").exists()
    call_command("import_depositary_table", "UNTOC", str(file), "--apply", f"--as={editor.email}")
    assert Participation.objects.filter(instrument="UNTOC", state="SSD").exists()
