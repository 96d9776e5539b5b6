"""The facts a suite can judge: which tables there are, with which columns.

dbt makes them (``dbt_project/models/quality/``); a test compares this list with its YAML. They are
declared here so that a misspelt column in a suite is found when the suites are loaded, without a
warehouse and without Great Expectations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class ColumnKind(StrEnum):
    """What a column of facts holds, and so which expectations make sense on it."""

    TEXT = "text"
    COUNT = "count"
    PERCENT = "percent"
    DATE = "date"


#: Columns whose values are listed in the seeds, with the ``$PARAMETER`` that lists them.
VOCABULARIES: Mapping[str, str] = {
    "municipality_id": "municipalities",
    "process_id": "processes",
    "regime_id": "regimes",
    "system_id": "systems",
    "activity_id": "activities",
    "target_group": "target_groups",
    "resource_type": "resource_types",
    "responsible_party": "responsible_parties",
    "change_id": "legal_changes",
    "log_rule_id": "log_rules",
}


@dataclass(frozen=True)
class Dataset:
    """One table of facts in the schema ``quality``.

    ``sliced``: there is a row (or, for codes, several) per process and regime; otherwise the rows
    describe the whole delivery of the municipality.
    ``counts_values``: the rows are codes in use, so that what a rule checks and fails is counted
    in codes; everywhere else a rule names the columns that hold its counts.
    ``things``: counts of what is nobody's (codes, months of an activity).
    ``of``: what is counted, where it is the events or cases of the slice; then it is known how many of
    them one citizen can have. Beside a count ``<count>_citizens`` may say how many stand behind it, and
    in ``kept_citizens`` how many behind what keeps the rule of a row.
    ``everybody``: counts of rows of which each citizen with an event has at least one.
    ``counts_each``: the citizens beside a count are each counted once, in a row of the table; elsewhere
    they may be more than that.
    """

    name: str
    columns: Mapping[str, ColumnKind]
    sliced: bool = True
    counts_values: bool = False
    things: frozenset[str] = frozenset()
    of: Literal["events", "cases"] | None = None
    everybody: frozenset[str] = frozenset()
    counts_each: bool = False

    def counts_people(self, failed: str | None) -> bool:
        """Whether what a rule counts in the column ``failed`` is of citizens."""
        return not self.counts_values and failed not in self.things


def _columns(
    *, text: str = "", counts: str = "", shares: str = "", dates: str = "", percents: str = "",
    citizens: str = "",
) -> dict[str, ColumnKind]:
    """Columns by kind; each name in ``shares`` is a count with its ``_percent`` beside it.

    ``citizens``: the counts that say, last of all, how many citizens stand behind them.
    """
    columns = dict.fromkeys(
        ("municipality_id", "process_id", "regime_id", *text.split()), ColumnKind.TEXT
    )
    columns |= dict.fromkeys(counts.split(), ColumnKind.COUNT)
    columns |= dict.fromkeys(dates.split(), ColumnKind.DATE)
    for name in shares.split():
        columns |= {name: ColumnKind.COUNT, f"{name}_percent": ColumnKind.PERCENT}
    columns |= dict.fromkeys(percents.split(), ColumnKind.PERCENT)
    return columns | {f"{name}_citizens": ColumnKind.COUNT for name in citizens.split()}


_OF_EVENTS = (
    "events_in_future events_before_1990 events_without_registered_at"
    " events_registered_before_occurred events_late_registered events_date_only"
    " events_with_time_artefacts events_without_resource events_by_robots"
    " talks_without_party talks_by_fund"
)
QUALITY_EVENTS = Dataset(
    "quality_events",
    _columns(
        counts="events events_with_registered_at talks",
        shares=_OF_EVENTS,
        citizens=_OF_EVENTS,
    ),
    of="events",
)

QUALITY_CASES = Dataset(
    "quality_cases",
    _columns(
        counts="cases closed_cases cases_of_three_months",
        dates="first_registered_on last_registered_on",
        shares=(
            "cases_without_events cases_without_start_activity cases_with_events_after_end"
            " cases_with_one_event cases_without_duration cases_spanning_law_change"
            " cases_with_a_talk cases_with_a_fund_talk"
            " cases_of_three_months_without_a_talk cases_of_three_months_without_a_fund_talk"
        ),
    ),
    of="cases",
)

QUALITY_CODES = Dataset(
    "quality_codes",
    _columns(
        text="kind activity_id target_group resource_type responsible_party org_unit_id",
        counts="uses",
    ),
    counts_values=True,
)

QUALITY_ROWS = Dataset(
    "quality_rows",
    _columns(
        text="system_id source_table",
        counts="rows_in_files staged_rows judged_rows events unmapped_codes citizen_links courses",
        shares=(
            "rows_rejected_at_reading values_rejected_at_reading rows_rejected rows_unmapped"
            " events_outside_cases unmapped_codes_like_person_numbers citizen_links_not_followed"
            " courses_without_target_group"
        ),
        citizens="rows_rejected rows_unmapped",
    ),
    sliced=False,
    things=frozenset({"unmapped_codes_like_person_numbers"}),
    everybody=frozenset({"rows_in_files", "staged_rows", "judged_rows", "events"}),
    counts_each=True,
)

#: One row per rule of ``quality/log_rules.csv`` as well.
QUALITY_LOG_RULES = Dataset(
    "quality_log_rules",
    _columns(
        text="log_rule_id", counts="checked", shares="found", percents="allowed_percent",
        citizens="found kept",
    ),
)

_FAULTS_OF_CODES = ("after_end", "before_start", "of_changed_meaning", "unmapped_since_change")
QUALITY_LAW_CODES = Dataset(
    "quality_law_codes",
    _columns(
        text="system_id source_table",
        counts="coded_rows codes",
        shares=" ".join(
            f"{what}_{fault}"
            for fault in _FAULTS_OF_CODES
            for what in ("rows", "codes")
        ),
        citizens=" ".join(f"rows_{fault}" for fault in _FAULTS_OF_CODES),
    ),
    sliced=False,
    things=frozenset(f"codes_{fault}" for fault in _FAULTS_OF_CODES),
    everybody=frozenset({"coded_rows"}),
)

QUALITY_VOLUMES = Dataset(
    "quality_volumes",
    _columns(
        counts="activity_months activity_months_in_clock_stops activity_months_without_yardstick",
        shares="activity_months_below_band activity_months_above_band",
    ),
    things=frozenset({"activity_months_below_band", "activity_months_above_band"}),
)

QUALITY_RESTATED = Dataset(
    "quality_restated",
    _columns(
        text="system_id source_table",
        counts="deliveries rows_before_changes rows_before_deletions",
        shares="history_rows_changed history_rows_deleted",
    ),
    sliced=False,
)

#: A share per pattern of the detectors, named as the pattern (``detectors/quality_patterns.csv``).
_PATTERNS = (
    "form_based collateral time_travel unanchored zero_time swapped_day_month mixed_granularity"
    " batch_registration scattered_event different_clocks scattered_case"
)
QUALITY_IMPERFECTIONS = Dataset(
    "quality_imperfections",
    _columns(
        counts=(
            "events timed_events registered_events changed_events events_of_two_systems"
            " cases cases_of_two_systems"
        ),
        shares=_PATTERNS,
        citizens=_PATTERNS,
    ),
    of="events",
)

_LABELLED = (
    "rows_with_polluted_label rows_with_distorted_label rows_with_synonymous_label"
    " rows_with_homonymous_label"
)
QUALITY_LABELS = Dataset(
    "quality_labels",
    _columns(
        text="system_id source_table",
        counts="labels labelled_rows",
        shares=f"labels_not_compared {_LABELLED}",
        citizens=_LABELLED,
    ),
    sliced=False,
    things=frozenset({"labels_not_compared"}),
)

DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        QUALITY_EVENTS, QUALITY_CASES, QUALITY_CODES, QUALITY_ROWS, QUALITY_LABELS, QUALITY_LOG_RULES,
        QUALITY_LAW_CODES, QUALITY_VOLUMES, QUALITY_RESTATED, QUALITY_IMPERFECTIONS,
    )
}
