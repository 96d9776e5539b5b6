"""Event logs with planted concept drift: a block-structured process, and what may change in it.

The kinds of change are the usual simple control-flow patterns by which drift detectors are compared
(Weber, Reichert & Rinderle-Ma 2008; Maaradji et al. 2015), applied to a process of our own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

#: A block: an activity, or an operator with blocks. A choice carries a probability per branch, a loop
#: the probability of one more round.
Block = str | tuple[object, ...]


def _seq(*blocks: Block) -> Block:
    return ("seq", *blocks)


def _choice(*branches: tuple[float, Block]) -> Block:
    return ("choice", *branches)


def _parallel(*blocks: Block) -> Block:
    return ("parallel", *blocks)


def _loop(body: Block, again: float) -> Block:
    return ("loop", body, again)


_MESSAGE = _choice((0.4, "hold_meeting"), (0.6, "send_letter"))
_PARTS: Mapping[str, Block] = {
    "opening": _seq("receive", "register"),
    "papers": _loop(_seq("check_papers", _choice((0.8, ""), (0.2, "ask_papers"))), 0.2),
    "checks": _parallel("check_income", _seq("ask_history", "judge_history"), "value_property"),
    "assessment": _seq("assess_risk", "assess_need"),
    "granted": _seq("prepare_plan", _MESSAGE, "sign"),
    "refused": "refuse",
    "closing": _seq("notify", "archive"),
}


def _application(grant_share: float = 0.65, **changed: Block) -> Block:
    """An application for support, with some of :data:`_PARTS` otherwise."""
    parts = {**_PARTS, **changed}
    return _seq(
        parts["opening"], parts["papers"], parts["checks"], parts["assessment"],
        _choice((grant_share, parts["granted"]), (1 - grant_share, parts["refused"])),
        parts["closing"],
    )  # fmt: skip


#: Each kind of change as the process it makes of the one before.
BEFORE = _application()
CHANGES: Mapping[str, Block] = {
    "before": BEFORE,
    "insert": _application(assessment=_seq("assess_risk", "consult_doctor", "assess_need")),
    "insert_conditionally": _application(
        assessment=_seq("assess_risk", _choice((0.4, "consult_doctor"), (0.6, "")), "assess_need")
    ),
    "remove": _application(assessment="assess_need"),
    "make_skippable": _application(
        assessment=_seq(_choice((0.6, "assess_risk"), (0.4, "")), "assess_need")
    ),
    "replace": _application(assessment=_seq("assess_by_rules", "assess_need")),
    "swap": _application(assessment=_seq("assess_need", "assess_risk")),
    "move": _application(
        opening=_seq("receive", "assess_need", "register"), assessment="assess_risk"
    ),
    "parallelise": _application(assessment=_parallel("assess_risk", "assess_need")),
    "sequence": _application(
        checks=_seq("check_income", "ask_history", "judge_history", "value_property")
    ),
    "loop": _application(assessment=_loop(_seq("assess_risk", "assess_need"), 0.3)),
    "branch_frequency": _application(grant_share=0.40),
    "condition_moved": _application(
        granted=_seq("prepare_plan", "sign"), closing=_seq(_MESSAGE, "notify", "archive")
    ),
}
KINDS = tuple(kind for kind in CHANGES if kind != "before")


@dataclass(frozen=True)
class PlantedLog:
    """Cases in order of start, each its activities, and the cases with which a change began."""

    cases: tuple[tuple[str, ...], ...]
    change_points: tuple[int, ...]


def planted_log(
    kinds: tuple[str, ...], segment: int, *, seed: int, noise: float = 0.0
) -> PlantedLog:
    """A log of the process as it was and then of each kind of change in turn (``before``: undone).

    Between two changes lie ``segment`` cases, a fifth more or less. ``noise`` is the share of cases in
    which one event is lost or recorded a second time elsewhere.
    """
    random = np.random.default_rng([seed, segment, len(kinds)])
    cases: list[tuple[str, ...]] = []
    changes = []
    for number in range(len(kinds) + 1):
        if number:
            changes.append(len(cases))
        model = CHANGES[kinds[number - 1]] if number else BEFORE
        size = round(segment * random.uniform(0.8, 1.2))
        cases += [_noisy(_walk(model, random), noise, random) for _ in range(size)]
    return PlantedLog(tuple(cases), tuple(changes))


def shuffled(log: PlantedLog, seed: int) -> PlantedLog:
    """The same cases in no order: no change is left."""
    order = np.random.default_rng(seed).permutation(len(log.cases))
    return PlantedLog(tuple(log.cases[i] for i in order), ())


def _walk(block: Block, random: np.random.Generator) -> tuple[str, ...]:
    if isinstance(block, str):
        return (block,) if block else ()
    operator, *parts = block
    return _WALKS[str(operator)](parts, random)


def _walk_sequence(parts: list[object], random: np.random.Generator) -> tuple[str, ...]:
    return tuple(act for part in parts for act in _walk(part, random))  # type: ignore[arg-type]


def _walk_choice(parts: list[object], random: np.random.Generator) -> tuple[str, ...]:
    shares = [share for share, _ in parts]  # type: ignore[misc]
    return _walk(parts[random.choice(len(parts), p=shares)][1], random)  # type: ignore[index]


def _walk_parallel(parts: list[object], random: np.random.Generator) -> tuple[str, ...]:
    walks = [list(_walk(part, random)) for part in parts]  # type: ignore[arg-type]
    turns = [number for number, walk in enumerate(walks) for _ in walk]
    random.shuffle(turns)
    return tuple(walks[number].pop(0) for number in turns)


def _walk_loop(parts: list[object], random: np.random.Generator) -> tuple[str, ...]:
    body, again = parts
    walked = _walk(body, random)  # type: ignore[arg-type]
    while random.random() < again:  # type: ignore[operator]
        walked += _walk(body, random)  # type: ignore[arg-type]
    return walked


_WALKS: Mapping[str, Callable[[list[object], np.random.Generator], tuple[str, ...]]] = {
    "seq": _walk_sequence, "choice": _walk_choice, "parallel": _walk_parallel, "loop": _walk_loop,
}  # fmt: skip


def _noisy(case: tuple[str, ...], noise: float, random: np.random.Generator) -> tuple[str, ...]:
    if random.random() >= noise:
        return case
    place = int(random.integers(len(case)))
    if random.random() < 0.5:
        return case[:place] + case[place + 1 :]
    return (*case[:place], case[int(random.integers(len(case)))], *case[place:])
