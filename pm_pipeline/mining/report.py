"""What mining hands back and writes down: models, maps and slices, as typed rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, Literal, get_args

from pm_pipeline.mining.artefacts import replace_whole

Outcome = Literal["mined", "too_few_cases", "too_complex", "outside_regimes"]


@dataclass(frozen=True)
class DiscoveredModel:
    """One row of ``discovered_models.parquet``.

    Attributes:
        parameters: JSON text.
        n_cases, n_citizens, n_variants: of the whole slice.
        covered_cases, coverage: cases (share of cases) the model was discovered from: those all
            of whose steps are walked by at least the minimum group.
        fitness, perfectly_fitting, precision, generalisation: on the whole slice, 0 to 1; see
            ``fit``. Each ``…_coverage`` is the share of cases (of fitness) or steps it rests on.
            None where the model could not be measured; then ``unmeasured_reason`` says why.
        is_sound: what was begun can be ended; None when that is not known.
        simplicity: of the Petri net, 0 to 1.
        process_tree: None where the model is a net only.
        created_at: UTC, when the artefact was first made.
        bpmn: the XML text of ``model.bpmn``; None where the model is a net only.
        artefact_dir: relative to the mining folder.
    """

    municipality_id: str
    model_id: str
    process_id: str
    regime_id: str
    algorithm: str
    parameters: str
    n_cases: int
    n_citizens: int
    covered_cases: int
    coverage: float
    n_variants: int
    fitness: float | None
    fitness_measure: str
    fitness_coverage: float | None
    perfectly_fitting: float | None
    precision: float | None
    precision_measure: str
    precision_coverage: float | None
    generalisation: float | None
    generalisation_measure: str
    generalisation_coverage: float | None
    simplicity: float
    simplicity_measure: str
    is_sound: bool | None
    unmeasured_reason: str | None
    n_activities: int
    n_places: int
    n_transitions: int
    process_tree: str | None
    input_fingerprint: str
    pm4py_version: str
    created_at: datetime
    bpmn: str | None
    artefact_dir: str


@dataclass(frozen=True)
class MinedSlice:
    """One row of ``slices.parquet``: what became of a process under a regime, and why.

    ``regime_id`` is None for cases that began before the first regime. ``model_id``, ``map_id``
    and ``map_dir`` (relative to the mining folder) are None unless the outcome is ``mined``.
    """

    municipality_id: str
    process_id: str
    regime_id: str | None
    n_cases: int
    n_citizens: int
    outcome: Outcome
    reason: str | None
    model_id: str | None
    map_id: str | None
    map_dir: str | None


@dataclass(frozen=True)
class DrawnObjectMap:
    """One row of ``object_maps.parquet``: the object-centric map of a process.

    ``n_citizens`` stand behind its strongest arc; ``map_dir`` is relative to the mining folder.
    """

    municipality_id: str
    process_id: str
    n_object_types: int
    n_arcs: int
    n_citizens: int
    map_id: str
    map_dir: str


@dataclass(frozen=True)
class MiningReport:
    """What one call of :func:`pm_pipeline.mining.mine` did.

    ``reused``: ids of models and maps that were there already and were not made again.
    """

    municipality_id: str
    models: tuple[DiscoveredModel, ...]
    slices: tuple[MinedSlice, ...]
    object_maps: tuple[DrawnObjectMap, ...]
    reused: frozenset[str]

    @property
    def skipped(self) -> tuple[MinedSlice, ...]:
        """Slices without a model, each with its reason."""
        return tuple(row for row in self.slices if row.outcome != "mined")


def write_tables(
    report: MiningReport, out_dir: Path, about: Mapping[str, str] | None = None
) -> None:
    """``slices``, ``object_maps`` and ``discovered_models.parquet``, typed also when empty.

    ``about`` is kept in the metadata of the latter, which comes last.
    """
    write_table(MinedSlice, report.slices, out_dir / "slices.parquet")
    write_table(DrawnObjectMap, report.object_maps, out_dir / "object_maps.parquet")
    write_table(
        DiscoveredModel, report.models, out_dir / "discovered_models.parquet", about or {}
    )


def write_table(
    row_type: type, rows: Iterable[Any], path: Path, about: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Rows of a dataclass as Parquet, typed also when there are none; whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[object, Callable[[], pa.DataType]] = {
        str: pa.string, bool: pa.bool_, int: pa.int64, float: pa.float64,
        datetime: lambda: pa.timestamp("us"), date: pa.date32,
    }
    schema = pa.schema(
        [pa.field(column.name, types[_plain(column.type)]()) for column in fields(row_type)],
        metadata={name.encode(): text.encode() for name, text in about.items()},
    )
    table = pa.Table.from_pylist([asdict(row) for row in rows], schema=schema)
    replace_whole(path, lambda temporary: pq.write_table(table, temporary))


def _plain(annotation: object) -> object:
    """``str | None`` → str, the closed list of outcomes → str."""
    if isinstance(annotation, UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return str if annotation == Outcome else annotation
