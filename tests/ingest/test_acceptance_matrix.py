"""The acceptance matrix: each way in which a delivery is broken, and what must become of it.

F: the whole delivery is refused with a code, and what was there before is untouched. Q: rows or values
are rejected with a reason, the rest loads. L: it loads exactly. In each case the sum is right, a
message says where, and nothing personal is anywhere outside landing. Rows of the matrix that are
no property of files are in ``test_acceptance_moments``.
"""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from ingest_files import Town

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import PROVENANCE
from pm_pipeline.ingest.contract.reading import load_contract
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake.files import EMPTY_FILE
from pm_pipeline.ingest.loading.validation import validate_files
from pm_pipeline.ingest.rejects.reasons import RefusedError
from pm_pipeline.synthetic.broken import FAULTS, Broken, Fault, Workshop, broken_delivery

#: Rows that a test of another kind brings about, or that concern no delivery (58, 59, 61).
MOMENTS = {47, 48, 49, 50, 60, 62, 63, 64, 65}
NO_DELIVERY = {58, 59, 61}


@dataclass(frozen=True)
class Outcome:
    """``refused``: the code (contract: the contract itself is refused); ``words`` of the message.

    ``rejects``: (line, column or None, reason) of each; ``lost``: rows that did not enter; ``lake``:
    what stands in the lake for the lines whose rows are not simply the good ones. ``unlisted``,
    ``absent``: columns the report tells as not read, and as not in the file; ``cleaned``: values
    that it tells to be loaded as another text than was sent.
    """

    refused: str | None = None
    words: tuple[str, ...] = ()
    rejects: tuple[tuple[int, str | None, str], ...] = ()
    lost: int = 0
    lake: dict[int, dict[str, Any]] = field(default_factory=dict)
    first_line: int = 2
    unlisted: int = 0
    absent: str = ""
    cleaned: int = 0


def refused(code: str, *words: str) -> Outcome:
    return Outcome(refused=code, words=words)


def rejected(*rejects: tuple[int, str | None, str], lost: int = 0, **more: Any) -> Outcome:
    return Outcome(rejects=rejects, lost=lost, **more)


def loads(lake: dict[int, dict[str, Any]] | None = None, **more: Any) -> Outcome:
    return Outcome(lake=lake or {}, **more)


def told(line: int, *moments: datetime | None, **more: Any) -> dict[int, dict[str, Any]]:
    return {line + n: {"occurred_at": moment, **more} for n, moment in enumerate(moments)}


EXPECTED: dict[str, Outcome] = {
    "cut in a row": refused("TRUNCATED"),
    "cut in a row, stated by the sender": refused("TRUNCATED", "acts.control.csv, line 2", "bytes"),
    "cut at a line end, stated by the sender": refused("TRUNCATED", "acts.control.csv, line 2"),
    # Nothing in such a file tells that it is cut; only the sender, or its size beside earlier ones.
    "cut at a line end": loads(),
    "open quote": refused("UNTERMINATED_QUOTE"),
    "open quote in the header": refused("BAD_HEADER"),
    "doubled quote in the header": refused("BAD_HEADER"),
    "proper quotes": loads({21: {"unit": 'Team "Nord"; dør 2', "has_note": True}}),
    "bare quote": loads({21: {"unit": 'Team "Nord" 2'}}),
    "short row": rejected((21, None, "FIELD_COUNT"), lost=1, words=("10 fields", "3 fields")),
    "long row": rejected((21, None, "FIELD_COUNT"), lost=1, words=("10 fields", "12 fields")),
    "another delimiter in three rows": rejected(
        *((line, None, "FIELD_COUNT") for line in (59, 60, 61)), lost=3,
        lake={line: {} for line in range(2, 59)},
    ),
    "another delimiter in half the rows": refused("TOO_MANY_REJECTS", "30 of 60", "FIELD_COUNT"),
    "another delimiter": refused("HEADER_MISMATCH", "comma"),
    "byte order mark": loads(),
    "cp1252": refused("ENCODING", "cp1252"),
    "utf-16": refused("ENCODING", "UTF-16"),
    "utf-16, agreed": loads(),
    "encoded twice": rejected((21, "activity", "UNKNOWN_CODE"), lost=1),
    "NUL byte": refused("NUL_BYTE"),
    "NUL tail": refused("NUL_BYTE"),
    "line ends mixed": loads(),
    "CR alone": loads(),
    "header again": rejected((21, None, "REPEATED_HEADER"), lost=1),
    "no header": refused("HEADER_MISMATCH", "header line missing"),
    "column twice": refused("DUPLICATE_COLUMN"),
    "columns in another order": loads(),
    "column renamed": refused("HEADER_MISMATCH", "'tidspunktet' may be 'Tidspunkt'"),
    "required column missing": refused("HEADER_MISMATCH", "'CPR-nr'"),
    "optional column missing": loads({line: {"unit": None} for line in range(2, 62)}, absent="unit"),
    "column too many": loads(unlisted=1),
    "type changed in some rows": rejected(
        *((line, "hours", "NUMBER_FORMAT") for line in (11, 21, 31)),
        lake={line: {"hours": None} for line in (11, 21, 31)},
    ),
    "type changed": refused("COLUMN_UNREADABLE", "60 of 60", "NUMBER_FORMAT"),
    "no byte": refused("EMPTY"),
    "header only": refused("EMPTY", "no row"),
    "header only, permitted": loads(),
    "web page": refused("NOT_CSV", "HTML"),
    "workbook named csv": refused("WRONG_TYPE", "xlsx"),
    "archive named csv": refused("WRONG_TYPE", "gz"),
    "lines in front": refused("HEADER_MISMATCH", "line 4", "skip_lines: 3"),
    "footer": refused("FOOTER", "'footer'"),
    "lines in front and footer, agreed": loads(first_line=4),
    "footer with another count": refused("TRUNCATED", "65", "60"),
    "sep line": loads(first_line=3),
    "short year": rejected((21, "occurred_at", "DATE_FORMAT"), lake=told(21, None),
                           words=("two-digit year",)),
    "short year, agreed": loads(told(21, datetime(2022, 3, 25, 9))),
    "two formats that fit the same text": refused("contract", "can be read both"),
    "day or month": rejected(
        (23, "occurred_at", "DATE_FORMAT"),
        lake=told(21, datetime(2024, 2, 1, 9), datetime(2024, 12, 13, 9), None),
    ),
    "spreadsheet date": rejected((21, "occurred_at", "DATE_FORMAT"), lake=told(21, None)),
    "spreadsheet date, agreed": loads(told(21, datetime(2022, 3, 1, 11))),
    "times that are none": rejected(
        *((line, "occurred_at", "DATE_FORMAT") for line in (21, 22, 23)),
        lake=told(21, None, None, None),
    ),
    "24:00, agreed": loads(told(21, datetime(2024, 2, 28, 23))),
    "dates out of range": rejected(
        *((line, "occurred_at", "DATE_RANGE") for line in (21, 22, 23, 24)),
        lake=told(21, None, None, None, None),
    ),
    "no end, agreed": loads({21: {"ends_on": None}}),
    "a plan": loads(told(21, datetime(2031, 3, 1, 9))),
    "hour that is not": loads(told(21, datetime(2024, 3, 31, 1, 30), occurred_at_flag="dst_gap")),
    "hour that is twice": loads(told(21, datetime(2024, 10, 27, 1, 30), occurred_at_flag="dst_fold")),
    "day only": loads(told(21, datetime(2024, 3, 24, 23), occurred_at_precision="day")),
    "offsets": loads(told(
        21, datetime(2024, 3, 25, 8), datetime(2024, 3, 25, 10), datetime(2024, 3, 25, 15, 30),
        datetime(2024, 3, 25, 9),
    )),
    "numbers in other styles": rejected(
        *((line, "hours", "NUMBER_FORMAT") for line in range(21, 26)),
        lake={line: {"hours": None} for line in range(21, 26)},
    ),
    "formulas": loads({
        21 + n: {"unit": text}
        for n, text in enumerate(("=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-2+3"))
    }),
    "cell of a million characters": rejected((21, "unit", "TOO_LONG"), lake={21: {"unit": None}}),
    "line of three million characters": rejected((21, None, "TOO_LONG"), lost=1),
    "odd characters in codes": loads({
        21 + n: {"activity": code, "unit": "Århus"}
        for n, code in enumerate(("Samtale", "Samtale", "Tilbud", "Møde"))
    }, cleaned=8),
    "gzip bomb": refused("TOO_LARGE"),
    "zip bomb": refused("WRONG_TYPE"),
    "workbook bomb": refused("TOO_LARGE"),
    "workbook with a far cell": refused("TOO_LARGE"),
    "external entity": refused("XML_UNSAFE", "line 2"),
    "a billion laughs": refused("XML_UNSAFE", "line 2"),
    "document type alone": refused("XML_UNSAFE", "line 2"),
    "name of a pattern": loads(),
    "link": refused("PATH"),
    "folder": refused("PATH"),
    "name with a CPR number": refused("PERSONAL_DATA"),
    "hostile header": refused("HEADER_MISMATCH", "'CPR-nr'"),
    "octal version": loads(),
    "a word for no": loads(),
    "key twice": refused("contract", "line 14", "stands twice"),
    "python tag": refused("contract", "line 6", "tags"),
    "unknown key": refused("contract", "line 15", "max_rejected_procent: unknown key"),
    "aliases": refused("contract", "anchors and aliases"),
    "personal data in a text": rejected(
        *((line, "unit", "PERSONAL_DATA") for line in (21, 22, 23)),
        lake={line: {"unit": None} for line in (21, 22, 23)},
    ),
    "personal data in every text": refused("TOO_MANY_REJECTS", "column unit", "12 of 60"),
    "lost zero": rejected((21, "citizen_id", "CPR_LOST_ZERO"), lost=1),
    "lost zero, agreed": loads({21: {}}),
    "unknown code": rejected((21, "activity", "UNKNOWN_CODE"), lost=1),
    "column without a value": loads({line: {"hours": None} for line in range(2, 62)}),
    "a third of the rows": refused("TOO_MANY_REMOVED"),
}


def test_every_row_of_the_matrix_has_a_case() -> None:
    rows = {fault.row for fault in FAULTS}
    assert rows.isdisjoint(MOMENTS | NO_DELIVERY)
    assert rows | MOMENTS | NO_DELIVERY == set(range(1, 66))
    assert {fault.name for fault in FAULTS} == set(EXPECTED)


def test_a_fault_is_the_same_bytes_whenever_it_is_made(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        folder = Workshop(tmp_path / name)
        made.append((folder.text(), folder.canaries))
    assert made[0] == made[1]


def lake_bytes(town: Town) -> dict[str, bytes]:
    """Every file of the lake but the locks and the empty tables, which follow the contract."""
    return {
        str(path.relative_to(town.lake)): path.read_bytes() for path in sorted(town.lake.rglob("*"))
        if path.is_file() and ".lock" not in path.name and path.name != EMPTY_FILE
    }


def leaks(canaries: tuple[str, ...], *texts: str) -> list[str]:
    return [canary for canary in canaries for text in texts if canary in text]


def everything(folder: Path) -> str:
    """Names and bytes of all files below a folder, Parquet as its values too."""
    parts = []
    for path in sorted(folder.rglob("*")):
        parts.append(path.name)
        if path.is_file():
            parts.append(path.read_bytes().decode("utf-8", errors="replace"))
            if path.suffix == ".parquet":
                parts.append(str(pq.read_table(path).to_pylist()))
    return "\n".join(parts)


def contents(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k not in PROVENANCE.names} for row in rows]


@pytest.fixture
def earlier(town: Town) -> dict[str, dict[str, Any]]:
    """A good delivery is loaded; its rows by the pseudonym of the act. It has one row more."""
    folder = town.root / "earlier"
    folder.mkdir()
    shop = Workshop(folder)
    shop.rows.append(shop.row(len(shop.rows) + 1))
    good = shop.done()
    town.load(_system(town, good), *good.files)
    return {row["act_id"]: row for row in contents(town.rows("canary", "acts"))}


def _system(town: Town, broken: Broken) -> SystemContract:
    path = town.root / "contract.yaml"
    path.write_text(broken.contract, encoding="utf-8")
    return SystemContract((load_contract(path),))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: f"{one.row} {one.name}")
def test_a_broken_delivery_has_the_outcome_of_the_matrix(
    town: Town, earlier: dict[str, dict[str, Any]], fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    expected = EXPECTED[fault.name]
    folder = town.root / "sent"
    folder.mkdir()
    broken = broken_delivery(fault, folder)
    before = lake_bytes(town)
    if expected.refused is None:
        texts = _is_loaded(town, earlier, broken, expected)
    else:
        texts = _is_refused(town, broken, expected)
        assert lake_bytes(town) == before
    assert leaks(broken.canaries, *texts, caplog.text, everything(town.root / "work")) == []
    assert leaks(broken.canaries, everything(town.landing)) != [], "the search finds what is there"


def _is_refused(town: Town, broken: Broken, expected: Outcome) -> list[str]:
    if expected.refused == "contract":
        with pytest.raises(PipelineError) as refused_contract:
            _system(town, broken)
        message = str(refused_contract.value)
        assert all(word in message for word in ("contract.yaml, line", *expected.words)), message
        return [message]
    system = _system(town, broken)
    report = validate_files(system, broken.files, delivered_on=date(2026, 1, 2))
    with pytest.raises(RefusedError) as caught:
        town.load(system, *broken.files, day=2)
    message = str(caught.value)
    where = [] if broken.line is None else [f"line {broken.line}"]
    where += [] if broken.column is None else [f"column {broken.column}"]
    if expected.refused != "PERSONAL_DATA":
        where.append(broken.files[0].name)
    assert caught.value.code == expected.refused, message
    assert all(word in message for word in (*expected.words, *where)), message
    # A look back at earlier deliveries is the load's alone.
    if expected.refused != "TOO_MANY_REMOVED":
        assert caught.value.code in [problem.code for problem in report.problems]
    return [message, repr(report), *(str(problem) for problem in report.problems)]


def _is_loaded(
    town: Town, earlier: dict[str, dict[str, Any]], broken: Broken, expected: Outcome
) -> list[str]:
    system = _system(town, broken)
    validated = validate_files(system, broken.files, delivered_on=date(2026, 1, 2))
    assert validated.is_ok, validated.problems
    report = town.load(system, *broken.files, day=2)
    file = next(one for one in report.files if one.table == "acts")
    assert (file.rows_in_file, file.rows_rejected, file.exact_duplicates) == (
        broken.n_records, expected.lost, 0,
    )
    assert file.rows_in_file == file.rows_loaded + file.rows_rejected + file.exact_duplicates
    assert file.is_conserved and validated.rows_loaded == report.rows_loaded
    assert (file.unlisted_columns, file.absent_columns, file.values_cleaned) == (
        expected.unlisted, expected.absent, expected.cleaned,
    )
    rejects = [r for r in town.rejects() if r["delivery_id"] == report.delivery_id]
    assert sorted(((r["source_row"], r["column_name"], r["reason"]) for r in rejects), key=str) == (
        sorted(expected.rejects, key=str)
    )
    assert {r["source_file"] for r in rejects} <= {broken.files[0].name}
    assert all(any(word in str(r) for r in rejects) for word in expected.words)
    mine = [r for r in town.rows("canary", "acts") if r["delivery_id"] == report.delivery_id]
    _rows_are_as_sent(mine, earlier, expected)
    return [repr(report), repr(validated), str(rejects)]


def _rows_are_as_sent(
    mine: list[dict[str, Any]], earlier: dict[str, dict[str, Any]], expected: Outcome
) -> None:
    """Each row is the good one of its number, but for what the fault was about."""
    assert min(row["source_row"] for row in mine) == expected.first_line
    for row, content in zip(mine, contents(mine), strict=True):
        wanted = expected.lake.get(row["source_row"])
        if wanted is not None:
            assert {name: content[name] for name in wanted} == wanted
        else:
            assert content == earlier[content["act_id"]]
