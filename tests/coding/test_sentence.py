"""From matches to events: pairs, mirrors, rewrites, consumed acts, repeats, targets, places and dates."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from eventcoder.actors.gazetteer import Gazetteer
from eventcoder.actors.resolve import StoryMemory
from eventcoder.codebook.model import Codebook
from eventcoder.codebook.ontology import ontology
from eventcoder.coding.sentence import Context, Draft, SentenceReader, SentenceReading
from eventcoder.language.parser import Parser

Read = Callable[[str], SentenceReading]
DAY = datetime.date(2022, 1, 27)

CODEBOOK = """
codebook: small
categories:
  attack:
    cameo: "190"
    patterns: [attack TARGET, bomb TARGET, invade TARGET]
  meet:
    cameo: "040"
    mirror: same
    target_from: [beside]
    patterns: ["meet [with] TARGET", BOTH meet, "hold (talk) with TARGET", "BOTH hold (talk)", "meet"]
  visit:
    cameo: "042"
    mirror: "043"
    patterns: [visit TARGET]
  host:
    cameo: "043"
    mirror: "042"
    patterns: [host TARGET, {pattern: "shelter TARGET", mirror: none}]
  threaten:
    cameo: "130"
    target_from: [addressee, condition]
    patterns: [threaten TARGET, "(vow|warn) EVENT:attack -> 138"]
  deny:
    cameo: "016"
    patterns: [deny EVENT]
  boast:
    cameo: "010"
    silent: true
    patterns: [boast]
  agree:
    cameo: "057"
    patterns: []
operators:
  - {words: "agree", event: meet, becomes: agree, cameo: "030"}
rewrites:
  - {category: attack, status: [planned, hypothetical], speaker: source, becomes: threaten, cameo: "138", then: actual}
  - {category: meet, status: [planned], cameo: "036"}
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, parser: Parser) -> Read:
    path = tmp_path_factory.mktemp("codebook") / "small.yaml"
    path.write_text(CODEBOOK)
    reader = SentenceReader(Codebook.read(path), Gazetteer.read(), ontology())
    return lambda text: reader.read(parser.parse(text), Context(DAY, StoryMemory()), tracing=True)


def row(draft: Draft) -> str:
    mark = "*" if draft.mirrored else ""
    return f"{draft.category}{mark} {draft.source.code or '-'}>{draft.target.code or '-'} {draft.cameo} {draft.status}"


# (sentence, events)
EVENTS: list[tuple[str, list[str]]] = [
    # --- compounds become pairs ---
    ("Iran attacked Iraq.", ["attack IRN>IRQ 190 actual"]),
    ("Iran and Syria attacked Iraq.", ["attack IRN>IRQ 190 actual", "attack SYR>IRQ 190 actual"]),
    ("Iran attacked Iraq and Kuwait.", ["attack IRN>IRQ 190 actual", "attack IRN>KWT 190 actual"]),
    (
        "Iran and Syria attacked Iraq and Kuwait.",
        [
            "attack IRN>IRQ 190 actual",
            "attack IRN>KWT 190 actual",
            "attack SYR>IRQ 190 actual",
            "attack SYR>KWT 190 actual",
        ],
    ),
    ("The base was attacked.", []),
    ("Rebels attacked civilians.", []),
    # --- mirrors ---
    ("Iran met Iraq.", ["meet IRN>IRQ 040 actual", "meet* IRQ>IRN 040 actual"]),
    ("Iran visited Iraq.", ["visit IRN>IRQ 042 actual", "visit* IRQ>IRN 043 actual"]),
    ("Iran hosted Iraq.", ["host IRN>IRQ 043 actual", "host* IRQ>IRN 042 actual"]),
    ("Iran sheltered Iraq.", ["host IRN>IRQ 043 actual"]),
    # --- two parties in one slot ---
    ("Iran and Iraq met.", ["meet IRN>IRQ 040 actual", "meet* IRQ>IRN 040 actual"]),
    ("Iran and Iraq held talks.", ["meet IRN>IRQ 040 actual", "meet* IRQ>IRN 040 actual"]),
    # --- consumed acts ---
    ("Iran denied attacking Iraq.", ["deny IRN>IRQ 016 actual"]),
    ("Iran denied that it had attacked Iraq.", ["deny IRN>IRQ 016 actual"]),
    ("Iran agreed to meet Iraq.", ["agree IRN>IRQ 030 actual"]),
    # --- rewrites ---
    ("Iran said it would attack Iraq.", ["threaten IRN>IRQ 138 actual"]),
    ("Iran will attack Iraq.", ["attack IRN>IRQ 190 planned"]),
    ("Turkey said Iran would attack Iraq.", ["attack IRN>IRQ 190 planned"]),
    ("Turkey said Iran might attack Iraq.", ["attack IRN>IRQ 190 hypothetical"]),
    ("Iran will meet Iraq.", ["meet IRN>IRQ 036 planned"]),
    # --- status ---
    ("Iran did not attack Iraq.", ["attack IRN>IRQ 190 negated"]),
    ("Turkey accused Iran of attacking Iraq.", ["attack IRN>IRQ 190 alleged"]),
    ("Iran attacked Iraq in 1980.", ["attack IRN>IRQ 190 historical"]),
    # --- repeats within a sentence are dropped, the firmest stays ---
    ("Iran attacked Iraq and bombed Iraq.", ["attack IRN>IRQ 190 actual"]),
    ("Iran, which will attack Kuwait, attacked Kuwait.", ["attack IRN>KWT 190 actual"]),
    ("Iran attacked Iraq and bombed Kuwait.", ["attack IRN>IRQ 190 actual", "attack IRN>KWT 190 actual"]),
    # --- silent categories make no rows ---
    ("Iran boasted.", []),
    # --- nobody meets themselves ---
    ("Iran met Iran.", []),
]


@pytest.mark.parametrize(("text", "expected"), EVENTS)
def test_events(read: Read, text: str, expected: list[str]) -> None:
    assert [row(draft) for draft in read(text).drafts] == expected


# --- where no slot binds the target, the category says where to look ---


TARGETS: list[tuple[str, str]] = [
    ("Iran told Iraq that it would attack.", "IRN>IRQ"),
    ("Iran said it would attack if Iraq bombed the town.", "IRN>IRQ"),
    ("Iran said it would attack.", "IRN>-"),
    ("Iran said it would attack Kuwait if Iraq bombed the town.", "IRN>KWT"),
]


@pytest.fixture(scope="module")
def read_threats(tmp_path_factory: pytest.TempPathFactory, parser: Parser) -> Read:
    path = tmp_path_factory.mktemp("codebook") / "threats.yaml"
    path.write_text(CODEBOOK.replace("[attack TARGET, bomb", "['attack [TARGET]', bomb"))
    reader = SentenceReader(Codebook.read(path), Gazetteer.read(), ontology())
    return lambda text: reader.read(parser.parse(text), Context(DAY, StoryMemory()))


@pytest.mark.parametrize(("text", "pair"), TARGETS)
def test_target_from_addressee_and_condition(read_threats: Read, text: str, pair: str) -> None:
    found = [d for d in read_threats(text).drafts if d.category == "threaten"]
    assert [f"{d.source.code}>{d.target.code or '-'}" for d in found] == [pair]


def test_target_from_beside(read: Read) -> None:
    (draft, *_) = read("Iran hosted Iraq and met.").drafts
    assert (draft.source.code, draft.target.code) == ("IRN", "IRQ")


def test_a_mirrored_row_keeps_the_words_and_changes_sides(read: Read) -> None:
    one, other = read("Iran visited Iraq.").drafts
    assert (one.source, one.target) == (other.target, other.source)
    assert one.words == other.words
    assert [one.mirrored, other.mirrored] == [False, True]


def test_a_rewrite_keeps_the_act_as_found(read: Read) -> None:
    (draft,) = read("Iran said it would attack Iraq.").drafts
    assert draft.act == "attack:planned"
    assert draft.rewritten is not None
    (draft,) = read("Iran will attack Iraq.").drafts
    assert (draft.act, draft.rewritten) == ("", None)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Iran attacked Iraq.", ""),
        ("Turkey said Iran attacked Iraq.", "TUR"),
        ("Iran attacked Iraq, Turkey said.", "TUR"),
        ("According to Turkey, Iran attacked Iraq.", "TUR"),
        ("Turkey accused Iran of attacking Iraq.", "TUR"),
    ],
)
def test_speaker(read: Read, text: str, speaker: str) -> None:
    (draft,) = read(text).drafts
    assert (draft.speaker.code if draft.speaker else "") == speaker


@pytest.mark.parametrize(
    ("text", "first", "precision"),
    [
        ("Iran attacked Iraq.", "2022-01-27", "story"),
        ("Iran attacked Iraq on Monday.", "2022-01-24", "day"),
        ("Iran attacked Iraq yesterday.", "2022-01-26", "day"),
        ("Iran will attack Iraq on Monday.", "2022-01-31", "day"),
        ("Turkey said on Monday that Iran attacked Iraq.", "2022-01-24", "day"),
        ("Turkey said on Monday that Iran attacked Iraq on Sunday.", "2022-01-23", "day"),
        ("Iran attacked Iraq on 3 January.", "2022-01-03", "day"),
    ],
)
def test_date(read: Read, text: str, first: str, precision: str) -> None:
    (draft,) = read(text).drafts
    assert (str(draft.date.first), draft.date.precision) == (first, precision)


def test_place(read: Read) -> None:
    (draft,) = read("Iran attacked Iraq in Syria.").drafts
    assert draft.place is not None
    assert draft.place.country == "SYR"


@pytest.mark.parametrize(
    ("text", "stage", "words"),
    [
        ("Iran denied attacking Iraq.", "choice", "part of the event"),
        ("Iran boasted.", "choice", "counts only inside"),
        ("Iran attacked Iraq and bombed Iraq.", "repeat", "repeats an event"),
        ("Iran studied the attack on Iraq by Syria.", "status", "only mentioned"),
        ("Rebels attacked civilians.", "parties", "no party with a code"),
    ],
)
def test_what_is_dropped_says_why(read: Read, text: str, stage: str, words: str) -> None:
    dropped = read(text).dropped
    assert any(step.stage == stage and words in step.text for step in dropped), dropped


def test_confidence_is_a_share_and_falls_with_what_is_unsure(read: Read) -> None:
    sure = read("Iran attacked Iraq.").drafts[0].confidence
    unsure = read("Iran attacked Wilbert Quarmby.").drafts[0].confidence
    assert 0 < unsure < sure <= 1


def test_the_rule_names_file_line_and_pattern(read: Read) -> None:
    assert "small.yaml:6 attack/" in read("Iran attacked Iraq.").drafts[0].rule
