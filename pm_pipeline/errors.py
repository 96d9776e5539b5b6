"""The two kinds of failure a user meets, and the exit code each one gives."""


class PipelineError(Exception):
    """The work failed: a delivery, a seed, a key or a step is not as it must be.

    The message names file, line, column or seed row, what was expected, what was found (never a
    personal value) and what to do.
    """

    exit_code = 1


class UsageError(PipelineError):
    """The call was wrong: an unknown municipality or system, a file that is not there."""

    exit_code = 2
