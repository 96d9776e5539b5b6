"""Municipalities that took up a law early and late: the order comes out, and the late are named."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.adopters import Adopter, read_adopters
from pm_pipeline.quality.effects.compare import compare_changes
from tests.quality.effects.planted_town import make_town

#: So early that a year of cases after it can be followed for ninety days.
LAW_ON = date(2023, 6, 5)
#: By municipality the days after the law from which everybody works by it.
PLANTED = {"901": 240, "902": 0, "903": 120, "904": 60}


def publish_town(folder: Path, municipality_id: str, days: int) -> Path:
    """Half of those who begin from the law on have no CV talk any more, and bit by bit nobody."""

    def plant(act: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
        since = (act["begun_on"] - LAW_ON).days
        if act["code"] != 2 or since < 0:
            return act
        taken_up = 1.0 if since >= days else 0.5 + 0.5 * since / days
        return act | {"code": 1} if rng.random() < taken_up else act

    published = folder / municipality_id
    (published / "parquet").mkdir(parents=True)
    with make_town(plant, seed=int(municipality_id), cases_a_week=12, law_on=LAW_ON) as connection:
        # the published table has the columns that are read here, some of them rounded or blanked
        compare_changes(
            connection, municipality_id, published / "parquet" / "change_comparison.parquet"
        )
    return published


@pytest.fixture(scope="module")
def adopters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Adopter, ...]:
    folder = tmp_path_factory.mktemp("published")
    towns = [publish_town(folder, code, days) for code, days in PLANTED.items()]
    return read_adopters([*towns, folder / "999"], "LAW")


def test_municipalities_come_in_the_order_in_which_they_took_up_the_law(
    adopters: tuple[Adopter, ...],
) -> None:
    assert [one.municipality_id for one in adopters] == ["902", "904", "903", "901"]
    assert {one.item for one in adopters} == {"CV"}


def test_who_took_it_up_after_more_than_half_a_year_is_named_as_late_and_nobody_else(
    adopters: tuple[Adopter, ...],
) -> None:
    assert [one.municipality_id for one in adopters if one.is_late] == ["901"]


def test_the_planted_day_lies_between_those_that_are_told(adopters: tuple[Adopter, ...]) -> None:
    for one in adopters:
        planted = LAW_ON + timedelta(days=PLANTED[one.municipality_id])
        week = timedelta(days=7)
        assert one.adopted_from_on is not None and one.adopted_from_on - week <= planted
        assert one.adopted_to_on is None or planted <= one.adopted_to_on + week


def test_a_law_that_nobody_published_anything_about_has_no_adopters(tmp_path: Path) -> None:
    assert read_adopters([tmp_path / "901"], "LAW") == ()


def test_what_another_version_published_is_named_and_not_passed_over(tmp_path: Path) -> None:
    import duckdb

    file = tmp_path / "901" / "parquet" / "change_comparison.parquet"
    file.parent.mkdir(parents=True)
    duckdb.sql(f"copy (select 1 as change_id) to '{file}' (format parquet)")
    with pytest.raises(PipelineError, match=r"901.*not published by this version"):
        read_adopters([tmp_path / "901"], "LAW")
