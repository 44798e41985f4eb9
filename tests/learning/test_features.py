from __future__ import annotations

import pytest

from eventcoder.language.clauses import find_clauses
from eventcoder.language.parser import Parser
from eventcoder.learning.features import (
    GROUPS,
    Marked,
    find_surface,
    relation_features,
    span_heads,
    tokens_within,
    unmark,
)
from eventcoder.records import Parse


def features(parser: Parser, marked: str) -> dict[str, float]:
    found = unmark(marked)
    parse = parser.parse(found.text)
    return relation_features(parse, tokens_within(parse, found.source), tokens_within(parse, found.target))


# --- marked sentences --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<s>Chad</s> sued <t>Mali</t>.", Marked("Chad sued Mali.", ((0, 4),), ((10, 14),))),
        ("<t>Mali</t> was sued by <s>Chad</s>.", Marked("Mali was sued by Chad.", ((17, 21),), ((0, 4),))),
        ("<s>Chad </s>left.", Marked("Chad left.", ((0, 4),), ())),
        ("<S>Chad</S> met < t >Mali</ t >", Marked("Chad met Mali", ((0, 4),), ((9, 13),))),
        ("<s>Chad</s> and <s>Togo</s> left", Marked("Chad and Togo left", ((0, 4), (9, 13)), ())),
        ("<s>the <t>US</t> envoy</s> spoke", Marked("the US envoy spoke", ((0, 12),), ((4, 6),))),
        ("<s>Chad sued <t>Mali</t>", Marked("Chad sued Mali", (), ((10, 14),), True)),
        ("Chad</s> sued <t>Mali</t>", Marked("Chad sued Mali", (), ((10, 14),), True)),
        ("<s></s>Chad sued <t> </t>", Marked("Chad sued  ", (), (), True)),
        ("no markers", Marked("no markers", (), ())),
        ("", Marked("", (), ())),
    ],
)
def test_unmark(text: str, expected: Marked) -> None:
    assert unmark(text) == expected


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("Oman", (16, 20)),
        ("oman", (16, 20)),
        ("the  Kurds", (25, 34)),
        ("Kur", (29, 32)),
        ("Togo", None),
        ("", None),
        ("  ", None),
        ("(*", None),
    ],
)
def test_surface(surface: str, expected: tuple[int, int] | None) -> None:
    text = "A Romanian told Oman and the\u00a0Kurds."
    assert find_surface(text, surface) == ((expected,) if expected else ())


def test_a_surface_is_a_whole_word_where_there_is_one() -> None:
    assert find_surface("Nigeria and Niger", "Niger") == ((12, 17),)


def test_heads(parser: Parser) -> None:
    parse = parser.parse("The British defence secretary met Polish officials.")
    assert [parse.tokens[i].text for i in span_heads(parse, tokens_within(parse, [(0, 29)]))] == ["secretary"]
    assert span_heads(parse, ()) == ()


# --- features ----------------------------------------------------------------------------------------------


def test_parties_and_other_names_are_masked(parser: Parser) -> None:
    found = features(parser, "<s>Norway</s> imposed sanctions on <t>Belarus</t> in Geneva.")
    assert not [name for name in found if any(word in name.lower() for word in ("norway", "belarus", "geneva"))]


def test_features_do_not_depend_on_who_acts(parser: Parser) -> None:
    one = features(parser, "<s>Norway</s> imposed sanctions on <t>Belarus</t>.")
    other = features(parser, "<s>Brazil</s> imposed sanctions on <t>Hungary</t>.")
    assert one == other


def test_groups(parser: Parser) -> None:
    found = features(parser, "<s>Norway</s> imposed sanctions on <t>Belarus</t>.")
    assert {name.partition(":")[0] for name in found} == set(GROUPS)
    assert all(value >= 1 for value in found.values())


def test_voice_is_undone(parser: Parser) -> None:
    active = features(parser, "<s>Norway</s> attacked <t>Belarus</t>.")
    passive = features(parser, "<t>Belarus</t> was attacked by <s>Norway</s>.")
    assert "k:attack S=subject T=object" in active
    assert "k:attack S=subject T=object" in passive
    assert "s:passive" in passive
    assert {"s:S before T", "s:T before S"} & set(active) == {"s:S before T"}
    assert "s:T before S" in passive


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("<s>Norway</s> imposed sanctions on <t>Belarus</t>.", "k:impose S=subject T=on"),
        ("<s>Norway</s> imposed sanctions on <t>Belarus</t>.", "k:2:impose object=sanction"),
        ("<s>Norway</s> will not meet <t>Belarus</t>.", "k:future not meet"),
        ("<s>Norway</s> threatened to attack <t>Belarus</t>.", "k:threaten [to] attack"),
        ("<s>Norway</s> called off talks with <t>Belarus</t>.", "k:call off"),
        ("<s>Norway</s> rejected the claims of <t>Belarus</t>.", "k:class=deny [object] claim"),
    ],
)
def test_clauses(parser: Parser, marked: str, name: str) -> None:
    found = features(parser, marked)
    close = sorted(each for each in found if each.startswith("k:"))
    if name.startswith("k:future"):
        assert any("not" in each and "meet" in each for each in close)
    else:
        assert name in found, close


def test_the_path(parser: Parser) -> None:
    found = features(parser, "<s>Norway</s> accused <t>Belarus</t> of spying.")
    assert "p:nsubj> <dobj" in found
    assert "p:accuse" in found


def test_a_missing_party_is_told(parser: Parser) -> None:
    found = features(parser, "<s>Norway</s> attacked at dawn.")
    assert "s:no T" in found
    assert "k:attack S=subject" in found
    assert "s:no S" in features(parser, "Belarus attacked at dawn.")


def test_nothing_at_all() -> None:
    assert relation_features(Parse("", ()), (), ()) == {"s:no S": 1.0, "s:no T": 1.0}


def test_the_same_whether_clauses_are_at_hand(parser: Parser) -> None:
    parse = parser.parse("Norway told Belarus that it would expel its envoy.")
    bare = relation_features(parse, (0,), (2,))
    assert bare == relation_features(parse, (0,), (2,), find_clauses(parse))
    assert list(bare) == list(relation_features(parse, [0], {2}))


def test_a_token_in_both_parties_counts_as_source(parser: Parser) -> None:
    parse = parser.parse("Norway attacked Belarus.")
    assert relation_features(parse, (0,), (0, 2)) == relation_features(parse, (0,), (2,))
