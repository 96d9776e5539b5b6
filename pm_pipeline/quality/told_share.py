"""A share as it is told in a sentence: no finer than that a few of its whole cannot be had from two."""

# Of a whole of so many at least, in steps of so many per cent: ten of them or more.
_STEPS = ((1000, 1), (200, 5), (0, 10))


def told_share(share: float, whole: int) -> str:
    """``share`` (0 to 1) of ``whole`` as a per cent, in steps: ``20 %``."""
    step = next(step for least, step in _STEPS if whole >= least)
    return f"{step * round(100 * share / step)} %"
