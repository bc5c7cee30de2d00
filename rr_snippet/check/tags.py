"""Find the server-side tags in a page, and what each of them does.

The known tags are those of PHP, of Jinja, Django, Twig, Nunjucks and Liquid (`{{ }}`, `{% %}`, `{# #}`), of ERB, EJS
and ASP (`<% %>`), and of Smarty and Blade in their own files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from rr_snippet.check import php
from rr_snippet.check.kinds import Engine

# A tag prints one value (`value`), prints nothing (`control`), may print anything (`output`), or is a comment.
Does = Literal["value", "control", "output", "comment"]

_BRACES: Final = r"\{\{--|\{\{|\{%|\{#"
_ANGLES: Final = r"<%"
_SMARTY: Final = (
    r"\{\*|\{/?(?:\$\w|(?:if|else|elseif|foreach|foreachelse|section|sectionelse|for|forelse|while|literal|ldelim|rdelim"
    r"|include|assign|capture|strip|block|nocache|function|call|extends|append|hook|url|l|math|counter|json_encode"
    r"|ia_\w+|widget|plugin)\b)"
)
# `@@` and `@{{` print the rest literally: https://laravel.com/docs/blade.
_BLADE: Final = r"@\{\{|@\{!!|\{!!|(?<![\w@])@@?[A-Za-z]\w*"

_OPENERS: Final[dict[str, re.Pattern[str]]] = {
    "usual": re.compile(rf"{_BRACES}|{php.OPENER}|{_ANGLES}", re.IGNORECASE),
    "smarty": re.compile(rf"{php.OPENER}|{_SMARTY}", re.IGNORECASE),
    "blade": re.compile(rf"{_BLADE}|{_BRACES}|{php.OPENER}", re.IGNORECASE),
}
_CLOSERS: Final = {
    "{{--": "--}}",
    "{{": "}}",
    "{%": "%}",
    "{#": "#}",
    "<%": "%>",
    "{!!": "!!}",
    "@{{": "}}",
    "@{!!": "!!}",
    "{*": "*}",
}
# In a script `{{` and `{#` may be code, so their end must be near, and no statement may be between.
_MAX_CHARS: Final = {"{{": 1_000, "{#": 5_000, "{%": 10_000}

_PRINTS: Final = re.compile(r"(?i)\s*(?:echo|print|response\.write)\b")
# A statement of PHP that prints, or calls what may print.
_MAY_PRINT: Final = re.compile(r"(?i)\b(?:echo|print|printf|include|include_once|require|require_once|render|block)\b")
_CALL: Final = re.compile(
    r"(?:^|[;{}]|:(?!:))\s*+(?!(?:if|elseif|foreach|for|while|switch)\b)[\w$\\>\-]++(?:::\w++)?\("
)
_EJS_CONTROL: Final = re.compile(r"-\s*(?:if|unless|case|when|for|while|else|elsif|end|[\w.@]+\.each)\b")
_ASSIGNMENT: Final = re.compile(r"\$[\w.\[\]>\-]++\s*+=(?!=)")
_FIRST_WORD: Final = re.compile(r"[\s\-+~/]*+([A-Za-z_]*+)")
_DIRECTIVE_GAP: Final = re.compile(r"[ \t]*+(?=\()")
_BRACKET: Final = re.compile(r"[()]|'(?:[^'\\]|\\.)*+'?|\"(?:[^\"\\]|\\.)*+\"?")

SILENT: Final = frozenset((
    "if", "elif", "else", "elseif", "elsif", "ifequal", "ifnotequal", "ifchanged", "unless", "for", "empty", "case",
    "when", "switch", "default", "with", "autoescape", "filter", "apply", "spaceless", "macro", "import", "from",
    "set", "assign", "capture", "comment", "raw", "verbatim", "load", "extends", "do", "break", "continue",
    "layout", "schema", "style", "paginate", "tablerow", "asyncEach", "asyncAll", "call", "use", "js", "javascript",
))  # fmt: skip
_SMARTY_SILENT: Final = frozenset((
    "if", "else", "elseif", "foreach", "foreachelse", "section", "sectionelse", "for", "forelse", "while",
    "literal", "assign", "capture", "strip", "nocache", "function", "extends", "append",
))  # fmt: skip
_BLADE_PRINTING: Final = frozenset(["json", "js", "lang", "choice", "csrf", "method", "class", "checked", "selected"])
_BLADE_OUTPUT: Final = frozenset((
    "include", "includeIf", "includeWhen", "includeUnless", "includeFirst", "each", "yield", "stack", "livewire",
    "vite", "inject", "component", "slot", "props", "parent",
))  # fmt: skip
_BLADE_CONTROL: Final = frozenset((
    "if", "elseif", "else", "endif", "unless", "endunless", "isset", "endisset", "empty", "endempty", "auth",
    "endauth", "guest", "endguest", "foreach", "endforeach", "forelse", "endforelse", "for", "endfor", "while",
    "endwhile", "php", "endphp", "section", "endsection", "show", "push", "endpush", "pushOnce", "endPushOnce",
    "verbatim", "endverbatim", "can", "elsecan", "endcan", "cannot", "endcannot", "env", "endenv", "production",
    "endproduction", "once", "endonce", "switch", "case", "default", "break", "endswitch", "hasSection", "continue",
    "extends", "error", "enderror", "stop", "overwrite", "append", "prepend", "endprepend", "elseauth", "elseguest",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tag:
    """One server-side tag, from `start` up to `stop`; `text` is what is between its delimiters.

    `mask` is what the tag prints, if that is known.
    """

    start: int
    stop: int
    does: Does
    opener: str
    text: str
    word: str = ""
    mask: str = ""


class Finder:
    """Finds the tags of one text."""

    def __init__(self, text: str, engine: Engine) -> None:
        self._text = text
        self._opener = _OPENERS[engine if engine in _OPENERS else "usual"]
        self._lexer = php.Lexer(text)
        self._structure = php.Structure()
        self._closers: dict[str, int] = {}
        self.choices = self._structure.choices

    def tags(self) -> Iterator[Tag]:
        """Yield the tags in order. A part that the template prints literally has none."""
        position = 0
        # The word that ends a part that the template prints literally.
        literal = ""
        while (found := self._opener.search(self._text, position)) is not None:
            position = found.end()
            for tag in self._read(found):
                position = max(position, tag.stop)
                if literal and tag.word != literal:
                    continue
                literal = _LITERAL.get((tag.opener[0], tag.word), "")
                yield tag
        self._structure.finish()

    def _read(self, found: re.Match[str]) -> Iterator[Tag]:
        opener = found[0].lower()
        if opener.startswith("<?"):
            yield from self._read_php(found)
        elif opener.startswith("@") and opener not in _CLOSERS:
            yield from self._read_directive(found)
        elif opener.startswith("{") and opener not in _CLOSERS:
            yield from self._read_smarty(found)
        else:
            closer = self._find(_CLOSERS[opener], found.end())
            if closer == -1 or closer - found.end() > _MAX_CHARS.get(opener, len(self._text)):
                return
            content = self._text[found.end() : closer]
            if opener == "{{" and (";" in content or _is_attribute(self._text, found)):
                return
            stop = closer + len(_CLOSERS[opener])
            yield from _delimited(found.start(), stop, opener, content)

    def _find(self, closer: str, position: int) -> int:
        """Return where `closer` comes next, `-1` if it does not.

        It is searched again only after the last place found, so the time is linear.
        """
        known = self._closers.get(closer, 0)
        if known != -1 and known < position:
            known = self._closers[closer] = self._text.find(closer, position)
        return known

    def _read_php(self, found: re.Match[str]) -> Iterator[Tag]:
        text = self._text
        code = self._lexer.read(found.end())
        self._structure.read(code.blank, found.end(), text)
        stop = min(code.stop + 2, len(text))
        does = _php_does(found[0], text[found.end() : code.stop], code.blank)
        start = found.start()
        content = text[found.end() : code.stop]
        for heredoc in code.heredocs:
            if "<script" not in text[heredoc.start : heredoc.stop].lower():
                continue
            # The heredoc is part of the page, and what is around it is code.
            yield Tag(start, heredoc.start, "control", "<?", "")
            for place in heredoc.printed:
                yield Tag(*place, "value", "<?", text[slice(*place)].strip("{}"))
            start, does, content = heredoc.stop, "control", ""
        yield Tag(start, stop, does, "<?", content)

    def _read_directive(self, found: re.Match[str]) -> Iterator[Tag]:
        """Yield a directive of Blade with its arguments. Other words, such as `@media` of a style sheet, are none."""
        name = found[0].lstrip("@")
        gap = _DIRECTIVE_GAP.match(self._text, found.end())
        stop = found.end() if gap is None else self._bracket_stop(gap.end())
        arguments = self._text[gap.end() + 1 : stop - 1] if gap else ""
        if found[0].startswith("@@"):
            return
        if name in _BLADE_PRINTING:
            yield Tag(found.start(), stop, "value", "@", f"@{name}({arguments})")
        elif name in _BLADE_OUTPUT:
            yield Tag(found.start(), stop, "output", "@", arguments)
        elif name == "php" and gap is None:
            closer = self._find("@endphp", stop)
            end = len(self._text) if closer == -1 else closer + len("@endphp")
            yield Tag(found.start(), end, "control", "@", self._text[stop:end], "")
        elif name in _BLADE_CONTROL:
            yield Tag(found.start(), stop, "control", "@", arguments, name)

    def _bracket_stop(self, start: int) -> int:
        depth = 0
        for found in _BRACKET.finditer(self._text, start, start + _MAX_CHARS["{%"]):
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            if depth == 0:
                return found.end()
        return start

    def _read_smarty(self, found: re.Match[str]) -> Iterator[Tag]:
        text = self._text
        closer = self._find("}", found.end())
        if closer == -1 or closer - found.start() > _MAX_CHARS["{{"]:
            return
        content = text[found.start() + 1 : closer]
        word = found[0].lstrip("{")
        stop = closer + 1
        if word in ("ldelim", "rdelim"):
            yield Tag(found.start(), stop, "control", "{", content, mask="{" if word == "ldelim" else "}")
        elif word.startswith("$"):
            is_assignment = _ASSIGNMENT.match(content) is not None
            yield Tag(found.start(), stop, "control" if is_assignment else "value", "{", content)
        elif word == "json_encode":
            yield Tag(found.start(), stop, "value", "{", content)
        else:
            does: Does = "control" if word.lstrip("/") in _SMARTY_SILENT else "output"
            yield Tag(found.start(), stop, does, "{", content[len(word) :].strip(), word)


# The words that end a part that a template prints literally.
_LITERAL: Final = {
    ("{", "raw"): "endraw",
    ("{", "verbatim"): "endverbatim",
    ("{", "literal"): "/literal",
    ("@", "verbatim"): "endverbatim",
}


def _is_attribute(text: str, found: re.Match[str]) -> bool:
    """Return whether `={{` is an object for an attribute in JSX."""
    before = text[max(0, found.start() - 40) : found.start()]
    return before[-1:] == "=" and before[-2:-1].isalpha() and "<" in before


def _delimited(start: int, stop: int, opener: str, content: str) -> Iterator[Tag]:
    if opener in ("{{--", "{#", "{*") or (opener == "<%" and content.startswith(("#", "--"))):
        yield Tag(start, stop, "comment", opener, content)
    elif opener.startswith("@"):
        # The tag itself is printed, for another engine.
        return
    elif opener in ("{{", "{!!"):
        yield Tag(start, stop, "value", opener, content)
    elif opener == "{%":
        match = _FIRST_WORD.match(content)
        word = match[1] if match else ""
        is_silent = word in SILENT or (word.startswith("end") and word[3:] in SILENT)
        rest = content[match.end() :] if match else ""
        yield Tag(start, stop, "control" if is_silent else "output", opener, rest if is_silent else content, word)
    else:
        yield Tag(start, stop, _angle_does(content), opener, content)


def _angle_does(content: str) -> Does:
    if content.startswith(("=", ":")) or (content.startswith("-") and not _EJS_CONTROL.match(content)):
        return "value"  # `<%-` prints in EJS; in ERB it only trims
    if _PRINTS.match(content):
        return "value"
    return "output" if _MAY_PRINT.search(content) else "control"


def _php_does(opener: str, content: str, blank: str) -> Does:
    if opener.endswith("="):
        return "value"
    printed = _PRINTS.match(content)
    if printed:
        # One statement prints one value.
        return "value" if ";" not in blank[printed.end() :].rstrip().rstrip(";") else "output"
    return "output" if _MAY_PRINT.search(blank) or _CALL.search(blank) else "control"
