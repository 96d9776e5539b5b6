"""Labels that are not what they should be: the four patterns of Suriadi et al. 2017 about labels."""

from pm_pipeline.synthetic.imperfect.fasit import (
    TABLE,
    Case,
    happened_at,
    with_label,
    with_timed,
)
from pm_pipeline.synthetic.imperfect.regimes import (
    INSURED_OLD,
    RESOURCE,
    SOCIAL_NEW,
    SOCIAL_OLD,
)
from pm_pipeline.synthetic.imperfect.sheets import Record
from pm_pipeline.synthetic.imperfect.town import Code, Planters, Seen, Town

PLANTERS = Planters()
_DISTORTED = {
    "Jobsamtale": ("Jobsamtlae", "JOBSAMTALE", "Jobsamtalle"),
    "Selvbooket": ("Selvboket", "selvbooket"),
    "Indkaldt": ("Indkladt", "Indkaldt."),
}
_SYNONYM = ("Jobsamtale", "Jobsamtale med borgeren")
_HOMONYM = "Vurdering"
# the two kinds of act that go under one word, and what stands before and after each
_KINDS = {
    SOCIAL_NEW: ("Jobsamtale", "Visitation", "Afgørelse ydelse"),
    RESOURCE: ("Indstilling til rehabiliteringsteamet", "Rehabiliteringsplan: forberedende del",
               "Lægeattest bestilt"),
}


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
                acts = case.labelled(label)[:2]
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
    for case in town.cases(25, SOCIAL_OLD, with_label(known)):
        acts = [act for act in case.acts if act["Hændelse"] == known]
        for act in acts:
            act["Hændelse"] = other
        seen.records += acts
    seen.codes.append(_code(other))
    return seen


@PLANTERS.of("homonymous_label")
def homonymous_label(town: Town) -> Seen:
    """In one process the word is for sorting the citizen, in another for a part of the plan."""
    seen = Seen()
    for regime_id, kind in _KINDS.items():
        def fits(case: Case, kind: tuple[str, str, str] = kind) -> bool:
            return bool(_between(case, kind))

        for case in town.cases(24, regime_id, fits):
            act = _between(case, kind)[0]
            act["Hændelse"] = _HOMONYM
            seen.records.append(act)
    seen.codes.append(_code(_HOMONYM))
    return seen


def _between(case: Case, kind: tuple[str, str, str]) -> list[Record]:
    """The acts of a kind that stand between the two others."""
    return [
        act for before, act, after in zip(case.acts, case.acts[1:], case.acts[2:], strict=False)
        if (before["Hændelse"], act["Hændelse"], after["Hændelse"]) == kind
    ]
