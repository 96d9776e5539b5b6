"""The law is checked before anything is built on it, and every fault is told with file and row."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.law.drafts import overlay, read_draft
from pm_pipeline.law.drafts.rows import NewDraft
from pm_pipeline.law.drafts.scaffold import scaffold
from pm_pipeline.law.scenarios.boundaries import try_boundaries
from pm_pipeline.law.scenarios.judging import judge
from pm_pipeline.law.scenarios.scratch import Scratch
from pm_pipeline.law.whole import LawFolders, read_law, refuse_law_that_is_not_whole
from pm_pipeline.registry import load_registry
from pm_pipeline.settings import Settings
from pm_pipeline.transform.compiled import CompiledSql
from tests.conftest import SHIPPED_SEEDS
from tests.law.law_files import LAW_FAULTS, OLDEST, REGIMES, SEED_FAULTS, LawFiles, Spoil

FAULTS = {**SEED_FAULTS, **LAW_FAULTS}


@pytest.fixture
def law(tmp_path: Path, seeds: Any) -> LawFiles:
    return LawFiles(tmp_path, seeds)


def test_law_with_an_example_of_every_rule_and_a_suite_of_every_regime_is_whole(
    law: LawFiles,
) -> None:
    assert read_law(law.folders).findings == ()
    refuse_law_that_is_not_whole(law.folders)


@pytest.mark.parametrize(("spoil", "told"), FAULTS.values(), ids=FAULTS)
def test_bad_input_stops_the_load_with_file_and_row(
    law: LawFiles, spoil: Spoil, told: str
) -> None:
    spoil(law)
    with pytest.raises(PipelineError, match=told):
        refuse_law_that_is_not_whole(law.folders)
    assert any(re.search(told, str(one)) for one in read_law(law.folders).findings)


def test_faults_of_the_seeds_are_told_before_anything_is_looked_at_that_stands_on_them(
    law: LawFiles,
) -> None:
    for spoil, _ in LAW_FAULTS.values():
        spoil(law)
    law.seeds.set("law/rules.csv", 1, "legal_basis_url", "")
    read = read_law(law.folders)
    assert read.seeds_are_faulty and len(read.findings) == 1


def test_another_field_without_rules_needs_neither_examples_nor_suites() -> None:
    fields = Path(__file__).resolve().parents[1] / "fields"
    for name in ("permits", "hospital", "recruiting"):
        folder = fields / name
        refuse_law_that_is_not_whole(
            LawFolders(folder / "seeds", (folder / "scenarios",), (folder / "expectations",))
        )


# ---- the days on which law changes ---------------------------------------------------------------


def test_the_regime_of_every_day_beside_a_change_is_that_of_the_seed(rule_sql: CompiledSql) -> None:
    registry = load_registry(SHIPPED_SEEDS)
    with Scratch(rule_sql, SHIPPED_SEEDS) as scratch:
        days = try_boundaries(registry, scratch)
    assert [one for one in days if not one.is_right] == []
    assert len(days) >= 3 * len(registry.regimes)
    found = {(one.process_id, str(one.day)): one.found for one in days}
    assert found["forsikrede_ledige", "2019-12-31"] is None
    assert found["forsikrede_ledige", "2023-12-31"] == OLDEST
    assert found["forsikrede_ledige", "2024-01-01"] == "forsikrede_ledige__20240101"
    assert found["forsikrede_ledige", "2024-01-02"] == "forsikrede_ledige__20240101"


def test_the_day_a_scheme_ended_has_no_law_any_more(law: LawFiles, rule_sql: CompiledSql) -> None:
    last = law.seeds.row_of(REGIMES, process_id="forsikrede_ledige", valid_to="")
    ends = law.seeds.row_of("law/legal_changes.csv", change_id="RESSOURCE-END")
    law.seeds.set("law/legal_changes.csv", ends, "status", "in_force")
    law.seeds.set(REGIMES, last, "valid_to", "2030-01-01")
    law.seeds.set(REGIMES, last, "ended_by_change_id", "RESSOURCE-END")
    registry = load_registry(law.seeds.folder)
    with Scratch(rule_sql, law.seeds.folder) as scratch:
        days = [one for one in try_boundaries(registry, scratch) if one.change_id == "RESSOURCE-END"]
    running = registry.regimes_of("forsikrede_ledige")[-1].regime_id
    assert [(one.which, one.found) for one in days] == [
        ("the day before", running), ("the day", None), ("the day after", None),
    ]


def test_a_day_that_the_models_put_under_another_regime_is_told(
    law: LawFiles, rule_sql: CompiledSql
) -> None:
    registry = load_registry(law.seeds.folder)
    row = law.seeds.row_of(REGIMES, regime_id=OLDEST)
    law.seeds.set(REGIMES, row, "valid_to", "2023-12-31")
    with Scratch(rule_sql, law.seeds.folder) as scratch:
        wrong = [one for one in try_boundaries(registry, scratch) if not one.is_right]
    assert [(str(one.day), one.expected, one.found) for one in wrong] == [("2023-12-31", OLDEST, None)]


# ---- a draft as `law new` begins it ----------------------------------------------------------------


def test_the_examples_of_a_new_draft_come_out_whatever_kinds_of_rule_it_copied(
    tmp_path: Path, rule_sql: CompiledSql
) -> None:
    """They are worked out from the rows by code that knows nothing of the SQL."""
    shipped = LawFolders.of(Settings(field_dir=None))
    registry = load_registry(SHIPPED_SEEDS)
    processes = tuple(one.process_id for one in registry.processes)
    new = NewDraft(change_id="NEW-2030", process_ids=processes, effective_on=date(2030, 1, 1))
    scaffold(registry, shipped.expectation_dirs[0], tmp_path, new)
    draft = read_draft(tmp_path, "NEW-2030")
    laid = overlay(SHIPPED_SEEDS, draft, tmp_path / "seeds")
    law = read_law(LawFolders(
        laid.seeds_dir, (*shipped.scenario_dirs, draft.folder / "scenarios"),
        (*shipped.expectation_dirs, draft.folder / "expectations"),
    ))
    assert law.findings == ()
    begun = [one for one in law.examples if one.rule.change_id == "NEW-2030"]
    assert len({one.rule.kind for one in begun}) > 2
    with Scratch(rule_sql, laid.seeds_dir) as scratch:
        judged = judge(law.registry, scratch, begun)
    assert {one.example.title: one.differences for one in judged if not one.is_right} == {}


# ---- the load of the definitions -----------------------------------------------------------------


@pytest.mark.slow
def test_the_definitions_do_not_load_on_law_that_is_not_whole(law: LawFiles, tmp_path: Path) -> None:
    """Nothing is built: not even the parsed dbt project is there."""
    LAW_FAULTS["a rule without an example"][0](law)
    data_dir = tmp_path / "data"
    loaded = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "from pm_pipeline.definitions import defs; defs()"],
        env={**os.environ, "PM_FIELD_DIR": str(law.field_dir), "PM_DATA_DIR": str(data_dir)},
        capture_output=True, text=True, check=False,
    )
    assert loaded.returncode != 0
    assert "law/rules.csv row 2 (line 3), column rule_id: expected an example" in loaded.stderr
    assert not (data_dir / "dbt").exists()


def test_the_shipped_seeds_examples_and_suites_are_whole() -> None:
    assert read_law(LawFolders.of(Settings(field_dir=None))).findings == ()
