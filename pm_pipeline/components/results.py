"""What Python makes of a warehouse: which tables a result reads, what makes it, and where it lies.

A result is an asset, one Parquet file that says of itself what it was made from, and a dbt source of
the marts. One more is one more entry of :data:`RESULTS`: staleness, plans and lineage follow from it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq

from pm_pipeline.law.dates import dates_passed
from pm_pipeline.publish.receipts import fingerprint_paths
from pm_pipeline.quality.suites.datasets import DATASETS
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.registry import Registry, load_registry
from pm_pipeline.settings import Settings

#: Under which name a file of results says what it was made from.
MADE_FROM = "pm_made_from"
#: The same for the law that was in force when it was made.
LAW_IN_FORCE = "pm_law_in_force"
#: The tables of core that the miners read.
MINED = ("variants", "directly_follows", "start_end_activities", "cases", "activities")


@dataclass(frozen=True)
class PythonResult:
    """One result of a municipality.

    Attributes:
        stage, name: the asset key; ``<stage>/<name>.parquet`` in the municipality's folder of work.
        reads: (schema, table) of each table of the warehouse that it is made of.
        made_by: what else it rests on, as texts: its code, its rules, its settings, its libraries.
        follows_law_in_force: it says what holds today, so it is made anew when a regime or a change
            begins or ends, though nothing was edited.
    """

    stage: Literal["quality", "mining"]
    name: str
    reads: tuple[tuple[str, str], ...]
    made_by: Callable[[Settings], list[str]]
    follows_law_in_force: bool = False

    @property
    def asset(self) -> tuple[str, str]:
        return self.stage, self.name

    def path(self, settings: Settings, municipality_id: str) -> Path:
        folder = {"quality": settings.quality_dir, "mining": settings.mining_dir}[self.stage]
        return folder(municipality_id) / f"{self.name}.parquet"


def made_from(path: Path) -> str | None:
    """What a Parquet file says that it was made from; None where it is missing or says nothing."""
    return _told(path, MADE_FROM)


def law_in_force(registry: Registry, municipality_id: str, day: date) -> str:
    """What has begun and ended by a day, one a line: the same text on all days between two dates."""
    return "\n".join(map(str, dates_passed(registry, municipality_id, day)))


def law_judged(path: Path) -> str | None:
    """By which law in force a file of results was made; None where it is missing or says nothing."""
    return _told(path, LAW_IN_FORCE)


def _told(path: Path, name: str) -> str | None:
    if not path.exists():
        return None
    text = (pq.read_schema(path).metadata or {}).get(name.encode())
    return text.decode() if text else None


def _code(settings: Settings, *folders: str) -> str:
    package = settings.project_dir / "pm_pipeline"
    return fingerprint_paths({folder: package / folder for folder in folders})


def _judged_by(settings: Settings) -> list[str]:
    return [
        repr(Reference.of(load_registry(settings.seeds_dir))),
        fingerprint_paths({"suites": settings.expectations_dir}),
        _code(settings, "quality/suites", "quality/judging", "defs/quality/assets.py"),
        *_versions("great_expectations", "pandas", "duckdb"),
    ]


def _remembered_by(settings: Settings) -> list[str]:
    return [
        *_judged_by(settings), _code(settings, "defs/quality/history.py"),
        f"kept for {settings.keep_judgements_days} days",
    ]


def _reported_by(settings: Settings) -> list[str]:
    registry = load_registry(settings.seeds_dir)
    return [
        repr([(one.system_id, one.name) for one in registry.systems]),
        repr([(one.municipality_id, one.name) for one in registry.active_municipalities]),
        _code(
            settings, "quality/delivery_report", "ingest/rejects", "components/delivery_reports.py",
            "defs/quality/delivery_reports.py",
        ),
        *_versions("jinja2", "duckdb"),
    ]


def _mined_by(settings: Settings) -> list[str]:
    labels = {one.process_id: one.label_da for one in load_registry(settings.seeds_dir).processes}
    return [
        json.dumps(labels, sort_keys=True),
        _code(settings, "mining", "defs/mining"),
        str(settings.min_group_size),
        *_versions("pm4py", "pygraphviz", "duckdb", "numpy"),
    ]


def _compared_with_models_by(settings: Settings) -> list[str]:
    folder = settings.reference_models_dir
    references = {"references": folder} if folder.is_dir() else {}
    return [*_mined_by(settings), fingerprint_paths(references)]


def _constrained_by(settings: Settings) -> list[str]:
    return [
        _code(
            settings, "mining/constraints", "mining/log.py", "mining/report.py",
            "defs/mining/constraints.py",
        ),
        *_versions("numpy", "duckdb"),
    ]


def _drift_by(settings: Settings) -> list[str]:
    return [
        _code(settings, "quality/drift", "defs/quality/drift.py"),
        *_versions("numpy", "ruptures", "duckdb"),
    ]


def _compared_by(settings: Settings) -> list[str]:
    return [
        _code(settings, "quality/effects", "defs/quality/comparisons.py"),
        *_versions("numpy", "scipy", "duckdb"),
    ]


def _initiatives_by(settings: Settings) -> list[str]:
    return [
        _code(settings, "mining/initiatives", "mining/limits.py", "defs/mining/initiatives.py"),
        f"{settings.min_group_size}",
        *_versions("numpy", "scipy", "duckdb"),
    ]


def _what_ifs_by(settings: Settings) -> list[str]:
    return [
        _code(
            settings, "mining/whatif", "mining/limits.py", "mining/report.py",
            "defs/mining/what_if_answers.py",
        ),
        f"{settings.min_group_size}",
        *_versions("numpy", "scipy", "duckdb"),
    ]


def _groups_compared_by(settings: Settings) -> list[str]:
    return [
        _code(
            settings, "mining/comparison", "mining/pictures", "mining/artefacts.py",
            "defs/mining/comparisons.py",
        ),
        f"{settings.min_group_size}",
        *_versions("numpy", "scipy", "pygraphviz", "duckdb"),
    ]


def _versions(*libraries: str) -> list[str]:
    return [f"{name} {version(name)}" for name in libraries]


RULE_RESULTS = PythonResult(
    "quality",
    "rule_results",
    (*(("quality", dataset) for dataset in DATASETS), ("core", "deliveries"), ("core", "cases")),
    _judged_by,
    follows_law_in_force=True,
)
DISCOVERED_MODELS = PythonResult(
    "mining",
    "discovered_models",
    (*(("core", table) for table in MINED), ("core", "object_follows"), ("core", "object_types")),
    _mined_by,
)
#: Made beside the models that it compares the cases with, of the same tables.
DEVIATIONS = PythonResult(
    "mining", "deviations", tuple(("core", table) for table in MINED), _compared_with_models_by
)
DECLARE_CONSTRAINTS = PythonResult(
    "mining", "declare_constraints", DEVIATIONS.reads, _constrained_by
)
#: Judged with the results: what makes them stale adds one judgement more.
RULE_HISTORY = PythonResult(
    "quality",
    "rule_history",
    RULE_RESULTS.reads,
    _remembered_by,
    follows_law_in_force=True,
)
DELIVERY_REPORTS = PythonResult(
    "quality",
    "delivery_reports",
    (
        ("quality", "delivery_findings"), ("quality", "delivery_sizes"), ("core", "deliveries"),
        ("reference", "quality_patterns"),
    ),
    _reported_by,
)
DRIFT_POINTS = PythonResult(
    "quality",
    "drift_points",
    (
        ("core", "event_log"), ("core", "transitions"), ("core", "cases"), ("core", "activities"),
        ("core", "deliveries"), ("core", "dated_changes"), ("reference", "quality_limits"),
    ),
    _drift_by,
)
CHANGE_COMPARISONS = PythonResult(
    "quality",
    "change_comparisons",
    (
        ("core", "dated_changes"), ("core", "activities"), ("quality", "int_change_days"),
        ("intermediate", "int_change_activities"), ("intermediate", "int_law_mapping_touches"),
        ("quality", "event_weeks"), ("quality", "pair_weeks"), ("quality", "change_weeks"),
        ("reference", "quality_limits"),
    ),
    _compared_by,
)
INITIATIVE_EFFECTS = PythonResult(
    "mining",
    "initiative_effects",
    (
        ("core", "initiative_periods"), ("core", "dated_changes"), ("core", "activities"),
        ("reference", "initiatives"), ("reference", "rules"), ("reference", "quality_limits"),
    ),
    _initiatives_by,
)
WHAT_IF_ANSWERS = PythonResult(
    "mining",
    "what_if_answers",
    (
        ("core", "case_turns"), ("core", "queue_turns"), ("core", "queues"), ("core", "activities"),
        ("intermediate", "int_working_days"), ("reference", "what_ifs"),
        ("reference", "quality_limits"),
    ),
    _what_ifs_by,
)
GROUP_COMPARISONS = PythonResult(
    "mining",
    "group_comparisons",
    (
        ("core", "comparison_sides"), ("core", "comparison_lines"), ("core", "comparison_days"),
        ("core", "activities"), ("reference", "comparisons"),
    ),
    _groups_compared_by,
)
RESULTS: tuple[PythonResult, ...] = (
    RULE_RESULTS, RULE_HISTORY, DELIVERY_REPORTS, DRIFT_POINTS, CHANGE_COMPARISONS, DISCOVERED_MODELS,
    DEVIATIONS, DECLARE_CONSTRAINTS,
    INITIATIVE_EFFECTS, WHAT_IF_ANSWERS,
    GROUP_COMPARISONS,
)
