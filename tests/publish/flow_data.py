"""What the marts of the flow and of units read, by hand: of many, of a few, of nobody."""

import duckdb

PROCESS = "kontanthjaelp"
_TABLES = f"""
create table core.case_filters as
select *, filter_id as yaml, 'Sager.' as sentence_da, 'Cases.' as sentence_en from (values
    (1, '{PROCESS}', '{PROCESS}', 'all', 0, []::varchar[]),
    (2, 'nobody', '{PROCESS}', 'written', 1, ['activity']),
    (3, '{PROCESS}/unit/a', '{PROCESS}', 'unit', 1, ['unit']),
    (4, 'few', '{PROCESS}', 'written', 1, ['activity'])
) as filters(filter_number, filter_id, process_id, kind, n_conditions, fields);
create table core.filter_sizes as
select * from (values
    (1, 92, 87, 300, 7, 7, 85, 80, 7 / 92, 50.4e0, 40.0e0, 90.0e0, 28.0e0),
    (2, 0, 0, 0, 0, 0, 0, 0, null, null, null, null, null),
    (3, 60, 60, 200, 0, 0, 60, 60, 0.0e0, 50.0e0, 40.0e0, 90.0e0, 28.0e0),
    (4, 4, 4, 12, 0, 0, 4, 4, 0.0e0, 50.0e0, 40.0e0, 90.0e0, 28.0e0)
) as sizes(
    filter_number, n_cases, n_citizens, n_events, n_open_cases, n_open_citizens, n_closed_cases,
    n_closed_citizens, share_open, mean_lead_time_days, median_lead_time_days,
    p90_lead_time_days, median_working_days
);
create table core.figures as
select f.filter_number, f.n_citizens as n_cases, f.n_citizens
from (values (1, 87), (1, 3), (3, 60)) as f(filter_number, n_citizens);
create table core.filter_follows as
select *, 1 as from_activity_code, n_citizens % 2 + 1 as to_activity_code, 2 * n_cases as n_occurrences,
    1.04e0 as mean_days, 1.0e0 as median_days, 2.0e0 as p90_days, 0.5e0 as mean_working_days,
    0.5e0 as median_working_days, 1.0e0 as p90_working_days
from core.figures;
create table core.filter_ends as
select *, 'start' as kind, 1 as activity_code from core.figures where n_citizens > 5
union all by name select *, 'end' as kind, 2 as activity_code from core.figures;
create table core.filter_paths as
select *, n_citizens::varchar as variant_id, 1 as example_variant_number, 2 as n_events,
    row_number() over (partition by filter_number order by n_cases desc) as place,
    n_cases / 92 as share, n_cases / 92 as cumulative_share
from core.figures;
create table core.variant_steps as
select 1 as variant_number, 1 as step_number, 1 as activity_code union all select 1, 2, 2;
create table core.filter_rework as
select *, 'return' as kind, 1 as activity_code, 2 as from_activity_code, n_cases as n_occurrences
from core.figures where n_citizens > 5
union all by name select *, 'return' as kind, n_cases as n_occurrences from core.figures;
create table core.filter_ping_pong as
select *, null as org_unit_id, n_cases as n_occurrences from core.figures
union all by name
select *, 'a' as org_unit_id, 'b' as other_org_unit_id, n_cases as n_occurrences from core.figures;
create table core.filter_work_times as
select *, 1 as activity_code, n_cases as n_events, 2.0e0 as mean_service_hours,
    2.0e0 as median_service_hours, 3.0e0 as p90_service_hours, 6 as n_waits, 3 as n_wait_citizens,
    5.0e0 as mean_waiting_hours, 5.0e0 as median_waiting_hours, 9.0e0 as p90_waiting_hours
from core.figures;
create table core.filter_batches as
select *, 1 as activity_code, 2 * n_cases as n_events, n_cases as n_batched_events,
    0.5e0 as share_batched, 7.2e0 as mean_batch_size
from core.figures;
create table core.filter_months as
select *, make_date(2025, n_citizens % 2 + 1, 1) as month_on, n_cases as n_begun,
    n_citizens as n_begun_citizens, 3 as n_ended, 3 as n_ended_citizens, n_cases - 3 as n_open,
    n_citizens - 3 as n_open_citizens
from core.figures;
create table core.object_types as
select * from (values ('offer', 'Tilbud', 'Offer'), ('permit', 'permit', 'permit'))
    as types(object_type, label_da, label_en);
create table core.object_follows as
select
    '{PROCESS}' as process_id, 'offer' as object_type, 'follows' as arc_kind,
    'JOBSAMTALE' as from_activity_id, *
from (values ('MIN_PLAN', 203, 84, 82, 80), ('AFMELDT_JOB', 12, 9, 9, 4))
    as arcs(to_activity_id, n_occurrences, n_objects, n_cases, n_citizens)
union all by name
select
    '{PROCESS}' as process_id, 'permit' as object_type, 'start' as arc_kind,
    'JOBSAMTALE' as to_activity_id, 84 as n_occurrences, 84 as n_objects,
    82 as n_cases, 80 as n_citizens;
create table core.temporal_profile_of_pairs as
select
    '{PROCESS}' as process_id, '{PROCESS}__20250101' as regime_id,
    'FOERSTE_HENVENDELSE' as from_activity_id, pairs.*, 92 as n_slice_cases,
    1080000.0e0 as mean_seconds, 86400.0e0 as sd_seconds
from (values
    ('JOBSAMTALE', 84, 80, 6, 4), ('MIN_PLAN', 84, 80, 0, 0), ('AFMELDT_JOB', 84, 80, 12, 9),
    ('FOERSTE_HENVENDELSE', 4, 4, 0, 0)
) as pairs(to_activity_id, n_cases, n_citizens, n_outside_cases, n_outside_citizens);
create table core.filter_time as
select filter_number, 'resource' as breakdown, item, n_events, n_cases, n_citizens,
    n_events / 300 as share_of_events, n_events / 300 as share_of_elapsed,
    n_events / 300 as share_of_working_time
from (values
    (1, 'human', 203, 92, 87), (1, 'citizen', 90, 60, 60), (1, 'robot', 7, 3, 3),
    (3, 'human', 60, 60, 60)
) as used(filter_number, item, n_events, n_cases, n_citizens)
union all by name
select 1 as filter_number, 'value' as breakdown, item, n_events, 92 as n_cases, 87 as n_citizens,
    n_events / 293 as share_of_events, 0.204 as share_of_elapsed, 0.196 as share_of_working_time
from (values ('necessary', 93), ('unclassified', 200)) as used(item, n_events);
create table core.filter_hand_overs as
select *, 'resource' as between_whom, 'human' as given_by, 'robot' as taken_by,
    n_cases as n_occurrences,
    1.04e0 as mean_days, 1.0e0 as median_days, 2.0e0 as p90_days, 0.5e0 as mean_working_days,
    0.5e0 as median_working_days, 1.0e0 as p90_working_days
from core.figures
union all by name
select 1 as filter_number, 'unit' as between_whom, 'large' as given_by, 'unheard of' as taken_by,
    50 as n_occurrences, 50 as n_cases, 50 as n_citizens;
create table core.standing_verdicts as
select *, '{PROCESS}' as process_id, date '2025-05-01' as judged_on, 'Leder' as judged_by_role,
    'da' as reason_da, 'en' as reason_en
from (values
    (1, 'edge', 'FOERSTE_HENVENDELSE|JOBSAMTALE', [1, 2], 'registration_artefact'),
    (2, 'activity', 'JOBSAMTALE', [2], 'real'),
    (3, 'variant', 'MIN_PLAN|JOBSAMTALE', [3, 2], 'wrong'),
    (4, 'activity', 'FORMER', null, 'wrong'),
    (5, 'variant', 'FOERSTE_HENVENDELSE|JOBSAMTALE', [1, 2], 'real')
) as verdicts(verdict_number, kind, activity_ids, activity_codes, verdict);
create table core.verdict_variants as
select 5 as verdict_number, 'variant' as kind, 'real' as verdict, 1 as variant_number, 1 as n_times;
create table core.verdict_sizes as
select *, 1 as filter_number, n_citizens as n_cases, 2 * n_citizens as n_occurrences
from (values (1, 87), (2, 87), (3, 3), (4, 0), (5, 87)) as sizes(verdict_number, n_citizens);
create table core.filter_checks as
select *, n_citizens as n_cases from (values
    (1, 'edge', 'checked', 1, 1, 174, 87), (1, 'edge', 'registration_artefact', 1, 1, 174, 87),
    (1, 'edge', 'unchecked', 9, 3, 20, 12),
    (1, 'variant', 'checked', 1, 0, 3, 3), (1, 'variant', 'wrong', 1, 0, 3, 3),
    (1, 'variant', 'unchecked', 20, 0, 89, 87),
    (1, 'activity', 'unchecked', 4, 4, 300, 87),
    (3, 'activity', 'unchecked', 4, 4, 300, 60), (4, 'activity', 'unchecked', 4, 0, 12, 4)
) as checks(
    filter_number, kind, verdict, n_subjects, n_told_subjects, n_occurrences, n_citizens
);
create table core.checked_follows as
select * from core.figures cross join (values ('follows', 1, 2), ('start', null, 1), ('end', 2, null))
    as arcs(arc_kind, from_activity_code, to_activity_code);
alter table core.checked_follows add column n_occurrences bigint default 92;
create table core.told_units as
select 'large' as org_unit_id, 1 as unit_number, 'Stor' as label_da, 'Large' as label_en, 8 as n_staff,
    date '2020-01-01' as valid_from, null::date as valid_to;
create table core.unit_months as
select *, '{PROCESS}' as process_id, 'large' as org_unit_id, 8 as n_staff
from (values
    (date '2025-01-01', 203, 41, 92, 87, 30), (date '2025-02-01', 203, 3, 92, 87, 3),
    (date '2025-03-01', 203, 0, 92, 87, 0), (date '2025-04-01', 9, 0, 4, 4, 0)
) as months(month_on, n_events, n_machine_events, n_cases, n_citizens, n_machine_citizens);
"""


def write_flow(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables of core/flow that marts read, over activities that are there."""
    connection.execute(_TABLES)
