"""The judgements that were made of a municipality: what `since when is this bad` is answered from.

One file, ``rule_history.parquet``: the rows of rule_results.parquet with the judgement they belong to.
It is added to by temporary file and rename, and what is older than its term is left out then. It cannot
be made again from deliveries, so nothing here starts it anew. Counts only: it outlives deliveries that
were withdrawn.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.judging.results import SCHEMA as RESULT_SCHEMA
from pm_pipeline.quality.result_file import write_whole

if TYPE_CHECKING:
    import duckdb

#: Under which name a file of results tells of its judgement.
JUDGEMENT = "pm_judgement"
#: Of a result; its reason and how its outcome came about are those of the newest results.
_KEPT = tuple(one for one in RESULT_SCHEMA.names if one not in ("reason", "detail", "legal_basis"))
#: What a history of an earlier version does not tell.
_ADDED = ("counts_people", "n_checked_citizens", "n_split_citizens")
_FIELDS: Mapping[str, pa.DataType] = {
    "judgement": pa.int64(), "judged_at": pa.timestamp("us"), "as_of": pa.date32(),
    "run_id": pa.string(), "made_from": pa.string(), "code_fingerprint": pa.string(),
    "law_fingerprint": pa.string(), "newest_deliveries": pa.string(),
    **{name: RESULT_SCHEMA.field(name).type for name in _KEPT},
    "n_cases": pa.int64(), "n_citizens": pa.int64(),
}  # fmt: skip
SCHEMA = pa.schema(list(_FIELDS.items()))

#: Cases and citizens of each (process_id, regime_id) when it was judged; both null: all of them.
People = Mapping[tuple[str | None, str | None], tuple[int, int]]


@dataclass(frozen=True)
class Judgement:
    """When and of what the rules were asked.

    Attributes:
        judged_at: UTC.
        as_of: what had begun by this day was in force.
        made_from: the recipe of the results: two judgements of one recipe are the same judgement.
        code_fingerprint, law_fingerprint: of the warehouse that was judged.
        newest_deliveries: ``<system> <delivery>`` of each system, separated by ``, ``.
    """

    judged_at: datetime
    as_of: date
    run_id: str
    made_from: str
    code_fingerprint: str
    law_fingerprint: str
    newest_deliveries: str

    def as_text(self) -> str:
        """For the metadata of a file of results."""
        return json.dumps(asdict(self), default=lambda day: day.isoformat())

    @classmethod
    def read(cls, results: Path) -> "Judgement":
        """The judgement of a file of results.

        Raises:
            PipelineError: the file does not tell.
        """
        text = (pq.read_schema(results).metadata or {}).get(JUDGEMENT.encode())
        if text is None:
            raise PipelineError(f"{results}: does not say when it was judged; judge again")
        told = json.loads(text)
        return cls(**{
            **told,
            "judged_at": datetime.fromisoformat(told["judged_at"]),
            "as_of": date.fromisoformat(told["as_of"]),
        })


@dataclass(frozen=True)
class Kept:
    """What a history holds: the number of its newest judgement, and its rows."""

    newest: int
    n_rows: int


def people_judged(connection: "duckdb.DuckDBPyConnection") -> People:
    """The people behind what a rule judged: of a slice, and (no process) of the whole delivery."""
    rows = connection.execute(
        "select process_id, regime_id, count(*), count(distinct citizen_id) from core.cases"
        " group by all union all select null, null, count(*), count(distinct citizen_id)"
        " from core.cases"
    ).fetchall()
    return {(process, regime): (cases, citizens) for process, regime, cases, citizens in rows}


def add_to_history(
    history: Path, results: Path, people: People, keep_days: int, now: datetime,
    about: Mapping[str, str],
) -> Kept:
    """Add what ``results`` holds as one more judgement, unless it is the last one already.

    Judgements of more than ``keep_days`` days before ``now`` (UTC) are deleted, but for the newest: it
    is what is said today. Numbers are not given again. ``about`` is kept in the file's own metadata.
    Raises:
        PipelineError: the history there is cannot be read, or the results tell of no judgement.
    """
    judgement = Judgement.read(results)
    known = read_history(history) if history.exists() else SCHEMA.empty_table()
    last = known.slice(max(known.num_rows - 1, 0)).to_pylist()
    number = last[0]["judgement"] if last else 0
    if not last or last[0]["made_from"] != judgement.made_from:
        number += 1
        known = pa.concat_tables([known, _rows(judgement, number, results, people)])
    is_kept = (pc.field("judged_at") >= now - timedelta(days=keep_days)) | (
        pc.field("judgement") == number
    )
    kept = known.filter(is_kept)
    write_whole(kept, history, about)
    return Kept(number, kept.num_rows)


def read_history(path: Path) -> pa.Table:
    """All judgements, oldest first.

    Raises:
        PipelineError: the file is damaged or of another form: it holds what cannot be made again.
    """
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise PipelineError(
            f"{path}: the history of judgements cannot be read ({type(error).__name__}). It cannot be "
            "made again: put it back from a backup, or move it away to begin anew"
        ) from error
    for name in _ADDED:  # judgements of before: nobody knows who stood behind them
        if name not in table.schema.names:
            place = SCHEMA.get_field_index(name)
            unknown = pa.nulls(table.num_rows, SCHEMA.field(name).type)
            table = table.add_column(min(place, table.num_columns), SCHEMA.field(name), unknown)
    if table.schema.names != SCHEMA.names:
        raise PipelineError(
            f"{path}: the history of judgements has other columns than {', '.join(SCHEMA.names)}; "
            "move it away to begin anew"
        )
    return table


def _rows(judgement: Judgement, number: int, results: Path, people: People) -> pa.Table:
    rows: Sequence[dict[str, object]] = pq.read_table(results, columns=list(_KEPT)).to_pylist()
    nobody = (0, 0)
    return pa.Table.from_pylist(
        [
            {
                "judgement": number, **asdict(judgement), **row,
                "n_cases": people.get(_slice(row), nobody)[0],
                "n_citizens": people.get(_slice(row), nobody)[1],
            }
            for row in rows
        ],
        schema=SCHEMA,
    )


def _slice(row: Mapping[str, object]) -> tuple[str | None, str | None]:
    return row["process_id"], row["regime_id"]  # type: ignore[return-value]  # both are text columns
