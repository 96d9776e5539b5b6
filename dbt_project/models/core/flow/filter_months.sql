-- Per filter and month: cases begun, ended, and open when the month ended, up to the day the data are of. A
-- case that ends on the last day of a month is not open then. Cases without a day of registration are in no
-- month. Citizens behind the open cases: who has one case in the filter is counted as it is, who has
-- several is looked up month by month.
with cases as (
    select
        filter_cases.filter_number,
        cases.citizen_number,
        cast(date_trunc('month', cases.registered_on) as date) as begun_in,
        -- an end before the beginning is none that a backlog could see: the case ends as it begins
        case
            when cases.ended_on is not null
                then cast(date_trunc('month', greatest(cases.ended_on, cases.registered_on)) as date)
        end as ended_in,
        count(*) over (partition by filter_cases.filter_number, cases.citizen_number) > 1 as is_returning
    from {{ ref('filter_cases') }} as filter_cases
    inner join {{ ref('cases') }} as cases on filter_cases.case_number = cases.case_number
    where cases.registered_on <= (select as_of_on from {{ ref('int_as_of') }})
),

months as (
    select
        spans.filter_number,
        cast(unnest(generate_series(spans.first_month, last_day.month_on, interval 1 month)) as date)
            as month_on
    from (
        select
            filter_number,
            min(begun_in) as first_month
        from cases
        group by filter_number
    ) as spans
    cross join (
        select cast(date_trunc('month', as_of_on) as date) as month_on from {{ ref('int_as_of') }}
    ) as last_day
),

begun as (
    select
        filter_number,
        begun_in as month_on,
        count(*) as n_begun,
        count(distinct citizen_number) as n_begun_citizens,
        count(*) filter (where not is_returning) as n_singles
    from cases
    group by filter_number, begun_in
),

ended as (
    select
        filter_number,
        ended_in as month_on,
        count(*) as n_ended,
        count(distinct citizen_number) as n_ended_citizens,
        count(*) filter (where not is_returning) as n_singles
    from cases
    where ended_in is not null
    group by filter_number, ended_in
),

returning_people as (
    select
        months.filter_number,
        months.month_on,
        count(distinct cases.citizen_number) as n_citizens,
        count(distinct cases.citizen_number) filter (
            where months.month_on < cases.ended_in or cases.ended_in is null
        ) as n_open_citizens
    from months
    inner join cases
        on
            months.filter_number = cases.filter_number
            and months.month_on >= cases.begun_in
            and (months.month_on <= cases.ended_in or cases.ended_in is null)
    where cases.is_returning
    group by months.filter_number, months.month_on
)

select
    months.filter_number,
    months.month_on,
    coalesce(begun.n_begun, 0) as n_begun,
    coalesce(begun.n_begun_citizens, 0) as n_begun_citizens,
    coalesce(ended.n_ended, 0) as n_ended,
    coalesce(ended.n_ended_citizens, 0) as n_ended_citizens,
    cast(sum(coalesce(begun.n_begun, 0) - coalesce(ended.n_ended, 0)) over in_turn as bigint) as n_open,
    cast(
        sum(coalesce(begun.n_singles, 0) - coalesce(ended.n_singles, 0)) over in_turn
        + coalesce(returning_people.n_open_citizens, 0) as bigint
    ) as n_open_citizens,
    -- that were there in the month, the ended among them
    cast(
        sum(coalesce(begun.n_begun, 0) - coalesce(ended.n_ended, 0)) over in_turn
        + coalesce(ended.n_ended, 0) as bigint
    ) as n_cases,
    cast(
        sum(coalesce(begun.n_singles, 0) - coalesce(ended.n_singles, 0)) over in_turn
        + coalesce(ended.n_singles, 0) + coalesce(returning_people.n_citizens, 0) as bigint
    ) as n_citizens
from months
left join begun on months.filter_number = begun.filter_number and months.month_on = begun.month_on
left join ended on months.filter_number = ended.filter_number and months.month_on = ended.month_on
left join returning_people
    on
        months.filter_number = returning_people.filter_number
        and months.month_on = returning_people.month_on
window in_turn as (partition by months.filter_number order by months.month_on)
