"""The choices between branches of a template, and the ways through all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

# A page is read at most this many times. With more ways, each condition is tried separately.
_WAYS_MAX: Final = 16
_NEGATED: Final = re.compile(r"(?:not\s+|!\s*(?!=))+")

_JOINED: Final = re.compile(r"\b(?:and|or)\b|&&|\|\|")
# The beginnings of a loop's condition.
_LOOPS: Final = ("for ", "foreach ", "forelse ", "section ", "while ")

Way = frozenset[str]


class Arm(NamedTuple):
    """One branch from `start` to `stop`, and its condition, `None` for "else"."""

    start: int
    stop: int
    condition: str | None


class Choice(NamedTuple):
    """A block with branches, at most one of which is taken."""

    arms: tuple[Arm, ...]

    @property
    def is_loop(self) -> bool:
        """Whether the first branch may be taken any number of times."""
        return (self.arms[0].condition or "").startswith(_LOOPS)

    @property
    def start(self) -> int:
        """The start of the first branch."""
        return self.arms[0].start

    @property
    def stop(self) -> int:
        """The end of the last branch."""
        return self.arms[-1].stop

    def atoms(self) -> Iterator[str]:
        """Yield the conditions without any negation."""
        for arm in self.arms:
            if arm.condition is not None:
                yield _atom(arm.condition)[0]

    def skipped(self, way: Way) -> Iterator[tuple[int, int]]:
        """Yield the branches that are not taken on a way: the set of the conditions that are false."""
        is_taken = False
        for arm in self.arms:
            if is_taken or not _holds(arm.condition, way):
                yield arm.start, arm.stop
            else:
                is_taken = True


def _atom(condition: str) -> tuple[str, bool]:
    text = " ".join(condition.split())
    negated = _NEGATED.match(text)
    if negated is None:
        return text, False
    rest = text[negated.end() :]
    # `not a and b` is no negation of `a and b`.
    if _JOINED.search(rest):
        return text, False
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1]
    return rest, (negated[0].count("!") + negated[0].count("not")) % 2 == 1


def _holds(condition: str | None, way: Way) -> bool:
    if condition is None:
        return True
    atom, is_negated = _atom(condition)
    return (atom in way) is is_negated


def ways(choices: Sequence[Choice]) -> Iterator[Way]:
    """Yield the ways through `choices`: all of them if there are few, else each condition against all others."""
    atoms = list(dict.fromkeys(atom for choice in choices for atom in choice.atoms()))
    if 2 ** len(atoms) <= _WAYS_MAX:
        for truths in product((True, False), repeat=len(atoms)):
            yield frozenset(atom for atom, is_true in zip(atoms, truths, strict=True) if not is_true)
        return
    every = frozenset(atoms)
    yield frozenset()
    yield every
    for atom in atoms[: (_WAYS_MAX - 2) // 2]:
        yield frozenset((atom,))
        yield every - {atom}
