"""What is edited is judged anew by the next run, and what does not rest on it is not."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pm_pipeline.components.freshness import forget_code
from pm_pipeline.components.recipes import forget_recipes, recipes_for
from pm_pipeline.settings import Settings

TOWNS = ("901", "903")
JUDGED = {"rule_results", "rule_history"}


@pytest.fixture
def field(settings: Settings, tmp_path: Path) -> Settings:
    """Another field of the same law, suites and contracts, to be edited."""
    folder = tmp_path / "field"
    shutil.copytree(settings.seeds_dir, folder / "seeds")
    shutil.copytree(settings.expectations_dir, folder / "expectations")
    shutil.copytree(settings.contract_dirs[0], folder / "contracts")
    return settings.model_copy(update={"field_dir": folder})


def _recipes(settings: Settings) -> Mapping[str, Mapping[str, str]]:
    """By which recipe each result of each town would be made now."""
    forget_code()
    forget_recipes()
    return {town: dict(recipes_for(settings, town).results) for town in TOWNS}


def _made_otherwise(settings: Settings, edit: Callable[[Path], None]) -> list[set[str]]:
    assert settings.field_dir
    before = _recipes(settings)
    edit(settings.field_dir)
    after = _recipes(settings)
    return [
        {name for name in before[town] if before[town][name] != after[town][name]} for town in TOWNS
    ]


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_an_edited_suite_judges_every_town_anew_and_nothing_else(field: Settings) -> None:
    def edit(folder: Path) -> None:
        suite = folder / "expectations" / "baseline" / "quality_events.json"
        _edit(suite, '"max_value": 1', '"max_value": 2')

    assert _made_otherwise(field, edit) == [JUDGED, JUDGED]


def test_an_edited_suite_of_a_regime_judges_every_town_anew_and_nothing_else(field: Settings) -> None:
    def edit(folder: Path) -> None:
        regimes = folder / "expectations" / "regimes"
        one = next(path for path in sorted(regimes.rglob("*.json")))
        _edit(one, '"title_en": "', '"title_en": "Edited: ')

    assert _made_otherwise(field, edit) == [JUDGED, JUDGED]


def test_an_edited_rule_on_the_log_judges_anew(field: Settings) -> None:
    def edit(folder: Path) -> None:
        rules = folder / "seeds" / "quality" / "log_rules.csv"
        last = rules.read_text("utf-8").rstrip().splitlines()[-1]
        _edit(rules, last, last.replace(last.split(",")[0], "EDITED-RULE"))

    for made in _made_otherwise(field, edit):
        assert made >= JUDGED
        assert not made & {"drift_points", "discovered_models"}


def test_an_edited_row_of_the_law_judges_anew(field: Settings) -> None:
    def edit(folder: Path) -> None:
        _edit(folder / "seeds" / "law" / "regimes.csv", "2026-07-01", "2026-07-02")

    for made in _made_otherwise(field, edit):
        assert made >= JUDGED


def test_nothing_edited_is_made_by_the_same_recipe(field: Settings) -> None:
    assert _made_otherwise(field, lambda _: None) == [set(), set()]


def test_another_term_of_the_history_makes_the_history_and_judges_nothing(settings: Settings) -> None:
    longer = settings.model_copy(update={"keep_judgements_days": 900})
    before, after = _recipes(settings), _recipes(longer)
    for town in TOWNS:
        changed = {name for name in before[town] if before[town][name] != after[town][name]}
        assert changed == {"rule_history"}
