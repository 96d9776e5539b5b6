"""From the day a regime begins its rules ask for data, and say so."""

from datetime import date

import pandas as pd
import pytest

from pm_pipeline.quality.judging.results import Outcome
from pm_pipeline.quality.judging.slices import Slice, not_judged
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.registry import Registry

PROCESS, REGIME = "kontanthjaelp", "kontanthjaelp__20260701"


@pytest.mark.parametrize(
    ("judged_on", "outcome"),
    [
        (date(2026, 6, 30), Outcome.NOT_IN_FORCE),
        (date(2026, 7, 1), Outcome.NO_DATA),
        (date(2027, 1, 1), Outcome.NO_DATA),
    ],
)
def test_a_regime_without_a_delivery_asks_for_data_from_its_first_day(
    judged_on: date, outcome: Outcome, registry: Registry
) -> None:
    cases = pd.DataFrame({
        "process_id": [PROCESS], "regime_id": ["kontanthjaelp__20240101"],
        "first_registered_on": [pd.Timestamp("2025-01-01")],
    })
    found = not_judged(
        Slice(PROCESS, REGIME), cases.iloc[:0], cases, Reference.of(registry), judged_on
    )
    assert found is not None and found[0] is outcome
