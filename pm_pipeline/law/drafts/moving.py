"""A change as if it took effect on another day: to try a law of next year on the cases of today.

Edits a scratch seeds folder only. A regime keeps its id when it is moved, so that what is shown names
the regime that the rows name. Codes are not moved: mappings say how a system writes, and the cases
there are were written by the codes of their own time.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from pm_pipeline.errors import UsageError
from pm_pipeline.law.drafts.sheet import Sheet, having, read_sheet
from pm_pipeline.registry import LegalChange, Regime, load_registry


def as_if_from(seeds_dir: Path, change_id: str, day: date) -> None:
    """Let the regimes of the change begin on ``day`` (a regime that began later: as much later).

    The regime that runs on ``day`` ends there; regimes of other changes that lie between ``day`` and
    the moved regime's own beginning give way to it.

    Raises:
        UsageError: the change begins no regime, or one of its regimes would begin after its end.
    """
    registry = load_registry(seeds_dir)
    mine = [one for one in registry.regimes if one.change_id == change_id]
    if not mine:
        raise UsageError(
            f"'{change_id}' begins no regime, so it cannot be moved to {day}; leave out --as-if-from"
        )
    by = day - min(one.valid_from for one in mine)
    path = seeds_dir / Regime.file
    sheet = read_sheet(path)
    for regime in sorted(mine, key=lambda one: one.valid_from, reverse=by.days > 0):
        _move(sheet, next(row for row in sheet.rows if row["regime_id"] == regime.regime_id), by)
    sheet.write(path)
    changes = read_sheet(seeds_dir / LegalChange.file)
    changes.edit(having({"change_id": change_id}), {"effective_on": str(day)})
    changes.write(seeds_dir / LegalChange.file)


def _move(sheet: Sheet, regime: Mapping[str, str], by: timedelta) -> None:
    began = regime["valid_from"]
    begins = str(date.fromisoformat(began) + by)
    if regime["valid_to"] and begins >= regime["valid_to"]:
        raise UsageError(
            f"'{regime['regime_id']}' ends on {regime['valid_to']}, so it cannot begin on {begins}; "
            "name an earlier day"
        )
    same_process = [row for row in sheet.rows if row["process_id"] == regime["process_id"]]
    for other in same_process:
        if other["regime_id"] == regime["regime_id"]:
            continue
        one = having({"regime_id": other["regime_id"]})
        if begins <= other["valid_from"] < began:
            sheet.drop(one)
        elif other["valid_to"] == began or other["valid_from"] < begins < (other["valid_to"] or began):
            sheet.edit(one, {"valid_to": begins, "ended_by_change_id": ""})
    sheet.edit(having({"regime_id": regime["regime_id"]}), {"valid_from": begins})
