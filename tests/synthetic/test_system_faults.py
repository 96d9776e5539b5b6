"""What a new version of a system and a bad delivery do to the files, and to nothing else."""

import csv
from datetime import date
from pathlib import Path

from pm_pipeline.registry import load_registry
from pm_pipeline.settings import get_settings
from pm_pipeline.synthetic import Faults, demo_plan, generate

RELEASED_ON = date(2024, 2, 6)


def rows_of(folder: Path, pattern: str, encoding: str) -> list[dict[str, str]]:
    """The rows of every delivery, the first before the second."""
    found = []
    for path in sorted(folder.glob(pattern)):
        with path.open(encoding=encoding, newline="") as file:
            found += [
                row | {"delivery": path.parent.name} for row in csv.DictReader(file, delimiter=";")
            ]
    return found


def test_from_the_day_of_the_release_talks_have_no_unit_and_nothing_else_is_otherwise(
    tmp_path: Path,
) -> None:
    for name, faults in (("sound", Faults()), ("released", Faults(unit_lost_from=RELEASED_ON))):
        generate("901", "momentum", tmp_path / name, seed=3, n_citizens=120, faults=faults)
    sound, released = (
        rows_of(tmp_path / name, "*/contacts_*.csv", "utf-8-sig") for name in ("sound", "released")
    )
    assert [row | {"teamId": ""} for row in released] == [row | {"teamId": ""} for row in sound]
    for row, before in zip(released, sound, strict=True):
        is_later = row["registeredAt"] >= RELEASED_ON.isoformat()
        assert row["teamId"] == ("" if is_later else before["teamId"])
    assert {row["registeredAt"] >= RELEASED_ON.isoformat() for row in released} == {True, False}
    # a talk of before that was written down after it has lost its unit too: that parts it from a law
    assert any(
        not row["teamId"] and row["bookedAt"] and row["bookedAt"] < RELEASED_ON.isoformat()
        for row in released
    )


def test_every_row_of_the_bad_delivery_is_without_a_unit_whatever_its_day(tmp_path: Path) -> None:
    for name, faults in (("sound", Faults()), ("bad", Faults(unit_lost_in_second=True))):
        generate("903", "fasit", tmp_path / name, seed=3, n_citizens=60, faults=faults)
    sound, bad = (
        rows_of(tmp_path / name, "*/fasit_haendelser_*.csv", "cp1252") for name in ("sound", "bad")
    )
    assert [row | {"Enhed": ""} for row in bad] == [row | {"Enhed": ""} for row in sound]
    first, second = sorted({row["delivery"] for row in bad})
    assert {row["Enhed"] for row in bad if row["delivery"] == second} == {""}
    assert [row for row in bad if row["delivery"] == first] == [
        row for row in sound if row["delivery"] == first
    ]


def test_the_release_of_the_demo_is_in_the_register_on_the_day_it_shows() -> None:
    (release,) = load_registry(get_settings().seeds_dir).releases
    planned = {one.municipality_id: one for one in demo_plan()}
    assert release.municipality_id is not None
    town = planned[release.municipality_id]
    assert (town.system, town.faults.unit_lost_from) == (release.system_id, release.released_on)
    assert release.notes is not None and release.notes.startswith("MADE UP")
    # one town has the release, another the bad delivery: each is seen alone
    assert [one.municipality_id for one in planned.values() if one.faults.unit_lost_from] == [
        release.municipality_id
    ]
    assert [one.municipality_id for one in planned.values() if one.faults.unit_lost_in_second]
