"""Units and no persons: who may be told of, what a unit does, and which changes of caseworker count."""

from collections.abc import Iterator

import pytest

from tests.flow.town import FlowTown

SIZES = "unit_sizes"


@pytest.fixture
def town() -> Iterator[FlowTown]:
    with FlowTown() as made:
        made.seed("unit_sizes")
        made.run("delete from unit_sizes; delete from reorganisations")
        yield made


def _sizes(town: FlowTown, *rows: tuple[str, str, str | None, int]) -> None:
    town.insert(SIZES, [
        ("901", unit, since, until, staff, f"{unit} da", f"{unit} en", None)
        for unit, since, until, staff in rows
    ])  # fmt: skip


def _told(town: FlowTown) -> list[str]:
    town.make("told_units")
    return [unit for (unit,) in town.rows("select distinct org_unit_id from told_units order by all")]


def _act_in(town: FlowTown, *units: str | None) -> None:
    town.course("c", "6.1", "2024-03-01")
    for number, unit in enumerate(units, 1):
        town.act("c", "JOBSAMTALE", f"2024-03-{number:02} 09:00", unit=unit)
    town.flow()


# ---- which units may be told of -------------------------------------------------------------------


def test_a_unit_of_fewer_people_than_the_minimum_group_is_not_told_of(town: FlowTown) -> None:
    _act_in(town, "large", "larger", "four", "two")
    _sizes(
        town, ("large", "2020-01-01", None, 6), ("larger", "2020-01-01", None, 9),
        ("four", "2020-01-01", None, 4), ("two", "2020-01-01", None, 2),
    )  # fmt: skip
    assert _told(town) == ["large", "larger"]


def test_a_unit_whose_size_nobody_told_is_not_told_of(town: FlowTown) -> None:
    _act_in(town, "large", "larger", "unknown")
    _sizes(town, ("large", "2020-01-01", None, 6), ("larger", "2020-01-01", None, 9))
    assert "unknown" not in _told(town)


def test_units_that_are_left_over_alone_take_the_smallest_of_the_others_with_them(
    town: FlowTown,
) -> None:
    """The work of two people is else what is left when all others are subtracted from the whole."""
    _act_in(town, "large", "larger", "two")
    _sizes(
        town, ("large", "2020-01-01", None, 6), ("larger", "2020-01-01", None, 9),
        ("two", "2020-01-01", None, 2),
    )  # fmt: skip
    assert _told(town) == ["larger"]


def test_all_large_units_are_told_of_where_nobody_is_left_over(town: FlowTown) -> None:
    _act_in(town, "large", "larger", None)
    _sizes(
        town, ("large", "2020-01-01", None, 6), ("larger", "2020-01-01", None, 9),
        ("two", "2020-01-01", None, 2),
    )  # fmt: skip
    assert _told(town) == ["large", "larger"]


def test_a_unit_that_once_was_too_small_is_told_of_in_no_period(town: FlowTown) -> None:
    _act_in(town, "shrunk", "large")
    _sizes(
        town, ("shrunk", "2020-01-01", "2022-01-01", 9), ("shrunk", "2022-01-01", None, 4),
        ("large", "2020-01-01", None, 9),
    )  # fmt: skip
    assert "shrunk" not in _told(town)


# ---- what a unit does -----------------------------------------------------------------------------


def test_people_of_a_unit_are_counted_apart_from_its_robots_and_from_citizens(town: FlowTown) -> None:
    for number, case in enumerate(("c", "d")):
        town.course(case, "6.1", "2024-03-01", citizen="the same citizen")
        for resource in ("human", "human", "robot", "system", "citizen", None):
            town.act(case, "JOBSAMTALE", f"2024-03-0{number + 1} 09:00", unit="large")
            town.connection.execute(
                "update events set resource_type = ? where event_id = ?",
                [resource, town.last_event_id],
            )
    town.act("c", "JOBSAMTALE", "2024-04-01 09:00", unit="large")
    town.flow()
    _sizes(town, ("large", "2020-01-01", "2024-04-01", 6), ("large", "2024-04-01", None, 7))
    _told(town)
    town.make("unit_months")
    found = town.rows(
        "select strftime(month_on, '%Y-%m'), n_staff, n_events, n_machine_events, n_cases, n_citizens"
        " from unit_months order by all"
    )
    assert found == [("2024-03", 6, 6, 4, 2, 1), ("2024-04", 7, 1, 0, 1, 1)]


def test_acts_on_days_of_which_no_size_is_told_are_in_no_unit(town: FlowTown) -> None:
    _act_in(town, "large", "large", "large")
    _sizes(town, ("large", "2024-03-02", "2024-03-03", 6))
    _told(town)
    town.make("unit_months")
    assert town.rows("select n_events from unit_months") == [(1,)]


# ---- changes of primary caseworker ----------------------------------------------------------------


def _changes(town: FlowTown) -> tuple[object, ...]:
    town.flow()
    return (
        town.rows("select caseworker_changes from cases")[0][0],
        [why for (why,) in town.rows(
            "select not_counted_because from caseworker_changes order by all"
        )],
    )


def _change(town: FlowTown, day: str, unit: str = "here", resource: str = "human") -> None:
    town.act("c", "SAGSBEHANDLERSKIFTE", day, unit=unit)
    town.connection.execute(
        "update events set resource_type = ? where event_id = ?",
        [resource, town.last_event_id],
    )


def test_changes_that_people_make_are_counted_and_those_of_robots_and_systems_are_not(
    town: FlowTown,
) -> None:
    town.course("c", "6.1", "2024-03-01")
    for number, resource in enumerate(("human", "robot", "system", "human"), 1):
        _change(town, f"2024-03-0{number}", resource=resource)
    assert _changes(town) == (2, ["robot", "robot", None, None])


@pytest.mark.parametrize(
    ("municipality", "units", "counted"),
    [("901", None, 2), ("901", "here|there", 2), ("901", "there", 4), ("902", None, 4)],
)
def test_changes_on_the_days_of_a_reorganisation_are_not_counted_in_its_units(
    town: FlowTown, municipality: str, units: str | None, counted: int
) -> None:
    """Its first day is in it, the day of its end is not."""
    row = ("r", municipality, "2024-03-02", "2024-03-04", units, "", "", "", None)
    town.insert("reorganisations", [row])
    town.course("c", "6.1", "2024-03-01")
    for number in range(1, 5):
        _change(town, f"2024-03-0{number}")
    assert _changes(town)[0] == counted
