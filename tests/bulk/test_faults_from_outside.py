"""Faults from outside during a bulk run, and rows made to be mistaken for others."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import polars
import pyarrow as pa
import pytest
from pyarrow import parquet

from rr_snippet.arrow import render_batch, render_batches
from rr_snippet.bulk import job as bulk_job
from rr_snippet.bulk import open_source, plan_shards, render_rows, render_shard
from rr_snippet.bulk import results as result_files
from rr_snippet.bulk import workers as bulk_workers
from rr_snippet.bulk.job import Job
from rr_snippet.bulk.runner import Runner
from rr_snippet.cli import main
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import CustomerError, SourceError
from rr_snippet.files import replaced
from rr_snippet.sources.columns import Columns
from rr_snippet.sources.lines import RECORD_MAX_CHARS
from rr_snippet.sources.records import read_raw_records
from tests.support.bulk_data import read_json_lines
from tests.support.liars import MARK, NoKey, Pairs

Bulk = Callable[..., tuple[int, str]]


@pytest.fixture
def bulk(capsys: pytest.CaptureFixture[str]) -> Bulk:
    """Run the command in this process, with one worker; return its exit code and standard error."""

    def run(*arguments: object) -> tuple[int, str]:
        code = main(["bulk", "-j", "1", *map(str, arguments)])
        return code, capsys.readouterr().err

    return run


def customers(path: Path, name: str, rows: int = 3) -> Path:
    path.write_text("".join(json.dumps({"customerId": f"{name}{row}"}) + "\n" for row in range(rows)))
    return path


def ids_in(folder: Path) -> list[str]:
    return [row["customerId"] for part in sorted(folder.glob("part-*")) for row in read_json_lines(part)]


@pytest.mark.parametrize("place", ["part-00000.jsonl", "customers.jsonl"])
def test_a_link_among_the_parts_is_not_taken_for_one(bulk: Bulk, tmp_path: Path, place: str) -> None:
    source = customers(tmp_path / "customers.jsonl", "a")
    assert bulk(source, "-o", tmp_path / "out")[0] == 0
    link = tmp_path / "out" / place
    link.unlink(missing_ok=True)
    link.symlink_to(source)
    message = "contains an input of this run; expected another place [output.source]"
    assert bulk(link, "-o", tmp_path / "out") == (2, f"{tmp_path / 'out'}: error: {message}\n")
    assert link.is_symlink()
    assert source.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_a_name_that_is_no_utf_8_is_a_name(bulk: Bulk, tmp_path: Path, suffix: str) -> None:
    source = customers(tmp_path / "customers.jsonl", "a")
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    folder.mkdir()
    out = folder / f"out.{suffix}"
    assert bulk(source, "-o", out)[0] == 0
    with out.open("rb") as stream:
        rows = parquet.read_table(stream).to_pylist() if suffix == "parquet" else list(map(json.loads, stream))
    assert [row["customerId"] for row in rows] == ["a0", "a1", "a2"]


# Runs that were ended, and begun again.


def test_a_part_that_was_not_noted_is_nobody_elses(tmp_path: Path) -> None:
    """A run with other customers was interrupted after its part was written. An earlier note must not match it."""
    first, other = customers(tmp_path / "first.jsonl", "a"), customers(tmp_path / "other.jsonl", "b")
    out = tmp_path / "out"

    def job(source: Path) -> Job:
        return Job(plan_shards([open_source(source)], out), out)

    run = job(first)
    assert run.prepare() == []
    run.keep(render_shard(run.shards[0]))
    ended = job(other)
    assert ended.prepare() == []
    render_shard(ended.shards[0])
    assert ids_in(out) == ["b0", "b1", "b2"]
    assert job(first).prepare() == []
    assert ids_in(out) == []


def test_an_old_file_that_comes_back_is_rendered_anew(bulk: Bulk, tmp_path: Path) -> None:
    source, out = customers(tmp_path / "a.jsonl", "a"), tmp_path / "out"
    kept = shutil.copy2(source, tmp_path / "kept")
    assert bulk(source, "-o", out) == (0, "")
    # The part has the same length, and the run stops before its note.
    (out / "part-00000.jsonl").write_bytes((out / "part-00000.jsonl").read_bytes().replace(b"a0", b"b0"))
    customers(source, "c", rows=1)
    Job(plan_shards([open_source(source)], out), out).prepare()
    shutil.copy2(kept, source)
    assert bulk(source, "-o", out) == (0, "")
    assert ids_in(out) == ["a0", "a1", "a2"]


def test_what_a_run_left_that_was_killed_while_it_put_the_parts_together_is_swept(bulk: Bulk, tmp_path: Path) -> None:
    source = customers(tmp_path / "a.jsonl", "a")
    with replaced(tmp_path / "out[1].jsonl") as own, replaced(tmp_path / "out1.jsonl") as of_another:
        own.touch()
        of_another.touch()
    (tmp_path / "out1.jsonl").unlink()
    own.touch()
    of_another.touch()
    assert bulk(source, "-o", tmp_path / "out[1].jsonl") == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        of_another.name,
        "a.jsonl",
        "out[1].jsonl",
    ]


def test_a_run_that_was_ended_while_it_cleared_up_is_taken_up(
    bulk: Bulk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [customers(tmp_path / f"{name}.jsonl", name) for name in "ab"]

    def interrupt(_folder: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bulk_job.shutil, "rmtree", interrupt)
        assert bulk(*sources, "-o", tmp_path / "out.jsonl")[0] == 130
    assert bulk(*sources, "-o", tmp_path / "out.jsonl") == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl", "out.jsonl"]
    assert [row["customerId"] for row in read_json_lines(tmp_path / "out.jsonl")] == [
        "a0",
        "a1",
        "a2",
        "b0",
        "b1",
        "b2",
    ]


def test_a_second_interrupt_waits_for_the_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise they would wait for work, and this process for them."""
    ended = []
    shutdown = ProcessPoolExecutor.shutdown

    def interrupted(pool: ProcessPoolExecutor, **options: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        shutdown(pool, **options)
        ended.append(pool)

    monkeypatch.setattr(ProcessPoolExecutor, "shutdown", interrupted)
    sources = [open_source(customers(tmp_path / f"{name}.jsonl", name)) for name in "ab"]
    workers = bulk_workers.Workers(list(plan_shards(sources, tmp_path)), 2, on_break=pytest.fail)
    with pytest.raises(KeyboardInterrupt):
        list(workers.reports())
    assert len(ended) == 1


# Files that change during a run.


def test_a_source_that_changes_meanwhile_is_told(bulk: Bulk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = customers(tmp_path / "a.jsonl", "a"), tmp_path / "out"
    go = Runner.go

    def change_and_go(run: Runner) -> None:
        customers(source, "b", rows=1)
        go(run)

    monkeypatch.setattr(Runner, "go", change_and_go)
    told = f"{source}: error: cannot be read: changed while it was read [source.unreadable]\n"
    assert bulk(source, "-o", out) == (3, told)
    assert ids_in(out) == []


def test_a_part_of_a_file_ends_where_it_ends(tmp_path: Path) -> None:
    """Nothing is read after a line that has grown over the end of the part."""
    source = customers(tmp_path / "a.jsonl", "a")
    [part] = open_source(source).parts()
    source.write_text(
        json.dumps({"customerId": "x" * 200}) + "\n" + json.dumps({"customerId": "of another part"}) + "\n"
    )
    assert len(list(part.rows())) == 1


def test_a_source_that_vanishes_is_told(tmp_path: Path) -> None:
    source = customers(tmp_path / "a.jsonl", "a")
    shards = list(plan_shards([open_source(source)], tmp_path / "out"))
    source.unlink()
    with pytest.raises(SourceError, match="No such file or directory"):
        Job(shards, tmp_path / "out")


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_a_pipe_is_no_source(bulk: Bulk, tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    told = f"{tmp_path / name}: error: cannot be read: no regular file [source.unreadable]\n"
    assert bulk(tmp_path / name, "-o", tmp_path / "out") == (2, told)


def test_a_place_that_is_none(bulk: Bulk, tmp_path: Path) -> None:
    source = customers(tmp_path / "a.jsonl", "a")
    (tmp_path / "loop").symlink_to("loop")
    code, err = bulk(source, "-o", tmp_path / "loop")
    assert (code, err.count("\n"), "[output.unwritable]" in err) == (2, 1, True)
    (tmp_path / "folder.jsonl").mkdir()
    code, err = bulk(source, "-o", tmp_path / "folder.jsonl")
    assert (code, "Is a directory [output.unwritable]" in err) == (2, True)
    assert not (tmp_path / ".folder.jsonl.parts").exists()


def test_processes_that_cannot_be_started(bulk: Bulk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reports(_workers: object) -> Any:
        yield from ()
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(bulk_workers.Workers, "reports", reports)
    told = "rr-snippet: error: worker processes cannot be started: Too many open files [worker.start]\n"
    assert bulk(customers(tmp_path / "a.jsonl", "a"), "-o", tmp_path / "out") == (3, told)


def closed_and_full(tmp_path: Path) -> Any:
    reading, closed = os.pipe()
    os.close(reading)
    return (closed, ""), (os.open("/dev/full", os.O_WRONLY), "standard output: error: No space left on device\n")


@pytest.mark.parametrize("rejected", [False, True])
def test_the_exit_code_is_that_of_the_run_wherever_the_summary_goes(tmp_path: Path, *, rejected: bool) -> None:
    source = customers(tmp_path / "a.jsonl", "a")
    source.write_text(source.read_text() + "[]\n" * rejected)
    for stdout, told in closed_and_full(tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "rr_snippet", "bulk", source, "-o", tmp_path / "out.jsonl", "-j", "1"],
            stdout=stdout, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        os.close(stdout)
        assert (done.returncode, done.stderr) == (int(rejected), told)
        assert len(list(read_json_lines(tmp_path / "out.jsonl"))) == 3 + rejected


def test_without_standard_error_it_works_all_the_same(tmp_path: Path) -> None:
    source = customers(tmp_path / "a.jsonl", "a")
    command = f'"{sys.executable}" -m rr_snippet bulk "{source}" -o "{tmp_path}/out.jsonl" -j 1 2>&-'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "rows: 3, rendered: 3, rejected: 0")


# Rows.


def csv_results(text: str) -> list[tuple[int | None, object, list[str]]]:
    records = read_raw_records(io.BytesIO(text.encode()), source_format="csv", columns=Columns.of({"note": None}))
    return [(record.line, record.data, [problem.code for problem in record.problems]) for record in records]


LONG = "x" * (RECORD_MAX_CHARS + 1)
HEADER = "customerId,email,note\n"


def test_a_long_cell_makes_no_customers_of_its_own() -> None:
    text = f'{HEADER}1,a@shop.ru,"{"x" * 131_073}\nVICTIM,b@shop.ru,\n"\n2,c@shop.ru,ok\n'
    assert [(line, codes) for line, _, codes in csv_results(text)] == [(2, []), (5, [])]


@pytest.mark.parametrize(
    "text",
    [
        f'1,,"{LONG}\nVICTIM,,\n"\n2,,\n',
        f'1,,"\n{LONG}\nVICTIM,,\n"\n2,,\n',
        f'1,,"{LONG}",\n2,,\n',
        f'1,,{LONG[1:]}"\n2,,\n',
        '1,,"' + f"{LONG[:1_000_000]}\n" * 5 + 'VICTIM,,\n"\n2,,\n',
    ],
    ids=["quote ahead", "inside of a cell", "both", "at its end", "in many lines"],
)
def test_where_nobody_knows_where_the_next_row_begins_reading_ends(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        csv_results(HEADER + text)
    assert caught.value.code == "customer.too_long"


def test_a_long_line_without_a_quote_is_one_row() -> None:
    read = csv_results(f"{HEADER}1,,{LONG}\n2,,\n")
    assert [(line, codes) for line, _, codes in read] == [(2, ["customer.too_long"]), (3, [])]


def test_a_column_without_a_name_can_be_left_out(bulk: Bulk, tmp_path: Path) -> None:
    """pandas writes such a column."""
    (tmp_path / "a.csv").write_text(",customerId\n0,42\n1,43\n")
    assert bulk(tmp_path / "a.csv", "-o", tmp_path / "out", "--map", "=") == (0, "")
    assert ids_in(tmp_path / "out") == ["42", "43"]
    assert bulk(tmp_path / "a.csv", "-o", tmp_path / "out", "--map", "=email")[0] == 2


def test_no_budget_has_a_thousand_million_digits(bulk: Bulk, tmp_path: Path) -> None:
    source = customers(tmp_path / "a.jsonl", "a")
    assert bulk(source, "-o", tmp_path / "out", "--max-errors", "1e999999999%")[0] == 2


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_there_are_no_more_rows_than_lines(tmp_path: Path, line_end: str) -> None:
    (tmp_path / "a.csv").write_bytes(line_end.join(["customerId", *map(str, range(500))]).encode())
    [part] = open_source(tmp_path / "a.csv").parts()
    assert len(list(part.rows())) == 500
    assert 500 <= (part.row_limit or 0) <= 510


def test_how_deep_json_goes_does_not_depend_on_who_asks() -> None:
    def outcome(text: str, stack: int) -> str:
        if stack:
            return outcome(text, stack - 1)
        try:
            decode_json(text)
            decode_json(text.encode(), first_line=1)
        except CustomerError as error:
            return error.code
        return "read"

    for opening, closing in (("[", "]"), ('{"a": ', "}"), ('{"a": 1, "a": ', "}")):
        for depth, expected in ((201, "read"), (202, "customer.json"), (600, "customer.json")):
            text = opening * depth + "0" + closing * depth if opening != "[" else opening * depth + closing * depth
            assert {outcome(text, stack) for stack in (0, 300)} == {expected}, (opening, depth)


def test_lines_are_too_long_for_all_commands_alike(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"customerId": "1", "note": LONG}) + "\n" + '{"customerId": "2"}\n')
    rows = list(open_source(tmp_path / "a.jsonl").rows())
    assert [(number, [problem.code for problem in problems]) for number, _, problems in rows] == [
        (1, ["customer.too_long"]),
        (2, []),
    ]


def test_keys_of_any_kind_are_wrong_and_nothing_worse() -> None:
    odd: list[Mapping[object, object]] = [Pairs((NoKey(), MARK)), Pairs(([MARK], MARK), ("customerId", "1"))]
    for columns in ({}, {"id": "customerId"}):
        results = list(islice(render_rows(odd, columns=columns), 2))
        assert [[problem.code for problem in result.problems] for result in results] == [["customer.type"]] * 2
        assert MARK not in repr(results)


def test_an_exhausted_machine_is_not_told_as_bad_data() -> None:
    class Exhausted:
        def __hash__(self) -> int:
            raise MemoryError

    with pytest.raises(MemoryError):
        list(render_rows([Pairs((Exhausted(), "1"))], columns={"id": "customerId"}))


def test_no_cell_without_a_name_is_lost() -> None:
    """`csv.DictReader` puts surplus cells under `None`."""
    [result] = render_rows([{"id": "1", None: ["surplus"]}], columns={"id": "customerId"})
    assert [problem.code for problem in result.problems] == ["field.unknown"]


@pytest.mark.parametrize(
    ("line", "known"), [('"customerId":"A","customerId":"B"', None), ('"customerId":"A","customerId":"A"', "A")]
)
def test_of_two_ids_neither_is_the_customers(line: str, known: str | None) -> None:
    [result] = render_rows([decode_json(f"{{{line}}}")])
    assert (result.customer_id, [problem.code for problem in result.problems]) == (known, ["field.twice"])


# Arrow.


def test_dictionaries_of_views_are_texts() -> None:
    frame = polars.DataFrame({"customerId": polars.Series(["1", None, "1"], dtype=polars.Categorical)})
    assert render_batches(frame).read_all().column("customerId").to_pylist() == ["1", None, "1"]
    views = pa.DictionaryArray.from_arrays(pa.array([1, 0], pa.uint32()), pa.array(["a", "b"], pa.string_view()))
    assert render_batch(pa.table({"customerId": views})).column("customerId").to_pylist() == ["b", "a"]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("customData", pa.struct([("a", pa.string()), ("a", pa.string())])),
        ("softLinks", pa.list_(pa.struct([("key", pa.string()), ("key", pa.string()), ("value", pa.string())]))),
        (
            "mobilePushSubscription",
            pa.struct([("fcmSubscription", pa.struct([("token", pa.string()), ("token", pa.string())]))]),
        ),
    ],
)
def test_a_name_that_stands_twice_in_a_struct_is_a_wrong_type(field: str, kind: Any) -> None:
    table = pa.table({"customerId": pa.array(["1"]), field: pa.nulls(1, kind)})
    with pytest.raises(SourceError) as caught:
        render_batch(table)
    assert caught.value.code == "column.type"


def test_long_blocks_do_not_wait_for_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_files, "_CHARS_PER_GROUP", 50_000)
    source = customers(tmp_path / "a.jsonl", "a", rows=1000)
    [shard] = plan_shards([open_source(source)], tmp_path, target_format="parquet")
    render_shard(shard)
    file = parquet.ParquetFile(shard.target)
    assert file.metadata.num_row_groups > 2
    assert file.read().column("customerId").to_pylist() == [f"a{row}" for row in range(1000)]
