{#- How many percent (0-100) a part is of its whole: null, not 0, where there are too few to tell a share, so
    that a suite says NO_DATA, neither PASS nor FAIL. Many of a few are told all the same: where all of
    fifteen talks lack their party, nobody needs to wait for twenty.
    `least`: the row of detectors/quality_limits.csv that says of how many a share is told; none: of one. -#}
{% macro percent_of(part, whole, least=none) -%}
    case
        when
            {{ whole }} >= {{ limit(least) if least else 1 }}
            or {{ part }} >= {{ limit('share_least_found') }}
            then 100.0 * {{ part }} / nullif({{ whole }}, 0)
    end
{%- endmacro %}
