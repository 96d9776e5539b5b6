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
        (2, None, None, 0.7, "large", False, True),
    ]


def test_a_process_without_a_change_is_told_as_one_where_none_was_shown(
    publish: Callable[..., Candidate],
) -> None:
    found = rows(
        publish().database,
        f"select outcome, n_cases, change_number from drift_points where process_id = '{CASH[0]}'",
    )
    assert found == [("no_change_shown", 92, None)]


def test_a_change_goes_with_any_withheld_slice_of_its_process(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(publish(withheld={(INSURED[0], None)}).database, MOVES) == []
