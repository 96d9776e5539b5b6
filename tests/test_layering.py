"""The house rules of the code: who may import whom, and what must not be loaded too early."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "pm_pipeline"
ROOMS = ("ingest", "law", "mining", "publish", "quality", "synthetic", "transform")
#: Which folders and modules may import a library; every other one may not.
HOMES = {
    "dagster": ("defs", "components", "definitions.py"),
    "dagster_dbt": ("components",),
    "dbt": ("transform",),
    "great_expectations": ("quality",),
    "pm4py": ("mining",),
    "r4pm": (),  # the referee of the tests
    "holidays": ("law",),
    "typer": ("cli",),
    "rich": ("cli", "console"),
}
HEAVY = ("dagster", "dbt", "great_expectations", "pm4py", "r4pm", "pandas", "polars")


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every imported module with whether it is imported when the file is (not inside a function)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node not in inside
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node not in inside


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_is_imported_only_in_its_own_room(path: Path) -> None:
    for module, _ in _imports(path):
        homes = HOMES.get(module.split(".")[0])
        assert homes is None or _room(path) in homes, f"{path.name} imports {module}"


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_do_not_import_each_other(room: str) -> None:
    strangers = tuple(f"pm_pipeline.{other}" for other in ROOMS if other != room)
    above = tuple(
        f"pm_pipeline.{name}"
        for name in ("defs", "components", "definitions", "cli", "commands", "console")
    )
    for path in (PACKAGE / room).rglob("*.py"):
        for module, _ in _imports(path):
            assert not module.startswith(strangers + above), f"{path} imports {module}"


def test_the_ground_floor_imports_nothing_above_it() -> None:
    errors = ("pm_pipeline.errors",)
    floor: dict[str, tuple[str, ...]] = {
        "errors.py": (), "bilingual.py": (), "settings.py": errors, "warehouse.py": errors,
        "strict_yaml.py": errors,
    }
    for name, allowed in floor.items():
        for module, _ in _imports(PACKAGE / name):
            assert not module.startswith("pm_pipeline") or module in allowed, f"{name}: {module}"


def test_only_settings_reads_the_environment() -> None:
    # transform and dagster_home hand variables to the tools they start; ui is started by those
    writers = {"transform/manifest.py", "components/dagster_home.py"}
    for path in _modules():
        name = str(path.relative_to(PACKAGE))
        if name == "settings.py" or name in writers:
            continue
        text = path.read_text(encoding="utf-8")
        assert "os.environ" not in text and "getenv" not in text, name


@pytest.mark.parametrize("module", [
    "pm_pipeline.cli", *(
        f"pm_pipeline.{room}.{path.stem}"
        for room in ("commands", "console") for path in sorted((PACKAGE / room).glob("[a-z]*.py"))
    ),
])
def test_a_command_that_runs_nothing_loads_no_heavy_library(module: str) -> None:
    loaded = _loaded_by(f"import {module}")
    assert not loaded & set(HEAVY), f"{module} loads {loaded & set(HEAVY)}"


def test_loading_the_definitions_loads_neither_mining_nor_quality_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PM_DATA_DIR", str(tmp_path))
    loaded = _loaded_by("from pm_pipeline.definitions import defs; defs()")
    assert not loaded & {"pm4py", "great_expectations", "r4pm", "pandas", "polars"}


def _loaded_by(statement: str) -> set[str]:
    program = f"{statement}\nimport sys; print(' '.join(sorted(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in result.stdout.split()}
