"""What a table may not say beyond the rules of its columns."""

import codecs

from pm_pipeline.ingest.contract.expecting import Expect, is_pattern
from pm_pipeline.ingest.contract.model import PROVENANCE, Table
from pm_pipeline.ingest.contract.names import normalised
from pm_pipeline.ingest.contract.ocel_parts import OCEL_FORMATS, OCEL_PARTS

# What a row of each kind must tell to be one: the roles of which at least one is asked for.
_ROW_ROLES = {
    "interval": (("starts",), ("ends",)),
    "citizen_link": (("old_citizen",), ("new_citizen",)),
    "attribute": (("object", "case"), ("value",), ("changed", "starts", "occurred")),
    "relation": (("object", "case"), ("related_object",)),
}


def table_faults(table: Table) -> list[str]:
    """Every fault of one table beyond those of its columns, as sentences."""
    faults: list[str] = []
    expect = Expect(faults)
    lake_names = [field.name for column in table.columns for field in column.lake_fields()]
    for name in sorted({name for name in lake_names if lake_names.count(name) > 1}):
        faults.append(f"columns: two columns become '{name}' in the lake")
    for name in sorted(set(PROVENANCE.names) & set(lake_names)):
        faults.append(f"columns: '{name}' is a name the lake itself uses")
    expect(bool(table.kept_columns), "columns: at least one column must be kept")
    for name in table.natural_key:
        expect(name in lake_names, f"natural_key: no kept column '{name}'")
    sure = {column.name for column in table.kept_columns if not column.nullable}
    expect(not table.natural_key or bool(sure & set(table.natural_key)),
           "natural_key: at least one of its columns must be 'nullable: no'; rows without a key would "
           "be taken for one row")
    headers = [normalised(h) for column in table.columns for h in column.headers]
    for header in sorted({h for h in headers if headers.count(h) > 1}):
        faults.append(f"columns: header '{header}' is named by two columns")
    roles = [column.role for column in table.kept_columns if column.role]
    for role in sorted({r for r in roles if roles.count(r) > 1} - {"attribute", "value"}):
        faults.append(f"columns: two columns have the role {role}")
    for wanted in _ROW_ROLES.get(table.row, ()):
        expect(bool(set(wanted) & set(roles)),
               f"row: a row that is a {table.row} needs a column with role {' or '.join(wanted)}")
    if table.delivers == "full":
        expect(bool(table.natural_key) or table.format in ("xes", "log"),
               "delivers: a full delivery needs a natural_key, by which a deleted row is known")
    expect(not table.skip_lines or table.format in ("csv", "xlsx"), "skip_lines: only for csv, xlsx")
    expect(table.footer is None or table.format == "csv", "footer: only for csv")
    expect(table.total is None or table.format in ("json", "jsonl"), "total: only for json, jsonl")
    if table.footer is not None:
        expect(is_pattern(table.footer) and "(?P<rows>" in table.footer,
               "footer: expected a pattern with the group (?P<rows>[0-9]+), the number of rows")
    if table.format == "database":
        expect(table.part is not None and ";" not in table.part,
               "part: the format database needs the name of a table, or one query without ';'")
        expect(table.matches(f"{table.name}.parquet"),
               f"files: what is extracted from a database is {table.name}.parquet")
    faults.extend(_ocel_faults(table))
    try:
        codecs.lookup(table.encoding)
    except LookupError:
        faults.append(f"encoding: Python knows no encoding '{table.encoding}'")
    expect(table.delimiter not in '"\r\n', "delimiter: not a quote or a line break")
    return faults


def _ocel_faults(table: Table) -> list[str]:
    faults: list[str] = []
    expect = Expect(faults)
    if table.format not in OCEL_FORMATS:
        expect(not table.citizen_types, "citizen_types: only for the part objects of an OCEL log")
        return faults
    expect(table.part in OCEL_PARTS,
           f"part: the format {table.format} needs one of {', '.join(OCEL_PARTS)}")
    expect(not table.citizen_types or table.part == "objects",
           "citizen_types: only for the part objects of an OCEL log")
    if table.part in ("event_attributes", "object_attributes"):
        named = [c for c in table.kept_columns if c.header == "ocel_attribute" and c.allowed]
        expect(bool(named), "columns: the column with header ocel_attribute needs 'allowed', the names "
               "of the attributes that may be kept")
    return faults
