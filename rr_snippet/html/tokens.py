"""The tokens of HTML as regular expressions over bytes: tags, attributes, comments, and where raw text ends.

Source: https://html.spec.whatwg.org/#tokenization. Every loop is possessive, so nothing is read twice: a construct that
does not match has run to the end of the page. Letter case is spelled out as classes, because the regular expression
engine finds a literal `<` much faster without the flag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.entities import html5
from typing import Final

SPACE: Final = rb"[\t\n\f\r ]"
NAME_END: Final = rb"(?=[\t\n\f\r />])"

# The characters between attributes: all of them; all but the slash of a self-closing tag, which stands right before
# the `>`; all of them, with that slash as a group.
GAP: Final = rb"[\t\n\f\r /]++"
OPEN_GAP: Final = rb"[\t\n\f\r ]++|/(?!>)"
_TELLING_GAP: Final = OPEN_GAP + rb"|(/)(?=>)"

# A quote counts only as the first character of a value. An `=` with no name before it starts a name. A value without
# its closing quote runs to the end of the page: clauses 13.2.5.32 to 13.2.5.40.
_ATTRIBUTE_NAME: Final = rb"(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
_EQUALS: Final = SPACE + rb"*+=" + SPACE + rb"*+"
_VALUE: Final = rb'(?:"[^"]*+(?:"|\Z)|' + rb"'[^']*+(?:'|\Z)|" + rb"[^\t\n\f\r >\"'][^\t\n\f\r >]*+|(?=>))"


def any_case(word: str) -> bytes:
    """Return a pattern for `word` in any letter case, ASCII letters only."""
    return b"".join(f"[{c}{c.upper()}]".encode() if c.isalpha() else re.escape(c).encode() for c in word)


def names_pattern(*names: str) -> bytes:
    """Return a pattern for a tag's whole name that is one of `names`."""
    return rb"(?:" + rb"|".join(map(any_case, names)) + rb")" + NAME_END


def attributes_pattern(*, gap: bytes = GAP, guard: bytes = b"") -> bytes:
    """Return a pattern for everything between a tag's name and its `>`.

    `guard` is a lookahead before every attribute's name.
    """
    return rb"(?:" + gap + rb"|" + guard + _ATTRIBUTE_NAME + rb"(?:" + _EQUALS + _VALUE + rb")?+)*+"


def bogus_pattern(*but: bytes) -> bytes:
    """Return a pattern, from behind the `<`, for markup that a browser treats as a comment though it is none.

    These are declarations but those that begin with one of `but`, processing instructions, end tags without a name,
    and CDATA outside svg and math. Each runs to the next `>`.
    """
    return rb"(?:!(?!" + rb"|".join((rb"--", *but)) + rb")|\?|/(?![A-Za-z]))[^>]*+>"


# From behind the `<`. `<!-->` and `<!--->` are whole comments and `--!>` ends one: clauses 13.2.5.43 to 13.2.5.52.
COMMENT_PATTERN: Final = rb"!--(?:-?>|(?:[^-]++|-(?!-!?>))*+--!?>)"
DOCTYPE_WORD: Final = any_case("doctype")
CDATA_WORD: Final = rb"\[CDATA\["
# A `<` that begins nothing.
STRAY_PATTERN: Final = rb"(?![A-Za-z/!?])"

# Groups: the `/` of an end tag; the name; the `/` of a self-closing tag.
TAG: Final = re.compile(rb"<(/?)([A-Za-z][^\t\n\f\r />]*+)" + attributes_pattern(gap=_TELLING_GAP) + rb">")
MARKUP: Final = re.compile(rb"<[A-Za-z/!?]")
COMMENT: Final = re.compile(rb"<(?:" + COMMENT_PATTERN + rb"|" + bogus_pattern() + rb")")
DOCTYPE: Final = re.compile(rb"<!" + DOCTYPE_WORD)
CDATA: Final = re.compile(rb"<!" + CDATA_WORD)
CDATA_END: Final = re.compile(rb"\]\]>")

RAW_TEXT_NAMES: Final = frozenset(
    (
        "script",
        "style",
        "textarea",
        "title",
        "xmp",
        "iframe",
        "noembed",
        "noframes",
        "noscript",
    )
)
_RAW_TEXT_END: Final = {name: re.compile(rb"</" + names_pattern(name)) for name in RAW_TEXT_NAMES}
_SCRIPT_STEP: Final = re.compile(rb"<(?:/" + names_pattern("script") + rb"|!--)")
_ESCAPED_STEP: Final = re.compile(rb"-->|<(/?)" + names_pattern("script"))

# Groups: the name, and the value in its three forms.
_ATTRIBUTE: Final = re.compile(
    rb"[\t\n\f\r /]*+(=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
    rb"(?:" + _EQUALS + rb'(?:"([^"]*+)"|' + rb"'([^']*+)'|([^\t\n\f\r >\"'][^\t\n\f\r >]*+))?+)?+"
)
_REFERENCE: Final = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*[;=]?)")


@dataclass(frozen=True, slots=True)
class AttributeSpan:
    """One attribute of a tag: its lower-case name, where that starts, and where its raw value starts and stops."""

    name: bytes
    name_start: int
    start: int
    stop: int


def lower_name(name: bytes) -> str:
    """Return a tag name as HTML compares it: ASCII letters in lower case, all others as they are."""
    # `bytes.lower` changes ASCII alone; `str.lower` would turn the Kelvin sign into "k".
    return name.lower().decode("latin-1")


def attribute_spans(data: bytes, start: int, stop: int) -> tuple[AttributeSpan, ...]:
    """Return the attributes, each name once, of the tag whose name ends at `start` and which itself ends at `stop`."""
    found: dict[bytes, AttributeSpan] = {}
    position = start
    while (match := _ATTRIBUTE.match(data, position, stop - 1)) is not None:
        position = match.end()
        name = match[1].lower()
        group = match.lastindex if match.lastindex and match.lastindex > 1 else 0
        first, last = match.span(group) if group else (match.end(), match.end())
        found.setdefault(name, AttributeSpan(name, match.start(1), first, last))
    return tuple(found.values())


def decode_value(text: str) -> str:
    """Return an attribute's value as the page's scripts see it: references resolved, line ends normalised.

    Source: clause 13.2.5.73. In an attribute, a reference without `;` stays as it is before `=`, a letter or a digit.
    """

    def resolve(match: re.Match[str]) -> str:
        whole = match[0]
        # unescape() alone would also resolve a prefix, such as the `&not` of `&notit`.
        return unescape(whole) if whole[1] == "#" or whole[1:] in html5 else whole

    return _REFERENCE.sub(resolve, text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"))


def raw_text_stop(data: bytes, name: str, start: int) -> int | None:
    """Return where the end tag of the raw text element `name` with content from `start` begins, `None` if it has none.

    In a script, `<!--` followed by `<script` hides an end tag: clauses 13.2.5.15 to 13.2.5.31.
    """
    if name != "script":
        match = _RAW_TEXT_END[name].search(data, start)
        return match.start() if match else None
    position = start
    while (match := _SCRIPT_STEP.search(data, position)) is not None:
        if data[match.start() + 1] != 0x21:
            return match.start()
        # The dashes of `<!--` may also be those of `-->`: `<!-->` opens and closes.
        position = match.start() + 2
        is_double = False
        while (step := _ESCAPED_STEP.search(data, position)) is not None:
            position = step.end()
            if data[step.start()] == 0x2D:
                break
            if is_double:
                is_double = not step[1]
            elif step[1]:
                return step.start()
            else:
                is_double = True
        else:
            return None
    return None


def open_construct(data: bytes, start: int) -> str:
    """Return the kind of the unfinished markup at `start`, in which the page ends: a word of `page.eof_in_*`."""
    if DOCTYPE.match(data, start):
        return "doctype"
    # A page that ends with `</` ends in a tag. If another character than a letter follows, it is a comment: 13.2.5.7.
    is_tag = data[start + 1 : start + 2].isalpha() or data[start + 1 :] == b"/" or data[start + 2 : start + 3].isalpha()
    return "tag" if is_tag and data[start + 1 : start + 2] not in b"!?" else "comment"
