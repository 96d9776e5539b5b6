"""Deliveries as Fasit might write them: one wide Windows-1252 sheet, one row per act.

Illustrative: no public source describes an export of Fasit. Natural key: ``Løbenr``. A corrected
row comes again with the same Løbenr, another value and a later ``Registreret``. ``Afmeldt`` holds
what was known at the export; rows are not sent again because a case was closed.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from pm_pipeline.synthetic.acts import Event, Told, events_of
from pm_pipeline.synthetic.clock import summer_time
from pm_pipeline.synthetic.faults import (
    Broken,
    Faults,
    broken_row,
    correction_moment,
    goes_to_first,
    new_code_moment,
)
from pm_pipeline.synthetic.sheet import Row, TwoSheets
from pm_pipeline.synthetic.truth import Tally
from pm_pipeline.synthetic.world import FUND, JOINT, MUNICIPALITY, Citizen, Course

HEADER = (
    "Løbenr", "CPR-nr", "Navn", "Sagsnr", "Målgruppe", "A-kasse", "Tilmeldt", "Afmeldt", "Hændelse",
    "Hændelsesdato", "Klokkeslæt", "Registreret", "Form", "Ansvarlig", "Sagsbehandler", "Enhed",
    "E-mail", "Notat",
)
LABELS = {
    "TILMELDT": "Tilmeldt", "FOERSTE_HENVENDELSE": "Første henvendelse",
    "CV_GODKENDT": "CV godkendt", "CV_SAMTALE": "CV-samtale", "INDKALDT": "Indkaldt",
    "SELVBOOKET": "Selvbooket", "AFLYST": "Aflyst", "OMBOOKET": "Ombooket",
    "UDEBLEVET": "Udeblevet", "JOBSAMTALE": "Jobsamtale",
    "FAELLESSAMTALE": "Fællessamtale", "RAADIGHEDSSAMTALE": "Rådighedssamtale",
    "MIN_PLAN": "Min Plan", "JOBLOG_KONTROL": "Kontrol af joblog",
    "TILBUD_BEVILGET": "Tilbud bevilget", "TILBUD_START": "Tilbud startet",
    "TILBUD_SLUT": "Tilbud afsluttet", "TILBUD_AFBRUDT": "Tilbud afbrudt",
    "SAGSBEHANDLERSKIFTE": "Sagsbehandlerskift", "VISITATION": "Visitation",
    "ANSOEGNING_MODTAGET": "Ansøgning modtaget", "AFGOERELSE_YDELSE": "Afgørelse ydelse",
    "PARTSHOERING": "Partshøring", "SANKTION": "Sanktion", "MAALGRUPPESKIFT": "Målgruppeskift",
    "AFMELDT_JOB": "Afmeldt job", "AFMELDT_UDDANNELSE": "Afmeldt uddannelse",
    "AFMELDT_ANDET": "Afmeldt andet", "FRAVAER_START": "Fravær start",
    "FRAVAER_SLUT": "Fravær slut", "FRITAGELSE_START": "Fritagelse start",
    "FRITAGELSE_SLUT": "Fritagelse slut", "OVERGANG_KOMMUNE": "Overgang til kommune",
    "INDSTILLING_REHAB": "Indstilling til rehabiliteringsteamet",
    "REHABPLAN_FORBEREDENDE_DEL": "Rehabiliteringsplan: forberedende del",
    "LAEGEATTEST_BESTILT": "Lægeattest bestilt", "LAEGEATTEST_MODTAGET": "Lægeattest modtaget",
    "REHAB_MOEDE": "Møde i rehabiliteringsteamet",
    "INDSTILLING_AFGIVET": "Rehabiliteringsteamets indstilling afgivet",
    "AFGOERELSE_RESSOURCEFORLOEB": "Afgørelse om ressourceforløb",
    "KOORDINERENDE_SAGSBEHANDLER": "Koordinerende sagsbehandler udpeget",
    "REHABPLAN_INDSATSDEL": "Rehabiliteringsplan: indsatsdel", "INDSATS_START": "Indsats startet",
    "REHAB_GENBEHANDLING": "Sagen behandlet igen i rehabiliteringsteamet",
    "OPFOELGNING": "Opfølgningssamtale", "SAMLET_BESKRIVELSE": "Samlet beskrivelse",
    "SUNDHEDSKOORDINATOR": "Rådgivning fra sundhedskoordinator",
    "AFGOERELSE_FLEKSJOB": "Afgørelse om fleksjob",
    "AFGOERELSE_FOERTIDSPENSION": "Afgørelse om førtidspension",
    "AFKLARING_36A": "Afklaring efter § 36 a", "ARBEJDSPLIGT_START": "Arbejdspligt startet",
    "ARBEJDSPLIGT_SLUT": "Arbejdspligt afsluttet",
    "AFGOERELSE_OPHOER": "Afgørelse om ophør af ressourceforløb",
}  # ANDEN_SAMTALE has no label: this system does not register such talks
NEW_CODE = "Ny samtaletype 2025"
_PARTIES = {MUNICIPALITY: "Kommune", FUND: "A-kasse", JOINT: "Fælles", "": ""}
_FORMS = ("Personligt", "Telefonisk", "Digitalt")
_NO_HOUR_SHARE = 0.04
_PLAIN_CPR_SHARE = 0.1
_TABLE = "haendelser"


class FasitFiles:
    """Writes both deliveries of one municipality, citizen by citizen."""

    def __init__(
        self, root: Path, exports: tuple[date, date], tally: Tally, faults: Faults
    ) -> None:
        self.exports, self.tally, self.faults = exports, tally, faults
        self._loses_unit = faults.unit_lost_in_second
        self.first_export = datetime.combine(exports[0], datetime.min.time())
        self.sheets = TwoSheets(
            root, exports, "fasit_haendelser_{day}.csv", _TABLE, HEADER, "cp1252", tally)
        self.clock_changes = {"dst_gap": 0, "dst_fold": 0}
        self._row_number = self._case_number = 0

    def tell(self, citizen: Citizen, rng: Random) -> list[Told]:
        """Write a citizen; a course is known by its Sagsnr."""
        told = []
        for course in citizen.courses:
            self._case_number += 1
            case_ref = f"S{course.registered_at:%Y}-{self._case_number:06d}"
            events = [event for event in events_of(course) if event.activity in LABELS]
            for event in sorted(events, key=lambda event: event.recorded_at):
                self._tell_event(citizen, course, case_ref, event, rng)
            at = new_code_moment(rng, course, self.exports[1], self.faults)
            if at is not None:
                odd = Event("", at, at, MUNICIPALITY, "Digitalt", "System")
                self._tell_event(citizen, course, case_ref, odd, rng, NEW_CODE)
                self.tally.unmapped[(_TABLE, NEW_CODE)] += 1
            told.append(Told(case_ref, events, []))
        self.sheets.end_citizen(repeats_last=rng.random() < self.faults.duplicated)
        broken = broken_row(citizen, self.faults)
        if broken is not None:
            self._tell_broken(citizen, told[0], broken, rng)
        return told

    def close(self) -> None:
        """Finish the files."""
        self.sheets.close()

    def _tell_event(
        self, citizen: Citizen, course: Course, case_ref: str, event: Event, rng: Random,
        label: str = "",
    ) -> None:
        known = event.recorded_at < self.first_export
        self._row_number += 1
        has_hour = not event.is_day and (rng.random() >= _NO_HOUR_SHARE or event.at.hour < 4)
        if has_hour and event.at.hour == 2:
            gap = event.at.date() == summer_time(event.at.year)[0].date()
            self.clock_changes["dst_gap" if gap else "dst_fold"] += 1
        cpr = citizen.person.cpr
        if rng.random() >= _PLAIN_CPR_SHARE:
            cpr = f"{cpr[:6]}-{cpr[6:]}"
        ended_on = course.ended_on
        if known and ended_on is not None and ended_on >= self.exports[0]:
            ended_on = None
        row = (
            str(self._row_number), cpr, citizen.person.name, case_ref, course.target_group,
            course.unemployment_fund, _day(course.registered_on), _day(ended_on),
            label or LABELS[event.activity],
            _day(event.at), f"{event.at:%H:%M}" if has_hour else "", _minute(event.recorded_at),
            event.form, _PARTIES[event.party], event.created_by,
            event.unit if known or not self._loses_unit else "", citizen.person.email, event.note,
        )
        if known and event.form and not label and rng.random() < self.faults.corrected:
            corrected_at = correction_moment(rng, *self.exports)
            column, wrong = _wrong_value(event, rng)
            now = _with(row, "Registreret", _minute(corrected_at))
            self.sheets.tell(
                _with(row, column, wrong), _with(now, "Enhed", "") if self._loses_unit else now)
            self.sheets.correct(row[0], column)
            return
        self.sheets.tell(row if known else None, row,
                         happened_before_first=event.at < self.first_export)

    def _tell_broken(
        self, citizen: Citizen, told: Told, broken: Broken, rng: Random
    ) -> None:
        course, case_ref, events = citizen.courses[0], told.case_ref, told.events
        event = events[len(events) // 2]
        in_first = goes_to_first(citizen, course, self.first_export)
        self._row_number += 1
        row = (
            str(self._row_number), citizen.person.cpr, citizen.person.name, case_ref,
            course.target_group, course.unemployment_fund,
            _day(course.registered_on), "", LABELS[event.activity],
            _day(event.at), "", _minute(event.recorded_at), "", "", rng.choice(("System", "RPA01")),
            "", citizen.person.email, "",
        )
        column = "CPR-nr" if broken is Broken.EMPTY_CPR else "Hændelsesdato"
        sheet = self.sheets.first if in_first else self.sheets.second
        sheet.write_broken(row, column, broken.value[2], broken)


def _wrong_value(event: Event, rng: Random) -> tuple[str, str]:
    column = rng.choice(("Form", "Ansvarlig", "Hændelsesdato"))
    if column == "Form":
        return column, rng.choice([form for form in _FORMS if form != event.form])
    if column == "Ansvarlig":
        return column, "Kommune" if event.party != MUNICIPALITY else "A-kasse"
    return column, _day(event.at + timedelta(days=2))


def _with(row: Row, column: str, value: str) -> Row:
    at = HEADER.index(column)
    return (*row[:at], value, *row[at + 1:])


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day:02d}-{day.month:02d}-{day.year}"


def _minute(at: datetime) -> str:
    return f"{_day(at)} {at.hour:02d}:{at.minute:02d}"
