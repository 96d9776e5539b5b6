"""What the commands that run nothing do: demo, deliver, validate, status."""

import csv
import json
from pathlib import Path

import pytest
from command_line import Call

from pm_pipeline.settings import get_settings

FASIT = ("-m", "903", "-s", "fasit")
DAY = ("--delivered-on", "2025-04-01")


def _deliveries(data_dir: Path) -> list[Path]:
    return sorted(data_dir.glob("landing/*/*/*/delivery.json"))


def _rows(export: Path) -> list[dict[str, str]]:
    with export.open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_status_of_an_empty_data_folder_names_every_municipality_and_makes_nothing(
    call: Call, data_dir: Path
) -> None:
    answer = call("status")
    assert answer.code == 0
    for code in ("901", "902", "903", "904", "905"):
        assert code in answer.out
    assert answer.out.count("none yet") == answer.out.count("never") == 5
    assert not data_dir.exists()


def test_a_delivery_is_registered_with_its_id_and_the_next_step(
    call: Call, fasit_file: Path, data_dir: Path
) -> None:
    answer = call("deliver", *FASIT, *DAY, fasit_file)
    assert answer.code == 0
    [manifest] = _deliveries(data_dir)
    content = json.loads(manifest.read_text())
    assert content["delivery_id"].startswith("20250401-")
    assert content["delivery_id"] in answer.out
    assert "registered: 1 files" in answer.out and "pm-pipeline run -m 903" in answer.out
    assert (manifest.parent / fasit_file.name).read_bytes() == fasit_file.read_bytes()


def test_the_same_files_again_are_known_and_stored_once(
    call: Call, fasit_file: Path, data_dir: Path
) -> None:
    first = call("deliver", *FASIT, *DAY, fasit_file)
    stored = [path.stat().st_mtime_ns for path in _deliveries(data_dir)]
    again = call("deliver", *FASIT, "--delivered-on", "2025-04-02", fasit_file)
    assert (first.code, again.code) == (0, 0)
    assert "already there" in again.out and "already there" not in first.out
    assert [path.stat().st_mtime_ns for path in _deliveries(data_dir)] == stored
    assert len(stored) == 1


def test_status_shows_a_delivery_that_was_not_loaded_yet(call: Call, fasit_file: Path) -> None:
    call("deliver", *FASIT, *DAY, fasit_file)
    answer = call("status")
    assert answer.code == 0
    assert "2025-04-01 1 – – – – never" in answer.out
    assert answer.out.count("none yet") == 4


def test_a_sound_file_is_validated_without_leaving_a_trace(
    call: Call, fasit_file: Path, data_dir: Path, tmp_path: Path
) -> None:
    answer = call("validate", "-s", "fasit", fasit_file)
    assert answer.code == 0
    assert "would be loaded" in answer.out
    assert f"of {len(_rows(fasit_file)):,} rows" in answer.out
    assert fasit_file.name in answer.out, "a long file name is shown whole"
    assert not data_dir.exists() and not (tmp_path / "keys").exists()


def test_no_command_shows_anything_personal(
    call: Call, fasit_file: Path, tmp_path: Path, data_dir: Path
) -> None:
    rows = _rows(fasit_file)
    # a row that is rejected tempts a message to show it
    damaged = tmp_path / "fasit_damaged.csv"
    text = fasit_file.read_text("cp1252")
    damaged.write_text(text.replace(rows[0]["Hændelsesdato"], "31-02-2025"), "cp1252")
    fewer = tmp_path / "fasit_fewer.csv"
    fewer.write_text(text.replace(";Hændelse;", ";Andet;", 1), "cp1252")
    answers = [
        call("validate", "-s", "fasit", fasit_file),
        call("validate", "-s", "fasit", damaged),
        call("validate", "-s", "fasit", fewer),
        call("deliver", *FASIT, *DAY, fewer),
        call("deliver", *FASIT, *DAY, fasit_file),
        call("status"),
    ]
    personal = {
        row[column].strip()
        for row in rows
        for column in ("CPR-nr", "Navn", "Sagsnr", "E-mail", "Notat", "Sagsbehandler")
        if len(row[column].strip()) > 5 and row[column] not in {"System", "Borger"}
    }
    assert len(personal) > 50
    said = " ".join(answer.said for answer in answers)
    assert " × " in said and "the date is not" in said, "the damaged row is told of"
    assert not [value for value in personal if value in said]


def test_the_demo_is_registered_once_and_known_the_second_time(call: Call, data_dir: Path) -> None:
    first = call("demo", "--citizens", "20")
    stored = _deliveries(data_dir)
    again = call("demo", "--citizens", "20")
    assert (first.code, again.code) == (0, 0)
    assert f"Registered {len(stored)} deliveries of 5 fictional municipalities" in first.out
    assert "nothing to do" in again.out
    assert _deliveries(data_dir) == stored
    assert not list((data_dir / "landing").glob(".demo-*")), "the generator's folder is gone"

    other = call("demo", "--citizens", "21")
    assert other.code == 2
    assert str(data_dir) in other.err and "--data-dir" in other.err
    assert "Traceback" not in other.said
    assert _deliveries(data_dir) == stored


@pytest.mark.parametrize("position", ["option", "environment"])
def test_the_data_folder_comes_from_the_option_before_the_environment(
    position: str, call: Call, fasit_file: Path, data_dir: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    option = ("--data-dir", other) if position == "option" else ()
    assert call("deliver", *FASIT, *DAY, *option, fasit_file).code == 0
    used, unused = (other, data_dir) if position == "option" else (data_dir, other)
    assert _deliveries(used) and not unused.exists()
    assert get_settings().data_dir == used
