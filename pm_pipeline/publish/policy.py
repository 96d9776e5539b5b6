"""What may be published, as data: tables, columns, and the groups behind each figure.

Nothing outside :data:`PUBLISHED_TABLES` reaches BI. A new column of a mart stops the publication
until somebody has listed it here and said which group of people stands behind it.
"""

from collections.abc import Mapping

from pm_pipeline.publish.published_table import Part, PublishedTable, Slices

# A percentile says something about those beyond it: ten per cent of the group lie beyond the 90th.
# The figure (20 citizens at the default of five) is a choice of policy, not of law.
PERCENTILE_FACTOR = 4

_SLICE = "municipality_id process_id regime_id"
_FILTER = "municipality_id process_id filter_id"
_RULE = f"{_SLICE} target_group rule_id rule_version rule_title_da rule_title_en"
_ALL = ("n_cases", "n_citizens")
_EVENTS = ("n_events", "n_citizens")
_OF_RULE = ("process_id", "regime_id", "target_group", "rule_id", "rule_version")
#: Those whom a rule did not judge, each outcome a group of its own.
_NOT_JUDGED = tuple(
    Part(f"n_{outcome}", f"n_{outcome}_citizens")
    for outcome in ("pending", "exempt", "not_applicable", "not_computable")
)
_NOT_JUDGED_COLUMNS = " ".join(column for part in _NOT_JUDGED for column in part.columns)
_APART = tuple(part.count for part in _NOT_JUDGED)

_OUTCOMES = (
    Part("n_cases", "n_citizens"),
    Part(
        "n_fulfilled", "n_fulfilled_citizens", _ALL,
        ("share_fulfilled", "median_calendar_days", "median_counted_days", "median_working_days"),
    ),
    *_NOT_JUDGED,
)  # fmt: skip
_OUTCOME_COLUMNS = (
    "n_cases n_citizens n_fulfilled n_fulfilled_citizens share_fulfilled"
    f" {_NOT_JUDGED_COLUMNS} median_calendar_days median_counted_days median_working_days"
    " legal_basis_url certainty is_certain"
)
_OUTSIDE = tuple(
    Part(f"n_{outside}", f"n_{outside}_citizens")
    for outside in ("pending", "closed_before_due", "exempt", "not_computable")
)
_SHARES = (
    Part("n_cases", "n_citizens"),
    Part("n_reached", "n_reached_citizens", _ALL, ("share_reached", "quota_met")),
    *_OUTSIDE,
)
_SHARE_RULE = f"{_RULE} responsible_party required_count window_from window_to window_unit"
_SHARE_COLUMNS = (
    "n_cases n_citizens n_reached n_reached_citizens share_reached share_required quota_met"
    f" {' '.join(column for part in _OUTSIDE for column in part.columns)}"
    " legal_basis_url certainty is_certain"
)
#: What moved in a change nobody dated: the figures of one side, and what is said of both.
_MOVE = ("relation_size", "sentence_da", "sentence_en")
_MOVED_BEFORE = ("n_with_before", "n_with_citizens_before", "share_before", *_MOVE)
_MOVED_AFTER = ("n_with_after", "n_with_citizens_after", "share_after", *_MOVE)

#: What of a comparison could be computed back to either of its sides, or tells when those few did it.
_EFFECT = (
    "value_expected", "effect_size", "effect_low", "effect_high", "weeks_needed",
    "municipalities_needed", "n_needed", "adopted_on", "adopted_from_on", "adopted_to_on",
    "adoption_days", "is_late", "sentence_da", "sentence_en",
)  # fmt: skip


#: What of an initiative rests on both of its sides, of both groups.
_STEP = (
    "effect_size", "effect_low", "effect_high", "slope_change", "slope_low", "slope_high",
    "n_placebos", "placebo_share", "n_more_cases", "sentence_da", "sentence_en",
)  # fmt: skip

#: What of a comparison of two groups rests on both of them.
_GAP = (
    "difference", "difference_low", "difference_high", "effect_size", "p_at_most", "verdict",
)  # fmt: skip


def _judged(when: str) -> tuple[Part, ...]:
    """What a rule counted; ``n_failed_citizens``: behind what failed or what passed, the fewer."""
    share = f"percent{when or '_failed'}"
    return (
        Part(f"n_failed{when}", f"n_failed_citizens{when}", None, (share,)),
        Part(f"n_checked{when}", f"n_checked_citizens{when}", None, (f"n_failed{when}", share)),
    )


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TABLES = (
    PublishedTable(
        "kpi_time_to_first_talk",
        _columns(
            f"{_RULE} responsible_party limit_days limit_amount limit_unit n_cases n_citizens"
            " median_days p90_days median_counted_days p90_counted_days median_working_days"
            " p90_working_days n_within_limit n_within_limit_citizens share_within_limit"
            f" {_NOT_JUDGED_COLUMNS} legal_basis_url certainty"
        ),
        parts=(
            Part("n_within_limit", "n_within_limit_citizens", _ALL, ("share_within_limit",)),
            *_NOT_JUDGED,
        ),
        percentiles=("p90_days", "p90_counted_days", "p90_working_days"),
        apart=_APART,
    ),
    PublishedTable(
        "kpi_talks_in_window",
        _columns(
            f"{_RULE} responsible_party required_talks window_amount window_unit n_cases n_citizens"
            " mean_talks median_talks n_fulfilled n_fulfilled_citizens share_fulfilled"
            f" {_NOT_JUDGED_COLUMNS} legal_basis_url certainty"
        ),
        parts=(
            Part("n_fulfilled", "n_fulfilled_citizens", _ALL, ("share_fulfilled",)),
            *_NOT_JUDGED,
        ),
        apart=_APART,
    ),
    PublishedTable(
        "kpi_caseworker_changes",
        _columns(
            f"{_SLICE} target_group n_cases n_citizens mean_changes n_changed_cases"
            " n_changed_citizens share_changed"
        ),
        parts=(
            Part("n_changed_cases", "n_changed_citizens", _ALL, ("share_changed", "mean_changes")),
        ),
    ),
    PublishedTable(
        "kpi_lead_time",
        _columns(
            f"{_SLICE} target_group n_cases n_citizens mean_days median_days p90_days"
            " mean_working_days median_working_days p90_working_days"
        ),
        percentiles=("p90_days", "p90_working_days"),
    ),
    PublishedTable(
        "kpi_rework",
        _columns(
            f"{_SLICE} activity_id label_da label_en n_cases n_citizens n_repeated_cases"
            " n_repeated_citizens share_repeated mean_occurrences"
        ),
        parts=(
            Part(
                "n_repeated_cases",
                "n_repeated_citizens",
                _ALL,
                ("share_repeated", "mean_occurrences"),
            ),
        ),
    ),
    PublishedTable(
        "process_map",
        _columns(
            f"{_SLICE} arc_kind from_activity_id to_activity_id from_label_da from_label_en"
            " to_label_da to_label_en n_occurrences n_cases n_citizens mean_days median_days"
            " p90_days"
        ),
        percentiles=("p90_days",),
    ),
    PublishedTable(
        "process_activities",
        _columns(f"{_SLICE} activity_id label_da label_en family n_cases n_citizens"),
    ),
    PublishedTable(
        "process_variants",
        _columns(
            f"{_SLICE} variant_number path_da path_en n_events n_variants n_cases n_citizens"
        ),
    ),
    PublishedTable(
        "rule_outcomes_summary",
        _columns(f"{_RULE} kind cohort_month {_OUTCOME_COLUMNS}"),
        parts=_OUTCOMES,
        stands_by_parts=True,
        apart=_APART,
        slices=Slices(_OF_RULE, "cohort_month", "rule_outcomes_total"),
    ),
    PublishedTable(
        "rule_outcomes_total",
        _columns(f"{_RULE} kind {_OUTCOME_COLUMNS}"),
        parts=_OUTCOMES,
        stands_by_parts=True,
        apart=_APART,
    ),
    PublishedTable(
        "rule_shares",
        _columns(f"{_SHARE_RULE} cohort_month {_SHARE_COLUMNS}"),
        parts=_SHARES,
        stands_by_parts=True,
        apart=tuple(part.count for part in _OUTSIDE),
        slices=Slices(_OF_RULE, "cohort_month", "rule_shares_total"),
    ),
    PublishedTable(
        "rule_shares_total",
        _columns(f"{_SHARE_RULE} {_SHARE_COLUMNS}"),
        parts=_SHARES,
        stands_by_parts=True,
        apart=tuple(part.count for part in _OUTSIDE),
    ),
    PublishedTable(
        "discovered_models_summary",
        _columns(
            f"{_SLICE} algorithm parameters n_cases n_citizens covered_cases coverage n_variants"
            " fitness fitness_measure precision_score fitness_coverage precision_coverage"
            " precision_measure generalisation generalisation_coverage generalisation_measure"
            " simplicity simplicity_measure is_sound unmeasured_reason pm4py_version"
        ),
        parts=(Part("covered_cases", "covered_cases", ("n_cases", "n_cases"), ("coverage",)),),
    ),
    PublishedTable(
        "registration_lag",
        _columns(
            f"{_SLICE} system_id activity_id label_da label_en quarter_on n_events n_cases n_citizens"
            " median_days p90_days n_late n_late_citizens share_late"
        ),
        parts=(Part("n_late", "n_late_citizens", _EVENTS, ("share_late",)),),
        percentiles=("p90_days",),
    ),
    PublishedTable(
        "time_quality",
        _columns(
            f"{_SLICE} system_id family quarter_on flag n_events n_cases n_citizens n_flagged"
            " n_flagged_citizens share_flagged"
        ),
        parts=(Part("n_flagged", "n_flagged_citizens", _EVENTS, ("share_flagged",)),),
    ),
    PublishedTable(
        "log_imperfections",
        _columns(
            f"{_SLICE} pattern_id family grain label_da label_en n_checked n_cases n_citizens n_found"
            " n_found_citizens share_found false_picture_da false_picture_en mend_da mend_en field"
        ),
        parts=(Part("n_found", "n_found_citizens", ("n_checked", "n_citizens"), ("share_found",)),),
    ),
    PublishedTable(
        "change_comparison",
        _columns(
            "municipality_id kind change_id part changed_on title_da title_en process_id"
            " system_id axis measure item is_touched verdict reason n_citizens n_before"
            " n_before_citizens whole_before whole_before_citizens n_after n_after_citizens"
            " whole_after whole_after_citizens weeks_before weeks_after value_before"
            " value_expected value_after effect_measure effect_size effect_low effect_high p_value"
            " p_adjusted weeks_needed municipalities_needed n_needed is_new is_vanished adopted_on"
            " adopted_from_on adopted_to_on adoption_days is_late cause caused_by cause_rests_on"
            " confounders sentence_da sentence_en"
        ),
        parts=(
            Part(
                # what stands behind it or behind the rest, the fewer of both
                "n_before", "n_before_citizens", None, ("value_before", *_EFFECT),
            ),
            Part(
                "n_after", "n_after_citizens", None, ("value_after", *_EFFECT),
            ),
            # of a few, a part of nobody says that they are all the rest
            Part(
                "whole_before", "whole_before_citizens", None,
                ("n_before", "n_before_citizens", "value_before", *_EFFECT),
            ),
            Part(
                "whole_after", "whole_after_citizens", None,
                ("n_after", "n_after_citizens", "value_after", *_EFFECT),
            ),
        ),
    ),
    PublishedTable(
        "initiative_effects",
        _columns(
            "municipality_id initiative_id title_da title_en process_id starts_on ends_on"
            " registered_on is_exploratory owner_role measure measure_item follow_up_days"
            " target_groups target_units comparison_groups comparison_units direction"
            " expected_size design verdict reason n_citizens n_before n_before_citizens n_after"
            " n_after_citizens n_comparison_before n_comparison_before_citizens n_comparison_after"
            " n_comparison_after_citizens mean_before mean_after comparison_mean_before"
            " comparison_mean_after effect_size effect_low effect_high slope_change slope_low"
            " slope_high n_placebos placebo_share n_more_cases confounders sentence_da sentence_en"
        ),
        parts=tuple(
            Part(f"n_{side}", f"n_{side}_citizens", None, (mean, *_STEP))
            for side, mean in (
                ("before", "mean_before"), ("after", "mean_after"),
                ("comparison_before", "comparison_mean_before"),
                ("comparison_after", "comparison_mean_after"),
            )
        ),
        allows_empty_group=True,
    ),
    # Replays are of the model, not of people; of the weeks seen only `observed` tells.
    PublishedTable(
        "what_if_answers",
        _columns(
            "municipality_id what_if_id title_da title_en process_id activity_id label_da"
            " label_en quota_days first_days new_quota_days staffing_factor seen_from_on"
            " seen_until_on n_weeks n_busy_weeks n_cases n_citizens talks_per_working_day"
            " weeks_ahead outcome reason measure observed n_observed_citizens replayed_low"
            " replayed_high unchanged unchanged_low unchanged_high changed changed_low"
            " changed_high difference difference_low difference_high sentence_da sentence_en"
        ),
        parts=(Part("observed", "n_observed_citizens"),),
        allows_empty_group=True,
    ),
    # Shares and what is told of their difference are made of counts in steps, in the result itself.
    PublishedTable(
        "group_comparisons",
        _columns(
            "municipality_id comparison_id title_da title_en process_id first_filter_id"
            " first_da first_en second_filter_id second_da second_en follow_up_days"
            " outcome reason line_kind measure from_activity_id from_label_da"
            " from_label_en to_activity_id to_label_da to_label_en n_citizens"
            " n_cases_first n_citizens_first n_cases_second n_citizens_second n_too_young"
            " n_on_both_sides n_first n_first_citizens n_second n_second_citizens"
            " value_first value_second difference difference_low difference_high"
            " effect_measure effect_size p_at_most n_tested verdict"
        ),
        parts=(
            Part("n_cases_first", "n_citizens_first", None, ("n_first", "value_first", *_GAP)),
            Part("n_cases_second", "n_citizens_second", None, ("n_second", "value_second", *_GAP)),
            Part("n_first", "n_first_citizens", None, ("value_first", *_GAP)),
            Part("n_second", "n_second_citizens", None, ("value_second", *_GAP)),
        ),
        allows_empty_group=True,
    ),
    PublishedTable(
        "quality_summary",
        _columns(
            f"{_SLICE} dataset suite rule_id title_da title_en severity outcome n_cases n_citizens"
            " n_checked n_checked_citizens n_failed n_failed_citizens percent_failed threshold"
            " legal_basis detail"
        ),
        parts=_judged(""),
        allows_empty_group=True,
        keeps_withheld=True,
    ),
    PublishedTable(
        "quality_history",
        _columns(
            f"{_SLICE} dataset suite rule_id title_da title_en severity outcome since_on until_on"
            " is_current is_since_known n_judgements n_cases n_citizens n_checked_first"
            " n_checked_citizens_first n_failed_first n_failed_citizens_first percent_first"
            " n_checked_last n_checked_citizens_last n_failed_last n_failed_citizens_last percent_last"
            " threshold"
        ),
        parts=(*_judged("_first"), *_judged("_last")),
        allows_empty_group=True,
        keeps_withheld=True,
    ),
    # The exact size of a change would tell the share of what moved most: it is published by class.
    PublishedTable(
        "drift_points",
        _columns(
            "municipality_id process_id outcome n_cases n_citizens watch_days watched_until_on"
            " n_cases_needed change_number first_case_number changed_on earliest_on latest_on p_value"
            " n_permutations size_class resolution_cases n_cases_before n_citizens_before"
            " n_cases_after n_citizens_after near_change_kind near_change_id near_change_on"
            " near_change_days near_change_title_da near_change_title_en relation_number relation_kind"
            " from_activity_id to_activity_id responsible_party n_with_before"
            " n_with_citizens_before n_with_after n_with_citizens_after share_before share_after"
            " relation_size sentence_da sentence_en"
        ),
        parts=(
            Part("n_cases_before", "n_citizens_before", _ALL, _MOVED_BEFORE),
            Part("n_cases_after", "n_citizens_after", _ALL, _MOVED_AFTER),
            Part(
                "n_with_before", "n_with_citizens_before",
                ("n_cases_before", "n_citizens_before"), _MOVED_BEFORE,
            ),
            Part(
                "n_with_after", "n_with_citizens_after",
                ("n_cases_after", "n_citizens_after"), _MOVED_AFTER,
            ),
        ),
    ),
    # A slice without a model counts nobody and says so.
    PublishedTable(
        "deviations",
        _columns(
            f"{_SLICE} model_kind outcome grain n_cases n_citizens coverage fitness deviation_kind"
            " activity_ids activity_da activity_en after_activity_id n_with n_with_citizens"
            " n_without_citizens share_with acceptance accepted_reason_da accepted_reason_en"
            " accepted_by accepted_until_on rule_ids n_judged n_judged_citizens n_breached"
            " n_breached_citizens share_breached sentence_da sentence_en"
        ),
        parts=(
            # the mart tells who stands behind the rest itself: its counts are steps, no sums
            Part("n_with", "n_with_citizens", None, ("share_with", "sentence_da", "sentence_en")),
            Part(
                "n_without_citizens", "n_without_citizens", None,
                ("n_with", "n_with_citizens", "share_with", "sentence_da", "sentence_en"),
            ),
            Part("n_breached", "n_breached_citizens", None, ("share_breached",)),
            Part("n_judged", "n_judged_citizens", None, ("n_breached", "share_breached")),
        ),
        allows_empty_group=True,
    ),
    # A slice without a closed case counts nobody and says so.
    PublishedTable(
        "declare_constraints",
        _columns(
            f"{_SLICE} outcome n_cases n_citizens template first_activity_id first_label_da"
            " first_label_en second_activity_id second_label_da second_label_en n_activated n_satisfied"
            " n_satisfied_citizens n_violated n_violated_citizens support confidence sentence_da"
            " sentence_en"
        ),
        parts=(
            # the mart tells who stands behind both sides itself: its counts are steps, no sums
            Part(
                "n_satisfied", "n_satisfied_citizens", None,
                ("n_activated", "support", "confidence", "sentence_da", "sentence_en"),
            ),
            Part("n_violated", "n_violated_citizens", None, ("n_satisfied", "confidence")),
        ),
        allows_empty_group=True,
    ),
    PublishedTable(
        "object_map",
        _columns(
            "municipality_id process_id object_type object_label_da object_label_en arc_kind"
            " from_activity_id to_activity_id from_label_da from_label_en to_label_da to_label_en"
            " n_occurrences n_objects n_cases n_citizens"
        ),
    ),
    PublishedTable(
        "temporal_profile",
        _columns(
            f"{_SLICE} from_activity_id to_activity_id from_label_da from_label_en to_label_da"
            " to_label_en n_cases n_citizens case_coverage mean_days sd_days expected_from_days"
            " expected_to_days n_outside_cases n_outside_citizens share_outside sentence_da sentence_en"
        ),
        parts=(
            Part(
                "n_outside_cases", "n_outside_citizens", None,
                ("share_outside", "sentence_da", "sentence_en"),
            ),
        ),
    ),
    # A filter may lie within any other: all counts are told in steps.
    PublishedTable(
        "flow_filters",
        _columns(
            f"{_FILTER} kind sentence_da sentence_en yaml n_cases n_citizens n_open_cases"
            " n_open_citizens share_open n_closed_cases n_closed_citizens mean_days median_days"
            " p90_days median_working_days"
        ),
        parts=(
            Part("n_open_cases", "n_open_citizens", None, ("share_open",)),
            Part(
                "n_closed_cases", "n_closed_citizens", None,
                ("mean_days", "median_days", "p90_days", "median_working_days"),
            ),
        ),
        allows_empty_group=True,
    ),
    PublishedTable(
        "flow_map",
        _columns(
            f"{_FILTER} arc_kind from_activity_id to_activity_id from_label_da from_label_en"
            " to_label_da to_label_en n_occurrences n_cases n_citizens case_coverage mean_days"
            " median_days p90_days mean_working_days median_working_days p90_working_days verdict"
        ),
        percentiles=("p90_days", "p90_working_days"),
    ),
    PublishedTable(
        "flow_map_checked",
        _columns(
            f"{_FILTER} arc_kind from_activity_id to_activity_id from_label_da from_label_en"
            " to_label_da to_label_en n_occurrences n_cases n_citizens case_coverage"
        ),
    ),
    PublishedTable(
        "map_checks",
        _columns(
            f"{_FILTER} kind n_subjects n_checked n_real n_artefacts n_wrong share_checked"
            " n_occurrences n_checked_occurrences n_checked_citizens share_occurrences_checked n_cases"
            " n_citizens"
        ),
        parts=(
            Part(
                "n_checked_occurrences", "n_checked_citizens", None, ("share_occurrences_checked",),
            ),
        ),
    ),
    # A verdict whose subject nobody has, or too few, is told without figures.
    PublishedTable(
        "map_verdicts",
        _columns(
            "municipality_id process_id kind activity_ids subject_da subject_en verdict judged_on"
            " judged_by_role reason_da reason_en is_seen n_occurrences n_cases n_citizens case_coverage"
        ),
        allows_empty_group=True,
    ),
    PublishedTable(
        "flow_variants",
        _columns(
            f"{_FILTER} variant_number path_da path_en n_events n_cases n_citizens share"
            " cumulative_share verdict"
        ),
    ),
    PublishedTable(
        "flow_rework",
        _columns(
            f"{_FILTER} kind activity_id label_da label_en from_activity_id from_label_da"
            " from_label_en n_occurrences n_cases n_citizens case_coverage"
        ),
    ),
    PublishedTable(
        "flow_ping_pong",
        _columns(f"{_FILTER} n_occurrences n_cases n_citizens case_coverage"),
    ),
    PublishedTable(
        "flow_work_times",
        _columns(
            f"{_FILTER} activity_id label_da label_en n_events n_cases n_citizens mean_service_hours"
            " median_service_hours p90_service_hours n_waits n_wait_citizens mean_waiting_hours"
            " median_waiting_hours p90_waiting_hours"
        ),
        parts=(
            Part(
                "n_waits", "n_wait_citizens", None,
                ("mean_waiting_hours", "median_waiting_hours", "p90_waiting_hours"),
            ),
        ),
        percentiles=("p90_service_hours", "p90_waiting_hours"),
    ),
    PublishedTable(
        "flow_batches",
        _columns(
            f"{_FILTER} activity_id label_da label_en n_events n_batched_events n_cases n_citizens"
            " share_batched mean_batch_size"
        ),
    ),
    PublishedTable(
        "flow_backlog",
        _columns(
            f"{_FILTER} month_on n_cases n_citizens n_begun n_begun_citizens n_ended n_ended_citizens"
            " n_open n_open_citizens"
        ),
        parts=tuple(Part(f"n_{one}", f"n_{one}_citizens") for one in ("begun", "ended", "open")),
    ),
    PublishedTable(
        "time_use",
        _columns(
            f"{_FILTER} breakdown item label_da label_en n_events n_cases n_citizens share_of_events"
            " share_of_elapsed share_of_working_time"
        ),
    ),
    PublishedTable(
        "hand_over_waits",
        _columns(
            f"{_FILTER} between_whom given_by taken_by given_by_da given_by_en taken_by_da taken_by_en"
            " n_occurrences n_cases n_citizens case_coverage mean_days median_days p90_days"
            " mean_working_days median_working_days p90_working_days"
        ),
        percentiles=("p90_days", "p90_working_days"),
    ),
    PublishedTable(
        "unit_workload",
        _columns(
            "municipality_id process_id org_unit_id label_da label_en month_on n_staff n_events n_cases"
            " n_citizens n_machine_events n_events_per_staff"
        ),
    ),
    # It speaks of deliveries, of no process: it is withheld only together with the whole delivery.
    PublishedTable(
        "delivery_changes_summary",
        _columns(
            "municipality_id system_id table_name delivered_on compared_with_on period change"
            " column_name n_rows n_citizens"
        ),
    ),
    PublishedTable(
        "law_change_effects",
        _columns(
            "municipality_id change_id change_title_da change_title_en status is_law position section"
            " what item process_id regime_id target_group compared version_before version_after"
            " before_da after_da before_en after_en from_on to_on n_cases n_citizens n_fulfilled"
            " n_fulfilled_citizens share_fulfilled share_required quota_met legal_basis_url is_certain"
        ),
        parts=(
            Part(
                "n_fulfilled", "n_fulfilled_citizens", _ALL, ("share_fulfilled", "quota_met"),
            ),
        ),
        speaks_of_law=True,
    ),
    PublishedTable(
        "law_timeline",
        _columns(
            "municipality_id change_id title_da title_en kind status is_law certainty announced_on"
            " effective_on ended_on planned_on act reference_url process_id regimes_begun"
            " regimes_ended n_rules_begun n_rules_ended n_clock_stops n_exemptions n_mappings_begun"
            " n_mappings_ended"
        ),
        persons=None,
        keeps_withheld=True,
    ),
)

PUBLISHED_TABLES: Mapping[str, PublishedTable] = {table.name: table for table in _TABLES}

# Columns of these names, or ending with them, single somebody or something out. They have no place
# in a published table even if somebody lists them above.
FORBIDDEN_COLUMNS = (
    "case_id", "citizen_id", "event_id", "object_id", "caseworker_id", "staff_id", "variant_id",
    "cpr", "source_row", "source_file", "created_by",
)  # fmt: skip
