"""Which state the lake of a municipality is in, and whether it is the one that landing asks for."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake.files import empty_tables, is_empty_table, loaded_markers
from pm_pipeline.ingest.landing.deliveries import Delivery
from pm_pipeline.ingest.loading.load import is_loaded
from pm_pipeline.ingest.loading.mutability import is_of_today


def lake_state(contracts: Mapping[str, SystemContract], lake_dir: Path) -> str:
    """A hash (64 hex) of what the lake holds: deliveries, how and by which key they were read"""
    digest = hashlib.sha256()
    for marker in loaded_markers(lake_dir):
        content = hashlib.sha256(marker.read_bytes()).hexdigest()
        digest.update(f"{marker.name}\0{content}\0".encode())
    for path, schema in sorted(empty_tables(contracts.values(), lake_dir).items()):
        types = [(field.name, str(field.type)) for field in schema]
        digest.update(f"{path.relative_to(lake_dir)}\0{types!r}\0".encode())
    return digest.hexdigest()


def follows_landing(
    deliveries: Sequence[Delivery], contracts: Mapping[str, SystemContract], lake_dir: Path
) -> bool:
    """Whether loading would change nothing: all that was delivered is in the lake, and nothing else.

    A delivery in quarantine is not in the lake; whether it may enter now, only loading can tell.
    """
    known = [one for one in deliveries if one.system in contracts]
    markers = {f"{one.system}__{one.delivery_id}.parquet" for one in known}
    return (
        {marker.name for marker in loaded_markers(lake_dir)} == markers
        and all(is_loaded(one, contracts[one.system], lake_dir) for one in known)
        and all(is_of_today(lake_dir, system) for system in {one.system for one in known})
        and all(
            is_empty_table(path, schema)
            for path, schema in empty_tables(contracts.values(), lake_dir).items()
        )
    )
