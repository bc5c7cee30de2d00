"""Jinja2 in any host, including hostile ones."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError, meta
from jinja2.bccache import FileSystemBytecodeCache
from jinja2.exceptions import UndefinedError
from jinja2.nativetypes import NativeEnvironment
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment
from markupsafe import Markup

from rr_snippet import Customer, CustomerError, RenderError, render_snippet
from rr_snippet.errors import OptionError
from rr_snippet.integrations import _jinja
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit
from rr_snippet.integrations.jinja import RRSnippetExtension, install
from tests.integrations.support import block

EXTENSION = "rr_snippet.integrations.jinja.RRSnippetExtension"
ANNA = {"customerId": "anna"}


def rendered(environment: Environment, source: str, **values: Any) -> str:
    return environment.from_string(source).render({"customer": ANNA, **values})


HOSTS = {
    "plain": lambda **options: Environment(**options),
    "autoescape": lambda **options: Environment(autoescape=True, **options),
    "strict": lambda **options: Environment(autoescape=True, undefined=StrictUndefined, **options),
    "sandboxed": lambda **options: SandboxedEnvironment(autoescape=True, **options),
    "immutable sandboxed": lambda **options: ImmutableSandboxedEnvironment(autoescape=True, **options),
    "async": lambda **options: Environment(autoescape=True, enable_async=True, **options),
    "native": lambda **options: NativeEnvironment(**options),
    "finalize": lambda **options: Environment(
        autoescape=True, finalize=lambda value: "" if value is None else value, **options
    ),
    "trimming": lambda **options: Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        line_statement_prefix="%",
        newline_sequence="\r\n",
        **options,
    ),
}
SOURCES = [
    "{{ rr_customer(customer) }}",
    "{{ rr_customer(customer=customer) }}",
    "{{ customer|rr_customer }}",
    "{{ customer|rr_customer() }}",
    "{{ rr_customer(customer)|e }}",
    "{% set snippet = rr_customer(customer) %}{{ snippet }}",
    "{% autoescape true %}{{ rr_customer(customer) }}{% endautoescape %}",
    "{% autoescape false %}{{ rr_customer(customer) }}{% endautoescape %}",
    "{% macro side(customer) %}{{ rr_customer(customer) }}{% endmacro %}{{ side(customer) }}",
    "{% for one in [customer] %}{{ one|rr_customer }}{% endfor %}",
    "{% filter trim %}{{ rr_customer(customer) }}{% endfilter %}",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("host", HOSTS)
def test_block_is_the_same_in_every_host(host: str, source: str) -> None:
    environment = HOSTS[host](extensions=[EXTENSION])
    assert rendered(environment, source) == block("anna")


@pytest.mark.parametrize("source", SOURCES)
def test_block_is_the_same_in_an_async_rendering(source: str) -> None:
    environment = Environment(autoescape=True, enable_async=True, extensions=[EXTENSION])
    template = environment.from_string(source)
    assert asyncio.run(template.render_async(customer=ANNA)) == block("anna")


def test_set_block_keeps_it() -> None:
    environment = Environment(autoescape=True, extensions=[EXTENSION])
    source = "{% set snippet %}<p>{{ rr_customer(customer) }}</p>{% endset %}{{ snippet }}"
    assert rendered(environment, source) == f"<p>{block('anna')}</p>"


def test_hosts_own_filters_policies_and_delimiters_do_not_reach_the_block() -> None:
    environment = Environment(
        autoescape=True,
        extensions=[RRSnippetExtension],
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="{{",
        comment_end_string="}}",
    )
    environment.filters["tojson"] = environment.filters["escape"] = environment.filters["e"] = lambda value: "hostile"
    environment.policies["json.dumps_function"] = lambda *_, **__: "hostile"
    environment.globals["customer"] = "hostile"
    link = {"customerId": "1", "softLinks": {"</script>{{ x }}": "<% y %>"}}
    assert rendered(environment, "<< rr_customer(customer) >>", customer=link) == render_snippet(link)


def test_empty_for_an_anonymous_visitor() -> None:
    environment = Environment(autoescape=True, extensions=[EXTENSION])
    assert rendered(environment, "[{{ rr_customer(None) }}{{ none|rr_customer }}]") == "[]"
    native = NativeEnvironment(extensions=[EXTENSION])
    assert rendered(native, "{{ rr_customer(None) }}") == ""


def test_result_is_ready_for_the_page() -> None:
    environment = NativeEnvironment(extensions=[EXTENSION])
    assert type(rendered(environment, "{{ rr_customer(customer) }}")) is Markup


def test_options_and_nonce_can_be_given() -> None:
    environment = Environment(autoescape=True, extensions=[EXTENSION])
    moscow = Customer(customer_id="1", default_stock_id="7")
    source = "{{ rr_customer(customer, nonce='abc', variant='region', pretty=true, debug=true) }}"
    expected = render_snippet(moscow, nonce="abc", variant="region", pretty=True, debug=True)
    assert rendered(environment, source, customer=moscow) == expected
    assert rendered(
        environment, source.replace("rr_customer(customer, ", "customer|rr_customer("), customer=moscow
    ) == (expected)


@pytest.mark.parametrize(
    ("values", "nonce"),
    [
        ({}, None),
        ({"csp_nonce": "abc"}, "abc"),
        ({"csp_nonce": lambda: "called"}, "called"),
        ({"csp_nonce": lambda: ""}, None),
        ({"request": SimpleNamespace(csp_nonce="ofRequest")}, "ofRequest"),
        ({"request": SimpleNamespace(state=SimpleNamespace(csp_nonce="ofState"))}, "ofState"),
        ({"csp_nonce": "abc", "request": SimpleNamespace(csp_nonce="ofRequest")}, "abc"),
    ],
)
def test_nonce_is_found(values: dict[str, Any], nonce: str | None) -> None:
    environment = Environment(autoescape=True, extensions=[EXTENSION])
    for source in ("{{ rr_customer(customer) }}", "{{ customer|rr_customer }}"):
        assert rendered(environment, source, **values) == block("anna", nonce=nonce)


@pytest.mark.parametrize(
    "source", ["{{ rr_customer({'customerId': 'anna'}) }}", "{{ {'customerId': 'anna'}|rr_customer }}"]
)
def test_nonce_is_never_folded_into_the_template(source: str) -> None:
    template = Environment(autoescape=True, extensions=[EXTENSION]).from_string(source)
    assert [template.render(csp_nonce=nonce) for nonce in "abc"] == [block("anna", nonce=nonce) for nonce in "abc"]


def test_macros_imported_with_and_without_context() -> None:
    loader = DictLoader({"macros": "{% macro side(customer) %}{{ rr_customer(customer) }}{% endmacro %}"})
    environment = Environment(autoescape=True, loader=loader, extensions=[EXTENSION])
    source = "{% from 'macros' import side {} %}{{ side(customer) }}"
    assert rendered(environment, source.replace("{}", "with context"), csp_nonce="abc") == block("anna", nonce="abc")
    assert rendered(environment, source.replace("{}", ""), csp_nonce="abc") == block("anna")


@pytest.mark.parametrize("undefined", [{}, {"undefined": StrictUndefined}])
@pytest.mark.parametrize("source", ["{{ rr_customer(custmer) }}", "{{ custmer|rr_customer }}"])
def test_name_that_means_nothing_is_no_anonymous_visitor(source: str, undefined: Any) -> None:
    with pytest.raises((CustomerError, UndefinedError)):
        rendered(Environment(extensions=[EXTENSION], **undefined), source)


def test_nonce_that_means_nothing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered(Environment(extensions=[EXTENSION]), "{{ rr_customer(customer, nonce=csp_nonse) }}")


def test_errors_are_raised() -> None:
    environment = Environment(extensions=[EXTENSION])
    with pytest.raises(CustomerError, match=r"customer_id\.missing"):
        rendered(environment, "{{ rr_customer({}) }}")
    with pytest.raises(RenderError, match=r"variant\.stock_missing"):
        rendered(environment, "{{ rr_customer(customer, variant='region') }}")
    with pytest.raises(OptionError, match=r"option\.customer"):
        rendered(environment, "{{ rr_customer() }}")


def test_settings_can_be_given() -> None:
    environment = Environment(autoescape=True)
    install(environment, {"customer": lambda request: {"customerId": request.shopper}, "pretty": True})
    source = "{{ rr_customer() }}"
    assert rendered(environment, source, request=SimpleNamespace(shopper="anna")) == render_snippet(ANNA, pretty=True)
    install(environment := Environment(), {"on_error": "log"})
    assert rendered(environment, "{{ rr_customer({}) }}") == ""
    with pytest.raises(OptionError, match=r"RR_SNIPPET\.VARIANT"):
        install(Environment(), {"VARIANT": "both"})


def test_overlays_share_it() -> None:
    environment = Environment(autoescape=True)
    before = environment.overlay(block_start_string="<%", block_end_string="%>")
    install(environment, {"pretty": True})
    after = environment.overlay(extensions=[EXTENSION], autoescape=False)
    for one in (environment, before, after):
        assert rendered(one, "{{ customer|rr_customer }}") == render_snippet(ANNA, pretty=True)


class Host(Visit):
    def settings(self) -> Settings:
        return Settings(customer=lambda _: ANNA)


def host_of(context: Context) -> Host | None:
    return Host() if "host" in context else None


def test_a_door_goes_before_the_extension_whichever_comes_first() -> None:
    first, second = Environment(extensions=[EXTENSION]), Environment()
    _jinja.install(first, lambda _: Host())
    _jinja.install(second, lambda _: Host())
    second.add_extension(EXTENSION)
    install(second)
    assert rendered(first, "{{ rr_customer() }}") == rendered(second, "{{ rr_customer() }}") == block("anna")


@pytest.mark.parametrize("names", ["globals", "filters"])
def test_a_name_that_is_taken_is_left_alone(names: str) -> None:
    environment = Environment()
    getattr(environment, names)["rr_customer"] = len
    for spoil in (
        lambda: environment.add_extension(EXTENSION),
        lambda: install(environment, {}),
        lambda: _jinja.install(environment, lambda _: Host()),
    ):
        with pytest.raises(OptionError, match=r"rr_customer: the name already stands for something else"):
            spoil()
    assert getattr(environment, names)["rr_customer"] is len
    assert "rr_customer" not in getattr(environment, "filters" if names == "globals" else "globals")


def test_two_doors_in_one_environment_are_an_error() -> None:
    environment = Environment()
    install(environment, {})
    with pytest.raises(OptionError):
        install(environment, {})
    with pytest.raises(OptionError):
        _jinja.install(environment, lambda _: Host())


def test_a_framework_may_claim_renderings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_jinja, "_hosts", [])
    _jinja.add_host(host_of)
    _jinja.add_host(host_of)
    assert _jinja._hosts == [host_of]
    environment = Environment(extensions=[EXTENSION])
    assert rendered(environment, "{{ rr_customer() }}", host=1) == block("anna")
    with pytest.raises(OptionError):
        rendered(environment, "{{ rr_customer() }}")


def test_without_the_extension_it_is_missed() -> None:
    with pytest.raises(TemplateSyntaxError, match="rr_customer"):
        Environment().from_string("{{ customer|rr_customer }}")
    with pytest.raises(UndefinedError, match="rr_customer"):
        rendered(Environment(), "{{ rr_customer(customer) }}")
    parsed = Environment().parse("{{ rr_customer() }}")
    assert meta.find_undeclared_variables(parsed) == {"rr_customer"}


def test_cached_bytecode_holds_nothing_of_ours(tmp_path: Any) -> None:
    for nonce in "ab":
        environment = Environment(
            loader=DictLoader({"page": "{{ customer|rr_customer }}"}),
            bytecode_cache=FileSystemBytecodeCache(str(tmp_path)),
            extensions=[EXTENSION],
        )
        assert environment.get_template("page").render(customer=ANNA, csp_nonce=nonce) == block("anna", nonce=nonce)
    (file,) = tmp_path.iterdir()
    assert b"rr_snippet" not in file.read_bytes()
