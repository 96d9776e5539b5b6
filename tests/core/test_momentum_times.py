"""Occurred, registered and changed are three times; one is never taken for another."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.law.core_sql import Core

_TABLES = {
    "contacts": "contact_id citizen_key contact_type contact_form state booked_at_precision"
    " booked_at_flag booked_by held_at_precision held_at_flag registered_at_precision"
    " updated_at_precision updated_at_flag responsible_party org_unit_id resource_type",
    "tasks": "task_id citizen_key task_type state created_at_precision completed_at_precision"
    " completed_at_flag org_unit_id resource_type",
    "caseworkers": "assignment_id citizen_key caseworker_key role org_unit_id start_on_flag"
    " registered_at_precision",
    "target_groups": "target_group_row_id citizen_key target_group start_on_flag end_on_flag"
    " end_reason registered_at_precision",
    "offers": "offer_id citizen_key offer_type granted_at_precision granted_at_flag start_on_flag"
    " end_on_flag end_reason resource_type",
    "absences": "absence_id citizen_key absence_type start_on_flag end_on_flag registered_at_precision",
}
_STAMPS = {
    "contacts": "booked_at held_at registered_at updated_at",
    "tasks": "created_at completed_at updated_at",
    "caseworkers": "registered_at",
    "target_groups": "registered_at updated_at",
    "offers": "granted_at updated_at",
    "absences": "registered_at updated_at",
}
_DAYS = {"tasks": "deadline_on", "caseworkers": "start_on end_on", "target_groups": "start_on end_on",
         "offers": "start_on end_on", "absences": "start_on end_on"}  # fmt: skip


class Momentum(Core):
    """Rows of the six tables as staging hands them on."""

    def __init__(self) -> None:
        super().__init__()
        self.seed("processes")
        for table, texts in _TABLES.items():
            columns = [
                *(f"{name} varchar" for name in texts.split()),
                *(f"{name} timestamp" for name in _STAMPS[table].split()),
                *(f"{name} date" for name in _DAYS.get(table, "").split()),
            ]
            self.run(
                f"create table stg_momentum__{table} ({', '.join(columns)}, delivery_id varchar,"
                " delivered_on date default '2025-07-01', source_file varchar, source_row bigint,"
                " row_state varchar default 'current')"
            )

    def row(self, table: str, **values: object) -> None:
        names = ", ".join(values)
        self.insert(f"stg_momentum__{table} ({names})", [list(values.values())])

    def acts(self) -> dict[str, tuple[object, ...]]:
        """(occurred, precision, registered, changed) by source key."""
        parts = "talks tasks caseworker_changes target_groups offers absences events"
        for part in parts.split():
            self.make(f"int_momentum_{part}")
        found = self.rows(
            "select source_key, occurred_at, occurred_precision, registered_at, changed_at"
            " from int_momentum_events"
        )
        return {str(key): tuple(times) for key, *times in found}


@pytest.fixture
def momentum() -> Iterator[Momentum]:
    with Momentum() as made:
        yield made


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_task_made_before_it_was_done_does_not_say_when_that_was_registered(
    momentum: Momentum,
) -> None:
    done = {"state": "0", "completed_at": "2025-03-03 10:00", "completed_at_precision": "second"}
    momentum.row("tasks", task_id="before", created_at="2025-03-01 08:00",
                 updated_at="2025-05-05 12:00", **done)  # fmt: skip
    momentum.row("tasks", task_id="afterwards", created_at="2025-03-04 08:00",
                 updated_at="2025-05-05 12:00", **done)  # fmt: skip
    occurred, changed = _at("2025-03-03 10:00"), _at("2025-05-05 12:00")
    assert momentum.acts() == {
        "before": (occurred, "second", None, changed),
        "afterwards": (occurred, "second", _at("2025-03-04 08:00"), changed),
    }


def test_the_end_of_a_period_is_not_registered_when_its_row_was_last_touched(
    momentum: Momentum,
) -> None:
    momentum.row("target_groups", target_group_row_id="t", target_group="6.1", start_on="2025-01-06",
                 end_on="2025-03-03", registered_at="2025-01-07 09:00",
                 updated_at="2025-05-05 12:00")  # fmt: skip
    changed = _at("2025-05-05 12:00")
    assert momentum.acts() == {
        "t|start": (_at("2025-01-05 23:00"), "day", _at("2025-01-07 09:00"), changed),
        "t|end": (_at("2025-03-02 23:00"), "day", None, changed),
    }


def test_an_offer_does_not_say_when_its_steps_were_registered(momentum: Momentum) -> None:
    momentum.row("offers", offer_id="o", granted_at="2025-03-03 09:00", granted_at_precision="second",
                 updated_at="2025-05-05 12:00")  # fmt: skip
    times = (_at("2025-03-03 09:00"), "second", None, _at("2025-05-05 12:00"))
    assert momentum.acts() == {"o|granted": times}


def test_a_talk_given_up_before_its_hour_has_the_time_and_precision_of_that_change(
    momentum: Momentum,
) -> None:
    momentum.row("contacts", contact_id="c", state="cancelled", contact_type="7",
                 held_at="2025-03-10 09:00", held_at_precision="minute",
                 registered_at="2025-03-01 08:00", updated_at="2025-03-08 11:00:05",
                 updated_at_precision="second")  # fmt: skip
    assert momentum.acts() == {
        "c|outcome": (
            _at("2025-03-08 11:00:05"), "second", _at("2025-03-01 08:00"), _at("2025-03-08 11:00:05"),
        ),
    }


def test_an_absence_told_ahead_was_registered_as_a_plan_and_not_as_the_act(
    momentum: Momentum,
) -> None:
    momentum.row("absences", absence_id="holiday", absence_type="FERIE", start_on="2025-03-10",
                 end_on="2025-03-14", registered_at="2025-02-01 09:00",
                 updated_at="2025-02-01 09:00")  # fmt: skip
    momentum.row("absences", absence_id="ill", absence_type="SYGDOM", start_on="2025-03-10",
                 end_on="2025-03-14", registered_at="2025-03-12 09:00",
                 updated_at="2025-03-17 10:00")  # fmt: skip
    first, last = _at("2025-03-09 23:00"), _at("2025-03-13 23:00")
    assert momentum.acts() == {
        "holiday|start": (first, "day", None, _at("2025-02-01 09:00")),
        "holiday|end": (last, "day", None, _at("2025-02-01 09:00")),
        "ill|start": (first, "day", _at("2025-03-12 09:00"), _at("2025-03-17 10:00")),
        "ill|end": (last, "day", None, _at("2025-03-17 10:00")),
    }
