"""What the pages tell a reader to ask of a published file is answered by it.

Of what is withheld nothing is told where nothing is: that query is asked in ``tests/publish``.
"""

import pytest

from tests.page_queries import queries
from tests.road.the_road import MUNICIPALITIES, Place, Road, published_rows

pytestmark = pytest.mark.slow


def unanswered(place: Place, page: str) -> list[str]:
    """Queries without a row in any municipality; one that does not run raises."""
    asked = queries(page)
    assert asked, f"{page} has no query"
    silent = [
        sql for sql in asked
        if not any([published_rows(place, code, sql) for code in MUNICIPALITIES])
    ]  # fmt: skip
    return [sql for sql in silent if "withheld_slices" not in sql]


@pytest.mark.parametrize("page", ["README.md", "expectations/README.md"])
def test_every_query_of_a_page_has_an_answer_in_some_town(road: Road, page: str) -> None:
    assert unanswered(road, page) == []
