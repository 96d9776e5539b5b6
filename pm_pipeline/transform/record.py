"""What a warehouse says of itself: by which recipe each of its tables and views was made.

It stands in the comments of the tables (``macros/record_of_build.sql``), so it lives and dies with
them and changes in the same swap. What was built by hand says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pm_pipeline import warehouse
from pm_pipeline.transform.recipes import Recipes

_SEPARATOR = "."


@dataclass(frozen=True)
class Record:
    """What one warehouse holds.

    Attributes:
        kinds: ``table`` or ``view`` by (schema, name).
        rows: about how many, of the tables.
        comments: the comment of each that has one.
        lake_state, code: from ``core.generation``; None where there is no such table.
        n_blocks, n_free_blocks: of the file; free ones are left by tables that were built again.
    """

    kinds: Mapping[tuple[str, str], str]
    rows: Mapping[tuple[str, str], int] = field(default_factory=dict)
    comments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    lake_state: str | None = None
    code: str | None = None
    n_blocks: int = 0
    n_free_blocks: int = 0

    def made_from(self, recipes: Recipes) -> dict[str, str]:
        """The recipe by which each node of the project was made, of those that say it."""
        return {unique_id: parts[0] for unique_id, parts in self._parts(recipes).items()}

    def tests(self, recipes: Recipes) -> dict[str, str]:
        """The fingerprint of the tests that each node passed."""
        return {unique_id: parts[1] for unique_id, parts in self._parts(recipes).items()}

    def _parts(self, recipes: Recipes) -> dict[str, tuple[str, str]]:
        found = {}
        for unique_id in recipes.nodes:
            recipe, separator, tests = self.comments.get(
                recipes.relation(unique_id), ""
            ).partition(_SEPARATOR)
            if separator:
                found[unique_id] = (recipe, tests)
        return found


def comment_on(recipe: str, tests: str) -> str:
    """What is written on a table that was made by ``recipe`` and passed ``tests``."""
    return f"{recipe}{_SEPARATOR}{tests}"


def read_record(path: Path) -> Record:
    """What the warehouse at ``path`` says of itself.

    Raises:
        PipelineError: there is no warehouse, or it is damaged or in use.
    """
    with warehouse.connect(path) as connection:
        found = connection.execute(
            "select schema_name, table_name, 'table', comment, estimated_size from duckdb_tables()"
            " where not internal union all"
            " select schema_name, view_name, 'view', comment, null from duckdb_views()"
            " where not internal"
        ).fetchall()
        kinds = {(schema, name): kind for schema, name, kind, _, _ in found}
        columns = {
            name for (name,) in connection.execute(
                "select column_name from duckdb_columns()"
                " where schema_name = 'core' and table_name = 'generation'"
            ).fetchall()
        }
        stamps: list[tuple[str, str]] = []
        if {"lake_state", "code_fingerprint"} <= columns:
            stamps = connection.execute(
                "select lake_state, code_fingerprint from core.generation"
            ).fetchall()
        n_blocks, n_free = connection.execute(
            "select total_blocks, free_blocks from pragma_database_size() limit 1"
        ).fetchall()[0]
    return Record(
        kinds=kinds,
        rows={(schema, name): rows for schema, name, _, _, rows in found if rows is not None},
        comments={(schema, name): text for schema, name, _, text, _ in found if text},
        lake_state=stamps[0][0] if stamps else None,
        code=stamps[0][1] if stamps else None,
        n_blocks=n_blocks,
        n_free_blocks=n_free,
    )
