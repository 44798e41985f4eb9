"""Where sentences end, and that each is the slice that its offsets name."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcoder.language.cleaning import clean
from eventcoder.language.sentences import LONGEST, sentence_spans, split

# A bar shows where a sentence ends; the text itself has a space there.
CASES = """
The army left.|The police came.
The U.S. said it would go.|The U.N. Security Council met.
The U.N. General Assembly and U.S. President Holm met in Washington, D.C. on Monday.
She was born in the U.S.|The family left in 1990.
Gen. Ek and Lt. Col. Lind met Mr. Holm, Mrs. Berg and Dr. Dahl in St. Petersburg.
Sen. Ek and Gov. Lind spoke.|Rep. Dahl did not.
It happened on Jan. 10 at No. 10 Downing Street.|Nobody was hurt.
They met in Dec. 2020 and again in Sept. with Gen. Ek.
J. R. Holm and A. Lind signed it.|B. Dahl did not.
The firm, Acme Inc. of Oslo, paid Berg Co. and Ek Ltd. for it.
It left Acme Inc.|The price fell.
Some goods, e.g. arms, i.e. rifles, are banned.|Others are not.
The case Ek v. Lind began.|It ended soon.
Police came at 5 p.m. Monday and left at 6 a.m. Moscow time.
Police came at 5 p.m.|Soldiers left at 6 a.m.|They met again.
Prices rose 3.5 percent to $4.20.|Wages fell.
It rose by 5.|Then it fell to 4.
The war began in 2014.|It has not ended.
Is it over?|Nobody knows!|The army does not say.
"We won," he said.|"They lost."|The crowd cheered.
"We came.|We saw," the general said.|"They fled."
“We came.|They fled,” the general said.|‘It is over.’|She left.
"Will they come?" Ms. Lind asked.|Nobody answered.
"They will!" the governor of Riga said.|Nobody answered.
He asked: "Why?"|The envoy smiled.
"Never." he said.
He called it “a farce.”|The court disagreed.
“We have warned them for months. ”|The envoy left.
He waited ... and left.|She stayed.
He waited...|The army came.
We wait…|Then it comes.
The draft treaty … and its annexes were signed.
(He left on Monday.)|She stayed.
The raid (on Jan. 3. Nobody was hurt) was the third.|Police denied it.
The claim [sic. It was false] was dropped.|He left.
The talks ended.The envoy left.
See example.com and Example.org for the list.|It is long.
1. The army leaves.|2. The police come.
the army left.|the police came to st. peter.|no one knew.
THE ARMY LEFT.|THE POLICE CAME.
She told me.|Norway denied it.
The court sat.|Berg spoke.
He fled with al-Qaida.|al-Shabaab fighters followed.
Rand Ek, R-Ky., spoke in Tampa, Fla.|The crowd left.
Plan B.|The army had none.
So did I.|The others stayed.
Charles III.|The queen stayed.
The answer was no.|Berg left.
The tanks, planes, etc.|Berg sent were old.
Berg et al. wrote it.|It sold well.
Troops left on Sat. and came back on Sun. with tanks.
He met Brig. Gen. Ek, Maj. Lind and Capt. Dahl.
The road is 10 km. long and 4 ft. wide.
Talks failed; the envoy left - at once - for Oslo.
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_sentence_ends(case: str) -> None:
    expected = case.split("|")
    text = " ".join(expected)
    if "ended.The" in case:
        expected = ["The talks ended.", "The envoy left."]
    assert [text[start:end] for start, end in sentence_spans(text)] == expected


def test_numbers_offsets_and_title() -> None:
    text = "Border stays shut\n\nRIGA (AP) - The minister left. “He’s gone,” said Ms. Lind.\nread more\nTroops came."
    sentences = split(clean(text), title=" Border — stays shut ")
    assert [each.number for each in sentences] == [0, 1, 2, 3, 4]
    assert sentences[0].text == " Border — stays shut "[sentences[0].start : sentences[0].end] == "Border — stays shut"
    assert [each.text for each in sentences[1:]] == [
        "Border stays shut",
        "The minister left.",
        "“He’s gone,” said Ms. Lind.",
        "Troops came.",
    ]
    for each in sentences[1:]:
        assert each.text == text[each.start : each.end]


def test_no_title() -> None:
    assert [each.number for each in split(clean("The army left."), title="  ")] == [1]
    assert split(clean("")) == ()


def test_a_wrapped_sentence_keeps_the_storys_own_text() -> None:
    text = "The council met in secret and then\nvoted to ban the party. It was late."
    cleaned = clean(text)
    first, second = split(cleaned)
    assert first.text == "The council met in secret and then\nvoted to ban the party."
    assert cleaned.text[first.start : first.end] == first.text.replace("\n", " ")
    assert second.text == "It was late."


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("the army left and " * 200, " "),
        ("the army left; " * 200, ";"),
        ("the army left - " * 200, "-"),
        ("x" * 5000, "x"),
    ],
)
def test_long_runs_are_cut(text: str, mark: str) -> None:
    spans = list(sentence_spans(text.strip()))
    assert len(spans) > 1
    assert all(0 < end - start <= LONGEST for start, end in spans)
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")
    if mark in ";-":
        assert all(text[start:end].endswith(mark) for start, end in spans[:-1])


@pytest.mark.parametrize(
    "piece", ["word ", "word, ", "A. ", '(. "', "The army left. ", "1. ", "... ", "“No.” ", "Mr. ", "[a. "]
)
def test_long_stories_take_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.perf_counter()
    split(clean(text))
    # Quadratic work on 100,000 characters would take minutes; the bound is wide for slow machines.
    assert time.perf_counter() - began < 10


MARKS = [".", "!", "?", "...", "…", '"', "“", "”", "’", "(", ")", "[", "]"]
WORDS = ["The army left", "Mr", "U.S", "Jan", "5", "3.5", "a", "I", "said", "al-", "1. ", "x" * 400]
SPACES = [" ", "\n", "\n\n", "; ", " - ", "\u00a0"]
PIECES = st.sampled_from([*MARKS, *WORDS, *SPACES])


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200), st.text(max_size=30))
def test_sentences_of_any_text(text: str, title: str) -> None:
    cleaned = clean(text, title)
    sentences = split(cleaned, title)
    read = sentences
    if title.strip():
        assert sentences[0].number == 0
        assert sentences[0].text == title[sentences[0].start : sentences[0].end] == title.strip()
        read = sentences[1:]
    assert [each.number for each in read] == list(range(1, len(read) + 1))
    last = 0
    for each in read:
        assert each.text == text[each.start : each.end]
        assert last <= each.start < each.end
        assert len(each.text) <= LONGEST
        assert cleaned.text[each.start : each.end] == cleaned.text[each.start : each.end].strip()
        last = each.end
    # Every letter of the blocks is in a sentence.
    for start, end in cleaned.blocks:
        inside = sum(each.isalnum() for each in cleaned.text[start:end])
        parts = [one for one in read if start <= one.start and one.end <= end]
        covered = sum(each.isalnum() for one in parts for each in cleaned.text[one.start : one.end])
        assert inside == covered
