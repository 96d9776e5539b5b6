"""Mining: models and maps of how work really flows, from counts that SQL has made.

The only package that imports pm4py, and only inside functions: importing this package
costs nothing but the standard library and DuckDB.
"""

from pm_pipeline.mining.report import DiscoveredModel, MinedSlice, MiningReport
from pm_pipeline.mining.slices import mine

__all__ = ["DiscoveredModel", "MinedSlice", "MiningReport", "mine"]
