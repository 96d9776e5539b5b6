"""What the quality rules say of municipalities now, and what a dated change did to their data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from pm_pipeline import warehouse
from pm_pipeline.bilingual import Words
from pm_pipeline.errors import UsageError
from pm_pipeline.law.register import load_checked_registry
from pm_pipeline.publish.adopters import Adopter, read_adopters
from pm_pipeline.publish.artefacts import WHOLE_DELIVERY
from pm_pipeline.quality.effects.comparison import ChangeComparison, read_comparisons
from pm_pipeline.quality.judging.history import Judgement
from pm_pipeline.quality.judging.results import Outcome, RuleResult, read_results, withheld_slices
from pm_pipeline.quality.judging.since import Since, since_when
from pm_pipeline.quality.suites.loading import load_suites
from pm_pipeline.quality.suites.reference import Reference
from pm_pipeline.registry import Municipality, Registry
from pm_pipeline.settings import Settings

#: What to do where no pattern says it: by the facts that a rule judges.
_BY_DATASET = {
    "quality_rows": Words(
        "Se `pm-pipeline rejects list` og `pm-pipeline deliveries report`.",
        "See `pm-pipeline rejects list` and `pm-pipeline deliveries report`.",
    ),
    "quality_codes": Words(
        "Giv koden en aktivitet i seeds/mapping, eller få den rettet ved kilden.",
        "Map the code in seeds/mapping, or have it corrected at the source.",
    ),
    "quality_labels": Words(
        "Få koden rettet ved kilden, eller giv den en aktivitet i seeds/mapping.",
        "Have the code corrected at the source, or map it in seeds/mapping.",
    ),
    "quality_events": Words(
        "Få tiden eller feltet rettet ved kilden; se `deliveries report`.",
        "Have the time or field corrected at the source; see `deliveries report`.",
    ),
    "quality_cases": Words(
        "Spørg kilden; se reglens begrundelse i expectations/.",
        "Ask the source; see the rule's reason in expectations/.",
    ),
    "quality_log_rules": Words(
        "Se rækken i seeds/quality/log_rules.csv, og spørg kilden.",
        "See the row of seeds/quality/log_rules.csv, and ask the source.",
    ),
    "quality_law_codes": Words(
        "Send rapporten om leverancen til afsenderen: `deliveries report`.",
        "Send the sender the report of the delivery: `deliveries report`.",
    ),
    "quality_volumes": Words(
        "Spørg, om en enhed eller en periode mangler i udtrækket.",
        "Ask whether a unit or a period is missing in the export.",
    ),
    "quality_restated": Words(
        "Spørg afsenderen, hvad der er ændret bagud i tid, og hvorfor.",
        "Ask the sender what was restated, and why.",
    ),
}
_ASK = Words("Spørg kilden.", "Ask the source.")


@dataclass(frozen=True)
class DatedChange:
    """A change that somebody may ask about. ``is_law`` is None where it is no change of law."""

    change_id: str
    kind: str
    title: Words
    on: date | None
    is_law: bool | None


@dataclass(frozen=True)
class Failing:
    """A rule that found the data wanting, or broke: with since when, and what to do."""

    result: RuleResult
    since: Since | None
    what_to_do: Words


@dataclass(frozen=True)
class MunicipalityQuality:
    """The last judgement of a municipality; ``comparisons`` of the change that was asked about.

    ``n_withheld``: slices that are not published because a critical rule fails. ``is_all_withheld``:
    that rule is about the whole delivery, of which then nothing is published.
    """

    municipality: Municipality
    judgement: Judgement
    outcomes: Mapping[Outcome, int]
    failing: tuple[Failing, ...]
    n_withheld: int
    is_all_withheld: bool
    comparisons: tuple[ChangeComparison, ...]

    @property
    def is_critical(self) -> bool:
        return bool(self.critical_rules)

    @property
    def critical_rules(self) -> tuple[str, ...]:
        """Ids of the rules because of which something is withheld; where all is, those about all."""
        return tuple(sorted({
            one.result.rule_id for one in self.failing
            if one.result.severity == "critical"
            and not (self.is_all_withheld and one.result.process_id is not None)
        }))


def find_change(settings: Settings, change_id: str) -> DatedChange:
    """The change of law or release of a system with this id.

    Raises:
        UsageError: there is none, with the ids that look most like it.
    """
    registry = load_checked_registry(settings.seeds_dir)
    known = {one.change_id: one for one in _changes(registry)}
    if change_id in known:
        return known[change_id]
    folded = {one.casefold(): one for one in known}
    close = get_close_matches(change_id.casefold(), list(folded), n=3, cutoff=0.4)
    nearest = ", ".join(folded[one] for one in close)
    raise UsageError(
        f"unknown change '{change_id}'; "
        + (f"did you mean {nearest}?" if nearest else f"known: {', '.join(sorted(known))}")
    )


def _changes(registry: Registry) -> Sequence[DatedChange]:
    return [
        *(
            DatedChange(
                one.change_id, "law", Words(one.title_da, one.title_en), one.effective_on, one.is_law
            )
            for one in registry.changes
        ),
        *(
            DatedChange(
                one.release_id, "release", Words(one.title_da, one.title_en), one.released_on, None
            )
            for one in registry.releases
        ),
    ]


def read_quality(
    settings: Settings, municipality: Municipality, change: DatedChange | None
) -> MunicipalityQuality:
    """What the last judgement of a municipality says, the worst first.

    Raises:
        PipelineError: it was never judged, or its comparisons were never made.
    """
    code = municipality.municipality_id
    folder = settings.quality_dir(code)
    path = folder / "rule_results.parquet"
    results = read_results(path)
    since = since_when(folder / "rule_history.parquet")
    mends = _mends(settings, code)
    failing = [
        Failing(
            one, since.get((one.rule_id, one.process_id, one.regime_id)),
            mends.get(one.rule_id) or _BY_DATASET.get(
                one.dataset, Words(one.reason, one.reason) if one.reason else _ASK
            ),
        )
        for one in results if one.is_broken
    ]
    withheld = withheld_slices(path)
    weights = ("critical", "warning", "info")
    failing.sort(key=lambda one: (weights.index(one.result.severity), -(one.result.n_failed or 0)))
    return MunicipalityQuality(
        municipality, Judgement.read(path),
        {outcome: sum(one.outcome is outcome for one in results) for outcome in Outcome},
        tuple(failing), len(withheld - {WHOLE_DELIVERY}), WHOLE_DELIVERY in withheld,
        _comparisons(settings, code, change),
    )


def adopters_of(
    settings: Settings, municipalities: Sequence[Municipality], change: DatedChange
) -> tuple[Adopter, ...]:
    """Who of the municipalities works by a law from when, by what they have published.

    Raises:
        PipelineError: something was published by another version.
    """
    folders = [settings.published_dir(one.municipality_id) for one in municipalities]
    return read_adopters(folders, change.change_id)


def _comparisons(
    settings: Settings, municipality_id: str, change: DatedChange | None
) -> tuple[ChangeComparison, ...]:
    if change is None:
        return ()
    found = read_comparisons(settings.quality_dir(municipality_id) / "change_comparisons.parquet")
    mine = [one for one in found if one.change_id == change.change_id]
    verdicts = ("changed", "cannot_tell_yet", "no_change_shown")
    mine.sort(key=lambda one: (
        verdicts.index(one.verdict.value), not one.is_touched, -abs(one.effect_size or 0.0),
    ))
    return tuple(mine)


def _mends(settings: Settings, municipality_id: str) -> dict[str, Words]:
    """What the sender should mend, by rule: of the patterns whose share a rule judges."""
    registry = load_checked_registry(settings.seeds_dir)
    rules = load_suites(settings.expectations_dir, Reference.of(registry)).rules
    with warehouse.connect(settings.warehouse_path(municipality_id)) as connection:
        patterns = {
            pattern_id: Words(da, en) for pattern_id, da, en in connection.execute(
                "select pattern_id, mend_da, mend_en from reference.quality_patterns"
                " where mend_en is not null"
            ).fetchall()
        }
    return {
        rule.rule_id: patterns[pattern]
        for rule in rules
        for pattern in (column.removesuffix("_percent") for column in rule.columns)
        if pattern in patterns
    }
