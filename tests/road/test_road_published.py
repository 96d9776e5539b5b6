"""What BI gets: files that open, figures that are true, and no figure about too few."""

import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import fmean

import duckdb
import pytest

from pm_pipeline.publish.policy import PUBLISHED_TABLES
from pm_pipeline.synthetic.case_truth import CaseTruth
from pm_pipeline.synthetic.law_truth import RuleTruth
from pm_pipeline.synthetic.world import LAW_C_FROM as REFORM_FROM
from tests.road.the_road import (
    MUNICIPALITIES,
    Place,
    Road,
    Town,
    planned_demo,
    published_rows,
    published_tables,
)

pytestmark = pytest.mark.slow

K = 5
BESIDE = ("pending", "not_applicable", "closed_before_due", "exempt", "not_computable")
#: Here a number of citizens is told as the minimum, none or unknown: nothing can be taken from it.
TOLD_IN_STEPS = ("quality_summary", "quality_history")
#: No system of the demo tells when work on an act began, and none does its acts in batches.
NOT_IN_THE_DEMO = {"flow_batches", "flow_work_times"}
#: What answers rows of the seeds that a municipality enters for itself, and who of the demo has any.
ENTERED_BY = {
    "initiative_effects": ("902", "904"), "map_verdicts": ("901",), "unit_workload": ("901",),
    "what_if_answers": ("901",),
}
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Group = tuple[object, ...]


def small_groups(place: Place, municipality_id: str, k: int) -> list[str]:
    """Places where a figure rests on 1 to k-1 citizens, or where the rest of a group does."""
    found = []
    for name, table in PUBLISHED_TABLES.items():
        if table.persons is None:
            continue  # about the law
        counts = [column for column in table.columns if "citizens" in column]
        conditions = {column: f"{column} between 1 and {k - 1}" for column in counts}
        counted = next(
            name for name in ("n_cases", "n_rows", "n_events", "n_before", "n_cases_first")
            if name in table.columns
        )
        conditions[counted] = f"{counted} between 1 and {k - 1}"
        if any("before" in column for column in counts):
            # two groups side by side, each with a whole of its own
            rests = [(one.whole[1], one.persons) for one in table.parts if one.whole]
        elif name in TOLD_IN_STEPS:
            rests = []
            conditions |= {one: f"{one} not in (0, {k})" for one in counts if one != "n_citizens"}
        else:
            wholes = ["n_judged_citizens" if "n_judged_citizens" in counts else "n_citizens"]
            # those in a part and those in none: who was not judged is beside the whole
            beside = {f"n_{state}_citizens" for state in BESIDE}
            rests = [(whole, one) for whole in wholes for one in {*counts} - {*wholes, *beside}]
        conditions |= {
            f"rest of {part}": f"{whole} - {part} between 1 and {k - 1}" for whole, part in rests
        }
        for column, condition in conditions.items():
            rows = published_rows(
                place, municipality_id, f"select count(*) from {name} where {condition}"
            )
            if rows != [(0,)]:
                found.append(f"{municipality_id} {name}.{column}")
    return found


def test_no_published_group_is_smaller_than_the_minimum(road: Road) -> None:
    assert [hit for one in MUNICIPALITIES for hit in small_groups(road, one, K)] == []


@pytest.mark.parametrize("municipality_id", MUNICIPALITIES)
def test_every_table_has_rows_or_says_why_not(road: Road, municipality_id: str) -> None:
    lost = {
        name: counts
        for name, *counts in published_rows(
            road, municipality_id,
            "select table_name, rows_removed, rows_withheld from suppression",
        )
    }
    is_log = municipality_id == "905"
    for table in published_tables(road, municipality_id):
        (rows,) = published_rows(road, municipality_id, f"select count(*) from {table}")[0]
        if rows or table == "withheld_slices":
            continue
        # A model of fewer than the minimum is not made: mining says so in Dagster, slice by slice.
        # A ready event log tells when things happened and not when they were registered, and the demo's
        # has no odd time and nothing imperfect.
        odd = ["registration_lag", "time_quality", "log_imperfections"]
        # A path that five citizens walked is rare in a town as small as these.
        empty = {"discovered_models_summary", "flow_variants", *NOT_IN_THE_DEMO}
        empty |= {*odd} if is_log else set()
        empty |= {table for table, entered in ENTERED_BY.items() if municipality_id not in entered}
        if planned_demo()[municipality_id].span.last_day < REFORM_FROM:
            empty |= {"rule_shares", "rule_shares_total"}  # no law of its time asks for a share
        assert table in empty or any(map(bool, lost[table])), table


def test_the_demo_publishes_figures_of_every_kind_somewhere(road: Road) -> None:
    for table in PUBLISHED_TABLES.keys() - NOT_IN_THE_DEMO:
        counts = [
            published_rows(road, one, f"select count(*) from {table}")[0][0]
            for one in MUNICIPALITIES
        ]
        assert any(map(bool, counts)), table


@pytest.mark.parametrize("municipality_id", MUNICIPALITIES)
def test_every_table_and_column_says_what_it_means(road: Road, municipality_id: str) -> None:
    for relation in ("duckdb_tables()", "duckdb_columns()"):
        silent = f"select count(*) from {relation} where not internal and comment is null"
        assert published_rows(road, municipality_id, silent) == [(0,)]


@pytest.mark.parametrize("municipality_id", MUNICIPALITIES)
def test_parquet_holds_the_same_rows_as_the_database(road: Road, municipality_id: str) -> None:
    for table in published_tables(road, municipality_id):
        parquet = road.published(municipality_id) / "parquet" / f"{table}.parquet"
        assert duckdb.sql(f"from '{parquet}' order by all").fetchall() == published_rows(
            road, municipality_id, f"from {table} order by all"
        ), table


def test_the_receipt_counts_what_happened(town: Town) -> None:
    receipt = published_rows(
        town.place, town.municipality_id,
        "select rows_in, rows_loaded, rows_rejected, exact_duplicates, events, min_group_size,"
        " generation from publication",
    )
    rows_in, rejected, duplicates = (
        sum(getattr(file, name) for file in town.truth.files)
        for name in ("rows", "rejected", "exact_duplicates")
    )
    current = (town.place.published(town.municipality_id) / "current").readlink().name
    assert receipt == [(
        rows_in, rows_in - rejected - duplicates, rejected, duplicates, town.truth.n_events, K,
        current,
    )]


def _models(road: Road, ending: str) -> list[Path]:
    found = [
        path for one in MUNICIPALITIES
        for path in sorted((road.published(one) / "models").glob(f"*.{ending}"))
    ]
    assert found, f"the demo publishes no {ending}"
    return found


def test_every_picture_is_well_formed_and_draws_something(road: Road) -> None:
    for path in _models(road, "svg"):
        root = ElementTree.parse(path).getroot()
        assert root.tag.endswith("svg")
        assert len(list(root.iter("{http://www.w3.org/2000/svg}text"))) > 3, path


def test_every_bpmn_leads_from_a_start_to_an_end(road: Road) -> None:
    for path in _models(road, "bpmn"):
        process = ElementTree.parse(path).getroot().find(f"{_BPMN}process")
        assert process is not None
        kinds = {str(node.get("id")): node.tag.removeprefix(_BPMN) for node in process}
        flows = defaultdict(list)
        for flow in process.iter(f"{_BPMN}sequenceFlow"):
            assert flow.get("targetRef") in kinds, path
            flows[str(flow.get("sourceRef"))].append(str(flow.get("targetRef")))
        starts = [node for node, kind in kinds.items() if kind == "startEvent"]
        assert len(starts) == 1
        reached = _reached(flows, starts)
        assert {kind for node, kind in kinds.items() if node in reached} >= {"task", "endEvent"}
        assert all(node in reached for node, kind in kinds.items() if kind == "task"), path


def _reached(flows: dict[str, list[str]], starts: list[str]) -> set[str]:
    reached, waiting = set(starts), list(starts)
    while waiting:
        for node in flows[waiting.pop()]:
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    return reached


def _talk_rules(town: Town, kind: str) -> dict[Group, list[tuple[CaseTruth, RuleTruth]]]:
    """What is true of every case under each rule of a kind that asks for talks, by published group."""
    groups: dict[Group, list[tuple[CaseTruth, RuleTruth]]] = defaultdict(list)
    for case in town.truth.cases:
        for rule in case.rules:
            # a talk that may not come before six months is no first talk
            if rule.kind == kind and "TALK" in rule.rule_id and rule.rule_id != "LAB32_G1_TALK_16M":
                groups[(*_slice(case), rule.rule_id)].append((case, rule))
    return groups


def test_published_first_talks_are_the_true_ones(town: Town) -> None:
    rows = published_rows(
        town.place, town.municipality_id,
        "select process_id, regime_id, target_group, rule_id, n_cases, n_citizens, n_within_limit,"
        " n_pending, n_not_applicable, is_masked from kpi_time_to_first_talk",
    )
    told = {}
    for group, members in _talk_rules(town, "deadline").items():
        judged = [case for case, rule in members if rule.outcome in ("fulfilled", "breached")]
        outcomes = Counter(rule.outcome for _, rule in members)
        if _citizens(judged) >= K:
            told[group] = (len(judged), _citizens(judged), *(
                outcomes[outcome] for outcome in ("fulfilled", "pending", "not_applicable")
            ))
    _agree(rows, told)


def test_published_talks_in_the_window_are_the_true_ones(town: Town) -> None:
    rows = published_rows(
        town.place, town.municipality_id,
        "select process_id, regime_id, target_group, rule_id, n_cases, n_citizens,"
        " round(mean_talks, 6), n_fulfilled, is_masked from kpi_talks_in_window",
    )
    told = {}
    for group, members in _talk_rules(town, "min_count").items():
        judged = [one for one in members if one[1].outcome in ("fulfilled", "breached")]
        n_citizens = _citizens(case for case, _ in judged)
        if n_citizens >= K:
            told[group] = (
                len(judged), n_citizens, round(fmean(rule.counted for _, rule in judged), 6),
                sum(rule.outcome == "fulfilled" for _, rule in judged),
            )
    _agree(rows, told)


def test_published_changes_of_caseworker_are_the_true_ones(town: Town) -> None:
    groups: dict[Group, list[CaseTruth]] = defaultdict(list)
    for case in town.truth.cases:
        groups[_slice(case)].append(case)
    rows = published_rows(
        town.place, town.municipality_id,
        "select process_id, regime_id, target_group, n_cases, n_citizens, round(mean_changes, 6),"
        " n_changed_cases, is_masked from kpi_caseworker_changes",
    )
    told = {
        group: (
            len(cases), _citizens(cases), round(fmean(case.caseworker_changes for case in cases), 6),
            sum(case.caseworker_changes > 0 for case in cases),
        )
        for group, cases in groups.items() if _citizens(cases) >= K
    }
    _agree(rows, told)


def _slice(case: CaseTruth) -> Group:
    return (case.process_id, case.regime_id, case.target_group)


def _citizens(cases: Iterable[CaseTruth]) -> int:
    return len({case.citizen_cpr for case in cases})


def _agree(rows: list[tuple[object, ...]], told: Mapping[Group, tuple[object, ...]]) -> None:
    """The same groups, with the same figures; a figure is left out only where the row says so."""
    found = {}
    for row in rows:
        group = next(key for key in (row[:4], row[:3]) if key in told)
        figures, is_masked = row[len(group):-1], row[-1]
        found[group] = tuple(
            true if figure is None and is_masked else figure
            for figure, true in zip(figures, told[group], strict=True)
        )
    assert found == told
