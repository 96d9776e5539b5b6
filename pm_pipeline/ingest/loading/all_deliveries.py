"""Load every delivery of one system, and remember why one was not loaded.

``lake/refusals/<system>__<delivery_id>.json`` says so until the delivery is loaded or gone, so that
the list of deliveries can tell it without reading the files again.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake import files as lake
from pm_pipeline.ingest.landing.deliveries import Delivery
from pm_pipeline.ingest.loading.load import load_delivery
from pm_pipeline.ingest.loading.mutability import is_of_today, write_delivery_changes
from pm_pipeline.ingest.loading.reports import LoadReport
from pm_pipeline.ingest.private_files import write_private_text
from pm_pipeline.ingest.rejects.reasons import SCHEMA_CHANGES, Refusal, RefusedError


@dataclass(frozen=True)
class Refused:
    """A delivery that was not loaded; ``is_quarantined``: it waits and holds up nothing."""

    delivery_id: str
    code: Refusal
    message: str
    is_quarantined: bool


@dataclass(frozen=True)
class Loads:
    """What became of the deliveries of one system: reports, oldest first, and what was refused."""

    reports: list[LoadReport] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[Refused]:
        """The refusals that somebody must act on before the run may go on."""
        return [one for one in self.refused if not one.is_quarantined]


def load_deliveries(
    deliveries: Sequence[Delivery], system: SystemContract, lake_dir: Path, key_dir: Path
) -> Loads:
    """Make the lake of one system follow what lies in landing.

    What landing holds no longer (or was withdrawn) leaves the lake. A delivery that is refused does
    not keep a later good one out. Raises PipelineError for what is no fault of a delivery.
    """
    lake.ensure_empty_tables([system], lake_dir)
    with lake.locked(lake_dir, system.system):
        loads = Loads(forgotten=lake.forget_absent(
            lake_dir, system.system, {one.delivery_id for one in deliveries}
        ))
    present = {_path(lake_dir, system.system, one.delivery_id) for one in deliveries}
    for path in (lake_dir / "refusals").glob(f"{system.system}__*.json"):
        if path not in present:
            path.unlink()
    for delivery in deliveries:
        path = _path(lake_dir, system.system, delivery.delivery_id)
        try:
            loads.reports.append(load_delivery(delivery, system, lake_dir, key_dir))
            path.unlink(missing_ok=True)
        except RefusedError as error:
            policy = system.at(delivery.delivered_on).on_schema_change
            # What was loaded before still counts, so it cannot wait: the contract must be mended.
            is_loaded = lake.marker_path(lake_dir, system.system, delivery.delivery_id).exists()
            refused = Refused(
                delivery.delivery_id, error.code, str(error),
                policy == "quarantine" and error.code in SCHEMA_CHANGES and not is_loaded,
            )
            loads.refused.append(refused)
            if error.code is not Refusal.BUSY:  # which says nothing of the delivery
                write_private_text(path, json.dumps(asdict(refused), ensure_ascii=False))
    _keep_changes(deliveries, system, lake_dir)
    return loads


def _keep_changes(
    deliveries: Sequence[Delivery], system: SystemContract, lake_dir: Path
) -> None:
    """The report of changes follows the lake: made anew when a delivery came, changed or went.

    It names the state of the lake it was made of, so that a run that was killed before it came here
    leaves no report that is taken for today's.
    """
    path = lake.changes_path(lake_dir, system.system)
    if not deliveries:
        path.unlink(missing_ok=True)
    elif not is_of_today(lake_dir, system.system):
        write_delivery_changes(lake_dir, system, deliveries[0].municipality_id)


def refusal_of(lake_dir: Path, delivery: Delivery) -> Refused | None:
    """Why the last attempt to load a delivery failed; None where it did not, or none was made."""
    path = _path(lake_dir, delivery.system, delivery.delivery_id)
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return Refused(**{**content, "code": Refusal(content["code"])})


def _path(lake_dir: Path, system: str, delivery_id: str) -> Path:
    return lake_dir / "refusals" / f"{system}__{delivery_id}.json"
