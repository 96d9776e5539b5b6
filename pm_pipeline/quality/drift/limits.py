"""From when on the detector says that there is a change. Conventions of this product."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DriftLimits:
    """What a change must be to be told.

    Attributes:
        level: share of logs without any change in which one is told all the same (of one process).
        n_permutations: shuffles behind a p-value; the smallest one that can be told is 1 in this + 1.
        fewest: units (cases, or blocks of cases) on each side of a change.
        most_units: more cases than this are looked at in blocks of equal size, so that the cost is the
            same for a thousand cases and for a million; the place of a change is known to one block.
        smallest_size: Cohen's h of the relation that moved most; 0.2 is what Cohen (1988) calls small.
            With a million cases every season is significant; it need not be worth a look.
        rarest: share of the cases that must have a relation, and lack it, for it to be looked at.
        most_relations: relations looked at, those that vary most.
        most_directions: principal directions of the relations looked at.
    """

    level: float = 0.005
    n_permutations: int = 999
    fewest: int = 20
    most_units: int = 600
    smallest_size: float = 0.2
    rarest: float = 0.01
    most_relations: int = 60
    most_directions: int = 24

    @property
    def fewest_cases(self) -> int:
        """Cases a process must have before anything can be said of it."""
        return 2 * self.fewest


LIMITS = DriftLimits()
