"""Verdicts on the map: what has been judged, and the map without artefacts, counted as by hand."""

import random
from collections.abc import Iterator, Mapping

import pytest

from tests.flow.town import FlowTown
from tests.flow.verdict_brute import Walk, checked_map, checks, told_subjects

PROCESS = "forsikrede_ledige"
VERDICTS = (
    "standing_verdicts", "verdict_variants", "verdict_sizes", "variant_checks", "filter_subjects",
    "filter_checks", "checked_paths", "checked_follows",
)
ACTS = ("TILMELDT", "JOBSAMTALE", "MIN_PLAN", "INDKALDT", "CV_SAMTALE")
JUDGED = {
    ("activity", ("MIN_PLAN",)): "registration_artefact",
    ("activity", ("JOBSAMTALE",)): "real",
    ("edge", ("TILMELDT", "INDKALDT")): "wrong",
    ("edge", ("INDKALDT", "INDKALDT")): "registration_artefact",
    ("edge", ("JOBSAMTALE", "MIN_PLAN")): "real",
    ("variant", ("TILMELDT", "JOBSAMTALE")): "wrong",
    ("variant", ("TILMELDT", "INDKALDT", "JOBSAMTALE")): "real",
    ("variant", ("MIN_PLAN", "MIN_PLAN", "MIN_PLAN")): "real",
}


def _walks(seed: int, n_cases: int = 60) -> dict[str, Walk]:
    """Paths of which many are alike; some are all of one activity."""
    rng = random.Random(seed)
    usual = [walk for kind, walk in JUDGED if kind == "variant"] + [("MIN_PLAN",)]
    return {
        f"c{number}": rng.choice(usual) if rng.random() < 0.4
        else tuple(rng.choice(ACTS) for _ in range(rng.randint(1, 7)))
        for number in range(n_cases)
    }


def _citizens(walks: Mapping[str, Walk]) -> dict[str, str]:
    """Three in ten have another case; cases lie under three laws."""
    return {case: f"citizen {number % 46}" for number, case in enumerate(walks)}


def _town(walks: Mapping[str, Walk]) -> FlowTown:
    town = FlowTown()
    town.seed("expert_verdicts")
    town.run("delete from expert_verdicts")
    citizens = _citizens(walks)
    for number, (case, walk) in enumerate(walks.items()):
        year = (2022, 2024, 2025)[number % 3]
        town.course(case, "6.1", f"{year}-01-0{number % 9 + 1}", None, citizens[case])
        for place, activity in enumerate(walk):
            town.act(case, activity, f"{year}-02-{place + 1:02} 09:00")
    town.flow()
    return town


def _judge(
    town: FlowTown, verdicts: Mapping[tuple[str, Walk], str], day: str = "2025-01-01",
    municipality: str = "901",
) -> None:
    town.insert("expert_verdicts", [
        (municipality, PROCESS, kind, "|".join(subject), verdict, day, "Leder", "da", "en", None)
        for (kind, subject), verdict in verdicts.items()
    ])  # fmt: skip


def _make(town: FlowTown) -> None:
    for model in VERDICTS:
        town.make(model)


def _map(town: FlowTown, filter_id: str = PROCESS) -> dict[tuple[str | None, ...], tuple[int, ...]]:
    found = town.of(
        filter_id,
        "select arc_kind, named(from_activity_code), named(to_activity_code), n_occurrences, n_cases,"
        " n_citizens from checked_follows where {f}",
    )
    return {tuple(arc[:3]): tuple(arc[3:]) for arc in found}


def _checks(town: FlowTown) -> dict[tuple[str, str], tuple[int, ...]]:
    found = town.of(
        PROCESS,
        "select kind, verdict, n_occurrences, n_cases, n_citizens, n_subjects, n_told_subjects"
        " from filter_checks where {f}",
    )
    return {(kind, verdict): tuple(figures) for kind, verdict, *figures in found}


def _standing(town: FlowTown) -> list[tuple[str, str]]:
    return town.rows("select activity_ids, verdict from standing_verdicts order by all")  # type: ignore[return-value]


@pytest.fixture(scope="module", params=[1, 2])
def walks(request: pytest.FixtureRequest) -> dict[str, Walk]:
    return _walks(request.param)


@pytest.fixture(scope="module")
def town(walks: dict[str, Walk]) -> Iterator[FlowTown]:
    with _town(walks) as town:
        yield town


@pytest.fixture
def judged(town: FlowTown) -> FlowTown:
    town.run("delete from expert_verdicts")
    _judge(town, JUDGED)
    _make(town)
    return town


def test_the_map_without_artefacts_joins_what_stood_around_them(
    judged: FlowTown, walks: dict[str, Walk]
) -> None:
    wanted = checked_map(walks, _citizens(walks), JUDGED)
    assert _map(judged) == wanted
    assert wanted != checked_map(walks, _citizens(walks), {})


def test_the_map_of_a_part_of_the_cases_is_without_artefacts_too(
    judged: FlowTown, walks: dict[str, Walk]
) -> None:
    mine = {case: walk for number, (case, walk) in enumerate(walks.items()) if number % 3 == 1}
    assert _map(judged, f"{PROCESS}/registered_year/2024") == checked_map(
        mine, _citizens(walks), JUDGED
    )


def test_what_has_been_judged_is_counted_by_kind_and_verdict(
    judged: FlowTown, walks: dict[str, Walk]
) -> None:
    citizens = _citizens(walks)
    told = told_subjects(walks, citizens, 5)
    wanted = {
        (kind, verdict): (
            *figures.counts, len(figures.subjects), len(figures.subjects & told[kind])
        )
        for (kind, verdict), figures in checks(walks, citizens, JUDGED).items()
    }
    assert _checks(judged) == wanted
    assert {verdict for _, verdict in wanted} == {
        "real", "registration_artefact", "wrong", "checked", "unchecked"
    }


def test_each_verdict_says_how_much_of_the_process_it_speaks_of(
    judged: FlowTown, walks: dict[str, Walk]
) -> None:
    citizens = _citizens(walks)
    found = judged.rows(
        "select kind, activity_ids, n_occurrences, n_cases, n_citizens from verdict_sizes"
        " join standing_verdicts using (verdict_number)"
    )
    alone = {
        subject: checks(walks, citizens, {subject: "real"}).get((subject[0], "real"))
        for subject in JUDGED
    }
    assert {(kind, tuple(ids.split("|"))): tuple(n) for kind, ids, *n in found} == {
        subject: figures.counts if figures else (0, 0, 0) for subject, figures in alone.items()
    }


def test_where_nothing_is_judged_all_is_unchecked_and_the_map_is_the_map(
    town: FlowTown, walks: dict[str, Walk]
) -> None:
    town.run("delete from expert_verdicts")
    _make(town)
    assert {verdict for _, verdict in _checks(town)} == {"unchecked"}
    assert town.rows(
        "(select * from checked_follows except select filter_number, 'follows', from_activity_code,"
        " to_activity_code, n_occurrences, n_cases, n_citizens, case_coverage from filter_follows)"
        " except select filter_number, kind, if(kind = 'end', activity_code, null),"
        " if(kind = 'start', activity_code, null), n_cases, n_cases, n_citizens, case_coverage"
        " from filter_ends"
    ) == []
    assert town.rows(
        "select (select count(*) from filter_follows) + (select count(*) from filter_ends)"
        " - (select count(*) from checked_follows)"
    ) == [(0,)]


def test_the_latest_verdict_of_a_subject_stands(town: FlowTown) -> None:
    town.run("delete from expert_verdicts")
    subject = ("activity", ("MIN_PLAN",))
    _judge(town, {subject: "wrong"}, "2025-06-01")
    _judge(town, {subject: "real"}, "2025-06-02")
    _judge(town, {subject: "registration_artefact"}, "2025-05-01")
    _make(town)
    assert _standing(town) == [("MIN_PLAN", "real")]
    assert any("MIN_PLAN" in arc for arc in _map(town))


def test_an_edge_and_a_path_of_the_same_activities_are_judged_apart(town: FlowTown) -> None:
    town.run("delete from expert_verdicts")
    _judge(town, {("edge", ("TILMELDT", "JOBSAMTALE")): "real"})
    _judge(town, {("variant", ("TILMELDT", "JOBSAMTALE")): "wrong"})
    _make(town)
    assert {key for key in _checks(town) if key[1] in ("real", "wrong")} == {
        ("edge", "real"), ("variant", "wrong")
    }


def test_verdicts_of_another_municipality_and_of_another_process_do_not_count(
    town: FlowTown, walks: dict[str, Walk]
) -> None:
    town.run("delete from expert_verdicts")
    _judge(town, JUDGED, municipality="902")
    town.insert("expert_verdicts", [
        ("901", "kontanthjaelp", "activity", "MIN_PLAN", "wrong", "2025-01-01", "L", "d", "e", None)
    ])  # fmt: skip
    _make(town)
    assert _standing(town) == [("MIN_PLAN", "wrong")]
    assert _map(town) == checked_map(walks, _citizens(walks), {})
    assert town.rows("select n_occurrences from verdict_sizes") == [(0,)]


def test_a_verdict_waits_for_a_subject_that_is_gone_and_counts_when_it_is_back() -> None:
    before = {"a": ("TILMELDT", "MIN_PLAN", "JOBSAMTALE"), "b": ("TILMELDT", "JOBSAMTALE")}
    verdicts = {("activity", ("MIN_PLAN",)): "wrong", ("variant", before["a"]): "real"}
    sizes = []
    for walks in (before, {"b": before["b"]}, before):
        with _town(walks) as town:
            _judge(town, verdicts)
            _make(town)
            assert len(_standing(town)) == 2
            sizes.append(town.rows("select n_cases from verdict_sizes"))
            assert _map(town) == checked_map(walks, _citizens(walks), verdicts)
    assert sizes == [[(1,), (1,)], [(0,), (0,)], [(1,), (1,)]]


def test_a_verdict_on_an_activity_that_this_build_does_not_know_stands_without_effect(
    town: FlowTown, walks: dict[str, Walk]
) -> None:
    town.run("delete from expert_verdicts")
    _judge(town, {("edge", ("TILMELDT", "FORMER")): "wrong", ("activity", ("FORMER",)): "wrong"})
    _make(town)
    assert len(_standing(town)) == 2
    assert _map(town) == checked_map(walks, _citizens(walks), {})
