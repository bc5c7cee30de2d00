"""Fail if rendering or the import has become much slower: `make speed`. The figures are ratios, measured in turns.

The limits of rendering are one and a half times the figures in `docs/explanation/speed.md`, so a doubling fails and
noise does not. The limit of the import is twice what the package adds to its dependencies. If a run exceeds a limit,
it is measured twice more, and the best counts.
"""

from __future__ import annotations

import sys

from customers import TYPICAL
from imports import OURS, PEERS, measure_imports
from peers import peers_for
from rounds import best_ratio, measure_in_turns

from rr_snippet import Customer, Renderer, to_payload

TOJSON, DUMPS = "jinja2 {{ payload|tojson }}", "htmlsafe_json_dumps alone"
LIMITS = {("dict", TOJSON): 1.15, ("Customer", DUMPS): 1.35, (OURS, PEERS): 1.3}
ROUNDS = 60
IMPORT_ROUNDS = 7
ATTEMPTS = 3


def main() -> int:
    """Measure, print, and return 1 if a limit is exceeded each time."""
    renderer = Renderer()
    customer = Customer.parse(TYPICAL)
    peers = peers_for(to_payload(TYPICAL), customer)
    works = {
        "dict": lambda: renderer.render(TYPICAL),
        "Customer": lambda: renderer.render(customer),
        TOJSON: peers[TOJSON],
        DUMPS: peers[DUMPS],
    }
    best = dict.fromkeys(LIMITS, float("inf"))
    for _ in range(ATTEMPTS):
        figures = measure_in_turns(works, rounds=ROUNDS) | measure_imports(IMPORT_ROUNDS, (OURS, PEERS))
        best = {pair: min(ratio, best_ratio(figures, *pair)) for pair, ratio in best.items()}
        if all(ratio <= LIMITS[pair] for pair, ratio in best.items()):
            break
    for (name, other), ratio in best.items():
        what = f"{name} -> Markup" if name in works else f"importing {name}"
        print(f"{what} takes {ratio:.2f} x {other}; limit {LIMITS[name, other]}")
    return int(any(ratio > LIMITS[pair] for pair, ratio in best.items()))


if __name__ == "__main__":
    sys.exit(main())
