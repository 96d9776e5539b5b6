"""Codes that nobody knows keep the last publication; mended, they come in, and the counts say so."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pm_pipeline.synthetic import generate

REPOSITORY = Path(__file__).resolve().parents[2]
SHIPPED = REPOSITORY / "pm_pipeline" / "defs" / "ingest"
ALLOWED = "allowed: [Kommune, A-kasse, Fælles]"
MAPPINGS = Path("seeds") / "mapping" / "activity_mappings.csv"


def _call(root: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pm_pipeline.cli", *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=REPOSITORY,
        env=os.environ | {
            "PM_DATA_DIR": str(root / "data"), "PM_KEY_DIR": str(root / "keys"),
            "PM_FIELD_DIR": str(root / "field"),
        },
    )


def _count(shown: str, reason: str, place: int) -> int:
    """A number of the line of a reason: the first, second … after it."""
    (line,) = [one for one in shown.splitlines() if f" {reason} " in f"{one} "]
    numbers = re.findall(r"[-+]?[0-9,]+", line.split(reason, 1)[1])
    return int(numbers[place].replace(",", ""))


@pytest.mark.slow
def test_unknown_codes_stop_the_publication_until_they_are_mended_and_replayed(tmp_path: Path) -> None:
    field = tmp_path / "field"
    shutil.copytree(REPOSITORY / "dbt_project" / "seeds", field / "seeds")
    shutil.copytree(REPOSITORY / "dbt_project" / "scenarios", field / "scenarios")
    shutil.copytree(REPOSITORY / "expectations", field / "expectations")
    (field / "contracts" / "fasit").mkdir(parents=True)
    contract = field / "contracts" / "fasit" / "defs.yaml"
    sound = (SHIPPED / "fasit" / "defs.yaml").read_text(encoding="utf-8")
    assert ALLOWED in sound
    contract.write_text(sound.replace(ALLOWED, "allowed: [Kommune, A-kasse]"), encoding="utf-8")
    mappings = (field / MAPPINGS).read_text(encoding="utf-8")
    without = "".join(
        line for line in mappings.splitlines(keepends=True) if ",JOBSAMTALE," not in line
    )
    (field / MAPPINGS).write_text(without, encoding="utf-8")
    generate("903", "fasit", tmp_path / "export", seed=3, n_citizens=60)
    file = min((tmp_path / "export").glob("*/*.csv"))
    delivered = _call(
        tmp_path, "deliver", "-m", "903", "-s", "fasit", "--delivered-on", file.parent.name, file
    )
    assert delivered.returncode == 0, delivered.stderr
    # a code that carries many acts and that nobody knows: loud, and nothing is published
    ran = _call(tmp_path, "run", "-m", "903")
    assert ran.returncode == 1
    assert "percent of the acts have a code that no mapping knows" in ran.stdout
    assert re.search(r"fasit\.haendelser: Jobsamtale: [0-9]+", ran.stdout)
    assert not (tmp_path / "data" / "published" / "903" / "published.duckdb").exists()
    counted = _call(tmp_path, "rejects", "list", "-m", "903").stdout
    unknown, unmapped = _count(counted, "UNKNOWN_CODE", 0), _count(counted, "unmapped_code", 0)
    assert unknown > 0 and unmapped > 0

    contract.write_text(sound, encoding="utf-8")
    (field / MAPPINGS).write_text(mappings, encoding="utf-8")
    replayed = _call(tmp_path, "rejects", "replay", "-m", "903")
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    assert [_count(replayed.stdout, "UNKNOWN_CODE", place) for place in (0, 1)] == [unknown, 0]
    before, after = (_count(replayed.stdout, "unmapped_code", place) for place in (0, 1))
    # the generator plants codes that no mapping knows: those stay
    assert before == unmapped and 0 <= after < before
    assert (tmp_path / "data" / "published" / "903" / "published.duckdb").exists()

    nothing = _call(tmp_path, "rejects", "replay", "-m", "903")
    assert nothing.returncode == 0 and "Nothing was mended" in nothing.stdout
