"""The minimum group: what a row or figure needs before it may be published. Pure SQL generation.

Done here (primary suppression):

* a row about fewer than k distinct citizens is removed;
* a figure about a part of a row's citizens is blanked when the part, or what remains of the group
  it is taken from, is 1 to k-1 citizens, together with every figure it could be computed from;
* no smallest or largest value is ever published; a 90th percentile only where the group is several
  times k (:data:`~pm_pipeline.publish.policy.PERCENTILE_FACTOR`).

Done beside it (secondary suppression, :mod:`~pm_pipeline.publish.subtraction`), where the policy says
which figures add up to which: months of a rule against its total, and the outcomes of a row against one
another. Somebody with cases in several blanked months counts in each of them there.

Not done yet, and so not promised: secondary suppression across other rows and tables (a figure removed
here may be had by subtracting the rows that remain from a total elsewhere, for example the cases of
all target groups, or those who were judged from all cases where nobody but the blanked ones was not);
bounds on a blanked figure from what is known of the others; figures that differ between two
publications by fewer than k; dominance of one unit; folding of rare arcs into "other"; parts counted in
cases or events instead of people (covered cases of a model, failing events of a quality rule); arcs
walked repeatedly by few (``n_occurrences`` against ``n_cases``); parts of 0 or 100 per cent, which tell
something about everybody in the group.
"""

from collections.abc import Iterable, Mapping

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.policy import PERCENTILE_FACTOR
from pm_pipeline.publish.published_table import Part, PublishedTable
from pm_pipeline.publish.subtraction import blank, marked_sql, unsafe_part
from pm_pipeline.settings import SMALLEST_PERMITTED_GROUP

MASK_FLAG = "is_masked"


def require_permitted_group(min_group_size: int) -> int:
    """``min_group_size`` itself.

    Raises:
        PipelineError: it is below the floor that no configuration may undercut.
    """
    if min_group_size < SMALLEST_PERMITTED_GROUP:
        raise PipelineError(
            f"the minimum group is {min_group_size}, at least {SMALLEST_PERMITTED_GROUP} citizens "
            "are required; raise PM_MIN_GROUP_SIZE"
        )
    return min_group_size


def require_listed_columns(table: PublishedTable, found: Iterable[str]) -> None:
    """Refuse a mart whose columns are not exactly those of the allow-list.

    Raises:
        PipelineError: naming the table and the unknown or missing columns.
    """
    present = list(found)
    unknown = [column for column in present if column not in table.columns]
    missing = [column for column in table.columns if column not in present]
    if unknown:
        raise PipelineError(
            f"marts.{table.name}: column {', '.join(unknown)} is not on the allow-list of "
            "pm_pipeline/publish/policy.py; list it there with the group behind it, or drop it"
        )
    if missing:
        raise PipelineError(
            f"marts.{table.name}: column {', '.join(missing)} is on the allow-list of "
            "pm_pipeline/publish/policy.py but not in the mart; build the marts again"
        )


def safe_row(table: PublishedTable, k: int) -> str:
    """SQL: the row as a whole may be published (never null)."""
    if table.persons is None:
        return "true"
    if table.stands_by_parts:
        return _tells_of_somebody(table, {part: unsafe_part(part, k) for part in table.parts})
    enough = f"coalesce({table.persons}, 0) >= {k}"
    if table.speaks_of_law:
        return f"({enough} or {_counts_nobody(table)})"
    if table.allows_empty_group:
        enough = f"({enough} or coalesce({table.persons}, 0) = 0)"
    return enough


def mask_conditions(table: PublishedTable, k: int) -> dict[str, str]:
    """Per column that may be blanked: SQL that says when it is small by itself."""
    return _by_column(table, {part: unsafe_part(part, k) for part in table.parts}, k)


def released_sql(table: PublishedTable, relation: str, withheld: str, k: int) -> str:
    """SQL for the rows and figures of ``relation`` that may be published, with ``is_masked``.

    Args:
        relation: the mart, with the columns of the allow-list.
        withheld: a relation (process_id, regime_id) of slices that are not published; a row without
            a process is the whole delivery.
    """
    conditions, safe = _blanked(table, k)
    columns = [
        f"case when not {conditions[column]} then {column} end as {column}"
        if column in conditions
        else column
        for column in table.columns
    ]
    hidden = [f"({column} is not null and {when})" for column, when in conditions.items()]
    flag = " or ".join(hidden) if hidden else "false"
    return (
        f"select {', '.join(columns)}, ({flag}) as {MASK_FLAG} "
        f"from {marked_sql(table, relation, k)} as mart "
        f"where {safe} and {_not_withheld(table, withheld)} order by all"
    )


def suppression_sql(table: PublishedTable, relation: str, withheld: str, k: int) -> str:
    """SQL for one row of counts: rows_withheld, rows_removed, cells_masked (all BIGINT)."""
    conditions, safe = _blanked(table, k)
    masked = " + ".join(
        f"cast({column} is not null and {when} as bigint)" for column, when in conditions.items()
    )
    kept = _not_withheld(table, withheld)
    return (
        f"select count(*) filter (where not {kept}) as rows_withheld, "
        f"count(*) filter (where {kept} and not {safe}) as rows_removed, "
        f"cast(coalesce(sum({masked or '0'}) filter (where {kept} and {safe}), 0) as bigint) "
        f"as cells_masked from {marked_sql(table, relation, k)} as mart"
    )


def _blanked(table: PublishedTable, k: int) -> tuple[dict[str, str], str]:
    """Of a marked relation: when each column is blanked, and which rows are published."""
    blanks = {part: blank(part) for part in table.parts}
    safe = _tells_of_somebody(table, blanks) if table.stands_by_parts else safe_row(table, k)
    return _by_column(table, blanks, k), safe


def _counts_nobody(table: PublishedTable) -> str:
    """SQL: the row counts no case and no citizen, in whatever column."""
    counts = {table.persons or "0"}
    for part in table.parts:
        counts |= {part.count, part.persons, *(part.whole or ())}
    return "(" + " and ".join(f"coalesce({count}, 0) = 0" for count in sorted(counts)) + ")"


def _tells_of_somebody(table: PublishedTable, blanks: Mapping[Part, str]) -> str:
    told = (f"(coalesce({part.count}, 0) > 0 and not {blanks[part]})" for part in table.parts)
    return f"({' or '.join(told)})"


def _by_column(table: PublishedTable, blanks: Mapping[Part, str], k: int) -> dict[str, str]:
    conditions: dict[str, list[str]] = {}
    for part in table.parts:
        for column in part.columns:
            conditions.setdefault(column, []).append(blanks[part])
    for column in table.percentiles:
        conditions.setdefault(column, []).append(
            f"(coalesce({table.persons}, 0) < {PERCENTILE_FACTOR * k})"
        )
    return {column: f"({' or '.join(found)})" for column, found in conditions.items()}


def _not_withheld(table: PublishedTable, withheld: str) -> str:
    if table.keeps_withheld:
        return "true"
    # A table that is coarser than a slice rests on each slice in it: of a whole process, or (no
    # process) of the whole delivery, which goes only when the delivery itself is what failed.
    is_it = "slice.process_id is null"
    if "process_id" in table.columns:
        is_it += " or (slice.process_id = mart.process_id"
        if "regime_id" in table.columns:
            is_it += " and slice.regime_id is not distinct from mart.regime_id"
        is_it += ")"
    kept = f"not exists (select 1 from {withheld} as slice where {is_it})"
    return f"({kept} or {table.persons} is null)" if table.speaks_of_law else kept
