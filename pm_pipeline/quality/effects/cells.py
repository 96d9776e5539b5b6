"""The events of a process by both their weeks, delivery, system, table and activity: where causes part.

A law moves what happens from its day on; a release what is written down in its system from its day on,
whenever it happened; a bad delivery is its own rows. Only figures known by all three tell them apart.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pm_pipeline.quality.effects.changes import Change
from pm_pipeline.quality.effects.series import or_none

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Truths = NDArray[np.bool_]

_OF_EVENTS = (
    "activity_share", "party_share", "code_share", "null_share", "date_only_share", "late_share",
)
_PLACES = ("occurred_week_on", "registered_week_on", "delivery_id", "system_id")


@dataclass(frozen=True)
class Parts:
    """A share cell by cell: numerator and denominator, and where each cell lies (:data:`_PLACES`)."""

    parts: "Array"
    wholes: "Array"
    places: dict[str, Any]

    def kept(self, inside: "Truths") -> "Parts":
        return Parts(
            self.parts[inside], self.wholes[inside],
            {name: values[inside] for name, values in self.places.items()},
        )

    def acted_on(self, change: Change) -> "Truths":
        """The cells a change would move."""
        return _acted_on(self.places, change)


@dataclass(frozen=True)
class Cells:
    """One process. ``events``: per week of the act, week of its registration, delivery, system, table,
    activity, row of the mappings and party; ``pairs``: per activity and the one right before it."""

    events: dict[str, Any]
    pairs: dict[str, Any]

    def parts(self, measure: str, item: str) -> Parts | None:
        """None for a measure that is not known cell by cell."""
        if measure == "pair_share":
            return self._pair(item)
        if measure not in _OF_EVENTS:
            return None
        return Parts(
            *self._of_events(measure, item), {name: self.events[name] for name in _PLACES}
        )

    def acted_on(self, change: Change) -> "Truths":
        """The cells of events a change would move."""
        return _acted_on(self.events, change)

    def _of_events(self, measure: str, item: str) -> tuple["Array", "Array"]:
        events = self.events["n_events"]
        if measure == "activity_share":
            return events * (self.events["activity_id"] == item), events
        if measure == "code_share":
            return events * (self.events["mapping_id"] == item), events
        if measure == "party_share":
            activity, _, party = item.rpartition(": ")
            whole = events * (self.events["activity_id"] == activity)
            known = whole * (self.events["responsible_party"] != None)  # noqa: E711 -- an array
            return known * (self.events["responsible_party"] == party), known
        table, _, name = item.partition(".")
        mine = self.events["source_table"] == table
        if measure == "date_only_share":
            return self.events["n_date_only"] * mine, events * mine
        if measure == "null_share":
            return (events - self.events[f"n_with_{name}"]) * mine, events * mine
        days = name.removeprefix("over_").removesuffix("_days")
        return (
            self.events[f"n_later_than_{days}_days"] * mine,
            self.events["n_with_registered_at"] * mine,
        )

    def _pair(self, item: str) -> Parts:
        earlier, _, later = item.partition(" > ")
        pairs = self.pairs["n_events"] * (self.pairs["activity_id"] == later)
        return Parts(
            pairs * (self.pairs["previous_id"] == earlier), pairs,
            {name: self.pairs[name] for name in _PLACES},
        )


def read_cells(connection: "duckdb.DuckDBPyConnection", process_id: str) -> Cells:
    """Both tables of a process, each event told once."""
    events = """
        select weeks.* exclude (process_id, activity_code), activities.activity_id
        from quality.event_weeks as weeks
        inner join core.activities as activities on weeks.activity_code = activities.activity_code
        where weeks.process_id = $process
    """
    pairs = """
        select
            weeks.* exclude (process_id, activity_code, previous_activity_code),
            activities.activity_id, earlier.activity_id as previous_id
        from quality.pair_weeks as weeks
        inner join core.activities as activities on weeks.activity_code = activities.activity_code
        inner join core.activities as earlier
            on weeks.previous_activity_code = earlier.activity_code
        where weeks.process_id = $process
    """
    return Cells(_columns(connection, events, process_id), _columns(connection, pairs, process_id))


def _columns(
    connection: "duckdb.DuckDBPyConnection", sql: str, process_id: str
) -> dict[str, Any]:
    import numpy as np

    found = connection.execute(sql, {"process": process_id}).fetchnumpy()
    return {
        name: np.asarray(values, dtype="datetime64[D]") if name.endswith("_on")
        else np.asarray(values, dtype=float) if name.startswith("n_")
        else or_none(values)
        for name, values in found.items()
    }


def _acted_on(places: dict[str, Any], change: Change) -> "Truths":
    import numpy as np

    day = np.datetime64(change.changed_on)
    of_system = places["system_id"] == change.system_id
    if change.kind == "delivery":
        return np.asarray(of_system & (places["delivery_id"] == change.change_id))
    if change.kind == "release":
        return np.asarray(of_system & (places["registered_week_on"] >= day))
    return np.asarray(places["occurred_week_on"] >= day)
