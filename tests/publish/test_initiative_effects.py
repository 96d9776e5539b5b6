"""What became of an initiative is published with its interval, and with no figure about few people."""

from collections.abc import Callable

from pm_pipeline.publish import Candidate
from tests.publish.publish_data import CASH, rows

TOLD = (
    "select initiative_id, verdict, reason, n_before, n_after, n_comparison_before,"
    " n_comparison_after, effect_size, mean_before, sentence_en, is_masked"
    " from initiative_effects order by all"
)


def test_an_initiative_is_told_with_counts_in_steps_and_a_side_of_few_with_all_that_rests_on_it_is_not(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(publish().database, TOLD) == [
        ("FEW", "cannot_tell_yet", "below_minimum_group", 90, 50, None, 10, None, None, None, True),
        ("HELPED", "improved", None, 90, 50, None, None, 1.12, 2.35, "Improved.", False),
        ("NOT_BEGUN", "cannot_tell_yet", "no_cases_after", 90, 0, None, None, None, None, "Improved.",
         False),
    ]  # fmt: skip


def test_an_initiative_goes_with_any_withheld_slice_of_its_process(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(publish(withheld={(CASH[0], None)}).database, TOLD) == []


def test_no_series_is_published(publish: Callable[..., Candidate]) -> None:
    columns = rows(
        publish().database,
        "select column_name from duckdb_columns()"
        " where column_name in ('period_number', 'total_of_squares')",
    )
    assert columns == []
