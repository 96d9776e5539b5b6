"""How well the detectors of labels do on real logs, and on logs with injected imperfections.

The injected ones are the logs of Comuzzi, Ra, Narmanova and Jung (llm-event-log-quality, made with
FLAWD), whose column ``label`` says what was injected. The floors are below what is measured: see the
table in dbt_project/README.md.
"""

import gzip
from itertools import combinations
from xml.etree import ElementTree

import pytest

from tests.quality.label_tables import PATTERNS, Labels
from tests.real_logs import LOGS

pytestmark = pytest.mark.skipif(
    not (LOGS / "imperfections").is_dir(), reason=f"no real logs at {LOGS} (set PM_TEST_LOGS)"
)
CSV = "select row_number() over () as source_row, {} from read_csv('{}', all_varchar = true)"
CREDIT = '"Case" as case_key, Activity as source_code, cast(Timestamp as timestamp) as occurred_at'
REAL = {
    "helpdesk/finale.csv.gz": '"Case ID" as case_key, Activity as source_code,'
    " strptime(\"Complete Timestamp\", '%Y/%m/%d %H:%M:%S.%f') as occurred_at",
    "receipt/receipt.csv.gz": '"case:concept:name" as case_key, "concept:name" as source_code,'
    ' cast(cast("time:timestamp" as timestamptz) as timestamp) as occurred_at',
    "sepsis/sepsis.csv.gz": '"Case ID" as case_key, Activity as source_code,'
    " strptime(\"Complete Timestamp\", '%Y/%m/%d %H:%M:%S.%f') as occurred_at",
}


def credit(name: str) -> Labels:
    labels = Labels()
    labels.add_query(CSV.format(CREDIT, LOGS / "imperfections" / f"Credit-{name}.csv.gz"))
    return labels.find()


@pytest.mark.parametrize(
    ("name", "pattern_id", "recall", "precision"),
    [
        ("Distorted", "distorted_label", 0.97, 0.99),
        ("Polluted", "polluted_label", 0.99, 0.99),
        ("Synonymous", "synonymous_label", 0.99, 0.99),
    ],
)
def test_injected_labels_are_found_row_by_row(
    name: str, pattern_id: str, recall: float, precision: float
) -> None:
    labels = credit(name)
    truth = CSV.format("label", LOGS / "imperfections" / f"Credit-{name}.csv.gz")
    [(right, wrong, missed)] = labels.sql.execute(
        "select count(*) filter (where is_found and is_injected),"
        " count(*) filter (where is_found and not is_injected),"
        " count(*) filter (where not is_found and is_injected) from ("
        " select label is not null as is_injected, source_code in (select source_code"
        f" from findings_of_labels where pattern_id = '{pattern_id}') as is_found"
        f" from int_events_judged inner join ({truth}) as truth using (source_row))"
    ).fetchall()
    assert right / (right + missed) >= recall, (right, wrong, missed)
    assert right / (right + wrong) >= precision, (right, wrong, missed)


def test_two_acts_under_one_label_are_found_where_they_share_no_neighbour() -> None:
    """Every fifth of the 66 pairs of labels of the loan log, of which 42 are found under one name."""
    labels = credit("Formbased")
    before = set(labels.found("homonymous_label"))
    labels.sql.execute("create table as_told as select * from int_events_judged")
    names = [name for (name,) in labels.sql.execute(
        "select source_code from int_labels where n_rows >= 30 order by 1").fetchall()]
    found, beside = 0, set()
    pairs = list(combinations(names, 2))[::5]
    for pair in pairs:
        labels.sql.execute(
            "create or replace table int_events_judged as select * replace (case when source_code"
            " in (?, ?) then 'two acts' else source_code end as source_code) from as_told", pair)
        homonyms = set(labels.find(("int_labels", "int_label_steps", "homonymous_label")).sql.execute(
            "select source_code from homonymous_label").fetchall())
        found += ("two acts",) in homonyms
        beside |= {one for (one,) in homonyms} - {"two acts"} - before
    assert (len(pairs), beside) == (14, set())
    assert found >= 8


@pytest.mark.parametrize("name", ["Distorted", "Polluted", "Synonymous", "Formbased"])
def test_injected_labels_are_not_taken_for_another_pattern(name: str) -> None:
    labels = credit(name)
    others = {one for one in PATTERNS if not one.startswith(name.lower())}
    # the completeness of an application is checked again when more has come: one act at two places
    assert {one: labels.found(one) for one in others if labels.found(one)} == {
        "homonymous_label": {"Check for completeness": None}
    }


@pytest.mark.parametrize("file", list(REAL))
def test_labels_of_real_logs_are_left_alone(file: str) -> None:
    labels = Labels()
    labels.add_query(CSV.format(REAL[file], LOGS / file))
    assert labels.find().sql.execute("select * from findings_of_labels").fetchall() == []


def test_labels_of_the_closed_problems_of_2013_are_left_alone() -> None:
    labels = Labels()
    with gzip.open(LOGS / "bpic13" / "BPIC13_closed_problems.xes.gz") as file:
        log = ElementTree.parse(file).getroot()
    labels.add_cases(
        [
            [
                next(one.get("value") for one in event if one.get("key") == "concept:name")
                for event in trace.iterfind("{*}event")
            ]
            for trace in log.iterfind("{*}trace")
        ]
    )
    assert labels.find().sql.execute("select * from findings_of_labels").fetchall() == []


def test_misspelt_labels_of_the_hospital_resemble_the_right_ones() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(LOGS / "daqapo" / "hospital.xlsx", read_only=True).worksheets[0]
    _, *rows = sheet.iter_rows(values_only=True)
    labels = Labels()
    labels.add_cases([[str(row[1])] for row in rows])
    assert labels.find().found("distorted_label") == {
        "registration": "Registration", "Trage": "Triage", "Triaga": "Triage",
    }  # fmt: skip
