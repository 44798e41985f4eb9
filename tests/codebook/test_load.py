"""Codebooks from files: everything that is read, and every mistake in one report with its place."""

# ruff: noqa: E501 -- a planted mistake is one line of its table

from __future__ import annotations

from pathlib import Path

import pytest

from eventcoder.codebook import load
from eventcoder.codebook.model import Codebook, Expected
from eventcoder.codebook.shipped import shipped_codebooks
from eventcoder.errors import CodebookError, Problem

SMALL = """\
codebook: small
label: A small one
version: "1.2"
words:
  talks: [talk, Meeting]
  all: [+talks, round table]
groups:
  soft: [meet]
  wider: [soft, threaten]
categories:
  meet:
    label: Meet
    cameo: "040"
    mirror: same
    patterns:
      - meet [with] TARGET
      - hold {all} with TARGET
      - {pattern: visit TARGET, id: visit, cameo: "042", mirror: "043", priority: 2, not: [grave, war memorial]}
      - call on TARGET -> nothing
    examples:
      - {text: Kenya met Somalia., events: [{source: KEN, target: SOM}], date: 2022-01-27}
      - {text: They met the demands., events: [], id: demands, known_miss: no reason}
  threaten:
    label: Threaten
    cameo: "130"
    code: T
    target_from: [addressee]
    patterns:
      - threaten EVENT:soft
      - {pattern: "be {talks}", subject: [that, "{talks}"], source: speaker}
operators:
  - {words: (refuse|decline), event: [wider], becomes: threaten, id: refusal}
  - {words: call, event: any, becomes: threaten, prepositions: [for, on], cameo: "131"}
rewrites:
  - {category: [wider], status: [planned], speaker: source, becomes: threaten, cameo: "138"}
  - {category: meet, status: hypothetical, cameo: "036"}
"""


def write(folder: Path, text: str, name: str = "small.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(CodebookError) as caught:
        Codebook.read(path)
    return caught.value.problems


def messages(folder: Path, text: str) -> list[str]:
    return [problem.message for problem in problems(write(folder, text))]


# --- what is read ------------------------------------------------------------------------------------


def test_everything_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    book = Codebook.read(path)
    assert (book.name, book.label, book.version, book.path) == ("small", "A small one", "1.2", str(path))
    assert book.words["all"] == {("talk",), ("meeting",), ("round", "table")}
    assert book.groups["wider"] == {"soft", "meet", "threaten"}
    meet, threaten = book.categories
    assert (meet.name, meet.cameo, meet.mirror, meet.place.line) == ("meet", "040", "same", 12)
    assert [pattern.id for pattern in meet.patterns] == [
        "meet/meet-with-TARGET",
        "meet/hold-all-with-TARGET",
        "visit",
        "meet/call-on-TARGET-nothing",
    ]
    visit = meet.patterns[2]
    assert (visit.cameo, visit.mirror, visit.priority, visit.rank[0]) == ("042", "043", 2, 2)
    assert visit.form.forbidden == {("grave",), ("war", "memorial")}
    assert (visit.place.path, visit.place.line, visit.place.column) == (str(path), 18, 9)
    assert meet.patterns[3].nothing
    assert meet.examples[0].events == (Expected("meet", "KEN", "SOM"),)
    assert meet.examples[0].date == "2022-01-27"
    assert (meet.examples[1].id, meet.examples[1].known_miss, meet.examples[1].events) == ("demands", "no reason", ())
    assert (threaten.code, threaten.target_from) == ("T", ("addressee",))
    subject = threaten.patterns[1].form.subject
    assert getattr(subject, "phrases", None) == {("that",), ("talk",), ("meeting",)}
    assert [pattern.form.text for pattern in threaten.patterns[2:]] == [
        "(refuse|decline) EVENT:wider",
        "(call) for|on EVENT",
    ]
    assert threaten.patterns[2].id == "refusal"
    first, second = book.rewrites
    assert (first.categories, first.speaker, first.becomes, first.status) == (
        {"soft", "meet", "threaten"},
        {"source"},
        "threaten",
        "actual",
    )
    assert (second.becomes, second.status, second.cameo) == ("", "", "036")


@pytest.mark.parametrize("name", sorted(shipped_codebooks()))
def test_shipped_codebooks_can_be_read(name: str) -> None:
    book = Codebook.read(name)
    assert book.name == name
    assert len({pattern.id for pattern in book.patterns}) == len(book.patterns)
    assert book.path == f"{name}.yaml"
    # The event table quotes these, and is the same on every machine.
    assert not any(Path(text).is_absolute() for text in (*book.files, *(p.place.path for p in book.patterns)))


def test_fingerprint_ignores_places_and_examples(tmp_path: Path) -> None:
    first = Codebook.read(write(tmp_path, SMALL)).fingerprint
    moved = SMALL.replace("categories:", "\n\ncategories:").replace("Kenya met Somalia.", "Kenya met Uganda.")
    assert Codebook.read(write(tmp_path, moved)).fingerprint == first
    assert Codebook.read(write(tmp_path, SMALL.replace("round table", "summit"))).fingerprint != first


# --- mistakes --------------------------------------------------------------------------------------------

WRONG = """\
codebook: wrong
lable: A wrong one
words:
  talks: [talk, +tlks]
categories:
  meet:
    label: Meet
    cameo: "999"
    patterns:
      - meet {talk} with TARGET
      - "hold [with TARGET"
      - meet TARGET
      - meet TARGET
      - {patern: visit TARGET}
    examples:
      - {text: Kenya met Somalia.}
      - {text: They met., events: [{source: KEN, satus: actual}]}
      - {text: They met., events: [{status: actuall}]}
rewrites:
  - {category: met, status: [planned]}
"""


def test_ten_mistakes_in_one_report(tmp_path: Path) -> None:
    path = write(tmp_path, WRONG, "wrong.yaml")
    found = [(p.line, p.column, p.message) for p in problems(path)]
    expected = [
        (2, 1, "unknown key 'lable' in a codebook; did you mean 'label'?"),
        (4, 17, "unknown word set +tlks; did you mean 'talks'?"),
        (8, 12, "unknown CAMEO code '999'"),
        (10, 14, "unknown word set {talk}; did you mean 'talks'?"),
        (11, 15, "a '[' that is never closed"),
        (13, 9, "the pattern 'meet TARGET' stands twice; the first is in line 12"),
        (14, 10, "unknown key 'patern' in a pattern; did you mean 'pattern'?"),
        (14, 9, "the long form of a pattern needs the key `pattern`"),
        (16, 9, "an example needs the key `events`"),
        (17, 50, "unknown key 'satus' in an event of an example; did you mean 'status'?"),
        (18, 45, "unknown status 'actuall'; did you mean 'actual'?"),
        (20, 16, "unknown category or group 'met'; did you mean 'meet'?"),
    ]
    assert len(found) == len(expected)
    for (line, column, message), (at_line, at_column, part) in zip(sorted(found), sorted(expected), strict=True):
        assert (line, column) == (at_line, at_column), message
        assert part in message
    with pytest.raises(CodebookError) as caught:
        Codebook.read(path)
    text = str(caught.value)
    assert text.startswith("12 problems found:\n")
    assert f"{path}:10:14: pattern 'meet {{talk}} with TARGET': unknown word set" in text
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if ":10:14:" in line)
    # The caret stands under the brace.
    assert lines[at + 1].strip() == "- meet {talk} with TARGET"
    assert lines[at + 2].index("^") == lines[at + 1].index("{talk}")


def test_a_column_inside_quotes_is_right(tmp_path: Path) -> None:
    (problem,) = problems(write(tmp_path, 'codebook: x\ncategories: {a: {patterns: ["meet {tlk} x"]}}\n'))
    assert problem.source[problem.column - 1 :].startswith("{tlk}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("codebook: x\n", "no categories; a codebook needs the key `categories`"),
        ("label: x\ncategories: {a: {patterns: [meet TARGET]}}\n", "the key `codebook` (a name) is missing"),
        ("- a\n", "a codebook should be keys with values, not a list"),
        ("codebook: x\ncategories: [a]\n", "categories should be keys with values, not a list"),
        ("codebook: x\ncategories: {a: {patterns: {b: c}}}\n", "patterns should be a list, not keys with values"),
        ("codebook: x\ncategories: {a: {patterns: [[with]]}}\n", "a pattern that begins with '[' must stand in quotes"),
        ("codebook: x\ncategories: {a: {cameo: same}}\n", "unknown CAMEO code 'same'"),
        ("codebook: x\ncategories: {a: {patterns: [{pattern: meet TARGET, priority: inf}]}}\n", "a whole number"),
        ("codebook: x\ncategories: {a: {patterns: [{pattern: meet TARGET, source: who}]}}\n", "unknown source 'who'"),
        ("codebook: x\ncategories: {a: {patterns: [meet TARGET -> 99]}}\n", "unknown CAMEO code '99' after '->'"),
        ("codebook: x\ncategories: {a: {patterns: [deny EVENT:b]}}\n", "unknown category or group 'b' in EVENT:b"),
        ("codebook: x\ncategories: {a: {target_from: [sky]}}\n", "unknown target_from 'sky'"),
        ("codebook: x\ngroups: {g: [b]}\ncategories: {a: {cameo: '010'}}\n", "the group 'g' names an unknown category 'b'"),
        (
            "codebook: x\ncategories: {a: {examples: [{text: t, events: [{category: b}]}]}}\n",
            "example expects unknown category 'b'",
        ),
        ("codebook: x\ncategories: {a: {examples: [{events: []}]}}\n", "an example needs the key `text`"),
        ("codebook: x\nremove: [b]\ncategories: {a: {cameo: '010'}}\n", "nothing to remove: no category or pattern 'b'"),
        ("codebook: x\ncategories: {a: {}}\noperators: [{words: b}]\n", "an operator needs the keys event, becomes"),
        ("codebook: x\ncategories: {a: {}}\noperators: [{words: b, event: a, becomes: c}]\n", "unknown category 'c'"),
        ("codebook: x\ncategories: {a: {}}\nrewrites: [{category: a}]\n", "a rewrite needs the keys `category` and `status`"),
        ("codebook: x\ncategories: {a: {}}\nrewrites: [{category: a, status: planned, becomes: c}]\n", "unknown category 'c'"),
        ("codebook: x\ncategories: {a: {}}\nrewrites: [{category: a, status: planned, speaker: me}]\n", "unknown speaker 'me'"),
        ("codebook: x\nwords: {a: []}\ncategories: {a: {}}\n", "the word set 'a' is empty"),
        ("codebook: x\nwords: {a: ['']}\ncategories: {a: {}}\n", "an entry of the word set 'a' is empty"),
        ("codebook: x\nwords: {a: ['{b}']}\ncategories: {a: {}}\n", "to nest a word set in another, write +b"),
        ("codebook: x\nwords: {a: [+b], b: [+c], c: [+a]}\ncategories: {a: {}}\n", "in a circle: a > b > c > a"),
        ("codebook: x\nwords: {a: [+a]}\ncategories: {a: {}}\n", "in a circle: a > a"),
    ],
)
def test_one_mistake_one_message(tmp_path: Path, text: str, message: str) -> None:
    (found,) = messages(tmp_path, text)
    assert message in found


def test_word_sets_nested_too_deep(tmp_path: Path) -> None:
    chain = ", ".join(f"w{number}: [+w{number + 1}]" for number in range(5_000))
    found = messages(tmp_path, f"codebook: x\nwords: {{{chain}, w5000: [a]}}\ncategories: {{a: {{}}}}\n")
    assert found
    assert set(found) == {f"word sets are nested more than {load.DEEPEST_WORDS} deep"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &a [x]\nb: *a\n", "anchors and aliases"),
        ("[" * 1000, "levels deep"),
        ("", "the file is empty"),
        ("a\x00b", "a binary file"),
    ],
)
def test_hostile_files(tmp_path: Path, text: str, message: str) -> None:
    assert message in messages(tmp_path, text)[0]


def test_no_such_codebook(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=r"no such codebook.*did you mean 'crisis'"):
        Codebook.read("crisi")
    with pytest.raises(CodebookError, match="this is a folder"):
        Codebook.read(tmp_path)


# --- extending ---------------------------------------------------------------------------------------------


def test_extending_adds_replaces_and_removes(tmp_path: Path) -> None:
    write(tmp_path, SMALL)
    mine = """\
codebook: mine
extends: [small]
remove: [meet/call-on-TARGET-nothing]
words:
  talks: [summit]
groups:
  soft: [aid]
categories:
  meet:
    definition: They meet.
    patterns:
      - {pattern: visit TARGET, id: visit, cameo: "043"}
      - greet TARGET
  aid:
    cameo: "070"
    patterns: [aid TARGET]
"""
    book = Codebook.read(write(tmp_path, mine, "mine.yaml"))
    meet = book.by_name["meet"]
    assert book.name == "mine"
    assert (meet.label, meet.definition, meet.cameo) == ("Meet", "They meet.", "040")
    assert [pattern.id for pattern in meet.patterns] == [
        "meet/meet-with-TARGET",
        "meet/hold-all-with-TARGET",
        "visit",
        "meet/greet-TARGET",
    ]
    assert meet.patterns[2].cameo == "043"
    assert meet.patterns[2].place.path.endswith("mine.yaml")
    assert book.groups["soft"] == {"meet", "aid"}
    assert "aid" in book.by_name
    assert [Path(name).name for name in book.files] == ["mine.yaml", "small.yaml"]


def test_words_that_are_added_reach_the_patterns_that_are_extended(tmp_path: Path) -> None:
    write(tmp_path, SMALL)
    book = Codebook.read(
        write(tmp_path, "codebook: mine\nextends: small\nwords:\n  talks: [summit]\n", "mine.yaml")
    )
    assert ("summit",) in book.words["talks"]
    assert ("summit",) in book.words["all"]
    hold = next(pattern for pattern in book.patterns if pattern.id == "meet/hold-all-with-TARGET")
    assert ("summit",) in getattr(hold.form.items[0].filler, "phrases", ())
    be = next(pattern for pattern in book.patterns if pattern.source == "speaker")
    assert ("summit",) in be.form.heads
    assert ("summit",) in getattr(be.form.subject, "phrases", ())
    assert ("that",) in getattr(be.form.subject, "phrases", ())


def test_a_category_can_be_removed(tmp_path: Path) -> None:
    write(tmp_path, "codebook: base\ncategories: {a: {cameo: '010'}, b: {cameo: '020'}}\n", "base.yaml")
    book = Codebook.read(write(tmp_path, "codebook: mine\nextends: base\nremove: a\n", "mine.yaml"))
    assert list(book.by_name) == ["b"]


def test_extending_a_shipped_codebook(tmp_path: Path) -> None:
    book = Codebook.read(write(tmp_path, "codebook: mine\nextends: [crisis]\n", "mine.yaml"))
    assert set(book.by_name) == set(Codebook.read("crisis").by_name)
    assert book.files[1] == "crisis.yaml"


def test_two_bases_with_one_base_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, SMALL)
    write(tmp_path, "codebook: left\nextends: small\n", "left.yaml")
    write(tmp_path, "codebook: right\nextends: small\n", "right.yaml")
    book = Codebook.read(write(tmp_path, "codebook: top\nextends: [left, right, left]\n", "top.yaml"))
    assert len(book.patterns) == len(Codebook.read(tmp_path / "small.yaml").patterns)


def test_extending_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path, "codebook: a\nextends: [b]\n", "a.yaml")
    write(tmp_path, "codebook: b\nextends: [a]\n", "b.yaml")
    (problem,) = (p for p in problems(tmp_path / "a.yaml") if "extends" in p.message)
    assert problem.message == "'a' extends this file in turn; a codebook cannot extend itself"
    assert Path(problem.path).name == "b.yaml"
    assert (problem.line, problem.column) == (2, 11)


def test_extending_too_deep(tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path, f"codebook: c{number}\nextends: c{number + 1}\n", f"c{number}.yaml")
    assert any("more than 8 deep" in problem.message for problem in problems(tmp_path / "c0.yaml"))


def test_extending_nothing_that_exists(tmp_path: Path) -> None:
    (found,) = (m for m in messages(tmp_path, "codebook: x\nextends: crisi\ncategories: {a: {}}\n"))
    assert found == "no codebook 'crisi': neither shipped nor a file; did you mean 'crisis'?"


def test_mistakes_in_both_files_are_told_together(tmp_path: Path) -> None:
    write(tmp_path, "codebook: base\ncategories: {a: {cameo: '999'}}\n", "base.yaml")
    path = write(tmp_path, "codebook: mine\nextends: base\ncategories: {b: {camo: '010'}}\n", "mine.yaml")
    assert [Path(problem.path).name for problem in problems(path)] == ["mine.yaml", "base.yaml"]
