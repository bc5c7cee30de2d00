"""Each page of the corpus has exactly the findings that are marked in it."""

from __future__ import annotations

import pytest

from rr_snippet.check import CheckOptions, check_page
from rr_snippet.check.rulebook import CODES
from tests.check.corpus import Page, read_pages
from tests.check.measure import main

PAGES = read_pages()


def found_in(page: Page) -> list[tuple[int, int, str]]:
    options = CheckOptions(is_rendered="rendered" in page.words)
    findings = check_page(page.content, options, name=page.file_name)
    return [(finding.line, finding.column, finding.code) for finding in findings]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_gives_exactly_these_findings(page: Page) -> None:
    assert found_in(page) == page.expected


def test_there_are_many_pages_and_each_has_its_own_name() -> None:
    assert len(PAGES) >= 150
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert len({(page.content, page.words) for page in PAGES}) == len(PAGES)


def test_every_rule_is_found_somewhere_and_many_pages_are_clean() -> None:
    seen = {code for page in PAGES for _, _, code in page.expected}
    assert seen == CODES - {"page.too_deep"}  # has its own test: no handwritten page is that deep
    assert sum(not page.expected for page in PAGES) >= 40


def test_the_measure_of_the_corpus_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert capsys.readouterr().out == f"pages: {len(PAGES)}; recall 1.000, precision 1.000, false errors: 0\n"
