"""pyproject.toml, the lock, environment.yml and the workflows say the same."""

import re

import nbgrader.coursedir
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from repository import project, read
from traitlets.config import Config

LOCKED_EXTRAS = ("course", "grade", "cluster", "postgresql", "dev", "site", "browser")


def declared(*extras):
    """The requirements in pyproject.toml: the core ones and those of the extras."""
    table = project()["project"]
    lines = list(table["dependencies"])
    for extra in extras:
        lines += table["optional-dependencies"][extra]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def conda_environment():
    """The requirements in environment.yml, and its list for pip."""
    entries = yaml.safe_load(read("environment.yml"))["dependencies"]
    (for_pip,) = [entry["pip"] for entry in entries if isinstance(entry, dict)]
    named = [entry for entry in entries if isinstance(entry, str) and entry != "pip"]
    return named, for_pip


def test_the_conda_environment_asks_for_what_pyproject_does():
    named, for_pip = conda_environment()
    lines = named + [line for line in for_pip if not line.startswith("--")]
    wanted = {str(requirement) for requirement in declared("course", "grade").values()}
    wanted.add("python" + project()["project"]["requires-python"])
    assert {str(Requirement(line)) for line in lines} == wanted


def test_the_conda_environment_installs_this_repository():
    assert conda_environment()[1][-1] == "--editable ."


def test_every_pin_carries_hashes():
    pins = re.split(r"\n(?=[a-z0-9])", read("requirements.lock"))
    bare = [pin.split(" ")[0] for pin in pins if "--hash=sha256:" not in pin]
    assert pins
    assert bare == []


def test_the_lock_names_no_place_to_fetch_from():
    assert (
        re.findall(
            r"://|^--?(?:index|extra|find|trusted|i\b|f\b).*", read("requirements.lock"), re.M
        )
        == []
    )


def test_the_lock_holds_what_pyproject_asks_for():
    pinned = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", read("requirements.lock"), re.M))
    for name, requirement in declared(*LOCKED_EXTRAS).items():
        assert name in pinned
        assert requirement.specifier.contains(pinned[name]), requirement


def test_the_lock_holds_the_build_backend():
    pinned = re.findall(r"^([a-z0-9-]+)==", read("requirements.lock"), re.M)
    for line in project()["build-system"]["requires"]:
        assert canonicalize_name(Requirement(line).name) in pinned


@pytest.mark.parametrize("workflow", ["test", "nightly"])
def test_a_workflow_runs_what_the_readme_says(workflow):
    jobs = yaml.safe_load(read(f".github/workflows/{workflow}.yml"))["jobs"]
    commands = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    assert ("./run test --all" if workflow == "nightly" else "./run test") in commands


def test_the_workflow_covers_every_python_that_pyproject_names():
    jobs = yaml.safe_load(read(".github/workflows/test.yml"))["jobs"]
    classifiers = project()["project"]["classifiers"]
    named = [line.rsplit(" ", 1)[1] for line in classifiers if re.search(r":: 3\.\d+$", line)]
    assert jobs["linux"]["strategy"]["matrix"]["python"] == named


def test_nbgrader_finds_source_and_release_and_withholds_the_variants():
    config = Config()
    exec(read("nbgrader_config.py"), {"get_config": lambda: config})
    course = nbgrader.coursedir.CourseDirectory(config=config)
    defaults = nbgrader.coursedir.CourseDirectory()
    assert (course.source_directory, course.release_directory) == ("solutions", "lectures")
    assert set(course.ignore) == {*defaults.ignore, "variants.py"}
