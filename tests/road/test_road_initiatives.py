"""The made-up initiatives of the demo: one gave what was expected, after the other nothing is found."""

import pytest

from tests.road.the_road import Road, published_rows

pytestmark = pytest.mark.slow


def test_an_initiative_that_helped_is_found_to_have_helped(road: Road) -> None:
    ((verdict, design, low, high, n_before, n_after),) = published_rows(
        road, "904", "select verdict, design, effect_low, effect_high, n_before, n_after"
        " from initiative_effects",
    )
    assert (verdict, design) == ("improved", "interrupted_time_series")
    # in place of some ten days after a talk that is held after five, four days after the application
    assert isinstance(low, float) and isinstance(high, float) and low < -11 < high < 0
    assert n_before and n_after


def test_after_an_initiative_that_did_nothing_nothing_is_found(road: Road) -> None:
    ((verdict, design, effect),) = published_rows(
        road, "902", "select verdict, design, effect_size from initiative_effects"
    )
    # in a demo as small as this one the two groups lie in too few periods to be told apart
    assert verdict in ("no_change_shown", "cannot_tell_yet")
    assert design == "difference_in_differences"
    assert effect is not None or verdict == "cannot_tell_yet"


@pytest.mark.parametrize("town", ["901", "903", "905"])
def test_who_wrote_no_initiative_down_has_none(road: Road, town: str) -> None:
    assert published_rows(road, town, "select count(*) from initiative_effects") == [(0,)]
