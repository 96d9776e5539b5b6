"""A change in a sentence, in Danish and English: what is otherwise, for whom, and how sure that is."""

from dataclasses import dataclass
from datetime import date

from pm_pipeline.quality.drift.stream import Relation
from pm_pipeline.quality.told_share import told_share

_MONTHS_DA = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
    "november", "december",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DA = {
    "happens": "sker »{to}«",
    "twice": "sker »{to}« mindst to gange",
    "four_times": "sker »{to}« mindst fire gange",
    "begins": "begynder forløbet med »{to}«",
    "by_party": "udføres »{to}« af {party}",
    "follows": "følger »{to}« lige efter »{before}«",
    "slow": "kommer »{to}« længere efter skridtet før, end det plejer,",
}
_EN = {
    "happens": "“{to}” happens",
    "twice": "“{to}” happens at least twice",
    "four_times": "“{to}” happens at least four times",
    "begins": "the course begins with “{to}”",
    "by_party": "“{to}” is done by {party}",
    "follows": "“{to}” directly follows “{before}”",
    "slow": "“{to}” comes longer after the step before it than usual",
}
_PARTIES_DA = {
    "municipality": "kommunen", "unemployment_fund": "a-kassen", "joint": "kommune og a-kasse sammen",
}  # fmt: skip
_PARTIES_EN = {
    "municipality": "the municipality", "unemployment_fund": "the unemployment fund",
    "joint": "municipality and fund together",
}  # fmt: skip


@dataclass(frozen=True)
class Labels:
    """Danish and English names of activities by code."""

    da: dict[int, str]
    en: dict[int, str]


@dataclass(frozen=True)
class Move:
    """A relation with its shares (0 to 1) on both sides of a change, and of how many cases."""

    relation: Relation
    before: float
    after: float
    cases_before: int
    cases_after: int


def in_danish(move: Move, days: tuple[date, date, date], watch_days: int, labels: Labels) -> str:
    """``days``: of the change, earliest and latest."""
    on, earliest, latest = (_day_da(day) for day in days)
    what = _what(move.relation, _DA, labels.da, _PARTIES_DA)
    return (
        f"I sager begyndt fra {on} (mellem {earliest} og {latest}) {what} inden for {watch_days} dage"
        f" i {told_share(move.after, move.cases_after)} af sagerne"
        f" mod {told_share(move.before, move.cases_before)} før."
    )


def in_english(move: Move, days: tuple[date, date, date], watch_days: int, labels: Labels) -> str:
    """``days``: of the change, earliest and latest."""
    on, earliest, latest = (_day_en(day) for day in days)
    what = _what(move.relation, _EN, labels.en, _PARTIES_EN)
    return (
        f"In cases begun from {on} (between {earliest} and {latest}) {what} within {watch_days} days"
        f" in {told_share(move.after, move.cases_after)} of the cases,"
        f" against {told_share(move.before, move.cases_before)} before."
    )


def _what(
    relation: Relation, words: dict[str, str], labels: dict[int, str], parties: dict[str, str]
) -> str:
    before = labels[relation.from_code] if relation.from_code is not None else ""
    party = parties.get(relation.party or "", relation.party)
    return words[relation.kind].format(to=labels[relation.to_code], before=before, party=party)


def _day_da(day: date) -> str:
    return f"{day.day}. {_MONTHS_DA[day.month - 1]} {day.year}"


def _day_en(day: date) -> str:
    return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
