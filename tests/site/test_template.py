"""Templates are distinguished from finished pages."""

from __future__ import annotations

import pytest

from rr_snippet.site.template import is_template


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("{% extends 'base.html' %}", "Django, Jinja, Liquid, Twig"),
        ("<body>{%- block body %}", "with white space control"),
        ("<p>{{ user.name }}", "a name"),
        ("<a href='{{ \"x\"|url }}'>", "a text with a filter, in an attribute"),
        ("<pre>{{ a }}</pre><p>{{ b }}", "behind what is quoted"),
        ("<p>{{ a }}</p><pre>b</pre>", "before what is quoted"),
        ("{{#if a}}b{{/if}}", "Handlebars"),
        ("{{> header}}", "a part of Handlebars"),
        ('{{ define "main" }}', "Go"),
        ("{{- .Title -}}", "Go, with white space control"),
        ("<CODE>x</CODE>{{ a }}", "behind code in capitals"),
        ("<body><!-- a --><codex>{{ a }}", "in another element"),
    ],
)
def test_templates(page: str, why: str) -> None:
    assert is_template(page.encode()), why


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<p>a", "nothing at all"),
        ("<p>{ % }{ {", "braces"),
        ("<p>100{%}", "no tag"),
        ("<p>\\frac{{a}}{b}", "TeX"),
        ("<p>{{ }}", "nothing in it"),
        ("<pre>{% if %}</pre><code>{{ a }}</code>", "a page about templates"),
        ("<PRE><b>{{ a }}</b></Pre>", "in any letter case"),
        ("<script>var a = {{ b }}</script><style>{{ a }}</style>", "scripts and styles"),
        ("<textarea>{{ a }}</textarea><kbd>{{ a }}</kbd><samp>{{ a }}</samp>", "other quoting"),
        ("<title>{{ a }}</title>", "the title of a page about templates"),
        ("<!-- {{ a }} -->", "a comment"),
        ("<!-- {{ a }}", "a comment without an end"),
    ],
)
def test_finished_pages(page: str, why: str) -> None:
    assert not is_template(page.encode()), why
