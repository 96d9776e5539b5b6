"""A small law of three made-up rules over the shipped regimes, with examples a test may spoil."""

import codecs
import shutil
from collections.abc import Callable
from pathlib import Path

import yaml

from pm_pipeline.law.whole import LawFolders
from tests.conftest import SHIPPED_SEEDS, SeedFiles

SHIPPED_EXPECTATIONS = SHIPPED_SEEDS.parents[1] / "expectations"
RULES, EXEMPTIONS, REGIMES = "law/rules.csv", "law/exemptions.csv", "law/regimes.csv"
STOPS = "law/clock_stops.csv"
FIRST, SHARE = "FIRST_TALK", "TALK_SHARE"
BASIS = "https://www.example.org/law"

_RULE = {
    "rule_id": FIRST, "version": "A", "regime_id": "kontanthjaelp__20200101", "change_id": "LAB-2020",
    "kind": "deadline", "applies_to_target_groups": "6.2|6.3",
    "anchor_activity_id": "FOERSTE_HENVENDELSE",
    "required_activity_id": "JOBSAMTALE", "responsible_party": "municipality", "clock": "calendar",
    "window_from": "0", "window_to": "1", "window_unit": "week", "legal_basis_url": BASIS,
    "certainty": "uncertain", "title_da": "Første samtale", "title_en": "First talk",
}
_OF_A_SHARE = {
    "rule_id": SHARE, "version": "C", "regime_id": "forsikrede_ledige__20260701",
    "change_id": "REFORM-1B", "kind": "population_share", "applies_to_target_groups": "6.1",
    "anchor_activity_id": "TILMELDT", "min_count": "1", "share_required": "0.75",
}
MADE_UP = (
    _RULE,
    {**_RULE, "version": "B", "regime_id": "kontanthjaelp__20240101", "change_id": "CONTACT-2024",
     "window_to": "2"},
    {**_RULE, **_OF_A_SHARE},
)

FIRST_TALK = """\
rule: FIRST_TALK
about: "Lov § 1: første samtale senest 1 uge (A) eller 2 uger (B) efter første henvendelse."
scenarios:
  - name: held on the last day of the week
    name_da: afholdt på ugens sidste dag
    version: A
    given:
      target_group: "6.2"
      registered: 2021-03-01
      fund: null
      events:
        - 2021-03-08 JOBSAMTALE municipality
      as_of: 2022-01-01
    expect: fulfilled
  - name: held on the day after
    version: A
    given:
      target_group: "6.2"
      registered: 2021-03-01
      closed: 2021-06-01
      events:
        - 2021-03-09 JOBSAMTALE municipality
      as_of: 2022-01-01
    expect: {outcome: breached, due: 2021-03-08, days_late: 1}
  - name: held on the last day of the second week
    version: B
    given:
      target_group: "6.3"
      registered: 2024-03-01
      events: [2024-03-15 JOBSAMTALE municipality]
      as_of: 2024-12-01
    expect: {outcome: fulfilled, due_on: 2024-03-15, calendar_days: 14}
  - name: never held
    version: B
    given: {target_group: "6.3", registered: 2024-03-01, as_of: 2024-12-01}
    expect: {outcome: breached, counted: 0}
"""
TALK_SHARE = """\
rule: TALK_SHARE
about: "Lov § 2: samtale inden 1 uge med mindst 75 pct."
scenarios:
  - name: three of four
    version: C
    as_of: 2027-01-01
    cases:
      - {target_group: "6.1", registered: 2026-07-01, events: [2026-07-02 JOBSAMTALE municipality]}
      - {target_group: "6.1", registered: 2026-07-09, events: [2026-07-10 JOBSAMTALE municipality]}
      - {target_group: "6.1", registered: 2026-07-20, events: [2026-07-20 JOBSAMTALE municipality]}
      - {target_group: "6.1", registered: 2026-07-31, events: [2026-08-08 JOBSAMTALE municipality]}
    expect: {n_cohort: 4, n_reached: 3, quota_met: true}
  - name: two of three
    version: C
    as_of: 2027-01-01
    cases:
      - {target_group: "6.1", registered: 2026-07-01, events: [2026-07-02 JOBSAMTALE municipality]}
      - {target_group: "6.1", registered: 2026-07-09, events: [2026-07-10 JOBSAMTALE municipality]}
      - {target_group: "6.1", registered: 2026-07-31}
    expect: {n_cohort: 3, n_reached: 2, quota_met: false}
"""


class LawFiles:
    """A field folder: seeds/ with the made-up rules, scenarios/ and the shipped expectations/."""

    def __init__(self, field_dir: Path, seeds: SeedFiles) -> None:
        self.field_dir = field_dir
        self.seeds = seeds
        self.scenarios_dir = field_dir / "scenarios"
        self.scenarios_dir.mkdir(exist_ok=True)
        header = seeds.read(RULES)[0]
        seeds.write(RULES, [header, *([one.get(name, "") for name in header] for one in MADE_UP)])
        seeds.write(EXEMPTIONS, seeds.read(EXEMPTIONS)[:1])
        # of the shipped stops those that name no rule
        stops = seeds.read(STOPS)
        named = stops[0].index("rule_id")
        seeds.write(STOPS, [stops[0], *(one for one in stops[1:] if not one[named])])
        self.write(FIRST, FIRST_TALK)
        self.write(SHARE, TALK_SHARE)
        shutil.copytree(SHIPPED_EXPECTATIONS, self.expectations_dir)

    @property
    def expectations_dir(self) -> Path:
        return self.field_dir / "expectations"

    @property
    def folders(self) -> LawFolders:
        return LawFolders(self.seeds.folder, (self.scenarios_dir,), (self.expectations_dir,))

    def write(self, rule_id: str, text: str) -> None:
        (self.scenarios_dir / f"{rule_id}.yml").write_text(text, encoding="utf-8")

    def replace(self, rule_id: str, old: str, new: str) -> None:
        """Change the first ``old`` of a file of examples."""
        path = self.scenarios_dir / f"{rule_id}.yml"
        text = path.read_text("utf-8")
        assert old in text, "the test would change nothing"
        path.write_text(text.replace(old, new, 1), "utf-8")

    def remove(self, rule_id: str, name: str) -> None:
        """Take one example out of a file."""
        path = self.scenarios_dir / f"{rule_id}.yml"
        told = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        kept = [one for one in told["scenarios"] if one["name"] != name]
        assert len(kept) == len(told["scenarios"]) - 1, "the test would change nothing"
        path.write_text(yaml.safe_dump({**told, "scenarios": kept}, allow_unicode=True), "utf-8")


# ---- ways to spoil it, and what must be told --------------------------------------------------------


def _saved_by_excel(law: LawFiles, encoding: str, bom: bytes = b"") -> None:
    """As Excel with Danish settings saves a CSV: semicolons, its own encoding."""
    records = law.seeds.read(REGIMES)
    text = "".join(";".join(cell.replace(";", ",") for cell in one) + "\r\n" for one in records)
    (law.seeds.folder / REGIMES).write_bytes(bom + f"{text}# Skåne".encode(encoding))


def _overlap(law: LawFiles) -> None:
    law.seeds.set(REGIMES, law.seeds.row_of(REGIMES, regime_id=OLDEST), "valid_to", "2024-01-02")


def _gap(law: LawFiles) -> None:
    law.seeds.set(REGIMES, law.seeds.row_of(REGIMES, regime_id=OLDEST), "valid_to", "2023-12-31")


def _without_suite(law: LawFiles) -> None:
    shutil.rmtree(law.expectations_dir / "regimes" / OLDEST)


#: A regime that stays what it is however the register grows.
OLDEST = "forsikrede_ledige__20200101"

Spoil = Callable[[LawFiles], object]
#: Bad input by what is wrong with it: how a test makes it so, and what is told of the seeds.
SEED_FAULTS: dict[str, tuple[Spoil, str]] = {
    "overlapping regimes": (_overlap, r"law/regimes.csv row \d+ .*column valid_to: .*an overlap"),
    "a gap between regimes": (_gap, r"law/regimes.csv row \d+ .*column valid_to: .*a gap"),
    "a rule for an unknown activity": (
        lambda law: law.seeds.set(RULES, 1, "required_activity_id", "DANCE"),
        r"law/rules.csv row 1 \(line 2\), column required_activity_id: expected a known id .*'DANCE'",
    ),
    "a window that ends before it starts": (
        lambda law: law.seeds.set(RULES, 2, "window_from", "3"),
        r"law/rules.csv row 2 \(line 3\), column window_to: expected more than window_from 3, found 2",
    ),
    "a share without a cohort": (
        lambda law: law.seeds.set(RULES, 3, "anchor_activity_id", ""),
        r"law/rules.csv row 3 \(line 4\), column anchor_activity_id: expected a value, .*"
        "no share without its cohort .*found an empty cell",
    ),
    "an announced change in a rule": (
        lambda law: law.seeds.set(RULES, 1, "change_id", "HOI"),
        r"law/rules.csv row 1 \(line 2\), column change_id: .*found 'HOI', which is announced",
    ),
    "a rule without legal basis": (
        lambda law: law.seeds.set(RULES, 1, "legal_basis_url", ""),
        r"law/rules.csv row 1 \(line 2\), column legal_basis_url: .*found an empty cell",
    ),
    "an id used twice": (
        lambda law: law.seeds.add_copy(RULES, 1),
        r"law/rules.csv row 4 \(line 5\), .*which row 1 has too",
    ),
    "semicolons and a byte order mark": (
        lambda law: _saved_by_excel(law, "utf-8", codecs.BOM_UTF8),
        r"law/regimes.csv line 1: expected UTF-8 text .*found a byte order mark and semicolons "
        r"between the cells; a spreadsheet program saved it so: take the file back",
    ),
    "semicolons in Windows-1252": (
        lambda law: _saved_by_excel(law, "cp1252"),
        r"law/regimes.csv line \d+: .*Windows-1252 .*and semicolons between the cells; a spreadsheet",
    ),
}
#: What is told when the seeds are sound.
LAW_FAULTS: dict[str, tuple[Spoil, str]] = {
    "a rule without an example": (
        lambda law: law.remove(FIRST, "never held"),
        r"law/rules.csv row 2 \(line 3\), column rule_id: expected an example that breaks it",
    ),
    "a change in force without a suite": (
        _without_suite,
        r"law/regimes.csv row \d+ \(line \d+\), column regime_id: expected a suite in "
        rf"expectations/regimes/{OLDEST}/, since LAB-2020 began it, found none",
    ),
    "an example of an unknown activity": (
        lambda law: law.replace(FIRST, "2021-03-08 JOBSAMTALE", "2021-03-08 DANCE"),
        r"scenarios/FIRST_TALK.yml line 4, scenario 'held on the last day of the week', key events: "
        "expected an activity of .*'DANCE'",
    ),
    "an example of an unknown version": (
        lambda law: law.replace(FIRST, "version: A", "version: Q"),
        r"scenarios/FIRST_TALK.yml line 4, scenario 'held .*', key version: .*found 'Q'",
    ),
}
