"""Paths and patterns: the pages that they match, and texts that are neither."""

from __future__ import annotations

import pytest

from rr_snippet.errors import OptionError
from rr_snippet.site.patterns import PathFilter, compile_pattern, is_pattern, pattern_problem


@pytest.mark.parametrize(
    ("pattern", "matches", "misses"),
    [
        ("index.html", ["index.html"], ["a/index.html", "INDEX.HTML", "indexxhtml"]),
        ("*.html", ["a.html", ".html"], ["a/b.html", "a.htm"]),
        ("shop/*/index.html", ["shop/a/index.html"], ["shop/index.html", "shop/a/b/index.html"]),
        ("shop/**", ["shop/a", "shop/a/b.html"], ["shop", "shops/a", "a/shop/b"]),
        ("**", ["a", "a/b"], []),
        ("**/index.html", ["index.html", "a/b/index.html"], ["a/b/xindex.html"]),
        ("a/**/b/**/c", ["a/b/c", "a/x/y/b/z/c"], ["a/c", "a/b"]),
        ("**/**/**/a", ["a", "x/a", "x/y/z/a"], ["b"]),
        ("a/**/**", ["a/b", "a/b/c"], ["a"]),
        ("page-?.html", ["page-1.html", "page-я.html"], ["page-.html", "page-12.html", "page-/.html"]),
        ("[slug].html", ["[slug].html"], ["s.html"]),
        ("a+(b).html", ["a+(b).html"], ["aab.html"]),
        ("*", ["a\nb"], ["a/b"]),
        ("a*b*c*d", ["abcd", "abbccdd", "axbxcxdd"], ["abdc", "abcdx", "acbd"]),
        ("**/a*/**/b/*.html", ["a/b/x.html", "y/ax/a/b/c/b/.html"], ["b/a/x.html", "a/b/c/x.html"]),
        ("a/**/b/**", ["a/b/c", "a/x/b/b", "a/b/b/b"], ["a/b", "a/x/y", "a/xb/c"]),
    ],
)
def test_pattern_means_these_pages(pattern: str, matches: list[str], misses: list[str]) -> None:
    assert pattern_problem(pattern) is None
    assert is_pattern(pattern) == ("*" in pattern or "?" in pattern)
    compiled = compile_pattern(pattern)
    assert [path for path in [*matches, *misses] if compiled.fullmatch(path)] == matches


@pytest.mark.parametrize(
    "pattern", ["", "/a.html", "a//b", "a/", "./a", "../a", "a/../b", "a\\b.html", "**.html", "a**", "***", "C:\\a"]
)
def test_no_pattern(pattern: str) -> None:
    problem = pattern_problem(pattern)
    assert problem is not None
    assert str(problem) == (
        "neither a path within the site nor a pattern; expected something like shop/index.html or shop/** [pattern.shape]"
    )


def test_pages_are_known_by_their_ending() -> None:
    takes = PathFilter().takes
    assert [path for path in ("a.html", "a.HTM", "a/b.htm", "a.xhtml", "html", "a.html.rr.json") if takes(path)] == [
        "a.html", "a.HTM", "a/b.htm"
    ]  # fmt: skip


def test_exclude_goes_before_include() -> None:
    takes = PathFilter(["**/*.php", "a.html"], ["drafts/**"]).takes
    assert [path for path in ("a.html", "b.html", "x/b.php", "drafts/b.php") if takes(path)] == ["a.html", "x/b.php"]


def test_wrong_patterns_fail_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        PathFilter(["a", "/b"], ["c"])
    assert [problem.path for problem in caught.value.problems] == ["include"]
