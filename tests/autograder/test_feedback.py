"""Feedback pages: what they tell, what they keep to themselves, and who can read them."""

import base64
import itertools
import json
import re
import struct
import time
import zlib
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat import v4

from autograder import feedback, results, shown
from autograder.errors import NoStudent
from autograder.feedback import Row, Scores, page, recorded, section_id, write_feedback
from autograder.gradebook import Book
from autograder.results import Status
from autograder.review import review
from autograder.shortid import check_id

CSS = (Path(feedback.__file__).parent / "templates" / "feedback.css").read_text(encoding="utf-8")
CANARY = "canary-7351"

# --- a graded notebook, built by hand -------------------------------------------------------------


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def solution(name, source, outputs=()):
    meta = {"grade_id": name, "solution": True, "grade": False, "locked": False, "task": False}
    return {
        "cell_type": "code",
        "metadata": {"nbgrader": meta},
        "source": source,
        "outputs": list(outputs),
        "execution_count": None,
    }


def outcome(name, title, points, score, status, message="", hidden=False, number=1):
    grade_id = f"test_{name}" if number == 1 else f"test_{name}_{number}"
    result = results.TestResult(grade_id, name, title, points, score, status, message, None, hidden)
    meta = {"grade_id": grade_id, "solution": False, "grade": True, "points": points}
    return {
        "cell_type": "code",
        "metadata": {"nbgrader": meta, "autograder": result.as_metadata()},
        "source": f"assert {name}() == '{CANARY}'",
        "outputs": [{"output_type": "stream", "name": "stdout", "text": CANARY}],
        "execution_count": None,
    }


def written(name, source, points):
    meta = {"grade_id": name, "solution": True, "grade": True, "points": points}
    return {"cell_type": "markdown", "metadata": {"nbgrader": meta}, "source": source}


def notebook(*cells, events=()):
    about = {
        "version": "1",
        "student": "ada",
        "assignment": "02_logistic_regression",
        "secret": CANARY,
        "events": list(events),
    }
    return {"cells": list(cells), "metadata": {"autograder": about}}


COST = "def cost(losses):\n    # add them up\n    return np.sum(losses)"
COST_SAYS = (
    "cost of four losses: expected 1.25, got 5.0, which is 4 times too large.\n"
    "    [[0.5 1.  1.5 2. ]]\n"
    "There are m = 4 samples: did you divide by m?"
)


def sigmoid_passed():
    return (
        markdown("## The sigmoid\n\n### Exercise 1"),
        solution("sigmoid", "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))"),
        outcome("sigmoid", "sigmoid: values", 4, 4.0, Status.PASSED),
    )


def cost_partly():
    return (
        markdown("## Loss and `mean`\nwords"),
        solution("cost", COST),
        outcome("cost", "cost: the mean over samples", 6, 0.0, Status.FAILED, COST_SAYS),
        outcome("cost", "cost: one sample", 2, 2.0, Status.PASSED, number=2),
    )


def predict_not_started():
    return (
        solution("predict", "def predict(X, w, b):\n    raise NotImplementedError()"),
        outcome("predict", "predict: labels", 3, 0.0, Status.NOT_STARTED, "predict is not written"),
    )


def sample(events=()):
    title = markdown("# Logistic regression\n\nwelcome")
    return notebook(title, *sigmoid_passed(), *cost_partly(), *predict_not_started(), events=events)


# --- reading a page -------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Tags with their attributes, visible text, and whether every tag is closed in order."""

    VOID = {"meta", "img", "link", "br"}

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.words = [], [], []
        self.feed(html)
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def names(self):
        return [tag for tag, _ in self.tags]


def read(graded, scores=None, **rest):
    return Reader(page(graded, scores or Scores(), **rest))


# --- what it tells --------------------------------------------------------------------------------


def test_total_and_next_step_stand_first():
    text = read(sample()).text
    assert "6 of 15 points" in text
    assert "A good next step: cost, where 6 points are still open." in text
    assert text.index("6 of 15") < text.index("sigmoid")


@pytest.mark.parametrize(
    ("results", "word"),
    [
        ([(2, 2.0, Status.PASSED), (3, 3.0, Status.PASSED)], "passed"),
        ([(2, 2.0, Status.PASSED), (3, 0.0, Status.FAILED)], "partly"),
        ([(2, 1.0, Status.PASSED)], "partly"),
        ([(2, 0.0, Status.FAILED), (3, 0.0, Status.NOT_STARTED)], "not yet"),
        ([(2, 0.0, Status.TIMED_OUT)], "not yet"),
        ([(2, 0.0, Status.NOT_STARTED), (3, 0.0, Status.NOT_STARTED)], "not started"),
        ([(2, None, Status.NOT_GRADED)], "not graded"),
        ([(2, 2.0, Status.PASSED), (3, None, Status.NOT_GRADED)], "partly"),
    ],
)
def test_an_exercise_is_told_by_a_word(results, word):
    cells = [
        outcome("f", "f", points, score, status, number=number)
        for number, (points, score, status) in enumerate(results, start=1)
    ]
    (exercise,) = review(cells, Scores())
    assert exercise.look.word == word


def test_every_state_has_a_shape_of_its_own():
    shapes = set()
    for status, score in [
        (Status.PASSED, 2.0),
        (Status.FAILED, 1.0),
        (Status.FAILED, 0.0),
        (Status.NOT_STARTED, 0.0),
        (Status.NOT_GRADED, None),
    ]:
        html = page(notebook(outcome("f", "f", 2, score, status)), Scores())
        sign = re.search(r'<svg class="sign [^>]*>(.*?)</svg>', html, re.DOTALL)[1]
        shapes.add(re.sub(r"\s+", " ", sign))
    assert len(shapes) == 5


def test_a_failed_check_speaks_in_its_own_words():
    html = page(sample(), Scores())
    assert "cost of four losses: expected 1.25, got 5.0, which is 4 times too large." in html
    assert ">[[0.5 1.  1.5 2. ]]</pre>" in html


def test_the_code_stands_beside_what_is_not_right_yet():
    html = page(sample(), Scores())
    assert "add them up" in html
    assert '<span class="nf">cost</span>' in html
    assert "np.exp" not in html, "sigmoid passed"
    assert "NotImplementedError" not in html, "predict was not started"


def test_it_says_what_to_read_again():
    text = read(sample()).text
    assert "Read again Loss and mean" in text
    assert "Read again The sigmoid" not in text
    assert "Begin with Loss and mean" in text


def test_the_heading_of_the_exercise_itself_is_no_section_to_read():
    cells = [markdown("## Means\n### Exercise 4: cost"), *cost_partly()[1:]]
    assert "Read again Means Your code" in read(notebook(*cells)).text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("the `for` loop", "the <code>for</code> loop"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("one ` alone <i>", "one ` alone &lt;i&gt;"),
        ("100 %s `%d`", "100 %s <code>%d</code>"),
    ],
)
def test_names_between_backticks_are_code(text, html):
    assert shown.prose(text) == html


def test_sections_lead_to_the_lecture_where_its_address_is_known():
    links = [
        attributes["href"]
        for tag, attributes in read(sample(), address=lambda title: f"lecture#{len(title)}").tags
        if tag == "a"
    ]
    assert links.count("lecture#13") == 2


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2. A score: evidence for and against", "a-score-evidence-for-and-against"),
        ("What goes wrong", "what-goes-wrong"),
        ("3. The loss (one sample)", "the-loss-one-sample"),
    ],
)
def test_a_section_has_the_name_that_sphinx_gives_it(title, name):
    assert section_id(title) == name


def test_a_check_that_failed_has_an_id_to_name_it_by():
    text = read(sample()).text
    assert f"check {check_id('ada', '02_logistic_regression', 'test_cost')}" in text
    assert check_id("ada", "02_logistic_regression", "test_sigmoid") not in text, "it passed"


def test_comments_and_scores_of_the_instructor_count():
    rows = {
        "cost": Row(comment="You are one division away."),
        "test_cost": Row(auto=0.0, manual=3.0, extra=0.5),
        "test_cost_2": Row(auto=2.0),
        "test_sigmoid": Row(auto=4.0, extra=1.0),
    }
    text = read(sample(), Scores(rows)).text
    assert "You are one division away." in text
    assert "10.5 of 15 points" in text
    assert "Your instructor set this score; the check gave 0." in text
    assert "1 extra point included." in text


def test_full_points_by_hand_silence_the_message():
    cells = [outcome("f", "f", 2, 0.0, Status.FAILED, "f is wrong")]
    text = read(notebook(*cells), Scores({"test_f": Row(auto=0.0, manual=2.0)})).text
    assert "f is wrong" not in text
    assert "1 passed" in text


def test_a_written_answer_waits_for_its_instructor():
    cells = [written("why", "Because *it* grows.", 5)]
    text = read(notebook(*cells), Scores({"why": Row(auto=None)})).text
    assert "Your instructor has not graded this answer yet." in text
    assert "Another 5 points could not be graded yet" in text
    assert "Because *it* grows." in text


def test_a_written_answer_shows_its_points_and_comment():
    rows = {"why": Row(manual=3.0, comment="Nearly.")}
    text = read(notebook(written("why", "It grows.", 5)), Scores(rows)).text
    assert "3 of 5 points" in text
    assert "Nearly." in text
    assert "partly" in text


@pytest.mark.parametrize(
    ("seconds", "penalty", "words"),
    [
        (8 * 60, 0, "Handed in 8 minutes after the deadline; no points were taken off."),
        (2 * 3600 + 60, 1.5, "Handed in 2 hours 1 minute after the deadline; 1.5 points were"),
        (90000, 1, "1 day 1 hour after the deadline; 1 point was taken off."),
        (30, 0, "less than a minute after"),
    ],
)
def test_late_work_says_how_late_and_what_it_costs(seconds, penalty, words):
    text = read(sample(), Scores(late_seconds=seconds, penalty=penalty)).text
    assert words in text
    assert f"{feedback._points(6 - penalty)} of 15 points" in text


def test_a_penalty_never_goes_below_zero():
    assert "0 of 15 points" in read(sample(), Scores(penalty=40)).text


def test_repairs_and_time_outs_are_told_and_suspicions_are_not():
    events = [
        {"kind": "repaired", "detail": "an edited test was put back", "cell": "test_cost"},
        {"kind": "repaired", "detail": "an edited test was put back", "cell": "test_cost_2"},
        {"kind": "time-out", "detail": "cost ran for 5 s", "cell": None},
        {"kind": "trick", "detail": "numpy was patched", "cell": "cost"},
    ]
    text = read(sample(events)).text
    assert "an edited test was put back: test_cost, test_cost_2" in text
    assert "cost ran for 5 s" in text
    assert "patched" not in text


@pytest.mark.parametrize(
    ("status", "words"),
    [(Status.TIMED_OUT, "a loop that never ends"), (Status.CRASHED, "Python itself ended")],
)
def test_a_check_without_words_still_helps(status, words):
    assert words in read(notebook(outcome("f", "f", 2, 0.0, status))).text


def test_the_same_message_is_not_repeated():
    cells = [outcome("f", f"f{n}", 1, 0.0, Status.FAILED, "f fails", number=n) for n in (1, 2)]
    text = read(notebook(*cells)).text
    assert text.count("f fails") == 1
    assert "The same as above." in text


def test_an_unreadable_notebook_has_a_page_too():
    events = [{"kind": "unreadable", "detail": "line 3, column 1", "cell": None}]
    text = read(notebook(events=events), Scores(name="Ada")).text
    assert "could not be opened" in text
    assert "line 3, column 1" in text


# --- what it keeps to itself ----------------------------------------------------------------------


def test_no_test_code_no_test_output_and_no_secret():
    cells = sample()
    cells["cells"][2]["metadata"]["hidden"] = CANARY
    assert CANARY not in page(cells, Scores())


def test_a_hidden_failure_says_so_and_shows_only_its_sealed_message():
    cell = outcome("f", "f", 2, 0.0, Status.FAILED, "f differs by a factor", hidden=True)
    text = read(notebook(cell)).text
    assert "the visible part passed, the hidden part did not" in text
    assert "f differs by a factor" in text
    assert CANARY not in text


HOSTILE = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</pre></details><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "{{ 7 * 7 }}{% raw %}",
    "<!--", "]]>", "&lt;script&gt;", "<svg/onload=alert(1)>",
]  # fmt: skip
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "bdi",
    "main", "section", "strong", "svg", "g", "rect", "circle", "path", "ul", "ol", "li", "nav",
    "article", "div", "span", "details", "summary", "pre", "code", "img", "figure", "figcaption",
    "blockquote", "footer",
}  # fmt: skip


def hostile(text):
    """A notebook with `text` in every place that a student, or a careless course, can fill."""
    output = {"output_type": "stream", "name": "stdout", "text": text}
    html = {"output_type": "display_data", "data": {"text/html": text, "text/plain": text}}
    svg = {"output_type": "display_data", "data": {"image/svg+xml": text, "image/png": text}}
    error = {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]}
    events = [{"kind": "repaired", "detail": text, "cell": text}]
    cells = notebook(
        markdown(f"# {text}\n## {text}"),
        solution(text, text, [output, html, svg, error]),
        outcome(text, text, 2, 1.0, Status.FAILED, f"{text}\n    {text}"),
        written(f"why {text}", text, 3),
        events=events,
    )
    cells["metadata"]["autograder"] |= {"student": text, "assignment": text}
    rows = {text: Row(comment=text), f"why {text}": Row(manual=1.0, comment=text)}
    return cells, Scores(rows, name=text)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_student_becomes_markup(text):
    html = page(*hostile(text))
    tags = Reader(html).tags
    assert {tag for tag, _ in tags} <= ALLOWED
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    addresses = [v for _, a in tags for k, v in a.items() if k in ("href", "src")]
    assert all(re.fullmatch(r"#[a-z0-9-]+|data:image/png;base64,[\w+/=]+", a) for a in addresses)
    assert html.count("</style>") == 1
    assert "49" not in Reader(html).text


def test_a_browser_is_told_to_execute_and_load_nothing():
    metas = [attributes for tag, attributes in read(sample()).tags if tag == "meta"]
    policy = next(m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert "url(" not in CSS
    assert "@import" not in CSS


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\x00", "\x07", "\ud800", "\x85"])
def test_unseen_characters_become_signs(sign):
    html = page(*hostile(f"a{sign}b"))
    assert sign not in html
    assert f"⟨U+{ord(sign):04X}⟩" in html
    html.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("a\r\nb", "a\nb"),
        ("naïve ∂J/∂w 数", "naïve ∂J/∂w 数"),
    ],
)
def test_terminal_codes_vanish_and_honest_text_stays(text, seen):
    assert shown.plain(text) == seen


def test_a_flood_is_cut_and_says_so():
    flood = "x" * 1_000_000
    stream = {"output_type": "stream", "name": "stdout", "text": flood}
    cells = [
        solution("f", f"y = '{flood}'", [stream] * 3),
        outcome("f", "f", 2, 0.0, Status.FAILED, flood),
    ]
    html = page(notebook(*cells), Scores())
    assert len(html) < 100_000
    assert "996,000 more characters are left out here" in html


def png(width=2, height=2):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\0\0" * 2)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def picture(data):
    return [{"output_type": "display_data", "data": {"image/png": data, "text/plain": "<Figure>"}}]


def test_a_figure_is_shown_with_words():
    data = base64.b64encode(png()).decode()
    reader = read(notebook(solution("f", "f = 1", picture(data)), *[failing("f")]))
    (image,) = [attributes for tag, attributes in reader.tags if tag == "img"]
    assert image["src"] == f"data:image/png;base64,{data}"
    assert image["alt"] == "A figure drawn by your cell f"
    assert "<Figure>" not in reader.text


def failing(name):
    return outcome(name, f"{name}: values", 2, 0.0, Status.FAILED, f"{name} is wrong")


@pytest.mark.parametrize(
    "data",
    [
        "no base64!", base64.b64encode(b"GIF89a").decode(), "", 7, None, ["a"],
        base64.b64encode(png(width=100_000)).decode(),
        base64.b64encode(png() + bytes(400_000)).decode(),
        base64.b64encode(png()[:20]).decode(),
    ],
)  # fmt: skip
def test_what_is_no_proper_png_is_left_out(data):
    assert shown.figures(picture(data)) == ()


# --- who can read it ------------------------------------------------------------------------------


def test_landmarks_and_headings_are_in_order():
    names = read(sample()).names()
    assert [names.count(tag) for tag in ("h1", "main", "nav", "footer")] == [1, 1, 1, 1]
    levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_links_and_labels_lead_somewhere():
    tags = read(sample()).tags
    ids = [a["id"] for _, a in tags if "id" in a]
    wanted = [a["href"][1:] for _, a in tags if a.get("href", "").startswith("#")]
    wanted += [a["aria-labelledby"] for _, a in tags if "aria-labelledby" in a]
    assert len(ids) == len(set(ids))
    assert set(wanted) <= set(ids)


def test_figures_have_words_and_what_scrolls_takes_the_keyboard():
    tags = read(sample()).tags
    drawn = [a for tag, a in tags if tag == "svg" and a.get("aria-hidden") != "true"]
    assert len(drawn) == 4
    assert all(a["role"] == "img" and "of" in a["aria-label"] for a in drawn)
    columns = [a for tag, a in tags if tag == "pre" and "class" not in a]
    assert columns
    assert all(a["tabindex"] == "0" and a["aria-label"] for a in columns)


def colours(scheme):
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[scheme]))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


SURFACES = ("paper", "card", "sunk")
INKS = sorted(set(colours(0)) - {*SURFACES, "line", "room"})


def test_contrast_is_computed_as_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_is_readable_on_every_surface(scheme, ink):
    palette = colours(scheme)
    assert min(contrast(palette[ink], palette[surface]) for surface in SURFACES) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_what_fills_a_bar_stands_out_from_its_room(scheme):
    palette = colours(scheme)
    for fill in ("passed", "partly", "quiet", "not-graded"):
        assert contrast(palette[fill], palette["room"]) >= 3


def test_both_schemes_define_the_same_colours_and_css_uses_no_others():
    assert set(colours(0)) == set(colours(1))
    assert len(INKS) == 14
    rules = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)) == {"#ffffff"}


def test_print_is_light_whatever_the_screen_is():
    assert "@media screen and (prefers-color-scheme: dark)" in CSS
    assert "@media print" in CSS


def test_pieces_of_a_bar_are_as_long_as_their_points():
    html = page(notebook(failing("f"), *sigmoid_passed()), Scores())
    bars = re.findall(r'<svg class="bar".*?</svg>', html, re.DOTALL)
    whole = [float(r.get("width")[:-1]) for r in ElementTree.fromstring(bars[0]).iter("rect")]
    assert whole == pytest.approx([33.33 - 0.6, 66.67 - 0.6, 66.67 - 0.6], abs=0.01)


@pytest.mark.parametrize(
    ("source", "cls", "piece"),
    [
        ("def f(x): pass", "nf", "f"),
        ("return x", "k", "return"),
        ("returned = 1", "m", "1"),
        ("x = .5e-3", "m", ".5e-3"),
        ("x = None", "kc", "None"),
        ("# a 'comment'", "c", "# a 'comment'"),
        ("""x = f'it{y}\\' s'""", "s", r"f'it{y}\' s'"),
        ("x = 'open\ny = 2", "s", "'open"),
        ('x = """open\ny = 2', "s", '"""open'),
    ],
)
def test_code_is_coloured(source, cls, piece):
    assert f'<span class="{cls}">{piece}</span>' in "\n".join(shown.code(source))


@pytest.mark.parametrize(
    "source", ["(" * 9999, '"""' * 3333, "f'{" * 3333, "'\\" * 5000, "\\\n" * 5000]
)
def test_colouring_keeps_every_character_and_never_hangs(source):
    start = time.process_time()
    lines = shown.code.__wrapped__(source)
    assert time.process_time() - start < 0.5
    assert "\n".join(line.striptags() for line in lines).split() == source.split()


# --- how it is written ----------------------------------------------------------------------------


def unknown(student, name):
    """A gradebook without rows."""
    return Scores()


@pytest.fixture
def course(make_course):
    """Ada is graded, Bob's file is broken, Cy sent another file, Di is not graded yet."""
    made = make_course(v4.new_notebook(), bob=b"{", di=v4.new_notebook())
    graded = notebook(*sigmoid_passed()) | {"nbformat": 4, "nbformat_minor": 4}
    path = made.place("autograded", "ada", "ps1") / "ps1.ipynb"
    for folder in (path.parent, made.submitted / "ada" / "ps1", made.submitted / "cy" / "ps1"):
        folder.mkdir(parents=True)
    path.write_text(json.dumps(graded), encoding="utf-8")
    return made


def test_pages_lie_where_nbgrader_looks_for_them(course):
    written = write_feedback(
        course, "ps1", scores=lambda student, name: Scores(name=f"{student} {name}")
    )
    assert [path.relative_to(course.root).as_posix() for path in written] == [
        "feedback/ada/ps1/ps1.html",
        "feedback/bob/ps1/ps1.html",
        "feedback/cy/ps1/ps1.html",
    ]
    texts = [Reader(path.read_text(encoding="utf-8")).text for path in written]
    assert re.search("ada ps1.*4 of 4 points", texts[0])
    assert "could not be opened" in texts[1]
    assert "not among the files that you handed in" in texts[2]


def test_sections_lead_into_the_site_where_there_is_one(course):
    path = course.place("autograded", "ada", "ps1") / "ps1.ipynb"
    path.write_text(json.dumps(notebook(*cost_partly()) | {"nbformat": 4, "nbformat_minor": 4}))
    (written,) = write_feedback(course, "ps1", ["ada"], unknown, site="https://nn.example/")
    html = written.read_text(encoding="utf-8")
    assert '<a href="https://nn.example/ps1/ps1.html#loss-and-mean">Loss and mean</a>' in html


def test_only_the_students_asked_for(course):
    assert len(write_feedback(course, "ps1", ["ada"], unknown)) == 1
    with pytest.raises(NoStudent):
        write_feedback(course, "ps1", ["nobody"], unknown)


def test_nothing_but_pages_is_left_and_the_same_input_gives_the_same_bytes(course):
    first = [path.read_bytes() for path in write_feedback(course, "ps1", scores=unknown)]
    again = write_feedback(course, "ps1", scores=unknown)
    assert [path.read_bytes() for path in again] == first
    assert {path for path in (course.root / "feedback").rglob("*") if path.is_file()} == set(again)


def test_scores_and_comments_come_from_the_gradebook(make_course):
    cells = [solution("cost", COST), outcome("cost", "cost", 3, 0.0, Status.FAILED)]
    source = nbformat.from_dict(notebook(*cells) | {"nbformat": 4, "nbformat_minor": 4})
    made = make_course(source, ada=source)
    result = results.TestResult("test_cost", "cost", "cost", 3, 0.0, Status.FAILED)
    with Book(made.db_url, made.course_id) as book:
        book.prepare(made.assignment("ps1"))
        book.record("ada", "ps1", [results.Graded("ada", "ps1", "ps1", (result,), (), "{}", 0.1)])
        (notebook_row,) = book.gradebook.find_submission("ps1", "ada").notebooks
        (grade,), (comment,) = notebook_row.grades, notebook_row.comments
        grade.manual_score, grade.extra_credit = 2.0, 0.5
        comment.manual_comment = "Nearly."
        book.gradebook.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
    scores = recorded(made, "ps1")("ada", "ps1")
    assert scores.rows["test_cost"] == Row(auto=0.0, manual=2.0, extra=0.5)
    assert scores.rows["cost"].comment == "Nearly."
    assert scores.name == "Ada Lovelace"
    assert recorded(made, "ps1")("bob", "ps1") == Scores()


def test_a_page_takes_at_most_20_milliseconds():
    cells = []
    for number in range(15):
        name = f"exercise_{number}"
        body = f"def {name}(losses):\n" + "    losses = np.mean(losses, axis=0) + 1.0\n" * 12
        checks = [outcome(name, "t", 2, 0.0, Status.FAILED, COST_SAYS, number=n) for n in (1, 2, 3)]
        cells += [solution(name, body), *checks]
    page(sample(), Scores())
    best = 1.0
    for _ in range(5):
        shown.code.cache_clear()
        start = time.process_time()
        page(notebook(*cells), Scores())
        best = min(best, time.process_time() - start)
    assert best < 0.020
