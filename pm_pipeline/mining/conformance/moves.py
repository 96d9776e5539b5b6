"""What an alignment is told as: where a path and a model differ, and what that costs."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["unexpected", "skipped"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One step in which a path and the model differ.

    Attributes:
        activity: its id; of a skipped step all ids that would have done equally, joined by ``|``.
        after: the activity recorded last before it; None before the first one.
    """

    kind: Kind
    activity: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Alignment:
    """``cost`` is the number of deviations, which are in the order of the path."""

    cost: int
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found; ``alignment`` is None where it met its cap of places looked at."""

    alignment: Alignment | None
    places: int
