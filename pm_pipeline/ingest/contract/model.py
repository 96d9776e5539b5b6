"""What a case system delivers: one version of a contract, checked when it is loaded.

A contract is the allow-list of the pipeline: what it does not name never leaves the reader.
"""

import hashlib
import json
from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.entries import named_entries

COMPONENT_TYPE = "pm_pipeline.components.CaseSystemExport"
ColumnType = Literal[
    "identifier", "code", "text", "integer", "decimal", "boolean", "date", "timestamp",
    "resource", "free_text",
]
# What a column tells of its row. Times are kept apart: when it happened, when somebody wrote it down,
# when it was last changed, and from when to when it held.
Role = Literal[
    "case", "activity", "occurred", "registered", "changed", "starts", "ends", "resource", "unit",
    "object", "related_object", "object_type", "qualifier", "attribute", "value", "old_citizen",
    "new_citizen",
]
TIME_ROLES = ("occurred", "registered", "changed", "starts", "ends")
FileFormat = Literal[
    "csv", "insight_csv", "xlsx", "parquet", "json", "jsonl", "xes", "log", "ocel", "ocel_json",
    "ocel_xml", "ocel_sqlite", "database",
]
# Formats whose values have types of their own: their dates and times are told as ISO 8601.
TYPED_FORMATS = ("xlsx", "parquet", "database")
_ARROW_TYPES: dict[str, pa.DataType] = {
    "identifier": pa.string(), "code": pa.string(), "text": pa.string(), "resource": pa.string(),
    "integer": pa.int64(), "decimal": pa.decimal128(18, 4), "boolean": pa.bool_(),
    "date": pa.date32(), "timestamp": pa.timestamp("us"),
}
# What every lake table carries beside the columns of the contract.
_PROVENANCE_FIELDS: dict[str, pa.DataType] = {
    "delivery_id": pa.string(), "delivered_on": pa.date32(), "received_at": pa.timestamp("us"),
    "source_file": pa.string(), "source_row": pa.int64(),
}
PROVENANCE = pa.schema(_PROVENANCE_FIELDS)
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
_MODEL = ConfigDict(extra="forbid", frozen=True)


class Coarsening(BaseModel):
    """What is left of a value that is finer than its use: exactly one of the three.

    ``period``: the first day of the week, month, quarter or year; ``bands``: lower bounds, told as
    "18-29"; ``characters``: the first of a code (two digits of a postal code).
    """

    model_config = _MODEL

    period: Literal["week", "month", "quarter", "year"] | None = None
    bands: tuple[int, ...] = ()
    characters: Annotated[int, Field(ge=1)] | None = None


class Column(BaseModel):
    """One column of a source table and what becomes of it."""

    model_config = _MODEL

    name: _Name
    header: Annotated[str, Field(min_length=1)]
    aliases: tuple[str, ...] = ()
    type: ColumnType | None = None
    domain: Literal["citizen", "case", "staff", "record"] | None = None
    role: Role | None = None
    normalise: Literal["cpr", "none"] = "none"
    pad_cpr: bool = False
    numbered: bool = False
    presence: Literal["required", "optional", "forbidden"] = "required"
    nullable: bool = True
    treatment: Literal["keep", "pseudonymise", "drop", "presence_only", "coarsen"] = "keep"
    coarsen_to: Coarsening | None = None
    formats: tuple[str, ...] = ()
    two_digit_pivot: Annotated[int, Field(ge=0, le=98)] | None = None
    midnight_as_24: bool = False
    open_end: tuple[str, ...] = ()
    zone: Literal["local", "utc"] = "local"
    precision: Literal["second", "minute", "day"] | None = None
    time_header: str | None = None
    as_date: Literal["nearest_midnight"] | None = None
    allowed: tuple[str, ...] = ()
    robots: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    citizens: tuple[str, ...] = ()
    kinds: dict[str, tuple[str, ...]] = {}
    pattern: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        if isinstance(data, dict):
            if data.get("type") == "identifier":
                data = {"treatment": "pseudonymise", **data}
            if data.get("treatment") == "drop":
                data = {"presence": "optional", **data}
            if data.get("presence") == "forbidden":
                data = {"treatment": "drop", **data}
        return data

    @property
    def is_kept(self) -> bool:
        """Whether anything of this column reaches the lake."""
        return self.treatment != "drop"

    @property
    def is_required(self) -> bool:
        """Whether a file without this column is refused."""
        return self.presence == "required"

    @property
    def lake_name(self) -> str:
        """The column's name in the lake: ``has_<name>`` where only its presence is kept."""
        if self.treatment != "presence_only" or self.name.startswith("has_"):
            return self.name
        return f"has_{self.name}"

    @property
    def headers(self) -> tuple[str, ...]:
        """Every name the column may have in a file."""
        return (self.header, *self.aliases)

    def lake_fields(self) -> list[Any]:
        """The column's Arrow fields in the lake, companions (precision, flag) included."""
        if not self.is_kept:
            return []
        if self.treatment == "presence_only":
            return [pa.field(self.lake_name, pa.bool_())]
        # Bands are told as words ("18-29").
        is_banded = self.coarsen_to is not None and self.coarsen_to.bands
        fields = [pa.field(self.name, pa.string() if is_banded else _ARROW_TYPES[str(self.type)])]
        if self.type == "timestamp":
            fields.append(pa.field(f"{self.name}_precision", pa.string()))
        if self.type == "timestamp" or self.as_date:
            fields.append(pa.field(f"{self.name}_flag", pa.string()))
        return fields


class Table(BaseModel):
    """One kind of row in a delivery; ``name`` and the columns' names are the lake's names.

    ``row`` says what a row means, ``delivers`` whether a delivery tells of all rows there are (full:
    a row that is missing was deleted) or of new and changed ones (increment). ``part`` names what of
    the file is this table: a sheet, a path to the records, an OCEL part, a database table or query;
    ``total``: the path to where a page of JSON tells how many records there are in all.
    ``citizen_types``: the types of an OCEL log whose objects are citizens (part ``objects``).
    """

    model_config = _MODEL

    name: _Name
    description: Annotated[str, Field(min_length=1)]
    files: Annotated[str, Field(min_length=1)]
    format: FileFormat = "csv"
    part: str | None = None
    total: str | None = None
    citizen_types: tuple[str, ...] = ()
    row: Literal["event", "object", "attribute", "interval", "relation", "citizen_link"] = "event"
    delivers: Literal["full", "increment"] = "increment"
    encoding: str = "utf-8-sig"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"
    decimal: Literal[",", "."] = ","
    null_words: tuple[str, ...] = ("",)
    skip_lines: Annotated[int, Field(ge=0, le=100)] = 0
    footer: str | None = None
    natural_key: tuple[str, ...] = ()
    required: bool = True
    may_be_empty: bool = False
    max_rejected_percent: Annotated[float, Field(ge=0, le=100)] = 5
    max_removed_percent: Annotated[float, Field(ge=0, le=100)] = 20
    columns: tuple[Column, ...]

    @field_validator("columns", mode="before")
    @classmethod
    def _columns_by_name(cls, value: Any) -> Any:
        return named_entries(value, "columns", header=True)

    @property
    def is_typed(self) -> bool:
        """Whether the format has types of its own: dates then come as ISO 8601, whatever is agreed."""
        return self.format in TYPED_FORMATS

    @property
    def forbidden_columns(self) -> tuple[Column, ...]:
        """The columns that may not be in a file at all, such as a protected attribute."""
        return tuple(column for column in self.columns if column.presence == "forbidden")

    def column_of(self, role: Role) -> Column | None:
        """The kept column with this role, if there is one."""
        return next((column for column in self.kept_columns if column.role == role), None)

    @property
    def kept_columns(self) -> tuple[Column, ...]:
        """The columns of which something reaches the lake, in the contract's order."""
        return tuple(column for column in self.columns if column.is_kept)

    def lake_schema(self) -> pa.Schema:
        """The Arrow schema of the table in the lake, provenance columns last."""
        fields = [field for column in self.columns for field in column.lake_fields()]
        return pa.schema([*fields, *PROVENANCE])

    def matches(self, file_name: str) -> bool:
        """Whether a file of this name belongs to the table; case and a ``.gz`` are ignored."""
        plain = file_name.casefold().removesuffix(".gz")
        return fnmatchcase(plain, self.files.casefold().removesuffix(".gz"))


class Contract(BaseModel):
    """Everything a case system delivers from a day on. ``certainty``: how well its form is known.

    ``on_schema_change``: what becomes of a delivery whose columns are others than agreed. ``fail``: it
    is refused; ``new_version``: another version of the contract that fits is used; ``quarantine``: it
    waits in landing until a version fits, and holds up nothing. ``control_file``: the name (a
    pattern) of a file in which the sender states rows, size and hash of the others
    (``landing/control_file.py``); with it a file cut off at a line end is seen.
    """

    model_config = _MODEL

    system: _Name
    version: Annotated[str, Field(min_length=1)]
    valid_from: date
    certainty: Literal["verified", "uncertain", "illustrative"]
    description: Annotated[str, Field(min_length=1)]
    timezone: str = "Europe/Copenhagen"
    on_schema_change: Literal["fail", "new_version", "quarantine"] = "fail"
    control_file: Annotated[str, Field(min_length=1)] | None = None
    tables: tuple[Table, ...]

    @field_validator("tables", mode="before")
    @classmethod
    def _tables_by_name(cls, value: Any) -> Any:
        return named_entries(value, "tables", header=False)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("expected the name of a time zone such as Europe/Copenhagen")
        ZoneInfo(value)
        return value

    def is_control(self, file_name: str) -> bool:
        """Whether a file of this name is the sender's control file and no data."""
        pattern = self.control_file
        return pattern is not None and fnmatchcase(file_name.casefold(), pattern.casefold())

    def table(self, name: str) -> Table:
        """The table of that name. Raises PipelineError when the contract has none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise PipelineError(f"The contract of '{self.system}' has no table '{name}'.")

    def fingerprint(self) -> str:
        """16 hex characters that change whenever anything in the contract does."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
