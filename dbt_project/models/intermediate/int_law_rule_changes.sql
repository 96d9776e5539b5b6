-- One row per legal change, process and rule that it began, ended or gave another wording: the version before
-- and the version after, either empty.
with touches as (
    select
        change_id,
        process_id,
        what,
        split_part(named, '/', 1) as rule_id,
        split_part(named, '/', 2) as version
    from {{ ref('int_law_process_touches') }}
    where what in ('rule_begun', 'rule_ended')
),

wordings as (
    select
        rule_id,
        version,
        any_value(title_da) as title_da,
        any_value(title_en) as title_en,
        any_value(legal_basis_url) as legal_basis_url,
        min(certainty = 'verified') as is_certain
    from {{ ref('rules') }}
    group by rule_id, version
),

begun as (
    select * from touches
    where what = 'rule_begun'
),

ended as (
    select * from touches
    where what = 'rule_ended'
),

paired as (
    select
        coalesce(begun.change_id, ended.change_id) as change_id,
        coalesce(begun.process_id, ended.process_id) as process_id,
        coalesce(begun.rule_id, ended.rule_id) as rule_id,
        ended.version as version_before,
        begun.version as version_after
    from begun
    full join ended
        on
            begun.change_id = ended.change_id
            and begun.process_id = ended.process_id
            and begun.rule_id = ended.rule_id
)

select
    paired.*,
    earlier.title_da as before_da,
    earlier.title_en as before_en,
    later.title_da as after_da,
    later.title_en as after_en,
    coalesce(later.legal_basis_url, earlier.legal_basis_url) as legal_basis_url,
    coalesce(later.is_certain, earlier.is_certain) as is_certain
from paired
left join wordings as earlier
    on paired.rule_id = earlier.rule_id and paired.version_before = earlier.version
left join wordings as later
    on paired.rule_id = later.rule_id and paired.version_after = later.version
