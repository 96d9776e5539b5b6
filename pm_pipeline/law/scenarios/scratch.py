"""A warehouse in memory in which the compiled models run on rows made by hand."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol, Self

import duckdb

from pm_pipeline.errors import PipelineError
from pm_pipeline.law.scenarios.rows import Rows, fill, set_as_of

#: Stands in the compiled SQL where a warehouse has the code of its municipality.
ANY_MUNICIPALITY = "municipality-of-the-example"


class SeedTable(Protocol):
    """A seed: the name of its file, its table, the types of its columns."""

    @property
    def name(self) -> str: ...
    @property
    def relation(self) -> str: ...
    @property
    def column_types(self) -> Mapping[str, str]: ...


class Model(Protocol):
    """A model: its table, its query, and which models and seeds it reads."""

    @property
    def name(self) -> str: ...
    @property
    def relation(self) -> str: ...
    @property
    def sql(self) -> str: ...
    @property
    def needs(self) -> frozenset[str]: ...


class Sql(Protocol):
    """The compiled models in the order in which they are built, and what they stand on."""

    @property
    def given(self) -> Mapping[str, str]: ...
    @property
    def seeds(self) -> Sequence[SeedTable]: ...
    @property
    def models(self) -> Sequence[Model]: ...


class Scratch:
    """The seeds are loaded once; courses come and go. Nothing is written to disk."""

    def __init__(self, sql: Sql, seeds_dir: Path) -> None:
        self._sql = sql
        # more than one thread only costs time on a handful of rows
        self._connection = duckdb.connect(config={"threads": 1, "temp_directory": ""})
        self._municipality = ""
        self._relations = {
            **sql.given, **{one.name: one.relation for one in sql.seeds},
            **{one.name: one.relation for one in sql.models},
        }
        self._of_day = self._built_from({"int_as_of"})
        self._of_rows = self._built_from(set(sql.given)) - self._of_day
        self._prepare(seeds_dir)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def put(self, rows: Rows, municipality_id: str) -> None:
        """These courses alone are in this municipality's warehouse; the log and the cases are built."""
        self._municipality = municipality_id.replace("'", "''")
        fill(self._connection, self._sql.given, rows)
        self._build(one for one in self._sql.models if one.name in self._of_rows)

    def see_on(self, day: date) -> None:
        """Judge what is there as it stands on a day."""
        set_as_of(self._connection, self._sql.given, day)
        self._build(one for one in self._sql.models if one.name in self._of_day)

    def rows(self, table: str, columns: str = "*") -> list[dict[str, Any]]:
        """All rows of a model, as dictionaries."""
        result = self._connection.execute(f"select {columns} from {self._relations[table]}")
        names = [one[0] for one in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _prepare(self, seeds_dir: Path) -> None:
        databases = {relation.split(".")[0] for relation in self._relations.values()}
        schemas = {relation.rpartition(".")[0] for relation in self._relations.values()}
        for database in sorted(databases):
            self._connection.execute(f"attach ':memory:' as {database}")
        for schema in sorted(schemas):
            self._connection.execute(f"create schema if not exists {schema}")
        self._connection.execute("set timezone = 'UTC'")
        for seed in self._sql.seeds:
            self._load(seed, seeds_dir)
        # what is made of seeds alone is the same for all rows
        of_seeds = [one for one in self._sql.models if one.name not in self._of_day | self._of_rows]
        self._build(of_seeds)

    def _built_from(self, names: set[str]) -> frozenset[str]:
        """The models that read one of these, themselves or through others."""
        found = set(names)
        for model in self._sql.models:
            if model.needs & found:
                found.add(model.name)
        return frozenset(found)

    def _load(self, seed: SeedTable, seeds_dir: Path) -> None:
        path = next(seeds_dir.rglob(f"{seed.name}.csv"), None)
        if path is None:
            raise PipelineError(f"{seeds_dir}: the seed {seed.name}.csv is not there")
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        # types go by position in DuckDB, and columns may stand in any order
        types = {name: seed.column_types.get(name, "varchar") for name in header}
        self._connection.execute(
            f"create table {seed.relation} as select * from read_csv(?, header = true, nullstr = '',"
            f" delim = ',', quote = '\"', escape = '\"', columns = {types})",
            [str(path)],
        )

    def _build(self, models: Iterable[Model]) -> None:
        for model in models:
            sql = model.sql.replace(ANY_MUNICIPALITY, self._municipality)
            try:
                self._connection.execute(f"create or replace table {model.relation} as {sql}")
            except duckdb.Error as error:
                raise PipelineError(
                    f"model {model.name} cannot be built on examples: {error}"
                ) from error
