"""A compared figure has a name that a reader can say aloud."""

import pytest

from pm_pipeline.quality.effects.figures import Label, figure_of

LABELS = {
    "JOBSAMTALE": Label("Jobsamtale", "Job talk"), "TILMELDT": Label("Tilmeldt", "Registered"),
}


@pytest.mark.parametrize(
    ("measure", "item", "da", "en"),
    [
        ("volume", "all", "antal hændelser pr. uge", "the number of events a week"),
        ("volume", "JOBSAMTALE", "antal »Jobsamtale« pr. uge", "the number of “Job talk” a week"),
        (
            "party_share", "JOBSAMTALE: unemployment_fund",
            "andelen af »Jobsamtale«, der holdes af a-kassen,",
            "the share of “Job talk” held by the unemployment fund",
        ),
        (
            "pair_share", "TILMELDT > JOBSAMTALE",
            "andelen af »Jobsamtale«, der kommer lige efter »Tilmeldt«,",
            "the share of “Job talk” that come right after “Registered”",
        ),
        (
            "null_share", "talks.responsible_party",
            "andelen af rækker i talks uden ansvarlig myndighed",
            "the share of rows of talks without a responsible party",
        ),
        (
            "late_share", "talks.over_7_days",
            "andelen af rækker i talks, der er registreret mere end 7 dage efter handlingen,",
            "the share of rows of talks registered more than 7 days after the act",
        ),
        (
            "unmapped_codes", "momentum.talks",
            "antal rækker pr. uge med ukendt kode i momentum.talks",
            "rows a week with an unknown code in momentum.talks",
        ),
    ],
)  # fmt: skip
def test_a_figure_reads_as_words_and_no_code_of_the_product_is_left_in_it(
    measure: str, item: str, da: str, en: str
) -> None:
    assert figure_of(measure, item, LABELS) == Label(da, en)
