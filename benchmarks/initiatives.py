"""How often the interval of an initiative's step holds the truth, on series whose truth is known.

`python -m benchmarks.initiatives` runs it alone (some minutes) and prints a table in Markdown: beside
ours the ordinary least squares, Newey-West and Prais-Winsten (AR(1)) intervals of the same series, the
first two weighted by cases, where statsmodels is installed (`uv pip install statsmodels`; the product
does without).
"""

import argparse
import itertools
from collections.abc import Callable, Iterator

import numpy as np

from pm_pipeline.mining.initiatives.comparing import Compared, compared
from pm_pipeline.mining.initiatives.series import Arm
from tests.mining.initiatives.planted_series import arm

#: Periods of four weeks before and after, cases of each, spread in days and memory of the level.
LENGTHS = ((20, 6), (20, 13), (39, 26))
CASES = (3, 30)
LEVELS = ((0.0, 0.0), (2.0, 0.0), (2.0, 0.4), (2.0, 0.7))
SEASON, EFFECT = 3.0, -4.0
Interval = tuple[float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=400, help="of each line of the table")
    arguments = parser.parse_args()
    methods: dict[str, Callable[[Compared, Arm], Interval]] = {"ours": _ours, **_statsmodels()}
    names = " | ".join(methods)
    print(f"| periods | cases | spread | memory | {names} | half width | finds −12 | finds 0 |")
    print("|---" * (7 + len(methods)) + "|")
    for (before, after), cases, (spread, memory) in itertools.product(LENGTHS, CASES, LEVELS):
        facts = {"cases": cases, "spread": spread, "memory": memory, "season": SEASON}
        covered = dict.fromkeys(methods, 0)
        width = finds = false_alarms = 0.0
        for target, series in _series(arguments.series, before, after, EFFECT, facts):
            for name, method in methods.items():
                low, high = method(series, target)
                covered[name] += low <= EFFECT <= high
                width += (high - low) / 2 if name == "ours" else 0
        for target, series in _series(arguments.series // 2, before, after, -12.0, facts):
            finds += _ours(series, target)[1] < 0
        for target, series in _series(arguments.series, before, after, 0.0, facts):
            low, high = _ours(series, target)
            false_alarms += low > 0 or high < 0
        n = arguments.series
        told = " | ".join(f"{count / n:.3f}" for count in covered.values())
        print(
            f"| {before}+{after} | {cases} | {spread:g} | {memory:g} | {told} | {width / n:.1f} |"
            f" {finds / (n // 2):.2f} | {false_alarms / n:.3f} |", flush=True,
        )


def _series(
    n: int, before: int, after: int, effect: float, facts: dict[str, float]
) -> Iterator[tuple[Arm, Compared]]:
    rng = np.random.default_rng(20260704)
    for _ in range(n):
        target = arm(rng, before, after, effect=effect, **facts)
        yield target, compared(target, None, is_share=False)


def _ours(series: Compared, target: Arm) -> Interval:
    step = series.step()
    return step.low, step.high


def _statsmodels() -> dict[str, Callable[[Compared, Arm], Interval]]:
    try:
        import statsmodels.api as sm
    except ImportError:
        return {}

    def ordinary(series: Compared, target: Arm) -> Interval:
        return tuple(_weighted(series, target).fit().conf_int()[1])

    def newey_west(series: Compared, target: Arm) -> Interval:
        fitted = _weighted(series, target).fit(
            cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True}, use_t=True
        )
        return tuple(fitted.conf_int()[1])

    def prais_winsten(series: Compared, target: Arm) -> Interval:
        model = sm.GLSAR(series.values, series.design(), rho=1)
        return tuple(model.iterative_fit(8).conf_int()[1])

    def _weighted(series: Compared, target: Arm) -> "sm.WLS":
        return sm.WLS(series.values, series.design(), weights=target.cases)

    return {"OLS": ordinary, "Newey-West": newey_west, "Prais-Winsten": prais_winsten}


if __name__ == "__main__":
    main()
