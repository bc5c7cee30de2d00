"""Run targets under atheris, guided by coverage: `python tests/fuzzing/run.py TARGET|all [SECONDS]`.

A run begins with the seeds and the found cases of the target. An input that fails is written to `artefacts/fuzzing/`,
and the exit code is 1. Once the failure is understood, move the file to `regressions/TARGET/`, for `make test` to run.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import atheris

_HERE: Final = Path(__file__).parent
_FOUND: Final = _HERE.parent.parent / "artefacts" / "fuzzing"
_DONE: Final = re.compile(r"^stat::number_of_executed_units:\s+(\d+)", re.MULTILINE)

sys.path.insert(0, str(_HERE.parent.parent))


def fuzz(name: str, seconds: int) -> None:
    """Run one target. This does not return, because the fuzzer ends the process."""
    with atheris.instrument_imports(include=["rr_snippet"]):
        from tests.fuzzing.targets import TARGETS
    # Only this run's new inputs go there. People choose what is kept in the repository.
    work = _FOUND / "corpus" / name
    work.mkdir(parents=True, exist_ok=True)
    seeds = [folder for folder in (_HERE / "corpus" / name, _HERE / "regressions" / name) if folder.is_dir()]
    words = _HERE / "words.txt"
    options = [
        f"-max_total_time={seconds}",
        "-max_len=4096",
        "-timeout=20",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        f"-dict={words}",
        f"-artifact_prefix={_FOUND}/{name}-",
    ]
    atheris.Setup([sys.argv[0], *options, str(work), *map(str, seeds)], TARGETS[name])
    atheris.Fuzz()


def main(names: list[str], seconds: int) -> int:
    """Run the targets one after the other, each in its own process, and return the exit code."""
    failed = []
    for name in names:
        command = [sys.executable, __file__, "--one", name, str(seconds)]
        done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", errors="replace")
        executed = _DONE.search(done.stderr)
        print(
            f"{name}: {executed[1] if executed else '?'} executions, {'failed' if done.returncode else 'nothing found'}",
            flush=True,
        )
        if done.returncode:
            failed.append(name)
            print(done.stdout[-3_000:], done.stderr[-1_000:], flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        fuzz(sys.argv[2], int(sys.argv[3]))
    else:
        # Imported here without atheris, because only the names are needed.
        from tests.fuzzing.targets import TARGETS

        chosen = list(TARGETS) if sys.argv[1] == "all" else [sys.argv[1]]
        raise SystemExit(main(chosen, int(sys.argv[2]) if len(sys.argv) > 2 else 30))
