-- Rules of `log_rules` about single rows: the wrong kind of actor, work that lasts too long or no time at
-- all, a value that is missing or out of its range.
with rules as (
    select
        *,
        amount * {{ seconds_in('unit') }} as seconds
    from {{ ref('log_rules') }}
    where
        kind in (
            'activity_resource', 'activity_duration', 'missing_value', 'value_range', 'time_anomaly'
        )
),

held as (
    select
        rules.rule_id,
        rules.kind,
        rules.resource_kind,
        rules.attribute_values,
        rules.amount_from,
        rules.amount,
        rules.seconds,
        told.process_id,
        told.case_id,
        told.regime_id,
        told.event_id,
        told.resource_type,
        epoch(told.ended_at) - epoch(told.started_at) as seconds_lasted,
        case rules.attribute
            when 'resource_type' then told.resource_type
            when 'responsible_party' then told.responsible_party
            when 'org_unit_id' then told.org_unit_id
            when 'occurred_at' then cast(told.occurred_at as varchar)
            when 'started_at' then cast(told.started_at as varchar)
            when 'ended_at' then cast(told.ended_at as varchar)
            when 'registered_at' then cast(told.registered_at as varchar)
        end as attribute_value
    from rules
    inner join {{ ref('int_log_rows') }} as told
        on
            rules.process_id = told.process_id
            and {{ list_has_or_empty('rules.activity_id', 'told.activity_id') }}
            and coalesce(rules.regime_id = told.regime_id, rules.regime_id is null)
)

select
    rule_id,
    process_id,
    case_id,
    regime_id,
    event_id,
    1 as n
from held
where
    case kind
        when 'activity_resource' then resource_type is distinct from resource_kind
        when 'activity_duration' then seconds_lasted > seconds
        when 'time_anomaly' then seconds_lasted <= 0
        when 'missing_value' then attribute_value is null
        -- no value is in no range
        when 'value_range'
            then not coalesce(
                case
                    when attribute_values is not null
                        then list_contains(string_split(attribute_values, '|'), attribute_value)
                    else try_cast(attribute_value as double) between amount_from and amount
                end,
                false
            )
    end
