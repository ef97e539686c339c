"""Runs a notebook's cells as IPython does and keeps what they show as nbformat outputs.

Magics, rich display and tracebacks are IPython's own; the Jupyter protocol is left out.
"""

from __future__ import annotations

import io
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.names import only_defines

Output = dict[str, Any]

SAFE_MIMES = ("text/plain", "image/png", "text/markdown", "text/latex")


class Outputs:
    """The outputs of one cell, within a budget of characters."""

    def __init__(self, budget: int) -> None:
        self.items: list[Output] = []
        self._left = budget
        self._full = False

    def add(self, output: Output, size: int) -> None:
        """Keep an output, or say once that there was too much."""
        if size > self._left:
            if not self._full:
                self._full = True
                self.text(
                    "stderr", "\n[more output than is kept: the rest is left out]\n", free=True
                )
            return
        self._left -= size
        self.items.append(output)

    def text(self, stream: str, text: str, free: bool = False) -> None:
        """Append text to a stream, joining it to what the stream said just before."""
        if not free and len(text) > self._left and not self._full:
            kept, self._left = text[: self._left], 0
            self.text(stream, kept, free=True)
            text = text[len(kept) :]
        if not free and len(text) > self._left:
            self.add({}, len(text))
            return
        if not free:
            self._left -= len(text)
        last = self.items[-1] if self.items else {}
        if last.get("name") == stream:
            last["text"] += text
        else:
            self.items.append({"output_type": "stream", "name": stream, "text": text})

    def data(self, kind: str, bundle: dict[str, Any], count: int | None = None) -> None:
        """A displayed or returned object, in the forms that are safe to show."""
        kept = {mime: _text(bundle[mime]) for mime in SAFE_MIMES if mime in bundle}
        output: Output = {"output_type": kind, "data": kept, "metadata": {}}
        if kind == "execute_result":
            output["execution_count"] = count
        self.add(output, sum(map(len, kept.values())))


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        import base64

        return base64.b64encode(value).decode()
    return str(value)


class _Stream(io.TextIOBase):
    def __init__(self, shell: Shell, name: str) -> None:
        self._shell, self.name = shell, name

    def write(self, text: str) -> int:
        self._shell.shown.text(self.name, str(text))
        return len(text)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    def publish(self, data: Any, metadata: Any = None, **kwargs: Any) -> None:
        self.shell.shown.data("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.shown.items.clear()


class _Hook(DisplayHook):  # type: ignore[misc]
    def start_displayhook(self) -> None:
        pass

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.shown.data("execute_result", format_dict, self.prompt_count)

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):  # type: ignore[misc]
    """An IPython shell without a terminal: `execute` returns what a cell showed."""

    shown: Outputs = Outputs(0)

    @classmethod
    def start(cls) -> Shell:
        """The one shell of this process. It takes the name `__main__` in `sys.modules`."""
        HistoryManager.enabled = False
        config = Config()
        config.InteractiveShell.update(
            colors="nocolor", cache_size=0, automagic=False, display_page=False, autoawait=False
        )
        config.HistoryManager.enabled = False
        shell: Shell = cls.instance(
            config=config, display_pub_class=_Publisher, displayhook_class=_Hook
        )
        return shell

    def execute(self, source: str, budget: int) -> tuple[list[Output], str | None]:
        """Run a cell. Returns its outputs and the name of the exception that ended it, if any.
        Cells of plain Python take a shorter way where nothing may be shown, or nothing can be."""
        self.shown = Outputs(budget)
        streams = sys.stdin, sys.stdout, sys.stderr
        sys.stdin = io.StringIO()
        sys.stdout, sys.stderr = _Stream(self, "stdout"), _Stream(self, "stderr")
        try:
            plain = budget == 0 or only_defines(source)
            error = self._run_plainly(source, budget > 0) if plain else self._run(source)
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
        return self.shown.items, None if error is None else type(error).__name__

    def _run(self, source: str) -> BaseException | None:
        result = self.run_cell(source, store_history=False)
        error: BaseException | None = result.error_before_exec or result.error_in_exec
        return error

    def _run_plainly(self, source: str, show: bool) -> BaseException | None:
        name = self.compile.cache(source, self.execution_count, raw_code=source)
        try:
            code = compile(source, name, "exec")
        except (SyntaxError, ValueError):
            return self._run(source)  # a magic, or a mistake that IPython names
        try:
            exec(code, self.user_ns)
        except BaseException as error:  # a student's SystemExit ends the cell, not the process
            if show:
                self.showtraceback()
            return error
        return None

    def _showtraceback(self, etype: type[BaseException], evalue: Any, stb: list[str]) -> None:
        traceback = "\n".join(str(line) for line in stb)
        error = {
            "output_type": "error",
            "ename": etype.__name__,
            "evalue": str(evalue),
            "traceback": traceback.split("\n"),
        }
        self.shown.add(error, len(traceback))

    def system(self, command: str) -> None:
        """`!command` and `%pip` start programs, which the sandbox does not allow."""
        raise OSError(f"the grader does not run shell commands: {command.strip()}")

    system_piped = system_raw = system

    def getoutput(self, command: str, split: bool = True, depth: int = 0) -> Any:
        """`x = !command`, likewise."""
        self.system(command)

    def raw_input(self, prompt: str = "") -> str:
        """`input()` has nobody to ask."""
        raise EOFError("there is nobody to answer input() while grading")
