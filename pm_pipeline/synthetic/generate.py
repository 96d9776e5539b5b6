"""One call makes one synthetic municipality: two deliveries and the truth about them."""

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

from pm_pipeline.errors import UsageError
from pm_pipeline.synthetic.behaviour import SHORT, SYSTEMS, Behaviour, DemoMunicipality, Span
from pm_pipeline.synthetic.case_truth import CaseTruth, case_truth
from pm_pipeline.synthetic.event_log_files import EventLogFiles
from pm_pipeline.synthetic.fasit_files import FasitFiles
from pm_pipeline.synthetic.faults import CPR_CHANGE_EVERY, CPR_CHANGE_OFFSET, Faults
from pm_pipeline.synthetic.law_truth import Member, shares
from pm_pipeline.synthetic.momentum_files import MomentumFiles
from pm_pipeline.synthetic.notes import NOTE_FRAGMENTS, spouse_in
from pm_pipeline.synthetic.people import is_impossible_cpr, people, staff_names, with_former_cpr
from pm_pipeline.synthetic.town import Municipality
from pm_pipeline.synthetic.truth import (
    NO_REGIME,
    Canaries,
    CprChangeTruth,
    Tally,
    Truth,
    UnmappedTruth,
)

_STAFF = 14


def generate(
    municipality_id: str, system: str, out_dir: Path, *, seed: int, n_citizens: int,
    span: Span = SHORT, behaviour: Behaviour | None = None, faults: Faults | None = None,
) -> Truth:
    """Write ``<out_dir>/<export day>/…`` twice and ``<out_dir>/truth.json``.

    The same arguments give the same bytes. Citizens are streamed: memory grows with the truth
    (about 2 kB per case), not with the rows.

    Raises:
        UsageError: unknown system, no citizens, or days that are not in order.
    """
    _check(municipality_id, system, n_citizens, span)
    exports = span.exports
    root = Random(f"{municipality_id}:{seed}")
    staff = staff_names(root, _STAFF)
    town = Municipality(
        behaviour or Behaviour(), staff, span.first_day, span.last_day, exports[1])
    persons = people(root)
    tally = Tally()
    files = _files(
        system, out_dir, exports, tally, faults or Faults(), staff, municipality_id)
    cases: list[CaseTruth] = []
    members: list[Member] = []
    per_activity: Counter[str] = Counter()
    names: dict[str, None] = {}
    emails, cprs = [], []
    changes: list[CprChangeTruth] = []
    two_cases = 0
    for number in range(n_citizens):
        person = next(persons)
        if system == "momentum" and number % CPR_CHANGE_EVERY == CPR_CHANGE_OFFSET:
            person = with_former_cpr(person)
        citizen = town.citizen(Random(f"{municipality_id}:{seed}:{number}"), number, person)
        told = files.tell(citizen, Random(f"{municipality_id}:{seed}:{number}:files"))
        for course, (case_ref, events, outside) in zip(citizen.courses, told, strict=True):
            per_activity.update(event.activity for event in (*outside, *events))
            for spouse in (spouse_in(event.note) for event in events):
                if spouse is not None:
                    names[spouse[0]] = None
                    cprs.append(spouse[1])
            case, cohorts = case_truth(citizen, course, events, case_ref, exports[1])
            cases.append(case)
            members += cohorts
        two_cases += len(told) > 1
        names[person.name] = None
        # Momentum writes the address beside a talk; the others on every row
        if system != "momentum" or any(course.contacts for course in citizen.courses):
            emails.append(person.email)
        cprs.append(person.cpr)
        if person.former_cpr is not None:
            cprs.append(person.former_cpr)
            changes.append(CprChangeTruth(person.former_cpr, person.cpr))
    files.close()
    truth = Truth(
        municipality_id, system, seed, n_citizens, exports, _cases_per_regime(cases),
        sum(case.ended_on is None for case in cases), two_cases, per_activity.total(),
        dict(sorted(per_activity.items())), dict(sorted(tally.loaded_keys.items())),
        dict(sorted(tally.without_time.items())), dict(sorted(tally.superseded.items())),
        dict(sorted(tally.late_rows.items())),
        {table: dict(sorted(n.items())) for table, n in sorted(tally.resource_rows.items())},
        files.clock_changes,
        tuple(UnmappedTruth(*key, n) for key, n in sorted(tally.unmapped.items())),
        tuple(sorted(tally.files, key=lambda file: file.path)), tuple(tally.rejected),
        tuple(tally.corrected), tuple(changes), tuple(cases),
        shares(members),
        Canaries(
            tuple(dict.fromkeys(cprs)), tuple(names), staff, tuple(emails), NOTE_FRAGMENTS,
        ),
    )
    truth.write(out_dir / "truth.json")
    return truth


def generate_planned(planned: DemoMunicipality, out_dir: Path) -> Truth:
    """:func:`generate` for one municipality of :func:`demo_plan`."""
    return generate(
        planned.municipality_id, planned.system, out_dir, seed=planned.seed,
        n_citizens=planned.n_citizens, span=planned.span, behaviour=planned.behaviour,
        faults=planned.faults,
    )


def _files(
    system: str, out_dir: Path, exports: tuple[date, date], tally: Tally, faults: Faults,
    staff: tuple[str, ...], municipality_id: str,
) -> MomentumFiles | FasitFiles | EventLogFiles:
    if system == "momentum":
        return MomentumFiles(out_dir, exports, tally, faults, staff)
    if system == "fasit":
        return FasitFiles(out_dir, exports, tally, faults)
    return EventLogFiles(out_dir, exports, tally, faults, municipality_id)


def _check(municipality_id: str, system: str, n_citizens: int, span: Span) -> None:
    first_day, last_day, exports = span.first_day, span.last_day, span.exports
    where = f"synthetic municipality {municipality_id}"
    if system not in SYSTEMS:
        raise UsageError(
            f"{where}: system must be one of {', '.join(SYSTEMS)}, found {system!r}")
    if n_citizens < 1:
        raise UsageError(f"{where}: n_citizens must be at least 1, found {n_citizens}")
    if not first_day <= last_day < exports[1] or not first_day < exports[0] < exports[1]:
        raise UsageError(
            f"{where}: expected first_day <= last_day < second export and first_day < first export "
            f"< second export, found {first_day}, {last_day}, {exports[0]}, {exports[1]}")
    if not is_impossible_cpr("0101405000", exports[1]):
        raise UsageError(
            f"{where}: the scheme of impossible CPR numbers ends before the export {exports[1]}; "
            "use earlier exports or a new scheme (synthetic/people.py)")


def _cases_per_regime(cases: list[CaseTruth]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for case in cases:
        regimes = counts.setdefault(case.process_id, {})
        regime_id = case.regime_id or NO_REGIME
        regimes[regime_id] = regimes.get(regime_id, 0) + 1
    return {process: dict(sorted(counts[process].items())) for process in sorted(counts)}
