"""Two municipalities side by side, of what both have published and nothing else.

Published counts come in steps, so a share is known only between two bounds: an interval is as wide as
that makes it, and a difference is called one only where every count that would be told so shows it. A
citizen with several cases is counted as if these were all alike, as nothing published tells how alike
they are.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.mining.comparison.judging import FALSE_DISCOVERIES
from pm_pipeline.mining.comparison.line import Verdict
from pm_pipeline.mining.comparison.shares import largest_p_values, widest
from pm_pipeline.mining.pictures.difference import DifferenceArc, DifferenceMap, Gap

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_NOTES = {
    "da": (
        "Af offentliggjorte tal alene. Forløb er talt, som de ser ud nu: i A er {first} i gang, i B"
        " {second}.",
        "{n} pile, som kun den ene kommune oplyser, er ikke tegnet: den anden har dem hos ingen eller"
        " få. Dage er sat ved siden af hinanden og ikke prøvet.",
        "ukendt hvor mange",
    ),
    "en": (
        "Of published figures alone. Cases are counted as they are now: in A {first} are in progress,"
        " in B {second}.",
        "{n} arcs that only one of them tells are not drawn: with the other nobody or few have them."
        " Days stand side by side and are not tested.",
        "not told how many",
    ),
}


@dataclass(frozen=True)
class PublishedArc:
    """One row of ``flow_map``, its count in steps."""

    arc_kind: str
    from_activity_id: str
    to_activity_id: str
    from_label: str
    to_label: str
    n_cases: int
    median_days: float | None

    @property
    def ends(self) -> tuple[str, str]:
        return self.from_activity_id, self.to_activity_id


@dataclass(frozen=True)
class PublishedMap:
    """One filter of one municipality as it is published; counts in steps of its minimum group."""

    name: str
    filter_id: str
    sentence: str
    n_cases: int
    n_citizens: int
    share_open: float | None
    min_group_size: int
    arcs: tuple[PublishedArc, ...]

    @property
    def effect(self) -> float:
        """Cases of a citizen: what they count for, if all cases of one citizen are alike."""
        return max(self.n_cases / self.n_citizens, 1.0)


@dataclass(frozen=True)
class TownLine:
    """An arc in both municipalities. What one of them does not tell is None."""

    arc: PublishedArc
    first: float | None
    second: float | None
    first_days: float | None
    second_days: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: Verdict = Verdict.CANNOT_TELL


@dataclass(frozen=True)
class TownComparison:
    first: PublishedMap
    second: PublishedMap
    lines: tuple[TownLine, ...]

    @property
    def n_tested(self) -> int:
        return sum(line.difference is not None for line in self.lines)


def published_filters(connection: "duckdb.DuckDBPyConnection") -> dict[str, str]:
    """The filters a publication tells the size of, with their kind."""
    return dict(
        connection.execute(
            "select filter_id, kind from flow_filters where n_cases > 0 order by all"
        ).fetchall()
    )


def read_published_map(
    connection: "duckdb.DuckDBPyConnection", name: str, filter_id: str, language: str,
    min_group_size: int,
) -> PublishedMap:
    """The map of a filter that :func:`published_filters` names; ``language``: ``da`` or ``en``."""
    ((sentence, n_cases, n_citizens, share_open),) = connection.execute(
        f"select sentence_{language}, n_cases, n_citizens, share_open from flow_filters"
        " where filter_id = ?",
        [filter_id],
    ).fetchall()
    arcs = connection.execute(
        f"select arc_kind, from_activity_id, to_activity_id, from_label_{language},"
        f" to_label_{language}, n_cases, median_days from flow_map where filter_id = ? order by all",
        [filter_id],
    ).fetchall()
    return PublishedMap(
        name, filter_id, sentence, n_cases, n_citizens, share_open, min_group_size,
        tuple(PublishedArc(*arc) for arc in arcs),
    )


def compare_towns(first: PublishedMap, second: PublishedMap) -> TownComparison:
    """Every arc that either tells; those that both tell with difference, interval and verdict."""
    import numpy as np
    from scipy import stats

    of_first = {arc.ends: arc for arc in first.arcs}
    of_second = {arc.ends: arc for arc in second.arcs}
    both = [ends for ends in of_first if ends in of_second]
    told = (
        np.array([float(of_first[ends].n_cases) for ends in both]),
        np.full(len(both), float(first.n_cases)),
        np.array([float(of_second[ends].n_cases) for ends in both]),
        np.full(len(both), float(second.n_cases)),
    )
    smallest = (first.min_group_size, second.min_group_size)
    effects = (np.full(len(both), first.effect), np.full(len(both), second.effect))
    tested = {}
    if both:
        p_values = stats.false_discovery_control(largest_p_values(told, smallest, effects))
        low, high = widest(told, smallest, effects)
        differences = np.minimum(told[2] / told[3], 1.0) - np.minimum(told[0] / told[1], 1.0)
        tested = {
            ends: (float(differences[at]), float(low[at]), float(high[at]),
                   _verdict(float(p_values[at]), float(differences[at])))
            for at, ends in enumerate(both)
        }  # fmt: skip
    lines = [
        TownLine(
            of_first.get(ends) or of_second[ends], _share(of_first.get(ends), first),
            _share(of_second.get(ends), second), _days(of_first.get(ends)), _days(of_second.get(ends)),
            *tested.get(ends, ()),
        )
        for ends in sorted(of_first | of_second)
    ]
    return TownComparison(first, second, tuple(lines))


def map_of_towns(comparison: TownComparison, language: str) -> DifferenceMap:
    """What both tell, as a difference map."""
    first, second = comparison.first, comparison.second
    arcs = tuple(
        DifferenceArc(
            line.arc.from_activity_id, line.arc.to_activity_id,
            Gap(line.first, line.second, line.difference, line.verdict),
            None if line.first_days is None or line.second_days is None
            else Gap(line.first_days, line.second_days),
        )
        for line in comparison.lines if line.first is not None and line.second is not None
    )
    open_now, untold, unknown = _NOTES[language]

    def in_progress(share: float | None) -> str:
        return unknown if share is None else f"{100 * share:.0f} %"

    return DifferenceMap(
        language=language,
        title=f"{first.name} – {second.name}",
        sides=(f"{first.name}. {first.sentence}", f"{second.name}. {second.sentence}"),
        n_cases=(first.n_cases, second.n_cases),
        follow_up_days=None,
        min_group_size=max(first.min_group_size, second.min_group_size),
        nodes={
            end: label
            for line in comparison.lines
            for end, label in (
                (line.arc.from_activity_id, line.arc.from_label),
                (line.arc.to_activity_id, line.arc.to_label),
            )
        },
        activities={},
        arcs=arcs,
        n_tested=comparison.n_tested,
        notes=(
            open_now.format(
                first=in_progress(first.share_open), second=in_progress(second.share_open)
            ),
            untold.format(n=len(comparison.lines) - len(arcs)),
        ),
    )


def _verdict(p_adjusted: float, difference: float) -> Verdict:
    if p_adjusted > FALSE_DISCOVERIES:
        return Verdict.NO_DIFFERENCE_SHOWN
    return Verdict.HIGHER if difference > 0 else Verdict.LOWER


def _share(arc: PublishedArc | None, of: PublishedMap) -> float | None:
    return None if arc is None else min(arc.n_cases / of.n_cases, 1.0)


def _days(arc: PublishedArc | None) -> float | None:
    return None if arc is None else arc.median_days
