"""Who may import whom, and what an import of the package costs."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "rr_snippet"

# A module imports only from levels before its own.
LEVELS = [
    ["messages"],
    ["errors", "block.frame"],
    ["customer.texts", "block.escape", "customer.email", "page.existing_call", "site.patterns", "site.listing"],
    ["html.standard.names", "html.tokens", "html.found", "html.units"],
    ["html.standard.stack", "html.notes"],
    ["html.standard.body", "html.fast"],
    ["html.standard.tables"],
    ["html.standard.tree"],
    ["html.standard.reader"],
    ["html.scan"],
    ["customer.faults", "customer.strict_json", "customer.phone", "block.csp"],
    ["customer.model", "customer.rules"],
    ["customer.push", "customer.soft_links", "customer.fields"],
    ["customer.customer"],
    ["block.payload", "sources.text_fields", "customer.schema"],
    ["sources.records"],
    ["block.render"],
    ["block.read_back", "site.blocks"],
    ["page.splice"],
    ["site.diff"],
    ["site.plan"],
    ["bulk.rows"],
    ["bulk.columns"],
    ["bulk.inputs", "bulk.results"],
    ["bulk.shards"],
    [""],
    ["check", "testing"],
    ["bulk.workers"],
    ["site.build"],
    ["bulk"],
    ["sources", "site", "page", "customer", "block", "html", "html.standard"],
    ["arrow", "bulk.job", "preview"],
    ["integrations"],
    ["cli"],
    ["__main__"],
]
LEVEL_OF = {name: level for level, names in enumerate(LEVELS) for name in names}

# Siblings within a package may import each other.
PACKAGES = {"check", "cli", "integrations", "preview"}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    if parts[0] in PACKAGES:
        return parts[0]
    return ".".join(parts).removesuffix("__init__").removesuffix(".")


def imported_names(path: Path) -> set[str]:
    """Return the modules of this package that `path` imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide what they name"
            modules = [node.module or ""]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            if module == "rr_snippet" or module.startswith("rr_snippet."):
                parts = module.split(".")[1:]
                names.add(parts[0] if parts and parts[0] in PACKAGES else ".".join(parts))
    return names


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_import_from_lower_levels_only(path: Path) -> None:
    name = module_name(path)
    for imported in imported_names(path):
        if imported == name and name in PACKAGES:
            continue
        assert LEVEL_OF[imported] < LEVEL_OF[name], f"{name or 'rr_snippet'} imports {imported}"


def run_program(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True).stdout


def loaded_by(code: str) -> set[str]:
    written = run_program(f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)))")
    return set(json.loads(written.splitlines()[-1]))


UNWANTED = {
    "bs4", "dns", "email_validator", "phonenumbers", "click", "flask", "django", "starlette", "fastapi", "litestar",
    "pyarrow", "tree_sitter", "difflib", "html5lib", "uvicorn",
}  # fmt: skip

USUAL = """
from rr_snippet import render_snippet
render_snippet({
    "customerId": 42, "email": "anna.petrova@shop.ru", "phone": "+7 (911) 222-33-44", "defaultStockId": "Москва",
    "customData": {"Имя": "Анна"}, "softLinks": {"card": "1"},
})
"""


def test_an_import_loads_little() -> None:
    assert loaded_by("import rr_snippet") & UNWANTED == set()


def test_a_usual_customer_loads_no_more() -> None:
    assert loaded_by(USUAL) & UNWANTED == set()


def test_a_usual_customer_needs_no_model() -> None:
    run_program(f"""{USUAL}
from rr_snippet import ApnsSubscription, Customer, FcmSubscription, HuaweiSubscription
models = [Customer, ApnsSubscription, FcmSubscription, HuaweiSubscription]
assert not any(model.__pydantic_complete__ for model in models)
Customer.model_rebuild()
assert Customer.__pydantic_complete__
""")


def test_threads_may_be_the_first_to_use_a_model_together() -> None:
    # Together with the first use by pydantic itself, in a host's model and as a type of its own.
    run_program("""
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from pydantic import TypeAdapter, create_model

from rr_snippet import ApnsSubscription, Customer

sys.setswitchinterval(1e-6)
push = {
    "isDevEnvironment": True, "creationTimestamp": "2025-03-31T11:03:02Z", "applicationId": "ru.shop", "token": "t"
}
data = {"customerId": "1", "mobilePushSubscription": {"apnsSubscription": push}}
ways = [
    lambda: Customer(**data),
    lambda: Customer.parse(data),
    lambda: Customer.model_validate(data),
    lambda: TypeAdapter(Customer).validate_python(data),
    lambda: create_model("Host", customer=Customer)(customer=data).customer,
    lambda: Customer(customer_id="1", mobile_push_subscription=ApnsSubscription(**push)),
] * 2
start = Barrier(len(ways))


def use(way):
    start.wait()
    customer = way()
    assert type(customer) is Customer and type(customer.mobile_push_subscription) is ApnsSubscription
    return customer.model_dump_json()


assert not Customer.__pydantic_complete__
with ThreadPoolExecutor(len(ways)) as pool:
    assert len(set(pool.map(use, ways))) == 1
""")


def test_nobody_asks_for_the_environment() -> None:
    for path in PACKAGE.rglob("*.py"):
        if module_name(path) in PACKAGES:
            continue
        text = path.read_text("utf-8")
        assert "os.environ" not in text, path
        assert "getenv" not in text, path


def test_public_names() -> None:
    import rr_snippet

    assert len(set(rr_snippet.__all__)) == len(rr_snippet.__all__)
    assert {name for name in rr_snippet.__all__ if not getattr(rr_snippet, name).__doc__} == set()


def test_pages_are_read_by_code_that_loads_when_it_is_asked_for() -> None:
    pages = {"rr_snippet.page", "rr_snippet.html.scan"}
    assert loaded_by(USUAL) & pages == set()
    assert loaded_by("from rr_snippet import find_insertion, inject") >= pages


def test_names_that_load_later_are_names_all_the_same() -> None:
    import rr_snippet

    assert set(rr_snippet.__all__) <= set(dir(rr_snippet))
    with pytest.raises(AttributeError, match="no attribute 'injct'"):
        _ = rr_snippet.injct
