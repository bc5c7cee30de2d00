"""Rules about single values: what templates print into them, words of Python, placeholders, escaping for HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rr_snippet.check.escaping import print_fault, text_fault
from rr_snippet.check.finding import Finding
from rr_snippet.check.template import Template
from rr_snippet.check.values import Value

# What other template languages and mailers leave in a string that nobody has filled in.
_UNRENDERED: Final = re.compile(
    r"\$\{[^{}]*\}|\{\{[^{}]*\}\}|\{[A-Za-z_][\w.]*\}|#[A-Z][A-Z_]+#|%[A-Z][A-Z_]+%|%%[A-Za-z_]+%%|\[\[[^\[\]]*\]\]|\*\|\w+\|\*"
)
# What Smarty and Blade print without escaping. Outside their own files their tags are recognised only inside strings.
_PRINTED: Final = re.compile(r"\{\$[^{}]*\}|\{!![^{}]*!!\}")
_HTML_ESCAPED: Final = re.compile(r"&(?:quot|apos|amp|lt|gt|#0*3[49]|#[xX]0*2[27]);")

_PLACEHOLDERS: Final = {
    "customData": re.compile(r"customData(?:Name|Value)\d*"),
    "softLinks": re.compile(r"testLinkName\d*|testValue\d*"),
    # The first is misspelled on the vendor's page.
    "mobilePushSubscription": re.compile(
        r"applictionId|applicationId|my-awesome-fcm-project|(?:fcm|apns|huawei)-push-token"
    ),
}


class LeafRules:
    """The rules about the single values of one page. With `is_rendered` no tag of a template may be left in it."""

    def __init__(self, template: Template, *, is_rendered: bool = False) -> None:
        self._template = template
        self._is_rendered = is_rendered

    def findings(self, value: Value, name: str) -> Iterator[Finding]:
        """Yield what is wrong with the values of the field `name`, except types and the vendor's rules."""
        told = False
        for leaf, path in _leaves(value, name):
            told_before, told = told, told or is_placeholder(leaf, name)
            if told and not told_before:
                yield Finding.of(leaf.start, "value.placeholder", path)
            yield from self._leaf_findings(leaf, name, path)

    def print_findings(self, value: Value, path: str = "") -> Iterator[Finding]:
        """Yield a finding for the first template tag in `value` that prints in the wrong way."""
        for tag in value.tags:
            is_quoted = value.kind == "string"
            is_left_over = self._is_rendered and self._template.engine != "gtm"
            if path == "isAgreedToReceiveMarketingMail" and self._template.engine == "liquid" and not is_quoted:
                continue  # prints true and false as JavaScript writes them
            code = "template.unrendered" if is_left_over else print_fault(tag, self._template, is_quoted=is_quoted)
            if code is not None:
                # One finding for each value is enough.
                yield Finding.of(tag.start, code, path)
                return

    def _leaf_findings(self, leaf: Value, name: str, path: str) -> Iterator[Finding]:
        if leaf.tags:
            yield from self.print_findings(leaf, path)
        elif leaf.kind == "unknown":
            yield Finding.of(leaf.start, "value.not_literal", path)
        elif leaf.kind == "python":
            yield Finding.of(leaf.start, "value.python", path, expected=str(leaf.plain))
        elif is_unrendered(leaf) and not is_placeholder(leaf, name):
            printed = _PRINTED.search(str(leaf.plain))
            # A tag that is left in a file of Smarty is one that Smarty does not fill in.
            is_left_over = self._is_rendered or self._template.engine == "smarty"
            code = "template.unrendered" if printed is None or is_left_over else text_fault(printed[0])
            if code is not None:
                yield Finding.of(leaf.start, code, path)
        elif leaf.kind == "string" and _HTML_ESCAPED.search(str(leaf.plain)):
            yield Finding.of(leaf.start, "html.escaped_quotes", path)


def _leaves(value: Value, name: str) -> Iterator[tuple[Value, str]]:
    """Yield the values, and the keys of custom data, in the order of the page, each with its path."""
    if name == "customData":
        for member in value.members:
            if not member.is_spread:
                yield member.label, name
            yield from ((leaf, name) for leaf in member.value.leaves())
    else:
        yield from ((leaf, name) for leaf in value.leaves())


def is_placeholder(value: Value, name: str) -> bool:
    """Return whether a value is one of the documentation's placeholders."""
    if not isinstance(value.plain, str) or value.kind != "string":
        return False
    pattern = _PLACEHOLDERS.get(name)
    bare = value.plain.strip("<>[]{} ")
    return bare == name or (pattern is not None and pattern.fullmatch(bare) is not None)


def is_unrendered(value: Value) -> bool:
    """Return whether a string is nothing but a template's expression, or contains one of Smarty or Blade."""
    if value.kind != "string" or not isinstance(value.plain, str):
        return False
    return _UNRENDERED.fullmatch(value.plain) is not None or _PRINTED.search(value.plain) is not None
