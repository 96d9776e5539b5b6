"""From what a file tells to what can be judged: which row of the rules, which process, which regime."""

from dataclasses import dataclass
from datetime import date

from pm_pipeline.law.scenarios.facts import fact_findings
from pm_pipeline.law.scenarios.form import OF_A_COHORT, Act, Given, Outcome
from pm_pipeline.law.scenarios.reader import Scenario
from pm_pipeline.registry import (
    AppliesBy,
    Finding,
    Process,
    Regime,
    Registry,
    Rule,
    RuleClock,
    RuleKind,
)


@dataclass(frozen=True)
class Example:
    """A scenario under one wording of its rule, in the one regime that its days lead to."""

    scenario: Scenario
    rule: Rule
    process: Process
    as_of: date

    @property
    def is_of_a_cohort(self) -> bool:
        return self.rule.kind is RuleKind.POPULATION_SHARE

    @property
    def title(self) -> str:
        return f"{self.rule.rule_id} {self.rule.version}: {self.scenario.story.name}"

    @property
    def meets(self) -> bool | None:
        """Whether the rule is met in it; None where that is not decided."""
        expected = self.scenario.story.expect
        if self.is_of_a_cohort:
            return expected.quota_met
        decided = {Outcome.FULFILLED: True, Outcome.BREACHED: False}
        return decided.get(expected.outcome) if expected.outcome else None


def start_act(process: Process, rule: Rule, given: Given) -> Act | None:
    """The act that starts the process, on the day of registration; None where the events hold one."""
    held = any(act.activity_id in process.start_activities for act in given.events)
    if held or not given.start_in_data or not process.start_activities:
        return None
    anchored = rule.anchor_activity_id in process.start_activities
    activity = rule.anchor_activity_id if anchored else None
    return Act(on=given.registered, activity_id=activity or process.start_activities[0])


def examples_of(registry: Registry, scenario: Scenario, findings: list[Finding]) -> list[Example]:
    """One example per version the scenario names; why there is none is appended to ``findings``."""
    story = scenario.story
    faults = fact_findings(registry, scenario)
    findings += faults
    examples = []
    for version in dict.fromkeys(story.version):
        rows = [
            one for one in registry.rules
            if one.rule_id == scenario.rule_id and one.version == version
        ]
        if not rows:
            findings.append(_unknown_rule(registry, scenario, version))
            continue
        of_kind = _kind_findings(scenario, rows[0])
        findings += of_kind
        if faults or of_kind:
            continue
        placed = {_place(registry, scenario, rows, one, findings) for one in story.courses}
        if len(placed) > 1 and None not in placed:
            findings.append(
                scenario.fault("courses of one process and regime: they are one cohort",
                               "courses of several", "correct their days or groups", "cases")
            )
        elif None not in placed and story.seen_on is not None:
            for row, process in (one for one in placed if one is not None):
                examples.append(Example(scenario, row, process, story.seen_on))
    return examples


def _unknown_rule(registry: Registry, scenario: Scenario, version: str) -> Finding:
    versions = sorted({one.version for one in registry.rules if one.rule_id == scenario.rule_id})
    if not versions:
        # of the whole file, so that it is told once
        return Finding(
            scenario.file, "a rule of law/rules.csv", f"'{scenario.rule_id}'",
            "correct it, add the row, or remove the file", column="rule",
        )
    return scenario.fault(
        f"a version of {scenario.rule_id} ({', '.join(versions)})", f"'{version}'",
        "correct it or add the row to law/rules.csv", "version",
    )


def _kind_findings(scenario: Scenario, rule: Rule) -> list[Finding]:
    """A share is expected of a cohort, everything else of one case."""
    story, named = scenario.story, set(scenario.story.expect.named)
    is_share = rule.kind is RuleKind.POPULATION_SHARE
    found = []
    if is_share and (not story.cases or story.given):
        found.append(
            scenario.fault("cases, a list of courses: the rule asks for a share of a cohort",
                           "given" if story.given else "none", "list the courses", "cases")
        )
    if not is_share and (story.cases or story.given is None):
        found.append(
            scenario.fault(f"given, one course: a rule of kind {rule.kind} judges one case",
                           "cases" if story.cases else "none", "tell one course", "given")
        )
    if found:
        return found
    if not is_share and story.expect.outcome is None:
        found.append(
            scenario.fault(f"an outcome ({', '.join(Outcome)})", "none", "add it", "expect.outcome")
        )
    if is_share and not named & OF_A_COHORT:
        found.append(scenario.fault("quota_met, or a count", "none", "add it", "expect"))
    found += [
        scenario.fault(f"a key that a rule of kind {rule.kind} shows",
                       f"'{name}'", "remove it", f"expect.{name}")
        for name in sorted(named) if (name in OF_A_COHORT) != is_share
    ]
    if rule.clock is RuleClock.ACCUMULATED_UNEMPLOYMENT and story.expect.outcome in (
        Outcome.FULFILLED, Outcome.BREACHED
    ):
        found.append(
            scenario.fault("not_computable: no export tells the clock of the rule",
                           f"'{story.expect.outcome}'", "correct it", "expect.outcome")
        )
    return found


def _place(
    registry: Registry, scenario: Scenario, rows: list[Rule], given: Given, findings: list[Finding]
) -> tuple[Rule, Process] | None:
    """The row of the rules that a course falls under, as ``int_case_notions`` finds its regime."""
    regimes = {one.regime_id: one for one in registry.regimes}
    processes = [
        process for process in registry.processes
        if process.process_id in {regimes[row.regime_id].process_id for row in rows}
        and (not process.target_groups or given.target_group in process.target_groups)
    ]
    if len(processes) != 1:
        known = sorted({
            group for process in registry.processes for group in process.target_groups
            if process.process_id in {regimes[row.regime_id].process_id for row in rows}
        })
        findings.append(
            scenario.fault(f"a target group of the process of the rule ({', '.join(known)})",
                           f"'{given.target_group}'", "correct it; put it in quotes", "target_group")
        )
        return None
    (process,) = processes
    landed = [
        (row, process) for row in rows
        if regimes[row.regime_id].process_id == process.process_id
        and any(regimes[row.regime_id].holds_on(day) for day in _days(
            regimes[row.regime_id], process, row, given
        ))
    ]
    if len(landed) == 1:
        return landed[0]
    findings.append(_wrong_regime(registry, scenario, process, rows, given))
    return None


def _days(regime: Regime, process: Process, rule: Rule, given: Given) -> list[date]:
    """The days that decide under which regime a course is judged: of its start, or of the anchor."""
    if regime.applies_by is AppliesBy.CASE_START:
        return [given.registered]
    start = start_act(process, rule, given)
    acts = (*given.events, *((start,) if start else ()))
    return [act.on for act in acts if act.activity_id == rule.anchor_activity_id] or [given.registered]


def _wrong_regime(
    registry: Registry, scenario: Scenario, process: Process, rows: list[Rule], given: Given
) -> Finding:
    wanted = ", ".join(row.regime_id for row in rows)
    held = next(
        (one for one in registry.regimes_of(process.process_id) if one.holds_on(given.registered)), None
    )
    there = sorted({
        one.version for one in registry.rules
        if held and one.regime_id == held.regime_id and one.rule_id == scenario.rule_id
    })
    found = f"{given.registered}, outside every regime"
    if held:
        of_it = f"which has version {', '.join(there)}" if there else "which has no such rule"
        found = f"{given.registered}, in {held.regime_id}, {of_it}"
    return scenario.fault(
        f"a day of a regime in which version {rows[0].version} holds ({wanted})", found,
        "correct the day or the version", "registered",
    )
