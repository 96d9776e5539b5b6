"""However a file is broken: it is refused as a whole, or each of its records is accounted for."""

import csv
import io
import random
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from ingest_files import csv_text, row, small_contract

from pm_pipeline.ingest.building import Job, SourceFile, build_table, open_rejects
from pm_pipeline.ingest.contract import Contract
from pm_pipeline.ingest.pseudonymise import Pseudonymiser
from pm_pipeline.ingest.rejects import RefusedError

SEED, FILES = 20260101, 200
_PIECES = ['"', ";", "\r\n", "\n", "\r", '""', ',', "x", "æ", "\u00a0", " ", "-", "0", ";;", "\\"]


def mutated(text: str, random_: random.Random) -> str:
    for _ in range(random_.randint(1, 4)):
        kind, place = random_.randrange(5), random_.randrange(len(text))
        if kind == 0:
            text = text[:place] + random_.choice(_PIECES) + text[place:]
        elif kind == 1:
            text = text[:place] + text[place + random_.randint(1, 5):]
        elif kind == 2:
            text = text[:place]
        elif kind == 3:
            lines = text.splitlines(keepends=True)
            text = "".join([*lines, random_.choice(lines)])
        else:
            text = text[:place] + random_.choice(_PIECES) + text[place + 1:]
        if not text:
            return "\n"
    return text


def independent_count(text: str) -> int | None:
    """Records behind the header by a reader of its own, None where it cannot read the file."""
    try:
        records = [r for r in csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)]
    except csv.Error:
        return None
    return sum(1 for record in records[1:] if record)


def accounted(contract: Contract, folder: Path, text: str) -> tuple[int, int] | None:
    """(records counted, rows written + rejected + duplicates), None where the file is refused."""
    path = folder / "events.csv"
    path.write_bytes(text.encode())
    job = Job(contract, "901", "d", date(2026, 1, 1), Pseudonymiser(bytes(32)))
    source = SourceFile(path, path.name, contract.tables[0], "", 0)
    try:
        with open_rejects(folder) as rejects:
            built = build_table(job, contract.tables[0], [source], folder, rejects)
    except RefusedError as refused:
        assert "events.csv" in str(refused)
        return None
    report = built.files[0]
    written = pq.read_table(built.path)
    rejected = {
        row["source_row"] for row in pq.read_table(folder / "rejects.parquet").to_pylist()
        if not row["row_kept"]
    }
    assert written.num_rows == report.rows_loaded
    assert len(rejected) == report.rows_rejected
    assert not rejected & set(written["source_row"].to_pylist())
    return report.rows_in_file, written.num_rows + len(rejected) + report.exact_duplicates


def test_every_record_of_a_mutated_file_is_loaded_rejected_or_a_duplicate(tmp_path: Path) -> None:
    contract = small_contract(tmp_path)
    rows = [row(n, **({"Notat": '"to\r\nlinjer; ""citat"""'} if n % 3 == 0 else {}))
            for n in range(1, 15)]
    good = csv_text(rows)
    random_ = random.Random(SEED)
    refused = loaded = 0
    for _ in range(FILES):
        text = mutated(good, random_)
        found = accounted(contract, tmp_path, text)
        if found is None:
            refused += 1
            continue
        loaded += 1
        in_file, sum_of_parts = found
        assert in_file == sum_of_parts, repr(text)
        counted = independent_count(text)
        # The strict reader gives up on one bad quote; ours rejects that row and goes on.
        assert counted is None or counted == in_file, repr(text)
    assert loaded > FILES / 4 and refused > FILES / 20


def test_a_thousand_duplicates_are_each_counted_once(tmp_path: Path) -> None:
    contract = small_contract(tmp_path)
    text = csv_text([row(n % 10) for n in range(1000)])
    in_file, parts = accounted(contract, tmp_path, text) or (0, 0)
    assert (in_file, parts) == (1000, 1000)
    rows = pq.read_table(tmp_path / "events.parquet").num_rows
    assert rows == len({row(n % 10) for n in range(1000)})
