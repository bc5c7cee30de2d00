"""The hostile strings for the integrations: a customer for each, by its number.

`tests/hostile` and browsers prove what a block does in a page. An integration must give exactly that block, whatever is
in it, and a template engine that reads it a second time must leave it as it is.
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
    """Return the block that a page must have for this customer."""
    return str(render_snippet(by_number(str(number)), payload_max_chars=LIMIT))


def assert_nonces_are_refused(render: Callable[[str], object]) -> None:
    """Render a block with each string as its nonce. A wrong nonce is refused, and an empty one counts as none."""
    for text in TEXTS:
        if text == "" or NONCE_SHAPE.fullmatch(text):
            assert (f' nonce="{text}">' in str(render(text))) == bool(text)
            continue
        with pytest.raises(RenderError) as caught:
            render(text)
        assert caught.value.code == "nonce.shape"
