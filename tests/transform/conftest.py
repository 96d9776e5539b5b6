"""A dbt project of three models with the product's own profile and macros."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pm_pipeline.transform.build import build_warehouse
from tests.transform.other_project import MUNICIPALITY, OtherProject

SHIPPED = Path(__file__).resolve().parents[2] / "dbt_project"
FILES = {
    "models/core/one.sql": (
        "select {{ municipality_id() }} as municipality_id, kind from {{ ref('kinds') }}"
    ),
    "models/marts/two.sql": "select kind, count(*) as n from {{ ref('one') }} group by kind",
    "models/marts/three.sql": "select sum(n) as n from {{ ref('two') }}",
    "models/marts/_marts.yml": (
        "version: 2\nmodels:\n  - name: two\n    data_tests:\n"
        "      - is_key: {arguments: {columns: [kind]}}\n"
    ),
    "tests/one_has_kinds.sql": "select * from {{ ref('one') }} where kind is null",
    "seeds/kinds.csv": "kind\ntalk\nplan\n",
}


def _write_project(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(SHIPPED / name, folder / name)
    shutil.copytree(SHIPPED / "macros", folder / "macros")
    shutil.copytree(SHIPPED / "tests" / "generic", folder / "tests" / "generic")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def _settings(folder: Path) -> OtherProject:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PM_FIELD_DIR", raising=False)
        return OtherProject(data_dir=folder / "data", other_project=folder / "project", threads=1)


@pytest.fixture
def project(tmp_path: Path) -> OtherProject:
    """The small project in a folder of the test, to be edited by it; nothing is built."""
    _write_project(tmp_path / "project")
    return _settings(tmp_path)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> OtherProject:
    """The small project, parsed, with municipality 901 built: for tests that edit nothing."""
    folder = tmp_path_factory.mktemp("shared")
    _write_project(folder / "project")
    settings = _settings(folder)
    build_warehouse(settings, MUNICIPALITY, "core")
    build_warehouse(settings, MUNICIPALITY, "marts")
    return settings


@pytest.fixture
def built(shared: OtherProject, tmp_path: Path) -> OtherProject:
    """A copy of the built project and its warehouse, to be edited by the test."""
    shutil.copytree(shared.dbt_project_dir, tmp_path / "project")
    shutil.copytree(shared.data_dir / "work", tmp_path / "data" / "work")
    return _settings(tmp_path)


@pytest.fixture
def municipality(shared: OtherProject) -> Iterator[str]:
    """A municipality of the shared project for one test, built like 901."""
    code = "950"
    shutil.copytree(shared.work_dir(MUNICIPALITY), shared.work_dir(code))
    yield code
    shutil.rmtree(shared.work_dir(code))
