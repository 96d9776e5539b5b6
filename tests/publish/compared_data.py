"""Comparisons of two groups as the miners hand them over: one whole, one refused, one by unit."""

from dataclasses import replace
from pathlib import Path

from pm_pipeline.mining.comparison.line import (
    ComparedLine,
    Outcome,
    Reason,
    Verdict,
    write_rows,
)
from pm_pipeline.mining.comparison.report import MAPS_FILE, DrawnMap

PROCESS = "kontanthjaelp"
#: The comparison itself.
WHOLE = ComparedLine(
    municipality_id="901", comparison_id="groups", title_da="To grupper", title_en="Two groups",
    process_id=PROCESS, first_filter_id=f"{PROCESS}/target_group/6.2", first_da="Sager.",
    first_en="Cases.", second_filter_id=f"{PROCESS}/target_group/6.3", second_da="Sager.",
    second_en="Cases.", is_told=True, follow_up_days=182, outcome=Outcome.COMPARED, reason=None,
    line_kind="all", measure="cases", from_activity_id=None, to_activity_id=None,
    from_label_da=None, from_label_en=None, to_label_da=None, to_label_en=None, n_cases_first=60,
    n_citizens_first=61, n_cases_second=30, n_citizens_second=27, n_too_young=10,
    n_on_both_sides=0, n_first=None, n_first_citizens=None, n_second=None, n_second_citizens=None,
    value_first=None, value_second=None, difference=None, difference_low=None,
    difference_high=None, effect_measure=None, effect_size=None, p_at_most=None, n_tested=2,
    verdict=None,
)  # fmt: skip
_ARC = replace(
    WHOLE, line_kind="follows", measure="share", from_activity_id="FOERSTE_HENVENDELSE",
    to_activity_id="JOBSAMTALE", from_label_da="Første henvendelse", from_label_en="First contact",
    to_label_da="Jobsamtale", to_label_en="Job talk", n_too_young=None, n_on_both_sides=None,
    n_first=20, n_first_citizens=19, n_second=20, n_second_citizens=18, value_first=0.333,
    value_second=0.667, difference=0.334, difference_low=0.01, difference_high=0.6,
    effect_measure="cohens_h", effect_size=0.68, p_at_most=0.01, verdict=Verdict.HIGHER,
)
ROWS = [
    WHOLE,
    _ARC,
    # what the miners never hand over: the gate looks for itself
    replace(_ARC, to_activity_id="AFMELDT_JOB", n_second=10, n_second_citizens=3),
    replace(
        WHOLE, comparison_id="few", outcome=Outcome.NOT_COMPARABLE,
        reason=Reason.BELOW_MINIMUM_GROUP, n_cases_second=None, n_cases_first=None,
        n_citizens_second=3, n_too_young=10, n_tested=None,
    ),
    replace(WHOLE, comparison_id="units", is_told=False, first_filter_id=f"{PROCESS}/unit/a"),
]
MAPS = [
    DrawnMap("groups", PROCESS, True, 27, "comparisons/groups"),
    DrawnMap("units", PROCESS, False, 27, "comparisons/units"),
]


def write_compared(mining_dir: Path) -> None:
    """The rows, the list of maps, and the maps."""
    write_rows(ComparedLine, ROWS, mining_dir / "group_comparisons.parquet")
    write_rows(DrawnMap, MAPS, mining_dir / MAPS_FILE)
    for one in MAPS:
        (mining_dir / one.map_dir).mkdir(parents=True)
        for language in ("da", "en"):
            (mining_dir / one.map_dir / f"map_{language}.svg").write_text("<svg/>", "utf-8")
