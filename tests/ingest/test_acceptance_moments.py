"""The rows of the acceptance matrix that are no property of files: kills, full disks, clocks, keys."""

import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from ingest_files import Town, csv_text, row, small_contract

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import Contract
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake import files as lake
from pm_pipeline.ingest.landing import deliveries as landing
from pm_pipeline.ingest.landing.deliveries import list_deliveries
from pm_pipeline.ingest.loading import building, load
from pm_pipeline.ingest.loading.load import load_delivery
from pm_pipeline.ingest.rejects.reasons import RefusedError
from tests.full_disk import fill

REPO = Path(__file__).resolve().parents[2]
FIRST, SECOND = [row(n) for n in range(1, 6)], [row(n) for n in range(3, 9)]


def old(path: Path) -> Path:
    """A file that nobody has written to for a while."""
    os.utime(path, (1_767_225_600, 1_767_225_600))
    return path


def sent(town: Town, name: str, rows: list[str]) -> Path:
    return old(town.file(name, csv_text(rows)))


def ids(town: Town) -> set[str]:
    return {str(r["row_id"]) for r in town.rows("small", "events")}


def test_the_same_bytes_under_another_name_are_the_same_delivery(town: Town) -> None:
    """Row 47."""
    contract = small_contract(town.root)
    first = town.load(contract, sent(town, "events.csv", FIRST))
    again = town.load(contract, sent(town, "events_copy.csv", FIRST), day=9)
    assert (first.already_loaded, again.already_loaded) == (False, True)
    assert again.delivery_id == first.delivery_id and len(town.rows("small", "events")) == 5


def test_overlapping_deliveries_stand_side_by_side_with_their_days(town: Town) -> None:
    """Row 48: which version of a row is current is decided in staging, from both."""
    contract = small_contract(town.root)
    town.load(contract, sent(town, "events.csv", FIRST))
    town.load(contract, sent(town, "events.csv", SECOND), day=2)
    rows = town.rows("small", "events")
    assert len(rows) == 11 and len(ids(town)) == 8
    assert sorted({r["delivered_on"].day for r in rows}) == [1, 2]


def test_a_file_that_still_grows_is_refused_and_taken_when_it_is_whole(town: Town) -> None:
    """Row 49."""
    contract, text = small_contract(town.root), csv_text(FIRST)
    path = town.file("events.csv", text[:200])
    path.touch()

    def write_on() -> None:
        time.sleep(0.3)
        with path.open("a", encoding="utf-8") as file:
            file.write(text[200:])

    writer = threading.Thread(target=write_on)
    writer.start()
    with pytest.raises(RefusedError, match=r"events\.csv") as caught:
        town.register(contract, path)
    writer.join()
    assert caught.value.code == "CHANGED"
    assert list_deliveries(town.landing, "901") == []
    assert town.load(contract, old(path)).rows_loaded == 5


@pytest.mark.parametrize("change", ["vanishes", "is replaced", "is cut"])
def test_a_file_that_changes_after_it_was_registered_is_refused(town: Town, change: str) -> None:
    """Row 50."""
    contract = small_contract(town.root)
    town.load(contract, sent(town, "events.csv", FIRST))
    before = town.lake_files()
    delivery = town.register(contract, sent(town, "events.csv", SECOND), day=2)
    landed = delivery.folder / "events.csv"
    if change == "vanishes":
        landed.unlink()
    elif change == "is replaced":
        landed.write_text(csv_text(FIRST), encoding="utf-8")
    else:
        os.truncate(landed, 300)
    with pytest.raises(RefusedError) as caught:
        load_delivery(delivery, SystemContract((contract,)), town.lake, town.keys)
    assert caught.value.code == "CHANGED" and town.lake_files() == before


# Row 58: where a process is killed, by the function in which it dies.
def _die(*_: object, **__: object) -> None:
    os._exit(9)


def _after(function: Callable[..., object]) -> Callable[..., None]:
    def then_die(*given: object, **named: object) -> None:
        function(*given, **named)
        os._exit(9)

    return then_die


MOMENTS: dict[str, tuple[object, str, object]] = {
    "while files are copied": (landing, "copy_into", _after(landing.copy_into)),
    "before the manifest": (landing, "write_private_text", _die),
    "after the manifest": (landing, "write_private_text", _after(landing.write_private_text)),
    "after the delivery has its name": (landing, "_sync_dir", _die),
    "while rows are typed": (building, "_lake_rows", _die),
    "while duplicates are looked for": (building, "drop_duplicates", _die),
    "after the tables are built": (load, "problems", _die),
    "before the promotion": (lake, "promote", _die),
    "after the marker": (lake, "promote", _after(lake.promote)),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_leaves_the_last_good_state_and_the_next_run_completes(
    town: Town, moment: str
) -> None:
    contract = small_contract(town.root)
    town.load(contract, sent(town, "events.csv", FIRST))
    before, rows_before = town.lake_files(), town.rows("small", "events")
    second = sent(town, "events_2.csv", SECOND)
    module, name, dying = MOMENTS[moment]
    child = os.fork()
    if child == 0:
        setattr(module, name, dying)
        try:
            town.load(contract, second, day=2)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    if moment == "after the marker":
        assert len(town.rows("small", "events")) == 11
    else:
        good = {path for path in town.lake_files() if not path.startswith(".building")}
        assert good == before and town.rows("small", "events") == rows_before
    assert all(one.folder.is_dir() for one in list_deliveries(town.landing, "901"))
    again = town.load(contract, second, day=2)
    assert again.rows_loaded == 6 and again.already_loaded == (moment == "after the marker")
    assert len(town.rows("small", "events")) == 11
    assert not list(town.lake.glob(".building*")) and not list(town.landing.rglob(".incoming*"))


def _loaded(town: Town, contract: Contract) -> None:
    town.load(contract, sent(town, "events.csv", FIRST))


@pytest.mark.parametrize("zone", ["landing", "work", "keys"])
def test_a_full_disk_is_told_leaves_the_last_good_state_and_the_next_run_completes(
    town: Town, small_disk: Path, zone: str
) -> None:
    """Row 60: the copy into landing, the building in the lake, the key of a new municipality."""
    contract = small_contract(town.root)
    (town.root / zone).symlink_to(small_disk, target_is_directory=True)
    if zone != "keys":
        _loaded(town, contract)
    rows = town.rows("small", "events")
    second = sent(town, "events_2.csv", [row(n) for n in range(100, 3000)])
    filler = fill(small_disk)
    with pytest.raises(PipelineError, match="No space left on device") as caught:
        town.load(contract, second, day=2)
    assert str(town.root) in str(caught.value)
    assert town.rows("small", "events") == rows
    assert not list(town.lake.glob(".building*")) and not list(town.landing.rglob(".incoming*"))
    filler.unlink()
    assert town.load(contract, second, day=2).rows_loaded == 2900


PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, "tests/ingest")
from ingest_files import Town, small_contract
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import list_deliveries
from pm_pipeline.ingest.loading.load import load_delivery
town = Town(Path(sys.argv[1]))
system = SystemContract((small_contract(town.root),))
ensure_empty_tables([system], town.lake)
for delivery in list_deliveries(town.landing, "901"):
    print(load_delivery(delivery, system, town.lake, town.keys).rows_loaded)
"""


def _in_a_process(folder: Path, *before: str, **environment: str) -> dict[str, bytes]:
    """Load what lies in landing in a process of its own; the files of the table."""
    shutil.rmtree(folder / "work", ignore_errors=True)
    done = subprocess.run(
        [*before, sys.executable, "-c", PROGRAM, str(folder)], cwd=REPO, capture_output=True,
        text=True, timeout=120, env={**os.environ, "PYTHONPATH": str(REPO), **environment},
    )
    assert (done.returncode, done.stdout) == (0, "5\n"), done.stderr
    table = Town(folder).lake / "small" / "events"
    return {path.name: path.read_bytes() for path in sorted(table.glob("*.parquet"))}


def test_the_zone_and_the_hour_of_the_machine_change_no_byte_of_the_lake(town: Town) -> None:
    """Row 64: times are those of the contract's zone; nothing in a table is the time of its loading."""
    town.register(small_contract(town.root), sent(town, "events.csv", FIRST))
    here = _in_a_process(town.root, TZ="UTC")
    assert _in_a_process(town.root, TZ="Pacific/Auckland") == here
    assert _in_a_process(town.root, TZ="") == here


def test_a_delivery_is_loaded_without_any_network(town: Town) -> None:
    """Row 65."""
    alone = ["unshare", "-n"]
    if shutil.which("unshare") is None or subprocess.run(
        [*alone, "true"], capture_output=True
    ).returncode:
        pytest.skip("a network of its own needs unshare and the right to use it")
    town.register(small_contract(town.root), sent(town, "events.csv", FIRST))
    assert len(_in_a_process(town.root, *alone)) == 2


BOMBS = """
import resource
import sys
from datetime import date
from pathlib import Path
from pm_pipeline.ingest.contract.reading import load_contract
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.loading.validation import validate_files
from pm_pipeline.synthetic.broken import FAULTS, broken_delivery
folder = Path(sys.argv[1])
fault = next(one for one in FAULTS if one.name == sys.argv[2])
broken = broken_delivery(fault, folder)
(folder / "contract.yaml").write_text(broken.contract, encoding="utf-8")
system = SystemContract((load_contract(folder / "contract.yaml"),))
print(*(one.code for one in validate_files(system, broken.files).problems))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize(("name", "code"), [
    ("gzip bomb", "TOO_LARGE"), ("zip bomb", "WRONG_TYPE"), ("workbook bomb", "TOO_LARGE"),
    ("workbook with a far cell", "TOO_LARGE"), ("a billion laughs", "XML_UNSAFE"),
])
def test_a_bomb_is_refused_in_the_memory_of_any_other_file(
    tmp_path: Path, name: str, code: str
) -> None:
    """Rows 45 and 46: at most a gigabyte, and an end (measured: a few seconds)."""
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    done = subprocess.run(
        [sys.executable, "-c", BOMBS, str(tmp_path), name], cwd=REPO, capture_output=True, text=True,
        timeout=300, preexec_fn=limit, env={**os.environ, "PYTHONPATH": str(REPO)},
    )
    found, kilobytes = done.stdout.split()
    assert found == code, done.stderr
    assert int(kilobytes) < 1024 * 1024


@pytest.mark.parametrize("spoil", [
    lambda key: key.write_text("00" * 32), lambda key: key.write_text("ab" * 31),
    lambda key: key.chmod(0o644), lambda key: key.unlink(), lambda key: key.write_bytes(b""),
], ids=["another key", "too short", "readable by others", "gone", "empty"])
def test_a_key_that_is_not_the_one_stops_the_load(
    town: Town, spoil: Callable[[Path], object]
) -> None:
    """Row 63."""
    contract = small_contract(town.root)
    town.load(contract, sent(town, "events.csv", FIRST))
    before = town.lake_files()
    key = town.keys / "901.key"
    spoil(key)
    with pytest.raises(PipelineError, match=r"901\.key"):
        town.load(contract, sent(town, "events_2.csv", SECOND), day=2)
    assert town.lake_files() == before and len(town.rows("small", "events")) == 5
