"""The settings for MkDocs in docs/guide/static-sites.md, in a site built with them."""

from __future__ import annotations

from pathlib import Path

from tests.integrations.sites import build_site, docs_examples, run_first_line


def test_settings_and_front_matter_work_as_written(tmp_path: Path) -> None:
    (customers,) = docs_examples("The command")
    settings, front_matter = docs_examples("MkDocs")
    files = {
        "mkdocs.yml": f"site_name: A shop\ntheme: mkdocs\n{settings}",
        "customers.toml": customers,
        "docs/index.md": "# A shop\n",
        "docs/boris.md": f"{front_matter}# A page for Boris\n",
        "docs/orders/7.md": "# Order 7\n",
    }
    pages = build_site(tmp_path, files, "mkdocs", "build", "--quiet")
    assert pages == {
        "404.html": "100042",
        "boris/index.html": "100044",
        "index.html": "100042",
        "orders/7/index.html": "100043",
    }


def test_the_example_is_built_by_the_command_on_top_of_it(tmp_path: Path) -> None:
    pages = run_first_line("examples/mkdocs_shop/mkdocs.yml", tmp_path)
    assert (pages["index.html"], pages["boris/index.html"]) == ("100042", "100044")
