"""Event logs of the real world, from the file to the core: every case and every event is told.

The figures are those of the logs' own README: published, or counted by another program.
"""

import gzip
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from ingest_files import SHIPPED, Town, shipped_contracts

from pm_pipeline.ingest.contract.reading import load_contract
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.rejects.reasons import RefusedError
from tests.ingest.log_core import LogCore
from tests.real_logs import LOGS

needs_logs = pytest.mark.skipif(
    not LOGS.is_dir(), reason=f"no real event logs at {LOGS} (set PM_TEST_LOGS)"
)

# cases, events, and what did not become an event, by reason
EDGES: dict[str, tuple[int, int, dict[str, int]]] = {
    "L1_empty_log": (0, 0, {}),
    "L1_1trace_empty_trace": (1, 0, {"case_without_event": 1}),
    "L1_1trace_1event": (1, 1, {}),
    "L1_1trace_complete_events_only": (1, 11, {}),
    "L1_1trace_start_complete_events_non_overlapping": (1, 11, {"not_completed": 11}),
    "L1_activities with start or complete events only": (6, 14, {"not_completed": 9}),
    "L1_complete_events_only_with_resources": (6, 23, {}),
    "L1_complete_events_only_with_resources_missing_timestamps": (6, 22, {"no_time": 1}),
    "L1_no_lifecycle_transition": (6, 23, {}),
    "L1_start_complete_no_overlapping": (6, 23, {"not_completed": 23}),
    "L1_start_complete_no_overlapping_1-event-task": (3, 2, {"not_completed": 2}),
    "L1_start_complete_no_overlapping_missing_timestamp": (
        6, 23, {"not_completed": 22, "no_time": 1}
    ),
    "L1_start_complete_no_overlapping_with_resources": (6, 23, {"not_completed": 23}),
    "L1_start_complete_overlapping": (6, 23, {"not_completed": 26}),
    "L2_mixed_lifecycle_no_overlapping": (2, 6, {"not_completed": 8}),
}
SEPSIS_CSV = """\
        case_id: {header: Case ID, type: identifier, domain: case, nullable: false}
        activity: {header: Activity, type: code, nullable: false}
        occurred_at: {header: Complete Timestamp, type: timestamp, formats: ["%Y/%m/%d %H:%M:%S.%f"]}
        lifecycle: {header: "lifecycle:transition", type: code}
        created_by: {header: resource, type: resource, presence: optional}
        org_unit_id: {header: "org:group", type: code}
"""
HELPDESK_CSV = """\
        case_id: {header: Case ID, type: identifier, domain: case, nullable: false}
        activity: {header: Activity, type: code, nullable: false}
        occurred_at: {header: Complete Timestamp, type: timestamp, formats: ["%Y/%m/%d %H:%M:%S.%f"]}
        lifecycle: {header: lifecycle, type: code, presence: optional}
        created_by: {header: Resource, type: resource}
        org_unit_id: {header: responsible_section, type: code}
"""
ACTS = "select activity_id, occurred_at, count(*) from events group by all order by all"

PATHS = "select activities, n_cases from variants order by all"


def contract_of(folder: Path, columns: str, delimiter: str, zone: str) -> SystemContract:
    """A contract for a log as CSV whose columns have names of their own."""
    path = folder / "log.yaml"
    path.write_text(f"""\
type: pm_pipeline.components.CaseSystemExport
attributes:
  system: event_log
  version: "test"
  valid_from: "2000-01-01"
  certainty: verified
  description: A public event log.
  timezone: {zone}
  tables:
    events:
      description: One row per event.
      files: "*"
      delimiter: "{delimiter}"
      decimal: "."
      columns:
{columns}
        citizen_id: {{header: citizen, type: identifier, domain: citizen, presence: optional}}
        target_group: {{header: target group, type: code, presence: optional}}
        unemployment_fund: {{header: fund, type: code, presence: optional}}
        event_instance: {{header: instance, type: identifier, domain: record, presence: optional}}
        responsible_party: {{header: party, type: code, presence: optional}}
        started_at: {{header: started, type: timestamp, formats: [iso8601], presence: optional}}
""", encoding="utf-8")
    return SystemContract((load_contract(path),))


def shipped_with(folder: Path, *changes: tuple[str, str]) -> SystemContract:
    """The shipped contract of a ready event log, with pieces of its text replaced."""
    text = (SHIPPED / "event_log" / "defs.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return SystemContract((load_contract(path),))


@contextmanager
def core_of(town: Town, contract: SystemContract, log: Path) -> Iterator[LogCore]:
    """The core after a delivery of this log."""
    ensure_empty_tables(shipped_contracts().values(), town.lake)
    town.load(contract, log)
    with LogCore(town.lake) as core:
        core.need("cases")
        core.need("rejected_events")
        core.need("variants")
        yield core


def told(core: LogCore) -> tuple[int, int, dict[str, int]]:
    """Cases, events, rejected events by reason; the structural tests have no complaint."""
    assert core.complaints() == []
    [(n_cases, n_in_cases)] = core.rows("select count(*), coalesce(sum(n_events), 0) from cases")
    [(n_events,)] = core.rows("select count(*) from events")
    assert n_in_cases == n_events
    rejected = core.rows("select reason, count(*) from rejected_events group by reason")
    return n_cases, n_events, dict(rejected)


@needs_logs
@pytest.mark.parametrize("name", sorted(EDGES))
def test_an_odd_log_gives_exactly_its_cases_events_and_rejects(name: str, town: Town) -> None:
    log = LOGS / "xes_edge" / f"{name}.xes"
    with core_of(town, shipped_contracts()["event_log"], log) as core:
        assert told(core) == EDGES[name]
        faults = core.rows("select distinct reason from rejected_events where is_fault")
        assert faults in ([], [("no_time",)])
    # the same counted by a program that knows nothing of this one
    traces = ElementTree.parse(log).getroot().findall("{*}trace")
    events = [event for trace in traces for event in trace.findall("{*}event")]
    n_cases, n_events, rejected = EDGES[name]
    assert n_cases == len(traces)
    n_alone = rejected.get("case_without_event", 0)
    assert n_events + sum(rejected.values()) - n_alone == len(events)
    assert n_alone == sum(trace.find("{*}event") is None for trace in traces)


def figures(core: LogCore) -> tuple[int, int, int, int]:
    """Cases, events, activities and variants; nothing is rejected and no test complains."""
    n_cases, n_events, rejected = told(core)
    assert rejected == {}
    [(n_activities,)] = core.rows("select count(distinct activity_id) from events")
    [(n_variants,)] = core.rows("select count(distinct variant_id) from variants")
    return n_cases, n_events, n_activities, n_variants


@needs_logs
def test_the_sepsis_log_has_all_its_cases_from_xes_and_from_csv(town: Town, tmp_path: Path) -> None:
    # One case has the id NA, which other programs take for a missing value.
    xes, csv = LOGS / "sepsis" / "Sepsis.xes.gz", LOGS / "sepsis" / "sepsis.csv.gz"
    with core_of(town, shipped_contracts()["event_log"], xes) as core:
        # ties keep the order of the file, so the paths are the published ones and the same in both
        assert figures(core) == (1050, 15214, 16, 846)
        done, walked = core.rows(ACTS), core.rows(PATHS)
    other = Town(tmp_path / "other")
    other.root.mkdir()
    with core_of(other, contract_of(tmp_path, SEPSIS_CSV, ";", "Europe/Amsterdam"), csv) as core:
        assert figures(core) == (1050, 15214, 16, 846)
        assert (core.rows(ACTS), core.rows(PATHS)) == (done, walked)


@needs_logs
def test_the_helpdesk_log_has_its_published_figures(town: Town, tmp_path: Path) -> None:
    log = LOGS / "helpdesk" / "finale.csv.gz"
    with core_of(town, contract_of(tmp_path, HELPDESK_CSV, ",", "UTC"), log) as core:
        assert figures(core) == (4580, 21348, 14, 226)
        core.need("directly_follows")
        edges = "count(distinct (from_activity_id, to_activity_id)), sum(n_occurrences)"
        assert core.rows(f"select {edges} from directly_follows") == [(55, 16768)]


@needs_logs
def test_a_status_that_is_no_life_cycle_of_the_standard_makes_no_event_incomplete(town: Town) -> None:
    log = LOGS / "bpic13" / "BPIC13_closed_problems.xes.gz"
    with core_of(town, shipped_contracts()["event_log"], log) as core:
        assert figures(core) == (1487, 6660, 4, 183)
        core.need("directly_follows")
        assert core.rows("select sum(n_occurrences) from directly_follows") == [(5173,)]


PROTECTED = ("age", "gender", "citizen", "religious", "german speaking")
WORDS = re.compile(rb"gender|religio|german|case:age|case:citizen", re.IGNORECASE)


def protected_by_line(log: Path) -> list[tuple[int, str, str, str, str, str]]:
    """Of each event: its line, and the protected attributes of its case, read line by line."""
    found: dict[str, str] = {}
    events = []
    with gzip.open(log, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            attribute = re.search(r'key="([^"]*)" value="([^"]*)"', line)
            if attribute and attribute[1] in PROTECTED:
                found[attribute[1]] = attribute[2]
            if "<event>" in line:
                events.append((number, *(found[name] for name in PROTECTED)))
    return events  # type: ignore[return-value]


def traces_of_protected(town: Town, log: Path) -> set[str]:
    """What in the lake tells of a protected attribute: a word in a file, or a column that follows it.

    A column follows an attribute when one can be told from the other, whatever it is called and
    however its values are written: pseudonyms of yes and no are still yes and no.
    """
    files = [path for path in town.lake.rglob("*") if path.is_file()]
    found = {word.decode() for path in files for word in WORDS.findall(path.read_bytes())}
    with duckdb.connect() as connection:
        lines = "".join(f"{';'.join(map(str, one))}\n" for one in protected_by_line(log))
        path = town.file("people.csv", lines)
        connection.execute(
            f"create table people as select column0 as line, * exclude column0 from "
            f"read_csv('{path}', delim = ';', header = false, all_varchar = true)"
        )
        lake = f"read_parquet('{town.lake}/event_log/events/*.parquet', union_by_name = true)"
        columns = [name for name, *_ in connection.execute(f"describe select * from {lake}").fetchall()]
        for column in columns:
            for number, attribute in enumerate(PROTECTED, start=1):
                [(both, values, answers)] = connection.execute(
                    f'select count(distinct (c, a)), count(distinct c), count(distinct a) from (select '
                    f'lake."{column}" as c, people.column{number} as a from {lake} as lake join people '
                    "on lake.source_row = people.line::bigint)"
                ).fetchall()
                if 1 < values == answers == both:
                    found.add(f"{column} tells {attribute}")
    return found


@needs_logs
def test_no_protected_attribute_of_the_hiring_log_is_anywhere(town: Town, tmp_path: Path) -> None:
    log = LOGS / "fairness" / "hiring_log_high.xes.gz"
    with core_of(town, shipped_with(tmp_path, ("case:citizen", "case:applicant")), log) as core:
        assert told(core) == (10000, 63869, {})
        columns = {name for (name,) in core.rows("select column_name from duckdb_columns()")}
    assert not columns & {"age", "gender", "citizen", "religious", "german_speaking", "protected"}
    assert traces_of_protected(town, log) == set()
    assert len(set(WORDS.findall(gzip.decompress(log.read_bytes())))) == 3
    # the search is good for something: a contract that keeps two of the attributes is found out
    leaking = shipped_with(
        tmp_path, ("case:target_group", "case:gender"), (', pattern: ".*[0-9].*"', "")
    )
    other = Town(tmp_path / "other")
    other.root.mkdir()
    other.load(leaking, log)
    assert traces_of_protected(other, log) == {"citizen_id tells citizen", "target_group tells gender"}


@needs_logs
def test_an_answer_in_the_place_of_a_citizens_id_refuses_the_delivery(town: Town) -> None:
    log = LOGS / "fairness" / "hiring_log_high.xes.gz"
    with pytest.raises(RefusedError, match=r"column citizen_id.*PATTERN"):
        town.load(shipped_contracts()["event_log"], log)
    assert town.lake_files() == set()
