"""Faults of dates and times (rows 32-40)."""

from pm_pipeline.synthetic.broken.faults import FaultList
from pm_pipeline.synthetic.broken.good import Broken, Workshop

FAULTS = FaultList()
fault = FAULTS.fault
_TIMES = 'formats: ["%d-%m-%Y %H:%M", "%d-%m-%Y"]}'


def _told(shop: Workshop, *moments: str) -> Broken:
    """Rows 20 and on happened at these moments."""
    for number, moment in enumerate(moments, start=20):
        shop.put(number, Tidspunkt=moment)
    return shop.done(line=21, column="occurred_at")


@fault(32, "short year")
def _(shop: Workshop) -> Broken:
    """A year has two digits."""
    return _told(shop, "25-03-22 10:00")


@fault(32, "short year, agreed")
def _(shop: Workshop) -> Broken:
    """Years have two digits, and the contract says up to which one 20yy is meant."""
    shop.agree(_TIMES, 'formats: ["%d-%m-%y %H:%M", "%d-%m-%Y %H:%M"], two_digit_pivot: 49}')
    return _told(shop, "25-03-22 10:00")


@fault(33, "two formats that fit the same text")
def _(shop: Workshop) -> Broken:
    """The contract names day before month and month before day."""
    shop.agree(_TIMES, 'formats: ["%d-%m-%Y", "%m-%d-%Y"]}')
    return _told(shop, "01-02-2024")


@fault(33, "day or month")
def _(shop: Workshop) -> Broken:
    """A date could be read both ways; the contract names one."""
    return _told(shop, "01-02-2024 10:00", "13-12-2024 10:00", "12-13-2024 10:00")


@fault(34, "spreadsheet date")
def _(shop: Workshop) -> Broken:
    """A date is the number by which a spreadsheet knows it."""
    return _told(shop, "44621.5")


@fault(34, "spreadsheet date, agreed")
def _(shop: Workshop) -> Broken:
    """Dates are the numbers of a spreadsheet, as the contract says."""
    shop.agree(_TIMES, 'formats: [excel_serial, "%d-%m-%Y %H:%M"]}')
    return _told(shop, "44621.5")


@fault(35, "times that are none")
def _(shop: Workshop) -> Broken:
    """30 February, hour 25, and 24:00 that nobody agreed on."""
    return _told(shop, "30-02-2024 10:00", "25-03-2024 25:00", "28-02-2024 24:00")


@fault(35, "24:00, agreed")
def _(shop: Workshop) -> Broken:
    """24:00 is the end of a day, as the contract says."""
    shop.agree(_TIMES, _TIMES.replace("}", ", midnight_as_24: yes}"))
    return _told(shop, "28-02-2024 24:00")


@fault(36, "dates out of range")
def _(shop: Workshop) -> Broken:
    """A year before 1900, the year 25, the year 2222, and a word for no end that nobody agreed on."""
    return _told(shop, "31-12-1899", "25-03-0025", "01-01-2222", "31-12-9999")


@fault(36, "no end, agreed")
def _(shop: Workshop) -> Broken:
    """31-12-9999 means that there is no end, as the contract says."""
    shop.agree('ends_on: {header: Slutdato, type: date, formats: ["%d-%m-%Y"]}',
               'ends_on: {header: Slutdato, type: date, formats: ["%d-%m-%Y"],'
               ' open_end: ["31-12-9999"]}')
    shop.put(20, Slutdato="31-12-9999")
    return shop.done(line=21, column="ends_on")


@fault(36, "a plan")
def _(shop: Workshop) -> Broken:
    """A booked talk lies years after the delivery."""
    return _told(shop, "01-03-2031 10:00")


@fault(37, "hour that is not")
def _(shop: Workshop) -> Broken:
    """A time in the hour that a spring night skips."""
    return _told(shop, "31-03-2024 02:30")


@fault(38, "hour that is twice")
def _(shop: Workshop) -> Broken:
    """A time in the hour that an autumn night has twice."""
    return _told(shop, "27-10-2024 02:30")


@fault(39, "day only")
def _(shop: Workshop) -> Broken:
    """A date where a time was expected too."""
    return _told(shop, "25-03-2024")


@fault(40, "offsets")
def _(shop: Workshop) -> Broken:
    """Times with different offsets from UTC, and one without."""
    shop.agree(_TIMES, 'formats: [iso8601, "%d-%m-%Y %H:%M"]}')
    return _told(
        shop, "2024-03-25T10:00:00+02:00", "2024-03-25T10:00:00Z", "2024-03-25T10:00:00-0530",
        "2024-03-25T10:00",
    )
