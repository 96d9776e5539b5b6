{{ config(materialized='view') }}
-- noqa: disable=LT01,LT02
-- Everything that is compared around a dated change, week by week: one row per process, system, axis,
-- measure, item and week, as a part (`numerator`) of a whole (`denominator`; empty for a volume, which is
-- compared by the days of its week). A week without the item has no row; items of one `whole` share their
-- denominator.
{%- set fields = ['registered_at', 'resource_type', 'org_unit_id', 'responsible_party'] %}
{%- set counts = ['n_events', 'n_date_only', 'n_with_registered_at', 'n_with_resource_type',
    'n_with_org_unit_id', 'n_with_responsible_party', 'n_later_than_1_days', 'n_later_than_7_days',
    'n_later_than_30_days'] %}

with activities as (
    select
        activity_code,
        activity_id
    from {{ ref('activity_codes') }}
),

{%- for axis in ('occurred', 'registered') %}

{{ axis }}_by_activity as (
    select
        weeks.process_id,
        weeks.system_id,
        activities.activity_id,
        weeks.{{ axis }}_week_on as week_on,
        sum(weeks.n_events) as n_events,
        sum(sum(weeks.n_events)) over (
            partition by weeks.process_id, weeks.system_id, weeks.{{ axis }}_week_on
        ) as n_all
    from {{ ref('event_weeks') }} as weeks
    inner join activities on weeks.activity_code = activities.activity_code
    group by weeks.process_id, weeks.system_id, activities.activity_id, weeks.{{ axis }}_week_on
),

{{ axis }}_by_table as (
    select
        process_id,
        system_id,
        source_table,
        {{ axis }}_week_on as week_on
        {%- for count in counts %},
        sum({{ count }}) as {{ count }}
        {%- endfor %}
    from {{ ref('event_weeks') }}
    group by process_id, system_id, source_table, {{ axis }}_week_on
),

{{ axis }}_total as (
    select
        process_id,
        system_id,
        week_on,
        sum(n_events) as n_events
    from {{ axis }}_by_table
    group by process_id, system_id, week_on
),
{%- endfor %}

pairs as (
    select
        weeks.process_id,
        weeks.system_id,
        earlier.activity_id as earlier_id,
        later.activity_id as later_id,
        weeks.occurred_week_on as week_on,
        sum(weeks.n_events) as n_events,
        sum(sum(weeks.n_events)) over (
            partition by weeks.process_id, weeks.system_id, later.activity_id, weeks.occurred_week_on
        ) as n_all
    from {{ ref('pair_weeks') }} as weeks
    inner join activities as earlier on weeks.previous_activity_code = earlier.activity_code
    inner join activities as later on weeks.activity_code = later.activity_code
    group by
        weeks.process_id, weeks.system_id, earlier.activity_id, later.activity_id,
        weeks.occurred_week_on
),

words as (
    select
        weeks.* exclude (activity_code),
        weeks.occurred_week_on as week_on,
        activities.activity_id,
        sum(weeks.n_events) over (
            partition by weeks.what, weeks.process_id, weeks.system_id, weeks.activity_code,
            weeks.occurred_week_on
        ) as n_all
    from {{ ref('value_weeks') }} as weeks
    left join activities on weeks.activity_code = activities.activity_code
),

parties as (
    select * from words
    where what = 'party'
),

mappings as (
    select * from words
    where what = 'mapping'
),

unmapped as (
    select * from words
    where what = 'unmapped'
),

cohorts as (
    select
        weeks.process_id,
        cast(null as varchar) as system_id,
        weeks.begun_week_on as week_on,
        activities.activity_id,
        weeks.n_cases,
        max(weeks.n_cases) filter (where weeks.activity_code is null) over (
            partition by weeks.process_id, weeks.begun_week_on
        ) as n_all
    from {{ ref('cohort_weeks') }} as weeks
    left join activities on weeks.activity_code = activities.activity_code
    qualify weeks.activity_code is not null
)

{% for axis in ('occurred', 'registered') -%}
{{ change_measure('volume', axis, axis ~ '_by_activity', 'activity_id', 'n_events') }}
union all
{{ change_measure('volume', axis, axis ~ '_total', "'all'", 'n_events') }}
union all
{{ change_measure('activity_share', axis, axis ~ '_by_activity', 'activity_id', 'n_events', 'n_all') }}
union all
{{ change_measure(
    'date_only_share', axis, axis ~ '_by_table', 'source_table', 'n_date_only', 'n_events', 'source_table'
) }}
union all
{% for field in fields -%}
{{ change_measure('null_share', axis, axis ~ '_by_table', "source_table || '." ~ field ~ "'",
    'n_events - n_with_' ~ field, 'n_events', 'source_table') }}
union all
{% endfor -%}
{% endfor -%}
-- What happened just before the data end may still be written down: the axis of registration alone is whole.
{% for days in (1, 7, 30) -%}
{{ change_measure('late_share', 'registered', 'registered_by_table',
    "source_table || '.over_" ~ days ~ "_days'", 'n_later_than_' ~ days ~ '_days',
    'n_with_registered_at', 'source_table') }}
union all
{% endfor -%}
{{ change_measure(
    'pair_share', 'occurred', 'pairs', "earlier_id || ' > ' || later_id", 'n_events', 'n_all', 'later_id'
) }}
union all
{{ change_measure(
    'party_share', 'occurred', 'parties', "activity_id || ': ' || word", 'n_events', 'n_all', 'activity_id'
) }}
union all
{{ change_measure('code_share', 'occurred', 'mappings', 'word', 'n_events', 'n_all') }}
union all
{{ change_measure('unmapped_codes', 'occurred', 'unmapped', 'word', 'n_events') }}
union all
{{ change_measure('case_share', 'case_start', 'cohorts', 'activity_id', 'n_cases', 'n_all') }}
