"""What is recognised as a block of ours, and what is not."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from rr_snippet.block.read_back import read_block
from rr_snippet.errors import PageError

HEAD = """>
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer("""
TAIL = """);
      } catch (e) {}
  })
</script>"""
DEBUG_TAIL = TAIL.replace("{}", "{ console.error(e); }")
OPENING = '<script type="text/javascript"'
SMALL = {"customerId": "42", "isAgreedToReceiveMarketingMail": True}
FULL = {
    "customerId": "a-b c,d._:@+()",
    "email": "anna@shop.ru",
    "phone": "+7 (111) 222-33-44",
    "customData": {"k\u00e9y": "</script>", "": ""},
    "defaultStockId": "\u041c\u043e\u0441\u043a\u0432\u0430 \U0001f600",
    "softLinks": [{"Name": "n", "Value": "--"}, {"Name": "m", "Value": "\\\"'"}],
    "mobilePushSubscription": {"apnsSubscription": {"isDevEnvironment": False, "token": "t"}},
    "isAgreedToReceiveMarketingMail": False,
}
PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,._:@+-()"


def text_of(value: str) -> str:
    """Return the literal of a string, as contract 6 defines it."""
    written = ""
    for previous, character in zip("\0" + value, value, strict=False):
        if character in PLAIN and not (character == previous == "-"):
            written += character
        else:
            units = character.encode("utf-16-be").hex()
            written += "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
    return f'"{written}"'


def compact(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{text_of(key)}:{compact(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return text_of(value) if isinstance(value, str) else json.dumps(value)


def spread(value: object, margin: str = "\n        ") -> str:
    deeper = margin + "  "
    if isinstance(value, dict):
        items = [f"{text_of(key)}: {spread(item, deeper)}" for key, item in value.items()]
        return "{" + deeper + f",{deeper}".join(items) + margin + "}"
    if isinstance(value, list):
        return "[" + deeper + f",{deeper}".join(spread(item, deeper) for item in value) + margin + "]"
    return compact(value)


@pytest.mark.parametrize("payload", [SMALL, FULL], ids=["small", "full"])
@pytest.mark.parametrize("write", [compact, spread])
@pytest.mark.parametrize("tail", [TAIL, DEBUG_TAIL], ids=["plain", "debug"])
@pytest.mark.parametrize("nonce", ["", ' nonce="abc123"', ' nonce="+/_-AZaz09=="'])
def test_block_of_every_form_is_read_back(payload, write, tail, nonce):
    assert read_block(f"{OPENING}{nonce}{HEAD}{write(payload)}{tail}") == {"setCustomer": payload}


def test_order_of_keys_is_kept():
    assert list(read_block(f"{OPENING}{HEAD}{compact(FULL)}{TAIL}")["setCustomer"]) == list(FULL)


SOUND = f"{OPENING}{HEAD}{compact(FULL)}{TAIL}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing"),
        (SOUND + "\n", "a line end behind it"),
        (" " + SOUND, "a space before it"),
        (SOUND.replace("\n", "\r\n"), "other line ends"),
        (SOUND.replace("    (window", "\t(window"), "other white space"),
        (SOUND.replace('"text/javascript"', "'text/javascript'"), "other quotes"),
        (SOUND.replace("<script", "<SCRIPT"), "other case"),
        (SOUND.replace("<script ", "<script async "), "one more attribute"),
        (SOUND.replace('"text/javascript"', '"text/javascript" nonce=""'), "an empty nonce"),
        (SOUND.replace('"text/javascript"', '"text/javascript" nonce="a b"'), "a nonce that is none"),
        (SOUND.replace('"text/javascript"', '"text/javascript" nonce="a==="'), "a nonce with three ="),
        (SOUND.replace("{}", "{ console.log(e); }"), "another handler"),
        (SOUND.replace("setCustomer", "setcustomer"), "another method"),
        (SOUND.replace('"a-b', '"a-\\u0062'), "an escape where none is needed"),
        (SOUND.replace('"a-b', '"a\\u002db'), "an escaped dash that follows none"),
        (SOUND.replace("-\\u002d", "--"), "two dashes"),
        (SOUND.replace("\\u003c", "\\u003C"), "capital digits"),
        (SOUND.replace("\\u003c", "<"), "a character outside the alphabet"),
        (SOUND.replace("\\u0022", '\\"'), "a short escape"),
        (SOUND.replace("\\u043e", "\u043e"), "a letter that is not ASCII"),
        (SOUND.replace("\\ud83d", ""), "half a character"),
        (SOUND.replace("\\ude00", ""), "the other half"),
        (SOUND.replace('"phone"', '"telephone"'), "a key that is none"),
        (SOUND.replace('"email":', '"customerId":'), "a key twice"),
        (SOUND.replace(":false}", ":null}"), "a value that is never written"),
        (SOUND.replace(":false}", ":1}"), "a number"),
        (SOUND.replace(":false}", ":false,}"), "a comma too many"),
        (SOUND.replace(":false}", ":false }"), "a space too many"),
        (SOUND.replace(":false}", ":false}}"), "a brace too many"),
        (SOUND.replace("{", "[", 2).replace(":false}", ":false]"), "a list"),
        (f"{OPENING}{HEAD}{{}}{TAIL}", "no payload"),
        (f'{OPENING}{HEAD}{{"customerId":"42"}}{TAIL}', "no consent"),
        (f'{OPENING}{HEAD}{{"isAgreedToReceiveMarketingMail":true}}{TAIL}', "no id"),
        (f"{OPENING}{HEAD}{compact(dict(reversed(list(SMALL.items()))))}{TAIL}", "another order"),
        (f"{OPENING}{HEAD}{compact(SMALL | {'customData': {}})}{TAIL}", "an empty object"),
        (f"{OPENING}{HEAD}{spread(SMALL).replace('  ', ' ')}{TAIL}", "another indent"),
        (f"{OPENING}{HEAD}{compact(SMALL)},1{TAIL}", "a second argument"),
        (SOUND + SOUND, "two blocks"),
    ],
)
def test_anything_else_is_not_ours(text, why):
    with pytest.raises(PageError) as caught:
        read_block(text)
    assert str(caught.value) == "not a block written by this library [block.not_ours]", why


def test_error_holds_no_value():
    with pytest.raises(PageError) as caught:
        read_block(SOUND.replace(":false}", ":nul}"))
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert "anna" not in repr(error) + str(error.args)


def test_hostile_block_is_read_in_linear_time():
    for hostile in ('{"a":' * 20_000, '"' * 100_000, "{" + " " * 100_000 + "}", '{"' + "\\u0041" * 50_000):
        with pytest.raises(PageError):
            read_block(f"{OPENING}{HEAD}{hostile}{TAIL}")
        with pytest.raises(PageError):
            read_block(f"{OPENING}{HEAD}{{{hostile}}}{TAIL}")
