"""``manage.py match_names``: a file of pairs in, a score and a verdict a line out."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command


def answered(tmp_path, content: str | bytes, *options: str) -> str:
    file = tmp_path / "pairs.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    out = io.StringIO()
    call_command("match_names", "--file", str(file), *options, stdout=out)
    return out.getvalue()


def test_each_line_comes_back_with_score_and_verdict_and_its_own_columns(tmp_path):
    said = answered(tmp_path, "id,name_b,name_a\n7,محمد علي,Mohamed Ali\n8,John Smith,Jane Smith\n")
    rows = list(csv.DictReader(io.StringIO(said)))
    assert [(r["id"], r["verdict"]) for r in rows] == [("7", "same"), ("8", "different")]
    assert all(0 <= float(r["score"]) <= 1 for r in rows)


def test_a_mark_at_the_beginning_and_semicolons_are_understood(tmp_path):
    said = answered(tmp_path, "\ufeffname_a;name_b\nIvan Petrov;Иван Петров\n", "--json")
    assert json.loads(said)["verdict"] == "same"


def test_an_empty_name_is_no_error(tmp_path):
    assert json.loads(answered(tmp_path, "name_a,name_b\n,Ivan\n", "--json"))["score"] == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("one,two\na,b\n", "lacks name_a and name_b"),
        ("name_a,name_b\nIvanov, Ivan,Petr\n", "Line 2"),
        ("name_a,name_b\nÉ,É\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, said):
    with pytest.raises(CommandError, match=said) as error:
        answered(tmp_path, content)
    assert error.value.returncode == 2


def test_a_file_that_is_not_there_says_so():
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("match_names", "--file", "/nowhere/pairs.csv")


def test_measuring_prints_rates_over_all_and_by_scripts(tmp_path):
    said = answered(
        tmp_path,
        "name_a,name_b,same\nMohamed Ali,محمد علي,1\nIvan Petrov,Иван Сидоров,0\n",
        "--measure",
        "--json",
    )
    told = json.loads(said)
    assert told["all"]["same"] == {"precision": 1, "recall": 1, "f1": 1}
    assert set(told["by_scripts"]) == {"Arabic-Latin", "Cyrillic-Latin"}


def test_measuring_without_knowing_what_is_the_same_is_refused(tmp_path):
    with pytest.raises(CommandError, match="column same"):
        answered(tmp_path, "name_a,name_b\na,b\n", "--measure")
