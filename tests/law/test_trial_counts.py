"""What a dry run tells of small counts: not the count, nor what subtraction would tell of it."""

from decimal import Decimal

from pm_pipeline.law.trial.counts import Count, shown, shown_beside, shown_parts
from pm_pipeline.law.trial.outcomes import RuleShift, Wording
from pm_pipeline.law.trial.shares import Share
from pm_pipeline.law.trial.told import told, told_share

K = 5


def _people(n: int) -> Count:
    return Count(n, n)


def _texts(parts: dict[str, Count], beside: dict[str, Count] | None = None) -> dict[str, str]:
    found = shown_parts(parts, K) if beside is None else shown_beside(parts, beside, K)
    return {name: str(one) for name, one in found.items()}


def test_a_count_of_few_citizens_is_not_told_however_many_their_cases() -> None:
    assert str(shown(Count(40, 4), K)) == "<5"
    assert str(shown(Count(1200, 5), K)) == "1,200"
    assert str(shown(Count(0, 0), K)) == "0"


def test_the_next_count_goes_where_the_sum_would_tell_a_small_one() -> None:
    assert _texts({"a": _people(50), "b": _people(3), "c": _people(9)}) == {
        "a": "50", "b": "<5", "c": "hidden",
    }


def test_two_small_counts_that_are_enough_together_hide_each_other() -> None:
    assert _texts({"a": _people(50), "b": _people(3), "c": _people(4)}) == {
        "a": "50", "b": "<5", "c": "<5",
    }


def test_a_difference_of_few_is_not_told() -> None:
    before = {"a": _people(50), "b": _people(20)}
    assert _texts({"a": _people(48), "b": _people(22)}, before) == {"a": "hidden", "b": "hidden"}
    assert _texts({"a": _people(30), "b": _people(40)}, before) == {"a": "30", "b": "40"}
    assert _texts({"a": _people(50), "b": _people(20)}, before) == {"a": "50", "b": "20"}


def test_a_move_is_not_told_where_what_it_moves_from_or_to_is_not() -> None:
    shift = RuleShift(
        "p", "R", Wording("A", "r1"), Wording("B", "r2"), _people(60),
        moves={("breached", "fulfilled"): _people(8), ("fulfilled", "fulfilled"): _people(50),
               ("pending", "pending"): _people(2)},
        before_counts={"breached": _people(8), "fulfilled": _people(50), "pending": _people(2)},
        after_counts={"fulfilled": _people(58), "pending": _people(2)},
    )
    found = told(shift, K)
    # eight breached it: with two pending, they would be told by the sum of sixty
    assert found.cell("breached") == "hidden → 0"
    assert found.cell("pending") == "<5"
    assert [str(one) for one in found.moves.values()] == ["hidden"]
    assert found.cell("exempt") == "0"


def test_a_rule_of_one_law_only_has_no_moves_and_a_dash_for_the_other() -> None:
    shift = RuleShift(
        "p", "R", None, Wording("B", "r2"), _people(30),
        moves={("not_judged", "fulfilled"): _people(30)},
        before_counts={"not_judged": _people(30)}, after_counts={"fulfilled": _people(30)},
    )
    found = told(shift, K)
    assert found.moves == {}
    assert (found.cell("fulfilled"), found.cell("breached")) == ("– → 30", "– → 0")


def _share(cohort: int, reached: int, repeated: int = 0) -> Share:
    return Share(
        "p", "R", "C", "r", True, Decimal("0.75"), Count(cohort, max(0, cohort - repeated)),
        Count(reached, max(0, reached - repeated)), *[Count(0, 0)] * 4,
    )


def test_a_share_is_told_where_enough_reached_it_and_enough_did_not() -> None:
    found = told_share(_share(40, 30), K)
    assert (found.share, found.is_met) == (0.75, True)
    assert (str(found.cohort), str(found.reached)) == ("40", "30")
    assert told_share(_share(40, 29), K).is_met is False


def test_a_share_of_which_few_are_missing_is_not_told() -> None:
    found = told_share(_share(40, 38), K)
    assert (found.share, found.is_met, found.reached.cases) == (None, None, None)


def test_a_share_that_everybody_reached_is_told() -> None:
    assert told_share(_share(40, 40), K).share == 1


def test_cases_of_the_same_citizens_count_once() -> None:
    assert told_share(_share(40, 30, repeated=6), K).share is None, "ten cases, four citizens at least"


def test_a_share_that_differs_by_few_from_the_one_beside_it_is_not_told() -> None:
    assert told_share(_share(40, 30), K, _share(42, 30)).share is None
    assert told_share(_share(40, 30), K, _share(60, 30)).share == 0.75


def test_nobody_in_the_cohort_is_no_quota_missed() -> None:
    assert told_share(_share(0, 0), K).is_met is None


def test_a_count_of_nobody_that_is_not_told_is_never_said_to_be_many():
    before = {"a": _people(3), "b": _people(60)}
    assert _texts({"a": _people(0), "b": _people(63)}, before)["a"] == "hidden"
