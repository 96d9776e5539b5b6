"""Try a change of law on the data there are: both laws side by side, in scratch copies that go."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pm_pipeline.commands.known import taking_part
from pm_pipeline.errors import UsageError
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.law.trial.counts import Count
from pm_pipeline.law.trial.days import cases_under, data_of, day_to_try
from pm_pipeline.law.trial.figures import MartShift, mart_shifts
from pm_pipeline.law.trial.outcomes import RegimeMove, RuleShift, regime_moves, rule_shifts
from pm_pipeline.law.trial.shares import Share, shares
from pm_pipeline.law.trial.sides import Sides, changed_seeds, sides_of
from pm_pipeline.publish.disclosure import released_sql, require_permitted_group
from pm_pipeline.publish.policy import PUBLISHED_TABLES
from pm_pipeline.publish.published_table import PublishedTable
from pm_pipeline.registry import Municipality
from pm_pipeline.settings import Settings
from pm_pipeline.warehouse import connect, connect_both

#: Told while a municipality is worked on: its code and what is being done.
OnStep = Callable[[str, str], None]

#: They tell of suites that were run and models that were mined, and in a dry run neither is done anew.
NOT_MADE_ANEW = (
    "quality_summary", "change_comparison", "drift_points", "discovered_models_summary",
)
_NOTHING_WITHHELD = "(select null as process_id, null as regime_id where false)"


@dataclass(frozen=True)
class MunicipalityTrial:
    """What a change would move in one municipality.

    ``under_new``: the cases under a regime that the change begins; None where it begins none.
    ``day_to_try``: told where there is no such case.
    """

    municipality: Municipality
    data_of: date | None
    under_new: Count | None
    day_to_try: date | None
    regime_moves: tuple[RegimeMove, ...]
    shifts: tuple[RuleShift, ...]
    shares: tuple[Share, ...]
    marts: tuple[MartShift, ...]


@dataclass(frozen=True)
class DryRun:
    """A change tried; ``k``: the minimum group of what may be told of it."""

    sides: Sides
    moved_to: date | None
    k: int
    trials: tuple[MunicipalityTrial, ...]


def dry_run(
    settings: Settings,
    change_id: str,
    municipalities: Sequence[str],
    as_if_from: date | None,
    on_step: OnStep,
) -> DryRun:
    """Evaluate the law without the change and with it for each municipality, and compare.

    Raises:
        UsageError: an unknown change or municipality, one that has loaded nothing, a change that is not
            law and has no draft.
        PipelineError: the draft has faults, or a law could not be built.
    """
    k = require_permitted_group(settings.min_group_size)
    chosen = _chosen(settings, municipalities)
    with tempfile.TemporaryDirectory(prefix="pm-law-") as name:
        into = Path(name)
        sides = sides_of(settings.seeds_dir, settings.drafts_dir, change_id, into, as_if_from)
        trials = tuple(_tried(settings, one, sides, into, k, on_step) for one in chosen)
    return DryRun(sides, as_if_from, k, trials)


def _chosen(settings: Settings, municipalities: Sequence[str]) -> list[Municipality]:
    registry = load_checked_registry(settings.seeds_dir)
    if municipalities:
        chosen = [taking_part(registry, one) for one in dict.fromkeys(municipalities)]
        for one in chosen:
            if not settings.warehouse_path(one.municipality_id).exists():
                raise UsageError(
                    f"municipality {one.municipality_id} {one.name} has loaded nothing to try a law "
                    f"on; load it with `pm-pipeline run -m {one.municipality_id}`"
                )
        return chosen
    chosen = [
        one for one in registry.active_municipalities
        if settings.warehouse_path(one.municipality_id).exists()
    ]
    if not chosen:
        raise UsageError(
            f"no municipality has loaded anything in {settings.data_dir}; run `pm-pipeline run` first"
        )
    return chosen


def _tried(
    settings: Settings, municipality: Municipality, sides: Sides, into: Path, k: int, on_step: OnStep
) -> MunicipalityTrial:
    from pm_pipeline.transform.scratch import scratch

    code = municipality.municipality_id
    with scratch(settings, code) as place:
        base = settings.warehouse_path(code)
        if not _is_of_today(settings, code):
            on_step(code, "building the warehouse under the law as it is")
            base = place.build("as_is", settings, None, ())
        paths = []
        for name, seeds_dir in (("before", sides.before.seeds_dir), ("after", sides.after.seeds_dir)):
            if seeds_dir == settings.seeds_dir:
                paths.append(base)
                continue
            on_step(code, f"building the law {'without' if name == 'before' else 'with'} the change")
            side = settings.model_copy(
                update={"data_dir": into / name / "data", "field_dir": into / name}
            )
            seeds = changed_seeds(settings.seeds_dir, seeds_dir)
            paths.append(place.build(name, side, base, seeds))
        on_step(code, "comparing")
        return _compared(municipality, paths[0], paths[1], sides, k)


def _compared(
    municipality: Municipality, before: Path, after: Path, sides: Sides, k: int
) -> MunicipalityTrial:
    with connect_both(before, after) as connection:
        under_new = cases_under(connection, sides.new_regimes) if sides.new_regimes else None
        has_none = under_new is not None and not under_new.cases
        return MunicipalityTrial(
            municipality=municipality,
            data_of=data_of(connection),
            under_new=under_new,
            day_to_try=day_to_try(connection, sides.processes) if has_none else None,
            regime_moves=regime_moves(connection),
            shifts=rule_shifts(connection),
            shares=shares(connection),
            marts=mart_shifts(
                connection,
                {
                    name: _released(table, k) for name, table in PUBLISHED_TABLES.items()
                    if name not in NOT_MADE_ANEW
                },
                with_figures=lambda name: name.startswith("kpi_"),
            ),
        )


def _released(table: PublishedTable, k: int) -> Callable[[str], str]:
    """What may be told of a mart is what would be published of it."""
    return lambda relation: released_sql(table, relation, _NOTHING_WITHHELD, k)


def _is_of_today(settings: Settings, municipality_id: str) -> bool:
    """Whether the warehouse is whole, of today's seeds and code, and of all that is loaded."""
    from pm_pipeline.components.freshness import code_fingerprint, known_contracts
    from pm_pipeline.ingest.loading.state import lake_state

    today = (
        code_fingerprint(settings),
        lake_state(known_contracts(settings), settings.lake_dir(municipality_id)),
    )
    with connect(settings.warehouse_path(municipality_id)) as connection:
        columns = set(connection.execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        ).fetchall())
        tables = {table for table, _ in columns}
        says = {("core.generation", "code_fingerprint"), ("core.generation", "lake_state")}
        return (
            says <= columns
            and all(f"marts.{name}" in tables for name in PUBLISHED_TABLES)
            and connection.execute(
                "select code_fingerprint, lake_state from core.generation"
            ).fetchall() == [today]
        )
