"""Values that a format stores with a type of their own, as the text that the typing step reads.

Numbers are written out (never 1E+5) with the table's decimal sign, dates and times in ISO 8601.
"""

from decimal import Decimal

# Beyond this many places a number is a fault or an attack: written out it would fill the memory.
_MOST_PLACES = 400


def decimal_text(value: Decimal, sign: str) -> str:
    """A decimal with the digits it was written with; with an exponent only beyond 400 places.

    The text of an exponent is no number to the typing step, which rejects it.
    """
    if not value.is_finite() or abs(value.adjusted()) > _MOST_PLACES:
        return str(value)
    return format(value, "f").replace(".", sign)


def shortest_text(value: Decimal, sign: str) -> str:
    """The same without zeros behind the last digit that counts: 7.5000 is 7.5, and 7.0 is 7."""
    text = decimal_text(value, ".")
    if "." in text and "E" not in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace(".", sign)


def float_text(value: float, sign: str) -> str:
    """A binary number by the fewest digits that tell it from its neighbours."""
    return shortest_text(Decimal(repr(value)), sign)
