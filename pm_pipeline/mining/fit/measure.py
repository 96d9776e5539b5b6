"""How well a model fits the log it is judged by: four measures, on every variant.

The whole log of the slice is used, also the rare paths the model was not made of: a model that
looks perfect because the inconvenient cases were left out would mislead.
"""

from dataclasses import dataclass

from pm_pipeline.mining.behaviour.automaton import automaton_of
from pm_pipeline.mining.behaviour.net import NetBehaviour, TooWideError
from pm_pipeline.mining.behaviour.semantics import Semantics
from pm_pipeline.mining.fit.alignments import NOT_ALIGNED, Fitness, UnmeasurableError, align_log
from pm_pipeline.mining.fit.generalisation import Generalisation, generalisation
from pm_pipeline.mining.fit.precision import Precision, precision
from pm_pipeline.mining.fit.replay import replay
from pm_pipeline.mining.fit.simplicity import simplicity
from pm_pipeline.mining.log import VariantLog
from pm_pipeline.mining.notation.petri import PetriNet, to_petri_net
from pm_pipeline.mining.notation.tree import Tree


@dataclass(frozen=True)
class ModelFit:
    """Fitness, precision, generalisation and simplicity of a model on a log, each from 0 to 1.

    What they are, and what each rests on, is told where each is computed.
    """

    aligned: Fitness
    precise: Precision
    general: Generalisation
    simplicity: float

    @property
    def fitness(self) -> float:
        return self.aligned.value

    @property
    def perfectly_fitting(self) -> float:
        return self.aligned.perfectly_fitting

    @property
    def coverage(self) -> float:
        """Share of the cases that fitness rests on."""
        return self.aligned.coverage

    @property
    def precision(self) -> float:
        return self.precise.value

    @property
    def precision_coverage(self) -> float:
        """Share of the log's steps that begin at a prefix the model allows."""
        return self.precise.coverage

    @property
    def generalisation(self) -> float:
        return self.general.value

    @property
    def generalisation_coverage(self) -> float:
        """Share of the log's steps that a case walks while the model allows all it has done."""
        return self.general.coverage


def measure(
    model: Tree | PetriNet,
    log: VariantLog,
    *,
    max_places_per_log: int | None = None,
) -> ModelFit:
    """The four measures of ``model`` on every variant of ``log``; cap as of ``align``.

    Raises:
        UnmeasurableError: no variant could be aligned within the cap.
    """
    net = to_petri_net(model) if isinstance(model, Tree) else model
    try:
        automaton = automaton_of(Semantics(model) if isinstance(model, Tree) else NetBehaviour(net))
    except TooWideError as error:
        raise UnmeasurableError(f"{log.slice_name}: {error}", NOT_ALIGNED) from error
    # Alignments first: a model that they fail on is often one whose precision is costly too.
    aligned = align_log(automaton, log, max_places_per_log=max_places_per_log)
    walked = replay(automaton, {v.activities: v.n_cases for v in log.variants})
    return ModelFit(
        aligned=aligned,
        precise=precision(automaton, walked),
        general=generalisation(net.activities, walked),
        simplicity=simplicity(net),
    )
