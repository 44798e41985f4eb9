"""The coder as a whole: stories and frames in, events out, the same ones every time."""

from __future__ import annotations

import datetime
import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd
import pytest

from eventcoder.coding.coder import Coder
from eventcoder.coding.sentence import Context, SentenceReading
from eventcoder.errors import CodebookError, InputError
from eventcoder.records import EVENT_COLUMNS, STATUSES, Event, Parse, Story

DAY = datetime.date(2022, 1, 27)

STORY = """ANKARA, Jan 26 (Reuters) - Turkey threatened Greece with war over two islands on Monday.

"We will not wait," the Turkish foreign minister, Mevlut Cavusoglu, said. He met his Iranian counterpart.
Sanctions were imposed on Belarus by the European Union. Serbia\u2019s army sent tanks to the Kosovo border.

Iran denied that it had attacked a tanker.  Japan and China held talks; France expelled four Russian diplomats.
Turkey threatened Greece with war on Monday, officials said again.
"""

FRENCH = (
    "Le ministre des affaires étrangères a rencontré son homologue allemand à Berlin afin de discuter des sanctions "
    "contre la Russie et de la situation à la frontière, selon un communiqué publié dans la soirée."
)


def as_bytes(events: list[Event]) -> bytes:
    return json.dumps([asdict(event) for event in events]).encode()


@pytest.fixture(scope="module")
def events(coder: Coder) -> list[Event]:
    return coder.code(STORY, date="2022-01-27")


def test_a_story_gives_the_events_in_it(events: list[Event]) -> None:
    found = [(e.category, e.source_country or e.source, e.target_country or e.target) for e in events]
    assert ("threaten", "TUR", "GRC") in found
    assert ("meet", "TUR", "IRN") in found
    assert ("meet", "IRN", "TUR") in found
    assert ("sanction", "EUR", "BLR") in found
    assert ("sanction", "FRA", "RUS") in found
    assert ("meet", "JPN", "CHN") in found
    assert any(row[:2] == ("deny", "IRN") for row in found)
    assert any(row[:2] == ("deploy", "SRB") for row in found)


def test_events_come_in_the_order_of_the_text(events: list[Event]) -> None:
    assert [e.sentence_id for e in events] == sorted(e.sentence_id for e in events)


def test_offsets_point_at_the_action_in_the_text_as_given(events: list[Event]) -> None:
    for event in events:
        words = event.action.split(" ")
        assert STORY[event.start : event.end].startswith(words[0])
        assert STORY[event.start : event.end].endswith(words[-1])
        assert event.sentence in STORY


def test_every_column_is_filled_as_promised(events: list[Event]) -> None:
    for event in events:
        row = asdict(event)
        assert tuple(row) == EVENT_COLUMNS
        assert all(value is not None for column, value in row.items() if column != "goldstein")
        assert event.status in STATUSES
        assert event.category
        assert event.cameo.isdigit()
        assert event.quad in {"1", "2", "3", "4"} or event.quad
        assert event.goldstein is None or -10 <= event.goldstein <= 10
        assert event.story_date == "2022-01-27"
        assert event.date <= event.date_end
        assert datetime.date.fromisoformat(event.date)
        assert 0 < event.confidence <= 1
        assert event.method == "rule"
        assert event.rule.startswith(("crisis.yaml:", "cameo/denials.yaml:"))
        assert event.source or event.target
        assert event.doc_id == "text"
        assert event.source.startswith(event.source_country)
        assert event.target.startswith(event.target_country)


def test_event_ids_are_unique_and_mirrors_share_the_match(events: list[Event]) -> None:
    assert len({e.event_id for e in events}) == len(events)
    mirrored = [e for e in events if e.mirrored]
    assert mirrored
    for event in mirrored:
        assert any(e.match_id == event.match_id and not e.mirrored for e in events)


def test_a_repeated_report_is_linked_to_the_first(events: list[Event]) -> None:
    threats = [e for e in events if e.category == "threaten"]
    assert [bool(e.duplicate_of) for e in threats] == [False, True]
    assert threats[1].duplicate_of == threats[0].event_id


def test_the_same_story_gives_the_same_bytes(coder: Coder) -> None:
    assert as_bytes(coder.code(STORY, date="2022-01-27")) == as_bytes(coder.code(STORY, date="2022-01-27"))


def test_a_story_does_not_depend_on_the_one_before(coder: Coder) -> None:
    alone = as_bytes(coder.code("It attacked. He met Iraqi officials.", date="2022-01-27"))
    coder.code("Vladimir Putin met Angela Merkel. Iran attacked Iraq.", date="2022-01-27")
    assert as_bytes(coder.code("It attacked. He met Iraqi officials.", date="2022-01-27")) == alone


def test_the_id_enters_the_event_id(coder: Coder) -> None:
    one, other = (coder.code("Turkey threatened Greece with war.", id=name) for name in "ab")
    assert one[0].doc_id == "a"
    assert one[0].event_id != other[0].event_id


def test_the_title_is_sentence_zero_with_its_own_offsets(coder: Coder) -> None:
    title = "Turkey threatened Greece with war"
    found = coder.code("Nothing else was known.", date="2022-01-27", title=title)
    assert [e.sentence_id for e in found] == [0]
    assert title[found[0].start : found[0].end].startswith("threatened")


@pytest.mark.parametrize("date", ["2022-01-27", "20220127", DAY, pd.Timestamp("2022-01-27 09:30")])
def test_dates_are_taken_in_several_forms(coder: Coder, date: str | datetime.date) -> None:
    assert coder.code("Turkey threatened Greece with war.", date=date)[0].story_date == "2022-01-27"


def test_without_a_date_the_dateline_says_it(coder: Coder) -> None:
    text = "ANKARA, January 26, 2022 (Reuters) - Turkey threatened Greece with war."
    result = coder.code_story(Story("a", text))
    assert result.story.date == datetime.date(2022, 1, 26)
    assert result.events[0].story_date == "2022-01-26"
    assert result.notes


def test_without_any_date_the_columns_are_empty(coder: Coder) -> None:
    (event,) = coder.code("Turkey threatened Greece with war.")
    assert (event.story_date, event.date, event.date_end, event.date_precision) == ("", "", "", "")


@pytest.mark.parametrize("date", ["2022-02-30", "yesterday", "2022-13-01", "x"])
def test_an_impossible_date_is_an_input_error(coder: Coder, date: str) -> None:
    with pytest.raises(InputError):
        coder.code("Turkey threatened Greece with war.", date=date)


def test_a_story_in_another_language_is_named_and_not_coded(coder: Coder) -> None:
    result = coder.code_story(Story("a", FRENCH, date=DAY))
    assert (result.language, result.events, result.faults) == ("fr", (), ())
    assert "fr" in result.notes[0]


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "\ufeff"])
def test_an_empty_text_gives_nothing(coder: Coder, text: str) -> None:
    result = coder.code_story(Story("a", text, date=DAY))
    assert (result.events, result.faults, result.language) == ((), (), "en")


def test_a_bad_sentence_is_a_fault_and_the_rest_is_coded(coder: Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = coder.reader.read

    def read(parse: Parse, context: Context, tracing: bool = False) -> SentenceReading:
        if "Nobody" in parse.text:
            raise ValueError("cannot be read")
        return whole(parse, context, tracing)

    monkeypatch.setattr(coder.reader, "read", read)
    text = "Turkey threatened Greece with war. Nobody knew. France expelled four Russian diplomats."
    result = coder.code_story(Story("a", text, date=DAY, place="in.csv:3"))
    assert [e.category for e in result.events] == ["threaten", "sanction"]
    (fault,) = result.faults
    assert (fault.story_id, fault.stage, fault.place) == ("a", "code", "in.csv:3")
    assert "sentence 2" in fault.message
    assert "cannot be read" in fault.message


def test_a_long_story_is_coded_in_reasonable_time(coder: Coder) -> None:
    event = "Turkey threatened Greece with war over the islands on Monday. "
    filling = (
        "The harbour was quiet in the morning, and the fishing boats lay in two long rows along the old stone wall, "
        "where the nets had been hung up to dry between the poles that the storms of the winter had left standing. "
    )
    text = ((event + filling * 4) * 200)[:100_000]
    assert len(text) == 100_000
    begin = time.process_time()
    result = coder.code_story(Story("a", text, date=DAY))
    assert time.process_time() - begin < 60
    assert result.faults == ()
    assert result.sentences > 500
    assert len(result.events) > 100
    assert sum(1 for e in result.events if not e.duplicate_of) == 1


def test_a_long_sentence_does_not_exhaust_the_stack(coder: Coder) -> None:
    for text in (
        "Turkey threatened " + "Greece, Cyprus, Malta, " * 200 + "Egypt.",
        "Turkey threatened Greece " + "and then attacked Cyprus " * 200 + ".",
        "Turkey said that " * 150 + "Greece attacked Cyprus.",
    ):
        assert coder.code_story(Story("a", text, date=DAY)).faults == ()


# --- frames --------------------------------------------------------------------------------------------


def test_code_frame(coder: Coder) -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "text": ["Turkey threatened Greece with war.", None, "France expelled four Russian diplomats."],
            "date": ["2022-01-27", None, pd.Timestamp("2022-01-28")],
            "title": [None, "Turkey threatened Greece with war", ""],
        }
    )
    table = coder.code_frame(frame)
    assert tuple(table.columns) == EVENT_COLUMNS
    assert list(table["doc_id"]) == ["a", "b", "c"]
    assert list(table["story_date"]) == ["2022-01-27", "", "2022-01-28"]


def test_code_frame_with_other_names_and_no_id(coder: Coder) -> None:
    frame = pd.DataFrame({"body": ["Turkey threatened Greece with war."]}, index=[17])
    assert list(coder.code_frame(frame, text="body")["doc_id"]) == ["17"]


def test_an_empty_frame_keeps_the_columns(coder: Coder) -> None:
    table = coder.code_frame(pd.DataFrame({"text": []}))
    assert len(table) == 0
    assert tuple(table.columns) == EVENT_COLUMNS


def test_a_frame_without_text_is_an_input_error(coder: Coder) -> None:
    with pytest.raises(InputError, match="no column 'text'"):
        coder.code_frame(pd.DataFrame({"body": ["x"]}))


# --- settings ------------------------------------------------------------------------------------------


def test_an_unknown_codebook_is_refused() -> None:
    with pytest.raises(CodebookError, match="no such codebook"):
        Coder("crises", classifier=False)


def test_min_confidence_leaves_events_out() -> None:
    text = "Turkey threatened Greece with war."
    assert Coder("crisis", classifier=False, min_confidence=1.0).code(text) == []


def test_fingerprint_and_description_name_what_decides(coder: Coder) -> None:
    assert {"eventcoder", "codebook", "actors", "parser", "spacy", "classifier"} <= set(coder.fingerprint())
    assert all(isinstance(value, str) and value for value in coder.fingerprint().values())
    assert coder.describe()["codebook"]["name"] == "crisis"
    assert coder.describe()["codebook"]["patterns"] > 50


# --- whatever the text --------------------------------------------------------------------------------


ODD = [
    '"', '""', "\u201c", "\u201d", "'", "(", ")", "[]", "-", "\u2014", "...", "?!", ";:", "a", "I", "He.", "It",
    "Russia", "RUSSIA", "attack", "talks", "said", "said Russia", "According to", "by", "'s", "U.S.", "us", "Mr.",
    "their", "No.", "Both sides", "\U0001f600", "\U0001f1f7\U0001f1fa attacked \U0001f1fa\U0001f1e6.", "x" * 3000,
    "a-" * 500, "'" * 300, '"' * 301, "(" * 300, "1", "1,000,000", "12/03/2022", "30 February 2022", "in 99999",
    "999999999999999999999 days ago", "$4bn", "A\tB\tC\n1\t2\t3", "|Country|Troops|\n|---|---|\n|Russia|100|",
    "http://a.b/c?d=e", "\x00Russia attacked\x00 Iran.", "\ufeffRussia attacked Iran.",
    "\u202eRussia attacked Iran.", "<p>Russia <b>attacked</b> Iran.</p>", "{SOURCE} attacked TARGET",
    "Russia's " * 100 + "attack", "not " * 100 + "attack", "who", "his counterpart met his counterpart",
    "he said he said he said", '"We attacked Russia', 'We attacked Russia"', "(AP) \u2014", "LONDON",
    "ALL CAPS RUSSIA ATTACKS IRAN", "russia attacks iran",
]  # fmt: skip
PIECES = [
    "Russia", "Ukraine", "Iran", "the", "a", "of", "to", "by", "with", "on", "attack", "attacked", "talks",
    "sanctions", "imposed", "said", "that", "which", "who", "if", "not", "will", "would", "may", "President",
    "Putin", "Lavrov", "he", "they", "it", "his", "two", "countries", "and", "or", "but", '"', "'", "(", ")", ",",
    ".", "?", "!", ";", ":", "-", "\u2014", "3", "Monday", "2014", "troops", "deny", "denied", "threaten",
    "threatened", "met", "meet", "visit", "warned", "claims", "false", "be", "was", "is", "has", "been", "having",
    "'s", "n't", "Georgia", "Jordan", "Turkey", "US", "U.S.", "minister", "foreign", "spokesman", "for", "army",
    "rebels", "\U0001f600",
]  # fmt: skip


def odd_texts() -> Iterator[str]:
    yield from ODD
    chance = random.Random(11)
    for _ in range(180):
        yield " ".join(chance.choice(PIECES) for _ in range(chance.randint(1, 25)))
    for _ in range(60):
        ranges = ((1, 127), (128, 0x2FFF), (0x1F300, 0x1F6FF))
        yield "".join(chr(chance.randint(*chance.choice(ranges))) for _ in range(chance.randint(1, 60)))


def test_no_text_makes_a_fault(coder: Coder) -> None:
    texts = list(odd_texts())
    assert len(texts) >= 300
    for text in texts:
        result = coder.code_story(Story("a", text, date=DAY))
        assert result.faults == (), text
        assert len({e.event_id for e in result.events}) == len(result.events), text
        for event in result.events:
            assert text[event.start : event.end].startswith(event.action.split(" ")[0]), text


def test_a_text_that_is_none(coder: Coder) -> None:
    with pytest.raises(InputError, match="should be a string, not NoneType"):
        coder.code(None)  # type: ignore[arg-type]
