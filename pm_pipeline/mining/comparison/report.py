"""Every comparison of a municipality: judged, told, drawn and written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pm_pipeline.mining import artefacts
from pm_pipeline.mining.comparison.judging import judge, why_not
from pm_pipeline.mining.comparison.line import ComparedLine, write_rows
from pm_pipeline.mining.comparison.picture import map_of
from pm_pipeline.mining.comparison.sides import (
    read_activities,
    read_comparisons,
    read_days,
    read_lines,
)
from pm_pipeline.mining.comparison.telling import Telling
from pm_pipeline.mining.pictures.difference import draw_difference
from pm_pipeline.mining.pictures.render import Drawing, render_all

if TYPE_CHECKING:
    import duckdb

MAPS_FILE = "comparison_maps.parquet"
LANGUAGES = ("da", "en")
_FOLDER = "comparisons"


@dataclass(frozen=True)
class DrawnMap:
    """One row of ``comparison_maps.parquet``: the pictures of one comparison, ``map_<language>.svg``.

    ``map_dir`` is relative to the mining folder. ``n_citizens``: of the smaller side.
    """

    comparison_id: str
    process_id: str
    is_told: bool
    n_citizens: int
    map_dir: str


@dataclass(frozen=True)
class ComparisonsReport:
    """All comparisons of one municipality, as written."""

    municipality_id: str
    rows: tuple[ComparedLine, ...]
    maps: tuple[DrawnMap, ...]


def compare_groups(
    connection: "duckdb.DuckDBPyConnection", municipality_id: str, path: Path, *, min_group_size: int,
    about: Mapping[str, str] = MappingProxyType({}),
) -> ComparisonsReport:
    """Compare the two sides of every row of ``registry/comparisons``.

    Writes ``path`` (a row a line), the maps under ``comparisons/`` beside it and :data:`MAPS_FILE`.

    Raises:
        PipelineError: Graphviz failed.
    """
    activities = read_activities(connection)
    rows: list[ComparedLine] = []
    for comparison in read_comparisons(connection):
        telling = Telling(municipality_id, comparison, activities, min_group_size)
        reason = why_not(comparison, min_group_size)
        if reason is not None:
            rows.append(telling.refused(reason))
            continue
        lines = read_lines(connection, comparison.comparison_id)
        days = read_days(connection, comparison.comparison_id)
        rows += telling.rows(lines, days, judge(comparison, lines, days, min_group_size))
    maps = _drawn(rows, path.parent, min_group_size)
    write_rows(DrawnMap, maps, path.with_name(MAPS_FILE))
    write_rows(ComparedLine, rows, path, about)
    return ComparisonsReport(municipality_id, tuple(rows), tuple(maps))


def _drawn(rows: list[ComparedLine], out_dir: Path, min_group_size: int) -> list[DrawnMap]:
    """The maps; one whose drawing is the same as before is not laid out again."""
    by_comparison: dict[str, list[ComparedLine]] = {}
    for row in rows:
        by_comparison.setdefault(row.comparison_id, []).append(row)
    maps, missing = [], dict[str, dict[str, Drawing]]()
    for comparison_id, mine in by_comparison.items():
        pictures = {language: map_of(mine, language, min_group_size) for language in LANGUAGES}
        drawings = {
            language: draw_difference(one) for language, one in pictures.items() if one is not None
        }
        if not drawings:
            continue
        content = artefacts.content_id(
            kind="difference_map", drawings={name: vars(one) for name, one in drawings.items()}
        )
        map_dir = f"{_FOLDER}/{content}"
        if artefacts.read(out_dir / map_dir) is None:
            missing[map_dir] = drawings
        whole = mine[0]
        maps.append(
            DrawnMap(
                comparison_id, whole.process_id, whole.is_told,
                min(whole.n_citizens_first, whole.n_citizens_second), map_dir,
            )
        )
    laid_out = render_all({
        f"{map_dir}/{language}": drawing
        for map_dir, drawings in missing.items() for language, drawing in drawings.items()
    })
    for map_dir, drawings in missing.items():
        files = {f"map_{language}.svg": laid_out[f"{map_dir}/{language}"].svg for language in drawings}
        artefacts.write(out_dir / map_dir, files, {"kind": "difference_map"})
    return maps
