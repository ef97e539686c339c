"""A student in JupyterLab: opens a lecture, runs it, fails, reads why, repairs it and passes."""

import json
import shutil
from pathlib import Path

import pytest

LECTURES = Path(__file__).resolve().parents[3] / "lectures"
NAME = "00_start_here"
WRONG = "def center(X):\n    return X - X.mean(axis=0, keepdims=True)\n"
RIGHT = "def center(X):\n    return X - X.mean(axis=1, keepdims=True)\n"
SAYS = "mean of each row of the result: expected [0.0, 0.0], got [0.5, -0.5]"


class Lab:
    """What a student does with the notebook that is open."""

    def __init__(self, page, notebook):
        from playwright.sync_api import expect

        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        self.codes = [cell["id"] for cell in cells if cell["cell_type"] == "code"]
        self.page = page
        self.expect = expect
        expect(page.locator(".jp-CodeCell")).to_have_count(len(self.codes), timeout=60_000)
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()

    def cell(self, name):
        return self.page.locator(".jp-CodeCell").nth(self.codes.index(name))

    def run(self, name, source=None):
        """Run a cell, after writing into it if there is something to write."""
        self.cell(name).locator(".cm-content").click()
        if source is not None:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Shift+Enter")

    def run_all(self):
        self.page.locator(".lm-MenuBar-item", has_text="Run").click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def says(self, name, text):
        """The cell's output, once it says so."""
        output = self.cell(name).locator(".jp-OutputArea-output")
        self.expect(output).to_contain_text(text, timeout=60_000)
        return output.text_content().strip()

    def validate(self):
        """What nbgrader's own button says."""
        self.page.get_by_role("button", name="Validate").click()
        dialog = self.page.locator(".jp-Dialog").filter(has_text="Validation Results")
        dialog.get_by_text("Ok", exact=True).wait_for()
        text = dialog.text_content()
        dialog.get_by_text("Ok", exact=True).click()
        return text


@pytest.mark.slow
def test_a_student_runs_fails_reads_repairs_and_passes(browse, tmp_path):
    folder = tmp_path / "lectures"
    shutil.copytree(LECTURES / NAME, folder / NAME)
    with browse(folder) as (page, url):
        page.goto(f"{url}lab/tree/{NAME}/{NAME}.ipynb")
        lab = Lab(page, folder / NAME / f"{NAME}.ipynb")

        lab.run_all()
        assert lab.says("versions", "Everything is here.")
        lab.says("try-center", "NotImplementedError")  # where running all cells stops
        lab.run("test-center")
        lab.says("test-center", "it is not written yet")

        lab.run("center", WRONG)
        lab.run("test-center")
        assert lab.says("test-center", "expected") == SAYS  # and no traceback
        assert SAYS in lab.validate()

        lab.run("center", RIGHT)
        lab.run("test-center")
        lab.says("test-center", "center: visible part passed")
        lab.run("how-far")
        assert "✓ passed" in lab.says("how-far", "every feature around 0")
        assert "Success! Your notebook passes all the tests." in lab.validate()
