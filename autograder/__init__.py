"""The auto-grader: it releases lectures, grades submissions in a sandbox and proves its own tests."""

__version__ = "0.1.0"
