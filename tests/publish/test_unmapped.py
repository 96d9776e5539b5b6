"""Codes that nobody knows: told with their counts, and too many of them stop the publication."""

from pathlib import Path

import duckdb
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.unmapped import read_unmapped_codes, refuse_unmapped


def _warehouse(folder: Path, events: int, *codes: tuple[str, int], people: int = 5) -> Path:
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core")
        connection.execute(f"create table core.events as select * from range({events})")
        connection.execute(
            "create table core.unmapped_codes (system_id varchar, source_table varchar,"
            " source_code varchar, n_rows bigint, n_citizens bigint)"
        )
        for code, count in codes:
            connection.execute(
                "insert into core.unmapped_codes values ('fasit', 'haendelser', ?, ?, ?)",
                [code, count, people],
            )
    return path


def test_few_unknown_codes_are_published_and_told(tmp_path: Path) -> None:
    found = read_unmapped_codes(_warehouse(tmp_path, 98, ("NY_LOV", 2)))
    assert found.percent == pytest.approx(2)
    assert found.told() == "fasit.haendelser: NY_LOV: 2"
    refuse_unmapped(found, 2)


def test_too_many_are_refused_with_codes_counts_and_what_to_do(tmp_path: Path) -> None:
    found = read_unmapped_codes(_warehouse(tmp_path, 90, ("SJAELDEN", 3), ("NY_LOV", 7)))
    with pytest.raises(PipelineError, match=r"10\.0 percent") as caught:
        refuse_unmapped(found, 5)
    message = str(caught.value)
    assert message.index("NY_LOV: 7") < message.index("SJAELDEN: 3")
    assert "activity_mappings.csv" in message and "stands" in message


@pytest.mark.parametrize("code", ["010180-1234 ringet op", "kim@person.dk", "x" * 61])
def test_what_may_be_prose_is_counted_and_not_repeated(tmp_path: Path, code: str) -> None:
    told = read_unmapped_codes(_warehouse(tmp_path, 1, (code, 4))).told()
    assert code not in told and told.endswith(": 4")


def test_a_text_that_few_people_have_may_name_one_of_them_and_is_not_repeated(tmp_path: Path) -> None:
    told = read_unmapped_codes(_warehouse(tmp_path, 1, ("Møde med Kim", 9), people=4)).told()
    assert told == "fasit.haendelser: (see core.unmapped_codes): 9"


def test_a_warehouse_that_knows_all_its_codes_has_nothing_to_tell(tmp_path: Path) -> None:
    found = read_unmapped_codes(_warehouse(tmp_path, 5))
    assert (found.percent, found.codes, found.told()) == (0, (), "")
    refuse_unmapped(found, 0)
