from pathlib import Path

import pytest
from ingest_files import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)
