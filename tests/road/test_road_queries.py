"""What the pages tell a reader to ask of a published file is answered by it."""

import re
from pathlib import Path

import pytest

from tests.road.the_road import MUNICIPALITIES, Place, Road, published_rows

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[2]


def queries(page: str) -> list[str]:
    """The queries of the SQL blocks of a page, without their comments."""
    text = (REPOSITORY / page).read_text("utf-8")
    blocks = re.findall(r"^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    found = [one.strip() for block in blocks for one in re.sub("--.*", "", block).split(";")]
    return [one for one in found if one]


def unanswered(place: Place, page: str) -> list[str]:
    """Queries without a row in any municipality; one that does not run raises."""
    asked = queries(page)
    assert asked, f"{page} has no query"
    return [
        sql for sql in asked
        if not any([published_rows(place, code, sql) for code in MUNICIPALITIES])
    ]  # fmt: skip


@pytest.mark.parametrize("page", ["README.md", "expectations/README.md"])
def test_every_query_of_a_page_has_an_answer_in_some_town(road: Road, page: str) -> None:
    assert unanswered(road, page) == []
