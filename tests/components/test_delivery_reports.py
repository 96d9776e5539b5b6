"""Reports of deliveries that were refused or taken back, made from files alone."""

from pathlib import Path

import pytest
from deliveries import deliver

from pm_pipeline.commands.delivery_reports import report_deliveries
from pm_pipeline.components.delivery_reports import report_dir, write_delivery_reports, write_index
from pm_pipeline.components.freshness import known_contracts
from pm_pipeline.errors import UsageError
from pm_pipeline.ingest.landing.deliveries import find_delivery, list_deliveries, withdraw_delivery
from pm_pipeline.ingest.loading.all_deliveries import load_deliveries
from pm_pipeline.ingest.rejects.mending import REASON_MENDING, REFUSAL_MENDING
from pm_pipeline.ingest.rejects.reasons import Reason, Refusal
from pm_pipeline.settings import Settings

CANARY = "311299-1234"


@pytest.fixture
def refused(settings: Settings, tmp_path: Path) -> Settings:
    """A delivery without the agreed header, with a person's number where the header should be."""
    deliver(settings, "903", f"{CANARY};Jensen\n{CANARY};Hansen\n", tmp_path / "in")
    loads = load_deliveries(
        list_deliveries(settings.landing_dir, "903"), known_contracts(settings)["fasit"],
        settings.lake_dir("903"), settings.key_dir,
    )
    assert [one.code for one in loads.refused] == [Refusal.HEADER_MISMATCH]
    return settings


def test_a_refused_delivery_has_a_page_that_says_why_without_a_value(refused: Settings) -> None:
    [written] = report_deliveries(refused, "903", None, None)
    page = (written.folder / "report.html").read_text(encoding="utf-8")
    sheet = (written.folder / "report.csv").read_text(encoding="utf-8")
    assert "HEADER_MISMATCH" in page and "fasit_export.csv" in page
    for text in (page, sheet):
        assert CANARY not in text and "Jensen" not in text
        assert str(refused.data_dir) not in text  # nor where it lies on this machine
    assert (written.folder / "report.html").stat().st_mode & 0o077 == 0


def test_the_index_tells_the_refusal(refused: Settings, tmp_path: Path) -> None:
    index = tmp_path / "index.parquet"
    assert write_index(index, write_delivery_reports(refused, "903"), "recipe") == 1


def test_a_delivery_that_is_taken_back_loses_its_page(refused: Settings) -> None:
    [written] = write_delivery_reports(refused, "903")
    withdraw_delivery(find_delivery(refused.landing_dir, "903", "2025"), "test")
    assert write_delivery_reports(refused, "903") == []
    assert not written.folder.exists()
    with pytest.raises(UsageError, match="was withdrawn"):
        report_deliveries(refused, "903", None, "2025")


def test_a_delivery_that_was_never_run_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    deliver(settings, "903", "first", tmp_path / "in")
    with pytest.raises(UsageError, match="pm-pipeline run -m 903"):
        report_deliveries(settings, "903", None, None)


def test_a_system_that_delivered_nothing_is_named(settings: Settings, tmp_path: Path) -> None:
    deliver(settings, "903", "first", tmp_path / "in")
    with pytest.raises(UsageError, match="nothing from momentum"):
        report_deliveries(settings, "903", "momentum", None)


def test_a_report_lies_under_its_system_and_delivery(settings: Settings, tmp_path: Path) -> None:
    delivery_id = deliver(settings, "903", "first", tmp_path / "in")
    [delivery] = list_deliveries(settings.landing_dir, "903")
    assert report_dir(settings, delivery).name == f"fasit__{delivery_id}"


def test_every_code_says_what_the_sender_should_mend_in_both_languages() -> None:
    assert set(REASON_MENDING) == set(Reason) and set(REFUSAL_MENDING) == set(Refusal)
    for danish, english in (*REASON_MENDING.values(), *REFUSAL_MENDING.values()):
        assert danish.strip() and english.strip() and danish != english
