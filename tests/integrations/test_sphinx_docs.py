"""The settings for Sphinx in docs/guide/static-sites.md, in a site built with them."""

from __future__ import annotations

from pathlib import Path

from tests.integrations.sites import build_site, docs_examples, run_first_line


def test_settings_and_fields_work_as_written(tmp_path: Path) -> None:
    settings, fields = docs_examples("Sphinx")
    files = {
        "conf.py": settings,
        "customers.json": '{"about.html": {"customerId": "100043"}}',
        "index.rst": "A shop\n======\n\n.. toctree::\n\n   about\n   boris\n",
        "about.rst": "About\n=====\n",
        "boris.rst": f"{fields}\nA page for Boris\n================\n",
    }
    pages = build_site(tmp_path, files, "sphinx", "-q", "-b", "html", ".", "site")
    assert pages == {
        "about.html": "100043",
        "boris.html": "100044",
        "genindex.html": None,
        "index.html": "100042",
        "search.html": None,
    }


def test_the_example_is_built_by_the_command_on_top_of_it(tmp_path: Path) -> None:
    pages = run_first_line("examples/sphinx_shop/conf.py", tmp_path)
    assert (pages["index.html"], pages["boris.html"]) == ("100042", "100044--b")
