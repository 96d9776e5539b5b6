"""The municipalities that a difference touches, each with why."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from pm_pipeline.bilingual import Words
from pm_pipeline.law.diff.in_force import LawOnDay
from pm_pipeline.law.diff.mappings import MappingDiff, NotionDiff
from pm_pipeline.law.diff.pauses import ExemptionDiff, StopDiff, rules_between
from pm_pipeline.law.diff.processes import ProcessDiff
from pm_pipeline.law.diff.rules import RuleDiff
from pm_pipeline.registry import Municipality

#: Municipality → the systems it has delivered; one that is missing has delivered nothing yet.
Deliveries = Mapping[str, Set[str]]


@dataclass(frozen=True)
class Reason:
    """Why a municipality is touched; not ``is_sure`` where it has delivered nothing yet."""

    words: Words
    is_sure: bool = True


@dataclass(frozen=True)
class MunicipalityTouch:
    municipality_id: str
    name: str
    reasons: tuple[Reason, ...]

    @property
    def is_sure(self) -> bool:
        return any(one.is_sure for one in self.reasons)


def touched_municipalities(
    before: LawOnDay, after: LawOnDay, *, processes: Iterable[ProcessDiff],
    stops: Iterable[StopDiff], exemptions: Iterable[ExemptionDiff],
    mappings: Iterable[MappingDiff], notions: Iterable[NotionDiff], deliveries: Deliveries,
) -> tuple[MunicipalityTouch, ...]:
    """Those that take part and are touched, in the order of the registry.

    A regime, a rule without scope and a stop of the whole country touch everybody; a rule or stop
    with a scope those of the scope; a code those that deliver its system, or the one whose row it is.
    """
    active = after.registry.active_municipalities
    reasons: dict[str, list[Reason]] = {one.municipality_id: [] for one in active}

    def tell(who: Iterable[Municipality], words: Words) -> None:
        for one in who:
            reasons[one.municipality_id].append(Reason(words))

    for process in processes:
        if process.has_other_regime:
            tell(active, Words(
                f"sager i {process.label.da} får et andet lovregime",
                f"cases of {process.label.en} get another regime",
            ))
            # every rule of the process is told by that, but those of a few
        for rule in process.other_law:
            codes = _scope(rule)
            if codes or not process.has_other_regime:
                tell(_of(active, codes), Words(
                    f"reglen {rule.rule_id}{_funds(rule)}", f"the rule {rule.rule_id}{_funds(rule)}"
                ))
    for stop in stops:
        regions = set(stop.stop.scope_regions)
        if stop.rule_ids:
            tell((one for one in active if not regions or one.region in regions), Words(
                f"frister står stille: {stop.stop.stop_id}", f"clocks stand still: {stop.stop.stop_id}"
            ))
    rules = rules_between(after.registry, before.day, after.day)
    for exemption in exemptions:
        scopes = [one.scope_municipalities for one in rules if one.rule_id in exemption.rule_ids]
        codes = set() if not all(scopes) else {code for scope in scopes for code in scope}
        if scopes:
            tell(_of(active, codes), Words(
                f"fritagelsen {exemption.exemption.exemption_id}",
                f"the exemption {exemption.exemption.exemption_id}",
            ))
    for notion in notions:
        tell(active, Words(
            f"sager afgrænses anderledes: {notion.label.da}",
            f"cases are drawn otherwise: {notion.label.en}",
        ))
    for mapping in mappings:
        for one in active:
            reason = _of_code(mapping, one.municipality_id, deliveries)
            if reason:
                reasons[one.municipality_id].append(reason)
    return tuple(
        MunicipalityTouch(one.municipality_id, one.name, _once(reasons[one.municipality_id]))
        for one in active if reasons[one.municipality_id]
    )


def _scope(rule: RuleDiff) -> set[str]:
    """The municipalities of a rule; empty: all, since one of the two wordings holds for all."""
    scopes = [one.scope_municipalities for one in rule.rows]
    return {code for scope in scopes for code in scope} if all(scopes) else set()


def _of(active: Iterable[Municipality], codes: set[str]) -> Iterable[Municipality]:
    return (one for one in active if not codes or one.municipality_id in codes)


def _funds(rule: RuleDiff) -> str:
    funds = sorted({fund for one in rule.rows for fund in one.scope_funds})
    is_for_all = any(not one.scope_funds for one in rule.rows)
    return "" if is_for_all else f" ({', '.join(funds)})"


def _of_code(mapping: MappingDiff, municipality_id: str, deliveries: Deliveries) -> Reason | None:
    own = mapping.municipality_id
    is_reached = municipality_id not in mapping.own_elsewhere if own is None else own == municipality_id
    if not mapping.changes_meaning or not is_reached:
        return None
    delivered = deliveries.get(municipality_id, frozenset())
    if own is None and delivered and mapping.system_id not in delivered:
        return None
    words = Words(f"koder i {mapping.system_id}", f"codes of {mapping.system_id}")
    return Reason(words, is_sure=own is not None or bool(delivered))


def _once(reasons: list[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))
