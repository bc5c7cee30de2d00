"""Print the share of the marks in the corpus that are found, and the share of the findings that are marked.

`python -m tests.check.measure`. Findings are compared by page, line and rule. Notes are left out: they blame nobody.
"""

from __future__ import annotations

from collections import Counter

from rr_snippet.check import CheckOptions, check_page
from rr_snippet.check.rulebook import RULES
from tests.check.corpus import Page, read_pages


def differences(page: Page) -> tuple[Counter[tuple[int, str]], Counter[tuple[int, str]]]:
    """Return the marks in a page and the findings, by line and rule."""
    options = CheckOptions(is_rendered="rendered" in page.words)
    found = Counter((item.line, item.code) for item in check_page(page.content, options, name=page.file_name))
    marked = Counter((line, code) for line, _, code in page.expected)
    return _accusing(marked), _accusing(found)


def _accusing(findings: Counter[tuple[int, str]]) -> Counter[tuple[int, str]]:
    return Counter({place: count for place, count in findings.items() if RULES[place[1]].severity != "note"})


def main() -> None:
    """Print the figures, and each page with a difference."""
    right = missed = extra = false_errors = 0
    pages = read_pages()
    for page in pages:
        marked, found = differences(page)
        right += (marked & found).total()
        missed += (marked - found).total()
        extra += (found - marked).total()
        false_errors += sum(RULES[code].severity == "error" for _, code in (found - marked).elements())
        if marked != found:
            print(f"{page.name}: missed {dict(marked - found)}, extra {dict(found - marked)}")
    print(
        f"pages: {len(pages)}; recall {right / (right + missed):.3f}, precision {right / (right + extra):.3f}, "
        f"false errors: {false_errors}"
    )


if __name__ == "__main__":
    main()
