"""The parsed project: made once, made again when a file that it depends on changed."""

import os
from pathlib import Path

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.transform.manifest import manifest_path, read_manifest
from tests.transform.other_project import OtherProject


def _models(path: Path) -> set[str]:
    manifest = read_manifest(path, path.stat().st_mtime_ns)
    return {node.name for node in manifest.nodes.values() if node.resource_type == "model"}


def test_the_project_is_parsed_once(project: OtherProject) -> None:
    path = manifest_path(project)
    made = path.stat().st_mtime_ns
    assert manifest_path(project) == path
    assert path.stat().st_mtime_ns == made
    assert path.is_relative_to(project.data_dir)
    assert not (project.dbt_project_dir / "target").exists()
    assert not (project.dbt_project_dir / "logs").exists()


@pytest.mark.slow
def test_an_edited_file_is_parsed_again(project: OtherProject) -> None:
    made = manifest_path(project).stat().st_mtime_ns
    for name, text in (
        ("models/core/four.sql", "select 4 as n"),
        ("macros/min_group_size.sql", "{% macro min_group_size() %}7{% endmacro %}"),
        ("seeds/kinds.csv", "kind\nmeeting\n"),
    ):
        (project.dbt_project_dir / name).write_text(text)
        again = manifest_path(project)
        assert again.stat().st_mtime_ns != made, name
        assert "four" in _models(again)
        made = again.stat().st_mtime_ns
    (project.dbt_project_dir / "models/core/four.sql").unlink()
    assert _models(manifest_path(project)) == {"one", "two", "three"}


def test_a_file_that_is_touched_and_not_changed_is_not_parsed_again(project: OtherProject) -> None:
    path = manifest_path(project)
    before = path.stat().st_mtime_ns
    os.utime(project.dbt_project_dir / "models/core/one.sql", (1, 1))
    assert manifest_path(project).stat().st_mtime_ns == before


@pytest.mark.slow
def test_a_project_that_cannot_be_parsed_is_named_and_is_not_taken_for_parsed(
    project: OtherProject,
) -> None:
    manifest_path(project)
    broken = project.dbt_project_dir / "models/core/one.sql"
    sound = broken.read_text()
    broken.write_text("select {{ ref('nothing') }}")
    before = dict(os.environ)
    for _ in range(2):  # the second time as well: no half-made manifest is used
        with pytest.raises(PipelineError, match="nothing"):
            manifest_path(project)
    assert dict(os.environ) == before, "what was set for dbt is put back"
    broken.write_text(sound)
    assert _models(manifest_path(project)) == {"one", "two", "three"}
