"""Rules about what is printed into single values: template tags, words of Python, placeholders, HTML escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rr_snippet.check.finding import Finding
from rr_snippet.check.literal import Value

# Filters and functions that write a whole JavaScript value, quotes included where it needs them.
_JSON: Final = re.compile(
    r"tojson|to_json|json_encode|\bjson\b|json_dumps|json_script|PhpToJSObject|Json\.(?:Serialize|Encode)"
    r"|JsonConvert|JSON\.stringify|rr_payload",
    re.IGNORECASE,
)
# Those that make a text safe inside of quotes.
_JS_TEXT: Final = re.compile(
    r"escapejs|\be(?:scape)?\s*\(\s*['\"]js['\"]|escape\s*:\s*['\"]?javascript|JSEscape|esc_js|escape_javascript"
    r"|JavaScriptStringEncode|^=?\s*j[\s(]"
    # and those that print nothing but letters, digits and the like
    r"|\bintval\b|\(int\)|\|\s*int\b|\|\s*length\b|stringformat:['\"]d|urlencode|\bmd5\b|\bsha1\b|\bhash\b|\bdate\b|\bstrftime\b",
    re.IGNORECASE,
)
_BOOLEAN: Final = re.compile(r"\|\s*lower\b|ToLower|var_export")
# A choice between the two words; two patterns, as one would look for the second anew after each of the first.
_TRUE: Final = re.compile(r"['\"]true")
_FALSE: Final = re.compile(r"false['\"]")

# What other template languages and mailers leave behind in a string, when nobody filled it in.
_UNRENDERED: Final = re.compile(
    r"\$\{[^{}]*\}|\{[A-Za-z_][\w.]*\}|#[A-Z][A-Z_]+#|%[A-Z][A-Z_]+%|%%[A-Za-z_]+%%|\[\[[^\[\]]*\]\]|\*\|\w+\|\*"
)
# What Smarty and Blade print without escaping; their tags are known inside of strings only.
_PRINTED: Final = re.compile(r"\{\$[^{}]*\}|\{!![^{}]*!!\}")
_HTML_ESCAPED: Final = re.compile(r"&(?:quot|apos|amp|lt|gt|#0*3[49]|#[xX]0*2[27]);")

_PLACEHOLDERS: Final = {
    "customData": re.compile(r"customData(?:Name|Value)\d*"),
    "softLinks": re.compile(r"testLinkName\d*|testValue\d*"),
    # The first is misspelled so on the vendor's page.
    "mobilePushSubscription": re.compile(
        r"applictionId|applicationId|my-awesome-fcm-project|(?:fcm|apns|huawei)-push-token"
    ),
}


def value_findings(value: Value, name: str, *, is_rendered: bool) -> Iterator[Finding]:
    """Yield what is wrong with the values of the field `name`, types and the vendor's rules aside."""
    told = False
    for leaf in _leaves(value, name):
        told_before, told = told, told or is_placeholder(leaf, name)
        if told and not told_before:
            yield Finding.of(leaf.start, "value.placeholder", name)
        yield from _leaf_findings(leaf, name, is_rendered=is_rendered)


def _leaves(value: Value, name: str) -> Iterator[Value]:
    """Yield the values, and the keys of custom data, as they stand in the page."""
    if name == "customData":
        for member in value.members:
            yield member.label
            yield from member.value.leaves()
    else:
        yield from value.leaves()


def is_placeholder(value: Value, name: str) -> bool:
    """Tell whether a value is one of the words that stand for one in the documentation."""
    if not isinstance(value.plain, str) or value.kind != "string":
        return False
    pattern = _PLACEHOLDERS.get(name)
    bare = value.plain.strip("<>[]{} ")
    return bare == name or (pattern is not None and pattern.fullmatch(bare) is not None)


def is_unrendered(value: Value) -> bool:
    """Tell whether a string is nothing but an expression of a template, or has one of Smarty's or Blade's in it."""
    if value.kind != "string" or not isinstance(value.plain, str):
        return False
    return _UNRENDERED.fullmatch(value.plain) is not None or _PRINTED.search(value.plain) is not None


def _leaf_findings(leaf: Value, name: str, *, is_rendered: bool) -> Iterator[Finding]:
    if leaf.tags:
        yield from _tag_findings(leaf, name, is_rendered=is_rendered)
    elif leaf.kind == "unknown":
        yield Finding.of(leaf.start, "value.not_literal", name)
    elif leaf.kind == "python":
        yield Finding.of(leaf.start, "value.python", name, expected=str(leaf.plain))
    elif is_unrendered(leaf) and not is_placeholder(leaf, name):
        printed = _PRINTED.search(str(leaf.plain))
        code = "template.unrendered" if printed is None or is_rendered else print_code(printed[0], is_quoted=True)
        if code is not None:
            yield Finding.of(leaf.start, code, name)
    elif leaf.kind == "string" and _HTML_ESCAPED.search(str(leaf.plain)):
        yield Finding.of(leaf.start, "html.escaped_quotes", name)


def _tag_findings(leaf: Value, name: str, *, is_rendered: bool) -> Iterator[Finding]:
    for tag in leaf.tags:
        code = "template.unrendered" if is_rendered else print_code(tag.text, is_quoted=leaf.kind == "string")
        if code is not None:
            # One expression a value is enough to be told of.
            yield Finding.of(tag.start, code, name)
            return


def print_code(expression: str, *, is_quoted: bool) -> str | None:
    """Return what is wrong with printing an expression where it stands, inside of quotes or not."""
    if is_quoted:
        if _JS_TEXT.search(expression):
            return None
        return "template.quoted_json" if _JSON.search(expression) else "template.unescaped"
    return None if _JSON.search(expression) or _is_boolean(expression) else "template.bare_value"


def _is_boolean(expression: str) -> bool:
    first = _TRUE.search(expression)
    return bool((first and _FALSE.search(expression, first.end())) or _BOOLEAN.search(expression))
