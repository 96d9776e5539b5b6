"""What is asked: rows of ``registry/what_ifs`` as the warehouse holds them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pm_pipeline.mining.whatif.quota import Quota

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class WhatIf:
    """One question. ``first_days`` None: as many as the quota, the present or the new one."""

    what_if_id: str
    title_da: str
    title_en: str
    process_id: str
    activity_id: str
    quota_days: int
    first_days: int | None
    new_quota_days: int | None
    staffing_factor: float | None

    @property
    def now(self) -> Quota:
        return Quota(self.first_days or self.quota_days, self.quota_days)

    @property
    def then(self) -> Quota:
        days = self.new_quota_days or self.quota_days
        return Quota(self.first_days or days, days)

    @property
    def staffing(self) -> float:
        return self.staffing_factor or 1.0


def read_what_ifs(
    connection: "duckdb.DuckDBPyConnection", municipality_id: str
) -> tuple[WhatIf, ...]:
    """Those that a municipality, or every one, asks."""
    names = ", ".join(WhatIf.__dataclass_fields__)
    rows = connection.execute(
        f"select {names} from reference.what_ifs"
        " where coalesce(municipality_id, ?) = ? order by what_if_id",
        [municipality_id, municipality_id],
    ).fetchall()
    return tuple(WhatIf(*row) for row in rows)


def read_queues(connection: "duckdb.DuckDBPyConnection") -> tuple[tuple[str, str], ...] | None:
    """(process, activity) of every queue; None where the warehouse was built without queues."""
    known = connection.execute(
        "select 1 from information_schema.tables"
        " where table_schema = 'core' and table_name = 'queues'"
    ).fetchone()
    if known is None:
        return None
    return tuple(
        connection.execute(
            "select process_id, activity_id from core.queues order by all"
        ).fetchall()
    )
