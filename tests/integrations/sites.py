"""What the tests of all site generators need: a copy of an example, and the customers in the built site."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from rr_snippet.block.read_back import read_block

EXAMPLES = Path(__file__).parents[2] / "examples"

ANNA = {"customerId": "100042", "email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": True}


def copy_example(name: str, folder: Path) -> Path:
    """Return a copy of an example, which a test may change."""
    ignored = shutil.ignore_patterns("__pycache__", "output", "site", "_build")
    return Path(shutil.copytree(EXAMPLES / name, folder / name, ignore=ignored))


def customer_in(page: Path) -> dict[str, Any] | None:
    """Return the customer in the only block of a page, `None` if there is no block. A second block fails."""
    text = page.read_text("utf-8")
    if "setCustomer" not in text:
        return None
    begin = text.rindex("<script", 0, text.index("setCustomer("))
    end = text.index("</script>", begin) + len("</script>")
    assert text.count("setCustomer") == 1
    return read_block(text[begin:end])["setCustomer"]


def customers_in(site: Path) -> dict[str, Any]:
    """Return the id of the customer in each page of a site."""
    found = {path.relative_to(site).as_posix(): customer_in(path) for path in sorted(site.rglob("*.html"))}
    return {page: customer and customer["customerId"] for page, customer in found.items()}


def replace_in(path: Path, old: str, new: str) -> None:
    """Change one place in a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
