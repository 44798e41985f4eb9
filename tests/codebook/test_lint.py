"""Lint: each kind of finding planted in a codebook or dictionary of its own, and none where nothing is wrong."""

# ruff: noqa: E501 -- a planted mistake is one line of its table

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eventcoder.codebook.inflection import base_of, forms_of, plural_base
from eventcoder.codebook.lint import KINDS, SEVERITIES, Finding, lint, lint_actors
from eventcoder.codebook.shipped import shipped_codebooks
from eventcoder.errors import CodebookError

CLEAN = """\
codebook: clean
words:
  talks: [talk, meeting]
groups:
  soft: [meet]
categories:
  meet:
    label: Meet
    definition: They meet.
    cameo: "040"
    patterns:
      - hold {talks} with TARGET
      - visit TARGET -> 042
    examples:
      - {text: Kenya held talks with Somalia., events: [{source: KEN, target: SOM}]}
      - {text: Kenya visited Somalia., events: [{source: KEN, target: SOM, cameo: "042"}]}
      - {text: Talks helped Somalia., events: []}
  refuse:
    label: Refuse
    definition: They refuse.
    cameo: "120"
    patterns:
      - refuse EVENT:soft
    examples:
      - {text: Kenya refused to meet., events: [{source: KEN}]}
      - {text: Refuse lay around., events: []}
"""


def findings(folder: Path, text: str) -> list[Finding]:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    found = lint(path)
    assert all(each.path == str(path) and each.line and each.column for each in found)
    assert all(KINDS[each.kind] == each.severity for each in found)
    return found


def one(folder: Path, text: str, kind: str) -> Finding:
    (found,) = (each for each in findings(folder, text) if each.kind == kind)
    return found


def changed(old: str, new: str) -> str:
    assert CLEAN.count(old) == 1
    return CLEAN.replace(old, new)


def test_nothing_where_nothing_is_wrong(tmp_path: Path) -> None:
    assert findings(tmp_path, CLEAN) == []


# --- codebooks -----------------------------------------------------------------------------------------

VISIT = "      - visit TARGET -> 042\n"
HOLD = "      - hold {talks} with TARGET\n"
REFUSE = "      - refuse EVENT:soft\n"
SHY = "      - {text: Refuse lay around., events: []}\n"

PLANTED = [
    # duplicates and conflicts between patterns
    ("duplicate-pattern", VISIT, VISIT + '      - {pattern: visit TARGET, id: two, cameo: "042"}\n', 14, "asks for the same as 'visit TARGET -> 042'"),
    ("conflicting-patterns", REFUSE, REFUSE + "      - visit TARGET\n", 24, "but gives refuse 120 instead of meet 042; the first one wins"),
    ("conflicting-patterns", VISIT, VISIT + "      - visit TARGET -> nothing\n", 14, "gives nothing instead of meet 042"),
    ("never-wins", VISIT, VISIT + "      - hold (talk) with TARGET\n", 14, "can never win: wherever it matches, 'hold {talks} with TARGET'"),
    ("never-wins", VISIT, '      - {pattern: visit TARGET, priority: 1}\n      - visit TARGET in {talks} -> 042\n', 14, "'visit TARGET'"),
    ("loses-for-words", VISIT, VISIT + "      - visit|tour TARGET -> 043\n", 14, "with 'visit' the pattern 'visit|tour TARGET -> 043' always loses"),
    ("conflicting-words", REFUSE, REFUSE + "      - visit|shun TARGET\n", 24, "with 'visit' the pattern 'visit|shun TARGET' always loses"),
    ("never-matches", HOLD, "      - hold {talks} with TARGET !(talk|x) !meeting !hold\n", 12, "forbids 'hold', which it asks for"),
    # word sets and groups
    ("unused-words", "  talks:", "  idle: [a]\n  talks:", 3, "no pattern uses the word set 'idle'"),
    ("unused-group", "  soft:", "  idle: [meet]\n  soft:", 5, "names the group 'idle'"),
    ("repeated-word", "[talk, meeting]", "[talk, meeting, Talk]", 3, "'talk' stands twice in the word set 'talks'; the first is in line 3"),
    ("repeated-word", "words:", "compounds: [air strike, air strike]\nwords:", 2, "stands twice among the compounds"),
    ("short-compound", "words:", "compounds: [strike]\nwords:", 2, "'strike' is one word"),
    ("same-words", "[talk, meeting]", "[talk, meeting]\n  twin: [meeting, talk]", 4, "the word sets 'talks' and 'twin' hold the same words"),
    ("inflected-head", VISIT, "      - visited TARGET -> 042\n", 13, "'visited' is never seen; write 'visit'"),
    ("inflected-head", HOLD, "      - (hold|had) {talks} with TARGET\n", 12, "'had' is never seen; write 'have'"),
    ("inflected-word", "[talk, meeting]", "[talk, meetings]", 3, "'meetings' is seen in the plural only; 'meeting' would stand"),
    ("inflected-word", "[talk, meeting]", "[talk, meeting, talks]", 3, "'talks' adds nothing: 'talk' in the same set"),
    # categories
    ("no-label", "    label: Refuse\n", "", 18, "the category 'refuse' has no label"),
    ("no-definition", "    definition: They refuse.\n", "", 18, "the category 'refuse' has no definition"),
    ("no-code", '    cameo: "120"\n', "", 18, "neither `cameo` nor `code`"),
    ("no-example", "      - {text: Kenya refused to meet., events: [{source: KEN}]}\n", "", 18, "no example expects an event of the category 'refuse'"),
    ("no-counterexample", SHY, "", 18, "no example that must not code it"),
    ("empty-category", SHY, SHY + '  idle: {label: Idle, cameo: "010"}\n', 27, "no pattern, operator or rewrite gives the category 'idle'"),
    ("silent-unused", SHY, SHY + '  idle: {label: Idle, cameo: "010", silent: true, patterns: [idle]}\n', 27, "it has no effect"),
    ("mirror-own-code", '    cameo: "040"\n', '    cameo: "040"\n    mirror: "040"\n', 7, "write `mirror: same`"),
    ("mirror-own-code", VISIT, '      - {pattern: visit TARGET, cameo: "042", mirror: "042"}\n', 13, "write `mirror: same`"),
    # single patterns
    ("redundant-code", HOLD, "      - hold {talks} with TARGET -> 040\n", 12, "that of the category already"),
    ("nothing-with-code", HOLD, HOLD + '      - {pattern: "hold EVENT", nothing: true, cameo: "041"}\n', 13, "codes nothing"),
    ("emit-without-event", HOLD, "      - {pattern: hold {talks}, emit: true}\n".replace("hold {talks}", '"hold {talks} with TARGET"'), 12, "which has no EVENT slot"),
    ("unknown-limit", HOLD, "      - hold {talks} with TARGET:GOVV\n", 12, "'GOVV' in TARGET:GOVV is no role, country or organisation; did you mean 'GOV'?"),
    ("unknown-target", HOLD, '      - {pattern: "hold {talks}", target: NATOO}\n', 12, "the target 'NATOO'"),
    ("pattern-without-example", VISIT, VISIT + "      - greet TARGET\n", 14, "no example holds the words of 'greet TARGET'"),
    # examples
    ("duplicate-example", SHY, SHY + SHY, 27, "the example stands twice; the first is in"),
    ("contradicting-examples", SHY, SHY + "      - {text: refuse lay  around., events: [{source: KEN}]}\n", 27, "the same text expects other events"),
    ("impossible-example", 'cameo: "042"}]', 'cameo: "043"}]', 16, "meet with code '043', which nothing gives"),
    ("impossible-example", SHY, SHY + "      - {text: They idle., events: [{category: idle}]}\n  idle: {label: Idle, silent: true, patterns: [idle EVENT]}\n", 27, "'idle', which is silent"),
    ("example-date", "events: [{source: KEN}]}", "events: [{source: KEN}], date: 27 January}", 25, "'27 January' is no day"),
    # rewrites
    (
        "rewrite-never-applies", SHY, SHY + "rewrites:\n  - {category: meet, status: [planned, negated], becomes: refuse}\n"
        "  - {category: soft, status: planned, speaker: source, becomes: refuse}\n", 29, "the first wins",
    ),
    (
        "rewrite-into-silent", SHY, SHY + "  idle: {label: Idle, silent: true, patterns: [idle EVENT]}\n"
        "rewrites:\n  - {category: meet, status: planned, becomes: idle}\n", 29, "the event is lost",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new", "line", "message"), PLANTED, ids=[f"{p[0]}-{n}" for n, p in enumerate(PLANTED)])
def test_planted(tmp_path: Path, kind: str, old: str, new: str, line: int, message: str) -> None:
    found = one(tmp_path, changed(old, new), kind)
    assert message in found.message
    assert found.line == line
    assert found.render() == f"{tmp_path / 'mine.yaml'}:{line}:{found.column}: {found.severity}: {found.message} [{kind}]"


def test_every_kind_is_planted_somewhere() -> None:
    planted = {entry[0] for entry in (*PLANTED, *PLANTED_ACTORS)}
    assert set(KINDS) - planted == {"invalid"}
    assert set(KINDS.values()) == set(SEVERITIES)


def test_what_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    found = findings(tmp_path, "codebook: x\ncategores: {}\nwords: {a: [+b]}\n")
    assert [(each.kind, each.severity, each.line) for each in found] == [("invalid", "error", 2), ("invalid", "error", 3)]


def test_no_such_file_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="no such codebook"):
        lint(tmp_path / "none.yaml")
    with pytest.raises(CodebookError, match="cannot read this actor dictionary"):
        lint_actors([tmp_path / "none.yaml"])


def test_what_differs_is_no_duplicate(tmp_path: Path) -> None:
    more = (
        "      - visit TARGET in {talks} -> 043\n      - visit [with] TARGET -> 043\n      - SOURCE:GOV visit TARGET -> 043\n"
        "      - {pattern: visit TARGET, id: s, cameo: '043', subject: storm}\n      - the visit to TARGET\n"
        "      - visit TARGET:GOV -> 043\n      - visit TARGET [with OTHER] -> 043\n      - be visit TARGET -> 043\n"
    )
    kinds = {each.kind for each in findings(tmp_path, changed(VISIT, VISIT + more))}
    assert not kinds & {"duplicate-pattern", "conflicting-patterns", "never-wins"}


def test_acts_ahead_are_narrower_than_acts(tmp_path: Path) -> None:
    text = changed(REFUSE, "      - refuse EVENT:soft|ahead\n      - refuse EVENT:soft\n")
    assert not any(each.kind == "never-wins" for each in findings(tmp_path, text))
    text = changed(REFUSE, "      - refuse EVENT\n      - refuse EVENT:soft|ahead !x\n")
    assert not any(each.kind == "never-wins" for each in findings(tmp_path, text))


def test_only_the_file_itself_is_told(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(changed("    label: Refuse\n", ""))
    assert findings(tmp_path, "codebook: mine\nextends: base\n") == []
    assert [each.kind for each in lint(base)] == ["no-label"]


def test_parts_are_told_with_the_codebook(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "other.yaml").write_text("codebook: other\nwords: {idle: [a]}\n")
    (tmp_path / "mine" / "part.yaml").write_text("codebook: part\nwords: {talks: [talk, talk], lazy: [b]}\n")
    path = tmp_path / "mine.yaml"
    path.write_text(CLEAN.replace("codebook: clean\n", "codebook: mine\nextends: [other, mine/part]\n"))
    found = lint(path)
    assert [(each.kind, each.path, each.line) for each in found] == [
        ("repeated-word", str(tmp_path / "mine" / "part.yaml"), 2),
        ("unused-words", str(tmp_path / "mine" / "part.yaml"), 2),
    ]


def test_a_rewrite_to_nothing(tmp_path: Path) -> None:
    assert findings(tmp_path, CLEAN + "rewrites: [{category: meet, status: planned, becomes: nothing}]\n") == []


@pytest.mark.parametrize("name", sorted(shipped_codebooks()))
def test_shipped_codebooks_have_no_errors(name: str) -> None:
    assert [each.render() for each in lint(name) if each.severity == "error"] == []


def test_findings_can_be_written_as_json(tmp_path: Path) -> None:
    found = one(tmp_path, changed("    label: Refuse\n", ""), "no-label")
    assert json.loads(json.dumps(found.as_dict())) == {
        "severity": "warning",
        "kind": "no-label",
        "message": found.message,
        "path": str(tmp_path / "mine.yaml"),
        "line": 18,
        "column": 3,
    }


# --- actor dictionaries -----------------------------------------------------------------------------------

ACTORS = """\
countries:
  - {code: KEN, name: Kenya, nationality: [Kenyan], people: [Kenyan], source: un.org}
organisations:
  - {code: AFU, name: African Union, names: [AU, Union], ambiguous: [Union], source: au.int}
groups:
  - {name: Red Hand, country: KEN, roles: [REB], from: 1990-01-01, to: 1999-12-31, source: own}
leaders:
  - {name: Ann Example, country: KEN, source: own, offices: [{title: minister, roles: [GOV], from: 2001-01-01, to: 2004-06-30}, {title: member, roles: [LEG], from: 2004-06-30}]}
roles:
  - {code: GOV, nouns: [minister, president]}
  - {code: LEG, nouns: [member of parliament]}
"""

MORE = "  - {name: Ann Example, country: KEN"
PLANTED_ACTORS = [
    ("overlapping-periods", "{title: member, roles: [LEG], from: 2004-06-30}", "{title: member, roles: [LEG], from: 2003-01-01}", 8, "two periods of Ann Example overlap with different codes (KEN GOV and KEN LEG)"),
    ("absurd-period", "from: 2001-01-01, to: 2004-06-30}", "from: 1901-01-01, to: 2004-06-30}", 8, "lasts more than 75 years"),
    ("absurd-period", "from: 2001-01-01, to: 2004-06-30}", "from: 1894-01-01, to: 1904-06-30}", 8, "begins in 1894, before 1900"),
    ("impossible-period", "from: 2001-01-01, to: 2004-06-30}", "from: 2004-07-01, to: 2004-06-30}", 8, "ends (2004-06-30) before it begins (2004-07-01)"),
    ("impossible-period", "to: 1999-12-31", "to: 1989-12-31", 6, "a period of Red Hand ends"),
    ("same-name", "leaders:", "  - {name: AU, country: SOM, source: own}\nleaders:", 7, "'AU' names AU (SOM) and African Union (AFU"),
    ("repeated-name", "names: [AU, Union]", "names: [AU, Union, AU]", 4, "'AU' stands twice in the entry 'African Union'"),
    ("repeated-name", "nouns: [minister, president]", "nouns: [minister, president, minister]", 10, "'minister' stands twice under GOV"),
    ("role-name-clash", "names: [AU, Union]", "names: [AU, Union, president]", 4, "'president' is also a role noun of GOV"),
    ("role-in-two", "nouns: [member of parliament]", "nouns: [member of parliament, minister]", 11, "'minister' stands under GOV"),
    ("unknown-role", "roles: [REB]", "roles: [REBB]", 6, "no role 'REBB'; did you mean 'REB'?"),
    ("unknown-country", "name: Red Hand, country: KEN", "name: Red Hand, country: KNE", 6, "no country 'KNE'"),
    ("no-source", ", source: au.int", "", 4, "African Union does not say where its facts come from"),
]  # fmt: skip


def actor_findings(folder: Path, text: str) -> list[Finding]:
    path = folder / "actors.yaml"
    path.write_text(text, encoding="utf-8")
    return lint_actors([path])


def test_no_findings_in_clean_actors(tmp_path: Path) -> None:
    assert actor_findings(tmp_path, ACTORS) == []


@pytest.mark.parametrize(("kind", "old", "new", "line", "message"), PLANTED_ACTORS)
def test_planted_actors(tmp_path: Path, kind: str, old: str, new: str, line: int, message: str) -> None:
    assert ACTORS.count(old) == 1
    (found,) = (each for each in actor_findings(tmp_path, ACTORS.replace(old, new)) if each.kind == kind)
    assert message in found.message
    assert (found.line, found.severity) == (line, KINDS[kind])


def test_a_date_that_is_none(tmp_path: Path) -> None:
    (found,) = actor_findings(tmp_path, ACTORS.replace("1999-12-31", "1999"))
    assert (found.kind, found.message) == ("invalid", "to should be a day such as 2022-01-27, not '1999'")


def test_names_of_different_times_are_fine(tmp_path: Path) -> None:
    later = "  - {name: Red Hand, country: SOM, roles: [REB], from: 2001-01-01, source: own}\nleaders:"
    assert actor_findings(tmp_path, ACTORS.replace("leaders:", later)) == []


def test_files_are_checked_together(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(ACTORS)
    second.write_text("groups:\n  - {name: AU, country: SOM, source: own}\n")
    assert [(each.kind, each.path) for each in lint_actors([first, second])] == [("same-name", str(second))]


def test_shipped_actors_have_no_errors() -> None:
    assert [each.render() for each in lint_actors() if each.severity == "error"] == []


# --- inflection -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "base"),
    [
        *{"imposed": "impose", "imposing": "impose", "deployed": "deploy", "cutting": "cut", "met": "meet"}.items(),
        *{"held": "hold", "denied": "deny", "urged": "urge", "launched": "launch", "visiting": "visit"}.items(),
        *{"agreed": "agree", "talks": "talk", "ties": "tie", "parties": "party", "sanctions": "sanction"}.items(),
        *{"banned": "ban", "frozen": "freeze", "slapped": "slap", "accused": "accuse", "women": "woman"}.items(),
    ],
)  # fmt: skip
def test_base_of(form: str, base: str) -> None:
    assert base_of(form) == base


LEFT = "need bring pass discuss embed find found lay proceed focus news shed ring series gas crisis cut"


@pytest.mark.parametrize("word", LEFT.split())
def test_base_forms_are_left(word: str) -> None:
    assert base_of(word) == ""


def test_forms_and_plurals() -> None:
    assert {"meet", "meets", "met", "meeting"} <= forms_of("meet")
    assert {"denied", "denies", "denying"} <= forms_of("deny")
    assert {"banned", "banning"} <= forms_of("ban")
    assert {"imposed", "imposing"} <= forms_of("impose")
    assert (plural_base("embassies"), plural_base("crisis"), plural_base("attaches")) == ("embassy", "", "attach")
