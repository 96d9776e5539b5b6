"""The CPR scheme: caught by every scanner, nobody's number."""

import re
from datetime import date
from itertools import islice
from random import Random

import pytest

from pm_pipeline.synthetic.people import impossible_cpr, is_impossible_cpr, people, staff_names

EXPORT = date(2025, 7, 1)


def birthday(cpr: str) -> date:
    """The birthday by the century rule (seventh digit); 60 is taken off a replacement day."""
    day, month, year, century = int(cpr[:2]) % 60, int(cpr[2:4]), int(cpr[4:6]), int(cpr[6])
    if century <= 3:
        full = 1900 + year
    elif century in (4, 9):
        full = 2000 + year if year <= 36 else 1900 + year
    else:
        full = 2000 + year if year <= 57 else 1800 + year
    return date(full, month, day)


def test_every_number_has_a_birthday_that_nobody_alive_can_have() -> None:
    rng = Random(3)
    assert all(birthday(impossible_cpr(rng)) >= date(2040, 1, 1) for _ in range(5_000))


def test_every_number_looks_like_a_cpr_number_to_a_plain_search() -> None:
    rng = Random(3)
    numbers = [impossible_cpr(rng) for _ in range(5_000)]
    assert all(re.fullmatch(r"\d{6}-?\d{4}", number) for number in numbers)
    assert all(1 <= int(number[2:4]) <= 12 for number in numbers)
    assert any(int(number[:2]) > 60 for number in numbers), "no replacement number among them"
    assert any(number.startswith("0") for number in numbers), "no leading zero among them"


def test_the_scheme_vouches_for_its_own_numbers_with_and_without_hyphen() -> None:
    number = impossible_cpr(Random(5))
    assert is_impossible_cpr(number, EXPORT)
    assert is_impossible_cpr(f"{number[:6]}-{number[6:]}", EXPORT)


@pytest.mark.parametrize("text", ["0101014000", "3112996000", "0113455000", "3102455000", "12345"])
def test_the_scheme_does_not_vouch_for_other_numbers(text: str) -> None:
    assert not is_impossible_cpr(text, EXPORT)


def test_the_scheme_vouches_for_nothing_once_such_people_can_be_born() -> None:
    assert not is_impossible_cpr(impossible_cpr(Random(5)), date(2040, 1, 1))


def test_no_number_is_given_twice() -> None:
    numbers = [person.cpr for person in islice(people(Random(1)), 20_000)]
    assert len(set(numbers)) == len(numbers)


def test_mail_addresses_cannot_be_delivered() -> None:
    assert all(p.email.endswith(".invalid") and p.email.isascii()
               for p in islice(people(Random(1)), 500))


def test_caseworkers_are_different_people() -> None:
    assert len(set(staff_names(Random(2), 14))) == 14
