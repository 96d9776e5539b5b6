"""The rows of ``seeds/law``: what a maintainer edits when a law changes."""

from datetime import date
from decimal import Decimal

from pm_pipeline.registry.cells import (
    Day,
    Id,
    IdList,
    Parties,
    RuleKinds,
    SeedRow,
    Whole,
)
from pm_pipeline.registry.vocabulary import (
    AppliesBy,
    Certainty,
    ChangeKind,
    ChangeStatus,
    ExemptionEffect,
    RuleClock,
    RuleKind,
    WindowUnit,
)


class LegalChange(SeedRow):
    file = "law/legal_changes.csv"
    key = ("change_id",)
    change_id: Id
    title_da: str
    title_en: str
    act: str
    reference_url: str
    kind: ChangeKind
    status: ChangeStatus
    announced_on: Day | None
    effective_on: Day | None
    ended_on: Day | None
    certainty: Certainty
    notes: str | None

    @property
    def is_law(self) -> bool:
        """In force or ended: only such a change may feed a check or a figure."""
        return self.status in (ChangeStatus.IN_FORCE, ChangeStatus.ENDED)


class Regime(SeedRow):
    """The law a case is judged by, in the half-open interval ``[valid_from, valid_to)``."""

    file = "law/regimes.csv"
    key = ("regime_id",)
    regime_id: Id
    process_id: Id
    change_id: Id
    #: The change that ended the scheme; empty where another regime follows, or the regime is open.
    ended_by_change_id: Id | None
    valid_from: Day
    valid_to: Day | None
    applies_by: AppliesBy
    notes: str | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Rule(SeedRow):
    """One wording (``version``) of a rule in one regime."""

    file = "law/rules.csv"
    key = ("rule_id", "version", "regime_id")
    rule_id: Id
    version: Id
    regime_id: Id
    change_id: Id
    kind: RuleKind
    applies_to_target_groups: IdList
    scope_municipalities: IdList
    scope_funds: IdList
    #: A rule of a trial holds in place of this one for those whom its scopes cover.
    replaces_rule_id: Id | None
    anchor_activity_id: Id | None
    required_activity_id: IdList
    responsible_party: Parties
    min_count: Whole | None
    clock: RuleClock | None
    #: The window opens on the day of this act, and ends ``window_to`` units after the anchor.
    opens_activity_id: Id | None
    window_from: Whole | None
    window_to: Whole | None
    window_unit: WindowUnit | None
    share_required: Decimal | None
    # Empty is a finding of law/register.py, which can say which rule lacks its basis.
    legal_basis_url: str | None
    certainty: Certainty
    title_da: str
    title_en: str
    notes: str | None


class ClockStop(SeedRow):
    """Days ``[starts_on, ends_on)`` that do not count for rules of these kinds, and for those named.

    A stop without either is recorded only.
    """

    file = "law/clock_stops.csv"
    key = ("stop_id",)
    stop_id: Id
    change_id: Id
    starts_on: Day
    ends_on: Day | None
    scope_regions: IdList
    rule_kinds: RuleKinds
    rule_id: IdList
    notes: str | None

    def stops(self, rule: Rule) -> bool:
        return rule.kind in self.rule_kinds or rule.rule_id in self.rule_id


class Exemption(SeedRow):
    """Days from a begin act of a case to the next end act, and what they do to the listed rules."""

    file = "law/exemptions.csv"
    key = ("exemption_id",)
    exemption_id: Id
    change_id: Id
    rule_id: IdList
    begins_activity_id: Id
    ends_activity_id: Id | None
    effect: ExemptionEffect
    legal_basis_url: str | None
    certainty: Certainty
    title_da: str
    title_en: str
    notes: str | None
