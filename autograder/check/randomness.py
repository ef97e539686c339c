"""Random inputs that depend on a test's name and the course's secret, and on nothing else.

A course keeps its secret in the environment (`AUTOGRADER_SECRET`) or in a file `.course_secret`
at its root; without one a public default is used, and whoever reads this can look inputs up.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

VARIABLE = "AUTOGRADER_SECRET"
FILE = ".course_secret"
PUBLIC = "public"


def rng(test: str) -> np.random.Generator:
    """The generator of a test: the same for every student and on every machine.

    >>> rng("test_cost").random() == rng("test_cost").random()
    True
    """
    digest = hashlib.sha256(f"{secret()}\0{test}".encode()).digest()
    words = [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 32, 4)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))


def secret(start: str | os.PathLike[str] | None = None) -> str:
    """The secret that holds in a directory: of the environment, of the nearest file upward, or
    the public one."""
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        return given
    try:
        place = Path(start or ".").resolve()
        for directory in (place, *place.parents):
            file = directory / FILE
            if file.is_file():
                return file.read_text(encoding="utf-8").strip() or PUBLIC
    except OSError:
        pass  # a directory that cannot be read holds no secret
    return PUBLIC


def secret_is_public(start: str | os.PathLike[str] | None = None) -> bool:
    """Whether no secret is set, so that anybody can compute the hidden inputs."""
    return secret(start) == PUBLIC


def secret_hash(given: str | None = None) -> str:
    """What may be written down of a secret (the one that holds here, unless it is given): equal
    for equal secrets, and no way back."""
    return hashlib.sha256(f"course secret\0{given or secret()}".encode()).hexdigest()[:16]
