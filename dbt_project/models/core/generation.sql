-- What this warehouse was built from: publication copies it, so that a receipt never claims law or code
-- that was edited after the build. `mixed`: parts of it were built by hand from other code than the rest.
select
    {{ municipality_id() }} as municipality_id,
    '{{ env_var("PM_CODE_FINGERPRINT", "") }}' as code_fingerprint,
    '{{ env_var("PM_LAW_FINGERPRINT", "") }}' as law_fingerprint,
    '{{ env_var("PM_LAKE_STATE", "") }}' as lake_state,
    cast(current_timestamp at time zone 'UTC' as timestamp) as built_at
