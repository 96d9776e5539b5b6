"""What the other system, Momentum, tells: the days of a citizen, new courses and talks."""

from datetime import date, datetime

from pm_pipeline.synthetic.imperfect.sheets import Deliveries, Record
from pm_pipeline.synthetic.imperfect.town import Town
from pm_pipeline.synthetic.momentum_format import instant, midnight


def moment_in(text: str) -> datetime:
    """An instant, in UTC."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def days_of(momentum: Deliveries, cpr: str) -> set[date]:
    """Every day that any row of a citizen names."""
    return {
        moment_in(cell).date()
        for table in momentum.sheets if table != "cpr_changes"
        for row in momentum.records(table) if row["cpr"] == cpr
        for cell in row.cells.values() if cell[10:11] == "T" and cell.endswith("Z")
    }


def course_in_momentum(
    town: Town, cpr: str, target_group: str, registered_on: date, registered_at: datetime
) -> str:
    """Let a citizen have an open course in Momentum too; its rowId."""
    row_id = town.momentum.next_key("target_groups")
    town.momentum.last("target_groups").add(
        rowId=row_id, cpr=cpr, targetGroupCode=target_group, startDate=midnight(registered_on),
        registeredAt=instant(registered_at), updatedAt=instant(registered_at))
    return row_id


def talk_in_momentum(town: Town, cpr: str, at: datetime, registered_at: datetime) -> Record:
    """Let Momentum tell of a talk that was held."""
    return town.momentum.last("contacts").add(
        contactId=town.momentum.next_key("contacts"), cpr=cpr, contactType="7",
        contactForm="Personligt", state="held", heldAt=instant(at),
        registeredAt=instant(registered_at), updatedAt=instant(registered_at),
        responsibleAuthority="JOBCENTER", teamId="TEAM-JOB-1", createdByName="System")
