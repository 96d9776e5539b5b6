"""Rule results as somebody reads them in the UI: Markdown tables and a sentence; counts, no value."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from pm_pipeline.quality.judging.results import Outcome, RuleResult
from pm_pipeline.quality.judging.since import Judged, Since

_COLUMNS = (
    "slice", "rule", "title", "severity", "outcome", "failed / checked", "percent", "allowed",
    "since", "why",
)  # fmt: skip
#: Worst first: this is the order in which somebody has to act.
_ORDER = {outcome: place for place, outcome in enumerate(
    (Outcome.ERROR, Outcome.FAIL, Outcome.PASS, Outcome.NO_DATA, Outcome.NOT_IN_FORCE,
     Outcome.NOT_APPLICABLE)
)}
_SEVERITIES = ("critical", "warning", "info")


def outcomes(results: Iterable[RuleResult]) -> str:
    """`1 FAIL, 12 PASS`: a suite that judged nothing (NOT_IN_FORCE) does not read as a pass."""
    counts = Counter(result.outcome for result in results)
    told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in _ORDER if counts[outcome])
    return told or "no result"


def sentence(results: Sequence[RuleResult]) -> str:
    """What a check says in words; Dagster itself knows passed and failed only."""
    if not results:
        return "No result of this suite: judge this municipality again (quality/rule_results)."
    judged = [result for result in results if result.is_judged]
    if not judged:
        return f"Nothing was judged, which is not a pass: {outcomes(results)}."
    broken = [result for result in judged if result.is_broken]
    kinds = Counter(result.severity for result in broken)
    told = ", ".join(f"{kinds[severity]} {severity}" for severity in _SEVERITIES if kinds[severity])
    text = f"{len(broken)} of {len(judged)} judgements are not as expected ({told})."
    if not broken:
        text = f"Judged and as expected: {len(judged)}."
    errors = sum(result.outcome is Outcome.ERROR for result in broken)
    if errors:
        text += f" {errors} rule(s) broke themselves: mend the rule; nothing is known of the data."
    if kinds["critical"]:
        text += " What a critical rule judged is withheld from publication."
    if len(judged) < len(results):
        text += f" {len(results) - len(judged)} were not judged."
    return text


def judged_table(
    results: Iterable[RuleResult], since: Mapping[Judged, Since] | None = None
) -> str:
    """A Markdown table of what was judged, the worst first.

    ``since``: since when a rule has its outcome, as far as the history tells.
    """
    known = since or {}
    judged = sorted(
        (result for result in results if result.is_judged),
        key=lambda one: (_ORDER[one.outcome], _SEVERITIES.index(one.severity)),
    )
    rows = [
        (
            _slice(one), one.rule_id, one.title_da, one.severity, f"**{one.outcome}**",
            f"{_shown(one.n_failed)} / {_shown(one.n_checked)}", _shown(one.percent, 2),
            _shown(one.threshold), _since(known.get((one.rule_id, one.process_id, one.regime_id))),
            one.detail or "",
        )
        for one in judged
    ]  # fmt: skip
    return _markdown(_COLUMNS, rows)


def not_judged_table(results: Iterable[RuleResult]) -> str:
    """A Markdown table of what was not judged and why: one line per slice and reason."""

    def reason(one: RuleResult) -> tuple[str, int, str]:
        return _slice(one), _ORDER[one.outcome], one.detail or ""

    left = sorted((one for one in results if not one.is_judged), key=reason)
    rows = []
    for (where, _, why), group in groupby(left, key=reason):
        same = list(group)
        rows.append((where, f"**{same[0].outcome}**", why, ", ".join(one.rule_id for one in same)))
    return _markdown(("slice", "outcome", "why", "rules"), rows)


def _slice(result: RuleResult) -> str:
    return result.regime_id or (
        f"{result.process_id}, no regime" if result.process_id else "whole delivery"
    )


def _since(since: Since | None) -> str:
    if since is None:
        return "–"
    return str(since.on) if since.is_known else f"at least since {since.on}"


def _markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "None."
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '¦') for cell in line)} |" for line in lines)


def _shown(number: float | None, digits: int = 4) -> str:
    return "–" if number is None else f"{round(number, digits):.10g}"
