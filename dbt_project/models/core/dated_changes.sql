-- Every day on which data may begin to look otherwise for a reason somebody wrote down, one row per process
-- it concerns: a law that is in force or ended begins or ends, a case system gets a new version, a
-- delivery arrives. A law of which the register names no process concerns all of them. The first delivery of
-- a system is no change: there is nothing before it.
with laws as (
    select
        *,
        'begins' as part,
        effective_on as changed_on
    from {{ ref('legal_changes') }}
    where status in ('in_force', 'ended') and effective_on is not null

    union all

    select
        *,
        'ends' as part,
        ended_on as changed_on
    from {{ ref('legal_changes') }}
    where status in ('in_force', 'ended') and ended_on is not null
),

touches as (
    select distinct
        change_id,
        process_id
    from {{ ref('int_law_process_touches') }}
),

delivered as (
    {{ deliveries_in_turn() }}
),

dated as (
    select
        'law' as kind,
        laws.change_id,
        laws.part,
        laws.changed_on,
        touches.process_id,
        cast(null as varchar) as system_id,
        laws.kind as law_kind,
        laws.title_da,
        laws.title_en,
        laws.certainty
    from laws
    left join touches on laws.change_id = touches.change_id

    union all by name

    select
        'release' as kind,
        release_id as change_id,
        'begins' as part,
        released_on as changed_on,
        cast(null as varchar) as process_id,
        system_id,
        title_da,
        title_en,
        certainty
    from {{ ref('system_releases') }}
    where municipality_id is null or municipality_id = {{ municipality_id() }}

    union all by name

    select
        'delivery' as kind,
        delivery_id as change_id,
        'begins' as part,
        delivered_on as changed_on,
        cast(null as varchar) as process_id,
        system_id,
        'Leverance af ' || strftime(delivered_on, '%-d.%-m.%Y') as title_da,
        'Delivery of ' || strftime(delivered_on, '%Y-%m-%d') as title_en,
        'verified' as certainty
    from delivered
    where delivery_number > 1
)

select
    {{ municipality_id() }} as municipality_id,
    dated.kind,
    dated.change_id,
    dated.part,
    dated.changed_on,
    processes.process_id,
    dated.system_id,
    dated.law_kind,
    dated.title_da,
    dated.title_en,
    dated.certainty
from dated
inner join {{ ref('processes') }} as processes
    on dated.process_id is null or dated.process_id = processes.process_id
