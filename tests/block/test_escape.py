"""The allow-list, compared with an independent implementation, and the ways out of a string that it closes."""

from __future__ import annotations

import json
import string
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from rr_snippet.block import escape
from rr_snippet.block.escape import Gaps, escape_text, fill_gaps, script_literal

PLAIN = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,._:@+-()")

# Texts full of dangerous characters, besides any other text.
DENSE = st.text(st.sampled_from("\\\"'<>/&-u0041n\n\f\uffff\u2028Я😀{}$%`"), max_size=40)
TEXTS = st.one_of(st.text(st.characters(exclude_categories=("Cs",)), max_size=40), DENSE)


def by_the_rule(text: str) -> str:
    """Return the body of the literal, character by character, as the contract defines it."""
    body, previous = "", ""
    for character in text:
        if character in PLAIN and not (character == previous == "-"):
            body += character
        else:
            units = character.encode("utf-16-be")
            body += "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
        previous = character
    return body


@given(TEXTS)
def test_text_is_escaped_by_the_rule(text: str) -> None:
    assert escape_text(text) == by_the_rule(text)
    assert json.loads(script_literal(text)) == text


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_many_at_once_equal_one_by_one(texts: list[str]) -> None:
    assert fill_gaps(gaps_for(texts), texts) == by_the_rules(texts)


# So long that the way of escaping is chosen before all dangerous characters have been seen.
@pytest.mark.parametrize("start", ["<" * 100, "<>&'\"" * 30, "я<" * 80])
@pytest.mark.parametrize("end", ["", "\0", "--\\----", "\n{}[]😀", "\ud7ff\ue000"])
def test_long_texts_are_escaped_by_the_rule(start: str, end: str) -> None:
    for texts in ([start + end], [start, end], [end, start], [start, end, "-", "-", start]):
        assert [escape_text(text) for text in texts] == [by_the_rule(text) for text in texts]
        assert fill_gaps(gaps_for(texts), texts) == by_the_rules(texts)


def gaps_for(texts: list[str]) -> Gaps:
    """Return the fixed text of a JSON array of `texts`."""
    return Gaps.between(["[", *[","] * (len(texts) - 1), "]"])


def by_the_rules(texts: list[str]) -> str:
    return "[" + ",".join(f'"{by_the_rule(text)}"' for text in texts) + "]"


def test_every_character_of_the_first_planes() -> None:
    characters = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x11000), 0x1F600, 0x10FFFF)]
    for start in range(0, len(characters), 1000):
        chunk = characters[start : start + 1000]
        assert fill_gaps(gaps_for(chunk), chunk) == by_the_rules(chunk)
        assert [escape_text(character) for character in chunk] == [by_the_rule(character) for character in chunk]


def test_a_null_between_other_characters() -> None:
    texts = ["\0\"'<>&", "a\0b", "\\u0000", "", "/{}"]
    assert fill_gaps(gaps_for(texts), texts) == by_the_rules(texts)
    assert fill_gaps(gaps_for(texts[2:]), texts[2:]) == by_the_rules(texts[2:])
    assert fill_gaps(gaps_for(["<\"'/&", "-", "-", "\\u0000"]), ["<\"'/&", "-", "-", "\\u0000"]) == by_the_rules(
        ["<\"'/&", "-", "-", "\\u0000"]
    )


@given(st.text(st.sampled_from("-\\u02d"), max_size=30))
def test_dashes_are_parted_however_many(text: str) -> None:
    assert escape_text(text) == by_the_rule(text)
    assert fill_gaps(gaps_for([text, text]), [text, text]) == by_the_rules([text, text])


def test_a_whole_text_of_many_characters() -> None:
    text = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x11000))))
    assert escape_text(text) == by_the_rule(text)


@pytest.mark.parametrize(
    ("value", "expected", "why"),
    [
        ("", '""', "an empty text is a text"),
        ("anna@shop.ru, +7 (111) 222-33-44", '"anna@shop.ru, +7 (111) 222-33-44"', "contacts stay readable"),
        ("</b>", r'"\u003c\u002fb\u003e"', "would reach the HTML parser as a tag"),
        ("a'b\"c\\", r'"a\u0027b\u0022c\u005c"', "would end the literal"),
        ("\u2028\u2029", r'"\u2028\u2029"', "were line ends in JavaScript strings before ES2019"),
        ("--->", r'"-\u002d\u002d\u003e"', "no two dashes side by side: an XML comment may hold the snippet"),
        ("😀", r'"\ud83d\ude00"', "two UTF-16 units"),
        ("\\u0041", r'"\u005cu0041"', "an escape in the data is data"),
    ],
)
def test_text_cannot_leave_the_literal(value: str, expected: str, why: str) -> None:
    assert script_literal(value) == expected, why
    assert json.loads(expected) == value


class Liar(str):
    """A text whose methods all lie."""

    __slots__ = ()

    def __str__(self) -> str:
        return "</script>"

    __html__ = __format__ = __repr__ = __str__  # type: ignore[assignment]

    def encode(self, *_: object) -> bytes:  # type: ignore[override]
        return b"a"

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter("</script>")

    def isprintable(self) -> bool:
        return True


@pytest.mark.parametrize("subclass", [Liar, Markup])
def test_a_subclass_counts_as_its_characters(subclass: type[str]) -> None:
    assert escape_text(subclass("<a!?;>")) == r"\u003ca\u0021\u003f\u003b\u003e"
    assert fill_gaps(Gaps.between(["", ""]), [subclass("<")]) == r'"\u003c"'
    assert fill_gaps(Gaps.between(["[", ",", "]"]), [subclass("<"), subclass("[")]) == r'["\u003c","\u005b"]'


@pytest.mark.parametrize("value", [None, 5, b"a", ["a"], True])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        escape_text(value)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        fill_gaps(Gaps.between(["[", ",", "]"]), ["a", value])  # type: ignore[list-item]


@pytest.mark.parametrize("text", ["\ud800", "a\udc00b", "\udc00\ud800", "<>&'/--\udc2d"])
def test_half_a_surrogate_pair_is_refused_without_showing_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="half of a surrogate pair") as caught:
        escape_text(f"secret{text}")
    assert "secret" not in repr((caught.value, caught.value.__context__, caught.value.__cause__))


@pytest.mark.parametrize("broken", ['"<"', '"\\x"', '"a\\"b"', '"é"', '"\\\\"'])
def test_the_proof_does_not_trust_the_encoder(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    monkeypatch.setattr(escape, "encode_basestring_ascii", lambda _: broken)
    with pytest.raises(ValueError, match="leaves the alphabet"):
        escape_text("a/b\n")
    with pytest.raises(ValueError, match="leaves the alphabet"):
        fill_gaps(Gaps.between(["[", "]"]), ["é/b\n"])


@pytest.mark.parametrize("broken", ['"a","b"', '"a"]"', '"["a"', '"a":"'])
def test_a_quote_or_a_bracket_too_many_is_seen(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    monkeypatch.setattr(escape, "encode_basestring_ascii", lambda _: broken)
    with pytest.raises(ValueError, match="leaves the alphabet"):
        fill_gaps(Gaps.between(["[", "]"]), ["é"])


@pytest.mark.parametrize("broken", [b"<", b"\\n", b'"', b"{"])
def test_the_proof_does_not_trust_the_map(monkeypatch: pytest.MonkeyPatch, broken: bytes) -> None:
    monkeypatch.setitem(escape._ESCAPES, ord("я"), broken)
    text = "я<>&'/"
    with pytest.raises(ValueError, match="leaves the alphabet"):
        escape_text(text)
    with pytest.raises(ValueError, match="leaves the alphabet"):
        fill_gaps(gaps_for([text, "a"]), [text, "a"])


def test_one_gap_for_each_text() -> None:
    assert fill_gaps(Gaps.between(['{"a":', ',"b":', "}"]), ["<", "Я"]) == '{"a":"\\u003c","b":"\\u042f"}'
    with pytest.raises(ValueError, match="size 2"):
        fill_gaps(Gaps.between(["a", "b"]), ["c", "d"])


@given(TEXTS)
def test_the_literal_is_ascii_and_legal_where_it_stands(text: str) -> None:
    literal = script_literal(text)
    assert literal.isascii()
    assert literal.isprintable()
    assert "--" not in literal
    assert ElementTree.fromstring(f"<a><!--{literal}-->{literal}</a>").text == literal
    assert string.Template(literal).substitute() == literal
    assert literal % () == literal


def test_every_character_is_written_the_same_in_the_whole_and_alone() -> None:
    gaps = Gaps.between(["[", ",", "]"])
    for code in range(0x11000):
        if not 0xD800 <= code <= 0xDFFF:
            text = f"я{chr(code)}"
            assert fill_gaps(gaps, [text, "a"]) == f'["{escape_text(text)}","a"]'
