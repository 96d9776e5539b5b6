"""A change of law tried, for other programs: the same counts as the tables, and every figure."""

import json
from typing import Any

from pm_pipeline.commands.law_dry_run import DryRun, MunicipalityTrial
from pm_pipeline.console.law_dry_run import banner_of
from pm_pipeline.law.trial.counts import shown
from pm_pipeline.law.trial.outcomes import RuleShift, Wording
from pm_pipeline.law.trial.shares import Share
from pm_pipeline.law.trial.told import told, told_share, touched_shares, wording_of
from pm_pipeline.registry import Registry


def dry_run_as_json(run: DryRun) -> str:
    """One object; a count is null where fewer than ``min_group_size`` citizens stand behind it."""
    change = run.sides.change
    return json.dumps(
        {
            "warning": banner_of(run),
            "change_id": change.change_id,
            "status": change.status.value,
            "certainty": change.certainty.value,
            "effective_on": _day(run.sides.effective_on),
            "as_if_from": _day(run.moved_to),
            "new_regimes": list(run.sides.new_regimes),
            "min_group_size": run.k,
            "municipalities": [_trial(run, one) for one in run.trials],
        },
        ensure_ascii=False, indent=2,
    )


def _trial(run: DryRun, trial: MunicipalityTrial) -> dict[str, Any]:
    return {
        "municipality_id": trial.municipality.municipality_id,
        "data_of": _day(trial.data_of),
        "cases_under_new_regimes": (
            None if trial.under_new is None else shown(trial.under_new, run.k).cases
        ),
        "day_to_try": _day(trial.day_to_try),
        "regimes": [
            {"process_id": one.process_id, "before": one.before, "after": one.after,
             "cases": shown(one.cases, run.k).cases}
            for one in trial.regime_moves
        ],
        "rules": [_shift(run, one) for one in trial.shifts],
        "shares": [
            {"before": _share(run.sides.before, before, run.k),
             "after": _share(run.sides.after, after, run.k, before)}
            for before, after in touched_shares(trial.shares)
        ],
        "published_tables": [
            {
                "name": one.name, "rows_before": one.rows_before, "rows_after": one.rows_after,
                "rows_gone": one.rows_gone, "rows_new": one.rows_new,
                "figures": [
                    {"row": dict(figure.row), "name": figure.name, "before": figure.before,
                     "after": figure.after}
                    for figure in one.figures
                ],
            }
            for one in trial.marts
        ],
    }


def _shift(run: DryRun, shift: RuleShift) -> dict[str, Any]:
    one = told(shift, run.k)
    return {
        "process_id": shift.process_id,
        "rule_id": shift.rule_id,
        "before": _wording(run.sides.before, shift.rule_id, shift.before),
        "after": _wording(run.sides.after, shift.rule_id, shift.after),
        "is_touched": shift.is_touched,
        "cases": one.cases.cases,
        "outcomes_before": {outcome: count.cases for outcome, count in one.before.items()},
        "outcomes_after": {outcome: count.cases for outcome, count in one.after.items()},
        "moves": [
            {"from": before, "to": after, "cases": count.cases}
            for (before, after), count in one.moves.items()
        ],
    }


def _wording(registry: Registry, rule_id: str, wording: Wording | None) -> dict[str, Any] | None:
    if wording is None:
        return None
    rule = wording_of(registry, rule_id, wording.version, wording.regime_id)
    return {
        "version": wording.version, "regime_id": wording.regime_id,
        "title_da": rule.title_da if rule else None, "title_en": rule.title_en if rule else None,
        "certainty": rule.certainty.value if rule else None,
    }


def _share(
    registry: Registry, row: Share | None, k: int, beside: Share | None = None
) -> dict[str, Any] | None:
    if row is None:
        return None
    one = told_share(row, k, beside)
    return {
        "process_id": row.process_id, "rule_id": row.rule_id,
        **(_wording(registry, row.rule_id, Wording(row.version, row.regime_id)) or {}),
        "cohort": one.cohort.cases, "reached": one.reached.cases, "pending": one.pending.cases,
        "share": one.share, "share_required": float(row.share_required), "quota_met": one.is_met,
    }


def _day(day: object) -> str | None:
    return None if day is None else str(day)
