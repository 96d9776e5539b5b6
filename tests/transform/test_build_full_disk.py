"""A build that finds the disk full says so, and the old warehouse still serves."""

import shutil
from pathlib import Path

import pytest

from pm_pipeline import warehouse
from pm_pipeline.errors import PipelineError
from pm_pipeline.transform.build import build_warehouse
from tests.full_disk import disk_of, fill
from tests.transform.other_project import MUNICIPALITY, OtherProject


@pytest.mark.parametrize("stage", ["core", "marts"])
def test_a_build_on_a_full_disk_is_told_and_the_next_one_completes(
    built: OtherProject, tmp_path: Path, stage: str
) -> None:
    work = built.work_dir(MUNICIPALITY)
    with disk_of(tmp_path / "small", 12) as place:
        shutil.copytree(work, place / "901")
        shutil.rmtree(work)
        work.symlink_to(place / "901", target_is_directory=True)
        path = built.warehouse_path(MUNICIPALITY)
        before = path.read_bytes()
        filler = fill(place)
        with pytest.raises(PipelineError) as caught:
            build_warehouse(built, MUNICIPALITY, stage)  # type: ignore[arg-type]
        assert "No space left on device" in str(caught.value)
        assert path.read_bytes() == before
        filler.unlink()
        build_warehouse(built, MUNICIPALITY, "core")
        build_warehouse(built, MUNICIPALITY, "marts")
        with warehouse.connect(path) as connection:
            assert connection.execute("select n from marts.three").fetchall() == [(2,)]
