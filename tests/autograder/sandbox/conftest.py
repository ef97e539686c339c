"""A zygote whose jail has been confirmed, and confined children of it."""

from pathlib import Path

import pytest
from jailed import LIMITS

from autograder.sandbox import jail
from autograder.sandbox.remote import Remote
from autograder.sandbox.zygote import Life, Zygote


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """The files of an assignment, and beside their directory what nobody may read."""
    directory = tmp_path_factory.mktemp("files")
    (directory / "data.txt").write_text("given")
    for place in (directory, *directory.parents[:3]):
        place.chmod(0o755)
    (directory.parent / "outside.txt").write_text("not given")
    return directory


@pytest.fixture(scope="module")
def zygote(files):
    zygote = Zygote([], files, 0, LIMITS)
    assert all(zygote.layers[name] for name in jail.MINIMUM), zygote.layers
    yield zygote
    zygote.close()


@pytest.fixture
def remote(zygote):
    """A confined child, and the way to it."""
    child = zygote.spawn(draw=False)
    life = Life(zygote, child)
    yield Remote(child.channel, life)
    life.kill()


@pytest.fixture
def inside(remote):
    """Run a cell in a confined child; gives what it printed."""

    def run(source: str) -> str:
        outputs, failed = remote.run(source, 10**5)
        text = "".join(output.get("text", "") for output in outputs)
        return f"{failed}: {text}" if failed else text

    return run
