"""Contracts: what is read, and that each fault is refused with file, line and field."""

import json
from datetime import date
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pytest
import yaml
from ingest_files import SHIPPED, SMALL, shipped_contracts, small_contract, small_table
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.contract.json_schema import contract_schema
from pm_pipeline.ingest.contract.model import (
    Column,
    ColumnType,
    Contract,
    FileFormat,
    Role,
    Table,
)
from pm_pipeline.ingest.contract.ocel_parts import OCEL_PARTS
from pm_pipeline.ingest.contract.reading import load_contract
from pm_pipeline.ingest.contract.versions import load_contracts, load_system
from pm_pipeline.strict_yaml import load_strict_yaml


def test_the_shipped_contracts_load_and_say_how_certain_they_are() -> None:
    contracts = shipped_contracts()
    assert {name: c.latest.certainty for name, c in contracts.items()} == {
        "momentum": "uncertain", "fasit": "illustrative", "event_log": "verified",
        "object_log": "verified",
    }
    assert [t.name for t in contracts["momentum"].tables] == [
        "contacts", "tasks", "caseworkers", "target_groups", "offers", "absences", "cpr_changes",
    ]


def test_lake_schema_has_companions_provenance_and_no_dropped_column(tmp_path: Path) -> None:
    schema = small_table(tmp_path).lake_schema()
    assert schema.names == [
        "row_id", "citizen_id", "activity", "occurred_at", "occurred_at_precision",
        "occurred_at_flag", "hours", "created_by", "has_note",
        "delivery_id", "delivered_on", "received_at", "source_file", "source_row",
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
    assert plain[:-5] == [
        "event_row_id", "citizen_id", "case_id", "target_group", "unemployment_fund",
        "registered_on", "deregistered_on", "event_code", "occurred_at", "recorded_at", "contact_form",
        "responsible_party", "created_by", "org_unit_id", "has_note",
    ]
    assert "has_note" in contracts["momentum"].lake_schema("contacts").names


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("domain: record, ", "", 16, ["row_id", "domain"]),
    ("type: decimal", "type: money", 20, ["columns.hours.type", "money"]),
    ("decimal, presence: optional", "decimal, colour: red", 20, ["colour", "unknown"]),
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
    assert contracts["fasit"].latest.version == "1"
    assert contracts["momentum"].latest.version == "2026-01"


def test_a_folder_without_contracts_is_an_error_not_an_empty_result(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="no contract found"):
        load_contracts([tmp_path])


def test_the_fingerprint_follows_every_change_of_a_contract(tmp_path: Path) -> None:
    before = small_contract(tmp_path).fingerprint()
    assert small_contract(tmp_path).fingerprint() == before
    changed = small_contract(tmp_path, "decimal, presence: optional", "decimal, nullable: false")
    assert changed.fingerprint() != before


def _version(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / name).write_text(text, encoding="utf-8")


def test_a_new_release_is_a_version_beside_the_old_and_the_day_chooses(tmp_path: Path) -> None:
    _version(tmp_path, "defs.yaml")
    _version(
        tmp_path, "2026.yaml", ('version: "1"', 'version: "2"'), ("2020-01-01", "2026-03-01"),
        ("Hændelse, aliases: [Aktivitet]", "Activity"), ("decimal, presence: optional", "decimal"),
        ("Navn, treatment: drop", "Navn, type: text, treatment: presence_only"),
    )
    system = load_system(tmp_path)
    assert [one.version for one in system.versions] == ["1", "2"]
    for day, version in (
        (date(2019, 5, 1), "1"), (date(2026, 2, 28), "1"), (date(2026, 3, 1), "2"),
    ):
        assert system.at(day).version == version
    assert [one.version for one in system.others(date(2026, 3, 1))] == ["1"]
    # the lake has the columns of both, a column of one alone is null in the other's rows
    assert "has_name" in system.lake_schema("events").names
    assert system.lake_schema("events").names[-1] == "source_row"


def test_of_the_versions_not_in_force_the_nearest_is_tried_first(tmp_path: Path) -> None:
    for number, start in enumerate(("2020-01-01", "2022-01-01", "2025-01-01", "2026-06-01"), start=1):
        _version(tmp_path, f"{number}.yaml", ('version: "1"', f'version: "{number}"'),
                 ("2020-01-01", start))
    system = load_system(tmp_path)
    # version 3 is in force; version 4 begins in a month, version 2 began four years ago
    assert system.at(date(2026, 5, 1)).version == "3"
    assert [one.version for one in system.others(date(2026, 5, 1))] == ["4", "2", "1"]


@pytest.mark.parametrize(("changes", "words"), [
    ((('version: "1"', 'version: "2"'),), "valid_from"),
    ((("2020-01-01", "2026-03-01"),), "version: 1"),
    ((('version: "1"', 'version: "2"'), ("2020-01-01", "2026-03-01"),
      ("type: decimal", "type: integer")), "hours: the column is int64 here and decimal"),
    ((('version: "1"', 'version: "2"'), ("2020-01-01", "2026-03-01"),
      ("system: small", "system: other")), "expected a version of 'small'"),
])
def test_two_versions_that_cannot_stand_side_by_side_are_refused(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], words: str
) -> None:
    _version(tmp_path, "defs.yaml")
    _version(tmp_path, "later.yaml", *changes)
    with pytest.raises(PipelineError, match=words) as caught:
        load_system(tmp_path)
    assert "later.yaml" in str(caught.value)


@pytest.mark.parametrize(("old", "new", "words"), [
    ("      natural_key", "      row: interval\n      natural_key", "role starts"),
    ("      natural_key: [row_id]", "      delivers: full", "natural_key, by which a deleted row"),
    ("natural_key: [row_id]", "natural_key: [activity]", "nullable: no"),
    ("type: code}", "type: code, treatment: coarsen}", "coarsen_to"),
    ("type: code}", "type: code, treatment: coarsen, coarsen_to: {bands: [1]}}", "exactly one of"),
    ('robots: ["RPA*"]', 'robots: ["RPA*"], kinds: {robot: [R]}', "a kind already"),
    ("Navn, treatment: drop", "Navn, type: text, presence: forbidden, treatment: keep", "forbidden"),
    ("type: decimal", "type: decimal, role: occurred", "a date or a timestamp"),
    ("normalise: cpr", "pad_cpr: yes", "pad_cpr"),
    ('"%d-%m-%Y"]', '"%d-%m-%Y", "%d-%m-%y"]', "two_digit_pivot"),
])
def test_a_contract_that_cannot_mean_what_it_says_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    with pytest.raises(PipelineError, match=words):
        small_contract(tmp_path, old, new)


def test_the_published_json_schema_is_the_one_of_the_model() -> None:
    published = json.loads((SHIPPED / "contract.schema.json").read_text(encoding="utf-8"))
    assert published == contract_schema(), (
        "run: python -m pm_pipeline.ingest.contract.json_schema > "
        "pm_pipeline/defs/ingest/contract.schema.json"
    )


def test_the_json_schema_accepts_every_shipped_contract_and_finds_a_misspelt_key() -> None:
    schema = contract_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in SHIPPED.glob("*/defs.yaml"):
        assert list(validator.iter_errors(load_strict_yaml(path).value)) == [], path
        # what an editor sees has YAML's own types
        assert list(validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))) == []
    broken = load_strict_yaml(SHIPPED / "fasit" / "defs.yaml").value
    broken["attributes"]["tables"]["haendelser"]["columns"]["note"]["tretment"] = "drop"
    assert [error.validator for error in validator.iter_errors(broken)] == ["additionalProperties"]


@pytest.mark.parametrize("model", [Contract, Table, Column])
def test_every_setting_of_a_contract_is_explained_in_its_page(model: type[BaseModel]) -> None:
    page = (SHIPPED / "README.md").read_text(encoding="utf-8")
    left_out = {"name", "tables", "columns"}  # the keys that hold the settings
    unexplained = [
        name for name in model.model_fields if name not in left_out and f"`{name}`" not in page
    ]
    assert unexplained == []


def test_every_choice_of_a_setting_stands_in_the_page_of_contracts() -> None:
    page = (SHIPPED / "README.md").read_text(encoding="utf-8")
    choices = [*get_args(FileFormat), *get_args(ColumnType), *get_args(Role), *OCEL_PARTS]
    assert [choice for choice in choices if f"`{choice}`" not in page] == []
