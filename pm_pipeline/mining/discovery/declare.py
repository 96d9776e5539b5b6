"""DECLARE constraints of a log, counted on its variants: what always, or nearly always, holds.

Pesic, Schonenberg, van der Aalst, DECLARE: Full Support for Loosely-Structured Processes (2007);
support and confidence as in pm4py's ``discover_declare``, in cases. A constraint of two activities is
activated by a case in which the activity it speaks of occurs; ``succession`` and its kin hold where
both halves do and are violated where either half is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pm_pipeline.mining.log import Path, VariantLog

#: Occurrences of an activity in a path, by their positions.
Positions = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Constraint:
    """A constraint and the cases it was judged on.

    Attributes:
        second: None for a constraint of one activity.
        n_activated: cases that activate it; ``n_satisfied`` of them hold it.
        satisfied_by, violated_by: ids of the variants.
    """

    template: str
    first: str
    second: str | None
    n_cases: int
    n_activated: int
    n_satisfied: int
    satisfied_by: tuple[str, ...]
    violated_by: tuple[str, ...]

    @property
    def support(self) -> float:
        """Share of all cases that activate it."""
        return self.n_activated / self.n_cases

    @property
    def confidence(self) -> float:
        """Share of the cases that activate it that hold it."""
        return self.n_satisfied / self.n_activated


def _alternate_response(length: int, a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    ends = (*a[1:], length)
    return all(
        any(start < at < end for at in b) for start, end in zip(a, ends, strict=True)
    )


def _alternate_precedence(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    starts = (-1, *b[:-1])
    return all(any(start < at < end for at in a) for start, end in zip(starts, b, strict=True))


# What holds of a path in which ``a`` occurs (response and its kin) or ``b`` (precedence and its kin).
_AFTER_FIRST: Mapping[str, Callable[[int, tuple[int, ...], tuple[int, ...]], bool]] = {
    "responded_existence": lambda _, a, b: bool(b),
    "response": lambda _, a, b: bool(b) and b[-1] > a[-1],
    "alternate_response": _alternate_response,
    "chain_response": lambda _, a, b: {at + 1 for at in a} <= {*b},
}
_BEFORE_SECOND: Mapping[str, Callable[[int, tuple[int, ...], tuple[int, ...]], bool]] = {
    "precedence": lambda _, a, b: bool(a) and a[0] < b[0],
    "alternate_precedence": lambda _, a, b: _alternate_precedence(a, b),
    "chain_precedence": lambda _, a, b: {at - 1 for at in b} <= {*a},
}
_BOTH = {
    "succession": ("response", "precedence"),
    "alternate_succession": ("alternate_response", "alternate_precedence"),
    "chain_succession": ("chain_response", "chain_precedence"),
}
_ONE: Mapping[str, Callable[[Path, int, str], bool]] = {
    "existence": lambda path, n, name: n > 0,
    "absence": lambda path, n, name: n == 0,
    "exactly_one": lambda path, n, name: n == 1,
    "init": lambda path, n, name: path[:1] == (name,),
}
TEMPLATES = (
    *_ONE, *_AFTER_FIRST, *_BEFORE_SECOND, *_BOTH, "co_existence", "not_co_existence",
    "not_succession",
)
#: Templates that read the same with their activities exchanged: told once.
SYMMETRIC = ("co_existence", "not_co_existence")


def judge(path: Path, template: str, first: str, second: str | None) -> bool | None:
    """Whether ``path`` holds a constraint; None when it does not activate it."""
    places = _positions(path)
    if second is None:
        return _ONE[template](path, len(places.get(first, ())), first)
    return _judge_pair(len(path), places.get(first, ()), places.get(second, ()))[template]


def discover(
    log: VariantLog, min_support: float, min_confidence: float
) -> tuple[Constraint, ...]:
    """The constraints of ``log`` that enough cases activate and enough of these hold.

    Ordered by template, then by activities.
    """
    names = log.activities
    if not log.variants:
        return ()
    held: dict[tuple[str, str, str | None], list[int]] = {}
    broken: dict[tuple[str, str, str | None], list[int]] = {}
    for number, variant in enumerate(log.variants):
        places = _positions(variant.activities)
        for first in names:
            a = places.get(first, ())
            for template, holds in _ONE.items():
                into = held if holds(variant.activities, len(a), first) else broken
                into.setdefault((template, first, None), []).append(number)
            for second in names:
                b = places.get(second, ())
                if first == second or not (a or b):
                    continue
                for template, verdict in _judge_pair(len(variant.activities), a, b).items():
                    if verdict is None or (template in SYMMETRIC and first > second):
                        continue
                    into = held if verdict else broken
                    into.setdefault((template, first, second), []).append(number)
    found = []
    for key in sorted(held, key=lambda k: (TEMPLATES.index(k[0]), k[1], k[2] or "")):
        constraint = _constraint(log, key, held[key], broken.get(key, []))
        if constraint.support >= min_support and constraint.confidence >= min_confidence:
            found.append(constraint)
    return tuple(found)


def _judge_pair(length: int, a: tuple[int, ...], b: tuple[int, ...]) -> dict[str, bool | None]:
    verdicts: dict[str, bool | None] = dict.fromkeys((*_AFTER_FIRST, *_BEFORE_SECOND))
    if a:
        verdicts.update({t: holds(length, a, b) for t, holds in _AFTER_FIRST.items()})
    if b:
        verdicts.update({t: holds(length, a, b) for t, holds in _BEFORE_SECOND.items()})
    for template, (one, other) in _BOTH.items():
        verdicts[template] = _both(verdicts[one], verdicts[other])
    together = bool(a and b) if a or b else None
    verdicts["co_existence"] = together
    verdicts["not_co_existence"] = None if together is None else not together
    # Violated where some occurrence of the second follows one of the first.
    verdicts["not_succession"] = None if not a else not (b and b[-1] > a[0])
    return verdicts


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Violated where either half is; of a half that is not activated alone nothing is said."""
    if one is False or other is False:
        return False
    return True if one and other else None


def _positions(path: Path) -> Positions:
    found: dict[str, tuple[int, ...]] = {}
    for position, name in enumerate(path):
        found[name] = (*found.get(name, ()), position)
    return found


def _constraint(
    log: VariantLog, key: tuple[str, str, str | None], held: list[int], broken: list[int]
) -> Constraint:
    n_held = sum(log.variants[number].n_cases for number in held)
    return Constraint(
        *key,
        n_cases=log.n_cases,
        n_activated=n_held + sum(log.variants[number].n_cases for number in broken),
        n_satisfied=n_held,
        satisfied_by=tuple(log.variants[number].variant_id for number in held),
        violated_by=tuple(log.variants[number].variant_id for number in broken),
    )
