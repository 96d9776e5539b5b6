"""Faults of a whole delivery, whatever the process: rows, values, codes and numbers that are not right.

By rule id, as ``shares``.
"""

from itertools import pairwise

from pm_pipeline.synthetic.imperfect.fasit import TABLE
from pm_pipeline.synthetic.imperfect.regimes import INSURED_OLD
from pm_pipeline.synthetic.imperfect.town import Planters, Seen, Town

PLANTERS = Planters()
# Shaped like a person's number; month 13, so that it can be nobody's.
NOBODYS_NUMBER = "311399-1234"
# More than are compared with each other (labels_compared in quality_limits.csv).
_FREE_TEXTS = 3200


@PLANTERS.of("RW-006")
def numbers_that_changed_twice(town: Town) -> Seen:
    """A CPR number became two others at once."""
    seen = Seen()
    sheet = town.momentum.last("cpr_changes")
    told = list(town.momentum.records("cpr_changes"))
    for one, other in pairwise(told):
        seen.records.append(sheet.add(one, newCpr=other["newCpr"]))
    return seen


@PLANTERS.of("LB-005")
def a_label_is_free_text(town: Town) -> Seen:
    """Somebody writes a sentence of his own where the label of the act should stand."""
    sheet = town.fasit.last(TABLE)
    like = sheet.records[0]
    return Seen(records=[
        sheet.add(like, Løbenr=town.fasit.next_key(TABLE), Hændelse=f"skrevet i hånden {number:x}")
        for number in range(_FREE_TEXTS)
    ])


@PLANTERS.of("PR-001")
def a_number_as_label(town: Town) -> Seen:
    """Somebody wrote a person's number where the label of the act should stand."""
    sheet = town.fasit.last(TABLE)
    return Seen(records=[sheet.add(
        sheet.records[0], Løbenr=town.fasit.next_key(TABLE), Hændelse=f"ring {NOBODYS_NUMBER}")])


@PLANTERS.of("PR-003")
def a_number_as_unit(town: Town) -> Seen:
    """Somebody wrote a person's number where the unit should stand."""
    [case] = town.cases(1, INSURED_OLD)
    for act in case.acts:
        act["Enhed"] = NOBODYS_NUMBER
    return Seen(cases=[("fasit", case.case_ref)])


@PLANTERS.of("RW-001")
def rows_without_citizen(town: Town) -> Seen:
    """One row in thirty more, and it names no citizen: too few for the delivery to be refused."""
    for sheet in town.fasit.sheets[TABLE]:
        for record in sheet.records[::30]:
            sheet.add(record, **{"Løbenr": town.fasit.next_key(TABLE), "CPR-nr": ""})
    return Seen()


# last, so that no row is added that is like a broken one
@PLANTERS.of("RW-002")
def values_that_are_no_dates(town: Town) -> Seen:
    """One registration in twelve is no date."""
    for record in list(town.fasit.records(TABLE))[::12]:
        record["Registreret"] = "31-02-2024 10:00"
    return Seen()
