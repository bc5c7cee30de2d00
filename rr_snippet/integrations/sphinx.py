"""An extension for Sphinx: `extensions = ["rr_snippet.integrations.sphinx"]`, and fields such as `:rr_customer_id:`."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, Final

from rr_snippet.errors import SnippetError, requires
from rr_snippet.integrations._deferred import site_loader
from rr_snippet.site.build import SiteBuild

with requires("Sphinx", "sphinx", "sphinx", "docutils"):
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.errors import ExtensionError
    from sphinx.util import logging

_log: Final = logging.getLogger(__name__)

_NAME: Final = "rr_snippet"
_DIGEST: Final = "rr_snippet_customers_digest"
# Before Sphinx's own reader of the fields, which has 500 and removes them from the document.
_BEFORE_SPHINX: Final = 400


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the setting `rr_snippet` to conf.py: a dict, see `SiteBuild`."""
    app.add_config_value(_NAME, {}, "html", [dict])
    app.add_config_value(_DIGEST, "", "html", [str])
    app.connect("config-inited", _check)
    app.connect("doctree-read", _keep_fields, priority=_BEFORE_SPHINX)
    app.connect("build-finished", _inject)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _check(app: Sphinx, config: Config) -> None:
    """Fail at once for wrong settings, and let Sphinx notice a change of the customers' file.

    After a change of its digest, as of any setting, Sphinx writes all pages again, so that no page keeps an old block.
    """
    _build(app)
    name = config[_NAME].get("customers")
    if name is not None:
        config[_DIGEST] = hashlib.sha256((Path(app.confdir) / name).read_bytes()).hexdigest()


def _keep_fields(app: Sphinx, document: nodes.document) -> None:
    """Keep the fields as written, because Sphinx has already made the quotes and dashes in their text typographic."""
    index = document.first_child_matching_class(nodes.docinfo)
    if index is None:
        return
    fields = {
        field[0].astext(): "\n".join(child.rawsource or child.astext() for child in field[1])
        for field in document[index].findall(nodes.field)
    }
    own = {name: text for name, text in fields.items() if name.startswith("rr_")}
    if own:
        # Sphinx keeps metadata between builds, and merges it from parallel readers.
        app.env.metadata[app.env.docname][_NAME] = own


def _inject(app: Sphinx, error: Exception | None) -> None:
    builder = app.builder
    # E-books and help files are not served to browsers.
    if error is not None or builder.format != "html" or getattr(builder, "embedded", False):
        return
    build = _build(app)
    own: dict[str, str | None] = {}
    failed: list[str] = []
    for docname, metadata in app.env.metadata.items():
        if _NAME in metadata:
            page = Path(os.path.relpath(builder.get_outfilename(docname), app.outdir)).as_posix()
            try:
                own[page] = build.own_block(docname, metadata[_NAME])
            except SnippetError as rejected:
                failed.append(str(rejected))
    if not failed:
        # Builders write the same documents to different paths. An entry is used if it decides about any of these.
        pages = (name for docname in app.env.found_docs for name in (f"{docname}.html", f"{docname}/index.html"))
        for notice in build.finish(Path(app.outdir), own, others=pages):
            if notice.severity == "error":
                failed.append(str(notice))
            else:
                _log.warning("%s", notice, type=_NAME, subtype=notice.problem.code)
    if failed:
        raise ExtensionError("rr-snippet: " + "\n".join(failed))


def _build(app: Sphinx) -> SiteBuild:
    try:
        return SiteBuild(app.config[_NAME], Path(app.confdir), site_loader)
    except SnippetError as error:
        message = str(error)
    raise ExtensionError(f"rr-snippet: {message}")
