"""The preview without a server, and the real command; forms as a browser sends them."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from rr_snippet import RenderOptions
from rr_snippet.errors import Language
from rr_snippet.preview.app import Preview
from rr_snippet.preview.form import CONSENT, Form
from rr_snippet.preview.guard import Guard
from rr_snippet.preview.sent import Sent
from rr_snippet.preview.words import WORDS

TOKEN = "t0k3n-of-a-test"
PORT = 8123
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
FORM_TYPE = "application/x-www-form-urlencoded"


def fields_of(sent: Sent) -> list[tuple[str, str]]:
    """Return the fields of our page, in their order."""
    form, choices = sent.form, sent.choices
    fields = [("mode", sent.mode), ("tab", sent.tab), ("state", sent.state), ("removed", sent.removed)]
    fields += form.texts.items()
    for name, key, pairs in (("customData", "key", form.custom_data), ("softLinks", "name", form.soft_links)):
        for first, second in pairs:
            fields += [(f"{name}.{key}", first), (f"{name}.value", second)]
    fields += [("push.kind", form.push_kind), *((f"push.{name}", text) for name, text in form.push.items())]
    fields += [(CONSENT, form.consent), ("record", str(sent.record)), ("json", sent.json), ("block", sent.block)]
    fields += [("phone_region", choices.phone_region), ("nonce", choices.nonce)]
    fields += [(name, "on") for name in ("require_consent", "pretty", "debug") if getattr(choices, name)]
    return [*fields, ("do", sent.action)]


def body_of(form: Form, **other: Any) -> bytes:
    """Return the body with which a browser sends the fields; `other` are the fields of `Sent`."""
    fields = fields_of(Sent(form, **other))
    return urlencode([(name, text.replace("\n", "\r\n")) for name, text in fields]).encode()


class Client:
    """Sends requests to a preview as a browser at its address would, unless a test changes something."""

    def __init__(
        self,
        options: RenderOptions | None = None,
        first: str | None = None,
        port: int = PORT,
        language: Language | None = "en",
        record: int = 1,
    ) -> None:
        self.reports: list[str] = []
        self.preview = Preview(options or RenderOptions(), language, first, record)
        self._app = Guard(self.preview.app, token=TOKEN, port=port, report=self.reports.append)

    def ask(
        self,
        path: str = f"/{TOKEN}/",
        *,
        method: str = "GET",
        headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
        body: Any = None,
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            # Errors too: the server would print an error that the guard lets through.
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
                return await client.request(method, path, headers=headers, content=body)

        return asyncio.run(ask())

    def send(self, form: Form, *, to: str, **other: Any) -> httpx.Response:
        """Send the form to one of our addresses."""
        headers = {"Origin": ORIGIN, "Content-Type": FORM_TYPE}
        return self.ask(f"/{TOKEN}/{to}", method="POST", headers=headers, body=body_of(form, **other))

    def post(self, form: Form, *, query: str = "", **other: Any) -> httpx.Response:
        """Send the form without scripts, and return the page to which that leads."""
        response = self.send(form, to=query, **other)
        assert response.status_code == 303
        return self.ask(f"/{TOKEN}/{response.headers['location'].removeprefix('./')}")


@contextmanager
def running_preview(*arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run the command, yield its address, and interrupt it. It must end well and print nothing else."""
    process = subprocess.Popen(
        [sys.executable, "-m", "rr_snippet", "preview", "--no-open", *arguments],
        cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/[A-Za-z0-9_-]{32}/", url), process.communicate(timeout=20)
        yield url
        process.send_signal(signal.SIGINT)
        said = f"rr-snippet: {WORDS['terminal.serves'][0]}\n"
        assert (*process.communicate(timeout=20), process.returncode) == ("", said, 130)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
