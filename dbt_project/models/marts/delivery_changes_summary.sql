-- One row per delivery, table, month and kind of change. Months only: beside a total, the month that was
-- left out for its few people could be computed.
with delivered as (
    {{ deliveries_in_turn() }}
)

select
    changes.municipality_id,
    changes.system_id,
    changes.table_name,
    delivered.delivered_on,
    earlier.delivered_on as compared_with_on,
    changes.period,
    changes.change,
    changes.column_name,
    changes.n_rows,
    changes.n_citizens
from {{ ref('delivery_changes') }} as changes
inner join delivered
    on changes.system_id = delivered.system_id and changes.delivery_id = delivered.delivery_id
inner join delivered as earlier
    on changes.system_id = earlier.system_id and changes.compared_with = earlier.delivery_id
-- `filled` rows are among the changed ones: told beside them, the others could be computed
where not changes.is_total and changes.change <> 'filled'
