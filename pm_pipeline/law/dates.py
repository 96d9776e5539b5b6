"""The days on which the law, as the seeds tell it, becomes another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pm_pipeline.registry import Registry

_DENMARK = ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True, order=True)
class DateOfLaw:
    """A day on which a regime or a change begins to hold, or holds no more (the day after its last).

    The release of a case system only begins.
    """

    on: date
    what: Literal["regime", "change", "release"]
    id: str
    how: Literal["begins", "ends"]

    def __str__(self) -> str:
        return f"{self.what} {self.id} {self.how} {self.on}"


def today() -> date:
    """The day it is in Denmark."""
    return datetime.now(UTC).astimezone(_DENMARK).date()


def dates_passed(registry: Registry, municipality_id: str, day: date) -> tuple[DateOfLaw, ...]:
    """What has begun or ended in a municipality by a day, oldest first.

    Announced is not law: it never begins.
    """
    return tuple(sorted(one for one in _dates(registry, municipality_id) if one.on <= day))


def _dates(registry: Registry, municipality_id: str) -> Iterator[DateOfLaw]:
    for release in registry.releases:
        if release.municipality_id in (None, municipality_id):
            yield DateOfLaw(release.released_on, "release", release.release_id, "begins")
    law = {change.change_id for change in registry.changes if change.is_law}
    for change in registry.changes:
        if change.change_id in law:
            if change.effective_on is not None:
                yield DateOfLaw(change.effective_on, "change", change.change_id, "begins")
            if change.ended_on is not None:
                yield DateOfLaw(change.ended_on, "change", change.change_id, "ends")
    for regime in registry.regimes:
        if regime.change_id in law:
            yield DateOfLaw(regime.valid_from, "regime", regime.regime_id, "begins")
            if regime.valid_to is not None:
                yield DateOfLaw(regime.valid_to, "regime", regime.regime_id, "ends")
