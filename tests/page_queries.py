"""The SQL that the pages of the project tell a reader to run."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def queries(page: str) -> list[str]:
    """The queries of the SQL blocks of a page, without their comments."""
    text = (REPOSITORY / page).read_text("utf-8")
    blocks = re.findall(r"^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    found = [one.strip() for block in blocks for one in re.sub("--.*", "", block).split(";")]
    return [one for one in found if one]
