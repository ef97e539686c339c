"""nbgrader's settings for this course: where source and release live; the rest is its default."""

c = get_config()  # noqa: F821

c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "lectures"

# variants.py holds programs with known marks: students must not get it.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "variants.py",
]
