"""Every target with its seeds and found cases, and with a fault that it must find."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rr_snippet import Customer, CustomerError
from rr_snippet.block import escape
from rr_snippet.block import read_back as block
from rr_snippet.customer import phone, push_fields
from rr_snippet.customer import strict_json as json_text
from rr_snippet.errors import Problem
from rr_snippet.html.found import Scan
from rr_snippet.page import Insertion, existing_call
from rr_snippet.page import splice as page
from rr_snippet.sources import records as sources
from tests.fuzzing import customer_targets
from tests.fuzzing.targets import TARGETS

HERE = Path(__file__).parent
CASES = sorted(path for kept in ("corpus", "regressions") for path in (HERE / kept).glob("*/*"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: "-".join(path.parts[-3:]))
def test_nothing_is_wrong_with_what_is_kept(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_has_seeds() -> None:
    assert {path.parent.name for path in CASES} == set(TARGETS)


def replaced(word: str, other: str) -> Callable[[Any], Any]:
    return lambda function: lambda *arguments, **options: function(*arguments, **options).replace(word, other)


def always(value: object) -> Callable[[Any], Any]:
    return lambda _function: lambda *_arguments, **_options: value


def raising_inside(_function: Any) -> Any:
    """Make the error of the JSON reader, which holds the document, the context of ours."""

    def guarded(decode: Any, *arguments: Any, first_line: int = 1) -> Any:
        try:
            return decode(*arguments)
        except ValueError:
            raise CustomerError(Problem.of("customer.json"))  # noqa: B904 - this is the fault

    return guarded


def one_unit_early(place: Any) -> Any:
    def changed(found: Scan) -> Insertion:
        insertion: Insertion = place(found)
        return Insertion(max(insertion.offset - 1, 0), insertion.rule)

    return changed


# Each fault with the target that must find it, and the message.
FAULTS: list[tuple[str, Any, str, Callable[[Any], Any], str]] = [
    ("customer_json", json_text, "_guarded", raising_inside, "shows a value"),
    ("customer_json", escape, "_part_dashes", lambda _function: str, "another block"),
    ("customer_json", customer_targets, "read_block", always({}), "reads back"),
    ("json_line", json_text, "_count_texts", always(4), "another"),
    ("two_ways", customer_targets, "read_as_a_host", always(Customer(customer_id="x")), "something else"),
    ("two_ways", customer_targets, "render_template", replaced("rrApi", "rr"), "the template"),
    ("two_ways", customer_targets, "expected_payload", always({"customerId": "x"}), "another block"),
    ("phone", phone, "PHONE_MAX_DIGITS", lambda _limit: 99, "too many"),
    ("phone", phone, "_to_e164", lambda _function: lambda digits, region: digits, "no E.164"),
    ("phone", phone, "_check_number", always(None), "not valid"),
    ("timestamp", push_fields, "date", always(None), "no point in time"),
    ("records", sources, "parse_read", always((None, ())), "neither"),
    ("page_text", existing_call, "has_call", always(False), "put again"),
    ("page_text", page, "_splice", lambda splice: lambda *given: splice(*given) + "\n", "another byte"),
    ("page_bytes", page, "_splice", lambda splice: lambda *given: splice(*given) + b"\n", "another byte"),
    ("page_bytes", existing_call, "_objects_in", always(None), ""),
    ("soup", page, "insertion_of", one_unit_early, "read_html5lib"),
    ("block_text", block, "_read_pairs", lambda _function: dict, "not what we write"),
    ("block_changed", block, "_read_pairs", lambda _function: dict, "not what we write"),
]


@pytest.mark.parametrize(("target", "where", "name", "change", "said"), FAULTS)
def test_a_fault_is_found(
    target: str, where: Any, name: str, change: Callable[[Any], Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, change(getattr(where, name)))
    found = []
    for path in CASES:
        if path.parent.name == target:
            try:
                TARGETS[target](path.read_bytes())
            except Exception as error:
                found.append(str(error))
    assert any(said in text for text in found), found
    assert found


def test_every_target_can_fail() -> None:
    assert {target for target, *_ in FAULTS} == set(TARGETS)
