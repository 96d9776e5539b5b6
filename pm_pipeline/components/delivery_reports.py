"""The reports to the senders of a municipality's deliveries: what is known of each, put on its page.

``work/<municipality>/quality/delivery_reports/<system>__<delivery>/report.html`` and ``report.csv``.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pm_pipeline import warehouse
from pm_pipeline.components.freshness import known_contracts
from pm_pipeline.components.results import MADE_FROM
from pm_pipeline.ingest.lake.files import marker_path
from pm_pipeline.ingest.landing.deliveries import Delivery, list_deliveries
from pm_pipeline.ingest.loading.all_deliveries import refusal_of
from pm_pipeline.ingest.private_files import write_private, write_private_text
from pm_pipeline.ingest.rejects.mending import EVENT_FAULTS, REASON_MENDING, REFUSAL_MENDING
from pm_pipeline.ingest.rejects.reasons import REASON_TEXTS, REFUSAL_TEXTS, Reason
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.quality.delivery_report.content import (
    DeliveryReport,
    FileLine,
    Refused,
    Weight,
)
from pm_pipeline.quality.delivery_report.page import as_html
from pm_pipeline.quality.delivery_report.reading import (
    Texts,
    previous_deliveries,
    read_lines,
)
from pm_pipeline.quality.delivery_report.sheet import as_csv
from pm_pipeline.settings import Settings

HTML, CSV = "report.html", "report.csv"
_INDEX_FIELDS: dict[str, pa.DataType] = {
    "municipality_id": pa.string(), "system_id": pa.string(), "delivery_id": pa.string(),
    "delivered_on": pa.date32(), "refusal": pa.string(),
    **{f"n_{weight.value}": pa.int64() for weight in Weight},
}
_INDEX = pa.schema(_INDEX_FIELDS)


@dataclass(frozen=True)
class WrittenReport:
    """A report and where it lies; ``report`` is None where an earlier one was left as it was."""

    delivery: Delivery
    folder: Path
    report: DeliveryReport | None


def report_dir(settings: Settings, delivery: Delivery) -> Path:
    """Where the report of a delivery lies."""
    reports = settings.quality_dir(delivery.municipality_id) / "delivery_reports"
    return reports / f"{delivery.system}__{delivery.delivery_id}"


def write_index(path: Path, written: Iterable[WrittenReport], recipe: str) -> int:
    """Write which reports there are, with their kinds of fault by weight; how many there are.

    Those that were left as they were keep the row they had.
    """
    had = {row["delivery_id"]: row for row in pq.read_table(path).to_pylist()} if path.exists() else {}
    rows = [
        _index_row(one.delivery, one.report) if one.report else had.get(one.delivery.delivery_id)
        for one in written
    ]
    known = [row for row in rows if row is not None]
    write_private(
        path, pa.Table.from_pylist(known, schema=_INDEX.with_metadata({MADE_FROM: recipe}))
    )
    return len(known)


def _index_row(delivery: Delivery, report: DeliveryReport) -> dict[str, object]:
    return {
        "municipality_id": delivery.municipality_id, "system_id": delivery.system,
        "delivery_id": delivery.delivery_id, "delivered_on": delivery.delivered_on,
        "refusal": report.refused.code if report.refused else None,
        **{f"n_{weight.value}": len(report.of(weight)) for weight in Weight},
    }


def write_delivery_reports(
    settings: Settings, municipality_id: str, only: Iterable[Delivery] | None = None
) -> list[WrittenReport]:
    """Write the reports of a municipality's deliveries (or of some), oldest first.

    What a later delivery of the same system told again is not judged in the earlier one any more. So
    the report of an earlier delivery stays as it was, unless the delivery was read anew. Reports of
    deliveries that were withdrawn are removed.

    Raises:
        PipelineError: there is no warehouse although something is loaded, or it was built before the
            deliveries were counted.
    """
    landed = list_deliveries(settings.landing_dir, municipality_id)
    _remove_absent(settings, municipality_id, landed)
    chosen = landed if only is None else list(only)
    wanted = [one for one in landed if one in chosen]
    lake_dir = settings.lake_dir(municipality_id)
    loaded = [one for one in wanted if _is_loaded(lake_dir, one)]
    written: list[WrittenReport] = []
    if loaded:
        with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
            written += _of_loaded(settings, connection, loaded)
    refused = [one for one in wanted if refusal_of(lake_dir, one) is not None and one not in loaded]
    written += [_write(settings, one, _refused_report(settings, one)) for one in refused]
    return sorted(written, key=lambda one: wanted.index(one.delivery))


def _of_loaded(
    settings: Settings, connection: duckdb.DuckDBPyConnection, deliveries: Iterable[Delivery]
) -> Iterator[WrittenReport]:
    before = previous_deliveries(connection)
    superseded = {(system, earlier) for (system, _), earlier in before.items() if earlier}
    texts = _texts(connection)
    for delivery in deliveries:
        key = (delivery.system, delivery.delivery_id)
        if key not in before:
            continue  # loaded since the warehouse was built
        folder = report_dir(settings, delivery)
        if key in superseded and _is_of_this_load(settings, delivery, folder):
            yield WrittenReport(delivery, folder, None)
            continue
        report = _loaded_report(settings, connection, delivery, before[key], texts)
        yield _write(settings, delivery, report)


def _loaded_report(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    before: str | None,
    texts: Texts,
) -> DeliveryReport:
    rows = connection.execute(
        "select source_file, list(table_name order by table_name), sum(rows_in_file)::bigint,"
        " sum(rows_loaded)::bigint, sum(rows_rejected)::bigint, sum(exact_duplicates)::bigint,"
        " max(contract_version) from core.deliveries where system_id = ? and delivery_id = ?"
        " group by source_file order by source_file",
        [delivery.system, delivery.delivery_id],
    ).fetchall()
    return _report(
        settings, delivery, rows[0][6], compared_with=before,
        files=[FileLine(name, tuple(tables), *counts) for name, tables, *counts, _ in rows],
        lines=read_lines(connection, delivery.system, delivery.delivery_id, before, texts),
    )


def _refused_report(settings: Settings, delivery: Delivery) -> DeliveryReport:
    refused = refusal_of(settings.lake_dir(delivery.municipality_id), delivery)
    assert refused is not None  # the caller asked
    version = known_contracts(settings)[delivery.system].at(delivery.delivered_on).version
    return _report(
        settings, delivery, version, compared_with=None,
        files=[FileLine(one.name, one.tables, None, None, None, None) for one in delivery.files],
        refused=Refused(
            refused.code.value, refused.is_quarantined, REFUSAL_TEXTS[refused.code],
            REFUSAL_MENDING[refused.code],
            # the sender knows his files by their names, and not this machine
            refused.message.replace(f"{delivery.folder}/", ""),
        ),
    )


def _report(
    settings: Settings, delivery: Delivery, contract_version: str, **content: object
) -> DeliveryReport:
    registry = load_checked_registry(settings.seeds_dir)
    system = registry.system(delivery.system)
    return DeliveryReport(
        municipality_id=delivery.municipality_id,
        municipality=registry.municipality(delivery.municipality_id).name,
        system_id=delivery.system,
        system=system.name,
        delivery_id=delivery.delivery_id,
        delivered_on=delivery.delivered_on,
        received_at=delivery.received_at,
        contract_version=contract_version,
        made_on=datetime.now(UTC).date(),
        **content,  # type: ignore[arg-type]
    )


def _texts(connection: duckdb.DuckDBPyConnection) -> Texts:
    """The words of every code that is not about the form of a file."""
    reasons: Mapping[Reason, tuple[str, str]] = REASON_TEXTS
    patterns = connection.execute(
        "select pattern_id, label_da, label_en, false_picture_da, false_picture_en, mend_da, mend_en"
        " from reference.quality_patterns"
    ).fetchall()
    return {
        **{
            (kind, reason.value): (words, REASON_MENDING[reason])
            for reason, words in reasons.items()
            for kind in ("rejected_row", "rejected_value")
        },
        **{("fault_of_act", fault): words for fault, words in EVENT_FAULTS.items()},
        **{
            (kind, pattern): (
                (_told(label_da, picture_da), _told(label_en, picture_en)),
                (mend_da, mend_en) if mend_da else None,
            )
            for pattern, label_da, label_en, picture_da, picture_en, mend_da, mend_en in patterns
            for kind in ("pattern", "code_pattern")
        },
    }


def _told(label: str, picture: str | None) -> str:
    return f"{label}: {picture}" if picture else label


def _write(settings: Settings, delivery: Delivery, report: DeliveryReport) -> WrittenReport:
    folder = report_dir(settings, delivery)
    write_private_text(folder / CSV, as_csv(report))
    write_private_text(folder / HTML, as_html(report))
    return WrittenReport(delivery, folder, report)


def _is_loaded(lake_dir: Path, delivery: Delivery) -> bool:
    return marker_path(lake_dir, delivery.system, delivery.delivery_id).exists()


def _is_of_this_load(settings: Settings, delivery: Delivery, folder: Path) -> bool:
    """Whether the page was made since the delivery was read last; it is written after the sheet."""
    page = folder / HTML
    marker = marker_path(
        settings.lake_dir(delivery.municipality_id), delivery.system, delivery.delivery_id
    )
    return page.exists() and page.stat().st_mtime_ns >= marker.stat().st_mtime_ns


def _remove_absent(settings: Settings, municipality_id: str, landed: Iterable[Delivery]) -> None:
    kept = {report_dir(settings, one).name for one in landed}
    for folder in (settings.quality_dir(municipality_id) / "delivery_reports").glob("*__*"):
        if folder.name not in kept:
            shutil.rmtree(folder)
