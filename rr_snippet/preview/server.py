"""Serves the preview on loopback until it is interrupted."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

from rr_snippet.block.options import RenderOptions
from rr_snippet.errors import Language, requires

HOST = "127.0.0.1"


def require_server() -> None:
    """Make sure that the preview can be served.

    Raises:
        MissingDependencyError: `dependency.missing`.
    """
    with requires("Starlette", "preview", "starlette"):
        import starlette
    with requires("uvicorn", "preview", "uvicorn"):
        import uvicorn


def listen(port: int) -> socket.socket:
    """Return a socket that listens on loopback alone; port 0 is any free one.

    Raises:
        OSError: the port is taken, or not ours to take.
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
    """Serve the preview until it is interrupted, which is then raised as `KeyboardInterrupt`.

    `started` gets the address, with the token in it, when a browser may ask; without `language` each browser has its
    own. `first` is the text to begin with, `record` which customer in it. `report` hears of errors.
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
        # Nothing that is asked for is written down: paths hold the token, bodies hold a person.
        access_log=False,
        log_config=None,
        log_level="critical",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    started(f"http://{HOST}:{port}/{token}/")
    uvicorn.Server(config).run(sockets=[listener])
