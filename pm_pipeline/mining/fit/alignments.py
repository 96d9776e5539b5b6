"""Fitness by optimal alignments: what it costs to explain each variant by the model.

Adriansyah, Aligning Observed and Modeled Behavior (2014). The search is r4pm's, on variants with their
numbers of cases, so that no path is aligned twice.
"""

from dataclasses import dataclass
from typing import Any

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.log import Path, VariantLog
from pm_pipeline.mining.notation.petri import PetriNet, to_r4pm

FITNESS_MEASURE = "alignment_fitness_mean_per_case"

# Caps are counted in search states, not seconds, so that a busy machine gives the same figures.
MAX_STATES_PER_VARIANT = 50_000
MAX_STATES_PER_LOG = 2_000_000

# When not one of the most frequent variants can be aligned, the others, rarer and longer, will not be.
_HOPELESS_AFTER = 5

_COSTS = {"log_move_cost": 1, "model_move_cost": 1, "silent_move_cost": 0, "sync_move_cost": 0}


NO_WAY_TO_THE_END = "no_way_to_the_end"
NOT_ALIGNED = "not_aligned_within_cap"


class UnmeasurableError(PipelineError):
    """A model that no variant can be aligned with: too wide (much in parallel, much optional), or
    without a way from its start to its end (``reason``: one of the two words above).
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Fitness:
    """Alignments of a log with a model, weighted by cases.

    Attributes:
        value: mean over cases of ``1 - cost / (length of the case + length of the model's shortest
            run)``, silent steps free; the ``averageFitness`` of pm4py's ``fitness_alignments``.
        perfectly_fitting: share of cases with cost 0.
        aligned_cases, aligned_variants: what these two rest on; less than the log only where the
            search met its cap.
    """

    value: float
    perfectly_fitting: float
    n_cases: int
    aligned_cases: int
    n_variants: int
    aligned_variants: int

    @property
    def coverage(self) -> float:
        """Share of the cases that fitness rests on."""
        return self.aligned_cases / self.n_cases


def align_log(
    model: PetriNet,
    log: VariantLog,
    *,
    max_states_per_variant: int | None = None,
    max_states_per_log: int | None = None,
    give_up_after: int | None = None,
) -> Fitness:
    """Fitness of ``model`` on every variant of ``log``.

    Args:
        max_states_per_variant, max_states_per_log: caps of the search; those of this module if None.
        give_up_after: so many variants that met their cap end the search; None: no such limit.

    Raises:
        UnmeasurableError: no variant could be aligned within the cap, or the model has no way from
            its start to its end within the cap.
    """
    if not log.variants:
        raise ValueError(f"{log.slice_name}: there is no case to measure a model by")
    per_variant = max_states_per_variant or MAX_STATES_PER_VARIANT
    budget = max_states_per_log or MAX_STATES_PER_LOG
    net = to_r4pm(model)
    shortest = alignment_cost(net, (), per_variant).cost
    if shortest is None:
        raise UnmeasurableError(
            f"{log.slice_name}: no way from the start of the model to its end was found within "
            f"{per_variant} search states",
            NO_WAY_TO_THE_END,
        )
    aligned_cases = aligned_variants = perfect = capped = 0
    total = 0.0
    for variant in log.variants:
        if budget <= 0 or (capped >= _HOPELESS_AFTER and not aligned_cases):
            break
        if give_up_after is not None and capped >= give_up_after:
            break
        found = alignment_cost(net, variant.activities, min(budget, per_variant))
        # Two searches for the same path visit a few states more or less: charged by size, not exactly.
        budget -= 1 << found.states_visited.bit_length()
        if found.cost is None:
            capped += 1
            continue
        longest = len(variant.activities) + shortest
        total += variant.n_cases * (1 - found.cost / longest if longest else 1.0)
        perfect += variant.n_cases if found.cost == 0 else 0
        aligned_cases += variant.n_cases
        aligned_variants += 1
    if not aligned_cases:
        raise UnmeasurableError(
            f"{log.slice_name}: no variant could be aligned with the model within "
            f"{per_variant} search states",
            NOT_ALIGNED,
        )
    return Fitness(
        value=total / aligned_cases,
        perfectly_fitting=perfect / aligned_cases,
        n_cases=log.n_cases,
        aligned_cases=aligned_cases,
        n_variants=len(log.variants),
        aligned_variants=aligned_variants,
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
        # Unreachable: a net whose end no run reaches; only one that is not sound.
        if "LimitReached" in str(error) or "Unreachable" in str(error):
            return SearchResult(None, max_states)
        raise
    return SearchResult(found["cost"], found["states_visited"])
