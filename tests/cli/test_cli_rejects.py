"""`deliveries`, `rejects` and `validate --json` at the terminal: counts, never values."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from command_line import Call

from pm_pipeline.commands.status import municipalities_to_run
from pm_pipeline.errors import UsageError
from pm_pipeline.ingest.contract.versions import load_contracts, load_system
from pm_pipeline.ingest.landing.deliveries import list_deliveries
from pm_pipeline.ingest.loading.all_deliveries import load_deliveries
from pm_pipeline.ingest.rejects.advice import ADVICE
from pm_pipeline.ingest.rejects.reasons import Reason
from pm_pipeline.settings import get_settings

NAME = "Kanarie Personnavn"


def _load() -> None:
    """What the ingest step of a run does, without the rest of the run."""
    settings = get_settings()
    contract = load_contracts(settings.contract_dirs)["fasit"]
    deliveries = list_deliveries(settings.landing_dir, "903", "fasit")
    load_deliveries(deliveries, contract, settings.lake_dir("903"), settings.key_dir)


def _spoilt(sound: Path, folder: Path, name: str = "fasit_2025-08.csv") -> Path:
    """The sound file with a broken date and a name in a code of its first two rows."""
    header, first, second, *rest = sound.read_text(encoding="cp1252").splitlines()
    names = header.split(";")
    spoilt = []
    for line, column, value in ((first, "Hændelsesdato", "31-02-2024"), (second, "CPR-nr", NAME)):
        fields = line.split(";")
        fields[names.index(column)] = value
        spoilt.append(";".join(fields))
    path = folder / name
    path.write_bytes(("\r\n".join([header, *spoilt, *rest]) + "\r\n").encode("cp1252"))
    return path


def _deliver(call: Call, file: Path, day: str = "2025-07-01") -> str:
    answer = call("deliver", "-m", "903", "-s", "fasit", "--delivered-on", day, file)
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


def test_the_list_follows_a_delivery_from_waiting_to_loaded_withdrawn_and_back(
    call: Call, fasit_file: Path
) -> None:
    assert "Nothing has been delivered" in call("deliveries", "list").out
    delivery = _deliver(call, fasit_file)

    def state() -> str:
        (one,) = json.loads(call("deliveries", "list", "-m", "903", "--json").out)
        assert one["delivery_id"] == delivery and one["files"][0]["sha256"]
        assert one["files"][0]["rows"] > 0  # counted at the door, before anything is loaded
        return str(one["state"])

    assert state() == "waiting"
    _load()
    assert state() == "loaded"
    shown = call("deliveries", "list").out
    assert delivery in shown and "loaded" in shown and "2026-01" in shown
    gone = call("deliveries", "withdraw", "-m", "903", delivery[:8], "--reason", "Prøvedata")
    assert gone.code == 0 and "pm-pipeline run -m 903" in gone.out
    _load()
    assert state() == "withdrawn"
    assert "Prøvedata" in call("deliveries", "list").out
    assert not list(get_settings().lake_dir("903").glob("fasit/haendelser/2*.parquet"))
    assert call("deliveries", "restore", "-m", "903", delivery).code == 0
    _load()
    assert state() == "loaded"


def test_a_withdrawal_can_erase_the_files_and_the_same_files_bring_it_back(
    call: Call, fasit_file: Path
) -> None:
    delivery = _deliver(call, fasit_file)
    call("deliveries", "withdraw", "-m", "903", delivery, "--reason", "x", "--erase-files")
    folder = get_settings().landing_dir / "903" / "fasit" / delivery
    assert sorted(path.name for path in folder.iterdir()) == ["delivery.json", "withdrawn.json"]
    refused = call("deliveries", "restore", "-m", "903", delivery)
    assert refused.code == 2 and "erased" in refused.err
    assert _deliver(call, fasit_file) == delivery
    assert (folder / fasit_file.name).read_bytes() == fasit_file.read_bytes()
    assert not (folder / "withdrawn.json").exists()


def test_figures_of_withdrawn_deliveries_alone_are_work_for_a_run(
    call: Call, fasit_file: Path
) -> None:
    delivery = _deliver(call, fasit_file)
    call("deliveries", "withdraw", "-m", "903", delivery, "--reason", "x", "--erase-files")
    settings = get_settings()
    with pytest.raises(UsageError):  # nothing was ever loaded, nothing is left to follow
        municipalities_to_run(settings, ["903"])
    _deliver(call, fasit_file)
    _load()
    call("deliveries", "withdraw", "-m", "903", delivery, "--reason", "x", "--erase-files")
    assert [one.municipality_id for one in municipalities_to_run(settings, [])] == ["903"]
    assert [one.municipality_id for one in municipalities_to_run(settings, ["903"])] == ["903"]


@pytest.mark.parametrize(("arguments", "words"), [
    (("2025", "--reason", " "), "say why"),
    (("1999", "--reason", "x"), "fits 0"),
    (("2025", "--reason", "Slettes for 710180-1234"), "without naming anybody"),
    (("2025", "--reason", "Efter mail fra kim@eksempel.invalid"), "without naming anybody"),
])
def test_a_withdrawal_that_names_no_delivery_gives_no_reason_or_names_a_person_is_a_wrong_call(
    call: Call, fasit_file: Path, arguments: tuple[str, ...], words: str
) -> None:
    _deliver(call, fasit_file)
    answer = call("deliveries", "withdraw", "-m", "903", *arguments)
    assert answer.code == 2 and words in answer.err


def test_rejects_are_counted_explained_and_shown_only_when_asked(
    call: Call, fasit_file: Path, tmp_path: Path
) -> None:
    _deliver(call, _spoilt(fasit_file, tmp_path))
    _load()
    counted = call("rejects", "list", "-m", "903").out
    assert "DATE_FORMAT" in counted and "CPR_FORMAT" in counted and "left out" in counted
    told = call("rejects", "explain", "-m", "903", "-s", "fasit", "--column", "citizen_id")
    assert "fasit_2025-08.csv, line 3" in told.out and "ti cifre" in told.out
    assert "ten digits, with or without a hyphen" in told.out
    dates = call("rejects", "explain", "-m", "903", "-s", "fasit", "--reason", "DATE_FORMAT")
    assert "line 2" in dates.out and "CPR_FORMAT" not in dates.out
    assert NAME not in counted + told.said + dates.said and "31-02-2024" not in dates.said
    asked = call("rejects", "explain", "-m", "903", "-s", "fasit", "--show-values")
    assert NAME in asked.out and "31-02-2024" in asked.out
    assert asked.out.startswith("PERSONAL DATA") and "PERSONAL DATA" not in told.out


def test_values_are_shown_by_the_version_of_the_contract_that_read_them(
    call: Call, fasit_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vendor that switched early: the version in force does not know the file's columns."""
    settings = get_settings()
    folder = tmp_path / "field" / "ingest" / "fasit"
    folder.mkdir(parents=True)
    shipped = next(d for d in settings.contract_dirs if (d / "fasit").is_dir()) / "fasit/defs.yaml"
    new = shipped.read_text(encoding="utf-8")
    version = load_contracts(settings.contract_dirs)["fasit"].latest
    assert "Hændelsesdato" in new
    old = new.replace("Hændelsesdato", "Dato for alt").replace(
        f"{version.valid_from}", "2019-01-01"
    ).replace(f'version: "{version.version}"', 'version: "old"').replace(
        "  tables:", "  on_schema_change: new_version\n  tables:", 1
    )
    (folder / "defs.yaml").write_text(old, encoding="utf-8")
    (folder / "new.yaml").write_text(
        new.replace(f"{version.valid_from}", "2025-12-31"), encoding="utf-8"
    )
    system = load_system(folder)
    assert [one.version for one in system.versions] == ["old", version.version]
    monkeypatch.setattr("pm_pipeline.commands.deliver.contract_of", lambda *_: system)
    monkeypatch.setattr("pm_pipeline.commands.rejects.contract_of", lambda *_: system)
    _deliver(call, _spoilt(fasit_file, tmp_path))
    settings = get_settings()
    deliveries = list_deliveries(settings.landing_dir, "903", "fasit")
    loads = load_deliveries(deliveries, system, settings.lake_dir("903"), settings.key_dir)
    assert [one.contract_version for one in loads.reports] == [version.version]
    asked = call("rejects", "explain", "-m", "903", "-s", "fasit", "--show-values")
    assert NAME in asked.out and "31-02-2024" in asked.out, asked.said


def test_rejected_values_are_read_by_the_version_that_read_the_delivery(
    call: Call, fasit_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = get_settings()
    field = tmp_path / "field"
    for name, folder in (("seeds", settings.seeds_dir), ("expectations", settings.expectations_dir)):
        shutil.copytree(folder, field / name)
    shipped = (settings.contract_dirs[0] / "fasit" / "defs.yaml").read_text(encoding="utf-8")
    old = shipped.replace("  tables:", "  on_schema_change: new_version\n  tables:", 1)
    new = old.replace('"2026-01"', '"release"').replace("2020-01-01", "2026-01-01").replace(
        "header: Hændelsesdato", "header: Sket"
    )
    (field / "contracts" / "fasit").mkdir(parents=True)
    for name, text in (("defs.yaml", old), ("release.yaml", new)):
        (field / "contracts" / "fasit" / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("PM_FIELD_DIR", str(field))
    early = _spoilt(fasit_file, tmp_path)
    early.write_bytes(early.read_bytes().replace("Hændelsesdato".encode("cp1252"), b"Sket", 1))
    _deliver(call, early)
    _load()
    shown = call("rejects", "explain", "-m", "903", "-s", "fasit", "--show-values")
    assert shown.code == 0 and "31-02-2024" in shown.out


def test_validation_as_json_says_the_same_as_a_load_and_holds_no_value(
    call: Call, fasit_file: Path, tmp_path: Path
) -> None:
    file = _spoilt(fasit_file, tmp_path)
    answer = call("validate", "-s", "fasit", "--json", file)
    report = json.loads(answer.out)
    assert answer.code == 0 and report["verdict"] == "would be loaded"
    assert NAME not in answer.out and "31-02" not in answer.out
    _deliver(call, file)
    _load()
    (loaded,) = json.loads(call("deliveries", "list", "-m", "903", "--json").out)
    for name in ("rows_in_file", "rows_loaded", "rows_rejected", "exact_duplicates"):
        assert report[name] == loaded[name], name
    reasons = {one["reason"] for one in report["files"][0]["rejects"]}
    assert {"DATE_FORMAT", "CPR_FORMAT"} <= reasons
    assert all(one["title_da"] and one["what_to_do"] for one in report["files"][0]["rejects"])


def test_validation_tells_where_each_kind_of_reject_stands_and_what_was_expected(
    call: Call, fasit_file: Path, tmp_path: Path
) -> None:
    file = _spoilt(fasit_file, tmp_path)
    shown = call("validate", "-s", "fasit", file)
    for words in (
        "line 3, citizen_id: 1 × CPR_FORMAT", "et CPR-nummer har ti cifre",
        "expected ten digits, with or without a hyphen; found", "the row is left out",
        "loaded without the value", ADVICE[Reason.CPR_FORMAT],
    ):
        assert words in shown.out, words
    assert NAME not in shown.said and "31-02" not in shown.said
    (found,) = json.loads(call("validate", "-s", "fasit", "--json", file).out)["files"]
    places = {one["reason"]: (one["place"], one["first_places"]) for one in found["rejects"]}
    assert places["CPR_FORMAT"] == ("line", [3])


def test_validation_says_in_json_why_a_delivery_would_be_refused(
    call: Call, fasit_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "fasit_x.csv"
    file.write_bytes(fasit_file.read_bytes().replace(b"Sagsnr", b"Sagnsr", 1))
    answer = call("validate", "-s", "fasit", "--json", file)
    (problem,) = json.loads(answer.out)["problems"]
    assert answer.code == 1 and problem["code"] == "HEADER_MISMATCH"
    assert "fasit_x.csv, line 1" in problem["where"] and "'sagnsr' may be 'Sagsnr'" in problem["what"]
    readable = call("validate", "-s", "fasit", file)
    assert "would be refused" in readable.out


def test_a_missing_table_is_a_problem_unless_only_some_files_are_looked_at(
    call: Call, tmp_path: Path
) -> None:
    file = tmp_path / "tasks.csv"
    contract = load_contracts(get_settings().contract_dirs)["momentum"].at(date(2026, 1, 1))
    header = ";".join(column.header for column in contract.table("tasks").columns)
    file.write_text(header + "\r\n", encoding="utf-8")
    whole = call("validate", "-s", "momentum", file)
    assert whole.code == 1 and "MISSING_TABLE" in whole.out and "contacts" in whole.out
    assert call("validate", "-s", "momentum", "--partial", file).code == 0


def test_a_delivery_from_the_future_is_a_wrong_call(call: Call, fasit_file: Path) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    answer = call("deliver", "-m", "903", "-s", "fasit", "--delivered-on", tomorrow, fasit_file)
    assert answer.code == 2 and "lies in the future" in answer.err
    assert "Nothing has been delivered" in call("deliveries", "list").out


def test_every_reason_says_what_to_do() -> None:
    assert set(ADVICE) == set(Reason)
