"""Dagster's web server and daemon on this machine only."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from pm_pipeline.components.dagster_home import prepare_dagster_home
from pm_pipeline.components.ui_guard import LoopbackGuard
from pm_pipeline.errors import UsageError
from pm_pipeline.settings import Settings
from pm_pipeline.transform.manifest import manifest_path


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
        _daemon(workspace, settings.dagster_home / "daemon.log"),
        dg.DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, WorkspaceFileTarget([str(workspace)])) as context,
    ):
        instance.optimize_for_webserver(
            statement_timeout=15000, pool_recycle=3600, max_overflow=20
        )
        app = create_app_from_workspace_process_context(context)
        uvicorn.run(
            LoopbackGuard(app, port),
            host="127.0.0.1",
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=3,  # an open browser tab must not keep the server alive
        )


@contextmanager
def _daemon(workspace: Path, log: Path) -> Iterator[None]:
    """The daemon as a process of its own, stopped with this one; what it says goes to ``log``."""
    command = [str(Path(sys.executable).parent / "dagster-daemon"), "run", "-w", str(workspace)]
    output = log.open("w")
    process = subprocess.Popen(
        command,
        stdout=output,
        stderr=subprocess.STDOUT,
        # started in the background of a script, a child would otherwise ignore the signal to stop
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        output.close()
