"""Examples of law that a lawyer can read: given this course, the rule must come out so.

``<rule_id>.yml`` files in ``Settings.scenarios_dir``; ``dbt_project/README.md`` shows the form. They
are judged by the SQL of the dbt models itself, compiled and handed in: there is no second evaluation.
"""
