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
# In the settings, because every signal can reach them.
_BUILD: Final = "RR_SNIPPET_BUILD"
_OWN: Final = "RR_SNIPPET_OWN"


def register() -> None:
    """Connect to the build. The setting `RR_SNIPPET` is a dict, see `SiteBuild`; its paths are relative to `PATH`."""
    signals.initialized.connect(_begin)
    signals.content_written.connect(_note)
    signals.finalized.connect(_finish)


def _begin(pelican: Any) -> None:
    """Read all customers before anything is built.

    Raises:
        OptionError: every problem of the settings.
    """
    settings = pelican.settings
    settings[_BUILD] = SiteBuild(settings.get(_SETTING, {}), Path(settings["PATH"]), site_loader)
    settings[_OWN] = {}


def _note(path: str, context: Mapping[str, Any]) -> None:
    """Note whose block a page asks for.

    Raises:
        PageError: every problem of that block.
    """
    content = context.get("article") or context.get("page")
    if content is not None:
        page = Path(os.path.relpath(path, context["OUTPUT_PATH"])).as_posix()
        context[_OWN][page] = context[_BUILD].own_block(content.relative_source_path, content.metadata)


def _finish(pelican: Any) -> None:
    """Put the blocks into the finished site.

    Raises:
        PageError: all errors.
    """
    settings = pelican.settings
    notices = settings[_BUILD].finish(Path(settings["OUTPUT_PATH"]), settings[_OWN])
    for notice in notices:
        if notice.severity == "warning":
            _log.warning("%s", notice)
    if errors := [notice for notice in notices if notice.severity == "error"]:
        raise PageError(*(replace(notice.problem, path=notice.where) for notice in errors))
