"""Whether a warehouse knows enough of its codes to be published.

A law or a release that brings new codes makes every figure that counts acts wrong at once. What was
published before then stays, until somebody has said what the codes mean.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from pm_pipeline import warehouse
from pm_pipeline.errors import PipelineError

_MOST_TOLD = 10
# A code is short and no number of a person; what is not may be prose that stands in a wrong column.
_CODE = re.compile(r"(?!.*[0-9]{6})[^@]{1,60}")
# Many people's acts carry a code; what few carry may be a sentence about one of them, and what is told
# stands in the history of runs.
_FEWEST_PEOPLE = 5


@dataclass(frozen=True)
class UnmappedCode:
    """A source code that no mapping knows, with the acts that carry it and the people they are of."""

    system_id: str
    source_table: str
    code: str
    n_rows: int
    n_citizens: int

    @property
    def may_be_told(self) -> bool:
        """Whether it is surely a code and no prose; the warehouse has the others."""
        return self.n_citizens >= _FEWEST_PEOPLE and _CODE.fullmatch(self.code) is not None


@dataclass(frozen=True)
class UnmappedCodes:
    """All of them, most frequent first, and the share they have of the acts that were judged."""

    codes: tuple[UnmappedCode, ...]
    percent: float

    def told(self) -> str:
        """The most frequent codes with their counts, one a line; what may be prose is not repeated."""
        lines = [
            f"{one.system_id}.{one.source_table}: "
            f"{one.code if one.may_be_told else '(see core.unmapped_codes)'}: {one.n_rows}"
            for one in self.codes[:_MOST_TOLD]
        ]
        if len(self.codes) > _MOST_TOLD:
            lines.append(f"and {len(self.codes) - _MOST_TOLD} more in core.unmapped_codes")
        return "\n".join(lines)


def read_unmapped_codes(warehouse_path: Path) -> UnmappedCodes:
    """The codes without a mapping. Raises PipelineError when there is no warehouse to ask."""
    with warehouse.connect(warehouse_path) as connection:
        rows = connection.execute(
            "select system_id, source_table, source_code, n_rows, n_citizens from core.unmapped_codes"
            " order by n_rows desc, source_code"
        ).fetchall()
        (events,) = connection.execute("select count(*) from core.events").fetchall()[0]
    codes = tuple(UnmappedCode(*row) for row in rows)
    unmapped = sum(one.n_rows for one in codes)
    return UnmappedCodes(codes, 100 * unmapped / (events + unmapped) if unmapped else 0.0)


def refuse_unmapped(found: UnmappedCodes, max_percent: float) -> None:
    """Raise PipelineError naming the codes when they are too many of the acts."""
    if found.percent <= max_percent:
        return
    raise PipelineError(
        f"{found.percent:.1f} percent of the acts have a code that no mapping knows, at most "
        f"{max_percent:g} may be published (PM_MAX_UNMAPPED_PERCENT). What was published before "
        "stands. Say what the codes mean in seeds/mapping/activity_mappings.csv, then "
        f"`pm-pipeline rejects replay`:\n{found.told()}"
    )
