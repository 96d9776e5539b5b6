"""Simplicity: how few arcs a reader of a model has to follow."""

from pm_pipeline.mining.notation.petri import PetriNet

SIMPLICITY_MEASURE = "inverse_arc_degree"

# The degree of a mere sequence, which nothing with the same steps can be simpler than.
_BASE_DEGREE = 2


def simplicity(net: PetriNet) -> float:
    """``1 / (1 + max(mean arc degree - 2, 0))`` over places and transitions, 1 for a sequence.

    Vázquez-Barreiros, Mucientes, Lama, ProDiGen (2015), as pm4py's ``simplicity_petri_net``, whose
    figure this equals. A tree is judged by the net this package makes of it, which has fewer silent
    steps than that of other tools.
    """
    n_arcs = sum(len(step.inputs) + len(step.outputs) for step in net.transitions)
    n_nodes = len(net.places) + len(net.transitions)
    return 1 / (1 + max(2 * n_arcs / n_nodes - _BASE_DEGREE, 0)) if n_nodes else 1.0
