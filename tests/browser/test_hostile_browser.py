"""A share of the hostile strings in Chromium, in every context. `make safety` tries all of them."""

from __future__ import annotations

import pytest

from tests.browser.test_snippet_browser import Open
from tests.hostile.corpus import read_corpus
from tests.hostile.pages import CONTEXTS, opened_faults
from tests.hostile.places import PLACES, Sent, try_out
from tests.hostile.weak import control, keeps_braces, weak_block

# Hundreds of strings take the same lines, and other tests cover these.
pytestmark = pytest.mark.no_cover

CORPUS = read_corpus()
SHARE = 61


def some(start: int, nonce: str | None) -> list[Sent]:
    """Return blocks for every place, each with a share of the strings, which depends on `start`."""
    return [
        tried.sent
        for place_number, place in enumerate(PLACES)
        for case in CORPUS[(start * 7 + place_number * 11) % SHARE :: SHARE]
        if (tried := try_out(place, case, nonce=nonce)).sent is not None
    ]


@pytest.mark.parametrize("name", CONTEXTS)
def test_hostile_strings_arrive_and_nothing_else_happens(open_page: Open, name: str) -> None:
    sent = some(list(CONTEXTS).index(name), CONTEXTS[name].nonce)
    assert len(sent) > 100
    assert opened_faults(open_page, name, sent) == set()


@pytest.mark.parametrize("name", CONTEXTS)
def test_a_weak_escaper_is_caught(open_page: Open, name: str) -> None:
    sent, checks = control(name)
    assert opened_faults(open_page, name, [sent]) >= checks
    if "scripts" in checks:
        return
    # It is recognised by its string, not because the block is another's.
    harmless = weak_block(keeps_braces, "x", "harmless", nonce=CONTEXTS[name].nonce)
    assert opened_faults(open_page, name, [harmless]) == set()


@pytest.mark.parametrize("name", [name for name, context in CONTEXTS.items() if context.nonce])
def test_block_without_its_nonce_is_seen(open_page: Open, name: str) -> None:
    assert {"calls", "errors"} <= opened_faults(open_page, name, some(0, None)[:3])
