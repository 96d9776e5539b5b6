"""Labels that are not what they should be: the four patterns of Suriadi et al. 2017 about labels."""

from pm_pipeline.synthetic.imperfect.fasit import TABLE, with_label
from pm_pipeline.synthetic.imperfect.momentum import Course, moment_in
from pm_pipeline.synthetic.imperfect.regimes import (
    INSURED_NEW,
    INSURED_OLD,
    RESOURCE,
    SOCIAL_NEW,
    SOCIAL_OLD,
)
from pm_pipeline.synthetic.imperfect.sheets import Record
from pm_pipeline.synthetic.imperfect.town import Code, Planters, Seen, Town

PLANTERS = Planters()
_DISTORTED = {
    "CV_GODKENDT": ("CV_GODKNEDT", "CV_GODKENTD", "CV_GODKEND"),
    "JOBLOG_KONTROL": ("JOBLOG_KONTORL", "JOBLG_KONTROL"),
    "MIN_PLAN": ("MIN_PLNA",),
}
_SYNONYM = ("Jobsamtale", "Jobsamtale med borgeren")
# how many cases of each regime: the team has citizens of every kind
_TEAM = {INSURED_OLD: 16, INSURED_NEW: 14, SOCIAL_OLD: 12, SOCIAL_NEW: 16, RESOURCE: 8}
_HOMONYM = "VURDERING"
# the two kinds of act that go under one word, and what stands before and after each
_KINDS = {
    SOCIAL_OLD: ("held", "VISITATION", "AFGOERELSE_YDELSE"),
    SOCIAL_NEW: ("held", "VISITATION", "AFGOERELSE_YDELSE"),
    RESOURCE: ("INDSTILLING_REHAB", "REHABPLAN_FORBEREDENDE_DEL", "LAEGEATTEST_BESTILT"),
}


def _task(label: str) -> Code:
    return Code("momentum", "tasks", label)


def _done(course: Course, *types: str) -> list[Record]:
    """Tasks of these types that were done and are told once."""
    return [row for row in course.told_once("tasks") if row["completedAt"] and row["type"] in types]


@PLANTERS.of("polluted_label")
def polluted_label(town: Town) -> Seen:
    """The number of the case stands behind the type of the task, so that each is one of its own."""
    seen = Seen()
    for course in town.courses(18, INSURED_OLD, lambda course: bool(_done(course, *_DISTORTED))):
        for row in _done(course, *_DISTORTED)[:3]:
            row["type"] = f"{row['type']} sag {town.rng.randrange(1000, 9999)}"
            seen.records.append(row)
            seen.codes.append(_task(row["type"]))
    return seen


@PLANTERS.of("distorted_label")
def distorted_label(town: Town) -> Seen:
    """Labels with a slip of the finger or another sign."""
    seen = Seen()
    for label, wrong_ones in _DISTORTED.items():
        def fits(course: Course, label: str = label) -> bool:
            return bool(_done(course, label))

        for wrong in wrong_ones:
            for course in town.courses(4, INSURED_OLD, fits):
                for row in _done(course, label):
                    row["type"] = wrong
                    seen.records.append(row)
            seen.codes.append(_task(wrong))
    return seen


@PLANTERS.of("synonymous_label")
def synonymous_label(town: Town) -> Seen:
    """One team calls the talk by another word; it stands where the talk stands."""
    seen = Seen()
    known, other = _SYNONYM
    for regime_id, n in _TEAM.items():
        for case in town.cases(n, regime_id, with_label(known)):
            acts = [act for act in case.acts if act["Hændelse"] == known]
            for act in acts:
                act["Hændelse"] = other
            seen.records += acts
    seen.codes.append(Code("fasit", TABLE, other))
    return seen


@PLANTERS.of("homonymous_label")
def homonymous_label(town: Town) -> Seen:
    """In one process the word is for sorting the citizen, in another for a part of the plan."""
    seen = Seen()
    for regime_id, kind in _KINDS.items():
        def fits(course: Course, kind: tuple[str, str, str] = kind) -> bool:
            return bool(_between(course, kind))

        for course in town.courses(30 if regime_id == RESOURCE else 16, regime_id, fits):
            row = _between(course, kind)[0]
            row["type"] = _HOMONYM
            seen.records.append(row)
    seen.codes.append(_task(_HOMONYM))
    return seen


def _between(course: Course, kind: tuple[str, str, str]) -> list[Record]:
    """The tasks of a type that were done between the two other acts."""
    acts = [(moment_in(row["completedAt"]), row["type"], row)
            for row in course.rows["tasks"] if row["completedAt"]]
    for row in course.rows["contacts"]:
        if row["bookedBy"] and row["bookedAt"]:
            acts.append((moment_in(row["bookedAt"]), "booked", row))
        if row["heldAt"]:
            acts.append((moment_in(row["heldAt"]), row["state"], row))
    acts.sort(key=lambda act: act[:2])
    once = set(map(id, _done(course, kind[1])))
    return [
        act[2] for before, act, after in zip(acts, acts[1:], acts[2:], strict=False)
        if (before[1], act[1], after[1]) == kind and id(act[2]) in once
    ]
