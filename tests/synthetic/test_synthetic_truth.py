"""What holds for every synthetic municipality, whatever its system."""

import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from synthetic_town import Town

from pm_pipeline.errors import UsageError
from pm_pipeline.synthetic import demo_plan, generate, is_impossible_cpr
from pm_pipeline.synthetic.behaviour import SYSTEMS, DemoMunicipality

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
            "2025-04-01", "2025-07-01", "truth.json"}
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
        cases = Counter((case.process_id, case.regime_id) for case in truth.cases)
        told = {(p, r): n for p, regimes in truth.n_cases.items() for r, n in regimes.items()}
        assert told == cases
        assert sum(truth.events_per_activity.values()) == truth.n_events
        assert sum(case.n_events for case in truth.cases) == truth.n_events
        assert sum(case.caseworker_changes for case in truth.cases) == (
            truth.events_per_activity["SAGSBEHANDLERSKIFTE"])
        assert len({case.case_ref for case in truth.cases}) == len(truth.cases)
        assert len(truth.cases) == truth.n_citizens + truth.n_citizens_with_two_cases
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


def test_cohorts_lie_on_both_sides_of_the_law_of_2024_in_both_processes(towns: Towns) -> None:
    for town in towns:
        regimes = {regime for counts in town.truth.n_cases.values() for regime in counts}
        assert regimes == {
            f"{process}__{start}" for process in ("forsikrede_ledige", "kontanthjaelp")
            for start in ("20200101", "20240101")}
        for case in town.truth.cases:
            expected = "20240101" if case.registered_on >= date(2024, 1, 1) else "20200101"
            assert case.regime_id.endswith(expected)
        assert 0 < town.truth.n_open_cases < len(town.truth.cases)
        assert town.truth.n_citizens_with_two_cases > 0


def test_the_law_of_2024_changes_who_holds_the_talks(towns: Towns) -> None:
    for town in towns:
        per_regime: dict[str, Counter[str]] = {}
        for case in town.truth.cases:
            if case.process_id == "forsikrede_ledige":
                per_regime.setdefault(case.regime_id, Counter()).update(case.talks_0_3_months)
        before = per_regime["forsikrede_ledige__20200101"]
        after = per_regime["forsikrede_ledige__20240101"]
        assert before["unemployment_fund"] == 0, "the CV talk is not a jobsamtale before 2024"
        assert after["unemployment_fund"] > after["municipality"]


def test_first_talks_meet_the_deadline_mostly_and_miss_it_sometimes(towns: Towns) -> None:
    for town in towns:
        outcomes = Counter(case.first_talk for case in town.truth.cases)
        assert outcomes["late"] >= 5
        assert outcomes["met"] > 3 * outcomes["late"]
        for case in town.truth.cases:
            limit = 14 if case.process_id == "forsikrede_ledige" else 7
            assert (case.first_talk_due_on - case.registered_on).days == limit
            if case.first_talk == "met":
                assert case.first_talk_on is not None
                assert case.first_talk_on <= case.first_talk_due_on
            elif case.first_talk_on is not None:
                assert case.first_talk_on > case.first_talk_due_on


def test_some_cases_have_too_few_talks_and_some_have_enough(towns: Towns) -> None:
    for town in towns:
        full = [
            rule for case in town.truth.cases for rule in case.counted_talks
            if case.ended_on is None or case.ended_on > rule.window_ends_on
            if rule.window_ends_on < date(2025, 7, 1)
        ]
        for rule_id in {rule.rule_id for rule in full}:
            enough = [rule.counted >= rule.required for rule in full if rule.rule_id == rule_id]
            assert any(enough) and not all(enough), rule_id


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
        ({"last_day": date(2025, 8, 1)}, "first_day <= last_day < second export"),
        ({"exports": (date(2025, 7, 1), date(2025, 4, 1))}, "first export < second export"),
        ({"exports": (date(2041, 1, 1), date(2041, 4, 1))}, "scheme of impossible CPR numbers"),
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
