"""Two readers of CSV, one truth: what the quick one yields, the exact one yields too."""

import gzip
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from ingest_files import HEADER, Town, csv_text, row, small_contract, small_table

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.readers.batches import RawBatch
from pm_pipeline.ingest.readers.csv import files as csv_files
from pm_pipeline.ingest.readers.csv import inspection
from pm_pipeline.ingest.readers.csv import regular as csv_regular
from pm_pipeline.ingest.readers.csv.counting import IrregularError, RecordScan, whole_lines
from pm_pipeline.ingest.readers.csv.exact import read_csv_exact
from pm_pipeline.ingest.readers.csv.files import read_csv
from pm_pipeline.ingest.readers.csv.header import read_header
from pm_pipeline.ingest.readers.csv.inspection import Inspection, inspect_csv
from pm_pipeline.ingest.readers.csv.regular import read_csv_regular
from pm_pipeline.ingest.rejects.reasons import RefusedError

SEED, FILES = 20260102, 400
_PIECES = ['"', ";", "\r\n", "\n", "\r", '""', '"a;b"', "x", "æ", "\u00a0", "\ufeff", "0", ";;",
           '"\n"', ';"";', "\n\n", "\0", "\u2028", "\x1a"]


def good_text(random_: random.Random) -> str:
    """A regular file of one of many kinds."""
    notes = ["", "kort", '"med ; og ""citat"""', '"to\nlinjer"', '"to\r\nlinjer\r\n"', '""', "æøå"]
    some = random_.sample(notes, random_.randint(1, len(notes)))
    rows = [row(n, Notat=random_.choice(some)) for n in range(random_.randint(0, 25))]
    if random_.random() < 0.3:
        rows = [";".join(f if f.startswith('"') else f'"{f}"' for f in r.split(";"))
                if "med ; og" not in r else r for r in rows]
    header = HEADER if random_.random() < 0.8 else ";".join(f'"{h}"' for h in HEADER.split(";"))
    if random_.random() < 0.2:
        rows.insert(random_.randint(0, len(rows)), random_.choice([HEADER, header]))
    end = random_.choice(["\n", "\r\n"])
    text = csv_text(rows, header=header, end=end)
    text = text if random_.random() < 0.8 else text.removesuffix(end)
    return random_.choice(["", "", "", "\ufeff", "sep=;" + end]) + text


def mutated(text: str, random_: random.Random) -> str:
    place = random_.randrange(len(text))
    cut = random_.choice([0, 0, 1, 3])
    return text[:place] + random_.choice([*_PIECES, ""]) + text[place + cut:]


def texts() -> Iterator[str]:
    random_ = random.Random(SEED)
    for number in range(FILES):
        text = good_text(random_)
        for _ in range(number % 3):
            text = mutated(text, random_)
        yield text


def content(batches: Sequence[RawBatch]) -> tuple[object, ...]:
    """Everything that batches hold, whatever their sizes."""
    values = pa.concat_tables([batch.values for batch in batches])
    rejects = pa.concat_tables([batch.rejects for batch in batches])
    return values.to_pydict(), rejects.to_pydict(), {b.unlisted_columns for b in batches}


def inspected(path: Path, table: Table) -> Inspection:
    return inspect_csv(path, path.name, table.encoding, read_header(path, table, path.name))


def quick(path: Path, table: Table) -> list[RawBatch]:
    header = read_header(path, table, path.name)
    found = inspect_csv(path, path.name, table.encoding, header)
    assert found.is_regular
    return list(read_csv_regular(path, table, path.name, header, found, block_bytes=2048))


def exact(path: Path, table: Table) -> list[RawBatch] | None:
    try:
        return list(read_csv_exact(path, table))
    except RefusedError:
        return None


@pytest.mark.parametrize("chunk", [3, 17, 64, 4096])
def test_both_readers_and_the_count_agree_on_good_and_mutated_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(inspection, "_CHUNK", chunk)
    table = small_table(tmp_path)
    path = tmp_path / "events.csv"
    n_regular = n_counted = n_irregular = 0
    for text in texts():
        path.write_bytes(text.encode())
        truth = exact(path, table)
        try:
            found = inspected(path, table)
        except RefusedError:
            assert truth is None, repr(text)
            continue
        if found.is_regular:
            n_regular += 1
            assert truth is not None, repr(text)
            assert content(quick(path, table)) == content(truth), repr(text)
        else:
            n_irregular += 1
        if found.n_records is not None and truth is not None:
            n_counted += 1
            assert sum(batch.n_records for batch in truth) == found.n_records, repr(text)
    assert n_regular > FILES / 4
    assert n_irregular > FILES / 4
    assert n_counted > n_regular + FILES / 20


def test_a_good_file_is_found_regular() -> None:
    random_ = random.Random(SEED)
    text = csv_text([row(n, Notat='"a;""b""\r\n;"') for n in range(9)]).encode()
    for _ in range(50):
        cuts = sorted(random_.randrange(len(text)) for _ in range(random_.randrange(40)))
        chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        scan = RecordScan(";", 8)
        ends = [int(end) for piece in whole_lines(chunks) for end in scan.feed(piece)]
        scan.finish()
        assert (scan.is_regular, scan.n_records, scan.n_lines) == (True, 10, 19)
        assert ends == [1, *range(3, 20, 2)]


@pytest.mark.parametrize("text", [
    'a;b"c\n', '"a"b;c\n', 'a;"b\n', 'a;b\rc;d\n', 'a;\0\n', '"a\rb";c\n', 'a;"b" \n',
])
def test_records_that_cannot_be_told_apart_are_not_counted(text: str) -> None:
    scan = RecordScan(";", 2)
    with pytest.raises(IrregularError):
        for piece in whole_lines([text.encode()]):
            scan.feed(piece)
        scan.finish()


@pytest.mark.parametrize(("text", "n_records"), [
    ("a;b\n\nc;d\n", 2), ("a;b;c\n", 1), ("a\nb;c\n", 2), ("\r\n\r\na;b\r\n", 1),
    ('a;"\n\n"\n\n', 1), ("a;b\n \n", 2), ('a;b\n""\n', 2), ("\n", 0),
])
def test_a_file_of_another_form_is_counted_and_not_regular(text: str, n_records: int) -> None:
    for size in (1, 2, 100):
        scan = RecordScan(";", 2)
        data = text.encode()
        for piece in whole_lines(data[n: n + size] for n in range(0, len(data), size)):
            scan.feed(piece)
        scan.finish()
        assert (scan.n_records, scan.is_regular) == (n_records, False)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp850", "utf-16", "utf-16-le", "utf-8"])
def test_every_encoding_is_read_alike_by_both_readers(tmp_path: Path, encoding: str) -> None:
    table = small_table(tmp_path, 'delimiter: ";"', f'delimiter: ";"\n      encoding: {encoding}')
    path = tmp_path / "events.csv"
    rows = [row(n, **{"Hændelse": "Møde på rådhuset"}, Notat='"å\r\nø"') for n in range(1, 500)]
    path.write_bytes(csv_text(rows).encode(encoding))
    found = exact(path, table)
    assert found is not None
    assert content(quick(path, table)) == content(found)
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert content(quick(path, table)) == content(found)


def test_lines_are_right_where_records_span_lines_and_the_header_returns(tmp_path: Path) -> None:
    rows = [row(n, Notat='"to\nlinjer"') if n % 7 == 0 else row(n) for n in range(1, 3000)]
    rows[1000] = rows[1001] = rows[-1] = HEADER
    path = tmp_path / "events.csv"
    path.write_text("sep=;\n" + csv_text(rows, end="\n"), encoding="utf-8", newline="")
    table = small_table(tmp_path)
    found = exact(path, table)
    assert found is not None
    assert content(quick(path, table)) == content(found)
    assert sum(batch.rejects.num_rows for batch in found) == 3


def test_a_file_with_a_header_alone_or_without_optional_columns_is_read(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    table = small_table(tmp_path)
    header = "Id;CPR;Hændelse;Tid;Ukendt"
    for rows in ([], ["1;610180-1234;Samtale;01-03-2024;x"]):
        path.write_text(csv_text(rows, header=header, end="\n"), encoding="utf-8", newline="")
        found = exact(path, table)
        assert found is not None
        assert content(quick(path, table)) == content(found)


def test_a_reader_that_loses_a_record_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = small_table(tmp_path)
    path = tmp_path / "events.csv"
    path.write_text(csv_text([row(1), row(2)]), encoding="utf-8", newline="")

    def forgetful(*_: object) -> Iterator[RawBatch]:
        for batch in read_csv_exact(path, table):
            yield RawBatch(batch.values.slice(1), batch.rejects, batch.unlisted_columns)

    monkeypatch.setattr(csv_files, "read_csv_regular", forgetful)
    with pytest.raises(RefusedError, match="2 records were counted") as caught:
        list(read_csv(path, table))
    assert caught.value.code == "NOT_CONSERVED"


def test_what_the_parser_says_of_a_record_it_cannot_read_is_never_told(tmp_path: Path) -> None:
    table = small_table(tmp_path)
    path = tmp_path / "events.csv"
    path.write_text(csv_text([row(1), "2;too;few"]), encoding="utf-8", newline="")
    header = read_header(path, table, path.name)
    with pytest.raises(RefusedError) as caught:
        list(csv_regular.read_csv_regular(path, table, path.name, header, Inspection(2, True)))
    assert caught.value.code == "NOT_CONSERVED"
    assert "too" not in str(caught.value)


def test_a_load_is_the_same_through_either_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(n, Notat='"to\nlinjer; ""x"""') if n % 5 == 0 else row(n) for n in range(1, 400)]
    rows[20] = row(21, Tid="31-02-2024 10:00")
    rows[40] = row(41, CPR="12")
    rows[60] = row(61, **{"Hændelse": "610180-1234"})
    rows[80], rows[100] = HEADER, rows[99]
    found = []
    for reader in ("quick", "exact"):
        town = Town(tmp_path / reader)
        town.keys.mkdir(parents=True, mode=0o700)
        (town.keys / "901.key").write_bytes(bytes(32))
        (town.keys / "901.key").chmod(0o600)
        if reader == "exact":
            monkeypatch.setattr(
                csv_files, "read_csv_regular",
                lambda path, table, name, *_: read_csv_exact(path, table, name),
            )
        report = town.load(small_contract(town.root), town.file("events.csv", csv_text(rows)))
        assert (report.rows_rejected, report.exact_duplicates) == (2, 1)
        loaded = [{**r, "received_at": None} for r in town.rows("small", "events")]
        found.append((loaded, town.rejects(), report.files, dict(report.identifiers_found)))
    assert found[0] == found[1]
    assert len(found[0][1]) == 4
