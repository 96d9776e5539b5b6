"""However a workbook, an object-centric log or a file of Custom Data is damaged: it is refused with a
code or read, and no message holds what stands in it. The other formats: ``test_mutations``."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from format_files import CANARIES, ROWS, contract, raw_sheet, rezipped, sheet
from ocel_files import CITIZEN, FORMS, table_of, write_log
from test_ingest_insight import ROW, TIMES, file, line
from test_mutations import mutated_bytes, no_hang

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.formats import reader_of
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

SEED, N_FILES = 20260101, 100
PERSONAL = (CITIZEN, "Kim Borger", "Kim Person", *CANARIES)
Maker = Callable[[random.Random], bytes]


def _workbook(folder: Path) -> tuple[Table, str, Maker]:
    """Half of them damaged as archives, half in one part of a sound archive."""
    good = sheet(ROWS)
    parts = zipfile.ZipFile(io.BytesIO(good)).namelist()

    def make(random_: random.Random) -> bytes:
        if random_.random() < 0.5:
            return mutated_bytes(good, random_)
        chosen = random_.choice(parts)
        return rezipped(
            good, lambda name, part: mutated_bytes(part, random_) if name == chosen else part
        )

    return contract(folder, "xlsx").tables[0], "events.xlsx", make


def _object_log(folder: Path, form: str) -> tuple[Table, str, Maker]:
    good = write_log(folder / f"log.{form}").read_bytes()
    return table_of("events"), f"log.{form}", lambda random_: mutated_bytes(good, random_)


def _custom_data(folder: Path) -> tuple[Table, str, Maker]:
    good = file(*[line(**ROW)] * 5).encode()
    table = contract(folder, "insight_csv", TIMES).tables[0]
    return table, "events.csv", lambda random_: mutated_bytes(good, random_)


@pytest.mark.parametrize("form", ["xlsx", *FORMS, "insight_csv"])
def test_a_mutated_container_is_read_or_refused_with_a_code(tmp_path: Path, form: str) -> None:
    table, name, make = (
        _workbook(tmp_path) if form == "xlsx" else
        _custom_data(tmp_path) if form == "insight_csv" else _object_log(tmp_path, form)
    )
    path, random_, n_refused = tmp_path / name, random.Random(SEED), 0
    for _ in range(N_FILES):
        data = make(random_)
        path.write_bytes(data)
        try:
            with no_hang():
                batches = list(reader_of(table, name)(path, table, name))
        except RefusedError as refused:
            n_refused += 1
            told = str(refused)
            assert name in told and refused.code is not Refusal.NOT_CONSERVED, data
        else:
            told = "".join(str(batch.rejects.to_pylist()) for batch in batches)
            for batch in batches:
                assert batch.n_records >= batch.values.num_rows
        assert [one for one in PERSONAL if one in told] == []
    assert N_FILES / 4 < n_refused < N_FILES


def test_an_archive_that_lost_bytes_in_front_is_damaged_and_no_crash(tmp_path: Path) -> None:
    """Its directory then points to places before the file begins, and that is no fault of the disk."""
    good = raw_sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>Id</t></is></c></row>')
    path = tmp_path / "events.xlsx"
    path.write_bytes(good[:60] + good[70:])
    table = contract(tmp_path, "xlsx").tables[0]
    with pytest.raises(RefusedError, match=r"events\.xlsx") as caught:
        list(reader_of(table, path.name)(path, table, path.name))
    assert caught.value.code is Refusal.UNREADABLE
