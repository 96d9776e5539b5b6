"""Type one column of raw text: each distinct value once, and dates of a fixed form by their digits.

What is accepted and rejected is decided by the SQL of ``expressions`` alone; the ways round it only
avoid asking it the same thing twice, or what is certain.
"""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pm_pipeline.ingest.contract.model import Column, Table
from pm_pipeline.ingest.readers.headers import TIME_SUFFIX
from pm_pipeline.ingest.rejects.reasons import Reason
from pm_pipeline.ingest.values.column_bytes import is_clean
from pm_pipeline.ingest.values.expressions import expressions
from pm_pipeline.ingest.values.fixed_forms import FixedForms
from pm_pipeline.ingest.values.instants import TWO_DIGIT_YEAR
from pm_pipeline.ingest.values.sql_text import quoted

REASON, CLASS, CLEANED, HASH = "_reason", "_class", "_cleaned", "_hash"
# Values of a column that are remembered from batch to batch, in memory only.
_MOST_KNOWN = 20_000
_FEW = 4_096


def column_sql(column: Column, table: Table, zone: str, *, is_clean: bool = False) -> str:
    """The SQL that types the raw column (and its time) in ``batch``; ``zone``: the source's zone.

    It yields the lake's fields, ``_reason`` (or null), ``_class`` of a rejected value, ``_cleaned``
    where more than blanks around it was taken from the text, and a hash of the typed value.
    ``is_clean``: no text needs cleaning.
    """
    made = expressions(column, table, zone)
    trimmed = dict(made.trimmed)
    cleaned = "false"
    if is_clean and f"c_{column.name}" in trimmed:
        trimmed[f"c_{column.name}"] = f'"{column.name}"'
    elif f"c_{column.name}" in trimmed:
        cleaned = f"c_{column.name} IS DISTINCT FROM trim(\"{column.name}\", ' \t\r\n')"
    # A helper that begins i_ is used by the other helpers, so it needs a layer of its own.
    first = {name: sql for name, sql in made.parsed.items() if name.startswith("i_")}
    second = {name: sql for name, sql in made.parsed.items() if name not in first}
    class_ = _class(column) if column.treatment != "presence_only" else "NULL::VARCHAR"
    typed = f'"{next(iter(made.typed))}"'
    # DuckDB gives a null one hash or another, by how the column lies in memory.
    hash_ = f"CASE WHEN {typed} IS NULL THEN 11400714819323198485::UBIGINT ELSE hash({typed}) END"
    return f"""
        WITH trimmed AS (SELECT *, {_list(trimmed)} FROM batch),
        cleaned AS (SELECT *, {_list(made.cleaned)} FROM trimmed),
        parts AS (SELECT *, {_list(first)} FROM cleaned),
        stamps AS (SELECT *, {_list(second)} FROM parts),
        judged AS (SELECT *, {made.reason} AS "r_{column.name}" FROM stamps),
        typed AS (SELECT {_list(made.typed)}, "r_{column.name}" AS {REASON}, {class_} AS {CLASS},
            {cleaned} AS {CLEANED} FROM judged)
        SELECT *, {hash_} AS {HASH} FROM typed
    """


@dataclass(frozen=True)
class TypedColumn:
    """``fields``: the lake's fields by name; ``reasons`` and ``classes`` of rejected values, None
    when no value was rejected; ``hashes``: equal for equal typed values (uint64); ``n_cleaned``:
    values that are another text than was sent, if only in signs that nobody sees."""

    fields: dict[str, Any]
    reasons: Any | None
    classes: Any | None
    hashes: np.ndarray
    n_cleaned: int


class ColumnTypist:
    """Types the batches of one column. Raises duckdb.Error, whose text may quote a value."""

    def __init__(
        self, column: Column, table: Table, zone: str, connection: duckdb.DuckDBPyConnection
    ) -> None:
        self.column = column
        self.expected = expressions(column, table, zone).expected
        self._sql = {
            clean: column_sql(column, table, zone, is_clean=clean) for clean in (False, True)
        }
        self._connection = connection
        self._schema = pa.schema([
            *column.lake_fields(), pa.field(REASON, pa.string()), pa.field(CLASS, pa.string()),
            pa.field(CLEANED, pa.bool_()), pa.field(HASH, pa.uint64()),
        ])
        self._forms = FixedForms(column, table, zone) if FixedForms.fits(column) else None
        self._is_varied = False
        self._is_temporal = pa.types.is_temporal(self._schema.field(0).type)
        self._known: Any = pa.array([], pa.string())
        self._known_typed = self._schema.empty_table()

    def type(self, batch: pa.Table) -> TypedColumn:
        """Type the column of this name in a batch of raw text."""
        texts = _whole(batch, self.column.name)
        times = None
        if self.column.time_header is not None:
            times = _whole(batch, self.column.name + TIME_SUFFIX)
        if self._forms is not None:
            return self._told(self._by_form(self._forms, texts, times))
        if times is not None:
            return self._told(self._ask(texts, times))
        if not self._is_varied:
            encoded = pc.dictionary_encode(texts, null_encoding="encode")
            # A column whose values hardly return is not asked again.
            self._is_varied = len(encoded.dictionary) > max(_FEW, len(texts) // 2)
            if not self._is_varied:
                typed = self._distinct(encoded.dictionary)
                return self._told(typed.take(encoded.indices))
        return self._told(self._ask(texts))

    def _distinct(self, texts: Any) -> pa.Table:
        if len(texts) > _FEW:
            return self._ask(texts)
        places: Any = pc.index_in(texts, value_set=self._known)
        if places.null_count:
            new = texts.filter(pc.is_null(places))
            if len(self._known) + len(new) > _MOST_KNOWN:
                return self._ask(texts)
            self._known = pa.concat_arrays([self._known, new])
            self._known_typed = pa.concat_tables(
                [self._known_typed, self._ask(new)]
            ).combine_chunks()
            places = pc.index_in(texts, value_set=self._known)
        known: pa.Table = self._known_typed.take(places)
        return known

    def _by_form(self, forms: FixedForms, texts: Any, times: Any | None) -> pa.Table:
        accepted = forms.accept(texts, times)
        if len(accepted.left) * 2 > len(texts):
            return self._ask(texts, times)
        nothing = pa.nulls(len(texts), pa.string())
        quick = pa.table({
            **accepted.fields, REASON: nothing, CLASS: nothing,
            CLEANED: pa.repeat(pa.scalar(False), len(texts)),
            HASH: pa.repeat(pa.scalar(0, pa.uint64()), len(texts)),
        }, schema=self._schema)
        if not len(accepted.left):
            return quick
        left = pa.array(accepted.left)
        slow = self._ask(texts.take(left), None if times is None else times.take(left))
        places = np.arange(len(texts))
        places[accepted.left] = len(texts) + np.arange(len(accepted.left))
        return pa.concat_tables([quick, slow]).combine_chunks().take(places)

    def _ask(self, texts: Any, times: Any | None = None) -> pa.Table:
        """Type by SQL. One thread reads one chunk, so that the rows keep their order."""
        columns = {self.column.name: texts}
        if times is not None:
            columns[self.column.name + TIME_SUFFIX] = times
        self._connection.register("batch", pa.table(columns))
        try:
            result = self._connection.sql(self._sql[is_clean(texts)]).to_arrow_table()
        finally:
            self._connection.unregister("batch")
        return result.cast(self._schema).combine_chunks()

    def _told(self, typed: pa.Table) -> TypedColumn:
        fields = {field.name: typed[field.name] for field in self.column.lake_fields()}
        reasons = typed[REASON]
        has_reasons = reasons.null_count < len(reasons)
        if self._is_temporal:
            hashes = _mixed(next(iter(fields.values())))
        else:
            hashes = typed[HASH].combine_chunks().to_numpy(zero_copy_only=False)
        return TypedColumn(
            fields, reasons if has_reasons else None, typed[CLASS] if has_reasons else None, hashes,
            int(pc.sum(typed[CLEANED]).as_py() or 0),
        )


def _mixed(moments: Any) -> np.ndarray:
    """A hash of dates or timestamps; the same whichever way they were typed."""
    kind = pa.int32() if pa.types.is_date32(moments.type) else pa.int64()
    numbers = moments.combine_chunks().view(kind).fill_null(np.iinfo(np.int32).min)
    mixed = numbers.to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
    result: np.ndarray = mixed ^ (mixed >> np.uint64(29))
    return result


def _whole(batch: pa.Table, name: str) -> Any:
    column = batch[name]
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _list(items: dict[str, str]) -> str:
    return ", ".join(f'{sql} AS "{name}"' for name, sql in items.items()) or "NULL AS nothing"


def _class(column: Column) -> str:
    """What kind of thing a rejected value is, as words that hold nothing of the value."""
    reason, value = f'"r_{column.name}"', f"v_{column.name}"
    two_digits = ""
    if column.type in ("date", "timestamp"):
        # The commonest other form of a date has a word of its own.
        match = f"regexp_full_match({value}, {quoted(TWO_DIGIT_YEAR)})"
        two_digits = f"WHEN {reason} = '{Reason.DATE_FORMAT}' AND {match} THEN 'two-digit year' "
    return (
        f"CASE WHEN {reason} IS NULL THEN NULL WHEN {value} IS NULL THEN 'empty' {two_digits}"
        f"WHEN regexp_full_match({value}, '[0-9]+') "
        f"THEN 'number of ' || length({value}) || ' digits' "
        f"ELSE 'text of ' || length({value}) || ' characters' END"
    )
