"""Where the cases of a municipality leave its models: counts per slice, model and deviation."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pm_pipeline.mining.artefacts import content_id
from pm_pipeline.mining.behaviour.automaton import Automaton, automaton_of
from pm_pipeline.mining.behaviour.net import NetBehaviour, TooWideError
from pm_pipeline.mining.behaviour.semantics import Semantics
from pm_pipeline.mining.conformance.alignment import align
from pm_pipeline.mining.conformance.moves import Alignment, Kind
from pm_pipeline.mining.log import Slice, VariantLog, read_log, read_slices
from pm_pipeline.mining.notation.petri import PetriNet
from pm_pipeline.mining.notation.tree_reading import read_tree_text
from pm_pipeline.mining.report import write_table


@dataclass(frozen=True)
class DeviationRow:
    """One row of ``deviations.parquet``: a slice and a model, and in the finer grains a deviation.

    Attributes:
        model_kind: reference models are compared with closed cases alone, since an open case has yet to
            do what it lacks; the discovered one, which was made of all, with all.
        model_id: of a discovered model its id, of a reference model one that follows from its net.
        outcome: ``compared``, or why nothing is told: ``no_model``, ``no_case`` or ``too_complex``.
        n_cases: to be compared; ``n_aligned`` of them were, the others met the cap of the search.
        fitness, perfectly_fitting: of the aligned cases; see :mod:`pm_pipeline.mining.fit.alignments`.
        grain: ``slice`` is the comparison as a whole; ``activity`` counts a deviation wherever it
            stands, ``place`` by the activity recorded before it (``after_activity_id``; None: before
            the first).
        activity_ids: one id; of a skipped step all that would have done equally, joined by ``|``.
        n_with, n_with_citizens: with it at least once; ``n_without_citizens`` have a case without.
    """

    municipality_id: str
    process_id: str
    regime_id: str
    model_kind: str
    model_id: str | None
    outcome: str
    grain: str
    n_cases: int | None = None
    n_aligned: int | None = None
    n_aligned_citizens: int | None = None
    fitness: float | None = None
    perfectly_fitting: float | None = None
    kind: str | None = None
    activity_ids: str | None = None
    after_activity_id: str | None = None
    n_with: int | None = None
    n_with_citizens: int | None = None
    n_without_citizens: int | None = None


def write_deviations(
    connection: duckdb.DuckDBPyConnection,
    municipality_id: str,
    out_dir: Path,
    reference_models: Mapping[str, PetriNet],
    *,
    about: Mapping[str, str],
    on_progress: Callable[[str], None],
) -> tuple[DeviationRow, ...]:
    """Compare every slice with its discovered and its reference model; ``deviations.parquet``.

    ``discovered_models.parquet`` and ``slices.parquet`` lie in ``out_dir`` already. Cases outside every
    regime have no model and no row.
    """
    rows: list[DeviationRow] = []
    trees = _discovered_trees(out_dir)
    for slice_ in read_slices(connection):
        if slice_.regime_id is None:
            continue
        log = read_log(connection, slice_)
        found = trees.get((slice_.process_id, slice_.regime_id))
        net = reference_models.get(slice_.regime_id)
        reference_id = content_id(kind="reference", net=repr(net)) if net else None
        for kind, model_id in (
            ("discovered", found[0] if found else None), ("reference", reference_id),
        ):
            row = DeviationRow(
                municipality_id, slice_.process_id, slice_.regime_id,
                kind, model_id, "no_model", "slice",
            )
            if model_id is None:
                rows.append(row)
                continue
            try:
                automaton = automaton_of(
                    NetBehaviour(net) if kind == "reference" and net
                    else Semantics(read_tree_text(found[1] if found else ""))
                )
                compared = _compare(connection, slice_, log, automaton, row)
            except TooWideError:
                compared = [replace(row, outcome="too_complex")]
            on_progress(f"{log.slice_name}, {kind} model: {len(compared) - 1} deviations")
            rows += compared
    write_table(DeviationRow, rows, out_dir / "deviations.parquet", about)
    return tuple(rows)


def _discovered_trees(out_dir: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """The model of each slice that can be walked: its id and the text of its tree."""
    rows = duckdb.sql(
        f"""
        select s.process_id, s.regime_id, m.model_id, m.process_tree
        from '{out_dir / "slices.parquet"}' as s
        join '{out_dir / "discovered_models.parquet"}' as m using (model_id)
        where m.process_tree is not null
        """
    ).fetchall()
    return {(process, regime): (model, tree) for process, regime, model, tree in rows}


def _compare(
    connection: duckdb.DuckDBPyConnection, slice_: Slice, log: VariantLog, automaton: Automaton,
    row: DeviationRow,
) -> list[DeviationRow]:
    only_closed = row.model_kind == "reference"
    counted = dict(
        connection.execute(
            """
            select variant_id::varchar, count(*) from core.cases
            where process_id = ? and regime_id = ? and (is_closed or not ?) and n_events > 0
            group by variant_id
            """,
            [slice_.process_id, slice_.regime_id, only_closed],
        ).fetchall()
    )
    variants = [one for one in log.variants if str(one.variant_id) in counted]
    if not variants:
        return [replace(row, outcome="no_case")]
    found = align(automaton, [one.activities for one in variants])
    (shortest,) = align(automaton, [()])
    aligned = [
        (str(variant.variant_id), len(variant.activities), one)
        for variant, one in zip(variants, found, strict=True) if one is not None
    ]
    if not aligned or shortest is None:
        return [replace(row, outcome="too_complex", n_cases=sum(counted.values()))]
    n_aligned = sum(counted[variant_id] for variant_id, _, _ in aligned)
    costs = (
        counted[variant_id] * (1 - one.cost / (length + shortest.cost) if one.cost else 1.0)
        for variant_id, length, one in aligned
    )
    told = replace(
        row, outcome="compared", n_cases=sum(counted.values()), n_aligned=n_aligned,
        fitness=sum(costs) / n_aligned,
        perfectly_fitting=sum(counted[v] for v, _, one in aligned if not one.cost) / n_aligned,
    )
    return _counted(connection, told, aligned, only_closed)


def _counted(
    connection: duckdb.DuckDBPyConnection, row: DeviationRow,
    aligned: list[tuple[str, int, Alignment]], only_closed: bool,
) -> list[DeviationRow]:
    """The slice and each deviation with the cases and distinct citizens that have it."""
    by_deviation: defaultdict[tuple[str, Kind, str, str | None], set[str]] = defaultdict(set)
    for variant_id, _, one in aligned:
        for deviation in one.deviations:
            kind, activity = deviation.kind, deviation.activity
            by_deviation["activity", kind, activity, None].add(variant_id)
            by_deviation["place", kind, activity, deviation.after].add(variant_id)
    ordered = sorted(by_deviation, key=lambda one: (*one[:3], one[3] or ""))
    pairs = [(n, v) for n, key in enumerate(ordered) for v in sorted(by_deviation[key])]
    counts = connection.execute(
        """
        with judged as (
            select citizen_id, variant_id::varchar as variant_id from core.cases
            where process_id = $process and regime_id = $regime and (is_closed or not $only_closed)
                and variant_id::varchar in (select unnest($aligned::varchar[]))
        ),
        everybody as (select citizen_id, count(*) as n_cases from judged group by citizen_id),
        walked as (
            select unnest($numbers::integer[]) as number, unnest($variants::varchar[]) as variant_id
        ),
        with_it as (
            select number, citizen_id, count(*) as n_with from walked join judged using (variant_id)
            group by number, citizen_id
        )
        select null as number, sum(n_cases)::bigint, count(*), 0 from everybody
        union all
        select
            number, sum(n_with)::bigint, count(*),
            (select count(*) from everybody) - count(*) filter (where n_with = n_cases)
        from with_it join everybody using (citizen_id) group by number
        """,
        {
            "process": row.process_id, "regime": row.regime_id, "only_closed": only_closed,
            "aligned": [variant_id for variant_id, _, _ in aligned],
            "numbers": [number for number, _ in pairs], "variants": [v for _, v in pairs],
        },
    ).fetchall()
    by_number = {number: figures for number, *figures in counts}
    whole = replace(row, n_aligned_citizens=by_number[None][1])
    return [whole] + [
        replace(
            whole, grain=grain, kind=kind, activity_ids=activity, after_activity_id=after,
            n_with=by_number[number][0], n_with_citizens=by_number[number][1],
            n_without_citizens=by_number[number][2],
        )
        for number, (grain, kind, activity, after) in enumerate(ordered)
    ]
