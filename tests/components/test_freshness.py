"""When a publication still rests on today's deliveries, law, code and settings."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from deliveries import deliver, publish

from pm_pipeline.components.freshness import delivered, fingerprint_of, forget_code, is_up_to_date
from pm_pipeline.ingest.landing.deliveries import find_delivery, withdraw_delivery
from pm_pipeline.ingest.loading.all_deliveries import Refused
from pm_pipeline.ingest.private_files import write_private_text
from pm_pipeline.ingest.rejects.reasons import Refusal
from pm_pipeline.settings import Settings

MUNICIPALITY = "903"


@pytest.fixture
def published(settings: Settings, tmp_path: Path) -> Settings:
    """A municipality whose one delivery is published."""
    deliver(settings, MUNICIPALITY, "first", tmp_path / "in")
    publish(settings, MUNICIPALITY)
    return settings


def test_nothing_published_is_not_up_to_date(settings: Settings, tmp_path: Path) -> None:
    assert not is_up_to_date(settings, MUNICIPALITY)
    deliver(settings, MUNICIPALITY, "first", tmp_path / "in")
    assert not is_up_to_date(settings, MUNICIPALITY)


def test_a_publication_of_everything_delivered_is_up_to_date(published: Settings) -> None:
    assert is_up_to_date(published, MUNICIPALITY)


def test_a_delivery_of_another_municipality_changes_nothing(
    published: Settings, tmp_path: Path
) -> None:
    deliver(published, "904", "second", tmp_path / "in")
    assert is_up_to_date(published, MUNICIPALITY)


def test_a_new_delivery_makes_the_publication_old(published: Settings, tmp_path: Path) -> None:
    deliver(published, MUNICIPALITY, "second", tmp_path / "in")
    assert not is_up_to_date(published, MUNICIPALITY)


def test_a_receipt_without_its_database_is_not_up_to_date(published: Settings) -> None:
    (published.published_dir(MUNICIPALITY) / "published.duckdb").unlink()
    assert not is_up_to_date(published, MUNICIPALITY)


def test_a_setting_that_changes_figures_makes_the_publication_old(published: Settings) -> None:
    assert not is_up_to_date(published.model_copy(update={"min_group_size": 10}), MUNICIPALITY)


def test_a_setting_that_changes_no_figure_leaves_the_publication_fresh(
    published: Settings,
) -> None:
    assert is_up_to_date(
        published.model_copy(update={"threads": 1, "memory_limit": "1GB"}), MUNICIPALITY
    )


def _field(folder: Path, settings: Settings) -> Settings:
    """Another field with the same law, so that a row of it can be edited."""
    sources = {"seeds": settings.seeds_dir, "expectations": settings.expectations_dir}
    for name, source in sources.items():
        for path in sorted(source.rglob("*")):
            if path.is_file():
                target = folder / name / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
    shipped = settings.contract_dirs[0] / "fasit" / "defs.yaml"
    (folder / "contracts" / "fasit").mkdir(parents=True)
    (folder / "contracts" / "fasit" / "defs.yaml").write_bytes(shipped.read_bytes())
    return settings.model_copy(update={"field_dir": folder})


def _edit_rule(field: Path) -> None:
    rules = field / "seeds" / "law" / "rules.csv"
    rules.write_text(rules.read_text() + "\n")


def _edit_expectation(field: Path) -> None:
    suite = field / "expectations" / "baseline" / "quality_events.json"
    suite.write_text(suite.read_text() + "\n")


def _edit_contract(field: Path) -> None:
    contract = field / "contracts" / "fasit" / "defs.yaml"
    contract.write_text(contract.read_text() + "# another time zone is meant\n")


@pytest.mark.parametrize("edit", [_edit_rule, _edit_expectation, _edit_contract])
def test_an_edited_row_of_law_a_suite_or_a_contract_makes_every_publication_old(
    edit: Callable[[Path], None], settings: Settings, tmp_path: Path
) -> None:
    here = _field(tmp_path / "field", settings)
    deliver(here, MUNICIPALITY, "first", tmp_path / "in")
    publish(here, MUNICIPALITY)
    assert is_up_to_date(here, MUNICIPALITY)
    edit(tmp_path / "field")
    forget_code()  # as another process would: files are read once per process
    assert not is_up_to_date(here, MUNICIPALITY)


def test_a_run_tells_the_code_it_began_with_and_not_what_was_edited_meanwhile(
    settings: Settings, tmp_path: Path
) -> None:
    here = _field(tmp_path / "field", settings)
    before = fingerprint_of(here, delivered(here, MUNICIPALITY))
    _edit_rule(tmp_path / "field")
    assert fingerprint_of(here, delivered(here, MUNICIPALITY)) == before


def test_a_withdrawn_delivery_counts_no_more_and_one_in_quarantine_does_not_yet(
    settings: Settings, tmp_path: Path
) -> None:
    first = deliver(settings, "903", "one", tmp_path / "one")
    second = deliver(settings, "903", "two", tmp_path / "two")
    assert {one.delivery_id for one in delivered(settings, "903")} == {first, second}
    withdraw_delivery(find_delivery(settings.landing_dir, "903", second), "not ours")
    assert {one.delivery_id for one in delivered(settings, "903")} == {first}
    # remembered by the attempt to load it
    waiting = settings.lake_dir("903") / "refusals" / f"fasit__{first}.json"
    for is_quarantined, counted in ((False, {first}), (True, set())):
        refused = Refused(first, Refusal.HEADER_MISMATCH, "other columns", is_quarantined)
        write_private_text(waiting, json.dumps(asdict(refused)))
        assert {one.delivery_id for one in delivered(settings, "903")} == counted
