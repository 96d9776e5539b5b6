"""Two groups side by side are published in steps, with nothing of a few, and their maps with them."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish import Candidate
from tests.publish.publish_data import CASH, INSURED, Inputs, rows

TOLD = (
    "select comparison_id, to_activity_id, outcome, reason, n_cases_first, n_cases_second, n_first,"
    " n_second, n_citizens, value_second, difference, verdict, is_masked from group_comparisons"
    " order by all"
)


def test_a_comparison_is_told_in_steps_and_nothing_rests_on_a_side_of_few(
    publish: Callable[..., Candidate],
) -> None:
    assert rows(publish().database, TOLD) == [
        ("few", None, "not_comparable", "below_minimum_group", None, None, None, None, 0, None, None,
         None, False),
        ("groups", "AFMELDT_JOB", "compared", None, 60, 30, 20, None, 5, None, None, None, True),
        ("groups", "JOBSAMTALE", "compared", None, 60, 30, 20, 20, 5, 0.667, 0.334, "higher", False),
        ("groups", None, "compared", None, 60, 30, None, None, 5, None, None, None, False),
    ]  # fmt: skip


def test_how_many_citizens_stand_behind_a_side_is_told_as_enough_or_nobody(built: Inputs) -> None:
    columns = ("n_citizens_first", "n_citizens_second", "n_first_citizens", "n_second_citizens")
    for column in columns:
        found = rows(built.warehouse, f"select distinct {column} from marts.group_comparisons")
        assert {value for (value,) in found} <= {None, 0, 5}, column


def test_a_comparison_by_unit_is_not_published_and_neither_is_its_map(
    publish: Callable[..., Candidate],
) -> None:
    candidate = publish()
    assert "units" not in {one for one, *_ in rows(candidate.database, TOLD)}
    assert sorted(path.name for path in candidate.models_dir.glob("difference_map*")) == [
        "difference_map__groups__da.svg", "difference_map__groups__en.svg",
    ]  # fmt: skip


@pytest.mark.parametrize(("withheld", "n_maps"), [(CASH, 0), ((None, None), 0), (INSURED, 2)])
def test_maps_and_rows_go_with_any_withheld_slice_of_their_process(
    publish: Callable[..., Candidate], withheld: tuple[str | None, str | None], n_maps: int
) -> None:
    candidate = publish(withheld={withheld})
    assert len(list(candidate.models_dir.glob("difference_map*"))) == n_maps
    assert bool(rows(candidate.database, TOLD)) == bool(n_maps)


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("comparison_maps.parquet", "no comparisons yet"),
        ("comparisons/groups/map_en.svg", "map_en.svg: the file is missing"),
    ],
)
def test_a_publication_without_its_maps_is_refused(
    publish: Callable[..., Candidate], built: Inputs, tmp_path: Path, lost: str, told: str
) -> None:
    mining = tmp_path / "mining"
    shutil.copytree(built.mining_dir, mining)
    (mining / lost).unlink()
    with pytest.raises(PipelineError, match=told):
        publish(replace(built, mining_dir=mining), tmp_path / "other", mining_dir=mining)
