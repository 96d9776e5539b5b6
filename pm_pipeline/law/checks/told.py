"""Findings about rows of the seeds, in the one form every check uses."""

from collections.abc import Iterable

from pm_pipeline.registry import Finding, Registry, SeedRow

# A register of hundreds of ids would drown the message; the file named in it has them all.
_KNOWN_SHOWN = 12


def tell(row: SeedRow, column: str, expected: str, found: str, action: str) -> Finding:
    """A finding in one cell of ``row``."""
    return Finding(
        file=row.file, row=row.row, line=row.line, column=column,
        expected=expected, found=found, action=action,
    )


def unknown_ids(
    row: SeedRow, column: str, ids: Iterable[str], known: Iterable[str]
) -> list[Finding]:
    """A finding for each of ``ids`` that is not ``known``."""
    names = sorted(known)
    shown = ", ".join(names[:_KNOWN_SHOWN]) + (", …" if len(names) > _KNOWN_SHOWN else "")
    return [
        tell(row, column, f"a known id ({shown or 'there are none'})", f"'{one}'",
             "correct it or add the row it refers to")
        for one in ids if one not in set(names)
    ]


def law_finding(registry: Registry, row: SeedRow, column: str, change_id: str) -> list[Finding]:
    """A finding when the change is unknown, or is not law: announced is not law."""
    change = next((one for one in registry.changes if one.change_id == change_id), None)
    if change is None:
        return unknown_ids(row, column, (change_id,), {one.change_id for one in registry.changes})
    if change.is_law:
        return []
    return [
        tell(row, column, "a change that is in_force or ended",
             f"'{change_id}', which is {change.status}",
             "remove the row until the change is law, or correct its status")
    ]


def url_finding(row: SeedRow, column: str) -> list[Finding]:
    """A finding when the cell is no web address: a fact of law says where it can be read."""
    address = getattr(row, column)
    if (address or "").startswith(("https://", "http://")):
        return []
    return [
        tell(row, column, "the web address where the fact can be read",
             f"'{address}'" if address else "an empty cell", "enter it")
    ]
