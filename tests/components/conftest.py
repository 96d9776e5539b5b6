"""A data folder of its own for what reads the settings of the process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pm_pipeline.settings import Settings, get_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of this process, on an empty data folder."""
    monkeypatch.setenv("PM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PM_KEY_DIR", str(tmp_path / "keys"))
    monkeypatch.delenv("PM_FIELD_DIR", raising=False)
    get_settings.cache_clear()
    yield get_settings()
    get_settings.cache_clear()
