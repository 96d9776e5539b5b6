"""Check files against their contract, and register them as a delivery."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pm_pipeline.commands.known import contract_of, existing, make_data_dir, taking_part
from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.landing.deliveries import Delivery, register_delivery
from pm_pipeline.ingest.loading.reports import ValidationReport, rows_by_file
from pm_pipeline.ingest.loading.validation import validate_files
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.settings import Settings


def deliver_files(
    settings: Settings,
    municipality_id: str,
    system_id: str,
    delivered_on: date,
    files: Sequence[Path],
) -> Delivery:
    """Register files as a delivery of a known municipality and system.

    Raises:
        UsageError: the municipality, the system or a file is unknown.
        PipelineError: the files are not what the contract describes.
    """
    taking_part(load_checked_registry(settings.seeds_dir), municipality_id)
    if delivered_on > date.today():
        raise UsageError(
            f"--delivered-on {delivered_on} lies in the future: it would outrank every later delivery"
        )
    contract = contract_of(settings, system_id)
    existing(files)
    # What cannot be loaded is refused here, at the door, and not in the next night's run.
    make_data_dir(settings)
    return register_checked(settings, municipality_id, contract, delivered_on, list(files))



def register_checked(
    settings: Settings, municipality_id: str, contract: SystemContract, delivered_on: date,
    files: list[Path],
) -> Delivery:
    report = validate_files(contract, files, delivered_on=delivered_on)
    if not report.is_ok and not report.is_quarantined:
        raise PipelineError(
            "the delivery is refused, nothing was registered:\n  "
            + "\n  ".join(str(problem) for problem in report.problems)
        )
    version = next(one for one in contract.versions if one.version == report.contract_version)
    return register_delivery(
        settings.landing_dir, municipality_id, version, delivered_on, files, rows_by_file(report.files),
        to_quarantine=report.is_quarantined,
    )



def validate_delivery(
    settings: Settings, system_id: str, files: Sequence[Path], *, delivered_on: date | None = None,
    whole: bool = True,
) -> ValidationReport:
    """The findings a load of these files would give, without loading them."""
    existing(files)
    return validate_files(
        contract_of(settings, system_id), list(files), delivered_on=delivered_on, whole=whole
    )
