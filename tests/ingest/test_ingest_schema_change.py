"""A delivery whose columns are others than agreed: refused, read by another version, or set aside."""

from datetime import date
from pathlib import Path

import pytest
from ingest_files import HEADER, SMALL, Town, csv_text, row

from pm_pipeline.ingest.contract.versions import SystemContract, load_system
from pm_pipeline.ingest.landing.deliveries import list_deliveries, register_delivery
from pm_pipeline.ingest.loading.all_deliveries import Loads, load_deliveries, refusal_of
from pm_pipeline.ingest.loading.validation import validate_files
from pm_pipeline.ingest.rejects.reasons import Refusal

ROWS = [row(n) for n in range(1, 6)]
NEW_HEADER = HEADER.replace("Hændelse", "Aktivitetstype")


def _system(folder: Path, policy: str, *, with_new: bool = True) -> SystemContract:
    """Version 1 from 2020; version 2 from February 2026, in which a column has a new name."""
    folder.mkdir(exist_ok=True)
    old = SMALL.replace("  tables:", f"  on_schema_change: {policy}\n  tables:", 1)
    new = old.replace('version: "1"', 'version: "2"').replace("2020-01-01", "2026-02-01").replace(
        "Hændelse, aliases: [Aktivitet]", "Aktivitetstype"
    )
    (folder / "defs.yaml").write_text(old, encoding="utf-8")
    if with_new:
        (folder / "2026-02.yaml").write_text(new, encoding="utf-8")
    return load_system(folder)


def _load(town: Town, system: SystemContract) -> Loads:
    deliveries = list_deliveries(town.landing, "901", "small")
    return load_deliveries(deliveries, system, town.lake, town.keys)


def test_a_vendor_that_switched_early_is_refused_with_the_difference(town: Town) -> None:
    system = _system(town.root / "c", "fail")
    early = town.file("events.csv", csv_text(ROWS, NEW_HEADER))
    report = validate_files(system, [early], delivered_on=date(2026, 1, 10))
    (problem,) = report.problems
    assert problem.code is Refusal.HEADER_MISMATCH and "'Hændelse'" in problem.what
    assert not report.is_quarantined and not report.is_ok


def test_a_vendor_that_switched_early_is_read_by_the_version_that_fits(town: Town) -> None:
    system = _system(town.root / "c", "new_version")
    early = town.file("events.csv", csv_text(ROWS, NEW_HEADER))
    report = validate_files(system, [early], delivered_on=date(2026, 1, 10))
    assert report.contract_version == "2"
    town.register(system.versions[1], early, day=2)
    town.register(system.versions[0], town.file("events_1.csv", csv_text(ROWS[:2])), day=1)
    loads = _load(town, system)
    assert loads.refused == []
    assert [(one.contract_version, one.rows_loaded) for one in loads.reports] == [("1", 2), ("2", 5)]
    assert {one["activity"] for one in town.rows("small", "events")} == {"Samtale"}


def test_where_no_version_fits_every_difference_is_told(town: Town) -> None:
    system = _system(town.root / "c", "new_version")
    file = town.file("events.csv", csv_text(ROWS, HEADER.replace("Hændelse", "Noget")))
    town.register(system.versions[0], file)
    (refused,) = _load(town, system).failures
    assert "version 1:" in refused.message and "version 2:" in refused.message


def test_a_quarantined_delivery_holds_up_nothing_and_loads_when_a_version_fits(town: Town) -> None:
    system = _system(town.root / "c", "quarantine", with_new=False)
    town.register(system.latest, town.file("events_1.csv", csv_text(ROWS[:2])), day=1)
    late = town.file("events_2.csv", csv_text(ROWS, NEW_HEADER))
    report = validate_files(system, [late])
    assert report.is_quarantined and not report.is_ok
    town.register(system.latest, late, day=5)
    loads = _load(town, system)
    assert (loads.failures, len(loads.reports)) == ([], 1)
    waiting = list_deliveries(town.landing, "901")[1]
    refused = refusal_of(town.lake, waiting)
    assert refused is not None and refused.is_quarantined
    assert refused.code is Refusal.HEADER_MISMATCH
    # the maintainer writes the version, with a valid_from that covers the delivery
    text = (town.root / "c" / "defs.yaml").read_text(encoding="utf-8")
    (town.root / "c" / "new.yaml").write_text(
        text.replace('version: "1"', 'version: "2"').replace("2020-01-01", "2026-01-03").replace(
            "Hændelse, aliases: [Aktivitet]", "Aktivitetstype"
        ), encoding="utf-8",
    )
    loads = _load(town, load_system(town.root / "c"))
    assert [one.contract_version for one in loads.reports] == ["1", "2"]
    assert refusal_of(town.lake, waiting) is None


def test_a_loaded_delivery_that_fits_no_more_is_a_failure_and_not_set_aside(town: Town) -> None:
    """Its rows still count: nobody may take it for one that waits."""
    system = _system(town.root / "c", "quarantine", with_new=False)
    town.register(system.latest, town.file("events.csv", csv_text(ROWS)))
    _load(town, system)
    path = town.root / "c" / "defs.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("[Aktivitet]", "[]").replace(
        "Hændelse", "Noget"
    ), encoding="utf-8")
    (refused,) = _load(town, load_system(town.root / "c")).failures
    assert refused.code is Refusal.HEADER_MISMATCH
    assert len(town.rows("small", "events")) == 5


def test_a_full_delivery_of_a_version_with_another_key_is_held_against_the_earlier_ones(
    town: Town,
) -> None:
    system = _system(town.root / "c", "fail", with_new=False)
    path = town.root / "c" / "defs.yaml"
    old = path.read_text(encoding="utf-8").replace("natural_key", "delivers: full\n      natural_key")
    new = old.replace('version: "1"', 'version: "2"').replace("2020-01-01", "2026-01-03").replace(
        "[row_id]", "[row_id, part]"
    ).replace("row_id: {", "part: {header: Del, type: code}\n        row_id: {")
    path.write_text(old, encoding="utf-8")
    (town.root / "c" / "new.yaml").write_text(new, encoding="utf-8")
    system = load_system(town.root / "c")
    town.register(system.versions[0], town.file("events_1.csv", csv_text(ROWS)), day=1)
    parts = [f"{one};A" for one in ROWS]
    town.register(
        system.versions[1], town.file("events_2.csv", csv_text(parts, f"{HEADER};Del")), day=4
    )
    town.register(
        system.versions[1], town.file("events_3.csv", csv_text(parts[:2], f"{HEADER};Del")), day=5
    )
    loads = _load(town, system)
    assert [one.contract_version for one in loads.reports] == ["1", "2"]
    assert [one.code for one in loads.refused] == [Refusal.TOO_MANY_REMOVED]


def test_what_becomes_of_a_delivery_is_said_by_the_version_of_its_own_day(town: Town) -> None:
    """A later version that refuses says nothing of what came while the earlier let it wait."""
    folder = town.root / "c"
    _system(folder, "quarantine")
    later = folder / "2026-02.yaml"
    later.write_text(later.read_text(encoding="utf-8").replace("quarantine", "fail"), encoding="utf-8")
    system = load_system(folder)
    town.register(system.versions[0], town.file("events_1.csv", csv_text(ROWS, NEW_HEADER)), day=5)
    loads = _load(town, system)
    assert [one.is_quarantined for one in loads.refused] == [True] and loads.failures == []
    day = date(2026, 2, 5)
    old = town.file("events_2.csv", csv_text(ROWS))
    register_delivery(town.landing, "901", system.versions[1], day, [old])
    assert [one.is_quarantined for one in _load(town, system).refused] == [True, False]


@pytest.mark.parametrize("header", ["Køn", "køn ", "KØN"])
def test_a_forbidden_column_keeps_the_whole_file_out(town: Town, header: str) -> None:
    folder = town.root / "c"
    folder.mkdir()
    (folder / "defs.yaml").write_text(SMALL.replace(
        "name: {header: Navn, treatment: drop}", "gender: {header: Køn, presence: forbidden}"
    ), encoding="utf-8")
    system = load_system(folder)
    assert "gender" not in system.lake_schema("events").names
    without = town.file("events.csv", csv_text(ROWS))
    assert validate_files(system, [without]).is_ok
    report = validate_files(
        system, [town.file("events.csv", csv_text(ROWS, HEADER.replace("Navn", header)))]
    )
    assert [one.code for one in report.problems] == [Refusal.FORBIDDEN_COLUMN]
    assert "Kim Borger" not in str(report.problems[0])
