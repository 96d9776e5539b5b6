"""A copy of the shipped seeds that a test may spoil, the compiled rule models, a database server."""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from postgres_server import postgres  # noqa: F401  (a fixture)

from pm_pipeline.law.scenarios.judging import TARGETS
from pm_pipeline.law.scenarios.rows import GIVEN
from pm_pipeline.law.scenarios.scratch import ANY_MUNICIPALITY
from pm_pipeline.settings import Settings
from pm_pipeline.transform.compiled import CompiledSql, compile_models
from tests.full_disk import disk_of

#: Folders whose fixtures for the session cost more than their tests: one process runs all of a folder.
MADE_ONCE = ("road", "components", "transform", "publish", "synthetic", "quality", "cli", "fields")
SHIPPED_SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"


@dataclass(frozen=True)
class SeedFiles:
    """A seeds folder; rows are counted from 1, as the messages count them."""

    folder: Path

    def read(self, file: str) -> list[list[str]]:
        with (self.folder / file).open(encoding="utf-8", newline="") as opened:
            return list(csv.reader(opened))

    def write(self, file: str, records: list[list[str]]) -> None:
        with (self.folder / file).open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened, lineterminator="\n").writerows(records)

    def set(self, file: str, row: int, column: str, value: str) -> None:
        records = self.read(file)
        position = records[0].index(column)
        assert records[row][position] != value, "the test would change nothing"
        records[row][position] = value
        self.write(file, records)

    def add_copy(self, file: str, row: int, **changed: str) -> int:
        """Append a copy of ``row`` with some cells changed; return its row number."""
        records = self.read(file)
        copy = list(records[row])
        for column, value in changed.items():
            copy[records[0].index(column)] = value
        self.write(file, [*records, copy])
        return len(records)

    def row_of(self, file: str, **cells: str) -> int:
        """The number of the one row with these cells."""
        header, *records = self.read(file)
        found = [
            number for number, record in enumerate(records, start=1)
            if all(record[header.index(column)] == value for column, value in cells.items())
        ]
        assert len(found) == 1, f"{cells} is not one row of {file}"
        return found[0]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are told by their argument: archives hold the second they were made in, and all test
    processes must find the same names."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no process waits for another at the end."""
    items.sort(key=lambda item: _place(_group_of(item.nodeid)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where several processes share the tests (`make test`): what stays together in one of them.

    The library's own way, marks of groups, is not seen by it under pytest 9.2 (pytest-xdist 3.8).
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group_of(nodeid)

    return Together(config, log)


def _group_of(nodeid: str) -> str:
    path = Path(nodeid.partition("::")[0])
    folder = path.parts[path.parts.index("tests") + 1] if "tests" in path.parts else ""
    return folder if folder in MADE_ONCE else str(path)


def _place(group: str) -> int:
    return MADE_ONCE.index(group) if group in MADE_ONCE else len(MADE_ONCE)


@pytest.fixture
def seeds(tmp_path: Path) -> SeedFiles:
    folder = tmp_path / "seeds"
    shutil.copytree(SHIPPED_SEEDS, folder)
    return SeedFiles(folder)


@pytest.fixture(scope="session")
def rule_sql(tmp_path_factory: pytest.TempPathFactory) -> CompiledSql:
    """The SQL of the rule models, compiled once for every test that judges examples by it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PM_FIELD_DIR", raising=False)
        settings = Settings(data_dir=tmp_path_factory.mktemp("rule_sql"))
    return compile_models(settings, TARGETS, GIVEN, ANY_MUNICIPALITY)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB that the test may fill."""
    with disk_of(tmp_path / "disk", 1) as place:
        yield place
