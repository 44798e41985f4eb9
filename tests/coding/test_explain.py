"""The explanation of one sentence: matched, and not matched with the nearest pattern."""

from __future__ import annotations

import pytest

from eventcoder.coding.coder import Coder
from eventcoder.coding.explain import explain, steps
from eventcoder.errors import InputError
from eventcoder.records import Step

MATCHED = "Turkey threatened Greece with war on Monday."


@pytest.fixture(scope="module")
def text(coder: Coder) -> str:
    return explain(coder, MATCHED, "2022-01-27")


@pytest.mark.parametrize("stage", ["parse", "clauses", "parties", "dates", "patterns", "events"])
def test_stages_are_headings(text: str, stage: str) -> None:
    assert stage in text.splitlines()


@pytest.mark.parametrize(
    "words",
    [
        "by en_core_web_sm",
        "Turkey/nsubj>threatened",
        "verb 'threaten', subject 'Turkey', object 'Greece'",
        "'Turkey': TUR (Turkey)",
        "countries.yaml:",
        "'Monday'",
        "2022-01-24 (day)",
        "wins; TARGET = GRC; SOURCE = TUR",
        "lost: less specific",
        "status actual: asserted by 'threatened'",
        "threaten: TUR -> GRC, CAMEO 130, actual",
        "crisis.yaml:",
        "confidence 0.",
    ],
)
def test_a_matched_sentence_tells_every_decision(text: str, words: str) -> None:
    assert words in text


def test_stages_come_in_order_and_once(text: str) -> None:
    headings = [line for line in text.splitlines() if not line.startswith(" ")]
    assert len(headings) == len(set(headings))
    assert headings[0] == "parse"
    assert headings[-1] == "events"


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Hungary denied the activists entry.", "none"),
        ("Turkey threatened the table.", "threaten/"),
        ("The weather threatened Greece.", "the subject 'weather' is no party"),
        ("Turkey praised Greece.", "no word of this sentence is the head of a pattern"),
        ("Turkey mediated.", "meet/"),
    ],
)
def test_an_unmatched_sentence_names_the_nearest_pattern_and_its_condition(
    coder: Coder, sentence: str, words: str
) -> None:
    found = explain(coder, sentence, "2022-01-27")
    assert "  none" in found
    assert words in found


def test_at_most_three_nearest_patterns(coder: Coder) -> None:
    found = explain(coder, "Turkey threatened the table.", "2022-01-27").split("nearest patterns\n")[1]
    assert 1 <= len(found.splitlines()) <= 3


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Turkey lifted sanctions on Greece.", "recognises it as no event"),
        ("Turkey denied that it had threatened Greece.", "part of the event"),
        ("Turkey studied the Greek sanctions against Iran.", "only mentioned"),
    ],
)
def test_what_is_not_coded_says_why(coder: Coder, sentence: str, words: str) -> None:
    found = explain(coder, sentence, "2022-01-27")
    assert "not coded" in found
    assert words in found


def test_a_rewrite_is_named_with_its_place(coder: Coder) -> None:
    found = explain(coder, "Turkey said it would impose sanctions on Greece.", "2022-01-27")
    assert "rewritten from sanction" in found
    assert "crisis.yaml:" in found
    assert "said by TUR" in found


def test_mirrors_are_marked(coder: Coder) -> None:
    assert "mirror" in explain(coder, "Turkey met Greece.", "2022-01-27")


def test_explaining_changes_nothing(coder: Coder) -> None:
    before = coder.code(MATCHED, date="2022-01-27")
    explain(coder, MATCHED, "2022-01-27")
    assert coder.code(MATCHED, date="2022-01-27") == before


def test_the_explained_events_are_the_coded_ones(coder: Coder) -> None:
    for sentence in (MATCHED, "Turkey and Greece met.", "Japan, China and Iran held talks.", "Nothing happened."):
        shown = [s for s in steps(coder.read_sentence(sentence, "2022-01-27")) if s.stage == "events" and s.subject]
        assert [s.subject for s in shown] == [e.category for e in coder.code(sentence, date="2022-01-27")]


def test_steps_are_records(coder: Coder) -> None:
    found = steps(coder.read_sentence(MATCHED, "2022-01-27"), "a model")
    assert all(isinstance(step, Step) for step in found)
    assert found[0].subject == "by a model"


@pytest.mark.parametrize("sentence", ["", " ", ".", '"', "\U0001f600"])
def test_odd_sentences_are_explained(coder: Coder, sentence: str) -> None:
    assert "events\n  none" in explain(coder, sentence)


def test_an_impossible_date_is_an_input_error(coder: Coder) -> None:
    with pytest.raises(InputError):
        explain(coder, MATCHED, "2022-02-30")
