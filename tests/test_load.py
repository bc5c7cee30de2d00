"""Faults from outside and many customers at once: errors are clear, and no block has another customer's data."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rr_snippet import Customer, CustomerError, Renderer, RenderError, RenderOptions, render_snippet
from rr_snippet.integrations._visit import Visit

ROOT = Path(__file__).parent.parent
RENDERER = Renderer(RenderOptions())
_NUMBERS = re.compile(r"[0-9]{6}")


def customer(number: int) -> dict[str, Any]:
    """Return a customer with the same six digits in every field."""
    mark = f"{number:06}"
    return {
        "customerId": mark,
        "email": f"a{mark}@shop.ru",
        "customData": {f"ключ {mark}": f"<{mark}>"},
        "defaultStockId": mark,
        "softLinks": {f"link {mark}": mark},
    }


def mixed_up(number: int, block: str) -> bool:
    found = _NUMBERS.findall(block)
    return len(found) != 7 or set(found) != {f"{number:06}"}


def render_all(numbers: Iterable[int]) -> list[int]:
    """Return the numbers of the customers whose block is not theirs. Every other customer is given as a model."""
    faults = []
    for number in numbers:
        data = customer(number)
        block = RENDERER.render(Customer.parse(data) if number % 2 else data, nonce=None)
        if mixed_up(number, block):
            faults.append(number)
    return faults


def test_a_mix_up_would_be_seen() -> None:
    block = RENDERER.render(customer(1))
    assert not mixed_up(1, block)
    assert mixed_up(2, block)
    assert mixed_up(1, block.replace("000001", "000002", 1))
    assert mixed_up(1, block + block)


@pytest.mark.no_cover  # with a tracer this takes ten times as long
def test_two_threads_mix_nobody_up() -> None:
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(render_all, [range(50_000), range(50_000, 100_000)])) == [[], []]


@pytest.mark.no_cover
def test_two_hundred_coroutines_mix_nobody_up() -> None:
    async def one(start: int) -> list[int]:
        faults = []
        for number in range(start, start + 500):
            block = RENDERER.render(customer(number))
            await asyncio.sleep(0)  # all the others run between the rendering and the check
            if mixed_up(number, block):
                faults.append(number)
        return faults

    async def all_of_them() -> list[list[int]]:
        return await asyncio.gather(*(one(100_000 + 500 * number) for number in range(200)))

    assert asyncio.run(all_of_them()) == [[]] * 200


def nested(kind: type, depth: int) -> Any:
    value: Any = "marker"
    for _ in range(depth):
        value = [value] if kind is list else {"marker": value}
    return value


def cyclic(kind: type) -> Any:
    value: Any = kind()
    if kind is list:
        value.append(value)
    else:
        value["marker"] = value
    return value


STRANGE = {
    "a deep list": lambda: nested(list, 50_000),
    "a deep dict": lambda: nested(dict, 50_000),
    "a list in itself": lambda: cyclic(list),
    "a dict in itself": lambda: cyclic(dict),
}
FIELDS = {
    "customerId": "customer_id.type",
    "email": "email.type",
    "phone": "phone.type",
    "customData": "custom_data.",
    "defaultStockId": "stock_id.type",
    "softLinks": "soft_link",
    "mobilePushSubscription": "push.",
    "isAgreedToReceiveMarketingMail": "consent.type",
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("strange", STRANGE)
def test_value_without_an_end_is_refused(strange: str, field: str) -> None:
    for read in (Customer.parse, Customer.model_validate, render_snippet):
        with pytest.raises(CustomerError) as caught:
            read({"customerId": "1", field: STRANGE[strange]()})
        assert caught.value.code.startswith(FIELDS[field])
        assert "marker" not in str(caught.value)


def test_customer_that_holds_itself_is_refused() -> None:
    data: dict[str, Any] = {"customerId": "1"}
    data["customData"] = data
    data["softLinks"] = [data]
    data["mobilePushSubscription"] = {"fcmSubscription": data}
    with pytest.raises(CustomerError) as caught:
        render_snippet(data)
    assert {problem.path.partition("[")[0].partition(".")[0] for problem in caught.value.problems} == {
        "customData", "softLinks", "mobilePushSubscription"
    }  # fmt: skip


@pytest.mark.parametrize("field", ["custom_data", "soft_links", "mobile_push_subscription", "email", "customer_id"])
@pytest.mark.parametrize("strange", STRANGE)
def test_value_without_an_end_past_validation_is_no_text(strange: str, field: str) -> None:
    built = Customer.model_construct(**{"customer_id": "1", field: STRANGE[strange]()})
    with pytest.raises(RenderError) as caught:
        render_snippet(built)
    assert caught.value.code == "payload.leaf"
    assert "marker" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"customerId":' * 100_000, '{"customerId":"1","customData":' + "[" * 100_000]
)
def test_deep_json_is_refused(text: str) -> None:
    with pytest.raises(CustomerError) as caught:
        Customer.model_validate_json(text)
    assert caught.value.code == "customer.json"


def test_many_entries_are_too_large_and_nothing_worse() -> None:
    with pytest.raises(RenderError) as caught:
        render_snippet({"customerId": "1", "customData": {str(number): "x" for number in range(200_000)}})
    assert caught.value.code == "payload.too_large"
    with pytest.raises(CustomerError) as refused:
        render_snippet({"customerId": "1", "customData": dict.fromkeys(range(5000), "x")})
    assert len(refused.value.problems) == 101
    assert str(refused.value.problems[-1]) == "further problems, not listed: 4900 [customer.more]"


@pytest.mark.no_cover  # what a tracer allocates would be counted too
def test_memory_stays_flat() -> None:
    def held_after(numbers: range) -> int:
        render_all(numbers)
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        held_after(range(2_000))
        before = held_after(range(2_000, 4_000))
        after = held_after(range(4_000, 12_000))
    finally:
        tracemalloc.stop()
    # If one block in a hundred were kept, there would be 80 of them with half a kilobyte each.
    assert after - before < 20_000


# Files that cannot be opened

EXHAUSTED = """
import resource, sys
from rr_snippet import Customer, CustomerError, render_snippet
usual = {"customerId": "42", "email": "anna@shop.ru"}
unusual = {"customerId": "42", "phone": "8 (911) 222-33-44", "email": "anna@xn--80a1acny.xn--p1ai"}
if sys.argv[1] == "later":
    render_snippet(usual), render_snippet(unusual, phone_region="RU")
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
for data in (usual, unusual):
    try:
        print(render_snippet(data, phone_region="RU").count("rrApi.setCustomer"))
    except OSError as error:
        assert "anna" not in repr(vars(error)) + str(error) and error.__context__ is None
        print(error.strerror)
"""


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Without coverage, which opens its own file at the end of a process.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT, env=env | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.parametrize(("when", "printed"), [("later", ["1", "1"]), ("at once", ["Too many open files"] * 2)])
def test_without_file_handles_what_is_loaded_goes_on(when: str, printed: list[str]) -> None:
    """Modules for the first use can no longer be loaded. The error is the system's and contains no customer."""
    done = run_python(EXHAUSTED, when)
    assert (done.stderr, done.stdout.splitlines()) == ("", printed)


COMMAND = """
import resource, sys
import rr_snippet.cli.render, rr_snippet.cli.validate, rr_snippet.sources.records
from rr_snippet import Customer, render_snippet
from rr_snippet.cli import main
render_snippet(Customer(customer_id="1"))
sys.argv = ["rr-snippet", *sys.argv[1:]]
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
sys.exit(main())
"""


@pytest.mark.parametrize("command", ["render", "validate"])
def test_without_file_handles_the_command_says_so_in_one_line(command: str) -> None:
    done = run_python(COMMAND, command, "examples/customers/small.json")
    # Problems are the result of `validate`, but they keep `render` from having one.
    told = done.stdout if command == "validate" else done.stderr
    assert told.splitlines()[0].endswith("cannot be read: Too many open files [source.unreadable]")
    assert (done.returncode, "Traceback" in done.stderr, "setCustomer" in done.stdout) == (2, False, False)


# A site's own function


class Answering(Visit):
    """A visit whose customer is whatever the site's function returns, or raises."""

    def __init__(self, answer: Callable[[], object]) -> None:
        self.answer = answer

    def find_customer(self, settings: object) -> object:
        return self.answer()


def raise_it(error: BaseException) -> Callable[[], object]:
    def answer() -> object:
        raise error

    return answer


def endless() -> Iterator[str]:
    while True:
        yield "anna@shop.ru"


ANSWERS: dict[str, Callable[[], object]] = {
    "a time-out": raise_it(TimeoutError("anna@shop.ru")),
    "no memory": raise_it(MemoryError("anna@shop.ru")),
    "recursion": raise_it(RecursionError("anna@shop.ru")),
    "no handles": raise_it(OSError(24, "Too many open files", "anna@shop.ru")),
    "several at once": raise_it(ExceptionGroup("anna@shop.ru", [ValueError("anna@shop.ru")])),
    "an object": lambda: object(),
    "a text": lambda: "anna@shop.ru",
    "a list": lambda: [("customerId", "anna@shop.ru")],
    "a generator without an end": endless,
    "a class": lambda: Customer,
    "a deep dict": lambda: {"customerId": "1", "customData": nested(dict, 50_000)},
    "a dict in itself": lambda: cyclic(dict),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_strange_answer_costs_the_block_and_not_the_page(name: str, caplog: pytest.LogCaptureFixture) -> None:
    assert Answering(ANSWERS[name]).render() == ""
    assert len(caplog.records) == 1
    assert caplog.records[0].getMessage().startswith("no block: ")
    assert "anna" not in caplog.text
    assert caplog.records[0].exc_info is None
