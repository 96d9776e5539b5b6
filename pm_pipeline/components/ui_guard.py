"""What stands between a web page somewhere and the Dagster of a data engineer.

Dagster's web server has no login, takes a mutation by GET and answers any Host: one picture tag on any
page opened in the same browser could start a run (tried on 1.13.27). This ASGI wrapper lets through
only what a browser sends from Dagster's own pages on this machine.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class LoopbackGuard:
    """Refuses foreign hosts and origins, GraphQL by GET, and bodies that are not plain JSON."""

    def __init__(self, app: App, port: int) -> None:
        self._app = app
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        reason = self._refusal(scope)
        if reason is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": reason})
        else:
            body = f"{reason}\n".encode()
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    def _refusal(self, scope: Scope) -> str | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get("host") not in self._hosts:
            return "This server answers on 127.0.0.1 and localhost only."
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins:
            return "This server answers its own pages only."
        is_graphql = scope["path"].rstrip("/").endswith("/graphql")
        if scope["type"] == "websocket" or not is_graphql:
            return None
        if scope["method"] != "POST":
            return "GraphQL is answered by POST only."
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return "GraphQL is answered for application/json only."
        return None
