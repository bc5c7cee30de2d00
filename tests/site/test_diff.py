"""What people see of a change in a page."""

from __future__ import annotations

import pytest

from rr_snippet import inject, render_snippet
from rr_snippet.site.diff import diff_page, mask_block

OLD = render_snippet({"customerId": "secret-1"})
NEW = render_snippet({"customerId": "secret-2", "customData": {"secret-3": "secret-4"}})
MASKED = """<script type="text/javascript">
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer({"customerId":"***","customData":"***","isAgreedToReceiveMarketingMail":"***"});
      } catch (e) {}
  })
</script>"""


@pytest.mark.parametrize("options", [{}, {"pretty": True, "debug": True, "nonce": "abc"}])
def test_mask_leaves_the_frame(options: dict[str, object]) -> None:
    block = render_snippet({"customerId": "secret-2", "customData": {"secret-3": ");\n      }"}}, **options)
    masked = mask_block(block)
    assert "secret" not in masked
    if not options:
        assert masked == MASKED
    else:
        assert masked.startswith('<script type="text/javascript" nonce="abc">\n')
        assert masked.endswith('"***"});\n      } catch (e) { console.error(e); }\n  })\n</script>')


@pytest.mark.parametrize(
    ("before", "place"),
    [
        (b"<!doctype html>\n<body>\n<p>secret\n</body>", "@@ line 4, before </body> @@"),
        (b"<!doctype html>\n<p>secret</html>", "@@ line 2, before </html> @@"),
        (b"<!doctype html>\n<p>secret", "@@ line 2, at the end @@"),
        ("<body>\n\n</body>".encode("utf-16"), "@@ line 3, before </body> @@"),
        (b"<body>\nsecret\n" + OLD.encode() + b"</body>", "@@ line 3, in the place of the block there @@"),
        (b"<body>" + NEW.encode() + NEW.encode(), "@@ line 7, in the place of the block there @@"),
    ],
)
def test_outline_shows_the_place_and_no_value(before: bytes, place: str) -> None:
    after = inject(before, NEW, if_present="replace")
    expected = "\n".join(["--- a/x.html", "+++ b/x.html", place, *(f"+{line}" for line in MASKED.split("\n"))])
    assert diff_page("x.html", before, after, NEW) == expected + "\n"


def test_values_are_shown_when_asked_for() -> None:
    before = b"<!doctype html>\n<p>\x1b[31m\xff</body>"
    block = render_snippet({"customerId": "7"})
    head, *middle, tail = block.split("\n")
    lines = [f"+<p>\\x1b[31m\ufffd{head}", *(f"+{line}" for line in middle), f"+{tail}</body>"]
    assert diff_page("x.html", before, inject(before, block), block, with_values=True) == "\n".join(
        ["--- a/x.html", "+++ b/x.html", "@@ -2,1 +2,7 @@", "-<p>\\x1b[31m\ufffd</body>", *lines, ""]
    )


def test_ranges_of_lines_that_only_come_or_go() -> None:
    def ranges(before: bytes, after: bytes) -> str:
        return diff_page("x", before, after, "", with_values=True).splitlines()[2]

    assert ranges(b"a\nb", b"a\nx\nb") == "@@ -1,0 +2,1 @@"
    assert ranges(b"a\nx\nb", b"a\nb") == "@@ -2,1 +1,0 @@"
    assert ranges(b"a\na", b"a\na\na") == "@@ -2,0 +3,1 @@"
    assert ranges(b"a", b"b") == "@@ -1,1 +1,1 @@"
