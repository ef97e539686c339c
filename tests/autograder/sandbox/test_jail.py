"""What a student's process cannot do, and, beside each refusal, what it still can."""

import os
import threading
from pathlib import Path

import pytest
from jailed import REQUIRED
from small_course import answer, graded, notebook, read_source

from autograder.errors import NotSafe
from autograder.grade import Bench
from autograder.sandbox import jail, namespaces
from autograder.sandbox.remote import Remote
from autograder.sandbox.zygote import Life


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_required_layer_is_there(zygote, name):
    assert zygote.layers[name]


def test_root_is_dropped(zygote, inside):
    assert zygote.layers["not root"]
    assert inside("import os; print(os.getuid() == 0, os.getgroups())") == "False []\n"


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "socket.socketpair()",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getpid(), 0)",
        "os.kill(os.getppid(), 0)",
        "os.setuid(0)",
        "os.chroot('.')",
        "os.nice(1)",
        "os.sched_setaffinity(0, {0})",
        "os.memfd_create('x')",
        "os.symlink('/', 'link')",
        "os.link('data.txt', 'twice.txt')",
        "os.chmod('.', 0o777)",
        "open('data.txt', 'w')",
        "open('/etc/passwd')",
        "os.listdir('/root')",
        "open('/proc/self/status')",
        "open('/new-file', 'w')",
        "open('../new-file', 'w')",
        "os.mkfifo('pipe')",
        "resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))",
        "fcntl.ioctl(1, 0x5412, b'x')",
    ],
)
def test_it_may_not(attempt, inside):
    refused = f"import fcntl, os, resource, socket\ntry:\n    {attempt}\n    print('done')\n"
    assert inside(refused + "except (OSError, ValueError):\n    print('refused')") == "refused\n"


@pytest.mark.parametrize(
    "attempt",
    [
        "print(open('data.txt').read() == 'given')",
        "open('mine.txt', 'w').write('x'); os.rename('mine.txt', 'own.txt')\n"
        "print(os.path.exists('own.txt'))",
        "t = threading.Thread(target=print, args=(True,)); t.start(); t.join()",
        "print(np.linalg.solve(np.eye(3), np.ones(3)).sum() == 3)",
        "import statistics, csv; print(statistics.mean([1, 3]) == 2)",
        "print(len(os.urandom(3)) == 3 and time.time() > 0)",
        "time.sleep(0.001); print(os.getpid() > 0)",
        "os.write(os.open(os.devnull, os.O_WRONLY), b'x'); print(True)",
    ],
)
def test_it_may(attempt, inside):
    assert inside(f"import os, threading, time\nimport numpy as np\n{attempt}") == "True\n"


def test_the_disk_beside_the_files_is_closed(inside, files):
    assert (files.parent / "outside.txt").read_text() == "not given"
    place = str(files.parent / "outside.txt")
    assert inside(f"print(open({place!r}).read())").startswith(("PermissionError", "FileNotFound"))


def test_memory_is_limited(inside):
    assert inside("x = bytearray(10**9)").startswith("MemoryError")
    assert inside("x = bytearray(10**8); print(len(x))") == "100000000\n"


def test_files_are_limited_in_size(inside):
    assert inside("open('big', 'wb').write(bytes(2 * 1024**2))").startswith("OSError")
    assert inside("open('small', 'wb').write(bytes(1000)); print('done')") == "done\n"


def test_open_files_are_limited(inside):
    assert inside("f = [open('data.txt') for _ in range(40)]").startswith("OSError")
    assert inside("f = [open('data.txt') for _ in range(10)]; print(len(f))") == "10\n"


def test_only_the_channel_is_open(inside):
    """Descriptors 0 to 2 are the null device; of others there is one, a socket, and what matplotlib
    keeps open to read its fonts."""
    found = inside(
        "import fcntl, os, stat\nkinds = []\nfor fd in range(64):\n    try:\n"
        "        kind = stat.S_IFMT(os.fstat(fd).st_mode)\n    except OSError:\n        continue\n"
        "    head = os.pread(fd, 4, 0) if kind == stat.S_IFREG else b''\n"
        "    font = head == b'\\0\\1\\0\\0' and not fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE\n"
        "    kinds += [] if font else [kind]\n"
        "print([kinds.count(k) for k in (stat.S_IFSOCK, stat.S_IFCHR)], len(kinds))"
    )
    assert found == "[1, 3] 4\n"


def test_the_environment_is_clean(inside, monkeypatch):
    names = inside("import os; print(sorted(os.environ))")
    assert "PATH" in names
    assert not {"SECRET", "TOKEN", "PYTEST_CURRENT_TEST"} & set(eval(names))


def test_children_share_nothing(zygote, inside):
    inside("open('mine.txt', 'w').write('x'); import math; math.pi = 4")
    second = zygote.spawn(draw=False)
    remote = Remote(second.channel, Life(zygote, second))
    outputs, failed = remote.run("import os, math; print(os.listdir('.'), math.pi)", 1000)
    zygote.kill(second)
    assert failed is None
    assert outputs[0]["text"] == "['data.txt'] 3.141592653589793\n"


def test_a_child_sees_nothing_of_another(zygote, inside):
    place = inside("import os\nopen('mine.txt', 'w').write('x')\nprint(os.getcwd())").strip()
    second = zygote.spawn(draw=False)
    remote = Remote(second.channel, Life(zygote, second))
    for attempt in (f"open({place!r} + '/mine.txt')", f"os.listdir({place!r})", "os.listdir('..')"):
        _, failed = remote.run(f"import os; {attempt}", 1000)
        assert failed in ("PermissionError", "FileNotFoundError")
    zygote.kill(second)


def test_a_killed_child_leaves_no_directory(zygote, files):
    child = zygote.spawn(draw=False)
    outputs, _ = Remote(child.channel, Life(zygote, child)).run(
        "import os; print(os.getcwd())", 1000
    )
    zygote.kill(child)
    after = zygote.spawn(draw=False)
    seen, _ = Remote(after.channel, Life(zygote, after)).run(
        f"import os; print(os.path.exists({outputs[0]['text'].strip()!r}))", 1000
    )
    zygote.kill(after)
    assert seen[0]["text"] == "False\n"


@pytest.mark.parametrize("name", ["a layer of the future"])
def test_a_missing_layer_is_an_error(name, tmp_path, monkeypatch):
    source = notebook(answer("f", "def f():\n    return 1"), graded("test_f", "assert f() == 1"))
    bench = Bench(read_source(tmp_path, source))
    monkeypatch.setenv("AUTOGRADER_REQUIRE", name)
    with pytest.raises(NotSafe, match=name):
        bench.zygote  # noqa: B018


def test_an_unused_id_is_nobodys():
    import pwd

    for slot in range(3):
        with pytest.raises(KeyError):
            pwd.getpwuid(jail.unused_id(slot))
    assert len({jail.unused_id(slot) for slot in range(3)}) == 3


def test_the_outermost_paths():
    paths = [Path("/a/b"), Path("/a"), Path("/c/d"), Path("/ab")]
    assert namespaces.outermost(paths) == [Path("/a"), Path("/ab"), Path("/c/d")]


def test_a_users_threads_are_counted():
    over = threading.Event()
    threads = [threading.Thread(target=over.wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    try:
        assert jail.threads_of(os.getuid()) > 5
        assert jail.threads_of(jail.unused_id(1900)) == 0
    finally:
        over.set()
        for thread in threads:
            thread.join()
