{{ config(alias='filters') }}
-- Filters as objects: a named set of cases of one process, told as YAML and in a sentence. Written ones are
-- rows of mapping/filters; the breakdowns (all, each regime, target group, unit, year) are there by
-- themselves. `filter_number` stands for the id wherever rows are counted; it is that of one build.
with said as (
    select
        conditions.filter_id,
        any_value(conditions.process_id) as process_id,
        any_value(conditions.kind) as kind,
        count(conditions.field) as n_conditions,
        list_filter(
            list(conditions.field order by conditions.field, conditions.operator, conditions.value),
            lambda field: field is not null
        ) as fields,
        string_agg(
            format(
                E'  - field: {}\n    operator: {}\n    value: {}\n',
                conditions.field, conditions.operator, to_json(conditions.value)
            ),
            '' order by conditions.field, conditions.operator, conditions.value
        ) as conditions_yaml,
        string_agg(
            sentences.said_da, ', ' order by conditions.field, conditions.operator, conditions.value
        ) as said_da,
        string_agg(
            sentences.said_en, ', ' order by conditions.field, conditions.operator, conditions.value
        ) as said_en
    from {{ ref('filter_conditions') }} as conditions
    left join {{ ref('filter_sentences') }} as sentences
        on
            conditions.filter_id = sentences.filter_id
            and conditions.field = sentences.field
            and conditions.operator = sentences.operator
            and conditions.value = sentences.value
    group by conditions.filter_id
)

select
    cast(row_number() over (order by said.filter_id) as integer) as filter_number,
    said.filter_id,
    said.process_id,
    said.kind,
    cast(said.n_conditions as integer) as n_conditions,
    said.fields,
    format(
        E'filter: {}\nprocess: {}\nconditions:{}',
        to_json(said.filter_id), to_json(said.process_id),
        coalesce(E'\n' || said.conditions_yaml, E' []\n')
    ) as yaml,
    format(
        '{} i processen {}{}.', if(said.n_conditions = 0, 'Alle sager', 'Sager'), processes.label_da,
        coalesce(', ' || said.said_da, '')
    ) as sentence_da,
    format(
        '{} in the process {}{}.', if(said.n_conditions = 0, 'All cases', 'Cases'), processes.label_en,
        coalesce(', ' || said.said_en, '')
    ) as sentence_en
from said
inner join {{ ref('processes') }} as processes on said.process_id = processes.process_id
