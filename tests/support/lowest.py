"""Print the lowest releases that the package claims to work with, as constraints for pip.

After `python tests/support/lowest.py >lowest.txt`, `pip install --constraint lowest.txt ...` installs the lowest
release of everything that is declared. pip chooses the rest, such as the tools of the tests.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
NAME = "rr-snippet"


def declared() -> Iterator[Requirement]:
    """Yield the requirements of the package and of its extras, except the extra that only names the others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for lines in (project["dependencies"], *project["optional-dependencies"].values()):
        for requirement in map(Requirement, lines):
            if requirement.name != NAME:
                yield requirement


def lowest_releases() -> dict[str, str]:
    """Return each name with its lowest release.

    Raises:
        ValueError: a requirement is not exactly one lower bound, or a name has two bounds.
    """
    lowest: dict[str, str] = {}
    for requirement in declared():
        bounds = [*requirement.specifier]
        if [bound.operator for bound in bounds] != [">="]:
            raise ValueError(f"{requirement}: one lower bound and no other expected")
        if lowest.setdefault(requirement.name, bounds[0].version) != bounds[0].version:
            raise ValueError(f"{requirement}: another bound elsewhere")
    return lowest


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}=={version}\n" for name, version in sorted(lowest_releases().items()))
