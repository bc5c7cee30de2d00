"""A plugin for MkDocs: `plugins: - rr-snippet` in mkdocs.yml, `rr_customer` in a page's front matter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from rr_snippet.block.render import Variant
from rr_snippet.customer.phone import PhoneCheck
from rr_snippet.errors import SnippetError, requires
from rr_snippet.site.build import SiteBuild
from rr_snippet.site.notice import Notice, OnRefuse

with requires("MkDocs", "mkdocs", "mkdocs"):
    from mkdocs.config import base
    from mkdocs.config import config_options as c
    from mkdocs.exceptions import PluginError
    from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
    from mkdocs.utils.meta import get_data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_log: Final = get_plugin_logger("rr-snippet")

# What other plugins add to a page has to be there before.
_LAST: Final = -100


class PluginConfig(base.Config):
    """The plugin's part of mkdocs.yml; what a setting means is told by `SiteBuild`."""

    enabled = c.Type(bool, default=True)
    customers = c.Optional(c.File(exists=True))
    customer = c.Optional(c.Type(dict))
    include = c.ListOfItems(c.Type(str), default=[])
    exclude = c.ListOfItems(c.Type(str), default=[])
    on_refuse = c.Choice(get_args(OnRefuse), default="warn")
    allow_personal = c.Type(bool, default=False)
    nonce = c.Optional(c.Type(str))
    variant = c.Choice(get_args(Variant), default="auto")
    pretty = c.Type(bool, default=False)
    debug = c.Type(bool, default=False)
    payload_max_chars = c.Optional(c.Type(int))
    phone_region = c.Optional(c.Type(str))
    phone_check = c.Choice(get_args(PhoneCheck), default="shape")
    require_consent = c.Type(bool, default=False)


class RrSnippetPlugin(BasePlugin[PluginConfig]):
    """Puts each page's block into it, 404.html and the theme's other pages included."""

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Take down whether MkDocs leaves out pages that have not changed."""
        self._is_dirty = dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read all customers, before anything is built."""
        self._build: SiteBuild | None = None
        self._done: set[str] = set()
        if self.config.enabled:
            settings = {name: value for name, value in self.config.items() if name != "enabled"}
            self._build = self._attempt(SiteBuild, settings, Path(config.config_file_path or "mkdocs.yml").parent)
        return config

    @event_priority(_LAST)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put its block into a page."""
        return self._put(output, page.file.dest_uri, page.file.src_uri, page.meta)

    @event_priority(_LAST)
    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Put its block into a page that is made of a template alone."""
        return self._put(output_content, template_name, template_name, {})

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Take down the pages of this build."""
        self._files = files

    @event_priority(_LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Bring those pages up to date that `--dirty` left out: other settings may mean another block."""
        if self._build is None:
            return
        root = Path(config.site_dir).resolve()
        for file in self._files.documentation_pages() if self._is_dirty else ():
            if file.dest_uri not in self._done:
                own = self._attempt(self._build.own_block, file.src_uri, get_data(file.content_string)[1])
                self._tell(self._build.inject_file(root, file.dest_uri, own))
        self._tell(self._build.last_notices(config.site_dir))

    def _put(self, text: str, page: str, source: str, metadata: dict[str, Any]) -> str:
        if self._build is None:
            return text
        self._done.add(page)
        text, notices = self._build.inject(page, text, self._attempt(self._build.own_block, source, metadata))
        self._tell(notices)
        return text

    def _attempt(self, function: Any, *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except SnippetError as error:
            message = str(error)
        raise PluginError(f"rr-snippet: {message}")

    def _tell(self, notices: Iterable[Notice]) -> None:
        """Log warnings, which `--strict` counts, and fail on an error."""
        for notice in notices:
            if notice.severity == "error":
                raise PluginError(f"rr-snippet: {notice}")
            _log.warning(str(notice))
