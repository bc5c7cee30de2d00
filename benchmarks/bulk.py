"""One figure: JSON Lines in, JSON Lines with blocks out, in CPU seconds, beside the loop that people write.

The loop is `json.loads`, the same frame with `{{ payload|tojson }}`, and `json.dumps`. It has no validation, and its
bytes are not safe in every page. Ours reads, validates, renders and writes, with line numbers and errors. Run it with
`python benchmarks/bulk.py`. Quote the ratio, not the times.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import jinja2

from rr_snippet import RenderOptions
from rr_snippet.bulk import open_source, plan_shards, run

FRAME = """<script type="text/javascript">
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer({{ payload|tojson }});
      } catch (e) {}
  })
</script>"""

CITIES = ["Москва", "Санкт-Петербург", "Новосибирск", "Екатеринбург", "Казань"]


def customer(number: int) -> dict[str, Any]:
    """Return a customer. Some have each optional field, and one phone in a hundred is wrong."""
    row: dict[str, Any] = {"customerId": str(10_000_000 + number)}
    if number % 10:
        row["email"] = f"anna.petrova{number}@shop.ru"
    if number % 5:
        row["phone"] = f"+7 (911) {number % 1000:03d}-{number % 89 + 10}-33" if number % 100 != 7 else "12"
    if number % 2:
        row["customData"] = {"Имя": "Анна", "Город": CITIES[number % 5], "Статус карты": "Золотая"}
    if number % 3 == 0:
        row["defaultStockId"] = CITIES[number % 5]
    if number % 4 == 0:
        row["softLinks"] = [
            {"name": "карта лояльности", "value": f"77{number:08d}"},
            {"name": "crm", "value": f"{number}"},
        ]
    if number % 5 == 0:
        row["mobilePushSubscription"] = {
            "fcmSubscription": {
                "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
                "applicationId": "ru.shop.app",
                "fcmProjectId": "my-awesome-fcm-project",
                "token": f"fcm-push-token-{number:032x}",
            }
        }
    row["isAgreedToReceiveMarketingMail"] = number % 7 != 0
    return row


def write_customers(path: Path, rows: int) -> None:
    """Write the customers as JSON Lines."""
    with path.open("w", encoding="utf-8") as stream:
        for number in range(rows):
            stream.write(json.dumps(customer(number), ensure_ascii=False) + "\n")


def the_loop(source: Path, target: Path) -> None:
    """Render the customers in `source` with the usual loop."""
    template = jinja2.Environment(autoescape=True).from_string(FRAME)
    with source.open(encoding="utf-8") as rows, target.open("w", encoding="utf-8") as results:
        for number, line in enumerate(rows, start=1):
            payload = json.loads(line)
            snippet = template.render(payload=payload)
            result = {"customerId": payload["customerId"], "snippet": snippet, "error": None, "row": number}
            results.write(json.dumps(result) + "\n")


def ours(source: Path, folder: Path, workers: int, **options: Any) -> None:
    """Render the customers in `source` with this library."""
    folder.mkdir(exist_ok=True)
    shards = plan_shards([open_source(source)], folder, options=RenderOptions(**options))
    if workers == 1:
        reports = list(run(shards))
    else:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            reports = list(run(shards, pool))
    assert all(report.error is None for report in reports)


def cpu_s() -> float:
    """Return the CPU seconds of this process and of its ended children."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure(work: Callable[..., None], *arguments: Any, **options: Any) -> tuple[float, float]:
    """Return CPU seconds and wall-clock seconds."""
    cpu, clock = cpu_s(), time.perf_counter()
    work(*arguments, **options)
    return cpu_s() - cpu, time.perf_counter() - clock


def main() -> None:
    parser = argparse.ArgumentParser()
    # The file has several parts of `PART_BYTES`. With one part the second process would have nothing to do.
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=3)
    # The other load of a shared processor changes within seconds, so only works that take turns, a second at a time,
    # can be compared.
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--rows-of-pairs", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "customers.jsonl"
        write_customers(source, options.rows)
        ways: dict[str, tuple[Any, ...]] = {
            "the loop, 1 process": (the_loop, source, folder / "loop.jsonl"),
            "ours, 1 process": (ours, source, folder / "one", 1),
            "ours, 2 processes": (ours, source, folder / "two", 2),
        }
        times: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(options.rounds):
            for way, call in ways.items():
                times[way].append(measure(*call))
        short = folder / "short.jsonl"
        write_customers(short, options.rows_of_pairs)
        ratios: dict[str, list[float]] = {"1 process": [], "phones by the rules of RU": []}
        for _ in range(options.pairs):
            loop = measure(the_loop, short, folder / "loop.jsonl")[0]
            ratios["1 process"].append(loop / measure(ours, short, folder / "short", 1)[0])
            by_region = measure(ours, short, folder / "short", 1, phone_region="RU")[0]
            ratios["phones by the rules of RU"].append(loop / by_region)
    print(f"{options.rows} rows; the best of {options.rounds} rounds")
    for way, results in times.items():
        cpu = min(result[0] for result in results) / options.rows
        rate = options.rows / min(result[1] for result in results)
        print(f"{way:<20} {cpu * 1e6:6.1f} us CPU a row  {rate:8.0f} rows/s")
    for way, found in ratios.items():
        low, median, high = statistics.quantiles(found, n=4)
        print(f"CPU of the loop / ours, {way}, {options.pairs} pairs of {options.rows_of_pairs} rows: ", end="")
        print(f"median {median:.2f}, quartiles {low:.2f} and {high:.2f}")


if __name__ == "__main__":
    main()
