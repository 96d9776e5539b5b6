"""A town made by hand, with effects planted of each kind: what the comparisons say of them, and why."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from pm_pipeline.quality.effects.changes import Change
from pm_pipeline.quality.effects.compare import compare_changes
from pm_pipeline.quality.effects.comparison import (
    Cause,
    ChangeComparison,
    RestsOn,
    Verdict,
    read_comparisons,
)
from pm_pipeline.quality.effects.sentences import sentences_of
from tests.quality.effects.planted_town import (
    CPR,
    DELIVERED_ON,
    LAW_ON,
    RELEASE_ON,
    Plant,
    make_town,
)
from tests.quality.effects.seeded_changes import with_limits


def untouched(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    return act


def by_law(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Who begins from the day on has no CV talk any more, but another talk."""
    if act["code"] == 2 and act["begun_on"] >= LAW_ON:
        return act | {"code": 1}
    return act


def by_release(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """What is written down from the day on has no unit, whenever it happened."""
    return act | {"unit": None} if act["registered"] >= RELEASE_ON else act


def by_all(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Law, release and delivery, each with its own effect, on the same acts."""
    return by_delivery(by_release(by_law(act, rng), rng), rng)


def by_delivery(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """All rows of one delivery are without an hour, whatever their dates."""
    return act | {"precision": "day"} if act["delivery"] == "D2" else act


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Plant], list[ChangeComparison]]]:
    """The comparisons of a town with something planted, made once."""
    made: dict[str, list[ChangeComparison]] = {}

    def rows(plant: Plant) -> list[ChangeComparison]:
        if plant.__name__ not in made:
            path = tmp_path_factory.mktemp("town") / "change_comparisons.parquet"
            with make_town(plant, seed=5) as connection:
                report = compare_changes(connection, "901", path, about={"x": "y"})
            assert list(read_comparisons(path)) == list(report.rows)
            made[plant.__name__] = list(report.rows)
        return made[plant.__name__]

    yield rows


def changed(rows: list[ChangeComparison], **wanted: Any) -> list[ChangeComparison]:
    return [
        row for row in rows if row.verdict is Verdict.CHANGED
        and all(getattr(row, name) == value for name, value in wanted.items())
    ]


def test_codes_nobody_knows_that_come_with_a_release_are_told_though_no_event_is_made_of_them(
    told: Any,
) -> None:
    (row,) = changed(told(untouched), change_id="RELEASE", measure="unmapped_codes")
    assert (row.item, row.n_before, row.is_new) == ("talks", 0, True)
    assert row.cause is Cause.RELEASE and row.caused_by == "RELEASE"


def test_where_nothing_changed_nothing_is_said_to_have(told: Any) -> None:
    rows = told(untouched)
    assert {row.kind for row in rows} == {"law", "release", "delivery"}
    # but for the unknown codes that each town here has since the release
    assert {(row.change_id, row.measure) for row in changed(rows)} <= {("RELEASE", "unmapped_codes")}
    assert Verdict.NO_CHANGE_SHOWN in {row.verdict for row in rows}


def test_an_effect_of_law_shows_by_the_week_a_case_began_and_is_the_laws(told: Any) -> None:
    (row,) = changed(told(by_law), measure="case_share", item="CV", change_id="LAW")
    assert row.cause is Cause.LAW and row.caused_by == "LAW" and row.is_touched
    assert row.value_before > 0.9 and row.value_after < 0.05 and row.is_vanished
    assert row.effect_size < -2 and row.p_adjusted <= 0.01
    assert row.adopted_on is not None and abs((row.adopted_on - LAW_ON).days) <= 7
    assert row.is_late is False
    assert row.confounders == "RELEASE"
    assert row.sentence_da.startswith("Fra 1. januar 2024 (Ny lov): andelen af nye sager")
    assert "The law explains it best (LAW)." in row.sentence_en


def test_the_pairs_that_came_and_went_with_the_law_are_told(told: Any) -> None:
    pairs = {row.item: row for row in changed(told(by_law), measure="pair_share", change_id="LAW")}
    assert pairs["BEGIN > TALK"].is_new
    assert pairs["CV > TALK"].effect_size < 0


def test_an_activity_that_another_one_now_leads_to_may_mean_something_else(told: Any) -> None:
    (row,) = [
        row for row in told(by_law)
        if row.change_id == "LAW" and row.measure == "meaning" and row.item == "TALK"
    ]
    assert row.verdict is Verdict.CHANGED and row.is_touched
    assert row.effect_measure == "total_variation" and 0.3 < row.effect_size <= 1
    assert "kan have fået en anden betydning" in row.sentence_da
    assert "Samtale" in row.sentence_da and "Talk" in row.sentence_en


def test_an_activity_that_comes_after_what_it_came_after_means_what_it_meant(told: Any) -> None:
    rows = [row for row in told(untouched) if row.measure == "meaning" and row.kind == "law"]
    assert {row.item for row in rows} == {"TALK"}
    assert Verdict.CHANGED not in {row.verdict for row in rows}


def test_an_empty_field_from_a_release_is_the_releases_also_where_the_law_is_near(told: Any) -> None:
    rows = told(by_release)
    (at_release,) = changed(rows, measure="null_share", item="talks.org_unit_id", kind="release")
    assert at_release.cause is Cause.RELEASE and at_release.caused_by == "RELEASE"
    assert at_release.axis == "registered" and at_release.value_after == 1
    at_law = changed(rows, measure="null_share", kind="law")
    assert {row.item for row in at_law} == {"talks.org_unit_id"}
    assert {row.cause for row in at_law} == {Cause.RELEASE}, "a law empties no field"
    assert not changed(rows, measure="case_share")


def test_rows_of_a_bad_delivery_are_the_deliverys_whatever_their_dates(told: Any) -> None:
    rows = told(by_delivery)
    (row,) = changed(rows, measure="date_only_share", kind="delivery")
    assert row.change_id == "D2" and row.cause is Cause.DELIVERY and row.caused_by == "D2"
    assert row.value_before == 0 and row.value_after == 1


def test_effects_of_a_law_a_release_and_a_delivery_in_one_town_are_told_apart(told: Any) -> None:
    rows = told(by_all)
    assert {
        (row.measure, row.item, row.caused_by) for row in changed(rows)
        if row.measure in ("case_share", "null_share", "date_only_share")
    } == {
        ("case_share", "CV", "LAW"),
        ("null_share", "talks.org_unit_id", "RELEASE"), ("date_only_share", "talks", "D2"),
    }
    (release,) = changed(rows, measure="null_share", kind="release")
    assert release.cause_rests_on is RestsOn.AXES
    # and what the release did is not the fault of the delivery that tells it first
    (delivery,) = changed(rows, measure="null_share", kind="delivery")
    assert delivery.cause is Cause.RELEASE and delivery.caused_by == "RELEASE"


def test_what_is_known_by_the_week_of_the_act_alone_says_that_its_cause_is_the_day(
    told: Any,
) -> None:
    at_law = changed(told(by_law), kind="law")
    pairs = [row for row in at_law if row.measure == "pair_share"]
    assert {(row.cause, row.cause_rests_on) for row in pairs} == {(Cause.LAW, RestsOn.AXES)}
    alone = [row for row in at_law if row.measure in ("meaning", "case_share")]
    assert {row.measure for row in alone} == {"meaning", "case_share"}
    assert {row.cause_rests_on for row in alone} == {RestsOn.DAY_ALONE}
    assert all("Det er sluttet alene af dagen." in row.sentence_da for row in alone)


def test_what_people_take_up_late_is_not_said_to_be_the_release_that_came_meanwhile(
    tmp_path: Path,
) -> None:
    def late(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        """The CV talk goes bit by bit, over four months from the law on."""
        taken_up = min((act["on"] - LAW_ON).days / 120, 1)
        return act | {"code": 1} if act["code"] == 2 and rng.random() < taken_up else act

    with make_town(late, seed=11) as connection:
        rows = compare_changes(connection, "901", tmp_path / "late.parquet").rows
    practice = [row for row in changed(list(rows)) if row.measure != "unmapped_codes"]
    assert {row.kind for row in practice} >= {"law", "release"}
    assert Cause.RELEASE not in {row.cause for row in practice}
    assert Cause.LAW in {row.cause for row in practice if row.measure == "pair_share"}


def test_a_code_that_a_release_renames_is_the_releases_by_what_was_written_down_late(
    tmp_path: Path,
) -> None:
    def renamed(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        """What is written down from the day on of a CV talk is called a talk."""
        is_later = act["registered"] >= RELEASE_ON
        return act | {"code": 1} if act["code"] == 2 and is_later else act

    with make_town(renamed, seed=12) as connection:
        rows = compare_changes(connection, "901", tmp_path / "renamed.parquet").rows
    for measure in ("activity_share", "pair_share"):
        # those of which few were written down late may as well be the law, six weeks after its day
        found = {row.caused_by for row in changed(list(rows), measure=measure, kind="release")}
        assert found == {"RELEASE", "LAW|RELEASE"}, measure
    (vanished,) = changed(list(rows), measure="activity_share", kind="release", item="CV")
    assert vanished.cause is Cause.RELEASE and vanished.cause_rests_on is RestsOn.AXES


def test_what_begins_on_the_day_of_a_law_is_not_the_late_effect_of_an_earlier_one(
    tmp_path: Path,
) -> None:
    next_law_on = date(2024, 4, 1)

    def by_next_law(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        return act | {"code": 1} if act["code"] == 2 and act["on"] >= next_law_on else act

    with make_town(by_next_law, seed=14, next_law_on=next_law_on) as connection:
        rows = compare_changes(connection, "901", tmp_path / "two_laws.parquet").rows
    at_day = {
        row.change_id: row for row in rows if row.measure == "activity_share" and row.item == "CV"
    }
    # what came three months after the earlier law is no step on that law's own day
    assert at_day["LAW"].verdict is Verdict.NO_CHANGE_SHOWN
    for change_id in ("RELEASE", "NEXT LAW", "D2"):
        row = at_day[change_id]
        assert row.verdict is Verdict.CHANGED, change_id
        assert (row.cause, row.caused_by) == (Cause.LAW, "NEXT LAW"), change_id


def test_what_shows_weeks_after_two_laws_may_be_the_late_effect_of_either(tmp_path: Path) -> None:
    next_law_on, shown_on = date(2024, 4, 1), date(2024, 5, 6)

    def later(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        return act | {"code": 1} if act["code"] == 2 and act["on"] >= shown_on else act

    with make_town(later, seed=14, cases_a_week=20, next_law_on=next_law_on) as connection:
        rows = compare_changes(connection, "901", tmp_path / "two_laws.parquet").rows
    (row,) = changed(list(rows), measure="activity_share", item="CV", change_id="NEXT LAW")
    assert row.cause is Cause.LAW and row.caused_by == "LAW|NEXT LAW"


def test_the_step_of_a_later_law_is_not_the_day_on_which_an_earlier_one_was_taken_up(
    tmp_path: Path,
) -> None:
    """Each is taken up at once; what the first began the second makes stronger, half a year later."""
    law_on, next_law_on = date(2023, 6, 5), date(2023, 12, 11)

    def by_both(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        taken_up = 0.5 if act["begun_on"] < next_law_on else 1.0
        if act["code"] == 2 and act["begun_on"] >= law_on and rng.random() < taken_up:
            return act | {"code": 1}
        return act

    with make_town(
        by_both, seed=16, cases_a_week=20, law_on=law_on, next_law_on=next_law_on
    ) as connection:
        rows = compare_changes(connection, "901", tmp_path / "stronger.parquet").rows
    (row,) = changed(list(rows), measure="case_share", item="CV", change_id="LAW")
    assert row.caused_by == "LAW" and row.is_late is False
    assert row.adoption_days is not None and row.adoption_days <= 21


def test_no_day_of_adoption_is_told_of_what_the_law_did_not_cause(told: Any) -> None:
    rows = [row for plant in (untouched, by_law, by_release, by_delivery) for row in told(plant)]
    dated = [row for row in rows if row.is_late is not None]
    assert dated and all("LAW" in (row.caused_by or "").split("|") for row in dated)


def test_a_law_and_a_release_of_one_day_that_nothing_parts_are_not_separable(
    tmp_path: Path,
) -> None:
    def at_once(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        """From the day on another code, and everything is written down on the day it happened."""
        act = act | {"registered": act["on"]}
        return act | {"code": 1} if act["code"] == 2 and act["on"] >= LAW_ON else act

    with make_town(at_once, seed=8, release_on=LAW_ON) as connection:
        rows = compare_changes(connection, "901", tmp_path / "one_day.parquet").rows
    (row,) = changed(list(rows), measure="activity_share", item="CV", kind="law")
    assert row.cause is Cause.NOT_SEPARABLE and row.caused_by == "LAW|RELEASE"
    assert "The causes cannot be told apart (LAW|RELEASE)." in row.sentence_en


def test_a_law_and_a_release_of_one_day_are_told_apart_by_what_was_written_down_late(
    tmp_path: Path,
) -> None:
    def late(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        """From the day on nobody's unit is written down, also of what happened weeks before."""
        return act | {"unit": None} if act["registered"] >= LAW_ON else act

    with make_town(late, seed=9, release_on=LAW_ON) as connection:
        rows = compare_changes(connection, "901", tmp_path / "late.parquet").rows
    (row,) = changed(list(rows), measure="null_share", kind="release")
    assert row.cause is Cause.RELEASE and row.caused_by == "RELEASE"


def test_a_delivery_whose_weeks_nobody_told_of_the_year_before_may_be_the_season(
    tmp_path: Path,
) -> None:
    def sometimes(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        """A third of the rows of the second delivery has no hour; the first knows half a year."""
        if act["on"] < date(2023, 12, 1):
            return act | {"registered": date(2030, 1, 1)}
        is_bare = act["delivery"] == "D2" and rng.random() < 0.1
        return act | {"precision": "day"} if is_bare else act

    with make_town(sometimes, seed=10) as connection:
        rows = compare_changes(connection, "901", tmp_path / "season.parquet").rows
    (row,) = [row for row in rows if row.kind == "delivery" and row.measure == "date_only_share"]
    assert (row.verdict, row.reason) == (Verdict.CANNOT_TELL_YET, "season_unknown")


@pytest.mark.parametrize(("kind", "said_da", "said_en"), [
    ("delivery", "Hverken leverancen selv eller noget", "Neither the delivery itself"),
    ("law", "måske en ny version af fagsystemet", "perhaps a new version"),
])
def test_only_of_a_day_and_not_of_a_delivery_an_unknown_release_is_thought_of(
    told: Any, kind: str, said_da: str, said_en: str
) -> None:
    (row,) = changed(told(by_delivery), measure="date_only_share", kind="delivery")
    row = replace(row, kind=kind, cause=Cause.NOTHING_DATED, caused_by=None)
    change = Change(kind, "D2", "begins", DELIVERED_ON, "insured", "momentum", "Ny", "New")
    da, en = sentences_of(row, change, {})
    assert said_da in da and said_en in en


def test_a_change_smaller_than_the_steps_of_a_share_is_not_told_as_two_equal_figures(
    told: Any,
) -> None:
    (row,) = changed(told(by_law), measure="case_share", item="CV", change_id="LAW")
    row = replace(row, value_before=0.2, value_expected=0.21, value_after=0.16, whole_after=150)
    change = Change("law", "LAW", "begins", LAW_ON, "insured", None, "Ny", "New")
    da, en = sentences_of(row, change, {})
    assert "faldt lidt, fortsat omkring 20 % (før 20 %, ventet 20 %)" in da
    assert "fell a little, still about 20 % (before 20 %, expected 20 %)" in en


def test_a_small_town_is_not_told_that_nothing_changed(tmp_path: Path) -> None:
    with make_town(untouched, seed=6, cases_a_week=1) as connection:
        rows = compare_changes(connection, "901", tmp_path / "few.parquet").rows
    shares = [row for row in rows if row.measure == "case_share" and row.item == "PLAN"]
    assert {row.verdict for row in shares} == {Verdict.CANNOT_TELL_YET}
    (row,) = shares
    # half a year of a case a week shows nothing, and no wait makes the half year longer
    assert row.reason == "too_few_alone" and row.weeks_needed is None
    assert row.municipalities_needed is not None and 2 <= row.municipalities_needed <= 98
    assert row.n_needed is not None and f"(omkring {row.n_needed} sager)" in row.sentence_da
    assert f"omkring {row.municipalities_needed} kommuner som denne" in row.sentence_da
    assert f"about {row.municipalities_needed} like it" in row.sentence_en
    # whoever cannot tell is never told to wait for longer than is compared
    assert all(one.weeks_needed is None or one.weeks_needed <= 26 for one in rows)


def test_a_code_that_somebody_typed_is_counted_and_never_named(told: Any, tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    with make_town(untouched, seed=7, cases_a_week=2) as connection:
        compare_changes(connection, "901", path)
    assert CPR.encode() not in path.read_bytes()
    assert "010190" not in str(read_comparisons(path))


def test_a_missing_limit_is_named(tmp_path: Path) -> None:
    from pm_pipeline.errors import PipelineError

    with duckdb.connect() as connection:
        with_limits(connection)
        connection.execute("delete from reference.quality_limits where limit_id = 'change_level'")
        with pytest.raises(PipelineError, match=r"quality_limits.csv: expected .* for change_level"):
            compare_changes(connection, "901", tmp_path / "none.parquet")
