"""The made-up release and the bad delivery of the demo are told apart from the laws near them."""

import pytest

from pm_pipeline.publish.adopters import read_adopters
from tests.road.the_road import MUNICIPALITIES, Road, published_rows

pytestmark = pytest.mark.slow

_CAUSES = """
    select distinct kind, cause from change_comparison
    where measure = 'null_share' and item = '{item}' and verdict = 'changed' order by all
"""


def test_the_field_that_the_release_lost_is_the_releases_also_at_the_law_five_weeks_before(
    road: Road,
) -> None:
    assert published_rows(road, "902", _CAUSES.format(item="contacts.org_unit_id")) == [
        ("law", "release"), ("release", "release"),
    ]


def test_the_field_that_one_delivery_lost_is_the_deliverys(road: Road) -> None:
    found = published_rows(road, "904", _CAUSES.format(item="haendelser.org_unit_id"))
    assert found == [("delivery", "delivery")]


def test_what_the_law_changed_is_not_said_to_be_the_release(road: Road) -> None:
    (causes,) = published_rows(
        road, "902", "select list(distinct cause) from change_comparison where change_id ="
        " 'CONTACT-2024' and measure = 'case_share' and verdict = 'changed'",
    )
    assert causes == (["law"],)


def test_what_the_axes_cannot_part_is_said_to_be_neither_the_laws_nor_the_releases(road: Road) -> None:
    # who holds the talks is what the law changed, and the release fell on the days of registration too
    found = published_rows(
        road, "902", "select distinct measure, cause, list_has_all(string_split(caused_by, '|'),"
        " ['CONTACT-2024', 'MADE-UP-MOMENTUM-902']) from change_comparison where kind = 'release'"
        " and measure in ('pair_share', 'party_share') and verdict = 'changed'"
        " and cause_rests_on = 'axes' order by all",
    )
    assert found == [("pair_share", "not_separable", True), ("party_share", "not_separable", True)]


def test_who_takes_up_a_law_is_told_of_every_municipality_that_published_its_day(road: Road) -> None:
    told = """
        select count(*) from change_comparison where kind = 'law' and change_id = 'CONTACT-2024'
            and verdict = 'changed' and is_late is not null
            and list_contains(string_split(caused_by, '|'), 'CONTACT-2024')
    """
    naming = {town for town in MUNICIPALITIES if published_rows(road, town, told) != [(0,)]}
    found = read_adopters(
        [road.published(town) for town in MUNICIPALITIES], "CONTACT-2024"
    )
    assert naming and {one.municipality_id for one in found} == naming
