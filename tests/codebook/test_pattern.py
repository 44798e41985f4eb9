"""The pattern language: every construct, every error, and that nothing else ever comes out of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcoder.codebook.pattern import (
    MOST_PHRASES,
    PREPOSITIONS,
    Item,
    PatternError,
    PatternForm,
    Slot,
    Words,
    parse_pattern,
)

SETS = {
    "sanctions": frozenset({("sanction",), ("travel", "ban")}),
    "talks": frozenset({("talk",), ("meeting",)}),
    "many": frozenset({(f"w{number}",) for number in range(200)}),
    "none": frozenset(),
}


def parse(text: str) -> PatternForm:
    return parse_pattern(text, SETS)


def phrases(*texts: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(text.split()) for text in texts)


def test_head_and_object() -> None:
    form = parse("sanction TARGET")
    assert (form.kind, form.heads, form.subject, form.copula) == ("verb", phrases("sanction"), None, False)
    assert form.items == (Item(frozenset(), Slot("TARGET")),)


def test_head_alternatives_sets_and_phrases() -> None:
    assert parse("impose|levy TARGET").heads == phrases("impose", "levy")
    assert parse("(step up|impose) TARGET").heads == phrases("step up", "impose")
    assert parse("{talks} TARGET").heads == phrases("talk", "meeting")


def test_sets_among_alternatives() -> None:
    (item,) = parse("hold ({talks}|peace summit)").items
    assert isinstance(item.filler, Words)
    assert item.filler.phrases == phrases("talk", "meeting", "peace summit")


def test_hyphens_are_seen_joined_and_apart() -> None:
    assert parse("cease-fire with TARGET").heads == phrases("cease-fire", "cease - fire")


def test_words_are_read_in_lower_case() -> None:
    form = parse("Impose Sanctions (Travel Ban|Visa)")
    assert form.heads == phrases("impose")
    assert isinstance(form.items[0].filler, Words)
    assert form.items[0].filler.phrases == phrases("sanctions travel ban", "sanctions visa")


def test_words_beside_the_head() -> None:
    form = parse("impose {sanctions} on|against TARGET")
    words, target = form.items
    assert isinstance(words.filler, Words)
    assert words.filler.phrases == SETS["sanctions"]
    assert str(words.filler) == "{sanctions}"
    assert target == Item(frozenset({"on", "against"}), Slot("TARGET"))
    assert str(target) == "against/on TARGET"


def test_words_in_a_row_are_one_phrase() -> None:
    form = parse("hold (peace|ceasefire) {talks}")
    assert isinstance(form.items[0].filler, Words)
    assert form.items[0].filler.phrases == phrases("peace talk", "peace meeting", "ceasefire talk", "ceasefire meeting")


def test_prepositions_in_round_brackets() -> None:
    assert parse("speak (to|with) TARGET").items == (Item(frozenset({"to", "with"}), Slot("TARGET")),)


def test_a_preposition_before_words() -> None:
    (item,) = parse("place under {sanctions}").items
    assert item.preps == {"under"}
    assert isinstance(item.filler, Words)


@pytest.mark.parametrize("text", ["call off {talks}", "sit down with TARGET", "turn down|out {talks}"])
def test_particles(text: str) -> None:
    first = parse(text).items[0]
    assert first.preps
    assert first.preps <= PREPOSITIONS
    assert (first.filler is None) == (text == "sit down with TARGET")


def test_a_particle_at_the_end() -> None:
    assert parse("back down").items == (Item(frozenset({"down"}), None),)


def test_optional_item() -> None:
    words, target = parse("impose {sanctions} [on TARGET]").items
    assert not words.optional
    assert target == Item(frozenset({"on"}), Slot("TARGET"), optional=True)
    assert str(target) == "[on TARGET]"


def test_several_optional_items_in_one_bracket() -> None:
    assert [item.optional for item in parse("drill [with SOURCE near TARGET]").items] == [True, True]


def test_optional_preposition() -> None:
    (item,) = parse("meet [with] TARGET").items
    assert item == Item(frozenset({"with"}), Slot("TARGET"), bare=True)
    assert str(item) == "[with] TARGET"


def test_forbidden_words() -> None:
    form = parse("receive TARGET !troop !(air strike|raid) !{talks}")
    assert form.forbidden == phrases("troop", "air strike", "raid", "talk", "meeting")


def test_limits() -> None:
    form = parse("SOURCE:CVL|OPP clash with TARGET:COP")
    assert form.subject == Slot("SOURCE", frozenset({"CVL", "OPP"}))
    assert form.items[0].filler == Slot("TARGET", frozenset({"COP"}))
    assert str(form.subject) == "SOURCE:CVL|OPP"


def test_possessor() -> None:
    (item,) = parse("expel TARGET's {talks}").items
    assert isinstance(item.filler, Words)
    assert item.filler.possessor == Slot("TARGET")
    assert str(item.filler) == "TARGET's {talks}"
    assert parse("expel TARGET’s {talks}").items[0].filler == item.filler


def test_noun_patterns() -> None:
    form = parse("the (phone call|call) between BOTH")
    assert (form.kind, form.heads) == ("noun", phrases("phone call", "call"))
    assert form.slots == (Slot("BOTH"),)
    assert parse("a {talks} with TARGET").kind == "noun"
    assert parse("the air strike on TARGET").heads == phrases("air strike")


def test_noun_pattern_with_possessor() -> None:
    form = parse("TARGET's {talks} with SOURCE")
    assert (form.kind, form.subject, form.heads) == ("noun", Slot("TARGET"), SETS["talks"])


def test_subject_slots_and_events() -> None:
    form = parse("BOTH agree EVENT:talk")
    assert form.subject == Slot("BOTH")
    assert form.items == (Item(frozenset(), Slot("EVENT", frozenset({"talk"}))),)
    assert parse("warn OTHER against EVENT").slots == (Slot("OTHER"), Slot("EVENT"))


def test_complement_behind_be() -> None:
    form = parse("be {sanctions} for TARGET")
    assert (form.copula, form.heads) == (True, SETS["sanctions"])
    assert not parse("be at {talks}").copula


@pytest.mark.parametrize(("text", "result"), [("visit TARGET -> 042", "042"), ("call on TARGET -> nothing", "nothing")])
def test_results(text: str, result: str) -> None:
    form = parse(text)
    assert form.result == result
    assert form.text == text


def test_more_words_are_more_specific() -> None:
    ranked = ["meet", "meet TARGET", "meet TARGET:GOV", "meet {sanctions}", "meet TARGET with {talks}"]
    scores = [parse(text).specificity for text in ranked]
    assert scores == sorted(set(scores))
    assert parse("meet [TARGET]").specificity == parse("meet").specificity
    assert parse("SOURCE meet").specificity > parse("meet").specificity


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("", "empty", 0),
        ("  ", "empty", 0),
        ("-> 042", "empty", 0),
        ("impose {sanctons} on TARGET", "unknown word set {sanctons}; did you mean 'sanctions'?", 7),
        ("TARGET", "must come first", 6),
        ("[with] TARGET", "must come first", 0),
        ("the with TARGET", "must follow 'the'", 4),
        ("meet [with TARGET", "never closed", 5),
        ("meet with] TARGET", "']' without", 9),
        ("meet [] TARGET", "nothing stands inside", 5),
        ("meet TARGET !", "after '!'", 12),
        ("meet TARGET !TARGET", "after '!'", 12),
        ("meet [TARGET !troop]", "outside", 5),
        ("meet TARGET ->", "after '->'", 12),
        ("meet TARGET -> 1 2", "after '->'", 12),
        ("expel TARGET's", "stands a noun", 6),
        ("meet (a||b)", "empty alternative", 5),
        ("meet ({talk}|b)", "unknown word set {talk}; did you mean 'talks'?", 5),
        ("meet TARGET; and", "unexpected ';'", 11),
        ("meet TARGET & x", "unexpected '&'", 12),
        ("SOURCE meet SOURCE", "SOURCE stands twice", 12),
        ("BOTH meet TARGET", "BOTH takes the two parties", 0),
        ("hold {many} {many}", f"more than {MOST_PHRASES}", 12),
        ("the {many} {many}", f"more than {MOST_PHRASES}", 11),
    ],
)
def test_errors_say_what_and_where(text: str, message: str, column: int) -> None:
    with pytest.raises(PatternError) as caught:
        parse(text)
    assert message in str(caught.value)
    assert caught.value.column == column


PIECES = """
SOURCE TARGET BOTH OTHER EVENT TARGET's SOURCE:GOV|MIL EVENT:x meet the a be impose cease-fire to with on|off by
-> ! [ ] | ( ) {talks} {sanctions} {none} {many} {x} { } (a|b) ({talks}|x) (to|with) 042 nothing 's é
"""
SOME = st.lists(st.sampled_from([*PIECES.split(), "(a|b c)", "  "]), max_size=9)


@given(st.one_of(st.text(max_size=60), SOME.map(" ".join), SOME.map("".join)))
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    failed: PatternError | None = None
    try:
        form = parse(text)
    except PatternError as error:
        failed = error
    if failed is not None:
        assert str(failed)
        assert 0 <= failed.column <= len(text)
    else:
        assert form.text == text
        assert form.specificity >= 0
        assert all(isinstance(item, Item) for item in form.items)
        # What was read once is read again to the same.
        assert parse(text) == form


@pytest.mark.parametrize(("text", "slot"), [("criticise TARGETT", "TARGET"), ("SORCE meet TARGET", "SOURCE")])
def test_a_misspelt_slot_is_no_word(text: str, slot: str) -> None:
    with pytest.raises(PatternError, match=f"unknown slot .*did you mean '{slot}'"):
        parse_pattern(text, {})
