"""Our speed beside what people use today, in one process and one run: `make bench`, or `python benchmarks/speed.py`.

It prints medians and ratios, and writes everything to `artefacts/bench.json`. Quote ratios, not times: the works take
turns, so a disturbance affects all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from customers import CUSTOMERS, FIELD_COUNTS, FORMS, HOSTILE, TYPICAL
from imports import BLOCK, OURS, PEERS, PEERS_AND_MODEL, measure_imports
from peers import installed, peers_for
from rounds import Work, best_ratio, measure_in_turns, median_ratio

from rr_snippet import Customer, Renderer, RenderOptions, __version__, to_payload

TARGET = Path(__file__).parents[1] / "artefacts" / "bench.json"

DICT, CUSTOMER, DOCUMENT = "dict -> Markup", "Customer -> Markup", "JSON bytes -> Markup"
TOJSON, DUMPS = "jinja2 {{ payload|tojson }}", "htmlsafe_json_dumps alone"


def works_for(data: dict[str, Any]) -> dict[str, Work]:
    """Return our three ways for `data` and all peers."""
    renderer = Renderer()
    customer = Customer.parse(data)
    document = json.dumps(data, ensure_ascii=False).encode()
    return {
        DICT: lambda: renderer.render(data),
        CUSTOMER: lambda: renderer.render(customer),
        DOCUMENT: lambda: renderer.render(Customer.model_validate_json(document)),
        **peers_for(to_payload(data), customer),
    }


def measure_memory(calls: int) -> dict[str, float]:
    """Return the peak bytes of a call, and the bytes that stay after many calls with many customers."""
    renderer = Renderer()
    found: dict[str, float] = {}
    tracemalloc.start()
    for name, data in CUSTOMERS.items():
        block = renderer.render(data)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        block = renderer.render(data)
        found[f"peak bytes, {name}"] = tracemalloc.get_traced_memory()[1] - before
        found[f"bytes of the block, {name}"] = len(block)
    tracemalloc.stop()

    def render_many(count: int) -> None:
        for number in range(count):
            renderer.render({**TYPICAL, "customerId": str(number), "customData": {f"поле {number}": f"/{number}"}})

    render_many(calls // 10)
    before = _resident_bytes()
    render_many(calls)
    found[f"resident bytes grown over {calls} renders"] = _resident_bytes() - before
    return found


def _resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # no Linux
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure_threads(rounds: int) -> dict[str, float]:
    """Return the renders per second of one renderer, with one thread and with two (the best of the rounds)."""
    renderer = Renderer()
    calls = 4_000

    def work() -> None:
        for _ in range(calls):
            renderer.render(TYPICAL)

    best = {1: 0.0, 2: 0.0}
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            for threads in best:
                start = time.perf_counter()
                for future in [pool.submit(work) for _ in range(threads)]:
                    future.result()
                best[threads] = max(best[threads], threads * calls / (time.perf_counter() - start))
    return {"1 thread, renders/s": best[1], "2 threads, renders/s": best[2]}


def measure_forms(rounds: int) -> dict[str, float]:
    """Return the time of other forms of a dict, and of a rule, as multiples of `tojson` for the typical one."""
    works: dict[str, Work] = {TOJSON: peers_for(to_payload(TYPICAL), Customer.parse(TYPICAL))[TOJSON]}
    plain, russian = Renderer(), Renderer(RenderOptions(phone_region="RU"))
    for name, data in FORMS.items():
        works[name] = lambda data=data: plain.render(data)
    works["phone_region='RU'"] = lambda: russian.render(TYPICAL)
    works["Customer.parse alone"] = lambda: Customer.parse(TYPICAL)
    works["Customer(...) alone"] = lambda: Customer(**TYPICAL)
    figures = measure_in_turns(works, rounds=rounds)
    return {f"{name} / tojson": median_ratio(figures, name, TOJSON) for name in works if name != TOJSON}


def measure_hostile(rounds: int) -> dict[str, float]:
    """Return the time of a hostile text as a multiple of a clean one of the same length, and for growing lengths."""
    renderer = Renderer(RenderOptions(payload_max_chars=100_000_000))
    hostile = HOSTILE["customData"][next(iter(HOSTILE["customData"]))]

    def customer_with(text: str) -> dict[str, Any]:
        return {"customerId": "1", "customData": {"text": text}}

    works = {}
    for length in (2_000, 20_000, 200_000):
        kinds = {"hostile": hostile, "one kind": "<", "ASCII": "a", "Cyrillic": "я"}
        for kind, unit in kinds.items():
            data = customer_with((unit * length)[:length])
            works[f"{kind}, {length}"] = lambda data=data: renderer.render(data)
    figures = measure_in_turns(works, rounds=rounds)
    found = {}
    for length in (2_000, 20_000, 200_000):
        for kind in ("hostile", "one kind"):
            for clean in ("ASCII", "Cyrillic"):
                found[f"{kind} / {clean}, {length} characters"] = best_ratio(
                    figures, f"{kind}, {length}", f"{clean}, {length}"
                )
    found["hostile, time a character at 200000 / at 2000"] = (
        min(figures["hostile, 200000"]) / min(figures["hostile, 2000"]) / 100
    )
    return found


def bars(figures: dict[str, dict[str, list[float]]], imports: dict[str, list[float]]) -> dict[str, float]:
    """Return the ratios that must not be exceeded."""
    typical = figures["typical"]
    a_field = {name: min(figures[name][DICT]) / FIELD_COUNTS[name] for name in CUSTOMERS}
    return {
        "typical: dict -> Markup / tojson": median_ratio(typical, DICT, TOJSON),
        "typical: Customer -> Markup / htmlsafe_json_dumps": median_ratio(typical, CUSTOMER, DUMPS),
        "large: dict -> Markup / tojson": median_ratio(figures["large"], DICT, TOJSON),
        "typical: JSON bytes -> Markup / tojson": median_ratio(typical, DOCUMENT, TOJSON),
        "large / small: time per field": a_field["large"] / a_field["small"],
        "import / importing pydantic and jinja2": min(imports[OURS]) / min(imports[PEERS]),
        "import / the same, and one small model": (min(imports[OURS]) / min(imports[PEERS_AND_MODEL])),
        "import and a first block / importing pydantic and jinja2": (min(imports[BLOCK]) / min(imports[PEERS])),
    }


def print_table(title: str, rows: dict[str, list[float]], against: str) -> None:
    print(f"\n{title:34}{'median us':>11}{'best us':>10}{'x ' + against:>30}")
    for name, times in rows.items():
        ratio = median_ratio(rows, name, against)
        print(f"{name:34}{statistics.median(times):11.2f}{min(times):10.2f}{ratio:30.2f}")


def print_figures(title: str, figures: dict[str, float]) -> None:
    print(f"\n{title}")
    for name, figure in figures.items():
        print(f"  {name:56}{figure:14,.2f}")


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--renders", type=int, default=1_000_000, help="of the search for growing memory")
    options = parser.parse_args()
    machine = {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        "processor": _processor(),
        "rr-snippet": __version__,
        **installed(),
    }
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    figures = {}
    for name, data in CUSTOMERS.items():
        figures[name] = measure_in_turns(works_for(data), rounds=options.rounds)
        print_table(f"{name} customer", figures[name], TOJSON)
    imports = measure_imports(max(5, options.rounds // 10))
    ratios = bars(figures, imports)
    rest = {
        "other forms": measure_forms(options.rounds),
        "hostile texts": measure_hostile(max(5, options.rounds // 5)),
        "threads": measure_threads(max(3, options.rounds // 20)),
        "memory": measure_memory(options.renders),
        "import, CPU ms (best)": {name: min(times) for name, times in imports.items()},
        "bars": ratios,
    }
    for title, values in rest.items():
        print_figures(title, values)
    TARGET.parent.mkdir(exist_ok=True)
    report = {
        "on": machine,
        "microseconds": {
            name: {
                work: {
                    "median": statistics.median(times),
                    "best": min(times),
                    "x tojson": median_ratio(rows, work, TOJSON),
                }
                for work, times in rows.items()
            }
            for name, rows in figures.items()
        },
        **rest,
    }
    TARGET.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


if __name__ == "__main__":
    main()
