"""Pseudonyms and the key files they hang on."""

import hashlib
import hmac
import os
import stat
from pathlib import Path

import pyarrow as pa
import pytest
from ingest_files import Town, csv_text, row, small_contract

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.values.pseudonymise import Keyring, Pseudonymiser

KEY = bytes(range(32))


def test_a_pseudonym_is_the_hmac_of_domain_and_value() -> None:
    expected = hmac.new(KEY, b"citizen|6101801234", hashlib.sha256).hexdigest()[:32]
    assert Pseudonymiser(KEY).pseudonym("citizen", "6101801234") == expected


def test_pseudonyms_are_those_of_earlier_loads() -> None:
    pseudonymiser = Pseudonymiser(KEY)
    known = {
        ("citizen", "6101801234"): "b653548640805bcfb56d47831d1bd96c",
        ("record", "Sag-Ærø/7"): "9803856ffc660fd8d97207a37993a185",
    }
    for (domain, value), pseudonym in known.items():
        assert pseudonymiser.pseudonym(domain, value) == pseudonym


def test_a_column_has_the_pseudonyms_of_its_values_however_varied_it_is(tmp_path: Path) -> None:
    table = small_contract(tmp_path).tables[0]
    pseudonymiser = Pseudonymiser(KEY)
    for count, distinct in ((0, 1), (3, 2), (2_500, 2_500), (2_500, 40), (2_500, 2_500), (5, 5)):
        ids = [None if n % 7 == 3 else f"Æ{n % distinct}" for n in range(count)]
        citizens = [f"61018{n % 10:05d}" for n in range(count)]
        rows = pa.table({
            "row_id": pa.array(ids, pa.string()), "citizen_id": pa.array(citizens, pa.string()),
        })
        made = pseudonymiser.pseudonymise(rows, table)
        assert made["row_id"].to_pylist() == [
            i and pseudonymiser.pseudonym("record", i) for i in ids
        ]
        assert made["citizen_id"].to_pylist() == [
            pseudonymiser.pseudonym("citizen", c) for c in citizens
        ]
    nothing = pa.table({"row_id": pa.nulls(4, pa.string()), "citizen_id": pa.nulls(4, pa.string())})
    assert pseudonymiser.pseudonymise(nothing, table)["row_id"].to_pylist() == [None] * 4


def test_key_id_is_the_start_of_a_mac_and_not_of_the_key() -> None:
    expected = hmac.new(KEY, b"key-id", hashlib.sha256).hexdigest()[:12]
    assert Pseudonymiser(KEY).key_id == expected


def test_domains_and_keys_keep_equal_numbers_apart() -> None:
    one, other = Pseudonymiser(KEY), Pseudonymiser(bytes(32))
    found = {
        one.pseudonym("citizen", "1"), one.pseudonym("case", "1"), other.pseudonym("case", "1"),
    }
    assert len(found) == 3


def test_a_key_is_made_once_for_each_municipality_readable_by_the_owner_only(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "keys"
    first = Keyring(folder).pseudonymiser("901").key_id
    assert Keyring(folder).pseudonymiser("901").key_id == first
    assert Keyring(folder).pseudonymiser("902").key_id != first
    assert stat.S_IMODE((folder / "901.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["901.key", "902.key"]


@pytest.mark.parametrize("content", [KEY, KEY.hex().encode(), KEY.hex().encode() + b"\n"])
def test_a_key_may_be_raw_or_hex(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "901.key"
    path.write_bytes(content)
    path.chmod(0o600)
    assert Keyring(tmp_path).pseudonymiser("901").key_id == Pseudonymiser(KEY).key_id


@pytest.mark.parametrize(("content", "mode", "words"), [
    (KEY, 0o640, "others may read"),
    (KEY, 0o604, "chmod 600"),
    (b"short", 0o600, "32 bytes"),
    (b"", 0o600, "32 bytes"),
    (b"z" * 64, 0o600, "32 bytes"),
    (KEY * 2, 0o600, "32 bytes"),
])
def test_a_wrong_key_file_is_refused_by_name_and_never_shown(
    tmp_path: Path, content: bytes, mode: int, words: str
) -> None:
    path = tmp_path / "901.key"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(PipelineError, match=words) as caught:
        Keyring(tmp_path).pseudonymiser("901")
    assert str(path) in str(caught.value)
    assert "zzz" not in str(caught.value)


def test_a_key_that_is_a_link_or_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(KEY)
    (tmp_path / "real").chmod(0o600)
    (tmp_path / "901.key").symlink_to(tmp_path / "real")
    (tmp_path / "902.key").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "903.key", 0o600)
    for municipality_id in ("901", "902", "903"):
        with pytest.raises(PipelineError, match="regular file"):
            Keyring(tmp_path).pseudonymiser(municipality_id)


def test_the_same_citizen_has_one_pseudonym_however_the_number_is_written(town: Town) -> None:
    rows = [row(1, CPR="610180-1234"), row(2, CPR="6101801234"), row(3, CPR=" 610180 1234")]
    town.load(small_contract(town.root), town.file("events.csv", csv_text(rows)))
    assert len({r["citizen_id"] for r in town.rows("small", "events")}) == 1


@pytest.mark.parametrize("change", ["replaced", "removed"])
def test_a_changed_or_lost_key_stops_the_load_before_anything_is_written(
    town: Town, change: str
) -> None:
    contract = small_contract(town.root)
    town.load(contract, town.file("events.csv", csv_text([row(1)])))
    before = town.lake_files()
    key = town.keys / "901.key"
    key.unlink()
    if change == "replaced":
        key.write_bytes(os.urandom(32))
        key.chmod(0o600)
    with pytest.raises(PipelineError, match="key"):
        town.load(contract, town.file("events2.csv", csv_text([row(2)])), day=2)
    assert town.lake_files() == before
    assert key.exists() == (change == "replaced")
