"""The name of a compared figure, as a reader says it: Danish and English."""

from collections.abc import Mapping
from dataclasses import dataclass

#: measure → what is counted; ``{of}`` and ``{by}`` are the two halves of ``{item}``.
_FIGURES: Mapping[str, tuple[str, str]] = {
    "volume": ("antal {item} pr. uge", "the number of {item} a week"),
    "activity_share": (
        "andelen af hændelser, der er {item},", "the share of events that are {item}",
    ),
    "case_share": (
        "andelen af nye sager, der hurtigt får {item},", "the share of new cases that soon have {item}",
    ),
    "pair_share": (
        "andelen af {by}, der kommer lige efter {of},", "the share of {by} that come right after {of}",
    ),
    "meaning": ("det, der kommer lige før {item},", "what comes right before {item}"),
    "party_share": ("andelen af {of}, der holdes af {by},", "the share of {of} held by {by}"),
    "code_share": (
        "andelen af hændelser fra række {item} i kodelisten",
        "the share of events by row {item} of the mappings",
    ),
    "unmapped_codes": (
        "antal rækker pr. uge med ukendt kode i {item}", "rows a week with an unknown code in {item}",
    ),
    "null_share": ("andelen af rækker i {of} uden {by}", "the share of rows of {of} without {by}"),
    "date_only_share": (
        "andelen af rækker i {item} uden klokkeslæt", "the share of rows of {item} without an hour",
    ),
    "late_share": (
        "andelen af rækker i {of}, der er registreret mere end {by} dage efter handlingen,",
        "the share of rows of {of} registered more than {by} days after the act",
    ),
}  # fmt: skip
#: How the two halves of an item are kept apart.
_SEPARATORS = {"pair_share": " > ", "party_share": ": ", "null_share": ".", "late_share": "."}
_WORDS: Mapping[str, tuple[str, str]] = {
    "all": ("hændelser", "events"),
    "municipality": ("kommunen", "the municipality"),
    "unemployment_fund": ("a-kassen", "the unemployment fund"),
    "joint": ("kommune og a-kasse sammen", "municipality and fund together"),
    "registered_at": ("registreringstidspunkt", "a time of registration"),
    "resource_type": ("oplysning om, hvem der udførte dem", "word of who made them"),
    "org_unit_id": ("enhed", "a unit"),
    "responsible_party": ("ansvarlig myndighed", "a responsible party"),
    "over_1_days": ("1", "1"),
    "over_7_days": ("7", "7"),
    "over_30_days": ("30", "30"),
}


@dataclass(frozen=True)
class Label:
    """The name of an activity."""

    da: str
    en: str


def figure_of(measure: str, item: str, labels: Mapping[str, Label]) -> Label:
    """What is counted. An item that has no name stands as it is."""
    separator = _SEPARATORS.get(measure)
    of, _, by = item.rpartition(separator) if separator else ("", "", item)
    whole, first, last = (_named(one, labels) for one in (item, of, by))
    da, en = _FIGURES[measure]
    return Label(
        da.format(item=whole.da, of=first.da, by=last.da),
        en.format(item=whole.en, of=first.en, by=last.en),
    )


def _named(item: str, labels: Mapping[str, Label]) -> Label:
    """Names of activities in quotation marks, since they may be many words."""
    if item in labels:
        return Label(f"»{labels[item].da}«", f"“{labels[item].en}”")
    return Label(*_WORDS.get(item, (item, item)))
