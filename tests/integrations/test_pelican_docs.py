"""The settings for Pelican in docs/guide/static-sites.md, in a site built with them."""

from __future__ import annotations

from pathlib import Path

from tests.integrations.sites import build_site, docs_examples, run_first_line


def test_settings_and_metadata_work_as_written(tmp_path: Path) -> None:
    settings, metadata = docs_examples("Pelican")
    files = {
        "pelicanconf.py": f"{settings}\nSITENAME = 'A shop'\nTIMEZONE = 'Europe/Moscow'\nDEFAULT_DATE = (2025, 3, 31)\n",
        "customers.jsonl": '{"page": "archives.html", "customerId": "100043"}\n',
        "content/boris.md": f"{metadata}\nHello.\n",
    }
    pages = build_site(tmp_path, files, "pelican", "content", "-s", "pelicanconf.py", "-o", "site", "-q")
    assert {page: pages[page] for page in ("a-page-for-boris.html", "archives.html", "index.html")} == {
        "a-page-for-boris.html": "100044",
        "archives.html": "100043",
        "index.html": "100042",
    }


def test_the_example_is_built_by_the_command_on_top_of_it(tmp_path: Path) -> None:
    pages = run_first_line("examples/pelican_shop/pelicanconf.py", tmp_path)
    assert (pages["index.html"], pages["a-page-for-boris.html"]) == ("100042", "100044")
