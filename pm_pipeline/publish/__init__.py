"""The one gate out: marts become a publication that names nobody.

In order: :func:`new_candidate_dir`, :func:`build_candidate`, :func:`check_candidate`,
:func:`refuse_findings`, :func:`promote`.
"""

from pm_pipeline.publish.database import Candidate, build_candidate
from pm_pipeline.publish.gate import Finding, check_candidate, refuse_findings
from pm_pipeline.publish.metadata import TableCounts
from pm_pipeline.publish.receipts import (
    DeliveryReceipt,
    Receipt,
    collect_receipt,
    fingerprint_paths,
    input_fingerprint,
    read_receipt,
)
from pm_pipeline.publish.summary import KpiRow, Summary, read_summary
from pm_pipeline.publish.swap import new_candidate_dir, only_publisher, promote

__all__ = [
    "Candidate",
    "DeliveryReceipt",
    "Finding",
    "KpiRow",
    "Receipt",
    "Summary",
    "TableCounts",
    "build_candidate",
    "check_candidate",
    "collect_receipt",
    "fingerprint_paths",
    "input_fingerprint",
    "new_candidate_dir",
    "only_publisher",
    "promote",
    "read_receipt",
    "read_summary",
    "refuse_findings",
]
