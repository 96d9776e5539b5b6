"""Citizens and caseworkers who do not exist: names, e-mail addresses and impossible CPR numbers.

The CPR scheme
--------------
A number made here must look like a CPR number to every scanner (six digits that are a date, four
more, with or without a hyphen; some with 60 added to the day, as replacement numbers have) and must
not be anybody's. Two ways were weighed:

* a date that does not exist (31 February, month 13): impossible for ever, but a scanner that checks
  the date rightly ignores it, so it would prove nothing about leaks;
* a date that exists and lies in the future. The seventh digit of a CPR number gives the century:
  5 to 8 with the years 37 to 57 means 2037 to 2057 (cpr.dk, "Personnummeret i CPR"). A person
  born in 2040 to 2057 has no number yet.

The second is used: **day 01-28 (or 61-88), any month, year 40-57, seventh digit 5-8**. Whoever
reads such a number with the century rule gets a birthday after 2039-12-31, which no living person
has. The scheme expires on 2040-01-01; :func:`is_impossible_cpr` refuses to vouch for it after
that day. No modulus-11 check is built in: it has not been guaranteed for real numbers since 2007.

Surnames are invented compounds, so that a search for them finds only what was planted. E-mail
addresses end in ``.invalid``, which RFC 2606 keeps out of use.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

SCHEME_EXPIRES_ON = date(2040, 1, 1)
_REPLACEMENT_SHARE = 0.03
_CPR = re.compile(r"(\d{2})(\d{2})(\d{2})-?(\d)\d{3}")

FIRST_NAMES = (
    "Åse", "Bjørn", "Søren", "Jørgen", "Kåre", "Pernille", "Trine", "Lærke", "Mads", "Torben",
    "Grethe", "Sanne", "Ebbe", "Rikke", "Villads", "Øjvind", "Tove", "Asger", "Maja", "Gorm",
    "Birthe", "Kjeld", "Signe", "Tage", "Dorthe", "Ulrik", "Inge", "Palle", "Solvej", "Hjalte",
)
SURNAMES = (
    "Rugtoftdal", "Æblevangsø", "Mosebrogård", "Havretvedsen", "Tangklitgren", "Lyngørebæk",
    "Krageåslev", "Pileskærdal", "Ørnebjerglund", "Brombærskov", "Frøstrupmose", "Gåsevangby",
    "Hyldeholtsen", "Klokkebækslev", "Nøddeskrænt", "Sivholmgaard", "Tørvelundby", "Vibeengsted",
    "Østermosegren", "Ålekistedal", "Bøgeskrædder", "Dueslagsgård", "Enghaveløkke", "Flintebakholm",
)
_STAFF_FIRST = ("Bodil", "Frands", "Gyda", "Holger", "Jytte", "Kresten", "Merete", "Niels-Åge",
                "Oluf", "Ragnhild", "Svenning", "Vibeke")
_STAFF_LAST = ("Sagførdal", "Kontorslev", "Skrankebæk", "Arkivholmsen", "Stempelgaard")
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented. ``cpr`` holds ten digits without hyphen.

    ``former_cpr``: the number the person had before it was changed, None for the many who kept theirs.
    """

    cpr: str
    name: str
    email: str
    former_cpr: str | None = None


def impossible_cpr(rng: Random) -> str:
    """Ten digits by the scheme of this module."""
    day = rng.randrange(1, 29)
    if rng.random() < _REPLACEMENT_SHARE:
        day += 60
    return (
        f"{day:02d}{rng.randrange(1, 13):02d}{rng.randrange(40, 58)}"
        f"{rng.randrange(5, 9)}{rng.randrange(1000):03d}"
    )


def is_impossible_cpr(text: str, today: date) -> bool:
    """Whether ``text`` is a number of this scheme, hence nobody's, as seen on ``today``."""
    match = _CPR.fullmatch(text)
    if match is None or today >= SCHEME_EXPIRES_ON:
        return False
    day, month, year, century = (int(part) for part in match.groups())
    born_2040_or_later = 40 <= year <= 57 and 5 <= century <= 8
    return day % 60 in range(1, 29) and day < 89 and 1 <= month <= 12 and born_2040_or_later


def people(rng: Random) -> Iterator[Person]:
    """Endless invented persons, no number twice."""
    used: set[str] = set()
    while True:
        cpr = impossible_cpr(rng)
        # the two forms of a number are one: either may become the other (with_former_cpr)
        if _other_form(cpr) in used or cpr in used:
            continue
        used.add(cpr)
        first = rng.choice(FIRST_NAMES)
        last = rng.choice(SURNAMES)
        local = f"{first}.{last}".translate(_ASCII).lower()
        yield Person(cpr, f"{first} {last}", f"{local}{len(used)}@eksempel.invalid")


def with_former_cpr(person: Person) -> Person:
    """The same person, who had a replacement number (60 added to the day) and now has a real one."""
    one, other = person.cpr, _other_form(person.cpr)
    return replace(person, cpr=min(one, other), former_cpr=max(one, other))


def _other_form(cpr: str) -> str:
    day = int(cpr[:2])
    return f"{day + 60 if day < 60 else day - 60:02d}{cpr[2:]}"


def staff_names(rng: Random, count: int) -> tuple[str, ...]:
    """``count`` different invented caseworkers (at most 60)."""
    every = [f"{first} {last}" for first in _STAFF_FIRST for last in _STAFF_LAST]
    return tuple(rng.sample(every, count))
