"""Time imports side by side, each in its own process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable

OURS, BLOCK = "rr_snippet", "rr_snippet, and a first block"
PEERS, PEERS_AND_MODEL = "pydantic and jinja2", "the same, and one small model"

IMPORTS = {
    OURS: "from rr_snippet import Customer, render_snippet",
    BLOCK: (
        "from rr_snippet import render_snippet\nrender_snippet({'customerId': '1', 'customData': {'Имя': 'Анна'}})"
    ),
    "rr_snippet, and a first Customer rendered": (
        "from rr_snippet import Customer, render_snippet\nrender_snippet(Customer(customer_id='1'))"
    ),
    PEERS: "from pydantic import BaseModel, Field, ValidationError; import jinja2",
    PEERS_AND_MODEL: (
        "from pydantic import BaseModel, Field, ValidationError; import jinja2\nclass Model(BaseModel):\n    name: str"
    ),
    "pydantic, nothing of it used, and jinja2": "import pydantic, jinja2",
}


def measure_imports(rounds: int, names: Iterable[str] = tuple(IMPORTS)) -> dict[str, list[float]]:
    """Return milliseconds of CPU time for each import in a fresh process, in turns.

    A first round, which does not count, compiles everything. Installers do that too, while a checkout without kept
    bytecode would be compiled each time, unlike installed packages.
    """
    times: dict[str, list[float]] = {name: [] for name in names}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            for name in times:
                program = (
                    f"import time\nstart = time.process_time()\n{IMPORTS[name]}\nprint(time.process_time() - start)"
                )
                run = subprocess.run(
                    [sys.executable, "-X", f"pycache_prefix={folder}", "-c", program],
                    capture_output=True,
                    text=True,
                    check=True,
                    env=kept,
                )
                if number:
                    times[name].append(float(run.stdout) * 1e3)
    return times
