"""How a check says no: one exception, whose text is written for the student who reads it.

AssertionError
└── CheckFailure        a check is not met, or the student's function stopped with an error
"""

from __future__ import annotations

OTHER_INPUT = "For another input than the ones shown, the result is not right."
"""What is said after a hidden test whose mistake was not recognised."""


class CheckFailure(AssertionError):
    """A check that is not met.

    >>> failure = CheckFailure("cost of two losses", "expected 1.5, got 3.0")
    >>> failure.message
    'cost of two losses: expected 1.5, got 3.0'
    """

    def __init__(
        self,
        what: str,
        text: str,
        *,
        kind: str | None = None,
        sealed: str = OTHER_INPUT,
        not_started: bool = False,
    ) -> None:
        self.what = what
        """What was looked at, in the test author's words."""
        self.text = text
        """What is wrong with it."""
        self.message = f"{what}: {text}"
        """All of it, for the student."""
        self.kind = kind
        """The id of the mistake, or None where it was not recognised."""
        self.sealed = sealed
        """What may be said after a hidden test: it depends on `kind` alone."""
        self.not_started = not_started
        """True where the function still is the stub that was handed out."""
        super().__init__(self.message)

    def about(self, what: str) -> CheckFailure:
        """The same, said of something else."""
        return CheckFailure(
            what, self.text, kind=self.kind, sealed=self.sealed, not_started=self.not_started
        )

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return self.message.splitlines()
