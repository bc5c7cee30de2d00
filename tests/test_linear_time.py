"""Time is linear in the input, even the worst, for every regular expression of the package and for whole functions."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from rr_snippet import Customer, CustomerError, PageError, RenderError, find_insertion, inject
from rr_snippet.block.csp import check_nonce, csp_source
from rr_snippet.block.read_back import _block_patterns, read_block
from rr_snippet.customer.email import is_email
from rr_snippet.customer.phone import PhoneFaultError, read_phone
from rr_snippet.customer.push_fields import read_timestamp
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.html import skip
from rr_snippet.integrations._exit import _shape
from rr_snippet.integrations._headers import private_cache_control
from rr_snippet.site.patterns import compile_pattern
from tests.block.test_read_back import HEAD, OPENING, TAIL
from tests.support.patterns import methods_of, patterns_at, places

# Ten times the input may take at most forty times the time; quadratic work takes a hundred times. Less than this many
# seconds prove nothing.
GROWTH = 40
MEASURABLE_S = 0.05


def growth_fault(work: Callable[[int], Callable[[], object]], sizes: tuple[int, ...]) -> str | None:
    """Return a message if the time of `work(size)` grows too fast from one of `sizes` to the next, else `None`."""

    def seconds(size: int) -> float:
        run = work(size)
        start = time.process_time()
        run()
        return time.process_time() - start

    small = seconds(sizes[0])
    for size, ten_times in pairwise(sizes):
        large = seconds(ten_times)
        for _ in range(3):  # other work on the machine may spoil one measurement
            if large < max(MEASURABLE_S, GROWTH * small):
                break
            small, large = max(small, seconds(size)), min(large, seconds(ten_times))
        else:
            return f"{size}: {small:.4f} s, {ten_times}: {large:.4f} s"
        small = large
    return None


def run_pattern(pattern: re.Pattern[Any], methods: set[str], text: Any) -> None:
    for method in methods:
        if method in ("match", "fullmatch", "search"):
            getattr(pattern, method)(text)
        else:
            # All other methods search for every match.
            for _ in pattern.finditer(text):
                pass


BEGINNING = f"{OPENING}{HEAD}".translate({ord("|"): "¦", ord(" "): "~", ord("\n"): "^"})

# By module and name: the inputs that could be slow for each pattern, as beginning|repeated|end, separated by blanks.
# In an input `~` stands for a blank, `^` for a line end, `¦` for a bar.
ATTRIBUTES = "<a~|a=~|> <a~|a=\"|> <a~|a='x'|< |<a~|~ <a|/|~ <a~|~|x <|a|~"
COMMENTS = "|<!--| <!--|-|x <!--|--!|x |<!|~ |<?|x |</~|> |<|~"
LOADER_TAG = '|<script~src="| <script~src="|a|x <script~src="a"~data-customer="|a|x <script~src="a"~data-customer="a"|~async|x |<script~src="a"~data-customer="a"|'
HOSTILE: dict[str, str] = {
    "block.read_back:_TOKEN": "|\"| |\"a|~ \"|a| |{[|~",
    "block.read_back:_block_patterns": "",
    "block.read_back:_METHOD": "|rrApi.| rrApi.|a|",
    "bulk.job:_PART": "part-|0|x part-|0|.jsonlx",
    "page.existing_call:_PIECES": "|\"| |'| |`| |/*| |(/[|~ |(/a|~ |\\|~ |~|x |=~|/ |^~~|--",
    "page.existing_call:_NAME": "'|a|~ |'a|~",
    "page.existing_call:_CALL": "|rrApi| rrApi|~|x rrApi.|~|x rrApi[|~|x rrApi.setCustomer|~|x rrApi.setCustomer?.|~|x rrApi.setCustomer~.|~|call |rrApi.setCustomer~.~|x |rrApi)|x",
    "page.existing_call:_ALIAS": "|=| =|~|x |=rrApi| =rrApi|~|x =window|~|x =window.|~|x |=window.rrApi~|x",
    "page.existing_call:_ANY_CALL": "|setCustomer| setCustomer|~|x setCustomer?.|~|x setCustomer~.|~|call |setCustomer~.~|x",
    "check.blocks:_CODE_CLOSE": "|~|x }|a|{ |~-|} end|w|x",
    "check.blocks:_CODE_ELSE": "|~|x |}-|x |}|els",
    "check.blocks:_CODE_IF": "|~|x |}|x else|~|x |if|",
    "check.blocks:_CODE_OPEN": "|{|x |{~|x {|~|x |a|x if~|a|; |~do~|x |do~|{ if|;|;",
    "check.checker:_INDEX": "|[| [|1|x |[1|",
    "check.checker:_RELEVANT": "|rr_| |rron_| |rr|a |ar|rapi",
    "check.choices:_JOINED": "|a| |~|x |&|x",
    "check.choices:_NEGATED": "|not~| |!~| not|~|x |!|= |!|x",
    "check.containers:_ESCAPE": "|\\| |\\u0| |\\u|x",
    "check.containers:_KEY": "|\"key\"| \"key\"|~|x \"key\":|~|x \"key\":\"html\"|~|x \"key\":\"html\",|~|x |\"|x",
    "check.containers:_STRING": "|a| |\\| |\\a| |\\\"|",
    "check.escaping:_BOOLEAN": "|¦~| |~|x |ToLowe|x",
    "check.escaping:_DECLARED_SAFE": "|@| |@noEscap|",
    "check.escaping:_FALSE": "|false| |fals|x",
    "check.escaping:_HTML": "|htmlspecialchars(| |esc_htm|x",
    "check.escaping:_JSON": "|to_| |json_| |Json.| |tojso|~",
    "check.escaping:_JS_TEXT": "|e(~| e(|~|x escape|~|x |(int| =|~|x |¦~| |stringformat:|~",
    "check.escaping:_RAW": "|¦| |¦~| ¦|~|x",
    "check.escaping:_TRUE": "|'| |'tru|x |'true|x",
    "check.escaping:_VARIABLE": "|~|! |=|! a|~|! a~¦|~|! |a|! a¦safe|~|!",
    "check.events:_MARK": "|rr_| |rron_| |set| |consol|~",
    "check.events:_OWN_API": "|const| const|~|x |import{|x import{|a|x import{|,~|x |import~{a|",
    "check.excerpt:_PART": "|a|",
    "check.excerpt:_TOKEN": "|\"| |'| |`| |\"\\| |a|! |1| \"a\"|~|x |\"a\"~| |~|",
    "check.finding:_GAP": "|/*~| /*~|a|x |/*~a| |/*~a~*|x",
    "check.ignored:_BLANK": "|~|x |^|x",
    "check.ignored:_COMMENT": "|<!--| <!--|~|x //|~|x {%|~|x |{%~| |//~rr-snippet:~| //~rr-snippet:~ignore|~|1 //rr-snippet:ignore~|a,|1 |#|*",
    "check.ignored:_NOTHING": "|~|x ~|<?~|x <?php|~|x",
    "check.javascript:_ESCAPE": "|\\| \\u{|0|x |\\u{0| |\\u00|~ |\\x|~",
    "check.javascript:_NOT_PLAIN": "|é| |a|é",
    "check.leaves:_HTML_ESCAPED": "&#|0|x |&#0| |&#x| |&qu|x",
    "check.leaves:_PLACEHOLDERS": "customDataName|1|x testValue|1|x |testLinkName|x |fcm-|x",
    "check.leaves:_PRINTED": "|{$| {$|a| |{!!| |{!!a|!",
    "check.leaves:_UNRENDERED": "${|a|x {|a.|x #|A|x %|A_|x %%|a|x [[|a|x *¦|a|x",
    "check.person:_STEP": "[|1|x |[1| |a[|~ |a|1",
    "check.php:_FIRST_NAME": "|~| |^~| ^|a| |^a|",
    "check.php:_HEREDOC": "<<<|~|x <<<|a| |<<<'a| <<<'|a|'",
    "check.php:_INTERPOLATED": "|$| |${| |{$| |$a->| |$a[| {$|a| $a[|b|",
    "check.php:_LINE_COMMENT": "|a| |?| |??|>",
    "check.php:_QUOTED": "|a| |\\| |\\a|",
    "check.php:_STOP": "|?| |<| |/| |#[|",
    "check.php:_TOKEN": "|a| |if| |i|f |$if|",
    "check.positions:_LINE_END": "|^| |\r| |\r^|x",
    "check.positions:_STRETCH": "|{{| |<?| |<%| |\"| |'| |a.| a|.| |\"\\|",
    "check.program:_ONLY_LOOK": "console.|a|! rrApi.|a|! window.rrApi.|a|.call!",
    "check.scripts:_ENTITY": "&#|0|x |&#0| |&#x0| |&|q",
    "check.scripts:_OTHER_TAGS": "|{if| |{if~| |{/literal~x|( |{$|~ |@i|f |@|~",
    "check.scripts:_PERSON_CALL": "|set_| |setcustomera| |set|~",
    "check.scripts:_RELEVANT": "|rr_| |rron_| |rr|a |ar|rapi",
    "check.sequence:_ADDRESS": "|a@| a@|a| a@|.| |a@a|~ |.@.|~",
    "check.sequence:_PERSONAL_NAME": "|e_| |user_| |client|x |custome|~",
    "check.sequence:_QUESTION": "is|a|x |is| |validat|x",
    "check.tags:_ASSIGNMENT": "$|a|! $a|~|! $|[|!",
    "check.tags:_BRACKET": "|(| |'| |\"| |'\\|",
    "check.tags:_CALL": "|a| |;~| ;|~|x ;|a|; |if| |:|x |;a|~",
    "check.tags:_DIRECTIVE_GAP": "|~|x",
    "check.tags:_EJS_CONTROL": "-|~|x -|a.|x -|a|x",
    "check.tags:_FIRST_WORD": "|~|1 |-|1 |a|1",
    "check.tags:_MAY_PRINT": "|ech| |a| |echoo|",
    "check.tags:_OPENERS": "|{| |<| |<?| |<?ph|x |@| |@a| a|@| |{/| |{i| |{{-|",
    "check.tags:_PRINTS": "|~|x |~|ech",
    "check.template:_ASSIGNED": "|$a| $a|~|x |$a=| $a=|b|x |$a=b| |{%~set~a=| {%~set~|a|x {%~set~a=|b|x |{%| {%|~|x",
    "check.template:_COMMA": "|'| '|~|x |'~,| ',|~|x",
    "check.template:_ESCAPING": "|{%| {%|~|x {%~autoescape|~|x |{%~autoescape~| |{%~en|x",
    "check.template:_FOREIGN_FILE": "|{| |<| |$| |#| |@| |</a| </|a|x |[|x",
    "check.template:_FOREIGN_TAG": "|{{| {{|~|x {{|a|x {{a|~b|x |{{a~| {{if|~|x |[[|",
    "check.template:_SCRIPT": "|<scrip| |<script|x",
    "check.template:_SCRIPT_END": "|</scrip| |<|",
    "check.template:_WORTH_IT": "|rr_| |rron_| |setcustome|",
    "cli._russian:_METAVAR": "|A| |A|- |A.|x |A|.x",
    "block.csp:_NONCE": "|a|! |a=|x a|=|x",
    "block.csp:_ELEMENT": "<script~type=\"text/javascript\"~nonce=\"|a|< <script~type=\"text/javascript\">|a|x |<script~|x",
    "customer.warnings:_UNSAFE_IN_QUERY": "|a|",
    "html.units:_SWITCHED": "iso|-|x |iso-|x",
    "html.units:_META": "|<meta~| <meta~|a| |<meta~>|",
    "html.units:_CHARSET": "|charset| charset|~|x charset=|~|> |charset=|~",
    "html.units:_XML_DECLARATION": "<?xml|encoding|x <?xml~encoding|~|x <?xml|encoding=\"|> <?xml|encoding=~|>",
    "html.units:_COMMENT": "|<!--| <!--|-|x <!--|--!|x |<!-|x",
    "html.units:_DESIGNATION": "|\x1b| |\x1b$| |\x1b(|x",
    "html.units:_WIDE_TAG": "|a| |<| <|\0|x |<\0|x",
    "html.units:_WIDE_TEXT": "|\0| |a\0| |a\0\0\0|x",
    "html.units:_UTF_32": "ÿþ\0\0|a\0\0\0|xxxxx \0\0þÿ|\0\0\0a|xxxxx ÿþ\0\0|a|x",
    "html.skip:TEXT": "|a| |<|",
    "html.skip:_skip_pattern": "",
    "html.skip:_text_pattern": "",
    "html.standard.names:_QUIRKS_PUBLIC": "|-//w3c//dtd~| |-|x",
    "html.standard.names:_QUIRKS_WITHOUT_SYSTEM": "|-//w3c//dtd~html~4.01~|x",
    "html.standard.names:_DOCTYPE_PARTS": "<!doctype|~|x <!doctype~html~public|~|x <!doctype~html~public~\"|a|x <!doctype~html~public~''|'a'|x |<!doctype|~",
    "html.notes:_HANDLER_NAME": "on|a|1 |on|-",
    "html.notes:_SCRIPT_TAG": "|<| |<scrip| |<s|x",
    "html.notes:_AMP_NAMES": "amp|4ads|x |amp|x",
    "html.tokens:TAG": ATTRIBUTES,
    "html.tokens:MARKUP": "|<| |<~|x",
    "html.tokens:COMMENT": COMMENTS,
    "html.tokens:DOCTYPE": "|<!| |<!doctyp|x",
    "html.tokens:CDATA": "|<![CDATA| |<!|[",
    "html.tokens:CDATA_END": "|]| |]]|x",
    "html.tokens:_RAW_TEXT_END": "|</| |</script| |</styl|x </title|~|x",
    "html.tokens:_SCRIPT_STEP": "|<| |</script| |<!-|x",
    "html.tokens:_ESCAPED_STEP": "|-| |--| |<script| |</scrip|x",
    "html.tokens:_ATTRIBUTE": "|~| |/| |=| a|~| a=|~| a=\"|a| a='|a| |a=|",
    "html.tokens:_REFERENCE": "&#|0|x &#x|0|x &|a|x |&#| |&a|",
    "integrations._exit:_STRING_OR_SPACE": "|\"| |\"a| \"|a| |~|x",
    "integrations._exit:_pattern_of": "",
    "integrations._headers:_QUOTED": "|\"| |\"a| \"|\\| |\\\"| |,\"|~ \"|a|",
    "integrations._headers:_TARGETED": "|cdn-cache-control|x |-|x |a|x",
    "integrations._pages:_NOT_ASCII": "|x-| utf|-|x iso|-2022-|x",
    "integrations._pages:_CHARSET": "|;| ;|~|x ;~charset|~|x ;~charset=|~|; |;~charset~|x",
    "integrations._nonces:_NONCE_SOURCE": "|'nonce-| 'nonce-|a|x 'nonce-a|=|x |'nonce-a|=",
    "customer.strict_json:_WHITE_SPACE": "|~|x |^|x",
    "page.splice:_SNIPPET": "<script>|a|x <script>|</script>|x |<script~|x",
    "site.documents:_TOML_PLACE": "|(at~line~| (at~line~|1| (at~line~1,~column~|1|x |(at~line~1,~column~1)|x",
    "site.documents:_YAML_INTEGER": "-|1| -1|0|x",
    "integrations._settings:_COOKIE_NAME": "|a|! |-|!",
    "integrations._settings:_PREFIX": "/|a|! /|a/|! |/|!",
    "site.loader_tag:_TAG": LOADER_TAG,
    "site.loader_tag:_TAG_BYTES": LOADER_TAG,
    "site.notice:_ACTIVE": "|a| |\x1b|",
    "site.template:_MAY_BE": "|{|x",
    "site.template:_QUOTING": "|<| |<!-| |<cod| |<code|x",
    "site.template:_TAG": "|{%| |{%-~|1 {%|~|1 |{{| |{{~| {{|~|1 {{~a|a|{ |{{~a|~ |{{#| {{#|~|-",
    "site.patterns:compile_pattern": "",
    "block.payload:_PART": "|\"| |\"a| |a|1 \"|a| |{|~",
    "customer.lenient:_ENTRY": "|a|! a[|0|x |a[|~",
    "customer.phone:_SHAPE": "|1|! |1~|! |1-~|! (|1|! 1(|1|! |(|! |1~(|! 1(1)|1~|!",
    "customer.phone:_RUSSIAN": "|1|! +7|1|! 8(|1|!",
    "customer.phone:_E164": "+|1|! |+|1",
    "preview.highlight:_PIECES": "|\"| |\"a| \"|a| |\":| |~|x |a|~ |.| |tru|x |</scrip| |>|x",
    "customer.json_reason:_CALL": "|rrApi|x |<scrip| |rrApiOnRead|",
    "customer.json_reason:_COMMENT": "|/| |<!-|",
    "customer.json_reason:_TABLE": "|a| |;|x",
    "customer.json_reason:_TEXT": "\"|a| \"|\\\\|x |\"|",
    "customer.json_reason:_WORD": "|a| a|~|x |_|:",
    "preview.app:_KEY": "|a|!",
    "preview.beside:_STEPS": "|a|! a[|0|x |a[|~",
    "preview.explanations:_CODE": "|`| |`a|~ |`a`|",
    "preview.explanations:_LINK": "|[| |[a](| |[a]| |[a](b)|",
    "preview.explanations:_STRONG": "|*| |**a| |**a**|",
    "preview.json_places:_STEP": "|a| |[0| |[0]|",
    "preview.json_places:_TOKEN": "\"|a| |\"a| |{| |a|~ \"|\\\\|",
    "preview.notices:_ENTRY_PATH": "|a|! a[|0|x a[0]|x|",
    "preview.notices:_ROW_PATH": "softLinks[|0|x softLinks[|0|]. |customData[|x customData[0].|name|",
    "preview.pasted:_SPACE": "|~|x |a|",
    "customer.push_fields:_TIMESTAMP": "2025-03-31T11:03:02.|1|Z 2025-03-31T11:03:02|+|Z |2025-|Z",
    "customer.push_fields:_OFFSET": "+|0|Z |+01:00|Z",
    "customer.push_fields:read_timestamp": "",
    "customer.shapes:_SCIENTIFIC": "+1.|1|x 1e|1|x |1|e",
    "customer.shapes:_DECIMAL": "|1|x 1.|0|x |1|.",
    "customer.shapes:_BETWEEN_NUMBERS": "|,| |или| |o|r",
    "customer.shapes:_EXTENSION": "|доб| |e|xt",
    "customer.shapes:_BETWEEN_ADDRESSES": "|,| |~|x",
    "customer.warnings:_NO_ID": "%|A|x #|A|x {|a|- 1.|1|x |{|x 1e+|1|x",
    "customer.warnings:_WORDS": "|a| |a1|",
    "files:_TEMPORARY": ".rr-snippet-|0|.tmp |.rr-snippet-|x",
    "sources.lines:_STRAY_BYTE": "|a| |é|",
    "sources.names:_LOOKS": "|customer|id |consent|x |мобильный|телефон",
    "sources.orders:_POSITION": "[|1|x |[|",
    "customer.texts:_CONTROL": "|a| |é|",
}  # fmt: skip
# Functions make these patterns. The results are measured below, each under its own name.
MADE: dict[str, dict[str, re.Pattern[Any]]] = {
    "block.read_back:_block_patterns": {
        f"<|<script| |~|x{'x' * number}": pattern for number, (pattern, _) in enumerate(_block_patterns())
    },
    "html.skip:_skip_pattern": {
        f"{ATTRIBUTES} {COMMENTS} |<svg>| |<svg><g>| |<title>| |<style>| |</a~|x{twice}": pattern
        for twice, pattern in (("", skip.TO_STRUCTURE), ("x", skip.TO_SCRIPTS), ("xx", skip.TO_HANDLERS))
    },
    "html.skip:_text_pattern": {
        COMMENTS: skip.TO_MARKUP,
        COMMENTS + " |<![CDATA[|x": skip.TO_MARKUP_OR_CDATA,
    },
    "integrations._exit:_pattern_of": {
        "BLOCK|{| BLOCK{|}| BLOCK{}|~| <script|~|".replace("BLOCK", BEGINNING) + f" {'x' * number}|~|x": pattern
        for number, (pattern, _) in enumerate(_shape()._patterns)
    },
    "site.patterns:compile_pattern": {"|a/| |a|": compile_pattern("**/*a/**/b?")},
    "customer.push_fields:read_timestamp": {"|+| +|0|": re.compile(r"[+-][0-9]")},
}


def key(module: str, name: str) -> str:
    return f"{module.removeprefix('rr_snippet.')}:{name}"


PLACES = sorted(set(places()))


def test_every_pattern_has_its_input() -> None:
    assert [key(*place) for place in PLACES] == sorted(HOSTILE)
    assert {name for name, inputs in HOSTILE.items() if not inputs} == MADE.keys()


def pieces_of(inputs: str) -> list[list[str]]:
    def plain(text: str) -> str:
        return text.replace("~", " ").replace("^", "\n").replace("¦", "|")

    triples = [[plain(part) for part in triple.split("|")] for triple in inputs.split(" ")]
    assert all(len(triple) == 3 and triple[1] for triple in triples), inputs
    return triples


def slow_inputs(work_on: Callable[[str], Callable[[], object]], inputs: list[list[str]], largest: int) -> list[str]:
    """Return those of `inputs` for which the time of `work_on` grows faster than the text."""
    found = []
    for beginning, repeated, end in inputs:

        def work(size: int, parts: tuple[str, str, str] = (beginning, repeated, end)) -> Callable[[], object]:
            return work_on(parts[0] + parts[1] * (size // len(parts[1])) + parts[2])

        fault = growth_fault(work, (largest // 100, largest // 10, largest))
        if fault:
            found.append(f"{repeated!r}: {fault}")
    return found


def faults_of(pattern: re.Pattern[Any], methods: set[str], inputs: str, largest: int = 100_000) -> list[str]:
    def work_on(text: str) -> Callable[[], None]:
        subject: Any = text.encode("latin-1") if isinstance(pattern.pattern, bytes) else text
        return lambda: run_pattern(pattern, methods, subject)

    return slow_inputs(work_on, pieces_of(inputs), largest)


@pytest.mark.no_cover  # measured, so without a tracer
@pytest.mark.parametrize(("module", "name"), PLACES, ids=[key(*place) for place in PLACES])
def test_pattern_takes_linear_time(module: str, name: str) -> None:
    label = key(module, name)
    if label in MADE:
        for inputs, pattern in MADE[label].items():
            assert faults_of(pattern, {"match", "fullmatch"}, inputs) == []
    for pattern in () if label in MADE else patterns_at(module, name):
        assert faults_of(pattern, methods_of(module, name), HOSTILE[label]) == []


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("pattern", "inputs", "largest"),
    [(r"a*b?\s+$", "|~|x", 10_000), (r"\s+$", "|~|x", 10_000), (r"<a[^>]*>", "|<a|", 40_000)],
)
def test_a_quadratic_pattern_is_found(pattern: str, inputs: str, largest: int) -> None:
    assert faults_of(re.compile(pattern), {"search"}, inputs, largest)


# Whole functions, whatever patterns they use.


def refused(*errors: type[Exception]) -> Callable[[Callable[[str], object]], Callable[[str], object]]:
    def wrap(function: Callable[[str], object]) -> Callable[[str], object]:
        def call(text: str) -> object:
            try:
                return function(text)
            except errors as error:
                return error

        return call

    return wrap


def customer_of(text: str) -> Customer:
    return Customer(customer_id=text, email=text, phone=text, custom_data={text: text}, soft_links={text: text})


FUNCTIONS: dict[str, tuple[Callable[[str], object], list[list[str]]]] = {
    "read_phone": (refused(PhoneFaultError)(read_phone), pieces_of("|1| |(| |1~| +|-| |1~(1)|")),
    "read_phone in a region": (
        refused(PhoneFaultError)(lambda text: read_phone(text, region="RU")),
        pieces_of("|1| |1~|"),
    ),
    "read_timestamp": (
        refused(ValidationError)(read_timestamp),
        pieces_of("2025-03-31T11:03:02.|1|Z 2025-03-31T11:03:02|+|"),
    ),
    "is_email": (is_email, pieces_of('|a@| |a.| a@|a-| a@|a.| |"|@a.b |é|@a.ru')),
    "check_nonce": (refused(RenderError)(check_nonce), pieces_of("|a|! |=| a|=|")),
    "csp_source": (refused(PageError)(csp_source), pieces_of('|<script| <script~type="text/javascript">|a| |\r|')),
    "decode_json": (
        refused(CustomerError)(decode_json),
        pieces_of('|[| |{"a":| |"\\u0041| "|\\u0041|" |[1,|'),
    ),
    "Customer": (refused(CustomerError)(customer_of), pieces_of("|a| |-| |\ud800| |<| |\0|")),
    "private_cache_control": (private_cache_control, pieces_of('|"| |a,| "|\\|')),
    "find_insertion": (
        refused(PageError)(find_insertion),
        pieces_of(
            "|<| |<!--| |<svg>| |</body>| |<div>| <body>|</body><!--| <a~|a=b~| <body~|a| |<table>| <body>|<p~x='| "
            "|<select>| |<template>| |<title>| |</script>| |&| |<script>| |<body~a=b>|"
        ),
    ),
    "find_insertion in UTF-16": (
        refused(PageError)(lambda text: find_insertion(b"\xff\xfe" + text.encode("utf-16-le"))),
        pieces_of("|<| |<!--| |</body>|"),
    ),
    "inject": (
        refused(PageError)(lambda text: inject(text, "<script></script>")),
        pieces_of(
            "|<script>setCustomer(</script>| <script>//setCustomer|/*| <body>|<script>setCustomer</script>|</body>"
        ),
    ),
    "read_block": (
        refused(PageError)(read_block),
        [
            [f"{OPENING}{HEAD}", "{", TAIL],
            [f"{OPENING}{HEAD}{{", '"a":', f"}}{TAIL}"],
            [f"{OPENING}{HEAD}", '"a', TAIL],
            [f"{OPENING}{HEAD}{{}});\n        rrApi.order({{", '"a":1,', f"}}{TAIL}"],
        ],
    ),
}


@pytest.mark.no_cover
@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_takes_linear_time(name: str) -> None:
    function, inputs = FUNCTIONS[name]
    assert slow_inputs(lambda text: lambda: function(text), inputs, 50_000) == []
