"""Towns on the real road, delivered by two systems, with what is wrong in them."""

import csv
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

from pm_pipeline import warehouse
from pm_pipeline.components.freshness import known_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import register_delivery
from pm_pipeline.ingest.loading.all_deliveries import load_deliveries
from pm_pipeline.ingest.values.pseudonymise import Keyring, Pseudonymiser
from pm_pipeline.quality.judging.results import RuleResult
from pm_pipeline.quality.judging.runner import run_suites
from pm_pipeline.registry import load_registry
from pm_pipeline.settings import Settings
from pm_pipeline.synthetic import NO_FAULTS, generate
from pm_pipeline.synthetic.behaviour import SHORT, Span
from pm_pipeline.synthetic.imperfect import SIZES, Planted, plant
from pm_pipeline.synthetic.imperfect.law import OWN_CODES
from pm_pipeline.transform.build import build_warehouse
from tests.quality.clean_facts import EXPECTATIONS, REPOSITORY

MUNICIPALITY = "903"
SEED = 20903



@dataclass(frozen=True)
class ImperfectTown:
    """A municipality as built and judged; ``planted`` is empty in the clean one."""

    settings: Settings
    planted: Mapping[str, Planted]
    results: tuple[RuleResult, ...]

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with warehouse.connect(self.settings.warehouse_path(MUNICIPALITY)) as connection:
            return connection.execute(sql).fetchall()

    def has(self, table: str) -> bool:
        return bool(self.ask(f"select 1 from duckdb_tables() where table_name = '{table}'"))

    @property
    def pseudonyms(self) -> Pseudonymiser:
        return Keyring(self.settings.key_dir).pseudonymiser(MUNICIPALITY, create=False)

    def case_ids(self, planted: Planted) -> set[object]:
        """The ids that the warehouse gives the planted cases."""
        domains = {"fasit": "case", "momentum": "record"}
        return {
            md5("|".join((
                MUNICIPALITY, system, "course", self.pseudonyms.pseudonym(domains[system], case_ref),
            )).encode()).hexdigest()
            for system, case_ref in planted.cases
        }


def shared_by_towns(shared: Path) -> Path:
    """The shipped field of work, with the municipality's own codes in the mapping."""
    (shared / "dbt").mkdir(parents=True)
    folder = shared / "field"
    seeds = REPOSITORY / "dbt_project" / "seeds"
    shutil.copytree(seeds, folder / "seeds")
    shipped = REPOSITORY / "pm_pipeline" / "defs" / "ingest" / "fasit"
    shutil.copytree(shipped, folder / "contracts" / "fasit")
    mappings = folder / "seeds" / "mapping" / "activity_mappings.csv"
    with mappings.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, (code, activity, first, end) in enumerate(OWN_CODES, start=1):
            writer.writerow((
                f"OWN-{number}", "momentum", MUNICIPALITY, "tasks", code, activity, first, end,
                "CONTACT-2024", "",
            ))
    return shared


def town(
    folder: Path, shared: Path, planted: Iterable[str], *, span: Span = SHORT,
    sizes: Mapping[str, int] = SIZES,
) -> ImperfectTown:
    """Deliver, load, build and judge, with what ``planted`` names.

    ``shared``: one field of work, key and parsed project for all towns.
    """
    settings = Settings(data_dir=folder / "data", key_dir=shared / "keys", field_dir=shared / "field")
    settings.data_dir.mkdir(parents=True)
    settings.dbt_dir.symlink_to(shared / "dbt", target_is_directory=True)
    for number, (system, size) in enumerate(sizes.items()):
        generate(MUNICIPALITY, system, folder / "export" / system, seed=SEED + number,
                 n_citizens=size, span=span, faults=NO_FAULTS)
    truth = plant(folder / "export", SEED, planted)
    contracts, lake_dir = known_contracts(settings), settings.lake_dir(MUNICIPALITY)
    ensure_empty_tables(contracts.values(), lake_dir)
    for system in sizes:
        deliveries = [
            register_delivery(
                settings.landing_dir, MUNICIPALITY, contracts[system].latest, day,
                sorted((folder / "export" / system / day.isoformat()).iterdir()))
            for day in span.exports
        ]
        loads = load_deliveries(deliveries, contracts[system], lake_dir, settings.key_dir)
        assert loads.refused == [], loads.refused
    build_warehouse(settings, MUNICIPALITY, "core")
    registry = load_registry(settings.seeds_dir)
    with warehouse.connect(settings.warehouse_path(MUNICIPALITY)) as connection:
        report = run_suites(
            connection, MUNICIPALITY, registry, EXPECTATIONS,
            settings.quality_dir(MUNICIPALITY) / "rule_results.parquet", span.exports[-1])
    return ImperfectTown(settings, truth, report.results)


