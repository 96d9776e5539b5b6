"""The templates of DECLARE: what each says of a path.

Pesic, Schonenberg, van der Aalst, DECLARE: Full Support for Loosely-Structured Processes (2007). A
constraint of two activities is activated by a path in which the activity it speaks of occurs;
``succession`` and its kin hold where both halves do and are violated where either half is.
"""

from collections.abc import Callable, Mapping

from pm_pipeline.mining.log import Path

#: Occurrences of an activity in a path, by their positions.
Positions = Mapping[str, tuple[int, ...]]


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
#: What each template implies of the same activities: where it holds, these need not be told.
WEAKER: Mapping[str, tuple[str, ...]] = {
    "exactly_one": ("existence",),
    "init": ("existence",),
    "response": ("responded_existence",),
    "alternate_response": ("response", "responded_existence"),
    "chain_response": ("alternate_response", "response", "responded_existence"),
    "alternate_precedence": ("precedence",),
    "chain_precedence": ("alternate_precedence", "precedence"),
    "succession": ("response", "responded_existence", "precedence"),
    "alternate_succession": (
        "succession", "alternate_response", "response", "responded_existence",
        "alternate_precedence", "precedence",
    ),
    "chain_succession": (
        "alternate_succession", "succession", "chain_response", "alternate_response", "response",
        "responded_existence", "chain_precedence", "alternate_precedence", "precedence",
    ),
}
#: What a template of one activity implies of it and any other: (template, whether it stands first).
WEAKER_WITH_ANY: Mapping[str, tuple[tuple[str, bool], ...]] = {
    "existence": (("responded_existence", False),),
    "exactly_one": (("responded_existence", False),),
    "init": (("responded_existence", False), ("precedence", True)),
    "absence": (
        ("not_co_existence", True), ("not_co_existence", False), ("not_succession", True),
        ("not_succession", False),
    ),
}
#: The same of a constraint of two activities whichever of the two stands first.
WEAKER_EITHER_WAY: Mapping[str, tuple[str, ...]] = {
    "succession": ("co_existence",),
    "alternate_succession": ("co_existence",),
    "chain_succession": ("co_existence",),
    "co_existence": ("responded_existence",),
    "not_co_existence": ("not_succession",),
}


def judge(path: Path, template: str, first: str, second: str | None) -> bool | None:
    """Whether ``path`` holds a constraint; None when it does not activate it."""
    places = _positions(path)
    if second is None:
        return _ONE[template](path, len(places.get(first, ())), first)
    return _judge_pair(len(path), places.get(first, ()), places.get(second, ()))[template]


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
