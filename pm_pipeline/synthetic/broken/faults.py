"""What a fault is, and the list that each module of this package adds its own to."""

from collections.abc import Callable
from dataclasses import dataclass

from pm_pipeline.synthetic.broken.good import Broken, Workshop


@dataclass(frozen=True)
class Fault:
    """One way in which a delivery is broken: ``row`` of the acceptance matrix, name, what it does."""

    row: int
    name: str
    what: str
    make: Callable[[Workshop], Broken]


class FaultList(list[Fault]):
    """Faults in the order of the matrix; ``fault`` is the decorator that adds one."""

    def fault(self, row: int, name: str) -> Callable[[Callable[[Workshop], Broken]], object]:
        def add(make: Callable[[Workshop], Broken]) -> Callable[[Workshop], Broken]:
            what = (make.__doc__ or "").strip().splitlines()[0]
            if not what or any(known.name == name for known in self):
                raise ValueError(f"{name}: expected a docstring and a name of its own")
            self.append(Fault(row, name, what, make))
            return make

        return add
