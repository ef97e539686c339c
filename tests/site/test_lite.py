"""The notebooks for the browser: what the build puts in, and that its files are served."""

import functools
import http.server
import json
import sys
import threading
import urllib.request
import zipfile

import pages
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="built on Linux"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    import lite

    directory = tmp_path_factory.mktemp("lite") / "built"
    assert lite.main([str(directory)]) == 0
    return directory


@pytest.fixture(scope="module")
def address(built):
    """Where the built files are served, as any web server would."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    handler = functools.partial(Quiet, directory=built)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def fetch(address):
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read()


def test_every_lecture_is_there_and_installs_the_course_first(address):
    for name, _ in pages.lectures():
        notebook = json.loads(fetch(f"{address}/files/{name}/{name}.ipynb"))
        first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
        assert first["source"].endswith("%pip install -q neural-networks-course-student")


def test_what_it_installs_is_there_and_needs_no_compiler(address):
    index = json.loads(fetch(f"{address}/pypi/all.json"))
    (release,) = index["neural-networks-course-student"]["releases"].values()
    (file,) = release
    assert file["filename"].endswith("-py3-none-any.whl")
    assert fetch(f"{address}/pypi/{file['filename']}")


def test_the_package_holds_the_library_and_the_checks(built):
    (wheel,) = (built / "pypi").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"nnlib/activations.py", "autograder/check/__init__.py"} <= set(names)
    assert [name for name in names if "variants" in name or "sandbox" in name] == []


def test_the_only_extension_is_the_kernel(address):
    settings = json.loads(fetch(f"{address}/jupyter-lite.json"))["jupyter-config-data"]
    extensions = [extension["name"] for extension in settings["federated_extensions"]]
    assert extensions == ["@jupyterlite/pyodide-kernel-extension"]


def test_nothing_kept_is_served(built, kept):
    for path in (built / "files").rglob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        said = {line.strip() for c in notebook["cells"] for line in pages.text(c).splitlines()}
        assert sorted(said & kept.keys()) == []


def test_the_page_starts(address):
    assert b"jupyter-config-data" in fetch(f"{address}/lab/index.html")
    assert fetch(f"{address}/bootstrap.js")
