"""Odd inputs for what reads untrusted data: some hundreds always, thousands in the long run."""

import signal
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

SHORT, LONG = 120, 4_000
PATIENCE = 600
"""Seconds after which a test counts as hanging."""


@pytest.fixture(params=[SHORT, pytest.param(LONG, marks=pytest.mark.slow)])
def fuzz(request) -> Callable[[SearchStrategy, Callable], None]:
    """`fuzz(inputs, law)`: the law holds for every input, and no input takes ten seconds."""

    def run(inputs, law):
        examples = settings(
            max_examples=request.param,
            derandomize=request.param == SHORT,
            database=None,
            deadline=10_000,
            suppress_health_check=list(HealthCheck),
        )
        examples(given(inputs)(lambda value: law(value)))()

    def give_up(*_):
        raise TimeoutError(f"still busy after {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    yield run
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
