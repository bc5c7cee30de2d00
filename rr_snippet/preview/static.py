"""A file that shows a single customer, for attaching to a ticket: `rr-snippet preview --static`."""

from __future__ import annotations

import base64
import hashlib

from rr_snippet.block.csp import csp_source
from rr_snippet.block.options import RenderOptions
from rr_snippet.errors import Language
from rr_snippet.preview.choices import Choices
from rr_snippet.preview.pages import asset, render_frame, render_static
from rr_snippet.preview.result import Input, Result, look_at
from rr_snippet.testing import TRACKER_JS


def static_page(
    given: Input, options: RenderOptions, language: Language, *, text: str, choices: Choices | None = None
) -> tuple[str, Result]:
    """Return the file, and the result of the customer in `text`.

    The file loads nothing, and runs only its own scripts. Its policy names each script by its hash, the customer's
    block included, because no server can send a nonce with a file.
    """
    result = look_at(given, options, choices)
    style, script = f"\n{asset('preview.css')}", f"\n{asset('preview.js')}"
    sources = [_source(script)]
    frame = ""
    if result.block:
        sources += [csp_source(result.block), _source(TRACKER_JS), _source(asset("report.js"))]
        frame = render_frame(result.block)
    policy = (
        f"default-src 'none'; script-src {' '.join(sources)}; style-src {_source(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    page = render_static(
        given, result, language, policy=policy, frame_html=frame, script=script, style=style, text=text
    )
    return page, result


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
