"""Why a row, a value or a whole file did not enter: closed lists of reasons, and the reject table.

A reject says where and why, never what: the value stays in the landing zone.
"""

from enum import StrEnum

import pyarrow as pa

from pm_pipeline.errors import PipelineError


class Reason(StrEnum):
    """Why one row or one value was rejected."""

    FIELD_COUNT = "FIELD_COUNT"
    REPEATED_HEADER = "REPEATED_HEADER"
    BAD_QUOTE = "BAD_QUOTE"
    TOO_LONG = "TOO_LONG"
    DUPLICATE_KEY = "DUPLICATE_KEY"
    MISSING_VALUE = "MISSING_VALUE"
    DATE_FORMAT = "DATE_FORMAT"
    TWO_DIGIT_YEAR = "TWO_DIGIT_YEAR"
    DATE_RANGE = "DATE_RANGE"
    TIME_FORMAT = "TIME_FORMAT"
    NUMBER_FORMAT = "NUMBER_FORMAT"
    BOOLEAN_FORMAT = "BOOLEAN_FORMAT"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    PATTERN = "PATTERN"
    CPR_FORMAT = "CPR_FORMAT"
    CPR_LOST_ZERO = "CPR_LOST_ZERO"
    PERSONAL_DATA = "PERSONAL_DATA"


REASON_TEXTS: dict[Reason, tuple[str, str]] = {
    Reason.FIELD_COUNT: ("rækken har flere eller færre felter end overskriften",
                         "the row has more or fewer fields than the header"),
    Reason.REPEATED_HEADER: ("overskriften står igen midt i filen",
                             "the header line stands again inside the file"),
    Reason.BAD_QUOTE: ("der står tekst efter et afsluttende anførselstegn",
                       "text follows a closing quote"),
    Reason.TOO_LONG: ("værdien er længere end tilladt", "the value is longer than permitted"),
    Reason.DUPLICATE_KEY: ("hændelsen har den samme attribut to gange",
                           "the event has the same attribute twice"),
    Reason.MISSING_VALUE: ("en påkrævet værdi mangler", "a value that must be there is empty"),
    Reason.DATE_FORMAT: ("datoen har ikke det aftalte format, eller den findes ikke",
                         "the date is not in the agreed format, or no such date exists"),
    Reason.TWO_DIGIT_YEAR: ("årstallet har kun to cifre", "the year has only two digits"),
    Reason.DATE_RANGE: ("datoen ligger uden for 1900-2100", "the date lies outside 1900-2100"),
    Reason.TIME_FORMAT: ("klokkeslættet er ikke TT:MM eller TT:MM:SS",
                         "the time of day is not HH:MM or HH:MM:SS"),
    Reason.NUMBER_FORMAT: ("tallet har ikke det aftalte format",
                           "the number is not in the agreed format"),
    Reason.BOOLEAN_FORMAT: ("værdien er hverken ja eller nej", "the value is neither yes nor no"),
    Reason.UNKNOWN_CODE: ("koden står ikke i kontraktens kodeliste",
                          "the code is not in the contract's code list"),
    Reason.PATTERN: ("værdien har ikke den form, kontrakten kræver",
                     "the value does not have the form the contract asks for"),
    Reason.CPR_FORMAT: ("et CPR-nummer har ti cifre", "a CPR number has ten digits"),
    Reason.CPR_LOST_ZERO: ("CPR-nummeret har ni cifre: et foranstillet nul er gået tabt",
                           "the CPR number has nine digits: a leading zero was lost"),
    Reason.PERSONAL_DATA: ("feltet indeholder noget, der ligner et CPR-nummer eller en e-mail",
                           "the field holds what looks like a CPR number or an e-mail address"),
}


class Refusal(StrEnum):
    """Why a whole file or delivery was refused; nothing of it is loaded."""

    EMPTY = "EMPTY"
    NOT_CSV = "NOT_CSV"
    NOT_XES = "NOT_XES"
    XML_UNSAFE = "XML_UNSAFE"
    ENCODING = "ENCODING"
    NUL_BYTE = "NUL_BYTE"
    BAD_HEADER = "BAD_HEADER"
    HEADER_MISMATCH = "HEADER_MISMATCH"
    DUPLICATE_COLUMN = "DUPLICATE_COLUMN"
    UNTERMINATED_QUOTE = "UNTERMINATED_QUOTE"
    TRUNCATED = "TRUNCATED"
    TOO_LARGE = "TOO_LARGE"
    UNREADABLE = "UNREADABLE"
    PATH = "PATH"
    UNKNOWN_FILE = "UNKNOWN_FILE"
    MISSING_TABLE = "MISSING_TABLE"
    CHANGED = "CHANGED"
    TOO_MANY_REJECTS = "TOO_MANY_REJECTS"
    COLUMN_UNREADABLE = "COLUMN_UNREADABLE"
    NOT_CONSERVED = "NOT_CONSERVED"
    PERSONAL_DATA = "PERSONAL_DATA"
    BUSY = "BUSY"


class RefusedError(PipelineError):
    """A file or delivery that is not loaded; ``code`` is the reason, the message says where."""

    def __init__(self, code: Refusal, where: str, what: str) -> None:
        super().__init__(f"{where}: {code.value}: {what}")
        self.code = code


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
