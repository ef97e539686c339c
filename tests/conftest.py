"""What every test can count on: settings of its own, figures without a window, repeatable draws."""

import hashlib
import os
import tempfile
from pathlib import Path

import pytest

collect_ignore_glob = ["*.ipynb"]  # notebooks beside tests are their data, not tests


def _keep_apart() -> tempfile.TemporaryDirectory | None:
    """Give the tests and their child processes a home of their own; None in xdist's workers.

    The workers inherit it. The backend is set in a file because an MPLBACKEND of Agg in the
    environment would silence the figures of the notebooks that the tests execute.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        return None
    home = tempfile.TemporaryDirectory(prefix="course-tests-", ignore_cleanup_errors=True)
    place = Path(home.name)
    fonts = Path(__file__).resolve().parents[1] / ".pytest_cache" / "matplotlib"
    fonts.mkdir(parents=True, exist_ok=True)
    (place / "matplotlibrc").write_text("backend: Agg\n")
    os.environ.pop("MPLBACKEND", None)
    os.environ.setdefault("MPLCONFIGDIR", str(fonts))
    os.environ.update(
        HOME=home.name,
        USERPROFILE=home.name,
        MATPLOTLIBRC=str(place / "matplotlibrc"),
        IPYTHONDIR=str(place / "ipython"),
        JUPYTER_CONFIG_DIR=str(place / "jupyter"),
        JUPYTER_DATA_DIR=str(place / "jupyter-data"),
        JUPYTER_RUNTIME_DIR=str(place / "jupyter-runtime"),
        OPENBLAS_NUM_THREADS="1",
        OMP_NUM_THREADS="1",
        MKL_NUM_THREADS="1",
        VECLIB_MAXIMUM_THREADS="1",
    )
    return home


_home = _keep_apart()


@pytest.fixture
def rng(request):
    """Random numbers that differ from test to test and never from run to run."""
    import numpy as np  # not above: BLAS reads its number of threads when it is loaded

    digest = hashlib.sha256(request.node.name.encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
