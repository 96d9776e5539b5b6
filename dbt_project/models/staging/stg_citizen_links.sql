{{ config(materialized='table') }}
-- Which pseudonym became which, and where that leads: one row per link that a delivery tells. A chain of
-- links leads to its last pseudonym. What contradicts itself is not guessed: a link to itself, one old
-- number that became two, and links that lead in a circle are faults, and their citizens stay apart.
with recursive links as (
    select * from {{ ref('stg_momentum__cpr_changes') }}
    where row_state = 'current'
),

counted as (
    select
        *,
        count(distinct new_citizen_key) over (partition by old_citizen_key) > 1 as is_ambiguous
    from links
),

sound as (
    select
        old_citizen_key,
        new_citizen_key
    from counted
    where not is_ambiguous and old_citizen_key <> new_citizen_key
),

-- `union` keeps each pair once, so a circle ends by itself
reached (old_citizen_key, citizen_key) as (
    select
        old_citizen_key,
        new_citizen_key as citizen_key
    from sound
    union
    select
        reached.old_citizen_key,
        sound.new_citizen_key as citizen_key
    from reached
    inner join sound on reached.citizen_key = sound.old_citizen_key
),

-- the pseudonym that no link leads on from; a walk that comes to none goes in a circle
ended as (
    select
        reached.old_citizen_key,
        reached.citizen_key
    from reached
    anti join sound on reached.citizen_key = sound.old_citizen_key
)

select
    counted.old_citizen_key,
    counted.new_citizen_key,
    ended.citizen_key,
    case
        when counted.old_citizen_key = counted.new_citizen_key then 'to_itself'
        when counted.is_ambiguous then 'ambiguous'
        when ended.citizen_key is null then 'circle'
    end as fault,
    counted.changed_on,
    counted.delivery_id,
    counted.source_file,
    counted.source_row
from counted
left join ended on counted.old_citizen_key = ended.old_citizen_key and not counted.is_ambiguous
