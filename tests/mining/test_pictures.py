"""Maps and model pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import jinja2
import pytest

from pm_pipeline.errors import PipelineError
from pm_pipeline.mining.log import read_slices
from pm_pipeline.mining.notation.bpmn import draw_bpmn, to_bpmn, to_xml
from pm_pipeline.mining.notation.petri import to_petri_net, to_pnml
from pm_pipeline.mining.notation.tree import Operator, Tree
from pm_pipeline.mining.pictures import style
from pm_pipeline.mining.pictures.map import MapEdge, choose_edges, draw_map, read_map
from pm_pipeline.mining.pictures.objects import (
    MAX_ARCS_PER_TYPE,
    draw_object_map,
    read_object_maps,
    told_count,
)
from pm_pipeline.mining.pictures.render import Drawing, render_all
from pm_pipeline.mining.pictures.style import Label

SVG = "{http://www.w3.org/2000/svg}"

# pm4py's own use of old numpy and scipy is none of this project's business.
pytestmark = pytest.mark.filterwarnings("ignore")


def test_the_map_has_no_step_and_no_figure_of_fewer_citizens_than_the_minimum(
    build_warehouse: Callable[..., Any], make_case: Any
) -> None:
    paths = [("A", "B", "C")] * 7 + [("A", "SECRET", "C")] * 4 + [("A", "C", "C")] * 2
    connection = build_warehouse([make_case(str(i), path) for i, path in enumerate(paths)])
    (slice_,) = read_slices(connection)
    found = read_map(connection, slice_, 5)
    assert {(edge.source, edge.target) for edge in found.edges} == {
        ("Start", "activity A"), ("activity A", "activity B"), ("activity B", "activity C"),
        ("activity C", "Slut"),
    }
    assert found.node_counts == {"activity A": 13, "activity B": 7, "activity C": 7}
    assert found.n_rare_edges == 4
    drawing = draw_map(found, {a: Label(a) for a in ("A", "B", "C", "SECRET")}, "Processen")
    assert "SECRET" not in drawing.dot
    assert "4 pile" in drawing.description


def test_a_crowded_map_keeps_the_strongest_edges_and_leaves_no_activity_loose() -> None:
    edges = [MapEdge("a", f"n{i}", 1000 - i, 9, None) for i in range(30)]
    edges += [MapEdge(f"n{i}", "z", 10 + i, 9, None) for i in range(30)]
    edges.sort(key=lambda edge: edge.rank)
    drawn, threshold = choose_edges(edges, 20)
    assert threshold == 981
    assert len([edge for edge in drawn if edge.n_occurrences >= threshold]) == 20
    assert {edge.source for edge in drawn} | {edge.target for edge in drawn} == {
        "a", "z", *(f"n{i}" for i in range(30))
    }
    assert choose_edges(edges, 60) == (edges, 1)


def _tree() -> Tree:
    choice = Tree(operator=Operator.CHOICE, children=(Tree("B"), Tree("C"), Tree()))
    loop = Tree(operator=Operator.LOOP, children=(Tree("D"), Tree()))
    both = Tree(operator=Operator.PARALLEL, children=(choice, loop))
    return Tree(operator=Operator.SEQUENCE, children=(Tree("A"), both))


LABELS = {"A": Label("Første <henvendelse> & \"mere\"", "registration")} | {
    name: Label(f"Skridt {name}") for name in "BCD"
}


def test_a_picture_says_in_words_what_it_shows() -> None:
    drawing = draw_bpmn(to_bpmn(_tree()), LABELS, "Model: prøve", ["En note."])
    root = ET.fromstring(render_all({"x": drawing})["x"].svg)
    assert root.get("role") == "img"
    assert [root[0].tag, root[0].text] == [f"{SVG}title", "Model: prøve"]
    assert [root[1].tag, root[1].text] == [f"{SVG}desc", "En note."]
    titles = {title.text for title in root.iter(f"{SVG}title")}
    assert {LABELS["A"].text, f"Start → {LABELS['A'].text}", "Valg", "Samtidigt"} <= titles


def test_the_bpmn_file_opens_with_every_shape_laid_out(tmp_path: Any) -> None:
    import pm4py

    graph = to_bpmn(_tree())
    picture = render_all({"x": draw_bpmn(graph, LABELS, "Model", [])})["x"]
    path = tmp_path / "model.bpmn"
    path.write_text(to_xml(graph, LABELS, "Model", picture), encoding="utf-8")
    read = pm4py.read_bpmn(str(path))
    assert len(read.get_nodes()) == len(graph.nodes) == 12
    assert len(read.get_flows()) == len(graph.flows)
    corners = {(read.get_layout().get(n).get_x(), read.get_layout().get(n).get_y())
               for n in read.get_nodes()}
    assert len(corners) == len(graph.nodes)  # none lies on another
    net, start, end = pm4py.convert_to_petri_net(read)
    assert pm4py.check_soundness(net, start, end)[0]


def test_the_pnml_file_is_read_as_the_same_sound_net(tmp_path: Any) -> None:
    import pm4py

    ours = to_petri_net(_tree())
    path = tmp_path / "model.pnml"
    labels = {name: label.text for name, label in LABELS.items()}
    path.write_text(to_pnml(ours, labels, "Model"), encoding="utf-8")
    net, start, end = pm4py.read_pnml(str(path))
    assert sorted(t.label for t in net.transitions if t.label) == ["A", "B", "C", "D"]
    assert len(net.transitions) == len(ours.transitions)
    assert ([p.name for p in start], [p.name for p in end]) == (["source"], ["sink"])
    assert pm4py.check_soundness(net, start, end)[0]


def test_nested_choices_become_one_gateway() -> None:
    inner = Tree(operator=Operator.CHOICE, children=(Tree("B"), Tree("C")))
    tree = Tree(operator=Operator.LOOP, children=(Tree("A"), inner))
    graph = to_bpmn(tree)
    assert sum(node.kind == "choice" for node in graph.nodes) == 2


def test_what_graphviz_cannot_draw_is_an_error_with_its_reason() -> None:
    with pytest.raises(PipelineError, match="Graphviz"):
        render_all({"x": Drawing("digraph { a -> ", "t", "d", {})})


def test_numbers_and_days_are_written_as_danes_write_them() -> None:
    day = 86_400
    assert [style.days(n * day) for n in (0.2, 1, 2.54, 31.4, 1200)] == [
        "<1 d", "1 d", "2,5 d", "31 d", "1.200 d"
    ]
    assert style.percent(0.8764) == "87,6 %"
    title = style.slice_title("Forsikrede ledige", "forsikrede_ledige__20240101")
    assert title == "Forsikrede ledige, regler fra 01.01.2024"


def _objects(*rows: tuple[str, str | None, str | None, int, int]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "create schema core;"
        "create table core.object_types as select * from (values ('citizen', 'Borger'),"
        " ('offer', 'Tilbud & <støtte>')) as types(object_type, label_da);"
        "create table core.object_follows (process_id varchar, object_type varchar,"
        " from_activity_id varchar, to_activity_id varchar, n_occurrences bigint, n_citizens bigint)"
    )
    connection.executemany("insert into core.object_follows values ('p', ?, ?, ?, ?, ?)", list(rows))
    return connection


def test_a_map_of_objects_tells_types_by_name_and_colour_and_nothing_of_a_few() -> None:
    connection = _objects(
        ("citizen", None, "A", 1234, 600), ("citizen", "A", "B", 63, 50), ("offer", "A", "B", 64, 50),
        ("offer", "B", None, 12, 9), ("offer", "A", "SECRET", 9, 4), ("permit", "SECRET", "A", 4, 4),
    )
    (found,) = read_object_maps(connection, 5)
    assert (dict(found.type_labels), found.n_rare, found.n_weak) == (
        {"citizen": "Borger", "offer": "Tilbud & <støtte>"}, 2, 0
    )
    drawing = draw_object_map(found, {a: Label(a) for a in ("A", "B", "SECRET")}, "Processen", 5)
    assert "SECRET" not in drawing.dot and "permit" not in drawing.dot
    assert "(2 pile)" in drawing.description
    svg = render_all({"x": drawing})["x"].svg
    words = "".join(ET.fromstring(svg).itertext())
    for told in ("Borger 1.200", "Borger 60", "Tilbud & <støtte> 60", "Tilbud & <støtte> 10"):
        assert told in words
    assert "#1f4e79" in svg.lower() and "#b83280" in svg.lower()
    assert draw_object_map(found, {a: Label(a) for a in "AB"}, "Processen", 5) == drawing


def test_a_crowded_map_of_objects_keeps_the_strongest_arcs_of_each_type_and_says_so() -> None:
    many = [("citizen", f"N{i:02}", f"N{i + 1:02}", 900 - i, 90) for i in range(20)]
    (found,) = read_object_maps(_objects(*many, ("offer", "A", "B", 10, 6)), 5)
    assert len(found.arcs) == MAX_ARCS_PER_TYPE + 1
    assert found.n_weak == 20 - MAX_ARCS_PER_TYPE
    labels = {f"N{i:02}": Label(str(i)) for i in range(21)} | {"A": Label("A"), "B": Label("B")}
    assert f"{found.n_weak} er udeladt" in draw_object_map(found, labels, "P", 5).description


def test_a_process_whose_objects_are_of_a_few_has_no_map_of_them() -> None:
    assert read_object_maps(_objects(("citizen", "A", "B", 4, 4)), 5) == ()


def test_a_count_in_a_picture_is_told_as_in_a_mart() -> None:
    macros = Path(__file__).parents[2] / "dbt_project" / "macros"
    names = ("min_group_size", "told_count")
    text = "".join((macros / f"{name}.sql").read_text("utf-8") for name in names)
    counts = [*range(5, 400), 1249, 1250, 98_765, 1_234_567]
    sql = jinja2.Environment().from_string(text + "{{ told_count('n') }}").render(
        env_var=lambda _, default: default
    )
    found = duckdb.execute(f"select {sql} from (select unnest(?::bigint[]) as n)", [counts]).fetchall()
    assert [told_count(count, 5) for count in counts] == [told for (told,) in found]
