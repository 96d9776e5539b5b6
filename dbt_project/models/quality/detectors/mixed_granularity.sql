-- Mixed granularity: of one activity of a process in one system, some times are known by the day, some by
-- the minute and some by the second, and each is more than a stray few. Whatever is known more roughly is
-- sorted by convention among the others. The findings are the events of the classes in the minority.
-- A time that ends on a whole minute is a minute; of those with seconds one in sixty does so by chance,
-- and that is less than the limit. Not meant: an activity that is always told in one way, and stray ones.
with classes as not materialized (
    select
        process_id,
        case_id,
        event_id,
        system_id,
        activity_code,
        case
            when occurred_precision = 'second' and epoch_us(occurred_at) % 60000000 = 0 then 'minute'
            else occurred_precision
        end as precision_class
    from {{ ref('int_quality_steps') }}
),

counted as (
    select
        process_id,
        system_id,
        activity_code,
        precision_class,
        count(*) as n
    from classes
    group by process_id, system_id, activity_code, precision_class
),

minorities as (
    select
        process_id,
        system_id,
        activity_code,
        precision_class
    from counted
    window one_activity as (partition by process_id, system_id, activity_code)
    qualify
        n >= {{ limit('mixed_granularity_events') }}
        and 100.0 * n >= {{ limit('mixed_granularity_percent') }} * sum(n) over one_activity
        and row_number() over (
            partition by process_id, system_id, activity_code order by n desc, precision_class desc
        ) > 1
)

select
    'mixed_granularity' as pattern_id,
    classes.event_id,
    classes.process_id,
    classes.case_id
from classes
inner join minorities
    on
        classes.process_id = minorities.process_id
        and classes.system_id = minorities.system_id
        and classes.activity_code = minorities.activity_code
        and classes.precision_class = minorities.precision_class
