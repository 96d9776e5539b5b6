"""Contracts: what is read, and that each fault is refused with file, line and field."""

from pathlib import Path

import pyarrow as pa
import pytest
from ingest_files import SHIPPED, SMALL, shipped_contracts, small_contract, small_table

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.model import load_contract, load_contracts


def test_the_shipped_contracts_load_and_say_how_certain_they_are() -> None:
    contracts = shipped_contracts()
    assert {name: c.certainty for name, c in contracts.items()} == {
        "momentum": "uncertain", "fasit": "illustrative", "event_log": "verified",
    }
    assert [t.name for t in contracts["momentum"].tables] == [
        "contacts", "tasks", "caseworkers", "target_groups", "offers",
    ]


def test_lake_schema_has_companions_provenance_and_no_dropped_column(tmp_path: Path) -> None:
    schema = small_table(tmp_path).lake_schema()
    assert schema.names == [
        "row_id", "citizen_id", "activity", "occurred_at", "occurred_at_precision",
        "occurred_at_flag", "hours", "created_by", "has_note",
        "delivery_id", "delivered_on", "source_file", "source_row",
    ]
    assert schema.field("hours").type == pa.decimal128(18, 4)
    assert schema.field("has_note").type == pa.bool_()
    assert schema.field("occurred_at").type == pa.timestamp("us")


def test_fasit_and_momentum_lake_columns_are_those_of_the_brief() -> None:
    contracts = shipped_contracts()
    plain = [
        n for n in contracts["fasit"].tables[0].lake_schema().names
        if not n.endswith(("_precision", "_flag"))
    ]
    assert plain[:-4] == [
        "event_row_id", "citizen_id", "case_id", "target_group", "registered_on",
        "deregistered_on", "event_code", "occurred_at", "recorded_at", "contact_form",
        "responsible_party", "created_by", "org_unit_id", "has_note",
    ]
    assert "has_note" in contracts["momentum"].table("contacts").lake_schema().names


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("domain: record, ", "", 16, ["row_id", "domain"]),
    ("type: decimal", "type: money", 20, ["columns.hours.type", "money"]),
    ("decimal, required: false", "decimal, colour: red", 20, ["colour", "unknown"]),
    ("natural_key: [row_id]", "natural_key: [nothing]", 9, ["natural_key", "nothing"]),
    ("type: decimal,", "type: decimal, time_header: Kl,", 20, ["time_header"]),
    ("%d-%m-%Y %H:%M", "%d-%m-%y %H:%M", 19, ["%y", "four digits"]),
    ('"%d-%m-%Y"]', '"%d-%m-%Y", "%m-%d-%Y"]', 19, ["read both as"]),
    (', formats: ["%d-%m-%Y %H:%M", "%d-%m-%Y"]', "", 19, ["formats"]),
    ("treatment: presence_only", "treatment: keep", 22, ["free_text"]),
    ("Navn, treatment: drop", "Navn", 23, ["type"]),
    ("Navn, treatment", "CPR, treatment", 9, ["cpr", "two columns"]),
    ('files: "events*.csv"', 'files: "events*.csv"\n      encoding: cp9999', 9, ["cp9999"]),
    ("certainty: illustrative", "certainty: sure", 6, ["certainty", "sure"]),
    ("system: small", "system: small\n  timezone: Europe/Nowhere", 4, ["timezone"]),
    ("type: code", "type: code, pattern: '['", 18, ["pattern"]),
    ("note:", "row_id:", 22, ["row_id", "twice"]),
])
def test_a_faulty_contract_is_refused_with_file_line_and_field(
    tmp_path: Path, old: str, new: str, line: int, words: list[str]
) -> None:
    with pytest.raises(PipelineError) as caught:
        small_contract(tmp_path, old, new)
    message = str(caught.value)
    assert f"small.yaml, line {line}" in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(("old", "new", "word"), [
    ("system: small", "system: &a small", "anchor"),
    ("system: small", "system: !!python/name:os.system small", "tag"),
    ("system: small", "system: [small", "YAML"),
    ("type: pm_pipeline.components.CaseSystemExport", "type: os.system", "CaseSystemExport"),
])
def test_yaml_that_could_mean_something_else_is_refused(
    tmp_path: Path, old: str, new: str, word: str
) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(PipelineError, match=word):
        load_contract(path)


def test_scalars_stay_text_so_that_codes_keep_their_zeros(tmp_path: Path) -> None:
    table = small_table(tmp_path, "type: code", "type: code, allowed: [0101, NO, 1e3, yes]")
    assert table.columns[2].allowed == ("0101", "NO", "1e3", "yes")


def test_a_later_folder_overrides_a_contract_of_the_same_system(tmp_path: Path) -> None:
    own = tmp_path / "small"
    own.mkdir()
    text = SMALL.replace("system: small", "system: fasit")
    (own / "defs.yaml").write_text(text, encoding="utf-8")
    contracts = load_contracts([SHIPPED, tmp_path])
    assert contracts["fasit"].version == "1"
    assert contracts["momentum"].version == "2026-01"


def test_a_folder_without_contracts_is_an_error_not_an_empty_result(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="no contract found"):
        load_contracts([tmp_path])


def test_the_fingerprint_follows_every_change_of_a_contract(tmp_path: Path) -> None:
    before = small_contract(tmp_path).fingerprint()
    assert small_contract(tmp_path).fingerprint() == before
    changed = small_contract(tmp_path, "decimal, required: false", "decimal, nullable: false")
    assert changed.fingerprint() != before
