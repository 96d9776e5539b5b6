"""What must be blanked beside the small figures, so that they cannot be had by subtraction. Pure SQL.

Two ways lead back to a blank, and both are closed:

* parts of one row that exclude one another (``apart``) may add up to a number of cases told elsewhere:
  where those blanked are together 1 to k-1 citizens, the smallest of the others is blanked too;
* rows that are slices of a group (``slices``) add up to the figure of the group: where it may be told,
  as many more slices are blanked, the smallest first, until the blanked ones are together nobody or at
  least k, and so is what remains of the groups they are taken from.
"""

from pm_pipeline.publish.published_table import Part, PublishedTable, Slices


def unsafe_part(part: Part, k: int) -> str:
    """SQL: the part, or the rest of its whole, is 1 to k-1 citizens (never null)."""
    conditions = [f"coalesce({part.count} > 0 and coalesce({part.persons}, 0) < {k}, false)"]
    if part.whole:
        count, persons = part.whole
        # Citizens with no case in the part: at most those of the rest, so this errs to safety.
        conditions.append(
            f"coalesce({part.count} < {count} and {persons} - {part.persons} < {k}, false)"
        )
    return f"({' or '.join(conditions)})"


def blank(part: Part) -> str:
    """The column of :func:`marked_sql` that tells whether a part is blanked."""
    return f"blank_{part.count}"


def marked_sql(table: PublishedTable, relation: str, k: int) -> str:
    """SQL (a relation in brackets): ``relation`` with one boolean per part, see :func:`blank`."""
    flags = "".join(f", {unsafe_part(part, k)} as {blank(part)}" for part in table.parts)
    marked = f"(select *{flags} from {relation})"
    if table.apart:
        marked = _apart_sql(table, marked, k)
    if table.slices:
        for part in table.parts:
            marked = _slices_sql(table, table.slices, part, marked, k)
    return marked


def _apart_sql(table: PublishedTable, marked: str, k: int) -> str:
    parts = [part for part in table.parts if part.count in table.apart]
    blanked = " + ".join(
        f"case when {blank(part)} then coalesce({part.persons}, 0) else 0 end" for part in parts
    )
    told = ", ".join(
        f"case when not {blank(part)} and {part.count} > 0 then {part.persons} end" for part in parts
    )
    too = f"({blanked}) between 1 and {k - 1}"
    smallest = f"least({told})"
    flags = ", ".join(
        f"{blank(part)} or coalesce({too} and {part.count} > 0 and {part.persons} = {smallest}, false)"
        f" as {blank(part)}"
        for part in parts
    )
    return f"(select * replace ({flags}) from {marked})"


def _slices_sql(table: PublishedTable, slices: Slices, part: Part, marked: str, k: int) -> str:
    """One more layer around ``marked``: the slices that are blanked for the sake of others."""
    starts, rest = blank(part), ("0", "0")
    if part.whole:
        count, persons = part.whole
        rest = (f"{count} - {part.count}", f"greatest({persons} - {part.persons}, 0)")
        # where the whole is blank, a part of it would say how many it is at least
        starts += "".join(
            f" or {blank(other)}" for other in table.parts if (other.count, other.persons) == part.whole
        )
    group = f"partition by {', '.join(slices.group)}"
    # What helps both sides comes first, then the smallest.
    earlier = (
        f"over ({group} order by starts desc, least(part_n, case when {bool(part.whole)} then rest_n"
        f" else part_n end) > 0 desc, part_persons + rest_persons, {slices.along}"
        " rows between unbounded preceding and 1 preceding)"
    )
    measured = (
        f"(select *, ({starts}) as starts, {part.count} as part_n, {part.persons} as part_persons,"
        f" {rest[0]} as rest_n, {rest[1]} as rest_persons from {marked})"
    )
    needed = f"bool_or(starts) over ({group}) and {_enough(f'over ({group})', k)}"
    blanked = (
        f"(select *, starts or ({needed} and not {_enough(earlier, k)}) as blanked from {measured})"
    )
    return (
        "(select * exclude (starts, part_n, part_persons, rest_n, rest_persons, blanked)"
        f" replace (blanked as {blank(part)}) from {blanked})"
    )


def _enough(window: str, k: int) -> str:
    """SQL: the slices of a window are together nobody or at least k citizens, and so is the rest."""
    return "(" + " and ".join(
        f"(coalesce(sum({side}_n) {window}, 0) = 0"
        f" or coalesce(sum({side}_persons) {window}, 0) >= {k})"
        for side in ("part", "rest")
    ) + ")"  # fmt: skip


def remainder_sql(table: PublishedTable, slices: Slices, part: Part, k: int) -> str:
    """SQL for the number of groups of which 1 to k-1 cases can be had by subtraction.

    For what is published: the slices in ``table``, the groups in ``slices.total``.
    """
    on = " and ".join(f"slice.{key} is not distinct from total.{key}" for key in slices.group)
    left = [(f"total.{part.count}", part.count)]
    if part.whole:
        left.append((f"total.{part.whole[0]} - total.{part.count}", f"{part.whole[0]} - {part.count}"))
    found = " or ".join(
        f"{whole} - coalesce((select sum({told}) from {table.name} as slice where {on}), 0)"
        f" between 1 and {k - 1}"
        for whole, told in left
    )
    return f"select count(*) from {slices.total} as total where {found}"
