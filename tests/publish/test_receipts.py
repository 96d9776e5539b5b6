"""Receipts say where figures come from; fingerprints say whether anything changed."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish import (
    DeliveryReceipt,
    collect_receipt,
    fingerprint_paths,
    input_fingerprint,
    read_receipt,
)
from tests.publish.publish_data import CASH, INSURED, Inputs, a_receipt

FIRST, SECOND = (
    DeliveryReceipt(
        system_id="momentum", delivery_id=name, contract_version="1", sha256s=(name * 8,)
    )
    for name in ("a", "b")
)
SETTINGS = {"min_group_size": 5, "keep_judgements_days": 548}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    (folder / "law").mkdir(parents=True)
    (folder / "law" / "rules.csv").write_text("rule_id\nR1\n", "utf-8")
    (folder / "names.csv").write_text("id\n1\n", "utf-8")
    return folder


def test_the_same_input_has_the_same_fingerprint_wherever_it_lies(
    seeds: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere" / "copied"
    shutil.copytree(seeds, copy)
    one = input_fingerprint([FIRST, SECOND], {"seeds": seeds}, SETTINGS)
    other = input_fingerprint([SECOND, FIRST], {"seeds": copy}, dict(reversed(SETTINGS.items())))
    assert one == other
    assert len(one) == 64


@pytest.mark.parametrize("change", ["content", "name", "new file", "delivery", "setting", "label"])
def test_any_change_of_input_changes_the_fingerprint(seeds: Path, change: str) -> None:
    before = input_fingerprint([FIRST], {"seeds": seeds}, SETTINGS)
    deliveries, paths, settings = [FIRST], {"seeds": seeds}, dict(SETTINGS)
    if change == "content":
        (seeds / "law" / "rules.csv").write_text("rule_id\nR2\n", "utf-8")
    elif change == "name":
        (seeds / "names.csv").rename(seeds / "titles.csv")
    elif change == "new file":
        (seeds / "empty.csv").touch()
    elif change == "delivery":
        deliveries = [FIRST, SECOND]
    elif change == "setting":
        settings["min_group_size"] = 6
    else:
        paths = {"law": seeds}
    assert input_fingerprint(deliveries, paths, settings) != before


def test_what_tools_leave_behind_does_not_change_the_fingerprint(seeds: Path) -> None:
    before = fingerprint_paths({"seeds": seeds})
    for name in ("__pycache__/x.pyc", "target/manifest.json", "logs/dbt.log"):
        (seeds / name).parent.mkdir()
        (seeds / name).write_text("noise", "utf-8")
    assert fingerprint_paths({"seeds": seeds}) == before


def test_a_missing_folder_is_named_not_fingerprinted(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"nowhere.*\(seeds\)"):
        fingerprint_paths({"seeds": tmp_path / "nowhere"})


def test_the_receipt_counts_what_the_warehouse_holds(built: Inputs) -> None:
    receipt = collect_receipt(
        built.warehouse,
        municipality_id="901",
        min_group_size=5,
        code_version="0.1.0",
        law_fingerprint="1" * 64,
        input_fingerprint="2" * 64,
        published_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    assert (receipt.rows_in, receipt.rows_loaded) == (110, 100)
    assert (receipt.rows_rejected, receipt.exact_duplicates) == (6, 4)
    assert (receipt.staged_rows, receipt.events, receipt.rejected_events) == (100, 95, 5)
    assert receipt.regimes == (INSURED[1], CASH[1])
    assert len(receipt.deliveries) == 1
    assert len(receipt.deliveries[0].sha256s) == 2


def test_nothing_published_has_no_receipt(tmp_path: Path) -> None:
    assert read_receipt(tmp_path) is None


def test_a_receipt_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_text(a_receipt().model_dump_json(), "utf-8")
    assert read_receipt(tmp_path) == a_receipt()


@pytest.mark.parametrize("content", ["{}", "not json", '{"municipality_id": "901", "extra": 1}'])
def test_a_receipt_of_another_version_is_refused_with_its_path(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "receipt.json").write_text(content, "utf-8")
    with pytest.raises(PipelineError, match=r"receipt\.json: not a receipt of this version"):
        read_receipt(tmp_path)
