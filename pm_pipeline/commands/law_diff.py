"""`law diff`: gather the register, dbt's graph, the suites and what was delivered, and compare."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from pm_pipeline.errors import UsageError
from pm_pipeline.ingest.landing.deliveries import list_deliveries
from pm_pipeline.law.diff import (
    Deliveries,
    LawDiff,
    Point,
    Reader,
    Readers,
    compare,
    in_order,
    points_of,
)
from pm_pipeline.law.diff.points import day_before, first_day
from pm_pipeline.law.drafts import Draft, draft_ids, overlay, read_draft
from pm_pipeline.law.register import load_checked_registry, validate
from pm_pipeline.registry import Registry, load_registry, refuse
from pm_pipeline.settings import Settings


@dataclass(frozen=True)
class _Around:
    """What a difference is looked up in."""

    suite_roots: tuple[Path, ...]
    readers: Readers
    deliveries: Deliveries


def law_diff(settings: Settings, first: str, second: str | None = None) -> LawDiff:
    """The law of ``first`` against that of ``second``; of one name alone, its eve against its day.

    A name is a day, a legal change or a regime. The last name may also be a change that is not law
    and has a draft: then the law with the draft is set against the law as it is.

    Raises:
        UsageError: an unknown name, a change that is neither law nor drafted or has no day, the later
            day first.
        PipelineError: a fault in the seeds, the draft, a suite or the dbt project.
    """
    registry = load_checked_registry(settings.seeds_dir)
    last = second or first
    is_law = any(one.change_id == last and one.is_law for one in registry.changes)
    if last in draft_ids(settings.drafts_dir) and not is_law:
        return _with_draft(settings, registry, None if first == last else first, last)
    before, after = points_of(registry, first, second)
    around = _around(settings, registry)
    return compare(
        (registry, before), (registry, after), suite_roots=around.suite_roots,
        readers=around.readers, deliveries=around.deliveries,
    )


def _with_draft(
    settings: Settings, registry: Registry, first: str | None, change_id: str
) -> LawDiff:
    draft = read_draft(settings.drafts_dir, change_id)
    change = draft.change or registry.change(change_id)
    day = change.effective_on or min((one.valid_from for one in draft.regimes), default=None)
    if day is None:
        raise UsageError(
            f"the draft of '{change_id}' has no day: enter effective_on in "
            f"{draft.told('law/legal_changes.csv')} to compare it"
        )
    after = Point(day, change_id)
    before = first_day(registry, first) if first else Point(day_before(day), change_id)
    before, after = in_order(before, after)
    around = _around(settings, registry, draft)
    with tempfile.TemporaryDirectory(prefix="law-diff-") as folder:
        laid = overlay(settings.seeds_dir, draft, Path(folder) / "seeds")
        drafted = load_registry(laid.seeds_dir)
        # a row that hangs in the air would be compared with nothing, and nobody would be told
        refuse(draft.folder, (laid.told(one) for one in validate(drafted)))
    return compare(
        (registry, before), (drafted, after), suite_roots=around.suite_roots,
        readers=around.readers, deliveries=around.deliveries, draft=change,
    )


def _around(settings: Settings, registry: Registry, draft: Draft | None = None) -> _Around:
    roots = [settings.expectations_dir / "regimes"]
    if draft is not None:
        roots.append(draft.folder / "expectations" / "regimes")
    return _Around(tuple(roots), _readers(settings), _deliveries(settings, registry))


def _readers(settings: Settings) -> Readers:
    from pm_pipeline.transform.readers import seed_readers

    return {
        seed: tuple(
            Reader(
                one.name, one.layer, one.columns,
                rule_kinds=frozenset(one.meta.get("rule_kinds", ())),
                rule_families=frozenset(one.meta.get("rule_families", ())),
                is_direct=one.is_direct,
                rule_window_from=one.meta.get("rule_window_from"),
            )
            for one in models
        )
        for seed, models in seed_readers(settings).items()
    }


def _deliveries(settings: Settings, registry: Registry) -> Deliveries:
    """Which systems each municipality has delivered, those that were not taken back."""
    return {
        one.municipality_id: frozenset(
            delivery.system
            for delivery in list_deliveries(settings.landing_dir, one.municipality_id)
        )
        for one in registry.active_municipalities
    }
