"""A command line on a data folder of its own, and a small delivery of a fictional town."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Answer, Call

from pm_pipeline import cli
from pm_pipeline.settings import get_settings
from pm_pipeline.synthetic import generate


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder that every call of the test works on; keys lie beside it."""
    folder = tmp_path / "data"
    monkeypatch.setenv("PM_DATA_DIR", str(folder))
    monkeypatch.setenv("PM_KEY_DIR", str(tmp_path / "keys"))
    monkeypatch.delenv("PM_FIELD_DIR", raising=False)
    get_settings.cache_clear()
    yield folder
    get_settings.cache_clear()


@pytest.fixture
def call(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Run the console entry point as a user would, without the price of a process."""

    def _call(*arguments: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["pm-pipeline", *map(str, arguments)])
        get_settings.cache_clear()
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        shown = capsys.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Answer(code or 0, " ".join(shown.out.split()), " ".join(shown.err.split()))

    return _call


@pytest.fixture(scope="session")
def fasit_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound export of twenty citizens, with names, CPR-like numbers and notes in it."""
    folder = tmp_path_factory.mktemp("fasit")
    generate("903", "fasit", folder, seed=7, n_citizens=20)
    return sorted(folder.glob("*/*.csv"))[0]
