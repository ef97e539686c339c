"""The auto-grader: releases lectures, grades them in a sandbox, proves its own tests."""

__version__ = "0.1.0"
