"""The lists of tag names that the HTML standard's tree construction uses.

Source: https://html.spec.whatwg.org/#parsing, and the clause beside each list.
"""

from __future__ import annotations

import re
from typing import Final

Names = frozenset[str]


def _names(words: str) -> Names:
    return frozenset(words.split())


# 13.2.4.2, the stack of open elements. A foreign name has the letter of its namespace before it, an HTML name has none.
SPECIAL: Final = _names(
    """address applet area article aside base basefont bgsound blockquote body br button caption center col colgroup dd
    details dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header
    hgroup hr html iframe img input keygen li link listing main marquee menu meta nav noembed noframes noscript object
    ol p param plaintext pre script search section select source style summary table tbody td template textarea tfoot
    th thead title
    tr track ul wbr xmp m:mi m:mo m:mn m:ms m:mtext m:annotation-xml s:foreignobject s:desc s:title"""
)
SCOPE: Final = _names(
    """applet caption html table td th marquee object template m:mi m:mo m:mn m:ms m:mtext m:annotation-xml
    s:foreignobject s:desc s:title"""
)
BUTTON_SCOPE: Final = SCOPE | {"button"}
LIST_SCOPE: Final = SCOPE | {"ol", "ul"}
TABLE_SCOPE: Final = _names("html table template")

# 13.2.6.3, closing elements that have implied end tags.
IMPLIED: Final = _names("dd dt li optgroup option p rb rp rt rtc")
IMPLIED_THOROUGHLY: Final = IMPLIED | _names("caption colgroup tbody td tfoot th thead tr")

# 13.2.6.5, the rules for parsing tokens in foreign content, and 13.2.6, the integration points.
BREAKOUT: Final = _names(
    """b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta
    nobr ol p pre ruby s small span strong strike sub sup table tt u ul var"""
)
BREAKOUT_FONT: Final = _names("color face size")
MATHML_TEXT: Final = _names("m:mi m:mo m:mn m:ms m:mtext")
HTML_POINT: Final = _names("s:foreignobject s:desc s:title")
HTML_ANNOTATION: Final = _names("text/html application/xhtml+xml")

# 13.2.6.4, the insertion modes.
HEAD_VOID: Final = _names("base basefont bgsound link meta")
HEAD_START: Final = HEAD_VOID | _names("noframes script style template title")
HEADING: Final = _names("h1 h2 h3 h4 h5 h6")
FORMATTING: Final = _names("b big code em font i s small strike strong tt u")
CLOSES_P: Final = _names(
    """address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup
    main menu nav ol p search section summary ul"""
)
BLOCK_END: Final = (CLOSES_P | _names("button listing pre")) - {"p"}
MARKED: Final = _names("applet marquee object")
VOID_NOT_OK: Final = _names("area br embed img keygen wbr")
VOID: Final = _names("param source track")
TABLE_SECTION: Final = _names("tbody tfoot thead")
TABLE_CELL: Final = _names("td th")
TABLE_PART: Final = TABLE_SECTION | TABLE_CELL | {"caption", "col", "colgroup", "tr"}
IGNORED_IN_BODY: Final = TABLE_PART | {"frame", "head"}
TABLE_TEXT: Final = TABLE_SECTION | {"table", "template", "tr"}
IN_SELECT_TABLE: Final = TABLE_SECTION | TABLE_CELL | {"caption", "table", "tr"}

# 13.2.6.4.1, the doctypes of quirks mode. One rule needs them: whether `table` closes an open `p`.
_QUIRKS_PREFIXES: Final = """+//silmaril//dtd html pro v0r11 19970101//|-//as//dtd html 3.0 aswedit + extensions//
|-//advasoft ltd//dtd html 3.0 aswedit + extensions//|-//ietf//dtd html 2.0 level 1//|-//ietf//dtd html 2.0 level 2//
|-//ietf//dtd html 2.0 strict level 1//|-//ietf//dtd html 2.0 strict level 2//|-//ietf//dtd html 2.0 strict//
|-//ietf//dtd html 2.0//|-//ietf//dtd html 2.1e//|-//ietf//dtd html 3.0//|-//ietf//dtd html 3.2 final//
|-//ietf//dtd html 3.2//|-//ietf//dtd html 3//|-//ietf//dtd html level 0//|-//ietf//dtd html level 1//
|-//ietf//dtd html level 2//|-//ietf//dtd html level 3//|-//ietf//dtd html strict level 0//
|-//ietf//dtd html strict level 1//|-//ietf//dtd html strict level 2//|-//ietf//dtd html strict level 3//
|-//ietf//dtd html strict//|-//ietf//dtd html//|-//metrius//dtd metrius presentational//
|-//microsoft//dtd internet explorer 2.0 html strict//|-//microsoft//dtd internet explorer 2.0 html//
|-//microsoft//dtd internet explorer 2.0 tables//|-//microsoft//dtd internet explorer 3.0 html strict//
|-//microsoft//dtd internet explorer 3.0 html//|-//microsoft//dtd internet explorer 3.0 tables//
|-//netscape comm. corp.//dtd html//|-//netscape comm. corp.//dtd strict html//
|-//o'reilly and associates//dtd html 2.0//
|-//o'reilly and associates//dtd html extended 1.0//|-//o'reilly and associates//dtd html extended relaxed 1.0//
|-//sq//dtd html 2.0 hotmetal + extensions//
|-//softquad software//dtd hotmetal pro 6.0::19990601::extensions to html 4.0//
|-//softquad//dtd hotmetal pro 4.0::19971010::extensions to html 4.0//|-//spyglass//dtd html 2.0 extended//
|-//sun microsystems corp.//dtd hotjava html//|-//sun microsystems corp.//dtd hotjava strict html//
|-//w3c//dtd html 3 1995-03-24//|-//w3c//dtd html 3.2 draft//|-//w3c//dtd html 3.2 final//|-//w3c//dtd html 3.2//
|-//w3c//dtd html 3.2s draft//|-//w3c//dtd html 4.0 frameset//|-//w3c//dtd html 4.0 transitional//
|-//w3c//dtd html experimental 19960712//|-//w3c//dtd html experimental 970421//|-//w3c//dtd w3 html//
|-//w3o//dtd w3 html 3.0//|-//webtechs//dtd mozilla html 2.0//|-//webtechs//dtd mozilla html//""".replace("\n", "")
_QUIRKS_PUBLIC: Final = re.compile("|".join(re.escape(prefix) for prefix in _QUIRKS_PREFIXES.split("|")))
_QUIRKS_WHOLE: Final = frozenset({"-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en", "html"})
_QUIRKS_WITHOUT_SYSTEM: Final = re.compile(r"-//w3c//dtd html 4\.01 (?:frameset|transitional)//")
_QUIRKS_SYSTEM: Final = "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd"
_DOCTYPE_PARTS: Final = re.compile(
    r"""<!doctype[\t\n\f\r ]*+([^\t\n\f\r >]*+)[\t\n\f\r ]*+
    (?:(public|system)[\t\n\f\r ]*+("[^">]*+"|'[^'>]*+')[\t\n\f\r ]*+("[^">]*+"|'[^'>]*+')?+[^>]*+)?+(.?)""",
    re.VERBOSE,
)


def is_quirks_doctype(text: str) -> bool:
    """Return whether the doctype `text`, with its `<` and `>`, puts a page into quirks mode."""
    match = _DOCTYPE_PARTS.match(text.lower())
    if match is None or match[1] != "html" or match[5] != ">":
        return True
    kind, first, second = match[2], (match[3] or "")[1:-1], (match[4] or "")[1:-1]
    public, system = (first, second) if kind == "public" else ("", first)
    if kind == "public" and match[4] is None and _QUIRKS_WITHOUT_SYSTEM.match(public):
        return True
    return public in _QUIRKS_WHOLE or system == _QUIRKS_SYSTEM or _QUIRKS_PUBLIC.match(public) is not None
