"""The detector of forms on a log into which others planted forms: Credit-Formbased.

The log is of LLM-Event-Log-Quality (Comuzzi, Ra, Narmanova, Jung; MIT licence): a loan application
process in which two acts were given one moment in 292 cases and marked so in the column ``label``.
"""

from collections.abc import Iterator

import pytest

from tests.quality.planted_log import PlantedLog
from tests.real_logs import LOGS

LOG = LOGS / "imperfections" / "Credit-Formbased.csv.gz"

_READ = f"""
create table credit as
select
    'event ' || row_number() over () as event_id, "Case" as case_id, "Activity" as activity,
    cast("Timestamp" as timestamp) as occurred_at, label is not null as is_planted,
    row_number() over () as source_row
from read_csv('{LOG}', all_varchar = true);
insert into event_log
select
    'credit', case_id, event_id, source_row, dense_rank() over (order by activity), occurred_at,
    cast(occurred_at as date), 'second', null, 'human', null, 'D1', null
from credit;
insert into events (event_id, system_id, source_table, source_file, source_row)
select event_id, 'event_log', 'events', 'Credit-Formbased.csv', source_row from credit;
insert into case_days select distinct 'credit', case_id, case_id, null, null, null from credit;
"""


@pytest.fixture
def credit() -> Iterator[PlantedLog]:
    if not LOG.exists():
        pytest.skip(f"no real log at {LOG} (set PM_TEST_LOGS)")
    with PlantedLog() as log:
        log.run(_READ)
        yield log


def test_all_planted_forms_are_found_and_nothing_else(credit: PlantedLog) -> None:
    planted = {event for (event,) in credit.rows("select event_id from credit where is_planted")}
    found = credit.found("form_based")

    assert len(planted) == 584
    assert found == planted


def test_two_activities_that_share_their_moment_in_every_case_are_told_as_one_step(
    credit: PlantedLog,
) -> None:
    """The log itself has 1,505 such pairs: by the moment alone only 584 of 3,594 would be planted."""
    together = credit.found("collateral")

    assert len(together) == 1505
    assert {
        activity for (activity,) in credit.rows(
            "select distinct activity from credit where event_id in"
            f" ({', '.join(repr(event) for event in together)})"
        )
    } == {"New online application received"}
