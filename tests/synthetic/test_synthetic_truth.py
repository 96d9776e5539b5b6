"""What holds for every synthetic municipality, whatever its system."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from synthetic_town import Town

from pm_pipeline.errors import UsageError
from pm_pipeline.synthetic import demo_plan, generate, is_impossible_cpr
from pm_pipeline.synthetic.behaviour import SHORT, SYSTEMS, DemoMunicipality
from pm_pipeline.synthetic.truth import NO_REGIME

Towns = tuple[Town, Town, Town]


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(
    system: str, tmp_path: Path
) -> None:
    for name, seed in (("one", 11), ("two", 11), ("other", 12)):
        generate("901", system, tmp_path / name, seed=seed, n_citizens=25)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert not set(digests(tmp_path / "one").items()) & set(digests(tmp_path / "other").items())


def test_a_town_grows_without_changing_the_citizens_it_had(tmp_path: Path) -> None:
    small = generate("901", "fasit", tmp_path / "small", seed=1, n_citizens=10)
    large = generate("901", "fasit", tmp_path / "large", seed=1, n_citizens=20)
    assert large.cases[: len(small.cases)] == small.cases


def test_there_are_two_deliveries_and_the_truth_is_beside_them(towns: Towns) -> None:
    for town in towns:
        assert {path.name for path in town.folder.iterdir()} == {
            *(day.isoformat() for day in town.truth.delivered_on), "truth.json"}
        listed = {file.path for file in town.truth.files}
        found = set(digests(town.folder)) - {"truth.json"}
        assert listed == found


def test_truth_can_be_read_back_as_json(towns: Towns) -> None:
    for town in towns:
        read = json.loads((town.folder / "truth.json").read_text("utf-8"))
        assert read["n_events"] == town.truth.n_events
        assert read["cases"][0]["registered_on"] == town.truth.cases[0].registered_on.isoformat()
        assert read["cases"][0]["citizen_cpr"] == town.truth.cases[0].citizen_cpr


def test_counts_of_the_truth_agree_with_each_other(towns: Towns) -> None:
    for town in towns:
        truth = town.truth
        cases = Counter((case.process_id, case.regime_id or NO_REGIME) for case in truth.cases)
        told = {(p, r): n for p, regimes in truth.n_cases.items() for r, n in regimes.items()}
        assert told == cases
        assert sum(truth.events_per_activity.values()) == truth.n_events
        in_cases = sum(case.n_events for case in truth.cases)
        # only Momentum does not say to which case an act before its begin belongs
        assert in_cases < truth.n_events if truth.system == "momentum" else in_cases == truth.n_events
        assert sum(case.caseworker_changes for case in truth.cases) == (
            truth.events_per_activity["SAGSBEHANDLERSKIFTE"])
        assert len({case.case_ref for case in truth.cases}) == len(truth.cases)
        per_citizen = Counter(case.citizen_cpr for case in truth.cases)
        assert len(per_citizen) == truth.n_citizens
        assert sum(n > 1 for n in per_citizen.values()) == truth.n_citizens_with_two_cases
        faults = Counter((reject.path, reject.row_kept) for reject in truth.rejected)
        for file in truth.files:
            assert file.rejected == faults[file.path, False]
            assert file.values_rejected == faults[file.path, True]
        assert sum(truth.rows_without_time.values()) > 0


def test_loaded_rows_are_the_current_ones_and_the_superseded_ones(towns: Towns) -> None:
    for town in towns:
        loaded: Counter[str] = Counter()
        for file in town.truth.files:
            loaded[file.table] += file.rows - file.rejected - file.exact_duplicates
        assert loaded == {
            table: n + town.truth.superseded.get(table, 0)
            for table, n in town.truth.rows_after_processing.items()
        }


def test_planted_numbers_are_all_impossible_as_real_ones(towns: Towns) -> None:
    for town in towns:
        cprs = town.truth.canaries.cprs
        assert len(cprs) > town.truth.n_citizens, "relatives are planted in notes too"
        assert all(is_impossible_cpr(cpr, date(2026, 1, 1)) for cpr in cprs)


def test_the_demo_has_five_fictional_municipalities_of_three_systems() -> None:
    plan = demo_plan()
    assert [town.municipality_id for town in plan] == ["901", "902", "903", "904", "905"]
    assert [town.system for town in plan] == [
        "momentum", "momentum", "fasit", "fasit", "event_log"]
    assert len({town.seed for town in plan}) == 5
    assert len({town.behaviour for town in plan}) > 1, "some municipalities work differently"
    assert all(250 <= town.n_citizens <= 400 for town in plan)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"system": "ky"}, "system must be one of momentum, fasit, event_log, found 'ky'"),
        ({"n_citizens": 0}, "n_citizens must be at least 1, found 0"),
        ({"span": replace(SHORT, last_day=date(2025, 8, 1))}, "first_day <= last_day < second export"),
        ({"span": replace(SHORT, exports=SHORT.exports[::-1])}, "first export < second export"),
        (
            {"span": replace(SHORT, exports=(date(2041, 1, 1), date(2041, 4, 1)))},
            "scheme of impossible CPR numbers",
        ),
    ],
)
def test_a_wrong_call_says_what_was_expected_and_writes_nothing(
    change: dict[str, object], words: str, tmp_path: Path
) -> None:
    call: dict[str, object] = {"system": "fasit", "seed": 1, "n_citizens": 5} | change
    with pytest.raises(UsageError, match=words):
        generate("901", out_dir=tmp_path, **call)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_plan_with_an_unknown_system_is_refused() -> None:
    with pytest.raises(UsageError, match="system must be one of"):
        DemoMunicipality("999", "Ingensteds", "ky", 1, 10)
