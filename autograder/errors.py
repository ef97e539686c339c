"""What can go wrong for a person at the command line.

CourseError            a user's mistake: said in one line, exit code 2
├── NoCourse           no course directory, or no source in it
├── NoAssignment       an assignment that the course does not have
├── NoStudent          a student who handed nothing in
└── GradebookError     the gradebook is locked, read-only or not one
BrokenNotebook         a notebook that cannot be read; only its own row suffers
NotSafe                the sandbox's minimum is missing on this machine, exit code 3
"""


class CourseError(Exception):
    """A mistake that the user can mend; the message says how."""


class NoCourse(CourseError):
    """No course directory, or no source in it."""


class NoAssignment(CourseError):
    """An assignment that the course does not have."""


class NoStudent(CourseError):
    """A student who handed nothing in."""


class GradebookError(CourseError):
    """The gradebook is locked, read-only or not one."""


class BrokenNotebook(Exception):
    """A notebook that cannot be read, and why, with line and column where there are such."""


class NotSafe(Exception):
    """The sandbox's minimum is missing on this machine."""
