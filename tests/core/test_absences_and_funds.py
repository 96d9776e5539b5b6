"""Absences, exemptions and the unemployment fund, from the files of each system to the core."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from pm_pipeline.ingest.contract.versions import load_contracts
from pm_pipeline.ingest.lake.files import ensure_empty_tables
from pm_pipeline.registry import load_registry
from tests.ingest.ingest_files import SHIPPED, Town
from tests.ingest.log_core import LogCore
from tests.law.core_sql import SEEDS

CPR = "610180-1001"
SHEETS = {
    "contacts": "contactId cpr citizenDisplayName contactType contactForm state bookedAt bookedBy"
    " heldAt registeredAt updatedAt responsibleAuthority teamId createdByName note",
    "tasks": "taskId title cpr citizenDisplayName type state deadline createdAt completedAt updatedAt"
    " createdByName updatedByName assigneesTeamNames",
    "caseworkers": "assignmentId cpr caseworkerId role teamId startDate endDate registeredAt",
    "target_groups": "rowId cpr targetGroupCode startDate endDate endReason registeredAt updatedAt",
    "offers": "offerId cpr offerType grantedAt startDate endDate hoursPerWeek endReason updatedAt"
    " createdByName",
}
ABSENCES = "absenceId cpr absenceType startDate endDate registeredAt updatedAt"
FASIT = (
    "Løbenr CPR-nr Sagsnr Målgruppe Tilmeldt Afmeldt Hændelse Hændelsesdato Klokkeslæt Registreret Form"
    " Ansvarlig Sagsbehandler Enhed Notat Navn"
)
LOG = "case:concept:name case:target_group concept:name time:timestamp"
CASES = "select target_group, unemployment_fund from cases order by all"
ACTS = (
    "select activity_id, occurred_on::varchar from events where source_table = 'absences' order by 2, 1"
)
REJECTED = (
    "select reason, is_fault, occurred_on::varchar from rejected_events"
    " where source_table = 'absences' order by all"
)
Record = dict[str, str]


@dataclass(frozen=True)
class Office(Town):
    """A municipality whose systems deliver what a test says, in January 2026."""

    contracts: Path = SHIPPED

    def deliver(self, system: str, files: dict[str, str], day: int, encoding: str = "utf-8") -> None:
        contracts = load_contracts([self.contracts])
        ensure_empty_tables(contracts.values(), self.lake)
        paths = [self.file(f"{day}/{name}", text, encoding) for name, text in files.items()]
        self.load(contracts[system], *paths, day=day)
        assert self.rejects() == []

    def momentum(self, day: int, *groups: Record, absences: Sequence[Record] | None = None) -> None:
        """Periods in a target group, and the sheet of absences where there are any."""
        files = {f"{name}.csv": _csv(header, ()) for name, header in SHEETS.items()}
        files["target_groups.csv"] = _csv(SHEETS["target_groups"], groups)
        if absences is not None:
            files["absences.csv"] = _csv(ABSENCES, absences)
        self.deliver("momentum", files, day)

    def fasit(self, day: int, *acts: Record) -> None:
        self.deliver("fasit", {"fasit_1.csv": _csv(FASIT, acts)}, day, "cp1252")

    def log(self, day: int, *events: Record) -> None:
        self.deliver("event_log", {"log.csv": _csv(LOG, events, ",")}, day)

    def core(self, *models: str) -> LogCore:
        core = LogCore(self.lake, SEEDS)
        for model in ("cases", "events", "rejected_events", *models):
            core.need(model)
        return core


def _csv(header: str, records: Sequence[Record], delimiter: str = ";") -> str:
    """Records under a header that names their further columns too."""
    names = list(dict.fromkeys([*header.split(), *(name for one in records for name in one)]))
    rows = [names, *([one.get(name, "") for name in names] for one in records)]
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def _utc(day: str, hour: str) -> str:
    """How dates travel: as an instant of the evening before."""
    return f"{date.fromisoformat(day) - timedelta(days=1)}T{hour}:00:00Z"


def _group(row: str = "g", group: str = "6.1", **more: str) -> Record:
    return {
        "rowId": row, "cpr": CPR, "targetGroupCode": group, "startDate": _utc("2025-10-01", "22"),
        "registeredAt": "2025-10-01T08:00:00Z", "updatedAt": "2025-10-01T08:00:00Z", **more,
    }


def _absence(first: str, last: str = "", kind: str = "SYGDOM", row: str = "a") -> Record:
    return {
        "absenceId": row, "cpr": CPR, "absenceType": kind,
        "startDate": _utc(first, "23") if first else "", "endDate": _utc(last, "22") if last else "",
        "registeredAt": "2025-12-01T09:00:00Z", "updatedAt": "2025-12-01T09:00:00Z",
    }


def _act(number: str, label: str = "Jobsamtale", **more: str) -> Record:
    return {
        "Løbenr": number, "CPR-nr": CPR, "Sagsnr": "S1", "Målgruppe": "6.1", "Tilmeldt": "01-10-2025",
        "Hændelse": label, "Hændelsesdato": "20-10-2025", "Registreret": "20-10-2025 15:00", **more,
    }


def _event(case: str, activity: str = "TILMELDT", day: str = "2025-10-01", **more: str) -> Record:
    return {
        "case:concept:name": case, "case:target_group": "6.1", "concept:name": activity,
        "time:timestamp": f"{day}T09:00:00+02:00",
        **{f"case:{name}": value for name, value in more.items()},
    }


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_an_absence_is_two_acts_of_the_course_one_on_its_first_and_one_on_its_last_day(
    office: Office,
) -> None:
    office.momentum(9, _group(), absences=[
        _absence("2025-12-01", "2025-12-05"),
        _absence("2025-12-08", "2025-12-08", "ABSENCE_BARSEL", "one day"),
        _absence("2025-12-15", "2025-12-19", "ABSENCE_FRITAGELSE_FOR_JOBLOG", "exempt"),
    ])
    with office.core("event_log") as core:
        acts = [
            ("FRAVAER_START", "2025-12-01"), ("FRAVAER_SLUT", "2025-12-05"),
            ("FRAVAER_SLUT", "2025-12-08"), ("FRAVAER_START", "2025-12-08"),
            ("FRITAGET_JOBLOG_START", "2025-12-15"), ("FRITAGET_JOBLOG_SLUT", "2025-12-19"),
        ]
        assert core.rows(ACTS) == acts
        # an absence of one day begins before it ends, in the case of that day
        told = core.rows("select activity_id from event_log order by event_number")
        assert [activity for (activity,) in told] == [
            "TILMELDT", "FRAVAER_START", "FRAVAER_SLUT", "FRAVAER_START", "FRAVAER_SLUT",
            "FRITAGET_JOBLOG_START", "FRITAGET_JOBLOG_SLUT",
        ]


def test_an_end_ahead_of_the_delivery_is_a_plan_until_a_later_one_confirms_it(office: Office) -> None:
    office.momentum(5, _group(), absences=[
        _absence("2025-12-29", "2026-01-09"), _absence("2026-02-02", "2026-02-06", "FERIE", "ahead"),
    ])
    with office.core() as core:
        assert core.rows(ACTS) == [("FRAVAER_START", "2025-12-29")]
        assert core.rows(REJECTED) == [
            ("not_yet", False, "2026-01-09"), ("not_yet", False, "2026-02-02"),
            ("not_yet", False, "2026-02-06"),
        ]
    # well a day before the plan
    office.momentum(20, _group(), absences=[_absence("2025-12-29", "2026-01-08")])
    with office.core() as core:
        assert core.rows(ACTS) == [("FRAVAER_START", "2025-12-29"), ("FRAVAER_SLUT", "2026-01-08")]


def test_an_absence_told_otherwise_later_leaves_no_act_of_the_first_telling(office: Office) -> None:
    office.momentum(5, _group(), absences=[_absence("2025-12-01", "2025-12-12")])
    office.momentum(6, _group(), absences=[_absence("2025-12-02")])
    with office.core() as core:
        assert core.rows(ACTS) == [("FRAVAER_START", "2025-12-02")]
        assert core.rows(REJECTED) == [
            ("superseded", False, "2025-12-01"), ("superseded", False, "2025-12-12"),
        ]


def test_an_absence_that_a_full_delivery_does_not_tell_any_more_is_gone(tmp_path: Path) -> None:
    text = (SHIPPED / "momentum" / "defs.yaml").read_text("utf-8")
    (tmp_path / "contracts" / "momentum").mkdir(parents=True)
    full = text.replace("delivers: increment", "delivers: full\n      max_removed_percent: 100")
    (tmp_path / "contracts" / "momentum" / "defs.yaml").write_text(full, "utf-8")
    ensure_empty_tables(load_contracts([SHIPPED]).values(), Office(tmp_path).lake)
    office = Office(tmp_path, contracts=tmp_path / "contracts")
    first, second = _absence("2025-12-01", row="first"), _absence("2025-12-08", row="second")
    office.momentum(5, _group(), absences=[first, second])
    office.momentum(6, _group(), absences=[second])
    with office.core() as core:
        assert core.rows(ACTS) == [("FRAVAER_START", "2025-12-08")]
        assert core.rows(REJECTED) == [
            ("deleted_at_source", False, "2025-12-01"), ("superseded", False, "2025-12-08"),
        ]


def test_an_absence_without_a_start_or_with_an_end_before_it_is_a_fault_and_no_act(
    office: Office,
) -> None:
    office.momentum(9, _group(), absences=[
        _absence("", row="without"), _absence("2025-12-08", "2025-12-05", row="backwards"),
    ])
    with office.core() as core:
        assert core.rows(ACTS) == []
        assert core.rows(REJECTED) == [
            ("ends_before_it_starts", True, "2025-12-05"),
            ("ends_before_it_starts", True, "2025-12-08"),
            ("no_time", True, None),
        ]


def test_a_kind_of_absence_that_no_mapping_knows_is_shown_and_removes_nothing(office: Office) -> None:
    office.momentum(9, _group(), absences=[_absence("2025-12-01", "2025-12-05", "BORGERLIGT_OMBUD")])
    with office.core("unmapped_codes") as core:
        assert core.rows(ACTS) == []
        assert core.rows("select source_table, source_code, n_rows from unmapped_codes order by 2") == [
            ("absences", "BORGERLIGT_OMBUD|end", 1), ("absences", "BORGERLIGT_OMBUD|start", 1),
        ]


def test_of_which_kind_an_absence_was_is_not_told_by_the_core(office: Office) -> None:
    tables = ("cases", "events", "rejected_events", "objects", "event_objects", "event_log")
    # the second one is rejected: its end lies before its start
    office.momentum(9, _group(), absences=[
        _absence("2025-12-01", "2025-12-05"), _absence("2025-12-08", "2025-12-01", row="backwards"),
    ])
    with office.core(*tables) as core:
        for table in tables:
            told = [str(value) for row in core.rows(f"from {table}") for value in row]
            assert told and not any("SYGDOM" in value for value in told), table
        # the row that mapped it would tell
        assert core.rows(
            "select source_table, count(mapping_id) from events group by 1 order by 1"
        ) == [("absences", 0), ("target_groups", 1)]


def test_the_fund_arrives_in_the_cases_from_each_system_in_one_spelling(office: Office) -> None:
    office.momentum(5, _group(unemploymentFund=" Fond A "), _group("other", startDate=""))
    office.fasit(5, _act("1", **{"A-kasse": "Fond b"}), _act("2", Sagsnr="S2"))
    office.log(5, _event("c1", unemploymentFund="fond ø"), _event("c2"))
    with office.core() as core:
        assert core.rows(CASES) == [
            ("6.1", "FOND A"), ("6.1", "FOND B"), ("6.1", "FOND Ø"), ("6.1", None), ("6.1", None),
        ]


def test_the_fund_of_a_trace_arrives_in_its_case(office: Office) -> None:
    office.deliver("event_log", {"log.xes": (
        '<log><trace><string key="concept:name" value="c1"/><string key="target_group" value="6.1"/>'
        '<string key="unemploymentFund" value="Fond A"/><event>'
        '<string key="concept:name" value="TILMELDT"/>'
        '<date key="time:timestamp" value="2025-10-01T09:00:00+02:00"/></event></trace></log>'
    )}, 5)
    with office.core() as core:
        assert core.rows(CASES) == [("6.1", "FOND A")]


def test_of_funds_that_differ_the_last_one_told_holds(office: Office) -> None:
    office.momentum(5, _group(unemploymentFund="Fond A"))
    office.momentum(6, _group(unemploymentFund="Fond B"))
    office.fasit(5, _act("1", **{"A-kasse": "Fond A"}))
    # an act that does not repeat the fund does not take it back
    office.fasit(6, _act("2", **{"A-kasse": "Fond B"}), _act("3", **{"A-kasse": ""}))
    with office.core() as core:
        assert core.rows(CASES) == [("6.1", "FOND B"), ("6.1", "FOND B")]


def test_deliveries_without_absences_and_without_a_fund_load_as_before(office: Office) -> None:
    office.momentum(5, _group())
    office.fasit(5, _act("1"))
    office.log(5, _event("c1"))
    with office.core() as core:
        assert core.rows("select activity_id from events order by 1") == [
            ("JOBSAMTALE",), ("TILMELDT",), ("TILMELDT",),
        ]
        assert core.rows(CASES) == [("6.1", None)] * 3
        assert core.rows("from rejected_events") == []
    # what was loaded before the contract knew of a fund lies beside what tells one
    office.momentum(6, _group("new", "6.2", unemploymentFund="Fond A"))
    with office.core() as core:
        assert core.rows(CASES) == [("6.1", None)] * 3 + [("6.2", "FOND A")]


def test_the_fund_of_a_case_of_several_courses_is_the_first_that_is_told(office: Office) -> None:
    first = _group("first", "6.2", endDate=_utc("2025-10-10", "22"), endReason="MAALGRUPPESKIFT")
    office.momentum(5, first, _group("second", "6.3", startDate=_utc("2025-10-11", "22"),
                                     unemploymentFund="Fond A"))  # fmt: skip
    with LogCore(office.lake, SEEDS) as core:
        core.need("processes")
        core.need("case_notions")
        core.run("update case_notions set merge_before = null")
        core.run("update processes set case_notion = 'contact_course_merged'")
        core.need("cases")
        assert core.rows(CASES) == [("6.2", "FOND A")]
        # a journey goes through several funds as it goes through several groups
        core.run("update processes set case_notion = 'citizen_journey', case_object_type = 'citizen'")
        for model in ("int_case_members", "int_case_notions"):
            core.make(model)
        assert core.rows("select unemployment_fund from int_case_notions") == [(None,)]


def test_every_activity_can_be_told_by_either_case_system() -> None:
    registry = load_registry(SEEDS)
    known = {one.activity_id for one in registry.activities}
    untold = {
        system: known - {one.activity_id for one in registry.mappings if one.system_id == system}
        for system in ("momentum", "fasit")
    }
    assert untold == {"momentum": set(), "fasit": {"ANDEN_SAMTALE"}}
