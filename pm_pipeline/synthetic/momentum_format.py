"""The sheets of Momentum, the words it uses and the way it writes times."""

from datetime import date, datetime, timedelta

from pm_pipeline.synthetic.clock import to_utc
from pm_pipeline.synthetic.sheet import Row
from pm_pipeline.synthetic.world import FUND, JOINT, MUNICIPALITY, UNKNOWN, Contact

HEADERS: dict[str, Row] = {
    "contacts": (
        "contactId", "cpr", "citizenDisplayName", "citizenEmail", "contactType", "contactForm",
        "state", "bookedAt", "bookedBy", "heldAt", "registeredAt", "updatedAt",
        "responsibleAuthority", "teamId", "createdByName", "note",
    ),
    "tasks": (
        "taskId", "title", "cpr", "citizenDisplayName", "type", "state", "deadline", "createdAt",
        "completedAt", "updatedAt", "createdByName", "updatedByName", "assigneesTeamNames",
    ),
    "caseworkers": (
        "assignmentId", "cpr", "caseworkerId", "caseworkerEmail", "role", "teamId", "startDate",
        "endDate", "registeredAt",
    ),
    "absences": (
        "absenceId", "cpr", "absenceType", "startDate", "endDate", "registeredAt", "updatedAt",
    ),
    "target_groups": (
        "rowId", "cpr", "targetGroupCode", "unemploymentFund",
        "startDate", "endDate", "endReason", "registeredAt",
        "updatedAt",
    ),
    "offers": (
        "offerId", "cpr", "offerType", "grantedAt", "startDate", "endDate", "hoursPerWeek",
        "endReason", "updatedAt", "createdByName",
    ),
}
CPR_CHANGES: Row = ("oldCpr", "newCpr", "changedDate")
NEW_CONTACT_TYPE, NEW_TASK_TYPE = "21", "FORLAEG_SUNDHEDSKOORDINATOR"
CONTACT_TYPES = {
    "OPFOELGNING": "4", "CV_SAMTALE": "10", "ANDEN_SAMTALE": "12", "RAADIGHEDSSAMTALE": "15",
    "FAELLESSAMTALE": "19",
}
AUTHORITIES = {MUNICIPALITY: "JOBCENTER", FUND: "A-KASSE", JOINT: "FAELLES", UNKNOWN: ""}
END_REASONS = {
    "AFMELDT_JOB": "JOB", "AFMELDT_UDDANNELSE": "UDDANNELSE", "AFMELDT_ANDET": "ANDET",
    "MAALGRUPPESKIFT": "MAALGRUPPESKIFT", "AFGOERELSE_FLEKSJOB": "FLEKSJOB",
    "AFGOERELSE_FOERTIDSPENSION": "FOERTIDSPENSION", "AFGOERELSE_OPHOER": "OPHOER",
}


def wrong_value(column: str, contact: Contact) -> str:
    """What the first delivery says of a talk that the second one corrects."""
    if column == "heldAt":
        return instant(contact.starts_at + timedelta(days=2))
    if column == "contactForm":
        return "Digitalt" if contact.form != "Digitalt" else "Telefonisk"
    return "A-KASSE" if contact.party == MUNICIPALITY else "JOBCENTER"


def with_value(row: Row, column: str, value: str) -> Row:
    """A row of contacts with another value in ``column``."""
    at = HEADERS["contacts"].index(column)
    return (*row[:at], value, *row[at + 1:])


def instant(local: datetime | None) -> str:
    """A local time as an instant; empty for None."""
    return "" if local is None else f"{to_utc(local).isoformat(timespec='seconds')}Z"


def midnight(day: date) -> str:
    """A date as the instant of its local midnight: how start dates travel."""
    return instant(datetime(day.year, day.month, day.day))


def end_date(day: date) -> str:
    """A date as 22:00 UTC of the day before: how end dates travel, an hour off in winter."""
    return f"{day - timedelta(days=1)}T22:00:00Z"
