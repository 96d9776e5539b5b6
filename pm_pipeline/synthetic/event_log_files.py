"""Deliveries of a ready event log: XES 1.0 (IEEE 1849), gzip-compressed, whole each time.

The second delivery is a later full log: every trace and event of the first one again, and what
came since. Rows carry no key of their own (case + activity + timestamp tells them apart; the
generator makes no two events alike), so each event of the first delivery is superseded by its
copy. Labels are the canonical activities: the mapping is the identity, and no code is unmapped.
The only faults are a few events with an impossible time, a two-digit year or an empty activity,
told in both deliveries, and attributes that no contract lists (an e-mail address per trace, a
note per event).
"""

import gzip
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from random import Random
from xml.sax.saxutils import quoteattr

from pm_pipeline.synthetic.acts import Event, Told, events_of
from pm_pipeline.synthetic.clock import utc_offset
from pm_pipeline.synthetic.faults import Broken, Faults, broken_row
from pm_pipeline.synthetic.sheet import resource_type
from pm_pipeline.synthetic.truth import FileTruth, RejectTruth, Tally
from pm_pipeline.synthetic.world import Citizen, Course

_TABLE = "events"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace">
<string key="concept:name" value="UNKNOWN"/>
</global>
<global scope="event">
<string key="concept:name" value="UNKNOWN"/>
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
<string key="lifecycle:transition" value="complete"/>
</global>
<classifier name="Activity" keys="concept:name"/>
<string key="concept:name" value="Beskæftigelsesforløb"/>
"""
_TAIL = "</log>\n"


class _Log:
    """One XES.gz file; knows the line of each event element."""

    def __init__(self, root: Path, delivered_on: date, tally: Tally) -> None:
        self.delivered_on, self.tally = delivered_on, tally
        self.path = f"{delivered_on.isoformat()}/forloeb_{delivered_on:%Y%m%d}.xes.gz"
        target = root / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        self._raw = target.open("wb")
        # neither name nor time in the header: the same log gives the same bytes
        self._zip = gzip.GzipFile("", "wb", compresslevel=6, fileobj=self._raw, mtime=0)
        self._line = 1
        self.resources: Counter[str] = Counter()
        self.rows = self.rejected = self.values_rejected = 0
        self.put(_HEAD)

    def put(self, text: str) -> None:
        self._zip.write(text.encode())
        self._line += text.count("\n")

    def event(self, text: str, created_by: str) -> None:
        self.put(text)
        self.rows += 1
        self.resources[created_by] += 1

    def broken(self, text: str, column: str, fault: Broken, created_by: str) -> None:
        self.tally.rejected.append(RejectTruth(
            self.path, _TABLE, self._line, column, fault.value[0], fault.row_kept))
        if fault.row_kept:
            self.event(text, created_by)
            self.values_rejected += 1
        else:
            self.put(text)
            self.rows += 1
            self.rejected += 1

    def close(self) -> None:
        self.put(_TAIL)
        self._zip.close()
        self._raw.close()
        self.tally.files.append(FileTruth(
            self.path, _TABLE, self.delivered_on, self.rows, self.rejected, 0,
            self.values_rejected))
        kinds = self.tally.resource_rows.setdefault(_TABLE, Counter())
        for name, n in self.resources.items():
            kinds[resource_type(name)] += n


class EventLogFiles:
    """Writes both deliveries of one municipality, citizen by citizen."""

    def __init__(
        self, root: Path, exports: tuple[date, date], tally: Tally, faults: Faults,
        municipality_id: str,
    ) -> None:
        self.exports, self.tally, self.faults = exports, tally, faults
        self.municipality_id = municipality_id
        self.first_export = datetime.combine(exports[0], datetime.min.time())
        self.logs = [_Log(root, day, tally) for day in exports]
        # Every time carries its offset, hence none is missing or doubled.
        self.clock_changes = {"dst_gap": 0, "dst_fold": 0}
        self._case_number = 0

    def tell(self, citizen: Citizen, rng: Random) -> list[Told]:
        """Write a citizen; a course is known by its case id. ``rng`` is not needed here."""
        del rng
        told = []
        for number, course in enumerate(citizen.courses):
            self._case_number += 1
            case_ref = f"{self.municipality_id}-{course.registered_at:%Y}-{self._case_number:06d}"
            events = events_of(course)
            fault = broken_row(citizen, self.faults) if number == 0 else None
            early = [event for event in events if event.recorded_at < self.first_export]
            for log, known in zip(self.logs, (early, events), strict=True):
                if known:
                    _put_trace(log, citizen, course, case_ref, known, fault)
            timeless = fault is not None and fault.row_kept
            self.tally.superseded[_TABLE] += len(early) + (timeless and bool(early))
            self.tally.loaded_keys[_TABLE] += len(events) + timeless
            self.tally.without_time[_TABLE] += timeless
            self.tally.late_rows[_TABLE] += sum(
                1 for event in events if event.at < self.first_export <= event.recorded_at)
            told.append(Told(case_ref, events, []))
        return told

    def close(self) -> None:
        """Finish the files."""
        for log in self.logs:
            log.close()


def _put_trace(
    log: _Log, citizen: Citizen, course: Course, case_ref: str, events: list[Event],
    fault: Broken | None,
) -> None:
    person = citizen.person
    log.put("<trace>\n" + "".join(_string(key, value) + "\n" for key, value in (
        ("concept:name", case_ref), ("citizen", person.cpr), ("target_group", course.target_group),
        ("unemploymentFund", course.unemployment_fund),
        ("email", person.email), ("display_name", person.name),
    ) if value))
    for event in events:
        log.event(_event(event, event.activity, _time(event.at)), event.created_by)
    if fault is not None:
        first = events[0]
        if fault.row_kept:
            text, column = _event(first, "JOBSAMTALE", fault.value[1]), "time:timestamp"
        else:  # the citizen is the trace's; here the activity is the mandatory value
            text, column = _event(first, "", _time(first.at)), "concept:name"
        log.broken(text, column, fault, first.created_by)
    log.put("</trace>\n")


def _event(event: Event, activity: str, time: str) -> str:
    parts = [
        _string("concept:name", activity),
        f'<date key="time:timestamp" value="{time}"/>',
        _string("lifecycle:transition", "complete"),
        _string("org:resource", event.created_by),
    ]
    if event.unit:
        parts.append(_string("org:group", event.unit))
    if event.party:
        parts.append(_string("org:party", event.party))
    if event.note:
        parts.append(_string("note", event.note))
    return f"<event>{''.join(parts)}</event>\n"


def _string(key: str, value: str) -> str:
    # quoteattr escapes line breaks, so that every event stays on one line
    return f'<string key="{key}" value={quoteattr(value)}/>'


def _time(local: datetime) -> str:
    hours = int(utc_offset(local).total_seconds() // 3600)
    return f"{local.isoformat(timespec='milliseconds')}+{hours:02d}:00"
