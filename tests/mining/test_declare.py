"""DECLARE constraints, against pm4py and by hand."""

from collections.abc import Callable

import pytest

from pm_pipeline.mining.discovery.declare import TEMPLATES, discover, judge
from pm_pipeline.mining.log import Variant, VariantLog

Paths = list[tuple[str, ...]]

# pm4py's own use of old numpy and scipy is none of this project's business.
pytestmark = pytest.mark.filterwarnings("ignore")

# Templates that pm4py counts as mere negatives of others are judged by hand below: DECLARE says of
# not-succession and not-co-existence something else than "the opposite of succession".
_PM4PY = {
    "existence": "existence", "absence": "absence", "exactly_one": "exactly_one", "init": "init",
    "responded_existence": "responded_existence", "response": "response",
    "precedence": "precedence", "altresponse": "alternate_response",
    "altprecedence": "alternate_precedence", "chainresponse": "chain_response",
    "chainprecedence": "chain_precedence",
    "succession": "succession", "altsuccession": "alternate_succession",
    "chainsuccession": "chain_succession",
}


def _log(paths: Paths) -> VariantLog:
    counts = {path: paths.count(path) for path in dict.fromkeys(paths)}
    found = sorted(
        (Variant(str(i), path, n, n) for i, (path, n) in enumerate(counts.items())),
        key=lambda variant: variant.order,
    )
    return VariantLog("p", "r", tuple(found), len(paths), {}, {}, {})


@pytest.mark.parametrize("name", ["running_example", "receipt"])
def test_support_and_confidence_are_what_pm4py_finds_on_the_expanded_log(
    real_log: Callable[[str], Paths], name: str
) -> None:
    import pandas as pd
    import pm4py

    paths = real_log(name)
    frame = pd.DataFrame(
        [
            (f"c{case:05d}", activity, pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(days=day))
            for case, path in enumerate(paths)
            for day, activity in enumerate(path)
        ],
        columns=["case:concept:name", "concept:name", "time:timestamp"],
    )
    found = pm4py.discover_declare(frame, min_support_ratio=0.0, min_confidence_ratio=0.0)
    expected = {
        (_PM4PY[template], *((rule, None) if isinstance(rule, str) else rule)): (
            figures["support"], figures["confidence"]
        )
        for template, rules in found.items() if template in _PM4PY
        for rule, figures in rules.items() if figures["support"] and figures["confidence"]
    }
    ours = {
        (one.template, one.first, one.second): (one.n_activated, one.n_satisfied)
        for one in discover(_log(paths), 0, 0) if one.template in _PM4PY.values()
    }
    assert len(ours) > 100
    assert ours == expected


@pytest.mark.parametrize(
    ("template", "path", "verdict"),
    [
        ("response", "AB", True), ("response", "ABA", False), ("response", "B", None),
        ("precedence", "AB", True), ("precedence", "BA", False), ("precedence", "A", None),
        ("alternate_response", "ABAB", True), ("alternate_response", "AAB", False),
        ("alternate_precedence", "ABAB", True), ("alternate_precedence", "ABB", False),
        ("chain_response", "ABCAB", True), ("chain_response", "ACB", False),
        ("chain_precedence", "AAB", True), ("chain_precedence", "ACB", False),
        ("succession", "ACB", True), ("succession", "A", False), ("succession", "B", False),
        ("succession", "C", None), ("co_existence", "BA", True), ("co_existence", "A", False),
        ("not_co_existence", "A", True), ("not_co_existence", "BA", False),
        ("not_succession", "BA", True), ("not_succession", "AB", False),
        ("not_succession", "ABA", False), ("responded_existence", "BA", True),
        ("responded_existence", "AC", False),
    ],
)
def test_what_a_constraint_says_of_a_path(
    template: str, path: str, verdict: bool | None
) -> None:
    assert judge(tuple(path), template, "A", "B") is verdict


def test_cases_count_and_a_constraint_below_the_wanted_share_is_left_out() -> None:
    log = _log([tuple("AB")] * 9 + [tuple("A")])
    by_key = {(one.template, one.first, one.second): one for one in discover(log, 0.5, 0.9)}
    response = by_key["response", "A", "B"]
    assert (response.support, response.confidence) == (1, 0.9)
    assert (len(response.satisfied_by), len(response.violated_by)) == (1, 1)
    assert ("response", "A", "B") not in {
        (one.template, one.first, one.second) for one in discover(log, 0.5, 0.95)
    }


def test_an_empty_log_has_no_constraint() -> None:
    assert discover(_log([]), 0, 0) == ()
    assert len(set(TEMPLATES)) == len(TEMPLATES)
