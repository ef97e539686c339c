"""No loops over samples: counted line by line at m and at 10·m samples, never by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograder.check import calls, session, source
from autograder.check.failure import CheckFailure
from autograder.check.session import Function


def vectorised(
    what: str,
    function: Function,
    make_args: Callable[[int], tuple[Any, ...]],
    m: int = 32,
    over: str = "samples",
) -> None:
    """No line runs more often for 10·m samples than for m. `make_args(m)` makes the arguments.

    `over` says what m counts, where that is not samples: "features", for example.

    A loop over features or layers is fine: its count does not depend on m. A line may run a few
    times more (m/4), since some branches depend on the data.

    >>> vectorised("doubled", lambda x: 2 * x, lambda m: ([1] * m,))
    """
    cell = session.current.source(getattr(function, "__name__", "")) or ""
    tree = source.tree_of(cell)
    cells = tuple(session.current.cells())
    hook = source.hook(cell) or next(filter(None, map(source.hook, cells)), None)
    if hook and (source.hook(cell) or source.may_loop(cell, cells)):
        raise _failure(what, f"code with `{hook}` could hide lines from being counted", over)
    hidden = source.hidden_loop(tree)
    if hidden:
        raise _failure(what, f"`{hidden[0]}` in line {hidden[1]} is a loop in disguise", over)
    sizes = [m, m, 10 * m]  # the first time, imports and caches are counted as well
    runs = calls.each(function, [make_args(count) for count in sizes], events=True)
    _, few, many = (_lines(what, runs, over) for _ in sizes)
    growth = {line: count - few.get(line, 0) for line, count in many.items()}
    grown = {line: extra for line, extra in growth.items() if 4 * extra >= m}
    if grown:
        name = getattr(function, "__name__", "")
        raise _failure(what, _culprit(tree, grown, few, many, name, m, over), over)


def _lines(what: str, runs: Iterator[calls.Observation], over: str) -> Mapping[str, int]:
    """How often each line ran in the next call."""
    try:
        return next(runs).events or {}
    except CheckFailure as failure:
        if "RecursionError" in failure.text:
            raise _failure(what, "it calls itself again and again", over) from None
        raise


def _culprit(
    tree: Any,
    grown: Mapping[str, int],
    few: Mapping[str, int],
    many: Mapping[str, int],
    name: str,
    m: int,
    over: str,
) -> str:
    """What loops, and how often."""
    own = {line: extra for line, extra in grown.items() if line.startswith(":")}
    busiest = max(own or grown, key=lambda line: (grown[line], line))
    times = f"{few.get(busiest, 0)} times for {m} {over} and {many[busiest]} times for {10 * m}"
    place, _, line = busiest.rpartition(":")
    loop = source.loop_on(tree, int(line), name) if not place else None
    if loop:
        return f"{loop} goes through the {over}: it runs {times}"
    if not place:
        return f"line {line} runs {times}"
    return f"`{place.rpartition('.')[2]}` goes through the {over}: it runs {times}"


def _failure(what: str, text: str, over: str) -> CheckFailure:
    return CheckFailure(
        what,
        f"{text}. Let one operation on whole arrays do it.",
        kind="not-vectorised",
        sealed=f"It goes through the {over} one by one: use operations on whole arrays.",
    )


def avoids(what: str, function: Function, *names: str) -> None:
    """The function's source does without these names (`np.tanh` is "tanh").

    >>> avoids("identity", lambda z: z, "tanh")
    """
    own = getattr(function, "__name__", "")
    tree = source.tree_of(session.current.source(own))
    for name in names:
        line = source.uses(tree, name, own)
        if line is not None:
            raise CheckFailure(
                what,
                f"line {line} uses `{name}`, which is not for use here. Build it from other "
                "functions.",
                kind="forbidden-name",
                sealed="It uses a function that is not for use here.",
            )
