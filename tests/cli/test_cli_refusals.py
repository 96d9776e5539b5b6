"""Calls that cannot be right end with code 2 and one message; broken files with code 1."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Answer, Call

DAY = ("--delivered-on", "2025-04-01")


def _is_one_message(answer: Answer) -> bool:
    return answer.err.startswith("pm-pipeline: ") and "Traceback" not in answer.said


@pytest.mark.parametrize("code", ["999", "nowhere", "../901", ""])
def test_delivering_for_an_unknown_municipality_names_it_and_its_seed(
    code: str, call: Call, fasit_file: Path, data_dir: Path
) -> None:
    answer = call("deliver", "-m", code, "-s", "fasit", *DAY, fasit_file)
    assert answer.code == 2
    assert _is_one_message(answer)
    assert f"unknown municipality '{code}'" in answer.err
    assert "registry/municipalities.csv" in answer.err
    assert not data_dir.exists()


def test_delivering_for_a_municipality_that_takes_no_part_says_how_it_can(
    call: Call, fasit_file: Path, data_dir: Path
) -> None:
    answer = call("deliver", "-m", "101", "-s", "fasit", *DAY, fasit_file)
    assert answer.code == 2
    assert _is_one_message(answer)
    assert "101 København takes no part yet" in answer.err and "is_active" in answer.err
    assert not data_dir.exists()


@pytest.mark.parametrize("command", [("deliver", "-m", "903", *DAY), ("validate",)])
def test_an_unknown_system_is_named_with_the_known_ones(
    command: tuple[str, ...], call: Call, fasit_file: Path, data_dir: Path
) -> None:
    answer = call(*command, "-s", "sap", fasit_file)
    assert answer.code == 2
    assert _is_one_message(answer)
    assert "unknown case system 'sap'" in answer.err and "momentum" in answer.err
    assert not data_dir.exists()


@pytest.mark.parametrize("command", [("deliver", "-m", "903", *DAY), ("validate",)])
def test_every_file_that_is_missing_is_named(
    command: tuple[str, ...], call: Call, fasit_file: Path, tmp_path: Path, data_dir: Path
) -> None:
    lost = [tmp_path / "fasit_a.csv", tmp_path / "fasit_b.csv"]
    answer = call(*command, "-s", "fasit", fasit_file, *lost)
    assert answer.code == 2
    assert _is_one_message(answer)
    assert all(str(path) in answer.err for path in lost)
    assert str(fasit_file) not in answer.err
    assert not data_dir.exists()


def test_running_before_anything_was_delivered_says_what_to_do(call: Call, data_dir: Path) -> None:
    answer = call("run")
    assert answer.code == 2
    assert _is_one_message(answer)
    assert "pm-pipeline deliver" in answer.err and "pm-pipeline demo" in answer.err
    assert not data_dir.exists()


def test_running_a_municipality_without_a_delivery_names_it(call: Call) -> None:
    answer = call("run", "-m", "904")
    assert answer.code == 2
    assert _is_one_message(answer)
    assert "904 Klitby has delivered nothing" in answer.err


@pytest.mark.parametrize(
    ("code", "words"),
    [("999", "unknown municipality '999'"), ("101", "101 København takes no part yet")],
)
def test_running_a_municipality_that_is_unknown_or_takes_no_part_is_refused(
    code: str, words: str, call: Call
) -> None:
    answer = call("run", "-m", code)
    assert answer.code == 2
    assert _is_one_message(answer)
    assert words in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("deliver", "-m", "903", "-s", "fasit", "--delivered-on", "01-04-2025"),
        ("deliver", "-m", "903", "-s", "fasit"),
        ("demo", "--citizens", "19"),
        ("validate", "-s", "fasit"),
        ("publish",),
        ("status", "--everything"),
    ],
)
def test_a_call_the_parser_cannot_read_ends_with_code_2(
    arguments: tuple[str, ...], call: Call, fasit_file: Path
) -> None:
    files = (fasit_file,) if arguments[0] == "deliver" else ()
    answer = call(*arguments, *files)
    assert answer.code == 2
    assert "Traceback" not in answer.said and "Usage" in answer.said


def test_a_setting_that_is_out_of_bounds_is_named_and_its_value_is_not_shown(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PM_MIN_GROUP_SIZE", "2")
    monkeypatch.setenv("PM_THREADS", "a-secret")
    answer = call("status")
    assert answer.code == 2
    assert _is_one_message(answer)
    assert "PM_MIN_GROUP_SIZE" in answer.err and "greater than or equal to 3" in answer.err
    assert "PM_THREADS" in answer.err and "a-secret" not in answer.said


def test_a_file_in_place_of_the_data_folder_is_refused(call: Call, fasit_file: Path) -> None:
    answer = call("demo", "--data-dir", fasit_file)
    assert answer.code == 2
    assert _is_one_message(answer)
    assert str(fasit_file) in answer.err


def _broken(kind: str, sound: Path, folder: Path) -> Path:
    """A file that carries the name of an export and is none."""
    text = sound.read_text("cp1252")
    path = folder / "fasit_broken.csv"
    match kind:
        case "empty":
            path.write_bytes(b"")
        case "workbook":
            path.write_bytes(b"PK\x03\x04" + bytes(200))
        case "cut archive":
            path = folder / "fasit_broken.csv.gz"
            path.write_bytes(gzip.compress(text.encode("cp1252"))[:-200])
        case "missing column":
            path.write_text(text.replace("Hændelse;", "Andet;", 1), "cp1252")
        case "other name":
            path = folder / "export.csv"
            path.write_text(text, "cp1252")
        case "words":
            path.write_text("This is a letter,\nnot a table.\n", "cp1252")
    return path


BROKEN = {
    "empty": "EMPTY",
    "workbook": "WRONG_TYPE",
    "cut archive": "TRUNCATED",
    "missing column": "HEADER_MISMATCH",
    "other name": "UNKNOWN_FILE",
    "words": "HEADER_MISMATCH",
}


@pytest.mark.parametrize(("kind", "refusal"), BROKEN.items())
def test_a_broken_file_fails_validation_with_its_name_and_what_is_wrong(
    kind: str, refusal: str, call: Call, fasit_file: Path, tmp_path: Path, data_dir: Path
) -> None:
    path = _broken(kind, fasit_file, tmp_path)
    answer = call("validate", "-s", "fasit", path)
    assert answer.code == 1
    assert path.name in answer.said and refusal in answer.said
    assert "Traceback" not in answer.said
    assert not data_dir.exists(), "a check leaves nothing behind"


@pytest.mark.parametrize(("kind", "refusal"), BROKEN.items())
def test_a_broken_file_is_not_registered_and_leaves_nothing(
    kind: str, refusal: str, call: Call, fasit_file: Path, tmp_path: Path, data_dir: Path
) -> None:
    path = _broken(kind, fasit_file, tmp_path)
    answer = call("deliver", "-m", "903", "-s", "fasit", *DAY, path)
    assert answer.code == 1
    assert _is_one_message(answer)
    assert path.name in answer.err and refusal in answer.err
    assert not [file for file in data_dir.rglob("*") if file.is_file()]


def test_the_installed_command_ends_with_the_code_and_one_line_on_stderr(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pm_pipeline.cli", "run", "--data-dir", str(tmp_path / "none")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("pm-pipeline: nothing has been delivered to ")
    assert ended.stderr.count("\n") == 1


def test_extracting_from_a_system_whose_tables_are_files_says_which_command_is_meant(
    call: Call, data_dir: Path
) -> None:
    answer = call("extract", "-m", "901", "-s", "momentum", *DAY)
    assert answer.code == 2 and _is_one_message(answer)
    assert "pm-pipeline deliver" in answer.err and not data_dir.exists()
