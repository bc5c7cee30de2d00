"""How a file is read, by its name: the template tags that it may hold, and the language of its scripts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal

Grammar = Literal["javascript", "typescript", "tsx"]
# A `mixed` page may have tags of PHP, of Jinja and its kin, and of ERB and its kin. A `foreign` engine is not read: its
# tags are known here, but not what they print and how they escape.
Engine = Literal["mixed", "php", "blade", "jinja", "twig", "liquid", "smarty", "erb", "foreign", "gtm", "none"]

_SCRIPTS: Final[dict[str, Grammar]] = {
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "jsx": "javascript",
    "ts": "typescript",
    "mts": "typescript",
    "cts": "typescript",
    "tsx": "tsx",
}
_ENGINES: Final[dict[str, Engine]] = {
    **dict.fromkeys(("html", "htm", "xhtml", "shtml", "tmpl"), "mixed"),
    **dict.fromkeys(("php", "phtml", "inc", "ctp"), "php"),
    **dict.fromkeys(("j2", "jinja", "jinja2"), "jinja"),
    "njk": "mixed",
    "liquid": "liquid",
    "twig": "twig",
    **dict.fromkeys(("tpl", "smarty"), "smarty"),
    **dict.fromkeys(("erb", "rhtml", "ejs", "asp", "aspx", "ascx"), "erb"),
    **dict.fromkeys(("cshtml", "vbhtml", "razor", "gohtml", "gotmpl", "hbs", "handlebars", "mustache"), "foreign"),
    **dict.fromkeys(("jsp", "jspx", "jspf", "ftl", "ftlh", "vm", "latte", "volt", "eta", "cfm"), "foreign"),
    # Components have no server-side tags, and their braces hold code.
    **dict.fromkeys(("vue", "svelte", "astro"), "none"),
    # A container of Google Tag Manager holds pages as strings.
    "json": "gtm",
}
# Scripts in which `{{` is an object inside braces.
_PLAIN_SCRIPTS: Final = frozenset(("jsx", "ts", "mts", "cts", "tsx"))

SUFFIXES: Final = (*_SCRIPTS, *_ENGINES)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a file is read; `is_script` if all of it is a script."""

    engine: Engine = "mixed"
    grammar: Grammar = "javascript"
    is_script: bool = False


def kind_of(name: str) -> Kind | None:
    """Return how the file `name` is read, `None` if it cannot be. Without a suffix it is a page.

    With several suffixes the last is the template's and the one before it the result's: `cart.js.erb` is a script.
    """
    *_, before, last = ("", "", *PurePath(name).name.lower().split(".")[1:])
    if last in _SCRIPTS:
        return Kind("none" if last in _PLAIN_SCRIPTS else "mixed", _SCRIPTS[last], is_script=True)
    engine = _ENGINES.get(last) if last else "mixed"
    if engine is None:
        return None
    if (before, last) == ("blade", "php"):
        engine = "blade"
    return Kind(engine, _SCRIPTS.get(before, "javascript"), is_script=before in _SCRIPTS)
