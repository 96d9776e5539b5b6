"""Which noise threshold the inductive miner is given: a rule over a fixed grid.

Of the models of all thresholds the one whose fitness and precision have the highest harmonic mean
(De Weerdt, De Backer, Vanthienen, Baesens, A robust F-measure for evaluating discovered process
models, 2011), where what could not be measured counts as nought: fitness times the share of cases that
were aligned, precision times the share of steps it could be judged on. Without these two weights the
rule would choose models that allow so little that nearly nothing is left to judge.
"""

from dataclasses import dataclass

from pm_pipeline.mining.behaviour.automaton import automaton_of
from pm_pipeline.mining.behaviour.semantics import Semantics
from pm_pipeline.mining.discovery.inductive import discover
from pm_pipeline.mining.fit.alignments import Fitness, UnmeasurableError, align_log
from pm_pipeline.mining.fit.precision import Precision, precision
from pm_pipeline.mining.fit.replay import replay
from pm_pipeline.mining.log import VariantLog
from pm_pipeline.mining.notation.petri import to_petri_net
from pm_pipeline.mining.notation.tree import Tree

GRID = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8)
RULE = "highest harmonic mean of fitness and precision, each times its coverage; ties to the simpler"

# Candidates are compared on the most frequent variants and, where they are wide, with a short search:
# to compare all of them on everything would cost more than all the rest.
SAMPLE_VARIANTS = 1_000
SAMPLE_PLACES = 10_000
_GIVE_UP_AFTER = 3


@dataclass(frozen=True)
class Candidate:
    """The model of a noise threshold (the lowest of those that give it) and how it compares.

    Attributes:
        score: 0 to 1, on the most frequent variants.
        is_whole: every variant of the comparison could be aligned.
    """

    noise_threshold: float
    tree: Tree
    score: float
    is_whole: bool
    n_steps: int

    @property
    def rank(self) -> tuple[bool, float, int, float]:
        """The best first. A score that rests on a cut-off search stands behind all that do not."""
        return (not self.is_whole, -round(self.score, 6), self.n_steps, self.noise_threshold)


def score(aligned: Fitness, precise: Precision) -> float:
    """Harmonic mean of fitness and precision, each times the share of the log it rests on."""
    fitness = aligned.value * aligned.coverage
    judged = precise.value * precise.coverage
    return 2 * fitness * judged / (fitness + judged) if fitness + judged else 0.0


def rank_candidates(log: VariantLog, shown: VariantLog) -> tuple[Candidate, ...]:
    """The models of ``shown`` over the grid, best first by how they fit ``log``; each tree once.

    Empty when not one of them could be measured.
    """
    sample = log.most_frequent(SAMPLE_VARIANTS)
    paths = {v.activities: v.n_cases for v in sample.variants}
    lowest: dict[Tree, float] = {}
    for noise_threshold in GRID:
        lowest.setdefault(discover(shown, noise_threshold), noise_threshold)
    found = []
    for tree, noise_threshold in lowest.items():
        automaton = automaton_of(Semantics(tree))
        try:
            aligned = align_log(
                automaton, sample, max_places_per_path=SAMPLE_PLACES, give_up_after=_GIVE_UP_AFTER
            )
        except UnmeasurableError:
            continue
        precise = precision(automaton, replay(automaton, paths))
        found.append(
            Candidate(
                noise_threshold, tree, score(aligned, precise), aligned.coverage == 1,
                len(to_petri_net(tree).transitions),
            )
        )
    return tuple(sorted(found, key=lambda candidate: candidate.rank))
