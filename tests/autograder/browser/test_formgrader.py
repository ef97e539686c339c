"""An instructor in nbgrader's formgrader, on the gradebook that our grader wrote."""

import pytest
from small_course import answer, graded, hand_in, notebook, released, write_source

from autograder.cli import main

SOURCE = notebook(
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", '"""double: numbers"""\nassert double(2) == 4, "expected 4"', 4),
)
COMMENT = "You are one factor away."


def feedback(course):
    """The student's page, after grading again whatever has changed."""
    assert main(["grade", "--force", "--course", str(course.root)]) == 0
    assert main(["feedback", "--course", str(course.root)]) == 0
    return (course.place("feedback", "ann", "ps1") / "ps1.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_comment_and_an_extra_point_survive_a_regrade_and_reach_the_student(browse, tmp_path):
    root = tmp_path / "course"
    course = write_source(root, SOURCE)
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    hand_in(root, "ann", released(SOURCE, double="def double(x):\n    return x"))
    before = feedback(course)
    assert COMMENT not in before
    assert "extra point" not in before

    with browse(root) as (page, url):
        page.goto(f"{url}formgrader/gradebook/ps1/ps1")
        page.get_by_text("Submission #1").click()
        page.get_by_text("expected 4").last.wait_for()
        page.locator("#double-comment").fill(COMMENT)
        page.locator("#test_double_extra_credit").fill("1")
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            page.keyboard.press("Tab")
        page.reload()
        page.wait_for_function(
            "() => document.querySelector('#double-comment')?.value"
            " && document.querySelector('#test_double_extra_credit')?.value"
        )
        assert page.locator("#double-comment").input_value() == COMMENT
        assert float(page.locator("#test_double_extra_credit").input_value()) == 1

    after = feedback(course)
    assert COMMENT in after
    assert "1 extra point included." in after
    assert "<strong>1</strong> of 4 points" in after
