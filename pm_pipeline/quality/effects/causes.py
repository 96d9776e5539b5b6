"""Law, release or delivery: which of the dated changes near a step explains it best?

Each acts in a place of its own. A law moves what happens from its day on; a release moves what is
written down in its system from its day on, whenever it happened; a bad delivery is its own rows,
whatever their dates. So each candidate parts the same events in two in another way, and the one that
leaves the two parts most unlike each other (binomial likelihood, the overdispersion of the weeks
taken out) explains the step, unless another does nearly as well. A law says nothing of empty fields
or of hours: it explains none. And people take a law up late, so it explains a step on any later day as
well; for a day of its choice it pays half the logarithm of the number of days (Schwarz 1978, Annals of
Statistics 6(2)), so that a release of one day that fits no better is not told apart from it.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pm_pipeline.quality.effects.cells import Cells, Parts
from pm_pipeline.quality.effects.changes import Change
from pm_pipeline.quality.effects.comparison import Cause, ChangeComparison, RestsOn
from pm_pipeline.quality.effects.limits import Limits
from pm_pipeline.quality.effects.windows import concerns_the_same

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Truths = NDArray[np.bool_]

#: About the data and not about what people do.
OF_DATA = ("null_share", "date_only_share", "late_share", "unmapped_codes")
_WEEK = 7
# A step is looked for where so many weeks of the window lie on each side of it.
_FEWEST_WEEKS = 4
# Which changes show later than on their day, and by which week: (kind, of pairs). A pair is known by
# the weeks of its later act, so what a release did to the earlier one shows when the next act comes.
_LATE_ON = {
    ("law", False): "occurred_week_on", ("law", True): "occurred_week_on",
    ("release", True): "registered_week_on",
}


def cause_of(
    row: ChangeComparison, change: Change, changes: Iterable[Change], cells: Cells, limits: Limits
) -> tuple[Cause, str | None, RestsOn]:
    """What explains the step of a figure that changed, the ids of it separated by ``|``, and how it was
    found."""
    # a delivery is compared with all that the earlier ones told: what happened then may be its cause
    is_delivery = change.kind == "delivery"
    reach = (limits.history_weeks if is_delivery else limits.window_weeks) * _WEEK
    near = [change] + [
        one for one in changes
        if concerns_the_same(change, one) and abs((one.changed_on - change.changed_on).days) < reach
    ]
    # an effect that law may have is looked for among laws too; one on data only is never a law's
    able = [one for one in near if not (one.kind == "law" and row.measure in OF_DATA)]
    if not able:
        return Cause.NOTHING_DATED, None, RestsOn.AXES
    known = cells.parts(row.measure, row.item)
    if known is None:
        return *_by_day_alone(row, change, able, limits), RestsOn.DAY_ALONE
    support = _support(row, change, able, known, reach, limits)
    best = max(support.values())
    if best <= limits.separable_support:
        return Cause.NOTHING_DATED, None, RestsOn.AXES
    return *_named([
        one for one in able if support[one.day] >= best - limits.separable_support
    ]), RestsOn.AXES


def _by_day_alone(
    row: ChangeComparison, change: Change, able: list[Change], limits: Limits
) -> tuple[Cause, str | None]:
    """Of a figure that is known by one week only: whatever falls on the day of the change, or so near
    to it that days do not tell. Of cases by the week they began in only a law makes a step there."""
    days = 0 if row.axis == "case_start" else limits.apart_weeks * _WEEK
    here = [
        one for one in able
        if one.kind != "delivery" and (
            one.changed_on == change.changed_on
            or abs((one.changed_on - change.changed_on).days) < days
        )
    ]
    return _named(here) if here else (Cause.NOTHING_DATED, None)


def _named(changes: list[Change]) -> tuple[Cause, str | None]:
    kinds = {one.kind for one in changes}
    names = "|".join(sorted({one.change_id for one in changes}))
    return (Cause(kinds.pop()) if len(kinds) == 1 else Cause.NOT_SEPARABLE), names


def _support(
    row: ChangeComparison, change: Change, able: list[Change], known: Parts, reach: float,
    limits: Limits,
) -> dict[tuple[str, str, str], float]:
    """How much likelier the figures are when each candidate parts them than when nothing does."""
    import numpy as np

    day = np.datetime64(change.changed_on)
    away = np.abs((known.places["occurred_week_on"] - day).astype(float))
    inside = (away <= reach) & (known.wholes > 0)
    if row.system_id is not None:
        inside &= known.places["system_id"] == row.system_id
    here = known.kept(inside)
    parts, wholes, weeks = here.parts, here.wholes, here.places["occurred_week_on"]
    nothing = _likelihood(parts, wholes, np.zeros(len(parts), dtype=bool))
    moved = {one.day: here.acted_on(one) for one in able}
    raw = {at: _likelihood(parts, wholes, split) - nothing for at, split in moved.items()}
    spread = _overdispersion(parts, wholes, moved[max(raw, key=lambda at: raw[at])], weeks)
    support = {at: value / spread for at, value in raw.items()}
    shown_at: list[tuple[str, np.datetime64[Any]]] = []
    for one in sorted(able, key=lambda each: each.changed_on, reverse=True):
        axis = _LATE_ON.get((one.kind, row.measure == "pair_share"))
        if axis is None:
            continue
        own_day = np.datetime64(one.changed_on)
        theirs = [on for kind, on in shown_at if kind == one.kind and on > own_day]
        later, paid = _shown_late(here, axis, own_day, theirs, limits.apart_weeks)
        late = (later - nothing) / spread
        # a step that the day itself explains as well as any later one is on that day
        if support[one.day] >= late - limits.separable_support:
            shown_at.append((one.kind, own_day))
        support[one.day] = max(support[one.day], late - paid)
    return support


def _shown_late(
    here: Parts, axis: str, day: "np.datetime64[Any]", theirs: Sequence["np.datetime64[Any]"],
    apart_weeks: float,
) -> tuple[float, float]:
    """The best likelihood of a step on a day from the change's own on, and what the choice costs.

    What begins near the day of a later change that shows on its day (``theirs``) is that change's: an
    earlier one that is taken up on that very day would otherwise explain it as well.
    """
    import numpy as np

    weeks, at = np.unique(here.places[axis], return_inverse=True)
    hits, sizes = np.bincount(at, here.parts).cumsum(), np.bincount(at, here.wholes).cumsum()
    tried = np.flatnonzero(weeks >= day)
    tried = tried[(tried >= _FEWEST_WEEKS) & (tried <= len(weeks) - _FEWEST_WEEKS)]
    for other in theirs:
        tried = tried[np.abs((weeks[tried] - other).astype(float)) >= apart_weeks * _WEEK]
    if not len(tried):
        return -np.inf, 0.0
    before, of = hits[tried - 1], sizes[tried - 1]
    likelihood = (
        _terms(before, of) + _terms(of - before, of)
        + _terms(hits[-1] - before, sizes[-1] - of)
        + _terms(sizes[-1] - of - (hits[-1] - before), sizes[-1] - of)
    )
    return float(likelihood.max()), float(np.log(len(tried))) / 2


def _terms(counts: "Array", wholes: "Array") -> "Array":
    """``counts`` times the logarithm of their share; 0 for none of them."""
    import numpy as np

    share = np.divide(counts, wholes, out=np.ones_like(counts), where=(counts > 0) & (wholes > 0))
    terms: Array = counts * np.log(share)
    return terms


def _likelihood(parts: "Array", wholes: "Array", split: "Truths") -> float:
    """Of a binomial with one share on each side of the split, each at its best."""
    import numpy as np

    total = 0.0
    for side in (split, ~split):
        hit, whole = float(parts[side].sum()), float(wholes[side].sum())
        for count in (hit, whole - hit):
            if count > 0:
                total += count * float(np.log(count / whole))
    return total


def _overdispersion(parts: "Array", wholes: "Array", split: "Truths", weeks: Any) -> float:
    """Pearson's chi-square of the weeks on each side over their number, at least 1."""
    import numpy as np

    chi_square, n_weeks = 0.0, 0
    for side in (split, ~split):
        whole = float(wholes[side].sum())
        if not whole:
            continue
        share = float(parts[side].sum()) / whole
        _, at = np.unique(weeks[side], return_inverse=True)
        hits, sizes = np.bincount(at, parts[side]), np.bincount(at, wholes[side])
        if 0 < share < 1:
            chi_square += float(((hits - sizes * share) ** 2 / (sizes * share * (1 - share))).sum())
            n_weeks += len(sizes) - 1
    return max(1.0, chi_square / n_weeks) if n_weeks > 0 else 1.0
