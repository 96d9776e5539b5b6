"""`pm-pipeline law new` and `law adopt`, as a maintainer calls them, on a copy of the shipped field."""

import shutil
from pathlib import Path

import pytest
from command_line import Call

from tests.conftest import SHIPPED_SEEDS


@pytest.fixture
def field(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A field of its own with the shipped seeds and expectations."""
    folder = tmp_path / "field"
    shutil.copytree(SHIPPED_SEEDS, folder / "seeds")
    shutil.copytree(SHIPPED_SEEDS.parents[1] / "expectations", folder / "expectations")
    shutil.copytree(SHIPPED_SEEDS.parent / "scenarios", folder / "scenarios")
    monkeypatch.setenv("PM_FIELD_DIR", str(folder))
    return folder


PROCESSES = ("forsikrede_ledige", "kontanthjaelp", "ressourceforloeb")
NEW = ("law", "new", "TRIAL-2030", "-p", "kontanthjaelp", "--effective-on", "2030-01-01")
ADOPT = (
    "law", "adopt", "TRIAL-2030", "--status", "in_force", "--effective-on", "2030-01-01",
    "--url", "https://www.retsinformation.dk/eli/lta/2029/9",
)


def test_a_draft_is_begun_and_the_next_step_is_told(call: Call, field: Path) -> None:
    answer = call(*NEW)
    assert answer.code == 0, answer.said
    assert "It is not law" in answer.out and "law check --draft TRIAL-2030" in answer.out
    assert "TRIAL-2030/law/rules.csv" in answer.out
    assert (field / "drafts" / "TRIAL-2030" / "README.md").exists()


def test_a_draft_that_is_there_already_is_a_wrong_call(call: Call, field: Path) -> None:
    call(*NEW)
    answer = call(*NEW)
    assert answer.code == 2
    assert "nothing is overwritten" in answer.err


def test_a_draft_nobody_has_read_is_not_adopted_and_one_that_was_read_is(
    call: Call, field: Path
) -> None:
    call(*NEW)
    refused = call(*ADOPT)
    assert refused.code == 1
    assert "drafts/TRIAL-2030/law/rules.csv line 2" in refused.err
    for path in (field / "drafts" / "TRIAL-2030").rglob("*.*"):
        path.write_text(path.read_text().replace("[CHECK]", "Read."))
    answer = call(*ADOPT)
    assert answer.code == 0, answer.said
    assert "TRIAL-2030 is law from 2030-01-01" in answer.out
    assert "seeds/law/rules.csv" in answer.out
    assert "kontanthjaelp__20300101" in (field / "seeds" / "law" / "regimes.csv").read_text()
    assert not (field / "drafts" / "TRIAL-2030").exists()


def test_adopting_needs_status_day_and_address(call: Call, field: Path) -> None:
    answer = call("law", "adopt", "TRIAL-2030")
    assert answer.code == 2
    assert "--status" in answer.err


def test_adopting_without_a_draft_is_a_wrong_call(call: Call, field: Path) -> None:
    answer = call(*ADOPT)
    assert answer.code == 2
    assert "there is no draft of 'TRIAL-2030'" in answer.err


def test_a_dry_run_where_nothing_is_loaded_is_a_wrong_call(call: Call, field: Path) -> None:
    answer = call("law", "dry-run", "REFORM-1B")
    assert answer.code == 2
    assert "no municipality has loaded anything" in answer.err


def test_a_dry_run_from_something_that_is_no_day_is_a_wrong_call(call: Call, field: Path) -> None:
    answer = call("law", "dry-run", "REFORM-1B", "--as-if-from", "1.7.2026")
    assert answer.code == 2
    assert "--as-if-from" in answer.err


def test_what_was_begun_passes_the_check_of_a_draft_until_somebody_changes_a_row_alone(
    call: Call, field: Path
) -> None:
    begun = call(
        "law", "new", "TRIAL-2030", "--effective-on", "2030-01-31",
        *(part for one in PROCESSES for part in ("-p", one)),
    )
    assert begun.code == 0, begun.said
    answer = call("law", "check", "--draft", "TRIAL-2030")
    assert answer.code == 0, answer.said
    assert "With TRIAL-2030 the law would be whole" in answer.out
    rules = field / "drafts" / "TRIAL-2030" / "law" / "rules.csv"
    text = rules.read_text(encoding="utf-8")
    assert ",16,month," in text
    rules.write_text(text.replace(",16,month,", ",15,month,"), encoding="utf-8")
    wrong = call("law", "check", "--draft", "TRIAL-2030")
    assert wrong.code == 1
    assert "examples not as expected" in wrong.out
