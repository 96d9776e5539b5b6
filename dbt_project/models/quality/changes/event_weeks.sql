-- What was told week by week: one row per process, system, delivery, activity, row of the mappings, party and
-- the two weeks of an event, that in which it happened and that in which it was written down. Comparisons
-- around a dated change are sums over this table, so that the events are read once however many changes
-- there are.
select
    steps.process_id,
    steps.system_id,
    steps.source_table,
    steps.delivery_id,
    steps.activity_code,
    steps.mapping_id,
    steps.responsible_party,
    occurred.week_on as occurred_week_on,
    registered.week_on as registered_week_on,
    count(*) as n_events,
    count(*) filter (where steps.occurred_precision = 'day') as n_date_only,
    count(steps.registered_at) as n_with_registered_at,
    count(steps.resource_type) as n_with_resource_type,
    count(steps.org_unit_id) as n_with_org_unit_id,
    count(steps.responsible_party) as n_with_responsible_party,
    count(*) filter (where steps.registered_at > steps.occurred_at + interval 1 day)
        as n_later_than_1_days,
    count(*) filter (where steps.registered_at > steps.occurred_at + interval 7 day)
        as n_later_than_7_days,
    count(*) filter (where steps.registered_at > steps.occurred_at + interval 30 day)
        as n_later_than_30_days
from {{ ref('int_quality_steps') }} as steps
inner join {{ ref('int_change_days') }} as occurred on steps.occurred_on = occurred.day_on
-- An event of which nobody knows when it was written down stands in the week in which it happened. Two hours
-- are the most that Danish time is ahead of UTC: a whole day told as an instant stays on its own day, without
-- asking ten million times for the zone.
inner join {{ ref('int_change_days') }} as registered
    on
        coalesce(cast(steps.registered_at + interval 2 hour as date), steps.occurred_on)
        = registered.day_on
group by
    steps.process_id, steps.system_id, steps.source_table, steps.delivery_id, steps.activity_code,
    steps.mapping_id, steps.responsible_party, occurred.week_on, registered.week_on
