"""The site as it is built: complete, readable offline, and silent about answers."""

import html
import re
import sys
from html.parser import HTMLParser

import pages
import pytest

from autograder.feedback import section_id

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="built on Linux"),
    pytest.mark.filterwarnings("ignore"),  # of Sphinx, about its own extensions
]

HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    import build

    directory = tmp_path_factory.mktemp("site") / "built"
    assert build.main([str(directory)]) == 0
    return directory


class Page(HTMLParser):
    """What a page shows as text, and what a browser would fetch or can jump to."""

    def __init__(self, text):
        super().__init__()
        self.words, self.fetched, self.links, self.ids = [], [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        have = dict(attributes)
        self.ids.add(have.get("id"))
        if tag == "a" and have.get("href"):
            self.links.append(have["href"])
        self.fetched += [have["src"]] if have.get("src") else []
        if tag == "link" and have.get("href"):
            self.fetched.append(have["href"])

    def handle_data(self, data):
        self.words.append(data)

    @property
    def lines(self):
        return {line.strip() for line in "".join(self.words).splitlines()}


def read_pages(site):
    return {
        path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def test_every_lecture_has_its_page(site):
    wanted = {f"{name}/{name}.html" for name, _ in pages.lectures()}
    assert wanted <= set(read_pages(site))


def test_no_page_holds_an_answer_or_a_hidden_test(site, kept):
    found = [
        (name, line) for name, page in read_pages(site).items() for line in page.lines & kept.keys()
    ]
    assert found == []


def test_no_other_file_does(site, kept):
    """The index for searching, above all. Long lines only, since it is one long line itself."""
    long = [line for line in kept if len(line) >= 40]
    for path in site.rglob("*"):
        if path.suffix in {".js", ".json", ".txt", ".ipynb", ".md"} and "mathjax" not in path.parts:
            said = html.unescape(path.read_text(encoding="utf-8"))
            assert [line for line in long if line in said] == [], path.name


def test_nothing_is_fetched_from_elsewhere(site):
    fetched = {(name, at) for name, page in read_pages(site).items() for at in page.fetched}
    assert fetched
    assert [pair for pair in fetched if re.match(r"(?:https?:)?//", pair[1])] == []
    for name, at in fetched:
        if not at.startswith(("data:", "#")):
            assert (site / name).parent.joinpath(at.split("?")[0].split("#")[0]).exists(), at


def test_links_lead_somewhere(site):
    found = read_pages(site)
    for name, page in found.items():
        for link in page.links:
            at, _, place = link.partition("#")
            if re.match(r"[a-z]+:", link) or name == "search.html":
                continue
            target = (site / name).parent.joinpath(at).resolve() if at else site / name
            assert target.is_file(), (name, link)
            if place and target.suffix == ".html":
                assert place in found[target.relative_to(site.resolve()).as_posix()].ids, (
                    name,
                    link,
                )


def test_feedback_finds_the_sections(site):
    """A feedback page leads to a section by its title."""
    found = read_pages(site)
    for name, notebook in pages.lectures():
        cells = [pages.text(c) for c in notebook["cells"] if c["cell_type"] == "markdown"]
        titles = HEADING.findall("\n".join(cells))
        ids = found[f"{name}/{name}.html"].ids
        assert titles
        assert [title for title in titles if section_id(title) not in ids] == []
