"""Fixtures: the municipality of :mod:`publish_data`, and its publication."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pm_pipeline.publish import Candidate, build_candidate
from tests.publish.publish_data import (
    MARTS_YAML,
    Inputs,
    K,
    a_receipt,
    make_inputs,
    replace_receipt,
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """Made once; tests that change something take :func:`inputs`."""
    return make_inputs(tmp_path_factory.mktemp("work"))


@pytest.fixture
def inputs(built: Inputs, tmp_path: Path) -> Inputs:
    """A warehouse of its own, to be changed by the test."""
    warehouse = tmp_path / "warehouse.duckdb"
    warehouse.write_bytes(built.warehouse.read_bytes())
    return replace(built, warehouse=warehouse)


@pytest.fixture(scope="session")
def usual(built: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """The candidate with the usual arguments, to copy: building one takes ten times as long."""
    return _build(built, tmp_path_factory.mktemp("usual") / "candidate")


@pytest.fixture
def publish(built: Inputs, usual: Candidate, tmp_path: Path) -> Callable[..., Candidate]:
    """Build a candidate; every argument has the usual value."""

    def _publish(
        inputs: Inputs = built, candidate_dir: Path | None = None, **changes: Any
    ) -> Candidate:
        target = candidate_dir or tmp_path / "candidate"
        if inputs is built and not changes and candidate_dir is None:
            shutil.copytree(usual.path, target)
            return replace(usual, path=target)
        return _build(inputs, target, **changes)

    return _publish


def _build(
    inputs: Inputs,
    candidate_dir: Path,
    published_at: datetime = datetime(2026, 11, 22, 10, tzinfo=UTC),
    **changes: Any,
) -> Candidate:
    arguments: dict[str, Any] = {
        "municipality_id": "901",
        "min_group_size": K,
        "receipt": replace_receipt(a_receipt(), published_at=published_at),
        "withheld": set(),
        "mining_dir": inputs.mining_dir,
        "marts_yaml": MARTS_YAML,
    }
    return build_candidate(
        inputs.warehouse, inputs.rule_results, candidate_dir, **(arguments | changes)
    )
