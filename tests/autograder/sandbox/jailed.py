"""A confined child to try things in, and what to do where the machine lacks a layer."""

import os

import pytest

from autograder.sandbox import jail

LIMITS = jail.Limits(
    memory=300 * 1024**2, file_size=1024**2, disk=6 * 1024**2, descriptors=32, threads=40
)
REQUIRED = set(os.environ.get("AUTOGRADER_REQUIRE", "seccomp,disk").split(","))


def lacks(layer: str, reason: str) -> None:
    """Leave a test out where a layer that is not required is missing; fail where it is."""
    family = layer.split()[0]
    if {layer, family} & REQUIRED:
        pytest.fail(f"{layer} is required, and missing: {reason}")
    pytest.skip(f"no {layer} here: {reason}")
