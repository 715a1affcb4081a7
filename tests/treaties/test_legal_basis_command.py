"""``manage.py legal_basis``: one question, or a file of them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.usefixtures("register")

HEADER = "case_id,requesting_iso3,requested_iso3,purpose,offence_family,as_of"


def _run(*args: str) -> str:
    out = StringIO()
    call_command("legal_basis", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def answered(tmp_path):
    """``answered("1,FRA,DEU,…")`` is what the command says to a file of these rows."""

    def run(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> list[dict]:
        path = tmp_path / "questions.csv"
        path.write_text("\n".join([header, *rows]), encoding=encoding)
        return [json.loads(line) for line in _run("--file", str(path)).splitlines()]

    return run


def test_one_question_is_answered_in_json():
    asked = ["FRA", "DEU", "--purpose", "mla", "--offence", "corruption", "--on", "2014-12-12"]
    answer = json.loads(_run(*asked, "--json"))
    assert [b["code"] for b in answer["applicable"]] == ["ETS30", "UNCAC", "UNTOC", "COMITY"]
    assert answer["applicable"][1]["since_requested"] == "2014-12-12"
    assert answer["error"] is None


def test_one_question_is_answered_in_words():
    told = _run("FRA", "DEU", "--offence", "corruption", "--on", "2014-12-12")
    assert "Germany ratified it on 12 November 2014 and has been bound since 12 December 2014" in (
        told
    )
    assert "ETS182 (signed_only)" in told


def test_several_offences_and_measures_may_be_named():
    told = _run(
        "BRA", "SEN", "--offence", "corruption", "--offence", "torture", "--measure", "jit",
        "--on", "2020-01-01", "--json",
    )  # fmt: skip
    assert json.loads(told)["question"]["offences"] == ["corruption", "torture"]


def test_a_question_that_cannot_be_answered_ends_with_exit_code_1():
    with pytest.raises(CommandError) as refused:
        _run("FRA", "FRA", "--on", "2020-01-01")
    assert refused.value.returncode == 1


@pytest.mark.parametrize("day", ["2023-02-29", "tomorrow", "12/12/2014", "2014-13-01"])
def test_a_day_that_is_none_ends_with_exit_code_2(day):
    with pytest.raises(CommandError, match="2014-12-12") as refused:
        _run("FRA", "DEU", "--on", day)
    assert refused.value.returncode == 2


def test_a_file_is_answered_line_by_line_in_its_order(answered):
    lines = answered(
        "a,FRA,DEU,mla,corruption,2014-12-12", "b,fr,deu,assistance,bribery,2014-12-11"
    )
    assert [line["case_id"] for line in lines] == ["a", "b"]
    assert lines[0]["applicable"] == ["ETS30", "UNCAC", "UNTOC", "COMITY"]
    assert lines[1]["applicable"] == ["ETS30", "UNTOC", "COMITY"]
    assert {u["code"]: u["reason"] for u in lines[1]["inapplicable"]}["UNCAC"] == "bound_later"
    assert all(set(u) == {"code", "reason", "sentence"} for u in lines[1]["inapplicable"])
    assert [line["error"] for line in lines] == [None, None]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("x,FRA,XYZ,mla,corruption,2020-01-01", "unknown_state"),
        ("x,FRA,FR,mla,corruption,2020-01-01", "same_state"),
        ("x,FRA,HKG,mla,corruption,2020-01-01", "territory"),
        ("x,FRA,DEU,mla,corruption,2023-02-29", "invalid_date"),
        ("x,FRA,DEU,mla,corruption,", "missing_value"),
        ("x,FRA,DEU,mla,jaywalking,2023-02-28", "unknown_offence"),
        ("x,FRA,DEU,mla,الفساد,2023-02-28", "unknown_offence"),
        ("x,FRA,DEU,wedding,corruption,2023-02-28", "unknown_purpose"),
        ("x,FRA", "missing_value"),
    ],
)
def test_a_bad_row_has_its_error_and_stops_no_other(answered, row, code):
    bad, good = answered(row, "y,FRA,DEU,mla,corruption,2014-12-12")
    assert (bad["case_id"], bad["error"]["code"], bad["applicable"]) == ("x", code, [])
    assert bad["error"]["message"]
    assert (good["case_id"], good["error"]) == ("y", None)


def test_an_empty_line_has_its_error_and_empty_lines_at_the_end_are_nothing(answered):
    lines = answered("", "y,FRA,DEU,mla,corruption,2014-12-12", "", "")
    assert [line["error"] and line["error"]["code"] for line in lines] == ["empty_row", None]


def test_a_byte_order_mark_and_semicolons_are_understood(answered):
    (line,) = answered(
        "y;FRA;DEU;mla;corruption;2014-12-12",
        header=HEADER.replace(",", ";"),
        encoding="utf-8-sig",
    )
    assert line["applicable"][0] == "ETS30"


def test_no_offence_means_any(answered):
    empty, any_ = answered("1,BEL,SEN,mla,,2020-01-01", "2,BEL,SEN,mla,any,2020-01-01")
    assert empty["applicable"] == any_["applicable"]
    assert "UNCAC" in empty["applicable"]


def test_a_file_without_its_columns_ends_with_exit_code_2(tmp_path):
    path = tmp_path / "questions.csv"
    path.write_text("case_id,from,to\n1,FRA,DEU\n")
    with pytest.raises(CommandError, match="requesting_iso3") as refused:
        _run("--file", str(path))
    assert refused.value.returncode == 2


def test_a_file_that_is_not_there_ends_with_exit_code_2(tmp_path):
    with pytest.raises(CommandError) as refused:
        _run("--file", str(tmp_path / "none.csv"))
    assert refused.value.returncode == 2


def test_bytes_that_are_not_text_do_not_stop_the_file(tmp_path):
    path = tmp_path / "questions.csv"
    path.write_bytes(
        HEADER.encode() + b"\n1,\xff\xfe\x00A,DEU,mla,,2020-01-01\n2,FRA,DEU,mla,,2020-01-01\n"
    )
    lines = [json.loads(line) for line in _run("--file", str(path)).splitlines()]
    assert [line["error"] and line["error"]["code"] for line in lines] == ["unknown_state", None]
