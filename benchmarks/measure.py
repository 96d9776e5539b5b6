"""Wall time, CPU time and peak memory of a command, as the operating system accounts for it."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one command cost. Seconds; ``peak_mb`` is the largest single process, in 10^6 bytes."""

    wall: float
    cpu: float
    peak_mb: float

    def over(self, other: "Cost") -> str:
        """This cost as multiples of another: wall, CPU, memory."""
        return (
            f"{self.wall / other.wall:.2f} × wall, {self.cpu / other.cpu:.2f} × CPU, "
            f"{self.peak_mb / other.peak_mb:.2f} × memory"
        )


def measure(command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> Cost:
    """Run ``command`` to its end and account for it and its children.

    Linux counts what the caller once held as the peak of a command it starts (both share their memory
    until the command is loaded), so whoever measures does nothing large in its own process.

    Raises:
        RuntimeError: it failed; its output is in ``log``.
    """
    with log.open("wb") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{log.read_text(errors='replace')[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6)
