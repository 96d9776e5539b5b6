"""A judged comparison as rows that may be told: nothing of a few, no figure finer than its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from pm_pipeline.mining.comparison.judging import Judged
from pm_pipeline.mining.comparison.line import ComparedLine, Outcome, Reason, Verdict
from pm_pipeline.mining.comparison.shares import cohens_h, widest
from pm_pipeline.mining.comparison.sides import Activity, Comparison, Counted, LineKey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: A p-value is told as the smallest of these that it is not above: exact, it would narrow the counts
#: down.
_P_STEPS = (0.001, 0.01, 0.05, 1.0)
_LEAD_TIME = LineKey("lead_time")


@dataclass(frozen=True)
class Telling:
    """How the rows of one comparison are told."""

    municipality_id: str
    comparison: Comparison
    activities: Mapping[int, Activity]
    min_group_size: int

    def refused(self, reason: Reason) -> ComparedLine:
        """The one row of a comparison whose sides are not comparable."""
        return self._row(Outcome.NOT_COMPARABLE, reason, "all", "cases", **self._left_out())

    def rows(
        self, lines: Sequence[Counted], days: Mapping[LineKey, tuple["Array", "Array"]], judged: Judged
    ) -> list[ComparedLine]:
        """The comparison itself, then each line that may be told with its share and its days."""
        found = [
            self._row(
                Outcome.COMPARED, None, "all", "cases", n_tested=len(judged.p_adjusted),
                **self._left_out(),
            )
        ]
        for line in lines:
            if not self._may_be_told(line):
                continue
            found.append(self._share(line, judged))
            if line.key in days and min(line.first.n_citizens, line.second.n_citizens) > 0:
                found.append(self._days(line.key, days[line.key], judged, line))
        if _LEAD_TIME in days:
            found.append(self._days(_LEAD_TIME, days[_LEAD_TIME], judged))
        return found

    def _may_be_told(self, line: Counted) -> bool:
        """Nobody or enough on each side, and not nobody on both."""
        behind = (line.first.n_citizens, line.second.n_citizens)
        return max(behind) > 0 and all(one == 0 or one >= self.min_group_size for one in behind)

    def _share(self, line: Counted, judged: Judged) -> ComparedLine:
        counts = (
            line.first.n_told, self.comparison.first.n_cases_told,
            line.second.n_told, self.comparison.second.n_cases_told,
        )
        effects = judged.effects[line.key]
        verdict = judged.verdicts[line.key, "share"]
        return self._row(
            Outcome.COMPARED, None, line.key.kind, "share", line.key,
            **_counts(line), **told_difference(counts, effects, verdict, self.min_group_size),
            p_at_most=_p_step(judged.p_adjusted[line.key, "share"]),
            n_tested=len(judged.p_adjusted), verdict=verdict,
        )

    def _days(
        self, key: LineKey, days: tuple["Array", "Array"], judged: Judged, line: Counted | None = None
    ) -> ComparedLine:
        import numpy as np

        shift = judged.shifts.get(key)
        digits = 0 if key == _LEAD_TIME else 1
        told: dict[str, Any] = {} if shift is None else {
            "difference": round(shift.size, digits),
            "difference_low": floor(shift.low * 10**digits) / 10**digits,
            "difference_high": ceil(shift.high * 10**digits) / 10**digits,
            "effect_measure": "cliffs_delta",
            "effect_size": round(shift.delta, 1),
            "p_at_most": _p_step(judged.p_adjusted[key, "days"]),
        }
        return self._row(
            Outcome.COMPARED, Reason.TOO_FEW if shift is None else None, key.kind, "days", key,
            **(_counts(line) if line else {}),
            value_first=round(float(np.median(days[0])), digits),
            value_second=round(float(np.median(days[1])), digits),
            n_tested=len(judged.p_adjusted), verdict=judged.verdicts[key, "days"], **told,
        )

    def _left_out(self) -> dict[str, Any]:
        sides = (self.comparison.first, self.comparison.second)
        return {
            "n_too_young": _sum(*(side.n_too_young_told for side in sides)),
            "n_on_both_sides": _sum(*(side.n_on_both_sides_told for side in sides)),
        }

    def _row(
        self, outcome: Outcome, reason: Reason | None, kind: str, measure: str,
        key: LineKey | None = None, **figures: Any,
    ) -> ComparedLine:
        asked = self.comparison
        is_enough = all(
            side.n_citizens == 0 or side.n_citizens >= self.min_group_size
            for side in (asked.first, asked.second)
        )
        names: dict[str, Any] = {}
        codes = (None, None) if key is None else (key.from_activity, key.to_activity)
        for end, code in zip(("from", "to"), codes, strict=True):
            activity = None if code is None else self.activities[code]
            for name in ("activity_id", "label_da", "label_en"):
                names[f"{end}_{name}"] = None if activity is None else getattr(activity, name)
        empty: dict[str, Any] = dict.fromkeys(_FIGURES)
        return ComparedLine(
            municipality_id=self.municipality_id, comparison_id=asked.comparison_id,
            title_da=asked.title_da, title_en=asked.title_en, process_id=asked.first.process_id,
            first_filter_id=asked.first.filter_id, first_da=asked.first.sentence_da,
            first_en=asked.first.sentence_en, second_filter_id=asked.second.filter_id,
            second_da=asked.second.sentence_da, second_en=asked.second.sentence_en,
            is_told=(asked.first.is_told or not asked.first.is_known)
            and (asked.second.is_told or not asked.second.is_known),
            follow_up_days=asked.follow_up_days, outcome=outcome, reason=reason, line_kind=kind,
            measure=measure,
            n_cases_first=asked.first.n_cases_told if is_enough else None,
            n_citizens_first=asked.first.n_citizens,
            n_cases_second=asked.second.n_cases_told if is_enough else None,
            n_citizens_second=asked.second.n_citizens,
            **names, **(empty | figures),
        )


_FIGURES = (
    "n_too_young", "n_on_both_sides", "n_first", "n_first_citizens", "n_second", "n_second_citizens",
    "value_first", "value_second", "difference", "difference_low", "difference_high",
    "effect_measure", "effect_size", "p_at_most", "n_tested", "verdict",
)  # fmt: skip


def told_difference(
    counts: tuple[int | None, int | None, int | None, int | None], effects: tuple[float, float],
    verdict: Verdict, min_group_size: int,
) -> dict[str, Any]:
    """Two shares, their difference, its interval and its size: all of told counts and nothing else.

    Args:
        counts: with the line and in all, of the first and of the second side, in steps.
        effects: design effects; told upwards to a tenth.
    """
    import numpy as np

    first, n_first, second, n_second = (np.array([float(one or 0)]) for one in counts)
    one, two = np.minimum(first / n_first, 1.0), np.minimum(second / n_second, 1.0)
    low, high = widest(
        (first, n_first, second, n_second), (min_group_size, min_group_size),
        (np.array([ceil(10 * effects[0]) / 10]), np.array([ceil(10 * effects[1]) / 10])),
    )
    difference = round(float((two - one)[0]), 3)
    is_hidden = {
        Verdict.HIGHER: difference <= 0, Verdict.LOWER: difference >= 0,
    }.get(verdict, False)
    return {
        "value_first": round(float(one[0]), 3),
        "value_second": round(float(two[0]), 3),
        "difference": None if is_hidden else difference,
        # a bound of -1 that floating point puts a hair below must not be told as -1.001
        "difference_low": max(floor(float(low[0]) * 1000) / 1000, -1.0),
        "difference_high": min(ceil(float(high[0]) * 1000) / 1000, 1.0),
        "effect_measure": "cohens_h",
        "effect_size": None if is_hidden else round(float(cohens_h(one, two)[0]), 2),
    }


def _counts(line: Counted) -> dict[str, Any]:
    return {
        "n_first": line.first.n_told, "n_first_citizens": line.first.n_citizens,
        "n_second": line.second.n_told, "n_second_citizens": line.second.n_citizens,
    }


def _sum(*told: int | None) -> int | None:
    return sum(one for one in told if one is not None)


def _p_step(p_value: float) -> float:
    return next(step for step in _P_STEPS if p_value <= step)
