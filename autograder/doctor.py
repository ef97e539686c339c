"""Which layers of the sandbox work on this machine, what to do about the others, and whether it is
safe to grade here. Nothing is believed: each layer is put on in a child that tries what it forbids.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from rich import box
from rich.table import Table
from rich.text import Text

from autograder.course import Course
from autograder.errors import NoAssignment
from autograder.sandbox import jail
from autograder.sandbox.candidate import ENDS
from autograder.sandbox.channel import Closed
from autograder.sandbox.landlock import abi_version
from autograder.sandbox.remote import Remote
from autograder.sandbox.trial import Finding, run
from autograder.sandbox.trials import trials
from autograder.sandbox.zygote import Life, Zygote

CONTROL = """
import numpy as np
print(np.linalg.solve(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([3.0, 4.0])).tolist())
"""
ANSWER = "[1.0, 1.0]\n"

NEEDED = ("no_new_privs", "seccomp", "memory", "cpu time", "open files", "file size")
"""Layers without which nothing is graded. Of `landlock` and `mount` one is needed too."""

HELD = ("holds", "already")
"""How a trial may end where there is nothing to do."""

_USER_NAMESPACES = (
    "Extra; it needs namespaces. As an ordinary user: allow user namespaces "
    "(Debian: sysctl kernel.unprivileged_userns_clone=1; Ubuntu 23.10 and later: "
    "sysctl kernel.apparmor_restrict_unprivileged_userns=0). In Docker the default profile "
    "forbids them, and the rest is enough."
)
_DELEGATE = (
    "Extra; it needs a cgroup of one's own. With systemd: "
    "systemd-run --user --scope -p Delegate=yes autograder grade (as root without --user)."
)
ADVICE = {
    "seccomp": "Needed. pip install pyseccomp, and the system's library: "
    "apt install libseccomp2, dnf install libseccomp.",
    "landlock": "Needed unless there is a mount namespace. Linux 5.13 or later with landlock among "
    "its security modules (boot with lsm=landlock,… where it is not), in Docker 23 or later; "
    "gVisor has none.",
    **dict.fromkeys(("user", "network", "pid", "ipc", "mount"), _USER_NAMESPACES),
    "quota": "Without a mount namespace the grader itself watches how much a submission "
    "writes, several times a second.",
    **dict.fromkeys(("cgroup memory", "cgroup pids", "cgroup cpu"), _DELEGATE),
}
OTHERWISE = "Needed, and every Linux has it: what forbids it here is the container or the emulator."


@dataclass(frozen=True)
class Diagnosis:
    """What was found on this machine."""

    findings: tuple[Finding, ...]
    """Each layer by itself."""
    sandbox: dict[str, bool]
    """The layers of the sandbox as the grader starts it: True where a try confirmed them."""
    control: str
    """Why a confined child could not compute; empty when it could."""
    lacking: tuple[str, ...] = ()
    """Layers of the minimum, and those that AUTOGRADER_REQUIRE names, that are not there."""
    unfit: dict[str, list[str]] = field(default_factory=dict)
    """By assignment, the tests that proxies cannot run."""

    @property
    def safe(self) -> bool:
        """Whether untrusted work may be graded here."""
        return not self.lacking and not self.control

    def as_json(self) -> str:
        """The same for programs."""
        about = {
            "system": platform.platform(),
            "python": platform.python_version(),
            "root": os.getuid() == 0,
            "landlock_abi": abi_version(),
        }
        return json.dumps({"safe": self.safe, **about, **asdict(self)}, indent=2)


def diagnose() -> Diagnosis:
    """Try everything on this machine: a few seconds."""
    with trials() as planned:
        findings = tuple(run(trial) for trial in planned)
    layers, control = _whole_sandbox()
    lacking = jail.missing(layers)
    lacking += [
        f.layer
        for f in findings
        if f.layer in NEEDED and f.state not in HELD and f.layer not in lacking
    ]
    return Diagnosis(findings, layers, control, tuple(lacking))


def _whole_sandbox() -> tuple[dict[str, bool], str]:
    """The sandbox as the grader starts it, and whether honest work can be done in it."""
    zygote = Zygote([], None, 0, jail.Limits())
    layers: dict[str, bool] = {}
    try:
        layers = zygote.layers
        child = zygote.spawn(draw=False)
        outputs, failed = Remote(child.channel, Life(zygote, child)).run(CONTROL, 1000)
        said = "".join(str(output.get("text", "")) for output in outputs)
        trouble = "" if said == ANSWER else f"it raised {failed}" if failed else f"it said {said!r}"
    except Closed:
        trouble = "it did not start"
    except ENDS as error:
        trouble = f"it ended at once ({type(error).__name__})"
    finally:
        zygote.close()
    return layers, trouble


def unfit_tests(course: Course, name: str) -> list[str]:
    """The test cells of an assignment that its own reference cannot pass through proxies."""
    from autograder import check
    from autograder.grade import Bench
    from autograder.marking import released_files

    assignment = course.assignment(name)
    secret = check.secret(course.root)
    found: list[str] = []
    for notebook in assignment.notebooks:
        with released_files(assignment) as files:
            bench = Bench(notebook, files, secret=secret)
            try:
                bench.prove()
            except NoAssignment as error:
                found.append(str(error))
            finally:
                bench.close()
        failed = bench.rules.not_for_proxies
        found += [cell.label for cell in notebook.tests if cell.key in failed]
    return found


# --- on the screen -----------------------------------------------------------------------------

CAPTION = "Above the line: needed; below: a second wall. Each tried with and without it.\n"
LOOKS: dict[str, tuple[str, str]] = {
    "holds": ("holds", "green"),
    "missing": ("missing", "yellow"),
    "open": ("OPEN", "bold red"),
    "already": ("already", "green"),
    "unknown": ("not tried", "bold red"),
}


def table(diagnosis: Diagnosis) -> Table:
    """A row a layer: needed ones first, then those that are a second wall."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, caption=CAPTION, caption_justify="left")
    made.add_column("layer", no_wrap=True)
    made.add_column("forbids")
    made.add_column("here", no_wrap=True)
    made.add_column("trying it", style="dim")
    needed = {*NEEDED, "landlock"}
    for part in (True, False):
        for finding in diagnosis.findings:
            if (finding.layer in needed) is part:
                word, style = LOOKS[finding.state]
                detail = finding.detail[:1].lower() + finding.detail[1:]
                made.add_row(finding.layer, finding.forbids, Text(word, style), detail)
        made.add_section()
    return made


def advice(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    """The layers that do not hold, those with the same remedy together, and the remedy."""
    remedies: dict[str, list[str]] = {}
    for finding in diagnosis.findings:
        if finding.state not in HELD:
            remedies.setdefault(ADVICE.get(finding.layer, OTHERWISE), []).append(finding.layer)
    return [(", ".join(layers), remedy) for remedy, layers in remedies.items()]


def verdict(diagnosis: Diagnosis) -> Text:
    """One sentence: safe or not, and what that rests on."""
    if diagnosis.safe:
        held = [name for name, is_on in diagnosis.sandbox.items() if is_on]
        return Text("Safe to grade here.", "bold green") + Text(
            f" The sandbox as it runs has {', '.join(held)}, and honest code computes in it.",
            "default",
        )
    reasons = [f"it lacks {', '.join(diagnosis.lacking)}"] if diagnosis.lacking else []
    reasons += [f"honest code does not run in it: {diagnosis.control}"] if diagnosis.control else []
    return Text("Not safe to grade here:", "bold red") + Text(
        f" {'; '.join(reasons)}. What to do then is in docs/jupyterhub.md.",
        "default",
    )


def show(diagnosis: Diagnosis, say: Callable[[object], None]) -> None:
    """The whole report."""
    say(table(diagnosis))
    for layers, remedy in advice(diagnosis):
        say(Text(layers, "bold") + Text(f": {remedy}", "default"))
        say("")
    say(verdict(diagnosis))
    for name, tests in diagnosis.unfit.items():
        if tests:
            say(Text(f"\n{name}: cannot be run outside the student's process: ", "bold"))
            say(Text(f"  {', '.join(tests)}"))
        else:
            say(Text(f"{name}: its own answers pass every test."))
    if any(diagnosis.unfit.values()):
        say(Text("Their points are not graded. Write them another way, or use --in-process."))
