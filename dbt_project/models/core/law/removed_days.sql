-- The days after its anchor that do not count for a judgement: clock stops of the country or the region,
-- and exemptions that remove days. Periods that overlap or touch are one, so that no day is removed twice.
-- `n_days_before` are those removed by the earlier periods of the same judgement. What is still running
-- is taken to run until today.
with rule_cases as (
    select * from {{ ref('rule_cases') }}
    where anchor_on is not null and window_unit is not null
),

stops as (
    select distinct
        clock_stops.starts_on,
        clock_stops.ends_on,
        rules.rule_id,
        rules.kind
    from {{ ref('clock_stops') }} as clock_stops
    inner join {{ ref('rules') }} as rules
        on
            list_contains(string_split(clock_stops.rule_kinds, '|'), rules.kind)
            or list_contains(string_split(clock_stops.rule_id, '|'), rules.rule_id)
    left join {{ ref('municipalities') }} as municipalities
        on municipalities.municipality_id = {{ municipality_id() }}
    where {{ list_has_or_empty('clock_stops.scope_regions', 'municipalities.region') }}
),

exempt_days as (
    select
        periods.bearer_id,
        periods.starts_on,
        periods.ends_on,
        unnest(string_split(exemptions.rule_id, '|')) as rule_id
    from {{ ref('exempt_periods') }} as periods
    inner join {{ ref('exemptions') }} as exemptions on periods.exemption_id = exemptions.exemption_id
    where exemptions.effect = 'removes_days'
),

removed as (
    select
        rule_cases.judgement_number,
        rule_cases.anchor_on,
        stops.starts_on,
        stops.ends_on
    from rule_cases
    inner join stops on rule_cases.rule_id = stops.rule_id and rule_cases.kind = stops.kind
    union all
    select
        rule_cases.judgement_number,
        rule_cases.anchor_on,
        exempt_days.starts_on,
        exempt_days.ends_on
    from rule_cases
    inner join exempt_days
        on
            rule_cases.rule_id = exempt_days.rule_id
            and coalesce(rule_cases.citizen_id, rule_cases.case_id) = exempt_days.bearer_id
),

clipped as (
    select
        removed.judgement_number,
        greatest(removed.starts_on, removed.anchor_on + 1) as starts_on,
        coalesce(removed.ends_on, as_of.as_of_on + 1) as ends_on
    from removed
    cross join {{ ref('int_as_of') }} as as_of
    where coalesce(removed.ends_on, as_of.as_of_on + 1) > greatest(removed.starts_on, removed.anchor_on + 1)
),

islands as (
    select
        *,
        coalesce(starts_on > max(ends_on) over earlier, true) as begins_anew
    from clipped
    window earlier as (
        partition by judgement_number order by starts_on, ends_on
        rows between unbounded preceding and 1 preceding
    )
),

numbered as (
    select
        *,
        sum(begins_anew::integer) over (
            partition by judgement_number order by starts_on, ends_on
            rows between unbounded preceding and current row
        ) as island
    from islands
),

merged as (
    select
        judgement_number,
        (min(starts_on))::date as starts_on,
        (max(ends_on))::date as ends_on
    from numbered
    group by judgement_number, island
)

select
    judgement_number,
    starts_on,
    ends_on,
    date_diff('day', starts_on, ends_on) as n_days,
    coalesce(
        sum(date_diff('day', starts_on, ends_on)) over (
            partition by judgement_number order by starts_on
            rows between unbounded preceding and 1 preceding
        ),
        0
    ) as n_days_before
from merged
