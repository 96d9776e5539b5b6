"""Dagster's web server and daemon on this machine only."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg

from pm_pipeline.components.dagster_home import prepare_dagster_home
from pm_pipeline.components.ui_guard import LoopbackGuard
from pm_pipeline.errors import UsageError
from pm_pipeline.settings import Settings
from pm_pipeline.transform.manifest import manifest_path

_DAEMON_STOP_SECONDS = 10


def serve(settings: Settings, port: int) -> None:
    """Serve the UI on 127.0.0.1 until it is stopped, with the daemon that runs sensors and queues.

    Raises:
        UsageError: the port is taken.
    """
    import uvicorn
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster._utils import is_port_in_use
    from dagster_webserver.app import create_app_from_workspace_process_context

    if is_port_in_use("127.0.0.1", port):
        raise UsageError(f"port {port} of 127.0.0.1 is taken; choose another with --port")
    # Uvicorn raises the signal that stopped it once more when it is done; unhandled, SIGTERM would end
    # this process before it has stopped its daemon and code server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    prepare_dagster_home(settings)
    manifest_path(settings)  # parsed here once, not in each of the servers below
    workspace = settings.project_dir / "workspace.yaml"
    with (
        _daemon(workspace, settings.dagster_home / "daemon.log") as daemon,
        dg.DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, WorkspaceFileTarget([str(workspace)])) as context,
    ):
        instance.optimize_for_webserver(
            statement_timeout=15000, pool_recycle=3600, max_overflow=20
        )
        app = create_app_from_workspace_process_context(context)
        try:
            uvicorn.run(
                LoopbackGuard(app, port),
                host="127.0.0.1",
                port=port,
                log_level="warning",
                timeout_graceful_shutdown=3,  # an open browser tab must not keep the server alive
            )
        finally:
            daemon.terminate()  # it stops while the code server of this process does


@contextmanager
def _daemon(workspace: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The daemon in a process group of its own, stopped with this process; its words go to ``log``.

    Nothing of the group outlives this process: a code server of the daemon would go on for a minute,
    and a run that it started would be nobody's. The next daemon finds such a run and retries it.
    """
    command = [str(Path(sys.executable).parent / "dagster-daemon"), "run", "-w", str(workspace)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_DAEMON_STOP_SECONDS)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
