"""Copies discovered models into a publication, under names a reader understands."""

import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pm_pipeline.errors import PipelineError

#: (process, regime); in what is withheld, a slice without a process is the whole delivery.
Slice = tuple[str | None, str | None]
WHOLE_DELIVERY: Slice = (None, None)

_NET_FILES = ("model.pnml", "model.svg")
_MODEL_FILES = ("model.bpmn", *_NET_FILES)
_MAP_FILES = ("map.svg",)
_BEFORE_FIRST_REGIME = "before_first_regime"


def copy_models(
    mining_dir: Path, models_dir: Path, *, withheld: Collection[Slice], min_group_size: int
) -> int:
    """Copy the models and maps of slices that may be published; how many files were copied.

    A file becomes ``<process>__<regime date>__<kind>.<ext>``, for example
    ``kontanthjaelp__20240101__inductive_miner.bpmn`` or ``…__process_map.svg``. What shows a process
    under all its laws (``kontanthjaelp__object_map.svg``) is withheld with any of its slices.

    Args:
        mining_dir: holds ``discovered_models``, ``slices`` and ``object_maps.parquet`` and the
            artefact folders they name.
        models_dir: an existing, empty folder.

    Raises:
        PipelineError: a table or a file it leads to is missing or lies outside ``mining_dir``, or
            two models would get the same name.
    """
    copied: set[str] = set()
    for artefact in _artefacts(mining_dir):
        is_withheld = WHOLE_DELIVERY in withheld or (
            artefact.slice[0] in {process for process, _ in withheld}
            if artefact.is_of_all_laws else artefact.slice in withheld
        )
        if is_withheld or artefact.n_citizens < min_group_size:
            continue
        process_id, regime_id = artefact.slice
        when = "" if artefact.is_of_all_laws else f"{_regime_date(process_id, regime_id)}__"
        stem = f"{_slug(process_id)}__{when}{artefact.kind}"
        for source in _files(mining_dir, artefact):
            target = models_dir / f"{stem}{source.suffix}"
            if target.name in copied:
                raise PipelineError(
                    f"{mining_dir}: two models of {process_id} under {regime_id} would both be "
                    f"published as {target.name}; publish one algorithm per slice"
                )
            shutil.copyfile(source, target)
            copied.add(target.name)
    return len(copied)


@dataclass(frozen=True)
class _Artefact:
    """A folder of files that show one slice. ``folder`` is relative to the mining folder."""

    slice: tuple[str, str | None]
    kind: str
    folder: str
    names: tuple[str, ...]
    n_citizens: int
    is_of_all_laws: bool = False


def _artefacts(mining_dir: Path) -> list[_Artefact]:
    models, nets = (
        _rows(
            mining_dir / "discovered_models.parquet",
            "process_id, regime_id, algorithm, artefact_dir, n_citizens",
            where=f"bpmn is {condition}",
        )
        for condition in ("not null", "null")
    )
    maps = _rows(
        mining_dir / "slices.parquet",
        "process_id, regime_id, 'process_map', map_dir, n_citizens",
        where="map_dir is not null",
    )
    of_objects = _rows(
        mining_dir / "object_maps.parquet", "process_id, null, 'object_map', map_dir, n_citizens"
    )
    return [
        _Artefact((process_id, regime_id), _slug(kind), folder, names, n_citizens, is_whole)
        for rows, names, is_whole in (
            (models, _MODEL_FILES, False), (nets, _NET_FILES, False), (maps, _MAP_FILES, False),
            (of_objects, _MAP_FILES, True),
        )
        for process_id, regime_id, kind, folder, n_citizens in rows
    ]


def _rows(path: Path, columns: str, where: str = "true") -> list[Any]:
    if not path.is_file():
        raise PipelineError(f"{path}: no discovered models yet; run the mining step first")
    with duckdb.connect() as connection:
        return connection.execute(
            f"select {columns} from read_parquet($path) where {where} order by all",
            {"path": str(path)},
        ).fetchall()


def _files(mining_dir: Path, artefact: _Artefact) -> list[Path]:
    folder = (mining_dir / artefact.folder).resolve()
    if not folder.is_relative_to(mining_dir.resolve()):
        raise PipelineError(
            f"{mining_dir}: the artefact folder {artefact.folder!r} lies outside; run the mining "
            "step again"
        )
    for name in artefact.names:
        if not (folder / name).is_file():
            raise PipelineError(f"{folder / name}: the file is missing; run the mining step again")
    return [folder / name for name in artefact.names]


def _regime_date(process_id: str, regime_id: str | None) -> str:
    if regime_id is None:
        return _BEFORE_FIRST_REGIME
    return _slug(regime_id.removeprefix(f"{process_id}__"))


def _slug(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z_.-]+", "_", text)
