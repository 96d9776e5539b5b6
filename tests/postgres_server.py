"""A real PostgreSQL server for one test."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this test alone, stopped and removed after it."""
    servers = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not servers:
        pytest.skip("no PostgreSQL server is installed in /usr/lib/postgresql")
    binaries = servers[-1].parent
    user = _server_user()
    # not under pytest's folder, which the server's user may not enter
    folder = Path(tempfile.mkdtemp(prefix="pm_postgres_"))
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", _free_port()
    try:
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "pm", "-A", "trust", "--no-sync"],
            check=True, capture_output=True, user=user, cwd=folder,
        )
        server = subprocess.Popen(
            [
                binaries / "postgres", "-D", data, "-p", str(port), "-k", folder,
                "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user, cwd=folder,
        )
        try:
            subprocess.run(
                [
                    "/bin/sh", "-c",
                    f"for i in $(seq 100); do {binaries}/pg_isready -q -h 127.0.0.1 -p {port} "
                    "&& exit 0; sleep 0.1; done; exit 1",
                ],
                check=True,
            )
            yield f"postgresql://pm@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(timeout=20)
    finally:
        shutil.rmtree(folder)


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: the user to become, None when this is no root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("this is root, and there is no user postgres to run the server as")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
