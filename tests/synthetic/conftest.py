"""Three small municipalities, one per system, made once."""

import pytest
from synthetic_town import Town

from pm_pipeline.synthetic import generate
from pm_pipeline.synthetic.behaviour import LONG


def _make(tmp_path_factory: pytest.TempPathFactory, municipality_id: str, system: str) -> Town:
    folder = tmp_path_factory.mktemp(f"synthetic_{system}")
    truth = generate(municipality_id, system, folder, seed=7, n_citizens=260, span=LONG)
    return Town(folder, truth)


@pytest.fixture(scope="session")
def momentum(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return _make(tmp_path_factory, "901", "momentum")


@pytest.fixture(scope="session")
def fasit(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return _make(tmp_path_factory, "903", "fasit")


@pytest.fixture(scope="session")
def event_log(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return _make(tmp_path_factory, "905", "event_log")


@pytest.fixture(scope="session")
def towns(momentum: Town, fasit: Town, event_log: Town) -> tuple[Town, Town, Town]:
    return momentum, fasit, event_log
