"""`pm-pipeline law diff`: a page in two languages, and JSON, of law and of drafts."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import Call

from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.registry import LegalChange, Rule
from pm_pipeline.settings import get_settings
from tests.conftest import SHIPPED_SEEDS
from tests.law.draft_files import change_row, first_talk_row, write_rows, write_trial_draft

REPOSITORY = SHIPPED_SEEDS.parents[1]
MARTS = REPOSITORY / "dbt_project" / "models" / "marts"


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a field of its own (field/) and its data (data/): dbt reads the project once."""
    folder = tmp_path_factory.mktemp("law-diff")
    shutil.copytree(SHIPPED_SEEDS, folder / "field" / "seeds")
    shutil.copytree(REPOSITORY / "expectations", folder / "field" / "expectations")
    shutil.copytree(
        REPOSITORY / "pm_pipeline" / "defs" / "ingest" / "fasit", folder / "field/contracts/fasit"
    )
    write_trial_draft(folder / "field" / "drafts")
    return folder


@pytest.fixture
def data_dir(parsed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PM_DATA_DIR", str(parsed / "data"))
    monkeypatch.setenv("PM_FIELD_DIR", str(parsed / "field"))
    get_settings.cache_clear()
    yield parsed / "data"
    get_settings.cache_clear()


def test_the_page_is_danish_and_names_everything_that_is_touched(call: Call) -> None:
    answer = call("law", "diff", "REFORM-1B")
    assert answer.code == 0, answer.err
    assert "Lovens forskel: 2026-06-30 → 2026-07-01" in answer.out
    assert "forsikrede_ledige__20240101 → forsikrede_ledige__20260701" in answer.out
    assert "antal: mindst 3 → mindst 2" in answer.out
    assert "andel: intet → mindst 75 pct." in answer.out
    assert "USIKKER" in answer.out
    assert "901 Nordlund: sager i Forsikrede ledige får et andet lovregime" in answer.out
    assert re.search(r"kpi_talks_in_window: .*LAB31_G1_MUNICIPALITY_TALKS_6M B → –", answer.out)
    assert "Ikke sammenlignet: dag ukendt" in answer.out and "UDKAST" not in answer.out


def test_the_page_is_english_when_asked_for(call: Call) -> None:
    answer = call("law", "diff", "2026-06-30", "2026-07-01", "--english")
    assert answer.code == 0, answer.err
    assert "number: at least 3 → at least 2" in answer.out
    assert "Municipalities touched" in answer.out and "UNCERTAIN" in answer.out
    assert "Berørte" not in answer.out and "dansk titel" not in answer.out


def test_the_json_holds_the_rows_behind_the_page(call: Call) -> None:
    told = json.loads(call("law", "diff", "REFORM-1B", "--json").out)
    assert told["before"] == {"day": "2026-06-30", "said": "REFORM-1B"}
    assert told["is_empty"] is False and told["draft"] is None
    (insured,) = [one for one in told["processes"] if one["process_id"] == "forsikrede_ledige"]
    (talks,) = [
        one for one in insured["rules"] if one["rule_id"] == "LAB31_G1_MUNICIPALITY_TALKS_6M"
    ]
    assert (talks["before"]["min_count"], talks["after"]["min_count"]) == (3, 2)
    assert talks["after"]["share_required"] == "0.75"
    assert {"da": "mindst 2", "en": "at least 2"} in [one["after"] for one in talks["fields"]]
    marts = {one["name"] for one in told["models"] if one["layer"] == "marts"}
    assert {"law_timeline", "kpi_talks_in_window", "process_map"} <= marts


def test_two_days_of_one_law_are_told_as_no_difference(call: Call) -> None:
    answer = call("law", "diff", "2024-03-01", "2024-03-02")
    assert answer.code == 0
    assert "Ingen forskel" in answer.out and "Berørte" not in answer.out


def test_only_those_who_deliver_a_system_are_touched_by_its_codes(
    call: Call, parsed: Path, fasit_file: Path
) -> None:
    field = parsed / "field"
    mappings = field / "seeds" / "mapping" / "activity_mappings.csv"
    as_shipped = mappings.read_text("utf-8")
    try:
        retired, times = re.subn(
            r"(?m)^(FAS-021,.*?),,,,", r"\1,,2025-03-01,KONTANT-2025,", as_shipped
        )
        assert times == 1
        mappings.write_text(retired, "utf-8")
        load_checked_registry.cache_clear()  # each call is a process of its own outside of tests
        answer = call(
            "deliver", "-m", "901", "-s", "fasit", "--delivered-on", "2025-04-01", fasit_file
        )
        assert answer.code == 0, answer.err
        told = json.loads(call("law", "diff", "2025-02-28", "2025-03-01", "--json").out)
    finally:
        mappings.write_text(as_shipped, "utf-8")
        load_checked_registry.cache_clear()
    assert [one["turn"] for one in told["mappings"]] == ["ends"]
    sure = {
        one["municipality_id"]: all(reason["is_sure"] for reason in one["reasons"])
        for one in told["municipalities"]
    }
    assert sure == {"901": True} | dict.fromkeys(("902", "903", "904", "905"), False)


def test_a_draft_is_compared_under_a_banner_and_leaves_no_trace(call: Call, parsed: Path) -> None:
    seeds = parsed / "field" / "seeds"
    before = {path: path.read_bytes() for path in seeds.rglob("*.csv")}
    answer = call("law", "diff", "TRIAL-2030")
    assert answer.code == 0, answer.err
    assert "UDKAST: TRIAL-2030 er bebudet og ikke lov" in answer.out
    assert "kontanthjaelp__20260701 → kontanthjaelp__20300101" in answer.out
    assert "LAB31_G2_5_FIRST_TALK_1W (T) ny" in answer.out
    assert "kontanthjaelp__20300101 har ingen kvalitetsregler" in answer.out
    told = json.loads(call("law", "diff", "CONTACT-2024", "TRIAL-2030", "--json").out)
    assert (told["before"]["day"], told["after"]["day"]) == ("2023-12-31", "2030-01-01")
    assert told["draft"]["status"] == "announced"
    compared = {
        one["change"]["change_id"]: one["change"]["status"] for one in told["changes"]["compared"]
    }
    assert compared["TRIAL-2030"] == "announced"
    assert {path: path.read_bytes() for path in seeds.rglob("*.csv")} == before


def test_a_draft_as_begun_by_law_new_carries_on_the_suites_of_the_law_before_it(
    call: Call, parsed: Path
) -> None:
    begun = call("law", "new", "NEXT", "-p", "kontanthjaelp", "--effective-on", "2028-01-01")
    try:
        assert begun.code == 0, begun.err
        told = json.loads(call("law", "diff", "NEXT", "--json").out)
    finally:
        shutil.rmtree(parsed / "field" / "drafts" / "NEXT")
    (suite,) = told["suites"]
    assert suite["after"] == "kontanthjaelp__20280101" and not suite["lacks_suite"]
    assert suite["carried"] and not (suite["added"] or suite["removed"] or suite["replaced"])


def test_a_draft_with_a_row_that_hangs_in_the_air_is_refused_with_its_row(
    call: Call, parsed: Path
) -> None:
    drafts = parsed / "field" / "drafts"
    folder = write_trial_draft(drafts, "ADRIFT", "2031-01-01")
    write_rows(folder, Rule, first_talk_row("ADRIFT", "kontanthjaelp__20310201", 2))
    try:
        answer = call("law", "diff", "ADRIFT")
    finally:
        shutil.rmtree(folder)
    assert answer.code == 1
    assert "drafts/ADRIFT/law/rules.csv row 1" in answer.err and "regime_id" in answer.err


def test_a_draft_without_a_day_and_a_change_without_a_draft_are_wrong_calls(
    call: Call, parsed: Path
) -> None:
    folder = parsed / "field" / "drafts" / "NO-DAY"
    write_rows(folder, LegalChange, change_row("NO-DAY", ""))
    try:
        answer = call("law", "diff", "NO-DAY")
    finally:
        shutil.rmtree(folder)
    assert answer.code == 2
    assert "the draft of 'NO-DAY' has no day" in answer.err
    answer = call("law", "diff", "REFORM-2")
    assert answer.code == 2
    assert "'REFORM-2' is announced, not law" in answer.err and "law new REFORM-2" in answer.err


@pytest.mark.parametrize("model", yaml.safe_load((MARTS / "_marts.yml").read_text("utf-8"))["models"],
                         ids=lambda model: str(model["name"]))
def test_a_mart_of_shares_says_that_it_has_rows_for_shares(model: dict[str, Any]) -> None:
    """A mart that names no kinds is taken for one of single cases, which no share judges."""
    sql = (MARTS / f"{model['name']}.sql").read_text("utf-8")
    has_rules = "rule_version" in {one["name"] for one in model["columns"]}
    kinds = model["config"]["meta"].get("rule_kinds", [])
    assert ("population_share" in kinds) == (has_rules and "ref('population_" in sql)


@pytest.mark.parametrize(
    ("mart", "kind"), [("kpi_time_to_first_talk", "deadline"), ("kpi_talks_in_window", "min_count")]
)
def test_the_kinds_a_mart_says_it_has_rows_for_are_those_of_its_sql(mart: str, kind: str) -> None:
    models = yaml.safe_load((MARTS / "_marts.yml").read_text("utf-8"))["models"]
    (meta,) = [one["config"]["meta"] for one in models if one["name"] == mart]
    assert (meta["rule_kinds"], meta["rule_families"]) == ([kind], ["talk"])
    sql = (MARTS / f"{mart}.sql").read_text("utf-8")
    assert f"kind = '{kind}'" in sql and "activities.family = 'talk'" in sql
