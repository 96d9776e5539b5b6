"""What a replay of a queue answers is published with its interval, and what was seen of few is not."""

from collections.abc import Callable

from pm_pipeline.publish import Candidate
from tests.publish.publish_data import CASH, rows

TOLD = (
    "select what_if_id, measure, n_cases, n_citizens, observed, n_observed_citizens, changed,"
    " changed_low, changed_high, reason, is_masked from what_if_answers order by all"
)


def test_replays_are_told_and_what_was_seen_of_few_is_blanked(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(publish().database, TOLD) == [
        ("FEW", "mean_days_late", None, 0, None, None, None, None, None, "below_minimum_group", False),
        ("OFTEN", "mean_days_late", 90, 5, 9.35, 5, 18.0, 11.0, 25.0, None, False),
        ("OFTEN", "n_waiting", 90, 5, None, None, 18.0, 11.0, 25.0, None, True),
        # of nineteen citizens two would lie beyond it
        ("OFTEN", "p90_days_late", 90, 5, None, 5, 18.0, 11.0, 25.0, None, False),
    ]


def test_a_question_goes_with_any_withheld_slice_of_its_process(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(publish(withheld={(CASH[0], None)}).database, TOLD) == []


def test_no_turn_is_published(publish: Callable[..., Candidate]) -> None:
    columns = rows(
        publish().database,
        "select column_name from duckdb_columns() where column_name in ('begun_on', 'n_turns')",
    )
    assert columns == []
