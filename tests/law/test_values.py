"""What a municipality holds its acts to be worth: each fault is told with file, row and column."""

import csv
from collections.abc import Callable
from typing import Any

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.law.register import check
from pm_pipeline.registry import load_registry

VALUES = "mapping/activity_values.csv"
Write = Callable[..., None]


@pytest.fixture
def write(seeds: Any) -> Write:
    """Writes the rows given, over a whole row of a talk that has value from 2024 on."""

    def rows(*changes: dict[str, str]) -> None:
        path = seeds.folder / VALUES
        with path.open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        whole = {
            "municipality_id": "901", "activity_id": "JOBSAMTALE", "valid_from": "2024-01-01",
            "valid_to": "", "value_class": "value_adding", "owner_role": "Leder af jobcentret",
            "reason_da": "Borgeren taler om job", "reason_en": "The citizen talks about work",
            "notes": "",
        }
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(whole | change for change in changes)

    return rows


def test_nothing_is_classified_before_a_municipality_does_it(seeds: Any) -> None:
    assert load_registry(seeds.folder).activity_values == ()


def test_a_class_may_change_on_a_day_and_differ_between_activities_and_municipalities(
    seeds: Any, write: Write
) -> None:
    write(
        {"valid_to": "2025-01-01"},
        {"valid_from": "2025-01-01", "value_class": "non_value_adding"},
        {"activity_id": "INDKALDT", "value_class": "necessary"},
        {"municipality_id": "902", "value_class": "necessary"},
    )
    registry = load_registry(seeds.folder)
    check(registry)
    assert len(registry.activity_values) == 4


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("municipality_id", "999", "a known id .*found '999'"),
        ("municipality_id", "", "found an empty cell"),
        ("activity_id", "DANCE", "a known id .*found 'DANCE'"),
        ("value_class", "wasteful", "value_adding.*necessary.*non_value_adding.*found 'wasteful'"),
        ("value_class", "unclassified", "found 'unclassified'"),
        ("valid_from", "01-01-2024", "a date as yyyy-mm-dd"),
        ("valid_to", "2024-01-01", r"a day after valid_from \(2024-01-01\)"),
        ("owner_role", "Hanne Jensen", "a role, .*found what looks like a person"),
    ],
)
def test_a_fault_of_a_class_is_told_with_file_row_and_column(
    seeds: Any, write: Write, column: str, cell: str, told: str
) -> None:
    write({"activity_id": "INDKALDT"}, {column: cell})
    with pytest.raises(PipelineError, match=told) as caught:
        check(load_registry(seeds.folder))
    assert f"{VALUES} row 2 (line 3), column {column}" in str(caught.value)
    assert "Hanne" not in str(caught.value)


@pytest.mark.parametrize("ends_on", ["", "2025-01-02"])
def test_two_classes_of_an_activity_on_one_day_are_told(
    seeds: Any, write: Write, ends_on: str
) -> None:
    write({"valid_from": "2025-01-01", "value_class": "necessary"}, {"valid_to": ends_on})
    with pytest.raises(PipelineError, match=r"no later than 2025-01-01, when row 1 begins") as caught:
        check(load_registry(seeds.folder))
    assert f"{VALUES} row 2 (line 3), column valid_to" in str(caught.value)
