"""What the tests of all site generators need: a copy of an example, and the customers in the built site."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
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


def docs_examples(heading: str) -> list[str]:
    """Return the examples under one heading of docs/guide/static-sites.md, the commands left out."""
    page = (EXAMPLES.parent / "docs" / "guide" / "static-sites.md").read_text("utf-8")
    part = page.partition(f"# {heading}\n")[2].partition("\n##")[0]
    return re.findall(r"^```(?!console)\w+\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)


def build_site(folder: Path, files: dict[str, str], *command: str) -> dict[str, Any]:
    """Write the files, run the generator, and return the id of the customer in each page of its `site`."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    run = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return customers_in(folder / "site")


def run_first_line(settings: str, folder: Path) -> dict[str, Any]:
    """Type the command on top of an example's settings where the examples are, and return whose its pages are."""
    name = Path(settings).parent.name
    copy_example(name, folder / "examples")
    (line, *_) = (EXAMPLES.parent / settings).read_text("utf-8").splitlines()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    run = subprocess.run(
        line.removeprefix("# "), shell=True, cwd=folder, env=environment, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return customers_in(folder / "build" / name)
