"""`rr_snippet.arrow`: tables in, tables out; and Parquet as files of rows and of results."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars
import pyarrow as pa
import pytest
from pyarrow import parquet

from rr_snippet import RenderOptions, render_snippet
from rr_snippet.arrow import RESULT_SCHEMA, render_batch, render_batches
from rr_snippet.bulk import Shard, open_source, plan_shards, render_rows, render_shard, run
from rr_snippet.bulk import table_files as row_files
from rr_snippet.bulk.results import join_results
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import MissingDependencyError, OptionError, SourceError
from tests.support.bulk_data import HOSTILE, arrow_table, digest, json_text, pairs_of, read_json_lines, result_rows

ROWS = 2000
TEXT = pa.string()


@pytest.fixture(scope="module")
def table() -> Any:
    return arrow_table(range(ROWS))


@pytest.fixture(scope="module")
def expected() -> str:
    """The digest of the same customers as JSON."""
    rows = (decode_json(json_text(pairs_of(number), number)) for number in range(ROWS))
    return digest(result_rows(render_rows(rows)))


def results_of(column: Any, *, name: str, **options: Any) -> list[Any]:
    """Render one column beside good ids."""
    ids = pa.array([str(number) for number in range(len(column))])
    return render_batch(pa.table({"customerId": ids, name: column}), **options).to_pylist()


def codes_of(row: Any) -> list[tuple[str, str]]:
    return [(error["code"], error["path"]) for error in row["error"] or ()]


# One result, whatever the way.


def test_a_table_gives_a_table_row_for_row(table: Any, expected: str) -> None:
    result = render_batch(table)
    assert isinstance(result, pa.Table)
    assert result.schema.equals(RESULT_SCHEMA)
    rows = result.to_pylist()
    assert digest(rows) == expected
    assert all((row["snippet"] is None) != (row["error"] is None) for row in rows)
    good = [row["customerId"] for row in rows if row["snippet"]]
    assert good == sorted(good)


def test_a_batch_gives_a_batch(table: Any, expected: str) -> None:
    [batch] = table.combine_chunks().to_batches()
    result = render_batch(batch)
    assert isinstance(result, pa.RecordBatch)
    assert digest(result.to_pylist()) == expected
    assert render_batch(batch.slice(3, 2)).equals(result.slice(3, 2))


def test_batches_of_any_size_give_the_same(table: Any, expected: str) -> None:
    reader = render_batches(iter(table.to_batches(max_chunksize=7)))
    assert digest(reader.read_all().to_pylist()) == expected
    for source in (table, table.to_reader(), table.combine_chunks().to_batches()[0]):
        assert digest(render_batches(source).read_all().to_pylist()) == expected


def test_no_rows_give_no_rows(table: Any) -> None:
    assert render_batch(table.slice(0, 0)).num_rows == 0
    assert render_batch(table.slice(0, 1).to_batches()[0].slice(0, 0)).num_rows == 0
    assert list(render_batches(iter([]))) == []


def test_batches_are_rendered_as_they_come(table: Any) -> None:
    def batches() -> Iterator[Any]:
        yield table.to_batches()[0]
        raise RuntimeError("no further batch may be asked for")

    assert len(next(render_batches(batches()))) == ROWS


def test_duckdb_reads_and_is_read(expected: str) -> None:
    program = [sys.executable, "-m", "tests.support.duckdb_facts"]
    process = subprocess.run(program, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert (process.returncode, process.stdout) == (0, f"{expected}\n"), process.stderr


def test_polars_reads_and_is_read(table: Any, expected: str) -> None:
    frame = polars.from_arrow(table)
    results = polars.from_arrow(render_batches(frame))
    assert digest(results.to_dicts()) == expected


def test_options_and_names_of_columns(table: Any) -> None:
    options = RenderOptions(phone_region="RU")
    renamed = pa.table({"id": ["1"], "Phone": ["8 911 222-33-44"], "email": ["not wanted"]})
    columns = {"id": "customerId", "Phone": "phone", "email": None}
    for result in (render_batch(renamed, options=options, columns=columns),
                   render_batches(renamed, options=options, columns=columns).read_all(),
                   render_batch(renamed.to_batches()[0], options=options, columns=columns)):  # fmt: skip
        assert result.to_pylist() == [
            {
                "customerId": "1",
                "snippet": render_snippet({"customerId": "1", "phone": "+79112223344"}),
                "error": None,
            }
        ]
    with pytest.raises(OptionError):
        render_batches(renamed, columns={"id": "costumerId"})
    with pytest.raises(OptionError):
        render_batch(renamed.to_batches()[0], columns={"id": "costumerId"})


# Types.


@pytest.mark.parametrize(
    "kind",
    [
        TEXT,
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int8(), TEXT),
        pa.dictionary(pa.int32(), pa.large_string()),
    ],
    ids=str,
)
def test_every_kind_of_text_is_text(kind: Any) -> None:
    ids = (
        pa.array(["007", None, "7"], TEXT).cast(kind)
        if not pa.types.is_dictionary(kind)
        else pa.array(["007", None, "7"]).dictionary_encode().cast(kind)
    )
    rows = render_batch(pa.table({"customerId": ids})).to_pylist()
    assert [row["customerId"] for row in rows] == ["007", None, "7"]
    assert [codes_of(row) for row in rows] == [[], [("customer_id.missing", "customerId")], []]


ENTRIES = [("a", "1"), ("b", HOSTILE[0])]
WANTED = dict(ENTRIES)


@pytest.mark.parametrize("field", ["customData", "softLinks"])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (pa.map_(TEXT, TEXT), ENTRIES),
        (pa.map_(pa.large_string(), pa.string_view()), ENTRIES),
        (pa.list_(pa.struct([("key", TEXT), ("value", TEXT)])), [{"key": k, "value": v} for k, v in ENTRIES]),
        (pa.large_list(pa.struct([("name", TEXT), ("value", TEXT)])), [{"name": k, "value": v} for k, v in ENTRIES]),
        (pa.list_(pa.struct([("Value", TEXT), ("Name", TEXT)])), [{"Name": k, "Value": v} for k, v in ENTRIES]),
        (pa.struct([("a", TEXT), ("b", TEXT), ("c", TEXT), ("d", pa.null())]), WANTED),
        (TEXT, json.dumps(WANTED)),
        (pa.large_string(), json.dumps(WANTED)),
    ],
    ids=str,
)
def test_every_shape_of_a_map_is_a_map(field: str, kind: Any, value: Any) -> None:
    rows = results_of(pa.array([value, None], kind), name=field)
    assert rows[0]["snippet"] == render_snippet({"customerId": "0", field: WANTED})
    assert rows[1]["snippet"] == render_snippet({"customerId": "1"})


@pytest.mark.parametrize(
    ("field", "kind", "value", "codes"),
    [
        ("customData", pa.map_(TEXT, TEXT), [("a", None)], [("custom_data.value_type", "customData[0]")]),
        ("customData", pa.map_(TEXT, TEXT), [("a", "1"), ("a", "2")], [("field.twice", "customData[1]")]),
        ("softLinks", pa.map_(TEXT, TEXT), [("a", "1"), ("a", "2")], [("field.twice", "softLinks[1].name")]),
        (
            "softLinks",
            pa.list_(pa.struct([("name", TEXT), ("value", TEXT)])),
            [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}, None],
            [("soft_link.duplicate", "softLinks[1].name"), ("soft_link.type", "softLinks[2]")],
        ),
        (
            "customData",
            pa.list_(pa.struct([("key", TEXT), ("value", TEXT)])),
            [None, {"key": None, "value": "1"}],
            [
                ("custom_data.key_blank", "customData[0]"),
                ("custom_data.value_type", "customData[0]"),
                ("custom_data.key_type", "customData[1]"),
            ],
        ),
        ("customData", TEXT, "{bad", [("customer.json", "customData")]),
        ("customData", TEXT, "[1]", [("custom_data.type", "customData")]),
        ("softLinks", TEXT, '{"a": "1", "a": "2"}', [("field.twice", "softLinks[1].name")]),
        ("softLinks", TEXT, "", []),
        (
            "mobilePushSubscription",
            TEXT,
            '{"webSubscription": {}}',
            [("push.kind_unknown", "mobilePushSubscription[0]")],
        ),
        ("mobilePushSubscription", pa.null(), None, []),
        ("isAgreedToReceiveMarketingMail", pa.null(), None, []),
        ("email", pa.null(), None, []),
        (
            "mobilePushSubscription",
            pa.struct([("huaweiSubscription", pa.struct([("token", TEXT), ("applicationId", TEXT)])), ("x", TEXT)]),
            {"huaweiSubscription": {"token": "t", "applicationId": None}},
            [
                ("push.field_missing", "mobilePushSubscription.huaweiSubscription.creationTimestamp"),
                ("push.field_missing", "mobilePushSubscription.huaweiSubscription.applicationId"),
            ],
        ),
        (
            "mobilePushSubscription",
            pa.struct([("huaweiSubscription", pa.struct([("token", TEXT)])), ("fcm_subscription", pa.null())]),
            {"huaweiSubscription": {"token": None}},
            [],
        ),
        # A name that no subscription has is not named, whatever its type.
        (
            "mobilePushSubscription",
            pa.struct(
                [("Anna", pa.struct([("token", pa.int8())])), ("fcmSubscription", pa.struct([("Boris", pa.int8())]))]
            ),
            {"Anna": {"token": 1}, "fcmSubscription": {"Boris": 1}},
            [
                ("push.kind_unknown", "mobilePushSubscription[0]"),
                ("push.field_missing", "mobilePushSubscription.fcmSubscription.creationTimestamp"),
                ("push.field_missing", "mobilePushSubscription.fcmSubscription.applicationId"),
                ("push.field_missing", "mobilePushSubscription.fcmSubscription.fcmProjectId"),
                ("push.field_missing", "mobilePushSubscription.fcmSubscription.token"),
                ("push.field_unknown", "mobilePushSubscription.fcmSubscription[0]"),
            ],
        ),
    ],
    ids=str,
)
def test_a_bad_value_is_a_rejected_row(field: str, kind: Any, value: Any, codes: Any) -> None:
    [row] = results_of(pa.array([value], kind), name=field)
    assert codes_of(row) == codes
    assert (row["snippet"] is None) == bool(codes)


def test_a_json_column_of_an_extension_type_is_read() -> None:
    column = pa.ExtensionArray.from_storage(pa.json_(), pa.array(['{"a": "1"}']))
    [row] = results_of(column, name="customData")
    assert row["snippet"] == render_snippet({"customerId": "0", "customData": {"a": "1"}})


def test_bytes_that_are_no_text_are_a_rejected_row() -> None:
    bad = pa.array([b"a", b"\xff", None], pa.binary())
    texts = pa.Array.from_buffers(TEXT, len(bad), bad.buffers())
    rows = render_batch(pa.table({"customerId": texts})).to_pylist()
    assert [codes_of(row) for row in rows] == [
        [],
        [("text.surrogate", "customerId")],
        [("customer_id.missing", "customerId")],
    ]
    maps = pa.MapArray.from_arrays([0, 1, 2, 2], texts.fill_null("x"), pa.array(["1", "2", "3"]))
    rows = results_of(maps, name="customData")
    assert [codes_of(row) for row in rows] == [[], [("custom_data.type", "customData")], []]


def test_a_timestamp_of_seven_digits_arrives_whole(table: Any) -> None:
    row = render_batch(table.slice(7, 1)).to_pylist()[0]
    assert "2025-03-31T11:03:02.3564674+03:00" in row["snippet"]


PUSH = "mobilePushSubscription"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("id", "id"),
        ("my id", '"my id"'),
        ("идентификатор", '"идентификатор"'),
        ('say "id"', '"say ""id"""'),
        ("\x1b[2J\nid", '"\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}id"'),
        ("x" * 101, f"{'x' * 100}..."),
    ],
)
def test_a_column_is_named_as_sql_takes_it_and_a_terminal(name: str, shown: str) -> None:
    table = pa.table({name: pa.array([42], pa.int64())})
    with pytest.raises(SourceError) as caught:
        render_batch(table, columns={name: "customerId"})
    assert [problem.message for problem in caught.value.problems] == [
        f"a column of int64; expected string, so cast it: CAST({shown} AS VARCHAR)"
    ]


@pytest.mark.parametrize(
    ("columns", "problems"),
    [
        (
            {"customerId": pa.int64()},
            ["customerId: a column of int64; expected string, so cast it: CAST(customerId AS VARCHAR) [column.type]"],
        ),
        (
            {"customerId": pa.null()},
            ["customerId: a column of null; expected string, so cast it: CAST(customerId AS VARCHAR) [column.type]"],
        ),
        ({"phone": TEXT}, ["customerId: required: the customer's unique id [customer_id.missing]"]),
        (
            {"customerId": TEXT, "customer_id": TEXT, "Phone": TEXT, "default_Stock-ID": TEXT, "visits": pa.int64()},
            [
                "column C (Phone) matches no field; did you mean phone? "
                "--map assigns it to a field, or leaves it out [column.unknown]",
                "column D (default_Stock-ID) matches no field; did you mean defaultStockId? "
                "--map assigns it to a field, or leaves it out [column.unknown]",
                "customerId: given twice, in the columns A (customerId), B (customer_id); expected one of them [field.twice]",
            ],
        ),
        (
            {"customerId": TEXT, "isAgreedToReceiveMarketingMail": TEXT, "phone": pa.float64()},
            [
                "isAgreedToReceiveMarketingMail: a column of string; expected bool, "
                "so cast it: CAST(isAgreedToReceiveMarketingMail AS BOOLEAN) [column.type]",
                "phone: a column of double; expected string, so cast it: CAST(CAST(phone AS BIGINT) AS VARCHAR) [column.type]",
            ],
        ),
        (
            {"customerId": TEXT, "customData": pa.list_(pa.list_(TEXT)), "softLinks": pa.map_(TEXT, pa.int64())},
            [
                "customData: a column of list<list<string>>; expected map<string, string>, "
                "so cast it: CAST(customData AS MAP(VARCHAR, VARCHAR)) [column.type]",
                "softLinks: a column of map<string, int64>; expected map<string, string>, "
                "so cast it: CAST(softLinks AS MAP(VARCHAR, VARCHAR)) [column.type]",
            ],
        ),
        (
            {"customerId": TEXT, "softLinks": pa.list_(pa.struct([("name", TEXT), ("worth", TEXT)])),
             "customData": pa.struct([("a", TEXT), ("b", pa.int8())])},
            [
                "softLinks: a column of list<struct<string, string>>; expected map<string, string>, "
                "so cast it: CAST(softLinks AS MAP(VARCHAR, VARCHAR)) [column.type]",
                "customData: a column of struct<string, int8>; expected map<string, string>, "
                "so cast it: CAST(customData AS MAP(VARCHAR, VARCHAR)) [column.type]",
            ],
        ),
        # The names in a type are keys of customers, as of a struct that a reader of JSON has made.
        (
            {"customerId": TEXT, "customData": pa.map_(TEXT, pa.struct([("Anna", TEXT)])),
             "softLinks": pa.large_list(pa.struct([("Anna", pa.list_(TEXT, 2))]))},
            [
                "customData: a column of map<string, struct<string>>; expected map<string, string>, "
                "so cast it: CAST(customData AS MAP(VARCHAR, VARCHAR)) [column.type]",
                "softLinks: a column of large_list<struct<fixed_size_list<string>>>; expected map<string, string>, "
                "so cast it: CAST(softLinks AS MAP(VARCHAR, VARCHAR)) [column.type]",
            ],
        ),
        (
            {
                "customerId": TEXT,
                PUSH: pa.struct(
                    [
                        ("apnsSubscription", pa.struct([("creationTimestamp", pa.timestamp("us")),
                                                        ("isDevEnvironment", pa.int8()), ("token", TEXT)])),
                    ]
                ),
            },
            [
                f"{PUSH}.apnsSubscription.creationTimestamp: a column of timestamp[us]; expected string, "
                "so cast it: CAST(creationTimestamp AS VARCHAR) [column.type]",
                f"{PUSH}.apnsSubscription.isDevEnvironment: a column of int8; expected bool, "
                "so cast it: CAST(isDevEnvironment AS BOOLEAN) [column.type]",
            ],
        ),
        (
            {"customerId": TEXT, PUSH: pa.map_(TEXT, TEXT)},
            [
                f"{PUSH}: a column of map<string, string>; expected struct, "
                f"so cast it: CAST({PUSH} AS VARCHAR) [column.type]"
            ],
        ),
        (
            {"customerId": pa.struct([(f"part{n}", pa.int8()) for n in range(19)])},
            [
                f"customerId: a column of {('struct<' + 'int8, ' * 18)[:100]}...; "
                "expected string, so cast it: CAST(customerId AS VARCHAR) [column.type]"
            ],
        ),
    ],
)  # fmt: skip
def test_wrong_columns_are_told_once_before_any_row(columns: dict[str, Any], problems: list[str]) -> None:
    empty = pa.schema(list(columns.items())).empty_table()
    for attempt in (
        lambda: render_batch(empty),
        lambda: render_batches(empty),
        lambda: render_batch(pa.RecordBatch.from_pylist([], schema=empty.schema)),
        lambda: next(render_batches(iter([pa.RecordBatch.from_pylist([], schema=empty.schema)]))),
    ):
        with pytest.raises(SourceError) as caught:
            attempt()
        assert str(caught.value).splitlines() == problems


def test_batches_may_differ_in_their_schemas() -> None:
    first = pa.record_batch({"customerId": ["1"]})
    second = pa.record_batch({"email": ["a@shop.ru"], "customerId": ["2"]})
    rows = render_batches([first, second]).read_all().to_pylist()
    assert [row["snippet"] for row in rows] == [
        render_snippet({"customerId": "1"}),
        render_snippet({"customerId": "2", "email": "a@shop.ru"}),
    ]


# Parquet.


@pytest.fixture
def parquet_file(table: Any, tmp_path: Path) -> Path:
    path = tmp_path / "customers.parquet"
    parquet.write_table(table, path, row_group_size=150)
    return path


def test_parquet_in_and_out(parquet_file: Path, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_files, "PART_ROWS", 300)
    (tmp_path / "out").mkdir()
    shards = list(plan_shards([open_source(parquet_file)], tmp_path / "out", target_format="parquet"))
    assert [shard.source.row_limit for shard in shards] == [300] * 6 + [200]
    reports = list(run(shards))
    assert sum(report.rejected for report in reports) == ROWS // 100
    rows = [row for shard in shards for row in parquet.read_table(shard.target).to_pylist()]
    assert digest(rows) == expected
    assert [row["row"] for row in rows] == list(range(1, ROWS + 1))
    join_results([Path(shard.target) for shard in shards], tmp_path / "joined.parquet")
    assert parquet.read_table(tmp_path / "joined.parquet").to_pylist() == rows


def test_parquet_to_json_lines(parquet_file: Path, expected: str, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert render_shard(Shard(open_source(parquet_file), str(target))).rows == ROWS
    assert digest(read_json_lines(target)) == expected


def test_parts_of_parquet_have_every_row_once(table: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=100)
    source = open_source(tmp_path / "a.parquet")
    rows = list(source.rows())
    for part_rows in (1, 200, 250, ROWS, ROWS + 1):
        monkeypatch.setattr(row_files, "PART_ROWS", part_rows)
        assert [row for part in source.parts() for row in part.rows()] == rows


def test_parquet_without_rows(table: Any, tmp_path: Path) -> None:
    parquet.write_table(table.slice(0, 0), tmp_path / "a.parquet")
    [shard] = plan_shards([open_source(tmp_path / "a.parquet")], tmp_path, target_format="parquet")
    assert render_shard(shard).rows == 0
    assert parquet.read_table(shard.target).num_rows == 0


def test_parquet_of_wrong_columns_shows_when_it_is_cut(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"customerId": [1]}), tmp_path / "a.parquet")
    with pytest.raises(SourceError, match=r"\[column.type\]$"):
        list(open_source(tmp_path / "a.parquet").parts())


def test_a_damaged_parquet_file_is_told_without_what_is_in_it(parquet_file: Path) -> None:
    content = bytearray(parquet_file.read_bytes())
    content[4:5000] = bytes(4996)
    parquet_file.write_bytes(content)
    with pytest.raises(SourceError, match=r"^cannot be read: no Parquet, or damaged \[source.unreadable\]$"):
        list(open_source(parquet_file).rows())


def test_without_pyarrow_its_absence_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("rr_snippet.arrow", "rr_snippet.bulk.columns"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for attempt in (
        lambda: __import__("rr_snippet.arrow"),
        lambda: list(open_source("a.parquet").rows()),
        lambda: Shard(open_source("a.jsonl"), "out.parquet"),
    ):
        with pytest.raises(MissingDependencyError, match=r"pyarrow is needed: pip install 'rr-snippet\[arrow\]'"):
            attempt()


def test_a_broken_pyarrow_is_not_called_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyarrow.py").write_text("import no_such_module_of_pyarrow")
    monkeypatch.syspath_prepend(tmp_path)
    for module in ("rr_snippet.bulk.columns", "pyarrow"):
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_module_of_pyarrow'"):
        list(open_source("a.parquet").rows())


def test_columns_hold_entries(caplog: pytest.LogCaptureFixture) -> None:
    table = pa.table(
        {"id": ["1", "2"], "city": ["Уфа", None], "card": ["7", "8"], "Consent": [True, False], "x": [1, 2]}
    )
    columns = {"id": "customerId", "city": "customData.city", "card": "softLinks.card"}
    first, second = render_batch(table, columns=columns).column("snippet").to_pylist()
    assert first == render_snippet({"customerId": "1", "customData": {"city": "Уфа"}, "softLinks": {"card": "7"}})
    assert second == render_snippet({"customerId": "2", "softLinks": {"card": "8"}})
    assert [record.getMessage() for record in caplog.records] == [
        "column D (Consent) is left out, although it looks like isAgreedToReceiveMarketingMail; "
        "--map uses it, or leaves it out silently [column.left_out]"
    ]
    caplog.clear()
    render_batch(table, columns={**columns, "Consent": None})
    assert caplog.records == []
    with pytest.raises(SourceError) as caught:
        render_batch(table, columns={**columns, "x": "customData.visits"})
    assert str(caught.value) == (
        "customData.visits: a column of int64; expected string, so cast it: CAST(x AS VARCHAR) [column.type]"
    )
    with pytest.raises(SourceError) as caught:
        render_batch(pa.table({"id": ["1"]}), columns={"consent": None})
    assert [problem.code for problem in caught.value.problems] == [
        "column.missing", "customer_id.missing", "column.left_out",
    ]  # fmt: skip
