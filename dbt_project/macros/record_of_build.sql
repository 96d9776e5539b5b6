{#- What a build leaves in the warehouse about itself. The variables come from `pm_pipeline run`; where
    they are not set, as when dbt runs alone, nothing happens: a node built by hand then has no record, and
    the next run builds it again. -#}

{#- Before a build: tables and views that no node makes any more, and marts that would not fit to what is
    built now, go in the same swap. `PM_DROPPED` is a list of [kind, schema, name]. -#}
{% macro drop_what_does_not_fit() -%}
    {%- for kind, schema, name in fromjson(env_var("PM_DROPPED", "[]")) %}
        drop {{ kind }} if exists {{ adapter.quote(schema) }}.{{ adapter.quote(name) }};
    {%- endfor %}
{%- endmacro %}


{#- After a build: each table says in its comment what it was made from. `PM_MADE_FROM` holds a
    fingerprint for each node. -#}
{% macro write_what_it_is_made_from(results) -%}
    {%- set made_from = fromjson(env_var("PM_MADE_FROM", "{}")) %}
    {%- for result in results if result.status == "success" and result.node.unique_id in made_from %}
        {%- set node = result.node %}
        comment on {{ "view" if node.config.materialized == "view" else "table" }}
        {{ adapter.quote(node.schema) }}.{{ adapter.quote(node.alias) }}
        is '{{ made_from[node.unique_id] }}';
    {%- endfor %}
{%- endmacro %}
