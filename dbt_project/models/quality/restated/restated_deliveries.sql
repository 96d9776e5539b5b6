-- noqa: disable=LT01,LT02
-- How much of the history each delivery told otherwise than it had been told: one row per table and delivery
-- that could be compared. History is what lies so far back that no ordinary life of a case reaches it; an
-- empty value that got one (a period that ended) is ordinary life too. Never published.
with deliveries as (
    {{ deliveries_in_turn() }}
),

changes as (
    select
        changes.system_id,
        changes.table_name as source_table,
        changes.delivery_id,
        deliveries.delivery_number,
        changes.change,
        changes.n_rows,
        -- the first day on which all acts of the month are history
        cast(
            changes.period + interval 1 month
            + to_days(cast({{ limit('restated_age_days') }} as integer)) as date
        ) as history_on
    from {{ ref('delivery_changes') }} as changes
    inner join deliveries
        on changes.system_id = deliveries.system_id and changes.delivery_id = deliveries.delivery_id
    where not changes.is_total and changes.period is not null
),

compared as (
    select distinct
        deliveries.system_id,
        changes.table_name as source_table,
        deliveries.delivery_id,
        deliveries.delivered_on,
        deliveries.delivery_number
    from {{ ref('delivery_changes') }} as changes
    inner join deliveries
        on changes.system_id = deliveries.system_id and changes.delivery_id = deliveries.delivery_id
    where changes.compared_with is not null
),

counted as (
    select
        compared.*,
        coalesce(
            sum(changes.n_rows) filter (
                where changes.change = 'inserted' and changes.delivery_number < compared.delivery_number
            ),
            0
        ) as rows_of_history,
        {%- for change in ['changed', 'filled', 'deleted'] %}
        coalesce(
            sum(changes.n_rows) filter (
                where changes.change = '{{ change }}' and changes.delivery_number = compared.delivery_number
            ),
            0
        ) as n_{{ change }}{{ "," if not loop.last }}
        {%- endfor %}
    from compared
    left join changes
        on
            compared.system_id = changes.system_id
            and compared.source_table = changes.source_table
            and compared.delivery_number >= changes.delivery_number
            and compared.delivered_on >= changes.history_on
    group by all
)

select
    {{ municipality_id() }} as municipality_id,
    system_id,
    source_table,
    delivery_id,
    delivered_on,
    cast(rows_of_history as bigint) as rows_of_history,
    cast(n_changed - n_filled as bigint) as rows_changed,
    cast(n_deleted as bigint) as rows_deleted
from counted
