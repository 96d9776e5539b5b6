"""A municipality whose data are imperfect in every known way: each pattern in cases of its own.

Names and definitions of the patterns: ``dbt_project/detectors/quality_patterns.csv``. What is planted
keeps the files valid: every row is one that the contract takes, or loses the one value that is meant.
"""

from collections.abc import Iterable
from pathlib import Path

from pm_pipeline.errors import UsageError
from pm_pipeline.synthetic.imperfect import (
    capture,
    deliveries,
    innocent,
    labels,
    law,
    log_rules,
    shares,
    times,
)
from pm_pipeline.synthetic.imperfect.town import Planted, Planter, Town

#: Citizens by system that are enough for every pattern.
SIZES = {"fasit": 800, "momentum": 560}
# Those that need cases of certain days come first, those that look at rows of every case last.
PLANTERS: dict[str, Planter] = {
    **law.PLANTERS, **labels.PLANTERS, **capture.PLANTERS, **times.PLANTERS,
}
#: By rule on the log, and by rule of a suite that judges a share and no pattern. They need cases under
#: every regime: deliveries from before 2020 to after the reform of 2026.
LOG_RULES: dict[str, Planter] = dict(log_rules.PLANTERS)
SHARES: dict[str, Planter] = {**shares.PLANTERS, **deliveries.PLANTERS}
#: Citizens by system that are enough for them.
LONG_SIZES = {"fasit": 620, "momentum": 80}
_ALL = {**PLANTERS, **LOG_RULES, **SHARES}


def plant(
    folder: Path, seed: int, patterns: Iterable[str] = PLANTERS
) -> dict[str, Planted]:
    """Spoil the deliveries in ``folder`` (``fasit/`` and ``momentum/``); the truth, by pattern
    or rule. ``patterns``: also the names of :data:`LOG_RULES` and :data:`SHARES`.

    What looks like a pattern and is none comes into every town, also where no pattern is wanted. The
    same deliveries and seed give the same bytes.

    Raises:
        UsageError: a pattern nobody knows how to plant, no deliveries, or too few cases.
    """
    wanted = set(patterns)
    if unknown := sorted(wanted - set(_ALL)):
        raise UsageError(f"no planter for {', '.join(unknown)}; known: {', '.join(_ALL)}")
    town = Town(folder, seed)
    for innocent_one in innocent.PLANTERS.values():
        innocent_one(town)
    town.regimes_asked()
    seen = {
        name: (planter(town), town.regimes_asked()) for name, planter in _ALL.items() if name in wanted
    }
    places = town.write()
    return {name: one.at(name, places, regimes) for name, (one, regimes) in seen.items()}


__all__ = ["LOG_RULES", "LONG_SIZES", "PLANTERS", "SHARES", "SIZES", "Planted", "plant"]
