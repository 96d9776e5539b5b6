-- noqa: disable=LT01,LT02
-- What changes of law did to the codes of each system and table: acts and codes per fault. A code belongs to
-- no process or regime, so those two are null.
{%- set faults = {
    'after_end': 'code_after_end',
    'before_start': 'code_before_start',
    'of_changed_meaning': 'code_meaning_changed',
    'unmapped_since_change': 'unmapped_since_change',
} %}

with days as (
    select
        system_id,
        source_table,
        source_code,
        occurred_on,
        sum(n_rows) as n_rows
    from {{ ref('int_quality_code_days') }}
    group by all
),

-- an act that two changes make doubtful is one act
faults as (
    select distinct
        pattern_id,
        system_id,
        source_table,
        source_code,
        occurred_on
    from {{ ref('int_quality_code_faults') }}
),

found as (
    select
        faults.system_id,
        faults.source_table
        {%- for name, pattern in faults.items() %},
        sum(days.n_rows) filter (where faults.pattern_id = '{{ pattern }}') as rows_{{ name }},
        count(distinct faults.source_code) filter (where faults.pattern_id = '{{ pattern }}')
            as codes_{{ name }}
        {%- endfor %}
    from faults
    inner join days
        on
            faults.system_id = days.system_id
            and faults.source_table = days.source_table
            and faults.source_code = days.source_code
            and faults.occurred_on = days.occurred_on
    group by faults.system_id, faults.source_table
),

-- the same citizen may stand behind several codes: together they are the most of one at least
citizens as (
    select
        system_id,
        source_table
        {%- for name, pattern in faults.items() %},
        max(n_citizens) filter (where pattern_id = '{{ pattern }}') as rows_{{ name }}_citizens
        {%- endfor %}
    from {{ ref('findings_of_codes') }}
    group by system_id, source_table
),

told as (
    select
        system_id,
        source_table,
        sum(n_rows) as coded_rows,
        count(distinct source_code) as codes
    from days
    group by system_id, source_table
)

select
    {{ municipality_id() }} as municipality_id,
    cast(null as varchar) as process_id,
    cast(null as varchar) as regime_id,
    told.system_id,
    told.source_table,
    cast(told.coded_rows as bigint) as coded_rows,
    told.codes
    {#- a table without codes is no row: a suite then says NO_DATA, not PASS #}
    {%- for name in faults %},
    cast(coalesce(found.rows_{{ name }}, 0) as bigint) as rows_{{ name }},
    100.0 * coalesce(found.rows_{{ name }}, 0) / told.coded_rows as rows_{{ name }}_percent,
    coalesce(found.codes_{{ name }}, 0) as codes_{{ name }},
    100.0 * coalesce(found.codes_{{ name }}, 0) / told.codes as codes_{{ name }}_percent
    {%- endfor %}
    {%- for name in faults %},
    coalesce(citizens.rows_{{ name }}_citizens, 0) as rows_{{ name }}_citizens
    {%- endfor %}
from told
left join found on told.system_id = found.system_id and told.source_table = found.source_table
left join citizens
    on told.system_id = citizens.system_id and told.source_table = citizens.source_table
