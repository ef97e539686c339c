"""Deadlines: how long a request to a student's process may take, and who looks at the clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from autograder.sandbox.channel import TimeOut


class Life(Protocol):
    """What a `Remote` needs to know of its child's process."""

    def cpu(self) -> float:
        """CPU seconds used so far."""

    def kill(self) -> None:
        """End it."""


@dataclass(frozen=True)
class Deadline:
    """CPU seconds for one request; the wall clock allows a process three times as much and a bit,
    since it may have to wait for its turn."""

    cpu: float
    patience: float = 5.0

    @property
    def wall(self) -> float:
        return 3 * self.cpu + self.patience


class Watch:
    """Sees to it that one request, with all its callbacks, keeps to its deadline."""

    def __init__(self, life: Life, deadline: Deadline) -> None:
        self._life = life
        self._deadline = deadline
        self._begun = self._seen = time.monotonic()
        self._used: float | None = None

    def look(self) -> None:
        """Raises `channel.TimeOut` when the time is up."""
        self._seen = time.monotonic()
        used = self._life.cpu()
        self._used = used if self._used is None else self._used
        late = self._seen - self._begun > self._deadline.wall
        if late or used - self._used > self._deadline.cpu:
            raise TimeOut

    def look_sometimes(self) -> None:
        """Look twice a second, while messages come so fast that nobody has to wait for them."""
        if time.monotonic() - self._seen > 0.5:
            self.look()
