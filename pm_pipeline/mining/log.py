"""The one place that hands a log to a miner: the variants of a slice, with counts.

A slice is one process under one regime. What leaves SQL is counts per path, never a case: no case
id, no time, no citizen. The order is fixed here (most cases first, then the path itself), because
pm4py reads other paths from other orders of the same events (its issue 546: no sorting, no word).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import duckdb

from pm_pipeline.errors import PipelineError

Path = tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """One path through the process and how many walked it."""

    variant_id: str
    activities: Path
    n_cases: int
    n_citizens: int

    @property
    def order(self) -> tuple[int, Path]:
        return (-self.n_cases, self.activities)


@dataclass(frozen=True)
class VariantLog:
    """The log of one slice: its variants, and how many citizens stand behind each step.

    Attributes:
        regime_id: None for cases that began before the first regime.
        variants: most cases first, ties by path; sorted and without repeats, or ValueError.
        n_citizens: distinct citizens of all variants together.
        pair_citizens, start_citizens, end_citizens: distinct citizens of the whole slice behind
            each directly-follows pair, first and last activity.
    """

    process_id: str
    regime_id: str | None
    variants: tuple[Variant, ...]
    n_citizens: int
    pair_citizens: Mapping[tuple[str, str], int]
    start_citizens: Mapping[str, int]
    end_citizens: Mapping[str, int]

    def __post_init__(self) -> None:
        for before, after in pairwise(self.variants):
            if before.order > after.order:
                raise ValueError(f"variants of {self.slice_name} are not in their fixed order")
        if len({variant.activities for variant in self.variants}) != len(self.variants):
            raise ValueError(f"variants of {self.slice_name} hold the same path twice")

    @property
    def slice_name(self) -> str:
        return f"{self.process_id} / {self.regime_id or 'outside every regime'}"

    @property
    def n_cases(self) -> int:
        return sum(variant.n_cases for variant in self.variants)

    @property
    def n_events(self) -> int:
        return sum(variant.n_cases * len(variant.activities) for variant in self.variants)

    @property
    def activities(self) -> tuple[str, ...]:
        """Every activity id of the log, sorted."""
        return tuple(sorted({a for variant in self.variants for a in variant.activities}))

    def supported(self, min_group_size: int) -> "VariantLog":
        """The part of the log that may be shown: what fewer than ``min_group_size`` did is gone.

        A variant stays when its first activity, its last activity and each of its steps are walked
        by at least that many distinct citizens of the slice (not necessarily in that variant). A
        model made of such variants holds no step that fewer people took. ``n_citizens`` of the
        result is an upper bound; :func:`count_citizens` gives the exact number.
        """

        def is_supported(variant: Variant) -> bool:
            path = variant.activities
            if not path:
                return variant.n_citizens >= min_group_size
            return (
                self.start_citizens[path[0]] >= min_group_size
                and self.end_citizens[path[-1]] >= min_group_size
                and all(self.pair_citizens[pair] >= min_group_size for pair in pairwise(path))
            )

        return replace(self, variants=tuple(v for v in self.variants if is_supported(v)))

    def most_frequent(self, n_variants: int) -> "VariantLog":
        """The ``n_variants`` variants that most cases walk, ties by path."""
        return replace(self, variants=self.variants[:n_variants])

    def fingerprint(self) -> str:
        """SHA-256 over every count that mining can see; equal logs have equal fingerprints."""
        content = [
            self.process_id, self.regime_id, self.n_citizens,
            [[v.activities, v.n_cases, v.n_citizens] for v in self.variants],
            sorted([*pair, n] for pair, n in self.pair_citizens.items()),
            sorted(self.start_citizens.items()),
            sorted(self.end_citizens.items()),
        ]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Slice:
    """One process under one regime (None: cases that began before the first one)."""

    process_id: str
    regime_id: str | None
    n_cases: int
    n_citizens: int


def read_slices(connection: duckdb.DuckDBPyConnection) -> tuple[Slice, ...]:
    """Every slice that has cases, in order of process and regime."""
    rows = connection.execute(
        """
        select process_id, regime_id, count(*), count(distinct citizen_id)
        from core.cases group by all order by process_id, regime_id nulls first
        """
    ).fetchall()
    return tuple(Slice(*row) for row in rows)


def read_log(connection: duckdb.DuckDBPyConnection, slice_: Slice) -> VariantLog:
    """The variants of a slice.

    Raises:
        PipelineError: the tables of the warehouse contradict each other (cases lost or counted
            twice on the way to ``core.variants``, a step missing in ``core.directly_follows``).
    """
    key = [slice_.process_id, slice_.regime_id]
    variants = [
        Variant(str(variant_id), tuple(activities or ()), n_cases, n_citizens)
        for variant_id, activities, n_cases, n_citizens in connection.execute(
            """
            select variant_id, activities, n_cases, n_citizens from core.variants
            where process_id = ? and regime_id is not distinct from ?
            """,
            key,
        ).fetchall()
    ]
    pairs = connection.execute(
        """
        select from_activity_id, to_activity_id, n_citizens from core.directly_follows
        where process_id = ? and regime_id is not distinct from ?
        """,
        key,
    ).fetchall()
    borders = connection.execute(
        """
        select kind, activity_id, n_citizens from core.start_end_activities
        where process_id = ? and regime_id is not distinct from ?
        """,
        key,
    ).fetchall()
    log = VariantLog(
        process_id=slice_.process_id,
        regime_id=slice_.regime_id,
        variants=tuple(sorted(variants, key=lambda variant: variant.order)),
        n_citizens=slice_.n_citizens,
        pair_citizens={(a, b): n for a, b, n in pairs},
        start_citizens={a: n for kind, a, n in borders if kind == "start"},
        end_citizens={a: n for kind, a, n in borders if kind == "end"},
    )
    _check(log, slice_)
    return log


def count_citizens(connection: duckdb.DuckDBPyConnection, log: VariantLog) -> int:
    """Distinct citizens behind the variants of ``log`` (one citizen may have several cases)."""
    row = connection.execute(
        """
        select count(distinct citizen_id) from core.cases
        where process_id = ? and regime_id is not distinct from ?
            and variant_id::varchar in (select unnest(?::varchar[]))
        """,
        [log.process_id, log.regime_id, [variant.variant_id for variant in log.variants]],
    ).fetchone()
    return int(row[0]) if row else 0


def _check(log: VariantLog, slice_: Slice) -> None:
    if log.n_cases != slice_.n_cases:
        raise PipelineError(
            f"core.variants, {log.slice_name}: expected the {slice_.n_cases} cases of core.cases, "
            f"found {log.n_cases}; rebuild the warehouse"
        )
    walked: set[tuple[str, str]] = set()
    starts: set[str] = set()
    ends: set[str] = set()
    for variant in log.variants:
        walked.update(pairwise(variant.activities))
        starts.update(variant.activities[:1])
        ends.update(variant.activities[-1:])
    compared: tuple[tuple[str, set[object], set[object]], ...] = (
        ("directly_follows", {*walked}, {*log.pair_citizens}),
        ("start_end_activities (start)", {*starts}, {*log.start_citizens}),
        ("start_end_activities (end)", {*ends}, {*log.end_citizens}),
    )
    for table, expected, found in compared:
        if found != expected:
            odd = min(expected ^ found, key=str)
            raise PipelineError(
                f"core.{table}, {log.slice_name}: expected exactly the steps of core.variants, "
                f"but {odd} is in one of the two only; rebuild the warehouse"
            )
