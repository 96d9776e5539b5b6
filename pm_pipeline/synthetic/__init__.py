"""Municipalities that do not exist: deliveries with known behaviour and faults, and the truth."""

from pm_pipeline.synthetic.behaviour import Behaviour, DemoMunicipality, demo_plan
from pm_pipeline.synthetic.faults import NO_FAULTS, Faults
from pm_pipeline.synthetic.generate import generate, generate_planned
from pm_pipeline.synthetic.people import is_impossible_cpr
from pm_pipeline.synthetic.truth import Truth

__all__ = [
    "NO_FAULTS",
    "Behaviour",
    "DemoMunicipality",
    "Faults",
    "Truth",
    "demo_plan",
    "generate",
    "generate_planned",
    "is_impossible_cpr",
]
