"""A plugin for Pelican: `PLUGINS = ["rr_snippet.integrations.pelican"]`, and metadata such as `rr_customer_id`."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from rr_snippet.errors import PageError, Problem, requires
from rr_snippet.site.build import SiteBuild
from rr_snippet.site.notice import Notice

with requires("Pelican", "pelican", "pelican"):
    from pelican import signals

_log: Final = logging.getLogger(__name__)

_SETTING: Final = "RR_SNIPPET"
# Settings are what every signal can reach.
_BUILD: Final = "RR_SNIPPET_BUILD"


def register() -> None:
    """Take part in the build: `RR_SNIPPET` in the settings is a dict, see `SiteBuild`; its paths begin at `PATH`."""
    signals.initialized.connect(_begin)
    signals.content_written.connect(_inject)
    signals.finalized.connect(_end)


def _begin(pelican: Any) -> None:
    """Read all customers, before anything is built.

    Raises:
        OptionError: everything that is wrong in the settings.
    """
    settings = pelican.settings
    settings[_BUILD] = SiteBuild(settings.get(_SETTING, {}), Path(settings["PATH"]))


def _inject(path: str, context: Mapping[str, Any]) -> None:
    build: SiteBuild = context[_BUILD]
    root = Path(context["OUTPUT_PATH"]).resolve()
    page = Path(os.path.relpath(os.path.realpath(path), root)).as_posix()
    content = context.get("article") or context.get("page")
    own = None if content is None else build.own_block(content.relative_source_path, content.metadata)
    _tell(build.inject_file(root, page, own))


def _end(pelican: Any) -> None:
    _tell(pelican.settings[_BUILD].last_notices(pelican.settings["OUTPUT_PATH"]))


def _tell(notices: Iterable[Notice]) -> None:
    """Log warnings, and fail on an error.

    Raises:
        PageError: the error.
    """
    for notice in notices:
        if notice.severity == "error":
            problem = notice.problem
            raise PageError(Problem(problem.code, notice.place, problem.message, problem.details))
        _log.warning("%s", notice)
