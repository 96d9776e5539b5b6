"""What is published of the comparisons around a change: no figure of a few, nor its sentence."""

from collections.abc import Callable

from pm_pipeline.publish import Candidate
from tests.publish.publish_data import rows


def test_a_figure_of_a_few_is_blanked_with_all_it_could_be_had_from(
    publish: Callable[..., Candidate],
) -> None:
    found = rows(
        publish().database,
        "select item, n_citizens, n_before, value_before, n_after, value_after, effect_size,"
        " sentence_da is null, sentence_en is null, is_masked from change_comparison order by item",
    )
    assert found == [
        ("JOBSAMTALE", 40, 30, 0.5, 40, 40 / 60, 0.5, False, False, False),
        # three citizens before
        ("MIN_PLAN", 40, None, None, 40, 40 / 60, None, True, True, True),
        # nobody before is no small group
        ("OVERGANG", 40, 0, 0.0, 40, 40 / 60, 0.5, False, False, False),
        # all but three afterwards; SANKTION, of three citizens at most, is not there at all
        ("TILBUD", 57, 30, 0.5, None, None, None, True, True, True),
    ]
