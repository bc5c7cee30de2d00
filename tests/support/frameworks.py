"""Which frameworks are here, and which must be.

Tests of a framework run where it is installed: `test_django_*.py` where Django is, and so on. Files for one that is
missing are left out as a whole, so that there is nothing to skip. What `RR_SNIPPET_REQUIRE` names
(`RR_SNIPPET_REQUIRE=django,flask`) must be there: without it the run fails at once.
"""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

import pytest

REQUIRE_VARIABLE = "RR_SNIPPET_REQUIRE"

# The first words of a file's name after `test_` -> the distribution it needs, and the lowest major version of it.
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
    """Tell whether the framework that goes by `name` in the table is here."""
    package, lowest = FRAMEWORKS[name]
    try:
        return int(version(package).split(".")[0]) >= lowest
    except PackageNotFoundError:
        return False
