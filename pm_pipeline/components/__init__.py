"""Types of which `defs/` holds instances."""

from pm_pipeline.components.case_system_export import CaseSystemExport

__all__ = ["CaseSystemExport"]
