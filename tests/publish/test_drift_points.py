"""Changes nobody dated are published with what moved, and with no figure about few people."""

from collections.abc import Callable

from pm_pipeline.publish import Candidate
from tests.publish.publish_data import CASH, INSURED, rows

MOVES = (
    "select relation_number, n_with_before, share_before, share_after, size_class,"
    " sentence_da is not null, is_masked from drift_points where outcome = 'changed' order by all"
)


def test_what_two_people_had_before_is_blanked_and_so_is_every_sentence_that_tells_it(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(publish().database, MOVES) == [
        (1, 0, 0.0, 1.0, "large", True, False),
        (2, None, None, 0.5, "large", False, True),
        (3, 0, 0.0, 1.0, "large", True, False),
    ]


def test_the_one_by_whom_a_talk_and_the_talk_by_the_fund_differ_is_not_had_by_subtracting(
    publish: Callable[..., Candidate],
) -> None:
    """Twenty had the talk, nineteen of them with the fund."""
    figures = rows(
        publish().database,
        "select n_with_after, n_with_citizens_after, share_after, n_cases_after, relation_size"
        " from drift_points where to_activity_id = 'JOBSAMTALE' order by relation_number",
    )
    assert len(figures) == 2 and figures[0] == figures[1]


def test_a_process_without_a_change_is_told_as_one_where_none_was_shown(
    publish: Callable[..., Candidate],
) -> None:
    found = rows(
        publish().database,
        f"select outcome, n_cases, change_number from drift_points where process_id = '{CASH[0]}'",
    )
    assert found == [("no_change_shown", 90, None)]


def test_a_change_goes_with_any_withheld_slice_of_its_process(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(publish(withheld={(INSURED[0], None)}).database, MOVES) == []
