"""Faults of numbers, codes and identifiers (rows 41, 54-57)."""

from pm_pipeline.synthetic.broken.faults import FaultList
from pm_pipeline.synthetic.broken.good import Broken, Workshop

FAULTS = FaultList()
fault = FAULTS.fault


@fault(41, "numbers in other styles")
def _(shop: Workshop) -> Broken:
    """Thousands separators, a decimal point, both mixed, an exponent."""
    for number, hours in enumerate(("1.234,5", "1234.5", "1,234.5", "1e3", "1_000"), start=20):
        shop.put(number, Timer=hours)
    return shop.done(line=21, column="hours")


@fault(54, "personal data in a text")
def _(shop: Workshop) -> Broken:
    """A kept text holds a CPR number, one a telephone number, one an e-mail address."""
    cpr = f"{shop.cpr[:6]}-{shop.cpr[6:]}"
    for number, unit in enumerate(
        (f"Team for {cpr}", "ring +45 12 34 56 78", "kanarie@eksempel.invalid"), start=20
    ):
        shop.put(number, Enhed=unit)
    return shop.done(line=21, column="unit")


@fault(54, "personal data in every text")
def _(shop: Workshop) -> Broken:
    """A fifth of the rows have a CPR number in a kept text."""
    for number in range(1, len(shop.rows), 5):
        shop.put(number, Enhed=f"Team for {shop.cpr}")
    return shop.done(column="unit")


@fault(55, "lost zero")
def _(shop: Workshop) -> Broken:
    """A spreadsheet took a CPR number for a number: its leading zero is gone."""
    shop.put(20, **{"CPR-nr": f"{1 + shop.rng.randrange(8)}{shop.cpr[2:]}"})
    return shop.done(line=21, column="citizen_id")


@fault(55, "lost zero, agreed")
def _(shop: Workshop) -> Broken:
    """CPR numbers come without leading zeros, as the contract says."""
    shop.agree("normalise: cpr,", "normalise: cpr, pad_cpr: yes,")
    shop.put(20, **{"CPR-nr": f"{1 + shop.rng.randrange(8)}{shop.cpr[2:]}"})
    return shop.done(line=21, column="citizen_id")


@fault(56, "unknown code")
def _(shop: Workshop) -> Broken:
    """A code that the contract's list does not know, as after a change of law."""
    shop.put(20, Hændelse="Ungeløft-samtale")
    return shop.done(line=21, column="activity")


@fault(57, "column without a value")
def _(shop: Workshop) -> Broken:
    """A column that had values has none."""
    for row in shop.rows:
        row["Timer"] = ""
    return shop.done(column="hours")


@fault(57, "a third of the rows")
def _(shop: Workshop) -> Broken:
    """A full delivery has a third of the rows of the one before."""
    shop.agree("natural_key", "delivers: full\n      natural_key")
    del shop.rows[20:]
    return shop.done()
