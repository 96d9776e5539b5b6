"""What a delivery changed of those before it, and a full one that lacks too much."""

from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from ingest_files import Town, csv_text, row, small_contract

from pm_pipeline.ingest.contract.model import Contract
from pm_pipeline.ingest.contract.versions import SystemContract
from pm_pipeline.ingest.lake import files as lake
from pm_pipeline.ingest.lake.files import locked
from pm_pipeline.ingest.landing.deliveries import list_deliveries, withdraw_delivery
from pm_pipeline.ingest.loading import all_deliveries
from pm_pipeline.ingest.loading.all_deliveries import Loads, load_deliveries
from pm_pipeline.ingest.loading.history import volume_findings
from pm_pipeline.ingest.rejects.reasons import Refusal, RefusedError

FULL = ("      natural_key", "      delivers: full\n      max_removed_percent: 50\n      natural_key")
ROWS = [row(n) for n in range(1, 7)]
Counted = Counter[tuple[str, str | None]]


class Told:
    """Deliveries of the small system, one a day, and what is said of each."""

    def __init__(self, town: Town, contract: Contract) -> None:
        self.town, self.system = town, SystemContract((contract,))
        self._day = 0

    def deliver(self, rows: list[str]) -> Loads:
        self._day += 1
        file = self.town.file(f"day{self._day}/events.csv", csv_text(rows))
        self.town.register(self.system.latest, file, day=self._day)
        return self.load()

    def load(self) -> Loads:
        deliveries = list_deliveries(self.town.landing, "901", "small")
        return load_deliveries(deliveries, self.system, self.town.lake, self.town.keys)

    def changes(self) -> list[dict[str, object]]:
        return pq.read_table(self.town.lake / "changes" / "small.parquet").to_pylist()

    def of_day(self, day: int) -> Counted:
        """Rows by kind of change and column, over all periods, as a delivery's totals tell."""
        prefix = f"{date(2026, 1, day):%Y%m%d}-"
        return Counter({
            (str(one["change"]), one["column_name"]): one["n_rows"]
            for one in self.changes()
            if one["is_total"] and str(one["delivery_id"]).startswith(prefix)
        })


def test_increments_insert_and_change_and_delete_nothing(town: Town) -> None:
    told = Told(town, small_contract(town.root))
    told.deliver(ROWS)
    told.deliver([row(1), row(2, Hændelse="Møde", Timer="1,0"), row(3, Timer="2,0"), row(9)])
    assert told.of_day(1) == {("inserted", None): 6}
    assert told.of_day(2) == {
        ("inserted", None): 1, ("unchanged", None): 1, ("changed", None): 2,
        ("restated", "hours"): 2, ("restated", "activity"): 1,
    }


def test_a_row_whose_empty_values_were_filled_is_told_apart_from_a_restated_one(town: Town) -> None:
    told = Told(town, small_contract(town.root))
    told.deliver([row(1, Timer=""), row(2, Timer=""), row(3)])
    told.deliver([row(1, Timer="1,0"), row(2, Hændelse="Møde", Timer="1,0"), row(3, Timer="")])
    assert told.of_day(2) == {
        ("changed", None): 3, ("filled", None): 1,
        ("restated", "hours"): 3, ("restated", "activity"): 1,
    }


def test_a_full_delivery_deletes_what_it_lacks_and_what_comes_back_has_returned(town: Town) -> None:
    told = Told(town, small_contract(town.root, *FULL))
    told.deliver(ROWS)
    told.deliver(ROWS[:4])
    told.deliver(ROWS[:5])
    assert told.of_day(2) == {("unchanged", None): 4, ("deleted", None): 2}
    assert told.of_day(3) == {("unchanged", None): 4, ("returned", None): 1}


def test_a_row_of_a_full_delivery_that_was_left_out_at_the_door_was_not_deleted(town: Town) -> None:
    told = Told(town, small_contract(town.root, *FULL))
    told.deliver(ROWS)
    # row 6 is told, but cannot be read; row 5 is missing, and nobody can say that it was deleted
    loads = told.deliver([*ROWS[:4], row(6, CPR="x")])
    assert loads.refused == []
    assert told.of_day(2) == {("unchanged", None): 4}
    told.deliver(ROWS[:4])
    assert told.of_day(3) == {("unchanged", None): 4, ("deleted", None): 2}


def test_changes_are_told_by_the_month_they_speak_of_and_count_people(town: Town) -> None:
    told = Told(town, small_contract(
        town.root, "type: timestamp,", "type: timestamp, role: occurred,"
    ))
    told.deliver([row(1), row(2, Tid="01-01-2024 00:30"), row(3, Tid="")])
    told.deliver([
        row(1, Timer="1,0"), row(2, Tid="01-01-2024 00:30", Timer="1,0"), row(3, Tid="", Timer="1,0"),
    ])
    changed = [
        (one["period"], one["n_rows"], one["n_citizens"], one["compared_with"] is not None)
        for one in told.changes() if one["change"] == "changed" and not one["is_total"]
    ]
    assert sorted(str(one[0]) for one in changed) == ["2024-01-01", "2024-03-01", "None"]
    assert {one[1:] for one in changed} == {(1, 1, True)}


def test_a_table_without_a_key_is_compared_case_by_case(town: Town) -> None:
    contract = small_contract(
        town.root, "      natural_key: [row_id]\n", ""
    ).model_dump(mode="json")
    contract["tables"][0]["columns"][0].update(domain="case", role="case")
    tables = {t["name"]: {k: v for k, v in t.items() if k != "name"} for t in contract["tables"]}
    for table in tables.values():
        table["columns"] = {
            c["name"]: {k: v for k, v in c.items() if k != "name"} for c in table["columns"]
        }
    told = Told(town, Contract.model_validate({**contract, "tables": tables}))
    told.deliver([row(1), row(1, Hændelse="Møde"), row(2)])
    # case 1 is told again without its meeting, case 2 is not told of: it stands as it was
    told.deliver([row(1)])
    assert told.of_day(2) == {("unchanged", None): 1, ("deleted", None): 1}


def test_no_change_names_a_key_a_person_or_a_value(town: Town) -> None:
    told = Told(town, small_contract(town.root))
    told.deliver(ROWS)
    told.deliver([row(1, Hændelse="KANARIE")])
    assert "KANARIE" not in str(told.changes())
    content = (town.lake / "changes" / "small.parquet").read_bytes()
    rows = town.rows("small", "events")
    assert rows and all(str(one["row_id"]).encode() not in content for one in rows)


def test_a_full_delivery_that_lacks_too_much_is_refused_and_the_earlier_state_stays(
    town: Town,
) -> None:
    told = Told(town, small_contract(town.root, *FULL))
    told.deliver(ROWS)
    before = town.lake_files()
    loads = told.deliver(ROWS[:2])
    assert [one.code for one in loads.failures] == [Refusal.TOO_MANY_REMOVED]
    assert "4 of 6 rows known before are missing" in loads.failures[0].message
    assert {name for name in town.lake_files() if "refusals" not in name} == before


def test_what_an_earlier_full_delivery_lacked_is_not_missed_again(town: Town) -> None:
    told = Told(town, small_contract(town.root, *FULL))
    told.deliver([row(n) for n in range(1, 13)])
    told.deliver([row(n) for n in range(1, 8)])
    # of the seven that are left three go; of the twelve of the first day it would be eight
    assert told.deliver([row(n) for n in range(1, 5)]).refused == []


def test_a_load_that_found_the_lake_busy_says_nothing_of_the_delivery(town: Town) -> None:
    told = Told(town, small_contract(town.root))
    town.register(told.system.latest, town.file("events.csv", csv_text(ROWS)))
    with lake.locked(town.lake, "small"), pytest.raises(RefusedError, match="BUSY"):
        told.load()
    assert not list((town.lake / "refusals").glob("*.json"))
    assert told.load().refused == []


def test_a_withdrawn_delivery_leaves_the_tables_too_that_the_contract_has_no_more(
    town: Town,
) -> None:
    told = Told(town, small_contract(town.root))
    told.deliver(ROWS)
    told.system = SystemContract((small_contract(town.root, "    events:", "    acts:"),))
    withdraw_delivery(list_deliveries(town.landing, "901")[0], "x")
    told.load()
    assert town.lake_files() == set()


def test_a_delivery_is_not_taken_out_of_a_lake_that_another_process_is_loading(town: Town) -> None:
    told = Told(town, small_contract(town.root))
    told.deliver(ROWS)
    (first,) = list_deliveries(town.landing, "901")
    withdraw_delivery(first, "x")
    before = town.lake_files()
    with locked(town.lake, "small"), pytest.raises(RefusedError, match="another process"):
        told.load()
    assert town.lake_files() == before


def test_a_withdrawn_delivery_leaves_the_state_as_if_it_had_never_come(town: Town) -> None:
    told = Told(town, small_contract(town.root))
    told.deliver(ROWS)
    once = {name: (town.lake / name).read_bytes() for name in town.lake_files()}
    told.deliver([row(1, Timer="1,0"), row(9)])
    second = list_deliveries(town.landing, "901")[1]
    withdraw_delivery(second, "delivered by mistake")
    assert told.load().forgotten == [second.delivery_id]
    assert {name: (town.lake / name).read_bytes() for name in town.lake_files()} == once


@pytest.mark.parametrize(("rows", "words"), [
    ([row(n) for n in range(1, 10)], "9 rows, expected about 30"),
    ([row(n, Timer="") for n in range(1, 31)], "no value at all in hours"),
    ([row(n) for n in range(101, 131)], None),
])
def test_a_volume_that_does_not_fit_is_told(
    town: Town, rows: list[str], words: str | None
) -> None:
    told = Told(town, small_contract(town.root))
    told.deliver([row(n) for n in range(1, 31)])
    told.deliver([row(n) for n in range(31, 61)])
    told.deliver(rows)
    found = volume_findings(town.lake, "small", told.system.tables[0])
    assert (found == []) if words is None else (len(found) == 1 and words in found[0])


def test_the_report_is_made_anew_only_when_the_lake_changed(town: Town) -> None:
    told = Told(town, small_contract(town.root))
    told.deliver(ROWS)
    path: Path = town.lake / "changes" / "small.parquet"
    made = path.stat().st_mtime_ns
    told.load()
    assert path.stat().st_mtime_ns == made


def test_a_run_killed_before_the_report_leaves_it_to_the_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(town, small_contract(town.root))
    told.deliver(ROWS)

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(all_deliveries, "write_delivery_changes", killed)
        with pytest.raises(KeyboardInterrupt):
            told.deliver([row(9)])
    assert told.of_day(2) == {}
    told.load()
    assert told.of_day(2) == {("inserted", None): 1}
