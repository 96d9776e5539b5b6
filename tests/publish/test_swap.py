"""Readers see one whole publication at any moment."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pm_pipeline.console.run import withheld_line
from pm_pipeline.errors import PipelineError
from pm_pipeline.publish import (
    Candidate,
    new_candidate_dir,
    promote,
    read_receipt,
    read_summary,
)
from pm_pipeline.publish import swap as swap_module
from tests.publish.publish_data import CASH, INSURED, rows

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def published_dir(tmp_path: Path) -> Path:
    return tmp_path / "published" / "901"


def put(
    publish: Callable[..., Candidate], published_dir: Path, hours: int = 0, **more: object
) -> Path:
    candidate = publish(
        candidate_dir=new_candidate_dir(published_dir),
        published_at=NOON + timedelta(hours=hours),
        **more,
    )
    return promote(candidate, published_dir)


def test_the_publication_is_found_under_the_names_bi_knows(
    publish: Callable[..., Candidate], published_dir: Path
) -> None:
    path = put(publish, published_dir)
    assert path == published_dir / "published.duckdb"
    assert rows(path, "select municipality_id from publication") == [("901",)]
    assert pq.read_table(published_dir / "parquet" / "process_map.parquet").num_rows == 16
    assert (published_dir / "models" / "kontanthjaelp__20240101__process_map.svg").is_file()
    assert (published_dir / "models" / "kontanthjaelp__object_map.svg").is_file()
    receipt = read_receipt(published_dir)
    assert receipt is not None and receipt.published_at == NOON


def test_a_publication_can_be_moved_elsewhere_as_a_whole(
    publish: Callable[..., Candidate], published_dir: Path, tmp_path: Path
) -> None:
    put(publish, published_dir)
    moved = published_dir.rename(tmp_path / "elsewhere")
    assert rows(moved / "published.duckdb", "select count(*) from publication") == [(1,)]


def test_an_open_reader_keeps_its_publication_and_the_next_one_gets_the_new(
    publish: Callable[..., Candidate], published_dir: Path
) -> None:
    path = put(publish, published_dir)
    with duckdb.connect(str(path.resolve()), read_only=True) as reader:
        put(publish, published_dir, hours=1, withheld={CASH})
        # read only now, after the swap: the file it has open must still be whole
        assert len(reader.execute("from process_map").fetchall()) == 16
    assert rows(path.resolve(), "select count(*) from process_map")[0][0] < 16


def test_database_parquet_and_models_change_together_under_constant_readers(
    publish: Callable[..., Candidate], published_dir: Path
) -> None:
    put(publish, published_dir)
    # Two publications that differ in every part, put in place again and again.
    prepared = [
        publish(
            candidate_dir=published_dir.parent / f"prepared{hour}",
            published_at=NOON + timedelta(hours=hour),
            withheld={INSURED} if hour % 2 else set(),
        )
        for hour in range(1, 5)
    ]
    done, wrong = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            generation = (published_dir / "current").resolve()
            try:
                models = {path.name for path in (published_dir / "models").iterdir()}
                table = pq.read_table(published_dir / "parquet" / "publication.parquet")
                whole = published_dir / "published.duckdb"
                header = whole.read_bytes()[8:12]
            except OSError as error:
                wrong.append(repr(error))
                return
            if (published_dir / "current").resolve() != generation:
                continue  # a swap came in between: the parts may be of either
            if table["generation"][0].as_py() != generation.name or header != b"DUCK":
                wrong.append("mixed")
            with_insured = any(name.startswith("forsikrede") for name in models)
            hour = table["published_at"][0].as_py().hour
            if with_insured != (hour % 2 == 0):
                wrong.append("models of another generation")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for candidate in prepared:
        promote(candidate, published_dir)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_only_the_last_generations_are_kept(
    publish: Callable[..., Candidate], published_dir: Path
) -> None:
    for hours in range(3):
        put(publish, published_dir, hours=hours)
    kept = sorted(path.name[:16] for path in (published_dir / "generations").iterdir())
    assert kept == ["20261122T130000000000Z"[:16], "20261122T140000000000Z"[:16]]
    receipt = read_receipt(published_dir)
    assert receipt is not None and receipt.published_at == NOON + timedelta(hours=2)


def test_what_a_killed_run_left_is_removed_at_the_next_start(published_dir: Path) -> None:
    leftover = new_candidate_dir(published_dir)
    (leftover / "parquet").mkdir(parents=True)
    (published_dir / ".link-current-1").symlink_to("nowhere")
    fresh = new_candidate_dir(published_dir)
    assert fresh != leftover
    assert not leftover.exists()
    assert not (published_dir / ".link-current-1").is_symlink()


def test_a_failing_swap_leaves_the_old_publication_and_no_half_of_the_new(
    publish: Callable[..., Candidate], published_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(publish, published_dir)
    before = sorted(p.name for p in (published_dir / "generations").iterdir())

    def full(_link: Path, _target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(swap_module, "_link", full)
    with pytest.raises(PipelineError, match="No space left on device"):
        put(publish, published_dir, hours=1)
    assert sorted(p.name for p in (published_dir / "generations").iterdir()) == before
    assert rows(path.resolve(), "select published_at from publication") == [
        (NOON.replace(tzinfo=None),)
    ]


def test_the_summary_shows_the_kpis_of_the_publication(
    publish: Callable[..., Candidate], published_dir: Path
) -> None:
    summary = read_summary(put(publish, published_dir, withheld={INSURED}))
    first_talk = next(
        kpi for kpi in summary.kpis
        if kpi.kpi == "time_to_first_talk" and kpi.target_group == "6.2"
    )  # fmt: skip
    assert (first_talk.value, first_talk.limit, first_talk.n_cases) == (5.0, 7, 52)
    assert first_talk.share == pytest.approx(40 / 52)
    assert {kpi.kpi for kpi in summary.kpis} == {
        "time_to_first_talk", "talks_in_window", "caseworker_changes", "lead_time",
    }  # fmt: skip
    assert summary.quality == {"FAIL": 2, "NO_DATA": 1, "PASS": 2}
    assert summary.withheld_slices == (INSURED,) and not summary.is_all_withheld
    assert [rule.rule_id for rule in summary.withheld_for] == ["TALKS_BY_FUND"]
    assert summary.rows_removed > 0


def test_the_end_of_a_run_says_how_many_slices_are_withheld_and_because_of_which_rule(
    publish: Callable[..., Candidate], published_dir: Path
) -> None:
    one = read_summary(put(publish, published_dir, withheld={INSURED}))
    several = replace(one, withheld_slices=(INSURED, CASH))
    lines = [withheld_line("Nordlund", summary) for summary in (one, several)]
    assert lines == [
        f"901 Nordlund: [bold red]Critical[/]: {told} withheld from publication because of"
        " TALKS_BY_FUND Rule. See `pm-pipeline quality --last`."
        for told in ("1 slice is", "2 slices are")
    ]
    sound = read_summary(put(publish, published_dir, hours=1))
    assert withheld_line("Nordlund", replace(sound, withheld_for=())) is None


def test_a_summary_of_nothing_says_so(published_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="nothing is published here yet"):
        read_summary(published_dir / "published.duckdb")
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).close()
    with pytest.raises(PipelineError, match="not a publication of this version"):
        read_summary(other)
