"""Plain data, into which a check may look. Anything else is named, never compared or iterated."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_SCALARS = (bool, int, float, complex, str, bytes, type(None), np.generic)


def is_plain(value: Any, depth: int = 20) -> bool:
    """Whether a value is made of numbers, texts and arrays only.

    >>> is_plain([1, {"w": np.zeros(2)}]), is_plain(print)
    (True, False)
    """
    if depth == 0:
        return False
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biufc"
    if type(value) in (list, tuple):
        return all(is_plain(item, depth - 1) for item in value)
    if type(value) is dict:
        return all(is_plain(item, depth - 1) for item in (*value.keys(), *value.values()))
    return isinstance(value, _SCALARS)


def snapshot(value: Any, depth: int = 20) -> Any:
    """A copy of all arrays, containers and generators in a value; other objects stay the same.

    >>> x = np.zeros(2)
    >>> before = snapshot([x])
    >>> x += 1
    >>> before
    [array([0., 0.])]
    """
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, np.random.Generator):
        return copy.deepcopy(value)
    if depth and type(value) in (list, tuple):
        return type(value)(snapshot(item, depth - 1) for item in value)
    if depth and type(value) is dict:
        return {key: snapshot(item, depth - 1) for key, item in value.items()}
    return value


def same_data(value: Any, old: Any) -> bool:
    """Whether plain data is what it was, types and shapes included; other objects always are."""
    if isinstance(old, np.ndarray):
        return (
            isinstance(value, np.ndarray)
            and value.dtype == old.dtype
            and value.shape == old.shape
            and value.tobytes() == old.tobytes()
        )
    if type(old) in (list, tuple):
        return len(value) == len(old) and all(map(same_data, value, old))
    if type(old) is dict:
        return value.keys() == old.keys() and all(same_data(value[k], old[k]) for k in old)
    return not is_plain(old) or value is old or bool(value == old) or value != value


def put_back(value: Any, old: Any) -> None:
    """Make arrays and containers what they were, as far as they can be changed.

    >>> x, before = np.zeros(2), np.ones(2)
    >>> put_back((x,), (before,))
    >>> x
    array([1., 1.])
    """
    if type(old) is tuple:
        for item, before in zip(value, old, strict=True):
            put_back(item, before)
    elif same_data(value, old):
        return
    elif isinstance(old, np.ndarray) and value.shape == old.shape and value.flags.writeable:
        value[...] = old
    elif type(old) is list:
        value[:] = old
    elif type(old) is dict:
        value.clear()
        value.update(old)


def shares_memory(value: Any, other: Any) -> bool:
    """Whether an array in one value may lie in the memory of an array in the other.

    >>> x = np.zeros(3)
    >>> shares_memory([x[1:]], {"x": x}), shares_memory(x.copy(), x)
    (True, False)
    """
    return any(np.may_share_memory(a, b) for a in _arrays(value) for b in _arrays(other))


def _arrays(value: Any) -> Iterator[Array]:
    if isinstance(value, np.ndarray):
        yield value
    elif type(value) in (list, tuple):
        for item in value:
            yield from _arrays(item)
    elif type(value) is dict:
        yield from _arrays(list(value.values()))


def name_of(value: Any) -> str:
    """What a value is, in a student's words.

    >>> name_of(None), name_of(3), name_of(np.zeros((2, 3))), name_of([])
    ('None', 'a number', 'an array of shape (2, 3)', 'a list')
    """
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    for kinds, name in _NAMES:
        if isinstance(value, kinds):
            return name
    own = getattr(type(value), "__described__", None)
    return str(own(value)) if own else f"an object of type {type(value).__name__}"


_NAMES: tuple[tuple[tuple[type, ...], str], ...] = (
    ((bool, np.bool_), "True or False"),
    ((int, float, np.integer, np.floating), "a number"),
    ((complex, np.complexfloating), "a complex number"),
    ((str,), "a text"),
    ((list,), "a list"),
    ((tuple,), "a tuple"),
    ((dict,), "a dict"),
)
