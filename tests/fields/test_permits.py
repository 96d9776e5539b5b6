"""Another field by data only: the permit log of a Dutch municipality through the same code.

Figures: the receipt phase of the CoSeLoG project (WABO), doi 10.4121/uuid:a07386a5-7be3-4367-9535-
70bc9e77dbe6, counted independently with pm4py.
"""

import gzip
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.real_logs import LOGS

REPOSITORY = Path(__file__).resolve().parents[2]
FIELD = Path(__file__).with_name("permits")
MUNICIPALITY = "990"
EMPLOYMENT = ("momentum", "fasit", "forsikrede_ledige", "kontanthjaelp", "jobcenter", "ledig")


@dataclass(frozen=True)
class Town:
    """The data folder of one installation of the permit field."""

    data_dir: Path

    def call(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run the command line as a user of this field would."""
        return subprocess.run(
            [sys.executable, "-m", "pm_pipeline.cli", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.data_dir.parent,
            env=os.environ | {
                "PM_DATA_DIR": str(self.data_dir),
                "PM_KEY_DIR": str(self.data_dir.parent / "keys"),
                "PM_FIELD_DIR": str(FIELD),
            },
        )

    def rows(
        self, query: str, database: str = "work/990/warehouse.duckdb"
    ) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.data_dir / database), read_only=True) as connection:
            return connection.execute(query).fetchall()


def _log(name: str) -> Path:
    path = LOGS / "receipt" / name
    if not path.exists():
        pytest.skip(f"the receipt log is not here: {path} (set PM_TEST_LOGS)")
    return path


@pytest.fixture(scope="session", params=["Receipt.xes.gz", "receipt.csv.gz"])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The log delivered in one of its two formats and run to its publication."""
    log = _log(request.param)
    made = Town(tmp_path_factory.mktemp("permits") / "data")
    delivered = made.call(
        "deliver", "-m", MUNICIPALITY, "-s", "event_log", "--delivered-on", "2012-06-01", log
    )
    assert delivered.returncode == 0, delivered.stderr
    ran = made.call("run")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "990 Receipt municipality" in ran.stdout and "Traceback" not in ran.stdout + ran.stderr
    return made


@pytest.mark.slow
def test_every_event_of_the_log_is_in_the_warehouse_and_none_is_rejected(town: Town) -> None:
    [(n_events, n_cases, n_activities)] = town.rows(
        "select count(*), count(distinct case_id), count(distinct activity_id) from core.event_log"
    )
    assert (n_events, n_cases, n_activities) == (8577, 1434, 27)
    assert town.rows("select count(*) from core.events") == [(8577,)]
    assert town.rows("select count(*) from core.rejected_events") == [(0,)]
    assert town.rows("select count(*) from core.unmapped_codes") == [(0,)]
    assert town.rows("select sum(rows_in_file), sum(rows_loaded) from core.deliveries") == [
        (8577, 8577)
    ]


@pytest.mark.slow
def test_cases_variants_and_edges_are_those_of_the_log(town: Town) -> None:
    assert town.rows("select count(*), count(distinct variant_id) from core.cases") == [(1434, 116)]
    assert town.rows("select count(*), sum(n_cases) from core.variants") == [(116, 1434)]
    edges = "select count(*), sum(n_occurrences) from core.directly_follows"
    assert town.rows(edges) == [(99, 7143)]
    ends = "select kind, sum(n_cases) from core.start_end_activities group by kind order by kind"
    assert town.rows(ends) == [("end", 1434), ("start", 1434)]
    starts = "select activity_id from core.start_end_activities where kind = 'start'"
    [(first,)] = town.rows(starts)
    assert first == "Confirmation of receipt"


@pytest.mark.slow
def test_every_case_has_the_one_law_of_this_field(town: Town) -> None:
    assert town.rows("select process_id, regime_id, count(*) from core.cases group by all") == [
        ("permit_receipt", "permit_receipt__20101001", 1434)
    ]
    assert town.rows("select count(*) from core.rule_outcomes") == [(0,)]


@pytest.mark.slow
def test_the_data_is_judged_by_the_suites_of_this_field_alone(town: Town) -> None:
    results = town.rows(
        "select distinct rule_id, outcome from "
        f"read_parquet('{town.data_dir}/work/990/quality/rule_results.parquet')"
    )
    suites = (FIELD / "expectations").rglob("*.json")
    rules = {
        expectation["meta"]["rule_id"]
        for suite in suites
        for expectation in json.loads(suite.read_text())["expectations"]
    }
    assert rules and {rule for rule, _ in results} == rules
    assert {outcome for _, outcome in results} == {"PASS"}


@pytest.mark.slow
def test_the_results_are_published_with_a_model_a_map_and_a_receipt(town: Town) -> None:
    database = "published/990/published.duckdb"
    published = town.data_dir / "published" / "990"
    models = town.rows("select algorithm, n_cases from discovered_models_summary", database)
    assert len({algorithm for algorithm, _ in models}) == len(models) == 3
    assert all(isinstance(n_cases, int) and 1000 < n_cases <= 1434 for _, n_cases in models)
    [(edges, smallest)] = town.rows("select count(*), min(n_citizens) from process_map", database)
    assert isinstance(edges, int) and 20 < edges <= 99
    assert isinstance(smallest, int) and smallest >= 5
    receipt = json.loads((published / "receipt.json").read_text())
    assert (receipt["rows_in"], receipt["events"]) == (8577, 8577)
    # a map of the process, one of its objects, and a picture of each model
    assert len(list((published / "models").glob("*.svg"))) == 2 + len(models)
    assert list((published / "models").glob("*.bpmn"))


@pytest.mark.slow
def test_nothing_of_another_field_shows_in_the_assets(town: Town) -> None:
    program = (
        "from pm_pipeline.definitions import defs\n"
        "graph = defs().resolve_asset_graph()\n"
        "for key in sorted(graph.get_all_asset_keys()): print(key.to_user_string())\n"
        "for one in sorted(graph.asset_check_keys):\n"
        "    print(one.asset_key.to_user_string(), one.name)\n"
    )
    shown = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PM_DATA_DIR": str(town.data_dir), "PM_FIELD_DIR": str(FIELD)},
    ).stdout
    lines = shown.splitlines()
    assert {"landing/event_log", "lake/event_log_events", "publish/database"} <= set(lines)
    assert "core/events baseline__events" in lines
    assert not [line for line in lines if any(word in line.lower() for word in EMPLOYMENT)]


@pytest.mark.slow
def test_nothing_of_another_field_is_in_what_is_published(town: Town) -> None:
    tables = town.rows("select table_name from duckdb_tables()", "published/990/published.duckdb")
    for (table,) in tables:
        if table == "documentation":  # tells what every column means, in the words of the product
            continue
        text = str(town.rows(f"select * from {table}", "published/990/published.duckdb")).lower()
        assert not [word for word in EMPLOYMENT if word in text], table


@pytest.mark.slow
def test_a_second_run_finds_everything_up_to_date(town: Town) -> None:
    again = town.call("run")
    assert again.returncode == 0
    assert "nothing was run" in again.stdout


@pytest.mark.slow
def test_the_demo_of_another_field_is_refused_with_one_message(tmp_path: Path) -> None:
    answer = Town(tmp_path / "data").call("demo", "--citizens", "20")
    assert answer.returncode in {1, 2}
    assert answer.stderr.startswith("pm-pipeline: ") and "Traceback" not in answer.stderr


EDGE_LOGS = sorted((LOGS / "xes_edge").glob("*.xes*"))


@pytest.mark.slow
@pytest.mark.parametrize("log", EDGE_LOGS or [None], ids=lambda log: log.name if log else "absent")
def test_a_peculiar_log_is_checked_and_never_crashes(log: Path | None, tmp_path: Path) -> None:
    if log is None:
        pytest.skip(f"no logs in {LOGS / 'xes_edge'} (set PM_TEST_LOGS)")
    content = log.read_bytes()
    text = (gzip.decompress(content) if log.suffix == ".gz" else content).decode("utf-8")
    # a trace without any event is a row too: its case is told
    n_events = text.count("<event>") + text.count("<event ") or text.count("<trace>")
    answer = Town(tmp_path / "data").call("validate", "-s", "event_log", log)
    assert answer.returncode in {0, 1}
    assert "Traceback" not in answer.stdout + answer.stderr
    if answer.returncode == 0:
        assert f"of {n_events:,} rows" in " ".join(answer.stdout.split())
    else:
        assert log.name in answer.stdout
