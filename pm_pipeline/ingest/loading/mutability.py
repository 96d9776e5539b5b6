"""What deliveries changed of what was told before: rows inserted, changed, deleted, returned.

A log built twice of the same period is rarely the same log, because the source is changed behind its
back (event log mutability: Hompes & Dees, the UWV case, doi 10.1007/978-3-031-80793-0_5). This report
says how much, per table, month and attribute, so that a figure that moved can be explained.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import PROVENANCE, Table
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake.files import CHANGE_SCHEMA, EMPTY_FILE, changes_path, loaded_state
from pm_pipeline.ingest.private_files import write_private
from pm_pipeline.ingest.values.sql_text import quoted

_COMPANIONS = ("_precision", "_flag")
_MEMORY = "2GB"
_MADE_OF = b"pm_made_of"
# What a report tells of: with another number the reports there are get made anew.
_EDITION = b"2 "


def write_delivery_changes(lake_dir: Path, system: SystemContract, municipality_id: str) -> int:
    """Compare every delivery of a system with what was told before it; the number of rows written.

    The result (CHANGE_SCHEMA) replaces the earlier one. Counts only: no key and no value. Raises
    PipelineError when the lake cannot be read.
    """
    state = loaded_state(lake_dir, system.system)
    parts = [CHANGE_SCHEMA.empty_table()]
    with (
        # Rows are pseudonyms by now, and a large lake may spill them: into a folder of the lake.
        TemporaryDirectory(dir=lake_dir, prefix=f".spill-{system.system}__") as spill,
        duckdb.connect(
            config={"temp_directory": spill, "threads": 2, "memory_limit": _MEMORY}
        ) as connection,
    ):
        connection.execute("SET TimeZone = 'UTC'")
        for table in system.tables:
            paths = sorted(
                path for path in (lake_dir / system.system / table.name).glob("*.parquet")
                if path.name != EMPTY_FILE
            )
            if not paths:
                continue
            try:
                rows = connection.execute(
                    changes_sql(lake_dir, system, table, paths)
                ).to_arrow_table()
            except duckdb.Error as error:
                raise PipelineError(
                    f"{lake_dir / system.system / table.name}: the deliveries cannot be compared "
                    f"({type(error).__name__}). Remove the lake folder and run again."
                ) from None
            known = {
                "municipality_id": municipality_id, "system_id": system.system,
                "table_name": table.name,
            }
            parts.append(pa.table([
                pa.repeat(pa.scalar(known[field.name], field.type), rows.num_rows)
                if field.name in known else rows[field.name].cast(field.type)
                for field in CHANGE_SCHEMA
            ], schema=CHANGE_SCHEMA))
    changes = pa.concat_tables(parts).replace_schema_metadata({_MADE_OF: _EDITION + state})
    write_private(changes_path(lake_dir, system.system), changes)
    return changes.num_rows


def is_of_today(lake_dir: Path, system: str) -> bool:
    """Whether there is a report, and it was made of what is loaded now."""
    path = changes_path(lake_dir, system)
    if not path.exists():
        return False
    made_of = (pq.read_schema(path).metadata or {}).get(_MADE_OF)
    return bool(made_of == _EDITION + loaded_state(lake_dir, system))


def changes_sql(
    lake_dir: Path, system: SystemContract, table: Table, paths: Sequence[Path]
) -> str:
    """The comparison of one table's deliveries as one SQL statement.

    A row is known again by its natural key; a table without one (a ready event log, whose cases are
    told anew as a whole) by its whole content within its case.
    """
    names = [
        name for name in system.lake_schema(table.name).names if name not in PROVENANCE.names
    ]
    changed = table.column_of("changed")
    stamps = {changed.name, f"{changed.name}_precision", f"{changed.name}_flag"} if changed else set()
    content = [name for name in names if name not in stamps]
    told = [name for name in content if not name.endswith(_COMPANIONS)]
    case = table.column_of("case")
    by_content = not table.natural_key
    key = content if by_content else list(table.natural_key)
    # Equal rows of one delivery are as many acts: the second is known again as the second.
    occurrence = (
        f"row_number() OVER (PARTITION BY told.seq, {_names(key)} ORDER BY source_file, source_row)"
        if by_content else "1"
    )
    latest = "" if by_content else (
        f"QUALIFY row_number() OVER (PARTITION BY told.seq, {_names(key)} ORDER BY "
        f"{_name(changed.name) + ' DESC NULLS LAST, ' if changed else ''}source_row DESC) = 1"
    )
    restated = ", ".join(
        f"CASE WHEN now.{_name(name)} IS DISTINCT FROM before.{_name(name)} THEN {quoted(name)} END"
        for name in told if name not in key
    )
    # What was empty and now holds a value is told for the first time: a period that ended, say.
    only_filled = " AND ".join(
        f"(before.{_name(name)} IS NULL OR now.{_name(name)} IS NOT DISTINCT FROM before.{_name(name)})"
        for name in told if name not in key
    )
    source = ", ".join(quoted(str(path)) for path in paths)
    markers = quoted(str(lake_dir / "deliveries" / f"{system.system}__*.parquet"))
    citizen = next((_name(c.name) for c in table.kept_columns if c.domain == "citizen"), "NULL")
    stand_in = _name(case.name) if case else "NULL"
    scope = _name(case.name) if case and by_content else "NULL::VARCHAR"
    return f"""
        WITH told AS (
            SELECT delivery_id, bool_and(is_complete) AS is_full,
                row_number() OVER (ORDER BY any_value(delivered_on), any_value(received_at),
                    delivery_id) AS seq
            FROM read_parquet({markers}, union_by_name = true)
            WHERE table_name = {quoted(table.name)} GROUP BY delivery_id
        ),
        rows AS (
            SELECT told.seq, {_names(names)}, {_period(system, table)} AS period,
                {scope} AS scope,
                md5(concat_ws('|', {_texts(key)}, {occurrence})) AS row_key,
                coalesce({citizen}, {stand_in}, row_key) AS citizen,
                md5(concat_ws('|', {_texts(content)})) AS content
            FROM read_parquet([{source}], union_by_name = true) AS lake
            INNER JOIN told ON lake.delivery_id = told.delivery_id
            {latest}
        ),
        -- when a row would have been told again if it were still there
        full_ones AS (SELECT seq FROM told WHERE is_full),
        scopes AS (
            SELECT scope, seq, lead(seq) OVER (PARTITION BY scope ORDER BY seq) AS next_seq
            FROM (SELECT DISTINCT scope, seq FROM rows WHERE scope IS NOT NULL)
        ),
        expected AS (
            SELECT rows.*, least(
                    (SELECT min(full_ones.seq) FROM full_ones WHERE full_ones.seq > rows.seq),
                    scopes.next_seq) AS expected_seq
            FROM rows LEFT JOIN scopes ON rows.scope = scopes.scope AND rows.seq = scopes.seq
        ),
        steps AS (
            SELECT *, lag(seq) OVER by_key AS before_seq, lag(content) OVER by_key AS before_content,
                lag(expected_seq) OVER by_key AS before_expected,
                lead(seq) OVER by_key AS after_seq
            FROM expected WINDOW by_key AS (PARTITION BY row_key ORDER BY seq)
        ),
        judged AS (
            SELECT seq, period, citizen, row_key, before_seq,
                CASE WHEN before_seq IS NULL THEN 'inserted'
                    WHEN before_expected < seq THEN 'returned'
                    WHEN content <> before_content THEN 'changed' ELSE 'unchanged' END AS change
            FROM steps
            UNION ALL
            SELECT expected_seq, period, citizen, row_key, seq, 'deleted' FROM steps
            WHERE expected_seq IS NOT NULL AND (after_seq IS NULL OR after_seq > expected_seq)
        ),
        pairs AS (
            SELECT judged.seq, judged.period, judged.citizen,
                [{restated or 'NULL::VARCHAR'}] AS column_names,
                {only_filled or 'false'} AS is_filled
            FROM judged
            INNER JOIN rows AS now ON judged.row_key = now.row_key AND judged.seq = now.seq
            INNER JOIN rows AS before
                ON judged.row_key = before.row_key AND judged.before_seq = before.seq
            WHERE judged.change = 'changed'
        ),
        columns AS (
            SELECT seq, period, citizen, unnest(column_names) AS column_name FROM pairs
        ),
        counted AS (
            SELECT seq, period, change, NULL::VARCHAR AS column_name, count(*) AS n_rows,
                count(DISTINCT citizen) AS n_citizens, grouping(period) = 1 AS is_total
            FROM judged GROUP BY GROUPING SETS ((seq, period, change), (seq, change))
            UNION ALL
            SELECT seq, period, 'restated', column_name, count(*), count(DISTINCT citizen),
                grouping(period) = 1
            FROM columns WHERE column_name IS NOT NULL
            GROUP BY GROUPING SETS ((seq, period, column_name), (seq, column_name))
            UNION ALL
            SELECT seq, period, 'filled', NULL, count(*), count(DISTINCT citizen), grouping(period) = 1
            FROM pairs WHERE is_filled GROUP BY GROUPING SETS ((seq, period), (seq))
        )
        SELECT now.delivery_id, before.delivery_id AS compared_with, counted.period,
            counted.is_total, counted.change, counted.column_name, counted.n_rows, counted.n_citizens
        FROM counted
        INNER JOIN told AS now ON counted.seq = now.seq
        LEFT JOIN told AS before ON counted.seq - 1 = before.seq
        ORDER BY now.seq, counted.is_total, counted.period, counted.change, counted.column_name
    """


def _period(system: SystemContract, table: Table) -> str:
    """The first day of the month a row tells of, in local time; null where it tells no time."""
    column = table.column_of("occurred") or table.column_of("starts")
    if column is None:
        return "NULL::DATE"
    when = _name(column.name)
    if column.type == "timestamp":
        when = f"timezone({quoted(system.latest.timezone)}, timezone('UTC', {when}))"
    return f"CAST(date_trunc('month', {when}) AS DATE)"


def _name(column: str) -> str:
    return f'"{column}"'


def _names(columns: Sequence[str]) -> str:
    return ", ".join(_name(column) for column in columns)


def _texts(columns: Sequence[str]) -> str:
    """The columns as texts in which null is no value and a separator cannot be forged."""
    return ", ".join(
        f"coalesce(replace({_name(column)}::VARCHAR, '|', '||'), '|n')" for column in columns
    )
