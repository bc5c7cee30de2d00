"""Which frameworks are installed, and which must be.

The tests of a framework run if it is installed: `test_django_*.py` if Django is, and so on. The files of a missing
framework are left out as a whole, so nothing is skipped. If a framework in `RR_SNIPPET_REQUIRE`
(`RR_SNIPPET_REQUIRE=django,flask`) is missing, the run fails at once.
"""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

import pytest

REQUIRE_VARIABLE = "RR_SNIPPET_REQUIRE"

# By the first words of a file's name after `test_`: the distribution it needs, and its lowest major version.
FRAMEWORKS = {
    "django": ("django", 5),
    "django6": ("django", 6),
    "djangojinja": ("django-jinja", 2),
    "djangorest": ("djangorestframework", 3),
    "flask": ("flask", 3),
    "starlette": ("starlette", 0),
    "fastapi": ("fastapi", 0),
    "litestar": ("litestar", 2),
    "mkdocs": ("mkdocs", 1),
    "nikola": ("nikola", 8),
    "pelican": ("pelican", 4),
    "sphinx": ("sphinx", 8),
}


def files_to_ignore() -> list[str]:
    """Return the patterns of files that cannot run here, for `collect_ignore_glob` of a conftest.

    Raises:
        pytest.UsageError: a required framework is missing.
    """
    missing = [name for name in FRAMEWORKS if not is_installed(name)]
    required = {name.strip() for name in os.environ.get(REQUIRE_VARIABLE, "").split(",") if name.strip()}
    if not_there := sorted(required - (FRAMEWORKS.keys() - missing)):
        raise pytest.UsageError(f"{REQUIRE_VARIABLE} names what is not installed: {', '.join(not_there)}")
    return [pattern for name in missing for pattern in (f"test_{name}.py", f"test_{name}_*.py")]


def is_installed(name: str) -> bool:
    """Return whether the framework called `name` in the table is installed."""
    package, lowest = FRAMEWORKS[name]
    try:
        return int(version(package).split(".")[0]) >= lowest
    except PackageNotFoundError:
        return False
