"""Which changes there are: as many as tests confirm, where the segments they leave fit best.

*Whether* is decided by permutation tests, from the whole down: a part is looked at only where the
parts around it were shown to differ, so a log without any change gives a false alarm as rarely as one
test does. *Where* is decided for all changes together: the exact best segmentation into that many parts
(``ruptures``, KernelCPD with the linear kernel: Truong et al. 2020; Celisse et al. 2018). A change that
does not stand a test between its two neighbours is taken back.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pm_pipeline.quality.drift.limits import DriftLimits
from pm_pipeline.quality.drift.scan import Signal, Tested, best_split, permutation_test
from pm_pipeline.quality.drift.signal import signal_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Resamples behind the interval of a place, and the share of them that lies within it.
_RESAMPLES = 199
_WITHIN = 0.95
# Beside a change lie cases that could be of either side (the same course is taken on both), which no
# resample can tell apart.
_UNTOLD = 2


@dataclass(frozen=True)
class Change:
    """One confirmed change, places counted in units from the first.

    Attributes:
        place: the first unit after the change.
        earliest, latest: where it lies in 95 of 100 resamples of the units on both sides, and two more.
        since, until: the units compared: from ``since`` to before ``place``, from there to ``until``.
        size: Cohen's h of the relation that moved most, without sign.
    """

    place: int
    earliest: int
    latest: int
    since: int
    until: int
    p_value: float
    n_permutations: int
    size: float


def find_changes(shares: "NDArray[Any]", limits: DriftLimits, *, seed: int = 0) -> list[Change]:
    """The confirmed changes among units in order of start, first to last.

    Args:
        shares: (units, relations), the share of a unit's cases that have the relation (0 to 1).
        seed: the same units and seed give the same changes.
    """
    import numpy as np

    signal = signal_of(shares, limits) if len(shares) >= limits.fewest_cases else None
    if signal is None:
        return []
    random = np.random.default_rng(seed)
    search = _Search(signal, limits, random)
    places = search.kept(search.suspected(), shares)
    edges = [0, *places, signal.n_units]
    changes = []
    for since, place, until in zip(edges, places, edges[2:], strict=False):
        tested = search.between(since, place, until)
        assert tested is not None  # it was kept because of this test
        earliest, latest = _interval(signal.summed, (since, place, until), random)
        changes.append(
            Change(
                place, earliest, latest, since, until, tested.p_value, tested.n_permutations,
                size_of(shares[since:place], shares[place:until]),
            )
        )
    return changes


def cohens_h(before: "NDArray[Any]", after: "NDArray[Any]") -> "NDArray[Any]":
    """Effect size of shares (0 to 1): difference of their arcsine transforms (Cohen 1988, ch. 6)."""
    import numpy as np

    def angle(share: "NDArray[Any]") -> "NDArray[Any]":
        return np.asarray(2 * np.arcsin(np.sqrt(np.clip(share, 0, 1))))

    return np.asarray(angle(after) - angle(before))


def size_of(before: "NDArray[Any]", after: "NDArray[Any]") -> float:
    """Cohen's h, without sign, of the relation that moved most between two sets of units."""
    import numpy as np

    return float(np.abs(cohens_h(before.mean(axis=0), after.mean(axis=0))).max())


class _Search:
    def __init__(self, signal: Signal, limits: DriftLimits, random: "np.random.Generator") -> None:
        self._stacked = signal.stacked()
        self._n_summed = len(signal.summed)
        self._summed = signal.summed
        self._limits = limits
        self._random = random
        self._known: dict[tuple[int, int, int], Tested | None] = {}

    def tested(self, since: int, until: int, fewest: int) -> Tested | None:
        """The test of the units from ``since`` to ``until``, made once."""
        key = (since, until, fewest)
        if key not in self._known:
            self._known[key] = permutation_test(
                self._stacked[:, since:until], self._n_summed, fewest, self._limits, self._random
            )
        return self._known[key]

    def between(self, since: int, place: int, until: int) -> Tested | None:
        """The test of a change between its neighbours, which the best segmentation may bring nearer."""
        fewest = self._limits.fewest
        is_near = min(place - since, until - place) < fewest
        return self.tested(since, until, fewest // 2 if is_near else fewest)

    def suspected(self) -> list[int]:
        """Every place that a test found, from the whole down."""
        found, waiting = [], [(0, self._stacked.shape[1])]
        while waiting:
            since, until = waiting.pop()
            tested = self.tested(since, until, self._limits.fewest)
            if tested is not None and tested.p_value <= self._limits.level:
                place = since + tested.place
                found.append(place)
                waiting += [(since, place), (place, until)]
        return sorted(found)

    def kept(self, places: list[int], shares: "NDArray[Any]") -> list[int]:
        """The best places for as many changes as stand a test between their neighbours."""
        while places:
            places = self._best(len(places))
            edges = [0, *places, self._stacked.shape[1]]
            doubts = [
                self._doubt(*around, shares)
                for around in zip(edges, places, edges[2:], strict=False)
            ]
            if max(doubts) <= self._limits.level:
                break
            places = [place for number, place in enumerate(places) if number != _last_max(doubts)]
        return places

    def _doubt(self, since: int, place: int, until: int, shares: "NDArray[Any]") -> float:
        tested = self.between(since, place, until)
        is_small = size_of(shares[since:place], shares[place:until]) < self._limits.smallest_size
        return 1.0 if tested is None or is_small else tested.p_value

    def _best(self, n_changes: int) -> list[int]:
        import numpy as np
        import ruptures

        search = ruptures.KernelCPD(kernel="linear", min_size=self._limits.fewest // 2)
        search.fit(np.ascontiguousarray(self._summed.T, dtype=np.float64))
        return [int(place) for place in search.predict(n_bkps=n_changes)[:-1]]


def _last_max(numbers: list[float]) -> int:
    return max(range(len(numbers)), key=lambda number: (numbers[number], number))


def _interval(
    summed: "NDArray[Any]", around: tuple[int, int, int], random: "np.random.Generator"
) -> tuple[int, int]:
    """The units between which the change lies, by resampling the units on each side of it.

    Along the direction in which the far halves of the sides differ: in all directions at once, chance
    would draw the place of a resample to the edges; a direction that knew the units beside the change
    would always find it where it was found.
    """
    import numpy as np

    since, place, until = around
    far_after, far_before = (place + until) // 2, (since + place + 1) // 2
    gap = summed[:, far_after:until].mean(axis=1) - summed[:, since:far_before].mean(axis=1)
    along = gap @ summed
    places = [place]
    for _ in range(_RESAMPLES):
        before = np.sort(random.integers(since, place, place - since))
        after = np.sort(random.integers(place, until, until - place))
        places.append(since + best_split(along[None, np.concatenate([before, after])], 1))
    low, high = np.quantile(places, [(1 - _WITHIN) / 2, (1 + _WITHIN) / 2])
    return (
        max(since, int(np.floor(low)) - _UNTOLD),
        min(until - 1, int(np.ceil(high)) + _UNTOLD),
    )
