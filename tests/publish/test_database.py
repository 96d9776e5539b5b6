"""What a candidate holds, and what stops one from being built."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish import Candidate, Receipt
from pm_pipeline.publish.policy import PUBLISHED_TABLES
from tests.publish.publish_data import (
    MARTS_YAML,
    Inputs,
    a_receipt,
    change,
    replace_receipt,
    rows,
)


def test_the_publication_is_in_a_storage_format_that_older_clients_read(
    publish: Callable[..., Candidate],
) -> None:
    header = publish().database.read_bytes()[:20]
    assert (header[8:12], int.from_bytes(header[12:20], "little")) == (b"DUCK", 64)


def test_every_table_has_a_parquet_file_with_the_same_rows(
    publish: Callable[..., Candidate],
) -> None:
    candidate = publish()
    for (table,) in rows(candidate.database, "select table_name from duckdb_tables()"):
        parquet = candidate.parquet_dir / f"{table}.parquet"
        assert duckdb.sql(f"from '{parquet}' order by all").fetchall() == rows(
            candidate.database, f"from {table} order by all"
        ), table


def test_the_publication_says_what_it_was_made_from(publish: Callable[..., Candidate]) -> None:
    candidate = publish()
    assert rows(
        candidate.database,
        "select municipality_id, min_group_size, deliveries, rows_in, rows_loaded, rows_rejected,"
        " exact_duplicates, generation from publication",
    ) == [("901", 5, "momentum 20261101-1234567890ab", 110, 100, 6, 4, candidate.generation)]
    receipt = Receipt.model_validate_json((candidate.path / "receipt.json").read_text("utf-8"))
    assert receipt == a_receipt()


def test_every_column_says_what_it_means_in_both_languages(
    publish: Callable[..., Candidate],
) -> None:
    database = publish().database
    undocumented = rows(
        database,
        "select table_name, column_name from duckdb_columns() where not internal"
        " except select table_name, column_name from documentation"
        " where length(description_en) > 3 and length(description_da) > 3",
    )
    assert undocumented == []
    uncommented = rows(
        database,
        "select table_name, column_name from duckdb_columns()"
        " where not internal and comment is null",
    )
    assert uncommented == []


def test_no_path_of_this_machine_is_published(
    built: Inputs, publish: Callable[..., Candidate]
) -> None:
    candidate = publish()
    folders = [str(built.warehouse.parent).encode(), str(candidate.path.parent).encode()]
    for path in candidate.path.rglob("*"):
        if path.is_file():
            assert not any(folder in path.read_bytes() for folder in folders), path.name


def test_the_files_are_for_everybody_to_read_whatever_the_umask(
    publish: Callable[..., Candidate],
) -> None:
    before = os.umask(0o077)
    try:
        candidate = publish(withheld=set())  # built here, not copied
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in candidate.path.rglob("*") if path.is_file()}
    assert modes == {0o644}


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("alter table marts.process_map add column secret varchar", "process_map: column secret"),
        ("alter table marts.kpi_rework drop column label_en", "kpi_rework: column label_en"),
        ("drop table marts.process_variants", "marts.process_variants is missing"),
        ("update marts.kpi_lead_time set municipality_id = '902'", "rows of another municipality"),
        ("delete from marts.quality_summary where outcome = 'FAIL'", "does not agree with"),
    ],
)
def test_a_mart_that_is_not_as_listed_stops_the_publication(
    inputs: Inputs,
    publish: Callable[..., Candidate],
    tmp_path: Path,
    statement: str,
    message: str,
) -> None:
    change(inputs.warehouse, statement)
    with pytest.raises(PipelineError, match=message):
        publish(inputs)
    assert not (tmp_path / "candidate").exists()


def test_a_mart_nobody_listed_is_not_published(
    inputs: Inputs, publish: Callable[..., Candidate]
) -> None:
    change(inputs.warehouse, "create table marts.people as select 'x' as citizen_id")
    found = rows(publish(inputs).database, "select table_name from duckdb_tables()")
    assert ("people",) not in found


def test_a_column_without_a_danish_text_stops_the_publication(
    publish: Callable[..., Candidate], tmp_path: Path
) -> None:
    broken = tmp_path / "_marts.yml"
    broken.write_text(
        MARTS_YAML.read_text("utf-8").replace('description_da: "Kommunens kode."', "x: y", 1),
        "utf-8",
    )
    with pytest.raises(PipelineError, match="column municipality_id of kpi_time_to_first_talk"):
        publish(marts_yaml=broken)


def test_a_receipt_of_another_municipality_is_refused(publish: Callable[..., Candidate]) -> None:
    with pytest.raises(PipelineError, match="receipt is of municipality 902"):
        publish(receipt=replace_receipt(a_receipt(), municipality_id="902"))


def test_a_missing_model_file_leaves_no_candidate_behind(
    inputs: Inputs, publish: Callable[..., Candidate], tmp_path: Path
) -> None:
    mining = tmp_path / "mining"
    shutil.copytree(inputs.mining_dir, mining)
    (mining / "artefacts" / "model-cash" / "model.svg").unlink()
    with pytest.raises(PipelineError, match=r"model\.svg: the file is missing"):
        publish(mining_dir=mining)
    assert not (tmp_path / "candidate").exists()


def test_an_artefact_folder_outside_the_mining_folder_is_refused(
    publish: Callable[..., Candidate], inputs: Inputs, tmp_path: Path
) -> None:
    mining = tmp_path / "mining"
    shutil.copytree(inputs.mining_dir, mining)
    path = mining / "slices.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table slices as from '{path}'")
        connection.execute("update slices set map_dir = '../../etc' where map_dir is not null")
        connection.execute(f"copy slices to '{path}' (format parquet)")
    with pytest.raises(PipelineError, match="lies outside"):
        publish(mining_dir=mining)


def test_two_publications_of_the_same_marts_hold_the_same_rows(
    publish: Callable[..., Candidate], tmp_path: Path
) -> None:
    first = publish().database
    second = publish(candidate_dir=tmp_path / "second").database
    for name in PUBLISHED_TABLES:
        assert rows(first, f"from {name}") == rows(second, f"from {name}"), name


def test_the_receipt_reads_as_json_with_its_counts(publish: Callable[..., Candidate]) -> None:
    content = json.loads((publish().path / "receipt.json").read_text("utf-8"))
    assert content["rows_in"] == (
        content["rows_loaded"] + content["rows_rejected"] + content["exact_duplicates"]
    )
    assert content["deliveries"][0]["delivery_id"] == "20261101-1234567890ab"
