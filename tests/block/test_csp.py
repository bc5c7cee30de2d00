"""Nonces and hashes. Tests in tests/browser show that browsers agree."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from markupsafe import Markup

from rr_snippet import PageError, RenderError, csp_source, render_snippet
from rr_snippet.block.csp import check_nonce

BLOCK = str(render_snippet({"customerId": "42"}))


@pytest.mark.parametrize("nonce", ["abc", "A+/_-9==", "a=", Markup("abc")])
def test_nonces(nonce: str) -> None:
    assert check_nonce(nonce) == str(nonce)
    assert render_snippet({"customerId": "42"}, nonce=nonce) == BLOCK.replace(
        '<script type="text/javascript">', f'<script type="text/javascript" nonce="{nonce}">'
    )


@pytest.mark.parametrize(
    "nonce", ["", " ", "abc\n", 'a"b', "a'b", "a b", "=", "a===", "a=b", "é", 5, b"abc", True, ["a"]]
)
def test_what_is_no_nonce(nonce: Any) -> None:
    with pytest.raises(RenderError) as caught:
        render_snippet({"customerId": "42"}, nonce=nonce)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [("nonce", "nonce.shape")]


def test_the_hash_is_over_the_text_between_the_tags() -> None:
    inner = BLOCK.removeprefix('<script type="text/javascript">').removesuffix("</script>")
    expected = f"'sha256-{base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()}'"
    assert csp_source(BLOCK) == expected
    assert csp_source(BLOCK + "\n") == expected
    assert csp_source(BLOCK.replace("\n", "\r\n")) == csp_source(BLOCK.replace("\n", "\r")) == expected
    assert csp_source(render_snippet({"customerId": "42"}, nonce="abc")) == expected
    assert csp_source(render_snippet({"customerId": "43"})) != expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<script></script>",
        BLOCK + BLOCK,
        f" {BLOCK}",
        BLOCK[:-1],
        BLOCK.replace("try", "<!--<script>"),
        BLOCK + "\ud800",
        BLOCK.replace("try", "\ud800"),
        BLOCK.replace('javascript"', 'javascript" src="x"', 1),
        None,
        b"a",
        5,
    ],
)
def test_a_hash_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PageError) as caught:
        csp_source(text)
    assert caught.value.code == "block.not_ours"
