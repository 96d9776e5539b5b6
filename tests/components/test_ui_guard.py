"""What the guard in front of Dagster's web server lets through, and what it refuses."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from pm_pipeline.components.ui_guard import LoopbackGuard

PORT = 3000
OWN = {"host": f"127.0.0.1:{PORT}"}
JSON = {"content-type": "application/json"}
Message = MutableMapping[str, Any]


@dataclass
class Server:
    """Stands for Dagster: remembers that it was asked."""

    reached: bool = False
    sent: list[Message] = field(default_factory=list)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        self.reached = True

    async def send(self, message: Message) -> None:
        self.sent.append(message)


async def _receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _ask(
    method: str = "GET", path: str = "/", headers: dict[str, str] | None = None, kind: str = "http"
) -> Server:
    """Send one request through the guard, headers as an ASGI server hands them over."""
    scope: Message = {
        "type": kind,
        "path": path,
        "query_string": b"",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in (OWN if headers is None else headers).items()
        ],
    }
    if kind == "http":
        scope["method"] = method
    server = Server()
    asyncio.run(LoopbackGuard(server, PORT)(scope, _receive, server.send))
    return server


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/runs/0d1e", {"origin": f"http://127.0.0.1:{PORT}"}),
        ("GET", "/static/main.js", {"host": f"localhost:{PORT}"}),
        ("POST", "/graphql", JSON),
        ("POST", "/graphql", JSON | {"origin": f"http://localhost:{PORT}"}),
        ("POST", "/graphql", {"content-type": "application/json; charset=utf-8"}),
        ("POST", "/graphql", {"content-type": "Application/JSON"}),
    ],
)
def test_what_dagsters_own_pages_send_reaches_dagster(
    method: str, path: str, headers: dict[str, str]
) -> None:
    server = _ask(method, path, OWN | headers)
    assert server.reached and not server.sent


def test_the_start_and_stop_of_the_server_reach_dagster() -> None:
    server = Server()
    asyncio.run(LoopbackGuard(server, PORT)({"type": "lifespan"}, _receive, server.send))
    assert server.reached


@pytest.mark.parametrize(
    ("method", "path", "headers", "reason"),
    [
        # one picture tag on any page could start a run
        ("GET", "/graphql", OWN, "by POST only"),
        ("GET", "/graphql/", OWN, "by POST only"),
        ("HEAD", "/graphql", OWN, "by POST only"),
        ("PUT", "/graphql", OWN | JSON, "by POST only"),
        ("GET", "/some/prefix/graphql", OWN, "by POST only"),
        # a name that an attacker's server resolves to this machine (DNS rebinding)
        ("GET", "/", {"host": "evil.example"}, "127.0.0.1 and localhost only"),
        ("GET", "/", {"host": f"evil.example:{PORT}"}, "127.0.0.1 and localhost only"),
        ("GET", "/", {"host": f"127.0.0.1.evil.example:{PORT}"}, "127.0.0.1 and localhost only"),
        ("GET", "/", {"host": "127.0.0.1:3001"}, "127.0.0.1 and localhost only"),
        ("GET", "/", {}, "127.0.0.1 and localhost only"),
        # another page open in the same browser
        ("POST", "/graphql", OWN | JSON | {"origin": "https://evil.example"}, "own pages only"),
        ("POST", "/graphql", OWN | JSON | {"origin": "null"}, "own pages only"),
        ("POST", "/graphql", OWN | JSON | {"origin": "http://127.0.0.1:3001"}, "own pages only"),
        ("POST", "/graphql", OWN | JSON | {"origin": f"https://127.0.0.1:{PORT}"}, "own pages"),
        ("GET", "/", OWN | {"origin": "https://evil.example"}, "own pages only"),
        # what a form may send without asking first
        ("POST", "/graphql", OWN | {"content-type": "text/plain"}, "application/json only"),
        (
            "POST",
            "/graphql",
            OWN | {"content-type": "text/plain;application/json"},
            "application/json only",
        ),
        (
            "POST",
            "/graphql",
            OWN | {"content-type": "application/x-www-form-urlencoded"},
            "application/json only",
        ),
        (
            "POST",
            "/graphql",
            OWN | {"content-type": "multipart/form-data; boundary=application/json"},
            "application/json only",
        ),
        ("POST", "/graphql", OWN | {"content-type": "application/graphql"}, "application/json"),
        ("POST", "/graphql", OWN, "application/json only"),
    ],
)
def test_what_another_page_could_send_is_refused_before_dagster_sees_it(
    method: str, path: str, headers: dict[str, str], reason: str
) -> None:
    server = _ask(method, path, headers)
    assert not server.reached
    start, body = server.sent
    assert start["status"] == 403
    assert reason in body["body"].decode()


@pytest.mark.parametrize(
    "headers",
    [
        OWN | {"origin": "https://evil.example"},
        OWN | {"origin": "null"},
        {"host": f"evil.example:{PORT}"},
    ],
)
def test_a_websocket_of_another_page_is_closed(headers: dict[str, str]) -> None:
    server = _ask(path="/graphql", headers=headers, kind="websocket")
    assert not server.reached
    [message] = server.sent
    assert (message["type"], message["code"]) == ("websocket.close", 1008)


@pytest.mark.parametrize("headers", [OWN, OWN | {"origin": f"http://127.0.0.1:{PORT}"}])
def test_the_websocket_of_dagsters_own_page_is_opened(headers: dict[str, str]) -> None:
    assert _ask(path="/graphql", headers=headers, kind="websocket").reached
