"""The tables with which a publication describes itself: what made it, and what it leaves out."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb

from pm_pipeline.publish.documentation import Description
from pm_pipeline.publish.receipts import Receipt


@dataclass(frozen=True)
class TableCounts:
    """What became of one mart; one row of the published table ``suppression``."""

    table_name: str
    rows_published: int
    rows_removed: int
    rows_withheld: int
    cells_masked: int


def write_metadata(
    connection: duckdb.DuckDBPyConnection,
    receipt: Receipt,
    counts: Sequence[TableCounts],
    texts: Sequence[Description],
    rule_results_path: Path,
) -> None:
    """Write publication, suppression, documentation, withheld_slices and all comments.

    Args:
        connection: with the database attached as ``published``, the marts in it, and the slices
            not published in a table ``withheld`` (process_id, regime_id).
    """
    _write_rows(connection, "suppression", _SUPPRESSION, [astuple(row) for row in counts])
    _write_rows(connection, "publication", _PUBLICATION, [_publication(receipt)])
    _write_rows(connection, "documentation", _DOCUMENTATION, [astuple(row) for row in texts])
    connection.execute(
        f"create table published.withheld_slices as {_WITHHELD}",
        {
            "municipality_id": receipt.municipality_id,
            "rule_results": str(rule_results_path),
        },
    )
    _comment(connection, texts)


# A slice is withheld for its own rules and for those about the whole delivery. The counts are those
# of the published summary, and so blank where they are of too few.
_WITHHELD = """
    with failing as (
        select * from read_parquet($rule_results)
        where severity = 'critical' and outcome in ('FAIL', 'ERROR')
    )
    select
        cast($municipality_id as varchar) as municipality_id,
        withheld.process_id,
        withheld.regime_id,
        case when failing.rule_id is null then null
            when failing.process_id is null then 'delivery' else 'slice' end as judged,
        failing.dataset,
        failing.rule_id,
        failing.title_da,
        failing.title_en,
        failing.outcome,
        told.n_checked,
        told.n_failed,
        told.percent_failed,
        failing.threshold
    from withheld
    left join failing
        on failing.process_id is null
        or (failing.process_id = withheld.process_id
            and failing.regime_id is not distinct from withheld.regime_id)
    left join published.quality_summary as told
        on failing.rule_id = told.rule_id
        and failing.dataset = told.dataset
        and failing.process_id is not distinct from told.process_id
        and failing.regime_id is not distinct from told.regime_id
    order by all nulls first
"""
_SUPPRESSION = (
    "table_name varchar, rows_published bigint, rows_removed bigint, rows_withheld bigint,"
    " cells_masked bigint"
)
_PUBLICATION = (
    "municipality_id varchar, generation varchar, published_at timestamp, min_group_size integer,"
    " code_version varchar, law_fingerprint varchar, input_fingerprint varchar,"
    " deliveries varchar, rows_in bigint, rows_loaded bigint, rows_rejected bigint,"
    " exact_duplicates bigint, events bigint, rejected_events bigint"
)
_DOCUMENTATION = (
    "table_name varchar, column_name varchar, unit varchar, description_en varchar,"
    " description_da varchar"
)


def _publication(receipt: Receipt) -> tuple[Any, ...]:
    return (
        receipt.municipality_id,
        receipt.generation,
        receipt.published_at.astimezone(UTC).replace(tzinfo=None),
        receipt.min_group_size,
        receipt.code_version,
        receipt.law_fingerprint,
        receipt.input_fingerprint,
        ", ".join(f"{each.system_id} {each.delivery_id}" for each in receipt.deliveries),
        receipt.rows_in,
        receipt.rows_loaded,
        receipt.rows_rejected,
        receipt.exact_duplicates,
        receipt.events,
        receipt.rejected_events,
    )


def _write_rows(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    connection.execute(f"create table published.{name} ({columns})")
    # One statement: row by row, DuckDB takes longer for the texts than for all the marts.
    row = f"({', '.join('?' for _ in columns.split(','))})"
    connection.execute(
        f"insert into published.{name} values {', '.join([row] * len(rows))}",
        [value for values in rows for value in values],
    )


def _comment(connection: duckdb.DuckDBPyConnection, texts: Sequence[Description]) -> None:
    for text in texts:
        target = f"published.{text.table_name}"
        kind, target = (
            ("column", f"{target}.{text.column_name}") if text.column_name else ("table", target)
        )
        unit = f" [{text.unit}]" if text.unit else ""
        comment = f"{text.description_da} / {text.description_en}{unit}".replace("'", "''")
        connection.execute(f"comment on {kind} {target} is '{comment}'")
