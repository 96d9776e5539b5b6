"""What a column may not say: combinations that the types of the model cannot express."""

from pm_pipeline.ingest.contract.date_formats import format_faults
from pm_pipeline.ingest.contract.expecting import Expect, is_pattern
from pm_pipeline.ingest.contract.model import TIME_ROLES, Column

_TREATMENTS = {
    "identifier": {"pseudonymise"},
    "free_text": {"presence_only"},
    "text": {"keep", "presence_only", "coarsen"},
    **{kind: {"keep", "coarsen"} for kind in ("code", "date", "integer", "decimal")},
}


def column_faults(column: Column) -> list[str]:
    """Every fault of one column, as sentences; an empty list when it is sound."""
    faults: list[str] = []
    expect = Expect(faults)
    kind, treatment = column.type, column.treatment
    if treatment == "drop":
        expect(not column.is_required, "presence: a dropped column cannot be required")
        return faults
    expect(column.presence != "forbidden", "presence: a forbidden column is dropped, not kept")
    if kind is None:
        return ["type: expected a type (only a column with treatment drop may leave it out)"]
    expect(treatment in _TREATMENTS.get(kind, {"keep"}),
           f"treatment: '{treatment}' does not go with type {kind}")
    if kind == "identifier":
        expect(column.domain is not None, "domain: an identifier needs citizen, case, staff or "
               "record, so that equal numbers of different kinds do not become one pseudonym")
    else:
        expect(column.domain is None, "domain: only an identifier has one")
        expect(column.normalise == "none", "normalise: only an identifier has it")
        expect(not column.numbered, "numbered: only an identifier can be a running number")
    expect(column.normalise == "cpr" or not column.pad_cpr, "pad_cpr: only with normalise: cpr")
    faults.extend(_coarsening_faults(column))
    if column.role in TIME_ROLES:
        expect(kind in ("date", "timestamp"), f"role: {column.role} is a date or a timestamp")
    if column.role in ("old_citizen", "new_citizen"):
        expect(column.domain == "citizen", f"role: {column.role} is an identifier of a citizen")
    if kind in ("date", "timestamp"):
        expect(bool(column.formats), "formats: a date or timestamp needs the formats it comes in")
        faults.extend(format_faults(column))
    else:
        expect(not column.formats, "formats: only for dates and timestamps")
        expect(column.two_digit_pivot is None, "two_digit_pivot: only for dates and timestamps")
        expect(not column.midnight_as_24, "midnight_as_24: only for dates and timestamps")
        expect(not column.open_end, "open_end: only for dates and timestamps")
        expect(column.zone == "local", "zone: only for dates and timestamps")
    if kind != "timestamp":
        expect(column.time_header is None, "time_header: only on a timestamp")
        expect(column.precision is None, "precision: only on a timestamp")
    if column.as_date:
        expect(kind == "date", "as_date: only on type date")
    elif kind == "date":
        expect(column.zone == "local", "zone: a plain date has no zone; use as_date for instants")
    if kind not in ("code", "text"):
        expect(not column.allowed, "allowed: only for code and text")
    if column.pattern is not None:
        expect(kind in ("code", "text", "identifier"), "pattern: only for code, text, identifier")
        expect(is_pattern(column.pattern), "pattern: no valid regular expression (RE2)")
    if kind != "resource":
        expect(not (column.robots or column.systems or column.citizens or column.kinds),
               "robots, systems, citizens, kinds: only on a resource")
    for name in sorted(set(column.kinds) & {"human", "robot", "system", "citizen"}):
        faults.append(f"kinds: '{name}' is a kind already; use robots, systems or citizens")
    return faults


def _coarsening_faults(column: Column) -> list[str]:
    how, is_coarsened = column.coarsen_to, column.treatment == "coarsen"
    if how is None:
        return ["coarsen_to: treatment coarsen needs it"] if is_coarsened else []
    if not is_coarsened:
        return ["coarsen_to: only with treatment coarsen"]
    given = [how.period is not None, bool(how.bands), how.characters is not None]
    fitting = {
        "date": how.period, "integer": how.bands, "decimal": how.bands,
        "code": how.characters, "text": how.characters,
    }.get(str(column.type))
    faults = []
    if sum(given) != 1 or not fitting:
        faults.append("coarsen_to: exactly one of period (a date), bands (a number) or characters "
                      "(code, text)")
    if list(how.bands) != sorted(set(how.bands)):
        faults.append("coarsen_to: bands are lower bounds in rising order, each once")
    return faults
