"""What is published of the comparisons around a change: no figure of a few, nor its sentence."""

import math
import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pm_pipeline.publish import Candidate
from pm_pipeline.publish.adopters import read_adopters
from tests.publish.publish_data import MARTS_DIR, Inputs, K, render_model, rows


def test_a_figure_of_a_few_is_blanked_with_all_it_could_be_had_from(
    publish: Callable[..., Candidate],
) -> None:
    found = rows(
        publish().database,
        "select item, n_citizens, n_before, value_before, n_after, value_after, effect_size,"
        " is_late, sentence_da is null, sentence_en is null, is_masked from change_comparison"
        " order by item",
    )
    assert found == [
        ("JOBSAMTALE", 40, 30, 0.5, 40, 0.667, 0.5, False, False, False, False),
        # three citizens before
        ("MIN_PLAN", 40, None, None, 40, 0.667, None, None, True, True, True),
        # nobody before is no small group
        ("OVERGANG", 40, 0, 0.0, 40, 0.667, 0.5, False, False, False, False),
        # all but three afterwards; SANKTION, of three citizens at most, is not there at all
        ("TILBUD", 60, 30, 0.5, None, None, None, None, True, True, True),
    ]


def test_who_takes_up_a_law_is_told_by_what_was_published_and_of_no_figure_of_a_few(
    publish: Callable[..., Candidate],
) -> None:
    published = publish().database.parent
    (adopter,) = read_adopters([published], "CONTACT-2024")
    assert (adopter.item, adopter.adoption_days, adopter.is_late) == ("JOBSAMTALE", 91, False)
    assert read_adopters([published], "ANOTHER") == ()


WINDOW = 182
#: Days between the two changes, and the days after the last of them that the data reach.
DAYS, REACH = (1, 2, 3, 5, 9), 200


def _told(
    inputs: Inputs, folder: Path, windows: dict[str, tuple[int, int, int, int]], measure: str,
    n_of_few: int = 0,
) -> dict[str, dict[str, float]]:
    """What the mart tells of an item: per change (n before, whole before, n after, whole after)."""
    file = folder / "change_comparisons.parquet"
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute(
            "create table t as select * from "
            f"'{inputs.rule_results.with_name('change_comparisons.parquet')}' limit 1"
        )
        places = ", ".join(
            f"('{change}', date '2024-01-01' + {number}, {', '.join(map(str, counts))})"
            for number, (change, counts) in enumerate(windows.items())
        )
        connection.execute(
            "create table w as select *, a / nullif(b, 0) as v, c / nullif(d, 0) as x"
            f" from (values {places}) as w(id, day_on, a, b, c, d)"
        )
        connection.execute(
            "copy (select t.* replace (id as change_id, day_on as changed_on,"
            f" '{measure}' as measure, a as n_before, b as whole_before, c as n_after,"
            " d as whole_after, v as value_before, x as value_after, x as value_expected)"
            f" from t cross join w) to '{file}' (format parquet)"
        )
        connection.execute(
            "create table core.dated_changes as select 'law' kind, id change_id, '' title_da,"
            " '' title_en from w;"
            "create table core.int_change_groups as select process_id, system_id, null delivery_id,"
            " t.axis, t.item, day_on as changed_on,"
            f" '{measure}' as measure, 40 as n_before, 40 as n_after, 80 as n_whole_before,"
            f" 80 as n_whole_after, {n_of_few} as n_acts_of_few_before,"
            f" {n_of_few} as n_acts_of_few_after"
            " from t cross join w"
        )
        sql = render_model(MARTS_DIR, "change_comparison", {"change_comparisons": file})
        found = connection.execute(sql).to_arrow_table().to_pylist()
        return {row["change_id"]: row for row in found}


def _step(told: float) -> float:
    """In which a count of this size is told: twice the minimum group, and two digits."""
    return float(max(2 * K, 10 ** (math.floor(math.log10(told)) - 1)))


def _range(told: float) -> tuple[float, float]:
    """Between what a count lies that is told as this, for one who knows how it is told."""
    if told == 0:
        return 0, 0
    step = _step(told)
    return max(told - step / 2, K), told + step / 2


@pytest.mark.parametrize("seed", range(40))
def test_the_few_acts_between_two_near_changes_are_not_had_from_their_windows(
    seed: int, built: Inputs, tmp_path: Path
) -> None:
    """The data begin after the windows do, so that one window is the other and the days between."""
    chance = random.Random(seed)
    apart = chance.choice(DAYS)
    begins = chance.randint(0, 120)
    a_day = chance.choice([1, 4, 30])
    acts = [
        (day, chance.random() < 0.4)
        for day in range(begins, WINDOW + REACH) for _ in range(chance.randint(0, 2 * a_day))
        if not WINDOW <= day < WINDOW + apart
    ]
    few = chance.randint(1, K - 1)
    acts += [(chance.randrange(WINDOW, WINDOW + apart), True) for _ in range(few)]

    def counts(on: int) -> tuple[int, int, int, int]:
        before = [is_item for day, is_item in acts if on - WINDOW - apart <= day < on]
        after = [is_item for day, is_item in acts if on <= day]
        return sum(before), len(before), sum(after), len(after)

    first, second = counts(WINDOW), counts(WINDOW + apart)
    assert (second[0] - first[0], second[1] - first[1]) == (few, few), "the attack would be exact"
    told = _told(built, tmp_path, {"A": first, "B": second}, "activity_share")
    for column in ("n_before", "whole_before", "n_after", "whole_after"):
        for one in "AB":  # else the range below would be that of a count nobody rounded
            shown_count = told[one][column]
            assert shown_count == 0 or shown_count % _step(shown_count) == 0, (column, shown_count)
        (least_a, most_a), (least_b, most_b) = (_range(told[one][column]) for one in "AB")
        low, high = sorted((least_b - most_a, most_b - least_a), key=abs)
        assert min(low, high) <= 0 < K < max(abs(low), abs(high)), (column, low, high)
    for one in "AB":  # a value says no more than the two counts beside it
        shown = told[one]
        for side in ("before", "after"):
            of_steps = shown[f"n_{side}"] / shown[f"whole_{side}"]
            assert shown[f"value_{side}"] == pytest.approx(of_steps, abs=0.00051)
        assert shown["value_expected"] == shown["value_after"]


@pytest.mark.parametrize(
    ("n_before", "told_behind"), [(100, 0), (101, K), (299, K), (300, 0), (0, K), (400, K)]
)
def test_missing_values_are_of_enough_citizens_where_fewer_cannot_have_told_them(
    n_before: int, told_behind: int, built: Inputs, tmp_path: Path
) -> None:
    """Four citizens have a hundred of the four hundred acts: neither part may be theirs alone."""
    windows = {"A": (n_before, 400, 200, 400)}
    told = _told(built, tmp_path, windows, "null_share", n_of_few=100)
    assert told["A"]["n_before_citizens"] == told_behind


def test_of_codes_that_became_no_act_nobody_knows_whose_they_are(
    built: Inputs, tmp_path: Path
) -> None:
    told = _told(built, tmp_path, {"A": (200, 400, 0, 400)}, "unmapped_codes")
    assert told["A"]["n_before_citizens"] == 0
