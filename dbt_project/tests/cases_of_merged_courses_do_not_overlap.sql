{{ config(meta={'dagster': {'ref': {'name': 'case_sources'}}}) }}
-- Where courses are merged, two cases of a citizen in a process lie apart: what overlaps is one case.
-- Courses from the day on which merging ends stand as they were told.
with spans as (
    select
        cases.process_id,
        cases.case_id,
        cases.citizen_id,
        cases.registered_on,
        coalesce(cases.ended_on, date '9999-12-31') as ended_on,
        coalesce(notions.merge_before, date '9999-12-31') as merge_before
    from {{ ref('int_case_notions') }} as cases
    inner join {{ ref('case_notions') }} as notions on cases.case_notion_id = notions.case_notion_id
    where notions.object_type = 'citizen' or notions.merge_gap_days is not null
)

select
    earlier.process_id,
    earlier.case_id,
    later.case_id as other_case_id
from spans as earlier
inner join spans as later
    on
        earlier.process_id = later.process_id
        and earlier.citizen_id = later.citizen_id
        and earlier.case_id <> later.case_id
        and later.registered_on between earlier.registered_on and earlier.ended_on
where later.registered_on < later.merge_before
