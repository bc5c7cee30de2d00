"""`rr_snippet.bulk`: rows, shards and executors, and files and their parts."""

from __future__ import annotations

import json
import multiprocessing
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

import pytest

from rr_snippet import Customer, RenderOptions, render_snippet
from rr_snippet.bulk import Shard, ShardReport, open_source, plan_shards, render_rows, render_shard, run
from rr_snippet.bulk import text_files as row_files
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import OptionError, OutputError, SourceError
from rr_snippet.files import replaced
from tests.support.bulk_data import (
    digest,
    json_text,
    pairs_of,
    read_json_lines,
    read_parts,
    result_rows,
    write_json_lines,
)

ROWS = 2000
BLOCK = render_snippet({"customerId": "1"})


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_json_lines(tmp_path_factory.mktemp("customers") / "customers.jsonl", range(ROWS))


@pytest.fixture(scope="module")
def expected() -> str:
    """The digest that every way of rendering the customers must give."""
    rows = (decode_json(json_text(pairs_of(number), number)) for number in range(ROWS))
    return digest(result_rows(render_rows(rows)))


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_files, "PART_BYTES", 100_000)
    monkeypatch.setattr(row_files, "_BLOCK_BYTES", 10_000)


# Rows.


def test_results_have_the_order_of_the_rows() -> None:
    rows: list[object] = [
        {"customerId": 1},
        {"customerId": "2", "phone": "1"},
        7,
        None,
        Customer(customer_id="4"),
        MappingProxyType({"customer_id": "5"}),
        {"email": "x"},
        {"customerId": "a\nb"},
        Customer.model_construct(),
    ]
    results = list(render_rows(rows))
    assert [result.row for result in results] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert [result.customer_id for result in results] == ["1", "2", None, None, "4", "5", None, None, None]
    assert [[problem.code for problem in result.problems] for result in results] == [
        [],
        ["phone.too_short"],
        ["customer.type"],
        ["customer.type"],
        [],
        [],
        ["customer_id.missing", "email.shape"],
        ["customer_id.control"],
        ["payload.leaf"],
    ]
    assert results[0].snippet == BLOCK
    assert all((result.snippet is None) == bool(result.problems) for result in results)


def test_rows_are_rendered_as_they_come() -> None:
    def rows() -> Iterator[object]:
        yield {"customerId": "1"}
        raise RuntimeError("no further row may be asked for")

    assert next(render_rows(rows())).snippet == BLOCK


def test_options_are_those_of_a_single_rendering() -> None:
    row = {"customerId": "1", "phone": "8 911 222-33-44", "defaultStockId": "x"}
    [result] = render_rows([row], options=RenderOptions(phone_region="RU", variant="region"))
    assert result.snippet == render_snippet(row, phone_region="RU", variant="region")
    [result] = render_rows([row], options=RenderOptions(variant="no-region"))
    assert [problem.code for problem in result.problems] == ["variant.stock_unexpected"]


def test_columns_have_other_names() -> None:
    columns = {"id": "customerId", "segment": None}
    rows = [{"id": "1", "segment": "x"}, {"id": "1", "customerId": "1"}, {7: 1, "id": "1"}, 5]
    results = list(render_rows(rows, columns=columns))
    assert [[problem.code for problem in result.problems] for result in results] == [
        [],
        ["field.twice"],
        ["field.unknown"],
        ["customer.type"],
    ]
    with pytest.raises(OptionError) as caught:
        render_rows([], columns={"id": "costumerId", "a\nb": "x" * 65})
    assert str(caught.value).splitlines() == [
        "id is not mapped to a field; did you mean customerId? [column.target]",
        "a\N{REPLACEMENT CHARACTER}b is not mapped to a field; expected a field, customData.KEY or softLinks.KEY "
        "[column.target]",
    ]


# Files of rows.


def test_a_bad_line_is_one_rejected_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        b'\xef\xbb\xbf{"customerId": "1"}',
        b"",
        b"{bad",
        b"[1]",
        b"null",
        b'{"customerId": "6", "customerId": "6"}',
        b'{"customerId": "\xff"}',
        b'{"customerId": "8"}\r',
        b'  {"customerId": "9"}',
    ]
    path.write_bytes(b"\n".join(lines))
    rows = list(open_source(path).rows())
    assert [number for number, _, _ in rows] == [1, 3, 4, 5, 6, 7, 8, 9]
    target = tmp_path / "out.jsonl"
    report = render_shard(Shard(open_source(path), str(target)))
    results = list(read_json_lines(target))
    assert [(row["row"], row["customerId"], [e["code"] for e in row["error"] or ()]) for row in results] == [
        (1, "1", []),
        (3, None, ["customer.json"]),
        (4, None, ["customer.type"]),
        (5, None, ["customer.type"]),
        (6, "6", ["field.twice"]),
        (7, None, ["customer.encoding"]),
        (8, "8", []),
        (9, "9", []),
    ]
    assert results[1]["error"] == [
        {
            "code": "customer.json",
            "path": "",
            "message": "not valid JSON at line 3, column 2: strings must be in double quotes",
        }
    ]
    assert results[0]["snippet"] == BLOCK
    assert (report.rows, report.rejected) == (8, 5)
    assert report.tally.faults == {
        ("", "customer.json"): 1,
        ("", "customer.type"): 2,
        ("customerId", "field.twice"): 1,
        ("", "customer.encoding"): 1,
    }


def test_a_huge_line_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_files, "_LINE_MAX_BYTES", 40)
    path = tmp_path / "a.jsonl"
    path.write_text('{"customerId":"1"}\n' + "x" * 100 + '\n{"customerId":"3"}\n' + "y" * 39 + "\n" + "z" * 120)
    rows = list(open_source(path).rows())
    assert [(number, [p.code for p in problems]) for number, _, problems in rows] == [
        (1, []),
        (2, ["customer.too_long"]),
        (3, []),
        (4, ["customer.too_long"]),
        (5, ["customer.too_long"]),
    ]
    assert [(part.start, part.end) for part in open_source(path).parts()] == [(0, path.stat().st_size)]


@pytest.mark.parametrize("block_bytes", [1, 7, 100, 1000])
@pytest.mark.parametrize("part_bytes", [1, 30, 100, 10_000])
def test_parts_of_json_lines_have_every_row_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part_bytes: int, block_bytes: int
) -> None:
    monkeypatch.setattr(row_files, "PART_BYTES", part_bytes)
    monkeypatch.setattr(row_files, "_BLOCK_BYTES", block_bytes)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"customerId": str(n) * (n % 9)}) + "\n" * (n % 3 == 0) for n in range(40)))
    source = open_source(path)
    parts = list(source.parts())
    assert [row for part in parts for row in part.rows()] == list(source.rows())
    assert all(len(list(part.rows())) <= part.row_limit for part in parts)
    assert len(parts) > 1 or part_bytes == 10_000 or block_bytes == 1000


def test_an_empty_file_of_json_lines_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.touch()
    [part] = open_source(path).parts()
    assert list(part.rows()) == []
    assert render_shard(Shard(part, str(tmp_path / "out.jsonl"))).rows == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_csv_cells_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'id;segment;Stock;softLinks;isAgreedToReceiveMarketingMail\n00123;x;01;"{""a"":\n""007""}";true\n5;;;{bad;yes\n',
        encoding="cp1251",
    )
    columns = {"id": "customerId", "segment": None, "Stock": "defaultStockId"}
    source = open_source(path, columns=columns, encoding="cp1251")
    [part] = source.parts()
    assert part.row_limit == 5
    rows = list(part.rows())
    assert [number for number, _, _ in rows] == [2, 4]
    assert rows[0][1] == {
        "customerId": "00123",
        "defaultStockId": "01",
        "softLinks": {"a": "007"},
        "isAgreedToReceiveMarketingMail": True,
    }
    report = render_shard(Shard(part, str(tmp_path / "out.jsonl")))
    assert report.tally.faults == {
        ("softLinks", "customer.json"): 1,
        ("isAgreedToReceiveMarketingMail", "consent.type"): 1,
    }
    assert next(read_json_lines(tmp_path / "out.jsonl"))["snippet"] == render_snippet(rows[0][1])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.csv", "", "source.empty"),
        ("a.csv", "customerId,segment\n1,2\n", "column.unknown"),
        ("a.parquet", "no parquet", "source.unreadable"),
    ],
)
def test_a_source_unreadable_as_a_whole_shows_when_it_is_cut(tmp_path: Path, name: str, text: str, code: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError) as caught:
        list(open_source(tmp_path / name).parts())
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_a_missing_file_is_told_without_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match=r"^cannot be read: No such file or directory \[source.unreadable\]$"):
        list(open_source(tmp_path / name).parts())


def test_only_known_formats_are_taken(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="source_format"):
        open_source("a.csv", source_format="json")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="target"):
        Shard(open_source("a.jsonl"), "out.csv")
    assert open_source("a", source_format="csv") == row_files.TextFile(
        "a", "csv", consent_words=(("true", True), ("false", False))
    )


# Shards and executors.


@pytest.mark.usefixtures("_small_parts")
@pytest.mark.parametrize("workers", ["none", "threads", "processes", "dask"])
def test_every_executor_gives_the_same_bytes(tmp_path: Path, customers: Path, expected: str, workers: str) -> None:
    shards = list(plan_shards([open_source(customers)], tmp_path))
    assert len(shards) > 3
    if workers == "none":
        reports = list(run(shards))
    elif workers == "threads":
        with ThreadPoolExecutor(2) as pool:
            reports = list(run(shards, pool))
    elif workers == "processes":
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
            reports = list(run(shards, processes))
    else:
        import distributed

        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            reports = list(run(shards, client.get_executor(pure=False)))
    assert {report.shard for report in reports} == set(shards)
    assert all(report.error is None for report in reports)
    assert sum(report.rows for report in reports) == ROWS
    assert sum(report.rejected for report in reports) == ROWS // 100
    rows = read_parts(tmp_path)
    assert digest(rows) == expected
    assert [row["row"] for row in rows] == list(range(1, ROWS + 1))
    assert sorted(path.name for path in tmp_path.iterdir()) == [Path(shard.target).name for shard in shards]


@pytest.mark.parametrize("options", [RenderOptions(), RenderOptions(pretty=True, debug=True)])
def test_lines_are_those_of_the_json_module(tmp_path: Path, customers: Path, options: RenderOptions) -> None:
    out = tmp_path / "out.jsonl"
    assert render_shard(Shard(open_source(customers), str(out), options)).rows == ROWS
    lines = out.read_bytes().splitlines(keepends=True)
    assert len(lines) == ROWS
    assert lines == [json.dumps(json.loads(line), separators=(",", ":")).encode() + b"\n" for line in lines]


def test_no_value_of_a_customer_is_in_an_error(tmp_path: Path, customers: Path) -> None:
    report = render_shard(Shard(open_source(customers), str(tmp_path / "out.jsonl")))
    rejected = [row for row in read_json_lines(tmp_path / "out.jsonl") if row["error"]]
    assert len(rejected) == report.rejected == ROWS // 100
    said = json.dumps([row["error"] for row in rejected]) + repr(report.tally.faults)
    assert not any(value in said for value in ["no address", "never", '"card"', "tier", "xxx"])


def test_a_shard_survives_pickling(customers: Path) -> None:
    shard = Shard(open_source(customers, columns={"id": "customerId"}), "out.jsonl", RenderOptions(variant="region"))
    assert pickle.loads(pickle.dumps(shard)) == shard


@pytest.mark.parametrize("threads", [None, 1])
def test_a_file_that_fails_does_not_stop_the_others(tmp_path: Path, customers: Path, threads: int | None) -> None:
    shards = [
        Shard(open_source(tmp_path / "missing.jsonl"), str(tmp_path / "0.jsonl")),
        Shard(open_source(customers), str(tmp_path / "missing" / "1.jsonl")),
        Shard(open_source(customers), str(tmp_path / "2.jsonl")),
    ]
    reports = list(run(shards, ThreadPoolExecutor(threads) if threads else None))
    errors = {report.shard: report.error for report in reports}
    assert isinstance(errors[shards[0]], SourceError)
    assert isinstance(errors[shards[1]], OutputError)
    assert isinstance(errors[shards[1]], OSError)
    assert str(errors[shards[1]]) == "cannot be written: No such file or directory [output.unwritable]"
    assert errors[shards[2]] is None
    assert [path.name for path in tmp_path.iterdir()] == ["2.jsonl"]


def test_what_is_not_begun_is_cancelled_with_the_caller(tmp_path: Path, customers: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        reports = run(plan_shards([open_source(customers)] * 50, tmp_path), pool)
        assert next(reports).error is None
        reports.close()  # type: ignore[attr-defined]
    assert len(list(tmp_path.iterdir())) < 50


def test_nothing_is_left_when_the_work_is_stopped(tmp_path: Path, customers: Path) -> None:
    def tick(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_shard(Shard(open_source(customers), str(tmp_path / "out.jsonl")), tick=tick)
    assert list(tmp_path.iterdir()) == []


def test_results_say_which_file_their_rows_came_from(tmp_path: Path) -> None:
    for name in ("a", "б"):
        (tmp_path / f"{name}.jsonl").write_text('{"customerId": "1"}\n')
    shards = list(plan_shards([open_source(tmp_path / f"{name}.jsonl") for name in ("a", "б")], tmp_path))
    assert [report.rows for report in run(shards)] == [1, 1]
    rows = [row for shard in shards for row in read_json_lines(Path(shard.target))]
    assert [(row["source"], row["row"]) for row in rows] == [(f"{tmp_path}/a.jsonl", 1), (f"{tmp_path}/б.jsonl", 1)]


def test_what_a_killed_worker_has_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"customerId": "1"}\n')
    [shard] = plan_shards([open_source(tmp_path / "a.jsonl")], tmp_path)

    def left() -> list[Path]:
        return list(tmp_path.glob(".rr-snippet-*"))

    def killed(_shard: Shard) -> ShardReport:
        with replaced(shard.target) as temporary:
            temporary.write_text("Anna")
            temporary.with_name(temporary.name.replace(".tmp", "").rpartition("-")[0] + "-0123abcd.tmp").write_text(
                "Anna"
            )
        raise RuntimeError

    with pytest.raises(RuntimeError):
        list(run([shard], render=killed))
    assert left() == []
    with pytest.raises(RuntimeError):
        killed(shard)
    assert len(left()) == 1
    render_shard(shard)
    assert left() == []


def test_a_mapped_name_that_is_nowhere_is_told_at_the_end_of_rows(tmp_path: Path) -> None:
    rows = render_rows([{"customerId": "1"}], columns={"consent": None})
    assert next(rows).customer_id == "1"
    with pytest.raises(SourceError, match="consent is mapped, but there is no such column"):
        next(rows)
    assert list(render_rows([], columns={"consent": None})) == []
    (tmp_path / "a.jsonl").write_text('{"customerId": "1"}\n')
    source = open_source(tmp_path / "a.jsonl", columns={"consent": None})
    with pytest.raises(SourceError, match="consent is mapped"):
        list(source.parts())
    # Nobody has planned this shard, so no file is written.
    with pytest.raises(SourceError, match="consent is mapped"):
        render_shard(Shard(source, str(tmp_path / "out.jsonl")))
    assert not (tmp_path / "out.jsonl").exists()
