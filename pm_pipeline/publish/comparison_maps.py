"""Copies the difference maps of comparisons into a publication, beside the models."""

import shutil
from collections.abc import Collection
from pathlib import Path

import duckdb

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.artefacts import WHOLE_DELIVERY, Slice

_MAPS = "comparison_maps.parquet"
_LANGUAGES = ("da", "en")


def copy_comparison_maps(
    mining_dir: Path, models_dir: Path, *, withheld: Collection[Slice], min_group_size: int
) -> int:
    """Copy the maps that may be published as ``difference_map__<comparison>__<language>.svg``.

    A comparison is of a whole process, so it goes with any slice of its process that is withheld, as
    its rows in the published table do. How many files were copied.

    Raises:
        PipelineError: the list of maps or a map is missing, or a map lies outside ``mining_dir``.
    """
    listed = mining_dir / _MAPS
    if not listed.is_file():
        raise PipelineError(f"{listed}: no comparisons yet; run the mining step first")
    with duckdb.connect() as connection:
        maps = connection.execute(
            "select comparison_id, process_id, map_dir from read_parquet($path)"
            " where is_told and n_citizens >= $least order by all",
            {"path": str(listed), "least": min_group_size},
        ).fetchall()
    processes = {process_id for process_id, _ in withheld}
    n_copied = 0
    for comparison_id, process_id, map_dir in maps:
        if process_id in processes or WHOLE_DELIVERY in withheld:
            continue
        folder = (mining_dir / map_dir).resolve()
        if not folder.is_relative_to(mining_dir.resolve()):
            raise PipelineError(
                f"{listed}: the folder {map_dir!r} lies outside; run the mining step again"
            )
        for language in _LANGUAGES:
            source = folder / f"map_{language}.svg"
            if not source.is_file():
                raise PipelineError(f"{source}: the file is missing; run the mining step again")
            shutil.copyfile(
                source, models_dir / f"difference_map__{comparison_id}__{language}.svg"
            )
            n_copied += 1
    return n_copied
