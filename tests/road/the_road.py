"""What the tests of the whole road share: calls as a user makes them, and looks at what they made."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import duckdb

from pm_pipeline.ingest.values.pseudonymise import Keyring, Pseudonymiser
from pm_pipeline.synthetic import DemoMunicipality, Truth, demo_plan, generate_planned

REPO = Path(__file__).resolve().parents[2]
MUNICIPALITIES = tuple(planned.municipality_id for planned in demo_plan())
# Enough for every planted fault (an empty CPR number comes with the 88th), and for a cohort of July
# 2026 and a model of which something can be published.
CITIZENS = 160
_TIMEOUT_SECONDS = 900  # a guard against a call that hangs; a busy machine may take minutes


@dataclass(frozen=True)
class Call:
    """What a call of the command line answered; ``output`` holds both its streams."""

    exit_code: int
    output: str

    @property
    def words(self) -> str:
        """The output with every run of white space as one space: lines may be wrapped anywhere."""
        return " ".join(self.output.split())


@dataclass(frozen=True)
class Place:
    """A data folder with its keys, and what a user does there."""

    data_dir: Path
    key_dir: Path

    def environment(self, **settings: str) -> dict[str, str]:
        """The environment of a call: nothing of the tester's own settings, wide lines."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PM_")}
        return {
            **kept, "PYTHONPATH": str(REPO), "PM_DATA_DIR": str(self.data_dir),
            "PM_KEY_DIR": str(self.key_dir), "COLUMNS": "250", "NO_COLOR": "1", **settings,
        }

    def call(self, *arguments: str | Path, **settings: str) -> Call:
        """``pm-pipeline <arguments>`` as a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "pm_pipeline.cli", *map(str, arguments)],
            env=self.environment(**settings), cwd=self.data_dir.parent, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_TIMEOUT_SECONDS, check=False,
        )
        return Call(done.returncode, done.stdout)

    def landing(self, municipality_id: str, system: str) -> Path:
        return self.data_dir / "landing" / municipality_id / system

    def work(self, municipality_id: str) -> Path:
        return self.data_dir / "work" / municipality_id

    def lake(self, municipality_id: str) -> Path:
        return self.work(municipality_id) / "lake"

    def warehouse(self, municipality_id: str) -> Path:
        return self.work(municipality_id) / "warehouse.duckdb"

    def published(self, municipality_id: str) -> Path:
        return self.data_dir / "published" / municipality_id

    def copy_to(self, folder: Path, municipalities: Iterable[str] = MUNICIPALITIES) -> "Place":
        """The same state elsewhere, with these municipalities only, to be spoilt at will."""
        copied = Place(folder / "data", folder / "keys")
        parts = [
            f"{zone}/{municipality_id}"
            for zone in ("landing", "work", "published") for municipality_id in municipalities
        ]
        for part in (*parts, "dbt", "dagster"):
            shutil.copytree(self.data_dir / part, copied.data_dir / part, symlinks=True)
        shutil.copytree(self.key_dir, copied.key_dir)
        return copied


@dataclass(frozen=True)
class Road(Place):
    """The place where the whole demo ran once, with what the command line said."""

    demo: Call
    run: Call


@dataclass(frozen=True)
class Town:
    """One municipality of the demo: what is true of it and what the product made of it."""

    planned: DemoMunicipality
    truth: Truth
    place: Place
    warehouse: duckdb.DuckDBPyConnection
    pseudonyms: Pseudonymiser

    @property
    def municipality_id(self) -> str:
        return self.planned.municipality_id

    @property
    def system(self) -> str:
        return self.planned.system

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Rows of the warehouse."""
        return self.warehouse.execute(sql, list(values)).fetchall()

    def lake(self, table: str) -> str:
        """SQL that reads every delivery of a lake table."""
        return f"read_parquet('{self.place.lake(self.municipality_id)}/{self.system}/{table}/*')"

    def case_id(self, case_ref: str) -> str:
        """The id that the warehouse gives the case with this identifier in the source system."""
        # Momentum has no case number: the row of the target group stands for it.
        domain = "record" if self.system == "momentum" else "case"
        pseudonym = self.pseudonyms.pseudonym(domain, case_ref)
        return _text_id(self.municipality_id, self.system, "course", pseudonym)


def _text_id(*parts: str) -> str:
    return hashlib.md5("|".join(parts).encode()).hexdigest()


def planned_demo() -> Mapping[str, DemoMunicipality]:
    """The plan of the demo in the size of these tests."""
    return {one.municipality_id: replace(one, n_citizens=CITIZENS) for one in demo_plan()}


@lru_cache(maxsize=len(MUNICIPALITIES))
def truth_of(municipality_id: str) -> Truth:
    """The truth of one municipality, generated once more: the same arguments give the same."""
    with tempfile.TemporaryDirectory() as folder:
        return generate_planned(planned_demo()[municipality_id], Path(folder))


@contextmanager
def town_of(place: Place, municipality_id: str) -> Iterator[Town]:
    """A municipality with its warehouse open for reading."""
    with duckdb.connect(str(place.warehouse(municipality_id)), read_only=True) as warehouse:
        yield Town(
            planned_demo()[municipality_id], truth_of(municipality_id), place, warehouse,
            Keyring(place.key_dir).pseudonymiser(municipality_id, create=False),
        )


def state(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` by its digest and age, every link by where it leads."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[name] = f"{digest} {path.stat().st_mtime_ns}"
    return found


def published_rows(place: Place, municipality_id: str, sql: str) -> list[tuple[object, ...]]:
    """Rows of what is published, read as BI reads it."""
    path = place.published(municipality_id) / "published.duckdb"
    with duckdb.connect(str(path.resolve()), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def published_tables(place: Place, municipality_id: str) -> list[str]:
    """The tables of what is published."""
    rows = published_rows(
        place, municipality_id, "select table_name from duckdb_tables() order by all"
    )
    return [str(name) for (name,) in rows]
