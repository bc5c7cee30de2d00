"""The scanner finds scripts, event handlers and ends by their offsets, in linear time."""

from __future__ import annotations

import time

import pytest

from rr_snippet.errors import PageError
from rr_snippet.html.scan import Attribute, Handler, Scan, Script, scan
from rr_snippet.html.standard.names import is_quirks_doctype
from rr_snippet.html.standard.reader import ExactReader
from rr_snippet.html.tokens import decode_value
from rr_snippet.html.units import read_units
from rr_snippet.page import find_insertion

# This makes the fast reader give up and changes nothing else, so the page is read by the whole standard.
HAIRY = "<svg><foreignObject></foreignObject></svg>"


def attributes(script: Script) -> dict[str, str]:
    return {attribute.name: attribute.value for attribute in script.attributes}


def parts(page: str, script: Script) -> tuple[str, str]:
    return page[script.start : script.stop], page[script.content_start : script.content_stop]


def test_whole_result_of_a_small_page():
    page = "<!doctype html><body><script async>a</script></body></html>"
    assert scan(page) == Scan(
        end=len(page),
        body_end=page.index("</body>"),
        html_end=page.index("</html>"),
        is_document=True,
        scripts=(
            Script(
                start=21,
                content_start=35,
                content_stop=36,
                stop=45,
                attributes=(Attribute("async", "", 34, 34),),
            ),
        ),
    )


@pytest.mark.parametrize("prefix", ["", HAIRY], ids=["fast", "exact"])
@pytest.mark.parametrize(
    ("markup", "place", "is_svg", "is_closed", "whole", "content"),
    [
        ("<script>a</script>", "page", False, True, "<script>a</script>", "a"),
        ("<SCRIPT\n>a</sCript x>b", "page", False, True, "<SCRIPT\n>a</sCript x>", "a"),
        ("<script>a", "page", False, False, "<script>a", "a"),
        ("<script>a</script", "page", False, False, "<script>a</script", "a</script"),
        ("<script>a</script x", "page", False, False, "<script>a</script x", "a</script x"),
        ("<template><script>a</script></template>", "template", False, True, "<script>a</script>", "a"),
        ("<template shadowrootmode=OPEN><script>a</script>", "shadow", False, True, "<script>a</script>", "a"),
        ("<template shadowrootmode=x><script>a</script>", "template", False, True, "<script>a</script>", "a"),
        ("<noscript><script>a</script></noscript>", "noscript", False, True, "<script>a</script>", "a"),
        ("<select><script>a</script></select>", "page", False, True, "<script>a</script>", "a"),
        ("<svg><script>a</script></svg>", "page", True, True, "<script>a</script>", "a"),
        ("<svg><script>a<g>b</g></script></svg>", "page", True, True, "<script>a<g>b</g></script>", "a<g>b</g>"),
        ("<svg><script/>a</svg>", "page", True, True, "<script/>", ""),
        ("<svg><script>a</svg>", "page", True, False, "<script>a", "a"),
        ("<svg><script>a<g></script></svg>", "page", True, False, "<script>a<g>", "a<g>"),
    ],
)
def test_script_by_its_offsets(prefix, markup, place, is_svg, is_closed, whole, content):
    page = f"<body>é{prefix}{markup}"
    (script,) = scan(page).scripts
    assert parts(page, script) == (whole, content)
    assert (script.place, script.is_svg, script.is_closed) == (place, is_svg, is_closed)
    coded = page.encode()
    (script,) = scan(coded).scripts
    assert (coded[script.start : script.stop], coded[script.content_start : script.content_stop]) == (
        whole.encode(),
        content.encode(),
    )
    wide = ("\ufeff" + page).encode("utf-16-be")
    (script,) = scan(wide).scripts
    assert wide[script.start : script.stop].decode("utf-16-be") == whole


def test_scripts_come_in_order():
    page = "<body><noscript><script>1</script></noscript><script>2</script><noscript>x<script>3</script></noscript>"
    found = scan(page)
    assert [page[s.content_start : s.content_stop] for s in found.scripts] == ["1", "2", "3"]
    assert [s.place for s in found.scripts] == ["noscript", "page", "noscript"]


def test_attributes_are_decoded_and_placed():
    page = (
        "<script TYPE='a&amp;b' data-x=1&lt2 y=\"&notit; &not &#x41;&#66 &copy=\r\n\" z = q/w type=again ⚡=1 "
        "=e=2 b/c a='\0'></script>"
    )
    (script,) = scan(page).scripts
    assert attributes(script) == {
        "type": "a&b",
        "data-x": "1&lt2",
        "y": "&notit; ¬ AB &copy=\n",
        "z": "q/w",
        "⚡": "1",
        "=e": "2",
        "b": "",
        "c": "",
        "a": "\ufffd",
    }
    raw = {a.name: page[a.start : a.stop] for a in script.attributes}
    assert raw["type"] == "a&amp;b"
    assert raw["z"] == "q/w"
    assert script.attribute("data-x") == "1&lt2"
    assert script.attribute("absent") is None
    (script,) = scan(page.encode()).scripts
    assert attributes(script)["⚡"] == "1"
    (script,) = scan(("\ufeff" + page).encode("utf-16-le")).scripts
    assert attributes(script)["⚡"] == "1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("&amp;&lt;&gt", "&<>"), ("&amp", "&"), ("&ampx", "&ampx"), ("&amp=", "&amp="), ("&unknown;", "&unknown;")],
)
def test_references_in_attributes(text, expected):
    assert decode_value(text) == expected


@pytest.mark.parametrize(
    ("tag", "kind", "is_executable"),
    [
        ("<script>", "classic", True),
        ("<script type>", "classic", True),
        ("<script type=''>", "classic", True),
        ("<script type='' language=x>", "classic", True),
        ("<script type=' '>", "data", False),
        ("<script type='\tText/JavaScript\n'>", "classic", True),
        ("<script type=application/x-ecmascript>", "classic", True),
        ("<script type='text/javascript;charset=utf-8'>", "data", False),
        ("<script type=Module>", "module", True),
        ("<script type=module nomodule for=a event=b>", "module", True),
        ("<script type=importmap>", "data", False),
        ("<script type=speculationrules>", "data", False),
        ("<script type=text/template>", "data", False),
        ("<script type=text/javascript\u00a0>", "data", False),
        ("<script type=application/json language=javascript>", "data", False),
        ("<script language=JavaScript1.2>", "classic", True),
        ("<script language=''>", "classic", True),
        ("<script language=JavaScript1.9>", "data", False),
        ("<script language=jscript.encode>", "data", False),
        ("<script nomodule>", "classic", False),
        ("<script for=window event=onload>", "classic", True),
        ("<script for=' WINDOW ' event=' OnLoad() '>", "classic", True),
        ("<script for=window>", "classic", True),
        ("<script for=window event=onclick>", "classic", False),
        ("<script for=a event=onload>", "classic", False),
        ("<svg><script language=x nomodule>", "classic", True),
        ("<svg><script type=x>", "data", False),
    ],
)
def test_kind_of_script(tag, kind, is_executable):
    (script,) = scan(f"{tag}</script></svg>").scripts
    assert (script.kind, script.is_executable) == (kind, is_executable)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("<script>", False),
        ("<script src>", True),
        ("<script SRC=x>", True),
        ("<script href=x>", False),
        ("<svg><script href=x>", True),
        ("<svg><script xlink:href=x>", True),
        ("<svg><script src=x>", False),
    ],
)
def test_external_script(tag, expected):
    (script,) = scan(f"{tag}</script></svg>").scripts
    assert script.is_external is expected


@pytest.mark.parametrize(
    "markup", ["<script>a", "<template><script>a</script>", "<noscript><script>a</script></noscript>"]
)
def test_script_that_does_not_run(markup):
    (script,) = scan(markup).scripts
    assert not script.is_executable


@pytest.mark.parametrize("prefix", ["", HAIRY], ids=["fast", "exact"])
def test_handlers_are_found_only_where_they_are(prefix):
    page = (
        f"{prefix}<body onload=\"a('&lt;')\" class=onx><!-- <p onclick=no> --><p x onClick = 'b' ONCLICK=no on=no "
        "on-x=no data-onx=no><svg onload=c><path onclick=d /></svg><select onchange=e><option onclick=f></select>"
        "<template><b onfocus=g></b></template><textarea oninput=h><p onclick=no></textarea><script onerror=i></script>"
        "<iframe onload=j></iframe></p onclick=no><p title='<p onclick=no>'>"
    )
    found = scan(page, handlers=True)
    assert [(h.tag, h.attribute.name, h.attribute.value, h.place) for h in found.handlers] == [
        ("body", "onload", "a('<')", "page"),
        ("p", "onclick", "b", "page"),
        ("svg", "onload", "c", "page"),
        ("path", "onclick", "d", "page"),
        ("select", "onchange", "e", "page"),
        ("option", "onclick", "f", "page"),
        ("b", "onfocus", "g", "template"),
        ("textarea", "oninput", "h", "page"),
        ("script", "onerror", "i", "page"),
        ("iframe", "onload", "j", "page"),
    ]
    assert page[found.handlers[0].attribute.start : found.handlers[0].attribute.stop] == "a('&lt;')"
    assert scan(page).handlers == ()
    coded = scan(page.encode(), handlers=True).handlers
    assert coded == found.handlers
    assert isinstance(coded[0], Handler)


@pytest.mark.parametrize(
    ("doctype", "expected"),
    [
        ("<!DOCTYPE html>", False),
        ("<!doctypehtml>", False),
        ("<!DOCTYPE>", True),
        ("<!DOCTYPE svg>", True),
        ("<!DOCTYPE html SYSTEM 'about:legacy-compat'>", False),
        ('<!DOCTYPE html SYSTEM "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd">', True),
        ('<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">', True),
        ('<!DOCTYPE HTML PUBLIC "-//O\'Reilly and Associates//DTD HTML 2.0//EN">', True),
        ('<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">', True),
        (
            '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">',
            False,
        ),
        ('<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">', False),
        ('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">', False),
        ('<!DOCTYPE html PUBLIC "HTML">', True),
        ('<!DOCTYPE html PUBLIC "-/W3C/DTD HTML 4.0 Transitional/EN">', True),
        ('<!DOCTYPE html PUBLIC "x>', True),
        ("<!DOCTYPE html PUBLIC>", True),
        ("<!DOCTYPE html bogus>", True),
    ],
)
def test_quirks_by_doctype(doctype, expected):
    assert is_quirks_doctype(doctype) is expected


@pytest.mark.parametrize(
    ("page", "open_after"),
    [
        # A table closes a p, except in quirks mode. The end tag of foreignObject counts only if the p is closed.
        ("<!doctype html><svg><foreignObject><p><table></table></foreignObject></svg>", False),
        ("<!doctype x><svg><foreignObject><p><table></table></foreignObject></svg>", True),
        ("<svg><foreignObject><p><table></table></foreignObject></svg>", True),
    ],
)
def test_quirks_mode_decides_about_tables(page, open_after):
    assert scan(page).has_open_foreign is open_after


def test_same_text_gives_the_same_offsets_in_every_charset():
    page = f"<body>{'Привет 😀 ' * 20}<script>я</script>{HAIRY}<p onclick='я'></body>"
    of_text = scan(page, handlers=True)
    of_bytes = scan(page.encode(), handlers=True)
    of_wide = scan(b"\xff\xfe" + page.encode("utf-16-le"), handlers=True)
    assert of_text.body_end is not None
    assert of_bytes.body_end == len(page[: of_text.body_end].encode())
    assert of_wide.body_end == 2 + len(page[: of_text.body_end].encode("utf-16-le"))
    for found, charset, mark in ((of_bytes, "utf-8", 0), (of_wide, "utf-16-le", 2)):
        assert found.scripts[0].start == mark + len(page[: of_text.scripts[0].start].encode(charset))
        assert found.handlers[0].attribute.value == "я"


def test_text_that_fits_latin_1_is_read_too():
    page = "<body>é\xff</body>"
    assert scan(page).body_end == 8


@pytest.mark.parametrize("page", [b"\xff\xfe\0\0<\0\0\0", b"<\0h\0t\0m\0l\0>\0"])
def test_refused_charset(page):
    with pytest.raises(PageError) as caught:
        scan(page)
    assert caught.value.code == "page.encoding"


@pytest.mark.parametrize(
    ("markup", "leaves_open", "why"),
    [
        ("<h1>a<h2>b</h2>", False, "a heading ends a heading"),
        ("<h1>a</h3>", False, "any heading's end tag ends it"),
        ("<li>a", True, "an item is left open"),
        ("<ul><li>a<li>b</ul>", False, "a list ends its items"),
        ("<ul><li>a<div><li>b</li></div></ul>", False, "a div keeps an item's end off"),
        ("<dl><dt>a<dd>b</dl>", False, "as in a list of terms"),
        ("<dd>a</dd><dt>b</dt>", False, "terms by themselves"),
        ("<p><b>x</p></b>", False, "formatting goes on behind the paragraph"),
        ("<p><b>x</p>y", True, "and is open then"),
        ("<nobr>a<nobr>b</nobr>", False, "a nobr ends a nobr"),
        ("<a>x<a>y</a>", False, "a link ends a link"),
        ("<a><div>x<a>y</a></div></a>", False, "even from inside a div"),
        ("<ruby>a<rb>b<rt>c<rp>d<rtc>e</ruby>", False, "ruby's parts end each other"),
        ("<rt>a</rt><rb>b</rb>", False, "by themselves they are elements"),
        ("<object><p>a</object>", False, "an object ends what is open in it"),
        ("<object><b>a</object>b", False, "its formatting stays inside"),
        ("<marquee><i>a</marquee></i>", False, "as with a marquee"),
        ("</object></applet>", False, "the end tag of none is nothing"),
        ("<form><div></form></div>", False, "a form ends around what is open in it"),
        ("<form><p></form>", False, "and what ends by itself inside"),
        ("</form>", False, "the end tag of no form is nothing"),
        ("<form></form><form></form>", False, "one form after the other"),
        ("<form><form></form>", False, "no form in a form"),
        ("<template><form></form></form><form></template>", False, "but in a template"),
        ("<b><i><u><s><em><div>x</b></div>", True, "formatting deep around a block"),
        ("<b><i><u><s><em><div>x</b></em></s></u></i></div>", False, "and ended in another order"),
        ("<code><b><code><div>x</code></code></div></b>", False, "twice around it"),
        ("<b><x><div>y</b></div></x>", False, "with an unknown element in between"),
        ("<b><table></b></table></b>", False, "out of a table's scope"),
        ("<b><object></b></object></b>", False, "out of an object's scope"),
        ("<b a=1><b a=1><b a=1><b a=1><p></b></b></b></b>x</p>", True, "four alike are three"),
        ("<i></i></i>", False, "one end tag too many"),
        ("<b><b><b><b></b></b></b></b>", False, "the fourth of a kind is forgotten, but closed"),
        ("<b><p><p><p>" + "<div>" * 9 + "</b>" + "</div>" * 9, False, "an end tag takes eight blocks"),
        ("<table><caption><i></i></caption></table>", False, "formatting in a caption"),
        ("<button>a<button>b</button>", False, "a button ends a button"),
        ("<p><button><p></button></p>", False, "a button keeps a paragraph's end off"),
        ("<p></br></p>", False, "an end tag br is a br"),
        ("</p>", False, "an end tag p is an empty p"),
        ("<span><div></span></div></span>", False, "a div keeps a span's end off"),
        ("<section><span></section>", False, "a block ends what is not special"),
        ("<table></table>", False, "a table"),
        ("<table><tr><td>x", True, "a table left open"),
        ("<table><caption>a<b></table>", False, "its end ends its caption"),
        ("<table><caption>a</caption><tr></table>", False, "a caption ended"),
        ("<table><caption>a<tr><td></table>", False, "a row ends a caption"),
        ("<table><caption><div></caption></table>", False, "a caption ends what is in it"),
        ("<table><caption></td></body><p></table>", False, "what is ignored in a caption"),
        ("<table><colgroup><col></colgroup><tr></table>", False, "columns"),
        ("<table><col><col><tr></table>", False, "columns without a group"),
        ("<table><colgroup></col></table>", False, "an end tag col is nothing"),
        ("<table><colgroup>x<div></div></table>", False, "text ends a group"),
        ("<table><colgroup><template></template></colgroup></table>", False, "a template in a group"),
        ("<table><colgroup></div></table>", False, "an end tag ends a group"),
        ("<table><tbody><tr><td>x</tbody></table>", False, "a body ends its cells"),
        ("<table><tbody></thead></tbody><tfoot></table>", False, "the end tag of no section is nothing"),
        ("<table><tbody><tr></tfoot></tr></tbody></table>", False, "nor in a row"),
        ("<table><tbody><caption></table>", False, "a caption ends a body"),
        ("<table><tr><caption></table>", False, "and a row"),
        ("<table><tr></td></tr></table>", False, "the end tag of no cell is nothing"),
        ("<table><tr><td></th></td></tr></table>", False, "nor that of another cell"),
        ("<table><tr><td></tfoot><p></td></table>", False, "nor that of no section in a cell"),
        ("<table><tr><td></caption></html><th></table>", False, "what is ignored in a cell"),
        ("<table><td><td></table>", False, "cells without a row"),
        ("<table><tr><tr></table>", False, "rows"),
        ("<table><table></table>", False, "a table ends a table"),
        ("<table><tr><td><table></table></table>", False, "but not in a cell"),
        ("<table><input type=hidden><form><input></form></table>", False, "inputs and a form in a table"),
        ("<table><div></table>", False, "a div before a table"),
        ("<table><b>x</table>y</b>", False, "and formatting before it"),
        ("<table>&#32;<i></i></table>", False, "white space as a reference"),
        ("<table></tr></tbody></caption></col></table>", False, "end tags of nothing in a table"),
        ("<template><td></td><tr></template>", False, "cells in a template"),
        ("<template><td></tr></table></template>", False, "and end tags of nothing"),
        ("<template><tr></tbody><caption></template>", False, "rows in one"),
        ("<template><tbody></table><tr></template>", False, "sections"),
        ("<template><caption></caption></table></template>", False, "captions"),
        ("<template><col></colgroup><tr></template>", False, "columns"),
        ("<template><col>x<b></template>", False, "and what is ignored behind them"),
        ("<template>x<tr></template>", False, "and behind text"),
        ("<select><option><option></select>", False, "a select"),
        ("<select><optgroup><option></optgroup><optgroup></select>", False, "with groups"),
        ("<select><optgroup><option></option></optgroup><hr></select>", False, "ended"),
        ("<select></select></select>", False, "one end tag too many"),
        ("<option><optgroup><option></option></optgroup>", False, "options without a select"),
        ("<option><option></option></option>", False, "an option ends an option"),
        ("<table><tr><td><select><option></table>", False, "a table ends a select in it"),
        ("<table><tr><td><select></caption></td></table>", False, "but not by any end tag"),
        ("<table><select><tr></table>", False, "a row ends a select"),
        ("<p><hr><pre></pre><listing></listing><img><area>", False, "what ends a paragraph"),
        ("<image><param><source><input><keygen><embed>", False, "what is never open"),
        ("<xmp></xmp><iframe></iframe><noembed></noembed>", False, "raw text"),
        ("<html><head><body><frame>", False, "what is ignored in a body"),
        ("<math><mi><p></mi></p></mi></math>", False, "MathML in HTML in svg"),
        ("<svg><p>", True, "a breakout ends the inner svg"),
        ("<svg><g><foreignObject><b></b></foreignObject></g></svg>", False, "svg in HTML in svg"),
        ("<address><p><li></address>", False, "an item in an address"),
        ("<details><summary>x</details>", False, "newer elements"),
    ],
)
def test_what_html_leaves_open_inside_svg(markup, leaves_open, why):
    # An open HTML element blocks the end tag of foreignObject, and so that of svg. All checked in Chromium.
    page = f"<!doctype html><body><svg><foreignObject>{markup}</foreignObject></svg>"
    found = scan(page)
    assert found.has_open_foreign is leaves_open, why
    assert not found.is_ambiguous_select


# Checked with html5lib 1.1, which reads a select as browsers did until 2025.
@pytest.mark.parametrize(
    ("markup", "leaves_open", "why"),
    [
        ("<select><option><option><optgroup><option></select>", False, "options and groups"),
        (
            "<select><optgroup><option></optgroup><option></option></select>",
            False,
            "an end tag of a group ends its option",
        ),
        ("<select><option></optgroup></select>", False, "but only if there is a group"),
        ("<select><optgroup></option></optgroup></select>", False, "and that of no option is nothing"),
        ("<select><optgroup><hr><option><hr></select>", False, "a rule ends both"),
        ("<select><div><style><svg></style></select>", False, "other markup is ignored"),
        ("<select><div></select>", False, "so that nothing else is open"),
        ("<select></div><select>", False, "a select ends a select"),
        ("<select><b><textarea></select></textarea>", False, "and so does a text area"),
        ("<select><i><input>", False, "or an input"),
        ("<select><p><template><p></template></select>", False, "a template stays"),
        ("<select><p><script></select></script></select>", False, "and a script"),
        ("<select><p>&amp;</template></select>", False, "text does no harm"),
        ("<select><p></select></select>", False, "one end tag too many"),
        ("<select><p>", True, "what is open stays open"),
        ("<table><tr><td><select><p></td></table>", False, "a cell's end tag ends a select in a table"),
        ("<table><tr><td><select><p></th></select></table>", False, "not that of another cell"),
        ("<table><tr><td><select><p><th></table>", False, "and a cell does as well"),
        ("<table><tr><td><select><p><option></select></table>", False, "or its own end tag"),
        ("<table><select><p><tr></table>", False, "a row ends a select before a table"),
        ("<table><template><select><p></select></template></table>", False, "a template is no table"),
        ("<table><tr><td><select><template></template><tr></table>", False, "in a table also behind a template"),
        (
            "<table><tr><td><template><select><template></template></td></select></template></table>",
            False,
            "not in one",
        ),
    ],
)
def test_what_an_old_select_leaves_open(markup, leaves_open, why):
    page = f"<!doctype html><body><svg><foreignObject>{markup}</foreignObject></svg>"
    reader = ExactReader(read_units(page), wants_handlers=False, relaxed_select=False)
    assert reader.read().has_open_foreign is leaves_open, why


def test_template_behind_the_head_leads_back_there():
    page = "<!doctype html><head></head><template><svg><foreignObject></foreignObject></svg></template><frameset>"
    assert scan(page).is_frameset


HOSTILE = {
    "text": "x",
    "less-than": "<",
    "open tags": "<div>",
    "end tags": "</div>",
    "open comments": "<!--",
    "dashes": "-",
    "comment ends": "<!-- -->",
    "bogus": "<!x",
    "instructions": "<?",
    "quotes": "<a b='\"",
    "attributes": "<a b=c d",
    "spaces in tag": "<a ",
    "spaces then equals": "<a b   =   ",
    "equals": "<a =",
    "slashes": "<a/",
    "scripts": "<script></script>",
    "open scripts": "<script>",
    "escapes": "<script><!--",
    "double escapes": "<script><!--<script>",
    "escape ends": "<!--<script>--></script>",
    "noscripts": "<noscript><script></noscript>",
    "templates": "<template>",
    "closed templates": "<template></template>",
    "svg": "<svg>",
    "closed svg": "<svg><g></svg>",
    "svg children": "<svg><g>",
    "svg ends": "<svg></g>",
    "svg scripts": "<svg><script>",
    "cdata": "<svg><![CDATA[",
    "brackets": "]]",
    "points": "<svg><title>",
    "foreign object": "<svg><foreignObject>",
    "closed foreign object": "<svg><foreignObject><p></p></foreignObject></svg>",
    "selects": "<select>",
    "closed selects": "<select><option></select>",
    "hairy selects": "<select><div></div></select>",
    "formatting": "<b a=",
    "formatting numbers": "<i>",
    "adoption": "<a><div>",
    "misnested": "<b><p></b>",
    "paragraphs": "<p><b>",
    "tables": "<table>",
    "cells": "<table><tr><td>",
    "foster": "<table>x<b>",
    "framesets": "<frameset>",
    "late framesets": "<body><frameset>",
    "lists": "<li>",
    "forms": "<form></form>",
    "unknown ends": "<x></y>",
    "references": "&amp;",
    "ends": "</body></html>",
    "handlers": "<p onclick=x>",
}


def seconds(unit: str, size: int, prefix: str) -> float:
    page = (prefix + unit * (size // len(unit))).encode()
    start = time.process_time()
    scan(page, handlers=True)
    return time.process_time() - start


@pytest.mark.no_cover  # measured, so without a tracer
@pytest.mark.parametrize("prefix", ["<!doctype html><body>", "<!doctype html>" + HAIRY], ids=["fast", "exact"])
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_hostile_page_takes_linear_time(unit, prefix):
    size = 40_000
    seconds(unit, size // 4, prefix)
    for _ in range(3):  # a busy machine may spoil one of them
        small = seconds(unit, size, prefix)
        large = seconds(unit, 4 * size, prefix)
        # A page four times as long may take at most ten times as long. A few milliseconds prove nothing.
        if large < 0.1 or large < 10 * small:
            return
    pytest.fail(f"{small:.3f} s, then {large:.3f} s")


def test_steps_are_bounded():
    # Each paragraph reopens every formatting element, which makes 300 times the length of the page.
    page = "<body>" + HAIRY + "<p>" + "".join(f"<b a={n}>" for n in range(300)) + "</p>" + "<p>x</p>" * 20_000
    assert scan(page).is_too_deep


@pytest.mark.parametrize("relaxed", [True, False])
def test_select_as_it_was_and_as_it_is(relaxed):
    page = "<select><div><svg></select>"
    found = ExactReader(read_units(page), wants_handlers=False, relaxed_select=relaxed).read()
    assert found.has_open_foreign is False
    assert find_insertion("<body>" + page).rule == "end"
