"""Deliveries as KMD Momentum would write them: six UTF-8 sheets (with BOM) that hold state, and one
of the CPR numbers that changed.

Instants are UTC (``yyyy-MM-ddTHH:mm:ssZ``). Start dates are the instant of local midnight; end
dates are hard-coded to 22:00 UTC of the day before, also in winter, when that is an hour off (the
defect is real: odense-rpa/momentum-client). Natural keys: contactId, taskId, assignmentId, rowId,
offerId. A row that changed after the first export comes again under its key: planned talks that
were held, tasks done, periods closed; corrected talks have the right value and a later
``updatedAt``.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from pm_pipeline.synthetic.acts import Told, events_of
from pm_pipeline.synthetic.faults import (
    Broken,
    Faults,
    broken_row,
    correction_moment,
    goes_to_first,
    new_code_moment,
    told_unit,
)
from pm_pipeline.synthetic.momentum_format import (
    AUTHORITIES,
    CONTACT_TYPES,
    CPR_CHANGES,
    HEADERS,
    NEW_CONTACT_TYPE,
    NEW_TASK_TYPE,
    instant,
    midnight,
    with_value,
    wrong_value,
)
from pm_pipeline.synthetic.momentum_periods import (
    absence_row,
    assignment_row,
    offer_row,
    target_group_row,
    work_duty_tasks,
)
from pm_pipeline.synthetic.sheet import Row, Sheet, TwoSheets
from pm_pipeline.synthetic.truth import Tally
from pm_pipeline.synthetic.world import (
    FUND,
    Citizen,
    Contact,
    Course,
    Task,
)

# Of the insured the target group tells it, and of social assistance nothing does.
_NOT_TOLD = "TILMELDT"


class MomentumFiles:
    """Writes both deliveries of one municipality, citizen by citizen."""

    def __init__(
        self, root: Path, exports: tuple[date, date], tally: Tally, faults: Faults,
        staff: tuple[str, ...],
    ) -> None:
        self.exports, self.tally, self.faults = exports, tally, faults
        self.first_export, self.second_export = (
            datetime.combine(day, datetime.min.time()) for day in exports)
        self.sheets = {
            table: TwoSheets(
                root, exports, f"{table}_{{day}}.csv", table, header, "utf-8-sig", tally)
            for table, header in HEADERS.items()
        }
        # nobody's number had changed before the first export
        self.cpr_changes = Sheet(
            root, exports[1], f"cpr_changes_{exports[1]:%Y%m%d}.csv", "cpr_changes", CPR_CHANGES,
            "utf-8-sig", tally)
        # No local times in this system, hence none that is missing or doubled.
        self.clock_changes = {"dst_gap": 0, "dst_fold": 0}
        self._staff_ids = {name: f"SB{number:03d}" for number, name in enumerate(staff, 1)}
        self._ids = dict.fromkeys(HEADERS, 100_000)

    def tell(self, citizen: Citizen, rng: Random) -> list[Told]:
        """Write a citizen; a course is known by the rowId of its target group."""
        self._change_of_number(citizen)
        told = []
        for course in citizen.courses:
            row_id = self._tell("target_groups", partial(
                target_group_row, cpr=citizen.person.cpr, course=course))
            for contact in course.contacts:
                self._contact(citizen, contact, rng)
            for task in course.tasks:
                if task.activity != _NOT_TOLD:
                    self._task(citizen, task)
            self._periods(citizen, course)
            self._new_codes(citizen, course, rng)
            events = [
                event for event in events_of(course)
                if event.activity != _NOT_TOLD or event.is_day
            ]
            # nothing in this system says to which course an act belongs: the day does
            outside = [event for event in events if event.at.date() < course.registered_on]
            told.append(Told(row_id, events[len(outside):], outside))
        for sheets in self.sheets.values():
            sheets.end_citizen(repeats_last=rng.random() < self.faults.duplicated)
        broken = broken_row(citizen, self.faults)
        if broken is not None:
            self._broken(citizen, broken, rng)
        return told

    def close(self) -> None:
        """Finish the files."""
        for sheets in self.sheets.values():
            sheets.close()
        self.cpr_changes.close()

    def _change_of_number(self, citizen: Citizen) -> None:
        """The first export knows the former number; the second the new one, and that it changed.

        Rows that did not change in between are not told again, so they keep the former number.
        """
        now, former = citizen.person.cpr, citizen.person.former_cpr
        for sheets in self.sheets.values():
            sheets.first.renumbered = None if former is None else (now, former)
        if former is not None:
            changed_on = self.exports[0] + (self.exports[1] - self.exports[0]) / 2
            self.cpr_changes.write((former, now, midnight(changed_on)))
            self.tally.loaded_keys["cpr_changes"] += 1

    def _next(self, table: str) -> str:
        self._ids[table] += 1
        return str(self._ids[table])

    def _contact(self, citizen: Citizen, contact: Contact, rng: Random) -> None:
        key = self._next("contacts")
        sheets = self.sheets["contacts"]
        before = self._contact_row(citizen, key, contact, self.first_export)
        now = self._contact_row(citizen, key, contact, self.second_export)
        settled = contact.settled_at is not None and contact.settled_at < self.first_export
        can_err = settled and contact.state in ("held", "no_show")
        if can_err and before is not None and now is not None and rng.random() < self.faults.corrected:
            column = rng.choice(("heldAt", "contactForm", "responsibleAuthority"))
            before = with_value(before, column, wrong_value(column, contact))
            corrected_at = correction_moment(rng, *self.exports)
            now = with_value(now, "updatedAt", instant(corrected_at))
            sheets.correct(key, column)
        sheets.tell(before, now, happened_before_first=contact.starts_at < self.first_export)

    def _contact_row(
        self, citizen: Citizen, key: str, contact: Contact, export: datetime
    ) -> Row | None:
        """The row as an export sees it: unknown, planned, or settled."""
        settled_at = contact.settled_at
        last_moment = self.second_export - timedelta(minutes=5)
        known_at = contact.booked_at or settled_at or last_moment
        if known_at >= export:
            return None
        is_settled = settled_at is not None and settled_at < export
        changed_at = settled_at if is_settled and settled_at is not None else known_at
        kind = CONTACT_TYPES.get(contact.activity, "17" if contact.party == FUND else "7")
        return (
            key, citizen.person.cpr, citizen.person.name, citizen.person.email, kind, contact.form,
            contact.state if is_settled else "planned", instant(contact.booked_at),
            contact.booked_by, instant(contact.starts_at), instant(changed_at),
            instant(changed_at), AUTHORITIES[contact.party],
            told_unit(contact.unit, changed_at.date(), self.faults), contact.created_by,
            contact.note if is_settled else "",
        )

    def _task(self, citizen: Citizen, task: Task) -> None:
        key = self._next("tasks")

        def row(export: datetime) -> Row | None:
            if task.created_at >= export:
                return None
            is_done = task.done_at is not None and task.recorded_at < export
            state = "0" if is_done else "1" if task.state == "cancelled" else "3"
            return (
                key, f"Følg op på {citizen.person.name} ({citizen.person.cpr})",
                citizen.person.cpr, citizen.person.name, task.activity, state,
                midnight(task.deadline_on), instant(task.created_at),
                instant(task.done_at) if is_done else "",
                instant(task.recorded_at if is_done else task.created_at), task.created_by,
                task.created_by, task.unit,
            )

        done_before = task.done_at is not None and task.done_at < self.first_export
        self.sheets["tasks"].tell(row(self.first_export), row(self.second_export),
                                  happened_before_first=done_before)

    def _periods(self, citizen: Citizen, course: Course) -> None:
        """What has a start and an end: assignments, absences and offers."""
        cpr = citizen.person.cpr
        for period in course.assignments:
            self._tell("caseworkers", partial(
                assignment_row, cpr=cpr, period=period, who=self._staff_ids[period.caseworker]))
        for absence in course.absences:
            if absence.is_work_duty:
                for task in work_duty_tasks(absence, course):
                    self._task(citizen, task)
            else:
                self._tell("absences", partial(absence_row, cpr=cpr, absence=absence))
        for offer in course.offers:
            self._tell("offers", partial(offer_row, cpr=cpr, offer=offer))

    def _tell(self, table: str, row: Callable[[str, datetime], Row | None]) -> str:
        """Write a record as each export saw it; its key."""
        key = self._next(table)
        self.sheets[table].tell(row(key, self.first_export), row(key, self.second_export))
        return key

    def _new_codes(self, citizen: Citizen, course: Course, rng: Random) -> None:
        """Kinds of talk and task that came into use in 2025 and that no mapping knows."""
        at = new_code_moment(rng, course, self.exports[1], self.faults)
        if at is not None:
            row = self._plain_talk(citizen, at, NEW_CONTACT_TYPE)
            self.sheets["contacts"].tell(row if at < self.first_export else None, row)
            self.tally.unmapped[("contacts", f"held:{NEW_CONTACT_TYPE}")] += 1
        at = new_code_moment(rng, course, self.exports[1], self.faults)
        if at is not None:
            self._task(citizen, Task(NEW_TASK_TYPE, at, at, at, "done",
                                     at.date() + timedelta(days=1160), "RPA01", "TEAM-AFKLARING"))
            self.tally.unmapped[("tasks", NEW_TASK_TYPE)] += 1

    def _broken(self, citizen: Citizen, broken: Broken, rng: Random) -> None:
        course = citizen.courses[0]
        in_first = goes_to_first(citizen, course, self.first_export)
        at = course.registered_at + timedelta(days=1, minutes=rng.randrange(300))
        sheets = self.sheets["contacts"]
        (sheets.first if in_first else sheets.second).write_broken(
            self._plain_talk(citizen, at, "7"), "cpr" if broken is Broken.EMPTY_CPR else "heldAt",
            broken.value[1], broken)

    def _plain_talk(self, citizen: Citizen, at: datetime, kind: str) -> Row:
        """A held talk that nobody booked: it tells of one act only."""
        person = citizen.person
        return (
            self._next("contacts"), person.cpr, person.name, person.email, kind, "Digitalt",
            "held", "", "", instant(at), instant(at), instant(at), "JOBCENTER",
            told_unit("TEAM-JOB-1", at.date(), self.faults), "System", "",
        )
