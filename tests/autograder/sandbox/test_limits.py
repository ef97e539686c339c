"""What the contest sandbox isolate limits, one by one: a child that takes more than its share does
not get it, and one that takes less does."""

import socket

import pytest
from jailed import LIMITS

from autograder.sandbox.failures import StudentDied, StudentTimeOut
from autograder.sandbox.watch import Deadline

MB = 1024**2
THREADS = """
import threading
threading.stack_size(64 * 1024)
over, started = threading.Event(), 0
try:
    while started < {most}:
        threading.Thread(target=over.wait, daemon=True).start()
        started += 1
except RuntimeError:
    pass
over.set()
print(started)
"""
FILES = """
import time
for number in range({count}):
    with open(f"file-{{number}}", "wb") as file:
        file.write(bytes({size}))
time.sleep({pause})
print("written")
"""


@pytest.fixture
def tried(inside):
    """Run a cell; gives what it printed, or the name of what ended it."""

    def run(source: str) -> str:
        try:
            return inside(source)
        except (StudentDied, StudentTimeOut) as end:
            return f"{type(end).__name__}:"

    return run


def test_memory(tried):
    assert tried(f"print(len(bytearray({LIMITS.memory // 3})))") == f"{LIMITS.memory // 3}\n"
    assert tried(f"bytearray({LIMITS.memory + MB})").startswith("MemoryError")


def test_memory_in_many_pieces(tried):
    piece = "hoard = []\nwhile len(hoard) < {}:\n    hoard.append(bytearray(10**6))\nprint('done')"
    assert tried(piece.format(50)) == "done\n"
    assert tried(piece.format(1000)).startswith(("MemoryError", "StudentDied"))


def test_cpu_time(remote, tried):
    remote.deadline = Deadline(cpu=0.2, patience=5)
    assert tried("print(sum(range(1000)))") == "499500\n"
    assert tried("while True:\n    pass") == "StudentTimeOut:"


def test_wall_time(remote, tried):
    remote.deadline = Deadline(cpu=0.05, patience=0.2)
    assert tried("import time\ntime.sleep(0.01)\nprint('awake')") == "awake\n"
    assert tried("time.sleep(30)") == "StudentTimeOut:"


def test_processes(tried):
    assert tried("import os\nprint(os.getpid() > 0)") == "True\n"
    assert tried("os.fork()").startswith("PermissionError")
    assert tried("os.posix_spawn('/bin/true', ['true'], {})").startswith("PermissionError")
    assert tried("import subprocess\nsubprocess.run(['true'])").startswith("PermissionError")


def test_threads(tried):
    assert tried(THREADS.format(most=8)) == "8\n"
    assert int(tried(THREADS.format(most=1500))) < 1500


def test_open_files(tried):
    opened = "f = [open('data.txt') for _ in range({})]\nprint(len(f))"
    assert tried(opened.format(8)) == "8\n"
    assert tried(opened.format(LIMITS.descriptors)).startswith("OSError")


def test_file_size(tried):
    written = "with open('file', 'wb') as file:\n    print(file.write(bytes({})))"
    assert tried(written.format(LIMITS.file_size)) == f"{LIMITS.file_size}\n"
    assert tried(written.format(2 * LIMITS.file_size)).startswith("OSError")


def test_disk_quota(tried):
    assert tried(FILES.format(count=3, size=MB, pause=0)) == "written\n"
    assert tried(FILES.format(count=12, size=MB, pause=5)).startswith(("OSError", "StudentDied"))


def test_number_of_files(tried):
    assert tried(FILES.format(count=100, size=1, pause=0)) == "written\n"
    assert tried(FILES.format(count=6000, size=1, pause=5)).startswith(("OSError", "StudentDied"))


def test_network(tried):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), 5).close()
        call = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 5)"
        assert tried(call).startswith("PermissionError")
    assert tried("print(socket.htons(1) > 0)") == "True\n"
