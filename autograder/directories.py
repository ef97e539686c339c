"""Where a course keeps what: the part of nbgrader's configuration that every command needs.

nbgrader's own `CourseDirectory` says the same, but importing it takes seconds.
"""

from __future__ import annotations

from pathlib import Path

from traitlets import List, Unicode, default
from traitlets.config import Configurable


class CourseDirectory(Configurable):  # type: ignore[misc]
    """Reads the section of the same name in `nbgrader_config.py`, with nbgrader's defaults."""

    root = Unicode("").tag(config=True)
    course_id = Unicode("").tag(config=True)
    db_url = Unicode().tag(config=True)
    source_directory = Unicode("source").tag(config=True)
    release_directory = Unicode("release").tag(config=True)
    submitted_directory = Unicode("submitted").tag(config=True)
    autograded_directory = Unicode("autograded").tag(config=True)
    feedback_directory = Unicode("feedback").tag(config=True)
    directory_structure = Unicode(
        str(Path("{nbgrader_step}", "{student_id}", "{assignment_id}"))
    ).tag(config=True)
    ignore = List(Unicode(), [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"]).tag(
        config=True
    )

    @default("db_url")  # type: ignore[untyped-decorator]
    def _gradebook(self) -> str:
        return f"sqlite:///{Path(self.root) / 'gradebook.db'}"

    def place(self, step: str, student: str, assignment: str) -> Path:
        """The directory of one student's assignment: of what was handed in, graded, given back."""
        directory = getattr(self, f"{step}_directory")
        names = {"nbgrader_step": directory, "student_id": student, "assignment_id": assignment}
        return Path(self.root, self.directory_structure.format(**names))
