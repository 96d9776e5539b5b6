"""The quality of municipalities as JSON, for other programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pm_pipeline.commands.quality import DatedChange, Failing, MunicipalityQuality

if TYPE_CHECKING:
    from pm_pipeline.components.launch import RunOutcome


def quality_as_json(
    found: Sequence[MunicipalityQuality], change: DatedChange | None,
    outcomes: Sequence["RunOutcome"] = (),
) -> str:
    """One object: the change that was asked about, the municipalities, and what could not be judged."""
    return json.dumps(
        {
            "change": asdict(change) if change else None,
            "municipalities": [_municipality(one) for one in found],
            "late_adopters": [one.municipality.municipality_id for one in found if one.late],
            "not_judged": [
                {"municipality_id": one.municipality_id, "errors": list(one.errors)}
                for one in outcomes if one.status == "failed"
            ],
        },
        default=_plain, ensure_ascii=False, indent=2,
    )


def _municipality(one: MunicipalityQuality) -> dict[str, Any]:
    return {
        "municipality_id": one.municipality.municipality_id,
        "name": one.municipality.name,
        "judgement": asdict(one.judgement),
        "outcomes": {outcome.value: count for outcome, count in one.outcomes.items()},
        "is_critical": one.is_critical,
        "failing": [_failing(rule) for rule in one.failing],
        "comparisons": [asdict(row) for row in one.comparisons],
    }


def _failing(one: Failing) -> dict[str, Any]:
    result = one.result
    return {
        "rule_id": result.rule_id,
        "title_da": result.title_da,
        "title_en": result.title_en,
        "process_id": result.process_id,
        "regime_id": result.regime_id,
        "severity": result.severity,
        "outcome": result.outcome.value,
        "n_failed": result.n_failed,
        "n_checked": result.n_checked,
        "percent": result.percent,
        "threshold": result.threshold,
        "since_on": one.since,
        "what_to_do": one.what_to_do,
    }


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
