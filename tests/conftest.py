"""Settings of the whole run."""

import os
import signal

import pytest
from hypothesis import settings

from tests.support.whole_run import CodesTold, SkipsForbidden

# Every run has the same examples, so a failure can be repeated. HYPOTHESIS_PROFILE=wide tries more.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("wide", deadline=None, max_examples=20_000)
# A run in the background ignores interrupts. The commands that tests interrupt would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.hookimpl(optionalhook=True)  # the tests of a single framework run without pytest-xdist
def pytest_xdist_auto_num_workers() -> int:
    """Return the number of processes for the tests: one more than cores, because tests wait for other processes."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CodesTold())
    config.pluginmanager.register(SkipsForbidden())
