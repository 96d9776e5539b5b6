"""What the other system, Momentum, tells: courses with the rows of their citizens, new rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pm_pipeline.synthetic.imperfect.regimes import process_of, regime_on
from pm_pipeline.synthetic.imperfect.sheets import Deliveries, Record
from pm_pipeline.synthetic.momentum_format import instant, midnight

TABLES = ("contacts", "tasks", "caseworkers", "absences", "offers")


@dataclass(frozen=True, eq=False)
class Course:
    """The one course of a citizen who has one, with every row of the citizen by table."""

    row_id: str
    cpr: str
    target_group: str
    regime_id: str
    registered_on: date
    ended_on: date | None
    rows: dict[str, list[Record]]

    def told_once(self, table: str) -> list[Record]:
        """Rows that no delivery tells again."""
        keys = Counter(row[row.sheet.header[0]] for row in self.rows[table])
        return [row for row in self.rows[table] if keys[row[row.sheet.header[0]]] == 1]

    def held(self) -> list[Record]:
        """Talks that were held, told once."""
        return [row for row in self.told_once("contacts") if row["state"] == "held"]

    def days(self) -> set[date]:
        """Every day that any row names."""
        return {
            moment_in(cell).date() for rows in self.rows.values() for row in rows
            for cell in row.cells.values() if cell[10:11] == "T" and cell.endswith("Z")
        }


def moment_in(text: str) -> datetime:
    """An instant, in UTC."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def export_of(row: Record) -> datetime:
    """Midnight of the day on which a row was delivered."""
    return datetime.fromisoformat(row.sheet.delivered_on)


def courses_of(momentum: Deliveries) -> list[Course]:
    """The courses of citizens who have one course and kept their number."""
    groups: dict[str, list[Record]] = {}
    for row in momentum.records("target_groups"):
        groups.setdefault(row["cpr"], []).append(row)
    changed = {
        row[number] for row in momentum.records("cpr_changes") for number in ("oldCpr", "newCpr")}
    rows: dict[str, dict[str, list[Record]]] = {}
    for table in TABLES:
        for row in momentum.records(table):
            rows.setdefault(row["cpr"], {name: [] for name in TABLES})[table].append(row)
    found = []
    for cpr, told in sorted(groups.items()):
        if cpr in changed or len({row["rowId"] for row in told}) > 1 or cpr not in rows:
            continue
        last = told[-1]
        registered_on = (moment_in(last["startDate"]) + timedelta(hours=3)).date()
        ended_on = (moment_in(last["endDate"]) + timedelta(hours=3)).date() if last["endDate"] else None
        regime_id = regime_on(process_of(last["targetGroupCode"]), registered_on)
        if regime_id is not None:
            found.append(Course(
                last["rowId"], cpr, last["targetGroupCode"], regime_id, registered_on, ended_on,
                rows[cpr]))
    return found


def add_course(
    momentum: Deliveries, cpr: str, target_group: str, registered_on: date, registered_at: datetime
) -> str:
    """Let a citizen have an open course in Momentum too; its rowId."""
    row_id = momentum.next_key("target_groups")
    momentum.last("target_groups").add(
        rowId=row_id, cpr=cpr, targetGroupCode=target_group, startDate=midnight(registered_on),
        registeredAt=instant(registered_at), updatedAt=instant(registered_at))
    return row_id


def add_talk(momentum: Deliveries, cpr: str, at: datetime, registered_at: datetime) -> Record:
    """Let Momentum tell of a talk that was held."""
    return momentum.last("contacts").add(
        contactId=momentum.next_key("contacts"), cpr=cpr, contactType="7",
        contactForm="Personligt", state="held", heldAt=instant(at),
        registeredAt=instant(registered_at), updatedAt=instant(registered_at),
        responsibleAuthority="JOBCENTER", teamId="TEAM-JOB-1", createdByName="System")


def add_task(momentum: Deliveries, cpr: str, code: str, at: datetime) -> Record:
    """Let Momentum tell of a task that was done, and registered in the same hour."""
    registered_at = instant(at + timedelta(minutes=20))
    return momentum.last("tasks").add(
        taskId=momentum.next_key("tasks"), cpr=cpr, type=code, state="0", deadline=midnight(at.date()),
        createdAt=registered_at, completedAt=instant(at), updatedAt=registered_at,
        createdByName="System", assigneesTeamNames="TEAM-JOB-1")
