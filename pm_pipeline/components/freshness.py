"""Whether what is published still rests on today's deliveries, law, code and settings."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pm_pipeline.ingest.contract.versions import SystemContract, load_contracts
from pm_pipeline.ingest.landing.deliveries import Delivery, list_deliveries
from pm_pipeline.ingest.loading.all_deliveries import refusal_of
from pm_pipeline.ingest.loading.load import reader_fingerprint
from pm_pipeline.publish.receipts import (
    DeliveryReceipt,
    fingerprint_paths,
    input_fingerprint,
    read_receipt,
)
from pm_pipeline.settings import Settings


@lru_cache(maxsize=4)
def known_contracts(settings: Settings) -> dict[str, SystemContract]:
    """Every contract the code knows, a field's own in place of the shipped one."""
    return load_contracts(settings.contract_dirs)


@lru_cache(maxsize=4)
def replaced_systems(settings: Settings) -> frozenset[str]:
    """The systems whose shipped contract another field replaces by its own, even by an equal one."""
    return frozenset(load_contracts(settings.contract_dirs[1:])) if settings.field_dir else frozenset()


@lru_cache(maxsize=4)
def code_fingerprint(settings: Settings) -> str:
    """Fingerprint of everything but the deliveries: code, law, contracts, rules, library versions.

    Read once per process, so that a run tells the state it began with; see :func:`forget_code`.
    """
    project = settings.project_dir
    return fingerprint_paths({
        "dbt/detectors": settings.dbt_project_dir / "detectors",
        "dbt/macros": settings.dbt_project_dir / "macros",
        "dbt/models": settings.dbt_project_dir / "models",
        "dbt/tests": settings.dbt_project_dir / "tests",
        "dbt/project": settings.dbt_project_dir / "dbt_project.yml",
        "dbt/profiles": settings.dbt_project_dir / "profiles.yml",
        "expectations": settings.expectations_dir,
        "libraries": project / "constraints.txt",
        "package": project / "pm_pipeline",
        "seeds": settings.seeds_dir,
        **{f"contracts{number}": path for number, path in enumerate(settings.contract_dirs)},
    })


@lru_cache(maxsize=4)
def law_fingerprint(settings: Settings) -> str:
    """Fingerprint of the seeds alone: which state of the law the figures were made under."""
    return fingerprint_paths({"seeds": settings.seeds_dir})


def forget_code() -> None:
    """Look at the files again at the next question: for processes that outlive an edit."""
    code_fingerprint.cache_clear()
    law_fingerprint.cache_clear()
    known_contracts.cache_clear()
    replaced_systems.cache_clear()
    reader_fingerprint.cache_clear()


def fingerprint_of(
    settings: Settings, deliveries: Iterable[DeliveryReceipt], code: str | None = None
) -> str:
    """What a publication of these deliveries rests on, as one hash.

    ``code``: the fingerprint a warehouse was built with; today's where it is not given.
    """
    return input_fingerprint(
        deliveries,
        {},
        {
            "code": code or code_fingerprint(settings),
            "keep_judgements_days": settings.keep_judgements_days,
            "max_unmapped_percent": settings.max_unmapped_percent,
            "min_group_size": settings.min_group_size,
        },
    )


def delivered(settings: Settings, municipality_id: str) -> tuple[DeliveryReceipt, ...]:
    """What lies in landing for this municipality and counts, as receipts.

    What is withdrawn or in quarantine does not; a mended contract changes the code's fingerprint, and
    so brings a delivery out of quarantine.
    """
    contracts = known_contracts(settings)
    lake_dir = settings.lake_dir(municipality_id)
    return tuple(
        DeliveryReceipt(
            system_id=delivery.system,
            delivery_id=delivery.delivery_id,
            contract_version=contracts[delivery.system].at(delivery.delivered_on).version,
            sha256s=tuple(sorted(file.sha256 for file in delivery.files)),
        )
        for delivery in list_deliveries(settings.landing_dir, municipality_id)
        if delivery.system in contracts and not _is_quarantined(lake_dir, delivery)
    )


def _is_quarantined(lake_dir: Path, delivery: Delivery) -> bool:
    refused = refusal_of(lake_dir, delivery)
    return refused is not None and refused.is_quarantined


def is_up_to_date(settings: Settings, municipality_id: str) -> bool:
    """True when the publication was made from exactly today's inputs."""
    published_dir = settings.published_dir(municipality_id)
    receipt = read_receipt(published_dir)
    if receipt is None or not (published_dir / "published.duckdb").exists():
        return False
    now = fingerprint_of(settings, delivered(settings, municipality_id))
    return receipt.input_fingerprint == now
