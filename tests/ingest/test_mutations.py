"""However a file is broken: it is refused with a code, or each of its records is accounted for.

1,400 files are made from good ones, always the same: no crash, no hang, no personal value in a message.
"""

import csv
import gzip
import io
import json
import random
import re
import signal
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_files import csv_text, row, small_contract

from pm_pipeline.ingest.contract.model import Contract, Table
from pm_pipeline.ingest.contract.reading import load_contract
from pm_pipeline.ingest.loading.building import Job, SourceFile, build_table, open_rejects
from pm_pipeline.ingest.loading.digests import Digests
from pm_pipeline.ingest.loading.reports import FileReport
from pm_pipeline.ingest.readers.csv.files import read_csv
from pm_pipeline.ingest.readers.formats import reader_of
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError
from pm_pipeline.ingest.values.pseudonymise import Pseudonymiser
from pm_pipeline.synthetic.broken import Workshop
from pm_pipeline.synthetic.broken.good import XES_CONTRACT

SEED, N_CSV, N_OTHER = 20260101, 900, 125
MOST_SECONDS = 30
_PIECES = ['"', ";", "\r\n", "\n", "\r", '""', ',', "x", "æ", "\u00a0", " ", "-", "0", ";;", "\\", "\0",
           "\ufeff", "\u2028", '"\n"', ';"";']


@contextmanager
def no_hang() -> Iterator[None]:
    """Fail when the block takes longer than any small file may, instead of waiting for ever."""
    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {MOST_SECONDS} seconds on one small file")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def mutated(text: str, random_: random.Random) -> str:
    for _ in range(random_.randint(1, 4)):
        kind, place = random_.randrange(6), random_.randrange(len(text))
        lines = text.splitlines(keepends=True)
        if kind == 0:
            text = text[:place] + random_.choice(_PIECES) + text[place:]
        elif kind == 1:
            text = text[:place] + text[place + random_.randint(1, 5):]
        elif kind == 2:
            text = text[:place] if random_.random() < 0.4 else text
        elif kind == 3:
            text = "".join([*lines, random_.choice(lines)])
        elif kind == 4:
            random_.shuffle(lines)
            text = "".join(lines) if random_.random() < 0.2 else text
        else:
            text = text[:place] + random_.choice(_PIECES) + text[place + 1:]
        if not text:
            return "\n"
    return text


def mutated_bytes(data: bytes, random_: random.Random) -> bytes:
    for _ in range(random_.randint(1, 3)):
        kind, place = random_.randrange(5), random_.randrange(len(data))
        if kind == 0:
            data = data[:place] + bytes([random_.randrange(256)]) + data[place + 1:]
        elif kind == 1:
            data = data[:place] + data[place + random_.randint(1, 40):]
        elif kind == 2:
            data = data[:place]
        elif kind == 3:
            data = data[:place] + random_.randbytes(random_.randint(1, 8)) + data[place:]
        else:
            other = random_.randrange(len(data))
            data = data[:place] + data[other: other + 60] + data[place:]
        if not data:
            return b"\n"
    return data


def leaked(shop: Workshop, text: str) -> list[str]:
    return [canary for canary in shop.canaries if canary in text]


def independent_count(text: str) -> int | None:
    """Records behind the header by a reader of its own, None where it cannot read the file."""
    try:
        records = [r for r in csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)]
    except csv.Error:
        return None
    return sum(1 for record in records[1:] if record)


def readable(contract: Contract, path: Path, shop: Workshop) -> bool:
    """Whether the file is read at all; a refusal names the file and has a code."""
    try:
        with no_hang():
            list(read_csv(path, contract.tables[0]))
    except RefusedError as refused:
        assert path.name in str(refused) and refused.code in Refusal
        # A fault of the program is none of the file.
        assert refused.code is not Refusal.NOT_CONSERVED, path.read_bytes()
        assert leaked(shop, str(refused)) == []
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


def csv_mutants(folder: Path) -> tuple[Workshop, dict[str, str]]:
    """A workshop and the broken texts, by file name."""
    shop = Workshop(folder)
    shop.rows = shop.rows[:14]
    for number in range(1, 15, 3):
        shop.put(number, Notat='to\r\nlinjer; "citat"', Enhed="Team; Nord")
    good = shop.text()
    random_ = random.Random(SEED)
    return shop, {f"acts_{number}.csv": mutated(good, random_) for number in range(N_CSV)}


def test_every_record_of_a_mutated_csv_is_loaded_rejected_or_a_duplicate(tmp_path: Path) -> None:
    shop, texts = csv_mutants(tmp_path)
    (tmp_path / "contract.yaml").write_text(shop.contract, encoding="utf-8")
    contract = load_contract(tmp_path / "contract.yaml")
    paths = []
    for name, text in texts.items():
        path = tmp_path / name
        path.write_bytes(text.encode())
        if readable(contract, path, shop):
            paths.append(path)
    assert N_CSV / 4 < len(paths) < N_CSV * 0.95
    for report in built_reports(contract, tmp_path, paths):
        assert report.is_conserved
        # The strict reader gives up on one bad quote; ours rejects that row and goes on.
        counted = independent_count(texts[report.source_file])
        assert counted is None or counted == report.rows_in_file, repr(texts[report.source_file])
        assert leaked(shop, repr(report)) == []
    rejects = pq.read_table(tmp_path / "rejects.parquet").to_pylist()
    assert len(rejects) > N_CSV / 2
    assert leaked(shop, str(rejects)) == []
    assert leaked(shop, "".join(texts.values())) != [], "the search finds what is there"


# One good file of each other format, the contract it needs, and a count that knows no reader of ours.
# A count is None where the bytes are no file of the format: then the reader must refuse it.
def xes_count(data: bytes) -> int | None:
    try:
        root = ET.fromstring(data)
    except (ET.ParseError, LookupError, ValueError):
        return None
    return sum(1 for node in root.iter() if node.tag.rpartition("}")[2] == "event")


def json_count(data: bytes) -> int | None:
    try:
        found = json.loads(data.decode())
    except (ValueError, RecursionError):
        return None
    return len(found) if isinstance(found, list) else None


def lines_count(data: bytes) -> int | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return sum(1 for line in re.split(r"\r\n|\r|\n", text) if line.strip())


def xes_file(shop: Workshop) -> bytes:
    def event(values: dict[str, str]) -> str:
        day, month, rest = values["Tidspunkt"][:2], values["Tidspunkt"][3:5], values["Tidspunkt"][11:]
        return (
            f'<event><string key="concept:name" value="{values["Hændelse"]}"/><string key="who" '
            f'value="{values["Navn"]} {shop.cpr}"/>'
            f'<date key="time:timestamp" value="2024-{month}-{day}T{rest}:00Z"/></event>\n'
        )
    traces = "".join(
        f'<trace><string key="concept:name" value="{number}"/>\n'
        f'{"".join(event(values) for values in shop.rows[number * 5: number * 5 + 5])}</trace>\n'
        for number in range(4)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n{traces}</log>\n'.encode()


def parquet_file(shop: Workshop) -> bytes:
    memory = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(shop.rows[:20]), memory)
    return memory.getvalue()


GOOD: dict[str, tuple[str, Callable[[Workshop], bytes], Callable[[bytes], int | None] | None]] = {
    "xes": ("acts.xes", xes_file, xes_count),
    "json": ("acts.json", lambda shop: json.dumps(shop.rows[:20]).encode(), json_count),
    "jsonl": ("acts.jsonl", lambda shop: "\n".join(json.dumps(r) for r in shop.rows[:20]).encode(),
              lines_count),
    "parquet": ("acts.parquet", parquet_file, None),
}


def table_of(shop: Workshop, format_: str, folder: Path) -> Table:
    if format_ == "xes":
        shop.contract = XES_CONTRACT
    else:
        shop.agree('files: "acts*.csv"', f'files: "acts*"\n      format: {format_}')
        shop.agree("formats: [", "formats: [iso8601, ") if format_ == "parquet" else None
    (folder / "contract.yaml").write_text(shop.contract, encoding="utf-8")
    return load_contract(folder / "contract.yaml").tables[0]


@pytest.mark.parametrize("format_", GOOD)
def test_a_mutated_file_of_another_format_is_refused_or_wholly_accounted_for(
    tmp_path: Path, format_: str
) -> None:
    name, make, count = GOOD[format_]
    shop = Workshop(tmp_path)
    table = table_of(shop, format_, tmp_path)
    good = make(shop)
    path = tmp_path / name
    random_ = random.Random(SEED)
    n_read = n_refused = 0
    for number in range(N_OTHER + 1):
        data = mutated_bytes(good, random_) if number else good
        packed = format_ in ("xes", "json") and number % 7 == 6
        path.write_bytes(gzip.compress(data) if packed else data)
        try:
            with no_hang():
                batches = list(reader_of(table, name)(path, table, name))
        except RefusedError as refused:
            n_refused += 1
            assert name in str(refused) and refused.code is not Refusal.NOT_CONSERVED, data
            assert leaked(shop, str(refused)) == []
            assert number, "the good file is read"
            continue
        n_read += 1
        told = "".join(str(batch.rejects.to_pylist()) for batch in batches)
        assert leaked(shop, told) == []
        if count is not None:
            assert sum(batch.n_records for batch in batches) == count(data), data
    assert n_read + n_refused == N_OTHER + 1
    assert min(n_refused, n_read) > N_OTHER / 20


def test_the_mutants_are_as_many_as_asked_for() -> None:
    assert N_CSV + N_OTHER * len(GOOD) >= 1_200


def test_a_thousand_duplicates_are_each_counted_once(tmp_path: Path) -> None:
    contract = small_contract(tmp_path)
    path = tmp_path / "events.csv"
    path.write_text(csv_text([row(n % 10) for n in range(1000)]), encoding="utf-8")
    report, = built_reports(contract, tmp_path, [path])
    assert report.is_conserved
    assert (report.rows_loaded, report.exact_duplicates) == (10, 990)
