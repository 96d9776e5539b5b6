"""The rows of REFORM-1B that the README shows are the rows of the seeds.

``UPDATE_WORKED_EXAMPLE=1 pytest tests/law/test_worked_example.py`` writes them anew.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pm_pipeline.law.drafts.sheet import read_sheet
from tests.conftest import SHIPPED_SEEDS

CHANGE = "REFORM-1B"
DBT_PROJECT = SHIPPED_SEEDS.parent
README = DBT_PROJECT / "README.md"
FILES = ("legal_changes", "regimes", "rules", "exemptions")
EXAMPLE = "scenarios/LAB31_G2_FIRST_TALK.yml"


def _block(file: str) -> re.Pattern[str]:
    return re.compile(rf"^(```\w+ {re.escape(file)}\n)(.*?)(^```)$", re.M | re.S)


def _rows(file: str) -> str:
    """Header and rows of the change, and of the regimes it begins, byte for byte."""
    regimes = read_sheet(SHIPPED_SEEDS / "law/regimes.csv")
    mine = {row["regime_id"] for row in regimes.rows if row["change_id"] == CHANGE}
    sheet = read_sheet(SHIPPED_SEEDS / file)
    kept = [
        record for record in sheet.records
        if sheet.values(record)["change_id"] == CHANGE or sheet.values(record).get("regime_id") in mine
    ]
    assert kept, f"{CHANGE} has no row in {file}"
    return sheet.header.text + "".join(record.text for record in kept)


def _example() -> str:
    """The first two examples of the change's own rule: one that meets it, one that does not."""
    text = (DBT_PROJECT / EXAMPLE).read_text("utf-8")
    first, second, *_ = re.split(r"(?m)^(?=  - name: )", text)[1:]
    assert [one["expect"] for one in yaml.safe_load(first + second)] != []
    return f"{first}{second}".rstrip() + "\n"


def _shown() -> Iterator[tuple[str, str]]:
    for name in FILES:
        yield f"law/{name}.csv", _rows(f"law/{name}.csv")
    yield EXAMPLE, _example()


@pytest.mark.parametrize(("file", "wanted"), list(_shown()), ids=(*FILES, "example"))
def test_what_the_readme_shows_of_the_change_is_what_stands_in_the_file(
    file: str, wanted: str
) -> None:
    page = README.read_text("utf-8")
    if os.environ.get("UPDATE_WORKED_EXAMPLE"):
        page = _block(file).sub(lambda found: found[1] + wanted + found[3], page)
        README.write_text(page, "utf-8")
    ((_, shown, _),) = _block(file).findall(page)
    assert shown == wanted, "write it anew: UPDATE_WORKED_EXAMPLE=1"


def test_what_the_readme_says_has_no_row_has_none() -> None:
    for file in ("law/clock_stops.csv", "mapping/activity_mappings.csv"):
        rows = read_sheet(Path(SHIPPED_SEEDS / file)).rows
        assert not [row for row in rows if row["change_id"] == CHANGE], file


def test_the_regimes_before_the_change_end_on_its_day() -> None:
    rows = read_sheet(SHIPPED_SEEDS / "law/regimes.csv").rows
    for process in ("forsikrede_ledige", "kontanthjaelp"):
        (before,) = [row for row in rows if row["regime_id"] == f"{process}__20240101"]
        assert before["valid_to"] == "2026-07-01"
        assert list((DBT_PROJECT.parent / "expectations/regimes" / f"{process}__20260701").iterdir())
