"""A town's log taken through the filters and what is counted per filter, with the models' own SQL."""

from datetime import datetime
from typing import Any

from tests.law.core_sql import Town

#: From cases and their log to filters and their figures, each built from those before it.
FLOW = (
    "case_walks", "variants", "variant_steps", "variant_people",
    "caseworker_changes", "cases", "org_units", "case_units",
    "filter_conditions", "filter_sentences", "case_filters", "filter_variant_matches",
    "filter_cases", "filter_variants", "filter_people", "filter_sizes", "filter_follows",
    "filter_ends", "filter_paths", "variant_rework", "filter_rework", "filter_ping_pong",
    "work_intervals", "filter_work_times", "batched_events", "filter_batches", "filter_months",
)
_NAMED = (
    "create macro named(of_code) as"
    " (select activity_id from activity_codes where activity_code = of_code)"
)


class FlowTown(Town):
    """A municipality of hand-made cases, under the shipped seeds."""

    def __init__(self, threads: int = 1) -> None:
        super().__init__()
        self.run(f"set threads = {threads}")
        self.seed("target_groups", "filters", "legal_changes", "quality_limits")
        self.run("delete from filters")
        self.known_on("2026-01-01")
        self._began: list[tuple[str, datetime]] = []

    def seed(self, *names: str, **options: Any) -> None:
        for name in names:
            if name == "quality_limits":
                from tests.law.core_sql import DBT_PROJECT

                path = DBT_PROJECT / "detectors" / "quality_limits.csv"
                self.run(f"create table quality_limits as select * from read_csv('{path}')")
            else:
                super().seed(name, **options)

    def known_on(self, day: str) -> None:
        self.run(f"create or replace table int_as_of as select date '{day}' as as_of_on")

    def act(
        self, course: str, activity: str, at: str, unit: str | None = None,
        started_at: str | None = None, source_row: int | None = None,
    ) -> None:
        """An act of a unit; where it has a beginning it ends at ``at``."""
        self.event(course, activity, at, source_row=source_row or self._n_events + 1)
        self.connection.execute(
            "update events set org_unit_id = ? where event_id = ?", [unit, self.last_event_id]
        )
        if started_at:
            self._began.append((self.last_event_id, datetime.fromisoformat(started_at)))

    def filter(self, filter_id: str, *conditions: str) -> None:
        """``filter("x", "process is forsikrede_ledige", "activity has JOBSAMTALE")``."""
        self.insert("filters", [(filter_id, *one.split(" ", 2)) for one in conditions])

    def flow(self) -> None:
        """Everything up to the figures per filter."""
        self.log()
        self.count()

    def count(self) -> None:
        """Everything that is made of the log."""
        self.run("alter table events add column started_at timestamp")
        self.run("alter table events add column ended_at timestamp")
        for event_id, began in self._began:
            self.connection.execute(
                "update events set started_at = ?, ended_at = occurred_at where event_id = ?",
                [began, event_id],
            )
        for model in FLOW:
            self.make(model)
        self.run(_NAMED)

    def of(self, filter_id: str, sql: str) -> list[tuple[Any, ...]]:
        """``select`` of one filter: ``{f}`` in the SQL is the condition that names it."""
        number = f"(select filter_number from case_filters where filter_id = '{filter_id}')"
        return self.rows(sql.format(f=f"filter_number = {number}"))

    def cases_of(self, filter_id: str) -> set[str]:
        return {
            case for (case,) in self.of(
                filter_id,
                "select case_id from filter_cases join cases using (case_number) where {f}",
            )
        }  # fmt: skip
