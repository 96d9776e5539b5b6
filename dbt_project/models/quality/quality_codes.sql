-- The codes in use per process and regime, one row per kind and code, with how often. Each kind has a
-- column of its own, null in the rows of other kinds: a suite names the column and compares it with
-- what the registry allows.
with event_log as (
    select * from {{ ref('event_log') }}
),

cases as (
    select * from {{ ref('cases') }}
),

municipality as (
    select {{ municipality_id() }} as municipality_id
),

used as (
    select
        process_id,
        regime_id,
        'activity' as kind,
        activity_id,
        count(*) as uses
    from event_log
    group by all
    union all by name
    select
        process_id,
        regime_id,
        'resource_type' as kind,
        resource_type,
        count(*) as uses
    from event_log
    where resource_type is not null
    group by all
    union all by name
    select
        process_id,
        regime_id,
        'responsible_party' as kind,
        responsible_party,
        count(*) as uses
    from event_log
    where responsible_party is not null
    group by all
    union all by name
    select
        process_id,
        regime_id,
        'org_unit' as kind,
        org_unit_id,
        count(*) as uses
    from event_log
    where org_unit_id is not null
    group by all
    union all by name
    select
        process_id,
        regime_id,
        'target_group' as kind,
        target_group,
        count(*) as uses
    from cases
    where target_group is not null
    group by all
)

select
    municipality.municipality_id,
    used.process_id,
    used.regime_id,
    used.kind,
    used.activity_id,
    used.target_group,
    used.resource_type,
    used.responsible_party,
    used.org_unit_id,
    used.uses
from used
cross join municipality
