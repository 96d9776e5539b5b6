"""The sender's control file: what it states is held against what came, at the door and at the load."""

from hashlib import sha256
from pathlib import Path

import pytest
from ingest_files import Town, csv_text, row, small_contract

from pm_pipeline.ingest.contract.model import Contract
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.landing.control_file import control_problems
from pm_pipeline.ingest.loading.validation import validate_files
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

TEXT = csv_text([row(n) for n in range(1, 6)])
HEADER = "file;rows;size_bytes;sha256"


@pytest.fixture
def contract(town: Town) -> Contract:
    return small_contract(
        town.root, "certainty:", 'control_file: "*.control.csv"\n  certainty:'
    )


def control(rows: object = "", size: object = "", digest: str = "", name: str = "events.csv") -> str:
    return f"{HEADER}\r\n{name};{rows};{size};{digest}\r\n"


def delivered(town: Town, told: str | bytes, text: str = TEXT) -> list[Path]:
    return [town.file("events.csv", text), town.file("events.control.csv", told)]


def refusals(town: Town, contract: Contract, files: list[Path]) -> list[str]:
    """What validation says; the load of the same files must say it too."""
    found = validate_files(SystemContract((contract,)), files).problems
    if found:
        with pytest.raises(RefusedError) as caught:
            town.load(contract, *files)
        assert caught.value.code == found[0].code
        assert town.lake_files() == set()
    return [str(one) for one in found]


@pytest.mark.parametrize("told", [
    control(5), control(size=len(TEXT.encode())),
    control(5, len(TEXT.encode()), sha256(TEXT.encode()).hexdigest()),
    control(digest=sha256(TEXT.encode()).hexdigest().upper(), name="EVENTS.csv"),
    "\ufeff" + control(5).replace("\r\n", "\n") + "\n",
])
def test_files_that_are_as_stated_are_loaded(town: Town, contract: Contract, told: str) -> None:
    files = delivered(town, told)
    assert refusals(town, contract, files) == []
    report = town.load(contract, *files)
    assert [(file.source_file, file.rows_loaded) for file in report.files] == [("events.csv", 5)]


@pytest.mark.parametrize(("told", "words"), [
    (control(6), "events.csv: TRUNCATED: the control file (events.control.csv, line 2) says 6 rows"),
    (control(size=1), "says 1 bytes"),
    (control(digest="0" * 64), "another sha256"),
])
def test_a_file_that_is_not_as_stated_is_refused(
    town: Town, contract: Contract, told: str, words: str
) -> None:
    problem, = refusals(town, contract, delivered(town, told))
    assert words in problem


@pytest.mark.parametrize(("told", "where", "code"), [
    (control(5, name="events_2.csv"), "line 2", "MISSING_TABLE"),
    (control(5) + "events_2.csv;1;;\n", "line 3", "MISSING_TABLE"),
    (HEADER + "\n", "events.csv", "UNKNOWN_FILE"),
    ("file,rows\n", "line 1", "CONTROL_FILE"),
    (control("fem"), "line 2, column rows", "CONTROL_FILE"),
    (control(digest="abc"), "line 2, column sha256", "CONTROL_FILE"),
    (control(), "line 2", "CONTROL_FILE"),
    (control(5) + "EVENTS.csv;5;;\n", "line 2", "CONTROL_FILE"),
    (control(5) + "x;1\n", "line 3", "CONTROL_FILE"),
    (b"file;rows\xff", "events.control.csv", "CONTROL_FILE"),
    ("", "line 1", "CONTROL_FILE"),
    (control(5) + "\n" * 2**20, "events.control.csv", "CONTROL_FILE"),
])
def test_a_control_file_that_tells_of_other_files_or_is_none_is_refused(
    town: Town, contract: Contract, told: str | bytes, where: str, code: str
) -> None:
    problem = refusals(town, contract, delivered(town, told))[0]
    assert where in problem and f": {code}: " in problem


def test_a_delivery_without_its_control_file_is_refused_and_a_look_at_one_file_is_not(
    town: Town, contract: Contract
) -> None:
    file = town.file("events.csv", TEXT)
    assert "control file" in refusals(town, contract, [file])[0]
    assert validate_files(SystemContract((contract,)), [file], whole=False).is_ok


def test_a_hash_that_is_known_already_is_not_made_again(town: Town, contract: Contract) -> None:
    """The file is read for its rows and hashed beside; a third time would be for nothing."""
    files = delivered(town, control(digest=sha256(TEXT.encode()).hexdigest()))
    known = {"events.csv": "0" * 64}
    problem, = control_problems(contract, files, hashes=known)
    assert problem.code is Refusal.TRUNCATED
    assert control_problems(contract, files, hashes={}) == []
