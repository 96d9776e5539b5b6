"""Who works by a change of law from when: municipalities side by side, by what each has published.

Nothing else of them is compared: what is published rests on no small group, and who is not named may
have taken it up by so few that nobody may tell. Of each process the figure that the law moved most
speaks for the municipality, as its day is known best.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pm_pipeline.errors import PipelineError

_ADOPTERS = """
select
    municipality_id, process_id, measure, item, changed_on, adopted_on, adopted_from_on, adopted_to_on,
    adoption_days, is_late
from read_parquet($files, union_by_name := true)
where
    change_id = $change and kind = 'law' and verdict = 'changed' and is_late is not null
    and cause in ('law', 'not_separable') and list_contains(string_split(caused_by, '|'), $change)
qualify row_number() over (
    partition by municipality_id, process_id, changed_on
    order by is_touched desc, abs(effect_size) desc nulls last, measure, item
) = 1
order by changed_on, process_id, adoption_days nulls last, is_late, municipality_id
"""


@dataclass(frozen=True)
class Adopter:
    """A municipality and a process of it, by the figure of it that the law moved most.

    Attributes:
        adopted_on, adopted_from_on, adopted_to_on: the day from which the new way holds, and its
            interval; None where it had not settled when the data ended.
        is_late: longer after the law than ``change_late_adoption_days``.
    """

    municipality_id: str
    process_id: str
    measure: str
    item: str
    changed_on: date
    adopted_on: date | None
    adopted_from_on: date | None
    adopted_to_on: date | None
    adoption_days: int | None
    is_late: bool


def read_adopters(published_dirs: Sequence[Path], change_id: str) -> tuple[Adopter, ...]:
    """The adopters of a law among municipalities, the first to adopt first.

    Args:
        published_dirs: of municipalities; one that has published nothing is passed over.

    Raises:
        PipelineError: something was published by another version.
    """
    files = [
        str(path) for folder in published_dirs
        if (path := folder / "parquet" / "change_comparison.parquet").exists()
    ]
    if not files:
        return ()
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(_ADOPTERS, {"files": files, "change": change_id}).fetchall()
    except duckdb.Error as error:
        raise PipelineError(
            f"{', '.join(files)}: not published by this version ({type(error).__name__}); run again"
        ) from error
    return tuple(Adopter(*row) for row in rows)
