"""The detectors of labels find each kind of bad label and leave lists of activities alone."""

import pytest

from tests.quality.label_tables import Labels

VISIT = ["Register", "Triage", "Examine", "Treat", "Close"]


def found(pattern_id: str, *logs: tuple[int, list[str]]) -> dict[str | None, str | None]:
    """What is found in a log of so many cases of each series of labels."""
    labels = Labels()
    for number, case in logs:
        labels.add_cases([case] * number)
    return labels.find().found(pattern_id)


def visit(**other: str) -> list[str]:
    return [other.get(label, label) for label in VISIT]


@pytest.mark.parametrize(
    ("slip", "label"),
    [
        ("examine", "Examine"),  # another case
        ("Exmaine", "Examine"),  # interchanged
        ("Exammine", "Examine"),  # put in
        ("Exsmine", "Examine"),  # the key beside it
        ("Exmine", "Examine"),  # left out
        ("Regis-ter ", "Register"),
        ("Register.", "Register"),
    ],
)
def test_a_rare_slip_of_a_common_label_is_distorted(slip: str, label: str) -> None:
    logs = (40, VISIT), (2, visit(**{label: slip}))
    assert found("distorted_label", *logs) == {slip: label}


def test_danish_letters_written_in_two_are_the_same_label() -> None:
    logs = (30, ["Forlængelse", "Åbnet"]), (30, ["Forlaengelse", "Aabnet"])
    assert len(found("distorted_label", *logs)) == 2


@pytest.mark.parametrize(
    "other",
    [
        "Examina",  # as frequent as half of the other: a label of its own
        "Step 12 begun", "Step 13 begun",  # a series
        "Release A", "Release B",
        "Admission IC", "Admission NC",
    ],
)  # fmt: skip
def test_a_label_of_its_own_is_no_slip(other: str) -> None:
    names = {"Step 13 begun": "Step 12 begun", "Step 12 begun": "Step 13 begun",
             "Release A": "Release B", "Release B": "Release A",
             "Admission IC": "Admission NC", "Admission NC": "Admission IC"}  # fmt: skip
    common = names.get(other, "Examine")
    rare = 2 if other in names else 15
    logs = (30, ["Register", common, "Close"]), (rare, ["Register", other, "Close"])
    assert found("distorted_label", *logs) == {}


def test_a_danish_contrary_is_no_slip() -> None:
    logs = (40, ["Modtaget", "Gyldig"]), (2, ["Modtaget", "Ugyldig"])
    assert found("distorted_label", *logs) == {}


def test_two_labels_that_the_mapping_knows_are_neither_slips_nor_synonyms() -> None:
    labels = Labels()
    labels.add_cases([VISIT] * 40 + [visit(Examine="Examined", Treat="Treat again")] * 25)
    labels.add_cases([visit(Close="Closed")] * 2)
    labels.sql.execute("update int_events_judged set mapping_id = 'M1'")
    labels.find()
    assert labels.sql.execute("select * from findings_of_labels").fetchall() == []


def test_ids_dates_and_names_behind_a_label_pollute_it() -> None:
    last_names = ("Holm", "Kjær", "Dahl")
    names = [f"{first} {last}" for first in ("Ib", "Ea", "Bo", "My") for last in last_names]
    logs = [(30, VISIT)]
    logs += [(1, visit(Treat=f"Treat_{n}aX_2024010{n}")) for n in range(1, 5)]
    logs += [(1, visit(Examine=f"Examine with {name}")) for name in names]
    logs += [(1, visit(Close=f"{name} wrote back")) for name in names]
    polluted = found("polluted_label", *logs)
    assert {code for code, like in polluted.items() if like == "Treat"} == {
        f"Treat_{n}aX_2024010{n}" for n in range(1, 5)
    }
    assert {code for code, like in polluted.items() if like == "Examine"} == {
        f"Examine with {name}" for name in names
    }
    assert {code for code, like in polluted.items() if like is None} == {
        f"{name} wrote back" for name in names
    }


def test_numbered_activities_and_activities_that_begin_alike_are_not_polluted() -> None:
    numbered = [f"T{n} Draft advice {n}" for n in range(8)]
    things = ("reply", "form", "bill", "card", "list", "note", "plan", "copy", "text", "book")
    alike = [f"Send {thing}" for thing in things]
    assert found("polluted_label", (6, numbered), (6, alike)) == {}


def test_a_column_of_free_text_is_told_as_a_whole_and_not_compared() -> None:
    labels = Labels()
    labels.sql.execute("update quality_limits set amount = 5 where limit_id = 'labels_compared'")
    labels.add_cases([VISIT] * 30 + [visit(Treat=f"{chr(97 + n) * 5} {n}") for n in range(12)])
    assert labels.find().found("polluted_label") == {None: None}
    assert labels.sql.execute("select labels, labels_not_compared from quality_labels").fetchall() == [
        (17, 12)
    ]


def test_another_word_at_the_same_place_is_a_synonym() -> None:
    logs = (60, VISIT), (40, visit(Treat="Treating - ward 2")), (30, visit(Triage="Triages done"))
    assert found("synonymous_label", *logs) == {
        "Treating - ward 2": "Treat", "Triages done": "Triage",
    }  # fmt: skip


def test_a_label_that_took_the_place_of_another_on_a_day_is_a_synonym() -> None:
    labels = Labels()
    labels.add_cases([VISIT] * 40, "2024-01-01")
    labels.add_cases([visit(Treat="Therapy")] * 30, "2024-02-01")
    assert labels.find().found("synonymous_label") == {"Therapy": "Treat"}


@pytest.mark.parametrize(
    "case",
    [
        ["Register", "Triage", "Examine", "Refer", "Close"],  # the other branch of a choice
        ["Register", "Triage", "Examine", "Not treat", "Close"],
        ["Register", "Triage", "Treat again", "Examine", "Close"],  # elsewhere
    ],
)
def test_a_label_of_its_own_is_no_synonym(case: list[str]) -> None:
    assert found("synonymous_label", (60, VISIT), (40, case)) == {}


def test_two_words_in_one_case_are_two_acts() -> None:
    both = [*VISIT, *visit(Treat="Treat fully")]
    assert found("synonymous_label", (60, both)) == {}


def test_one_label_for_two_kinds_of_act_is_a_homonym() -> None:
    logs = (40, ["Register", "Talk", "Examine", "Treat", "Talk", "Close"]),
    assert found("homonymous_label", *logs) == {"Talk": None}


def test_an_act_with_several_ways_to_it_or_done_again_at_once_is_no_homonym() -> None:
    logs = (
        (30, ["Register", "Talk", "Close"]), (30, ["Apply", "Talk", "Close"]),
        (30, ["Apply", "Talk", "Talk", "Talk", "Refer"]),
    )  # fmt: skip
    assert found("homonymous_label", *logs) == {}


def test_a_finding_says_how_many_citizens_it_concerns() -> None:
    labels = Labels()
    labels.add_cases([VISIT] * 40 + [visit(Treat="Trat")] * 3)
    labels.sql.execute("update int_events_judged set citizen_key = 'one' where source_code = 'Trat'")
    assert labels.find().sql.execute(
        "select source_code, n_rows, n_citizens from findings_of_labels"
    ).fetchall() == [("Trat", 3, 1)]
