"""Read PHP as far as pages need: where a tag ends, and which branches its blocks have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from rr_snippet.check.choices import Arm, Choice

# https://www.php.net/manual/en/language.basic-syntax.phptags.php: with short tags on, as Bitrix requires, any `<?`
# opens PHP except that of an XML declaration.
OPENER: Final = r"<\?(?!xml\b)(?:php\b|=)?"

_STOP: Final = re.compile(r"\?>|//|#(?!\[)|/\*|['\"`]|<<<")
_LINE_COMMENT: Final = re.compile(r"[^\r\n?]*+(?:\?(?!>)[^\r\n?]*+)*+")
_QUOTED: Final = {quote: re.compile(rf"[^{quote}\\]*+(?:\\.[^{quote}\\]*+)*+", re.DOTALL) for quote in "'\"`"}
_HEREDOC: Final = re.compile(r"<<<[ \t]*+(['\"]?)([A-Za-z_]\w*+)\1\r?\n")
_FIRST_NAME: Final = re.compile(r"^[ \t]*+([A-Za-z_]\w*+)", re.MULTILINE)
_INTERPOLATED: Final = re.compile(r"\{\$[^{}\n]*+\}|\$\{[^{}\n]*+\}|\$[A-Za-z_]\w*+(?:->\w++|\[[^\[\]\n]*+\])?")

_TOKEN: Final = re.compile(
    r"(?i)(?<![\w$>:])(?:(?P<word>if|elseif|else|foreach|for|while|switch|case|default)"
    r"|(?P<end>endif|endforeach|endfor|endwhile|endswitch))\b|[{}():;]"
)
_LOOPS: Final = frozenset(("foreach", "for", "while"))


@dataclass(slots=True)
class Code:
    """The PHP of one tag: where it ends, its code with strings and comments blanked out, and its heredocs."""

    stop: int
    blank: str = ""
    heredocs: list[Heredoc] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Heredoc:
    """The text of a heredoc, and the variables that PHP prints into it."""

    start: int
    stop: int
    printed: tuple[tuple[int, int], ...]


class Lexer:
    """Finds the ends of PHP in one text, in linear time."""

    def __init__(self, text: str) -> None:
        self._text = text
        # False once a heredoc without an end has been found, so that the text is searched only once.
        self._has_heredocs = True

    def read(self, start: int) -> Code:
        """Return the PHP from `start` up to its `?>`, or to the end of the text."""
        text = self._text
        code = Code(len(text))
        pieces: list[str] = []
        position = start
        while (found := _STOP.search(text, position)) is not None:
            pieces.append(text[position : found.start()])
            if found[0] == "?>":
                code.stop = found.start()
                break
            after = self._pass(found, code)
            # Blanks keep the offsets of what follows.
            pieces.append(" " * (after - found.start()))
            position = after
        else:
            pieces.append(text[position:])
        code.blank = "".join(pieces)
        return code

    def _pass(self, found: re.Match[str], code: Code) -> int:
        """Return the end of the comment, string or heredoc that `found` begins."""
        text = self._text
        if found[0] == "/*":
            stop = text.find("*/", found.end())
            return len(text) if stop == -1 else stop + 2
        if found[0] in _QUOTED:
            closing = _QUOTED[found[0]].match(text, found.end())
            return min(len(text), (closing.end() if closing else found.end()) + 1)
        if found[0] != "<<<":
            comment = _LINE_COMMENT.match(text, found.end())
            return comment.end() if comment else found.end()
        opened = _HEREDOC.match(text, found.start()) if self._has_heredocs else None
        if opened is None:
            return found.end()
        lines = _FIRST_NAME.finditer(text, opened.end())
        closed = next((line for line in lines if line[1] == opened[2]), None)
        if closed is None:
            self._has_heredocs = False
            return found.end()
        printed = () if opened[1] == "'" else tuple(_interpolated(text, opened.end(), closed.start()))
        code.heredocs.append(Heredoc(opened.end(), closed.start(), printed))
        return closed.end()


def _interpolated(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    for found in _INTERPOLATED.finditer(text, start, stop):
        yield found.span()


@dataclass(slots=True)
class _Open:
    """An open block, or another pair of braces, which has no arms."""

    start: int
    arms: list[Arm] = field(default_factory=list)
    is_alternative: bool = False
    condition: str | None = ""
    is_switch: bool = False


class Structure:
    """Follows the blocks of a PHP file through its tags."""

    def __init__(self) -> None:
        self.choices: list[Choice] = []
        self._stack: list[_Open] = []
        # An `if` in braces that has just been closed. An `else` would continue it.
        self._closed: _Open | None = None
        # The word that waits for its condition, where that starts, and then the condition itself.
        self._word = ""
        self._word_start = 0
        self._depth = 0
        self._condition_start = 0
        self._condition: str | None = None

    def read(self, blank: str, start: int, text: str) -> None:
        """Follow the code `blank` of one tag, which is at `start` of `text`."""
        for found in _TOKEN.finditer(blank):
            self._token(found, start, text)

    def _token(self, found: re.Match[str], start: int, text: str) -> None:
        at = start + found.start()
        word = (found["word"] or "").lower()
        sign = found[0]
        if sign == "(":
            if self._depth == 0:
                self._condition_start = at + 1
            self._depth += 1
        elif sign == ")":
            self._depth = max(0, self._depth - 1)
            if self._depth == 0 and self._word:
                self._condition = text[self._condition_start : at]
        elif self._depth:
            return
        elif word:
            self._begin(word, at, start + found.end())
        elif found["end"]:
            self._end(at, is_alternative=True)
        elif sign in "{:":
            self._open(sign, at, start + found.end(), text)
        elif sign == "}":
            self._end(at, is_alternative=False)
        else:
            self._settle()
            self._word = ""

    def _begin(self, word: str, at: int, stop: int) -> None:
        if word == "if" and self._word == "else":
            word = "elseif"
        else:
            self._word_start = at
            if word not in ("else", "elseif"):
                self._settle()
        self._word, self._condition = word, None
        self._condition_start = stop
        if word in ("case", "default") and self._stack and self._stack[-1].is_switch:
            _close_arm(self._stack[-1], at)

    def _open(self, sign: str, at: int, stop: int, text: str) -> None:
        word, self._word = self._word, ""
        top = self._stack[-1] if self._stack else None
        if word in ("case", "default"):
            if top is not None and top.is_switch:
                label = f"{at}={text[self._condition_start : at].strip()}"
                top.start, top.condition = stop, None if word == "default" else label
        elif word in ("else", "elseif"):
            condition = None if word == "else" else self._condition_of(word, at)
            self._open_again(top, stop, condition, is_alternative=sign == ":")
        elif word:
            self._settle()
            condition = "" if word == "switch" else self._condition_of(word, at)
            self._stack.append(_Open(stop, [], sign == ":", condition, word == "switch"))
        elif sign == "{":
            self._settle()
            self._stack.append(_Open(at))

    def _condition_of(self, word: str, at: int) -> str:
        text = self._condition or str(at)
        return f"{word} {text}" if word in _LOOPS else text

    def _open_again(self, top: _Open | None, stop: int, condition: str | None, *, is_alternative: bool) -> None:
        """Open the next branch of the block that an `else` belongs to. An `if` of a single statement has no block."""
        block = self._closed
        if is_alternative and top is not None and top.is_alternative:
            _close_arm(top, self._word_start)
            block = top
        elif not is_alternative and block is not None:
            self._stack.append(block)
            self._closed = None
        else:
            self._stack.append(_Open(stop, is_alternative=is_alternative))
            return
        block.start, block.condition = stop, condition

    def _end(self, at: int, *, is_alternative: bool) -> None:
        self._settle()
        self._word = ""
        if not self._stack or self._stack[-1].is_alternative is not is_alternative:
            return
        block = self._stack.pop()
        _close_arm(block, at)
        if is_alternative or block.is_switch:
            self._keep(block)
        else:
            self._closed = block

    def _settle(self) -> None:
        """Keep a closed `if` in braces that no `else` continues."""
        if self._closed is not None:
            self._keep(self._closed)
        self._closed = None

    def _keep(self, block: _Open) -> None:
        if block.arms:
            self.choices.append(Choice(tuple(block.arms)))

    def finish(self) -> list[Choice]:
        """Return the choices found."""
        self._settle()
        return self.choices


def _close_arm(block: _Open, at: int) -> None:
    if block.condition != "":
        block.arms.append(Arm(block.start, at, block.condition))
    block.condition = ""
