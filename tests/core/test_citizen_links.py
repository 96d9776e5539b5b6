"""A citizen whose CPR number changed stays one citizen; what contradicts itself is not guessed."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from tests.law.core_sql import Core

Link = tuple[str, str]


@pytest.fixture
def core() -> Iterator[Core]:
    with Core() as made:
        made.run(
            "create table stg_momentum__cpr_changes (old_citizen_key varchar, new_citizen_key varchar,"
            " changed_on date, delivery_id varchar, source_file varchar, source_row bigint,"
            " row_state varchar default 'current')"
        )
        yield made


def _known_as(core: Core, *links: Link) -> dict[str, str]:
    core.run("delete from stg_momentum__cpr_changes")
    core.insert("stg_momentum__cpr_changes (old_citizen_key, new_citizen_key)", links)
    for model in ("stg_citizen_links", "stg_citizens", "citizen_links"):
        core.make(model)
    assert core.rows("select count(*) from citizen_links") == [(len(links),)]
    return {str(old): str(new) for old, new in core.rows("from stg_citizens order by all")}


def _faults(core: Core) -> list[tuple[object, ...]]:
    return core.rows(
        "select old_citizen_key, new_citizen_key, fault from stg_citizen_links"
        " where fault is not null order by all"
    )


def test_a_chain_of_numbers_leads_to_the_last_one_in_whatever_order_it_is_told(core: Core) -> None:
    for links in permutations([("a", "b"), ("b", "c"), ("c", "d")]):
        assert _known_as(core, *links) == {"a": "d", "b": "d", "c": "d"}
        assert _faults(core) == []


def test_two_numbers_of_one_person_become_one(core: Core) -> None:
    assert _known_as(core, ("a", "c"), ("b", "c")) == {"a": "c", "b": "c"}


def test_a_number_that_became_two_is_not_followed_and_counted(core: Core) -> None:
    assert _known_as(core, ("a", "b"), ("b", "c"), ("b", "d"), ("x", "y")) == {"a": "b", "x": "y"}
    assert _faults(core) == [("b", "c", "ambiguous"), ("b", "d", "ambiguous")]


def test_links_in_a_circle_are_not_followed_nor_what_leads_into_it(core: Core) -> None:
    links = (("a", "b"), ("b", "c"), ("c", "a"), ("into", "a"), ("x", "y"))
    assert _known_as(core, *links) == {"x": "y"}
    assert [fault for *_, fault in _faults(core)] == ["circle"] * 4


def test_a_link_to_itself_and_a_superseded_one_change_nothing(core: Core) -> None:
    assert _known_as(core, ("a", "a")) == {}
    assert _faults(core) == [("a", "a", "to_itself")]
    core.run("update stg_momentum__cpr_changes set new_citizen_key = 'b', row_state = 'superseded'")
    for model in ("stg_citizen_links", "stg_citizens"):
        core.make(model)
    assert core.rows("from stg_citizens") == []


def test_the_links_hold_for_every_system_of_the_municipality(core: Core) -> None:
    _known_as(core, ("old", "new"))
    core.run(
        "create table lake_fasit_haendelser as select '1' as event_row_id, 'old' as citizen_id,"
        " 'c' as case_id, null as target_group, null::varchar as unemployment_fund,"
        " null as registered_on, null as deregistered_on,"
        " 'e' as event_code, null as occurred_at, null as occurred_at_precision,"
        " null as occurred_at_flag, null as recorded_at, null as recorded_at_precision,"
        " null as contact_form, null::varchar as responsible_party, null as created_by,"
        " null as org_unit_id,"
        " 'd' as delivery_id, date '2025-01-01' as delivered_on, timestamp '2025-01-01' as received_at,"
        " 'f' as source_file, 1 as source_row;"
        "create table lake_deliveries (system_id varchar, table_name varchar, is_complete boolean,"
        " delivered_on date, received_at timestamp)"
    )
    core.run(
        "create table lake_event_log_events as select 'c' as case_id, citizen_id,"
        " null as target_group, null::varchar as unemployment_fund,"
        " 'a' as activity, 'complete' as lifecycle, null as event_instance,"
        " null as started_at,"
        " null as occurred_at, null as occurred_at_precision, null as occurred_at_flag,"
        " null::varchar as responsible_party, null as created_by,"
        " null as org_unit_id, 'd' as delivery_id,"
        " date '2025-01-01' as delivered_on, timestamp '2025-01-01' as received_at,"
        " 'f' as source_file, 1 as source_row from (values ('old'), ('other'), (null)) v(citizen_id)"
    )
    for name in ("fasit/stg_fasit__haendelser", "event_log/stg_event_log__events"):
        core.make_from(f"models/staging/{name}.sql")
    assert core.rows("select citizen_key from stg_fasit__haendelser") == [("new",)]
    assert core.rows("select citizen_key from stg_event_log__events order by 1") == [
        ("c",), ("new",), ("other",),
    ]
