"""Calls are recorded as they were before the function ran, and observed where a check asks."""

import numpy as np
import pytest

from autograder.check import calls, fresh
from autograder.check.calls import Guard, Observation, observe
from autograder.check.failure import CheckFailure


def test_guard_records_arguments_from_before_the_call():
    def spoil(x, items):
        x += 1
        items.clear()
        return x

    x, items = np.zeros(2), [1, 2]
    Guard("spoil", spoil, None)(x, items)
    assert calls.last.args[1] == [1, 2]
    assert (calls.last.args[0] == 0).all()
    assert calls.last.given[0].tolist() == [1, 1]
    assert calls.last.result.tolist() == [1, 1]
    assert x.tolist() == [0, 0]


def test_guard_records_a_generators_state():
    rng = np.random.default_rng(3)
    drawn = Guard("draw", lambda rng: rng.random(), None)(rng)
    assert calls.last.args[0].random() == drawn


def test_recursion_is_one_call():
    def count(n):
        return 0 if n == 0 else 1 + guard(n - 1)

    guard = Guard("count", count, None)
    assert guard(5) == 5
    assert calls.last.args == (5,)


def test_forget():
    Guard("f", lambda: 1, None)()
    calls.forget()
    assert calls.last is None


@pytest.mark.parametrize("setting", ["ignore", "raise", "warn"])
def test_observe_notes_warnings(setting):
    with np.errstate(all=setting):
        seen = observe(lambda z: (np.log(z), np.exp(1000 * (z + 1))), (np.zeros(1),), {})
    assert seen.warnings == ("divide by zero encountered in log", "overflow encountered in exp")
    assert seen.events is None


def test_flags_that_blas_raises_are_no_complaint():
    def product(z):
        return z @ z, np.exp(z)

    seen = observe(product, (np.full((1, 1), 1e300),), {})
    assert seen.result[0] == np.inf
    assert seen.warnings == ("overflow encountered in exp",)


def test_observe_counts_lines():
    def loop(n):
        total = 0
        for i in range(n):
            total += i
        return total

    few, many = (max(observe(loop, (n,), {}, events=True).events.values()) for n in (10, 100))
    assert (few, many) == (11, 101)


def test_several_calls_one_after_another():
    def halve(x):
        x /= 2
        return x

    x, total = np.full(2, 8.0), 0
    for seen in calls.each(Guard("halve", halve, None), [(x,), (x,)]):
        assert x.tolist() == [8, 8]
        assert calls.last.result is seen.result
        total += seen.result[0]
    assert total == 8


def test_the_call_that_raises_ends_several():
    seen = calls.each(Guard("f", lambda x: 1 / x, None), [(1,), (0,), (2,)])
    assert next(seen).result == 1
    with pytest.raises(CheckFailure, match="ZeroDivisionError"):
        next(seen)
    assert calls.last.args == (1,)


def test_observe_asks_who_can_answer():
    class Proxy:
        def __observe__(self, args, kwargs, events):
            return Observation((args, kwargs, events))

    assert observe(Proxy(), (1,), {"a": 2}, events=True).result == ((1,), {"a": 2}, True)


def test_guard_passes_an_observation_on():
    class Proxy:
        def __observe__(self, args, kwargs, events):
            return Observation(7.0, ("overflow",), {":1": 3})

    seen = observe(Guard("f", Proxy(), None), (1,), {}, events=True)
    assert seen == Observation(7.0, ("overflow",), {":1": 3})
    assert calls.last.result == 7.0


def test_an_error_from_another_process_brings_its_line():
    def fails():
        error = ValueError("too small")
        error.student_frame = ("cost", 12, "return x[7]")
        raise error

    with pytest.raises(CheckFailure, match=r"in line 12 \(`return x\[7\]`\): too small"):
        Guard("cost", fails, None)()


def test_an_error_without_words():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    def fails():
        raise Mute

    with pytest.raises(CheckFailure, match="cannot be read"):
        Guard("f", fails, None)()


def test_what_a_call_does_to_its_arguments_is_undone():
    def clear(x, *, items):
        x[...] = 0
        items.append(x)
        return x

    x, items = np.ones(2), [1]
    guard = calls.Guard("clear", clear, None)
    result = guard(x, items=items)
    assert x.tolist() == [1, 1]
    assert items == [1]
    assert result.tolist() == [0, 0]
    assert len(guard.left[1]["items"]) == 2


def test_an_argument_given_back_is_no_fresh_result():
    def double(x):
        x *= 2
        return x

    x = np.ones(2)
    result = calls.Guard("double", double, None)(x)
    with pytest.raises(CheckFailure, match="argument itself"):
        fresh("double", result, x)
