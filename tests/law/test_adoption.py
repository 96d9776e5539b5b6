"""`law adopt`: the rows, suites and examples of a draft become law, all of them or none."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from draft_files import URL, change_row, first_talk_row, write_rows, write_trial_draft

from pm_pipeline.errors import PipelineError
from pm_pipeline.law.drafts import read_draft, replacing
from pm_pipeline.law.drafts.adoption import Enactment, Home, adopt
from pm_pipeline.law.drafts.rows import NewDraft
from pm_pipeline.law.drafts.scaffold import scaffold
from pm_pipeline.law.register import validate
from pm_pipeline.registry import ChangeStatus, Finding, LegalChange, Rule, load_registry
from tests.conftest import SHIPPED_SEEDS

CHANGE = "TRIAL-2030"
RULE = "LAB31_G2_5_FIRST_TALK_1W"
LAW = Enactment(ChangeStatus.IN_FORCE, date(2030, 1, 1), f"{URL}/passed")
EXAMPLES = """rule: {rule}
about: First talk
scenarios:
  - name: {name}
    version: {version}
    given: {{target_group: "6.2", registered: 2030-01-01, events: [2030-01-03 JOBSAMTALE municipality]}}
    as_of: 2030-06-01
    expect: fulfilled
  - name: {name}, too late
    version: {version}
    given: {{target_group: "6.2", registered: 2030-01-01, events: [2030-03-03 JOBSAMTALE municipality]}}
    as_of: 2030-06-01
    expect: breached
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The shipped law, to be edited."""
    repo = SHIPPED_SEEDS.parents[1]
    shutil.copytree(SHIPPED_SEEDS, tmp_path / "seeds")
    shutil.copytree(repo / "expectations", tmp_path / "expectations")
    shutil.copytree(repo / "dbt_project" / "scenarios", tmp_path / "scenarios")
    return Home(tmp_path / "seeds", tmp_path / "scenarios", tmp_path / "expectations")


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    """A finished draft: rows, a suite, an example."""
    folder = write_trial_draft(tmp_path / "drafts")
    suite = folder / "expectations/regimes/kontanthjaelp__20300101/quality_cases.json"
    suite.parent.mkdir(parents=True)
    suite.write_text('{"expectations": []}')
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / f"{RULE}.yml").write_text(
        EXAMPLES.format(rule=RULE, name="trial", version="T")
    )
    return tmp_path / "drafts"


def _state(home: Home) -> dict[Path, bytes]:
    folders = (home.seeds_dir, home.scenarios_dir, home.expectations_dir)
    return {path: path.read_bytes() for one in folders for path in one.rglob("*") if path.is_file()}


def test_an_adopted_change_is_law_and_its_draft_is_gone(home: Home, drafts: Path) -> None:
    adopt(home, read_draft(drafts, CHANGE), LAW)
    registry = load_registry(home.seeds_dir)
    assert validate(registry) == []
    change = registry.change(CHANGE)
    assert (change.status, change.effective_on) == ("in_force", date(2030, 1, 1))
    assert change.reference_url == LAW.url
    assert registry.regime("kontanthjaelp__20260701").valid_to == date(2030, 1, 1)
    assert [one.version for one in registry.rules_of("kontanthjaelp__20300101")] == ["T"]
    assert not list(drafts.iterdir())


def test_adopting_adds_lines_and_changes_one_cell(home: Home, drafts: Path) -> None:
    before = _state(home)
    written = adopt(home, read_draft(drafts, CHANGE), LAW)
    after = _state(home)
    assert set(written) == {path for path in after if after[path] != before.get(path)}
    for file, n_edited in ((LegalChange.file, 0), (Rule.file, 0), ("law/regimes.csv", 1)):
        old = before[home.seeds_dir / file].splitlines()
        new = after[home.seeds_dir / file].splitlines()
        assert len(new) == len(old) + 1
        assert sum(one != other for one, other in zip(old, new, strict=False)) == n_edited


def test_examples_are_added_below_those_the_rule_has(home: Home, drafts: Path) -> None:
    path = home.scenarios_dir / f"{RULE}.yml"
    before = path.read_bytes()
    adopt(home, read_draft(drafts, CHANGE), LAW)
    assert path.read_bytes().startswith(before)
    names = [one["name"] for one in yaml.safe_load(path.read_bytes())["scenarios"]]
    assert len(names) > 2 and names[-2:] == ["trial", "trial, too late"]


def test_the_suites_move_to_the_expectations(home: Home, drafts: Path) -> None:
    adopt(home, read_draft(drafts, CHANGE), LAW)
    moved = home.expectations_dir / "regimes/kontanthjaelp__20300101/quality_cases.json"
    assert moved.read_text() == '{"expectations": []}'


def test_a_row_that_announced_the_change_is_edited_in_its_place(home: Home, drafts: Path) -> None:
    write_rows(drafts / "HOI", LegalChange, change_row("HOI", "2030-01-01", act="Lov nr. 2"))
    before = (home.seeds_dir / LegalChange.file).read_bytes().splitlines()
    adopt(home, read_draft(drafts, "HOI"), LAW)
    after = (home.seeds_dir / LegalChange.file).read_bytes().splitlines()
    assert len(after) == len(before)
    (edited,) = [new for old, new in zip(before, after, strict=True) if old != new]
    assert edited.startswith(b"HOI,") and b",in_force," in edited


def _refused(home: Home, drafts: Path, law: Enactment = LAW, **options: object) -> str:
    before = _state(home), sorted(drafts.rglob("*"))
    with pytest.raises(PipelineError) as refused:
        adopt(home, read_draft(drafts, CHANGE), law, **options)  # type: ignore[arg-type]
    assert (_state(home), sorted(drafts.rglob("*"))) == before
    return str(refused.value)


def test_a_draft_at_fault_changes_nothing_and_is_told_with_its_row(home: Home, drafts: Path) -> None:
    rule = first_talk_row(CHANGE, "kontanthjaelp__20300101", 2, anchor_activity_id="HELLO")
    write_rows(drafts / CHANGE, Rule, rule)
    told = _refused(home, drafts)
    assert "nothing was written" in told
    assert "drafts/TRIAL-2030/law/rules.csv row 1 (line 2), column anchor_activity_id" in told


def test_a_fault_found_by_a_further_check_changes_nothing(home: Home, drafts: Path) -> None:
    def check(new: Home) -> list[Finding]:
        assert load_registry(new.seeds_dir).change(CHANGE).is_law
        assert "name: trial" in (new.scenarios_dir / f"{RULE}.yml").read_text()
        return [Finding("scenarios", "an outcome", "another", "correct it")]

    assert "expected an outcome, found another" in _refused(home, drafts, check=check)


def test_a_rule_without_an_example_is_not_adopted(home: Home, drafts: Path) -> None:
    (drafts / CHANGE / "scenarios" / f"{RULE}.yml").unlink()
    told = _refused(home, drafts)
    assert "drafts/TRIAL-2030/law/rules.csv row 1 (line 2), column rule_id: expected an example" in told


def test_a_regime_without_a_suite_is_not_adopted(home: Home, drafts: Path) -> None:
    shutil.rmtree(drafts / CHANGE / "expectations")
    assert "drafts/TRIAL-2030/law/regimes.csv row 1" in _refused(home, drafts)


@pytest.mark.parametrize(
    "status", [ChangeStatus.ANNOUNCED, ChangeStatus.ENACTED, ChangeStatus.WITHDRAWN]
)
def test_what_is_not_law_is_not_adopted(home: Home, drafts: Path, status: ChangeStatus) -> None:
    told = _refused(home, drafts, Enactment(status, LAW.effective_on, LAW.url))
    assert f"not as {status}" in told


def test_an_ended_change_needs_the_day_it_ended(home: Home, drafts: Path) -> None:
    told = _refused(home, drafts, Enactment(ChangeStatus.ENDED, LAW.effective_on, LAW.url))
    assert "column ended_on: expected the day an ended change ended" in told


def test_a_day_that_is_not_the_drafts_is_a_wrong_call(home: Home, drafts: Path) -> None:
    told = _refused(home, drafts, Enactment(ChangeStatus.IN_FORCE, date(2030, 2, 1), LAW.url))
    assert "row 1 says effective_on 2030-01-01, the call says 2030-02-01" in told


def test_a_cell_that_was_only_copied_keeps_a_draft_from_becoming_law(
    home: Home, tmp_path: Path
) -> None:
    registry = load_registry(home.seeds_dir)
    new = NewDraft(CHANGE, ("kontanthjaelp",), LAW.effective_on)
    scaffold(registry, home.expectations_dir, tmp_path / "drafts", new)
    told = _refused(home, tmp_path / "drafts")
    assert "drafts/TRIAL-2030/law/legal_changes.csv line 2" in told
    assert "drafts/TRIAL-2030/law/rules.csv line 2" in told
    for path in (tmp_path / "drafts" / CHANGE).rglob("*.*"):
        path.write_text(path.read_text().replace("[CHECK]", "Read."))
    adopt(home, read_draft(tmp_path / "drafts", CHANGE), LAW)
    assert load_registry(home.seeds_dir).change(CHANGE).is_law


def test_a_suite_that_is_there_already_is_not_overwritten(home: Home, drafts: Path) -> None:
    known = home.expectations_dir / "regimes/kontanthjaelp__20300101/quality_cases.json"
    known.parent.mkdir()
    known.write_text("{}")
    assert "the regime has this suite already" in _refused(home, drafts)


def test_examples_that_cannot_be_added_below_the_known_ones_are_refused(
    home: Home, drafts: Path
) -> None:
    path = home.scenarios_dir / f"{RULE}.yml"
    path.write_text(path.read_text() + "notes: more\n")
    assert "let `scenarios:` be the last key of both" in _refused(home, drafts)


@pytest.mark.parametrize("fails_at", [0, 1, 3])
def test_when_a_file_cannot_be_written_all_files_are_as_before(
    home: Home, drafts: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    write, calls = replacing.write_whole, 0

    def failing(path: Path, text: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == fails_at + 1:
            raise OSError(28, "No space left on device")
        write(path, text)

    before = _state(home), sorted(drafts.rglob("*"))
    with monkeypatch.context() as patch:
        patch.setattr(replacing, "write_whole", failing)
        with pytest.raises(OSError, match="No space left"):
            adopt(home, read_draft(drafts, CHANGE), LAW)
    assert (_state(home), sorted(drafts.rglob("*"))) == before


def test_a_change_with_no_row_anywhere_is_refused(home: Home, drafts: Path) -> None:
    (drafts / CHANGE / LegalChange.file).unlink()
    with pytest.raises(PipelineError, match=r"expected the row of 'TRIAL-2030', found none"):
        adopt(home, read_draft(drafts, CHANGE), LAW)


def test_an_act_without_an_address_is_refused(home: Home, drafts: Path) -> None:
    told = _refused(home, drafts, Enactment(LAW.status, LAW.effective_on, "see the act"))
    assert "column reference_url: expected the web address" in told
