"""What the command line says of a failed step: the words of the pipeline, not of what it caught."""

from dataclasses import dataclass

import pytest

from pm_pipeline.components.launch import reason_of


@dataclass(frozen=True)
class _Failure:
    message: str
    cause: "_Failure | None" = None


LOCKED = _Failure("BlockingIOError: [Errno 11] Resource temporarily unavailable\n")
WAIT = _Failure("pm_pipeline.errors.PipelineError: 901: another run is building; wait for it\n", LOCKED)


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (_Failure("dagster.StepError: Error occurred while executing op", WAIT),
         "901: another run is building; wait for it"),
        (_Failure("dagster.StepError: Error occurred while executing op", LOCKED),
         "[Errno 11] Resource temporarily unavailable"),
        (WAIT, "901: another run is building; wait for it"),
        (None, ""),
    ],
)
def test_a_failure_is_told_in_the_words_of_the_pipeline_where_it_has_some(
    failure: _Failure | None, said: str
) -> None:
    assert reason_of(failure) == said
