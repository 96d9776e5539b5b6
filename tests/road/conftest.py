"""The whole demo, run once as a user runs it; the tests read what it made."""

from collections.abc import Iterator

import pytest

from tests.road.the_road import CITIZENS, MUNICIPALITIES, Place, Road, Town, town_of


@pytest.fixture(scope="session")
def road(tmp_path_factory: pytest.TempPathFactory) -> Road:
    """`demo` and `run`, each a process of its own, in an empty folder with no keys yet."""
    folder = tmp_path_factory.mktemp("road")
    place = Place(folder / "data", folder / "keys")
    demo = place.call("demo", "--citizens", str(CITIZENS))
    assert demo.exit_code == 0, demo.output
    run = place.call("run")
    assert run.exit_code == 0, run.output
    return Road(place.data_dir, place.key_dir, demo, run)


@pytest.fixture(scope="session", params=MUNICIPALITIES)
def town(road: Road, request: pytest.FixtureRequest) -> Iterator[Town]:
    """Each municipality in turn."""
    with town_of(road, request.param) as found:
        yield found
