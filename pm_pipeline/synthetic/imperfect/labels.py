"""Labels that are not what they should be: the four patterns of Suriadi et al. 2017 about labels."""

from pm_pipeline.synthetic.imperfect.fasit import TABLE, happened_at, with_label, with_timed
from pm_pipeline.synthetic.imperfect.slices import (
    INSURED_NEW,
    INSURED_OLD,
    SOCIAL_NEW,
    SOCIAL_OLD,
)
from pm_pipeline.synthetic.imperfect.town import Code, Planters, Seen, Town

PLANTERS = Planters()
_DISTORTED = {
    "Jobsamtale": ("Jobsamtlae", "JOBSAMTALE", "Jobsamtalle"),
    "Selvbooket": ("Selvboket", "selvbooket"),
    "Indkaldt": ("Indkladt", "Indkaldt."),
}
_SYNONYM = ("Jobsamtale", "Beskæftigelsessamtale")
_HOMONYM = "Samtale"


def _code(label: str) -> Code:
    return Code("fasit", TABLE, label)


@PLANTERS.of("polluted_label")
def polluted_label(town: Town) -> Seen:
    """A caseworker wrote the team and a number behind the label, so that each is one of its own."""
    seen = Seen()
    for case in town.cases(12, INSURED_OLD, with_timed(3)):
        for act in case.timed()[:3]:
            number = town.rng.randrange(1000, 9999)
            label = f"{act['Hændelse']} ({happened_at(act):%d-%m-%Y}, sag {number})"
            act["Hændelse"] = label
            seen.records.append(act)
            seen.codes.append(_code(label))
    return seen


@PLANTERS.of("distorted_label")
def distorted_label(town: Town) -> Seen:
    """Labels with a slip of the finger, other capitals or a full stop."""
    seen = Seen()
    for label, wrong_ones in _DISTORTED.items():
        for wrong in wrong_ones:
            for case in town.cases(2, SOCIAL_OLD, with_label(label)):
                acts = [act for act in case.timed() if act["Hændelse"] == label][:2]
                for act in acts:
                    act["Hændelse"] = wrong
                seen.records += acts
            seen.codes.append(_code(wrong))
    return seen


@PLANTERS.of("synonymous_label")
def synonymous_label(town: Town) -> Seen:
    """One team calls the talk by another word; it stands where the talk stands."""
    seen = Seen()
    known, other = _SYNONYM
    for case in town.cases(25, SOCIAL_NEW, with_label(known)):
        acts = [act for act in case.acts if act["Hændelse"] == known]
        for act in acts:
            act["Hændelse"] = other
        seen.records += acts
    seen.codes.append(_code(other))
    return seen


@PLANTERS.of("homonymous_label")
def homonymous_label(town: Town) -> Seen:
    """Talks, offers and plans all go under one word."""
    seen = Seen()
    for case in town.cases(20, INSURED_NEW, with_timed(4)):
        acts = case.timed()[:6]
        for act in acts:
            act["Hændelse"] = _HOMONYM
        seen.records += acts
    seen.codes.append(_code(_HOMONYM))
    return seen
