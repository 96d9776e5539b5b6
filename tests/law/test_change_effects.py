"""A change of law as one page: what it did to the law, to codes, and to how rules went."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.law.core_sql import Core

LAW = (
    "legal_changes", "regimes", "rules", "clock_stops", "exemptions", "activity_mappings", "activities",
)
MODELS = (
    "int_law_process_touches", "int_law_mapping_touches", "int_law_rule_changes",
    "int_law_change_pages", "change_codes",
)
TALKS = "LAB31_G2_5_TALKS_6M"
TOTALS = """
create table int_as_of as select date '2026-08-01' as as_of_on;
create table events (event_id varchar, mapping_id varchar, occurred_on date);
create table event_objects (event_id varchar, object_id varchar, object_type varchar);
create table rule_outcomes_total (process_id varchar, regime_id varchar, target_group varchar,
    rule_id varchar, rule_version varchar, n_cases bigint, n_citizens bigint, n_fulfilled bigint,
    n_fulfilled_citizens bigint, share_fulfilled double, legal_basis_url varchar, is_certain boolean);
create table rule_shares_total (process_id varchar, regime_id varchar, target_group varchar,
    rule_id varchar, rule_version varchar, n_cases bigint, n_citizens bigint, n_reached bigint,
    n_reached_citizens bigint, share_reached double, share_required double, quota_met boolean,
    legal_basis_url varchar, is_certain boolean);
"""


@pytest.fixture
def core() -> Iterator[Core]:
    with Core() as made:
        made.seed(*LAW)
        made.run(TOTALS)
        yield made


def page(core: Core, change_id: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    for model in (*MODELS, "law_change_effects"):
        core.make(model)
    return core.rows(
        f"select {columns} from law_change_effects where change_id = '{change_id}' and {where}"
        " order by position"
    )


@pytest.mark.parametrize("change_id", ["REFORM-2", "HOI"])
def test_what_is_not_law_has_its_status_and_nothing_else(core: Core, change_id: str) -> None:
    found = page(core, change_id, "position, section, what, is_law, status, from_on, n_cases")
    assert found == [(1, "change", "not_law", False, "announced", None, None)]


def test_every_change_of_the_register_has_a_page(core: Core) -> None:
    page(core, "LAB-2020", "*")
    told = core.rows("select distinct change_id from law_change_effects order by all")
    assert told == core.rows("select change_id from legal_changes order by all")


def test_a_page_tells_the_regimes_and_the_wordings_before_and_after(core: Core) -> None:
    found = page(
        core, "REFORM-1B", "what, item, to_on::varchar",
        "process_id = 'kontanthjaelp' and section = 'regimes'",
    )
    assert [what for what, *_ in found] == ["regime_ended", "regime_begun"]
    assert found[0][2] == "2026-07-01"
    assert found[1][1:] == ("kontanthjaelp__20260701", None)
    ((what, version_before, version_after, before, after),) = core.rows(
        "select what, version_before, version_after, before_da, after_da from law_change_effects"
        f" where change_id = 'REFORM-1B' and section = 'rules' and item = '{TALKS}'"
    )
    assert (what, version_before, version_after) == ("rule_changed", "B", "C")
    assert before and after and before != after


def test_a_rule_is_set_against_itself_under_the_old_and_the_new_wording(core: Core) -> None:
    tail = ("https://law", True)
    core.insert("rule_outcomes_total", [
        ("kontanthjaelp", "kontanthjaelp__20250701", "6.2", TALKS, "B", 40, 38, 30, 29, 0.75, *tail),
        ("kontanthjaelp", "kontanthjaelp__20200101", "6.2", TALKS, "A", 99, 99, 9, 9, 0.1, *tail),
    ])  # fmt: skip
    core.insert("rule_shares_total", [
        ("kontanthjaelp", "kontanthjaelp__20260701", "6.2", TALKS, "C", 20, 20, 16, 16, 0.8, 0.75, True,
         *tail),
    ])  # fmt: skip
    found = page(
        core, "REFORM-1B",
        "what, compared, version_before, version_after, regime_id, n_cases, n_citizens, n_fulfilled,"
        " share_fulfilled, share_required, quota_met",
        "section = 'outcomes'",
    )
    assert found == [
        ("outcomes", "before", "B", None, "kontanthjaelp__20250701", 40, 38, 30, 0.75, None, None),
        ("share", "after", None, "C", "kontanthjaelp__20260701", 20, 20, 16, 0.8, 0.75, True),
    ]


def test_the_use_of_a_code_is_counted_in_the_ninety_days_on_either_side(core: Core) -> None:
    core.run(
        "delete from activity_mappings; insert into activity_mappings"
        " (mapping_id, system_id, source_table, source_code, activity_id, valid_from, change_id)"
        " values ('M', 'fasit', 'haendelser', 'x', 'JOBSAMTALE', date '2026-07-01', 'REFORM-1B'),"
        " ('N', 'momentum', 'absences', 'x', 'FRAVAER_START', date '2026-07-01', 'REFORM-1B')"
    )
    # 90 days before the first of July is the second of April
    days = {"2026-04-01": 0, "2026-04-02": 1, "2026-06-30": 1, "2026-07-01": 2, "2026-08-01": 2}
    for number, day in enumerate(days):
        core.insert("events", [(f"e{number}", "M", day), (f"other{number}", "N", day)])
        core.insert("event_objects", [(f"e{number}", "the same", "citizen")])
    found = page(
        core, "REFORM-1B", "item, compared, from_on::varchar, to_on::varchar, n_cases, n_citizens",
        "section = 'code_use'",
    )
    assert found == [
        ("M", "before", "2026-04-02", "2026-07-01", 2, 1),
        ("M", "after", "2026-07-01", "2026-08-02", 2, 1),  # as far as data go
    ]
    assert page(core, "REFORM-1B", "what, item, after_en", "section = 'codes'")[0][:2] == (
        "mapping_begun", "M",
    )


def test_a_clock_stop_and_an_exemption_stand_on_the_page_of_their_change(core: Core) -> None:
    found = page(
        core, "COVID-1", "item, from_on::varchar, to_on::varchar", "section = 'clock_stops'"
    )
    assert set(found) == {
        ("COVID-1", "2020-03-12", "2020-05-27"), ("COVID-1-G1", "2020-03-01", "2020-09-01"),
    }
    exempting = core.rows("select distinct change_id from exemptions order by all")
    told = core.rows(
        "select distinct change_id from law_change_effects where section = 'exemptions' order by all"
    )
    assert told == exempting != []
