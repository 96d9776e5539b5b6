{{ config(materialized='ephemeral') }}
-- Codes that are a slip of another, another word for it, or hold what belongs elsewhere, in the acts that a
-- delivery told last. A polluted code is never told: what pollutes it may be a name. A column that holds
-- prose in place of codes has no code of its own, and all of its rows are meant.
with faults as (
    select
        pattern_id,
        system_id,
        source_table,
        source_code,
        case
            when
                pattern_id <> 'polluted_label'
                and {{ code_may_be_told('source_code', 'n_citizens') }}
                then source_code
        end as told_code
    from {{ ref('findings_of_labels') }}
)

{{ told_acts_of_codes('coalesce(faults.source_code, judged.source_code) = judged.source_code') }}
