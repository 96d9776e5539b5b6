"""Which cases a filter has, what it says of itself, and what is left where nothing is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pm_pipeline.registry.filter_files import filter_as_yaml, read_filter
from tests.flow.town import FLOW, FlowTown

PROCESS = "forsikrede_ledige"
OF_PROCESS = f"process is {PROCESS}"


@pytest.fixture(scope="module")
def town() -> Iterator[FlowTown]:
    """Four cases; d has no event."""
    with FlowTown() as town:
        town.course("a", "6.1", "2023-05-01", "2023-06-10")
        town.course("b", "6.1", "2024-01-10", "2024-01-20")
        town.course("c", "6.1", "2024-02-01")
        town.course("d", "6.1", "2024-03-01")
        town.act("a", "TILMELDT", "2023-05-01 09:00", "north")
        town.act("a", "JOBSAMTALE", "2023-05-02 09:00", "south")
        town.act("b", "TILMELDT", "2024-01-10 09:00", "south")
        town.act("b", "MIN_PLAN", "2024-01-11 09:00", "south")
        town.act("b", "JOBSAMTALE", "2024-01-12 09:00", "north")
        town.act("c", "TILMELDT", "2024-02-01 09:00")
        town.act("c", "JOBSAMTALE", "2024-02-02 09:00")
        for filter_id, *conditions in WRITTEN:
            town.filter(filter_id, OF_PROCESS, *conditions)
        town.flow()
        yield town


WRITTEN = (
    ("regime", f"regime is {PROCESS}__20200101"),
    ("group", "target_group is 6.1|6.2"),
    ("other_group", "target_group is 6.2"),
    ("unit", "unit is south"),
    ("tie", "unit is north"),
    ("from", "registered_on from 2024-01-10"),
    ("before", "registered_on before 2024-01-10"),
    ("year", "registered_year is 2023|2024"),
    ("closed", "is_closed is true"),
    ("open", "is_closed is false"),
    ("has", "activity has MIN_PLAN|INDKALDT"),
    ("lacks", "activity lacks MIN_PLAN"),
    ("follows", "directly_follows has TILMELDT>JOBSAMTALE"),
    ("never", "directly_follows lacks TILMELDT>JOBSAMTALE"),
    ("long", "lead_time_days at_least 40"),
    ("short", "lead_time_days at_most 10"),
    ("usual", "variant_coverage at_most 0.6"),
    ("all_paths", "variant_coverage at_most 1"),
    ("both", "is_closed is true", "activity has MIN_PLAN"),
    ("nobody", "is_closed is false", "activity has MIN_PLAN"),
)


@pytest.mark.parametrize(
    ("filter_id", "cases"),
    [
        ("regime", "ab"[:1]), ("group", "abcd"), ("other_group", ""), ("unit", "b"), ("tie", "a"),
        ("from", "bcd"), ("before", "a"), ("year", "abcd"), ("closed", "ab"), ("open", "cd"),
        ("has", "b"), ("lacks", "acd"), ("follows", "ac"), ("never", "bd"), ("long", "a"),
        ("short", "bc"), ("usual", "ac"), ("all_paths", "abc"), ("both", "b"), ("nobody", ""),
        (PROCESS, "abcd"), (f"{PROCESS}/registered_year/2024", "bcd"),
        (f"{PROCESS}/unit/south", "b"), (f"{PROCESS}/target_group/6.1", "abcd"),
        (f"{PROCESS}/regime/{PROCESS}__20240101", "bcd"),
    ],
)  # fmt: skip
def test_a_case_is_in_a_filter_when_it_meets_all_its_conditions(
    town: FlowTown, filter_id: str, cases: str
) -> None:
    assert town.cases_of(filter_id) == set(cases)


def test_a_filter_that_leaves_nothing_is_a_row_with_its_sentence(town: FlowTown) -> None:
    ((n_cases, said_da, said_en),) = town.of(
        "nobody",
        "select n_cases, sentence_da, sentence_en from filter_sizes join case_filters"
        " using (filter_number) where {f}",
    )
    assert n_cases == 0
    assert said_da == (
        "Sager i processen Forsikrede ledige, med «Min Plan oprettet eller ændret», som er i gang."
    )
    assert said_en.startswith("Cases in the process Insured unemployed, with ")
    figures = [one for one in FLOW if one.startswith("filter_") and one not in (
        "filter_conditions", "filter_sentences", "filter_variant_matches", "filter_sizes",
    )]  # fmt: skip
    for model in figures:
        assert town.of("nobody", f"select * from {model} where {{f}}") == [], model


def test_every_filter_has_a_sentence_without_a_gap_and_yaml_that_is_read_back(
    town: FlowTown, tmp_path: Path
) -> None:
    told = town.rows("select filter_id, process_id, yaml, sentence_da, sentence_en from case_filters")
    assert len(told) > len(WRITTEN)
    written = {filter_id: conditions for filter_id, *conditions in WRITTEN}
    path = tmp_path / "filter.yml"
    for filter_id, process_id, yaml, *sentences in told:
        assert all(one and "{" not in one and "None" not in one for one in sentences)
        path.write_text(yaml, "utf-8")
        rows = read_filter(path)
        assert {row.filter_id for row in rows} == {filter_id}
        assert filter_as_yaml(rows) == yaml
        conditions = sorted(f"{row.field} {row.operator} {'|'.join(row.value)}" for row in rows)
        if filter_id in written:
            assert conditions == sorted([f"process is {process_id}", *written[filter_id]])


@pytest.mark.parametrize("acts", [(), ("TILMELDT",)], ids=["no event", "one event"])
def test_an_empty_log_and_one_of_one_event_give_filters_and_no_false_figure(acts: tuple[str]) -> None:
    with FlowTown() as town:
        if acts:
            town.course("a", "6.1", "2024-01-10")
        for activity in acts:
            town.act("a", activity, "2024-01-10 09:00", "north", started_at="2024-01-10 08:00")
        town.flow()
        assert town.of(PROCESS, "select n_cases, n_events from filter_sizes where {f}") == [
            (len(acts), len(acts))
        ]
        for model in ("filter_follows", "filter_rework", "filter_ping_pong", "filter_batches"):
            assert town.rows(f"select * from {model}") == []
        assert town.of(
            PROCESS, "select mean_service_hours, n_waits, mean_waiting_hours from"
            " filter_work_times where {f}",
        ) == [(1.0, 0, None)][: len(acts)]  # fmt: skip
        assert len(town.of(PROCESS, "select * from filter_months where {f}")) == 25 * len(acts)


def test_backlog_counts_what_began_and_ended_up_to_the_day_of_the_data(town: FlowTown) -> None:
    months = town.of(
        PROCESS,
        "select strftime(month_on, '%Y-%m'), n_begun, n_ended, n_open, n_open_citizens, n_cases"
        " from filter_months where {f} order by 1",
    )
    assert months[0] == ("2023-05", 1, 0, 1, 1, 1)
    assert months[1] == ("2023-06", 0, 1, 0, 0, 1)
    assert ("2024-01", 1, 1, 0, 0, 1) in months
    assert ("2024-03", 1, 0, 2, 2, 2) in months
    assert months[-1] == ("2026-01", 0, 0, 2, 2, 2)
