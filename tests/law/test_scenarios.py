"""Examples of law: read strictly, judged by the SQL of the models, the shipped ones come out right."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pm_pipeline.law.scenarios.judging import Judgement, judge
from pm_pipeline.law.scenarios.scratch import Scratch
from pm_pipeline.law.whole import LawFolders, read_law
from pm_pipeline.settings import Settings
from pm_pipeline.transform.compiled import CompiledSql
from tests.law.law_files import FIRST, FIRST_TALK, SHARE, LawFiles


@pytest.fixture
def law(tmp_path: Path, seeds: Any) -> LawFiles:
    return LawFiles(tmp_path, seeds)


def _findings(law: LawFiles) -> list[str]:
    return [str(one) for one in read_law(law.folders).findings]


def _judged(law: LawFiles, sql: CompiledSql) -> dict[str, Judgement]:
    """The examples by name, judged; the files must be sound."""
    read = read_law(law.folders)
    assert read.findings == ()
    with Scratch(sql, law.seeds.folder) as scratch:
        found = judge(read.registry, scratch, read.examples)
    return {one.example.scenario.story.name: one for one in found}


# ---- the shipped examples ------------------------------------------------------------------------

SHIPPED = read_law(LawFolders.of(Settings(field_dir=None)))


@pytest.fixture(scope="module")
def shipped_judgements(rule_sql: CompiledSql) -> Iterator[list[Judgement]]:
    with Scratch(rule_sql, SHIPPED.registry.seeds_dir) as scratch:
        yield judge(SHIPPED.registry, scratch, SHIPPED.examples)


@pytest.mark.parametrize(
    "number", range(len(SHIPPED.examples)), ids=[one.title for one in SHIPPED.examples]
)
def test_a_shipped_example_comes_out_as_it_says(
    number: int, shipped_judgements: list[Judgement]
) -> None:
    assert shipped_judgements[number].differences == ()


# ---- judged by the SQL of the models -------------------------------------------------------------


def test_the_made_up_examples_come_out_as_they_say(law: LawFiles, rule_sql: CompiledSql) -> None:
    judged = _judged(law, rule_sql)
    assert len(judged) == 6
    assert {name: one.differences for name, one in judged.items() if not one.is_right} == {}


@pytest.mark.parametrize(
    ("rule_id", "old", "new", "name", "differs"),
    [
        (FIRST, "2021-03-08 JOBSAMTALE municipality", "2021-03-09 JOBSAMTALE municipality",
         "held on the last day of the week", ("outcome", "fulfilled", "breached")),
        (FIRST, "2021-03-08 JOBSAMTALE municipality", "2021-03-08 JOBSAMTALE unemployment_fund",
         "held on the last day of the week", ("outcome", "fulfilled", "breached")),
        (FIRST, "2021-03-08 JOBSAMTALE municipality", "2021-03-08 JOBSAMTALE",
         "held on the last day of the week", ("outcome", "fulfilled", "not_computable")),
        (FIRST, "days_late: 1", "days_late: 2", "held on the day after", ("days_late", 2, 1)),
        (FIRST, "closed: 2021-06-01", "closed: 2021-03-08",
         "held on the day after", ("outcome", "breached", "not_applicable")),
        (FIRST, "registered: 2021-03-01", "registered: 2021-03-02\n      start_in_data: false",
         "held on the last day of the week", ("outcome", "fulfilled", "not_computable")),
        (FIRST, 'target_group: "6.2"', 'target_group: "6.4"',
         "held on the last day of the week", ("outcome", "fulfilled", "not_bound")),
        (SHARE, "2026-07-10", "2026-07-17", "three of four", ("n_reached", 3, 2)),
        (SHARE, "registered: 2026-07-20", "registered: 2026-08-20", "three of four",
         ("n_cohorts", 1, 2)),
    ],
)
def test_an_example_that_does_not_come_out_is_told_with_what_was_found(
    law: LawFiles, rule_sql: CompiledSql, rule_id: str, old: str, new: str, name: str,
    differs: tuple[str, object, object],
) -> None:
    law.replace(rule_id, old, new)
    if "2026-08-20" in new:
        law.replace(rule_id, "2026-07-20 JOBSAMTALE", "2026-08-20 JOBSAMTALE")
    first = _judged(law, rule_sql)[name].differences[0]
    assert (first.column, first.expected, first.found) == differs


def test_a_rule_that_does_not_bind_the_case_can_be_expected(
    law: LawFiles, rule_sql: CompiledSql
) -> None:
    law.replace(FIRST, "scenarios:\n", """\
scenarios:
  - name: another group
    version: A
    given: {target_group: "6.4", registered: 2021-03-01, as_of: 2022-01-01}
    expect: not_bound
""")
    assert _judged(law, rule_sql)["another group"].is_right


def test_the_same_rows_come_out_otherwise_when_the_row_of_the_rule_is_edited(
    law: LawFiles, rule_sql: CompiledSql
) -> None:
    """The seed that is handed in is what is judged by, not the shipped one."""
    law.seeds.set("law/rules.csv", 1, "window_unit", "day")
    judged = _judged(law, rule_sql)
    assert [name for name, one in judged.items() if not one.is_right] == [
        "held on the last day of the week", "held on the day after",
    ]


def test_columns_of_a_seed_may_stand_in_any_order(law: LawFiles, rule_sql: CompiledSql) -> None:
    records = law.seeds.read("law/rules.csv")
    law.seeds.write("law/rules.csv", [list(reversed(record)) for record in records])
    assert all(one.is_right for one in _judged(law, rule_sql).values())


def test_a_case_lies_where_its_region_or_municipality_says(
    law: LawFiles, rule_sql: CompiledSql
) -> None:
    row = law.seeds.row_of("law/clock_stops.csv", stop_id="COVID-1")
    law.seeds.set("law/clock_stops.csv", row, "starts_on", "2021-03-02")
    law.seeds.set("law/clock_stops.csv", row, "ends_on", "2021-03-05")
    law.seeds.set("law/clock_stops.csv", row, "scope_regions", "Nordjylland")
    late = "held on the day after"
    assert _judged(law, rule_sql)[late].found["due_less_stops_on"].isoformat() == "2021-03-08"
    law.replace(FIRST, "closed: 2021-06-01", "region: Nordjylland")
    assert _judged(law, rule_sql)[late].found["due_less_stops_on"].isoformat() == "2021-03-11"
    law.replace(FIRST, "region: Nordjylland", 'municipality: "851"')
    assert _judged(law, rule_sql)[late].found["due_less_stops_on"].isoformat() == "2021-03-11"


# ---- read strictly -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("      fund: null", "      found: null", "line 10, scenario 'held on the last day of the "
         "week', key given.found: expected a key of the form, found the unknown key 'found'"),
        ("    version: A\n", "", "line 4, scenario 'held on the last day of the week', key version: "
         "expected a value, found none"),
        ("registered: 2021-03-01", "registered: 1/3/21", "line 9, .*key given.registered: expected a "
         "date as yyyy-mm-dd, found '1/3/21'"),
        ("registered: 2021-03-01", "registered: 2021-02-30", "a day that exists, found '2021-02-30'"),
        ("2021-03-08 JOBSAMTALE municipality", "JOBSAMTALE 2021-03-08",
         "line 12, .*key given.events.0: expected a day, an activity and the party"),
        ("JOBSAMTALE municipality", "JOBSAMTALE state", "key given.events.0.party: expected one of "
         ".*'joint', found 'state'"),
        ("expect: fulfilled", "expect: fine", "line 14, .*key expect.outcome: expected one of "
         "'fulfilled', .*found 'fine'"),
        ("expect: fulfilled", "expect: {outcome: fulfilled, late: 1}", "the unknown key 'late'"),
        ("days_late: 1", "days_late: one", "expect.days_late: expected a whole number, found 'one'"),
        ("rule: FIRST_TALK", "rule: ANOTHER", "line 1, key rule: expected the rule that names the "),
        ("rule: FIRST_TALK", "rule: FIRST_TALK\nby: me", "line 2, key by: expected a key of the f"),
        ('about: "Lov', "about: Lov", "plain YAML, found line 2: no valid YAML .*in quotes"),
        ("    version: A\n", "    version: A\n    version: B\n", "the key 'version' stands twice"),
        ("name: held on the day after", "name: held on the last day of the week",
         "line 15, .*a name of its own, found the name of .*FIRST_TALK.yml line 4"),
    ],
)
def test_a_fault_of_form_is_told_with_file_line_name_and_key(
    law: LawFiles, old: str, new: str, told: str
) -> None:
    law.replace(FIRST, old, new)
    _one_is_told(law, told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version: A", "version: Q",
         r"key version: expected a version of FIRST_TALK \(A, B\), found 'Q'"),
        ("version: A", "version: B", r"key registered: expected a day of a regime in which version B "
         r"holds \(kontanthjaelp__20240101\), found 2021-03-01, in kontanthjaelp__20200101, which has "
         "version A"),
        ("registered: 2021-03-01", "registered: 2019-12-31",
         "key registered: .*found 2019-12-31, outside every regime"),
        ("registered: 2021-03-01", "registered: 2021-03-01\n      municipality: '999'",
         "key municipality: expected one of registry/municipalities.csv, found '999'"),
        ("fund: null", "region: Skåne", "key region: expected one of .*found 'Skåne'"),
        ("fund: null", "region: Nordjylland\n      municipality: '901'",
         "key region: expected the region of municipality 901, 'Midtjylland'"),
        ("fund: null", "fund: Akasse", "key fund: expected a fund in capital letters"),
        ('target_group: "6.2"', 'target_group: "6.99"', "key target_group: .*found '6.99'"),
        ('target_group: "6.2"', 'target_group: "6.1"', "key target_group: expected a target group of "
         r"the process of the rule \(6.2, 6.3, 6.4, 6.5\), found '6.1'"),
        ("2021-03-08 JOBSAMTALE", "2021-03-08 DANCE", "key events: expected an activity of .*'DANCE'"),
        ("2021-03-08 JOBSAMTALE", "2022-03-08 JOBSAMTALE", "key events: expected a day up to as_of "
         "2022-01-01.*, found 2022-03-08"),
        ("      as_of: 2022-01-01\n", "", "key as_of: expected as_of, .*found none"),
        ("fund: null", "closed: 2021-02-01", "key closed: expected a day not before registered"),
        ("expect: fulfilled", "expect: {due: 2021-03-08}", "key expect.outcome: expected an outcome"),
        ("expect: fulfilled", "expect: {outcome: fulfilled, n_reached: 1}",
         "key expect.n_reached: expected a key that a rule of kind deadline shows"),
    ],
)
def test_an_example_that_cannot_be_is_told_with_file_line_and_name(
    law: LawFiles, old: str, new: str, told: str
) -> None:
    law.replace(FIRST, old, new)
    _one_is_told(law, f"FIRST_TALK.yml line 4, scenario 'held on the last day of the week', {told}")


def test_an_example_of_an_unknown_rule_is_told(law: LawFiles) -> None:
    law.write("UNKNOWN", FIRST_TALK.replace(FIRST, "UNKNOWN"))
    _one_is_told(law, "scenarios/UNKNOWN.yml, key rule: expected a rule of law/rules.csv")


def test_a_share_is_expected_of_a_list_of_cases(law: LawFiles) -> None:
    law.write(SHARE, """\
rule: TALK_SHARE
about: one case has no share
scenarios:
  - name: one case
    version: C
    given: {target_group: "6.1", registered: 2026-07-01, as_of: 2027-01-01}
    expect: fulfilled
""")
    _one_is_told(law, "line 4, scenario 'one case', key cases: expected cases, a list of courses")


def test_a_file_of_another_kind_beside_the_examples_is_told(law: LawFiles) -> None:
    (law.scenarios_dir / "notes.txt").write_text("read me")
    _one_is_told(law, r"scenarios/notes.txt: expected <rule_id>.yml, one file per rule")


def _one_is_told(law: LawFiles, told: str) -> None:
    """This fault is told; that a rule then lacks an example is told beside it."""
    faults = [one for one in _findings(law) if not one.startswith("law/rules.csv")]
    assert len(faults) == 1, faults
    with pytest.raises(AssertionError, match=told):
        raise AssertionError(faults[0])


# ---- every rule has its examples -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule_id", "name", "row", "missing"),
    [
        (FIRST, "held on the last day of the week", 1, "an example that meets it: version A in"),
        (FIRST, "never held", 2, "an example that breaks it: version B in kontanthjaelp__20240101"),
        (SHARE, "three of four", 3, "an example with quota_met true: version C"),
        (SHARE, "two of three", 3, "an example with quota_met false: version C"),
    ],
)
def test_a_rule_without_an_example_that_meets_and_one_that_breaks_it_is_told_with_its_row(
    law: LawFiles, rule_id: str, name: str, row: int, missing: str
) -> None:
    law.remove(rule_id, name)
    (fault,) = _findings(law)
    assert f"law/rules.csv row {row} (line {row + 1}), column rule_id: expected {missing}" in fault
    assert f"add one to scenarios/{rule_id}.yml" in fault


def test_a_wording_that_holds_in_two_regimes_needs_examples_in_both(law: LawFiles) -> None:
    law.seeds.add_copy(
        "law/rules.csv", 1, regime_id="kontanthjaelp__20240101", change_id="CONTACT-2024",
    )
    assert [one.partition("expected ")[2][:29] for one in _findings(law)] == [
        "an example that meets it: ver", "an example that breaks it: ve",
    ]


def test_a_rule_whose_clock_no_export_tells_needs_an_example_that_says_so(
    law: LawFiles, rule_sql: CompiledSql
) -> None:
    for row in (1, 2):
        law.seeds.set("law/rules.csv", row, "clock", "accumulated_unemployment")
    assert any("key expect.outcome: expected not_computable" in one for one in _findings(law))
    law.write(FIRST, """\
rule: FIRST_TALK
about: the clock is not in the data
scenarios:
  - name: by the first wording
    version: A
    given: {target_group: "6.2", registered: 2021-03-01, as_of: 2022-01-01}
    expect: {outcome: not_computable, reason: clock_not_in_data}
  - name: by the second
    version: B
    given: {target_group: "6.2", registered: 2024-03-01, as_of: 2025-01-01}
    expect: {outcome: not_computable, reason: clock_not_in_data}
""")
    assert _findings(law) == []
    assert all(one.is_right for one in _judged(law, rule_sql).values())


def test_a_draft_adds_examples_to_those_of_the_law(law: LawFiles, tmp_path: Path) -> None:
    beside = tmp_path / "REFORM" / "scenarios"
    beside.mkdir(parents=True)
    (law.scenarios_dir / f"{SHARE}.yml").rename(beside / f"{SHARE}.yml")
    assert len(_findings(law)) == 2
    folders = LawFolders(law.seeds.folder, (law.scenarios_dir, beside), (law.expectations_dir,))
    assert read_law(folders).findings == ()
