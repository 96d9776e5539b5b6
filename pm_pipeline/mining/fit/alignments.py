"""Fitness by optimal alignments: what it costs to explain each variant by the model.

Adriansyah, Aligning Observed and Modeled Behavior (2014). The alignments are those of
:mod:`pm_pipeline.mining.conformance.alignment`, on variants with their numbers of cases, so that no
path is aligned twice and fitness and deviations rest on the same ones.
"""

from dataclasses import dataclass

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.behaviour.automaton import Automaton
from pm_pipeline.mining.conformance.alignment import align
from pm_pipeline.mining.log import VariantLog

FITNESS_MEASURE = "alignment_fitness_mean_per_case"

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
    automaton: Automaton,
    log: VariantLog,
    *,
    max_places_per_path: int | None = None,
    max_places_per_log: int | None = None,
    give_up_after: int | None = None,
) -> Fitness:
    """Fitness of a model on every variant of ``log``; the caps are those of ``align``.

    Raises:
        UnmeasurableError: no variant could be aligned within the cap, or the model has no way from
            its start to its end within the cap.
    """
    if not log.variants:
        raise ValueError(f"{log.slice_name}: there is no case to measure a model by")
    (shortest,) = align(automaton, [()], max_places_per_path=max_places_per_path)
    if shortest is None:
        raise UnmeasurableError(
            f"{log.slice_name}: no way from the start of the model to its end was found within the "
            "cap of the search",
            NO_WAY_TO_THE_END,
        )
    found = align(
        automaton, [variant.activities for variant in log.variants],
        max_places_per_path=max_places_per_path, max_places_per_log=max_places_per_log,
        give_up_after=give_up_after,
    )
    aligned = [(v, one.cost) for v, one in zip(log.variants, found, strict=True) if one is not None]
    if not aligned:
        raise UnmeasurableError(
            f"{log.slice_name}: no variant could be aligned with the model within the cap of the "
            "search",
            NOT_ALIGNED,
        )
    total = 0.0
    for variant, cost in aligned:
        longest = len(variant.activities) + shortest.cost
        total += variant.n_cases * (1 - cost / longest if longest else 1.0)
    aligned_cases = sum(variant.n_cases for variant, _ in aligned)
    return Fitness(
        value=total / aligned_cases,
        perfectly_fitting=sum(v.n_cases for v, cost in aligned if not cost) / aligned_cases,
        n_cases=log.n_cases,
        aligned_cases=aligned_cases,
        n_variants=len(log.variants),
        aligned_variants=len(aligned),
    )
