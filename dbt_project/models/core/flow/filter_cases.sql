-- Which case is in which filter. Every condition is met or not by the same SQL, whatever it says; a case is
-- in a filter when it meets all its conditions. What is unknown of a case meets nothing.
with conditions as (
    select
        filters.filter_number,
        filters.n_conditions,
        asked.*
    from {{ ref('case_filters') }} as filters
    inner join {{ ref('filter_conditions') }} as asked on filters.filter_id = asked.filter_id
    where asked.field is not null
),

cases as (
    select
        cases.case_number,
        cases.process_id,
        cases.regime_id,
        cases.target_group,
        units.org_unit_id as unit,
        cast(year(cases.registered_on) as varchar) as registered_year,
        cases.registered_on,
        cases.is_closed,
        cases.lead_time_days,
        cases.variant_number
    from {{ ref('cases') }} as cases
    left join {{ ref('case_units') }} as case_units on cases.case_number = case_units.case_number
    left join {{ ref('org_units') }} as units on case_units.unit_number = units.unit_number
),

asked_facts as (
    select
        *,
        unnest(string_split(value, '|')) as one
    from conditions
    where field in ('regime', 'target_group', 'unit', 'registered_year')
),

met as (
    {% for field in ('regime_id', 'target_group', 'unit', 'registered_year') %}
        select
            asked_facts.filter_number,
            asked_facts.n_conditions,
            cases.case_number
        from asked_facts
        inner join cases
            on asked_facts.process_id = cases.process_id and asked_facts.one = cases.{{ field }}
        where asked_facts.field = '{{ field | replace("regime_id", "regime") }}'
        union all
    {% endfor %}
    select
        conditions.filter_number,
        conditions.n_conditions,
        cases.case_number
    from conditions
    inner join cases on conditions.process_id = cases.process_id
    where
        case concat_ws(' ', conditions.field, conditions.operator)
            when 'registered_on from' then cases.registered_on >= try_cast(conditions.value as date)
            when 'registered_on before' then cases.registered_on < try_cast(conditions.value as date)
            when 'is_closed is' then cases.is_closed = (conditions.value = 'true')
            when 'lead_time_days at_least' then cases.lead_time_days >= try_cast(conditions.value as double)
            when 'lead_time_days at_most' then cases.lead_time_days <= try_cast(conditions.value as double)
        end
    union all
    select
        conditions.filter_number,
        conditions.n_conditions,
        cases.case_number
    from conditions
    inner join cases on conditions.process_id = cases.process_id
    left join {{ ref('filter_variant_matches') }} as matches
        on
            conditions.process_id = matches.process_id
            and conditions.field = matches.field
            and conditions.value = matches.value
            and cases.variant_number = matches.variant_number
    where
        conditions.field in ('activity', 'directly_follows', 'variant_coverage')
        and (matches.variant_number is null) = (conditions.operator = 'lacks')
)

select
    filters.filter_number,
    cases.case_number
from {{ ref('case_filters') }} as filters
inner join cases on filters.process_id = cases.process_id
where filters.n_conditions = 0
union all
select
    filter_number,
    case_number
from met
where n_conditions = 1
union all
select
    filter_number,
    case_number
from met
where n_conditions > 1
group by filter_number, n_conditions, case_number
having count(*) = n_conditions
