{#- Tables and views are made in place, in one transaction. The adapter's own way makes each under another
    name, renames it and drops a backup: two more statements per node, and as much time again as a small
    query. Here nobody reads what is being built (pm_pipeline/transform/build.py: a file of its own, swapped
    in when every node succeeded), and for dbt alone the transaction keeps a failed table as it was. -#}

{% materialization table, adapter="duckdb" -%}
    {%- set target_relation = this.incorporate(type="table") -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement("main") -%}
        {{ make_room(target_relation) }}
        {{ create_table_as(False, target_relation, sql) }}
    {%- endcall %}
    {%- do create_indexes(target_relation) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ return({"relations": [target_relation]}) }}
{%- endmaterialization %}


{% materialization view, adapter="duckdb" -%}
    {%- set target_relation = this.incorporate(type="view") -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement("main") -%}
        {{ make_room(target_relation) }}
        {{ get_create_view_as_sql(target_relation, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ return({"relations": [target_relation]}) }}
{%- endmaterialization %}


{#- What has this name now, a table or a view, goes in the transaction that makes it anew (the adapter's own
    macro for dropping has a transaction of its own). -#}
{% macro make_room(relation) -%}
    {%- set existing_relation = load_cached_relation(relation) -%}
    {%- if existing_relation is not none %}drop {{ existing_relation.type }} {{ existing_relation }};{% endif -%}
{%- endmacro %}
