"""How well a model fits the log it is judged by: fitness and precision, on every variant.

The whole log of the slice is used, also the rare paths the model was not made of: a model that
looks perfect because the inconvenient cases were left out would mislead.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.fit.semantics import Semantics, State
from pm_pipeline.mining.log import Path, VariantLog
from pm_pipeline.mining.notation.petri import to_petri_net, to_r4pm
from pm_pipeline.mining.notation.tree import Tree

FITNESS_MEASURE = "alignment_fitness_mean_per_case"
PRECISION_MEASURE = "align_etconformance_fitting_prefixes"

# Caps are counted in search states, not seconds, so that a busy machine gives the same figures.
MAX_STATES_PER_VARIANT = 200_000
MAX_STATES_PER_LOG = 10_000_000

# When not one of the most frequent variants can be aligned, the others, rarer and longer, will not be.
_HOPELESS_AFTER = 5

_COSTS = {"log_move_cost": 1, "model_move_cost": 1, "silent_move_cost": 0, "sync_move_cost": 0}


@dataclass(frozen=True)
class Precision:
    """Escaping-edges precision, and the share of the log's steps it could be judged on."""

    value: float
    coverage: float


@dataclass(frozen=True)
class ModelFit:
    """Fitness and precision of a model on a log, weighted by cases, each from 0 to 1.

    Attributes:
        fitness: mean over cases of ``1 - cost / (length of the case + length of the model's
            shortest run)`` for an optimal alignment, silent steps free (Adriansyah 2014); the
            ``averageFitness`` of pm4py's ``fitness_alignments``.
        perfectly_fitting: share of cases with cost 0.
        aligned_cases: cases these two rest on; fewer than ``n_cases`` only where the search met
            its cap.
        precision: see :func:`precision`.
        precision_coverage: share of the log's steps that begin at a prefix the model allows.
    """

    fitness: float
    perfectly_fitting: float
    n_cases: int
    aligned_cases: int
    n_variants: int
    aligned_variants: int
    precision: float
    precision_coverage: float

    @property
    def coverage(self) -> float:
        """Share of the cases that fitness rests on."""
        return self.aligned_cases / self.n_cases


class UnmeasurableError(PipelineError):
    """A model so wide (much in parallel, much optional) that no variant can be aligned with it."""


def measure(tree: Tree, log: VariantLog) -> ModelFit:
    """Fitness and precision of ``tree`` on every variant of ``log``.

    Raises:
        UnmeasurableError: no variant could be aligned within the cap.
    """
    if not log.variants:
        raise ValueError(f"{log.slice_name}: there is no case to measure a model by")
    net = to_r4pm(to_petri_net(tree))
    shortest = alignment_cost(net, ())
    budget = MAX_STATES_PER_LOG
    aligned_cases = aligned_variants = perfect = 0
    total = 0.0
    for number, variant in enumerate(log.variants):
        if budget <= 0 or (number >= _HOPELESS_AFTER and not aligned_cases):
            break
        found = alignment_cost(net, variant.activities, min(budget, MAX_STATES_PER_VARIANT))
        budget -= found.states_visited
        if found.cost is None or shortest.cost is None:
            continue
        longest = len(variant.activities) + shortest.cost
        total += variant.n_cases * (1 - found.cost / longest if longest else 1.0)
        perfect += variant.n_cases if found.cost == 0 else 0
        aligned_cases += variant.n_cases
        aligned_variants += 1
    if not aligned_cases:
        raise UnmeasurableError(
            f"{log.slice_name}: no variant could be aligned with the model within "
            f"{MAX_STATES_PER_VARIANT} search states"
        )
    precise = precision(tree, Counter({v.activities: v.n_cases for v in log.variants}))
    return ModelFit(
        fitness=total / aligned_cases,
        perfectly_fitting=perfect / aligned_cases,
        n_cases=log.n_cases,
        aligned_cases=aligned_cases,
        n_variants=len(log.variants),
        aligned_variants=aligned_variants,
        precision=precise.value,
        precision_coverage=precise.coverage,
    )


def precision(tree: Tree, paths: Mapping[Path, int]) -> Precision:
    """Align-ETConformance precision of ``tree`` on paths with their numbers of cases.

    For each prefix of a path that some case goes on from and that the model allows: of the
    activities the model allows next, how many did the log ever show next. The mean over prefixes,
    weighted by cases and by the number of activities allowed; 1 when nothing is ever allowed.
    Prefixes that the model does not allow cannot be judged: ``coverage`` says how much is left.
    Adriansyah, Munoz-Gama, Carmona, van Dongen, van der Aalst, Measuring precision of modeled
    behavior (2015), in the form of pm4py's ``precision_alignments``, whose figure this equals. One
    optimal alignment per case would judge all steps, but which optimal alignment a search returns
    is chance, and the figure would change from run to run.
    """
    semantics = Semantics(tree)
    going_on: Counter[Path] = Counter()
    seen: defaultdict[Path, set[str]] = defaultdict(set)
    for path, n_cases in paths.items():
        for length in range(len(path)):
            going_on[path[:length]] += n_cases
            seen[path[:length]].add(path[length])
    judged = allowed_total = escaping_total = 0
    states: dict[Path, frozenset[State]] = {(): semantics.start()}
    for prefix in sorted(going_on, key=len):
        if prefix:
            before = states[prefix[:-1]]
            states[prefix] = semantics.after(before, prefix[-1]) if before else before
        if states[prefix]:
            allowed = semantics.enabled(states[prefix])
            judged += going_on[prefix]
            allowed_total += going_on[prefix] * len(allowed)
            escaping_total += going_on[prefix] * len(allowed - seen[prefix])
    steps = going_on.total()
    return Precision(
        value=1 - escaping_total / allowed_total if allowed_total else 1.0,
        coverage=judged / steps if steps else 1.0,
    )


@dataclass(frozen=True)
class SearchResult:
    """The cost of an optimal alignment; None when it was not found within the cap of states."""

    cost: int | None
    states_visited: int


def alignment_cost(
    net: Any, path: Path, max_states: int = MAX_STATES_PER_VARIANT
) -> SearchResult:
    """What it costs to explain ``path`` by a net in r4pm's form: steps of the path the model
    cannot explain plus steps of the model that the path lacks.
    """
    from r4pm import bindings

    options: Any = {"cost_fn": _COSTS, "max_states": max_states}
    try:
        found = bindings.align_trace(net=net, trace=list(path), options=options)
    except TypeError as error:  # the binding raises every failure of the library as a TypeError
        if "LimitReached" in str(error):
            return SearchResult(None, max_states)
        raise
    return SearchResult(found["cost"], found["states_visited"])
