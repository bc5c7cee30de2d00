"""Serve the preview on loopback until it is interrupted."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

from rr_snippet.block.options import RenderOptions
from rr_snippet.errors import Language, requires

HOST = "127.0.0.1"


def require_server() -> None:
    """Make sure that the packages of the server are installed.

    Raises:
        MissingDependencyError: `dependency.missing`.
    """
    with requires("Starlette", "preview", "starlette"):
        import starlette
    with requires("uvicorn", "preview", "uvicorn"):
        import uvicorn


def listen(port: int) -> socket.socket:
    """Return a socket that listens only on loopback. Port 0 means any free port.

    Raises:
        OSError: the port is in use, or not allowed.
    """
    return socket.create_server((HOST, port))


def serve(
    listener: socket.socket,
    options: RenderOptions,
    language: Language | None,
    *,
    first: str | None,
    record: int,
    started: Callable[[str], None],
    report: Callable[[str], None],
) -> None:
    """Serve the preview until it is interrupted, and then raise `KeyboardInterrupt`.

    `started` is called with the address, which has the token, when the server is ready. Without `language` each browser
    has its own. `first` is the initial text, `record` the chosen customer in it. `report` is called for errors.
    """
    import uvicorn

    from rr_snippet.preview.app import Preview
    from rr_snippet.preview.guard import Guard

    token = secrets.token_urlsafe(24)
    port = listener.getsockname()[1]
    guard = Guard(Preview(options, language, first, record).app, token=token, port=port, report=report)
    config = uvicorn.Config(
        guard,
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        # Requests are not logged, because paths hold the token, and bodies hold personal data.
        access_log=False,
        log_config=None,
        log_level="critical",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    started(f"http://{HOST}:{port}/{token}/")
    uvicorn.Server(config).run(sockets=[listener])
