"""The gate finds what should never have come so far."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish import Candidate, check_candidate, refuse_findings
from pm_pipeline.publish.database import STORAGE_VERSION
from tests.publish.publish_data import K, change

# No person has these: there is no 30 February.
CPR_LIKE = "300290-1234"
PSEUDONYM = "0123456789abcdef0123456789abcdef"


def found(candidate: Candidate) -> set[tuple[str, str]]:
    return {(finding.rule, finding.place) for finding in check_candidate(candidate, K)}


def test_a_candidate_as_built_passes(publish: Callable[..., Candidate]) -> None:
    candidate = publish()
    findings = check_candidate(candidate, K)
    assert findings == []
    refuse_findings(candidate, findings)


@pytest.mark.parametrize(
    ("statement", "rule", "place"),
    [
        (
            f"update process_map set from_label_da = 'Samtale {CPR_LIKE}'",
            "CPR-like number", "process_map.from_label_da",
        ),
        (
            "update process_variants set path_en = 'Talk 3002901234'",
            "CPR-like number", "process_variants.path_en",
        ),
        (
            f"update publication set deliveries = 'momentum {PSEUDONYM}'",
            "pseudonym", "publication.deliveries",
        ),
        (
            f"update kpi_rework set activity_id = '{PSEUDONYM.upper()}'",
            "pseudonym", "kpi_rework.activity_id",
        ),
        (
            "update quality_summary set legal_basis = 'file:///home/someone/rules.json'",
            "path of a machine", "quality_summary.legal_basis",
        ),
        ("update kpi_lead_time set n_citizens = 4", "small group", "kpi_lead_time"),
        (
            "update kpi_rework set n_repeated_cases = 2, n_repeated_citizens = 2",
            "small group", "kpi_rework.share_repeated",
        ),
        ("create table people as select 1 as n", "unlisted table", "people"),
        ("alter table process_map add column note varchar", "unlisted column", "process_map"),
        ("drop table kpi_rework", "missing table", "kpi_rework"),
        (
            "delete from process_map where arc_kind = 'start'",
            "differing file", "parquet/process_map.parquet",
        ),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(
    publish: Callable[..., Candidate], statement: str, rule: str, place: str
) -> None:
    candidate = publish()
    change(candidate.database, statement)
    assert (rule, place) in found(candidate)


def test_a_finding_never_repeats_the_value(publish: Callable[..., Candidate]) -> None:
    candidate = publish()
    change(
        candidate.database,
        f"update process_map set from_label_da = '{CPR_LIKE}', to_label_da = '{PSEUDONYM}'",
    )
    findings = check_candidate(candidate, K)
    with pytest.raises(PipelineError) as refused:
        refuse_findings(candidate, findings)
    assert "process_map.from_label_da" in str(refused.value)
    assert CPR_LIKE not in str(refused.value)
    assert PSEUDONYM not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("models/kontanthjaelp__20240101__process_map.svg", CPR_LIKE, "CPR-like number"),
        ("models/kontanthjaelp__20240101__inductive_miner.bpmn", PSEUDONYM, "pseudonym"),
        ("receipt.json", "/home/someone/data", "path of a machine"),
        ("parquet/people.parquet", "x", "unlisted file"),
        ("published.duckdb.wal", "x", "unlisted file"),
    ],
)
def test_a_planted_file_is_found(
    publish: Callable[..., Candidate], name: str, text: str, rule: str
) -> None:
    candidate = publish()
    (candidate.path / name).write_text(f"<text>{text}</text>", "utf-8")
    assert (rule, name) in found(candidate)


def test_what_only_resembles_a_fault_is_let_through(publish: Callable[..., Candidate]) -> None:
    candidate = publish()
    harmless = (
        "momentum 20261101-1234567890ab",  # a delivery
        "https://starwiki.atlassian.net/wiki/spaces/3562831892",  # a page
        "2026-11-22 10:00:00 and 20240101",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",  # a SHA-256
        "https://www.elov.dk/lov-om-en-aktiv-beskaeftigelsesindsats/paragraf/31",
    )
    for number, text in enumerate(harmless):
        (candidate.models_dir / f"{number}.svg").write_text(f"<text>{text}</text>", "utf-8")
    assert check_candidate(candidate, K) == []


def test_a_newer_storage_format_is_found(publish: Callable[..., Candidate]) -> None:
    candidate = publish()
    newer = candidate.path.with_name("newer.duckdb")
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{candidate.database}' as old (read_only);"
            f"attach '{newer}' as new (storage_version 'latest');"
            "copy from database old to new"
        )
    newer.replace(candidate.database)
    assert STORAGE_VERSION == "v1.0.0"
    assert ("storage version", "published.duckdb") in found(candidate)


def test_a_candidate_that_is_no_database_is_refused(
    publish: Callable[..., Candidate], tmp_path: Path
) -> None:
    candidate = publish()
    candidate.database.write_bytes(b"not a database at all")
    with pytest.raises(PipelineError, match="cannot be read back"):
        check_candidate(candidate, K)
