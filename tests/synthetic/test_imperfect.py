"""What is planted: every pattern, in cases of its own, told by file and line, the same each time."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from pm_pipeline.errors import UsageError
from pm_pipeline.synthetic import NO_FAULTS, generate
from pm_pipeline.synthetic.imperfect import LOG_RULES, PLANTERS, SIZES, Planted, plant
from pm_pipeline.synthetic.imperfect.sheets import ENCODINGS, Deliveries, Place

SEED = 5
SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "detectors"


def deliver(folder: Path) -> Path:
    for number, (system, size) in enumerate(SIZES.items()):
        generate("903", system, folder / system, seed=SEED + number, n_citizens=size, faults=NO_FAULTS)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.csv"))
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = deliver(tmp_path_factory.mktemp("clean"))
    assert plant(folder, SEED, ()) == {}
    return folder


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Planted]]:
    folder = deliver(tmp_path_factory.mktemp("spoilt"))
    return folder, plant(folder, SEED)


def test_every_pattern_that_the_product_knows_has_a_planter() -> None:
    with (SEEDS / "quality_patterns.csv").open(encoding="utf-8", newline="") as file:
        patterns = {row["pattern_id"] for row in csv.DictReader(file)}
    assert set(PLANTERS) == patterns


def test_every_rule_on_the_log_that_is_shipped_has_a_planter() -> None:
    path = SEEDS.parent / "seeds" / "quality" / "log_rules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        assert set(LOG_RULES) == {row["rule_id"] for row in csv.DictReader(file)}


def test_each_pattern_is_planted_and_told(spoilt: tuple[Path, dict[str, Planted]]) -> None:
    _, planted = spoilt
    assert {pattern_id for pattern_id, one in planted.items() if not one} == set()


def test_no_row_and_no_case_serves_two_patterns(spoilt: tuple[Path, dict[str, Planted]]) -> None:
    _, planted = spoilt
    rows = Counter(row for one in planted.values() for row in one.rows)
    cases = Counter(case for one in planted.values() for case in one.cases)
    assert max(rows.values()) == max(cases.values()) == 1


def test_a_row_is_told_by_the_line_it_begins_on(spoilt: tuple[Path, dict[str, Planted]]) -> None:
    folder, planted = spoilt
    for place in planted["polluted_label"].rows:
        path = folder / place.system_id / place.delivered_on / place.file
        line = path.read_text(ENCODINGS["momentum"]).split("\n")[place.line - 1]
        assert " sag " in line
    assert isinstance(next(iter(planted["zero_time"].rows)), Place)


def test_the_same_seed_plants_the_same_bytes(
    clean: Path, spoilt: tuple[Path, dict[str, Planted]], tmp_path: Path
) -> None:
    folder, planted = spoilt
    again = deliver(tmp_path)
    as_generated = files(again)
    assert plant(again, SEED) == planted
    assert files(again) == files(folder)
    assert len({str(one) for one in (as_generated, files(clean), files(again))}) == 3


def test_what_is_read_and_written_without_a_plant_is_the_same_file(clean: Path) -> None:
    before = files(clean)
    for system in ENCODINGS:
        Deliveries(clean / system, system).write()
    assert files(clean) == before


def test_one_pattern_alone_leaves_every_other_row_as_it_was(
    clean: Path, tmp_path: Path
) -> None:
    folder = deliver(tmp_path)
    planted = plant(folder, SEED, ["zero_time"])["zero_time"]
    changed = {
        (name, number)
        for name, content in files(folder).items()
        for number, (now, before) in enumerate(
            zip(content.split(b"\n"), files(clean)[name].split(b"\n"), strict=True), start=1)
        if now != before
    }
    lines = {(f"{row.system_id}/{row.delivered_on}/{row.file}", row.line) for row in planted.rows}
    assert changed <= lines and len(changed) > 100


def test_rules_about_a_law_that_the_deliveries_do_not_reach_are_refused(tmp_path: Path) -> None:
    folder = deliver(tmp_path)
    for rule_id in ("FL26_TALK_PARTY", "KH26_TALK_DAY"):
        with pytest.raises(UsageError, match=r"20260701: expected \d+ free cases that fit, found 0"):
            plant(folder, SEED, [rule_id])


def test_a_pattern_nobody_knows_and_a_town_too_small_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no planter for ghosts"):
        plant(tmp_path, SEED, ["ghosts"])
    with pytest.raises(UsageError, match="expected deliveries of fasit"):
        plant(tmp_path, SEED)
    for system in ENCODINGS:
        generate("903", system, tmp_path / system, seed=1, n_citizens=20, faults=NO_FAULTS)
    with pytest.raises(UsageError, match="make the municipality larger"):
        plant(tmp_path, SEED)
