"""`law dry-run` on a town made by hand: exact counts, nothing written, nothing told of a few."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from draft_files import write_draft_of, write_trial_draft
from rich.console import Console
from trial_town import DATA_OF, TOWN, build_town

from pm_pipeline.commands import law_dry_run
from pm_pipeline.commands.law_dry_run import DryRun, MunicipalityTrial, dry_run
from pm_pipeline.console.law_dry_run import show_dry_run
from pm_pipeline.console.law_dry_run_json import dry_run_as_json
from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.law.drafts import without
from pm_pipeline.law.trial.counts import Count
from pm_pipeline.law.trial.outcomes import RuleShift, Wording
from pm_pipeline.law.trial.sides import changed_seeds, sides_of
from pm_pipeline.law.trial.told import touched_shares
from pm_pipeline.settings import Settings
from pm_pipeline.transform.manifest import dbt_files
from pm_pipeline.transform.scratch import scratch
from pm_pipeline.warehouse import connect, connect_both
from tests.conftest import SHIPPED_SEEDS

FIRST, TALKS = "LAB31_G2_5_FIRST_TALK_1W", "LAB31_G2_5_TALKS_6M"
RUNNING, REFORM, TRIAL = (f"kontanthjaelp__{day}" for day in ("20240101", "20260701", "20300101"))
DRAFT = "TRIAL-2030"
CONTRACT = SHIPPED_SEEDS.parents[1] / "pm_pipeline" / "defs" / "ingest" / "fasit" / "defs.yaml"
_SILENT = lambda *_: None  # noqa: E731


def _settings(folder: Path, field: Path) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PM_DATA_DIR", "PM_KEY_DIR", "PM_FIELD_DIR", "PM_MIN_GROUP_SIZE"):
            patch.delenv(name, raising=False)
        return Settings(data_dir=folder / "data", key_dir=folder / "keys", field_dir=field)


def _field(folder: Path) -> Path:
    shutil.copytree(SHIPPED_SEEDS, folder / "seeds")
    shutil.copytree(SHIPPED_SEEDS.parents[1] / "expectations", folder / "expectations")
    (folder / "contracts" / "fasit").mkdir(parents=True)
    shutil.copy(CONTRACT, folder / "contracts" / "fasit")
    return folder


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The town under the shipped seeds, with a draft beside them."""
    folder = tmp_path_factory.mktemp("town")
    settings = _settings(folder, _field(folder / "field"))
    write_trial_draft(settings.drafts_dir, DRAFT)
    build_town(settings, folder / "files")
    return settings


def _state(settings: Settings) -> dict[str, str]:
    """What lies in the data folder, apart from what dbt parsed."""
    return {
        path.relative_to(settings.data_dir).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in settings.data_dir.rglob("*")
        if path.is_file() and not path.is_relative_to(settings.dbt_dir)
    }


@pytest.fixture(scope="module")
def draft_run(town: Settings) -> DryRun:
    """The draft, on the cases there are."""
    before = _state(town)
    run = dry_run(town, DRAFT, [TOWN], date(2025, 1, 1), _SILENT)
    assert _state(town) == before, "a dry run writes nothing"
    return run


@pytest.fixture(scope="module")
def reform_run(town: Settings) -> DryRun:
    """A change that is law, from another day than its own."""
    return dry_run(town, "REFORM-1B", [], date(2025, 1, 1), _SILENT)


@dataclass(frozen=True)
class Watched:
    """A dry run with the steps it told; ``run`` is None where it failed."""

    run: DryRun | None
    steps: list[str]
    #: (what lies in the data folder, what lies beside the warehouse), before it and after.
    before: tuple[dict[str, str], list[Path]]
    after: tuple[dict[str, str], list[Path]]


def _watched(settings: Settings) -> Watched:
    """The draft from its own day, of which the data know no case."""
    def there() -> tuple[dict[str, str], list[Path]]:
        return _state(settings), sorted(settings.work_dir(TOWN).iterdir())

    steps: list[str] = []
    before = there()
    try:
        run = dry_run(settings, DRAFT, [TOWN], None, lambda _, step: steps.append(step))
    except KeyboardInterrupt:
        run = None
    return Watched(run, steps, before, there())


@pytest.fixture(scope="module")
def own_day(town: Settings) -> Watched:
    return _watched(town)


@pytest.fixture(scope="module")
def broken_off(town: Settings, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """A dry run of a warehouse that is not of today's law, broken off when both laws are built."""
    def failing(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    field = tmp_path_factory.mktemp("edited") / "field"
    shutil.copytree(town.seeds_dir.parent, field)
    notes = field / "seeds" / "law" / "clock_stops.csv"
    text = notes.read_text("utf-8")
    assert "Recorded, stops no rule" in text, "the test would change nothing"
    notes.write_text(text.replace("Recorded, stops no rule", "Stops no rule"), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(law_dry_run, "mart_shifts", failing)
        return _watched(town.model_copy(update={"field_dir": field}))


def _only(run: DryRun) -> MunicipalityTrial:
    (trial,) = run.trials
    return trial


def _shift(run: DryRun, rule_id: str, before: str | None) -> RuleShift:
    (found,) = [
        one for one in _only(run).shifts
        if one.rule_id == rule_id and (one.before and one.before.regime_id) == before
    ]
    return found


def _people(n: int) -> Count:
    return Count(n, n)


def test_a_draft_moves_the_outcomes_it_should_and_no_other(draft_run: DryRun) -> None:
    shift = _shift(draft_run, FIRST, RUNNING)
    assert shift.before == Wording("B", RUNNING) and shift.after == Wording("T", TRIAL)
    assert shift.cases == _people(19)
    assert shift.before_counts == {"fulfilled": _people(8), "breached": _people(11)}
    assert shift.after_counts == {"fulfilled": _people(14), "breached": _people(5)}
    assert {pair: n for pair, n in shift.moves.items() if pair[0] != pair[1]} == {
        ("breached", "fulfilled"): _people(6),
    }


def test_a_rule_that_a_draft_does_not_keep_judges_nobody_any_more(draft_run: DryRun) -> None:
    shift = _shift(draft_run, TALKS, RUNNING)
    assert shift.after is None
    assert shift.before_counts == {"fulfilled": _people(14), "breached": _people(5)}
    assert shift.moves == {
        ("fulfilled", "not_judged"): _people(14), ("breached", "not_judged"): _people(5),
    }


def test_the_cases_under_the_new_law_and_where_they_come_from_are_counted(draft_run: DryRun) -> None:
    trial = _only(draft_run)
    # the five of August 2026 as well: from its day on the tried law holds in place of all that follows
    assert (trial.under_new, trial.data_of) == (_people(24), DATA_OF)
    moved = {
        (one.before, one.after): one.cases for one in trial.regime_moves
        if one.process_id == "kontanthjaelp"
    }
    assert moved == {(RUNNING, TRIAL): _people(19), (REFORM, TRIAL): _people(5)}


def test_a_share_of_a_population_is_told_with_its_quota(reform_run: DryRun) -> None:
    (pair,) = [
        pair for pair in touched_shares(_only(reform_run).shares)
        if pair[1] and pair[1].rule_id == TALKS
    ]
    before, after = pair
    assert before is None and after is not None
    assert (after.version, after.regime_id) == ("C", REFORM)
    assert (after.cohort, after.reached) == (_people(19), _people(14))
    assert after.is_met is False, "14 of 19 are 73.7 pct."
    assert after.pending == _people(5)


def test_the_marts_that_move_are_named_with_their_figures(draft_run: DryRun) -> None:
    marts = {one.name: one for one in _only(draft_run).marts}
    assert marts["rule_outcomes_summary"].is_touched
    assert not marts["delivery_changes_summary"].is_touched
    assert "quality_summary" not in marts, "suites are not run anew"
    figures = {
        (mart, one.row["regime_id"], one.name): (one.before, one.after)
        for mart in ("kpi_talks_in_window", "kpi_time_to_first_talk") for one in marts[mart].figures
    }
    assert figures["kpi_talks_in_window", RUNNING, "mean_talks"] == (pytest.approx(66 / 19), None)
    # five on day 5 in August 2026, and of February 2025 eight on day 5, six on day 10, five on day 20
    assert figures["kpi_time_to_first_talk", TRIAL, "median_days"] == (None, 5)


def test_no_table_tells_of_anybody(draft_run: DryRun) -> None:
    told = dry_run_as_json(draft_run) + _shown(draft_run)
    with connect(_warehouse_of_town(draft_run)) as connection:
        ids = connection.execute(
            "select case_id from core.cases union select citizen_id from core.cases"
        ).fetchall()
    assert len(ids) > 24
    assert not [one for (one,) in ids if str(one) in told]


def _warehouse_of_town(run: DryRun) -> Path:
    seeds_dir = run.sides.before.seeds_dir
    return seeds_dir.parents[1] / "data" / "work" / TOWN / "warehouse.duckdb"


def _shown(run: DryRun) -> str:
    console = Console(record=True, width=200, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    show_dry_run(console, run)
    return " ".join(console.export_text().split())


def test_a_banner_says_that_a_draft_is_not_law(draft_run: DryRun) -> None:
    shown = _shown(draft_run)
    assert f"NOT LAW: {DRAFT} is announced, and tried as if it held from 2025-01-01." in shown
    assert json.loads(dry_run_as_json(draft_run))["warning"].startswith("NOT LAW: ")


def test_a_banner_says_that_a_law_from_another_day_is_not_law(reform_run: DryRun) -> None:
    assert (
        "NOT LAW: REFORM-1B is tried as if it held from 2025-01-01; it is the law from 2026-07-01"
        in _shown(reform_run)
    )


def test_what_is_printed_holds_the_counts(draft_run: DryRun, reform_run: DryRun) -> None:
    shown = _shown(draft_run)
    assert "Cases under the new regimes: 24" in shown
    assert f"{FIRST} B → T: breached → fulfilled: 6" in shown
    assert "8 → 14" in shown and "11 → 5" in shown
    assert "74% 75%: not met" in _shown(reform_run)


def test_the_same_is_told_to_programs(draft_run: DryRun) -> None:
    told = json.loads(dry_run_as_json(draft_run))
    (municipality,) = told["municipalities"]
    (rule,) = [
        one for one in municipality["rules"]
        if one["rule_id"] == FIRST and one["before"] and one["before"]["regime_id"] == RUNNING
    ]
    assert (rule["before"]["version"], rule["after"]["version"]) == ("B", "T")
    assert (rule["outcomes_before"], rule["outcomes_after"]) == (
        {"breached": 11, "fulfilled": 8}, {"breached": 5, "fulfilled": 14},
    )
    assert rule["moves"] == [{"from": "breached", "to": "fulfilled", "cases": 6}]
    assert (told["as_if_from"], told["status"]) == ("2025-01-01", "announced")


def test_without_a_case_under_it_the_day_to_try_is_named(own_day: Watched) -> None:
    run = own_day.run
    assert run is not None
    trial = _only(run)
    assert trial.under_new == _people(0)
    assert trial.day_to_try == date(2025, 11, 1)
    assert not any(one.is_touched for one in trial.shifts)
    shown = _shown(run)
    assert "No case falls under it from 2030-01-01." in shown
    assert "--as-if-from 2025-11-01" in shown


def test_a_change_on_its_own_day_gives_exactly_what_the_warehouse_says(
    town: Settings, tmp_path: Path
) -> None:
    """The seeds without REFORM-1B, with its rows as a draft, are the law of the town's warehouse."""
    field = _field(tmp_path / "field")
    shutil.rmtree(field / "seeds")
    without(SHIPPED_SEEDS, "REFORM-1B", field / "seeds")
    write_draft_of(SHIPPED_SEEDS, "REFORM-1B", field / "drafts")
    former = town.model_copy(update={"field_dir": field})
    sides = sides_of(former.seeds_dir, former.drafts_dir, "REFORM-1B", tmp_path / "into")
    real = town.warehouse_path(TOWN)
    with scratch(former, TOWN) as place:
        before = place.build("before", former, None, ())
        side = former.model_copy(
            update={"data_dir": tmp_path / "made", "field_dir": tmp_path / "into" / "after"}
        )
        changed = changed_seeds(former.seeds_dir, sides.after.seeds_dir)
        assert {"legal_changes", "regimes", "rules"} <= set(changed)
        after = place.build("after", side, before, changed)
        differing = _differing(before, real)
        assert {"core.cases", "core.rule_counts", "marts.rule_outcomes_summary"} <= differing
        # which row of a seed came last is no law
        assert _differing(after, real) == {"core.generation"}


def _differing(one: Path, other: Path) -> set[str]:
    with connect_both(one, other) as connection:
        tables = connection.execute(
            "select distinct schema_name, table_name from duckdb_tables() "
            "where schema_name in ('core', 'marts', 'quality', 'reference')"
        ).fetchall()
        found = set()
        for schema, name in tables:
            both = [f"select * from {law}.{schema}.{name}" for law in ("before", "after")]
            n = connection.execute(
                f"select count(*) from (({both[0]} except all {both[1]}) union all "
                f"({both[1]} except all {both[0]}))"
            ).fetchall()[0][0]
            if n:
                found.add(f"{schema}.{name}")
        return found


def test_a_draft_reaches_no_warehouse_no_mart_and_no_check(town: Settings) -> None:
    assert (town.drafts_dir / DRAFT).is_dir()
    assert not [path for path in dbt_files(town) if path.is_relative_to(town.drafts_dir)]
    with connect(town.warehouse_path(TOWN)) as connection:
        tables = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() join duckdb_tables() "
            "using (database_name, schema_name, table_name) where data_type = 'VARCHAR' "
            "and schema_name in ('core', 'marts', 'quality', 'reference')"
        ).fetchall()
        assert len(tables) > 100
        for schema, name, column in tables:
            found = connection.execute(
                f"select count(*) from {schema}.{name} where {column} in (?, ?)", [DRAFT, TRIAL]
            ).fetchall()[0][0]
            assert not found, f"{schema}.{name}.{column} holds a draft"


def test_an_announced_change_of_the_register_reaches_no_figure(town: Settings) -> None:
    with connect(town.warehouse_path(TOWN)) as connection:
        announced = connection.execute(
            "select change_id from reference.legal_changes where status not in ('in_force', 'ended')"
        ).fetchall()
        assert announced
        for table in ("regimes", "rules", "clock_stops", "exemptions"):
            n = connection.execute(
                f"select count(*) from reference.{table} where list_contains(?, change_id)",
                [[one for (one,) in announced]],
            ).fetchall()[0][0]
            assert n == 0, table


def test_nothing_is_left_when_a_dry_run_fails(broken_off: Watched) -> None:
    assert broken_off.run is None and broken_off.steps[-1] == "comparing"
    assert broken_off.after == broken_off.before


def test_a_law_that_cannot_be_built_is_told_and_leaves_nothing(
    town: Settings, tmp_path: Path
) -> None:
    broken = tmp_path / "side"
    shutil.copytree(town.seeds_dir, broken / "seeds")
    rules = broken / "seeds" / "law" / "rules.csv"
    rules.write_text(rules.read_text() + "x,y\n")
    side = town.model_copy(update={"data_dir": tmp_path / "made", "field_dir": broken})
    before = _state(town)
    with scratch(town, TOWN) as place, pytest.raises(PipelineError, match=r"law could not be tried"):
        place.build("after", side, town.warehouse_path(TOWN), ("rules",))
    assert _state(town) == before


@pytest.fixture
def left_over(town: Settings) -> Iterator[Path]:
    folder = town.work_dir(TOWN) / ".law-trial-killed"
    folder.mkdir()
    (folder / "in.use").touch()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_what_a_killed_dry_run_left_goes_with_the_next_one_and_one_in_use_stays(
    town: Settings, left_over: Path
) -> None:
    with scratch(town, TOWN) as first:
        assert not left_over.exists()
        assert (first.folder.stat().st_mode & 0o777) == 0o700
        with scratch(town, TOWN) as second:
            assert first.folder.exists() and second.folder != first.folder
        assert first.folder.exists()
    assert not first.folder.exists()


@pytest.mark.parametrize(
    ("change_id", "municipalities", "told"),
    [
        ("REFORM-2", [TOWN], r"'REFORM-2' is announced .*has no draft.*law new REFORM-2"),
        ("NOPE", [TOWN], r"unknown legal change 'NOPE'"),
        (DRAFT, ["999"], r"unknown municipality '999'"),
        (DRAFT, ["901"], r"municipality 901 .* has loaded nothing to try a law on"),
    ],
)
def test_a_wrong_call_is_told(
    town: Settings, change_id: str, municipalities: list[str], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        dry_run(town, change_id, municipalities, None, _SILENT)


def test_a_draft_at_fault_is_not_tried(town: Settings) -> None:
    folder = write_trial_draft(town.drafts_dir, "WRONG-2030", "2031-01-01")
    try:
        rules = folder / "law" / "rules.csv"
        rules.write_text(rules.read_text().replace("JOBSAMTALE", "SNAK"))
        with pytest.raises(PipelineError, match=r"drafts/WRONG-2030/law/rules\.csv row 1 .*required"):
            dry_run(town, "WRONG-2030", [TOWN], None, _SILENT)
    finally:
        shutil.rmtree(folder)


def test_a_warehouse_of_today_is_copied_and_any_other_is_built_from_the_lake_first(
    own_day: Watched, broken_off: Watched
) -> None:
    rest = ["building the law with the change", "comparing"]
    assert own_day.steps == rest
    assert broken_off.steps == ["building the warehouse under the law as it is", *rest]
