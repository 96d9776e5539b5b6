"""Clock stops and exemptions that begin, end or change between two days, and the rules they bend."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from pm_pipeline.law.diff.changes import Turn, turn_of
from pm_pipeline.law.diff.in_force import LawOnDay
from pm_pipeline.registry import ClockStop, Exemption, Registry, Rule, SeedRow

Row = TypeVar("Row", bound=SeedRow)


@dataclass(frozen=True)
class StopDiff:
    """``rule_ids``: the rules it stops, of the regimes that hold on some day of it."""

    stop: ClockStop
    turn: Turn
    rule_ids: tuple[str, ...]


@dataclass(frozen=True)
class ExemptionDiff:
    exemption: Exemption
    turn: Turn

    @property
    def rule_ids(self) -> tuple[str, ...]:
        return self.exemption.rule_id


def stop_diffs(before: LawOnDay, after: LawOnDay) -> tuple[StopDiff, ...]:
    """In the order of the seed; a stop between the two days is told too."""
    first, last = before.day, after.day
    found = []
    for stop in _either(before.registry.clock_stops, after.registry.clock_stops, "stop_id"):
        turn = turn_of(stop.starts_on, stop.ends_on, first, last)
        if turn is None and _says_else(stop, before.clock_stops, after.clock_stops, "stop_id"):
            turn = Turn.CHANGES
        if turn is not None:
            rules = rules_between(after.registry, stop.starts_on, _last_day(stop))
            stopped = {one.rule_id for one in rules if stop.stops(one)}
            found.append(StopDiff(stop, turn, tuple(sorted(stopped))))
    return tuple(found)


def exemption_diffs(before: LawOnDay, after: LawOnDay) -> tuple[ExemptionDiff, ...]:
    """In the order of the seed: an exemption holds while its change is in force."""
    found = []
    for one in _either(before.registry.exemptions, after.registry.exemptions, "exemption_id"):
        change = after.registry.change(one.change_id)
        turn = None
        if change.is_law and change.effective_on is not None:
            turn = turn_of(change.effective_on, change.ended_on, before.day, after.day)
        if turn is None and _says_else(one, before.exemptions, after.exemptions, "exemption_id"):
            turn = Turn.CHANGES
        if turn is not None:
            found.append(ExemptionDiff(one, turn))
    return tuple(found)


def rules_between(registry: Registry, first: date, last: date) -> tuple[Rule, ...]:
    """The rules of every regime that held on some day from ``first`` to ``last``."""
    held = {
        one.regime_id for one in registry.regimes
        if one.valid_from <= last and (one.valid_to is None or one.valid_to > first)
    }
    return tuple(one for one in registry.rules if one.regime_id in held)


def _last_day(stop: ClockStop) -> date:
    return stop.ends_on - timedelta(days=1) if stop.ends_on else date.max


def contents(row: SeedRow) -> dict[str, object]:
    """What a row says, wherever it stands."""
    return row.model_dump(exclude={"row", "line", "notes"})


def _either(old: Iterable[Row], new: Iterable[Row], key: str) -> tuple[Row, ...]:
    rows = list(new)
    known = {getattr(one, key) for one in rows}
    return (*rows, *(one for one in old if getattr(one, key) not in known))


def _says_else(row: SeedRow, old: Iterable[SeedRow], new: Iterable[SeedRow], key: str) -> bool:
    """It holds on both days with other words, which only a draft can bring about."""
    wanted = getattr(row, key)
    was = [contents(one) for one in old if getattr(one, key) == wanted]
    now = [contents(one) for one in new if getattr(one, key) == wanted]
    return was != now
