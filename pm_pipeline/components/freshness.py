"""Whether what is published still rests on today's deliveries, law, code and settings."""

from collections.abc import Iterable
from functools import lru_cache

from pm_pipeline.ingest.contract import Contract, load_contracts
from pm_pipeline.ingest.landing import list_deliveries
from pm_pipeline.publish.receipts import (
    DeliveryReceipt,
    fingerprint_paths,
    input_fingerprint,
    read_receipt,
)
from pm_pipeline.settings import Settings


@lru_cache(maxsize=4)
def known_contracts(settings: Settings) -> dict[str, Contract]:
    """Every contract the code knows, a field's own in place of the shipped one."""
    return load_contracts(settings.contract_dirs)


@lru_cache(maxsize=4)
def _code(settings: Settings) -> str:
    """Fingerprint of everything but the deliveries: read once, so that a run tells what it used."""
    return fingerprint_paths({
        "dbt/macros": settings.dbt_project_dir / "macros",
        "dbt/models": settings.dbt_project_dir / "models",
        "dbt/project": settings.dbt_project_dir / "dbt_project.yml",
        "expectations": settings.expectations_dir,
        "package": settings.project_dir / "pm_pipeline",
        "seeds": settings.seeds_dir,
        **{f"contracts{number}": path for number, path in enumerate(settings.contract_dirs)},
    })


@lru_cache(maxsize=4)
def law_fingerprint(settings: Settings) -> str:
    """Fingerprint of the seeds alone: which state of the law the figures were made under."""
    return fingerprint_paths({"seeds": settings.seeds_dir})


def fingerprint_of(settings: Settings, deliveries: Iterable[DeliveryReceipt]) -> str:
    """What a publication of these deliveries rests on, as one hash."""
    return input_fingerprint(
        deliveries,
        {},
        {
            "code": _code(settings),
            "min_group_size": settings.min_group_size,
            "noise_threshold": settings.noise_threshold,
        },
    )


def delivered(settings: Settings, municipality_id: str) -> tuple[DeliveryReceipt, ...]:
    """What lies in landing for this municipality, as receipts."""
    contracts = known_contracts(settings)
    return tuple(
        DeliveryReceipt(
            system_id=delivery.system,
            delivery_id=delivery.delivery_id,
            contract_version=contracts[delivery.system].version,
            sha256s=tuple(sorted(file.sha256 for file in delivery.files)),
        )
        for delivery in list_deliveries(settings.landing_dir, municipality_id)
        if delivery.system in contracts
    )


def is_up_to_date(settings: Settings, municipality_id: str) -> bool:
    """True when the publication was made from exactly today's inputs."""
    published_dir = settings.published_dir(municipality_id)
    receipt = read_receipt(published_dir)
    if receipt is None or not (published_dir / "published.duckdb").exists():
        return False
    now = fingerprint_of(settings, delivered(settings, municipality_id))
    return receipt.input_fingerprint == now
