"""Every target by its name: a function that accepts any bytes and raises if our code is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.fuzzing import customer_targets, page_targets

TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    target.__name__: target
    for target in (
        customer_targets.customer_json,
        customer_targets.json_line,
        customer_targets.two_ways,
        customer_targets.phone,
        customer_targets.timestamp,
        customer_targets.records,
        page_targets.page_text,
        page_targets.page_bytes,
        page_targets.soup,
        page_targets.block_text,
        page_targets.block_changed,
    )
}
