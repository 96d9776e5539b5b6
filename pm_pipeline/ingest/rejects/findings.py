"""The tables of rejects. A reject says where and why, never what: the value stays in landing."""

import pyarrow as pa

from pm_pipeline.ingest.rejects.reasons import Reason

# One record per rejected row or value; column_name is null when the whole row is meant.
_REJECT_FIELDS: dict[str, pa.DataType] = {
    "municipality_id": pa.string(), "system_id": pa.string(), "delivery_id": pa.string(),
    "table_name": pa.string(), "source_file": pa.string(), "source_row": pa.int64(),
    "column_name": pa.string(), "reason": pa.string(), "expected": pa.string(),
    "found_class": pa.string(), "row_kept": pa.bool_(),
}
REJECT_SCHEMA = pa.schema(_REJECT_FIELDS)

# What a reader or the typing step knows of a reject; the rest is the same for a whole file.
_FINDING_FIELDS: dict[str, pa.DataType] = {
    "source_row": pa.int64(), "column_name": pa.string(), "reason": pa.string(),
    "expected": pa.string(), "found_class": pa.string(), "row_kept": pa.bool_(),
}
FINDING_SCHEMA = pa.schema(_FINDING_FIELDS)


def row_findings(rows: list[tuple[int, Reason, str, str]]) -> pa.Table:
    """Whole-row rejects (source_row, reason, expected, found class) as a finding table."""
    return pa.table({
        "source_row": [row[0] for row in rows],
        "column_name": [None] * len(rows),
        "reason": [row[1].value for row in rows],
        "expected": [row[2] for row in rows],
        "found_class": [row[3] for row in rows],
        "row_kept": [False] * len(rows),
    }, schema=FINDING_SCHEMA)


def reject_records(
    findings: pa.Table, municipality_id: str, system_id: str, delivery_id: str, table_name: str,
    source_file: str,
) -> pa.Table:
    """Findings of one file in the form of the lake's rejects table (REJECT_SCHEMA)."""
    constant = {
        "municipality_id": municipality_id, "system_id": system_id, "delivery_id": delivery_id,
        "table_name": table_name, "source_file": source_file,
    }
    arrays = [
        pa.repeat(pa.scalar(constant[field.name], field.type), findings.num_rows)
        if field.name in constant else findings.column(field.name)
        for field in REJECT_SCHEMA
    ]
    return pa.table(arrays, schema=REJECT_SCHEMA)
