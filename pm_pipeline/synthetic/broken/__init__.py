"""Deliveries that are broken on purpose: one fault for each row of the acceptance matrix.

``FAULTS`` is the closed list. A row of the matrix that is no property of files (a kill, a full disk,
a clock, a key) has no fault here; the tests bring it about.
"""

from pathlib import Path

from pm_pipeline.synthetic.broken import archives, dates, encoding, places, structure, values
from pm_pipeline.synthetic.broken.faults import Fault
from pm_pipeline.synthetic.broken.good import Broken, Workshop

FAULTS: tuple[Fault, ...] = tuple(sorted(
    (one for module in (structure, encoding, dates, values, archives, places) for one in module.FAULTS),
    key=lambda one: one.row,
))


def broken_delivery(fault: Fault, folder: Path, seed: int = 20260101) -> Broken:
    """The delivery with this fault, its files in ``folder``; equal for equal seeds."""
    return fault.make(Workshop(folder, seed))


def good_delivery(folder: Path, seed: int = 20260101) -> Broken:
    """The delivery that every fault spoils, as it is without any."""
    return Workshop(folder, seed).done()


__all__ = ["FAULTS", "Broken", "Fault", "Workshop", "broken_delivery", "good_delivery"]
