"""What reads a seed: the models that name it, and those that read them."""

from pm_pipeline.transform.readers import seed_readers
from tests.transform.other_project import OtherProject


def test_a_seed_is_read_by_the_models_that_name_it_and_by_those_that_read_them(
    project: OtherProject,
) -> None:
    models = project.dbt_project_dir / "models"
    (project.dbt_project_dir / "seeds" / "colours.csv").write_text("colour\nred\n")
    (models / "core" / "kinds_read.sql").write_text("select * from {{ ref('colours') }}")
    (models / "core" / "kinds_counted.sql").write_text(
        "{{ config(meta={'rule_kinds': ['deadline']}) }}\n"
        "select count(*) as n from {{ ref('kinds_read') }}"
    )
    (models / "core" / "_kinds.yml").write_text(
        "version: 2\nmodels:\n  - name: kinds_counted\n    columns:\n      - name: n\n"
    )
    read, counted = sorted(seed_readers(project)["colours"], key=lambda one: one.name, reverse=True)
    assert (read.name, read.layer, read.is_direct) == ("kinds_read", "core", True)
    assert (counted.name, counted.layer, counted.is_direct) == ("kinds_counted", "core", False)
    assert counted.columns == {"n"} and counted.meta["rule_kinds"] == ["deadline"]
