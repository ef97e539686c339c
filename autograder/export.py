"""`nbgrader export` without a 0 for what was not graded: an empty cell instead.

nbgrader's own exporter adds up what has a score, so that work which nobody could grade is a 0 like
any other. This one is named in nbgrader_config.py, and writes the same columns.
"""

from __future__ import annotations

import csv
from pathlib import Path

from nbgrader import api
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import select


class GradedOnly(CsvExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's CSV; a submission with an exercise that still has no score has no score either."""

    def export(self, gradebook: api.Gradebook) -> None:
        """Write the file that `to` names, or grades.csv."""
        super().export(gradebook)
        path = Path(self.to or "grades.csv")
        waiting = ungraded(gradebook)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        columns = {name: number for number, name in enumerate(rows[0])}
        for row in rows[1:]:
            if (row[columns["assignment"]], row[columns["student_id"]]) in waiting:
                for name in ("raw_score", "late_submission_penalty", "score"):
                    row[columns[name]] = ""
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def ungraded(gradebook: api.Gradebook) -> set[tuple[str, str]]:
    """The assignments and students whose submissions have a cell without any score."""
    query = (
        select(api.Assignment.name, api.SubmittedAssignment.student_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
        .join(
            api.SubmittedNotebook,
            api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id,
        )
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .where(api.Grade.auto_score.is_(None), api.Grade.manual_score.is_(None))
        .distinct()
    )
    return {(name, student) for name, student in gradebook.db.execute(query)}
