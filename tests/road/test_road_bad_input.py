"""Bad input ends in one message, and what was good before still serves."""

import csv
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pm_pipeline.ingest.contract.versions import load_contracts
from pm_pipeline.ingest.landing.deliveries import register_delivery
from pm_pipeline.settings import Settings
from tests.road.planted_values import planted
from tests.road.test_road_published import small_groups
from tests.road.the_road import (
    MUNICIPALITIES,
    Call,
    Place,
    Road,
    planned_demo,
    published_rows,
    state,
    truth_of,
)

pytestmark = pytest.mark.slow

_SYSTEMS = {
    "901": "momentum", "902": "momentum", "903": "fasit", "904": "fasit", "905": "event_log",
}
_ENCODINGS = {"momentum": "utf-8-sig", "fasit": "cp1252"}
TONIGHT = ("901", "902", "903", "905")
K = 7


def last_day(municipality_id: str) -> date:
    """The day of a municipality's last delivery."""
    return planned_demo()[municipality_id].span.exports[1]


def next_day(municipality_id: str) -> date:
    """The day after it; of one that is not in the demo, the day after anybody's."""
    days = [last_day(one) for one in MUNICIPALITIES if one == municipality_id]
    return max(days or map(last_day, MUNICIPALITIES)) + timedelta(days=1)


def last_files(place: Place, municipality_id: str) -> list[Path]:
    """The files of a municipality's last delivery."""
    deliveries = place.landing(municipality_id, _SYSTEMS[municipality_id]).glob("2*")
    return sorted(path for path in max(deliveries).iterdir() if path.name != "delivery.json")


def a_next_delivery(
    place: Place, municipality_id: str, folder: Path, name: str,
    change: Callable[[list[list[str]]], None],
) -> list[Path]:
    """Copies of the last delivery's files, with the one whose name begins so changed."""
    folder.mkdir()
    copied = [Path(shutil.copy(path, folder)) for path in last_files(place, municipality_id)]
    (target,) = [path for path in copied if path.name.startswith(name)]
    encoding = _ENCODINGS[_SYSTEMS[municipality_id]]
    rows = list(csv.reader(io.StringIO(target.read_bytes().decode(encoding)), delimiter=";"))
    change(rows)
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    target.write_bytes(text.getvalue().encode(encoding))
    return copied


def deliver(place: Place, municipality_id: str, files: list[Path]) -> Call:
    """`pm-pipeline deliver` for the day after the last delivery."""
    return place.call(
        "deliver", "-m", municipality_id, "-s", _SYSTEMS.get(municipality_id, "fasit"),
        "--delivered-on", next_day(municipality_id).isoformat(), *files,
    )


def _without_citizen(rows: list[list[str]]) -> None:
    rows[0][rows[0].index("CPR-nr")] = "Nummer"


def _short_years(rows: list[list[str]]) -> None:
    at = rows[0].index("Hændelsesdato")
    for row in rows[1:]:
        row[at] = row[at][:6] + row[at][8:]


_FASIT_FILE = f"fasit_haendelser_{last_day('903'):%Y%m%d}.csv"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_without_citizen, (_FASIT_FILE, "line 1", "'CPR-nr'")),
        (_short_years, (_FASIT_FILE, "column occurred_at", "DATE_FORMAT")),
    ],
)
def test_a_file_that_breaks_its_contract_is_refused_at_the_door(
    road: Road, tmp_path: Path, change: Callable[[list[list[str]]], None], words: tuple[str, ...]
) -> None:
    before = state(road.data_dir)
    files = a_next_delivery(road, "903", tmp_path / "files", "fasit", change)
    refused = deliver(road, "903", files)
    assert refused.exit_code == 1
    assert "the delivery is refused, nothing was registered" in refused.words
    for word in words:
        assert word in refused.words
    assert "Traceback" not in refused.output
    assert planted().found_in(refused.output.encode()) == []
    assert state(road.data_dir) == before


def test_an_open_quote_is_refused_with_the_line_it_stands_in(road: Road, tmp_path: Path) -> None:
    before = state(road.data_dir)
    header, first, *_ = last_files(road, "903")[0].read_bytes().split(b"\r\n")
    broken = tmp_path / "fasit_haendelser.csv"
    broken.write_bytes(header + b"\r\n" + first.replace(b";", b';"', 1))
    refused = deliver(road, "903", [broken])
    assert refused.exit_code == 1
    assert "fasit_haendelser.csv, line 2" in refused.words
    assert planted().found_in(refused.output.encode()) == []
    assert state(road.data_dir) == before


def test_an_archive_that_ends_too_early_is_refused_by_name(road: Road, tmp_path: Path) -> None:
    before = state(road.data_dir)
    broken = tmp_path / "forloeb.xes.gz"
    whole = last_files(road, "905")[0].read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    refused = deliver(road, "905", [broken])
    assert refused.exit_code == 1
    assert "forloeb.xes.gz" in refused.words
    assert planted().found_in(refused.output.encode()) == []
    assert state(road.data_dir) == before


def test_an_unknown_municipality_is_a_wrong_call(road: Road) -> None:
    refused = deliver(road, "999", last_files(road, "903"))
    assert refused.exit_code == 2
    assert "unknown municipality '999'" in refused.words


@dataclass(frozen=True)
class Night:
    """One run, of four municipalities: three have something bad, one has something good.

    The minimum group was raised before it, so that what is published is stale everywhere.
    """

    place: Place
    before: dict[str, dict[str, str]]
    refused: dict[str, str]
    run: Call


def _state_of(place: Place, municipality_id: str) -> dict[str, str]:
    """What serves of a municipality: publication, warehouse, lake, quality and models."""
    found = {
        f"work/{name}": text for name, text in state(place.work(municipality_id)).items()
        # why a delivery was refused is remembered beside the lake, and serves nothing
        if not name.startswith((".dbt/", "lake/.lock", "lake/refusals/", ".build.lock"))
    }
    return found | state(place.published(municipality_id))


def _smuggle(place: Place, municipality_id: str, files: list[Path]) -> str:
    """Register files without the check at the door; the id of the delivery."""
    contract = load_contracts(Settings().contract_dirs)[_SYSTEMS[municipality_id]].latest
    landing = place.data_dir / "landing"
    delivery = register_delivery(landing, municipality_id, contract, next_day(municipality_id), files)
    assert not delivery.already_there
    return delivery.delivery_id


@pytest.fixture(scope="module")
def night(road: Road, tmp_path_factory: pytest.TempPathFactory) -> Night:
    folder = tmp_path_factory.mktemp("night")
    place = road.copy_to(folder)
    before = {one: _state_of(place, one) for one in MUNICIPALITIES}

    def without_citizen(rows: list[list[str]]) -> None:
        rows[0][rows[0].index("cpr")] = "nummer"

    def without_last_row(rows: list[list[str]]) -> None:
        del rows[-1]

    refused = {
        "901": _smuggle(
            place, "901", a_next_delivery(place, "901", folder / "901", "tasks", without_citizen)
        )
    }
    for one, name in (("902", "tasks"), ("903", "fasit")):
        files = a_next_delivery(place, one, folder / one, name, without_last_row)
        delivered = deliver(place, one, files)
        assert delivered.exit_code == 0, delivered.output
    # somebody puts back the wrong key
    shutil.copy2(place.key_dir / "903.key", place.key_dir / "902.key")
    torn = folder / "forloeb.xes.gz"
    whole = last_files(place, "905")[0].read_bytes()
    torn.write_bytes(whole[: len(whole) // 2])
    refused["905"] = _smuggle(place, "905", [torn])
    chosen = [word for one in TONIGHT for word in ("-m", one)]
    return Night(place, before, refused, place.call("run", *chosen, PM_MIN_GROUP_SIZE=str(K)))


def test_a_run_in_which_something_failed_exits_with_one_and_says_all_it_knows(
    night: Night,
) -> None:
    assert night.run.exit_code == 1
    assert "What was published before still stands." in night.run.output
    assert "Traceback" not in night.run.output
    failures = {
        line.split()[0]: line for line in night.run.output.splitlines() if " failed: " in line
    }
    assert set(failures) == {"901", "902", "905"}
    assert all(word in failures["901"] for word in (
        f"tasks_{last_day('901'):%Y%m%d}.csv", "line 1", "'cpr'"))
    assert str(night.place.key_dir / "902.key") in failures["902"]
    assert "key file changed" in failures["902"]
    assert "forloeb.xes.gz" in failures["905"]


def test_a_failure_says_no_planted_value_and_leaves_none_in_the_history(night: Night) -> None:
    assert planted().found_in(night.run.output.encode()) == []
    for zone in ("dagster", "dbt/logs"):
        for path in (night.place.data_dir / zone).rglob("*"):
            if path.is_file():
                assert planted().found_in(path.read_bytes()) == [], path


@pytest.mark.parametrize("municipality_id", ["901", "902", "905"])
def test_a_municipality_that_failed_keeps_its_last_good_state(
    night: Night, municipality_id: str
) -> None:
    assert _state_of(night.place, municipality_id) == night.before[municipality_id]


def test_nothing_of_a_refused_delivery_is_in_the_lake(night: Night) -> None:
    for municipality_id, delivery_id in night.refused.items():
        lake = night.place.lake(municipality_id)
        names = [
            path.name for path in lake.rglob("*") if not path.is_relative_to(lake / "refusals")
        ]
        assert names
        remembered = [path for path in (lake / "refusals").glob("*.json") if delivery_id in path.name]
        assert len(remembered) == 1
        assert not [name for name in names if delivery_id in name or name.startswith(".building")]


def test_a_municipality_that_was_not_asked_for_is_left_alone(night: Night) -> None:
    assert _state_of(night.place, "904") == night.before["904"]


def test_a_good_delivery_is_published_though_others_failed(night: Night, road: Road) -> None:
    (deliveries, rejected, events), *more = published_rows(
        night.place, "903", "select deliveries, rejected_events, events from publication"
    )
    assert not more
    assert f"fasit {next_day('903'):%Y%m%d}-" in str(deliveries)
    assert _state_of(night.place, "903") != night.before["903"]
    # Every row but one of the last delivery was told again: nothing new happened.
    assert events == truth_of("903").n_events
    (before,) = published_rows(road, "903", "select rejected_events from publication")[0]
    assert int(str(rejected)) > int(str(before))


def test_a_raised_minimum_group_is_another_publication_without_smaller_groups(
    night: Night, road: Road
) -> None:
    stated = published_rows(night.place, "903", "select min_group_size from publication")
    assert stated == [(K,)]
    assert small_groups(night.place, "903", K) == []
    assert small_groups(road, "903", K) != [], "the demo has groups between the two minimums"


def test_a_refused_delivery_is_a_failed_run_with_a_failed_check_in_dagster(night: Night) -> None:
    with dg.DagsterInstance.from_config(str(night.place.data_dir / "dagster")) as instance:
        for municipality_id in ("901", "902", "905"):
            run = instance.get_runs(
                dg.RunsFilter(tags={"dagster/partition": municipality_id}), limit=1
            )[0]
            assert run.status is dg.DagsterRunStatus.FAILURE
            if municipality_id not in night.refused:
                continue  # a wrong key is no fault of a delivery
            records = instance.get_records_for_run(
                run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
            ).records
            failed = [
                check for record in records
                for event in [record.event_log_entry.dagster_event] if event is not None
                for check in [event.asset_check_evaluation_data] if not check.passed
            ]
            assert {check.check_name for check in failed} == {"fits_its_contract"}
            assert {check.asset_key.path[-1].split("_")[0] for check in failed} == {
                _SYSTEMS[municipality_id].split("_")[0]
            }
            assert all("refused" in check.metadata for check in failed)


def test_when_the_bad_delivery_is_taken_away_all_is_as_before(night: Night) -> None:
    for municipality_id, delivery_id in night.refused.items():
        folder = night.place.landing(municipality_id, _SYSTEMS[municipality_id]) / delivery_id
        shutil.rmtree(folder)
    again = night.place.call("run", "-m", "901", "-m", "905")
    assert again.exit_code == 0
    assert "Everything was up to date: nothing was run." in again.output
