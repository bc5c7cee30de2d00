"""Where a snippet goes in a page, and that nothing else changes."""

from __future__ import annotations

import random

import pytest
from markupsafe import Markup

from rr_snippet import render_order, render_snippet
from rr_snippet.errors import OptionError, PageError
from rr_snippet.html.fast import FastReader, HairyError
from rr_snippet.html.standard.reader import ExactReader
from rr_snippet.html.units import read_units
from rr_snippet.page import Insertion, find_insertion, inject, remove
from tests.fuzzing.pages import SNIPPET as MARKED
from tests.fuzzing.pages import check_page as compare
from tests.fuzzing.pages import check_with, read_justhtml
from tests.pages.corpus import Case, read_corpus
from tests.pages.soup import make_soup

CORPUS = read_corpus()
PLAIN = [case for case in CORPUS if case.charset is None]
# Chromium agrees with us: `[CDATA[` must have capitals, clause 13.2.5.42. justhtml 3.16 accepts both.
JUSTHTML_DIFFERS = {"svg-cdata-lower-case"}
HEAD = """<script type="text/javascript">
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer("""
TAIL = """);
      } catch (e) {}
  })
</script>"""


def block(customer_id: str = "42") -> str:
    return f'{HEAD}{{"customerId":"{customer_id}","isAgreedToReceiveMarketingMail":true}}{TAIL}'


SNIPPET = block()


def refusal(page: bytes | str, **options) -> str:
    with pytest.raises(PageError) as caught:
        inject(page, SNIPPET, **options)
    assert len(caught.value.problems) == 1
    return caught.value.code


def check_bytes(case: Case, charset: str, bom: bytes, *, crlf: bool = False) -> None:
    before, behind = (text.replace("\n", "\r\n") if crlf else text for text in (case.before, case.behind))
    head, tail = bom + case.encode(before, charset), case.encode(behind, charset)
    page = head + tail
    if case.code:
        assert refusal(page) == case.code
        return
    coded = SNIPPET.encode(charset if charset.startswith("utf-16") else "ascii")
    assert find_insertion(page) == Insertion(len(head), case.rule)
    done = inject(page, SNIPPET)
    assert done == head + coded + tail
    assert inject(done, SNIPPET) is done
    assert inject(done, SNIPPET, if_present="replace") == done
    assert inject(done, block("43"), if_present="replace") == inject(page, block("43"))


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_place_in_bytes(case):
    charset = case.charset or "utf-8"
    bom = case.encode("\ufeff", charset) if case.has_bom else b""
    check_bytes(case, charset, bom)
    check_bytes(case, charset, bom, crlf=True)


@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case.name)
@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_place_in_utf_16(case, charset):
    check_bytes(case, charset, case.encode("\ufeff", charset))


@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case.name)
@pytest.mark.parametrize("prefix", ["", "\ufeff"], ids=["plain", "bom"])
def test_place_in_text(case, prefix):
    page = prefix + case.before + case.behind
    if case.code:
        assert refusal(page) == case.code
        return
    assert find_insertion(page) == Insertion(len(prefix + case.before), case.rule)
    done = inject(page, SNIPPET)
    assert type(done) is str
    assert done == prefix + case.before + SNIPPET + case.behind
    assert inject(done, SNIPPET) is done
    assert inject(done, block("43"), if_present="replace") == prefix + case.before + block("43") + case.behind


@pytest.mark.parametrize(
    "case", [case for case in PLAIN if not case.code and case.name not in JUSTHTML_DIFFERS], ids=lambda case: case.name
)
def test_browser_grade_parser_agrees(case):
    page = case.before + case.behind
    assert check_with(read_justhtml, page, inject(page, MARKED)) is None


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_both_readers_agree(case):
    units = read_units(case.before + case.behind)
    try:
        fast = FastReader(units, wants_handlers=True).read()
    except HairyError:
        return
    assert fast == ExactReader(units, wants_handlers=True, relaxed_select=True).read()


def test_corpus_is_large_and_its_names_differ():
    assert len(CORPUS) >= 150
    assert len({case.name for case in CORPUS}) == len(CORPUS)


def test_random_soup_is_read_as_by_other_parsers():
    source = random.Random(1)
    placed = 0
    for _ in range(1500):
        page = make_soup(source)
        try:
            assert compare(page) is None, page
        except PageError:
            continue
        placed += 1
    assert placed > 700


def test_random_soup_is_read_alike_by_both_readers():
    source = random.Random(2)
    fast = 0
    for _ in range(3000):
        units = read_units(make_soup(source))
        try:
            found = FastReader(units, wants_handlers=True).read()
        except HairyError:
            continue
        fast += 1
        assert found == ExactReader(units, wants_handlers=True, relaxed_select=True).read()
    assert fast > 1500


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (f"<body>{SNIPPET}", "our own block"),
        ("<body><script>rrApi.setCustomer({})</script>", "by hand"),
        ("<body><script>rrApi . setCustomer /* x */ ({})</script>", "with a comment in it"),
        ("<body><script>rrApi['setCustomer']({})</script>", "by name"),
        ("<body><script>rrApi.setCustomer.call(rrApi, {})</script>", "through call"),
        ("<body><script>rrApi.setCustomer?.({})</script>", "if it is there"),
        ("<body><script>var u = 'http://x'; rrApi.setCustomer({})</script>", "behind two slashes in a string"),
        ("<body><script>x.replace(/[\"'/]/g, ''); rrApi.setCustomer({})</script>", "behind a regular expression"),
        ('<body><script>var s = "<!-- "; rrApi.setCustomer({})</script>', "behind a comment's start in a string"),
        ("<body><script>window.rrApi.setCustomer({})</script>", "of the window"),
        ("<body><script>window['rrApi'].setCustomer({})</script>", "of the window, by name"),
        ("<body><script>(window.rrApi || rrApi)?.setCustomer({})</script>", "of the one that is there"),
        ("<body><script>rrApi.setCustomer.bind(rrApi, {})()</script>", "through bind"),
        ("<body><script>var api = window.rrApi; api.setCustomer({})</script>", "under another name"),
        ("<body><script>var api = rrApi || {}\napi.setCustomer({})</script>", "under another name, if it is there"),
        ("<body><script>const {setCustomer} = rrApi; setCustomer({})</script>", "taken out of it"),
        ("<body><script>(function (r) { r.setCustomer({}) })(rrApi)</script>", "of what is passed on"),
        ("<body><script>braintree.setCustomer({}); rrApi.setCustomer({})</script>", "beside another's"),
        ("<body><script type=module>rrApi.setCustomer({})</script>", "in a module"),
        ("<body><script language=JavaScript>rrApi.setCustomer({})</script>", "by the old attribute"),
        ("<body><script type=' TEXT/JavaScript '>rrApi.setCustomer({})</script>", "spaced and in capitals"),
        ("<body><script type=''>rrApi.setCustomer({})</script>", "with an empty type"),
        ("<body><svg><script>rrApi.setCustomer({})</script></svg>", "in svg"),
        ("<body><svg><script>rrApi.setCustomer&#40;{})</script></svg>", "in svg, with a reference"),
        ("<body><div><template shadowrootmode=open><script>rrApi.setCustomer({})</script></template>", "in a shadow"),
        ("<body><script for=window event='onload()'>rrApi.setCustomer({})</script>", "for the window's load"),
        ("<script>rrApi.setCustomer({})</script><p>", "in a page that has no place"),
    ],
)
def test_live_call_is_found(page, why):
    for form in (page, page.encode(), ("\ufeff" + page).encode("utf-16-le")):
        assert inject(form, SNIPPET) is form, why
        assert refusal(form, if_present="error") == "page.already"


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<body><!-- BLOCK -->", "in a comment"),
        ("<body><textarea>BLOCK</textarea>", "in a text area"),
        ("<body><pre>rrApi.setCustomer(x)</pre>", "as text"),
        ("<body><template>BLOCK</template>", "in a template"),
        ("<body><template shadowrootmode=open><template>BLOCK</template></template>", "in a template in a shadow"),
        ("<body><noscript>BLOCK</noscript>", "where scripts are off"),
        ("<body><p title='rrApi.setCustomer(x)'>", "in an attribute"),
        ("<body><script type='application/json'>rrApi.setCustomer(x)</script>", "in a data block"),
        ("<body><script type='text/javascript; charset=utf-8'>rrApi.setCustomer(x)</script>", "no type of JavaScript"),
        ("<body><script type='text/jav\u0430script'>rrApi.setCustomer(x)</script>", "nor with a Cyrillic letter"),
        ("<body><script language=vbscript>rrApi.setCustomer(x)</script>", "in another language"),
        ("<body><script src=x.js>rrApi.setCustomer(x)</script>", "where the file runs instead"),
        ("<body><svg><script href=x.js>rrApi.setCustomer(x)</script></svg>", "in svg too"),
        ("<body><script nomodule>rrApi.setCustomer(x)</script>", "for browsers of the past"),
        ("<body><script for=a event=b>rrApi.setCustomer(x)</script>", "for an event of Internet Explorer"),
        ("<body><script for=window event=b>rrApi.setCustomer(x)</script>", "for another event"),
        ("<body><script>// rrApi.setCustomer(x)\n</script>", "commented out"),
        ("<body><script>/* rrApi.setCustomer(x) */</script>", "commented out"),
        ("<body><script>/* rrApi.setCustomer(x)</script>", "in a comment without an end"),
        ("<body><script><!-- rrApi.setCustomer(x)\n--></script>", "in an HTML comment of JavaScript"),
        ("<body><script>\n --> rrApi.setCustomer(x)\n</script>", "behind the other"),
        ("<body><script>rrApi.setCustomerId(x)</script>", "another method"),
        ("<body><script>resetCustomer(x); mysetCustomer(x); $setCustomer(x)</script>", "another name"),
        ("<body><script>function setCustomer(x) {}</script>", "a definition"),
        ("<body><script>rrApi.setCustomer = x</script>", "no call"),
        ("<body><script>document.write('<scr'+'ipt>rrApi.setCustomer({})')</script>", "in text about to be written"),
        ('<body><script>var help = "call rrApi.setCustomer({...}) first"</script>', "a mention in a string"),
        ("<body><script>var help = `call rrApi.setCustomer({}) first`</script>", "in a template literal"),
        ("<body><script>x = a / 2; y = /rrApi.setCustomer(x)/</script>", "in a regular expression"),
        ("<body><script>braintree.setCustomer({id: 1})</script>", "of another object"),
        (
            "<body><script>if (window.rrApi) braintree.setCustomer({})</script>",
            "of another, though the tracker is asked for",
        ),
        ("<body><script>rrApi.view(1); braintree.setCustomer({})</script>", "of another, though the tracker is used"),
        ("<body><script>myrrApi.setCustomer({})</script>", "of an object called alike"),
        ("<body><script>setCustomer({})</script>", "of a function of the page's own"),
        ("<body><svg><script>rrApi.setCustomer(x)</svg>", "a script of svg that nothing ends"),
    ],
)
def test_dead_call_does_not_count(page, why):
    page = page.replace("BLOCK", SNIPPET)
    assert inject(page, SNIPPET) == page + SNIPPET, why
    assert inject(page, SNIPPET, if_present="error") == page + SNIPPET
    assert inject(page, SNIPPET, if_present="replace") == page + SNIPPET


def test_replace_swaps_the_block_where_it_stands():
    page = f"<!doctype html><head>\r\n{SNIPPET}\r\n</head><body>\u00e9</body>"
    expected = f"<!doctype html><head>\r\n{block('Z')}\r\n</head><body>\u00e9</body>"
    for charset in ("utf-8", "cp1252"):
        assert inject(page.encode(charset), block("Z"), if_present="replace") == expected.encode(charset)
    assert inject(page, block("Z"), if_present="replace") == expected
    wide = inject(b"\xfe\xff" + page.encode("utf-16-be"), block("Z"), if_present="replace")
    assert wide == b"\xfe\xff" + expected.encode("utf-16-be")


def test_replace_keeps_one_of_several_blocks():
    page = f"<body>a{block('1')}b{block('2')}c</body>"
    assert inject(page, SNIPPET, if_present="replace") == f"<body>ab{SNIPPET}c</body>"
    assert inject(page.encode(), SNIPPET, if_present="replace") == f"<body>ab{SNIPPET}c</body>".encode()


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ("<script>rrApi.setCustomer({})</script>", "written by hand"),
        (SNIPPET.replace("\n", "\r\n"), "our block with other line ends"),
        (SNIPPET.replace("42", "Анна"), "our frame around what we never write"),
        (SNIPPET + "<script>rrApi.setCustomer({})</script>", "one of ours and one of theirs"),
        ("<svg>" + SNIPPET + "</svg>", "our block in svg, where it is none"),
    ],
)
def test_replace_leaves_foreign_calls_alone(found, why):
    for page in (f"<body>{found}</body>", f"<body>{found}</body>".encode()):
        assert refusal(page, if_present="replace") == "page.foreign_call", why


@pytest.mark.parametrize("case", [case for case in CORPUS if not case.code], ids=lambda case: case.name)
def test_what_is_taken_out_leaves_the_page_as_it_was(case):
    charset = case.charset or "utf-8"
    page = case.encode(case.before + case.behind, charset)
    if case.has_bom:
        page = case.encode("\ufeff", charset) + page
    done = inject(page, SNIPPET)
    assert remove(done) == page
    assert remove(page) is page
    if case.charset is None:
        text = case.before + case.behind
        assert remove(inject(text, render_snippet({"customerId": "1"}, nonce="abc", pretty=True, debug=True))) == text


def test_all_blocks_of_ours_are_taken_out_and_nothing_else():
    foreign = "<script>rrApi.setCustomer({})</script>"
    page = f"<body>a{block('1')}\r\n{foreign}b{block('2')}<!-- {SNIPPET} --><template>{SNIPPET}</template>c</body>"
    kept = f"<body>a\r\n{foreign}b<!-- {SNIPPET} --><template>{SNIPPET}</template>c</body>"
    assert remove(page) == kept
    assert remove(page.encode()) == kept.encode()
    assert remove(b"\xff\xfe" + page.encode("utf-16-le")) == b"\xff\xfe" + kept.encode("utf-16-le")
    assert remove(kept) is kept
    assert type(remove(Markup(page))) is str


def test_a_page_without_a_block_may_be_anything():
    for page in (b"", "", b"<p>a piece", "\ud800", b"\x00\xff", "<frameset>", SNIPPET.encode("utf-32")):
        assert remove(page) is page
    assert remove(f"<p>{SNIPPET}a piece") == "<p>a piece"


def test_what_cannot_be_read_for_certain_is_refused():
    with pytest.raises(PageError) as caught:
        remove("<body><frameset>" + "<div>" * 600 + SNIPPET)
    assert caught.value.code == "page.too_deep"


def test_markup_is_spliced_as_text():
    assert inject("<body><b>", Markup(SNIPPET)) == "<body><b>" + SNIPPET
    assert inject(Markup("<body><b>"), SNIPPET) == "<body><b>" + SNIPPET
    assert type(inject(Markup("<body><b>"), SNIPPET)) is str


def test_subclass_of_str_counts_as_its_characters():
    class Odd(str):
        __slots__ = ()

        def __str__(self):
            return "other"

    assert inject("<body>", Odd(SNIPPET)) == "<body>" + SNIPPET


@pytest.mark.parametrize(
    "snippet",
    ["", "x", SNIPPET + "\n", "\n" + SNIPPET, SNIPPET.replace("42", "\u00e9"), SNIPPET.replace("42", "\t"), "<script>"],
)
def test_snippet_must_be_one_ascii_script(snippet):
    with pytest.raises(PageError) as caught:
        inject("<body>", snippet)
    assert caught.value.code == "block.not_ours"


@pytest.mark.parametrize("value", ["", "SKIP", None])
def test_unknown_choice_fails(value):
    with pytest.raises(OptionError) as caught:
        inject("<body>", SNIPPET, if_present=value)
    assert str(caught.value) == "if_present: wrong value; expected skip, replace, error [option.value]"


def test_last_odd_byte_of_utf_16_stays_last():
    page = b"\xff\xfe" + "<body>".encode("utf-16-le")
    assert inject(page + b"x", SNIPPET) == page + SNIPPET.encode("utf-16-le") + b"x"
    assert find_insertion(page + b"x") == Insertion(len(page), "end")


def test_lone_surrogates_in_text_do_not_matter():
    assert inject("\ud800<body>\udfff</body>", SNIPPET) == f"\ud800<body>\udfff{SNIPPET}</body>"


def test_page_is_not_changed_in_place():
    page = b"<body></body>"
    inject(page, SNIPPET)
    assert page == b"<body></body>"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<body>" + "<div>" * 600 + "<svg><foreignObject>", "page.too_deep"),
        ("<body><frameset>" + "<div>" * 600, "page.too_deep"),
    ],
)
def test_hairy_page_must_not_be_too_deep(page, code):
    assert refusal(page) == code
    with pytest.raises(PageError) as caught:
        find_insertion(page)
    assert str(caught.value) == "elements are nested too deeply; at most 512 levels allowed [page.too_deep]"


def test_plain_page_may_be_as_deep_as_it_likes():
    page = "<body>" + "<div>" * 5000
    assert find_insertion(page) == Insertion(len(page), "end")


@pytest.mark.parametrize("page", [None, 5, ["<html>"], {}])
def test_what_is_no_page_is_told(page: object) -> None:
    block = render_snippet({"customerId": "1"})
    for use in (find_insertion, remove, lambda page: inject(page, block)):
        with pytest.raises(PageError) as caught:
            use(page)  # type: ignore[arg-type]
        assert str(caught.value) == "not a page; expected bytes or a string [page.type]"


BOUGHT = {"transaction": "A-17", "items": [{"id": 7, "qnt": 1, "price": 990}]}


@pytest.mark.parametrize("options", [{}, {"pretty": True}, {"debug": True, "nonce": "abc"}])
def test_the_block_of_an_order_stays_and_the_page_with_it(options):
    # The customer is in it already, and must stand before the order in the same callback.
    page = inject("<!doctype html><body></body>", render_order(BOUGHT, {"customerId": "42"}, **options))
    for if_present in ("skip", "replace"):
        assert inject(page, SNIPPET, if_present=if_present) == page
    assert refusal(page, if_present="error") == "page.already"
    assert remove(page) == page
    both = inject(page.replace("setCustomer", "setProfile", 1), SNIPPET)
    assert both.count("<script") == 2
    assert refusal(f"{page}<script>rrApi.setCustomer(me)</script>", if_present="replace") == "page.foreign_call"


def test_an_order_without_a_customer_is_no_card():
    page = inject("<!doctype html><body></body>", render_order(BOUGHT, None))
    assert remove(page) == page
    assert remove(inject(page, SNIPPET)) == page
