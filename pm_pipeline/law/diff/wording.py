"""What a rule says, aspect by aspect, in words; and where two wordings differ."""

from collections.abc import Callable
from dataclasses import dataclass

from pm_pipeline.bilingual import Words, listed
from pm_pipeline.registry import (
    Certainty,
    Registry,
    ResponsibleParty,
    Rule,
    RuleClock,
    RuleKind,
    WindowUnit,
)

#: Which row a wording stands in, and who wrote it, is no part of what it says.
NOT_COMPARED = ("rule_id", "regime_id", "change_id", "notes")

_KINDS = {
    RuleKind.DEADLINE: Words("frist", "deadline"),
    RuleKind.MIN_COUNT: Words("mindste antal i hver sag", "least number in each case"),
    RuleKind.POPULATION_SHARE: Words(
        "andel af gruppen (ingen enkelt sag kan bryde den)",
        "share of the group (no single case can breach it)",
    ),
    RuleKind.PRECEDENCE: Words("rækkefølge", "order"),
    RuleKind.REQUIRED: Words("skal ske", "must happen"),
    RuleKind.FORBIDDEN: Words("må ikke ske", "must not happen"),
}
_PARTIES = {
    ResponsibleParty.MUNICIPALITY: Words("kommunen", "the municipality"),
    ResponsibleParty.UNEMPLOYMENT_FUND: Words("a-kassen", "the unemployment fund"),
    ResponsibleParty.JOINT: Words("kommune og a-kasse sammen", "municipality and fund together"),
}
_CLOCKS = {
    RuleClock.CALENDAR: Words("kalenderen", "the calendar"),
    RuleClock.ACCUMULATED_UNEMPLOYMENT: Words(
        "opsamlet ledighed (kan ikke beregnes)", "accumulated unemployment (not computable)"
    ),
}
_CERTAINTIES = {
    Certainty.VERIFIED: Words("bekræftet", "verified"),
    Certainty.UNCERTAIN: Words("usikker", "uncertain"),
}
_UNITS = {
    WindowUnit.DAY: (Words("dag", "day"), Words("dage", "days")),
    WindowUnit.WEEK: (Words("uge", "week"), Words("uger", "weeks")),
    WindowUnit.MONTH: (Words("måned", "month"), Words("måneder", "months")),
}


@dataclass(frozen=True)
class FieldChange:
    """One aspect of a rule that was changed; None where the rule says nothing of it."""

    columns: tuple[str, ...]
    label: Words
    before: Words | None
    after: Words | None


def field_changes(
    before: Rule, after: Rule, before_in: Registry, after_in: Registry
) -> tuple[FieldChange, ...]:
    """The aspects in which two wordings of a rule differ, in the order of the columns."""
    return tuple(
        FieldChange(columns, label, speak(before_in, before), speak(after_in, after))
        for columns, label, speak in ASPECTS
        if any(getattr(before, name) != getattr(after, name) for name in columns)
    )


def activity_words(registry: Registry, activity_id: str) -> Words:
    """The labels of an activity; its id where the register lacks it."""
    for one in registry.activities:
        if one.activity_id == activity_id:
            return Words(one.label_da, one.label_en)
    return Words.same(activity_id)


def certainty_words(certainty: Certainty) -> Words:
    return _CERTAINTIES[certainty]


def _activities(registry: Registry, ids: tuple[str, ...]) -> Words | None:
    return listed(activity_words(registry, one) for one in ids) if ids else None


def _one_activity(registry: Registry, activity_id: str | None) -> Words | None:
    return activity_words(registry, activity_id) if activity_id else None


def _municipalities(registry: Registry, ids: tuple[str, ...]) -> Words:
    names = {one.municipality_id: one.name for one in registry.municipalities}
    if not ids:
        return Words("alle kommuner", "all municipalities")
    return Words.same(", ".join(f"{one} {names.get(one, '')}".strip() for one in ids))


def _plain(ids: tuple[str, ...], none: Words) -> Words:
    return Words.same(", ".join(ids)) if ids else none


def _parties(rule: Rule) -> Words:
    if not rule.responsible_party:
        return Words("hvem som helst", "anyone")
    either = [_PARTIES[one] for one in rule.responsible_party]
    return Words(" eller ".join(one.da for one in either), " or ".join(one.en for one in either))


def _window(rule: Rule) -> Words | None:
    if rule.window_to is None or rule.window_unit is None:
        return None
    one, many = _UNITS[rule.window_unit]
    unit = one if rule.window_to == 1 else many
    if rule.window_from:
        return Words(
            f"fra {rule.window_from} til {rule.window_to} {unit.da} efter",
            f"from {rule.window_from} to {rule.window_to} {unit.en} after",
        )
    return Words(f"inden for {rule.window_to} {unit.da}", f"within {rule.window_to} {unit.en}")


def _share(rule: Rule) -> Words | None:
    if rule.share_required is None:
        return None
    percent = f"{rule.share_required * 100:f}".rstrip("0").rstrip(".")
    return Words(f"mindst {percent.replace('.', ',')} pct.", f"at least {percent} pct.")


def _count(rule: Rule) -> Words | None:
    if rule.min_count is None:
        return None
    return Words(f"mindst {rule.min_count}", f"at least {rule.min_count}")


def _text(text: str | None) -> Words | None:
    return Words.same(text) if text else None


Aspect = tuple[tuple[str, ...], Words, Callable[[Registry, Rule], Words | None]]
#: Every column of a rule but :data:`NOT_COMPARED` belongs to one aspect (a test holds it to that).
ASPECTS: tuple[Aspect, ...] = (
    (("version",), Words("version", "version"), lambda _, rule: Words.same(rule.version)),
    (("kind",), Words("art", "kind"), lambda _, rule: _KINDS[rule.kind]),
    (("applies_to_target_groups",), Words("målgrupper", "target groups"),
     lambda _, rule: _plain(rule.applies_to_target_groups, Words("alle", "all"))),
    (("scope_municipalities",), Words("kommuner", "municipalities"),
     lambda registry, rule: _municipalities(registry, rule.scope_municipalities)),
    (("scope_funds",), Words("a-kasser", "unemployment funds"),
     lambda _, rule: _plain(rule.scope_funds, Words("alle", "all"))),
    (("replaces_rule_id",), Words("gælder i stedet for", "holds in place of"),
     lambda _, rule: _text(rule.replaces_rule_id)),
    (("anchor_activity_id",), Words("regnes fra", "counted from"),
     lambda registry, rule: _one_activity(registry, rule.anchor_activity_id)),
    (("required_activity_id",), Words("handling", "act"),
     lambda registry, rule: _activities(registry, rule.required_activity_id)),
    (("responsible_party",), Words("ansvarlig", "responsible"), lambda _, rule: _parties(rule)),
    (("min_count",), Words("antal", "number"), lambda _, rule: _count(rule)),
    (("clock",), Words("tiden tælles efter", "time is counted by"),
     lambda _, rule: _CLOCKS[rule.clock] if rule.clock else None),
    (("opens_activity_id",), Words("vinduet åbner ved", "the window opens at"),
     lambda registry, rule: _one_activity(registry, rule.opens_activity_id)),
    (("window_from", "window_to", "window_unit"), Words("vindue", "window"),
     lambda _, rule: _window(rule)),
    (("share_required",), Words("andel", "share"), lambda _, rule: _share(rule)),
    (("legal_basis_url",), Words("hjemmel", "legal basis"),
     lambda _, rule: _text(rule.legal_basis_url)),
    (("certainty",), Words("sikkerhed", "certainty"),
     lambda _, rule: certainty_words(rule.certainty)),
    (("title_da",), Words("dansk titel", "Danish title"), lambda _, rule: _text(rule.title_da)),
    (("title_en",), Words("engelsk titel", "English title"), lambda _, rule: _text(rule.title_en)),
)
