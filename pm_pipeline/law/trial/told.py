"""What may be told of a shift: the same for people and for programs."""

from dataclasses import dataclass
from itertools import groupby

from pm_pipeline.law.trial.counts import Count, Shown, shown, shown_beside, shown_parts
from pm_pipeline.law.trial.outcomes import OUTCOMES, RuleShift
from pm_pipeline.law.trial.shares import Share
from pm_pipeline.registry import Registry, Rule


@dataclass(frozen=True)
class ToldShift:
    """The counts of a shift, small ones left out; an outcome that nobody has is absent."""

    shift: RuleShift
    cases: Shown
    before: dict[str, Shown]
    after: dict[str, Shown]
    #: From outcome to another outcome, of cases that both laws judge.
    moves: dict[tuple[str, str], Shown]

    def cell(self, outcome: str) -> str:
        """``12 → 14``; one number where they are alike, – where that law does not judge by the rule."""
        before, after = (
            "–" if wording is None else str(counts[outcome]) if outcome in counts else "0"
            for wording, counts in (
                (self.shift.before, self.before), (self.shift.after, self.after),
            )
        )
        return before if before == after else f"{before} → {after}"


def told(shift: RuleShift, k: int) -> ToldShift:
    """The shift as it may be told where ``k`` citizens at least stand behind each count."""
    before = shown_parts(shift.before_counts, k) if shift.before is not None else {}
    after: dict[str, Shown] = {}
    if shift.after is not None and shift.before is not None:
        after = shown_beside(shift.after_counts, shift.before_counts, k)
    elif shift.after is not None:
        after = shown_parts(shift.after_counts, k)
    moves = {}
    if before and after:  # else each count is told already
        for one, other in sorted(shift.moves, key=lambda pair: tuple(map(OUTCOMES.index, pair))):
            count = shift.moves[one, other]
            is_hidden = before[one].cases is None or after[other].cases is None
            if one != other:
                moves[one, other] = Shown(
                    None if is_hidden or count.is_small(k) else count.cases, count.is_small(k), k
                )
    return ToldShift(shift, shown(shift.cases, k), before, after, moves)


@dataclass(frozen=True)
class ToldShare:
    """A share of a population under one law; ``share`` and ``is_met`` are None where not told."""

    row: Share
    cohort: Shown
    reached: Shown
    pending: Shown
    share: float | None
    is_met: bool | None


def told_share(row: Share, k: int, beside: Share | None = None) -> ToldShare:
    """A share is told where enough people reached it and enough did not, or none on one side.

    ``beside``: the same wording under the other law; a difference of a few people is not told.
    """
    others = row.cohort.cases - row.reached.cases
    repeated = row.cohort.cases - row.cohort.citizens
    parts = (row.cohort, row.reached, Count(others, max(0, others - repeated)))
    may = not any(part.is_small(k) for part in parts)
    if beside is not None:
        may = may and not any(
            0 < abs(now.citizens - then.citizens) < k
            for now, then in ((row.cohort, beside.cohort), (row.reached, beside.reached))
        )
    cohort, reached = (
        shown(part, k) if may else Shown(None, part.is_small(k), k) for part in parts[:2]
    )
    share, is_met = (row.share, row.is_met) if may else (None, None)
    return ToldShare(row, cohort, reached, shown(row.pending, k), share, is_met)


def touched_shares(rows: tuple[Share, ...]) -> tuple[tuple[Share | None, Share | None], ...]:
    """(under the law before, under the law after) of each wording whose population is another one."""

    def key(row: Share) -> tuple[str, str, str, str]:
        return row.process_id, row.rule_id, row.version, row.regime_id

    found = []
    for _, both in groupby(sorted(rows, key=key), key=key):
        laws = {row.is_after: row for row in both}
        before, after = laws.get(False), laws.get(True)
        counts = [row and (row.cohort, row.reached, row.pending, row.exempt) for row in (before, after)]
        if counts[0] != counts[1]:
            found.append((before, after))
    return tuple(found)


def wording_of(registry: Registry, rule_id: str, version: str, regime_id: str) -> Rule | None:
    """The row of a wording, of which titles are told."""
    return next(
        (
            one for one in registry.rules
            if (one.rule_id, one.version, one.regime_id) == (rule_id, version, regime_id)
        ),
        None,
    )
