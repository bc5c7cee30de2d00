"""`rr-snippet bulk`: its files and messages, and that it can be interrupted at any moment and resumed."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from rr_snippet.bulk import job as bulk_job
from rr_snippet.bulk import open_source, plan_shards
from rr_snippet.bulk import text_files as row_files
from rr_snippet.bulk import workers as bulk_workers
from rr_snippet.bulk.job import Job
from rr_snippet.bulk.workers import Stopped, Workers
from rr_snippet.cli import _progress as progress
from rr_snippet.cli import main
from rr_snippet.errors import OutputError, Problem
from tests.support.bulk_data import HOSTILE, digest, read_json_lines, read_parts, write_json_lines

ROWS = 1200
BAD_ROWS = ROWS // 100
NOTES = ".rr-snippet-bulk"
MANY_ROWS = 20_000

SUMMARY = f"""\
rows: {ROWS}, rendered: {ROWS - BAD_ROWS}, rejected: {BAD_ROWS}
        2  customerId  customer_id.missing
        2  phone  phone.too_short
        2  softLinks  field.twice
        2  softLinks  soft_link.value_blank
        1  customData  custom_data.key_proto
        1  customData  custom_data.value_type
        1  customData  field.twice
        1  defaultStockId  stock_id.too_long
        1  email  email.shape
        1  mobilePushSubscription  push.field_missing
        1  mobilePushSubscription  push.timestamp_shape
consent: true 396, false 396, absent 396
warnings:
      396  isAgreedToReceiveMarketingMail  consent.not_unsubscribe
      196  isAgreedToReceiveMarketingMail  consent.assumed
"""


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_files, "PART_BYTES", 40_000)
    monkeypatch.setattr(row_files, "_BLOCK_BYTES", 10_000)


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    return write_json_lines(tmp_path / "customers.jsonl", range(ROWS))


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command; return its exit code, standard output without the time, and standard error."""

    def run_command(*arguments: object) -> tuple[int, str, str]:
        code = main(["bulk", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, re.sub(r"(; (?:seconds|секунд): )[0-9.]+", r"\1?", captured.out), captured.err

    return run_command


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# Files and messages.


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_of_parts(run: Run, customers: Path, tmp_path: Path, jobs: int) -> None:
    out = tmp_path / "out"
    parts = "parts: 7 of 7, from an earlier run: {}; seconds: ?\n"
    assert run(customers, "-o", out, "-j", jobs) == (1, SUMMARY + parts.format(0), "")
    assert sorted(bytes_in(out)) == [f"part-{number:05d}.jsonl" for number in range(7)]
    rows = read_parts(out)
    assert list(rows[0]) == ["customerId", "snippet", "error", "source", "row"]
    assert [row["row"] for row in rows] == list(range(1, ROWS + 1))
    assert run(customers, "-o", out, "-j", 3 - jobs) == (1, SUMMARY + parts.format(7), "")


def test_one_file(run: Run, customers: Path, tmp_path: Path) -> None:
    run(customers, "-o", tmp_path / "out")
    parquet = tmp_path / "all.parquet"
    assert run(customers, customers, "-o", tmp_path / "all.jsonl")[0] == 1
    assert run(customers, "-o", parquet, "-j", 1)[0] == 1
    assert (
        run(
            parquet,
            "-o",
            tmp_path / "no.jsonl",
            "--map",
            "snippet=",
            "--map",
            "error=",
            "--map",
            "row=",
            "--map",
            "source=",
        )[0]
        == 1
    )
    rows = read_parts(tmp_path / "out")
    assert list(read_json_lines(tmp_path / "all.jsonl")) == rows + rows
    from pyarrow import parquet as reader

    assert digest(reader.read_table(parquet).to_pylist()) == digest(rows)
    left = {"customers.jsonl", "out", "all.jsonl", "all.parquet", "no.jsonl"}
    assert {path.name for path in tmp_path.iterdir()} == left


def test_a_folder_of_parquet(run: Run, customers: Path, tmp_path: Path) -> None:
    assert run(customers, "-o", tmp_path / "out", "--to", "parquet", "-j", 1)[0] == 1
    assert sorted(bytes_in(tmp_path / "out"))[0] == "part-00000.parquet"
    # Parts of another format are removed.
    assert run(customers, "-o", tmp_path / "out", "-j", 1)[0] == 1
    assert sorted(bytes_in(tmp_path / "out")) == [f"part-{number:05d}.jsonl" for number in range(7)]


def test_csv_with_names_and_rules_of_its_own(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("id\tnote\tphone\tdefaultStockId\n007\tx\t8 911 222-33-44\tУфа\n8\ty\t9\t1\n", encoding="cp1251")
    options = [
        "--from",
        "csv",
        "--encoding",
        "cp1251",
        "--delimiter",
        "tab",
        "--map",
        "id=customerId",
        "--map",
        "note=",
    ]
    code, out, err = run(path, "-o", tmp_path / "a.jsonl", *options, "--phone-region", "RU", "--variant", "region")
    assert (code, err) == (1, "")
    assert out.splitlines()[:2] == ["rows: 2, rendered: 1, rejected: 1", "        1  phone  phone.too_short"]
    good, bad = read_json_lines(tmp_path / "a.jsonl")
    assert '"customerId":"007","phone":"+79112223344","defaultStockId":"\\u0423\\u0444\\u0430"' in good["snippet"]
    assert bad["snippet"] is None
    assert run(path, "-o", tmp_path / "a.jsonl", *options, "--require-consent", "--lang", "ru")[1] == (
        "строк: 2, готово: 0, отклонено: 2\n"
        "        2  isAgreedToReceiveMarketingMail  consent.missing\n"
        "        1  phone  phone.too_short\n"
        "согласие: true 0, false 0, не указано 0\n"
        "частей: 1 из 1, от прежнего запуска: 0; секунд: ?\n"
    )


def test_what_was_done_for_customers_is_counted(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "ID;Почта;Телефон;Согласие;Имя\n1;noreply@shop.ru;+7\u00a0911 222-33-44;да;Анна\n"
        "2;anna@;8 911 222–33–44;нет;\n3;;;;Пётр\n4;;;Да;\n"
    )
    mapping = tmp_path / "bitrix.map"
    mapping.write_text("# exports of the shop\n\nID=customerId\nПочта=email\nТелефон=phone\n")
    options = [
        "--map-file", mapping, "--map", "Согласие=isAgreedToReceiveMarketingMail", "--map", "Имя=customData.name",
        "--consent-words", "да=true;нет=false", "--phone-clean", "--drop-faulty", "--phone-region", "RU",
    ]  # fmt: skip
    assert run(path, "-o", tmp_path / "out.jsonl", *options) == (
        1,
        """\
rows: 4, rendered: 3, rejected: 1
        1  isAgreedToReceiveMarketingMail  consent.type
consent: true 1, false 1, absent 1
phones cleaned: 2
left out:
        1  email  email.shape
warnings:
        1  email  email.placeholder
        1  isAgreedToReceiveMarketingMail  consent.not_unsubscribe
parts: 1 of 1, from an earlier run: 0; seconds: ?
""",
        "",
    )
    rows = list(read_json_lines(tmp_path / "out.jsonl"))
    assert '"phone":"+79112223344","customData":{"name":' in rows[0]["snippet"]
    assert '"customerId":"2","phone":"+79112223344","isAgreedToReceiveMarketingMail":false' in rows[1]["snippet"]
    assert rows[3]["error"][0]["message"] == "neither true nor false; --consent-words defines other words for them"


def test_all_good_is_exit_0(run: Run, tmp_path: Path) -> None:
    write_json_lines(tmp_path / "a.jsonl", range(50))
    assert run(tmp_path / "a.jsonl", "-o", tmp_path / "out")[0] == 0


def test_no_value_of_a_customer_is_said(run: Run, customers: Path, tmp_path: Path) -> None:
    _, out, err = run(customers, "-o", tmp_path / "out", "-j", 1)
    assert not any(text in out + err for text in [*HOSTILE, "anna", "shop.ru", "Москва", "111", "tier", "card"])


# Wrong usage: nothing is written.


BUDGET = "rr-snippet: error: --max-errors: wrong value; expected a number of rows or a percentage such as 0.5% [option.value]"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "a.csv -o out",
            "a.csv: error: column A matches no field; --map assigns it to one, or leaves it out [column.unknown]",
        ),
        ("a.jsonl -o out.jsonl", "a.jsonl: error: cannot be read: No such file or directory [source.unreadable]"),
        (
            "a.txt -o out",
            "a.txt: error: the format is not clear from the file's name; expected --from jsonl, csv, parquet, arrow [source.format]",
        ),
        ("b.jsonl -o b.jsonl", "b.jsonl: error: contains an input of this run; expected another place [output.source]"),
        ("b.jsonl -o .", ".: error: contains an input of this run; expected another place [output.source]"),
        ("b.jsonl -o no/out", "no/out: error: cannot be written: No such file or directory [output.unwritable]"),
        ("b.jsonl -o b", "b: error: cannot be written: File exists [output.unwritable]"),
        (
            "b.jsonl -o a.csv",
            "rr-snippet: error: --output: wrong value; expected a name ending in .jsonl or .parquet, that of a folder, or --to "
            "[option.value]",
        ),
        (
            "b.jsonl -o full",
            "full: error: the folder contains other files; expected an empty one or that of an earlier run [output.foreign]",
        ),
        (
            "b.jsonl -o out --phone-region XX",
            "rr-snippet: error: --phone-region: wrong value 'XX'; expected a two-letter country code such as RU [option.value]",
        ),
        (
            "b.jsonl -o out --map id=ident",
            "rr-snippet: error: id is not mapped to a field; expected a field, customData.KEY or softLinks.KEY [column.target]",
        ),
        (
            "b.jsonl -o out --map id",
            "rr-snippet: error: --map: wrong value; expected NAME=FIELD, or NAME= to leave a column out [option.value]",
        ),
        (
            "b.jsonl -o out --map a= --map a=email",
            "rr-snippet: error: --map: wrong value; expected each NAME once [option.value]",
        ),
        (
            "b.jsonl -o out --map id=customerId",
            "b.jsonl: error: id is mapped, but there is no such column [column.missing]",
        ),
        ("b.jsonl -o out --max-errors -1", BUDGET),
        ("b.jsonl -o out --max-errors 101%", BUDGET),
        ("b.jsonl -o out --max-errors 1/0%", BUDGET),
        (
            "b.jsonl -o out.jsonl --to parquet",
            "rr-snippet: error: --to parquet: cannot be used together with OUT *.jsonl [option.conflict]",
        ),
    ],
)
def test_wrong_usage_is_exit_2(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("segment\n1\n")
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.jsonl").write_text('{"customerId": "1"}\n')
    (tmp_path / "b").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "part-00000.jsonl").write_text("precious")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run(*arguments.split())
    assert (code, out, err.splitlines()[-1]) == (2, "", message)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "b.jsonl").read_text() == '{"customerId": "1"}\n'


# The budget.


@pytest.mark.parametrize(
    ("budget", "enough"),
    [("12", True), ("11", False), ("0", False), ("1%", True), ("0.99%", False), ("0%", False), ("100%", True)],
)
def test_a_budget_of_rejected_rows(run: Run, customers: Path, tmp_path: Path, budget: str, enough: bool) -> None:
    message = (
        "" if enough else "rr-snippet: error: more rows were rejected than --max-errors allows [bulk.max_errors]\n"
    )
    code, out, err = run(customers, "-o", tmp_path / "out.jsonl", "--max-errors", budget, "-j", 1)
    assert (code, err) == (1, message)
    assert (tmp_path / "out.jsonl").exists() == enough
    assert not (tmp_path / ".out.jsonl.parts").exists(), "the remaining rows were not read"
    if not enough:
        again = run(customers, "-o", tmp_path / "out.jsonl", "--max-errors", budget, "-j", 1)
        assert again[0] == 1
        assert again[1].partition("parts")[0] == out.partition("parts")[0]
        assert run(customers, "-o", tmp_path / "out.jsonl", "-j", 1)[1].startswith(SUMMARY)
        assert (tmp_path / "out.jsonl").exists()


def test_a_budget_stops_the_work_early(run: Run, customers: Path, tmp_path: Path) -> None:
    for jobs in (1, 2):
        _, out, _ = run(customers, "-o", tmp_path / f"out{jobs}", "--max-errors", "0", "-j", jobs)
        assert "parts: 1 of 7" in out
        # In a folder the finished parts stay, and they already exceed the budget.
        assert (
            "parts: 1 of 7, from an earlier run: 1"
            in run(customers, "-o", tmp_path / f"out{jobs}", "--max-errors", "0")[1]
        )


# Finished parts are kept.


def test_only_what_changed_is_made_again(run: Run, customers: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def kept(*options: object) -> int:
        summary = run(customers, "-o", out, "-j", 1, *options)[1]
        assert read_parts(out)[-1]["row"] == customers.read_bytes().count(b"\n")
        assert not list(out.glob(".rr-snippet-*.tmp"))
        return int(re.findall("earlier run: ([0-9]+)", summary)[0])

    assert kept() == 0
    assert kept("-j", 2, "--max-errors", 500) == 7
    (out / "part-00001.jsonl").unlink()
    (out / "part-00002.jsonl").write_text("cut off")
    (out / NOTES / "part-00003.jsonl.json").write_text('{"ke')
    (out / NOTES / "part-00004.jsonl.json").unlink()
    (out / ".rr-snippet-01234567-89abcdef.tmp").touch()
    (out / "notes.txt").write_text("of the owner")
    assert kept() == 3
    assert kept("--no-resume") == 0
    assert kept("--require-consent") == 0
    assert kept("--require-consent") == 7
    os.utime(customers, (1, 1))
    assert kept("--require-consent") == 0
    write_json_lines(customers, range(ROWS // 2))
    assert kept() == 0
    assert sorted(bytes_in(out)) == ["notes.txt", *(f"part-{number:05d}.jsonl" for number in range(4))]
    customers.rename(tmp_path / "renamed.jsonl")
    assert "earlier run: 0" in run(tmp_path / "renamed.jsonl", "-o", out)[1]


@pytest.mark.parametrize(("name", "other"), [("__version__", "9"), ("read_templates", lambda: {"frame.j2": "another"})])
def test_another_version_begins_anew(
    run: Run, customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, other: Any
) -> None:
    run(customers, "-o", tmp_path / "out", "-j", 1)
    bulk_job._made_by.cache_clear()
    monkeypatch.setattr(bulk_job, name, other)
    assert "earlier run: 0" in run(customers, "-o", tmp_path / "out", "-j", 1)[1]
    bulk_job._made_by.cache_clear()


# Failures on the way.


def test_a_source_that_vanishes_does_not_stop_the_others(
    run: Run, customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_json_lines(tmp_path / "other.jsonl", range(10))
    prepare = Job.prepare

    def prepare_and_lose(job: Job, *, resume: bool) -> Any:
        try:
            return prepare(job, resume=resume)
        finally:
            other.unlink()

    monkeypatch.setattr(Job, "prepare", prepare_and_lose)
    code, out, err = run(other, customers, "-o", tmp_path / "out.jsonl", "-j", 1)
    assert code == 3
    assert out == SUMMARY + "parts: 7 of 8, from an earlier run: 0; seconds: ?\n"
    assert err == f"{other}: error: cannot be read: No such file or directory [source.unreadable]\n"
    assert not (tmp_path / "out.jsonl").exists()


def test_a_folder_that_vanishes_ends_the_run(
    run: Run, customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    prepare = Job.prepare

    def prepare_and_lose(job: Job, *, resume: bool) -> Any:
        try:
            return prepare(job, resume=resume)
        finally:
            out.rename(tmp_path / "moved")

    monkeypatch.setattr(Job, "prepare", prepare_and_lose)
    code, summary, err = run(customers, "-o", out, "-j", 1)
    assert (code, summary.splitlines()[0]) == (3, "rows: 0, rendered: 0, rejected: 0")
    assert err == f"{out}/part-00000.jsonl: error: cannot be written: No such file or directory [output.unwritable]\n"


def test_one_file_that_cannot_be_put_together(
    run: Run, customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OutputError(Problem.of("output.unwritable", reason="no room"))

    with monkeypatch.context() as patch:
        patch.setattr(bulk_job, "join_results", fail)
        code, _, err = run(customers, "-o", tmp_path / "out.jsonl", "-j", 1)
    assert (code, err) == (
        3,
        f"{tmp_path}/out.jsonl: error: cannot be written: no room [output.unwritable]\n",
    )
    assert "parts: 7 of 7, from an earlier run: 7" in run(customers, "-o", tmp_path / "out.jsonl", "-j", 1)[1]
    assert len(list(read_json_lines(tmp_path / "out.jsonl"))) == ROWS


def test_a_note_that_cannot_be_written(customers: Path, tmp_path: Path) -> None:
    job = Job(plan_shards([open_source(customers)], tmp_path / "out"), tmp_path / "out")
    assert job.prepare() == []
    (tmp_path / "out" / NOTES).rmdir()
    [report, *_] = bulk_workers.Workers(job.shards, 1, on_break=pytest.fail).reports()
    with pytest.raises(OutputError, match="No such file or directory"):
        job.keep(report)


def test_workers_that_keep_dying_end_the_run(
    run: Run, customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_workers: Workers, _shards: Any) -> Any:
        raise BrokenProcessPool

    monkeypatch.setattr(Workers, "_reports_of_pool", break_down)
    code, _, err = run(customers, "-o", tmp_path / "out", "-j", 2)
    assert code == 3
    assert err.splitlines() == [
        *["rr-snippet: error: a worker process died; its unfinished work is started anew [worker.died]"] * 3,
        "rr-snippet: error: worker processes keep dying; run the same command again to resume, "
        "with fewer jobs if memory is short [worker.dying]",
    ]


# Inside a worker.


def test_a_worker_counts_its_rows_and_stops_when_told(
    customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = list(plan_shards([open_source(customers)], tmp_path))
    board = [0] * 8
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(bulk_workers, "_board", None)
    monkeypatch.setattr(bulk_workers, "_places", None)
    bulk_workers._begin_work(board, {shard.target: place for place, shard in enumerate(shards)})
    report = bulk_workers._render_in_worker(shards[2])
    assert board == [0, 0, report.rows, 0, 0, 0, 0, 0]
    board[-1] = 1
    with pytest.raises(Stopped):
        bulk_workers._render_in_worker(shards[3])
    assert not Path(shards[3].target).exists()


# Progress.


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "seconds", "line"),
    [
        (0, 0.0, "0 %  0 rows  0 rows/s"),
        (1000, 10.0, "0 %  1,000 rows  100 rows/s  20:20 left"),
        (30_000, 30.0, "24 %  30,000 rows  1,000 rows/s  1:33 left"),
        (150_000, 100.0, "100 %  150,000 rows  1,500 rows/s  0:00 left"),
    ],
)
def test_progress_has_rate_and_time_left(done: int, seconds: float, line: str) -> None:
    assert progress.progress_line(done, 123_000, seconds, "rows") == line


def test_progress_is_shown_on_a_terminal_and_wiped_off(
    run: Run, customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_INTERVAL_S", 0.001)
    run(customers, "-o", tmp_path / "out", "-j", 1)
    shown = terminal.getvalue().split("\r")
    assert shown[0] == shown[-1] == shown[-2].strip() == ""
    assert all(
        re.fullmatch(r"[0-9]+ %  [0-9,]+ rows  [0-9,]+ rows/s(  [0-9]+:[0-9]{2} left)? *", line) for line in shown[1:-2]
    )
    assert "\x1b" not in terminal.getvalue()


# Interrupted at any moment, in real processes, with some hundred rows in a part and slow rules.

COMMAND = """
import os, signal, sys
from rr_snippet.bulk import text_files as row_files
from rr_snippet.bulk.job import Job
from rr_snippet.cli import main
row_files.PART_BYTES, row_files._BLOCK_BYTES = 40_000, 10_000
if sys.argv[1] != "-":
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
left, keep = int(sys.argv[2]), Job.keep
def keep_and_stop(job, report):
    global left
    keep(job, report)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
Job.keep = keep_and_stop
sys.exit(main(sys.argv[3:]))
"""
SLOW = ["--phone-region", "RU", "--phone-check", "valid"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_json_lines(tmp_path_factory.mktemp("many") / "many.jsonl", range(MANY_ROWS))


@pytest.fixture(scope="module")
def expected(many: Path) -> dict[str, bytes]:
    """The bytes of every part, from an undisturbed run."""
    out = many.parent / "expected"
    with begun(many, out, 2) as process:
        assert process.wait(120) == 1
    return bytes_in(out)


class begun:  # noqa: N801 - reads as a verb
    """A run in its own session, which is gone at the end of the block, whatever happens there."""

    def __init__(
        self, source: Path, out: Path, jobs: int, *, file_bytes: int | str = "-", stops_after: int = 0
    ) -> None:
        arguments = [str(file_bytes), str(stops_after), "bulk", str(source), "-o", str(out), "-j", str(jobs), *SLOW]
        self._process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A process that is killed, or may not write, cannot record coverage.
            env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")},
        )

    def __enter__(self) -> subprocess.Popen[str]:
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "the condition was never reached"
        time.sleep(0.002)


def wait_until_stopped(process: subprocess.Popen[str]) -> None:
    """Wait until the run has stopped itself after the given number of parts, however busy the machine is."""
    wait_until(lambda: Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")


def workers_of(process: subprocess.Popen[str]) -> Iterator[int]:
    """Yield the ids of the processes that render, without that of the resource tracker."""
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            yield int(child)


def is_running(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


linux_only = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers in /proc")


@linux_only
def test_killed_and_run_again_gives_the_same_bytes(many: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with begun(many, out, 2, stops_after=5) as process:
        wait_until_stopped(process)
        workers = list(workers_of(process))
        process.kill()
        process.wait(30)
    assert len(workers) == 2
    wait_until(lambda: not any(map(is_running, workers)))
    whole = bytes_in(out)
    parts = {name: content for name, content in whole.items() if name.startswith("part-")}
    assert 5 <= len(parts) < len(expected)
    assert parts.items() <= expected.items()
    with begun(many, out, 1) as process:
        summary, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (1, "")
    assert int(re.findall("earlier run: ([0-9]+)", summary)[0]) >= 3
    assert f"rows: {MANY_ROWS}, rendered: {MANY_ROWS * 99 // 100}" not in summary, "these rules refuse more"
    assert summary.startswith(f"rows: {MANY_ROWS}, ")
    assert bytes_in(out) == expected


@linux_only
def test_a_killed_worker_is_replaced(many: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with begun(many, out, 2, stops_after=3) as process:
        wait_until_stopped(process)
        os.kill(next(workers_of(process)), signal.SIGKILL)
        process.send_signal(signal.SIGCONT)
        summary, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (
        1,
        "rr-snippet: error: a worker process died; its unfinished work is started anew [worker.died]\n",
    )
    assert summary.startswith(f"rows: {MANY_ROWS}, ")
    assert bytes_in(out) == expected


@linux_only
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", ["out", "out.jsonl"])
def test_ctrl_c_is_exit_130_and_leaves_no_half_file(
    many: Path, expected: dict[str, bytes], tmp_path: Path, jobs: int, name: str
) -> None:
    out = tmp_path / name
    folder = out if name == "out" else tmp_path / ".out.jsonl.parts"
    with begun(many, out, jobs, stops_after=2) as process:
        wait_until_stopped(process)
        os.killpg(process.pid, signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        out_text, err = process.communicate(timeout=60)
    assert (out_text, err.strip()) == (
        "",
        f"rr-snippet: warning: interrupted; the same command resumes from {folder}, which contains customers' data until then "
        "[bulk.interrupted]",
    )
    assert process.returncode == 130
    assert bytes_in(folder).items() <= expected.items()
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_is_exit_3_and_leaves_no_half_file(
    many: Path, expected: dict[str, bytes], tmp_path: Path, jobs: int
) -> None:
    out = tmp_path / "out"
    sizes = sorted(map(len, expected.values()))
    with begun(many, out, jobs, file_bytes=sizes[len(sizes) // 2]) as process:
        summary, err = process.communicate(timeout=120)
    assert process.returncode == 3
    assert re.fullmatch(r".*/part-\d+\.jsonl: error: cannot be written: File too large \[output.unwritable\]\n", err)
    assert re.search(r"parts: \d+ of ", summary)
    assert bytes_in(out).items() <= expected.items()
    with begun(many, out, 2) as process:
        assert process.wait(120) == 1
    assert bytes_in(out) == expected


MEMORY = """
import resource, sys
from rr_snippet.bulk import text_files as row_files
from rr_snippet.cli import main
row_files.PART_BYTES, row_files._BLOCK_BYTES = 400_000, 100_000
main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, suffix: str) -> None:
    peaks = []
    # Parts of about 8,000 rows, each a row group of Parquet. benchmarks/bulk_memory.py has millions.
    for rows in (35_000, 105_000):
        source = tmp_path / f"{rows}.jsonl"
        source.write_text("".join(f'{{"customerId": "{row}", "email": "anna{row}@shop.ru"}}\n' for row in range(rows)))
        command = [
            sys.executable,
            "-c",
            MEMORY,
            "bulk",
            str(source),
            "-o",
            str(tmp_path / f"{rows}.{suffix}"),
            "-j",
            "1",
        ]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(ended.stdout.splitlines()[-1]))
    assert peaks[1] < 1.1 * peaks[0]
