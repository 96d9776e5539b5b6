"""The dbt project in two steps: core before quality and mining, marts after."""

from pm_pipeline.components.dbt_stage import build_dbt_stage
from pm_pipeline.settings import get_settings

core = build_dbt_stage(get_settings(), "core")
marts = build_dbt_stage(get_settings(), "marts")
