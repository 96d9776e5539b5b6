-- Rules of `log_rules` about whole cases: an activity too often, activities out of order, an activity
-- missing. One row per rule and case that breaks it; `n` is how often it does.
with rules as (
    select
        *,
        string_split(activity_id, '|') as activities
    from {{ ref('log_rules') }}
    where
        kind in (
            'activity_frequency', 'activity_order', 'missing_activity', 'related_activities',
            'conditional_presence'
        )
),

told as (
    select
        rules.rule_id,
        rules.kind,
        rules.amount,
        event_log.process_id,
        event_log.case_id,
        event_log.event_number,
        event_log.activity_id,
        list_position(rules.activities, event_log.activity_id) as place
    from rules
    inner join {{ ref('event_log') }} as event_log
        on
            rules.process_id = event_log.process_id
            and list_contains(rules.activities, event_log.activity_id)
),

too_often as (
    select
        rule_id,
        process_id,
        case_id,
        count(*) as n
    from told
    where kind = 'activity_frequency'
    group by rule_id, process_id, case_id, activity_id
    having count(*) > any_value(amount)
),

-- a listed activity follows only listed ones that stand before it, so that none comes twice either
steps as (
    select
        rule_id,
        process_id,
        case_id,
        place <= lag(place) over (
            partition by rule_id, process_id, case_id order by event_number
        ) as is_backwards
    from told
    where kind = 'activity_order'
),

broken as (
    select
        rule_id,
        process_id,
        case_id,
        sum(n) as n
    from too_often
    group by rule_id, process_id, case_id
    union all by name
    select
        rule_id,
        process_id,
        case_id,
        count(*) as n
    from steps
    where is_backwards
    group by rule_id, process_id, case_id
),

-- of those asked: an activity named as needed and not told
incomplete as (
    select
        asked.rule_id,
        asked.process_id,
        asked.case_id,
        asked.regime_id,
        len(any_value(rules.activities)) - count(distinct told.activity_id) as n
    from {{ ref('int_log_cases_asked') }} as asked
    inner join rules on asked.rule_id = rules.rule_id
    left join told
        on
            asked.rule_id = told.rule_id
            and asked.process_id = told.process_id
            and asked.case_id = told.case_id
    where rules.kind in ('missing_activity', 'related_activities', 'conditional_presence')
    group by asked.rule_id, asked.process_id, asked.case_id, asked.regime_id
)

select
    broken.rule_id,
    broken.process_id,
    broken.case_id,
    asked.regime_id,
    broken.n
from broken
inner join {{ ref('int_log_cases_asked') }} as asked
    on
        broken.rule_id = asked.rule_id
        and broken.process_id = asked.process_id
        and broken.case_id = asked.case_id
union all by name
select * from incomplete
where n > 0
