"""Deliveries: registered once, loaded whole or not at all, and the same again is nothing new."""

import json
import os
import stat
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from ingest_files import Town, csv_text, row, shipped_contracts, small_contract

from pm_pipeline.errors import PipelineError, UsageError
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake import files as lake
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.ingest.landing.deliveries import (
    list_deliveries,
    register_delivery,
    withdraw_delivery,
)
from pm_pipeline.ingest.loading.load import load_delivery
from pm_pipeline.ingest.loading.validation import validate_files
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

ROWS = [row(n) for n in range(1, 6)]


def test_a_delivery_keeps_the_bytes_and_has_a_manifest(town: Town) -> None:
    contract = small_contract(town.root)
    content = csv_text(ROWS)
    delivery = town.register(contract, town.file("Events_January.CSV", content))
    assert delivery.delivery_id.startswith("20260101-") and len(delivery.delivery_id) == 21
    assert (delivery.folder / "Events_January.CSV").read_bytes() == content.encode()
    manifest = json.loads((delivery.folder / "delivery.json").read_text())
    assert manifest["files"][0]["tables"] == ["events"]
    assert list_deliveries(town.landing, "901") == [delivery]
    assert list_deliveries(town.landing, "901", "fasit") == []


def test_the_same_content_again_is_the_same_delivery_under_any_name_and_date(town: Town) -> None:
    contract = small_contract(town.root)
    first = town.register(contract, town.file("events.csv", csv_text(ROWS)))
    again = town.register(contract, town.file("events_copy.csv", csv_text(ROWS)), day=9)
    assert (first.already_there, again.already_there) == (False, True)
    assert again.delivery_id == first.delivery_id
    assert len(list_deliveries(town.landing, "901")) == 1


def test_a_full_delivery_that_says_again_what_an_earlier_one_said_is_a_delivery(town: Town) -> None:
    """The last but one said otherwise: taken for the first again, its state would be lost."""
    contract = small_contract(town.root, "natural_key", "delivers: full\n      natural_key")
    for day, rows in ((1, ROWS), (2, ROWS[:4]), (3, ROWS), (3, ROWS[:4]), (3, ROWS)):
        town.register(contract, town.file("events.csv", csv_text(rows)), day=day)
    told = list_deliveries(town.landing, "901")
    assert [one.delivered_on.day for one in told] == [1, 2, 3, 3, 3]
    assert [one.files[0].sha256 == told[0].files[0].sha256 for one in told] == [
        True, False, True, False, True
    ]
    again = town.register(contract, town.file("events.csv", csv_text(ROWS)), day=3)
    assert again.already_there and again.delivery_id == told[-1].delivery_id


def test_an_increment_that_comes_again_after_others_is_still_the_same_delivery(town: Town) -> None:
    contract = small_contract(town.root)
    first = town.register(contract, town.file("events.csv", csv_text(ROWS)), day=1)
    town.register(contract, town.file("events.csv", csv_text([row(9)])), day=2)
    again = town.register(contract, town.file("events.csv", csv_text(ROWS)), day=3)
    assert again.already_there and again.delivery_id == first.delivery_id


def test_what_was_withdrawn_for_its_wrong_day_comes_again_under_the_right_one(town: Town) -> None:
    contract = small_contract(town.root)
    file = town.file("events.csv", csv_text(ROWS))
    withdraw_delivery(town.register(contract, file, day=1), "wrong day")
    assert town.register(contract, file, day=5).delivered_on == date(2026, 1, 5)
    (counted,) = list_deliveries(town.landing, "901")
    assert counted.delivered_on == date(2026, 1, 5)


def test_an_erasing_that_was_killed_can_be_finished(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = town.register(small_contract(town.root), town.file("events.csv", csv_text(ROWS)))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            withdraw_delivery(delivery, "not ours", erase_files=True)
    (told,) = list_deliveries(town.landing, "901", withdrawn_too=True)
    withdraw_delivery(told, "not ours", erase_files=True)
    assert not (delivery.folder / "events.csv").exists()
    (told,) = list_deliveries(town.landing, "901", withdrawn_too=True)
    with pytest.raises(UsageError, match="withdrawn already"):
        withdraw_delivery(told, "not ours", erase_files=True)


def test_the_same_bytes_under_the_name_of_another_table_are_another_delivery(town: Town) -> None:
    contract = small_contract(town.root)
    content = csv_text(ROWS)
    wrong = register_delivery(
        town.landing, "901", contract, date(2026, 1, 1), [town.file("wrong.csv", content)],
        to_quarantine=True,
    )
    right = town.register(contract, town.file("events.csv", content))
    assert not right.already_there and right.delivery_id != wrong.delivery_id
    assert [one.files[0].name for one in list_deliveries(town.landing, "901")] == [
        "wrong.csv", "events.csv"
    ]


def test_a_control_file_alone_is_no_delivery(town: Town) -> None:
    optional = small_contract(town.root, "natural_key", "required: false\n      natural_key")
    contract = optional.model_copy(update={"control_file": "control.csv"})
    control = town.file("control.csv", "file;rows;size_bytes;sha256\r\n")
    with pytest.raises(RefusedError, match="no row in any table"):
        town.load(contract, control)
    assert [one.code for one in validate_files(SystemContract((contract,)), [control]).problems] == [
        Refusal.EMPTY
    ]


@pytest.mark.parametrize(("names", "words"), [
    (["journal.csv"], r"events\*\.csv"),
    (["events.csv", "sub/EVENTS.csv"], "have this name"),
    (["events_0101801234.csv"], "CPR number"),
    (["../link"], "no link"),
    (["events_dir.csv"], "no link, folder"),
])
def test_files_that_are_none_of_the_system_are_refused_and_leave_nothing(
    town: Town, names: list[str], words: str
) -> None:
    contract = small_contract(town.root)
    real = town.file("real.csv", csv_text(ROWS))
    files = []
    for name in names:
        if name == "../link":
            path = town.root / "events_link.csv"
            path.symlink_to(real)
        elif name == "events_dir.csv":
            path = town.root / name
            path.mkdir()
        else:
            path = town.file(name, csv_text(ROWS))
        files.append(path)
    with pytest.raises(RefusedError, match=words) as caught:
        town.register(contract, *files)
    assert "0101801234" not in str(caught.value)
    assert not town.landing.exists()


@pytest.mark.parametrize("municipality_id", ["../x", "", "9 01", "a/b"])
def test_a_municipality_id_cannot_leave_the_landing_zone(town: Town, municipality_id: str) -> None:
    file = town.file("events.csv", csv_text(ROWS))
    with pytest.raises(UsageError, match="municipality"):
        register_delivery(
            town.landing, municipality_id, small_contract(town.root), date(2026, 1, 1), [file]
        )


def test_no_file_and_a_file_that_is_not_there_are_wrong_calls(town: Town) -> None:
    with pytest.raises(UsageError, match="No file"):
        town.register(small_contract(town.root))
    with pytest.raises(UsageError, match="no such file"):
        town.register(small_contract(town.root), town.root / "events.csv")


def test_a_delivery_without_a_required_table_is_refused(town: Town) -> None:
    file = town.file("contacts.csv", csv_text(ROWS))
    with pytest.raises(RefusedError, match=r"tasks \(tasks\*\.csv\)"):
        town.register(shipped_contracts()["momentum"].latest, file)


def test_a_file_name_with_pattern_signs_is_only_itself(town: Town) -> None:
    name = "events[1]*;'--.csv"
    report = town.load(small_contract(town.root), town.file(name, csv_text(ROWS)))
    assert [file.source_file for file in report.files] == [name]
    assert {r["source_file"] for r in town.rows("small", "events")} == {name}


def test_a_load_conserves_rows_and_writes_every_column_of_the_brief(town: Town) -> None:
    bad = row(9, CPR="12345")
    content = csv_text([*ROWS, bad, "too;short", ROWS[0], row(10, Timer="1.000,0")])
    report = town.load(small_contract(town.root), town.file("events.csv", content))
    file = report.files[0]
    assert (file.rows_in_file, file.rows_loaded, file.rows_rejected, file.exact_duplicates) == (
        9, 6, 2, 1,
    )
    assert file.is_conserved
    rows = town.rows("small", "events")
    assert [r["source_row"] for r in rows] == [2, 3, 4, 5, 6, 10]
    assert {r["delivered_on"] for r in rows} == {date(2026, 1, 1)}
    assert rows[-1]["hours"] is None
    assert [
        (r["source_row"], r["column_name"], r["reason"], r["row_kept"]) for r in town.rejects()
    ] == [
        (8, None, "FIELD_COUNT", False), (7, "citizen_id", "CPR_FORMAT", False),
        (10, "hours", "NUMBER_FORMAT", True),
    ]
    record = town.rows("deliveries", "")[0]
    assert record["rows_in_file"] == 9 and record["key_id"] == report.key_id
    assert (record["contract_version"], record["contract_certainty"]) == ("1", "illustrative")


def test_an_exact_duplicate_in_another_file_of_the_delivery_counts_there(town: Town) -> None:
    report = town.load(
        small_contract(town.root), town.file("events_1.csv", csv_text(ROWS)),
        town.file("events_2.csv", csv_text([row(7), ROWS[2]])),
    )
    assert [(f.rows_loaded, f.exact_duplicates) for f in report.files] == [(5, 0), (1, 1)]


def test_the_same_key_with_other_content_keeps_both_rows(town: Town) -> None:
    rows = [row(1), row(1, **{"Hændelse": "Rettet"})]
    report = town.load(small_contract(town.root), town.file("events.csv", csv_text(rows)))
    assert (report.rows_loaded, report.exact_duplicates) == (2, 0)


def test_a_loaded_delivery_is_skipped_and_reports_the_same(town: Town) -> None:
    contract = small_contract(town.root)
    file = town.file("events.csv", csv_text([*ROWS, row(9, CPR="1"), row(8, Timer="x")]))
    first, again = town.load(contract, file), town.load(contract, file)
    assert (first.already_loaded, again.already_loaded) == (False, True)
    assert again.files == first.files and again.key_id == first.key_id
    assert len(town.rows("small", "events")) == 6


def test_a_changed_contract_loads_the_delivery_again_in_place(town: Town) -> None:
    file = town.file("events.csv", csv_text(ROWS))
    town.load(small_contract(town.root), file)
    before = town.lake_files()
    changed = small_contract(town.root, "type: code}", 'type: code, allowed: ["Møde"]}')
    changed = changed.model_copy(update={"tables": (
        changed.tables[0].model_copy(update={"max_rejected_percent": 100.0}),)})
    assert town.load(changed, file).already_loaded is False
    assert town.lake_files() == before
    assert {r["activity"] for r in town.rows("small", "events")} == {None}


def test_two_deliveries_stand_side_by_side(town: Town) -> None:
    contract = small_contract(town.root)
    town.load(contract, town.file("events.csv", csv_text(ROWS)))
    town.load(contract, town.file("events_2.csv", csv_text([row(20)])), day=2)
    assert len(town.rows("small", "events")) == 6
    assert len({r["delivery_id"] for r in town.rows("small", "events")}) == 2


@pytest.mark.parametrize(("rows", "words"), [
    ([ROWS[0], *["x"] * 3, ROWS[1]], "3 of 5 rows rejected"),
    ([], "no row in any table"),
    ([row(n, Timer="halv otte") for n in range(12)], "COLUMN_UNREADABLE"),
])
def test_a_delivery_that_fails_a_check_leaves_nothing_and_the_earlier_one_stays(
    town: Town, rows: list[str], words: str
) -> None:
    contract = small_contract(town.root)
    town.load(contract, town.file("events.csv", csv_text(ROWS)))
    before = town.lake_files()
    with pytest.raises(RefusedError, match=words):
        town.load(contract, town.file("events_2.csv", csv_text(rows)), day=2)
    assert town.lake_files() == before
    assert len(town.rows("small", "events")) == 5


def test_a_file_changed_in_landing_is_noticed(town: Town) -> None:
    contract = small_contract(town.root)
    delivery = town.register(contract, town.file("events.csv", csv_text(ROWS)))
    (delivery.folder / "events.csv").write_text(csv_text(ROWS[:2]), encoding="utf-8")
    with pytest.raises(RefusedError, match="sha256"):
        load_delivery(delivery, SystemContract((contract,)), town.lake, town.keys)
    (delivery.folder / "events.csv").unlink()
    with pytest.raises(RefusedError, match="not in landing"):
        load_delivery(delivery, SystemContract((contract,)), town.lake, town.keys)


@pytest.mark.parametrize("fails_at", range(3))
def test_a_failure_between_two_promotions_leaves_the_lake_as_it_was(
    town: Town, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    contract = small_contract(town.root)
    file = town.file("events.csv", csv_text(ROWS))
    delivery = town.register(contract, file)
    ensure_empty_tables([SystemContract((contract,))], town.lake)
    real = Path.replace
    done: list[Path] = []

    def failing(self: Path, target: Path) -> Path:
        if "building" in str(self) and "tmp" not in self.name:
            if len(done) == fails_at:
                raise OSError(28, "No space left on device")
            done.append(target)
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", failing)
        with pytest.raises(PipelineError, match="No space left"):
            load_delivery(delivery, SystemContract((contract,)), town.lake, town.keys)
    assert len(done) == fails_at
    assert town.lake_files() == set()
    assert town.load(contract, file).rows_loaded == 5


def test_a_load_killed_between_two_promotions_is_cleared_away_by_the_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = small_contract(town.root)
    file = town.file("events.csv", csv_text(ROWS))
    delivery = town.register(contract, file)
    ensure_empty_tables([SystemContract((contract,))], town.lake)
    child = os.fork()
    if child == 0:
        real = Path.replace

        def killed(self: Path, target: Path) -> Path:
            if "deliveries" in str(target) and "building" not in str(target):
                os._exit(9)
            return real(self, target)

        monkeypatch.setattr(Path, "replace", killed)
        load_delivery(delivery, SystemContract((contract,)), town.lake, town.keys)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert any("small/events" in name for name in town.lake_files())
    assert lake.loaded_markers(town.lake) == []
    other = town.file("events_2.csv", csv_text([row(50)]))
    town.load(contract, other, day=2)
    assert len(town.rows("small", "events")) == 1
    assert not list(town.lake.glob(".building*"))
    assert town.load(contract, file).already_loaded is False


def test_a_second_load_of_the_same_lake_is_told_to_wait(town: Town) -> None:
    contract = small_contract(town.root)
    with lake.locked(town.lake, "small"), pytest.raises(RefusedError, match="another process"):
        town.load(contract, town.file("events.csv", csv_text(ROWS)))


def test_everything_written_is_for_the_owner_only(town: Town) -> None:
    town.load(small_contract(town.root), town.file("events.csv", csv_text(ROWS)))
    for zone in (town.landing, town.root / "work", town.keys):
        for path in (zone, *zone.rglob("*")):
            expected = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_every_table_of_every_contract_has_a_typed_empty_file(town: Town) -> None:
    contracts = shipped_contracts()
    ensure_empty_tables(contracts.values(), town.lake)
    ensure_empty_tables(contracts.values(), town.lake)
    for contract in contracts.values():
        for table in contract.tables:
            path = town.lake / contract.system / table.name / "_empty.parquet"
            assert pq.read_schema(path).equals(contract.lake_schema(table.name))
            assert pq.read_metadata(path).num_rows == 0
    assert pq.read_schema(town.lake / "rejects" / "_empty.parquet").names[0] == "municipality_id"


def test_an_empty_table_is_loaded_where_the_contract_permits_it(town: Town) -> None:
    momentum = shipped_contracts()["momentum"]
    files = []
    for table in momentum.tables:
        header = ";".join(column.header for column in table.columns)
        body = ["a1;6101801234;E77;1;T1;2024-06-30T22:00:00Z;;2024-07-01T08:00:00Z"]
        rows = body if table.name == "caseworkers" else []
        files.append(town.file(f"{table.name}.csv", "\ufeff" + csv_text(rows, header=header)))
    report = town.load(momentum, *files)
    assert (report.rows_loaded, len(report.files)) == (1, len(momentum.tables))
    found = town.rows("momentum", "caseworkers")[0]
    assert (found["start_on"], found["end_on"]) == (date(2024, 7, 1), None)
    assert found["registered_at"] == datetime(2024, 7, 1, 8, 0)


def test_validation_finds_the_same_without_writing_a_lake(town: Town) -> None:
    contract = small_contract(town.root)
    good = town.file("events.csv", csv_text([*ROWS, row(9, CPR="1")]))
    bad = town.file("events_2.csv", csv_text(ROWS).replace(";", ","))
    seen: list[int] = []
    report = validate_files(SystemContract((contract,)), [good, bad], on_progress=seen.append)
    assert not report.is_ok and "comma" in str(report.problems[0])
    assert [(f.rows_in_file, f.rows_loaded, f.rows_rejected) for f in report.files] == [(6, 5, 1)]
    assert sum(seen) == 6
    assert validate_files(SystemContract((contract,)), [good]).is_ok
    assert not town.landing.exists() and not town.keys.exists()
