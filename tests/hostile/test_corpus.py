"""The corpus is what it says, and all of it comes through a page read by a parser and run by an engine."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Any

import html5lib
import pytest

from rr_snippet import Customer, CustomerError, RenderError, render_snippet
from tests.hostile.corpus import Hostile, read_corpus, read_line
from tests.support.javascript import run_html

CORPUS = read_corpus()
WHOLE = [case for case in CORPUS if not case.has_surrogate]
HALVES = [case for case in CORPUS if case.has_surrogate]
FRAME = str(render_snippet({"customerId": "1"})).partition('{"customerId"')[0]
LIMIT = 50_000_000


def test_there_are_enough_each_once_and_each_with_a_reason() -> None:
    assert len({case.text for case in CORPUS}) == len(CORPUS) >= 500
    assert all(len(case.why) > 2 for case in CORPUS)


@pytest.mark.parametrize(
    "line", ['"a"', '"a" — ', '"a" - why', "a — why", "5 — why", '"a" * 0 — why', '"a" * x — why', '"a"  — why']
)
def test_a_line_without_a_string_or_a_reason_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        read_line(line, "x")


@pytest.mark.parametrize(
    ("line", "text"), [('"\\ud800" — why', "\ud800"), ('"ab" * 3 — why', "ababab"), ('" — " — why', " — ")]
)
def test_a_line_is_read(line: str, text: str) -> None:
    assert read_line(line, "x") == Hostile(text, "x", "why")


@pytest.mark.parametrize(
    ("technique", "parts"),
    [
        ("tags", ["</script>", "</SCRIPT\t", "</ScRiPt\f", "</script/", "<plaintext>", "onerror=", "Object.prototype"]),
        ("comments", ["<!--<script>", "<!--<SCRIPT>", "--!>", "<![CDATA[", "]]>", "<?xml", "<!DOCTYPE"]),
        ("entities", ["&lt;", "&#x3c;", "&quot;", "&nosuch;", "&#xd800;"]),
        ("strings", ['"', "'", "\\", "\\\n", '"});']),
        ("controls", ["\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\r\n"]),
        ("keys", ["__proto__", "constructor", "toJSON", "4294967294", "01", "\u212a", "e\u0301"]),
        ("templates", ["{{ 7*7 }}", "{% raw %}", "${x}", "%(customerId)s", "{0}", "`", "<%=", "{{#if", "| upcase"]),
        ("charsets", ["\x1b(J", "\x1b$B", "\x0e", "~{", "+ADw", "\ufeff", "表"]),
        ("unicode", ["\ud800", "\udfff", "\ufdd0", "\uffff", "\U0010ffff", "\u202e", "\u2066", "😀"]),
    ],
)
def test_every_technique_is_there(technique: str, parts: list[str]) -> None:
    texts = [case.text for case in CORPUS if case.technique == technique]
    assert [part for part in parts if not any(part in text for text in texts)] == []


def test_long_strings_are_long() -> None:
    assert min(len(case.text) for case in CORPUS if case.technique == "long") >= 4_000


@pytest.mark.parametrize("case", HALVES, ids=lambda case: ascii(case.text))
@pytest.mark.parametrize(
    "place",
    [
        lambda text: {"customer_id": text},
        lambda text: {"customer_id": "1", "default_stock_id": text},
        lambda text: {"customer_id": "1", "custom_data": {text: "a"}},
        lambda text: {"customer_id": "1", "custom_data": {"a": text}},
        lambda text: {"customer_id": "1", "soft_links": {text: "a"}},
        lambda text: {"customer_id": "1", "soft_links": {"a": text}},
    ],
    ids=["id", "stock", "key", "value", "link name", "link value"],
)
def test_half_a_pair_is_refused_with_and_without_validation(place: Callable[[str], Any], case: Hostile) -> None:
    with pytest.raises(CustomerError) as refused:
        Customer(**place(case.text))
    assert refused.value.code == "text.surrogate"
    with pytest.raises(RenderError) as unwritten:
        render_snippet(Customer.model_construct(**place(case.text)))
    assert unwritten.value.code == "text.surrogate"


def all_at_once() -> dict[str, dict[str, str]]:
    """Return each string as a key and as a value of custom data, and as both halves of a soft link."""
    keys = [case.text for case in WHOLE if case.text != "__proto__"]
    values = {f"value {number}": case.text for number, case in enumerate(WHOLE)}
    return {
        "custom_data": {**values, **{key: f"key {number}" for number, key in enumerate(keys)}},
        "soft_links": {case.text: case.text for case in WHOLE},
    }


def expected(entries: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return what the tracker has to get, written without the code under test."""
    links = [{"name": name, "value": value} for name, value in entries["soft_links"].items()]
    data = entries["custom_data"]
    return {"customerId": "1", "customData": data, "softLinks": links, "isAgreedToReceiveMarketingMail": True}


def faults(block: str, payload: dict[str, Any]) -> set[str]:
    """Return what is wrong with a page that holds `block`, by the names of the checks that saw it."""
    page = f"<!DOCTYPE html><html><head></head><body>{block}<p id=after>after</p></body></html>"
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    tags = [element.tag for element in tree.iter() if isinstance(element.tag, str)]
    outcome = run_html(page)
    arguments = [call.arguments for call in outcome.calls if call.method == "setCustomer"]
    prototypes = [name for name in outcome.strays if ".prototype." in name]
    found = {
        "scripts": tags.count("script") != 1,
        "markup": tags != ["html", "head", "body", "script", "p"] or tree.findtext("body/p") != "after",
        "handlers": any(name.lower().startswith("on") for element in tree.iter() for name in element.keys()),  # noqa: SIM118
        "prototype": bool(prototypes),
        "ran": len(prototypes) != len(outcome.strays) or bool(outcome.printed or outcome.errors or outcome.lost),
        "calls": len(outcome.calls) != 1 or len(arguments) != 1,
        "properties": arguments != [(payload,)],
    }
    return {name for name, is_wrong in found.items() if is_wrong}


def test_all_at_once_come_through_a_parser_and_an_engine() -> None:
    entries = all_at_once()
    customer = Customer.model_construct(customer_id="1", **entries)
    assert faults(str(render_snippet(customer, payload_max_chars=LIMIT)), expected(entries)) == set()


@pytest.mark.parametrize("technique", sorted({case.technique for case in WHOLE}))
def test_as_id_each_comes_through(technique: str) -> None:
    """One customer a string; those of a technique share a page, each block with its element behind it."""
    cases = [case for case in WHOLE if case.technique == technique]
    customers = [Customer.model_construct(customer_id=case.text) for case in cases]
    blocks = [render_snippet(customer, payload_max_chars=LIMIT) for customer in customers]
    page = "".join(f"{block}<p>after</p>" for block in blocks)
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    tags = [element.tag for element in tree.iter() if element.tag in {"script", "p"}]
    assert tags == ["script", "p"] * len(cases)
    outcome = run_html(page)
    assert (outcome.strays, outcome.thrown, outcome.printed, outcome.errors) == ((), (), (), ())
    assert [call.arguments[0]["customerId"] for call in outcome.calls] == [case.text for case in cases]


def bare(text: str) -> str:
    return json.dumps(text)


def end_tags_only(text: str) -> str:
    return json.dumps(text).replace("</", "<\\/")


def for_attributes(text: str) -> str:
    return json.dumps(html.escape(text))


def weak_block(write: Callable[[str], str], key: str, value: str) -> str:
    return f'{FRAME}{{"customerId":"1","customData":{{{write(key)}:{write(value)}}}}});\n      }} catch (e) {{}}\n  }})\n</script>'


@pytest.mark.parametrize(
    ("write", "key", "value", "check"),
    [
        (bare, "a", "</script><script>pwned=1</script>", "scripts"),
        (bare, "a", "</script><script>pwned=1</script>", "ran"),
        (bare, "</script><script>pwned=1</script>", "a", "ran"),
        (bare, "a", "</script><script>Object.prototype.pwned=1</script>", "prototype"),
        (bare, "a", "</script><img src=x onerror=pwned=1>", "handlers"),
        (bare, "a", "</script>", "calls"),
        (end_tags_only, "a", "<!--<script>", "markup"),
        (for_attributes, "a", '"', "properties"),
        (end_tags_only, "__proto__", "a", "properties"),
    ],
)
def test_a_weak_escaper_is_caught(write: Callable[[str], str], key: str, value: str, check: str) -> None:
    """The negative controls: each check of `faults` sees what a weaker escaper lets through."""
    assert {key, value} - {"a"} <= {case.text for case in CORPUS}
    payload = {"customerId": "1", "customData": {key: value}}
    assert check in faults(weak_block(write, key, value), payload)
    assert faults(weak_block(bare, "b", "harmless"), {"customerId": "1", "customData": {"b": "harmless"}}) == set()
