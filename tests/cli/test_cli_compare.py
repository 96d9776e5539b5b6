"""`pm-pipeline compare`: two municipalities side by side, of what both have published."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
from command_line import Call

from tests.publish.publish_data import a_receipt, replace_receipt

Arcs = Mapping[tuple[str, str], tuple[int, float | None]]
SAME: Arcs = {
    ("▶", "HENV"): (300, None), ("HENV", "SAMTALE"): (240, 6.5), ("SAMTALE", "PLAN"): (60, 20.0),
    ("PLAN", "■"): (60, None),
}  # fmt: skip
OTHER: Arcs = {
    ("▶", "HENV"): (300, None), ("HENV", "SAMTALE"): (240, 9.0), ("SAMTALE", "PLAN"): (180, 12.0),
    ("PLAN", "SAMTALE"): (20, 3.0),
}  # fmt: skip


def publish(data_dir: Path, municipality_id: str, arcs: Arcs, process: str = "kontanthjaelp") -> None:
    """What `compare` reads of a publication; there is no folder of work at all."""
    folder = data_dir / "published" / municipality_id
    folder.mkdir(parents=True)
    receipt = replace_receipt(a_receipt(), municipality_id=municipality_id)
    (folder / "receipt.json").write_text(receipt.model_dump_json(), "utf-8")
    with duckdb.connect(str(folder / "published.duckdb")) as connection:
        connection.execute(
            "create table flow_filters as select ? as filter_id, 'all' as kind,"
            " 'Alle sager.' as sentence_da, 'All cases.' as sentence_en, 300::bigint as n_cases,"
            " 290::bigint as n_citizens, 0.1::double as share_open",
            [process],
        )
        connection.execute(
            "create table flow_map (filter_id varchar, arc_kind varchar, from_activity_id varchar,"
            " to_activity_id varchar, from_label_da varchar, from_label_en varchar,"
            " to_label_da varchar, to_label_en varchar, n_cases bigint, median_days double)"
        )
        for (begin, end), (n_cases, days) in arcs.items():
            kind = {"▶": "start"}.get(begin) or {"■": "end"}.get(end, "follows")
            connection.execute(
                "insert into flow_map values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [process, kind, begin, end, *[begin.title()] * 2, *[end.title()] * 2, n_cases, days],
            )


@pytest.fixture
def towns(data_dir: Path) -> None:
    publish(data_dir, "901", SAME)
    publish(data_dir, "902", OTHER)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["All cases. about 300 cases, 290 citizens", "Samtale → Plan 20 % 60 % +40 (+",
                "▲ more often in B 20.0 12.0", "no difference shown 6.5 9.0", "told by one only",
                "Counts are told in steps", "correction for all 3 arcs"]),
        ("da", ["Alle sager. omkring 300 forløb, 290 borgere", "▲ oftere i B 20,0 12,0",
                "ingen forskel vist 6,5 9,0", "kun oplyst af den ene", "Antal er oplyst i trin"]),
    ],
)  # fmt: skip
def test_shares_days_and_what_may_be_said_stand_side_by_side(
    towns: None, call: Call, language: str, told: list[str]
) -> None:
    answer = call("compare", "901", "902", "--lang", language)
    assert answer.code == 0, answer.said
    assert [one for one in told if one not in answer.out] == []


def test_a_map_is_written_of_what_both_tell(towns: None, call: Call, tmp_path: Path) -> None:
    path = tmp_path / "map.svg"
    answer = call(
        "compare", "901", "902", "--filter", "kontanthjaelp", "--lang", "en", "--map", path
    )
    assert answer.code == 0, answer.said
    svg = path.read_text("utf-8")
    assert "▲ 20 → 60%" in svg and "6.5 → 9 d" in svg
    assert "2 arcs that only one of them tells are not drawn" in svg
    assert "in A 10 % are in progress" in svg
    assert "▲ 6.5" not in svg  # days of published medians are not tested


def test_the_same_town_twice_differs_in_nothing(data_dir: Path, call: Call) -> None:
    publish(data_dir, "901", SAME)
    publish(data_dir, "902", SAME)
    answer = call("compare", "901", "902", "--lang", "en")
    assert answer.out.count("no difference shown") == len(SAME)
    assert "▲" not in answer.out and "▼" not in answer.out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["901", "901"], 2, "cannot be compared with itself"),
        (["901", "999"], 2, "999"),
        (["901", "903"], 1, "municipality 903 has published nothing here"),
        (["901", "902", "--filter", "nothing"], 2, "published by both: kontanthjaelp"),
        (["901", "902", "--map", "map.svg"], 2, "say which with --filter"),
        (["901", "902", "--filter", "kontanthjaelp", "--map", "no/such/map.svg"], 2,
         "expected a folder for the map"),
        (["901", "902", "--lang", "sv"], 2, "sv"),
    ],
)  # fmt: skip
def test_a_wrong_call_says_what_is_wrong(
    towns: None, call: Call, arguments: list[str], code: int, told: str
) -> None:
    answer = call("compare", *arguments)
    assert answer.code == code
    assert told in answer.said


def test_towns_that_share_no_process_are_not_compared(data_dir: Path, call: Call) -> None:
    publish(data_dir, "901", SAME)
    publish(data_dir, "902", SAME, "forsikrede_ledige")
    answer = call("compare", "901", "902")
    assert answer.code == 2 and "no process that both have cases of" in answer.err
