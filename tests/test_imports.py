"""The modules that may import each other, and the cost of importing the package."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "rr_snippet"

# A room imports only from rooms of lower levels, and a module at the root counts as one; `rr_snippet` is its `__init__`.
LEVELS = [
    ["errors", "messages", "options", "files", "processes"],
    ["customer", "html"],
    ["block", "sources"],
    ["page", "check", "bulk"],
    ["rr_snippet", "site", "testing", "arrow"],
    ["preview", "integrations"],
    ["cli"],
    ["__main__"],
]
LEVEL_OF = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}

ROOT_FILES_MAX = 9
MODULE_LINES_MAX = 300
# A table with a row for each code, which gains nothing by being divided.
LONG_MODULES = {"messages.py"}


def module_name(path: Path) -> str:
    parts = ["rr_snippet", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def imported_by(module: str) -> set[str]:
    """Return the modules of this package that `module` imports at run time, anywhere in the file."""
    found = set()
    nodes = list(ast.walk(ast.parse(MODULES[module].read_text("utf-8"))))
    for node in nodes:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes = [each for each in nodes if each not in node.body]
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide what they name"
            # The version stands before the imports of the root, so that there is nothing to wait for.
            names = [f"{node.module}.{alias.name}" for alias in node.names if alias.name != "__version__"]
            found |= {name if name in MODULES else str(node.module) for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & MODULES.keys()


@pytest.mark.parametrize("module", MODULES)
def test_rooms_import_from_lower_levels_only(module: str) -> None:
    room = room_of(module)
    for imported in imported_by(module):
        if room_of(imported) == room or LEVEL_OF[room] == LEVEL_OF[room_of(imported)] == 0:
            continue
        assert LEVEL_OF[room_of(imported)] < LEVEL_OF[room], f"{module} imports {imported}"


def test_integrations_do_not_import_each_other() -> None:
    # Each is a module or a folder. Modules that several need have an underscore.
    for module in MODULES:
        parts = module.split(".")
        if parts[:2] != ["rr_snippet", "integrations"] or len(parts) == 2:
            continue
        imported = {name.split(".")[2] for name in imported_by(module) if name.startswith("rr_snippet.integrations.")}
        assert {name for name in imported if not name.startswith("_")} <= {parts[2]}, module


def test_no_module_imports_itself_by_way_of_others() -> None:
    # An `__init__` re-exports the names of its room. The module that defines a name counts.
    graph = {module: imported_by(module) - {module} for module, path in MODULES.items() if path.name != "__init__.py"}
    tuple(TopologicalSorter(graph).static_order())


def test_the_inits_of_rooms_compute_nothing() -> None:
    for module, path in MODULES.items():
        if path.name != "__init__.py" or module in {"rr_snippet", "rr_snippet.cli"}:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), module
        kinds = {type(node) for node in tree.body[1:]}
        # In integrations it checks for the framework first.
        assert kinds <= {ast.ImportFrom, ast.Assign, *([ast.With] if "integrations" in module else [])}, module


def test_the_house_can_be_taken_in_at_a_look() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= ROOT_FILES_MAX
    lines = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in MODULES.values()
    }
    assert {name: count for name, count in lines.items() if count > MODULE_LINES_MAX and name not in LONG_MODULES} == {}


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
    # Some threads use the model only through pydantic: in a host's model or a type adapter.
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
    for module, path in MODULES.items():
        if room_of(module) in {"check", "cli", "integrations", "preview"}:
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
    assert loaded_by("from rr_snippet import Insertion, find_insertion, inject, remove") >= pages


def test_orders_load_when_they_are_asked_for() -> None:
    orders = {"rr_snippet.customer.guest", "rr_snippet.customer.order", "rr_snippet.block.order"}
    assert loaded_by(USUAL) & orders == set()
    assert (
        loaded_by(
            f"{USUAL}\nfrom rr_snippet import inject, Renderer\nprint(inject('<body>', Renderer().render({{'customerId': 1}})))"
        )
        & orders
        == set()
    )
    assert (
        loaded_by(
            "from rr_snippet import render_order; render_order({'transaction': 1, 'items': [{'id': 1, 'qnt': 1, 'price': 1}]}, None)"
        )
        >= orders
    )


def test_names_that_load_later_are_names_all_the_same() -> None:
    import rr_snippet

    assert set(rr_snippet.__all__) <= set(dir(rr_snippet))
    with pytest.raises(AttributeError, match="no attribute 'injct'"):
        _ = rr_snippet.injct
