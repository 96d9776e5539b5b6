"""From cases and their log to a comparison that may be told: who is compared, and what is said."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pm_pipeline.mining.comparison.line import Outcome, Reason, Verdict
from pm_pipeline.mining.comparison.report import MAPS_FILE, ComparisonsReport
from tests.mining.comparison.compared_town import ComparedTown, K, line

CONTACT, TALK, PLAN, JOB = "FOERSTE_HENVENDELSE", "JOBSAMTALE", "MIN_PLAN", "AFMELDT_JOB"
SHORT = ((CONTACT, 0), (TALK, 8))


def _planted(town: ComparedTown) -> None:
    """Of 60 and 50 cases: a plan in 12 and in 40, the talk ten days later, and one arc of the few."""
    town.cases(
        "6.2", 60,
        lambda n: (*SHORT, (PLAN, 30)) if n < 12 else (*SHORT, (JOB, 40)) if n < 15 else SHORT,
    )
    late = ((CONTACT, 0), (TALK, 18))
    town.cases(
        "6.3", 50,
        lambda n: (*late, (PLAN, 30)) if n < 40 else (*late, (JOB, 40)) if n < 44 else late,
    )
    town.compare()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[ComparisonsReport, Path]:
    folder = tmp_path_factory.mktemp("mining")
    with ComparedTown() as town:
        _planted(town)
        return town.compared(folder), folder


def test_a_planted_difference_of_frequency_is_told_with_sign_interval_and_size(
    planted: tuple[ComparisonsReport, Path],
) -> None:
    arc = line(planted[0], "follows", "share", TALK, PLAN)
    assert (arc.n_cases_first, arc.n_first, arc.n_cases_second, arc.n_second) == (60, 10, 50, 40)
    assert (arc.value_first, arc.value_second, arc.difference) == (0.167, 0.8, 0.633)
    assert arc.difference_low is not None and arc.difference_high is not None
    # exact: 40 of 50 less 12 of 60
    assert arc.difference_low < 0.42 and arc.difference_high > 0.73
    assert arc.difference_low > 0
    assert (arc.verdict, arc.p_at_most, arc.effect_measure) == (Verdict.HIGHER, 0.001, "cohens_h")


def test_a_planted_difference_of_duration_is_told_in_days(
    planted: tuple[ComparisonsReport, Path],
) -> None:
    arc = line(planted[0], "follows", "days", CONTACT, TALK)
    assert (arc.value_first, arc.value_second, arc.difference) == (8.0, 18.0, 10.0)
    assert (arc.verdict, arc.effect_size) == (Verdict.HIGHER, 1.0)
    unchanged = line(planted[0], "lead_time", "days")
    assert (unchanged.value_first, unchanged.verdict) == (60.0, Verdict.NO_DIFFERENCE_SHOWN)


def test_nothing_is_told_of_what_a_few_of_a_side_did(planted: tuple[ComparisonsReport, Path]) -> None:
    report, folder = planted
    named = {one for row in report.rows for one in (row.from_activity_id, row.to_activity_id)}
    assert JOB not in named and {CONTACT, TALK, PLAN} < named
    assert b"AFMELDT" not in (folder / "group_comparisons.parquet").read_bytes()
    assert not any(
        "job" in path.read_text("utf-8").lower().replace("job talk", "").replace("jobsamtale", "")
        .replace("job-ready", "").replace("jobparate", "")
        for path in folder.rglob("*.svg")
    )


def test_the_files_say_what_the_rows_say(planted: tuple[ComparisonsReport, Path]) -> None:
    report, folder = planted
    assert pq.read_table(folder / "group_comparisons.parquet").num_rows == len(report.rows)
    (drawn,) = pq.read_table(folder / MAPS_FILE).to_pylist()
    assert {path.name for path in (folder / drawn["map_dir"]).glob("*.svg")} == {
        "map_da.svg", "map_en.svg",
    }  # fmt: skip


def test_who_is_too_young_or_on_both_sides_is_left_out_and_counted(tmp_path: Path) -> None:
    with ComparedTown() as town:
        for group, walk in (("6.2", SHORT), ("6.3", (*SHORT, (PLAN, 30)))):
            town.cases(group, 30, walk)
            town.cases(group, 12, walk, citizens="both", registered_on=date(2024, 3, 4))
            town.cases(group, 8, walk, citizens=f"young-{group}", registered_on=date(2025, 11, 3))
        town.compare()
        report = town.compared(tmp_path)
        whole = line(report, "all", "cases")
        assert (whole.n_citizens_first, whole.n_citizens_second) == (30, 30)
        assert (whole.n_cases_first, whole.n_too_young, whole.n_on_both_sides) == (30, 20, 20)
        assert town.rows("select distinct n_too_young, n_on_both_sides from comparison_sides") == [
            (8, 12)
        ]


def test_what_happens_after_the_days_of_follow_up_does_not_count(tmp_path: Path) -> None:
    with ComparedTown() as town:
        town.cases("6.2", 30, (*SHORT, (PLAN, 95)), ended_after=120)
        town.cases("6.3", 30, (*SHORT, (PLAN, 85)), ended_after=88)
        town.compare(days=91)
        report = town.compared(tmp_path)
    plan = line(report, "activity", "share", PLAN)
    assert (plan.n_first, plan.n_second) == (0, 30)
    assert plan.difference_high == 1.0
    assert all(
        -1 <= one <= 1
        for row in report.rows if row.measure == "share"
        for one in (row.difference_low, row.difference_high) if one is not None
    )
    ended = line(report, "ended", "share")
    assert (ended.n_first, ended.n_second) == (0, 30)
    lead = line(report, "lead_time", "days")
    assert (lead.value_first, lead.value_second) == (91.0, 88.0)


def test_a_citizen_of_several_cases_counts_once_for_days_and_in_clusters_for_shares(
    tmp_path: Path,
) -> None:
    with ComparedTown() as town:
        for month in range(1, 5):
            town.cases(
                "6.2", 10, lambda n: (*SHORT, (PLAN, 20)) if n < 5 else SHORT, citizens="often",
                registered_on=date(2025, month, 6), ended_after=25,
            )
        town.cases("6.3", 40, lambda n: (*SHORT, (PLAN, 20)) if n < 10 else SHORT, ended_after=25)
        town.compare()
        report = town.compared(tmp_path)
        assert town.rows(
            "select count(*) from comparison_days where side = 1 and kind = 'lead_time'"
        ) == [(10,)]
    plan = line(report, "activity", "share", PLAN)
    # 20 of 40 cases beside 10 of 40 would be told apart; five of ten citizens are not
    assert (plan.n_first, plan.n_second) == (20, 10)
    assert plan.verdict is Verdict.NO_DIFFERENCE_SHOWN


def test_of_a_side_of_very_many_as_many_are_drawn_as_are_compared(tmp_path: Path) -> None:
    with ComparedTown() as town:
        town.run("update quality_limits set amount = 25 where limit_id = 'comparison_citizens'")
        town.cases("6.2", 60, SHORT)
        town.cases("6.3", 20, SHORT)
        town.compare()
        report = town.compared(tmp_path)
        compared = "select case_number from comparison_cases where left_out is null order by all"
        drawn = town.rows(compared)
        town.make("comparison_cases")
        assert drawn == town.rows(compared)
        assert town.rows("select n_not_drawn from comparison_sides order by side") == [(35,), (0,)]
    whole = line(report, "all", "cases")
    assert (whole.n_citizens_first, whole.n_citizens_second) == (25, 20)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("kontanthjaelp/target_group/6.2", "kontanthjaelp/registered_year/1999",
         Reason.NO_SUCH_FILTER),
        ("kontanthjaelp/target_group/6.2", "kontanthjaelp/target_group/6.4",
         Reason.NOBODY_FOLLOWED),
        ("kontanthjaelp/target_group/6.2", "kontanthjaelp/target_group/6.5",
         Reason.BELOW_MINIMUM_GROUP),
        ("kontanthjaelp", "kontanthjaelp/target_group/6.2", Reason.SAME_CITIZENS),
    ],
)
def test_what_is_not_comparable_is_one_row_with_its_reason_and_no_map(
    tmp_path: Path, first: str, second: str, reason: Reason
) -> None:
    with ComparedTown() as town:
        town.cases("6.2", 30, SHORT)
        town.cases("6.5", 1, SHORT)
        town.compare(first, second)
        report = town.compared(tmp_path)
    (row,) = report.rows
    assert (row.outcome, row.reason, row.verdict) == (Outcome.NOT_COMPARABLE, reason, None)
    assert row.process_id == "kontanthjaelp"
    assert report.maps == ()
    if reason is Reason.BELOW_MINIMUM_GROUP:
        assert row.n_cases_first is None and row.n_cases_second is None


def test_a_town_without_a_case_has_its_comparisons_refused_with_reason(tmp_path: Path) -> None:
    with ComparedTown() as town:
        town.compare()
        report = town.compared(tmp_path)
    assert [row.reason for row in report.rows] == [Reason.NOBODY_FOLLOWED]


def test_one_person_more_or_less_within_a_step_changes_no_figure_of_a_share(tmp_path: Path) -> None:
    told = []
    for extra in (0, 1):
        with ComparedTown() as town:
            walks = [(*SHORT, (PLAN, 30))] * (21 + extra) + [SHORT] * (40 - extra)
            town.cases("6.2", 61, walks.__getitem__)
            town.cases("6.3", 57, lambda n: (*SHORT, (PLAN, 30)) if n < 19 else SHORT)
            town.compare()
            report = town.compared(tmp_path / str(extra))
        told.append([
            (row.line_kind, row.n_first, row.value_first, row.difference, row.difference_low,
             row.difference_high, row.effect_size, row.p_at_most, row.verdict)
            for row in report.rows if row.measure != "days"
        ])  # fmt: skip
    assert told[0] == told[1]
    assert len(told[0]) > K
