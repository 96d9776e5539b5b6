"""Is there a step at a known day, beyond trend and season? Weeks are permuted, not events.

The events of a week, and weeks side by side, are alike: an event is no independent witness. So blocks
of weeks change places (Freedman & Lane 1983, Journal of Business & Economic Statistics 1(4): residuals
of the model without the step are permuted; block permutation: Good 2005, Permutation, Parametric, and
Bootstrap Tests of Hypotheses). All items of a measure are tested at once.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# Most items change nothing: so many permutations say that, and only the others get all of them.
_FIRST_LOOK = 499
_WORTH_MORE = 0.1
_ITEMS_AT_ONCE = 256
_ORDERS_AT_ONCE = 500
# Two orders of the same blocks may differ in the last digit of single precision.
_TIE = 1e-5


@dataclass(frozen=True)
class StepTests:
    """One entry per item. ``step`` in the units of the values (a share, or events a week).

    Attributes:
        step: how much higher the weeks from the day on are than trend and season foretold.
        low, high: its 95 per cent interval, from the standard error of a block bootstrap.
        standard_error: of the step: the spread that drawing blocks of residuals with replacement has
            when it is done for ever, which is a sum and needs no drawing.
        p_value: of the permutations; NaN where the step cannot be had from these weeks.
    """

    step: "Array"
    low: "Array"
    high: "Array"
    standard_error: "Array"
    p_value: "Array"


def step_tests(
    values: "Array", weights: "Array", nuisance: "Array", is_after: "Array", *,
    block_weeks: int, permutations: int, seed: int,
) -> StepTests:
    """Test each item for a step.

    Args:
        values: items × weeks, oldest week first; anything where the weight is 0.
        weights: items × weeks, inverse to the variance of the value: the size of its whole.
        nuisance: weeks × terms, what moves the values without the change (:mod:`.nuisance`).
        is_after: weeks, 1 from the day on.
        block_weeks: weeks that stay together; the oldest weeks that fill no block are left out.
        permutations: for items worth it.
        seed: the same data give the same p-value.
    """
    import numpy as np

    spare = values.shape[1] % block_weeks
    values, weights = values[:, spare:], weights[:, spare:]
    nuisance, is_after = nuisance[spare:], is_after[spare:]
    parts = [
        _test(values[first:first + _ITEMS_AT_ONCE], weights[first:first + _ITEMS_AT_ONCE], nuisance,
              is_after, block_weeks, permutations, seed)
        for first in range(0, len(values), _ITEMS_AT_ONCE)
    ]
    empty = np.empty(0)
    return StepTests(*(
        np.concatenate([getattr(part, name) for part in parts]) if parts else empty
        for name in ("step", "low", "high", "standard_error", "p_value")
    ))


def mixture_tests(
    values: "Array", weights: "Array", nuisance: "Array", is_after: "Array", groups: list[int], *,
    block_weeks: int, permutations: int, seed: int,
) -> "Array":
    """One p-value per group of items of one whole: has the mixture changed at the day?

    Args as of :func:`step_tests`; ``groups``: per item the number of its group, from 0. What is
    permuted is the sum of the squared steps of the items, all in the same order of weeks. As of single
    items, only groups worth it get all permutations.
    """
    import numpy as np

    spare = values.shape[1] % block_weeks
    rng = np.random.default_rng(seed)
    fit = _fit(values[:, spare:], weights[:, spare:], nuisance[spare:], is_after[spare:], block_weeks)
    crossed = _crossed(fit.direction, fit.residual * fit.grown[:, None], block_weeks)
    member = np.zeros((max(groups) + 1, len(groups)))
    member[groups, np.arange(len(groups))] = fit.is_known
    seen = member @ fit.along**2
    p_value = _p_values(crossed, seen, _FIRST_LOOK, rng, member)
    closer = np.flatnonzero(p_value < _WORTH_MORE)
    if len(closer):
        mine = np.flatnonzero(member[closer].any(axis=0))
        p_value[closer] = _p_values(
            crossed[mine], seen[closer], permutations, rng, member[np.ix_(closer, mine)]
        )
    return np.where(member.any(axis=1), p_value, np.nan)


@dataclass(frozen=True)
class _Fit:
    """The model without the step, per item; ``direction`` is what of the step it leaves over."""

    direction: "Array"
    residual: "Array"
    along: "Array"
    length: "Array"
    filled: "Array"
    grown: "Array"
    rank: "Array"
    is_known: "NDArray[np.bool_]"


def _fit(
    values: "Array", weights: "Array", nuisance: "Array", is_after: "Array", block_weeks: int
) -> _Fit:
    import numpy as np

    root = np.sqrt(weights)
    outcome = np.where(weights > 0, values, 0) * root
    basis = _basis(root[:, :, None] * nuisance[None, :, :])
    residual = _without(outcome, basis)
    step = _without(root * is_after, basis)
    length = np.sqrt((step**2).sum(axis=1))
    n_weeks = (weights > 0).sum(axis=1)
    rank = (np.abs(basis).sum(axis=1) > 0).sum(axis=1)
    blocks = values.shape[1] // block_weeks
    # A step that trend, season and the other changes make up between them, or that rests on no week.
    whole_step = np.sqrt(((root * is_after) ** 2).sum(axis=1))
    is_known = (length > 1e-3 * whole_step + 1e-12) & (np.minimum(n_weeks, blocks) - rank > 3)
    direction = np.divide(step, length[:, None], out=np.zeros_like(step), where=is_known[:, None])
    # Weeks without a whole hold no residual. And what the fit took lies between the blocks, not within
    # them (trend and season are slow): so much less do blocks differ than they would without a fit.
    filled = values.shape[1] / np.maximum(n_weeks, 1)
    grown = np.sqrt(filled * blocks / np.maximum(blocks - rank, 1))
    along = (direction * residual).sum(axis=1)
    return _Fit(direction, residual, along, length, filled, grown, rank, is_known)


def _test(
    values: "Array", weights: "Array", nuisance: "Array", is_after: "Array", block_weeks: int,
    permutations: int, seed: int,
) -> StepTests:
    import numpy as np
    from scipy.special import stdtrit

    rng = np.random.default_rng(seed)
    fit = _fit(values, weights, nuisance, is_after, block_weeks)
    seen = np.abs(fit.along)
    crossed = _crossed(fit.direction, fit.residual * fit.grown[:, None], block_weeks)
    p_value = _p_values(crossed, seen, _FIRST_LOOK, rng)
    closer = np.flatnonzero((p_value < _WORTH_MORE) & fit.is_known)
    if len(closer):
        p_value[closer] = _p_values(crossed[closer], seen[closer], permutations, rng)

    blocks = values.shape[1] // block_weeks
    freedom = np.maximum(blocks - fit.rank - 1, 1)
    left = fit.residual - fit.direction * fit.along[:, None]
    left = left * np.sqrt(fit.filled * blocks / freedom)[:, None]
    spread = np.sqrt(_crossed(fit.direction, left, block_weeks).var(axis=2).sum(axis=1))
    wide = spread * stdtrit(freedom, 0.975)
    scale = np.where(fit.is_known, fit.length, np.nan)
    return StepTests(
        step=fit.along / scale,
        low=(fit.along - wide) / scale,
        high=(fit.along + wide) / scale,
        standard_error=spread / scale,
        p_value=np.where(fit.is_known, p_value, np.nan),
    )


def _basis(terms: "Array") -> "Array":
    """Orthonormal columns that span the terms of each item; a term that adds nothing becomes 0."""
    import numpy as np

    basis = np.zeros_like(terms)
    for k in range(terms.shape[2]):
        column = terms[:, :, k]
        size = np.sqrt((column**2).sum(axis=1))
        # twice: rounding leaves a rest of the others in the first round
        for _ in range(2):
            inside = np.einsum("inj,in->ij", basis[:, :, :k], column)
            column = column - np.einsum("inj,ij->in", basis[:, :, :k], inside)
        rest = np.sqrt((column**2).sum(axis=1))
        is_new = rest > 1e-6 * size
        basis[:, :, k] = np.divide(
            column, rest[:, None], out=np.zeros_like(column), where=is_new[:, None]
        )
    return basis


def _without(values: "Array", basis: "Array") -> "Array":
    import numpy as np

    inside = np.einsum("inj,in->ij", basis, values)
    rest: Array = values - np.einsum("inj,ij->in", basis, inside)
    return rest


def _crossed(direction: "Array", residual: "Array", block_weeks: int) -> "Array":
    """Items × blocks × blocks: what the residuals of the second block weigh in the place of the
    first.
    """
    import numpy as np

    items, weeks = direction.shape
    shape = (items, weeks // block_weeks, block_weeks)
    crossed: Array = np.einsum("ibw,icw->ibc", direction.reshape(shape), residual.reshape(shape))
    return crossed


def _p_values(
    crossed: "Array", seen: "Array", permutations: int, rng: "np.random.Generator",
    member: "Array | None" = None,
) -> "Array":
    """Per item, or per group of items (``member``: groups × items), of the sum of their squares."""
    import numpy as np

    total = _permuted(crossed, permutations, rng)
    far = np.abs(total) if member is None else member @ total**2
    as_far: Array = (far >= seen[:, None] * (1 - _TIE) - 1e-12).sum(axis=1)
    return (1.0 + as_far) / (1.0 + permutations)


def _permuted(crossed: "Array", permutations: int, rng: "np.random.Generator") -> "Array":
    """Items × permutations: the step (times its length) in each order of the blocks, one for all
    items.
    """
    import numpy as np

    blocks = crossed.shape[1]
    crossed = crossed.astype(np.float32)
    order = rng.permuted(np.tile(np.arange(blocks), (permutations, 1)), axis=1)
    # one order after another reads the items side by side, as memory likes it
    beside = np.ascontiguousarray(crossed.transpose(1, 2, 0))
    total = np.zeros((permutations, len(crossed)), dtype=np.float32)
    for first in range(0, permutations, _ORDERS_AT_ONCE):
        some = total[first:first + _ORDERS_AT_ONCE]
        for block in range(blocks):
            some += beside[block, order[first:first + _ORDERS_AT_ONCE, block]]
    return total.T.astype(float)
