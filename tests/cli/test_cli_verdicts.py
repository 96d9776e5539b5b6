"""`pm-pipeline verdicts`, as a person calls it, on a copy of the shipped field."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from command_line import Answer, Call

from tests.conftest import SHIPPED_SEEDS

VERDICT = {
    "-m": "901", "--process": "kontanthjaelp", "--verdict": "real", "--role": "Sagsbehandlere",
    "--reason-da": "Planen skrives, mens vi taler", "--reason-en": "The plan, written as we talk",
    "--judged-on": "2026-03-01",
}  # fmt: skip
EDGE = ("edge", "JOBSAMTALE", "MIN_PLAN")


@pytest.fixture
def seed(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "field"
    shutil.copytree(SHIPPED_SEEDS, folder / "seeds")
    monkeypatch.setenv("PM_FIELD_DIR", str(folder))
    return folder / "seeds" / "registry" / "expert_verdicts.csv"


def _add(call: Call, *subject: str, **changes: str) -> Answer:
    options = VERDICT | {
        "-m" if name == "m" else f"--{name.replace('_', '-')}": value
        for name, value in changes.items()
    }
    return call("verdicts", "add", *subject, *(word for pair in options.items() for word in pair))


def test_a_verdict_is_added_as_a_row_and_listed(call: Call, seed: Path) -> None:
    before = seed.read_bytes()
    answer = _add(call, *EDGE)
    assert answer.code == 0, answer.said
    assert "JOBSAMTALE → MIN_PLAN (edge)" in answer.out and "pm-pipeline run" in answer.out
    assert seed.read_bytes() == before + (
        b'901,kontanthjaelp,edge,JOBSAMTALE|MIN_PLAN,real,2026-03-01,Sagsbehandlere,'
        b'"Planen skrives, mens vi taler","The plan, written as we talk",\n'
    )
    assert "2026-03-01" in call("verdicts", "list", "-m", "901").out
    assert "No verdict is written." in call("verdicts", "list", "-m", "902").out


def test_a_later_verdict_stands_and_the_earlier_one_is_kept(call: Call, seed: Path) -> None:
    assert _add(call, *EDGE).code == 0
    assert _add(call, *EDGE, judged_on="2026-03-02", verdict="wrong").code == 0
    earlier = _add(call, *EDGE, judged_on="2026-02-01")
    assert earlier.code == 0 and "A later verdict" in earlier.out
    listed = call("verdicts", "list", "-m", "901").out
    assert seed.read_text("utf-8").count("edge,JOBSAMTALE|MIN_PLAN") == 3
    assert listed.count("overtaken") == 3  # one of them is shipped


def test_without_a_day_it_was_judged_today(call: Call, seed: Path) -> None:
    words = [word for pair in VERDICT.items() if pair[0] != "--judged-on" for word in pair]
    days = {date.today().isoformat()}
    assert call("verdicts", "add", *EDGE, *words).code == 0
    days.add(date.today().isoformat())
    assert any(day in seed.read_text("utf-8") for day in days)


@pytest.mark.parametrize(
    ("subject", "changes", "told"),
    [
        (("edge", "JOBSAMTALE"), {}, "column activity_ids: expected the two of the edge"),
        (("activity", "DANCE"), {}, "column activity_ids: expected a known id"),
        (("node", "JOBSAMTALE"), {}, "column kind: expected one of 'activity', 'edge' or"),
        (EDGE, {"verdict": "true"}, "column verdict: expected one of 'real', "),
        (EDGE, {"process": "permits"}, "column process_id: expected a known id"),
        (EDGE, {"m": "999"}, "column municipality_id: expected a known id"),
        (EDGE, {"reason_da": " "}, "column reason_da: expected a value, found an empty cell"),
        (EDGE, {"judged_on": (date.today() + timedelta(9)).isoformat()}, "no later than today"),
    ],
)
def test_a_verdict_with_a_fault_is_refused_and_nothing_is_written(
    call: Call, seed: Path, subject: tuple[str, ...], changes: dict[str, str], told: str
) -> None:
    before = seed.read_bytes()
    answer = _add(call, *subject, **changes)
    assert answer.code == 1
    assert told in answer.err
    assert seed.read_bytes() == before


@pytest.mark.parametrize(
    ("column", "value", "secret"),
    [
        ("role", "Hanne Jensen", "Hanne"), ("role", "hanne@901.example", "hanne"),
        ("reason_da", " Hanne Jensen ", "Hanne"), ("reason_en", "A call to 12 34 56 78", "12 34"),
        ("reason_en", "Citizen 010203-1234 said so", "010203"), ("notes", "h@901.example", "h@"),
    ],
)  # fmt: skip
def test_what_looks_like_a_person_is_refused_and_not_repeated(
    call: Call, seed: Path, column: str, value: str, secret: str
) -> None:
    before = seed.read_bytes()
    answer = _add(call, *EDGE, **{column: value})
    assert answer.code == 1 and "looks like a person" in answer.err
    assert secret in value and secret not in answer.said
    assert seed.read_bytes() == before


def test_a_subject_that_was_judged_on_the_day_already_is_a_wrong_call(
    call: Call, seed: Path
) -> None:
    _add(call, *EDGE)
    again = _add(call, *EDGE, verdict="wrong")
    assert again.code == 2 and "already" in again.err
    assert call("verdicts", "list", "-m", "999").code == 2
