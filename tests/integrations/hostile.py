"""The hostile strings for the doors: a customer for each, found by its number.

What a block does in a page is proved in `tests/hostile` and in browsers. A door has to give that very block, whatever
is in it, and a template engine that reads it a second time has to leave it as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from rr_snippet import Customer, RenderError, render_snippet
from tests.hostile.corpus import read_corpus
from tests.hostile.places import MAX_CHARS, NONCE_SHAPE, everywhere

TEXTS: Final = [case.text for case in read_corpus() if not case.has_surrogate]
LIMIT: Final = MAX_CHARS
# For whole requests, which take longer than a template.
SOME: Final = range(0, len(TEXTS), 7)


def by_number(number: str) -> Customer:
    """Return the customer with the string `number` in every place."""
    return everywhere(TEXTS[int(number)])


def block_of(number: int | str) -> str:
    """Return the block that a page has to have for this customer."""
    return str(render_snippet(by_number(str(number)), payload_max_chars=LIMIT))


def assert_nonces_are_refused(render: Callable[[str], object]) -> None:
    """Render a block with each string as its nonce: what is none is refused, an empty one is as good as none."""
    for text in TEXTS:
        if text == "" or NONCE_SHAPE.fullmatch(text):
            assert (f' nonce="{text}">' in str(render(text))) == bool(text)
            continue
        with pytest.raises(RenderError) as caught:
            render(text)
        assert caught.value.code == "nonce.shape"
