"""The miners, each made of a slice's variants: which there are, and what each is told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pm_pipeline.mining.conformance.alignment import MAX_PLACES_PER_LOG
from pm_pipeline.mining.discovery import heuristics, inductive, noise, powl
from pm_pipeline.mining.log import VariantLog
from pm_pipeline.mining.notation.petri import PetriNet, to_petri_net
from pm_pipeline.mining.notation.tree import Tree


@dataclass(frozen=True)
class Found:
    """A model as a miner made it.

    ``tree`` is None where the model is a net only; ``chosen``: what the miner settled itself.
    """

    net: PetriNet
    tree: Tree | None
    chosen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Miner:
    """One algorithm.

    Attributes:
        algorithm: as it stands in the tables.
        parameters: what it is told, whatever the log.
        find: models of (whole log, part that may be shown), the best by its own rule first.
        is_sound: its models can always be finished, whatever the log.
        max_places: of the search that measures it. What is shown beside the main model costs less.
        is_main: a slice without a model of it has no model.
    """

    algorithm: str
    parameters: Mapping[str, Any]
    find: Callable[[VariantLog, VariantLog], Iterator[Found]]
    is_sound: bool
    max_places: int = MAX_PLACES_PER_LOG // 10
    is_main: bool = False


def _inductive(log: VariantLog, shown: VariantLog) -> Iterator[Found]:
    candidates = noise.rank_candidates(log, shown)
    scores = {f"{one.noise_threshold:g}": round(one.score, 3) for one in candidates}
    for one in candidates:
        chosen = {"noise_threshold": one.noise_threshold, "noise_scores": scores}
        yield Found(to_petri_net(one.tree), one.tree, chosen)


def _heuristics(_: VariantLog, shown: VariantLog) -> Iterator[Found]:
    yield Found(heuristics.discover(shown), None)


def _powl(_: VariantLog, shown: VariantLog) -> Iterator[Found]:
    tree = powl.discover(shown)
    yield Found(to_petri_net(tree), tree)


MINERS = (
    Miner(
        inductive.ALGORITHM,
        {
            "noise_grid": noise.GRID, "noise_rule": noise.RULE,
            "noise_compared_on_variants": noise.SAMPLE_VARIANTS,
        },
        _inductive,
        is_sound=True,
        max_places=MAX_PLACES_PER_LOG,
        is_main=True,
    ),
    Miner(
        heuristics.ALGORITHM,
        {
            "dependency_threshold": heuristics.DEPENDENCY_THRESHOLD,
            "and_threshold": heuristics.AND_THRESHOLD,
            "loop_two_threshold": heuristics.LOOP_TWO_THRESHOLD,
        },
        _heuristics,
        is_sound=False,
    ),
    Miner(
        powl.ALGORITHM, {"filtering_threshold": powl.FILTERING_THRESHOLD}, _powl, is_sound=True
    ),
)
