"""The core of the warehouse over a lake of one event log, from the SQL of the dbt project itself."""

import re
from pathlib import Path

import yaml

from tests.law.core_sql import DBT_PROJECT, Core, render

FIELD = Path(__file__).resolve().parents[1] / "fields" / "permits" / "seeds"
TESTS = (
    "every_lake_row_is_told", "lake_rows_are_as_the_reader_counted",
    "staged_rows_are_events_or_rejected", "directly_follows_sums_to_events_minus_cases",
    "variant_paths_agree_with_their_cases", "every_relation_is_told_or_rejected",
)


class LogCore(Core):
    """A core in memory, built model by model as needed.

    Its field is the one of the permits, whose process takes every case, where no other seeds are named.
    """

    def __init__(self, lake: Path, seeds: Path = FIELD) -> None:
        super().__init__()
        self._seeds = seeds
        self._made: set[str] = set()
        sources = yaml.safe_load((DBT_PROJECT / "models/staging/_sources.yml").read_text("utf-8"))
        for table in next(s for s in sources["sources"] if s["name"] == "lake")["tables"]:
            files = lake / table["identifier"] / "*.parquet"
            self.run(
                f"create view lake_{table['name']} as"
                f" select * from read_parquet('{files}', union_by_name = true)"
            )

    def need(self, model: str) -> None:
        """Build a model or load a seed, after everything it refers to."""
        if model in self._made:
            return
        self._made.add(model)
        if any(self._seeds.rglob(f"{model}.csv")):
            self.seed(model, seeds=self._seeds)
            return
        (path,) = DBT_PROJECT.glob(f"models/**/{model}.sql")
        self._need_all(path)
        self.run(f"create table {model} as {render(f'models/**/{model}.sql')}")

    def complaints(self) -> list[str]:
        """The structural tests of the dbt project that fail."""
        for test in TESTS:
            self._need_all(DBT_PROJECT / "tests" / f"{test}.sql")
        return [test for test in TESTS if self.found_by(test)]

    def _need_all(self, path: Path) -> None:
        text = path.read_text("utf-8")
        for model in re.findall(r"ref\('(\w+)'\)", text):
            self.need(model)
        if "citizen_key(" in text:  # the macro refers to it
            self.need("stg_citizens")
