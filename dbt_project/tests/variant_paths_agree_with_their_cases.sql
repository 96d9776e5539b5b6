{{ config(meta={'dagster': {'ref': {'name': 'variants'}}}) }}
-- The variant id is a hash: all cases that share one must have walked the same path, which is the path
-- the variant tells, and no path may have two ids. Every case is walked once, not the example alone.
-- A path is known here by the sum of another hash over its steps: of ten million events no list fits.
{%- set step = "cast(md5_number_lower(activity_code || '|' || step_number) as hugeint)" %}
with walked as (
    select
        process_id,
        case_id,
        sum({{ step }}) as path
    from (
        select
            *,
            event_number as step_number
        from {{ ref('event_log') }}
    )
    group by process_id, case_id
),

of_cases as (
    select distinct
        cases.process_id,
        cases.regime_id,
        cases.variant_id,
        walked.path
    from walked
    inner join {{ ref('cases') }} as cases
        on walked.process_id = cases.process_id and walked.case_id = cases.case_id
),

steps as (
    select
        process_id,
        regime_id,
        variant_id,
        unnest(activities) as activity_id,
        generate_subscripts(activities, 1) as step_number
    from {{ ref('variants') }}
),

told as (
    select
        steps.process_id,
        steps.regime_id,
        steps.variant_id,
        sum({{ step }}) as path
    from steps
    inner join {{ ref('activity_codes') }} as activities on steps.activity_id = activities.activity_id
    group by steps.process_id, steps.regime_id, steps.variant_id
)

-- A variant tells one path, so an id of two paths leaves one of them without its variant.
select
    coalesce(of_cases.process_id, told.process_id) as process_id,
    coalesce(of_cases.regime_id, told.regime_id) as regime_id,
    coalesce(of_cases.variant_id, told.variant_id) as variant_id,
    coalesce(of_cases.path, told.path) as path
from of_cases
full outer join told
    on
        of_cases.process_id = told.process_id
        and of_cases.regime_id is not distinct from told.regime_id
        and of_cases.variant_id = told.variant_id
        and of_cases.path = told.path
qualify
    of_cases.path is null
    or told.path is null
    or count(*) over (partition by of_cases.process_id, of_cases.regime_id, of_cases.path) > 1
