"""Gaps in running numbers are counted at the door; the numbers themselves are kept nowhere."""

import pyarrow as pa
import pyarrow.parquet as pq
from ingest_files import Town, csv_text, row, small_contract

from pm_pipeline.ingest.loading.numbering import Numbering

RUNNING = ("{header: Id, type: identifier,", "{header: Id, type: identifier, numbered: true,")


def _missing(*batches: list[str | None]) -> int | None:
    numbering = Numbering(("nr",))
    for texts in batches:
        numbering.add(pa.table({"nr": pa.array(texts, pa.string())}))
    return numbering.missing()


def test_numbers_between_the_smallest_and_the_largest_are_missed_once_each() -> None:
    assert _missing(["510", "512", "517"], ["512", "518"]) == 5
    assert _missing(["3", "1"], ["2"]) == 0
    assert _missing(["7"]) == 0


def test_what_is_no_whole_number_is_passed_over() -> None:
    assert _missing([" 1 ", "A2", None, "", "3.5", "4"]) == 2
    assert _missing(["none"]) == 0
    assert _missing([]) == 0


def test_a_table_without_running_numbers_misses_none() -> None:
    numbering = Numbering(())
    numbering.add(pa.table({"nr": ["1", "3"]}))
    assert numbering.missing() is None


def test_the_deliveries_tell_how_many_and_a_report_of_what_was_loaded_before_the_same(
    town: Town,
) -> None:
    contract = small_contract(town.root, *RUNNING)
    file = town.file("events.csv", csv_text([row(n) for n in (1, 2, 5, 9)]))
    report = town.load(contract, file)
    assert [one.missing_numbers for one in report.files] == [5]
    assert [one.missing_numbers for one in town.load(contract, file).files] == [5]
    [marker] = [p for p in (town.lake / "deliveries").glob("*.parquet") if p.name[0] != "_"]
    assert pq.read_table(marker)["missing_numbers"].to_pylist() == [5]


def test_without_the_word_in_the_contract_nothing_is_counted(town: Town) -> None:
    file = town.file("events.csv", csv_text([row(n) for n in (1, 5)]))
    report = town.load(small_contract(town.root), file)
    assert [one.missing_numbers for one in report.files] == [None]
