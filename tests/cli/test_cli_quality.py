"""`pm-pipeline quality` at the terminal: what it shows of the last judgement, without a run."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_type_hints

import duckdb
import pytest
from command_line import Call

from pm_pipeline.quality.effects.comparison import Cause, ChangeComparison, Verdict, write_comparisons
from pm_pipeline.quality.judging.history import JUDGEMENT, Judgement, add_to_history
from pm_pipeline.quality.judging.results import Outcome, RuleResult, write_results
from pm_pipeline.settings import get_settings

TOWN, REGIME = "903", "kontanthjaelp__20260701"


def _result(
    rule_id: str, outcome: str, severity: str = "warning", process_id: str | None = "kontanthjaelp",
    regime_id: str | None = REGIME,
) -> RuleResult:
    return RuleResult(
        TOWN, process_id, regime_id, "quality_events", "baseline", rule_id, "Regel", "A rule",
        severity, Outcome(outcome), 1000, 80, 8.0, 5.0, None, "because", None,
    )


def _judge(day: int, *results: RuleResult) -> None:
    """What a judgement of a day in January 2026 leaves."""
    folder = get_settings().quality_dir(TOWN)
    judgement = Judgement(
        datetime(2026, 1, day, 9), date(2026, 1, day), "run", f"recipe {day}", "code", "law",
        "fasit 20250701-0123456789ab",
    )
    path = folder / "rule_results.parquet"
    write_results(results, path, {JUDGEMENT: judgement.as_text()})
    add_to_history(folder / "rule_history.parquet", path, {}, 548, judgement.judged_at, {})


def _compare(**told: Any) -> ChangeComparison:
    """A row with what a test needs; the rest is of no account here."""
    fillings: dict[type, Any] = {
        str: "x", int: 1, float: 1.0, bool: False, date: date(2026, 7, 1), Verdict: Verdict.CHANGED,
    }
    row = {
        name: fillings.get(hint) for name, hint in get_type_hints(ChangeComparison).items()
    }
    return ChangeComparison(**(row | {"municipality_id": TOWN, "change_id": "REFORM-1B"} | told))


@pytest.fixture
def judged(call: Call, fasit_file: Path) -> Call:
    """A municipality that was judged twice, and of which a change was compared."""
    answer = call("deliver", "-m", TOWN, "-s", "fasit", "--delivered-on", "2025-07-01", fasit_file)
    assert answer.code == 0, answer.err
    _judge(5, _result("EV-003", "PASS"), _result("EV-001", "FAIL", "critical"))
    _judge(9, _result("EV-003", "FAIL"), _result("EV-001", "FAIL", "critical"))
    path = get_settings().warehouse_path(TOWN)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema reference; create table reference.quality_patterns(pattern_id varchar,"
            " mend_da varchar, mend_en varchar)"
        )
    write_comparisons(
        [
            _compare(item="JOBSAMTALE", adopted_on=date(2026, 9, 20), adoption_days=81, is_late=True),
            _compare(item="CV_SAMTALE", verdict=Verdict.CANNOT_TELL_YET, weeks_needed=12, n_needed=90),
            _compare(change_id="CONTACT-2024", item="OF_ANOTHER_CHANGE"),
        ],
        path.parent / "quality" / "change_comparisons.parquet",
    )
    # what others may know of it: the published rows
    published = get_settings().published_dir(TOWN) / "parquet"
    published.mkdir(parents=True)
    write_comparisons(
        [_compare(
            item="JOBSAMTALE", kind="law", cause=Cause.LAW, caused_by="REFORM-1B",
            adopted_on=date(2027, 1, 20), adoption_days=203, is_late=True,
        )],
        published / "change_comparison.parquet",
    )
    return call


def test_failing_rules_are_shown_with_counts_severity_since_when_and_what_to_do(
    judged: Call,
) -> None:
    answer = judged("quality", "-m", TOWN, "--last", "--english")
    assert answer.code == 0  # data that fails is no failure of the work
    assert "2 FAIL" in answer.out and "80 of 1,000" in answer.out
    assert answer.out.index("EV-001") < answer.out.index("EV-003")  # critical first
    # whether EV-001 failed before it was first judged nobody knows
    first, second = answer.out.split("EV-001", 1)[1].split("EV-003")
    assert "at least since" in first and " 2026-01-05 " in first
    assert "at least" not in second and " 2026-01-09 " in second
    assert "1 slice is withheld from publication because of EV-001." in answer.out


def test_the_same_is_said_in_danish_unless_english_is_asked_for(judged: Call) -> None:
    answer = judged("quality", "-m", TOWN, "--last")
    assert "2 fejler" in answer.out and "80 af 1,000" in answer.out and "Regel" in answer.out
    assert answer.out.count("mindst siden") == 1 and " 2026-01-05 " in answer.out
    assert "1 udsnit holdes tilbage fra offentliggørelse på grund af EV-001" in answer.out
    change = judged("quality", "-m", TOWN, "--last", "--change", "REFORM-1B")
    assert "1 kan ikke bedømmes endnu" in change.out and "kræver 12 uger" in change.out
    assert f"Sent ude med REFORM-1B: {TOWN}" in change.out
    assert "IKKE LOV" in judged("quality", "--change", "REFORM-2").out


def test_several_slices_that_are_withheld_are_counted(judged: Call) -> None:
    other = _result("EV-002", "FAIL", "critical", regime_id="kontanthjaelp__20240101")
    _judge(10, _result("EV-001", "FAIL", "critical"), other)
    danish = judged("quality", "-m", TOWN, "--last").out
    english = judged("quality", "-m", TOWN, "--last", "--english").out
    assert "2 udsnit holdes tilbage fra offentliggørelse på grund af EV-001, EV-002." in danish
    assert "2 slices are withheld from publication because of EV-001, EV-002." in english


def test_a_delivery_that_is_withheld_as_a_whole_is_said_to_be_with_the_rules_about_it(
    judged: Call,
) -> None:
    _judge(
        10, _result("PR-001", "FAIL", "critical", None, None), _result("EV-001", "FAIL", "critical"),
        _result("EV-003", "PASS", regime_id="kontanthjaelp__20240101"),
    )
    danish = judged("quality", "-m", TOWN, "--last").out
    english = judged("quality", "-m", TOWN, "--last", "--english").out
    assert (
        "Kritisk: hele kommunens leverance holdes tilbage fra offentliggørelse på grund af PR-001."
    ) in danish
    assert (
        "Critical: the whole delivery of the municipality is withheld from publication because of"
        " PR-001."
    ) in english
    assert "slices are withheld" not in english and "slice is withheld" not in english
    [town] = json.loads(judged("quality", "-m", TOWN, "--last", "--json").out)["municipalities"]
    assert (town["n_withheld_slices"], town["is_all_withheld"]) == (2, True)
    assert town["withheld_for"] == ["PR-001"]


def test_a_whole_delivery_that_is_withheld_is_said_to_be_also_where_it_has_no_slice(
    judged: Call,
) -> None:
    _judge(10, _result("PR-001", "ERROR", "critical", None, None))
    answer = judged("quality", "-m", TOWN, "--last", "--english")
    assert "the whole delivery of the municipality is withheld" in answer.out
    assert "0 slices" not in answer.out


def test_a_script_may_ask_to_be_told_of_critical_failures(judged: Call) -> None:
    assert judged("quality", "-m", TOWN, "--last", "--strict").code == 1
    _judge(10, _result("EV-003", "FAIL"))
    assert judged("quality", "-m", TOWN, "--last", "--strict").code == 0


def test_a_change_is_shown_before_and_after_and_late_adopters_are_named(judged: Call) -> None:
    answer = judged("quality", "-m", TOWN, "--last", "--change", "REFORM-1B", "--english")
    assert answer.code == 0
    assert "JOBSAMTALE" in answer.out and "OF_ANOTHER_CHANGE" not in answer.out
    assert "1 cannot tell yet" in answer.out and "needs 12 weeks" in answer.out
    # who adopted when is told of what was published, and of nothing else
    assert f"Late with REFORM-1B: {TOWN}" in answer.out
    assert "2027-01-20 late" in answer.out and "203" in answer.out


def test_the_answer_can_be_read_by_a_program(judged: Call) -> None:
    told = json.loads(judged("quality", "--last", "--change", "REFORM-1B", "--json").out)
    assert told["change"]["is_law"] is True and told["late_adopters"] == [TOWN]
    [town] = told["municipalities"]
    assert [one["rule_id"] for one in town["failing"]] == ["EV-001", "EV-003"]
    assert [(one["since_on"], one["is_since_known"]) for one in town["failing"]] == [
        ("2026-01-05", False), ("2026-01-09", True),
    ]
    assert town["is_critical"] is True and town["outcomes"]["FAIL"] == 2
    assert (town["n_withheld_slices"], town["is_all_withheld"]) == (1, False)
    assert town["withheld_for"] == ["EV-001"]
    assert [one["adoption_days"] for one in told["adopters"]] == [203]
    assert [one["item"] for one in town["comparisons"]] == ["JOBSAMTALE", "CV_SAMTALE"]


def test_an_unknown_change_is_a_wrong_call_that_names_the_nearest(call: Call) -> None:
    answer = call("quality", "--change", "reform-1")
    assert answer.code == 2
    assert "did you mean" in answer.err and "REFORM-1B" in answer.err


def test_what_was_announced_is_no_law_and_compares_nothing(call: Call) -> None:
    answer = call("quality", "--change", "REFORM-2", "--english")
    assert answer.code == 0
    assert "NOT LAW" in answer.out and "nothing is compared" in answer.out
    told = json.loads(call("quality", "--change", "REFORM-2", "--json").out)
    assert told["change"]["is_law"] is False and told["municipalities"] == []


def test_a_municipality_that_was_never_judged_says_so(call: Call, fasit_file: Path) -> None:
    call("deliver", "-m", TOWN, "-s", "fasit", "--delivered-on", "2025-07-01", fasit_file)
    answer = call("quality", "-m", TOWN, "--last")
    assert answer.code == 1 and "no rule results yet" in answer.err
