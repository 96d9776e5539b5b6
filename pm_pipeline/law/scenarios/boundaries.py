"""The days on which law changes, tried out: courses begun the day before, on the day, the day after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pm_pipeline.law.register import regime_of
from pm_pipeline.law.scenarios.form import Act, Given
from pm_pipeline.law.scenarios.rows import Rows
from pm_pipeline.law.scenarios.scratch import Scratch
from pm_pipeline.registry import Process, Registry

_STEPS = (("the day before", -1), ("the day", 0), ("the day after", 1))


@dataclass(frozen=True)
class BoundaryDay:
    """A day beside a change of law, and the regime that the SQL put a course begun on it under."""

    process_id: str
    changes_on: date
    change_id: str
    which: str
    day: date
    expected: str | None
    found: str | None

    @property
    def is_right(self) -> bool:
        return self.expected == self.found


def try_boundaries(registry: Registry, scratch: Scratch) -> list[BoundaryDay]:
    """Every day on which a regime begins, or a scheme ended, with the days beside it.

    ``expected`` follows from the seed (:func:`regime_of`), ``found`` is what the models say.
    """
    notions = {one.case_notion_id: str(one.object_type) for one in registry.case_notions}
    rows, tried = Rows(), list(_tried(registry))
    for number, (process, _, _, _, day) in enumerate(tried):
        groups = process.target_groups or (None,)
        given = Given(target_group=groups[0], registered=day)
        acts = [Act(on=day, activity_id=one) for one in process.start_activities[:1]]
        rows.add(f"boundary {number}", process, notions, given, acts)
    scratch.put(rows, registry.municipalities[0].municipality_id)
    # the log has the regime of the case, or of the act where the law goes by events
    log = {
        (row["process_id"], row["case_id"]): row["regime_id"]
        for row in scratch.rows("event_log", "process_id, case_id, regime_id")
    }
    cases = {
        (row["process_id"], row["citizen_id"]): row["case_id"]
        for row in scratch.rows("cases", "process_id, citizen_id, case_id")
    }
    found = []
    for number, (process, changes_on, change_id, which, day) in enumerate(tried):
        held = regime_of(registry, process.process_id, day)
        case_id = cases.get((process.process_id, f"boundary {number}"))
        found.append(BoundaryDay(
            process.process_id, changes_on, change_id, which, day, held.regime_id if held else None,
            log.get((process.process_id, case_id)) if case_id else None,
        ))
    return found


def _tried(registry: Registry) -> Iterator[tuple[Process, date, str, str, date]]:
    for process in registry.processes:
        changes = {}
        for regime in registry.regimes_of(process.process_id):
            if regime.valid_to is not None:
                changes[regime.valid_to] = regime.ended_by_change_id or regime.change_id
            changes[regime.valid_from] = regime.change_id
        for changes_on, change_id in sorted(changes.items()):
            for which, days in _STEPS:
                yield process, changes_on, change_id, which, changes_on + timedelta(days)
