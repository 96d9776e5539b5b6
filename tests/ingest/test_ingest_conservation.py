"""However a file is broken: it is refused as a whole, or each of its records is accounted for."""

import csv
import io
import random
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
from ingest_files import csv_text, row, small_contract

from pm_pipeline.ingest.contract.model import Contract
from pm_pipeline.ingest.loading.building import Job, SourceFile, build_table, open_rejects
from pm_pipeline.ingest.loading.digests import Digests
from pm_pipeline.ingest.loading.reports import FileReport
from pm_pipeline.ingest.readers.csv_files import read_csv
from pm_pipeline.ingest.rejects.reasons import RefusedError
from pm_pipeline.ingest.values.pseudonymise import Pseudonymiser

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


def readable(contract: Contract, path: Path) -> bool:
    """Whether the file is read at all; a refusal names the file."""
    try:
        list(read_csv(path, contract.tables[0]))
    except RefusedError as refused:
        assert path.name in str(refused)
        return False
    return True


def built_reports(contract: Contract, folder: Path, paths: list[Path]) -> list[FileReport]:
    """Load the files as one table; what was written must be what is reported."""
    job = Job(contract, "901", "d", date(2026, 1, 1), datetime(2026, 1, 1), Pseudonymiser(bytes(32)))
    sources = [SourceFile(path, path.name, contract.tables[0], None, 0) for path in paths]
    with open_rejects(folder) as rejects, Digests(paths) as digests:
        built = build_table(job, contract.tables[0], sources, folder, rejects, digests)
    written: dict[str, set[int]] = {path.name: set() for path in paths}
    for row_ in pq.read_table(built.path, columns=["source_file", "source_row"]).to_pylist():
        written[row_["source_file"]].add(row_["source_row"])
    rejected: dict[str, set[int]] = {path.name: set() for path in paths}
    for row_ in pq.read_table(folder / "rejects.parquet").to_pylist():
        if not row_["row_kept"]:
            rejected[row_["source_file"]].add(row_["source_row"])
    for report in built.files:
        assert len(written[report.source_file]) == report.rows_loaded
        assert len(rejected[report.source_file]) == report.rows_rejected
        assert not rejected[report.source_file] & written[report.source_file]
    return list(built.files)


def test_every_record_of_a_mutated_file_is_loaded_rejected_or_a_duplicate(tmp_path: Path) -> None:
    contract = small_contract(tmp_path)
    rows = [row(n, **({"Notat": '"to\r\nlinjer; ""citat"""'} if n % 3 == 0 else {}))
            for n in range(1, 15)]
    good = csv_text(rows)
    random_ = random.Random(SEED)
    texts = {f"events_{number}.csv": mutated(good, random_) for number in range(FILES)}
    paths = []
    for name, text in texts.items():
        path = tmp_path / name
        path.write_bytes(text.encode())
        if readable(contract, path):
            paths.append(path)
    assert FILES / 4 < len(paths) < FILES * 0.95
    for report in built_reports(contract, tmp_path, paths):
        assert report.is_conserved
        # The strict reader gives up on one bad quote; ours rejects that row and goes on.
        counted = independent_count(texts[report.source_file])
        assert counted is None or counted == report.rows_in_file, repr(texts[report.source_file])


def test_a_thousand_duplicates_are_each_counted_once(tmp_path: Path) -> None:
    contract = small_contract(tmp_path)
    path = tmp_path / "events.csv"
    path.write_text(csv_text([row(n % 10) for n in range(1000)]), encoding="utf-8")
    report, = built_reports(contract, tmp_path, [path])
    assert report.is_conserved
    assert (report.rows_loaded, report.exact_duplicates) == (10, 990)
