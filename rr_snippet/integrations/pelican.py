"""A plugin for Pelican: `PLUGINS = ["rr_snippet.integrations.pelican"]`, and metadata such as `rr_customer_id`."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rr_snippet.errors import PageError, requires
from rr_snippet.integrations._deferred import site_loader
from rr_snippet.site.build import SiteBuild

with requires("Pelican", "pelican", "pelican"):
    from pelican import signals

_log: Final = logging.getLogger(__name__)

_SETTING: Final = "RR_SNIPPET"
# Settings are what every signal can reach.
_BUILD: Final = "RR_SNIPPET_BUILD"
_OWN: Final = "RR_SNIPPET_OWN"


def register() -> None:
    """Take part in the build: `RR_SNIPPET` in the settings is a dict, see `SiteBuild`; its paths begin at `PATH`."""
    signals.initialized.connect(_begin)
    signals.content_written.connect(_note)
    signals.finalized.connect(_finish)


def _begin(pelican: Any) -> None:
    """Read all customers, before anything is built.

    Raises:
        OptionError: everything that is wrong in the settings.
    """
    settings = pelican.settings
    settings[_BUILD] = SiteBuild(settings.get(_SETTING, {}), Path(settings["PATH"]), site_loader)
    settings[_OWN] = {}


def _note(path: str, context: Mapping[str, Any]) -> None:
    """Note whose block a page asks for.

    Raises:
        PageError: what speaks against it.
    """
    content = context.get("article") or context.get("page")
    if content is not None:
        page = Path(os.path.relpath(path, context["OUTPUT_PATH"])).as_posix()
        context[_OWN][page] = context[_BUILD].own_block(content.relative_source_path, content.metadata)


def _finish(pelican: Any) -> None:
    """Put the blocks into the finished site.

    Raises:
        PageError: every error there is.
    """
    settings = pelican.settings
    notices = settings[_BUILD].finish(Path(settings["OUTPUT_PATH"]), settings[_OWN])
    for notice in notices:
        if notice.severity == "warning":
            _log.warning("%s", notice)
    if errors := [notice for notice in notices if notice.severity == "error"]:
        raise PageError(*(replace(notice.problem, path=notice.where) for notice in errors))
