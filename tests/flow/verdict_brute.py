"""What is judged of a map in plain Python, path by path: what the SQL of verdicts is held to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Walk = tuple[str, ...]
Arc = tuple[str, str | None, str | None]
ARTEFACTS = ("registration_artefact", "wrong")


@dataclass
class Figures:
    """Behind a figure: how often, in which cases, of which citizens, and of which subjects."""

    occurrences: int = 0
    cases: set[str] = field(default_factory=set)
    citizens: set[str] = field(default_factory=set)
    subjects: set[Walk] = field(default_factory=set)

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.occurrences, len(self.cases), len(self.citizens)


def subjects(walk: Walk) -> dict[str, list[Walk]]:
    """What of a path can be judged, as often as it stands in it."""
    return {
        "activity": [(one,) for one in walk], "edge": list(pairwise(walk)), "variant": [walk],
    }


def checks(
    walks: Mapping[str, Walk], citizens: Mapping[str, str], verdicts: Mapping[tuple[str, Walk], str]
) -> dict[tuple[str, str], Figures]:
    """(kind, verdict): figures, with `unchecked`, and `checked` for any verdict."""
    found: dict[tuple[str, str], Figures] = {}
    for case, walk in walks.items():
        for kind, mine in subjects(walk).items():
            for one in mine:
                verdict = verdicts.get((kind, one), "unchecked")
                for told in {verdict, "checked" if verdict != "unchecked" else verdict}:
                    _add(found.setdefault((kind, told), Figures()), case, citizens[case], one)
    return found


def checked_map(
    walks: Mapping[str, Walk], citizens: Mapping[str, str], verdicts: Mapping[tuple[str, Walk], str]
) -> dict[Arc, tuple[int, int, int]]:
    """The arcs (kind, from, to) without artefacts: occurrences, cases, citizens."""
    gone = {subject for subject, verdict in verdicts.items() if verdict in ARTEFACTS}
    found: dict[Arc, Figures] = {}
    for case, walk in walks.items():
        if ("variant", walk) in gone:
            continue
        left = [one for one in walk if ("activity", (one,)) not in gone]
        for arc in _arcs(left):
            if ("edge", arc[1:]) not in gone:
                _add(found.setdefault(arc, Figures()), case, citizens[case])
    return {arc: figures.counts for arc, figures in found.items()}


def _arcs(walk: Sequence[str]) -> list[Arc]:
    if not walk:
        return []
    return [
        ("start", None, walk[0]), *(("follows", one, other) for one, other in pairwise(walk)),
        ("end", walk[-1], None),
    ]


def _add(figures: Figures, case: str, citizen: str, subject: Walk | None = None) -> None:
    figures.occurrences += 1
    figures.cases.add(case)
    figures.citizens.add(citizen)
    if subject:
        figures.subjects.add(subject)


def told_subjects(
    walks: Mapping[str, Walk], citizens: Mapping[str, str], least: int
) -> dict[str, set[Walk]]:
    """Per kind the subjects that enough citizens have."""
    behind: dict[tuple[str, Walk], set[str]] = {}
    for case, walk in walks.items():
        for kind, mine in subjects(walk).items():
            for one in mine:
                behind.setdefault((kind, one), set()).add(citizens[case])
    counted = Counter({subject: len(people) for subject, people in behind.items()})
    return {
        kind: {one for (of_kind, one), n in counted.items() if of_kind == kind and n >= least}
        for kind in ("activity", "edge", "variant")
    }
