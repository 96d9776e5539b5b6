"""The same counts in plain Python, event by event: what the SQL of the flow is held to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

Walk = Sequence[str]


@dataclass(frozen=True)
class Step:
    activity: str
    at: float  # seconds


def follows(
    cases: Mapping[str, Sequence[Step]],
) -> dict[tuple[str, str], tuple[int, int, float, float]]:
    """(from, to): occurrences, cases, mean and median days."""
    days: dict[tuple[str, str], list[float]] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for steps in cases.values():
        pairs = list(pairwise(steps))
        seen.update({(one.activity, other.activity) for one, other in pairs})
        for one, other in pairs:
            days.setdefault((one.activity, other.activity), []).append((other.at - one.at) / 86400)
    return {
        pair: (len(found), seen[pair], mean(found), median(found)) for pair, found in days.items()
    }


def rework(walk: Walk) -> Counter[tuple[str, str, str | None]]:
    """(kind, activity, went back from): how often it is done again on one path."""
    found: Counter[tuple[str, str, str | None]] = Counter()
    for place, activity in enumerate(walk):
        if activity not in walk[:place]:
            continue
        before = walk[place - 1]
        if before == activity:
            found["self_loop", activity, None] += 1
            continue
        found["loop", activity, None] += 1
        if walk.index(before) > walk.index(activity):
            found["return", activity, before] += 1
    return found


def ping_pong(units: Sequence[str | None]) -> Counter[tuple[str, str]]:
    """(unit, other): how often a case went from the unit to the other and straight back."""
    stays: list[str] = []
    for unit in units:
        if unit is not None and (not stays or stays[-1] != unit):
            stays.append(unit)
    return Counter(
        (one, other)
        for one, other, third in zip(stays, stays[1:], stays[2:], strict=False) if one == third
    )


def batched(acts: Sequence[tuple[str, str | None, float]], gap: float, least: int) -> set[int]:
    """Places of the acts (activity, unit, second) that were done in a batch."""
    groups: dict[tuple[str, str | None], list[tuple[float, int]]] = {}
    for place, (activity, unit, at) in enumerate(acts):
        groups.setdefault((activity, unit), []).append((at, place))
    found: set[int] = set()
    for moments in groups.values():
        run: list[tuple[float, int]] = []
        for one in [*sorted(moments), (float("inf"), -1)]:
            if run and one[0] - run[-1][0] > gap:
                if len(run) >= least:
                    found |= {place for _, place in run}
                run = []
            run.append(one)
    return found
