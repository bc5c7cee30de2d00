"""One set of customers for all bulk tests: every nested shape, nulls, hostile text, and one bad row in a hundred."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

HOSTILE = [
    "</script><script>alert(1)</script>",
    "\u2028\u2029",
    '"}); alert(1); //',
    "<!-- -->",
    "{{ 7*7 }}",
    "Анна 🎈",
]
KINDS = ["fcmSubscription", "apnsSubscription", "huaweiSubscription"]

# Links and data are lists of pairs here, because no other shape can hold a repeated key.
Pairs = list[tuple[str, str | None]]


def pairs_of(number: int) -> dict[str, Any]:
    """Return customer `number`, with maps as pairs and `None` for absent fields."""
    text = HOSTILE[number % len(HOSTILE)]
    kind = KINDS[number % 3]
    push = {
        "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
        "applicationId": "shop",
        "token": f"t{number}{text}",
    }
    if kind == "fcmSubscription":
        push["fcmProjectId"] = "project"
    if kind == "apnsSubscription":
        push["isDevEnvironment"] = number % 2 == 0
    row: dict[str, Any] = {
        "customerId": f"{number:05d}",
        "email": f"anna{number}@shop.ru" if number % 3 else None,
        "phone": "+7 (111) 222-33-44" if number % 4 else None,
        "customData": [("tier", "gold"), (f"note {number}", text)] if number % 2 else None,
        "defaultStockId": "Москва" if number % 5 == 0 else None,
        "softLinks": [("card", f"77{number}"), (text, "x")] if number % 3 == 0 else None,
        "mobilePushSubscription": {kind: push} if number % 7 == 0 else None,
        "isAgreedToReceiveMarketingMail": [True, False, None][number % 3],
    }
    if number % 100 == 50:
        spoil(row, number // 100)
    return row


def spoil(row: dict[str, Any], way: int) -> None:
    """Break `row`, each time in another way."""
    match way % 8:
        case 0:
            row["phone"] = "12"
        case 1:
            row["customerId"] = None
        case 2:
            row["softLinks"] = [("card", " ")]
        case 3:
            row["softLinks"] = [("card", "1"), ("card", "2")]
        case 4:
            row["customData"] = [("tier", None)]
        case 5:
            row["customData"] = [("tier", "1"), ("tier", "2"), ("__proto__", "3")]
        case 6:
            row["email"] = "no address"
            row["mobilePushSubscription"] = {"huaweiSubscription": {"creationTimestamp": "never", "token": "t"}}
        case 7:
            row["defaultStockId"] = "x" * 51


def json_text(row: dict[str, Any], number: int) -> str:
    """Return a customer as JSON. The soft links of different customers have different shapes."""

    def literal(value: Any) -> str:
        return json.dumps(value, ensure_ascii=number % 2 == 0)

    def mapping(pairs: Pairs) -> str:
        return "{" + ", ".join(f"{literal(key)}: {literal(value)}" for key, value in pairs) + "}"

    cells = []
    for name, value in row.items():
        if value is None and number % 2:
            continue
        if name == "customData" and value is not None:
            cells.append(f"{literal(name)}: {mapping(value)}")
        elif name == "softLinks" and value is not None:
            keys = [("name", "value"), ("Name", "Value")][number % 2]
            shapes = [mapping(value), literal([dict(zip(keys, pair, strict=True)) for pair in value]), literal(value)]
            # A repeated name is a repeated key only in an object.
            twice = len(dict(value)) < len(value)
            cells.append(f"{literal(name)}: {shapes[0 if twice else number // 3 % 3]}")
        else:
            cells.append(f"{literal(name)}: {literal(value)}")
    return "{" + ", ".join(cells) + "}"


def write_json_lines(path: Path, numbers: Iterable[int]) -> Path:
    """Write customers as JSON Lines."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{json_text(pairs_of(number), number)}\n" for number in numbers)
    return path


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file of results."""
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def read_parts(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of a folder of parts in JSON Lines, in the order of the parts."""
    return [row for part in sorted(folder.glob("part-*.jsonl")) for row in read_json_lines(part)]


def digest(rows: Iterable[dict[str, Any]]) -> str:
    """Return a digest of the results of customers, independent of their order and their source."""
    lines = sorted(
        json.dumps([row["customerId"], row["snippet"], [dict(sorted(e.items())) for e in row["error"] or ()]])
        for row in rows
    )
    return f"{len(lines)} {sha256(chr(10).join(lines).encode()).hexdigest()}"


def result_rows(results: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Yield results of `render_rows` in the form of a file of results."""
    for result in results:
        error = [{"code": p.code, "path": p.path, "message": p.message} for p in result.problems] or None
        yield {"customerId": result.customer_id, "snippet": result.snippet, "error": error, "row": result.row}


def arrow_table(numbers: Iterable[int]) -> Any:
    """Return customers as a table: maps as maps, subscriptions as structs, and a column that is no field."""
    import pyarrow as pa

    text = pa.string()
    fields = {"creationTimestamp": text, "applicationId": text, "fcmProjectId": text, "isDevEnvironment": pa.bool_()}
    subscription = pa.struct([*fields.items(), ("token", text)])
    schema = pa.schema(
        [
            ("customerId", text),
            ("email", text),
            ("phone", text),
            ("customData", pa.map_(text, text)),
            ("defaultStockId", text),
            ("softLinks", pa.map_(text, text)),
            ("mobilePushSubscription", pa.struct([(kind, subscription) for kind in KINDS])),
            ("isAgreedToReceiveMarketingMail", pa.bool_()),
            ("visits", pa.int64()),
        ]
    )
    return pa.Table.from_pylist([{**pairs_of(number), "visits": number} for number in numbers], schema=schema)
