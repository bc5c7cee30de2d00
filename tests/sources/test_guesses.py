"""The kind, encoding and delimiter of a file: guessed from its content, and reported if they are wrong."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rr_snippet.cli import main
from rr_snippet.errors import OptionError, SnippetError
from rr_snippet.sources.columns import Columns
from rr_snippet.sources.encodings import guess_encoding
from rr_snippet.sources.records import read_records
from rr_snippet.sources.text_fields import read_text_fields
from tests.sources.test_columns import payloads, texts_of

GOOD = {"customerId": "1", "isAgreedToReceiveMarketingMail": True}


def xlsx() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (xlsx(), "an Excel workbook (.xlsx) or another ZIP archive; save the sheet as CSV UTF-8, or unpack the archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "an old Excel workbook (.xls) or Word document; save the sheet as CSV UTF-8"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><customers/>", "an XML or HTML file; expected JSON or CSV"),
        (gzip.compress(b'{"customerId": "1"}'), "compressed with gzip; unpack it, or pass the file by name"),
        (b"PAR1\x00", "a Parquet file; pass it by name, without --from"),
        (b"ARROW1\x00", "an Arrow IPC file; pass it by name, without --from"),
    ],
    ids=["xlsx", "xls", "xml", "gzip", "parquet", "arrow"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_foreign_files_are_known_by_their_first_bytes(data: bytes, told: str, encoding: str) -> None:
    if data.startswith(b"\xef\xbb\xbf") and encoding != "utf-8":
        data = data[3:]
    assert texts_of(data, encoding=encoding) == [f"{told} [source.foreign]"]


@pytest.mark.parametrize(
    "data",
    [
        '"ID";"EMAIL"\n"1";""\n',
        "ID;EMAIL;a,b,c\n1;;\n",
        "ID|EMAIL\n1|\n",
        "ID\tEMAIL\n1\t\n",
        '"ID","EMAIL"\n1,\n',
        "sep=;\nID;EMAIL\n1;\n",
        '"sep=|"\r\nID|EMAIL\r\n1|\r\n',
        "\ufeffSEP=,\nID,EMAIL\n1,\n",
    ],
)
def test_the_delimiter_shows(data: str) -> None:
    columns = Columns.of({"ID": "customerId", "EMAIL": "email"}, ignore_unmapped=True)
    assert payloads(data, columns=columns) == [GOOD]


def test_of_unknown_names_the_most_are_taken() -> None:
    assert len(texts_of("Один;Два;Три, четыре\n1;2;3\n")) == 3


@pytest.mark.parametrize(
    ("data", "line", "told"),
    [
        (
            'customerId,email\n1,\n2,"anna\n3,\n4,\n',
            3,
            "the CSV row cannot be read: a quotation mark in it swallows 3 lines",
        ),
        (
            'customerId,email\n1,\n2,"anna\n3,"x\n4,\n',
            3,
            "the CSV row cannot be read: a quotation mark in it swallows 2 lines",
        ),
        ('customerId,email\n1,"a"b\n2,\n', 2, "the CSV row cannot be read"),
    ],
)
def test_a_quote_that_never_closes_tells_how_much_is_lost(data: str, line: int, told: str) -> None:
    [record] = [record for record in read_records(io.BytesIO(data.encode())) if record.problems]
    assert (record.line, [problem.message for problem in record.problems]) == (line, [told])


def test_a_header_that_never_ends() -> None:
    assert texts_of('"customerId\n1\n2') == [
        "the CSV row cannot be read: a quotation mark in it swallows 3 lines [customer.csv]"
    ]
    assert texts_of(",,\n1\n") == ["empty; expected a customer [source.empty]"]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
@pytest.mark.parametrize(
    "text", ["Петрова Анна Сергеевна", "Код клиента;Электронная почта", "МОСКВА", "Нижний Новгород"]
)
def test_the_encoding_of_russian_shows(encoding: str, text: str) -> None:
    assert guess_encoding(text.encode(encoding)) == encoding


@pytest.mark.parametrize("data", [b"anna", b"", b"caf\xe9", b"\xff", "Ünal Müller".encode("latin-1")])
def test_nothing_is_guessed_of_other_bytes(data: bytes) -> None:
    assert guess_encoding(data) is None


def test_the_right_encoding_is_named() -> None:
    text = "customerId,defaultStockId\n1,Москва\n"
    [record] = read_records(io.BytesIO(text.encode("cp1251")))
    assert (
        str(record.problems[0]) == "not utf-8 text, but readable as cp1251; use --encoding cp1251 [customer.encoding]"
    )
    assert texts_of("Код;Почта\n1;\n".encode("cp1251")) == [
        "not utf-8 text, but readable as cp1251; use --encoding cp1251 [customer.encoding]"
    ]
    assert texts_of(text.encode("utf-16")) == [
        "not utf-8 text, but readable as utf-16; use --encoding utf-16 [customer.encoding]"
    ]
    for wide in ("utf-16-le", "utf-16-be"):  # without a byte order mark
        assert guess_encoding(text.encode(wide)) == wide
        told = f"not utf-8 text, but readable as {wide}; use --encoding {wide} [customer.encoding]"
        assert texts_of("Код;Почта\n1;\n".encode(wide), columns=Columns.of({"Код": "customerId"})) == [told]
        assert len(payloads(text.encode(wide), encoding=wide)) == 1
    with pytest.raises(OptionError, match="did you mean cp1251"):
        payloads(b"x", encoding="win1251")
    with pytest.raises(OptionError, match="did you mean koi8-r"):
        payloads(b"x", encoding="koi8r_")


def test_consent_in_other_words() -> None:
    words = {"да": True, "1": True, "нет": False, "true ": True}
    data = "customerId,isAgreedToReceiveMarketingMail\n1,да\n2,нет\n3,1\n4,true\n5,Да\n6,true \n7,\n"
    told = [
        payload["isAgreedToReceiveMarketingMail"] if isinstance(payload, dict) else payload
        for payload in payloads(data, consent_words=words)
    ]
    assert told == [True, False, True, True, ["consent.type"], True, True]
    fields = [("customerId", "1"), ("isAgreedToReceiveMarketingMail", "нет")]
    assert read_text_fields(fields, consent_words=words).is_agreed_to_receive_marketing_mail is False
    for wrong in ({"true": False}, {" ": True}, {"да": 1}):
        with pytest.raises(OptionError):
            payloads(data, consent_words=wrong)


def test_json_takes_no_words_for_a_consent() -> None:
    data = '{"customerId": 1, "isAgreedToReceiveMarketingMail": "да"}'
    assert payloads(data, consent_words={"да": True}) == [["consent.type"]]


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(list(map(str, arguments)))
    return (code, *capsys.readouterr())


def test_packed_files_and_tables_are_read_by_every_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table({"id": ["1", "2"], "Consent": [False, None], "E-Mail2": ["x", "y"]})
    parquet.write_table(table, tmp_path / "a.parquet")
    parquet.write_table(table, tmp_path / "a.bin")
    with pa.OSFile(str(tmp_path / "a.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    with pa.OSFile(str(tmp_path / "b.ipc"), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    lines = '{"id": "1", "Consent": false}\n{"id": "2", "Consent": null}\n'
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"id,Consent\n1,false\n2,\n"))
    (tmp_path / "a.csv").write_bytes(gzip.compress(b"id,Consent\n1,false\n2,\n"))
    mapped = ["--map", "id=customerId", "--map", "Consent=isAgreedToReceiveMarketingMail"]
    blocks = set()
    for name in ("a.parquet", "a.bin", "a.arrow", "b.ipc", "a.jsonl.gz", "a.csv.gz", "a.csv"):
        code, out, err = call(capsys, "validate", tmp_path / name, *mapped)
        assert (code, err) == (0, ""), name
        assert out.splitlines()[-2:] == [
            f"customers: 2, rejected: 0; errors: 0, warnings: {1 if 'csv' in name else 2}",
            "consent: true 0, false 1, absent 1",
        ], name
        code, out, err = call(capsys, "render", tmp_path / name, *mapped)
        assert (code, err) == (0, ""), name
        blocks.add(out)
        code, out, err = call(capsys, "bulk", tmp_path / name, *mapped, "-o", tmp_path / "out.jsonl", "-j", 1)
        assert (code, err) == (0, ""), name
        assert out.splitlines()[:2] == ["rows: 2, rendered: 2, rejected: 0", "consent: true 0, false 1, absent 1"], name
    assert len(blocks) == 1


def test_columns_of_tables_that_look_like_fields_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"customerId": ["1"], "marketing_consent": [False]}), tmp_path / "a.parquet")
    told = (
        f"{tmp_path}/a.parquet: warning: column B (marketing_consent) is left out, although it looks like "
        "isAgreedToReceiveMarketingMail; --map uses it, or leaves it out silently [column.left_out]\n"
    )
    assert call(capsys, "bulk", tmp_path / "a.parquet", "-o", tmp_path / "out", "-j", 1)[2] == told
    assert call(capsys, "render", tmp_path / "a.parquet")[2] == told
    assert call(capsys, "validate", tmp_path / "a.parquet")[1].startswith(told)
    assert call(capsys, "bulk", tmp_path / "a.parquet", "-o", tmp_path / "out", "--map", "marketing_consent=")[2] == ""
    code, out, err = call(capsys, "bulk", tmp_path / "a.parquet", "-o", tmp_path / "x.jsonl", "--map", "consent=email")
    told = f"{tmp_path}/a.parquet: error: consent is mapped, but there is no such column [column.missing]\n"
    assert (code, out, err) == (2, "", told)
    assert not (tmp_path / "x.jsonl").exists()


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz"])
def test_a_packed_file_that_is_cut_off_is_told(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(gzip.compress(b"customerId\n" + b"1\n" * 50_000)[:-20])
    told = "cannot be read: packed by gzip, but damaged or cut off [source.unreadable]"
    code, out, _ = call(capsys, "validate", tmp_path / name, "--from", "csv")
    assert code == 2
    assert f"{tmp_path}/{name}: error: {told}" in out.splitlines()
    code, _, err = call(capsys, "bulk", tmp_path / name, "-o", tmp_path / "out.jsonl")
    assert (code, err) == (2, f"{tmp_path}/{name}: error: {told}\n")
    assert not (tmp_path / "out.jsonl").exists()


def test_a_wrong_encoding_is_told_once_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("customerId,defaultStockId\n1,Москва\n2,Уфа\n3,Sochi\n4,Тверь\n".encode("cp1251"))
    assert call(capsys, "validate", file)[1].splitlines() == [
        f"{file}:2: error: not utf-8 text, but readable as cp1251; use --encoding cp1251 [customer.encoding]",
        "customers: 4, rejected: 3; errors: 1, warnings: 0",
        "consent: true 0, false 0, absent 1",
    ]
    assert call(capsys, "validate", file, "--lang", "ru", "--encoding", "cp1251")[0] == 0


def test_repeated_ids_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.csv"
    file.write_text("customerId\n1\n1\n1\n2\n3\n3\n")
    assert call(capsys, "validate", file)[1].splitlines()[0] == (
        "warning: customerId: ids that occur more than once: 2; expected each customer once [customer_id.repeated]"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--consent-words", "да"], '--consent-words: wrong value; expected something like "yes,1=true;no,0=false"'),
        (
            ["--consent-words", "да=yes"],
            '--consent-words: wrong value; expected something like "yes,1=true;no,0=false"',
        ),
        (
            ["--consent-words", "a=true;a=false"],
            '--consent-words: wrong value; expected something like "yes,1=true;no,0=false"',
        ),
        (["--consent-words", "true=false"], "--consent-words: wrong value; expected words other than true and false"),
        (["--map", "=email"], "--map: wrong value; expected NAME=FIELD, or NAME= to leave a column out"),
        (
            ["--map-file", "wrong.map"],
            "--map-file: wrong.map:3: wrong value; expected NAME=FIELD, or NAME= to leave a column out",
        ),
        (["--map-file", "gone.map"], "gone.map: error: cannot be read: No such file or directory [source.unreadable]"),
        (
            ["--map-file", "latin.map"],
            "latin.map: error: not utf-8 text; specify the right encoding [customer.encoding]",
        ),
        (
            ["--map-file", "wide.map", "--encoding", "utf-16"],
            "wide.map: error: not utf-8 text; specify the right encoding [customer.encoding]",
        ),
    ],
)
def test_wrong_mappings_are_told_as_they_were_typed(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "latin.map").write_bytes(b"caf\xe9=email\n")
    (tmp_path / "wide.map").write_bytes("Почта=email\n".encode("utf-16"))
    (tmp_path / "wrong.map").write_text("# names\nID=customerId\nMail: email\n")
    code, out, err = call(capsys, "validate", "-", *arguments)
    assert (code, out) == (2, "")
    assert told in err


SECRET = "Сек-рет7"


@given(
    st.binary(max_size=60),
    st.sampled_from(["", ",", ";", '"', "\n", "customerId,email\n", '{"email": "']),
    st.integers(0, 60),
)
@example(b"", '{"customerId": "', 0)
def test_no_message_shows_a_value_whatever_the_bytes(data: bytes, before: str, place: int) -> None:
    """The secret is somewhere in the file, in a name, a cell or a text. No message ever contains it."""
    text = data[:place] + before.encode() + SECRET.encode() + data[place:]
    for settings in ({}, {"columns": Columns.of({"id": "customerId"}, ignore_unmapped=True)}, {"source_format": "csv"}):
        told: list[Any] = []
        try:
            for record in read_records(io.BytesIO(text), note=told.append, **settings):  # type: ignore[arg-type]
                told += record.problems
        except SnippetError as error:
            told += error.problems
        shown = "".join(problem.text_in("en") + problem.text_in("ru") + repr(problem) for problem in told)
        assert SECRET not in shown
