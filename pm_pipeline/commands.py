"""What the commands of the command line do, before anything is shown.

Nothing here imports the orchestrator: `deliver`, `validate` and `status` answer at once.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pm_pipeline import synthetic
from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.ingest.contract.versions import SystemContract, load_contracts
from pm_pipeline.ingest.landing.deliveries import Delivery, list_deliveries, register_delivery
from pm_pipeline.ingest.loading.reports import ValidationReport
from pm_pipeline.ingest.loading.validation import validate_files
from pm_pipeline.ingest.private_files import make_private_dir
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.publish.receipts import fingerprint_paths, read_receipt
from pm_pipeline.registry import Municipality, Registry
from pm_pipeline.settings import Settings
from pm_pipeline.synthetic import demo_plan, generate_planned


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
    _taking_part(load_checked_registry(settings.seeds_dir), municipality_id)
    if delivered_on > date.today():
        raise UsageError(
            f"--delivered-on {delivered_on} lies in the future: it would outrank every later delivery"
        )
    contract = contract_of(settings, system_id)
    _existing(files)
    # What cannot be loaded is refused here, at the door, and not in the next night's run.
    _make_data_dir(settings)
    return _checked_and_registered(settings, municipality_id, contract, delivered_on, list(files))


def _checked_and_registered(
    settings: Settings, municipality_id: str, contract: SystemContract, delivered_on: date,
    files: list[Path],
) -> Delivery:
    report = validate_files(contract, files, delivered_on=delivered_on)
    if not report.is_ok and not report.is_quarantined:
        raise PipelineError(
            "the delivery is refused, nothing was registered:\n  "
            + "\n  ".join(str(problem) for problem in report.problems)
        )
    rows: dict[str, int] = {}
    for file in report.files:
        rows[file.source_file] = rows.get(file.source_file, 0) + file.rows_in_file
    version = next(one for one in contract.versions if one.version == report.contract_version)
    return register_delivery(
        settings.landing_dir, municipality_id, version, delivered_on, files, rows,
        to_quarantine=report.is_quarantined,
    )


def validate_delivery(
    settings: Settings, system_id: str, files: Sequence[Path]
) -> ValidationReport:
    """The findings a load of these files would give, without loading them."""
    _existing(files)
    return validate_files(contract_of(settings, system_id), list(files))


@dataclass(frozen=True)
class Registered:
    """One delivery of the demo in landing, and whether it had been there before."""

    municipality_id: str
    delivery_id: str
    already_there: bool


def register_demo(settings: Settings, citizens: int | None = None) -> list[Registered]:
    """Generate the deliveries of the fictional municipalities and register them in landing.

    Nothing is generated when the same demo is there already. The files are written inside landing,
    the only place where what looks personal may lie, and nothing of them stays elsewhere.

    Raises:
        UsageError: the data folder holds a demo of another size or of an earlier generator; the two
            together would tell of the same citizens twice.
    """
    stamp_path = settings.landing_dir / "demo.json"
    stamp = _demo_stamp(citizens)
    known = _known_demo(stamp_path, stamp)
    if known:
        return known
    if stamp_path.exists():
        raise UsageError(
            f"{settings.data_dir} holds another demo (another size or an earlier version); remove "
            "the folder or choose another with --data-dir"
        )
    registered = []
    _make_data_dir(settings)
    for planned in demo_plan():
        if citizens is not None:
            planned = replace(planned, n_citizens=citizens)
        contract = contract_of(settings, planned.system)
        make_private_dir(settings.landing_dir)
        with TemporaryDirectory(prefix=".demo-", dir=settings.landing_dir) as folder:
            generate_planned(planned, Path(folder))
            for day in sorted(path for path in Path(folder).iterdir() if path.is_dir()):
                delivery = _checked_and_registered(
                    settings,
                    planned.municipality_id,
                    contract,
                    date.fromisoformat(day.name),
                    sorted(day.iterdir()),
                )
                registered.append(
                    Registered(
                        planned.municipality_id, delivery.delivery_id, delivery.already_there
                    )
                )
    content = {"stamp": stamp, "deliveries": [asdict(one) for one in registered]}
    stamp_path.write_text(json.dumps(content, indent=2))
    return registered


def _make_data_dir(settings: Settings) -> None:
    """The data folder itself is open: BI passes through it to `published`. Landing and work are not."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)


def _demo_stamp(citizens: int | None) -> str:
    """Changes with the generator and its size, so that a new version is a new demo."""
    package = Path(synthetic.__file__).parent
    return f"{fingerprint_paths({'synthetic': package})}:{citizens}"


def _known_demo(stamp_path: Path, stamp: str) -> list[Registered]:
    """What the stamp remembers, where it was made by this generator and is still in landing."""
    if not stamp_path.exists():
        return []
    content = json.loads(stamp_path.read_text())
    known = [Registered(**{**one, "already_there": True}) for one in content["deliveries"]]
    landing = stamp_path.parent
    there = all(
        any((landing / one.municipality_id).glob(f"*/{one.delivery_id}/delivery.json"))
        for one in known
    )
    return known if content["stamp"] == stamp and there else []


def contract_of(settings: Settings, system_id: str) -> SystemContract:
    """The contract of a system of this field; UsageError naming the known ones otherwise."""
    load_checked_registry(settings.seeds_dir).system(system_id)
    contracts = load_contracts(settings.contract_dirs)
    if system_id not in contracts:
        folders = ", ".join(str(folder) for folder in settings.contract_dirs)
        raise PipelineError(
            f"system {system_id} is in registry/case_systems.csv but has no contract; "
            f"write <folder>/{system_id}/defs.yaml in one of: {folders}"
        )
    return contracts[system_id]


def _taking_part(registry: Registry, municipality_id: str) -> Municipality:
    municipality = registry.municipality(municipality_id)
    if not municipality.is_active:
        raise UsageError(
            f"municipality {municipality_id} {municipality.name} takes no part yet: set is_active "
            "to true in its row of registry/municipalities.csv"
        )
    return municipality


def _existing(files: Sequence[Path]) -> None:
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        raise UsageError(f"no such file: {', '.join(missing)}")


def municipalities_to_run(settings: Settings, chosen: Sequence[str]) -> list[Municipality]:
    """Those named, or every active municipality that has delivered something.

    Raises:
        UsageError: a municipality is unknown, takes no part, or nobody has delivered anything.
    """
    registry = load_checked_registry(settings.seeds_dir)
    if chosen:
        # named twice is meant once
        named = [_taking_part(registry, one) for one in dict.fromkeys(chosen)]
        for municipality in named:
            if not list_deliveries(settings.landing_dir, municipality.municipality_id):
                raise UsageError(
                    f"municipality {municipality.municipality_id} {municipality.name} has delivered "
                    f"nothing to {settings.landing_dir}; see `pm-pipeline deliver --help`"
                )
        return named
    found = [
        municipality
        for municipality in registry.active_municipalities
        if list_deliveries(settings.landing_dir, municipality.municipality_id)
    ]
    if not found:
        raise UsageError(
            f"nothing has been delivered to {settings.landing_dir}; register files with "
            "`pm-pipeline deliver`, or generate the demo with `pm-pipeline demo`"
        )
    return found


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
