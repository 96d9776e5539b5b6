"""A town of cases by the hundred, taken through the models of core/comparison with their own SQL."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from pm_pipeline.mining.comparison.line import ComparedLine
from pm_pipeline.mining.comparison.report import ComparisonsReport, compare_groups
from tests.flow.town import FlowTown

COMPARISON = (
    "comparison_asked", "comparison_cases", "comparison_sides", "comparison_marks",
    "comparison_lines", "comparison_days",
)
K = 5
DATA_OF = date(2026, 1, 1)
JOB_READY, ACTIVITY_READY = "kontanthjaelp/target_group/6.2", "kontanthjaelp/target_group/6.3"
#: An activity and the days after registration on which it happens, in order.
Path_ = Sequence[tuple[str, float]]


class ComparedTown(FlowTown):
    """Two groups of citizens on social assistance, unless told otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self._courses: list[tuple[object, ...]] = []
        self._acts: list[tuple[object, ...]] = []
        self._of: list[tuple[object, ...]] = []
        self.run(
            "create table comparisons (comparison_id varchar, first_filter_id varchar,"
            " second_filter_id varchar, follow_up_days integer, title_da varchar, title_en varchar)"
        )

    def compare(
        self, first: str = JOB_READY, second: str = ACTIVITY_READY, days: int = 91,
        comparison_id: str = "groups",
    ) -> None:
        self.insert(
            "comparisons", [(comparison_id, first, second, days, "To grupper", "Two groups")]
        )

    def cases(
        self, group: str, n: int, walk: Path_ | Callable[[int], Path_], *, citizens: str = "",
        registered_on: date = date(2025, 3, 3), ended_after: int | None = 60,
    ) -> None:
        """``n`` cases of as many citizens; same ``citizens`` and number, same citizen."""
        for number in range(n):
            course = f"{group}-{citizens}-{registered_on}-{len(self._courses)}"
            ended = None if ended_after is None else registered_on + timedelta(days=ended_after)
            who = f"{citizens or group}-{number}"
            self._courses.append(
                (course, who, group, registered_on, ended, None, "course", None)
            )
            for activity, day in walk(number) if callable(walk) else walk:
                at = datetime.combine(registered_on, datetime.min.time()) + timedelta(
                    days=day, hours=9
                )
                key = len(self._acts) + 1
                self._acts.append((
                    key, f"event-{key:06}", activity, at, at.date(), "second", DATA_OF, "file.csv", key,
                    "delivery", None, None, None,
                ))  # fmt: skip
                self._of.append((f"event-{key:06}", course, "course"))

    def made(self) -> None:
        """Everything up to the tables that are compared."""
        for table, rows in (
            ("int_courses", self._courses), ("events", self._acts), ("event_objects", self._of)
        ):
            for begin in range(0, len(rows), 500):
                self.insert(table, rows[begin : begin + 500])
        self.flow()
        self.make("told_filters")
        for model in COMPARISON:
            self.make(model)
        self.run("create schema core; create schema reference")
        for model in COMPARISON:
            self.run(f"create view core.{model} as from main.{model}")
        self.run(
            "create view core.activities as from main.activity_codes;"
            "create view reference.comparisons as from main.comparisons"
        )

    def compared(self, folder: Path, min_group_size: int = K) -> ComparisonsReport:
        self.made()
        return compare_groups(
            self.connection, "901", folder / "group_comparisons.parquet",
            min_group_size=min_group_size,
        )


def line(report: ComparisonsReport, kind: str, measure: str, *activities: str) -> ComparedLine:
    """The one row of this kind that names these activities."""
    (found,) = [
        row for row in report.rows
        if (row.line_kind, row.measure) == (kind, measure)
        and tuple(one for one in (row.from_activity_id, row.to_activity_id) if one) == activities
    ]
    return found
