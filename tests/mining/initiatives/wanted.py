"""An initiative that expects eight days less."""

from datetime import date
from typing import Any

from pm_pipeline.mining.initiatives.limits import Limits
from pm_pipeline.mining.initiatives.series import Initiative

LIMITS = Limits(
    period_days=28, reach_days=1092, near_days=91, power=0.8, placebo_share=0.2, fewest_placebos=5
)


def initiative(**other: Any) -> Initiative:
    row: dict[str, Any] = {
        "initiative_id": "I", "title_da": "Indsats", "title_en": "Initiative", "process_id": "p",
        "starts_on": date(2024, 5, 1), "ends_on": None, "measure": "days_to_first_talk",
        "measure_item": None, "follow_up_days": 28, "target_groups": None, "target_units": None,
        "comparison_groups": None, "comparison_units": None, "direction": "lower",
        "expected_size": 8.0, "registered_on": date(2024, 4, 1), "owner_role": "Leder",
    }
    return Initiative(**(row | other))
