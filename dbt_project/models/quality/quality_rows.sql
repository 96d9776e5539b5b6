-- noqa: disable=LT01,LT02
-- What became of the delivered rows, one row per system and table: read, rejected while reading,
-- rejected as events, events outside every case. A fault of delivery belongs to no process or regime,
-- so those two are null. The three counts have no common key but system and table (one row of a talk
-- can give two events), hence a full join: a table that was read but gave no event is still a row.
{%- set shares = {
    'rows_rejected_at_reading': 'rows_in_files',
    'values_rejected_at_reading': 'rows_in_files',
    'rows_rejected': 'judged_rows',
    'rows_unmapped': 'judged_rows',
    'events_outside_cases': 'events',
    'unmapped_codes_like_person_numbers': 'unmapped_codes',
    'citizen_links_not_followed': 'citizen_links',
    'courses_without_target_group': 'courses',
} %}

with read_rows as (
    select
        system_id,
        table_name as source_table,
        sum(rows_in_file) as rows_in_files,
        sum(rows_rejected) as rows_rejected_at_reading
    from {{ ref('deliveries') }}
    group by all
),

rejected_values as (
    select
        system_id,
        table_name as source_table,
        count(*) as values_rejected_at_reading
    from {{ ref('rejected_rows') }}
    where row_kept
    group by all
),

events as (
    select
        events.system_id,
        events.source_table,
        count(*) as events,
        count(elusive.event_id) as events_outside_cases
    from {{ ref('events') }} as events
    left join {{ ref('findings_of_events') }} as elusive
        on events.event_id = elusive.event_id and elusive.pattern_id = 'elusive_case'
    group by all
),

-- `is_fault` leaves out the normal life of a case system: superseded rows, talks still to come
rejected as (
    select
        system_id,
        source_table,
        count(*) as rows_not_events,
        count(*) filter (where is_fault) as rows_rejected,
        count(*) filter (where reason = 'unmapped_code') as rows_unmapped
    from {{ ref('rejected_events') }}
    group by all
),

-- whose they are is not told in core
rejected_citizens as (
    select
        rejected.system_id,
        rejected.source_table,
        count(distinct judged.citizen_key) as rows_rejected_citizens,
        count(distinct judged.citizen_key) filter (where rejected.reason = 'unmapped_code')
            as rows_unmapped_citizens
    from {{ ref('rejected_events') }} as rejected
    inner join {{ ref('int_events_judged') }} as judged on rejected.event_id = judged.event_id
    where rejected.is_fault
    group by rejected.system_id, rejected.source_table
),

-- A code is no free text. If a system puts a person's number there it must be seen, and not shown.
codes as (
    select
        system_id,
        source_table,
        count(*) as unmapped_codes,
        count(*) filter (
            where regexp_matches(source_code, '(^|[^0-9A-Za-z])[0-9]{6}[- ]?[0-9]{4}($|[^0-9A-Za-z])')
        ) as unmapped_codes_like_person_numbers
    from {{ ref('unmapped_codes') }}
    group by all
),

links as (
    select
        system_id,
        source_table,
        count(*) as citizen_links,
        count(fault) as citizen_links_not_followed
    from {{ ref('citizen_links') }}
    group by all
),

-- A course without a target group is taken by no process: it is no case, and no fact about cases can
-- miss it. Where no process asks for a group, none is missing.
courses as (
    select
        system_id,
        case_table as source_table,
        count(*) as courses,
        count(*) filter (where target_group is null) as courses_without_target_group
    from {{ ref('int_courses') }}
    where
        course_type = 'course'
        and (select count(target_groups) from {{ ref('processes') }}) > 0
    group by all
),

counted as (
    select
        system_id,
        source_table,
        cast(coalesce(rows_in_files, 0) as bigint) as rows_in_files,
        cast(coalesce(rows_rejected_at_reading, 0) as bigint) as rows_rejected_at_reading,
        coalesce(values_rejected_at_reading, 0) as values_rejected_at_reading,
        coalesce(events, 0) as events,
        coalesce(events_outside_cases, 0) as events_outside_cases,
        coalesce(events, 0) + coalesce(rows_not_events, 0) as staged_rows,
        coalesce(events, 0) + coalesce(rows_rejected, 0) as judged_rows,
        coalesce(rows_rejected, 0) as rows_rejected,
        coalesce(rows_unmapped, 0) as rows_unmapped,
        coalesce(rows_rejected_citizens, 0) as rows_rejected_citizens,
        coalesce(rows_unmapped_citizens, 0) as rows_unmapped_citizens,
        coalesce(unmapped_codes, 0) as unmapped_codes,
        coalesce(unmapped_codes_like_person_numbers, 0) as unmapped_codes_like_person_numbers,
        coalesce(citizen_links, 0) as citizen_links,
        coalesce(citizen_links_not_followed, 0) as citizen_links_not_followed,
        coalesce(courses, 0) as courses,
        coalesce(courses_without_target_group, 0) as courses_without_target_group
    from read_rows
    full join rejected_values using (system_id, source_table)
    full join events using (system_id, source_table)
    full join rejected using (system_id, source_table)
    full join rejected_citizens using (system_id, source_table)
    full join codes using (system_id, source_table)
    full join links using (system_id, source_table)
    full join courses using (system_id, source_table)
)

select
    {{ municipality_id() }} as municipality_id,
    cast(null as varchar) as process_id,
    cast(null as varchar) as regime_id,
    system_id,
    source_table,
    rows_in_files,
    staged_rows,
    judged_rows,
    events,
    unmapped_codes,
    citizen_links,
    courses
    {#- null, not 0, when there was nothing to look at: a suite then says NO_DATA, not PASS #}
    {%- for share, whole in shares.items() %},
    {{ share }},
    100.0 * {{ share }} / nullif({{ whole }}, 0) as {{ share }}_percent
    {%- endfor %},
    rows_rejected_citizens,
    rows_unmapped_citizens
from counted
