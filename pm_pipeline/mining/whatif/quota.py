"""When a turn is due: some days after it began, on the first working day from then on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.int64]


@dataclass(frozen=True)
class Quota:
    """How long after a registration and after a talk the next talk is due."""

    first_days: int
    next_days: int

    def days(self, is_first: "NDArray[np.bool_]") -> "Array":
        import numpy as np

        return np.where(is_first, self.first_days, self.next_days).astype(np.int64)


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked on.

    Attributes:
        first: number of the first day of ``is_working``, below 0.
        is_working: one truth a day.
    """

    first: int
    is_working: "NDArray[np.bool_]"

    def moved(self, days: "Array") -> "Array":
        """The first working day from each day on; days outside the calendar stay.

        Days further back than the calendar are taken as worked on.
        """
        import numpy as np

        ahead = np.arange(len(self.is_working))
        following = np.where(self.is_working, ahead, len(self.is_working))
        following = np.minimum.accumulate(following[::-1])[::-1]
        places = days - self.first
        inside = (places >= 0) & (places < len(self.is_working))
        found = following[np.where(inside, places, 0)]
        return np.where(inside & (found < len(self.is_working)), found + self.first, days)

    def of(self, begin: int, end: int) -> "NDArray[np.bool_]":
        """Of the days ``begin`` to before ``end``."""
        return self.is_working[begin - self.first : end - self.first]
