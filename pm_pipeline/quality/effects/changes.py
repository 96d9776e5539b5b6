"""The dated changes of a municipality and what each is about."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Change:
    """One day on which one process may begin to look otherwise (a row of ``core.dated_changes``)."""

    kind: str
    change_id: str
    part: str
    changed_on: date
    process_id: str
    system_id: str | None
    title_da: str
    title_en: str

    @property
    def day(self) -> tuple[str, str, str]:
        """What it is, whatever the process."""
        return self.kind, self.change_id, self.part


@dataclass(frozen=True)
class Touched:
    """What the law names in a process: activities, and rows of the mappings."""

    activities: frozenset[str]
    mappings: frozenset[str]

    def holds(self, measure: str, item: str, whole: str) -> bool:
        """Whether an item of a measure is about something the change names."""
        if measure == "code_share":
            return item in self.mappings
        if measure in ("pair_share", "party_share"):
            return whole in self.activities
        return item in self.activities


def read_changes(connection: "duckdb.DuckDBPyConnection", deliveries_compared: int) -> list[Change]:
    """Oldest first; of deliveries the newest of each system."""
    rows = connection.execute(
        """
        select kind, change_id, part, changed_on, process_id, system_id, title_da, title_en
        from core.dated_changes
        qualify
            kind <> 'delivery'
            or dense_rank() over (
                partition by kind, system_id order by changed_on desc, change_id desc
            ) <= $deliveries
        order by changed_on, kind, change_id, part, process_id
        """,
        {"deliveries": deliveries_compared},
    ).fetchall()
    return [Change(*row) for row in rows]


def read_touched(connection: "duckdb.DuckDBPyConnection", change: Change) -> Touched:
    """Nothing, for what is no law."""
    named = {"change": change.change_id, "process": change.process_id}
    activities = connection.execute(
        "select activity_id from intermediate.int_change_activities"
        " where change_id = $change and (process_id is null or process_id = $process)",
        named,
    ).fetchall()
    mappings = connection.execute(
        "select mapping_id from intermediate.int_law_mapping_touches where change_id = $change",
        {"change": change.change_id},
    ).fetchall()
    return Touched(
        frozenset(row[0] for row in activities), frozenset(row[0] for row in mappings)
    )
