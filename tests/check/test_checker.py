"""What holds for any page: no value shown, no exception, linear time, no finding in other people's pages."""

from __future__ import annotations

import gc
import importlib.util
import json
import random
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rr_snippet import Customer, Renderer, RenderOptions, inject, render_snippet
from rr_snippet.check import CheckOptions, Finding, check_page
from rr_snippet.check.checker import decode_page
from rr_snippet.check.rulebook import RULES
from rr_snippet.errors import MissingDependencyError, OptionError
from rr_snippet.html.scan import DEPTH_MAX_ELEMENTS
from tests.check.corpus import FRAME, read_pages
from tests.support.cases import read_cases
from tests.support.liars import MARK

PUSH = "(window.rrApiOnReady ||= []).push(() => { try { %s } catch {} });\n"


def codes(page: bytes | str, **options: object) -> list[str]:
    return [finding.code for finding in check_page(page, CheckOptions(**options))]  # type: ignore[arg-type]


# Our own output


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(lambda text: text.strip())
CUSTOMERS = st.fixed_dictionaries(
    {"customerId": TEXTS.filter(str.isprintable)},
    optional={
        "email": st.sampled_from(["anna@shop.ru", "анна@магазин.рф", "o'brien@shop.ru", "noreply@shop.ru"]),
        "phone": st.sampled_from(["71112223344", "+7 (111) 222-33-44", "8-111-222-33-44"]),
        "customData": st.dictionaries(TEXTS, st.text(st.characters(exclude_categories=["Cs"])), max_size=3),
        "defaultStockId": TEXTS.filter(lambda text: text.isprintable() and len(text.encode("utf-16-le")) <= 100),
        "softLinks": st.dictionaries(TEXTS, TEXTS | st.just("anna@shop.ru"), max_size=3),
        "isAgreedToReceiveMarketingMail": st.booleans(),
    },
)


FORMS = [{}, {"pretty": True}, {"debug": True}, {"nonce": "abc"}]


@given(CUSTOMERS, st.sampled_from(FORMS))
def test_our_own_blocks_give_nothing(data, form):
    data.get("customData", {}).pop("__proto__", None)
    block = render_snippet(data, **form)
    assert codes(inject("<!doctype html><body></body>", block)) == []
    assert codes(f"{{% if user %}}{block}{{% endif %}}") == []


@given(CUSTOMERS)
def test_what_a_block_of_ours_says_passes_the_rules_too(data):
    """With one more space it is no block of ours, so its values are checked. The only findings are the warnings."""
    data.get("customData", {}).pop("__proto__", None)
    block = render_snippet(data).replace("catch (e) {}", "catch (e) { }")
    told = {
        problem.code for problem in Customer.model_validate(data).warnings if not problem.code.startswith("consent.")
    }
    # A generated value may look like markup, a template's expression or a placeholder.
    assert set(codes(block)) - {"html.escaped_quotes", "template.unrendered", "value.placeholder"} == told


@pytest.mark.parametrize("case", read_cases("render"), ids=lambda case: case.name)
def test_the_blocks_of_the_cases_give_nothing(case):
    assert codes(case.render()) == []


def test_a_block_of_ours_counts_among_the_calls_of_its_page():
    block = render_snippet({"customerId": "1"})
    assert codes(block + block) == ["call.twice"]


# Privacy


def wrong_page() -> str:
    """Return a page in which every value is the mark, and every key that a shop may choose."""
    fields = {
        "customerId": f"{MARK}\n",
        "email": MARK,
        "phone": MARK,
        "customData": {MARK: 5, f"{MARK}&": "a", "c": f"{MARK}&quot;"},
        "defaultStockId": MARK * 9,
        "softLinks": [{"Name": MARK, "Value": f"{MARK}@shop.ru"}, {MARK: MARK}, MARK],
        "mobilePushSubscription": {MARK: MARK, "fcmSubscription": {"creationTimestamp": MARK, MARK: MARK}},
        "isAgreedToReceiveMarketingMail": MARK,
        MARK: MARK,
    }
    scripts = [
        FRAME % json.dumps(fields),
        f'<script>rrApi.setCustomer("{MARK}"); console.log("{MARK}@shop.ru", {MARK});</script>',
        f'<script>rrApi.setCustomer({{"customerId": "{{{{ {MARK} }}}}", "{MARK}": {MARK}, ...{MARK}}})</script>',
        f'<script>rrApi.setCustomer({{"customerId": "{MARK}" "{MARK}"}})</script>',
        f"<p onclick=\"rrApi.setEmail('{MARK}')\">// rr-snippet: ignore {MARK.lower()}</p>",
    ]
    return f"<!-- {MARK} -->\n" + "\n".join(scripts)


@pytest.mark.parametrize("rendered", [False, True])
def test_no_value_and_no_name_of_the_page_is_in_a_finding(rendered):
    """Only the tags of a template may be shown, in the excerpt of their line, because they are code."""
    findings = check_page(wrong_page(), CheckOptions(is_rendered=rendered))
    assert len(findings) > 20
    for finding in findings:
        assert MARK.lower() not in repr(replace(finding, excerpt=None)).lower()
        for language in ("en", "ru"):
            assert MARK.lower() not in finding.message_in(language).lower()
        shown = finding.excerpt[0] if finding.excerpt else ""
        assert MARK.lower() not in shown.replace(f"{{{{ {MARK} }}}}", "").lower()


def block_of(text: str) -> str:
    """Return the vendor's block around the text of an object."""
    return str(render_snippet({"customerId": "1"})).replace(
        '{"customerId":"1","isAgreedToReceiveMarketingMail":true}', text
    )


ID, EMAIL = '"customerId":/* your customer id */', '"email":/* the customer\'s e-mail */'
CONSENT = '"isAgreedToReceiveMarketingMail":/* true or false, as the customer chose */'


def test_the_corrected_block_has_gaps_that_cannot_run():
    (finding,) = check_page(FRAME % '{"customerId": "100042", "email": 5, "isAgreedToReceiveMarketingMail": false}')
    assert finding.corrected == block_of("{" + f"{ID},{EMAIL},{CONSENT}" + "}")
    assert [finding.code for finding in check_page(str(finding.corrected))] == ["script.syntax"]


EVERYTHING = """{
  customerId: "100042", eMail: "anna@shop.ru", phone: "1", customData: {"city": "Moscow", "age": 5},
  defaultStockId: "Spain", softLinks: [{name: "card", value: "77001"}, {name: "club", value: 5}],
  mobilePushSubscription: {apnsSubscription: {}}, isAgreedToReceiveMarketingMail: "false", foo: 1}"""
PUSH_NAMES = ("isDevEnvironment", "creationTimestamp", "applicationId", "token")
PUSH_GAP = '"mobilePushSubscription":{"apnsSubscription":{' + ",".join(f'"{n}":/* {n} */' for n in PUSH_NAMES) + "}}"
SOUND_PUSH = (
    '{apnsSubscription: {isDevEnvironment: true, creationTimestamp: "2025-03-31T11:03:02Z", applicationId: "a", '
    'token: "t"}}'
)


@pytest.mark.parametrize(
    ("page", "with_values", "expected"),
    [
        (EVERYTHING, False, (
            f'{ID},{EMAIL},"phone":/* the customer\'s phone */,"customData":{{/* name */:/* value */,/* name */:/* value */}},'
            '"defaultStockId":/* the region\'s id in your feed */,"softLinks":[{"Name":/* link name */,"Value":/* link value */},'
            f'{{"Name":/* link name */,"Value":/* link value */}}],{PUSH_GAP},{CONSENT}')),
        (EVERYTHING, True, (
            '"customerId":"100042","email":"anna@shop.ru","phone":/* the customer\'s phone */,'
            '"customData":{"city":"Moscow","age":/* value */},"defaultStockId":"Spain",'
            '"softLinks":[{"Name":"card","Value":"77001"},{"Name":/* link name */,"Value":/* link value */}],'
            f'{PUSH_GAP},"isAgreedToReceiveMarketingMail":false')),
        ('{customerId: "customerId", softLinks: {"card": "1"}, mobilePushSubscription: {}}', True, (
            f'{ID},"softLinks":[{{"name":"card","value":"1"}}],"mobilePushSubscription":{{"fcmSubscription":{{'
            '"creationTimestamp":/* creationTimestamp */,"applicationId":/* applicationId */,'
            f'"fcmProjectId":/* fcmProjectId */,"token":/* token */}}}},{CONSENT}')),
        (f'{{customerId: 5, mobilePushSubscription: {SOUND_PUSH}, isAgreedToReceiveMarketingMail: True}}', True, (
            f'{ID},"mobilePushSubscription":{{"apnsSubscription":{{"isDevEnvironment":true,'
            '"creationTimestamp":"2025-03-31T11:03:02Z","applicationId":"a","token":"t"}},'
            '"isAgreedToReceiveMarketingMail":true')),
        ('{isAgreedToReceiveMarketingMail: agreed(), customData: data}', True, f'{ID},"customData":{{}},{CONSENT}'),
        ('{customerId: "#ID#", isAgreedToReceiveMarketingMail: ok === 1, customData: {[k]: "v"}}', True, (
            f'{ID},"customData":{{/* name */:/* value */}},{CONSENT}')),
    ],
)  # fmt: skip
def test_the_corrected_block_is_the_customer_that_was_meant(page, with_values, expected):
    blocks = {finding.corrected for finding in check_page(FRAME % page, CheckOptions(with_values=with_values))}
    assert blocks - {None} == {block_of("{" + expected + "}")}


def test_what_is_kept_whole_is_a_block_that_runs():
    page = FRAME % '{customerId: "100042", eMail: "anna@shop.ru", isAgreedToReceiveMarketingMail: "true"}'
    corrected = {finding.corrected for finding in check_page(page, CheckOptions(with_values=True))}
    assert corrected == {render_snippet({"customerId": "100042", "email": "anna@shop.ru"})}


@pytest.mark.parametrize(
    ("name", "page", "expected"),
    [
        (
            "a.html",
            "{% load shop %}" + FRAME % '{"customerId": "{{ user.pk }}"}',
            "{% load rr_snippet %}{% rr_customer %}",
        ),
        ("a.html", FRAME % '{"customerId": "{{ a }}", "email": {{ b|tojson }}}', "{{ rr_customer(customer) }}"),
        ("a.html.j2", FRAME % '{"customerId": "{{ user.id }}"}', "{{ rr_customer(customer) }}"),
        ("a.php", FRAME % '{"customerId": "<?= $id ?>"}', block_of("{" + f"{ID},{CONSENT}" + "}")),
        ("a.html.twig", FRAME % '{"customerId": "{{ id }}"}', block_of("{" + f"{ID},{CONSENT}" + "}")),
    ],
)
def test_in_a_template_the_tag_of_this_library_stands_where_it_has_one(name, page, expected):
    (finding,) = check_page(page, name=name)
    assert finding.code == "template.unescaped"
    assert finding.corrected == expected


def test_no_corrected_block_where_nothing_is_wrong_or_nothing_can_be_said():
    assert [finding.corrected for finding in check_page(FRAME % '{"customerId": id}')] == [None]
    assert [finding.corrected for finding in check_page(FRAME % '"42"')] == [None]


def test_a_frame_at_fault_has_its_corrected_block_too():
    findings = check_page('<script>rrApi.setCustomer({"customerId": "42"})</script>')
    assert {finding.corrected for finding in findings} == {block_of("{" + f"{ID},{CONSENT}" + "}")}


# What is shown of a line


@pytest.mark.parametrize(
    ("name", "page", "expected"),
    [
        ("a.html", "<script>rrApi.setEmail(5, 'x', user, `y`)</script>", ("<script>rrApi.setEmail(…, '…', …, `…`)</script>", 9)),
        ("a.js", "\trrApi.setEmail(user.email, {city: 'x'})", ("rrApi.setEmail(user.email, {city: '…'})", 1)),
        ("a.js", 'rrApi.setCustomer({"customerId": 5, "city": "x"})', ('rrApi.setCustomer({"customerId": …, "city": "…"})', 1)),
        ("a.php", '<script>rrApi.setEmail("a<?= $b ?>")</script>', ('<script>rrApi.setEmail("…<?= $b ?>")</script>', 9)),
        ("a.js", " " * 200 + "rrApi.setEmail(a)", ("rrApi.setEmail(a)", 1)),
        ("a.js", "var a = 1; " * 20 + "rrApi.setEmail(a)", ("= …; var a = …; var a = …; var a = …; var a = …; var a = …; rrApi.setEmail(a)", 61)),
        ("a.js", "a" * 3000 + ";rrApi.setEmail(a)", None),
    ],
)  # fmt: skip
def test_the_line_is_shown_without_its_values(name, page, expected):
    assert check_page(page, name=name)[0].excerpt == expected


def test_a_tag_over_several_lines_is_shown_as_far_as_it_goes():
    page = '<script>rrApi.setCustomer({"customerId": "<?=\n$id\n?>"})</script>'
    (finding,) = [found for found in check_page(page, name="a.php") if found.code == "template.unescaped"]
    assert (finding.line, finding.column, finding.end_column) == (1, 43, 44)
    assert finding.excerpt == ('<script>rrApi.setCustomer({"customerId": "<?=', 43)


# Much of the same


def test_of_very_many_calls_the_first_are_compared():
    mains = "".join(f"if (a{number}) rrApi = {{}}; " for number in range(100))
    assert codes(f"<script>{mains}</script>") == ["tracking.twice"] * 99
    calls = "".join(f"if (a{number}) rrApi.setEmail(1); " for number in range(100))
    assert codes(f"<script>{calls}</script>") == [
        "queue.outside",
        "try.missing",
        "email.type",
        *["identity.repeated", "queue.outside", "try.missing", "email.type"] * 99,
    ]
    orders = "rrApi.order(); " * 100
    found = codes(f"<script>{orders}rrApi.setEmail(a);</script>", ignore=frozenset(("queue", "try", "value")))
    assert found == ["order.before_identity"] * 100


def test_a_number_may_be_of_any_size_and_any_script():
    huge = "1" + "0" * 5000
    order = '{"transaction": "1", "items": [{"id": %s, "qnt": %s, "price": -%s}]}'
    for number in (huge, huge[:400]):
        parsed = f"<script>rrApi.setEmail(a); rrApi.order(JSON.parse('{order % (number, number, number)}'))</script>"
        assert codes(parsed, select=frozenset(("order_item",))) == [
            "order_item.id_too_large",
            "order_item.price_range",
        ]
    # To the parser these are names.
    for digit in "²١":
        literal = (
            f"<script>rrApi.order({{transaction: -{digit}, items: [{{id: 1, qnt: -{digit}, price: 1}}]}})</script>"
        )
        assert codes(literal, select=frozenset(("order", "order_item"))) == ["order.transaction_type"]


def test_of_a_very_long_line_for_the_console_the_end_is_looked_at():
    many = ", ".join(["1"] * 300)
    console = frozenset(("console",))
    assert codes(f"<script>rrApi.setEmail(1); console.log({many}, email)</script>", select=console) == [
        "console.personal_data"
    ]
    assert codes(f"<script>rrApi.setEmail(1); console.log(email, {many})</script>", select=console) == []


def test_odd_ways_to_say_it():
    assert codes("<script>const {rrApi: api} = window; rrApi.setEmail`a`; rrApi = api</script>") == [
        "guest.email_missing",
        "queue.outside",
        "try.missing",
    ]
    assert codes(f"<script>rrApiOnReady.push(tell); {'a = ' * 20} rrApiOnReady; a.push(f)</script>") == ["queue.bare"]
    assert codes(
        "<script>var q = window.rrApiOnready; q.push(() => { try { rrApi.setCustomer({customerId: '1'}) } catch {} })</script>"
    ) == ["queue.outside"]
    assert codes("<script>rrApi.setCustomer(</script>") == ["script.syntax"]


# Options


def test_rules_are_chosen_by_code_and_by_subject():
    page = '<script>rrApi.setCustomer({"customerId": 42, "email": 5})</script>'
    assert codes(page) == ["queue.outside", "try.missing", "customer_id.type", "email.type"]
    assert codes(page, select=frozenset(("queue.outside", "email"))) == ["queue.outside", "email.type"]
    assert codes(page, ignore=frozenset(("queue", "email.type"))) == ["try.missing", "customer_id.type"]
    assert codes(page, select=frozenset(("queue", "try")), ignore=frozenset(("try.missing",))) == ["queue.outside"]


def test_an_option_that_names_no_rule_is_refused():
    for name in ("select", "ignore"):
        with pytest.raises(OptionError, match=rf"^{name}: "):
            CheckOptions(**{name: frozenset(("queue.nothing",))})
        CheckOptions(**{name: frozenset(RULES) - {"soft_link.variant?stock"}})


@pytest.mark.parametrize("missing", ["tree_sitter", "tree_sitter_javascript", "tree_sitter_typescript"])
def test_a_missing_extra_says_what_to_install(missing):
    program = f"""
import sys
sys.modules[{missing!r}] = None
from rr_snippet.check import check_page
from rr_snippet import MissingDependencyError
try:
    check_page("<p>")
except MissingDependencyError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    package = missing.replace("_", "-")
    assert run.stdout == f"{package} is needed: pip install 'rr-snippet[check]' [dependency.missing]\n"


def test_a_broken_installation_is_not_called_a_missing_one(monkeypatch, tmp_path):
    from rr_snippet.check import javascript

    monkeypatch.delitem(sys.modules, "tree_sitter_javascript")
    (tmp_path / "tree_sitter_javascript.py").write_text("import no_such_module_at_all")
    monkeypatch.syspath_prepend(tmp_path)
    javascript._parser.cache_clear()
    with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all") as caught:
        check_page("<p>")
    assert not isinstance(caught.value, MissingDependencyError)
    javascript._parser.cache_clear()


# Any page


def test_encodings():
    assert decode_page("привет".encode()) == "привет"
    assert decode_page(b"\xef\xbb\xbfa") == "a"
    assert decode_page("привет".encode("cp1251")) == "привет"
    assert decode_page("привет".encode("utf-16")) == "привет"
    assert decode_page(b"\xfe\xff\x04?\x04") == "п\ufffd"
    assert decode_page(b"\x98\xff") == "\ufffdя"


def test_a_page_too_deep_to_be_read_says_so():
    deep = "<svg><foreignObject></foreignObject></svg>" + "<div>" * 5000 + FRAME % '{"customerId": 42}'
    assert check_page(deep) == [
        Finding(
            0,
            "page.too_deep",
            "",
            (("limit", DEPTH_MAX_ELEMENTS),),
            line=1,
            column=1,
            end_column=5,
        )
    ]


def test_null_characters_and_other_odd_ones():
    page = FRAME % '{"customerId": "4\0\u2028\x85\ufeff2", "customData": {"\u2029": "a"}}'
    assert codes(page) == ["customer_id.control", "custom_data.key_blank"]
    assert codes(FRAME % '{\u00a0"customerId"\ufeff: "42"\u2028}') == []
    assert codes("\ufeff" + FRAME % '{"customerId": 42}') == ["customer_id.type"]
    assert codes(FRAME % '{"customerId": "\\u{110000}\\x41\\q"}') == []


@given(st.binary(max_size=300))
def test_any_bytes_are_read(page):
    check_page(page)
    check_page(b"<script>rrApi.setCustomer(" + page)
    check_page(b"<script>rrApiOnReady.push(" + page + b")</script>")


PIECES = [
    "rrApi.setCustomer(", "{", "}", "[", "]", "(", ")", '"customerId"', '"softLinks":', "customData:", ":", ",", '"42"',
    "'", '"', "`", "${", "{{ x }}", "{{", "}}", "{% if a %}", "{% else %}", "{% endif %}", "<?php", "<?= $x ?>", "?>",
    "<% if a %>", "<%= x %>", "<% end %>", "{# c #}", "rrApiOnReady.push(", "function(){", "()=>", "try{", "}catch(e){",
    "<script>", "</script>", "<svg>", "<template>", "<!--", "-->", "//", "/*", "*/", "\n", "\\", "&quot;", "...x", "[k]:",
    "name:", "Value:", "True", "null", "!0", "-1", "fcmSubscription:", "creationTimestamp:", "rr-snippet: ignore queue",
    "console.log(email)", "if(a)", "else ", "?", "=", "window.", "rrApi={}", "😀", "\ud83d", "\0", "я", ".call(", "email",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.booleans(), st.booleans())
def test_any_soup_is_read(soup, is_script, rendered):
    page = soup if is_script else f"<script>rrApi.setCustomer({soup}"
    options = CheckOptions(is_rendered=rendered, with_values=True)
    found = check_page(page, options, name="a.js" if is_script else "a.html")
    lines = page.replace("\r\n", "\n").split("\n")
    for finding in found:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
    assert found == check_page(page, options, name="a.js" if is_script else "a.html")


@pytest.mark.parametrize("seed", range(20))
def test_pages_cut_short_and_shuffled_are_read(seed):
    shuffle = random.Random(seed)
    pages = read_pages()
    for _ in range(10):
        first, second = (shuffle.choice(pages).content for _ in range(2))
        soup = first[: shuffle.randrange(len(first) + 1)] + second[shuffle.randrange(len(second) + 1) :]
        for name in ("a.html", "a.php", "a.tpl", "a.blade.php", "a.ts", "a.json", "a.vue", "a.hbs"):
            check_page(soup, name=name)


# Pages of others


def files_of_others(pattern: str) -> list[Path]:
    """Return the pages in Python and in the installed packages."""
    folders = [Path(sysconfig.get_paths()[name]) for name in ("purelib", "stdlib")]
    return sorted(path for folder in folders for path in folder.rglob(pattern) if path.is_file())


def test_pages_of_others_give_nothing():
    found = files_of_others("*.htm*")
    assert len(found) >= 5
    wrong = {path: check_page(path.read_bytes()) for path in found}
    assert {path for path, findings in wrong.items() if findings} == set()


def test_a_clean_block_stays_clean_in_pages_of_others():
    """Nothing around the block is a reason for a finding, Django's templates included."""
    block = str(Renderer(RenderOptions()).render({"customerId": "42"}))
    for path in files_of_others("*.htm*"):
        page = decode_page(path.read_bytes())
        assert [finding.code for finding in check_page(f"{block}\n{page}")] in ([], ["page.too_deep"]), path


def test_scripts_of_others_give_nothing():
    found = files_of_others("*.js")[:200]
    assert found
    for path in found:
        assert check_page(path.read_bytes(), name="a.js") == [], path


# Time


def seconds(page: str) -> float:
    gc.collect()
    start = time.process_time()
    check_page(page)
    return time.process_time() - start


@pytest.fixture
def frozen() -> Iterator[None]:
    """Freeze the objects of other tests, so that the garbage collector does not search them each time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


BUNDLE = "!function(e,t){var n=e.a(t);return n.b={c:[1,2,3],d:function(r){return r+1}},n}(window,document);"
SOUPS = {
    "calls": lambda count: f"<script>{PUSH % ('rrApi.setCustomer({customerId: 42});' * count)}</script>",
    "scripts": lambda count: (FRAME % '{"customerId": 42}') * count,
    "nested calls": lambda count: "<script>" + "rrApi.setCustomer(" * count + ")" * count + "</script>",
    "nested brackets": lambda count: "<script>rrApi.setCustomer(" + "[" * count + "]" * count + ")</script>",
    "nested objects": lambda count: FRAME % ('{"customData": ' * count + "1" + "}" * count),
    "entries": lambda count: FRAME % ("{" + '"a": 1, ' * count + "}"),
    "custom data": lambda count: FRAME % ('{"customData": {' + "a: 1, " * count + "}}"),
    "links": lambda count: FRAME % ('{"softLinks": [' + '{name: "a", value: "b"}, ' * count + "]}"),
    "tags": lambda count: "{{ a }}{% if b %}{% else %}<? c ?><%= d %>{% endif %}" * count + FRAME % '{"customerId": 42}',
    "open tags": lambda count: "{{ {% {# <% " * count + FRAME % '{"customerId": 42}',
    "open blocks": lambda count: "{% if a %}" * count + "{% else %}" * count + FRAME % '{"customerId": 42}',
    "nested blocks": lambda count: "{% if a %}b{% else %}" * count + "{% endif %}" * count + FRAME % '{"customerId": 42}',
    "ternaries": lambda count: "<script>" + "a ? rrApi.order() : " * count + "b</script>",
    "functions": lambda count: "<script>" + "function rrApi() {" * count + "}" * count + "</script>",
    "orders": lambda count: f"<script>{PUSH % ('rrApi.order();' * count + 'rrApi.setEmail(1);' * count)}</script>",
    "quotes": lambda count: FRAME % ("{" + "&quot;" * count + "}"),
    "comments": lambda count: "<!-- rr-snippet: ignore queue -->\n" * count + FRAME % '{"customerId": 42}',
    "errors": lambda count: "<script>" + "rrApi.setCustomer({" * count + "</script>",
    "lines": lambda count: "\n" * count + FRAME % '{"customerId": 42}',
    "assignments": lambda count: "<script>(" + "rrApiOnReady = " * count + "[]).push(f)</script>",
    "parentheses": lambda count: "<script>" + "(" * count + "rrApiOnReady" + ")" * count + ".push(f)</script>",
    "conditions": lambda count: "<script>" + "if (a) rrApi.setEmail(1); else " * count + "b();</script>",
    "handlers": lambda count: "<p onclick='rrApi.setEmail(1)'>" * count,
    "a bundle": lambda count: f"<body><script>{BUNDLE * count}</script>{FRAME % '{customerId: 42}'}</body>",
    "a call in a bundle": lambda count: f"<script>{BUNDLE * count}{PUSH % 'rrApi.setCustomer({})'}</script>",
}  # fmt: skip


@pytest.mark.no_cover  # measured, so without a tracer
@pytest.mark.parametrize("name", SOUPS)
@pytest.mark.usefixtures("frozen")
def test_time_is_linear(name):
    """A page eight times as long takes about eight times as long, not sixty-four times."""
    make = SOUPS[name]
    count = 100
    while (short := seconds(make(count))) < 0.03 and count < 200_000:
        count *= 2
    long = seconds(make(8 * count))
    assert long < 24 * max(short, 0.01), (count, short, long)


@pytest.mark.no_cover
def test_a_call_is_found_in_and_behind_two_megabytes_of_others():
    bundle = BUNDLE * 20_000
    for page in (
        f"<!doctype html><body><script>{bundle}</script>{FRAME % '{customerId: 42}'}</body>",
        f"<!doctype html><body><script>{bundle}{PUSH % 'rrApi.setCustomer({customerId: 42})'}</script></body>",
    ):
        assert codes(page) == ["customer_id.type"]


def test_nothing_is_loaded_before_it_is_needed():
    program = "import rr_snippet.check, sys; print('tree_sitter' in sys.modules, 'phonenumbers' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False False\n"
    assert importlib.util.find_spec("tree_sitter") is not None
