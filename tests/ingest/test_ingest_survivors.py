"""The last look at what was written: no text that looks like a CPR number, nothing but pseudonyms."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_files import small_table

from pm_pipeline.ingest.loading.checks import count_identifiers

GOOD = ["0123456789abcdef" * 2, "f" * 32, None]


@pytest.mark.parametrize(("bad", "count"), [
    ([], 0), (["610180-1234"], 1), (["f" * 31], 1), (["f" * 33, "f" * 31], 2), (["F" * 32], 1),
    (["g" * 32], 1), ([""], 1), (["6101801234", "6101801234"], 1), (["æ" * 16], 1),
])
def test_what_is_no_pseudonym_is_counted_wherever_it_stands(
    tmp_path: Path, bad: list[str], count: int
) -> None:
    table = small_table(tmp_path)
    schema = table.lake_schema()
    for place in (0, 1, 2):
        values = [*GOOD * 4]
        values[place * 4: place * 4] = bad
        rows = {
            field.name: pa.array(values, pa.string()) if field.name == "citizen_id"
            else pa.nulls(len(values), field.type) for field in schema
        }
        path = tmp_path / "t.parquet"
        pq.write_table(pa.table(rows, schema=schema), path, row_group_size=100)
        assert count_identifiers(path, table) == ({"citizen_id": count} if count else {})


def test_a_code_that_looks_like_a_cpr_number_is_counted_in_every_row_group(tmp_path: Path) -> None:
    table = small_table(tmp_path)
    schema = table.lake_schema()
    codes = ["a", "b 610180-1234", None, "c", "d", "x6101801234y"]
    rows = {
        field.name: pa.array(codes, pa.string()) if field.name == "activity"
        else pa.nulls(len(codes), field.type) for field in schema
    }
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table(rows, schema=schema), path, row_group_size=2)
    assert count_identifiers(path, table) == {"activity": 2}
