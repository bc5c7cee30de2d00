"""Every way of installing: the templates are found, and are those of the repository."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from rr_snippet import render_snippet
from rr_snippet.block import frame as template_files
from tests.support.lowest import lowest_releases

ROOT = Path(__file__).parents[1]
TEMPLATES = {path.name: path.read_text("utf-8").rstrip("\n") for path in (ROOT / "templates").glob("*.j2")}
ASSETS = sorted((ROOT / "rr_snippet" / "preview" / "assets").iterdir())
SHOW = (
    "import rr_snippet; from rr_snippet.block.frame import read_templates as r; "
    "print(rr_snippet.render_snippet({'customerId': 42})); print(sorted(r().items())); print(rr_snippet.__file__)"
)


def build(target: str, folder: Path) -> Path:
    """Build `wheel` or `sdist` with the backend itself, without a network."""
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    builder = WheelBuilder(str(ROOT)) if target == "wheel" else SdistBuilder(str(ROOT))
    return Path(next(iter(builder.build(directory=str(folder)))))


def show(path: str, cwd: Path) -> list[str]:
    """Run Python without this checkout on its path, with `path` first."""
    program = f"import sys; sys.path.insert(0, {path!r}); {SHOW}"
    run = subprocess.run([sys.executable, "-P", "-c", program], cwd=cwd, capture_output=True, text=True, check=True)
    *block, templates, file = run.stdout.splitlines()
    return ["\n".join(block), templates, file]


def test_the_page_of_the_package_index_leads_somewhere(tmp_path: Path) -> None:
    with zipfile.ZipFile(build("wheel", tmp_path)) as wheel:
        page = message_from_string(wheel.read("rr_snippet-0.2.0.dist-info/METADATA").decode())
    text = page.get_payload()
    assert isinstance(text, str)
    source = "https://github.com/rr-snippet/rr-snippet/blob/v0.2.0/"
    picture = "https://raw.githubusercontent.com/rr-snippet/rr-snippet/v0.2.0/docs/guide/preview.png"
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert [target for target in targets if not target.startswith("https://")] == []
    assert picture in targets
    assert text.replace(picture, "docs/guide/preview.png").replace(source, "") == (ROOT / "README.md").read_text(
        "utf-8"
    )
    assert dict(line.split(", ") for line in page.get_all("Project-URL", [])) == {
        "Homepage": "https://github.com/rr-snippet/rr-snippet",
        "Documentation": "https://rr-snippet.readthedocs.io",
        "Changelog": "https://github.com/rr-snippet/rr-snippet/blob/main/CHANGELOG.md",
        "Issues": "https://github.com/rr-snippet/rr-snippet/issues",
        "Source": "https://github.com/rr-snippet/rr-snippet",
    }


@pytest.mark.parametrize("form", ["zip", "unpacked", "checkout"])
def test_templates_are_found(form: str, tmp_path: Path) -> None:
    if form == "checkout":
        path = ROOT
    else:
        path = build("wheel", tmp_path)
        if form == "unpacked":
            zipfile.ZipFile(path).extractall(tmp_path / "site")
            path = tmp_path / "site"
    block, templates, file = show(str(path), tmp_path)
    assert block == render_snippet({"customerId": 42})
    assert templates == str(sorted(TEMPLATES.items()))
    assert Path(file).is_relative_to(path)


def test_a_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(build("wheel", tmp_path)) as wheel:
        names = set(wheel.namelist())
    assert {name.partition("/")[0] for name in names} == {"rr_snippet", "rr_snippet-0.2.0.dist-info"}
    assert {name for name in names if name.endswith(".j2")} == {f"rr_snippet/_templates/{name}" for name in TEMPLATES}
    assert {name for name in names if Path(name).suffix in (".html", ".css", ".js")} == {
        "rr_snippet/tracker.js",
        "rr_snippet/integrations/django/static/rr_snippet/loader.js",
        *(f"rr_snippet/preview/assets/{path.name}" for path in ASSETS),
    }
    assert {"rr_snippet/py.typed", "rr_snippet/tracker.js", "rr_snippet-0.2.0.dist-info/licenses/LICENSE"} <= names


def test_the_preview_finds_its_files_in_a_zip_too(tmp_path: Path) -> None:
    path = build("wheel", tmp_path)
    names = [asset.name for asset in ASSETS]
    program = (
        f"import sys; sys.path.insert(0, {str(path)!r}); from rr_snippet.preview.pages import asset; "
        f"sys.stdout.buffer.write(''.join(map(asset, {names})).encode())"
    )
    run = subprocess.run([sys.executable, "-P", "-c", program], cwd=tmp_path, capture_output=True, check=True)
    assert run.stdout == b"".join(asset.read_bytes() for asset in ASSETS)
    assert len(names) == 12


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    assert build("wheel", first).read_bytes() == build("wheel", second).read_bytes()
    assert build("sdist", first).read_bytes() == build("sdist", second).read_bytes()


def test_an_installed_package_reads_its_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "_templates").mkdir()
    for name in template_files.NAMES:
        (tmp_path / "_templates" / name).write_text(f"{name}\n")
    monkeypatch.setattr(template_files, "files", lambda _: tmp_path)
    assert template_files.read_templates() == {name: name for name in template_files.NAMES}


def test_each_requirement_is_one_lower_bound() -> None:
    lowest = lowest_releases()
    assert lowest["email-validator"] == "2.3", "the first version with `strict`, which reads addresses"
    assert lowest["click"] == "8.2", "the first version that treats a missing command as wrong usage"
    assert lowest["tree-sitter"] == "0.26.1", "the first version with linear time for text that is no JavaScript"


def test_the_extra_all_is_all_extras() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (everything,) = extras.pop("all")
    assert everything == f"rr-snippet[{','.join(sorted(extras))}]"
