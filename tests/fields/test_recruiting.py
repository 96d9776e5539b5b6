"""Another field whose log is object-centric: cases are objects of a type, by a row in `processes`.

Figures: the recruiting log of pm4py's test data, counted in the file itself. That file is OCEL 1.0,
which is refused; here its content is written as OCEL 2.0 first.
"""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pm_pipeline.ingest.contract.versions import load_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import list_deliveries, register_delivery
from pm_pipeline.ingest.loading.all_deliveries import load_deliveries
from pm_pipeline.settings import Settings, get_settings
from pm_pipeline.transform.build import build_warehouse
from tests.real_logs import LOGS

REPOSITORY = Path(__file__).resolve().parents[2]
FIELD = Path(__file__).with_name("recruiting")
LOG = LOGS / "ocel" / "recruiting-red.jsonocel.gz"
MUNICIPALITY = "991"


def _old_log() -> dict[str, Any]:
    if not LOG.exists():
        pytest.skip(f"the recruiting log is not here: {LOG} (set PM_TEST_LOGS)")
    read: dict[str, Any] = json.loads(gzip.decompress(LOG.read_bytes()))
    return read


def _as_ocel2(old: dict[str, Any]) -> dict[str, Any]:
    events, objects = old["ocel:events"], old["ocel:objects"]
    types = {id_: one["ocel:type"] for id_, one in objects.items()}

    def declared(names: list[str]) -> list[dict[str, Any]]:
        return [{"name": name, "attributes": []} for name in sorted(set(names))]

    return {
        "objectTypes": declared([*types.values()]),
        "eventTypes": declared([one["ocel:activity"] for one in events.values()]),
        "objects": [
            {"id": id_, "type": type_, "attributes": [], "relationships": []}
            for id_, type_ in types.items()
        ],
        "events": [
            {
                "id": id_, "type": one["ocel:activity"], "time": one["ocel:timestamp"],
                "attributes": [],
                # an object twice in an event, once for each of two roles it has in it
                "relationships": [
                    {"objectId": target, "qualifier": qualifier}
                    for target in one["ocel:omap"]
                    for qualifier in (["about", "of"] if types[target] == "offers" else ["about"])
                ],
            }
            for id_, one in events.items()
        ],
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, dict[str, Any]]]:
    """The log delivered, loaded and built up to the core, beside the log itself."""
    folder = tmp_path_factory.mktemp("recruiting")
    log = _as_ocel2(_old_log())
    file = folder / "recruiting.json.gz"
    file.write_bytes(gzip.compress(json.dumps(log).encode()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PM_DATA_DIR", str(folder / "data"))
        patch.setenv("PM_KEY_DIR", str(folder / "keys"))
        patch.setenv("PM_FIELD_DIR", str(FIELD))
        get_settings.cache_clear()
        settings = get_settings()
        contracts = load_contracts(settings.contract_dirs)
        system = contracts["object_log"]
        register_delivery(
            settings.landing_dir, MUNICIPALITY, system.latest, date(2019, 12, 1), [file]
        )
        lake_dir = settings.lake_dir(MUNICIPALITY)
        ensure_empty_tables(contracts.values(), lake_dir)
        loads = load_deliveries(
            list_deliveries(settings.landing_dir, MUNICIPALITY), system, lake_dir, settings.key_dir
        )
        assert loads.refused == []
        # the structural tests of the core are part of the build: none may complain
        build_warehouse(settings, MUNICIPALITY, "core")
        yield settings, log
    get_settings.cache_clear()


def _rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.warehouse_path(MUNICIPALITY)), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.slow
def test_events_objects_and_relations_are_those_of_the_log(
    built: tuple[Settings, dict[str, Any]]
) -> None:
    settings, log = built
    types = {one["id"]: one["type"] for one in log["objects"]}
    assert _rows(settings, "select count(*) from core.events") == [(6607,)]
    assert _rows(settings, "select count(*) from core.rejected_events") == [(0,)]
    assert _rows(settings, "select count(*) from core.rejected_relations") == [(0,)]
    assert sorted(_rows(
        settings, "select object_type, count(*) from core.objects where system_id = 'object_log'"
        " and object_type <> 'citizen' group by all",
    )) == sorted(Counter(types.values()).items()) == [("applications", 916), ("offers", 135)]
    told = Counter(
        (types[relation["objectId"]], relation["qualifier"])
        for event in log["events"] for relation in event["relationships"]
    )
    assert Counter({
        (type_, qualifier): count for type_, qualifier, count in _rows(
            settings, "select object_type, qualifier, count(*) from core.event_objects group by all"
        )
    }) == told
    assert sum(told.values()) == 6607 + 2 * 270


@pytest.mark.slow
def test_each_object_of_the_type_is_a_case_of_the_events_that_concern_it(
    built: tuple[Settings, dict[str, Any]]
) -> None:
    settings, log = built
    types = {one["id"]: one["type"] for one in log["objects"]}
    for process, type_, n_cases, n_events in (
        ("application", "applications", 916, 6607), ("offer", "offers", 135, 270),
    ):
        assert _rows(
            settings, "select count(*), sum(n_events), count(distinct regime_id) from core.cases"
            f" where process_id = '{process}'",
        ) == [(n_cases, n_events, 1)]
        [(edges,)] = _rows(
            settings,
            f"select sum(n_occurrences) from core.directly_follows where process_id = '{process}'",
        )
        assert edges == n_events - n_cases
        walks: dict[str, list[tuple[str, str]]] = {}
        for event in log["events"]:
            for target in {relation["objectId"] for relation in event["relationships"]}:
                if types[target] == type_:
                    walks.setdefault(target, []).append((event["time"], event["type"]))
        assert Counter(_rows(
            settings, "select list(activity_id order by activity_id)::varchar,"
            " min(occurred_at)::varchar from core.event_log"
            f" where process_id = '{process}' group by case_id",
        )) == Counter(
            (f"[{', '.join(sorted(name for _, name in walk))}]",
             min(walk)[0].replace("T", " ").removesuffix(".000Z"))
            for walk in walks.values()
        )


@pytest.mark.slow
def test_no_id_of_the_log_is_in_the_warehouse(built: tuple[Settings, dict[str, Any]]) -> None:
    settings, _ = built
    for table in ("events", "objects", "event_objects", "cases", "event_log"):
        assert "Application[" not in str(_rows(settings, f"select * from core.{table}"))


@pytest.mark.slow
def test_the_log_as_it_is_delivered_is_refused_with_one_sentence(tmp_path: Path) -> None:
    _old_log()
    answer = subprocess.run(
        [sys.executable, "-m", "pm_pipeline.cli", "validate", "-s", "object_log", str(LOG)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env=os.environ | {"PM_DATA_DIR": str(tmp_path / "data"), "PM_FIELD_DIR": str(FIELD)},
    )
    told = " ".join((answer.stdout + answer.stderr).split())
    assert answer.returncode == 1 and "Traceback" not in told
    assert "NOT_OCEL" in told and "version 1.0" in told
