"""The series of an initiative as a picture: what was, what would have come, what came."""

from datetime import date, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pm_pipeline.mining.initiatives.comparing import Compared
from pm_pipeline.mining.initiatives.series import Arm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_WIDTH, _HEIGHT, _EDGE = 860, 300, 56
_INK, _BEFORE, _AFTER, _FORETOLD = "#222", "#4a6fa5", "#b0413e", "#888"


def picture(
    title: str, series: Compared, arms: list[Arm], starts_on: date, period_days: int,
    min_group_size: int, step: float | None,
) -> str:
    """An SVG. A dot is the mean of so many periods beside each other as hold the minimum group of
    citizens in each group; a dot of fewer is not drawn. ``step``: draws the level without it, dashed.
    """
    dots = _dots(series, arms, min_group_size)
    if not dots:
        return _frame(title, ["no period holds enough citizens to be drawn"], [], [])
    lines = _lines(series, step)
    values = [value for _, value, _ in dots] + [value for _, ends in lines for _, value in ends]
    periods = [period for period, _, _ in dots] + [0.0]
    low, high = min(values), max(values)
    low, high = (low, high) if high > low else (low - 1, high + 1)
    first, last = min(periods) - 1, max(periods) + 1

    def at(period: float, value: float) -> tuple[float, float]:
        x = _EDGE + (min(max(period, first), last) - first) / (last - first) * (_WIDTH - 2 * _EDGE)
        return x, _HEIGHT - _EDGE - (value - low) / (high - low) * (_HEIGHT - 2 * _EDGE)

    start_x, _ = at(-0.5, low)
    drawn = [
        f'<line x1="{start_x:.1f}" x2="{start_x:.1f}" y1="{_EDGE}" y2="{_HEIGHT - _EDGE}"'
        f' stroke="{_INK}" stroke-dasharray="2 3"/>'
    ]
    for color, ends in lines:
        points = " ".join("{:.1f},{:.1f}".format(*at(*end)) for end in ends)
        dashes = ' stroke-dasharray="6 4"' if color == _FORETOLD else ""
        drawn.append(
            f'<polyline fill="none" stroke="{color}" stroke-width="2"{dashes} points="{points}"/>'
        )
    for period, value, weight in dots:
        x, y = at(period, value)
        color = _AFTER if period >= 0 else _BEFORE
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2.5 + min(weight, 40) ** 0.5 / 2:.1f}"'
                     f' fill="{color}" fill-opacity="0.75"/>')
    under = [
        (at(end, low)[0], (starts_on + timedelta(days=round(end * period_days))).isoformat())
        for end in (first, 0, last)
    ]
    beside = [(float(_HEIGHT - _EDGE), f"{low:.2g}"), (float(_EDGE), f"{high:.2g}")]
    return _frame(title, drawn, under, beside)


def _dots(series: Compared, arms: list[Arm], min_group_size: int) -> list[tuple[float, float, float]]:
    """(middle period, mean, cases) of periods put together until each group is large enough."""
    import numpy as np

    behind = np.array([
        [float(arm.citizens[arm.periods == period].sum()) for arm in arms] for period in series.periods
    ]).reshape(-1, len(arms))
    found = []
    for side in (False, True):
        mine = np.flatnonzero((series.periods >= 0) == side)
        begun = 0
        for end in range(1, len(mine) + 1):
            together = mine[begun:end]
            if (behind[together].sum(axis=0) >= min_group_size).all():
                weights = series.cases[together]
                found.append((
                    float(np.average(series.periods[together], weights=weights)),
                    float(np.average(series.values[together], weights=weights)), float(weights.sum()),
                ))
                begun = end
    return found


def _lines(series: Compared, step: float | None) -> list[tuple[str, list[tuple[float, float]]]]:
    """The level before, the level after, and what would have come: without the season."""
    import numpy as np

    if step is None:
        return []
    after = series.periods >= 0
    without = series.values - step * after
    columns = [np.ones(len(series.periods))] + ([] if series.is_difference else [series.periods])
    design = np.column_stack(columns)
    weights = np.sqrt(series.cases)
    found = np.linalg.lstsq(design * weights[:, None], without * weights, rcond=None)[0]

    def level(period: float) -> float:
        return float(found[0] + (found[1] * period if len(found) > 1 else 0.0))

    first, last = float(series.periods[0]), float(series.periods[-1])
    return [
        (_BEFORE, [(first, level(first)), (-0.5, level(-0.5))]),
        (_FORETOLD, [(-0.5, level(-0.5)), (last, level(last))]),
        (_AFTER, [(-0.5, level(-0.5) + step), (last, level(last) + step)]),
    ]


def _frame(
    title: str, drawn: list[str], under: list[tuple[float, str]], beside: list[tuple[float, str]]
) -> str:
    told = [
        one if one.startswith("<") else f'<text x="{_EDGE}" y="{_HEIGHT / 2}">{escape(one)}</text>'
        for one in drawn
    ]
    told += [
        f'<text x="{x:.1f}" y="{_HEIGHT - _EDGE + 20}" text-anchor="middle">{escape(text)}</text>'
        for x, text in under
    ]
    told += [
        f'<text x="{_EDGE - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
        for y, text in beside
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}"'
        f' viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12" fill="{_INK}">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
        f'<text x="{_EDGE}" y="24" font-size="14">{escape(title)}</text>'
        f'<polyline fill="none" stroke="{_INK}" points="{_EDGE},{_EDGE} {_EDGE},{_HEIGHT - _EDGE}'
        f' {_WIDTH - _EDGE},{_HEIGHT - _EDGE}"/>' + "".join(told) + "</svg>"
    )
