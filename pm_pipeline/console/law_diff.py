"""A difference of law as a page: Danish, or English when asked for."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.markup import escape

from pm_pipeline.bilingual import Words
from pm_pipeline.console.law_diff_words import (
    CODE_TURNS,
    HEADINGS,
    KPI_CHANGES,
    LAYERS,
    ROLES,
    SAID,
    STATUSES,
    TURNS,
)
from pm_pipeline.law.diff import LawDiff
from pm_pipeline.law.diff.mappings import MappingDiff
from pm_pipeline.law.diff.models import MARTS, KpiTouch, ModelTouch
from pm_pipeline.law.diff.municipalities import MunicipalityTouch
from pm_pipeline.law.diff.processes import ProcessDiff
from pm_pipeline.law.diff.rules import RuleDiff, RuleFate
from pm_pipeline.law.diff.suites import SuiteDiff
from pm_pipeline.registry import AppliesBy, Certainty, LegalChange

_SIGNS = {
    RuleFate.ADDED: "[green]+[/]", RuleFate.REMOVED: "[red]−[/]", RuleFate.CHANGED: "[yellow]~[/]",
    RuleFate.RETOLD: "[dim]≈[/]", RuleFate.CARRIED: "[dim]=[/]",
}


def show_law_diff(console: Console, diff: LawDiff, *, english: bool = False) -> None:
    """Everything that the difference touches, one section each; sections of nothing are left out."""
    _Page(console, english).show(diff)


class _Page:
    def __init__(self, console: Console, english: bool) -> None:
        self.console = console
        self.english = english

    def say(self, words: Words) -> str:
        return escape(words.en if self.english else words.da)

    def said(self, key: str, **values: object) -> str:
        words = SAID[key]
        return (words.en if self.english else words.da).format(
            **{name: escape(str(value)) for name, value in values.items()}
        )

    def section(self, heading: str, lines: Iterable[str]) -> None:
        told = list(lines)
        if told:
            self.console.print(f"\n[bold]{self.say(HEADINGS[heading])}[/]")
            for line in told:
                self.console.print(f"  {line}", soft_wrap=True)

    def show(self, diff: LawDiff) -> None:
        self.console.print(
            f"[bold]{self.said('title', before=diff.before.day, after=diff.after.day)}[/]"
        )
        if diff.draft is not None:
            self.console.print(
                self.said("draft", change=diff.draft.change_id, status=self._status(diff.draft)),
                style="bold black on yellow", soft_wrap=True,
            )
        self.section("changes", (
            f"{escape(one.change.change_id)} {self.say(TURNS[one.turn])} "
            f"{self._days(one.change)}: {self._title(one.change)} {escape(one.change.reference_url)}"
            for one in diff.changes.compared
        ))
        if diff.is_empty:
            self.console.print(f"\n{self.said('empty')}", soft_wrap=True)
        for process in diff.processes:
            self._process(process)
        self.section("clock_stops", (
            f"{escape(one.stop.stop_id)} {self.say(TURNS[one.turn])}: {one.stop.starts_on} – "
            f"{one.stop.ends_on or '…'}; {', '.join(one.stop.scope_regions) or self.said('country')}; "
            f"{', '.join(one.rule_ids) or self.said('stops_nothing')}"
            for one in diff.clock_stops
        ))
        self.section("exemptions", (
            f"{escape(one.exemption.exemption_id)} {self.say(TURNS[one.turn])}: "
            f"{escape(self._either(one.exemption.title_da, one.exemption.title_en))}"
            f"{self._doubt(one.exemption.certainty)}; {', '.join(one.rule_ids)}"
            for one in diff.exemptions
        ))
        self.section("activities", (
            f"{escape(one.activity_id)} ({self.say(one.label)}): " + "; ".join(
                f"{self.say(ROLES[part.role])} {escape(', '.join(part.ids))}" for part in one.parts
            )
            for one in diff.activities
        ))
        self.section("mappings", map(self._mapping, diff.mappings))
        self.section("case_notions", (
            self.said("notion", notion=one.case_notion_id, day=one.from_on,
                      processes=", ".join(one.process_ids))
            for one in diff.case_notions
        ))
        self.section("suites", (line for one in diff.suites for line in self._suite(one)))
        self.section("quality", [", ".join(diff.quality_datasets)] if diff.quality_datasets else [])
        self.section("models", self._models(diff.models))
        self.section("kpis", map(self._kpi, diff.kpis))
        self.section("municipalities", map(self._municipality, diff.municipalities))
        self.section("not_law", (
            f"{escape(one.change_id)} ({self._status(one)}, "
            f"{self.said('planned', day=one.effective_on)}): {self._title(one)}"
            for one in diff.changes.not_law
        ))
        self.section("day_unknown", (
            f"{escape(one.change_id)} ({self._status(one)}): {self._title(one)}"
            for one in diff.changes.day_unknown
        ))

    def _process(self, process: ProcessDiff) -> None:
        path = [process.before, *process.passed, process.after]
        names = [escape(one.regime_id) if one else self.said("no_regime") for one in path]
        steps = " → ".join(names if process.has_other_regime else names[:1])
        self.console.print(f"\n[bold]{self.say(process.label)}:[/] {steps}", soft_wrap=True)
        if process.has_other_regime and process.after is not None:
            by_start = process.after.applies_by is AppliesBy.CASE_START
            self.console.print(
                "  " + self.said("by_start" if by_start else "by_event", day=process.after.valid_from),
                soft_wrap=True,
            )
        for rule in process.rules:
            self._rule(rule)

    def _rule(self, rule: RuleDiff) -> None:
        row = rule.after or rule.before
        assert row is not None, "a rule stands on one of the two days"
        self.console.print(
            f"  {_SIGNS[rule.fate]} {escape(rule.rule_id)} ({escape(row.version)}) "
            f"{self.said(rule.fate.value)}: {escape(self._either(row.title_da, row.title_en))}"
            f"{self._doubt(row.certainty)}", soft_wrap=True,
        )
        for one in rule.fields:
            if one.columns == (("title_da",) if self.english else ("title_en",)):
                continue  # the page has one language; the JSON has both
            before, after = (
                self.say(words) if words else self.said("nothing") for words in (one.before, one.after)
            )
            self.console.print(f"      {self.say(one.label)}: {before} → {after}", soft_wrap=True)

    def _mapping(self, one: MappingDiff) -> str:
        where = one.municipality_id or self.said("all_municipalities")
        before, after = (
            escape(row.activity_id) if row else self.said("unmapped") for row in (one.before, one.after)
        )
        return (
            f"{escape(one.system_id)} {escape(one.source_table)} '{escape(one.source_code)}' "
            f"({where}) {self.say(CODE_TURNS[one.turn])}: {before} → {after}"
        )

    def _suite(self, one: SuiteDiff) -> Iterator[str]:
        yield f"{one.before or self.said('no_regime')} → {one.after or self.said('no_regime')}"
        if one.lacks_suite:
            yield f"  [red]{self.said('lacks_suite', regime=one.after)}[/]"
        for sign, rows in (("[green]+[/]", one.added), ("[red]−[/]", one.removed)):
            for row in rows:
                yield f"  {sign} {row.rule_id} ({row.dataset}): {self.say(row.title)}"
        for was, now in one.replaced:
            yield f"  [yellow]~[/] {was.rule_id} → {now.rule_id} ({now.dataset}): {self.say(now.title)}"
            old, new = dict(was.says), dict(now.says)
            for name in sorted({*old, *new}):
                if old.get(name) != new.get(name):
                    yield f"      {name}: {escape(old.get(name, '–'))} → {escape(new.get(name, '–'))}"
        for was, now in one.carried:
            yield f"  [dim]=[/] {was.rule_id} → {now.rule_id} ({now.dataset}): {self.say(now.title)}"
        if one.retired:
            yield f"  {self.said('retired', rules=', '.join(one.retired))}"
        if one.restored:
            yield f"  {self.said('restored', rules=', '.join(one.restored))}"

    def _models(self, models: Iterable[ModelTouch]) -> Iterator[str]:
        """What reads a differing seed itself with its seeds; the rest by name."""
        told = list(models)
        for one in told:
            if one.reads:
                yield f"{one.layer}.{one.name} {self.said('reads', seeds=', '.join(one.reads))}"
        for layer in dict.fromkeys(one.layer for one in told):
            through = [one.name for one in told if one.layer == layer and not one.reads]
            if through:
                heading = self.say(LAYERS[MARTS if layer == MARTS else "model"])
                yield f"{heading} {layer} ({self.said('through')}): {', '.join(through)}"

    def _kpi(self, one: KpiTouch) -> str:
        rows = (
            f"{row.rule_id} {row.before or '–'} → {row.after or '–'}"
            + (f" ({self.say(KPI_CHANGES[row.change])})" if row.change in KPI_CHANGES else "")
            for row in one.rows
        )
        return f"{one.name}: {'; '.join(rows)}"

    def _municipality(self, one: MunicipalityTouch) -> str:
        reasons = "; ".join(
            self.say(reason.words) + ("" if reason.is_sure else f" ({self.said('perhaps')})")
            for reason in one.reasons
        )
        return f"{one.municipality_id} {escape(one.name)}: {reasons}"

    def _title(self, change: LegalChange) -> str:
        title = escape(self._either(change.title_da, change.title_en))
        return f"{title} ({escape(change.act)}){self._doubt(change.certainty)}"

    def _days(self, change: LegalChange) -> str:
        return f"{change.effective_on or '?'} – {change.ended_on or '…'}"

    def _status(self, change: LegalChange) -> str:
        return self.say(STATUSES[change.status])

    def _doubt(self, certainty: Certainty) -> str:
        doubtful = certainty is Certainty.UNCERTAIN
        return f" [yellow]{self.said('uncertain')}[/]" if doubtful else ""

    def _either(self, danish: str, english: str) -> str:
        return english if self.english else danish
