"""The quality of municipalities as JSON, for other programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pm_pipeline.commands.quality import DatedChange, Failing, MunicipalityQuality
from pm_pipeline.publish.adopters import Adopter

if TYPE_CHECKING:
    from pm_pipeline.components.launch import RunOutcome


def quality_as_json(
    found: Sequence[MunicipalityQuality], change: DatedChange | None,
    outcomes: Sequence["RunOutcome"] = (), adopters: Sequence[Adopter] = (),
) -> str:
    """One object: the change that was asked about, the municipalities, and what could not be judged."""
    return json.dumps(
        {
            "change": _change(change) if change else None,
            "municipalities": [_municipality(one) for one in found],
            "adopters": [asdict(one) for one in adopters],
            "late_adopters": sorted({one.municipality_id for one in adopters if one.is_late}),
            "not_judged": [
                {"municipality_id": one.municipality_id, "errors": list(one.errors)}
                for one in outcomes if one.status == "failed"
            ],
        },
        default=_plain, ensure_ascii=False, indent=2,
    )


def _change(change: DatedChange) -> dict[str, Any]:
    told = asdict(change) | {"title_da": change.title.da, "title_en": change.title.en}
    return {name: value for name, value in told.items() if name != "title"}


def _municipality(one: MunicipalityQuality) -> dict[str, Any]:
    return {
        "municipality_id": one.municipality.municipality_id,
        "name": one.municipality.name,
        "judgement": asdict(one.judgement),
        "outcomes": {outcome.value: count for outcome, count in one.outcomes.items()},
        "is_critical": one.is_critical,
        "n_withheld_slices": one.n_withheld,
        "is_all_withheld": one.is_all_withheld,
        "withheld_for": list(one.critical_rules),
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
        "since_on": one.since.on if one.since else None,
        "is_since_known": one.since is not None and one.since.is_known,
        "what_to_do_da": one.what_to_do.da,
        "what_to_do_en": one.what_to_do.en,
    }


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
