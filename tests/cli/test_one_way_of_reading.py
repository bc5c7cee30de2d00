"""All commands read inputs alike: encodings, mappings, names that look like fields, cleaned phones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rr_snippet import render_snippet
from rr_snippet.bulk.inputs import open_source
from rr_snippet.bulk.text_files import JsonLinesFile, TextFile
from rr_snippet.cli import main
from rr_snippet.errors import Problem
from rr_snippet.site.entries import EntryFormat
from tests.support.bulk_data import read_json_lines


def call(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(list(map(str, arguments)))
    return (code, *capfd.readouterr())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-16", "utf-8-sig", "UTF8"])
@pytest.mark.parametrize("name", ["c.jsonl", "c.csv"])
def test_every_command_reads_text_in_the_encoding_it_is_told(
    encoding: str, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    regions = ("Москва", "Уфа")
    text = (
        "".join(json.dumps({"customerId": "1", "defaultStockId": each}, ensure_ascii=False) + "\n" for each in regions)
        if name == "c.jsonl"
        else "customerId,defaultStockId\n" + "".join(f"1,{each}\n" for each in regions)
    )
    Path(name).write_bytes(text.encode(encoding))
    blocks = [str(render_snippet({"customerId": "1", "defaultStockId": each})) for each in regions]
    assert call(capfd, "render", name, "--encoding", encoding) == (0, "".join(f"{block}\n" for block in blocks), "")
    assert call(capfd, "validate", name, "--encoding", encoding)[0] == 0
    code, _, err = call(capfd, "bulk", name, "--encoding", encoding, "-o", "out.jsonl", "-j", "1")
    assert (code, err) == (0, "")
    first = 1 if name == "c.jsonl" else 2
    assert [(row["row"], row["snippet"]) for row in read_json_lines(Path("out.jsonl"))] == [
        (first, blocks[0]),
        (first + 1, blocks[1]),
    ]


def test_json_lines_are_cut_where_they_are_utf_8(tmp_path: Path) -> None:
    kinds = {
        encoding: open_source("a.jsonl", encoding=encoding) for encoding in ("utf-8", "U8", "utf-8-sig", "cp1251", "?")
    }
    utf_8 = JsonLinesFile("a.jsonl")
    words = (("true", True), ("false", False))
    assert kinds == {
        "utf-8": utf_8,
        "U8": utf_8,
        "utf-8-sig": utf_8,
        "cp1251": TextFile("a.jsonl", "jsonl", "cp1251", consent_words=words),
        "?": TextFile("a.jsonl", "jsonl", "?", consent_words=words),
    }


def test_an_encoding_that_is_none_is_told_by_every_command(capfd: pytest.CaptureFixture[str]) -> None:
    Path("c.jsonl").write_text('{"customerId": "1"}\n')
    near = Problem.of("option.value", "--encoding", typed_near="'win1251'", suggestion="cp1251")
    for command in (["render"], ["validate"], ["bulk", "-o", "out.jsonl"]):
        told = call(capfd, *command, "c.jsonl", "--encoding", "win1251")
        assert told == (2, "", f"rr-snippet: error: {near}\n"), command


LOOKALIKES = (
    '{"ID": "1", "marketing_consent": false, "E_Mail": "a", "colour": "red"}\n{"ID": "2", "marketing_consent": true}\n'
)


@pytest.mark.parametrize("name", ["c.jsonl", "c.json"])
def test_names_that_look_like_fields_are_told_once(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    lines = LOOKALIKES.splitlines()
    Path(name).write_text(LOOKALIKES if name == "c.jsonl" else f"[{','.join(lines)}]")
    told = [
        f"{name}: warning: {Problem.of('column.left_out', key=field)}\n"
        for field in ("email", "isAgreedToReceiveMarketingMail")
    ]
    mapped = ["--map", "ID=customerId", "--ignore-unmapped"]
    code, out, err = call(capfd, "render", name, *mapped)
    assert (code, err) == (0, "".join(told))
    code, out, err = call(capfd, "validate", name, *mapped)
    assert (code, [line for line in out.splitlines(keepends=True) if "left_out" in line], err) == (0, told, "")
    if name == "c.jsonl":
        assert call(capfd, "bulk", name, *mapped, "-o", "out.jsonl", "-j", "1")[2] == "".join(told)
    # The mapping decides about the name, or the field is given beside it.
    decided = [*mapped, "--map", "marketing_consent=", "--map", "E_Mail="]
    assert call(capfd, "render", name, *decided)[2] == ""
    Path(name).write_text('{"customerId": "1", "id": "7"}')
    assert call(capfd, "render", name, "--ignore-unmapped")[2] == ""
    # If names that are no fields are refused, nothing is left out silently.
    Path(name).write_text('{"customerId": "1", "E_Mail": "a"}')
    assert call(capfd, "render", name, "--map", "customerId=customerId")[0] == 1
    assert "left_out" not in call(capfd, "bulk", name, "--from", "jsonl", "-o", "x.jsonl", "-j", "1")[2]


@pytest.mark.parametrize("command", ["validate", "bulk"])
def test_cleaned_phones_are_counted(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    Path("c.csv").write_text("customerId,phone\n1,'+7 111 222-33-44\n2,+71112223344\n")
    rest = ["-o", "out.jsonl", "-j", "1"] if command == "bulk" else []
    assert "phones cleaned: 1" in call(capfd, command, "c.csv", *rest, "--phone-clean")[1].splitlines()
    report = json.loads(
        call(capfd, command, "c.csv", *rest, "--phone-clean", "--format", "json", "--no-resume" if rest else "-q")[1]
    )
    assert report["counts"]["phones_cleaned"] == 1
    Path("c.csv").write_text("customerId,phone\n1,+71112223344\n")
    out = call(capfd, command, "c.csv", *rest, "--phone-clean", "--lang", "ru")[1]
    assert "очищено телефонов" not in out


MAPPED: dict[EntryFormat, str] = {
    "json": '{"index.html": {"ID": 1, "Город": "Уфа", "x": "y"}, "none.html": null}',
    "jsonl": '{"page": "index.html", "ID": 1, "Город": "Уфа", "x": "y"}\n',
    "csv": "page,ID,Город,x\nindex.html,1,Уфа,y\n",
    "toml": '["index.html"]\nID = 1\n"Город" = "Уфа"\nx = "y"\n',
    "yaml": "index.html: {ID: 1, Город: Уфа, x: y}\nnone.html: null\n",
}
PAGE = "<html><head></head><body></body></html>"


@pytest.mark.parametrize("source_format", MAPPED)
@pytest.mark.parametrize("given", ["options", "file"])
def test_inject_maps_names_in_every_format(
    source_format: EntryFormat, given: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("site").mkdir()
    Path("site/index.html").write_text(PAGE)
    Path("site/none.html").write_text(PAGE)
    Path("c").write_text(MAPPED[source_format])
    Path("names.map").write_text("ID=customerId\nГород=customData.city\n")
    mapping = (
        ["--map", "ID=customerId", "--map", "Город=customData.city"]
        if given == "options"
        else ["--map-file", "names.map"]
    )
    run = ["inject", "site", "--customers", "c", "--from", source_format, "--allow-personal", "-q"]
    code, out, err = call(capfd, *run, *mapping, "--ignore-unmapped")
    assert (code, err) == (0, ""), out
    block = render_snippet({"customerId": 1, "customData": {"city": "Уфа"}})
    assert block in Path("site/index.html").read_text()
    assert Path("site/none.html").read_text() == PAGE
    # A missing name is a mistake in the mapping, reported before any page is changed.
    Path("site/index.html").write_text(PAGE)
    code, out, err = call(capfd, *run, *mapping, "--map", "card=softLinks.card", "--ignore-unmapped")
    assert (code, out) == (2, "")
    assert err.endswith("[column.missing]\n")
    assert Path("site/index.html").read_text() == PAGE
    # A name that is neither mapped nor a field is refused, unless an option leaves it out.
    code, out, err = call(capfd, *run, *mapping)
    assert (code == 2 and "[column.unknown]" in err) or (code == 1 and "[field.unknown]" in out)


@pytest.mark.parametrize("with_values", [False, True])
def test_the_gaps_of_a_corrected_block_are_in_the_language_asked_for(
    with_values: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("a.js").write_text(
        'rrApi.setCustomer({"customerId": 1, "email": "/* value */", "phone": 2, "customData": {"a": 5}, "softLinks": [{"name": 1}]});\n'
    )
    arguments = ["check", "a.js", *(["--with-values"] if with_values else [])]

    def objects(*more: str) -> set[str]:
        shown = call(capfd, *arguments, *more)[1].splitlines()
        return {line.strip() for line in shown if line.strip().startswith("rrApi.setCustomer({") and "/*" in line}

    name = '"a"' if with_values else "/* {} */"
    gaps = (
        'rrApi.setCustomer({{"customerId":/* {} */,"email":/* {} */,"phone":/* {} */,"customData":{{'
        + name
        + ':/* {} */}},"softLinks":[{{"name":/* {} */,"value":/* {} */}}],"isAgreedToReceiveMarketingMail":/* {} */}});'
    )
    middle = ([], []) if with_values else (["name"], ["имя"])
    english = [
        "your customer id",
        "the customer's e-mail",
        "the customer's phone",
        *middle[0],
        "value",
        "link name",
        "link value",
        "true or false, as the customer chose",
    ]
    russian = [
        "ваш идентификатор покупателя",
        "почта покупателя",
        "телефон покупателя",
        *middle[1],
        "значение",
        "имя softLink",
        "значение softLink",
        "true или false, как выбрал покупатель",
    ]
    assert gaps.format(*english) in objects()
    assert gaps.format(*russian) in objects("--lang", "ru")
