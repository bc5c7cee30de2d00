"""What holds for the whole run."""

import os
import signal

import pytest
from hypothesis import settings

from tests.support.whole_run import CodesTold, SkipsForbidden

# The same examples in every run, so that a red build is red again; HYPOTHESIS_PROFILE=wide looks further.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("wide", deadline=None, max_examples=20_000)
# A run in the background ignores interrupts, and would hand that on to the commands that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.hookimpl(optionalhook=True)  # the tests of a single framework run without pytest-xdist
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes share the tests: one more than cores, as many tests wait for a process or a browser."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CodesTold())
    config.pluginmanager.register(SkipsForbidden())
