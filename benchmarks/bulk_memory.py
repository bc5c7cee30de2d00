"""The peak memory for few rows and for ten times as many, which should hardly differ, and the time of both.

Run it with `python benchmarks/bulk_memory.py`. It writes some gigabytes into the folder for temporary files.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bulk import write_customers

COMMAND = """
import resource, sys
from rr_snippet.cli import main
main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_kib(source: Path, target: Path) -> int:
    """Render `source` in its own process, and return the peak of its memory in KiB (bytes on macOS)."""
    arguments = ["bulk", str(source), "-o", str(target), "-j", "1"]
    ended = subprocess.run([sys.executable, "-c", COMMAND, *arguments], capture_output=True, text=True, check=True)
    return int(ended.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    peaks = []
    times_s = []
    for count in (rows, 10 * rows):
        with tempfile.TemporaryDirectory() as name:
            source = Path(name, "customers.jsonl")
            write_customers(source, count)
            for suffix in ("jsonl", "parquet"):
                begin = time.perf_counter()
                peaks.append(peak_kib(source, Path(name, f"blocks.{suffix}")))
                times_s.append(time.perf_counter() - begin)
                print(
                    f"{count:>9} rows to {suffix:<7} {peaks[-1] / 1024:7.1f} MiB at most  {times_s[-1]:6.1f} s",
                    flush=True,
                )
    for place, name in enumerate(("JSON Lines", "Parquet")):
        memory, time_s = peaks[place + 2] / peaks[place], times_s[place + 2] / times_s[place]
        print(f"ten times the rows to {name}: {memory:.2f} times the memory, {time_s:.1f} times the time")


if __name__ == "__main__":
    main()
