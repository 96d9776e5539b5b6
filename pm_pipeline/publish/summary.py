"""The few figures that the end of a run shows, read from what was published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish.artefacts import WHOLE_DELIVERY


@dataclass(frozen=True)
class KpiRow:
    """One KPI of one process, target group and (where there is one) rule, under its newest law.

    Attributes:
        value: the figure itself, in ``unit``; None where the group allows none.
        limit: what the law asks, in ``unit``; None where it asks nothing.
        share: the part of the cases that meets the limit (0-1); for changes of caseworker, the part
            with a change. None where masked.
    """

    kpi: str
    process_id: str
    regime_id: str | None
    target_group: str | None
    rule_title_da: str | None
    rule_title_en: str | None
    value: float | None
    unit: str
    limit: float | None
    share: float | None
    n_cases: int


@dataclass(frozen=True)
class WithheldFor:
    """A critical quality rule because of which slices are not published."""

    rule_id: str
    title_da: str
    title_en: str


@dataclass(frozen=True)
class Summary:
    """What a publication says in short. ``quality`` counts rule results by outcome.

    ``withheld_for``: the critical rules because of which something is withheld; where the whole
    delivery is (``is_all_withheld``), those that are about the whole delivery.
    """

    municipality_id: str
    generation: str
    published_at: datetime
    min_group_size: int
    kpis: tuple[KpiRow, ...]
    quality: Mapping[str, int]
    withheld_slices: tuple[tuple[str, str | None], ...]
    is_all_withheld: bool
    withheld_for: tuple[WithheldFor, ...]
    rows_removed: int
    cells_masked: int


# The newest law of each process and target group with enough people to publish.
_NEWEST = (
    "qualify row_number() over (partition by process_id, target_group{} order by regime_id desc"
    " nulls last) = 1 order by process_id, target_group nulls first"
)
_BY_RULE = _NEWEST.format(", rule_id")
_KPIS = {
    "time_to_first_talk": (
        "select process_id, regime_id, target_group, rule_title_da, rule_title_en, median_days,"
        " 'days', limit_days, share_within_limit, n_cases from kpi_time_to_first_talk " + _BY_RULE
    ),
    "talks_in_window": (
        "select process_id, regime_id, target_group, rule_title_da, rule_title_en, mean_talks,"
        " 'talks', required_talks, share_fulfilled, n_cases from kpi_talks_in_window " + _BY_RULE
    ),
    "caseworker_changes": (
        "select process_id, regime_id, target_group, null, null, mean_changes, 'changes', null,"
        " share_changed, n_cases from kpi_caseworker_changes " + _NEWEST.format("")
    ),
    "lead_time": (
        "select process_id, regime_id, target_group, null, null, median_days, 'days', null, null,"
        " n_cases from kpi_lead_time " + _NEWEST.format("")
    ),
}


def read_summary(published_path: Path) -> Summary:
    """The summary of a published database.

    Raises:
        PipelineError: there is none, or it is not one of this version.
    """
    if not published_path.is_file():
        raise PipelineError(f"{published_path}: nothing is published here yet")
    try:
        # Resolved: DuckDB shares open databases by path, and the link may lead elsewhere by now.
        with duckdb.connect(str(published_path.resolve()), read_only=True) as connection:
            publication = connection.execute(
                "select municipality_id, generation, published_at, min_group_size from publication"
            ).fetchall()
            if len(publication) != 1:
                raise PipelineError(
                    f"{published_path}: expected one publication, found {len(publication)}"
                )
            kpis = tuple(
                KpiRow(kpi, *row)
                for kpi, sql in _KPIS.items()
                for row in connection.execute(sql).fetchall()
            )
            quality = connection.execute(
                "select outcome, count(*) from quality_summary group by all order by all"
            ).fetchall()
            withheld = connection.execute(
                "select distinct process_id, regime_id from withheld_slices order by all"
            ).fetchall()
            # a slice of a whole delivery that is withheld is so in any case, whatever it fails itself
            reasons = connection.execute(
                "select distinct rule_id, title_da, title_en from withheld_slices"
                " where rule_id is not null"
                " and (judged = 'delivery' or not exists"
                " (select 1 from withheld_slices where judged = 'delivery')) order by all"
            ).fetchall()
            removed, masked = connection.execute(
                "select sum(rows_removed)::bigint, sum(cells_masked)::bigint from suppression"
            ).fetchall()[0]
    except duckdb.IOException as error:
        raise PipelineError(
            f"{published_path}: cannot be opened: is it a DuckDB file, and is no program writing "
            "to it?"
        ) from error
    except duckdb.Error as error:
        raise PipelineError(
            f"{published_path}: not a publication of this version ({type(error).__name__}); "
            "publish again"
        ) from error
    municipality_id, generation, published_at, min_group_size = publication[0]
    return Summary(
        municipality_id=municipality_id,
        generation=generation,
        published_at=published_at,
        min_group_size=min_group_size,
        kpis=kpis,
        quality=dict(quality),
        withheld_slices=tuple(one for one in withheld if one != WHOLE_DELIVERY),
        is_all_withheld=WHOLE_DELIVERY in withheld,
        withheld_for=tuple(WithheldFor(*reason) for reason in reasons),
        rows_removed=removed,
        cells_masked=masked,
    )
