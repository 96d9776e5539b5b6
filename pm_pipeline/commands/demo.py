"""Deliveries of municipalities that do not exist, in landing."""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from pm_pipeline import synthetic
from pm_pipeline.commands.deliver import register_checked
from pm_pipeline.commands.known import contract_of, make_data_dir
from pm_pipeline.errors import UsageError
from pm_pipeline.ingest.private_files import make_private_dir
from pm_pipeline.publish.receipts import fingerprint_paths
from pm_pipeline.settings import Settings
from pm_pipeline.synthetic import demo_plan, generate_planned


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
    make_data_dir(settings)
    for planned in demo_plan():
        if citizens is not None:
            planned = replace(planned, n_citizens=citizens)
        contract = contract_of(settings, planned.system)
        make_private_dir(settings.landing_dir)
        with TemporaryDirectory(prefix=".demo-", dir=settings.landing_dir) as folder:
            generate_planned(planned, Path(folder))
            for day in sorted(path for path in Path(folder).iterdir() if path.is_dir()):
                exported = datetime.combine(date.fromisoformat(day.name), time(6)).timestamp()
                for path in day.iterdir():
                    # as old as it claims to be: a file just written is looked at twice at the door
                    os.utime(path, (exported, exported))
                delivery = register_checked(
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
