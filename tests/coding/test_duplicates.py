"""Rows of one story that report the same event."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from eventcoder.coding.duplicates import link_duplicates
from eventcoder.records import Event

TEXT = dict.fromkeys((each.name for each in fields(Event)), "")
FIRST = Event(
    **{
        **TEXT,
        "event_id": "1",
        "match_id": "m1",
        "source": "IRNGOV",
        "source_country": "IRN",
        "target": "IRQ",
        "target_country": "IRQ",
        "cameo": "190",
        "status": "actual",
        "date": "2022-01-27",
        "date_end": "2022-01-27",
    }
)
SECOND = replace(FIRST, event_id="2", match_id="m2")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"source": "IRNMIL"},
        {"cameo": "193"},
        {"date": "2022-01-28", "date_end": "2022-01-28"},
        {"date": "2022-01-26", "date_end": "2022-01-26"},
        {"date": "2022-01-01", "date_end": "2022-01-31"},
        {"date_end": ""},
        {"sentence": "other words"},
    ],
)
def test_a_repeat_is_linked(changes: dict[str, str]) -> None:
    linked = link_duplicates([FIRST, replace(SECOND, **changes)])
    assert [event.duplicate_of for event in linked] == ["", "1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "SYR", "source_country": "SYR"},
        {"target": "SYR", "target_country": "SYR"},
        {"target": "", "target_country": ""},
        {"cameo": "173"},
        {"status": "negated"},
        {"date": "2022-01-29", "date_end": "2022-01-29"},
        {"date": "2022-01-20", "date_end": "2022-01-25"},
        {"date": "", "date_end": ""},
        {"match_id": "m1"},
    ],
)
def test_another_event_is_not_linked(changes: dict[str, str]) -> None:
    linked = link_duplicates([FIRST, replace(SECOND, **changes)])
    assert [event.duplicate_of for event in linked] == ["", ""]


def test_organisations_and_names_count_by_their_code_or_words() -> None:
    one = replace(FIRST, source="NATO", source_country="")
    same = replace(SECOND, source="NATO", source_country="")
    other = replace(SECOND, source="UNO", source_country="")
    assert link_duplicates([one, same])[1].duplicate_of == "1"
    assert link_duplicates([one, other])[1].duplicate_of == ""
    one = replace(FIRST, source="", source_country="", source_text="Quarmby")
    other = replace(SECOND, source="", source_country="", source_text="Tolliver")
    assert link_duplicates([one, other])[1].duplicate_of == ""


def test_statements_need_the_same_code_not_only_the_root() -> None:
    one, other = replace(FIRST, cameo="010"), replace(SECOND, cameo="016")
    assert link_duplicates([one, other])[1].duplicate_of == ""
    assert link_duplicates([one, replace(other, cameo="010")])[1].duplicate_of == "1"


def test_undated_rows_link_to_undated_rows() -> None:
    one, other = (replace(each, date="", date_end="") for each in (FIRST, SECOND))
    assert link_duplicates([one, other])[1].duplicate_of == "1"


def test_all_repeats_name_the_first() -> None:
    third = replace(FIRST, event_id="3", match_id="m3", date="2022-01-28", date_end="2022-01-28")
    assert [event.duplicate_of for event in link_duplicates([FIRST, SECOND, third])] == ["", "1", "1"]


def test_days_do_not_chain() -> None:
    """A row two days later is no repeat, whatever lies between: only originals are compared."""
    next_day = replace(FIRST, event_id="2", match_id="m2", date="2022-01-28", date_end="2022-01-28")
    later = replace(FIRST, event_id="3", match_id="m3", date="2022-01-29", date_end="2022-01-29")
    assert [event.duplicate_of for event in link_duplicates([FIRST, next_day, later])] == ["", "1", ""]


def test_the_order_and_the_rows_stay() -> None:
    rows = [SECOND, FIRST, replace(FIRST, event_id="4", match_id="m4", cameo="173")]
    linked = link_duplicates(rows)
    assert [replace(event, duplicate_of="") for event in linked] == rows
    assert link_duplicates([]) == []


def test_linking_twice_is_linking_once() -> None:
    linked = link_duplicates([FIRST, SECOND])
    assert link_duplicates(linked) == linked
