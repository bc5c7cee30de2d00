"""Run a job from its first shard to its last: render, count, and stop when it makes no sense to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import closing

from rr_snippet.bulk.budget import Budget
from rr_snippet.bulk.job import Job
from rr_snippet.bulk.shards import ShardReport
from rr_snippet.bulk.tally import Tally
from rr_snippet.bulk.workers import Workers
from rr_snippet.errors import OutputError, Problem, SnippetError, SourceError
from rr_snippet.files import reason_of


class Runner:
    """Renders what is left of `job` in `jobs` processes; `done` has the reports of the finished parts.

    Each problem is passed to `report`, with the file that it is about, if any.
    """

    def __init__(
        self,
        job: Job,
        done: Sequence[ShardReport],
        *,
        jobs: int,
        budget: Budget,
        report: Callable[[str | None, Problem], object],
    ) -> None:
        self.tally = Tally()
        self.failed = False
        self.parts_kept = len(done)
        self._job = job
        self._budget = budget
        self._report = report
        finished = {report.shard.target for report in done}
        self._left = {shard.target: shard for shard in job.shards if shard.target not in finished}
        self._workers = Workers(list(self._left.values()), jobs, on_break=self._mend)
        self._row_limit = sum(shard.source.row_limit or 0 for shard in job.shards)
        self.rows_to_do = sum(shard.source.row_limit or 0 for shard in self._left.values())
        for shard_report in done:
            self.tally.add(shard_report.tally)

    @property
    def parts(self) -> int:
        """The number of all parts."""
        return len(self._job.shards)

    @property
    def parts_made(self) -> int:
        """The number of finished parts, those of earlier runs included."""
        return self.parts - len(self._left)

    def rows_done(self) -> int:
        """Return how many of `rows_to_do` are done so far. Any thread may call this."""
        return self._workers.rows_done()

    def go(self) -> None:
        """Render what is left, until all is done or it makes no sense to go on."""
        try:
            if not self._is_budget_exceeded():
                with closing(self._workers.reports()) as reports:
                    self._take(reports)
            if self._is_budget_exceeded():
                self._report(None, Problem.of("bulk.max_errors"))
                self._job.discard()
            elif not self.failed:
                self._job.finish()
        except OutputError as error:
            self._fail(error, self._job.output)
        except BrokenExecutor:
            self._fail(SnippetError(Problem.of("worker.dying")), None)
        except OSError as error:
            self._fail(SnippetError(Problem.of("worker.start", reason=reason_of(error))), None)

    def _mend(self) -> None:
        self._report(None, Problem.of("worker.died"))
        self._job.sweep()

    def _take(self, reports: Iterator[ShardReport]) -> None:
        for report in reports:
            if report.error is not None:
                if isinstance(report.error, OutputError):
                    self._fail(report.error, report.shard.target)
                    return  # a full disk is full for the others too
                self._fail(report.error, report.shard.source.path)
            else:
                try:
                    self._job.keep(report)
                except SourceError as error:
                    self._fail(error, report.shard.source.path)
                    continue
                del self._left[report.shard.target]
                self.tally.add(report.tally)
                if self._is_budget_exceeded():
                    return

    def _is_budget_exceeded(self) -> bool:
        """Return whether too many rows are rejected, even if all remaining rows were fine."""
        return self._budget.is_exceeded(self.tally.rejected, self._row_limit if self._left else self.tally.rows)

    def _fail(self, error: SnippetError, place: str | None) -> None:
        self.failed = True
        for problem in error.problems:
            self._report(place, problem)
