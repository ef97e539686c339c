"""The course's places are those that nbgrader itself would name."""

import pytest
from nbgrader.coursedir import CourseDirectory as Theirs
from traitlets.config import Config

from autograder.directories import CourseDirectory

SETTINGS = [
    {},
    {"source_directory": "solutions", "course_id": "dl"},
    {"db_url": "postgresql://teacher@localhost/grades"},
    {"submitted_directory": "inbox", "ignore": ["*.key"]},
    {"directory_structure": "{assignment_id}/{nbgrader_step}/{student_id}"},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_same_configuration_gives_the_same_places(settings, tmp_path):
    config = Config(CourseDirectory={"root": str(tmp_path), **settings})
    ours, theirs = CourseDirectory(config=config), Theirs(config=config)
    for name in ours.trait_names(config=True):
        assert getattr(ours, name) == getattr(theirs, name)
    for step in ("submitted", "autograded", "feedback"):
        directory = getattr(theirs, f"{step}_directory")
        assert str(ours.place(step, "ann", "ps1")) == theirs.format_path(directory, "ann", "ps1")
