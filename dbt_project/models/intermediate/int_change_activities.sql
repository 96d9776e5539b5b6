-- What a law is about: the activities that its rules name or that its mappings give a code to. There its
-- effects are looked for first. Null as process: in every process.
with rules as (
    select
        touches.change_id,
        touches.process_id,
        unnest(string_split(
            concat_ws('|', rules.anchor_activity_id, rules.required_activity_id), '|'
        )) as activity_id
    from {{ ref('int_law_process_touches') }} as touches
    inner join {{ ref('rules') }} as rules
        on
            touches.what in ('rule_begun', 'rule_ended')
            and touches.named = rules.rule_id || '/' || rules.version
)

select distinct
    change_id,
    process_id,
    activity_id
from rules

union

select
    touches.change_id,
    cast(null as varchar) as process_id,
    mappings.activity_id
from {{ ref('int_law_mapping_touches') }} as touches
inner join {{ ref('activity_mappings') }} as mappings on touches.mapping_id = mappings.mapping_id
