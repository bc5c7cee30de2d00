"""A plugin for MkDocs: `plugins: - rr-snippet` in mkdocs.yml, `rr_customer` in a page's front matter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from rr_snippet.block.options import Variant
from rr_snippet.customer.phone import PhoneCheck
from rr_snippet.errors import SnippetError, requires
from rr_snippet.integrations._deferred import site_loader
from rr_snippet.site.build import SiteBuild
from rr_snippet.site.notice import OnRefuse

with requires("MkDocs", "mkdocs", "mkdocs"):
    from mkdocs.config import base
    from mkdocs.config import config_options as c
    from mkdocs.exceptions import PluginError
    from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
    from mkdocs.utils.meta import get_data

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_log: Final = get_plugin_logger("rr-snippet")

# After all other plugins have changed the site. Those that also want to be last use -100.
_LAST: Final = -1000


class PluginConfig(base.Config):
    """The plugin's settings in mkdocs.yml. `SiteBuild` documents them."""

    enabled = c.Type(bool, default=True)
    customers = c.Optional(c.File(exists=True))
    customer = c.Optional(c.Type(dict))
    include = c.ListOfItems(c.Type(str), default=[])
    exclude = c.ListOfItems(c.Type(str), default=[])
    on_refuse = c.Choice(get_args(OnRefuse), default="warn")
    allow_personal = c.Type(bool, default=False)
    nonce = c.Optional(c.Type(str))
    deferred = c.Type(bool, default=False)
    deferred_prefix = c.Type(str, default="/rr-snippet/")
    variant = c.Choice(get_args(Variant), default="auto")
    pretty = c.Type(bool, default=False)
    debug = c.Type(bool, default=False)
    payload_max_chars = c.Optional(c.Type(int))
    phone_region = c.Optional(c.Type(str))
    phone_check = c.Choice(get_args(PhoneCheck), default="shape")
    require_consent = c.Type(bool, default=False)
    phone_clean = c.Type(bool, default=False)
    drop_faulty = c.Type(bool, default=False)


class RrSnippetPlugin(BasePlugin[PluginConfig]):
    """Puts blocks into all pages of the built site, including 404.html, pages of the theme and raw HTML."""

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether MkDocs leaves out pages that have not changed."""
        self._is_dirty = dirty
        # The number of nested builds, because plugins for several languages start builds within a build.
        self._depth = 0

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read all customers before anything is built."""
        self._depth += 1
        if self._depth == 1:
            self._build: SiteBuild | None = None
            self._own: dict[str, str | None] = {}
            if self.config.enabled:
                settings = {name: value for name, value in self.config.items() if name != "enabled"}
                self._build = self._attempt(
                    SiteBuild, settings, Path(config.config_file_path or "mkdocs.yml").parent, site_loader
                )
        return config

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Note whose block each page asks for. With `--dirty`, `on_post_page` does not see all pages."""
        if self._build is not None and self._is_dirty:
            for file in files.documentation_pages():
                metadata = get_data(file.content_string)[1]
                self._own[file.dest_uri] = self._attempt(self._build.own_block, file.src_uri, metadata)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Note whose block the page asks for, in metadata that other plugins may have changed."""
        if self._build is not None:
            own = self._attempt(self._build.own_block, page.file.src_uri, page.meta)
            self._own[page.file.dest_uri] = own
        return output

    @event_priority(_LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Put the blocks into the finished site after the last of its builds."""
        self._depth -= 1
        if self._build is None or self._depth:
            return
        notices = self._build.finish(Path(config.site_dir), self._own)
        # `--strict` counts logged warnings.
        for notice in notices:
            if notice.severity == "warning":
                _log.warning(str(notice))
        if errors := [str(notice) for notice in notices if notice.severity == "error"]:
            raise PluginError("rr-snippet: " + "\n".join(errors))

    def on_build_error(self, *, error: Exception) -> None:
        """Start afresh with the next build of `mkdocs serve`."""
        self._depth = 0

    def _attempt(self, function: Any, *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except SnippetError as error:
            message = str(error)
        raise PluginError(f"rr-snippet: {message}")
