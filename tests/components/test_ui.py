"""`pm-pipeline ui` as a data engineer starts and stops it: one real server each."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pm_pipeline.settings import Settings

pytestmark = pytest.mark.slow

_START_SECONDS = 240  # three servers import everything, perhaps on a loaded machine
_STOP_SECONDS = 20
_QUERY = """{
  assetNodes { assetKey { path } }
  workspaceOrError {
    __typename
    ... on Workspace {
      locationEntries { name loadStatus locationOrLoadError { __typename } }
    }
  }
}"""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A running UI on an empty data folder, and its port."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("children are found through /proc, which this system has not")
    port = _free_port()
    with (tmp_path / "ui.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pm_pipeline.cli", "ui", "--port", str(port)],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_it_answers(process, port, tmp_path / "ui.log")
        yield process, port
    finally:
        process.kill()
        process.wait()
        for child in _of_this_test(settings):
            os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
def test_the_ui_answers_its_own_pages_shows_every_asset_and_stops_without_leftovers(
    how: signal.Signals,
    server: tuple[subprocess.Popen[bytes], int],
    settings: Settings,
    tmp_path: Path,
) -> None:
    process, port = server
    own = f"127.0.0.1:{port}"

    assert _ask(port, own)[0] == 200
    assert _ask(port, f"localhost:{port}")[0] == 200
    assert _ask(port, f"evil.example:{port}")[0] == 403
    assert _ask(port, own, "/graphql?query={version}")[0] == 403

    status, body = _ask(port, own, "/graphql", json.dumps({"query": _QUERY}))
    assert status == 200
    answer = json.loads(body)["data"]
    [location] = answer["workspaceOrError"]["locationEntries"]
    assert location == {
        "name": "pm_pipeline",
        "loadStatus": "LOADED",
        "locationOrLoadError": {"__typename": "RepositoryLocation"},
    }
    stages = {node["assetKey"]["path"][0] for node in answer["assetNodes"]}
    assert {"landing", "lake", "core", "quality", "mining", "marts", "publish"} <= stages

    # nobody outside this machine is answered
    with socket.socket() as outside, pytest.raises(OSError):
        outside.bind(("127.0.0.1", port))
    listening = _listening_addresses(port)
    assert listening == {"0100007F"}, "127.0.0.1 in /proc/net/tcp's spelling, and nothing else"

    assert len(_of_this_test(settings)) >= 3, "the server, the daemon and their code servers"
    with socket.create_connection(("127.0.0.1", port)) as tab:  # a browser tab stays open
        _open_websocket(tab, own)
        began = time.monotonic()
        process.send_signal(how)
        process.wait(timeout=_STOP_SECONDS)
    assert time.monotonic() - began < _STOP_SECONDS
    assert process.returncode == 0
    # a code server that was told to stop takes a moment more than the process that told it
    deadline = time.monotonic() + _STOP_SECONDS
    while _of_this_test(settings) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not _of_this_test(settings), "a child outlived the server"
    assert "Traceback" not in (tmp_path / "ui.log").read_text(errors="replace")


def test_a_port_that_is_taken_is_refused_before_anything_starts(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "pm_pipeline.cli", "ui", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert ended.returncode == 2
    assert f"port {port}" in ended.stderr and "--port" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not settings.dagster_home.exists()


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"it ended: {log.read_text(errors='replace')[-2000:]}"
        try:
            _ask(port, f"127.0.0.1:{port}")
        except OSError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"no answer in {_START_SECONDS} s: {log.read_text(errors='replace')[-2000:]}")


def _ask(port: int, host: str, path: str = "/", body: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": host} | ({"Content-Type": "application/json"} if body else {})
    connection.request("POST" if body else "GET", path, body=body, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def _open_websocket(tab: socket.socket, host: str) -> None:
    tab.sendall(
        (
            f"GET /graphql HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: graphql-ws\r\n\r\n"
        ).encode()
    )
    assert tab.recv(4096).startswith(b"HTTP/1.1 101")


def _of_this_test(settings: Settings) -> list[int]:
    """Processes that were started with this test's data folder, this one not among them."""
    mark = f"PM_DATA_DIR={settings.data_dir}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                variables = (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue  # it ended, or is not ours to look at
            if mark in variables:
                found.append(int(folder.name))
    return found


def _listening_addresses(port: int) -> set[str]:
    """Local addresses (hex) on which something listens at this port."""
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        if (path := Path("/proc/net") / table).exists()
        for line in path.read_text().splitlines()[1:]
    ]
    return {
        fields[1].split(":")[0]
        for fields in lines
        if int(fields[1].split(":")[1], 16) == port and fields[3] == "0A"
    }
