"""Every construct of the pattern language against small codebooks, sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eventcoder.actors.gazetteer import Gazetteer
from eventcoder.actors.resolve import StoryMemory
from eventcoder.codebook.model import Codebook
from eventcoder.codebook.ontology import ontology
from eventcoder.coding.sentence import Context, SentenceReader, SentenceReading
from eventcoder.language.parser import Parser

Read = Callable[[str, str], SentenceReading]

WORDS = """words:
  sanctions: [sanction, asset freeze, embargo]
  envoys: [ambassador, diplomat]
"""
CATEGORY = "{words}categories:\n  act:\n    cameo: '010'\n    patterns:\n{patterns}\n"


@pytest.fixture
def read(tmp_path: Path, parser: Parser) -> Read:
    """A function from patterns (YAML lines) and a sentence to the sentence's reading."""

    def make(patterns: str, sentence: str) -> SentenceReading:
        body = CATEGORY.format(words=WORDS, patterns="\n".join(f"      - {line}" for line in patterns.split("\n")))
        path = tmp_path / "small.yaml"
        path.write_text("codebook: small\n" + body)
        reader = SentenceReader(Codebook.read(path), Gazetteer.read(), ontology())
        return reader.read(parser.parse(sentence), Context(None, StoryMemory()), tracing=True)

    return make


def events(reading: SentenceReading) -> list[str]:
    """Events as ``SOURCE>TARGET`` in their order."""
    return [f"{d.source.code or '-'}>{d.target.code or '-'}" for d in reading.drafts]


# (pattern, sentence, events)
CONSTRUCTS: list[tuple[str, str, list[str]]] = [
    # --- the head and its objects ---
    ("attack TARGET", "Iran attacked Iraq.", ["IRN>IRQ"]),
    ("attack TARGET", "Iraq was attacked by Iran.", ["IRN>IRQ"]),
    ("attack TARGET", "Iraq was attacked.", ["->IRQ"]),
    ("attack TARGET", "Iran praised Iraq.", []),
    ("attack TARGET", "Iran launched an attack on Iraq.", ["IRN>IRQ"]),
    ("attack TARGET", "Turkey studied Iran's attack on Iraq.", []),
    ("attack TARGET", "Turkey condemned Iran's attack on Iraq.", ["IRN>IRQ"]),
    ("attack TARGET", "Iran's attack on Iraq killed six soldiers.", ["IRN>IRQ"]),
    ("attack", "Iran attacked.", ["IRN>-"]),
    ("(attack|bomb) TARGET", "Iran bombed Iraq.", ["IRN>IRQ"]),
    ("(attack|bomb) TARGET", "Iran attacked Iraq.", ["IRN>IRQ"]),
    ("attack TARGET", "The weather attacked Iraq.", []),
    ("attack TARGET", "Iran attacked the table.", []),
    # --- words in slots ---
    ("'impose {sanctions} on TARGET'", "Iran imposed sanctions on Iraq.", ["IRN>IRQ"]),
    ("'impose {sanctions} on TARGET'", "Iran imposed an asset freeze on Iraq.", ["IRN>IRQ"]),
    ("'impose {sanctions} on TARGET'", "Iran imposed heavy new sanctions on Iraq.", ["IRN>IRQ"]),
    ("'impose {sanctions} on TARGET'", "Iran imposed a tax on Iraq.", []),
    ("'impose {sanctions} on TARGET'", "Sanctions were imposed on Iraq by Iran.", ["IRN>IRQ"]),
    ("impose sanction on TARGET", "Iran imposed sanctions on Iraq.", ["IRN>IRQ"]),
    ("impose (sanction|curfew) on TARGET", "Iran imposed a curfew on Iraq.", ["IRN>IRQ"]),
    # --- prepositions ---
    ("march on TARGET", "Iran marched on Iraq.", ["IRN>IRQ"]),
    ("march on TARGET", "Iran marched from Iraq.", []),
    ("march on|against TARGET", "Iran marched against Iraq.", ["IRN>IRQ"]),
    ("march [on TARGET]", "Iran marched.", ["IRN>-"]),
    ("march [on TARGET]", "Iran marched on Iraq.", ["IRN>IRQ"]),
    ("meet [with] TARGET", "Iran met Iraq.", ["IRN>IRQ"]),
    ("meet [with] TARGET", "Iran met with Iraq.", ["IRN>IRQ"]),
    ("meet with TARGET", "Iran met Iraq.", []),
    # --- particles ---
    ("pull out", "Iran pulled out.", ["IRN>-"]),
    ("pull out", "Iran pulled.", []),
    ("pull out of TARGET", "Iran pulled out of Iraq.", ["IRN>IRQ"]),
    # --- two bare phrases: the first is the indirect object ---
    ("give TARGET (ultimatum|warning)", "Iran gave Iraq a warning.", ["IRN>IRQ"]),
    ("give TARGET (ultimatum|warning)", "Iran gave a warning to Iraq.", ["IRN>IRQ"]),
    ("give TARGET (ultimatum|warning)", "Iraq was given a warning by Iran.", ["IRN>IRQ"]),
    ("give TARGET (ultimatum|warning)", "Iran gave Iraq a present.", []),
    # --- possessors ---
    ("\"expel TARGET's {envoys}\"", "Iran expelled Iraq's ambassador.", ["IRN>IRQGOV"]),
    ("\"expel TARGET's {envoys}\"", "Iran expelled three Iraqi diplomats.", ["IRN>IRQGOV"]),
    ("\"expel TARGET's {envoys}\"", "Iran expelled the ambassador of Iraq.", ["IRN>IRQGOV"]),
    # --- forbidden words ---
    ("attack TARGET !verbally", "Iran attacked Iraq.", ["IRN>IRQ"]),
    ("attack TARGET !verbally", "Iran verbally attacked Iraq.", []),
    ("'attack TARGET !{sanctions}'", "Iran attacked Iraq over the embargo.", []),
    # --- limits of slots ---
    ("'attack TARGET:MIL'", "Iran attacked the Iraqi army.", ["IRN>IRQMIL"]),
    ("'attack TARGET:MIL'", "Iran attacked the Iraqi president.", []),
    ("'attack TARGET:MIL|COP'", "Iran attacked the Iraqi police.", ["IRN>IRQCOP"]),
    ("'SOURCE:MIL attack TARGET'", "The Iranian army attacked Iraq.", ["IRNMIL>IRQ"]),
    ("'SOURCE:MIL attack TARGET'", "Iran attacked Iraq.", []),
    # --- the subject as slot or words ---
    ("TARGET face (sanction|charge)", "Iraq faces sanctions.", ["->IRQ"]),
    ("TARGET face (sanction|charge)", "Iraq faces the sea.", []),
    ("SOURCE fall to TARGET", "Iran fell to Iraq.", ["IRN>IRQ"]),
    ("TARGET fall to SOURCE", "Iran fell to Iraq.", ["IRQ>IRN"]),
    # --- two parties ---
    ("BOTH quarrel", "Iran and Iraq quarrelled.", ["IRN>IRQ", "IRQ>IRN"]),
    ("BOTH quarrel", "Iran quarrelled.", []),
    ("mediate between BOTH", "Turkey mediated between Iran and Iraq.", ["TUR>IRN", "TUR>IRQ"]),
    ("mediate between BOTH", "Turkey mediated between friends.", []),
    # --- a participant that is asked for, but not emitted ---
    ("side with OTHER against TARGET", "Iran sided with Syria against Iraq.", ["IRN>IRQ"]),
    ("side with OTHER against TARGET", "Iran sided against Iraq.", []),
    # --- nouns ---
    ("the (quarrel) between BOTH", "The quarrel between Iran and Iraq goes on.", ["IRN>IRQ", "IRQ>IRN"]),
    ("\"SOURCE's {sanctions} against TARGET\"", "Iran's embargo against Iraq hurts Turkey.", ["IRN>IRQ"]),
    ("\"SOURCE's {sanctions} against TARGET\"", "The embargo against Iraq hurts Turkey.", []),
    # --- be ---
    ("be at war with TARGET", "Iran is at war with Iraq.", ["IRN>IRQ"]),
    ("be at war with TARGET", "Iran is at peace with Iraq.", []),
    ("be hostile to TARGET", "Iran is hostile to Iraq.", ["IRN>IRQ"]),
    ("be (ally|enemy) of TARGET", "Iran is an enemy of Iraq.", ["IRN>IRQ"]),
    # --- nothing ---
    ("attack TARGET\nattack sea -> nothing", "Iran attacked Iraq.", ["IRN>IRQ"]),
    # --- fixed target, sources ---
    ("{pattern: leave the bloc, target: EUR}", "Iran left the bloc.", ["IRN>EUR"]),
    ("{pattern: attack TARGET, source: none}", "Iran attacked Iraq.", ["->IRQ"]),
    ("{pattern: be false, source: speaker}", "That is false, Iran said.", ["IRN>-"]),
    ("{pattern: be false, source: speaker}", "That is false.", []),
    ("{pattern: attack TARGET, subject: [army, navy]}", "The Iranian army attacked Iraq.", ["IRNMIL>IRQ"]),
    ("{pattern: attack TARGET, subject: [army, navy]}", "Iran attacked Iraq.", []),
    ("{pattern: attack TARGET, source: none, subject: [wolf, bear]}", "Bears attacked Iraq.", ["->IRQ"]),
    ("{pattern: attack TARGET, subject: [wolf, bear]}", "Iran attacked Iraq.", []),
    ("{pattern: attack TARGET, not: [verbally]}", "Iran verbally attacked Iraq.", []),
    ("{pattern: attack TARGET, mirror: same}", "Iran attacked Iraq.", ["IRN>IRQ", "IRQ>IRN"]),
    # --- media and places are no sources ---
    ("attack TARGET", "Reuters attacked Iraq.", []),
]


@pytest.mark.parametrize(("patterns", "sentence", "expected"), CONSTRUCTS)
def test_construct(read: Read, patterns: str, sentence: str, expected: list[str]) -> None:
    assert events(read(patterns, sentence)) == expected


def test_nobody_expels_the_own_envoy(read: Read) -> None:
    assert events(read("\"expel TARGET's {envoys}\"", "Iran expelled the ambassador.")) == []


def test_subject_words_need_not_be_a_party(read: Read) -> None:
    assert events(read("{pattern: attack TARGET, subject: [wolf, bear]}", "Bears attacked Iraq.")) == ["->IRQ"]


# --- nested events -----------------------------------------------------------------------------------


TWO = """codebook: small
categories:
  attack:
    cameo: "190"
    patterns:
      - attack TARGET
      - raid TARGET
  meet:
    cameo: "040"
    patterns:
      - meet [with] TARGET
  outer:
    cameo: "120"
    patterns:
      - {pattern}
groups:
  harm: [attack]
"""

# (pattern of the category `outer`, sentence, events as category:SOURCE>TARGET)
NESTED = [
    ("spurn EVENT", "Iran spurned attacking Iraq.", ["outer:IRN>IRQ"]),
    ("refuse EVENT", "Iran refused to meet Iraq.", ["outer:IRN>IRQ"]),
    ("refuse EVENT:meet", "Iran refused to meet Iraq.", ["outer:IRN>IRQ"]),
    ("refuse EVENT:meet", "Iran refused to attack Iraq.", ["attack:IRN>IRQ"]),
    ("refuse EVENT:harm", "Iran refused to attack Iraq.", ["outer:IRN>IRQ"]),
    ("refuse EVENT:harm", "Iran refused to meet Iraq.", ["meet:IRN>IRQ"]),
    ("deny EVENT:attack", "Iran denied that it had attacked Iraq.", ["outer:IRN>IRQ"]),
    ("deny EVENT:attack", "Iran denied attacking Iraq.", ["outer:IRN>IRQ"]),
    ("deny EVENT:attack", "Iran denied its attack on Iraq.", ["outer:IRN>IRQ"]),
    ("deny EVENT:attack", "Iran denied an attack on Iraq.", ["outer:IRN>IRQ"]),
    ("deny EVENT:attack", "Iran denied that it planned to attack Iraq.", ["outer:IRN>IRQ"]),
    ("accuse TARGET of EVENT", "Iran accused Iraq of attacking Syria.", ["outer:IRN>IRQ"]),
    ("accuse TARGET of EVENT", "Iraq was accused by Iran of attacking Syria.", ["outer:IRN>IRQ"]),
    ("urge TARGET EVENT", "Iran urged Iraq to attack Syria.", ["outer:IRN>IRQ"]),
    ("warn TARGET EVENT:ahead", "Iran warned Iraq that it would attack Syria.", ["outer:IRN>IRQ"]),
    ("warn TARGET EVENT:ahead", "Iran warned Iraq that Turkey would attack Syria.", ["attack:TUR>SYR"]),
    ("{{pattern: refuse EVENT, emit: true}}", "Iran refused to attack Iraq.", ["outer:IRN>IRQ", "attack:IRN>IRQ"]),
    ("invite TARGET [to EVENT:meet]", "Iran invited Iraq.", ["outer:IRN>IRQ"]),
]


@pytest.mark.parametrize(("pattern", "sentence", "expected"), NESTED)
def test_nested(tmp_path: Path, parser: Parser, pattern: str, sentence: str, expected: list[str]) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(TWO.replace("{pattern}", pattern.replace("{{", "{").replace("}}", "}")))
    reader = SentenceReader(Codebook.read(path), Gazetteer.read(), ontology())
    reading = reader.read(parser.parse(sentence), Context(None, StoryMemory()))
    found = [f"{d.category}:{d.source.code or '-'}>{d.target.code or '-'}" for d in reading.drafts]
    assert found == expected


# --- which match wins ----------------------------------------------------------------------------------


# (patterns, sentence, id of the winner, why the other lost)
CHOICES: list[tuple[str, str, str, str]] = [
    ("attack TARGET\nattack TARGET with bomb", "Iran attacked Iraq with bombs.", "attack TARGET with", "specific"),
    ("attack TARGET with bomb\nattack TARGET", "Iran attacked Iraq with bombs.", "attack TARGET with", "specific"),
    ("attack [TARGET]\nattack [on TARGET]", "Iran attacked Iraq.", "attack [TARGET]", "binds less"),
    ("attack TARGET\n(attack|hit) TARGET", "Iran attacked Iraq.", "attack TARGET", "later in the codebook"),
    (
        "attack TARGET with sanction\n{pattern: attack TARGET, priority: 1}",
        "Iran attacked Iraq with sanctions.",
        "attack TARGET",
        "priority",
    ),
]


@pytest.mark.parametrize(("patterns", "sentence", "winner", "why"), CHOICES)
def test_choice(read: Read, patterns: str, sentence: str, winner: str, why: str) -> None:
    choice = next(iter(read(patterns, sentence).matching.choices.values()))
    assert choice.winner.pattern.form.text.startswith(winner)
    assert len(choice.losers) == 1
    assert why in choice.losers[0][1]


def test_one_match_at_one_predicate(read: Read) -> None:
    assert events(read("attack TARGET\n(attack|hit) TARGET", "Iran attacked Iraq.")) == ["IRN>IRQ"]


# --- misses say which condition failed -------------------------------------------------------------------


MISSES: list[tuple[str, str, str]] = [
    ("'impose {sanctions} on TARGET'", "Iran imposed a tax on Iraq.", "tax"),
    ("attack TARGET", "Iran attacked the table.", "'table' is no party"),
    ("attack TARGET", "Iran attacked.", "nothing stands where TARGET is asked for"),
    ("attack TARGET", "The weather attacked Iraq.", "'weather' is no party"),
    ("'attack TARGET:MIL'", "Iran attacked Iraq.", "is not MIL"),
    ("attack TARGET !verbally", "Iran verbally attacked Iraq.", "verbally"),
    ("BOTH quarrel", "Iran quarrelled.", "needs two parties"),
    ("be at war with TARGET", "Iran is at peace with Iraq.", "peace"),
    ("refuse EVENT", "Iran refused.", "no act stands under it"),
    ("pull out", "Iran pulled.", "out"),
]


@pytest.mark.parametrize(("pattern", "sentence", "condition"), MISSES)
def test_miss(read: Read, pattern: str, sentence: str, condition: str) -> None:
    reading = read(pattern, sentence)
    assert events(reading) == []
    assert any(condition in miss.condition for miss in reading.matching.misses)


def test_misses_are_collected_only_on_demand(tmp_path: Path, parser: Parser) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(TWO.replace("{pattern}", "refuse EVENT"))
    reader = SentenceReader(Codebook.read(path), Gazetteer.read(), ontology())
    parse = parser.parse("Iran attacked the table.")
    assert reader.read(parse, Context(None, StoryMemory())).matching.misses == []
    assert reader.read(parse, Context(None, StoryMemory()), tracing=True).matching.misses


def test_the_matched_words_are_positions_of_the_sentence(read: Read) -> None:
    reading = read("'impose {sanctions} on TARGET'", "Iran imposed heavy sanctions on Iraq.")
    (draft,) = reading.drafts
    assert [reading.parse.tokens[i].text for i in draft.words] == ["imposed", "sanctions"]
