"""A JupyterLab server on a folder of its own, and a browser that opens it."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

TOKEN = "only-here"
PATIENCE = 20_000
"""Milliseconds: JupyterLab is a large page, and the machine may be busy."""


def found_chromium():
    """The distribution's browser. A missing one is a failure, with what to install."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("no Chromium found; on Debian: sudo apt install chromium")
    return path


@contextmanager
def served(folder):
    """Serve a folder; the address that a browser opens first."""
    runtime = folder / ".runtime"
    runtime.mkdir()
    places = {
        "JUPYTER_CONFIG_DIR": ".config",
        "JUPYTER_DATA_DIR": ".data",
        "IPYTHONDIR": ".ipython",
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--port=0", "--allow-root"]
    with (folder / ".log").open("w") as log:
        server = subprocess.Popen(
            [*command, f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}"],
            cwd=folder,
            env={
                **os.environ,
                "JUPYTER_RUNTIME_DIR": str(runtime),
                **{name: str(folder / place) for name, place in places.items()},
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield address(server, runtime, folder / ".log")
    finally:
        server.terminate()
        server.wait(30)


def address(server, runtime, log):
    """Where the server listens, once it does."""
    for _ in range(600):
        for file in runtime.glob("jpserver-*.json"):
            try:
                return json.loads(file.read_text())["url"]
            except json.JSONDecodeError:
                pass  # it is being written
        if server.poll() is not None:
            break
        time.sleep(0.1)
    return pytest.fail(f"JupyterLab does not start:\n{log.read_text()[-2000:]}")


@pytest.fixture
def browse(tmp_path):
    """`browse(folder)`: a page on a new server for this folder, logged in; and its address."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.fail("the package playwright is missing: pip install -e '.[browser]'")

    @contextmanager
    def open_page(folder):
        with served(folder) as url, sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=found_chromium(), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(PATIENCE)
            page.goto(f"{url}api/status?token={TOKEN}")  # the cookie comes with it
            try:
                yield page, url
            finally:
                page.screenshot(path=tmp_path / "last.png")
                browser.close()

    return open_page
