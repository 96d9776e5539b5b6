"""The dbt models and KPIs that read what differs.

What reads what is dbt's to know: the caller hands the graph in (see ``commands/law_diff.py``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pm_pipeline.law.diff.in_force import LawOnDay
from pm_pipeline.law.diff.pauses import ExemptionDiff, StopDiff
from pm_pipeline.law.diff.processes import ProcessDiff
from pm_pipeline.law.diff.rules import RuleFate
from pm_pipeline.registry import Rule, RuleKind

MARTS = "marts"
QUALITY = "quality"
_RULE_COLUMN = "rule_version"


@dataclass(frozen=True)
class Reader:
    """A model that reads a seed, itself or through others.

    Attributes:
        layer: the folder of models it stands in (staging … marts).
        columns: as its YAML declares them.
        rule_kinds: kinds of law rules it has rows for (``meta.rule_kinds``); empty: those that judge
            single cases.
        rule_families: families of the act that such a rule asks for (``meta.rule_families``); empty:
            all.
        is_direct: it names the seed itself.
        rule_window_from: where the window of such a rule begins (``meta.rule_window_from``); None:
            anywhere.
    """

    name: str
    layer: str
    columns: frozenset[str]
    rule_kinds: frozenset[str]
    rule_families: frozenset[str]
    is_direct: bool
    rule_window_from: int | None = None


#: Seed → every model that reads it, itself or through others.
Readers = Mapping[str, Sequence[Reader]]


@dataclass(frozen=True)
class ModelTouch:
    """``reads``: differing seeds that it names; ``through``: those it reads through other models."""

    name: str
    layer: str
    reads: tuple[str, ...]
    through: tuple[str, ...]


class KpiChange(StrEnum):
    """Why the rows of a rule in a mart are not what they were."""

    WORDING = "wording"
    #: The same duty, with another version, source, certainty or title.
    TOLD = "told"
    #: The same wording, counted under another regime from then on.
    REGIME = "regime"
    #: The same wording; a clock stop or an exemption moves its deadlines.
    DAYS = "days"


_CHANGES = {RuleFate.RETOLD: KpiChange.TOLD, RuleFate.CARRIED: KpiChange.REGIME}


@dataclass(frozen=True)
class KpiRows:
    """The rows of one rule in a mart: the version of the rows until then, and of those from then on."""

    rule_id: str
    before: str | None
    after: str | None
    change: KpiChange


@dataclass(frozen=True)
class KpiTouch:
    """A mart with rows per rule of law, and which of them a difference touches."""

    name: str
    rows: tuple[KpiRows, ...]


def touched_models(seeds: Iterable[str], readers: Readers) -> tuple[ModelTouch, ...]:
    """Every model that reads one of ``seeds``, by layer and name."""
    names: dict[tuple[str, str], dict[bool, list[str]]] = {}
    for seed in sorted(seeds):
        for one in readers.get(seed, ()):
            names.setdefault((one.layer, one.name), {}).setdefault(one.is_direct, []).append(seed)
    return tuple(
        ModelTouch(name, layer, tuple(by.get(True, ())), tuple(by.get(False, ())))
        for (layer, name), by in sorted(names.items())
    )


def touched_kpis(
    touched: Iterable[ModelTouch], readers: Readers, processes: Iterable[ProcessDiff],
    stops: Iterable[StopDiff], exemptions: Iterable[ExemptionDiff], after: LawOnDay,
) -> tuple[KpiTouch, ...]:
    """The touched marts that have rows per rule, with the touched rules that they have rows for.

    A rule whose days a stop or an exemption removes is one too, when it is in force on the second day.
    """
    by_name = {one.name: one for models in readers.values() for one in models}
    told = [
        (one.before, one.after, _CHANGES.get(one.fate, KpiChange.WORDING))
        for process in processes for one in process.rules
    ]
    known = {rule.rule_id for pair in told for rule in pair[:2] if rule is not None}
    bent = {rule_id for stop in stops for rule_id in stop.rule_ids}
    bent |= {rule_id for one in exemptions for rule_id in one.rule_ids}
    told += [
        (rule, rule, KpiChange.DAYS) for rule in after.rules if rule.rule_id in bent - known
    ]
    families = {one.activity_id: one.family for one in after.registry.activities}
    found = []
    for model in touched:
        mart = by_name[model.name]
        if mart.layer != MARTS or _RULE_COLUMN not in mart.columns:
            continue
        rows = (
            KpiRows(rule.rule_id, _version(mart, was, families), _version(mart, now, families), why)
            for was, now, why in told if (rule := now or was)
        )
        kept = tuple(dict.fromkeys(one for one in rows if one.before or one.after))
        if kept:
            found.append(KpiTouch(model.name, kept))
    return tuple(found)


def _version(mart: Reader, rule: Rule | None, families: Mapping[str, str]) -> str | None:
    """The version that the mart has rows for; None where it has none for such a rule."""
    if rule is None:
        return None
    kinds = mart.rule_kinds or set(RuleKind) - {RuleKind.POPULATION_SHARE}
    asked = {families.get(one) for one in rule.required_activity_id}
    has_rows = (
        rule.kind in kinds
        and (not mart.rule_families or asked & mart.rule_families)
        and mart.rule_window_from in (None, rule.window_from)
    )
    return rule.version if has_rows else None
