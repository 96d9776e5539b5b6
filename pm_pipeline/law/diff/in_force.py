"""The law in force on one day: regimes, their rules, clock stops, exemptions, meanings of codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pm_pipeline.registry import (
    ActivityMapping,
    ClockStop,
    Exemption,
    LegalChange,
    Regime,
    Registry,
    Rule,
)


@dataclass(frozen=True)
class LawOnDay:
    """Every row of the register that holds on ``day``; ``regimes`` by process."""

    registry: Registry
    day: date
    regimes: Mapping[str, Regime]
    rules: tuple[Rule, ...]
    clock_stops: tuple[ClockStop, ...]
    exemptions: tuple[Exemption, ...]
    mappings: tuple[ActivityMapping, ...]

    def rules_of(self, process_id: str) -> tuple[Rule, ...]:
        regime = self.regimes.get(process_id)
        return tuple(one for one in self.rules if regime and one.regime_id == regime.regime_id)


def law_on(registry: Registry, day: date) -> LawOnDay:
    """What holds on ``day``.

    An exemption holds while its change does; one whose change has no day holds on none (it is told
    among the changes of unknown day).
    """
    regimes = {one.process_id: one for one in registry.regimes if one.holds_on(day)}
    held = {one.regime_id for one in regimes.values()}
    in_force = {one.change_id for one in registry.changes if change_holds_on(one, day)}
    return LawOnDay(
        registry=registry,
        day=day,
        regimes=regimes,
        rules=tuple(one for one in registry.rules if one.regime_id in held),
        clock_stops=tuple(
            one for one in registry.clock_stops if _within(one.starts_on, one.ends_on, day)
        ),
        exemptions=tuple(one for one in registry.exemptions if one.change_id in in_force),
        mappings=tuple(
            one for one in registry.mappings if _within(one.valid_from, one.valid_to, day)
        ),
    )


def change_holds_on(change: LegalChange, day: date) -> bool:
    """Law, of a known day, begun and not ended."""
    known = change.is_law and change.effective_on is not None
    return known and _within(change.effective_on, change.ended_on, day)


def _within(begins: date | None, ends: date | None, day: date) -> bool:
    return (begins is None or begins <= day) and (ends is None or day < ends)
