-- One row per filter and condition: those that people wrote, and the breakdowns every process has. The
-- process itself is no condition here: it is a column. A filter without conditions is all of its process.
-- An id with a slash is a breakdown; no written filter may have one.
with processes as (
    select * from {{ ref('processes') }}
),

cases as (
    select
        process_id,
        regime_id,
        target_group,
        unit_number,
        cast(year(registered_on) as varchar) as registered_year
    from {{ ref('cases') }} as cases
    left join {{ ref('case_units') }} as case_units on cases.case_number = case_units.case_number
    group by all
),

breakdowns as (
    select
        process_id,
        'regime' as field,
        regime_id as value
    from {{ ref('regimes') }}
    union
    select
        process_id,
        'target_group' as field,
        unnest(string_split(target_groups, '|')) as value
    from processes
    union
    select
        process_id,
        'target_group' as field,
        target_group as value
    from cases
    where target_group is not null
    union
    select
        process_id,
        'registered_year' as field,
        registered_year as value
    from cases
    where registered_year is not null
    union
    select
        cases.process_id,
        'unit' as field,
        units.org_unit_id as value
    from cases
    inner join {{ ref('org_units') }} as units on cases.unit_number = units.unit_number
),

written as (
    select
        conditions.filter_id,
        processes.value as process_id,
        conditions.field,
        conditions.operator,
        conditions.value
    from {{ ref('filters') }} as conditions
    inner join {{ ref('filters') }} as processes
        on conditions.filter_id = processes.filter_id and processes.field = 'process'
)

select
    process_id as filter_id,
    process_id,
    'all' as kind,
    null as field,
    null as operator,
    null as value
from processes
union all by name
select
    concat_ws('/', breakdowns.process_id, breakdowns.field, breakdowns.value) as filter_id,
    breakdowns.process_id,
    breakdowns.field as kind,
    breakdowns.field,
    'is' as operator,
    breakdowns.value
from breakdowns
inner join processes on breakdowns.process_id = processes.process_id
union all by name
select
    filter_id,
    process_id,
    'written' as kind,
    nullif(field, 'process') as field,
    if(field = 'process', null, operator) as operator,
    if(field = 'process', null, value) as value
from written
