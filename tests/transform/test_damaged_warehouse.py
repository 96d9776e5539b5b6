"""A damaged warehouse says so and what to do; one build makes it again."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from pm_pipeline import warehouse
from pm_pipeline.errors import PipelineError
from pm_pipeline.transform.build import build_warehouse
from tests.transform.other_project import MUNICIPALITY, OtherProject


def _header(path: Path) -> None:
    path.write_bytes(b"no database" + path.read_bytes()[11:])


def _half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _blocks(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(3 * 4096 + 64, len(data), 512):
        data[place] ^= 0xFF
    path.write_bytes(bytes(data))


def _foreign_log(path: Path) -> None:
    other = path.with_name("other.duckdb")
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table elsewhere as select 1 as n")
        connection.execute("checkpoint")
        connection.execute("create table later as select 2 as n")
        shutil.copyfile(f"{other}.wal", f"{path}.wal")


@pytest.mark.parametrize("damage", [_header, _half, _blocks, _foreign_log])
def test_a_damaged_warehouse_is_told_and_one_build_makes_it_again(
    built: OtherProject, damage: object
) -> None:
    path = built.warehouse_path(MUNICIPALITY)
    damage(path)  # type: ignore[operator]
    with pytest.raises(PipelineError) as caught, warehouse.connect(path) as connection:
        connection.execute("select * from marts.two").fetchall()
    assert str(path) in str(caught.value) and "damaged" in str(caught.value)
    assert "pm-pipeline run --force" in str(caught.value)
    build_warehouse(built, MUNICIPALITY, "core")
    build_warehouse(built, MUNICIPALITY, "marts")
    with warehouse.connect(path) as connection:
        assert connection.execute("select n from marts.three").fetchall() == [(2,)]
    assert not path.with_name(path.name + ".wal").exists()
