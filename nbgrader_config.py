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

# Late work: a tenth of the score for each day begun after the due date, at most half, the first
# quarter of an hour free. More time for some students stands in extensions.csv.
c.AssignLatePenalties.plugin_class = "autograder.late.DaysLate"
c.DaysLate.per_day = 0.1
c.DaysLate.most = 0.5
c.DaysLate.grace_minutes = 15

# `nbgrader export` leaves empty what was not graded; nbgrader's own exporter would write a 0.
c.ExportApp.plugin_class = "autograder.export.GradedOnly"
