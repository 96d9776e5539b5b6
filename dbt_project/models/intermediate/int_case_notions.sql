{{ config(materialized='table') }}
-- One row per process and case: whose it is, when it was registered, and the regime it is judged under.
-- `case_number`, `citizen_number` and `slice_number` (process and regime) stand for the ids wherever rows are
-- counted by them: numbers cost a third of texts. They are those of one build and mean nothing outside it.
with cases as (
    select
        process_id,
        case_id,
        case_notion_id,
        object_type,
        citizen_id,
        -- the law looks at the group a course began in; a journey goes through several
        case
            when object_type <> 'citizen' then arg_min(target_group, (registered_on, course_id))
        end as target_group,
        -- the fund of the first course that tells one
        case
            when object_type <> 'citizen' then arg_min(unemployment_fund, (registered_on, course_id))
        end as unemployment_fund,
        min(registered_on) as registered_on,
        -- a case has ended only when every course of it has
        case when count(*) = count(ended_on) then max(ended_on) end as ended_on
    from {{ ref('int_case_members') }}
    group by process_id, case_id, case_notion_id, object_type, citizen_id
)

select
    cases.*,
    cast(row_number() over (order by cases.process_id, cases.case_id) as integer) as case_number,
    cast(dense_rank() over (order by cases.citizen_id) as integer) as citizen_number,
    cast(dense_rank() over (order by cases.process_id, regimes.regime_id) as smallint) as slice_number,
    regimes.regime_id,
    regimes.applies_by
from cases
left join {{ ref('regimes') }} as regimes
    on
        cases.process_id = regimes.process_id
        and {{ valid_at('cases.registered_on', 'regimes.valid_from', 'regimes.valid_to') }}
