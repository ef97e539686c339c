"""What test cells import: checks whose messages teach. Needs numpy and nothing else.

exercise = check.lecture(nn, "sigmoid", "cost")

with exercise("cost"):
    check.close("cost of four losses", cost(np.array([[0.5, 1.0, 1.5, 2.0]])), 1.25)
"""

from autograder.check import calls, session
from autograder.check.behaviour import accepts, fresh, raises, stable, unchanged
from autograder.check.data import equal, parts, true
from autograder.check.failure import CheckFailure
from autograder.check.lecture import Lecture, lecture, progress
from autograder.check.randomness import (
    PUBLIC,
    VARIABLE,
    rng,
    secret,
    secret_hash,
    secret_is_public,
)
from autograder.check.slopes import gradient
from autograder.check.values import close, integers, number, shape
from autograder.check.vectorised import avoids, vectorised

__all__ = [
    "PUBLIC",
    "VARIABLE",
    "CheckFailure",
    "Lecture",
    "accepts",
    "avoids",
    "calls",
    "close",
    "equal",
    "fresh",
    "gradient",
    "integers",
    "lecture",
    "number",
    "parts",
    "progress",
    "raises",
    "rng",
    "secret",
    "secret_hash",
    "secret_is_public",
    "session",
    "shape",
    "stable",
    "true",
    "unchanged",
    "vectorised",
]
