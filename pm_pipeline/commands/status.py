"""Where each municipality stands, read from files alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from pm_pipeline.commands.known import taking_part
from pm_pipeline.errors import UsageError
from pm_pipeline.ingest.lake.files import loaded_markers
from pm_pipeline.ingest.landing.deliveries import list_deliveries
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.publish.receipts import read_receipt
from pm_pipeline.registry import Municipality
from pm_pipeline.settings import Settings


@dataclass(frozen=True)
class MunicipalityStatus:
    """One municipality as `status` shows it; counts are None until something was loaded.

    ``rows_in`` counts rows of all loaded files; ``quality`` counts rules per outcome.
    """

    municipality: Municipality
    last_delivered_on: date | None
    n_deliveries: int
    rows_in: int | None
    rows_loaded: int | None
    rows_rejected: int | None
    quality: dict[str, int]
    published_at: datetime | None



def municipalities_to_run(settings: Settings, chosen: Sequence[str]) -> list[Municipality]:
    """Those named, or every active municipality that has delivered something (or has taken it back).

    Raises:
        UsageError: a municipality is unknown, takes no part, or nobody has delivered anything.
    """
    registry = load_checked_registry(settings.seeds_dir)
    if chosen:
        # named twice is meant once
        named = [taking_part(registry, one) for one in dict.fromkeys(chosen)]
        for municipality in named:
            if not _has_work(settings, municipality.municipality_id):
                raise UsageError(
                    f"municipality {municipality.municipality_id} {municipality.name} has delivered "
                    f"nothing to {settings.landing_dir}; see `pm-pipeline deliver --help`"
                )
        return named
    found = [
        municipality
        for municipality in registry.active_municipalities
        if _has_work(settings, municipality.municipality_id)
    ]
    if not found:
        raise UsageError(
            f"nothing has been delivered to {settings.landing_dir}; register files with "
            "`pm-pipeline deliver`, or generate the demo with `pm-pipeline demo`"
        )
    return found



def _has_work(settings: Settings, municipality_id: str) -> bool:
    """Whether something was delivered, or all of it was withdrawn while figures still rest on it."""
    return bool(list_deliveries(settings.landing_dir, municipality_id)) or bool(
        loaded_markers(settings.lake_dir(municipality_id))
        or read_receipt(settings.published_dir(municipality_id))
    )



def municipality_statuses(settings: Settings) -> list[MunicipalityStatus]:
    """The state of every active municipality, read from files alone."""
    registry = load_checked_registry(settings.seeds_dir)
    return [_status(settings, municipality) for municipality in registry.active_municipalities]



def _status(settings: Settings, municipality: Municipality) -> MunicipalityStatus:
    code = municipality.municipality_id
    deliveries = list_deliveries(settings.landing_dir, code)
    rows_in, loaded, rejected = _row_counts(settings.lake_dir(code) / "deliveries")
    receipt = read_receipt(settings.published_dir(code))
    return MunicipalityStatus(
        municipality=municipality,
        last_delivered_on=max((one.delivered_on for one in deliveries), default=None),
        n_deliveries=len(deliveries),
        rows_in=rows_in,
        rows_loaded=loaded,
        rows_rejected=rejected,
        quality=quality_counts(settings.quality_dir(code) / "rule_results.parquet"),
        published_at=receipt.published_at if receipt else None,
    )



def _row_counts(folder: Path) -> tuple[int | None, int | None, int | None]:
    if not any(folder.glob("*.parquet")):
        return None, None, None
    with duckdb.connect() as connection:
        row = connection.execute(
            "select sum(rows_in_file), sum(rows_loaded), sum(rows_rejected) from read_parquet(?)",
            [str(folder / "*.parquet")],
        ).fetchall()[0]
    return row[0], row[1], row[2]



def quality_counts(rule_results: Path) -> dict[str, int]:
    """Rules per outcome of the last check, worst outcome first; empty when none was made."""
    if not rule_results.exists():
        return {}
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select outcome, count(*) from read_parquet(?) group by outcome", [str(rule_results)]
        ).fetchall()
    counts: dict[str, int] = dict(rows)
    order = ["ERROR", "FAIL", "PASS", "NO_DATA", "NOT_IN_FORCE", "NOT_APPLICABLE"]
    return {outcome: counts[outcome] for outcome in order if outcome in counts}
