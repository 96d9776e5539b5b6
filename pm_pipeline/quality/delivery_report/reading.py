"""What the warehouse knows of the faults of its deliveries: ``quality.delivery_findings`` as lines."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.delivery_report.content import Count, Line, Weight, Words
from pm_pipeline.quality.delivery_report.wording import FORM_WORDS, WEIGHTS

if TYPE_CHECKING:
    import duckdb

#: What a code of a kind says, and what the sender should mend (None: nothing).
Texts = Mapping[tuple[str, str], tuple[Words, Words | None]]


class _Key(NamedTuple):
    """What makes two findings of two deliveries the same fault."""

    kind: str
    code: str
    table: str
    column: str | None
    detail: str | None


class _Finding(NamedTuple):
    now: Count
    places: tuple[str, ...]


def previous_deliveries(connection: "duckdb.DuckDBPyConnection") -> dict[tuple[str, str], str | None]:
    """Each loaded (system_id, delivery_id) with the delivery of its system before it."""
    rows = connection.execute(
        "with told as (select system_id, delivery_id, min(delivered_on) as delivered_on,"
        " min(received_at) as received_at from core.deliveries group by all)"
        " select system_id, delivery_id, lag(delivery_id) over (partition by system_id"
        " order by delivered_on, received_at, delivery_id) from told order by all"
    ).fetchall()
    return {(system, delivery): before for system, delivery, before in rows}


def read_lines(
    connection: "duckdb.DuckDBPyConnection",
    system_id: str,
    delivery_id: str,
    before_id: str | None,
    texts: Texts,
) -> tuple[Line, ...]:
    """What is wrong with a delivery, the weightiest and most frequent first, against the one before.

    ``texts`` are those of the codes that come from elsewhere (rejects, patterns); what the form of the
    files says is worded here. Lines with ``now.found`` 0 were in the delivery before and are gone.

    Raises:
        PipelineError: a code has no words.
    """
    words = {**FORM_WORDS, **texts}
    now = _findings(connection, system_id, delivery_id)
    before = _findings(connection, system_id, before_id) if before_id else {}
    sizes = _sizes(connection, system_id, before_id) if before_id else {}
    lines = [
        _line(key, found.now, _before(key, before, sizes), found.places, words)
        for key, found in now.items()
    ]
    tables = _sizes(connection, system_id, delivery_id)
    for key, found in before.items():
        # what a delivery changed of the one before it is no fault that could be mended
        if key not in now and key.kind != "change" and (key.kind, key.table) in tables:
            nothing = Count(0, tables[key.kind, key.table])
            lines.append(_line(key, nothing, found.now, (), words))
    order = list(Weight)
    return tuple(sorted(
        lines,
        key=lambda one: (
            order.index(one.weight), -one.now.found, one.table, one.kind, one.code, one.column or "",
            one.detail or "",
        ),
    ))


def _line(
    key: _Key, now: Count, before: Count | None, places: tuple[str, ...], words: Texts
) -> Line:
    if (key.kind, key.code) not in words:
        raise PipelineError(
            f"delivery report: no words for {key.kind} {key.code}; write them where the code is made"
        )
    what, mend = words[key.kind, key.code]
    weight = WEIGHTS.get((key.kind, key.code)) or WEIGHTS[key.kind, None]
    return Line(
        key.kind, key.code, weight, what, mend, key.table, key.column, key.detail, now, before, places
    )


def _before(
    key: _Key, before: Mapping[_Key, _Finding], sizes: Mapping[tuple[str, str], int | None]
) -> Count | None:
    """The same fault in the delivery before; none found where its table was delivered then."""
    if key.kind == "change":
        return None
    if key in before:
        return before[key].now
    if (key.kind, key.table) in sizes:
        return Count(0, sizes[key.kind, key.table])
    return None


def _findings(
    connection: "duckdb.DuckDBPyConnection", system_id: str, delivery_id: str
) -> dict[_Key, _Finding]:
    rows = connection.execute(
        "select kind, code, source_table, column_name, detail, n_found, n_checked, first_places"
        " from quality.delivery_findings where system_id = ? and delivery_id = ? order by all",
        [system_id, delivery_id],
    ).fetchall()
    return {
        _Key(*row[:5]): _Finding(Count(row[5], row[6]), tuple(row[7] or ())) for row in rows
    }


def _sizes(
    connection: "duckdb.DuckDBPyConnection", system_id: str, delivery_id: str
) -> dict[tuple[str, str], int | None]:
    """Among how many something could have been found, by (kind, table) that the delivery has."""
    rows = connection.execute(
        "select kind, source_table, n_checked from quality.delivery_sizes"
        " where system_id = ? and delivery_id = ?",
        [system_id, delivery_id],
    ).fetchall()
    return {(kind, table): checked for kind, table, checked in rows}
