"""Judge how a template prints a value into a script."""

from __future__ import annotations

import re
from typing import Final

from rr_snippet.check.tags import Tag
from rr_snippet.check.template import Template

# Filters and functions that write a whole JavaScript value, with quotes if it needs them. A name that ends in "json"
# says that something has written one before.
_JSON: Final = re.compile(
    r"json\w{0,40}+\s{0,9}+\(|\bJSON\.stringify|\|\s*+\w{0,20}json|json\b(?!\s*+(?:->|\[|\.(?!html_safe)))|PhpToJSObject|Json\.(?:Serialize|Encode)"
    r"|JsonConvert|\bJs::|@js\b|rr_payload|js_encode|\|\s*+dump\b",
    re.IGNORECASE,
)
_RAW: Final = re.compile(r"\|\s*+raw\b")
# Filters and functions that escape for HTML.
_HTML: Final = re.compile(r"\b(?:htmlspecialchars|htmlentities|esc_html|esc_attr|escapeHtml)", re.IGNORECASE)
# Filters and functions that make a text safe inside quotes.
_JS_TEXT: Final = re.compile(
    r"escapejs|\be(?:scape)?\s*+\(\s*+['\"](?:js|javascript)['\"]|escape\s*+:\s*+['\"]?(?:javascript|js)\b"
    r"|JSEscape|esc_js|escape_?javascript|escape_?js|js_?escape|JavaScriptStringEncode|forJavaScript|^[=\-\s]*+j[\s(]"
    # and those that print nothing but letters, digits and the like
    r"|\bintval\b|\(\s*+(?:int|float|bool)\s*+\)|\|\s*+(?:int|length|slugify|count)\b|stringformat:['\"]d|urlencode"
    r"|\b(?:md5|sha1|hash|date|strftime|crc32|absint|floatval|number_format|count|strlen|time|bin2hex)\s*+\("
    r"|\b(?:date|strftime|hash|md5|sha1)\b|^\s*+(?:forloop|loop)\.|\byesno:"
    # and a choice between two texts of the template's own.
    r"|\?\s*+(?:'[^']*+'|\"[^\"]*+\")\s*+:\s*+(?:'[^']*+'|\"[^\"]*+\")[\s;)]*\Z",
    re.IGNORECASE,
)
_BOOLEAN: Final = re.compile(r"\|\s*+lower\b|ToLower|var_export")
# A choice between the two words. One pattern for both would search for the second word again after each first one.
_TRUE: Final = re.compile(r"['\"]true")
_FALSE: Final = re.compile(r"false['\"]")
# https://developer.adobe.com/commerce/php/development/security/cross-site-scripting/
_DECLARED_SAFE: Final = re.compile(r"@noEscape")
_VARIABLE: Final = re.compile(
    r"[\s=]*+(?:(?:echo|print)\b[\s(]*+)?(\$?[A-Za-z_]\w*+(?:->\w++|\[['\"]\w++['\"]\])*+)"
    r"(?:\s*+\|\s*+(?:raw|safe))?[\s;)]*+",
    re.IGNORECASE,
)
_STEPS_MAX: Final = 3


def print_fault(tag: Tag, template: Template, *, is_quoted: bool) -> str | None:
    """Return the code for a tag that prints in the wrong way, inside or outside quotes, or `None`."""
    if template.engine == "gtm" or template.escaping_at(tag.start) == "js" or _DECLARED_SAFE.search(tag.text):
        return None
    return _fault(_origin(tag.text, template), is_quoted=is_quoted, escapes_html=_escapes_html(tag, template))


def text_fault(expression: str) -> str | None:
    """Return the code for an expression of Smarty or Blade inside quotes, or `None`."""
    return _fault(expression, is_quoted=True, escapes_html=False)


def _fault(expression: str, *, is_quoted: bool, escapes_html: bool) -> str | None:
    json = _JSON.search(expression)
    if is_quoted:
        if _JS_TEXT.search(expression):
            return None
        return "template.unescaped" if json is None else "template.quoted_json"
    if json is not None:
        is_for_html = _HTML.search(expression, 0, json.start()) or (escapes_html and not _RAW.search(expression))
        return "html.escaped_quotes" if is_for_html else None
    return None if _is_boolean(expression) else "template.bare_value"


def _escapes_html(tag: Tag, template: Template) -> bool:
    """Return whether the engine itself turns quotes into `&quot;`, and does not consider this text safe."""
    if template.engine == "twig":
        return tag.opener == "{{" and template.escaping_at(tag.start) is None
    return template.engine == "blade" and tag.opener == "{{" and "Js::" not in tag.text


def _origin(expression: str, template: Template) -> str:
    """Return the expression that the page itself assigns to a variable, or the given expression."""
    for _ in range(_STEPS_MAX):
        name = _VARIABLE.fullmatch(expression)
        if name is None or name[1] not in template.assigned:
            break
        filters = expression[name.end(1) :]
        expression = template.assigned[name[1]] + filters
    return expression


def _is_boolean(expression: str) -> bool:
    first = _TRUE.search(expression)
    return bool((first and _FALSE.search(expression, first.end())) or _BOOLEAN.search(expression))
