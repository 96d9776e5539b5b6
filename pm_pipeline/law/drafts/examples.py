"""Examples of a rule, worked out from its row: one that meets it, one that does not.

They hold for what the row says; whether the row says what the act says is for a lawyer to read.
"""

import json
import math
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pm_pipeline.registry import Process, Rule, RuleClock, RuleKind, WindowUnit

#: Courses in the example of a population: few to read, and 75 pct. of four is a whole number.
_COHORT = 4
#: How long after the last day the data are of: an example must have been decided by then.
_SEEN_AFTER = timedelta(days=60)
_OPEN_FOR = timedelta(days=90)

Acts = list[tuple[date, str, str | None]]


@dataclass(frozen=True)
class _Story:
    name: str
    name_da: str
    courses: list[Acts]
    expect: str
    as_of: date
    closed: date | None = None


def examples_text(rule: Rule, process: Process, begins: date, names: str) -> str:
    """The file ``scenarios/<rule_id>.yml``: a course from ``begins``, the first day of the regime.

    ``names`` goes before each example's name, which must be its own among all of the rule.
    """
    lines = [
        f"rule: {rule.rule_id}",
        f"about: {_text(rule.title_da)}",
        "scenarios:",
    ]
    for story in _stories(rule, process, begins):
        lines += [
            f"  - name: {_text(f'{names}: {story.name}')}",
            f"    name_da: {_text(f'{names}: {story.name_da}')}",
            f"    version: {_text(rule.version)}",
        ]
        if rule.kind is RuleKind.POPULATION_SHARE:
            lines.append("    cases:")
            for acts in story.courses:
                first, *rest = _course(rule, process, begins, acts, story.closed)
                lines += [f"      - {first}", *(f"        {line}" for line in rest)]
        else:
            lines.append("    given:")
            course = _course(rule, process, begins, story.courses[0], story.closed)
            lines += [f"      {line}" for line in course]
        lines += [f"    as_of: {story.as_of}", f"    expect: {story.expect}"]
    return "\n".join(lines) + "\n"


def _text(words: str) -> str:
    """A YAML text in double quotes, whatever is in it."""
    return json.dumps(words, ensure_ascii=False)


def _course(
    rule: Rule, process: Process, begins: date, acts: Acts, closed: date | None
) -> Iterator[str]:
    groups = rule.applies_to_target_groups or process.target_groups
    if groups:
        yield f"target_group: {_text(groups[0])}"
    yield f"registered: {begins}"
    if closed:
        yield f"closed: {closed}"
    if rule.scope_funds:
        yield f"fund: {_text(rule.scope_funds[0])}"
    if rule.scope_municipalities:
        yield f"municipality: {_text(rule.scope_municipalities[0])}"
    before: Acts = []
    # the act that starts the process stands on the day of registration by itself
    for activity in (_anchor_to_write(rule, process), rule.opens_activity_id):
        if activity:
            before.append((begins, activity, None))
    told = sorted([*before, *acts], key=lambda act: act[0])
    if told:
        yield "events:"
        for day, activity, party in told:
            yield f"  - {day} {activity}" + (f" {party}" if party else "")


def _anchor_to_write(rule: Rule, process: Process) -> str | None:
    is_written = rule.kind is RuleKind.PRECEDENCE or rule.anchor_activity_id in process.start_activities
    return None if is_written else rule.anchor_activity_id


def _stories(rule: Rule, process: Process, begins: date) -> Iterable[_Story]:
    if rule.clock is RuleClock.ACCUMULATED_UNEMPLOYMENT:
        return _uncountable(rule, begins)
    if rule.kind is RuleKind.PRECEDENCE:
        return _precedence(rule, begins)
    if rule.kind is RuleKind.FORBIDDEN:
        return _forbidden(rule, begins)
    if rule.window_to is None:
        return _required(rule, begins)
    if rule.kind is RuleKind.DEADLINE:
        return _deadline(rule, begins)
    return _counted(rule, begins)


def _deadline(rule: Rule, begins: date) -> list[_Story]:
    _, due = _window(rule, begins)
    late = due + timedelta(days=1)
    return [
        _Story("on the last day", "på sidste dag", [_acts(rule, [due])], "fulfilled",
               due + _SEEN_AFTER),
        _Story("a day too late", "en dag for sent", [_acts(rule, [late])],
               "{outcome: breached, days_late: 1}", due + _SEEN_AFTER),
    ]


def _counted(rule: Rule, begins: date) -> list[_Story]:
    starts, due = _window(rule, begins)
    wanted = rule.min_count or 1
    # a week apart where there is room: a course as a reader knows it
    apart = 7 if starts + timedelta(weeks=wanted) <= due else 1
    days = [starts + timedelta(days=apart * (number + 1)) for number in range(wanted)]
    enough, short = _acts(rule, days), _acts(rule, days[1:])
    seen = due + _SEEN_AFTER
    if rule.kind is not RuleKind.POPULATION_SHARE:
        return [
            _Story(f"{wanted} in time", f"{wanted} i tide", [enough], "fulfilled", seen),
            _Story(f"{wanted - 1} in time", f"{wanted - 1} i tide", [short], "breached", seen),
        ]
    quota = math.ceil((rule.share_required or 1) * _COHORT)

    def share(reached: int) -> _Story:
        met = "true" if reached >= quota else "false"
        return _Story(
            f"{reached} of {_COHORT} reach {wanted}", f"{reached} af {_COHORT} når {wanted}",
            [enough] * reached + [short] * (_COHORT - reached),
            f"{{n_cohort: {_COHORT}, n_reached: {reached}, quota_met: {met}}}", seen,
        )

    return [share(quota), share(quota - 1)]


def _required(rule: Rule, begins: date) -> list[_Story]:
    wanted, closed = rule.min_count or 1, begins + _OPEN_FOR
    days = [begins + timedelta(days=number) for number in range(1, wanted + 1)]
    seen = closed + _SEEN_AFTER
    return [
        _Story("done before the case closes", "sket før sagen lukkes", [_acts(rule, days)],
               "fulfilled", seen, closed),
        _Story("the case closes without it", "sagen lukkes uden", [_acts(rule, days[1:])],
               "breached", seen, closed),
    ]


def _forbidden(rule: Rule, begins: date) -> list[_Story]:
    closed = begins + _OPEN_FOR
    inside = begins + timedelta(days=1)
    if rule.window_to is not None:
        _, inside = _window(rule, begins)
        closed = inside + _SEEN_AFTER
    seen = closed + _SEEN_AFTER
    return [
        _Story("it does not happen", "det sker ikke", [[]], "fulfilled", seen, closed),
        _Story("it happens", "det sker", [_acts(rule, [inside])], "breached", seen, closed),
    ]


def _precedence(rule: Rule, begins: date) -> list[_Story]:
    wanted = rule.min_count or 1
    days = [begins + timedelta(days=number) for number in range(wanted)]
    later = (begins + timedelta(days=wanted), str(rule.anchor_activity_id), None)
    seen = later[0] + _SEEN_AFTER
    return [
        _Story("in order", "i rækkefølge", [[*_acts(rule, days), later]], "fulfilled", seen),
        _Story("what must come first is missing", "det, der skal komme først, mangler",
               [[*_acts(rule, days[1:]), later]], "breached", seen),
    ]


def _uncountable(rule: Rule, begins: date) -> list[_Story]:
    _, due = _window(rule, begins)
    expect = "{outcome: not_computable, reason: clock_not_in_data}"
    courses: list[Acts] = [[]]
    if rule.kind is RuleKind.POPULATION_SHARE:
        expect, courses = "{n_cohort: 0, n_not_computable: 2}", [[], []]
    return [
        _Story("counted unemployment is in no export", "optalt ledighed står i intet udtræk",
               courses, expect, due + _SEEN_AFTER)
    ]


def _acts(rule: Rule, days: Iterable[date]) -> Acts:
    party = rule.responsible_party[0].value if rule.responsible_party else None
    return [(day, rule.required_activity_id[0], party) for day in days]


def _window(rule: Rule, anchor: date) -> tuple[date, date]:
    unit = rule.window_unit or WindowUnit.DAY
    return _later(anchor, rule.window_from or 0, unit), _later(anchor, rule.window_to or 0, unit)


def _later(day: date, amount: int, unit: WindowUnit) -> date:
    """Months are calendar months, clamped at their ends, as the evaluation counts them."""
    if unit is not WindowUnit.MONTH:
        return day + timedelta(days=amount * (7 if unit is WindowUnit.WEEK else 1))
    months = day.year * 12 + day.month - 1 + amount
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
