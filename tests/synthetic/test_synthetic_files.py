"""The files as a plain reader sees them: what the truth says is in them is in them."""

import csv
import gzip
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from synthetic_town import Town

from pm_pipeline.synthetic.fasit_files import LABELS, NEW_CODE

Towns = tuple[Town, Town, Town]
Record = dict[str, str]
TABLES = {
    "contacts": "contactId", "tasks": "taskId", "caseworkers": "assignmentId",
    "target_groups": "rowId", "offers": "offerId", "absences": "absenceId",
}
XES = "{http://www.xes-standard.org/}"


def rows(town: Town, table: str, encoding: str) -> list[tuple[str, int, Record]]:
    """(path, line, record) of every row of a table, the first delivery first."""
    found = []
    for file in town.truth.files:
        if file.table != table:
            continue
        with (town.folder / file.path).open(encoding=encoding, newline="") as handle:
            reader = csv.reader(handle, delimiter=";", strict=True)
            header, line = next(reader), 2
            for cells in reader:
                assert len(cells) == len(header)
                found.append((file.path, line, dict(zip(header, cells, strict=True))))
                line = reader.line_num + 1
    return found


def current(town: Town, table: str, key: str, encoding: str) -> list[Record]:
    """The last word on every key, without the rows that tell of no event because of a fault."""
    rejected = {(reject.path, reject.line) for reject in town.truth.rejected}
    latest = {
        record[key]: record for path, line, record in rows(town, table, encoding)
        if (path, line) not in rejected
    }
    return list(latest.values())


def momentum_activities(town: Town) -> Counter[str]:
    """The acts that Momentum's states tell of, written without the generator's help."""
    talks = {"4": "OPFOELGNING", "7": "JOBSAMTALE", "10": "CV_SAMTALE", "12": "ANDEN_SAMTALE",
             "15": "RAADIGHEDSSAMTALE", "17": "JOBSAMTALE", "19": "FAELLESSAMTALE", "21": "unknown"}
    states = {"cancelled": "AFLYST", "no_show": "UDEBLEVET", "rebooked": "OMBOOKET"}
    told: Counter[str] = Counter()
    for row in current(town, "contacts", "contactId", "utf-8-sig"):
        assert bool(row["bookedAt"]) == bool(row["bookedBy"])
        if row["bookedBy"]:
            told["SELVBOOKET" if row["bookedBy"] == "citizen" else "INDKALDT"] += 1
        if row["state"] == "held":
            told[talks[row["contactType"]]] += 1
        elif row["state"] != "planned":
            told[states[row["state"]]] += 1
    for row in current(town, "tasks", "taskId", "utf-8-sig"):
        told.update([row["type"]] if row["state"] == "0" else [])
    starts = {"6.1": "TILMELDT", "6.8": "AFGOERELSE_RESSOURCEFORLOEB"}
    ends = {"FLEKSJOB": "AFGOERELSE_FLEKSJOB", "FOERTIDSPENSION": "AFGOERELSE_FOERTIDSPENSION",
            "OPHOER": "AFGOERELSE_OPHOER", "MAALGRUPPESKIFT": "MAALGRUPPESKIFT"}
    before: Record = {}
    for row in sorted(current(town, "target_groups", "rowId", "utf-8-sig"),
                      key=lambda row: (row["cpr"], row["startDate"])):
        assessed_anew = (
            row["cpr"] == before.get("cpr") and before["endReason"] == "MAALGRUPPESKIFT"
            and before["targetGroupCode"] != "6.1")
        first = starts.get(row["targetGroupCode"], "FOERSTE_HENVENDELSE")
        told["MAALGRUPPESKIFT" if assessed_anew else first] += 1
        reason, before = row["endReason"], row
        assert bool(reason) == bool(row["endDate"])
        if reason:
            told[ends.get(reason, f"AFMELDT_{reason}")] += 1
    for row in current(town, "absences", "absenceId", "utf-8-sig"):
        kind = "FRITAGELSE" if row["absenceType"] == "FRITAGELSE" else "FRAVAER"
        told[f"{kind}_START"] += 1
        told[f"{kind}_SLUT"] += bool(row["endDate"])
    for row in current(town, "offers", "offerId", "utf-8-sig"):
        told["TILBUD_BEVILGET"] += 1
        told["TILBUD_START"] += bool(row["startDate"])
        told["TILBUD_SLUT"] += row["endReason"] == "GENNEMFOERT"
        told["TILBUD_AFBRUDT"] += row["endReason"] == "AFBRUDT"
    periods = sorted(
        (row["cpr"], row["startDate"], row["caseworkerId"])
        for row in current(town, "caseworkers", "assignmentId", "utf-8-sig") if row["role"] == "1")
    told["SAGSBEHANDLERSKIFTE"] = sum(
        a[0] == b[0] and a[2] != b[2] for a, b in pairwise(periods))
    return told


def test_momentum_sheets_tell_of_exactly_the_acts_of_the_truth(momentum: Town) -> None:
    told = momentum_activities(momentum)
    unmapped = {u.source_code: u.n_rows for u in momentum.truth.unmapped}
    assert told.pop("unknown") == unmapped["held:21"] > 0
    code = "FORLAEG_SUNDHEDSKOORDINATOR"
    assert told.pop(code) == unmapped[code] > 0
    assert dict(told) == momentum.truth.events_per_activity


def test_fasit_sheets_tell_of_exactly_the_acts_of_the_truth(fasit: Town) -> None:
    activity_of = {label: activity for activity, label in LABELS.items()}
    told = Counter(row["Hændelse"] for row in current(fasit, "haendelser", "Løbenr", "cp1252"))
    assert told.pop(NEW_CODE) == fasit.truth.unmapped[0].n_rows > 0
    assert {activity_of[label]: n for label, n in told.items()} == fasit.truth.events_per_activity


def test_fasit_counts_the_talks_of_each_case_as_the_truth_does(fasit: Town) -> None:
    cases = {case.case_ref: case for case in fasit.truth.cases}
    talks: dict[str, list[str]] = {}
    for row in current(fasit, "haendelser", "Løbenr", "cp1252"):
        case = cases[row["Sagsnr"]]
        assert row["CPR-nr"].replace("-", "") == case.citizen_cpr
        assert row["A-kasse"] == case.unemployment_fund
        assert datetime.strptime(row["Tilmeldt"], "%d-%m-%Y").date() == case.registered_on
        on = datetime.strptime(row["Hændelsesdato"], "%d-%m-%Y").date()
        # what the rehabilitation team did comes before the decision that begins the case
        assert on >= case.registered_on or case.target_group == "6.8"
        assert case.ended_on is None or on <= case.ended_on
        if row["Hændelse"] == "Jobsamtale" and row["Ansvarlig"] == "Kommune":
            talks.setdefault(case.case_ref, []).append(on.isoformat())
    judged = 0
    for case in fasit.truth.cases:
        for rule in case.rules:
            if rule.rule_id == "LAB31_G2_5_TALKS_6M" and rule.anchor_on is not None:
                held = sorted(talks.get(case.case_ref, []))
                assert rule.due_less_stops_on is not None
                last = rule.due_less_stops_on.isoformat()
                assert rule.counted == sum(on <= last for on in held)
                assert rule.first_on == (date.fromisoformat(held[0]) if held else None)
                judged += 1
    assert judged > 20


def read_log(path: Path) -> list[tuple[str, str, str]]:
    """(case, activity, time) of every event, the impossible ones too."""
    events = []
    with gzip.open(path, "rb") as handle:
        root = ElementTree.parse(handle).getroot()
    assert root.tag == f"{XES}log" and root.get("xes.version") == "1.0"
    for trace in root.iter(f"{XES}trace"):
        names = {a.get("key"): a.get("value") for a in trace if a.tag == f"{XES}string"}
        assert {"concept:name", "citizen", "target_group"} <= set(names)
        for event in trace.iter(f"{XES}event"):
            found = {a.get("key"): a.get("value") or "" for a in event}
            assert found["lifecycle:transition"] == "complete" and found["org:resource"]
            events.append((names["concept:name"] or "", found["concept:name"],
                           found["time:timestamp"]))
    return events


def is_possible(activity: str, time: str) -> bool:
    try:
        return bool(activity) and datetime.fromisoformat(time).tzinfo is not None
    except ValueError:
        return False


def test_the_event_log_tells_of_exactly_the_acts_of_the_truth(event_log: Town) -> None:
    first, second = (read_log(event_log.folder / file.path) for file in event_log.truth.files)
    good = [event for event in second if is_possible(*event[1:])]
    assert Counter(activity for _, activity, _ in good) == event_log.truth.events_per_activity
    assert len(set(good)) == len(good), "case, activity and time tell events apart"
    assert {e for e in first if is_possible(*e[1:])} < set(good), "the later log is a full one"
    assert event_log.truth.superseded["events"] == sum(bool(activity) for _, activity, _ in first)
    assert event_log.truth.rows_without_time["events"] == sum(
        bool(activity) for _, activity, _ in second) - len(good)
    broken = sum(not is_possible(*event[1:]) for event in first + second)
    assert broken == len(event_log.truth.rejected) > 0


def test_the_line_of_every_rejected_row_is_right(
    momentum: Town, fasit: Town, event_log: Town
) -> None:
    for town, table, encoding in (
        (momentum, "contacts", "utf-8-sig"), (fasit, "haendelser", "cp1252")
    ):
        at = {(path, line): record for path, line, record in rows(town, table, encoding)}
        assert {reject.reason for reject in town.truth.rejected} == {
            "impossible_date", "two_digit_year", "empty_mandatory"}
        for reject in town.truth.rejected:
            value = at[(reject.path, reject.line)][reject.column]
            if reject.reason == "empty_mandatory":
                assert value == ""
            elif reject.reason == "impossible_date":
                assert re.match(r"2024-02-31|31-02-2024", value)
            else:
                assert re.match(r"24-03-05|05-03-24$", value)
    for reject in event_log.truth.rejected:
        text = gzip.decompress((event_log.folder / reject.path).read_bytes()).decode()
        line = text.split("\n")[reject.line - 1]
        assert re.search(r'"2024-02-31T|"24-03-05T|key="concept:name" value=""', line)


def test_sheets_hold_as_many_rows_and_duplicates_as_the_truth_says(
    momentum: Town, fasit: Town
) -> None:
    for town, tables, encoding in (
        (momentum, TABLES, "utf-8-sig"), (fasit, {"haendelser": "Løbenr"}, "cp1252")
    ):
        for table in tables:
            seen: dict[str, list[tuple[str, ...]]] = {}
            for path, _, record in rows(town, table, encoding):
                seen.setdefault(path, []).append(tuple(record.values()))
            for file in (f for f in town.truth.files if f.table == table):
                found = seen[file.path]
                assert len(found) == file.rows
                assert len(found) - len(set(found)) == file.exact_duplicates
        assert sum(file.exact_duplicates for file in town.truth.files) > 0


def test_corrected_rows_come_again_with_another_value_and_a_later_change(
    momentum: Town, fasit: Town
) -> None:
    for town, table, key, changed, encoding in (
        (momentum, "contacts", "contactId", "updatedAt", "utf-8-sig"),
        (fasit, "haendelser", "Løbenr", "Registreret", "cp1252"),
    ):
        versions: dict[str, list[Record]] = {}
        for _, _, record in rows(town, table, encoding):
            versions.setdefault(record[key], []).append(record)
        assert len(town.truth.corrected) >= 5
        for fix in town.truth.corrected:
            first, last = versions[fix.natural_key][0], versions[fix.natural_key][-1]
            differing = {name for name in first if first[name] != last[name]}
            if "cpr" in differing:  # the number changed in between, also where a note tells it
                differing -= {"cpr", "note"}
            assert differing == {fix.column, changed}
        assert town.truth.superseded[table] >= len(town.truth.corrected)


def test_encodings_and_line_ends_are_those_of_the_systems(momentum: Town, fasit: Town) -> None:
    for file in momentum.truth.files:
        assert (momentum.folder / file.path).read_bytes().startswith(b"\xef\xbb\xbf")
    for file in fasit.truth.files:
        raw = (fasit.folder / file.path).read_bytes()
        assert raw.startswith("Løbenr;CPR-nr;".encode("cp1252"))
        assert "Hændelse".encode("cp1252") in raw and b"\r\n" in raw
        assert "Løbenr".encode() not in raw


def test_gzip_headers_hold_no_clock_and_no_name(event_log: Town) -> None:
    for file in event_log.truth.files:
        header = (event_log.folder / file.path).read_bytes()[:10]
        assert header[3] == 0 and header[4:8] == bytes(4)


def test_notes_hold_what_must_not_survive(momentum: Town, fasit: Town) -> None:
    for town, table, encoding, column in (
        (momentum, "contacts", "utf-8-sig", "note"), (fasit, "haendelser", "cp1252", "Notat")
    ):
        notes = [record[column] for _, _, record in rows(town, table, encoding) if record[column]]
        together = "\n".join(notes)
        assert any("\n" in note for note in notes) and any(";" in note for note in notes)
        assert '"Min Plan"' in together and re.search("[æøåÆØÅ]", together)
        for fragment in town.truth.canaries.note_fragments:
            assert fragment in together
        cprs = {number.replace("-", "") for number in re.findall(r"\d{6}-?\d{4}", together)}
        assert cprs <= set(town.truth.canaries.cprs) and len(cprs) > 20
        assert sum(name in together for name in town.truth.canaries.names) > 20


def test_every_planted_identifier_is_in_the_deliveries(towns: Towns) -> None:
    for town in towns:
        text = ""
        for file in town.truth.files:
            raw = (town.folder / file.path).read_bytes()
            raw = gzip.decompress(raw) if file.path.endswith(".gz") else raw
            text += raw.decode("cp1252" if town.truth.system == "fasit" else "utf-8")
        plain = re.sub(r"(\d{6})-(\d{4})", r"\1\2", text)
        canaries = town.truth.canaries
        for group in (canaries.cprs, canaries.names, canaries.staff_names, canaries.emails):
            assert [value for value in group if value not in plain] == []


def test_momentum_end_dates_are_sent_as_22_utc_also_in_winter(momentum: Town) -> None:
    ends = {row["endDate"] for row in current(momentum, "target_groups", "rowId", "utf-8-sig")}
    ends.discard("")
    assert all(end.endswith("T22:00:00Z") for end in ends)
    assert {end[5:7] for end in ends} & {"12", "01", "02"}, "no end date in winter"
    starts = {row["startDate"][11:] for row in current(
        momentum, "target_groups", "rowId", "utf-8-sig")}
    assert starts == {"22:00:00Z", "23:00:00Z"}


def test_fasit_has_days_without_an_hour_and_hours_that_do_not_exist(fasit: Town) -> None:
    found = current(fasit, "haendelser", "Løbenr", "cp1252")
    registered = [row for row in found if row["Hændelse"] == "Tilmeldt" and row["Målgruppe"] == "6.1"]
    assert registered and all(row["Klokkeslæt"] == "" for row in registered)
    nights = Counter(row["Hændelsesdato"][3:5] for row in found if row["Klokkeslæt"][:2] == "02")
    assert nights["03"] == fasit.truth.clock_change_events["dst_gap"] > 0
    assert nights["10"] == fasit.truth.clock_change_events["dst_fold"] > 0


def test_robots_systems_citizens_and_people_made_the_rows_the_truth_counts(fasit: Town) -> None:
    rejected = {(r.path, r.line) for r in fasit.truth.rejected if not r.row_kept}
    loaded = {
        (path, tuple(record.items())) for path, line, record in rows(fasit, "haendelser", "cp1252")
        if (path, line) not in rejected
    }
    kinds = {"RPA01": "robot", "Robot Jobnet": "robot", "DFDG": "system", "System": "system",
             "Borger": "citizen"}
    told = Counter(kinds.get(dict(cells)["Sagsbehandler"], "human") for _, cells in loaded)
    assert dict(told) == fasit.truth.resource_rows["haendelser"]
    assert set(told) == {"robot", "system", "citizen", "human"}


def test_the_second_delivery_tells_late_of_acts_before_the_first(towns: Towns) -> None:
    for town in towns:
        assert sum(town.truth.late_rows.values()) > 0


def test_no_delivery_knows_what_was_recorded_after_its_export(momentum: Town, fasit: Town) -> None:
    for path, _, record in rows(fasit, "haendelser", "cp1252"):
        export = datetime.fromisoformat(path[:10])
        assert datetime.strptime(record["Registreret"], "%d-%m-%Y %H:%M") < export
        if record["Afmeldt"]:
            assert datetime.strptime(record["Afmeldt"], "%d-%m-%Y") < export
    for table, column in (("contacts", "updatedAt"), ("tasks", "updatedAt"),
                          ("target_groups", "updatedAt"), ("offers", "updatedAt"),
                          ("caseworkers", "registeredAt"), ("absences", "updatedAt")):
        for path, _, record in rows(momentum, table, "utf-8-sig"):
            assert record[column] < path[:10]


def test_momentum_plans_talks_that_the_next_delivery_settles(momentum: Town) -> None:
    states: dict[str, list[str]] = {}
    for _, _, record in rows(momentum, "contacts", "utf-8-sig"):
        states.setdefault(record["contactId"], []).append(record["state"])
    settled = [told for told in states.values() if told[0] == "planned" and told[-1] == "held"]
    assert len(settled) >= 5
    assert any(told[-1] == "planned" for told in states.values()), "none lies in the future"


def test_a_changed_number_is_told_once_and_used_from_the_second_delivery_on(momentum: Town) -> None:
    changes = momentum.truth.cpr_changes
    assert len(changes) >= 2
    told = [(r["oldCpr"], r["newCpr"]) for _, _, r in rows(momentum, "cpr_changes", "utf-8-sig")]
    assert told == [(change.former_cpr, change.cpr) for change in changes]
    # a replacement number (60 added to the day) became a real one
    assert all(int(old[:2]) - 60 == int(new[:2]) and old[2:] == new[2:] for old, new in told)
    used: dict[str, set[str]] = {}
    for table in TABLES:
        for path, _, record in rows(momentum, table, "utf-8-sig"):
            used.setdefault(path.split("/")[0], set()).add(record["cpr"])
    first, second = (used[day.isoformat()] for day in momentum.truth.delivered_on)
    assert not first & {new for _, new in told} and not second & {old for old, _ in told}
    assert first & {old for old, _ in told} and second & {new for _, new in told}
    assert {case.citizen_cpr for case in momentum.truth.cases} >= {new for _, new in told}
