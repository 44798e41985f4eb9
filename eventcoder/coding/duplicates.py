"""Links rows that report the same event within a story.

The key: both parties (country or organisation), CAMEO root, status, and dates whose intervals lie
within one day of each other. The first row in the order of the text is the original.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace

from eventcoder.codebook.ontology import cameo_root
from eventcoder.records import Event

TOLERANCE_DAYS = 1


def link_duplicates(events: Iterable[Event]) -> list[Event]:
    """Return the events with ``duplicate_of`` filled; rows of one match never duplicate each other."""
    first: dict[tuple[str, str, str, str], list[Event]] = {}
    linked: list[Event] = []
    for event in events:
        key = (
            event.source_country or event.source or event.source_text,
            event.target_country or event.target or event.target_text,
            cameo_root(event.cameo) if not event.cameo.startswith("01") else event.cameo,
            event.status,
        )
        original = next(
            (each for each in first.get(key, ()) if each.match_id != event.match_id and _near(each, event)), None
        )
        if original is None:
            first.setdefault(key, []).append(event)
            linked.append(event)
        else:
            linked.append(replace(event, duplicate_of=original.event_id))
    return linked


def _near(one: Event, other: Event) -> bool:
    if not one.date or not other.date:
        return one.date == other.date
    slack = datetime.timedelta(days=TOLERANCE_DAYS)
    begin, end = (datetime.date.fromisoformat(day) for day in (one.date, one.date_end or one.date))
    start, stop = (datetime.date.fromisoformat(day) for day in (other.date, other.date_end or other.date))
    return start - slack <= end and begin - slack <= stop
