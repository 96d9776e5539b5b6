"""`pm-pipeline law check`: what is wrong with the law, and which example does not come out."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from command_line import Answer, Call

from pm_pipeline.transform import compiled
from pm_pipeline.transform.compiled import CompiledSql
from tests.conftest import SHIPPED_SEEDS, SeedFiles
from tests.law.law_files import FIRST, LAW_FAULTS, SEED_FAULTS, SHARE, LawFiles, Spoil


@pytest.fixture
def law(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule_sql: CompiledSql
) -> LawFiles:
    """A field with the made-up law. Its models are the shipped ones, compiled once for all tests."""
    field = tmp_path / "field"
    shutil.copytree(SHIPPED_SEEDS, field / "seeds")
    monkeypatch.setenv("PM_FIELD_DIR", str(field))
    monkeypatch.setattr(compiled, "compile_models", lambda *_: rule_sql)
    return LawFiles(field, SeedFiles(field / "seeds"))


def _json(call: Call, *arguments: str) -> tuple[Answer, Any]:
    answer = call("law", "check", "--json", *arguments)
    return answer, json.loads(answer.out)


def test_law_that_is_whole_ends_well_and_shows_what_was_tried(call: Call, law: LawFiles) -> None:
    answer = call("law", "check")
    assert answer.code == 0, answer.said
    assert "The law is whole" in answer.out and "3 rules, 6 examples" in answer.out
    assert "FIRST_TALK A kontanthjaelp__20200101 1 1 0 2 of 2" in answer.out
    # the day before, the day, the day after
    assert "kontanthjaelp 2020-01-01 LAB-2020 no law 20200101 20200101" in answer.out
    assert "forsikrede_ledige 2024-01-01 CONTACT-2024 20200101 20240101 20240101" in answer.out


def test_what_is_not_law_and_what_is_not_known_is_listed(call: Call, law: LawFiles) -> None:
    answer, report = _json(call)
    assert answer.code == 0
    not_law = {one["change_id"]: one["status"] for one in report["not_law"]}
    assert not_law["HOI"] == "announced" and not_law["VIDEO-2023"] == "enacted"
    assert "LAB-2020" not in not_law
    unknown = {one["change_id"] for one in report["day_of_effect_unknown"]}
    assert {"HOI", "SICK-FOLLOWUP"} <= unknown and "CONTACT-2024" not in unknown
    assert "Not law, feeds nothing: " in call("law", "check").out


@pytest.mark.parametrize(("spoil", "told"), SEED_FAULTS.values(), ids=SEED_FAULTS)
def test_bad_input_in_the_seeds_is_told_with_file_and_row_and_nothing_is_judged(
    call: Call, law: LawFiles, data_dir: Path, spoil: Spoil, told: str
) -> None:
    spoil(law)
    answer = call("law", "check")
    assert answer.code == 1
    assert re.search(f"fault: {told}", answer.out), answer.out
    assert "nothing was judged: mend the seeds first" in answer.out
    assert not data_dir.exists()


@pytest.mark.parametrize(("spoil", "told"), LAW_FAULTS.values(), ids=LAW_FAULTS)
def test_bad_input_beside_the_seeds_is_told_with_file_and_row_or_line(
    call: Call, law: LawFiles, spoil: Spoil, told: str
) -> None:
    spoil(law)
    answer = call("law", "check")
    assert answer.code == 1
    assert re.search(f"fault: .*{told}", answer.out), answer.out


def test_an_example_that_does_not_come_out_is_shown_with_given_expected_and_found(
    call: Call, law: LawFiles
) -> None:
    law.replace(FIRST, "2021-03-08 JOBSAMTALE municipality", "2021-03-10 JOBSAMTALE municipality")
    answer = call("law", "check")
    assert answer.code == 1
    assert (
        "not as expected: held on the last day of the week (field/scenarios/FIRST_TALK.yml line 4; "
        "version A, kontanthjaelp__20200101) given: group 6.2, registered 2021-03-01, 2021-03-10 "
        "JOBSAMTALE municipality seen on 2022-01-01 outcome: expected fulfilled, found breached"
    ) in answer.out
    _, report = _json(call)
    (wrong,) = [one for one in report["examples"] if not one["as_expected"]]
    assert wrong["differences"] == [
        {"column": "outcome", "expected": "fulfilled", "found": "breached"}
    ]
    assert report["law_is_whole"] is False and report["faults"] == []


def test_a_fault_is_given_to_programs_in_parts(call: Call, law: LawFiles) -> None:
    law.remove(FIRST, "never held")
    answer, report = _json(call)
    assert answer.code == 1
    (fault,) = report["faults"]
    assert (fault["file"], fault["row"], fault["line"]) == ("law/rules.csv", 2, 3)
    assert fault["action"] == "add one to scenarios/FIRST_TALK.yml"


def test_a_suite_that_is_none_is_told(call: Call, law: LawFiles) -> None:
    (law.expectations_dir / "regimes" / "kontanthjaelp__20200101" / "nothing.json").write_text("{}")
    answer = call("law", "check")
    assert answer.code == 1 and "nothing.json: expected <dataset>.json" in answer.out


def test_a_reference_model_that_cannot_be_followed_is_told_with_file_element_and_what_to_do(
    call: Call, law: LawFiles
) -> None:
    folder = law.field_dir / "reference_models"
    folder.mkdir()
    (folder / "kontanthjaelp__20200101.bpmn").write_text(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">\n'
        '<startEvent id="s"/><endEvent id="e"/>\n<task id="NOT_AN_ACTIVITY"/>\n'
        '<sequenceFlow id="a" sourceRef="s" targetRef="NOT_AN_ACTIVITY"/>\n'
        '<sequenceFlow id="b" sourceRef="NOT_AN_ACTIVITY" targetRef="e"/>\n'
        "</process></definitions>", "utf-8",
    )
    (folder / "no_regime.bpmn").write_text("<definitions/>", "utf-8")
    answer = call("law", "check")
    assert answer.code == 1 and "2 faults" in answer.out
    assert re.search(
        r"fault: \S*kontanthjaelp__20200101.bpmn line 3: .*found task 'NOT_AN_ACTIVITY'; name an",
        answer.out,
    ), answer.out
    assert "found 'no_regime'; name the file after a row of seeds/law/regimes.csv" in answer.out
    _, report = _json(call)
    assert "no_regime.bpmn" in report["reference_model_fault"]


def test_a_draft_that_is_not_there_is_a_wrong_call(call: Call, law: LawFiles) -> None:
    answer = call("law", "check", "--draft", "NEW-2030")
    assert answer.code == 2 and "there is no draft of 'NEW-2030'" in answer.err


def test_a_new_draft_is_whole_as_it_is_begun_and_its_faults_are_told_in_its_own_files(
    call: Call, law: LawFiles
) -> None:
    """Its examples were worked out from its rows; the SQL says the same of them."""
    begun = call(
        "law", "new", "NEW-2030", "-p", "forsikrede_ledige", "--effective-on", "2030-01-01"
    )
    assert begun.code == 0, begun.said
    answer = call("law", "check", "--draft", "NEW-2030")
    assert answer.code == 0, answer.out
    assert "DRAFT NEW-2030 is laid over the law" in answer.out
    assert "With NEW-2030 the law would be whole" in answer.out and "not law" in answer.out
    assert "forsikrede_ledige 2030-01-01 NEW-2030 20260701 20300101 20300101" in answer.out
    assert "TALK_SHARE D forsikrede_ledige__20300101 1 1 0 2 of 2" in answer.out
    draft = law.field_dir / "drafts" / "NEW-2030"
    suite = next((draft / "expectations").rglob("*.json"))
    text = suite.read_text("utf-8")
    suite.write_text(text.replace('"type": "expect_', '"type": "expects_', 1), "utf-8")
    answer = call("law", "check", "--draft", "NEW-2030")
    assert answer.code == 1
    assert re.search(rf"drafts/NEW-2030/expectations/.*{suite.name}", answer.out), answer.out
    suite.write_text(text, "utf-8")
    (draft / "scenarios" / f"{SHARE}.yml").unlink()
    shutil.rmtree(draft / "expectations")
    answer = call("law", "check", "--draft", "NEW-2030")
    assert answer.code == 1
    assert re.search(r"drafts/NEW-2030/law/rules.csv row 1 .*an example with quota_met", answer.out)
    assert re.search(r"drafts/NEW-2030/law/regimes.csv row 1 .*expected a suite", answer.out)
    # the law itself is what it was
    assert call("law", "check").code == 0


@pytest.mark.slow
def test_the_shipped_law_is_checked_by_the_models_of_the_project(call: Call, data_dir: Path) -> None:
    """Nothing is handed in: the project is parsed and compiled, no warehouse is made."""
    answer, report = _json(call)
    assert answer.code == 0, answer.out
    assert report["faults"] == [] and report["suite_fault"] is None
    assert len(report["examples"]) > 100
    assert len(report["boundary_days"]) == 3 * report["n_regimes"]
    assert all(one["as_expected"] for one in (*report["boundary_days"], *report["examples"]))
    assert not list(data_dir.rglob("*.duckdb"))
