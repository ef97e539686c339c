"""A small notebook in a dict: cells are defined in it, and a lecture's exercises tested there."""

import linecache
from itertools import count

import pytest

import nnlib as nn
from autograder import check

NUMBERS = count(1)


class Notebook:
    """Student cells, and the block that tests one exercise."""

    def __init__(self, names):
        self.names = names
        self.exercise = check.lecture(
            nn, "sigmoid", "cost", "predict_proba", "relu", predict_proba_loop=nn.predict_proba
        )

    def cell(self, source):
        """Run a cell as IPython does, with its source at hand for tracebacks."""
        name = f"<ipython-input-{next(NUMBERS)}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        exec(compile(source, name, "exec"), self.names)

    def __getitem__(self, name):
        return self.names[name]

    def failure(self, name, test, **options):
        """What a failing test says."""
        with pytest.raises(check.CheckFailure) as caught, self.exercise(name, **options):
            test(self.names[name])
        return caught.value


class Handle:
    """A student's object behind a proxy: whoever looks into it learns nothing."""

    def _refuse(self, *_):
        raise TypeError("a handle cannot be looked into")

    __eq__ = __bool__ = __iter__ = __array__ = __float__ = __len__ = _refuse
    __hash__ = None

    def __described__(self):
        return "a function"


@pytest.fixture
def handle():
    return Handle()


@pytest.fixture
def notebook():
    """An empty notebook, whose session is the current one."""
    import numpy as np

    names = {"__name__": "__main__", "np": np, "nn": nn}
    with check.session.using(check.session.LocalSession(names)):
        yield Notebook(names)
