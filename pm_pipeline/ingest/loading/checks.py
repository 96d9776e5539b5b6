"""What must hold before a built delivery may enter the lake."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pm_pipeline.ingest.contract.model import Table
from pm_pipeline.ingest.identifiers import CPR_LIKE
from pm_pipeline.ingest.loading.building import BuiltTable
from pm_pipeline.ingest.loading.reports import FileReport, identifiers_by_column
from pm_pipeline.ingest.readers.formats import form_of
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError
from pm_pipeline.ingest.values.column_bytes import text_bytes
from pm_pipeline.ingest.values.pseudonymise import PSEUDONYM_CHARACTERS

# A column most of whose values are rejected has another form than the contract says.
_MOST_REFUSED = 0.5
_FEWEST_REFUSED = 10
_IS_HEX = np.isin(np.arange(256), list(b"0123456789abcdef"))


def problems(built: Sequence[BuiltTable]) -> list[RefusedError]:
    """Everything for which the delivery is refused; an empty list when it may be loaded.

    NOT_CONSERVED, EMPTY, TOO_MANY_REJECTS, COLUMN_UNREADABLE, PERSONAL_DATA.
    """
    empty = empty_delivery([file for table in built for file in table.files])
    return empty or [problem for table in built for problem in table_problems(table)]


def table_problems(built: BuiltTable) -> list[RefusedError]:
    """Everything that is wrong with one table of a delivery."""
    return [
        *_not_conserved(built), *_empty(built), *_too_many_rejects(built), *_identifiers(built),
    ]


def empty_delivery(files: Sequence[FileReport]) -> list[RefusedError]:
    """An export in which every table is empty is a failed export, whatever a contract permits."""
    if any(file.rows_in_file or _tells_its_end(file) for file in files):
        return []
    return [RefusedError(
        Refusal.EMPTY, ", ".join(file.source_file for file in files) or "delivery",
        "the delivery has no row in any table. Deliver it again.",
    )]


def _tells_its_end(file: FileReport) -> bool:
    """A log in XES is closed by its last tag: whole and empty, it is no failed export but an answer."""
    return form_of("log", file.source_file) == "xes"


def _not_conserved(built: BuiltTable) -> list[RefusedError]:
    written = pq.read_metadata(built.path).num_rows
    reported = sum(file.rows_loaded for file in built.files)
    if written == reported and all(file.is_conserved for file in built.files):
        return []
    return [RefusedError(
        Refusal.NOT_CONSERVED, built.table.name,
        f"rows were lost on the way: {reported} counted as loaded, {written} written. This is a "
        "fault of the program; report it.",
    )]


def _empty(built: BuiltTable) -> list[RefusedError]:
    if built.table.may_be_empty or any(
        file.rows_in_file or _tells_its_end(file) for file in built.files
    ):
        return []
    return [RefusedError(
        Refusal.EMPTY, ", ".join(file.source_file for file in built.files),
        f"no row was found, and {built.table.name} may not be empty. Deliver it again, or write "
        "'may_be_empty: true' in the contract.",
    )]


def _too_many_rejects(built: BuiltTable) -> list[RefusedError]:
    found = []
    rows = sum(file.rows_in_file for file in built.files)
    rejected = sum(file.rows_rejected for file in built.files)
    limit = built.table.max_rejected_percent
    files = ", ".join(file.source_file for file in built.files)
    if rows and rejected * 100 > limit * rows:
        found.append(RefusedError(
            Refusal.TOO_MANY_REJECTS, files,
            f"{rejected} of {rows} rows rejected, expected at most {limit:g} percent. "
            f"{_main_reasons(built)} Have the export fixed and deliver again, or mend the contract.",
        ))
    personal = identifiers_by_column(built.files)
    for column, count in personal.items():
        if count * 100 > limit * rows:
            found.append(RefusedError(
                Refusal.TOO_MANY_REJECTS, f"{files}, column {column.partition('.')[2]}",
                f"{count} of {rows} rows hold what looks like a CPR number, an e-mail address or a "
                f"telephone number, expected at most {limit:g} percent. Deliver the column without "
                "them, or let the contract drop it.",
            ))
    for column, refused in built.refused.items():
        values = refused + built.filled.get(column, 0)
        if refused >= _FEWEST_REFUSED and refused > _MOST_REFUSED * values:
            found.append(RefusedError(
                Refusal.COLUMN_UNREADABLE, f"{files}, column {column}",
                f"{refused} of {values} values rejected. {_expected_of(built, column)} Deliver the "
                "column in the agreed form, or change the form in the contract.",
            ))
    return found


def _expected_of(built: BuiltTable, column: str) -> str:
    """What most of the rejected values of a column should have been, and what they are."""
    most = max(
        (one for file in built.files for one in file.rejects if one.column == column),
        key=lambda one: one.count,
    )
    if most.first is None:
        return f"{most.reason}."
    return f"{most.reason}: expected {most.first.expected}; found {most.first.found_class}."


def _main_reasons(built: BuiltTable) -> str:
    reasons = sorted(
        (reject for file in built.files for reject in file.rejects), key=lambda r: -r.count
    )[:3]
    return "Most often: " + "; ".join(
        f"{r.reason} in {r.column or 'the whole row'} ({r.count})" for r in reasons
    ) + "."


def count_identifiers(path: Path, table: Table) -> dict[str, int]:
    """Distinct values by column that look like a CPR number, or are no pseudonym and should be."""
    schema = pq.read_schema(path)
    # delivery_id is of our own making, and its hash may well hold ten digits in a row.
    texts = [
        field.name for field in schema
        if pa.types.is_string(field.type) and field.name != "delivery_id"
    ]
    pseudonyms = {c.name for c in table.kept_columns if c.type == "identifier"}
    hits: dict[str, int] = {}
    # A row group at a time: a dictionary that is read on and on would hold every word of the file.
    with pq.ParquetFile(path, read_dictionary=[n for n in texts if n not in pseudonyms]) as file:
        for number in range(file.num_row_groups):
            rows = file.read_row_group(number, columns=texts)
            for name in texts:
                for values in rows[name].chunks:
                    count = _no_pseudonyms(values) if name in pseudonyms else _like_cpr(values)
                    hits[name] = hits.get(name, 0) + count
    return {name: count for name, count in hits.items() if count}


def _like_cpr(values: Any) -> int:
    """How many distinct words of a dictionary column look like a CPR number."""
    bad: Any = pc.match_substring_regex(values.dictionary.drop_null(), CPR_LIKE)
    return int(pc.sum(bad).as_py() or 0)


def _no_pseudonyms(values: Any) -> int:
    """How many distinct texts of a column are no pseudonym."""
    texts = values.drop_null()
    signs, places = text_bytes(texts)
    if np.all(np.diff(places) == PSEUDONYM_CHARACTERS) and _IS_HEX[signs].all():
        return 0
    form = rf"^[0-9a-f]{{{PSEUDONYM_CHARACTERS}}}$"
    bad: Any = pc.invert(pc.match_substring_regex(texts.unique(), form))
    return int(pc.sum(bad).as_py() or 0)


def _identifiers(built: BuiltTable) -> list[RefusedError]:
    """A finding per text column of the result that holds what must not be there."""
    return [
        RefusedError(
            Refusal.PERSONAL_DATA, f"{built.table.name}, column {name}",
            f"{count} different values look like a CPR number or are no pseudonym. Nothing was "
            "loaded; check the contract's treatment of the column.",
        )
        for name, count in count_identifiers(built.path, built.table).items()
    ]
