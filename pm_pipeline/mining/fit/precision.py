"""Precision: how little a model allows that the log never shows."""

from dataclasses import dataclass

from pm_pipeline.mining.behaviour.automaton import Automaton
from pm_pipeline.mining.behaviour.net import TooWideError
from pm_pipeline.mining.fit.replay import Replay

PRECISION_MEASURE = "align_etconformance_fitting_prefixes"


@dataclass(frozen=True)
class Precision:
    """Escaping-edges precision, and the share of the log's steps it could be judged on."""

    value: float
    coverage: float


def precision(automaton: Automaton, walked: Replay) -> Precision:
    """Align-ETConformance precision of a model on the paths that were walked through it.

    For each prefix of a path that some case goes on from and that the model allows: of the
    activities the model allows next, how many did the log ever show next. The mean over prefixes,
    weighted by cases and by the number of activities allowed; 1 when nothing is ever allowed.
    Prefixes that the model does not allow cannot be judged: ``coverage`` says how much is left.
    Adriansyah, Munoz-Gama, Carmona, van Dongen, van der Aalst, Measuring precision of modeled
    behavior (2015), in the form of pm4py's ``precision_alignments``, whose figure this equals. One
    optimal alignment per case would judge all steps, but which optimal alignment a search returns
    is chance, and the figure would change from run to run.
    """
    judged = allowed_total = escaping_total = 0
    for prefix in walked.prefixes:
        if not prefix.n_going_on or prefix.state is None:
            continue
        try:
            allowed = automaton.enabled(prefix.state)
        except TooWideError:
            continue
        judged += prefix.n_going_on
        allowed_total += prefix.n_going_on * len(allowed)
        escaping_total += prefix.n_going_on * len(allowed - prefix.seen.keys())
    return Precision(
        value=1 - escaping_total / allowed_total if allowed_total else 1.0,
        coverage=judged / walked.n_steps if walked.n_steps else 1.0,
    )
