"""Does every regime have expectations of what the data look like under it?"""

from collections.abc import Sequence
from pathlib import Path

from pm_pipeline.law.checks.told import tell
from pm_pipeline.registry import Finding, Registry


def suite_findings(registry: Registry, expectation_dirs: Sequence[Path]) -> list[Finding]:
    """A finding for each regime without a suite: the change that began it judges no data.

    What stands in a suite is judged by :mod:`pm_pipeline.quality.suites.loading`. A field without any
    rule has regimes only because every case is under one; the data must show no law.
    """
    if not registry.rules:
        return []
    return [
        tell(regime, "regime_id",
             f"a suite in expectations/regimes/{regime.regime_id}/, since {regime.change_id} began it",
             "none", "add a file of expectations: see expectations/README.md")
        for regime in registry.regimes
        if not any(
            any((folder / "regimes" / regime.regime_id).glob("*.json")) for folder in expectation_dirs
        )
    ]
