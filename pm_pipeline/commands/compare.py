"""Two municipalities side by side, from what both have published."""

from pathlib import Path

from pm_pipeline import warehouse
from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.mining.comparison.towns import (
    PublishedMap,
    TownComparison,
    compare_towns,
    map_of_towns,
    published_filters,
    read_published_map,
)
from pm_pipeline.mining.pictures.difference import draw_difference
from pm_pipeline.mining.pictures.render import render_all
from pm_pipeline.publish.database import DATABASE_FILE
from pm_pipeline.publish.receipts import read_receipt
from pm_pipeline.settings import Settings


def compare_published(
    settings: Settings, first: str, second: str, filter_id: str | None, language: str
) -> list[TownComparison]:
    """One comparison for the filter, or without one for each process that both publish as a whole.

    Raises:
        UsageError: a municipality is unknown, twice the same, or does not publish the filter.
        PipelineError: one of them has published nothing.
    """
    if first == second:
        raise UsageError(f"{first} cannot be compared with itself: name two municipalities")
    known = [_filters(settings, one) for one in (first, second)]
    if filter_id is None:
        wanted = [one for one, kind in known[0].items() if kind == "all" and one in known[1]]
        if not wanted:
            raise UsageError(f"{first} and {second} publish no process that both have cases of")
    else:
        for municipality_id, filters in zip((first, second), known, strict=True):
            if filter_id not in filters:
                raise UsageError(
                    f"{municipality_id} publishes no filter '{filter_id}' with enough citizens in it; "
                    f"published by both: {', '.join(sorted(known[0].keys() & known[1].keys())) or '-'}"
                )
        wanted = [filter_id]
    return [
        compare_towns(*(_published(settings, town, one, language) for town in (first, second)))
        for one in wanted
    ]


def write_map(comparison: TownComparison, language: str, path: Path) -> None:
    """The difference map as an SVG.

    Raises:
        UsageError: the folder is not there, or both tell no arc.
        PipelineError: Graphviz failed.
    """
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent}: expected a folder for the map, found none; make it first")
    picture = map_of_towns(comparison, language)
    if not picture.arcs:
        raise UsageError(
            f"no arc of {comparison.first.filter_id} is told by both: there is nothing to draw"
        )
    svg = render_all({"map": draw_difference(picture)})["map"].svg
    path.write_text(svg, "utf-8")


def _filters(settings: Settings, municipality_id: str) -> dict[str, str]:
    with warehouse.connect(_database(settings, municipality_id)) as connection:
        return published_filters(connection)


def _published(
    settings: Settings, municipality_id: str, filter_id: str, language: str
) -> PublishedMap:
    registry = load_checked_registry(settings.seeds_dir)
    receipt = read_receipt(settings.published_dir(municipality_id))
    assert receipt is not None  # there is a database, and they are published together
    with warehouse.connect(_database(settings, municipality_id)) as connection:
        return read_published_map(
            connection, registry.municipality(municipality_id).name, filter_id, language,
            receipt.min_group_size,
        )


def _database(settings: Settings, municipality_id: str) -> Path:
    load_checked_registry(settings.seeds_dir).municipality(municipality_id)
    path = settings.published_dir(municipality_id) / DATABASE_FILE
    if not path.is_file():
        raise PipelineError(
            f"{path}: municipality {municipality_id} has published nothing here; run: "
            f"pm-pipeline run -m {municipality_id}, or put its publication there"
        )
    return path
