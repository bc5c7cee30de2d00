"""Hostile strings in every place, through a parser and a bare engine. tests/browser and `make safety` use browsers."""

from __future__ import annotations

from string import Template

import pytest
from jinja2 import Environment
from jinja2.sandbox import SandboxedEnvironment

from rr_snippet import Customer, RenderError, render_snippet
from tests.hostile.corpus import Hostile, read_corpus
from tests.hostile.pages import CONTEXTS, parser_faults
from tests.hostile.places import MAX_CHARS, NONCE_SHAPE, PLACES, everywhere, try_out
from tests.hostile.weak import CONTROLS, Writer, bare, end_tags_only, for_attributes, keeps_braces, weak_block

# Hundreds of strings take the same lines, and other tests cover these.
pytestmark = pytest.mark.no_cover

CORPUS = read_corpus()
WHOLE = [case for case in CORPUS if not case.has_surrogate]
# One in this many strings of a place runs here, other strings in other places. `make safety` runs all of them.
SHARE = 6


@pytest.mark.parametrize("name", PLACES)
def test_place_takes_or_refuses_every_string(name: str) -> None:
    tried = [try_out(name, case) for case in CORPUS]
    assert [(case.text, each.faults) for case, each in zip(CORPUS, tried, strict=True) if each.faults] == []
    assert {each.code for each in tried} >= {"text.surrogate"} | (
        set() if name in {"phone", "guest's email"} else {None}
    )


@pytest.mark.parametrize("name", PLACES)
def test_what_is_sent_from_a_place_arrives_and_nothing_else(name: str) -> None:
    start = list(PLACES).index(name) % SHARE
    sent = [tried.sent for case in CORPUS[start::SHARE] if (tried := try_out(name, case)).sent is not None]
    assert len(sent) > 100
    assert parser_faults(sent) == set()


def test_all_strings_as_keys_of_one_customer_arrive() -> None:
    keys = [case.text for case in WHOLE if case.text != "__proto__"]
    values = {f"value {number}": case.text for number, case in enumerate(WHOLE)}
    data = {**values, **{key: f"key {number}" for number, key in enumerate(keys)}}
    customer = Customer.model_construct(customer_id="1", custom_data=data)
    sent = type(try_out("customerId", WHOLE[0]).sent)(
        str(render_snippet(customer, payload_max_chars=MAX_CHARS)),
        {"customerId": "1", "customData": data, "isAgreedToReceiveMarketingMail": True},
    )
    assert parser_faults([sent]) == set()


def test_nonce_is_a_nonce_or_refused() -> None:
    for case in CORPUS:
        if NONCE_SHAPE.fullmatch(case.text):
            assert f' nonce="{case.text}">' in render_snippet({"customerId": "1"}, nonce=case.text)
            continue
        with pytest.raises(RenderError) as caught:
            render_snippet({"customerId": "1"}, nonce=case.text)
        assert caught.value.code == "nonce.shape"


ENGINES = {
    "autoescape": Environment(autoescape=True),
    "plain": Environment(autoescape=False),  # some people have this
    "sandbox": SandboxedEnvironment(autoescape=True),
}


@pytest.mark.parametrize("name", ENGINES)
def test_jinja_prints_and_reads_again_what_was_rendered(name: str) -> None:
    environment = ENGINES[name]
    environment.add_extension("rr_snippet.integrations.jinja.RRSnippetExtension")
    global_call = environment.from_string("{{ rr_customer(customer, payload_max_chars=limit) }}")
    filtered = environment.from_string("{{ customer|rr_customer(payload_max_chars=limit) }}")
    for case in WHOLE[list(ENGINES).index(name) :: 3]:
        customer = everywhere(case.text)
        block = render_snippet(customer, payload_max_chars=MAX_CHARS)
        assert global_call.render(customer=customer, limit=MAX_CHARS) == block
        assert filtered.render(customer=customer, limit=MAX_CHARS) == block
        assert environment.from_string(str(block)).render() == block


def test_second_pass_of_string_templates_changes_nothing() -> None:
    for case in WHOLE:
        block = str(render_snippet(everywhere(case.text), payload_max_chars=MAX_CHARS))
        assert Template(block).substitute() == block
        assert block % () == block


def test_a_second_pass_would_show_what_is_left() -> None:
    """The negative control of the two tests above."""
    weak = weak_block(keeps_braces, "x", "{{ 7*7 }} $x %s").block
    assert Environment(autoescape=True).from_string(weak).render() != weak
    with pytest.raises(KeyError):
        Template(weak).substitute()
    with pytest.raises(TypeError):
        weak % ()


@pytest.mark.parametrize(
    ("write", "key", "value", "check"),
    [
        (bare, "x", "</script><script>pwned=1</script>", "scripts"),
        (bare, "x", "</script><script>pwned=1</script>", "ran"),
        (bare, "</script><script>pwned=1</script>", "x", "ran"),
        (bare, "x", "</script><script>Object.prototype.pwned=1</script>", "prototype"),
        (bare, "x", "</script><img src=x onerror=pwned=1>", "handlers"),
        (bare, "x", "</script>", "calls"),
        (end_tags_only, "x", "<!--<script>", "markup"),
        (for_attributes, "x", '"', "properties"),
        (keeps_braces, "__proto__", "x", "properties"),
    ],
)
def test_a_weak_escaper_is_caught(write: Writer, key: str, value: str, check: str) -> None:
    """Each check sees what a weaker escaper lets through."""
    assert {key, value} - {"x"} <= {case.text for case in CORPUS}
    assert check in parser_faults([weak_block(write, key, value)])
    assert parser_faults([weak_block(bare, "x", "harmless")]) == set()


def test_a_weak_rule_is_caught() -> None:
    assert try_out("email", Hostile("a\ud800", "x", "x")).code == "text.surrogate"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rr_snippet.customer.texts.has_surrogate", lambda text: False)
        patch.setattr("tests.hostile.places.render_snippet", lambda *_args, **_options: "")
        assert try_out("customerId", Hostile("a\ud800", "x", "x")).faults[-1] == "written past the rules"


def test_every_context_has_a_control_out_of_the_corpus() -> None:
    assert CONTROLS.keys() == CONTEXTS.keys()
    assert {text for _, text, _ in CONTROLS.values()} <= {case.text for case in CORPUS}
