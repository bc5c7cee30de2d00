"""Case files: an input as JSON, a line `---`, the expected text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rr_snippet import Customer, render_order, render_snippet
from rr_snippet.customer import Customer as CustomerModel

FOLDER = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True)
class Case:
    """One case file. A `document` is JSON for the library to read, a `customer` is data as it is."""

    name: str
    head: dict[str, Any]
    expected: str

    @property
    def options(self) -> dict[str, Any]:
        return self.head.get("options", {})

    def rules(self) -> dict[str, Any]:
        return {name: self.options[name] for name in RULES if name in self.options}

    def customer(self) -> Customer:
        return CustomerModel.parse(self.head["customer"], **self.rules())

    def render(self) -> str:
        if "order" in self.head:
            return render_order(self.head["order"], self.head.get("person"), **self.options)
        if "document" in self.head:
            return render_snippet(Customer.model_validate_json(self.head["document"]), **self.options)
        return render_snippet(self.head["customer"], **self.options)


RULES = ("phone_region", "phone_check", "require_consent", "phone_clean", "drop_faulty")


def read_cases(kind: str) -> list[Case]:
    """Return the cases of one folder of `tests/cases`."""
    cases = []
    for path in sorted((FOLDER / kind).glob("*.txt")):
        head, mark, expected = path.read_text("utf-8").partition("\n---\n")
        assert mark, f"{path}: no line ---"
        cases.append(Case(path.stem, json.loads(head), expected.removesuffix("\n")))
    assert cases, f"no cases in {kind}"
    return cases


def each_case(kind: str) -> pytest.MarkDecorator:
    """Run a test for each case of one folder."""
    return pytest.mark.parametrize("case", read_cases(kind), ids=lambda case: case.name)
