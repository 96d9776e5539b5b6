"""One rule of a suite: an expectation with its id, titles and reason, read strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pm_pipeline.errors import PipelineError
from pm_pipeline.quality.suites.catalogue import EXPECTATION_TYPES, argument_fault, nearest
from pm_pipeline.quality.suites.datasets import VOCABULARIES, ColumnKind, Dataset

SEVERITIES = ("critical", "warning", "info")
#: The suite of the rules that are rows of a seed.
SEEDS = "seeds"

_EXPECTATION_KEYS = frozenset({"type", "kwargs", "meta", "severity"})
_META_KEYS = frozenset(
    {
        "rule_id", "title_da", "title_en", "legal_basis", "reason", "checked", "failed", "only",
        "replaces",
    }
)
_RULE_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+")


@dataclass(frozen=True)
class Rule:
    """One expectation: what Great Expectations runs, and what a reader of the result needs.

    ``only``: the rows it is about, as the value that each of some text columns has; all when empty.
    ``replaces``: the baseline rule that it stands for while its regime is in force.
    """

    rule_id: str
    dataset: str
    suite: str
    type: str
    kwargs: Mapping[str, Any]
    severity: str
    title_da: str
    title_en: str
    legal_basis: str | None
    reason: str | None
    checked: str | None
    failed: str | None
    only: Mapping[str, str] = field(default_factory=dict)
    replaces: str | None = None

    def is_for(self, process_id: str | None, regime_id: str | None) -> bool:
        """Whether it has rows to judge in a slice; ``only`` may name one process or regime."""
        return (
            self.only.get("process_id", process_id) == process_id
            and self.only.get("regime_id", regime_id) == regime_id
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of facts that the rule measures."""
        return tuple(value for name, value in self.kwargs.items() if name.startswith("column"))

    @property
    def whole_column(self) -> bool:
        """It judges the rows of a slice together (their sum, their number), not row by row."""
        return EXPECTATION_TYPES[self.type].whole_column

    @property
    def threshold(self) -> float | None:
        """The bound the measured share or count may not pass; None for rules about codes."""
        bound = self.kwargs.get("max_value", self.kwargs.get("min_value"))
        return None if bound is None else float(bound)


def read_rule(
    where: str, item: Any, suite: str, dataset: Dataset, parameters: Mapping[str, Any]
) -> Rule:
    """The rule that one item of ``expectations`` describes.

    ``where``: file and number, for the message. ``parameters``: the names a ``$PARAMETER`` may use.

    Raises:
        PipelineError: a key, type, argument, column or parameter is unknown, or something is
            missing: severity, id, titles, reason, counts.
    """
    if not isinstance(item, dict):
        raise PipelineError(f"{where}: expected an object with type, kwargs, severity and meta")
    type_name = item.get("type")
    where = f"{where} ({type_name})"
    refuse_unknown(where, "the expectation", item, _EXPECTATION_KEYS)
    if not isinstance(type_name, str) or type_name not in EXPECTATION_TYPES:
        hint = nearest(str(type_name), list(EXPECTATION_TYPES))
        raise PipelineError(f"{where}: unknown expectation type; {hint}")
    kwargs, meta = item.get("kwargs"), item.get("meta")
    if not isinstance(kwargs, dict) or not isinstance(meta, dict):
        raise PipelineError(f"{where}: kwargs and meta must both be objects")
    fault = argument_fault(type_name, kwargs, dataset, parameters)
    if fault:
        raise PipelineError(f"{where}: {fault}")
    if item.get("severity") not in SEVERITIES:
        raise PipelineError(
            f"{where}: severity must be one of {', '.join(SEVERITIES)}, "
            f"found {item.get('severity')!r}"
        )
    _check_meta(where, {name: meta[name] for name in meta if name != "only"}, dataset)
    if "only" in meta:
        _check_only(where, meta["only"], suite, dataset, parameters)
    if "replaces" in meta and not suite.startswith("regimes/"):
        raise PipelineError(
            f"{where}: only a rule of a regime replaces another; edit {meta['replaces']} itself"
        )
    return Rule(
        rule_id=meta["rule_id"], dataset=dataset.name, suite=suite, type=type_name,
        kwargs=MappingProxyType(kwargs), severity=item["severity"], title_da=meta["title_da"],
        title_en=meta["title_en"], legal_basis=meta.get("legal_basis"), reason=meta.get("reason"),
        checked=meta.get("checked"), failed=meta.get("failed"),
        only=MappingProxyType(meta.get("only", {})), replaces=meta.get("replaces"),
    )  # fmt: skip


def _check_meta(where: str, meta: dict[str, Any], dataset: Dataset) -> None:
    refuse_unknown(where, "meta", meta, _META_KEYS)
    for name, value in meta.items():
        if not isinstance(value, str) or not value.strip():
            raise PipelineError(f"{where}: meta.{name} must be text, found {value!r}")
    for name in ("rule_id", "title_da", "title_en"):
        if name not in meta:
            raise PipelineError(f"{where}: meta.{name} is missing")
    if not _RULE_ID.fullmatch(meta["rule_id"]):
        raise PipelineError(
            f"{where}: meta.rule_id must look like EV-001, found {meta['rule_id']!r}"
        )
    if "legal_basis" not in meta and "reason" not in meta:
        raise PipelineError(f"{where}: give meta.legal_basis (a link) or meta.reason (why)")
    if not meta.get("legal_basis", "https://").startswith("https://"):
        raise PipelineError(f"{where}: meta.legal_basis must be a link that starts with https://")
    for name in ("checked", "failed"):
        if dataset.counts_values and name in meta:
            raise PipelineError(f"{where}: {dataset.name} counts codes itself; drop meta.{name}")
        if dataset.counts_values:
            continue
        column = meta.get(name)
        if column is None or dataset.columns.get(column) is not ColumnKind.COUNT:
            counts = [c for c, kind in dataset.columns.items() if kind is ColumnKind.COUNT]
            raise PipelineError(
                f"{where}: meta.{name} must name a count column of {dataset.name}, found "
                f"{column!r}; {nearest(str(column), counts)}"
            )


def _check_only(
    where: str, only: Any, suite: str, dataset: Dataset, parameters: Mapping[str, Any]
) -> None:
    if not isinstance(only, dict) or not only:
        raise PipelineError(f'{where}: meta.only must look like {{"<column>": "<value>"}}')
    texts = [name for name, kind in dataset.columns.items() if kind is ColumnKind.TEXT]
    for column, value in only.items():
        if column not in texts:
            raise PipelineError(
                f"{where}: meta.only: {dataset.name} has no text column {column!r}; "
                f"{nearest(column, texts)}"
            )
        if not isinstance(value, str) or not value:
            raise PipelineError(f"{where}: meta.only.{column} must be text, found {value!r}")
        if column == "regime_id" or (column == "process_id" and suite.startswith("regimes/")):
            raise PipelineError(
                f"{where}: meta.only.{column}: a rule of one regime stands in regimes/<regime_id>/, "
                "which says it already"
            )
        if column == "process_id" and not dataset.sliced:
            raise PipelineError(
                f"{where}: meta.only.{column}: {dataset.name} describes whole deliveries, no process"
            )
        known = parameters.get(VOCABULARIES.get(column, ""), ())
        # a field may have no rows of it: codes of a ready log are nobody's to list
        if known and value not in known:
            raise PipelineError(
                f"{where}: meta.only.{column}: {value!r} is none of the parameter "
                f"{VOCABULARIES[column]}; {nearest(value, list(known))}"
            )


def file_of(suite: str, dataset: str) -> str:
    """Where the rules of a suite are written, from the folder of the field of work."""
    is_seed = suite == SEEDS
    return "seeds/quality/log_rules.csv" if is_seed else f"expectations/{suite}/{dataset}.json"


def refuse_unknown(
    where: object, what: str, found: Mapping[str, Any], known: frozenset[str]
) -> None:
    """Raise PipelineError for the first key that is not ``known``."""
    for key in found:
        if key not in known:
            raise PipelineError(
                f"{where}: {what} has an unknown key {key!r}; {nearest(key, sorted(known))}"
            )
