"""A small town whose cases are made by hand: every count of a dry run can be told beforehand.

All are job-ready (6.2). Registered in February 2025: eight have their first talk on day 5 and four in
all, six on day 10 and four in all, five on day 20 and two in all. In August 2026: five, one on day 5.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from pm_pipeline.components.freshness import code_fingerprint, known_contracts
from pm_pipeline.ingest.contract.versions import load_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import list_deliveries, register_delivery
from pm_pipeline.ingest.loading.all_deliveries import load_deliveries
from pm_pipeline.ingest.loading.state import lake_state
from pm_pipeline.mining.comparison.line import ComparedLine, write_rows
from pm_pipeline.mining.conformance.deviations import DeviationRow
from pm_pipeline.mining.constraints.report import ConstraintRow
from pm_pipeline.mining.initiatives.effect import write_effects
from pm_pipeline.mining.report import MiningReport, write_table, write_tables
from pm_pipeline.mining.whatif.report import WhatIfRow
from pm_pipeline.quality.drift.results import write_drift_points
from pm_pipeline.quality.effects.comparison import write_comparisons
from pm_pipeline.quality.judging.history import SCHEMA
from pm_pipeline.quality.judging.results import write_results
from pm_pipeline.settings import Settings
from pm_pipeline.transform.build import build_warehouse
from pm_pipeline.transform.one_piece import BuiltFrom

TOWN = "903"
DATA_OF = date(2026, 11, 2)
OLD, NEW = date(2025, 2, 3), date(2026, 8, 3)
#: (registered, days of the talks after it, how many such cases).
GROUPS = (
    (OLD, (5, 35, 65, 95), 8), (OLD, (10, 40, 70, 100), 6), (OLD, (20, 50), 5), (NEW, (5,), 5),
)
_HEADER = (
    "Løbenr", "CPR-nr", "Sagsnr", "Målgruppe", "Tilmeldt", "Afmeldt", "Hændelse", "Hændelsesdato",
    "Klokkeslæt", "Registreret", "Form", "Ansvarlig", "Sagsbehandler", "Enhed", "Notat", "Navn",
)


def _acts() -> Iterator[tuple[str, ...]]:
    case = number = 0
    for registered, days, n_cases in GROUPS:
        for _ in range(n_cases):
            case += 1
            acts = [("Første henvendelse", 0), *(("Jobsamtale", day) for day in days)]
            for act, day in acts:
                number += 1
                on = f"{registered + timedelta(days=day):%d-%m-%Y}"
                yield (
                    str(number), f"6101801{case:03d}", f"S{case}", "6.2", f"{registered:%d-%m-%Y}", "",
                    act, on, "09:00", f"{on} 15:00", "", "Kommune", "Kim Person", "E1", "", "",
                )


def build_town(settings: Settings, folder: Path) -> None:
    """Load and build the town under the seeds of ``settings``; no suite is run, nothing is mined."""
    contracts = load_contracts(settings.contract_dirs)
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([_HEADER, *_acts()])
    folder.mkdir(parents=True)
    path = folder / f"fasit_{DATA_OF}.csv"
    path.write_bytes(text.getvalue().encode("cp1252"))
    register_delivery(settings.landing_dir, TOWN, contracts["fasit"].latest, DATA_OF, [path])
    lake_dir = settings.lake_dir(TOWN)
    ensure_empty_tables(contracts.values(), lake_dir)
    loads = load_deliveries(
        list_deliveries(settings.landing_dir, TOWN), contracts["fasit"], lake_dir, settings.key_dir
    )
    assert loads.refused == []
    build_stages(settings)


def build_stages(settings: Settings) -> None:
    """The warehouse, stamped with the code it was built from as a run stamps it."""
    built_from = BuiltFrom(
        lake_state=lake_state(known_contracts(settings), settings.lake_dir(TOWN)),
        code=code_fingerprint(settings),
    )
    build_warehouse(settings, TOWN, "core", built_from=built_from)
    results = settings.quality_dir(TOWN) / "rule_results.parquet"
    write_results([], results)
    pq.write_table(SCHEMA.empty_table(), results.with_name("rule_history.parquet"))
    write_comparisons([], settings.quality_dir(TOWN) / "change_comparisons.parquet")
    write_drift_points([], settings.quality_dir(TOWN) / "drift_points.parquet")
    mining_dir = settings.mining_dir(TOWN)
    mining_dir.mkdir(exist_ok=True)
    write_tables(MiningReport(TOWN, (), (), (), frozenset()), mining_dir)
    write_table(DeviationRow, [], mining_dir / "deviations.parquet")
    write_table(ConstraintRow, [], mining_dir / "declare_constraints.parquet")
    write_effects([], mining_dir / "initiative_effects.parquet")
    write_table(WhatIfRow, [], mining_dir / "what_if_answers.parquet")
    write_rows(ComparedLine, [], mining_dir / "group_comparisons.parquet")
    build_warehouse(settings, TOWN, "marts", built_from=built_from)
