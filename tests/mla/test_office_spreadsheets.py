"""Offices' spreadsheets: read in any script, checked row by row, written once, undone in one piece."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from mla import matters, statistics
from mla.matters import Filters
from mla.models import AssistanceRequest, SpreadsheetImport, SpreadsheetRow
from mla.office_spreadsheets import examples, fields, importing, showing, working
from registry import naming, timeline
from registry.models import Deadline, Dossier
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import (
    InstrumentFactory,
    MeasureKindFactory,
    StateFactory,
)

ENGLISH = (
    "Our reference,Their reference,Country,Subject,Status,Date sent,Closed,Persons,Remarks\n"
    "MLA/2019/7,X-1,Senegal,Witness,closed,25/03/2019,30/09/2019,Anna Berg,keep an eye on this\n"
    "MLA/2019/8,,Slovenia,Bank records,sent,2/4/2019,,,\n"
)
FRENCH = (
    "Notre référence;Pays;Objet;Statut;Date d'envoi;Personnes\n"
    "BE-77;Sénégal;Audition;envoyée;5 mars 2019;Éloïse N’Diaye; \n"
)
RUSSIAN = (
    "Наш номер;Страна;Тема;Статус;Дата отправки;Лица\n"
    "Ж-12;Сенегал;Допрос свидетеля;исполнено;5 марта 2019 г.;Иван Петров\n"
)
ARABIC = (
    "رقم الملف;الدولة;الموضوع;الحالة;تاريخ الإرسال;الأشخاص\n"
    "م-٧;السنغال;سماع شاهد;مرسلة;٥ مارس ٢٠١٩;محمد علي\n"
)
CHINESE = "编号,国家,事由,状态,发送日期,当事人\n甲-3,塞内加尔,证人,已发送,2019年3月5日,王小明\n"


@pytest.fixture
def states(belgium, senegal):
    return [belgium, senegal, StateFactory(code="SVN"), StateFactory(code="NLD")]


@pytest.fixture
def take_in(office, states, drafter, now):
    """``take_in(text)`` takes in a spreadsheet of requests and lets the sweep check it."""

    def taking(text, kind="requests", user=None, name="register.csv"):
        taken_in = importing.take_in(
            owner=office,
            kind=kind,
            content=text if isinstance(text, bytes) else text.encode(),
            file_name=name,
            user=user or drafter,
            now=now,
        )
        working.work_on_waiting()
        taken_in.refresh_from_db()
        return taken_in

    return taking


@pytest.fixture
def applied(take_in, drafter, now):
    def applying(text, kind="requests", **how):
        taken_in = take_in(text, kind)
        importing.apply(taken_in, user=drafter, now=now, **how)
        working.work_on_waiting()
        taken_in.refresh_from_db()
        return taken_in

    return applying


def problems_of(taken_in):
    return [
        (line.number, each["code"], each["field"])
        for line in taken_in.lines.all()
        for each in line.problems
    ]


# --- reading and checking -----------------------------------------------------------------


def test_columns_are_recognised_and_nothing_is_written_by_looking(take_in):
    taken_in = take_in(ENGLISH)

    assert taken_in.stage == "checked"
    assert list(taken_in.mapping.values()) == [
        "own_reference", "foreign_reference", "state", "title", "status", "sent_on", "closed_on",
        "persons", "note",
    ]  # fmt: skip
    assert importing.counts_of(taken_in)["ready"] == 2
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        (FRENCH, "Éloïse N’Diaye", "sent"),
        (RUSSIAN, "Иван Петров", "executed"),
        (ARABIC, "محمد علي", "sent"),
        (CHINESE, "王小明", "sent"),
    ],
)
def test_a_spreadsheet_in_another_script_becomes_requests_found_by_name(
    applied, drafter, text, name, status
):
    assert applied(text).stage == "applied"

    request = AssistanceRequest.objects.get()
    assert request.requested_state_id == "SEN"
    assert request.dossier.status == status
    assert request.sent_at == datetime(2019, 3, 4, 23, tzinfo=UTC)  # midnight in Brussels
    assert matters.page_of_requests(drafter, Filters(q=name)).rows


def test_an_xlsx_with_days_and_numbers_is_read(take_in):
    book = Workbook()
    book.active.append(["List of requests"])
    book.active.append([])
    book.active.append(["File no", "Country", "Sent on"])
    book.active.append([1234, "Senegal", datetime(2019, 3, 5)])  # noqa: DTZ001
    made = io.BytesIO()
    book.save(made)

    taken_in = take_in(made.getvalue(), name="register.xlsx")

    line = taken_in.lines.get()
    assert (line.number, line.state, line.cells) == (4, "ready", ["1234", "Senegal", "2019-03-05"])


def test_utf16_and_windows_files_are_read(take_in):
    assert take_in(FRENCH.encode("utf-16")).lines.get().state == "ready"
    assert take_in(FRENCH.encode("cp1252")).lines.get().cells[1] == "Sénégal"


def test_a_column_proves_the_order_of_its_figures(take_in):
    taken_in = take_in("Ref,Country,Sent on\nA,Senegal,25/03/2019\nB,Senegal,04/03/2019\n")

    assert importing.counts_of(taken_in)["ready"] == 2


def test_a_day_that_may_be_two_is_asked_and_the_answer_is_kept(take_in, drafter, now):
    taken_in = take_in("Ref,Country,Sent on\nB,Senegal,04/03/2019\n")
    assert problems_of(taken_in) == [(2, "day_ambiguous", "sent_on")]
    assert showing.days_are_ambiguous(taken_in)

    importing.answer(taken_in, {"day_order": "mdy"}, user=drafter, now=now)
    working.work_on_waiting()

    assert taken_in.lines.get().state == "ready"
    again = take_in("Ref,Country,Sent on\nC,Senegal,05/03/2019\n")
    assert again.choices["day_order"] == "mdy"
    assert again.lines.get().state == "ready"


def test_what_is_wrong_is_told_by_row_and_column_with_the_nearest(take_in):
    taken_in = take_in(
        "Ref,Country,Status,Sent on,Closed on\n"
        "A,Senegall,sent,2019-03-05,\n"
        "B,Senegal,lost,2019-03-05,\n"
        "C,Senegal,sent,sometime,\n"
        "D,Senegal,closed,2019-03-05,\n"
        "E,Senegal,closed,2019-03-05,2018-01-01\n"
        "F,Belgium,sent,2019-03-05,\n"
        "G,,sent,2019-03-05,\n"
        "H,Senegal,sent,2999-01-01,\n"
        "I,Senegal,sent,,\n"
    )

    assert problems_of(taken_in) == [
        (2, "state_unknown", "state"),
        (3, "status_unknown", "status"),
        (4, "day_unreadable", "sent_on"),
        (5, "end_day_missing", "closed_on"),
        (6, "days_in_disorder", "closed_on"),
        (7, "state_own", "state"),
        (8, "needed", "state"),
        (9, "day_to_come", "sent_on"),
        (10, "sent_day_missing", "sent_on"),
    ]
    line = showing.lines_of(taken_in, "wrong")[0][0]
    assert line["problems"][0]["column"] == "Country"
    assert line["problems"][0]["nearest"] == [{"value": "SEN", "label": "Senegal"}]
    assert "Choose which is meant" in line["problems"][0]["why"]


def test_an_answer_mends_all_rows_with_the_same_value(take_in, drafter, now):
    taken_in = take_in("Ref,Country\nA,Senegall\nB,Senegall\n")
    assert showing.questions_of(taken_in)[0].rows == 2

    importing.answer(taken_in, {"state": {"Senegall": "SEN"}}, user=drafter, now=now)
    working.work_on_waiting()

    assert importing.counts_of(taken_in)["ready"] == 2


def test_an_answer_that_was_not_offered_is_refused(take_in, drafter, now):
    taken_in = take_in("Ref,Country\nA,Senegall\n")

    with pytest.raises(Invalid) as refused:
        importing.answer(taken_in, {"state": {"Senegall": "XXX"}}, user=drafter, now=now)

    assert "state" in refused.value.fields


def test_a_mapping_by_hand_is_remembered_for_the_same_headings(take_in, drafter, now):
    taken_in = take_in("Zzz,Yyy\nA-1,Senegal\n")
    assert taken_in.stage == "mapping"

    importing.map_columns(taken_in, {"0": "own_reference", "1": "state"}, user=drafter, now=now)
    working.work_on_waiting()

    assert taken_in.lines.get().state == "ready"
    assert take_in("Zzz,Yyy\nA-2,Senegal\n").stage == "checked"


def test_a_mapping_without_what_is_needed_or_with_a_field_twice_is_refused(take_in, drafter, now):
    taken_in = take_in("Zzz,Yyy\nA-1,Senegal\n")

    for mapping in ({"0": "own_reference"}, {"0": "state", "1": "state"}, {"0": "nothing"}):
        with pytest.raises(Invalid) as refused:
            importing.map_columns(taken_in, mapping, user=drafter, now=now)
        assert "mapping" in refused.value.fields


def test_references_known_already_or_twice_in_the_file_are_flagged(applied, take_in):
    applied(ENGLISH)
    reference = Dossier.objects.order_by("pk")[0].reference

    taken_in = take_in(
        "Ref,Their ref,Country\n"
        f"MLA/2019/7,,Senegal\n{reference},,Senegal\nnew,X-1,Senegal\nnew2,X-1,Slovenia\nnew2,,Senegal\n"
    )

    assert [(line.number, line.state) for line in taken_in.lines.all()] == [
        (2, "duplicate"), (3, "duplicate"), (4, "duplicate"), (5, "ready"), (6, "duplicate"),
    ]  # fmt: skip


def test_a_sealed_request_gives_no_sign_of_itself_as_a_duplicate(
    applied, take_in, approver, colleague, now
):
    applied(ENGLISH)
    dossier = Dossier.objects.get(former_reference="MLA/2019/7")
    naming.seal(dossier, user=approver, now=now)

    taken_in = take_in("Ref,Country\nMLA/2019/7,Senegal\n", user=colleague)

    assert taken_in.lines.get().state == "ready"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00\x01\x02", b"one line of headings"])
def test_what_is_no_table_is_refused(take_in, content):
    with pytest.raises(Invalid) as refused:
        take_in(content)
    assert "file" in refused.value.fields


# --- applying -----------------------------------------------------------------------------


def test_imported_requests_are_ordinary_dossiers_with_their_history(applied, drafter):
    taken_in = applied(ENGLISH)

    dossier = Dossier.objects.get(former_reference="MLA/2019/7")
    assert dossier.reference.startswith("BE-CA-MLA-")
    assert (dossier.foreign_reference, dossier.status, dossier.is_open) == ("X-1", "closed", False)
    assert [entry.event for entry in dossier.timeline.order_by("sequence")] == [
        "mla.sent", "mla.closed", "dossier.opened", "mla.imported",
    ]  # fmt: skip
    assert dossier.timeline.get(event="mla.imported").data["notes"] == [
        "Remarks: keep an eye on this"
    ]
    assert list(timeline.breaks(dossier)) == []
    assert dossier.request.other_information == ""  # a note never gets into a letter
    for words in ("MLA/2019/7", "X-1", "anna berg"):
        assert matters.page_of_requests(drafter, Filters(q=words)).rows
    assert importing.counts_of(taken_in)["written"] == 2


def test_the_figures_of_imported_years_balance(applied, office, drafter):
    applied(ENGLISH)

    figures = statistics.of_period(office, date(2019, 1, 1), date(2019, 12, 31), drafter)

    assert figures.balanced
    assert (figures.count("new"), figures.count("ended"), figures.count("open")) == (2, 1, 1)


def test_measures_instrument_officer_and_seal_are_taken_in(applied, colleague, auditor):
    InstrumentFactory(code="UNTOC", short_title="Palermo Convention")
    MeasureKindFactory(code="bank_records", label="Bank records")
    applied(
        "Ref,Country,Legal basis,Measures,Officer,Sealed,Urgent\n"
        f"A,SEN,palermo convention,bank records,{colleague.name},yes,\n"
    )

    request = AssistanceRequest.objects.get()
    assert request.basis_id == "UNTOC"
    assert [m.kind_id for m in request.measures.all()] == ["bank_records"]
    assert request.dossier.responsible == colleague
    assert not Dossier.objects.visible_to(auditor).exists()
    assert Dossier.objects.visible_to(colleague).exists()


def test_an_unknown_measure_may_stay_as_a_note(take_in, drafter, now):
    taken_in = take_in("Ref,Country,Measures\nA,SEN,something odd\n")
    importing.answer(taken_in, {"measures": {"something odd": "-"}}, user=drafter, now=now)
    working.work_on_waiting()
    importing.apply(taken_in, user=drafter, now=now)
    working.work_on_waiting()

    entry = Dossier.objects.get().timeline.get(event="mla.imported")
    assert entry.data["notes"] == ["Measures: something odd"]


def test_wrong_rows_are_left_out_only_when_that_is_said(take_in, drafter, now):
    taken_in = take_in("Ref,Country\nA,Senegal\nB,Nowhere at all\n")
    with pytest.raises(Invalid):
        importing.apply(taken_in, user=drafter, now=now)

    importing.apply(taken_in, user=drafter, now=now, without_the_wrong=True)
    working.work_on_waiting()

    assert importing.counts_of(taken_in)["written"] == 1
    assert importing.counts_of(taken_in)["wrong"] == 1


def test_applying_twice_is_refused(applied, drafter, now):
    taken_in = applied(ENGLISH)
    with pytest.raises(NotPossibleNow):
        importing.apply(taken_in, user=drafter, now=now)


def test_a_worker_that_died_leaves_the_rest_to_the_next_and_nothing_twice(
    take_in, drafter, now, monkeypatch
):
    monkeypatch.setattr(working, "BATCH", 3)
    rows = "".join(f"R{n},Senegal\n" for n in range(10))
    taken_in = take_in(f"Ref,Country\n{rows}")
    importing.apply(taken_in, user=drafter, now=now)
    claimed = timedelta(minutes=2)
    real, written = working._save, []

    def dies_in_the_third_batch(lines, *columns):
        written.append(lines)
        if len(written) == 3:
            raise SystemExit
        real(lines, *columns)

    monkeypatch.setattr(working, "_save", dies_in_the_third_batch)
    with pytest.raises(SystemExit):
        working.work_on_waiting()
    monkeypatch.setattr(working, "_save", real)
    assert importing.counts_of(taken_in)["written"] == Dossier.objects.count() == 6
    assert working.work_on_waiting() == 0  # the dead worker's claim still holds

    SpreadsheetImport.objects.update(claimed_until=now - claimed)
    working.work_on_waiting()

    assert importing.counts_of(taken_in)["written"] == 10
    assert Dossier.objects.filter(former_reference__startswith="R").count() == 10


# --- persons and deadlines ----------------------------------------------------------------


def test_persons_are_added_by_any_reference_and_the_protected_stay_protected(applied, drafter):
    applied(ENGLISH)

    taken_in = applied(
        "Ref,Family name,First name,Role,Date of birth,Nationality,Protected alias\n"
        "MLA/2019/7,Weber,Karl,témoin,1975,Dutch,Witness A\n"
        "X-1,Петров,Иван,подозреваемый,5 марта 1980,Сенегал,\n",
        "persons",
        without_the_wrong=True,
    )

    assert importing.counts_of(taken_in)["written"] == 1  # "Dutch" is no State's name
    person = Dossier.objects.get(former_reference="MLA/2019/7").persons.get(role="suspect")
    assert (person.family_name, person.nationalities) == ("Петров", ["SEN"])
    assert (person.birth_year, person.birth_month, person.birth_day) == (1980, 3, 5)
    assert matters.page_of_requests(drafter, Filters(q="петров")).rows


def test_a_protected_person_is_found_by_the_alias_alone(applied, drafter):
    applied(ENGLISH)
    applied("Ref,Name,Protected alias\nMLA/2019/8,Weber,Witness A\n", "persons")

    assert not matters.page_of_requests(drafter, Filters(q="weber")).rows
    assert matters.page_of_requests(drafter, Filters(q="witness a")).rows


def test_deadlines_are_added_and_old_ones_refused(applied, now):
    applied(ENGLISH)
    taken_in = applied(
        "Ref,Task,Due on\nMLA/2019/8,Ask again,2099-05-01\nMLA/2019/8,Too late,2019-05-01\n",
        "deadlines",
        without_the_wrong=True,
    )

    deadline = Deadline.objects.get()
    assert (deadline.label, deadline.dossier.former_reference) == ("Ask again", "MLA/2019/8")
    assert problems_of(taken_in) == [(3, "day_over", "due_on")]


def test_a_request_that_the_person_may_not_see_is_unknown(
    applied, take_in, approver, colleague, now
):
    applied(ENGLISH)
    dossier = Dossier.objects.get(former_reference="MLA/2019/8")
    naming.seal(dossier, user=approver, now=now)

    taken_in = take_in("Ref,Name\nMLA/2019/8,Weber\n", "persons", user=colleague)

    assert problems_of(taken_in) == [(2, "reference_unknown", "own_reference")]


# --- undoing ------------------------------------------------------------------------------


def test_undone_in_one_piece_nobody_sees_anything_of_it(applied, drafter, now):
    taken_in = applied(ENGLISH)
    importing.undo(taken_in, user=drafter, now=now)
    working.work_on_waiting()

    taken_in.refresh_from_db()
    assert taken_in.stage == "undone"
    assert not AssistanceRequest.objects.exists()
    assert not Dossier.objects.visible_to(drafter).exists()
    for jacket in Dossier.objects.all():
        assert (jacket.former_reference, jacket.title, jacket.search_text) == ("", "", "")
        assert list(timeline.breaks(jacket)) == []


def test_the_same_spreadsheet_can_be_taken_in_again_after_undoing(applied, drafter, now):
    importing.undo(applied(ENGLISH), user=drafter, now=now)
    working.work_on_waiting()

    assert importing.counts_of(applied(ENGLISH))["written"] == 2


def test_what_was_changed_since_keeps_all_of_it(applied, approver, drafter, now):
    taken_in = applied(ENGLISH)
    naming.seal(Dossier.objects.order_by("pk")[1], user=approver, now=now)

    with pytest.raises(NotPossibleNow) as refused:
        importing.undo(taken_in, user=drafter, now=now)

    assert refused.value.code == "changed_since"
    assert AssistanceRequest.objects.count() == 2


def test_persons_and_deadlines_are_undone_before_the_requests_they_belong_to(applied, drafter, now):
    requests = applied(ENGLISH)
    persons = applied("Ref,Name\nMLA/2019/8,Weber\nMLA/2019/8,Meier\n", "persons")
    clocks = applied("Ref,Task,Due on\nMLA/2019/8,Ask,2099-05-01\n", "deadlines")
    with pytest.raises(NotPossibleNow):
        importing.undo(requests, user=drafter, now=now)

    for taken_in in (clocks, persons, requests):
        importing.undo(taken_in, user=drafter, now=now)
        working.work_on_waiting()
        taken_in.refresh_from_db()
        assert taken_in.stage == "undone"

    assert not Deadline.objects.exists()
    assert not AssistanceRequest.objects.exists()


# --- who ----------------------------------------------------------------------------------


def test_only_officers_take_in_spreadsheets(office, states, auditor, now):
    with pytest.raises(NotAllowed):
        importing.take_in(
            owner=office, kind="requests", content=b"x", file_name="x", user=auditor, now=now
        )


def test_nobody_but_who_took_it_in_sees_a_spreadsheet(take_in, signed_in, colleague, auditor):
    taken_in = take_in(ENGLISH)
    for person in (colleague, auditor):
        browser = signed_in(person)
        for name in ("spreadsheet", "spreadsheet-progress"):
            assert browser.get(reverse(name, args=[taken_in.pk])).status_code == 404
        assert browser.get(f"/api/v1/spreadsheets/{taken_in.pk}/").status_code == 404
        assert browser.get(f"/api/v1/spreadsheets/{taken_in.pk}/rows/").status_code == 404
    assert signed_in(auditor).get(reverse("spreadsheets")).status_code == 404
    assert taken_in.file_name not in signed_in(colleague).get(reverse("spreadsheets")).text


# --- requests received --------------------------------------------------------------------


RECEIVED = (
    "Ref,Their reference,In/out,Requesting State,Subject,Status,Received,Acknowledged,Answered,Closed,Person\n"
    "IN/19/1,DAK-7,incoming,Senegal,Bank records,executed,2019-03-25,2019-04-01,2019-09-30,,Awa Faye\n"
    "IN/19/2,LJ-3,incoming,Slovenia,Summons,returned,2019-03-26,,2019-03-27,,\n"
    "OUT/19/1,,outgoing,Senegal,Witness,draft,,,,,\n"
)


@pytest.mark.parametrize("word", ["received", "Incoming", "reçu", "получено", "وارد", "收到"])
def test_a_request_received_becomes_one_received_with_its_own_number_series(applied, word):
    applied(f"Ref,Country,Direction,Date\nA,Senegal,{word},2019-03-25\nB,Senegal,sent,2019-03-25\n")

    received = AssistanceRequest.objects.get(dossier__former_reference="A")
    assert "-MLA-R-" in received.dossier.reference
    assert (received.requesting_state_id, received.requested_state_id) == ("SEN", "BEL")
    assert (received.dossier.direction, received.dossier.status) == ("received", "registered")
    assert received.receipt.received_at.date() == date(2019, 3, 24)  # midnight in Brussels, in UTC
    sent = AssistanceRequest.objects.get(dossier__former_reference="B")
    assert (sent.dossier.direction, sent.requested_state_id) == ("sent", "SEN")
    assert not hasattr(sent, "receipt")


def test_the_life_of_a_request_received_is_on_its_timeline_and_no_clock_starts(applied):
    taken_in = applied(RECEIVED)

    assert importing.counts_of(taken_in)["written"] == 3
    executed = AssistanceRequest.objects.get(dossier__former_reference="IN/19/1")
    events = list(executed.dossier.timeline.values_list("event", flat=True))
    assert events == [
        "mla.received", "mla.acknowledged", "mla.executed", "dossier.opened", "mla.imported",
    ]  # fmt: skip
    assert executed.dossier.status == "executed"
    assert executed.receipt.acknowledged_at > executed.receipt.received_at
    assert executed.receipt.channel == "not_known"
    assert [person.family_name for person in executed.dossier.persons.all()] == ["Awa Faye"]
    returned = AssistanceRequest.objects.get(dossier__former_reference="IN/19/2")
    assert returned.dossier.status == "returned_as_deficient"
    assert returned.dossier.timeline.filter(event="mla.returned_as_deficient").exists()
    assert not Deadline.objects.exists()
    assert list(timeline.breaks(executed.dossier)) == []


def test_a_row_that_says_when_it_was_received_was_received(take_in, applied):
    applied("Ref,Country,Date received\nA,Senegal,2019-03-25\n")
    assert Dossier.objects.get().direction == "received"

    text = "Ref,Country,In/out,Date received\nB,Senegal,sent,2019-03-25\nC,Senegal,received,\n"
    assert problems_of(take_in(text)) == [
        (2, "received_day_of_one_sent", "received_on"),
        (3, "received_day_missing", "received_on"),
    ]


def test_persons_and_deadlines_go_to_a_request_received_and_all_is_undone(
    applied, drafter, now, signed_in
):
    taken_in = applied(RECEIVED)
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()
    persons = applied("Their reference,Name,Role\nDAK-7,Ndiaye,witness\n", "persons")
    deadlines = applied(f"Their reference,What,Due\nLJ-3,Ask again,{tomorrow}\n", "deadlines")
    executed = AssistanceRequest.objects.get(dossier__former_reference="IN/19/1")
    assert executed.dossier.persons.filter(family_name="Ndiaye", role="witness").exists()
    assert Deadline.objects.get().dossier.former_reference == "IN/19/2"
    page = signed_in(drafter).get(reverse("request", args=[executed.dossier.reference]))
    assert page.status_code == 200

    for each in (persons, deadlines, taken_in):
        each.refresh_from_db()
        importing.undo(each, user=drafter, now=now)
        working.work_on_waiting()
    assert not AssistanceRequest.objects.filter(pk=executed.pk).exists()


def test_the_example_of_each_kind_is_read_whole_and_written(take_in, drafter, now):
    for code in ("ARG", "MNG"):
        StateFactory(code=code, name={"ARG": "Argentina", "MNG": "Mongolia"}[code])
    for kind in ("requests", "persons", "deadlines"):
        taken_in = take_in(examples.example(kind, timezone.localdate()), kind)
        assert (kind, problems_of(taken_in)) == (kind, [])
        importing.apply(taken_in, user=drafter, now=now)
        working.work_on_waiting()
        assert importing.counts_of(taken_in)["written"] == taken_in.rows
    directions = Dossier.objects.values_list("direction", flat=True)
    assert set(directions) == {"sent", "received"}


def test_the_examples_are_offered_on_the_page(signed_in, drafter):
    browser = signed_in(drafter)
    where = reverse("spreadsheet-example", args=["persons"])
    assert where in browser.get(reverse("spreadsheets")).text
    assert browser.get(where).content.startswith(b"PK")
    assert browser.get(reverse("spreadsheet-example", args=["nothing"])).status_code == 404


# --- pages, API, command ------------------------------------------------------------------


def test_the_pages_lead_from_upload_to_undoing(signed_in, drafter, office, states):
    browser = signed_in(drafter)
    upload = SimpleUploadedFile("register.csv", ENGLISH.replace("Senegal", "Senegall").encode())
    answer = browser.post(reverse("spreadsheets"), {"kind": "requests", "file": upload})
    page = answer["Location"]
    assert "every 1s" in browser.get(page).text
    working.work_on_waiting()
    assert "Perhaps" in browser.get(page).text

    browser.post(page, {"act": "answer", "field": "state", "text": "Senegall", "meaning": "SEN"})
    working.work_on_waiting()
    browser.post(page, {"act": "apply"})
    working.work_on_waiting()
    shown = browser.get(page).text
    assert "Undo all that it wrote" in shown
    browser.post(page, {"act": "undo"})
    working.work_on_waiting()

    assert "Undone" in browser.get(page).text
    assert not AssistanceRequest.objects.exists()


def test_a_page_without_a_row_that_can_be_written_offers_no_writing(take_in, signed_in, drafter):
    taken_in = take_in("Ref,Country\nA,Nowhere\n")
    page = signed_in(drafter).get(reverse("spreadsheet", args=[taken_in.pk])).text
    assert 'value="apply"' not in page
    assert "No row is ready to be written." in page


def test_where_all_rows_are_known_already_the_page_offers_to_write_them_all_the_same(
    applied, take_in, signed_in, drafter
):
    text = "Ref,Country\nA,Senegal\n"
    applied(text)
    page = signed_in(drafter).get(reverse("spreadsheet", args=[take_in(text).pk])).text
    assert 'value="apply"' in page
    assert 'name="although_known"' in page
    assert "Write 0 rows" not in page


def test_the_page_asks_for_the_same_number_of_queries_however_many_rows(
    take_in, signed_in, drafter
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few = take_in("Ref,Country\nA,Nowhere\n")
    many = take_in("Ref,Country\n" + "".join(f"R{n},Nowhere {n}\n" for n in range(40)))
    browser = signed_in(drafter)
    counts = []
    for taken_in in (few, many):
        browser.get(reverse("spreadsheet", args=[taken_in.pk]))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("spreadsheet", args=[taken_in.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_programs_take_in_look_answer_apply_and_undo(signed_in, drafter, office, states):
    client = signed_in(drafter)
    upload = SimpleUploadedFile("register.csv", b"Ref,Country\nA,Senegall\n")
    answer = client.post(
        "/api/v1/spreadsheets/", {"kind": "requests", "owner": office.pk, "file": upload}
    )
    assert answer.status_code == 201, answer.text
    where = f"/api/v1/spreadsheets/{answer.json()['id']}/"
    working.work_on_waiting()
    told = client.get(where).json()
    assert told["counts"]["wrong"] == 1
    assert told["questions"][0]["text"] == "Senegall"
    rows = client.get(where + "rows/?state=wrong").json()
    assert rows["results"][0]["problems"][0]["code"] == "state_unknown"

    def send(name, body):
        return client.post(where + name, json.dumps(body), content_type="application/json")

    assert send("answers/", {"choices": {"state": {"Senegall": "SEN"}}}).status_code == 200
    working.work_on_waiting()
    assert send("application/", {}).json()["stage"] == "applying"
    assert send("application/", {}).status_code == 409
    working.work_on_waiting()
    assert client.get(where).json()["counts"]["written"] == 1
    assert send("undoing/", {}).json()["stage"] == "undoing"


def test_the_command_checks_and_takes_in(tmp_path, office, states, drafter, capsys):
    file = tmp_path / "register.csv"
    file.write_text(ENGLISH + "MLA/9,,Nowhere,,,,,,\n", encoding="utf-8")

    call_command("import_office_spreadsheet", str(file), "--as", drafter.email)
    assert "row 4, Country “Nowhere”" in capsys.readouterr().out
    assert not Dossier.objects.exists()

    call_command("import_office_spreadsheet", str(file), "--as", drafter.email, "--apply", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == {
        "ready": 0, "wrong": 1, "duplicate": 0, "written": 2, "undone": 0, "kept": 0,
    }  # fmt: skip


def test_every_field_has_headings_that_lead_back_to_it():
    for kind in SpreadsheetImport.Kind.values:
        for field in fields.of_kind(kind):
            assert fields.recognised([field.headings[0]], kind) == {"0": field.code}


def test_a_row_written_has_its_dossier(applied):
    applied(ENGLISH)
    assert not SpreadsheetRow.objects.filter(state="written", dossier=None).exists()
