"""What a change of law touches: two days of the register set against each other."""

from pm_pipeline.law.diff.compare import LawDiff, compare
from pm_pipeline.law.diff.models import Reader, Readers
from pm_pipeline.law.diff.municipalities import Deliveries
from pm_pipeline.law.diff.points import Point, in_order, points_of

__all__ = [
    "Deliveries", "LawDiff", "Point", "Reader", "Readers", "compare", "in_order", "points_of",
]
