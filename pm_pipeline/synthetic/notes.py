"""Danish free text as caseworkers write it: names, numbers, semicolons, quotes and line breaks."""

from random import Random

from pm_pipeline.synthetic.people import FIRST_NAMES, SURNAMES, Person, impossible_cpr

# Each fragment occurs nowhere else; a test that finds one after ingest has found a leak.
NOTE_FRAGMENTS = (
    "ringede fra sin søsters telefon",
    "oplyser ny rygdiagnose",
    "aftalt praktik på gartneriet",
    "mangler bil efter skilsmissen",
    "ønsker kursus i svejsning",
    "har været til udredning på Ågade",
)
_SPOUSE = "Ægtefælle "


def note(rng: Random, person: Person) -> str:
    """A note about ``person``, now and then about somebody else too (see :func:`spouse_in`)."""
    fragment = rng.choice(NOTE_FRAGMENTS)
    kind = rng.randrange(4)
    dashed = f"{person.cpr[:6]}-{person.cpr[6:]}"
    if kind == 0:
        return f"{person.name} {fragment}."
    if kind == 1:
        return f"Borger ({dashed}) {fragment}; ring på tirsdag; husk \"Min Plan\""
    if kind == 2:
        return f"Samtale afholdt.\nCPR {person.cpr}\n{person.name} {fragment}"
    relative = impossible_cpr(rng)
    name = f"{rng.choice(FIRST_NAMES)} {rng.choice(SURNAMES)}"
    return f"{_SPOUSE}{name}, {relative[:6]}-{relative[6:]}, deltog. {person.name} {fragment}"


def spouse_in(text: str) -> tuple[str, str] | None:
    """(name, ten digits) of the other person a note tells of, if it does."""
    if not text.startswith(_SPOUSE):
        return None
    name, number, *_ = text.removeprefix(_SPOUSE).split(", ")
    return name, number.replace("-", "")
