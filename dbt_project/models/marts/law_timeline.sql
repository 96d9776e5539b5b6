-- One row per legal change and process that it touches; one row without process where it touches none. Law
-- only: no person stands behind a row. What is announced or enacted has no effective_on here, so that no
-- join on a day can take it for law: its planned day stands in a column of its own.
with changes as (
    select
        *,
        status in ('in_force', 'ended') as is_law
    from {{ ref('legal_changes') }}
),

by_process as (
    select
        change_id,
        process_id,
        string_agg(named, '|' order by named) filter (where what = 'regime_begun') as regimes_begun,
        string_agg(named, '|' order by named) filter (where what = 'regime_ended') as regimes_ended,
        count(*) filter (where what = 'rule_begun') as n_rules_begun,
        count(*) filter (where what = 'rule_ended') as n_rules_ended,
        count(*) filter (where what = 'clock_stop') as n_clock_stops,
        count(*) filter (where what = 'exemption') as n_exemptions
    from {{ ref('int_law_process_touches') }}
    group by change_id, process_id
),

mappings as (
    select
        change_id,
        count(*) filter (where what = 'mapping_begun') as n_mappings_begun,
        count(*) filter (where what = 'mapping_ended') as n_mappings_ended
    from {{ ref('int_law_mapping_touches') }}
    group by change_id
)

select
    {{ municipality_id() }} as municipality_id,
    changes.change_id,
    changes.title_da,
    changes.title_en,
    changes.kind,
    changes.status,
    changes.is_law,
    changes.certainty,
    changes.announced_on,
    case when changes.is_law then changes.effective_on end as effective_on,
    case when changes.is_law then changes.ended_on end as ended_on,
    case when not changes.is_law then changes.effective_on end as planned_on,
    changes.act,
    changes.reference_url,
    by_process.process_id,
    by_process.regimes_begun,
    by_process.regimes_ended,
    coalesce(by_process.n_rules_begun, 0) as n_rules_begun,
    coalesce(by_process.n_rules_ended, 0) as n_rules_ended,
    coalesce(by_process.n_clock_stops, 0) as n_clock_stops,
    coalesce(by_process.n_exemptions, 0) as n_exemptions,
    coalesce(mappings.n_mappings_begun, 0) as n_mappings_begun,
    coalesce(mappings.n_mappings_ended, 0) as n_mappings_ended
from changes
left join by_process on changes.change_id = by_process.change_id
left join mappings on changes.change_id = mappings.change_id
