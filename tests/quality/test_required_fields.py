"""What the law of a case turns on is asked for by rows, and acts that lack it are found by name."""

from collections.abc import Iterator

import pytest

from pm_pipeline.registry import LogRuleKind, load_registry
from tests.law.core_sql import Core
from tests.quality.clean_facts import REPOSITORY

_FOUND = """
create table log_rules (rule_id varchar, kind varchar, regime_id varchar);
insert into log_rules values ('PARTY', 'missing_value', 'visits__2024'),
    ('ALWAYS', 'missing_value', null), ('ONCE', 'activity_frequency', 'visits__2024');
create table events as select * from (values ('e1')) v(event_id);
create table log_rule_findings (rule_id varchar, process_id varchar default 'visits',
    case_id varchar default 'A', event_id varchar);
"""


@pytest.fixture
def found() -> Iterator[Core]:
    with Core() as core:
        core.run(_FOUND)
        yield core


def test_an_act_without_what_its_regime_asks_for_is_found_once(found: Core) -> None:
    found.run("insert into log_rules values ('DAY', 'missing_value', 'visits__2024')")
    found.insert("log_rule_findings (rule_id, event_id)", [("PARTY", "e1"), ("DAY", "e1")])
    found.make("required_field_missing")
    assert found.rows("select * from required_field_missing") == [
        ("required_field_missing", "e1", "visits", "A")
    ]


def test_a_row_that_became_no_event_counts_for_its_rule_and_is_no_event_here(found: Core) -> None:
    found.insert("log_rule_findings (rule_id, event_id)", [("PARTY", "row without a day")])
    found.make("required_field_missing")
    assert found.rows("select * from required_field_missing") == []


def test_a_field_asked_for_by_no_law_and_a_case_that_breaks_a_rule_are_not(found: Core) -> None:
    found.insert("log_rule_findings (rule_id, event_id)", [("ALWAYS", "e1"), ("ONCE", None)])
    found.make("required_field_missing")
    assert found.rows("select * from required_field_missing") == []


def test_every_shipped_row_about_a_regime_is_of_its_process_and_says_where_it_stands() -> None:
    registry = load_registry(REPOSITORY / "dbt_project" / "seeds")
    rows = [one for one in registry.log_rules if one.kind is LogRuleKind.MISSING_VALUE]
    assert {one.process_id for one in rows} == {one.process_id for one in registry.processes}
    for row in rows:
        assert str(row.regime_id).startswith(f"{row.process_id}__")
        assert row.notes is not None and ("VERIFIED" in row.notes or "UNCERTAIN" in row.notes)
