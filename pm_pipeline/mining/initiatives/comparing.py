"""One series out of one group or two, and what a step in it is told from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.mining.initiatives.series import Arm
from pm_pipeline.mining.initiatives.steps import Step, standard_error, step_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: Periods of a year: 13 of four weeks.
YEAR = 13
#: A year and a half of data: less does not tell the season from the step.
SEASON_KNOWN = 20
FEWEST_BEFORE, FEWEST_AFTER = 6, 3
# Of the design matrix: everybody, and who began under the initiative.
_STEP = 1


@dataclass(frozen=True)
class Compared:
    """Values of periods, with what chance alone does to each.

    ``is_difference``: of two groups, so that trend and season are common and fall out.
    """

    periods: "Array"
    values: "Array"
    chance: "Array"
    cases: "Array"
    is_difference: bool

    @property
    def n_before(self) -> int:
        return int((self.periods < 0).sum())

    @property
    def n_after(self) -> int:
        return int((self.periods >= 0).sum())

    @property
    def knows_season(self) -> bool:
        if self.is_difference:
            return True
        return bool(len(self.periods)) and self.periods[-1] - self.periods[0] + 1 >= SEASON_KNOWN

    def before(self) -> "Compared":
        mine = self.periods < 0
        return Compared(
            self.periods[mine], self.values[mine], self.chance[mine], self.cases[mine],
            self.is_difference,
        )

    def step(self, at: float = 0.0) -> Step:
        """The step at the first period from ``at`` on. ValueError where nothing can be estimated."""
        design = self._design(self.periods, at)
        return step_of(design, self.values, self.periods, self.chance, _STEP)

    def design(self) -> "Array":
        """Periods × (everybody, began under it; trend and season, unless both groups share them)."""
        return self._design(self.periods, 0.0)

    def slope_change(self) -> Step:
        """How much the yearly movement turned at the start; the step is that of its middle."""
        import numpy as np

        after = np.where(self.periods >= 0, self.periods, 0.0) / YEAR
        after = np.where(self.periods >= 0, after - after[self.periods >= 0].mean(), 0.0)
        design = np.column_stack([self.design(), after])
        return step_of(design, self.values, self.periods, self.chance, design.shape[1] - 1)

    def trend_before(self) -> Step:
        """The yearly movement of the periods before: of a difference, whether the two went alike."""
        import numpy as np

        mine = self.before()
        design = np.column_stack([np.ones(len(mine.periods)), mine.periods / YEAR])
        return step_of(design, mine.values, mine.periods, mine.chance, 1)

    def placebos(self) -> list[Step]:
        """The same step at every earlier period with enough on either side, the time after left out."""
        mine = self.before()
        found = []
        for at in mine.periods[FEWEST_BEFORE:len(mine.periods) - FEWEST_AFTER + 1]:
            try:
                found.append(mine.step(at))
            except ValueError:
                continue
        return found

    def periods_until(self, wanted: float, most: int, step: Step | None) -> int | None:
        """Periods more until the standard error is ``wanted``; None where ``most`` are too few.

        As many cases a period as lately, the wandering as it was.
        """
        import numpy as np

        try:
            known = step or self.before()._level()
        except ValueError:
            return None
        lately = self.chance[-YEAR:].mean()
        last = max(float(self.periods[-1]), -1.0)
        for more in range(most + 1):
            added = last + 1 + np.arange(more)
            periods = np.concatenate([self.periods, added])
            if (periods >= 0).sum() < FEWEST_AFTER:
                continue
            chance = np.concatenate([self.chance, np.full(more, lately)])
            error = standard_error(
                self._design(periods, 0.0), periods, chance, known.tau, known.rho, _STEP
            )
            if error <= wanted:
                return more
        return None

    def _level(self) -> Step:
        import numpy as np

        design = np.column_stack([np.ones(len(self.periods)), self.periods / YEAR])
        return step_of(design, self.values, self.periods, self.chance, 0)

    def _design(self, periods: "Array", at: float) -> "Array":
        import numpy as np

        columns = [np.ones(len(periods)), (periods >= at).astype(float)]
        if not self.is_difference:
            columns.append(periods / YEAR)
            if self.knows_season:
                turn = 2 * np.pi * periods / YEAR
                columns += [np.sin(turn), np.cos(turn)]
        return np.column_stack(columns)


def compared(target: Arm, comparison: Arm | None, is_share: bool) -> Compared:
    """The means of the target group, or what they have over those of the comparison group.

    A difference is known of periods in which both groups had cases.
    """
    import numpy as np

    values, chance = _means(target, is_share)
    if comparison is None:
        return Compared(target.periods, values, chance, target.cases, False)
    periods, mine, theirs = np.intersect1d(target.periods, comparison.periods, return_indices=True)
    others, their_chance = _means(comparison, is_share)
    return Compared(
        periods, values[mine] - others[theirs], chance[mine] + their_chance[theirs],
        target.cases[mine], True,
    )


def _means(arm: Arm, is_share: bool) -> tuple["Array", "Array"]:
    return arm.totals / arm.cases, arm.within(is_share) / arm.cases
