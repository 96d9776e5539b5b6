"""Where each shipped rule is shown to find its fault: in a town on the real road, or by hand."""

from pm_pipeline.registry import load_registry
from tests.quality.clean_facts import REPOSITORY

LOG_ROWS = load_registry(REPOSITORY / "dbt_project" / "seeds").log_rules

#: The rules that judge each pattern of ``quality_patterns``: planted in test_planted_faults.
OF_PATTERNS = {
    "form_based": {"IM-001"}, "collateral": {"IM-002"}, "time_travel": {"IM-003"},
    "unanchored": {"IM-004"}, "zero_time": {"IM-005", "EV-010"}, "swapped_day_month": {"IM-006"},
    "mixed_granularity": {"IM-007"}, "batch_registration": {"IM-008"},
    "scattered_event": {"IM-009"}, "different_clocks": {"IM-010"}, "scattered_case": {"IM-011"},
    "required_field_missing": {"FL24-001"}, "code_after_end": {"LC-001"},
    "code_before_start": {"LC-002"}, "code_meaning_changed": {"LC-003"},
    "unmapped_since_change": {"LC-004", "RW-003", "RW-004"},
    "volume_outside_band": {"VO-002"}, "restated_history": {"RS-001"},
    "polluted_label": {"LB-001"}, "distorted_label": {"LB-002"}, "synonymous_label": {"LB-003"},
    "homonymous_label": {"LB-004"},
    "in_future": {"EV-001"}, "late_registration": {"EV-005"}, "elusive_case": {"RW-005"},
}
#: Rules that a share spoilt for another one breaks as well: test_planted_shares.
FOUND_WITH = {"FL26-001": "FL26_TALK_PARTY"}
#: Rules that a share spoilt for another one breaks besides, where that one was: courses whose acts all
#: lost their labels have no beginning left either.
ALSO_BROKEN_BY = {"CA-001": "CA-007"}
#: Codes that no delivery can bring under the shipped contracts, since a mapping, a process or a
#: contract turns each into one of the registry or leaves the row out: a fault of the program, planted
#: in the tables that the SQL of the facts reads (test_facts).
WRONG_CODES = {
    "CO-001": "update core.cases set target_group = '9.9' where case_id = 'A'",
    "CO-002": "update core.event_log set activity_id = 'HJEMMELAVET' where event_id = 'e0'",
    "CO-003": "update core.event_log set resource_type = 'somebody' where event_id = 'e0'",
    "CO-004": "update core.event_log set responsible_party = 'nobody' where event_id = 'e0'",
    "PR-002": "update core.event_log set activity_id = '311399-1234' where event_id = 'e0'",
    "PR-004": "update core.cases set target_group = '311399-1234' where case_id = 'A'",
}
#: Planted in tables by hand, in the test file named: no town is large enough, or no shipped contract
#: lets it happen.
BY_HAND = {
    "RS-002": "test_restated.py",  # only a full delivery deletes; the shipped contracts take increments
    "VO-001": "test_volume_bands.py",  # a volume that stays away needs years of many acts
}
