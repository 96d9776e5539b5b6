"""What did not enter, and why: counted, told row by row, and counted again after a mending."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pm_pipeline import warehouse
from pm_pipeline.commands.known import contract_of, taking_part
from pm_pipeline.ingest.contract.model import Contract, Table
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake.files import marker_path
from pm_pipeline.ingest.landing.deliveries import Delivery, list_deliveries
from pm_pipeline.ingest.readers.formats import place_word, reader_of
from pm_pipeline.ingest.readers.headers import TIME_SUFFIX
from pm_pipeline.ingest.rejects.reasons import Reason
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import Settings


@dataclass(frozen=True, order=True)
class RejectGroup:
    """Rejects of one kind. ``at`` the door: a value or a row did not fit its contract; in the
    ``warehouse``: an act became no event (no mapping, no time, no citizen)."""

    system: str
    table: str
    at: Literal["door", "warehouse"]
    column: str | None
    reason: str
    row_kept: bool


@dataclass(frozen=True)
class Reject:
    """One reject: where, why, what was expected, what kind of thing was found.

    ``place``: what ``source_row`` counts in this format (line, row, record).
    ``value`` is None unless it was asked for; it comes from landing and is kept nowhere else.
    """

    delivery_id: str
    table: str
    source_file: str
    place: str
    source_row: int
    column: str | None
    reason: str
    expected: str
    found_class: str | None
    row_kept: bool
    landing_path: Path
    value: str | None = None


def count_rejects(
    settings: Settings, municipality_id: str, system: str | None = None
) -> dict[RejectGroup, int]:
    """Rejects of a municipality by kind, those at the door and those in its warehouse."""
    taking_part(load_checked_registry(settings.seeds_dir), municipality_id)
    counts: dict[RejectGroup, int] = {}
    lake_dir = settings.lake_dir(municipality_id)
    if any((lake_dir / "rejects").glob("*.parquet")):
        with duckdb.connect() as connection:
            for row in connection.execute(
                "select system_id, table_name, column_name, reason, row_kept, count(*)"
                " from read_parquet(?) group by all",
                [str(lake_dir / "rejects" / "*.parquet")],
            ).fetchall():
                counts[RejectGroup(row[0], row[1], "door", *row[2:5])] = row[5]
    path = settings.warehouse_path(municipality_id)
    if path.exists():
        with warehouse.connect(path) as connection:
            for row in connection.execute(
                "select system_id, source_table, reason, count(*) from core.rejected_events"
                " where is_fault group by all"
            ).fetchall():
                counts[RejectGroup(row[0], row[1], "warehouse", None, row[2], False)] = row[3]
    return {
        group: counts[group] for group in sorted(counts, key=str)
        if system is None or group.system == system
    }


def explain_rejects(
    settings: Settings, municipality_id: str, system: str, *, delivery_id: str | None = None,
    table: str | None = None, column: str | None = None, reason: str | None = None,
    limit: int = 20, show_values: bool = False,
) -> list[Reject]:
    """Single rejects at the door, in file order, each with the place in landing where it stands.

    ``show_values`` reads the rejected values out of landing again: for who may read landing.
    """
    taking_part(load_checked_registry(settings.seeds_dir), municipality_id)
    contract = contract_of(settings, system)
    deliveries = {
        one.delivery_id: one
        for one in list_deliveries(settings.landing_dir, municipality_id, system)
        if delivery_id is None or one.delivery_id.startswith(delivery_id)
    }
    found: list[Reject] = []
    versions = {
        one: _version_of(contract, settings.lake_dir(municipality_id), delivery)
        for one, delivery in deliveries.items()
    }
    for one in deliveries.values():
        version = versions[one.delivery_id]
        for row in _rejects_of(settings.lake_dir(municipality_id), one):
            if all(
                wanted in (None, row[name])
                for name, wanted in (
                    ("table_name", table), ("column_name", column), ("reason", reason),
                )
            ):
                found.append(Reject(
                    one.delivery_id, row["table_name"], row["source_file"],
                    place_word(version.table(row["table_name"]), row["source_file"]),
                    row["source_row"], row["column_name"], row["reason"], row["expected"],
                    row["found_class"], row["row_kept"], one.folder / row["source_file"],
                ))
            if len(found) >= limit:
                break
    found = found[:limit]
    return list(_with_values(found, versions)) if show_values else found


def _version_of(contract: SystemContract, lake_dir: Path, delivery: Delivery) -> Contract:
    """The version that read a delivery; the one of its day where that is not known any more."""
    marker = marker_path(lake_dir, delivery.system, delivery.delivery_id)
    if marker.exists():
        read_by = pq.read_table(marker, columns=["contract_version"]).to_pylist()[0]
        for version in contract.versions:
            if version.version == read_by["contract_version"]:
                return version
    return contract.at(delivery.delivered_on)


def _rejects_of(lake_dir: Path, delivery: Delivery) -> Iterator[dict[str, Any]]:
    path = lake_dir / "rejects" / f"{delivery.system}__{delivery.delivery_id}.parquet"
    if not path.exists():
        return
    with duckdb.connect() as connection:
        reader = connection.execute(
            "select * from read_parquet(?)"
            " order by table_name, source_file, source_row, column_name",
            [str(path)],
        ).to_arrow_reader(1024)
        for batch in reader:
            yield from batch.to_pylist()


def _with_values(
    rejects: list[Reject], versions: Mapping[str, Contract]
) -> Iterator[Reject]:
    by_file: dict[tuple[str, str, str], list[Reject]] = {}
    for reject in rejects:
        key = (reject.delivery_id, reject.table, reject.source_file)
        by_file.setdefault(key, []).append(reject)
    for (delivery_id, table_name, _), group in by_file.items():
        raw = _raw_rows(versions[delivery_id].table(table_name), group)
        for reject in group:
            # A time of day that has a column of its own is what was rejected then.
            suffix = TIME_SUFFIX if reject.reason == Reason.TIME_FORMAT else ""
            column = f"{reject.column or ''}{suffix}"
            # One event of an object-centric log may tell of several rows: all of them are shown.
            values = dict.fromkeys(row.get(column) for row in raw.get(reject.source_row, []))
            told = [value for value in values if value is not None]
            yield Reject(**{**vars(reject), "value": " / ".join(told) if told else None})


def _raw_rows(table: Table, rejects: list[Reject]) -> dict[int, list[dict[str, Any]]]:
    """The raw text of some rows of a file by ``source_row``, of which a few formats have several of
    one number; free text and names stay reduced even here."""
    first = rejects[0]
    wanted = pa.array(sorted({reject.source_row for reject in rejects}), pa.int64())
    found: dict[int, list[dict[str, Any]]] = {}
    for batch in reader_of(table, first.source_file)(first.landing_path, table, first.source_file):
        some = batch.values.filter(pc.is_in(batch.values["source_row"], value_set=wanted))
        for row in some.to_pylist():
            found.setdefault(row["source_row"], []).append(row)
        # The last number of a batch may go on in the next one.
        numbers = batch.values["source_row"]
        if len(found) == len(wanted) and len(numbers) and numbers[-1].as_py() not in found:
            break
    return found
