-- What this warehouse was built from: publication copies it, so that a receipt never claims law or code
-- that was edited after the build.
select
    {{ municipality_id() }} as municipality_id,
    '{{ env_var("PM_CODE_FINGERPRINT", "") }}' as code_fingerprint,
    '{{ env_var("PM_LAW_FINGERPRINT", "") }}' as law_fingerprint,
    cast(current_timestamp at time zone 'UTC' as timestamp) as built_at
