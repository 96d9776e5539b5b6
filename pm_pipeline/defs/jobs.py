"""The one job: the whole road of one municipality, from its deliveries to what is published."""

import dagster as dg

from pm_pipeline.settings import get_settings

municipality_job = dg.define_asset_job(
    "municipality",
    selection=dg.AssetSelection.all(),
    description="Everything of one municipality: ingest, warehouse, quality, models, publication.",
    tags={"dagster/max_runtime": str(get_settings().max_runtime_seconds)},
)
