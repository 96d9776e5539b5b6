"""`pm-pipeline filters`, as a person calls it, on a copy of the shipped field."""

import shutil
from pathlib import Path

import pytest
from command_line import Call

from tests.conftest import SHIPPED_SEEDS

FILTER = """filter: late
process: forsikrede_ledige
conditions:
  - field: lead_time_days
    operator: at_least
    value: "365"
  - field: activity
    operator: has
    value: JOBSAMTALE|FAELLESSAMTALE
"""


@pytest.fixture
def seed(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "field"
    shutil.copytree(SHIPPED_SEEDS, folder / "seeds")
    monkeypatch.setenv("PM_FIELD_DIR", str(folder))
    return folder / "seeds" / "mapping" / "filters.csv"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "late.yml"
    path.write_text(FILTER, "utf-8")
    return path


def test_a_filter_is_added_listed_and_shown_as_it_was_written(
    call: Call, seed: Path, file: Path, tmp_path: Path
) -> None:
    answer = call("filters", "add", file)
    assert answer.code == 0, answer.said
    assert seed.read_text("utf-8").endswith(
        "late,process,is,forsikrede_ledige\nlate,lead_time_days,at_least,365\n"
        "late,activity,has,JOBSAMTALE|FAELLESSAMTALE\n"
    )
    assert "late" in call("filters", "list").out
    shown = call("filters", "show", "late", "--yaml")
    again = 'filter: "late" process: "forsikrede_ledige" conditions: - field: activity'
    assert shown.out.startswith(again)
    assert "lead_time_days at_least 365" in call("filters", "show", "late").out


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("JOBSAMTALE|FAELLESSAMTALE", "DANCE", "late.yml line 7, key value: expected a known id"),
        ("at_least", "has", "late.yml line 4, key operator: expected at_least or at_most"),
        ("lead_time_days", "mood", "late.yml line 4, key field: expected one of process, regime"),
        ('"365"', "long", "key value: expected a number of days, found 'long'"),
        ("process: forsikrede_ledige", "process: dance", "line 2, key value: expected a known id"),
        ("process: forsikrede_ledige\n", "", "key process: expected a value, found no such key"),
        ("filter: late", "filter: a/b", "key filter_id: expected a name of letters"),
        ("  - field: activity\n", "  - fields: activity\n", "key fields: expected only the keys"),
        ("conditions:", "conditions: yes\nothers:", "key others: expected only the keys"),
    ],
)
def test_a_filter_with_a_fault_is_refused_with_file_line_and_key(
    call: Call, seed: Path, file: Path, wrong: str, right: str, told: str
) -> None:
    before = seed.read_bytes()
    assert wrong in FILTER
    file.write_text(FILTER.replace(wrong, right), "utf-8")
    answer = call("filters", "add", file)
    assert answer.code == 1
    assert told in answer.err
    assert seed.read_bytes() == before


def test_a_name_that_is_taken_and_one_that_is_not_there_are_wrong_calls(
    call: Call, seed: Path, file: Path
) -> None:
    call("filters", "add", file)
    taken = call("filters", "add", file)
    assert taken.code == 2 and "already" in taken.err
    unknown = call("filters", "show", "nothing")
    assert unknown.code == 2 and "late" in unknown.err
