"""Danish public holidays for the seed ``registry/calendar.csv``.

Source: the ``holidays`` package (category public). Store bededag is a holiday up to and including
2023 and an ordinary day from 2024 (act passed 28.2.2023). 24 and 31 December and Grundlovsdag are
local closing days, not public holidays, and are left out.

``python -m pm_pipeline.law.calendar`` writes the seed anew.
"""

import csv
import sys
from datetime import date
from pathlib import Path

from pm_pipeline.settings import get_settings

CALENDAR_SEED = "registry/calendar.csv"
FIRST_YEAR = 2015
LAST_YEAR = 2035


def danish_holidays(
    first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR
) -> list[tuple[date, str, str]]:
    """The public holidays of both years and all between, as (day, Danish name, English name)."""
    import holidays

    years = range(first_year, last_year + 1)
    # The languages are named here because the package would otherwise follow the machine's LANG.
    danish = holidays.country_holidays("DK", years=years, language="da")
    english = holidays.country_holidays("DK", years=years, language="en_US")
    return [(day, danish[day], english[day]) for day in sorted(danish)]


def write_calendar_seed(path: Path) -> int:
    """Write the seed to ``path`` (UTF-8, comma, LF) and return the number of holidays."""
    rows = danish_holidays()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["holiday_on", "name_da", "name_en"])
        writer.writerows([day.isoformat(), name_da, name_en] for day, name_da, name_en in rows)
    return len(rows)


if __name__ == "__main__":
    target = get_settings().seeds_dir / CALENDAR_SEED
    sys.stdout.write(f"{target}: {write_calendar_seed(target)} holidays\n")
