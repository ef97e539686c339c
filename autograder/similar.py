"""Solutions that are much alike: worth a look, never a verdict.

Two notebooks are put beside each other where a long solution is built the same way and few others
are, or where they share several rare things: a comment, a name, a wrong result. Right one-liners
are all alike and count for nothing. Beside each find stands how common it is in this class.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np
from rapidfuzz import fuzz, process

from autograder.cohort import Cohort, Hand, Item
from autograder.source import Assignment

LONG = 12
"""Solutions up to so many lines are alike by nature."""
ALIKE = 85
"""Per cent of the tokens that two long solutions must share, in order."""
FEW_PAIRS = 0.02
"""The part of all pairs that may be as much alike: where more are, the task is the reason."""
RARE = 0.01
"""The part of the class that may have something rare; but two to five people always."""
MOST = 25
"""Pairs that are shown."""


@dataclass(frozen=True)
class Built:
    """A long solution that two people have built the same way."""

    exercise: str
    likeness: float
    """0 to 1: the part of the tokens that are the same, in order, whatever things are called."""
    as_common: float
    """The part of all pairs of the class that are as much alike."""
    typical: float
    """The likeness of the pair in the middle."""
    published: float
    """The likeness of the one that is nearer to the course's own answer."""
    sources: tuple[str, str]


@dataclass(frozen=True)
class Shared:
    """Something rare that both have."""

    kind: str
    """`comment`, `name` or `wrong result`."""
    text: str
    people: int
    """How many of the class have it."""


@dataclass
class Pair:
    """Two people whose work is worth a look, side by side."""

    one: Hand
    other: Hand
    built: list[Built] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """How much there is to see."""
        return 2 * sum(b.likeness for b in self.built) + len(self.shared)


@dataclass(frozen=True)
class Findings:
    """The pairs, the most striking first, and how many people were compared."""

    pairs: tuple[Pair, ...]
    more: int
    """Further pairs that are not shown."""
    people: int


def similar(cohort: Cohort, assignment: Assignment) -> Findings:
    """Compare everybody's solutions; the cohort must have been read with its answers."""
    hands = [hand for hand in cohort.hands if hand.answers]
    pairs: dict[tuple[int, int], Pair] = {}

    def pair(a: int, b: int) -> Pair:
        return pairs.setdefault((a, b), Pair(hands[a], hands[b]))

    cells = [cell for notebook in assignment.notebooks for cell in notebook.cells]
    for cell in cells:
        if cell.solution and cell.cell_type == "code":
            for a, b, built in _built_alike(cell.grade_id, cell.released, cell.source, hands):
                pair(a, b).built.append(built)
    everybodys = "\n".join(cell.source for cell in cells)
    for people, shared in _rare(hands, cohort.items, everybodys):
        for a, b in combinations(people, 2):
            pair(a, b).shared.append(shared)
    worth = [p for p in pairs.values() if p.built or len(p.shared) >= 2]
    worth.sort(key=lambda p: (-p.weight, p.one.person.id, p.other.person.id))
    return Findings(tuple(worth[:MOST]), max(0, len(worth) - MOST), len(hands))


# --- built the same way ------------------------------------------------------------------------


def _built_alike(
    exercise: str, released: str, published: str, hands: Sequence[Hand]
) -> Iterator[tuple[int, int, Built]]:
    """The pairs of long solutions of one exercise that are more alike than nearly all others."""
    given = frozenset(code_lines(released))
    people, forms = [], []
    for number, hand in enumerate(hands):
        lines = own_lines(hand.answers.get(exercise, ""), given)
        if len(lines) > LONG:
            people.append(number)
            forms.append(structure("\n".join(lines), released))
    if len(people) < 2:
        return
    own = structure("\n".join(own_lines(published, given)), released)
    table = process.cdist(forms, forms, scorer=fuzz.ratio, dtype=np.uint8, workers=-1)
    to_own = process.cdist(forms, [own], scorer=fuzz.ratio, dtype=np.uint8)[:, 0]
    upper = np.triu_indices(len(people), k=1)
    values = table[upper]
    counts = np.bincount(values, minlength=101)
    as_common = counts[::-1].cumsum()[::-1] / len(values)
    allowed = max(FEW_PAIRS, 1.5 / len(values))
    striking = (values >= ALIKE) & (as_common[values] <= allowed)
    typical = float(np.median(values)) / 100
    for a, b, value in zip(*(index[striking] for index in upper), values[striking], strict=True):
        one, other = people[a], people[b]
        yield one, other, Built(
            exercise, value / 100, float(as_common[value]), typical,
            max(to_own[a], to_own[b]) / 100,
            (hands[one].answers[exercise], hands[other].answers[exercise]),
        )  # fmt: skip


_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>[rbfuRBFU]{0,2}(?:\"{3}[\s\S]*?(?:\"{3}|\Z)|'{3}[\s\S]*?(?:'{3}|\Z)
                   |"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))
      | (?P<name>[^\W\d]\w*)
      | (?P<number>\d[\w.]*|\.\d\w*)
      | (?P<sign>[^\s\w])""",
    re.VERBOSE,
)
_STANDING = frozenset(keyword.kwlist) | frozenset(dir(builtins))


@lru_cache(maxsize=65_536)
def tokens(source: str) -> tuple[tuple[str, str], ...]:
    """Kind and text of each token, of anything that looks like Python."""
    found = _TOKEN.finditer(source[:20_000])
    return tuple((match.lastgroup or "", match.group()) for match in found)


def code_lines(source: str) -> list[str]:
    """The lines without comments, docstrings and blanks."""

    def strip(match: re.Match[str]) -> str:
        kind, text = match.lastgroup, match.group()
        return "" if kind == "comment" or (kind == "string" and text[-3:] in _TRIPLE) else text

    lines = (line.strip() for line in _TOKEN.sub(strip, source[:20_000]).splitlines())
    return [line for line in lines if line]


_TRIPLE = ('"""', "'''")


def own_lines(source: str, given: frozenset[str]) -> list[str]:
    """The lines of code that were not handed out."""
    return [line for line in code_lines(source) if line not in given]


def structure(code: str, released: str) -> str:
    """A character for each token: the names that somebody chose become 1, 2, … in the order in
    which they come, so that another name makes no other program; texts become one sign."""
    known = {text for kind, text in tokens(released) if kind == "name"} | _STANDING
    chosen: dict[str, int] = {}
    signs = []
    before = ""
    for kind, text in tokens(code):
        if kind == "name" and text not in known and before != ".":
            text = f"name {chosen.setdefault(text, len(chosen))}"
        signs.append(_sign("a text" if kind == "string" else text))
        before = text
    return "".join(signs)


_signs: dict[str, str] = {}


def _sign(token: str) -> str:
    """One character for each different token."""
    return _signs.setdefault(token, chr(0x4E00 + len(_signs)))


# --- rare things in common ---------------------------------------------------------------------


def _rare(
    hands: Sequence[Hand], items: Iterable[Item], everybodys: str
) -> Iterator[tuple[tuple[int, ...], Shared]]:
    """What a few people have and nobody else, with these people."""
    exercises = {item.grade_id: item.exercise for item in items}
    owners: dict[tuple[str, str], set[int]] = defaultdict(set)
    known = {text for _, text in tokens_of_all(everybodys)} | _STANDING
    told = _plain(everybodys)
    for number, hand in enumerate(hands):
        wrong = _wrong(hand, exercises)
        for key in {*_comments(hand.answers, told), *_names(hand.answers, known), *wrong}:
            owners[key].add(number)
    most = max(2, min(5, int(RARE * len(hands))))
    for (kind, text), people in owners.items():
        if 2 <= len(people) <= most and len(hands) > 2 * len(people):
            yield tuple(sorted(people)), Shared(kind, text, len(people))


def tokens_of_all(text: str) -> Iterator[tuple[str, str]]:
    """The tokens of a long text, piece by piece."""
    for line in text.splitlines():
        yield from tokens(line)


def _comments(answers: Mapping[str, str], told: str) -> Iterator[tuple[str, str]]:
    """Comments of some length that are not the course's."""
    for kind, text in _all_tokens(answers):
        comment = _plain(text.lstrip("#"))
        if kind == "comment" and len(comment) >= 12 and comment not in told:
            yield "comment", comment[:200]


def _names(answers: Mapping[str, str], known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names of some length that occur nowhere in the course's notebook, attributes left out."""
    for (_, before), (kind, text) in pairwise([("", ""), *_all_tokens(answers)]):
        if kind == "name" and len(text) >= 5 and before != "." and text not in known:
            yield "name", text[:80]


def _wrong(hand: Hand, exercises: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Wrong results, told with their numbers: one for each exercise."""
    told: dict[str, list[str]] = {}
    for grade_id, verdict in hand.verdicts.items():
        if verdict.status == "failed" and any(c.isdigit() for c in verdict.message):
            exercise = exercises.get(grade_id, grade_id)
            told.setdefault(exercise, []).append(verdict.message.strip()[:300])
    for exercise, messages in told.items():
        yield "wrong result", f"{exercise}: {' '.join(messages)}"


def _all_tokens(answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for source in answers.values():
        yield from tokens(source)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
