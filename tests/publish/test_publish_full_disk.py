"""A publication that finds the disk full says so, and what was published still serves."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.publish import Candidate, new_candidate_dir, promote
from tests.full_disk import disk_of, fill
from tests.publish.publish_data import rows


def test_a_candidate_on_a_full_disk_is_told_and_the_publication_stays(
    publish: Callable[..., Candidate], tmp_path: Path
) -> None:
    with disk_of(tmp_path / "small", 60) as place:
        published = place / "901"

        def put(hour: int) -> Path:
            candidate = publish(
                candidate_dir=new_candidate_dir(published),
                published_at=datetime(2026, 11, 22, hour, tzinfo=UTC),
            )
            return promote(candidate, published)

        path = put(12)
        filler = fill(place)
        with pytest.raises(PipelineError, match="is the disk full"):
            put(13)
        assert rows(path, "select hour(published_at) from publication") == [(12,)]
        filler.unlink()
        assert rows(put(14), "select hour(published_at) from publication") == [(14,)]
