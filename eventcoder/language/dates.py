"""When it happened: date expressions of a sentence, and the date of a story.

Spans are found by regular expressions written for news English and resolved by plain arithmetic
against the story's date. Nothing here guesses from the machine's clock, so the same text gives the
same dates on every day and in every locale.

An expression like ``Friday`` has two readings: the Friday before the story and the one after it.
:func:`find_dates` keeps both (:attr:`FoundDate.span`, :attr:`FoundDate.ahead`) and :func:`choose`
takes the one that the clause's tense asks for.

Weeks run from Monday to Sunday (ISO 8601). Seasons are those of the northern hemisphere
(meteorological: spring is March to May).
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eventcoder.records import DateSpan, Precision

Kind = Literal["event", "deadline", "duration", "age", "history"]

Day = datetime.date
_ONE = datetime.timedelta(days=1)

MONTHS: tuple[str, ...] = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS: tuple[str, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_NUMBER = {name[:3]: i for i, name in enumerate(MONTHS, 1)}
_WEEKDAY_NUMBER = {name[:3]: i for i, name in enumerate(WEEKDAYS)}


@dataclass(frozen=True, slots=True)
class DayMention:
    """A calendar day as a text writes it; ``year`` is None where the text gives none.

    ``start`` and ``end`` are 0-based, end-exclusive character offsets into the text searched.
    """

    start: int
    end: int
    year: int | None
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class HeaderDate:
    """A date that stands in a story's header line or dateline.

    Attributes
    ----------
    start, end
        Offsets of the date into the story's text.
    text
        The date as written.
    origin
        ``header`` or ``dateline``, the words of :attr:`eventcoder.records.Story.date_origin`.
    year, month, day
        ``year`` is None where the text leaves it out ("LONDON, January 27").
    updated
        True where the line says that the page was changed then, not published.
    reason
        One line for the explanation.
    """

    start: int
    end: int
    text: str
    origin: str
    year: int | None
    month: int
    day: int
    updated: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoryDate:
    """The date of a story, where it came from (see ``Story.date_origin``), and why."""

    date: Day | None
    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One date expression of a sentence.

    Attributes
    ----------
    span
        The reading with a clause in the past; offsets are into the sentence. ``precision`` is
        empty and the days are None where the expression names no day (ages, "for years") or where
        the story's date would be needed and is not known.
    kind
        ``event``: can date an event. ``deadline``: a limit ("by Friday", "until March", "after
        Monday"). ``duration``: a length of time ("for the past several weeks"). ``age``: of a
        person. ``history``: background ("since 2014", "in the 1990s", "eight years ago").
    ahead
        The reading with a clause in the future, where it differs; else None.
    forward
        True where the words themselves look forward ("scheduled for Monday", "in two weeks"), so
        that a clause told in the past does not take the day.
    attached
        True where the expression belongs to the noun after it ("Monday's attack", "the 2014
        annexation") and not to the clause around it.
    reason
        One line for the explanation.
    """

    span: DateSpan
    kind: Kind
    ahead: DateSpan | None = None
    forward: bool = False
    attached: bool = False
    reason: str = ""

    def read(self, future: bool) -> DateSpan:
        """Return the span as a clause in the future (or else in the past) would read it."""
        if (future or self.forward) and self.ahead is not None:
            return self.ahead
        return self.span


# --- metadata ----------------------------------------------------------------------------------

_PARSE_DAY = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|(\d{4})(\d{2})(\d{2})(?:T?\d{6}Z?)?",
    re.IGNORECASE,
)


def parse_day(text: str) -> Day | None:
    """Read a day from metadata.

    Parameters
    ----------
    text
        ``2022-01-27``, ``20220127``, or an ISO 8601 date with a time (``2022-01-27T10:15:00Z``,
        ``20220127101500``). The day is taken as written: no time zone is applied.

    Returns
    -------
    datetime.date or None
        None where `text` is empty or blank.

    Raises
    ------
    ValueError
        The text has another shape, or names a day that does not exist (``2022-02-30``).
    """
    stripped = text.strip()
    if not stripped:
        return None
    match = _PARSE_DAY.fullmatch(stripped) if stripped.isascii() else None
    if match is None:
        raise ValueError(f"date {_short(stripped)!r} is not understood; write it as 2022-01-27 or 20220127")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return Day(year, month, day)
    except ValueError:
        raise ValueError(f"date {_short(stripped)!r} does not exist in the calendar") from None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


# --- calendar arithmetic -------------------------------------------------------------------------


def _make(year: int, month: int, day: int) -> Day | None:
    """Return the day, or None where the calendar has no such day."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Day(year, month, day) if day <= calendar.monthrange(year, month)[1] else None


def _shift(day: Day, days: int) -> Day:
    """Return `day` plus `days`, held inside the calendar that Python knows."""
    ordinal = day.toordinal() + days
    return Day.fromordinal(min(max(ordinal, 1), Day.max.toordinal()))


def _month(year: int, month: int) -> tuple[Day, Day]:
    year = min(max(year, 1), 9999)
    return Day(year, month, 1), Day(year, month, calendar.monthrange(year, month)[1])


def _month_shift(day: Day, months: int) -> tuple[Day, Day]:
    """Return the first and last day of the calendar month `months` away from that of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return _month(count // 12, count % 12 + 1)


def _year(year: int) -> tuple[Day, Day]:
    year = min(max(year, 1), 9999)
    return Day(year, 1, 1), Day(year, 12, 31)


def _week(day: Day, weeks: int = 0) -> tuple[Day, Day]:
    monday = _shift(day, -day.weekday() + 7 * weeks)
    return monday, _shift(monday, 6)


@dataclass(frozen=True, slots=True)
class _Reading:
    """An interval of days; ``precision`` follows its length unless the expression fixes it."""

    first: Day | None = None
    last: Day | None = None
    precision: Precision = ""


def _interval(first: Day, last: Day, precision: Precision = "") -> _Reading:
    """Return the reading of an interval; its length gives the precision where none is named."""
    if last < first:
        first, last = last, first
    if not precision:
        days = (last - first).days
        precision = "day" if days == 0 else "week" if days <= 14 else "month" if days <= 62 else "year"
    return _Reading(first, last, precision)


def _on(day: Day) -> _Reading:
    return _Reading(day, day, "day")


_UNKNOWN = _Reading()


def _recent_weekday(base: Day, weekday: int) -> Day:
    return _shift(base, -((base.weekday() - weekday) % 7))


def _coming_weekday(base: Day, weekday: int) -> Day:
    return _shift(base, (weekday - base.weekday() - 1) % 7 + 1)


def _yearless_day(base: Day, month: int, day: int, weekday: int | None) -> tuple[Day, Day] | None:
    """Return the last such day up to `base` and the next one from it; None if there is none.

    A story written late in the evening can name the day after its own date as past, so the past
    reading reaches one day further.
    """
    years = range(base.year - 8, base.year + 9)
    days = [each for year in years if (each := _make(year, month, day)) is not None]
    if weekday is not None:
        fitting = [each for each in days if each.weekday() == weekday]
        if fitting:
            nearest = min(fitting, key=lambda each: abs((each - base).days))
            return nearest, nearest
    if not days:
        return None
    past = [each for each in days if each <= _shift(base, 1)]
    future = [each for each in days if each >= base]
    return (past or days)[-1], (future or days)[0] if future else days[-1]


_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}


def _month_part(year: int, month: int, part: str) -> _Reading:
    first, last = _month(year, month)
    if part in _PARTS:
        low, high = _PARTS[part]
        return _Reading(first.replace(day=low), first.replace(day=min(high, last.day)), "month")
    return _Reading(first, last, "month")


def _year_part(year: int, part: str) -> _Reading:
    first, last = _year(year)
    if part == "early":
        return _Reading(first, first.replace(month=4, day=30), "year")
    if part == "mid":
        return _Reading(first.replace(month=5), first.replace(month=8, day=31), "year")
    if part == "late":
        return _Reading(first.replace(month=9), last, "year")
    return _Reading(first, last, "year")


# --- the words of date expressions ----------------------------------------------------------------

_WD = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_WD_ANY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?)"
_MON = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_MON_FULL = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_ORD = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d(?!\d|[.,]\d|%|s\b)"
_TO = r"\s*(?:-|–|—|\bto\b|\bthrough\b|\band\b|\buntil\b|\btill\b|\bor\b)\s*"
# A day number is no day where it goes on as a time, a decimal, a thousand or a percentage.
_DAY = r"(?<![\d.,:/$€£-])\d{1,2}" + _ORD + r"(?![\d:%/]|[.,]\d|\s*(?:a\.m|p\.m|am\b|pm\b|percent|per\s+cent))"
_DAY_AFTER = r"\d{1,2}" + _ORD + r"(?![\w:%/]|[.,]\d|\s*(?:a\.m|p\.m|am\b|pm\b|percent|per\s+cent))"

_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
_N = (
    r"(?:an?\s+couple(?:\s+of)?|couple(?:\s+of)?|an?\s+few|few|several|some|many|an?\s+dozen|dozen|half\s+an?"
    r"|\d{1,4}|(?:twenty|thirty|forty|fifty)-(?:one|two|three|four|five|six|seven|eight|nine)"
    r"|" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + r"|an?)"
)
_ABOUT = r"(?:(?:more\s+than|less\s+than|nearly|almost|about|around|roughly|just|only|barely|over|at\s+least|some)\s+)?"
_UNIT = r"(?:minute|hour|day|night|week|fortnight|month|year|decade|century|centurie|generation)s?"


def _bounds(words: str) -> tuple[float, float]:
    """Return the least and greatest number that a number phrase means."""
    low = re.sub(r"\s+", " ", words.strip().lower())
    if low.isdigit():
        return float(low), float(low)
    if "couple" in low:
        return 2, 2
    if "few" in low:
        return 2, 4
    if low in ("several", "some", "many"):
        return 3, 7
    if "dozen" in low:
        return 12, 12
    if low.startswith("half"):
        return 0.5, 0.5
    if low in ("a", "an"):
        return 1, 1
    total = sum(_NUMBER_WORDS.get(part, 0) for part in low.split("-"))
    return float(total or 1), float(total or 1)


def _unit(word: str) -> str:
    low = word.lower().rstrip("s")
    return {"centurie": "century", "night": "day"}.get(low, low)


_UNIT_DAYS = {
    "minute": 0.0,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "fortnight": 14.0,
    "month": 30.4375,
    "year": 365.25,
    "decade": 3652.5,
    "century": 36525.0,
    "generation": 9131.0,
}
_LONG_UNITS = ("year", "decade", "century", "generation")


def _month_number(word: str) -> int:
    return _MONTH_NUMBER[word[:3].lower()]


def _weekday_number(word: str) -> int:
    return _WEEKDAY_NUMBER[word.strip()[:3].lower()]


def _day_number(word: str) -> int:
    return int(re.match(r"\d+", word).group())  # type: ignore[union-attr]


# --- what a pattern gives -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Hit:
    """A resolved expression before its surroundings (preposition, noun behind it) are looked at."""

    past: _Reading
    ahead: _Reading | None = None
    kind: Kind = "event"
    history: bool = False
    forward: bool = False
    reason: str = ""
    in_year: Callable[[int], _Reading] | None = None
    start: int = -1
    end: int = -1


# Returned by a handler for words that look like a date but are none, so that no later pattern
# reads a part of them.
_BLOCKED = _Hit(_UNKNOWN, reason="blocked")

_Handler = Callable[["re.Match[str]", Day | None], _Hit | None]


def _old(last: Day | None, base: Day | None, years_only: bool) -> bool:
    """Tell whether an expression with an explicit year tells background.

    A bare earlier year is background. A month or day of the year before is background once it lies
    more than ninety days back: in January, "on December 14, 2021" is still news.
    """
    if last is None or base is None or last.year >= base.year:
        return False
    return years_only or (base - last).days > 90


def _is_capital(word: str) -> bool:
    return word[:1].isupper()


def _at(match: re.Match[str], *names: str) -> str:
    """Return the first of the named groups that the pattern has and the text filled, else empty.

    A pattern with two shapes names the second shape's groups ``u2``, ``u3`` and so on, since Python
    allows a name once.
    """
    groups = match.re.groupindex
    return next((match[name] for name in names if name in groups and match[name]), "")


def _blocked(match: re.Match[str], base: Day | None) -> _Hit | None:
    return _BLOCKED


def _age(match: re.Match[str], base: Day | None) -> _Hit | None:
    return _Hit(_UNKNOWN, kind="age", reason="an age")


def _nine_eleven(match: re.Match[str], base: Day | None) -> _Hit | None:
    return _Hit(_on(Day(2001, 9, 11)), kind="history", history=True, reason="the attacks of 11 September 2001")


def _numeric(match: re.Match[str], base: Day | None) -> _Hit | None:
    day = _numeric_day(match)
    if day is None:
        return _BLOCKED
    return _Hit(_on(day), history=_old(day, base, False), reason="a full date")


def _numeric_day(match: re.Match[str]) -> Day | None:
    if match["iy"]:
        return _make(int(match["iy"]), int(match["im"]), int(match["id"]))
    first, second, year = int(match["na"]), int(match["nb"]), int(match["ny"])
    # Dots are day-first wherever they are used; with slashes only a day above 12 settles it.
    if match["sep"] == "." or first > 12 or first == second:
        return _make(year, second, first)
    if second > 12:
        return _make(year, first, second)
    return None


def _full_day(match: re.Match[str], base: Day | None) -> _Hit | None:
    if not _is_capital(match["m"]):
        return None
    month, day = _month_number(match["m"]), _day_number(match["d"])
    if match["y"]:
        found = _make(int(match["y"]), month, day)
        if found is None:
            return _BLOCKED
        return _Hit(_on(found), history=_old(found, base, False), reason="a full date")
    if _make(2000, month, day) is None:
        return _BLOCKED if day > 31 else None
    weekday = _weekday_number(match["w"]) if match["w"] else None

    def in_year(year: int) -> _Reading:
        found = _make(year, month, day)
        return _on(found) if found else _UNKNOWN

    if base is None:
        return _Hit(_UNKNOWN, reason="a day without a year, and the story has no date", in_year=in_year)
    pair = _yearless_day(base, month, day, weekday)
    if pair is None:
        return _BLOCKED
    reason = "year by its weekday" if weekday is not None else "year nearest to the story's date"
    return _Hit(_on(pair[0]), _on(pair[1]), reason=reason, in_year=None if weekday is not None else in_year)


def _day_range(match: re.Match[str], base: Day | None) -> _Hit | None:
    """Read two days of one month, or two days each with its month."""
    if not _is_capital(match["m"]):
        return None
    m1 = _month_number(match["m"])
    m2 = _month_number(match["m2"]) if _at(match, "m2") else m1
    d1, d2 = _day_number(match["d"]), _day_number(match["d2"])
    if _make(2000, m1, d1) is None or _make(2000, m2, d2) is None:
        return None
    if m1 == m2 and d2 <= d1:
        return None
    year_text, first_year = _at(match, "y"), _at(match, "y1")

    def in_year(year: int) -> _Reading:
        first = _make(year if (m1, d1) <= (m2, d2) else year - 1, m1, d1)
        last = _make(year, m2, d2)
        return _interval(first, last) if first and last else _UNKNOWN

    if year_text:
        reading = in_year(int(year_text))
        if first_year and (first := _make(int(first_year), m1, d1)) and reading.last:
            reading = _interval(first, reading.last)
        return _Hit(reading, history=_old(reading.last, base, False), reason="a range of days")
    if base is None:
        return _Hit(_UNKNOWN, reason="days without a year, and the story has no date", in_year=in_year)
    past_year, ahead_year = base.year, base.year
    last_day = in_year(base.year).first
    if last_day is not None and last_day > _shift(base, 1):
        past_year -= 1
    end_day = in_year(base.year).last
    if end_day is not None and end_day < base:
        ahead_year += 1
    return _Hit(in_year(past_year), in_year(ahead_year), reason="a range of days", in_year=in_year)


def _weekday_range(match: re.Match[str], base: Day | None) -> _Hit | None:
    if base is None:
        return _Hit(_UNKNOWN, reason="weekdays, and the story has no date")
    first, last = _weekday_number(match["w"]), _weekday_number(match["w2"])
    if first == last:
        return None
    end = _recent_weekday(base, last)
    past = _interval(_shift(end, -((last - first) % 7)), end)
    begin = _coming_weekday(base, first)
    ahead = _interval(begin, _shift(begin, (last - first) % 7))
    return _Hit(past, ahead, reason="a range of weekdays")


def _month_range(match: re.Match[str], base: Day | None) -> _Hit | None:
    if not (_is_capital(match["m"]) and _is_capital(match["m2"])):
        return None
    m1, m2 = _month_number(match["m"]), _month_number(match["m2"])
    if m1 == m2:
        return None

    def in_year(year: int) -> _Reading:
        return _interval(_month(year if m1 < m2 else year - 1, m1)[0], _month(year, m2)[1])

    if match["y"]:
        reading = in_year(int(match["y"]))
        if match["y1"]:
            reading = _interval(_month(int(match["y1"]), m1)[0], _month(int(match["y"]), m2)[1])
        return _Hit(reading, history=_old(reading.last, base, False), reason="a range of months")
    if base is None:
        return _Hit(_UNKNOWN, reason="months without a year, and the story has no date", in_year=in_year)
    here = in_year(base.year)
    past = in_year(base.year - 1) if here.first is not None and here.first > base else here
    ahead = in_year(base.year + 1) if here.last is not None and here.last < base else here
    return _Hit(past, ahead, reason="a range of months", in_year=in_year)


def _year_range(match: re.Match[str], base: Day | None) -> _Hit | None:
    if match["y2"] and not re.search(
        r"(?:\b(?:in|from|during|since|the|of|between|for|and)\s+|\()$", match.string[: match.start()], re.IGNORECASE
    ):
        return None
    low, second = int(_at(match, "y1", "y2")), _at(match, "z1", "z2")
    high = int(second) if len(second) == 4 else low - low % 100 + int(second)
    if not low < high <= low + 200:
        return None
    old = base is not None and low < base.year
    reading = _Reading(_year(low)[0], _year(high)[1], "year")
    return _Hit(reading, kind="history" if old else "event", history=old, reason="a range of years")


_EDGES = {
    "start": "early", "beginning": "early", "middle": "mid", "end": "late", "early": "early", "late": "late",
    "mid": "mid", "first half": "early", "second half": "late",
}  # fmt: skip


def _part(match: re.Match[str]) -> str:
    words = re.sub(r"[\s-]+", " ", _at(match, "part").strip().lower())
    for key, part in _EDGES.items():
        if key in words:
            return part
    return ""


def _month_and_year(match: re.Match[str], base: Day | None) -> _Hit | None:
    if not _is_capital(match["m"]):
        return None
    reading = _month_part(int(match["y"]), _month_number(match["m"]), _part(match))
    return _Hit(reading, history=_old(reading.last, base, False), reason="a month of a year")


# "May" and "March" are months only where the words around say so.
_MONTH_LEAD = re.compile(
    r"\b(?:in|since|until|till|by|before|after|during|from|through|last|next|this|past|throughout|early|late"
    r"|mid|of\s+last|back\s+in)[\s-]+$",
    re.IGNORECASE,
)
_FIRST_NAMES = ("april", "june", "may", "march", "august")


def _bare_month(match: re.Match[str], base: Day | None) -> _Hit | None:
    word = match["m"]
    if not _is_capital(word):
        return None
    how, part = _at(match, "how").strip().lower(), _part(match)
    left, right = match.string[: match.start()], match.string[match.end() :]
    if re.match(r"\s+(?:Revolution|War|Crisis|Days|Fools)\b", right) or re.search(r"\bBlack\s+$", left):
        return _BLOCKED
    named = word.lower().rstrip(".")
    if named in _FIRST_NAMES and not how and not part:
        if not _MONTH_LEAD.search(left):
            return None
        # "in May's cabinet", "by May and her ministers", "in March Madness"
        if named == "may" and re.match(r"['’]s|\s+(?:and|or)\s+(?:her|his)\b|\s+[A-Z]", right):
            return None
        if named in ("march", "august", "april", "june") and re.match(r"\s+[A-Z][a-z]+\b(?!\s+\d)", right):
            follows = re.match(r"\s+([A-Z][a-z]+)", right)
            if follows and named in ("april", "june") and left.rstrip().lower().endswith("by"):
                return None
    if word.endswith(".") and not (how or part or _MONTH_LEAD.search(left)):
        return None
    month = _month_number(word)

    def in_year(year: int) -> _Reading:
        return _month_part(year, month, part)

    if base is None:
        return _Hit(_UNKNOWN, reason="a month without a year, and the story has no date", in_year=in_year)
    back = base.year if month <= base.month else base.year - 1
    forth = base.year if month >= base.month else base.year + 1
    if how in ("last", "past", "this past"):
        reading = in_year(base.year if month < base.month else base.year - 1)
        return _Hit(reading, reason=f"the last {word} before the story")
    if how in ("next", "this coming"):
        reading = in_year(base.year if month > base.month else base.year + 1)
        return _Hit(reading, forward=True, reason=f"the next {word} after the story")
    if how == "this":
        return _Hit(in_year(base.year), reason="the story's year")
    # A part of the running month that has not come yet cannot be told in the past.
    past, ahead = in_year(back), in_year(forth)
    if part and past.first is not None and past.first > _shift(base, 1):
        past = in_year(back - 1)
    if part and ahead.last is not None and ahead.last < base:
        ahead = in_year(forth + 1)
    return _Hit(past, ahead, reason="year nearest to the story's date", in_year=in_year)


def _ago(match: re.Match[str], base: Day | None) -> _Hit | None:
    unit = _unit(_at(match, "u", "u2"))
    number = _at(match, "n", "n2")
    # A bare plural is vague: "days ago", "years ago".
    low, high = _bounds(number) if number else (2.0, 10.0)
    if " and a half" in re.sub(r"\s+", " ", match.group().lower()):
        low, high = low + 0.5, high + 0.5
    long_ago = unit in _LONG_UNITS and (low >= 1 or not number)
    kind: Kind = "history" if long_ago else "event"
    reason = f"{match.group().strip()}, counted from the story's date"
    if base is None or (long_ago and (not number or unit == "generation")):
        return _Hit(_UNKNOWN, kind=kind, history=long_ago, reason=reason)
    if unit in ("minute", "hour"):
        return _Hit(_on(_shift(base, -int(low // 24) if unit == "hour" else 0)), reason=reason)
    if unit == "month" and low == high and low == int(low):
        first, last = _month_shift(base, -int(low))
        return _Hit(_Reading(first, last, "month"), history=low >= 12, reason=reason)
    if unit in _LONG_UNITS and low == high and low == int(low):
        count = int(low) * {"year": 1, "decade": 10, "century": 100}[unit]
        first, last = _year(base.year - count)
        return _Hit(_Reading(first, last, "year"), kind=kind, history=True, reason=reason)
    days = _UNIT_DAYS[unit]
    if unit == "day" and low == high:
        return _Hit(_on(_shift(base, -int(low))), reason=reason)
    # A counted week may lie three days either way, a half year two months; a vague number spans
    # its own bounds.
    slack = {"week": 3, "fortnight": 3, "month": 10, "year": 60}.get(unit, 0) if low == high else 0
    first, last = _shift(base, -round(high * days) - slack), _shift(base, -round(low * days) + slack)
    return _Hit(_interval(first, last), kind=kind, history=long_ago, reason=reason)


_RECENT = {"hour": 1, "day": 7, "week": 28, "month": 92, "year": 1096, "decade": 7305}


def _past_period(match: re.Match[str], base: Day | None) -> _Hit | None:
    """Read "in the past 24 hours", "for the last several weeks", "over the past decade"."""
    word = _at(match, "u", "u3", "u4")
    unit, number = _unit(word), _at(match, "n")
    lasting = _at(match, "prep").lower() == "for"
    long_period = unit in _LONG_UNITS
    kind: Kind = "duration" if lasting or long_period else "event"
    reason = "a period up to the story's date"
    if base is None:
        return _Hit(_UNKNOWN, kind=kind, history=long_period, reason=reason)
    if number:
        days = _bounds(number)[1] * _UNIT_DAYS[unit]
    elif word.lower().endswith("s"):
        days = _RECENT.get(unit, 365)
    else:
        days = _UNIT_DAYS[unit]
    first = _shift(base, -max(round(days), 1)) if days >= 1 else base
    return _Hit(_interval(first, base), kind=kind, history=long_period, reason=reason)


def _recent_period(match: re.Match[str], base: Day | None) -> _Hit | None:
    unit = _unit(match["u"])
    long_period = unit in _LONG_UNITS
    kind: Kind = "duration" if long_period or _at(match, "prep").lower() == "for" else "event"
    if base is None:
        return _Hit(_UNKNOWN, kind=kind, history=long_period, reason="a recent period")
    return _Hit(
        _interval(_shift(base, -_RECENT.get(unit, 365)), base),
        kind=kind,
        history=long_period,
        reason="a recent period up to the story's date",
    )


def _coming_period(match: re.Match[str], base: Day | None) -> _Hit | None:
    word = _at(match, "u", "u3", "u4")
    unit, number = _unit(word), _at(match, "n")
    kind: Kind = "deadline" if _at(match, "prep").lower() == "within" else "event"
    reason = "a period after the story's date"
    if base is None:
        return _Hit(_UNKNOWN, kind=kind, forward=True, reason=reason)
    if number:
        days = _bounds(number)[1] * _UNIT_DAYS[unit]
    elif word.lower().endswith("s"):
        days = _RECENT.get(unit, 365)
    else:
        days = _UNIT_DAYS[unit]
    return _Hit(_interval(base, _shift(base, round(days))), kind=kind, forward=True, reason=reason)


def _in_so_long(match: re.Match[str], base: Day | None) -> _Hit | None:
    """Read "in two weeks": a point after the story's date."""
    unit = _unit(match["u"])
    kind: Kind = "deadline" if _at(match, "prep").lower() == "within" else "event"
    reason = "counted forward from the story's date"
    if base is None:
        return _Hit(_UNKNOWN, kind=kind, forward=True, reason=reason)
    low, high = _bounds(match["n"])
    days = _UNIT_DAYS[unit]
    if kind == "deadline":
        return _Hit(_interval(base, _shift(base, round(high * days))), kind=kind, forward=True, reason=reason)
    if unit == "month" and low == high and low == int(low):
        first, last = _month_shift(base, int(low))
        return _Hit(_Reading(first, last, "month"), forward=True, reason=reason)
    if unit in _LONG_UNITS:
        return _Hit(_interval(*_year(_shift(base, round(high * days)).year)), forward=True, reason=reason)
    slack = 3 if unit in ("week", "fortnight") else 0
    first, last = _shift(base, round(low * days) - slack), _shift(base, round(high * days) + slack)
    return _Hit(_interval(first, last), forward=True, reason=reason)


def _for_so_long(match: re.Match[str], base: Day | None) -> _Hit | None:
    return _Hit(_UNKNOWN, kind="duration", history=_unit(match["u"]) in _LONG_UNITS, reason="a length of time")


def _this_last_next(match: re.Match[str], base: Day | None) -> _Hit | None:
    """Read "last week", "earlier this month", "late next year", "the end of the year"."""
    how = re.sub(r"\s+", " ", _at(match, "how").strip().lower())
    how = {"the": "this", "the past": "last", "this coming": "next", "the coming": "next", "coming": "next"}.get(
        how, how
    )
    unit, shade = match["u"].lower(), _at(match, "shade").strip().lower()
    if base is None:
        return _Hit(_UNKNOWN, reason=f"{how} {unit}, and the story has no date")
    step = {"this": 0, "current": 0, "last": -1, "next": 1}[how]
    part = _part(match)
    if unit == "week":
        first, last = _week(base, step)
        if part:
            first, last = {"early": (first, _shift(first, 1)), "mid": (_shift(first, 2), _shift(first, 3))}.get(
                part, (_shift(first, 3), last)
            )
        reading = _Reading(first, last, "week")
    elif unit == "month":
        first, last = _month_shift(base, step)
        reading = _month_part(first.year, first.month, part)
    else:
        reading = _year_part(base.year + step, part)
    first_day, last_day = reading.first or base, reading.last or base
    if shade == "earlier" and step == 0:
        # On the first day of the period there is nothing earlier in it but that day.
        last_day = max(first_day, min(last_day, _shift(base, -1)))
    if shade == "later" and step == 0:
        first_day = min(last_day, max(first_day, _shift(base, 1)))
    reading = _Reading(first_day, last_day, reading.precision)
    old = unit == "year" and step < 0
    return _Hit(
        reading,
        history=old,
        kind="history" if old else "event",
        forward=step > 0 or shade == "later",
        reason=f"{how} {unit}, counted from the story's date",
    )


def _weekend(match: re.Match[str], base: Day | None) -> _Hit | None:
    how = _at(match, "how").strip().lower()
    if base is None:
        return _Hit(_UNKNOWN, reason="a weekend, and the story has no date")
    inside = base.weekday() >= 5
    saturday = _recent_weekday(base, 5)
    recent = _interval(saturday, _shift(saturday, 1))
    coming_first = saturday if inside else _coming_weekday(base, 5)
    coming = _interval(coming_first, _shift(coming_first, 1))
    if how in ("last", "this past", "past"):
        first = _shift(saturday, -7) if inside else saturday
        return _Hit(_interval(first, _shift(first, 1)), reason="the weekend before the story")
    if how in ("next", "this coming", "coming"):
        first = _shift(coming_first, 7) if inside else coming_first
        return _Hit(_interval(first, _shift(first, 1)), forward=True, reason="the weekend after the story")
    return _Hit(recent, coming, reason="the weekend nearest to the story")


def _near_day(match: re.Match[str], base: Day | None) -> _Hit | None:
    """Read "yesterday", "earlier today", "last night", "the day after tomorrow"."""
    # A capital in mid-sentence makes it a name: "Russia Today", "on the Today programme".
    if (
        match["near"][:1].isupper()
        and match["near"][1:2].islower()
        and re.search(r"\w ?$", match.string[: match.start()])
    ):
        return _BLOCKED
    words = re.sub(r"\s+", " ", match["near"].lower())
    if words.startswith("the day before"):
        step = -2
    elif words.startswith("the day after"):
        step = 2
    elif "yesterday" in words or words in ("last night", "last evening"):
        step = -1
    elif "tomorrow" in words:
        step = 1
    else:
        step = 0
    if base is None:
        return _Hit(_UNKNOWN, forward=step > 0, reason=f"{words}, and the story has no date")
    return _Hit(_on(_shift(base, step)), forward=step > 0, reason=f"{words}, counted from the story's date")


_NAMED_DAYS = re.compile(r"\b(?:Black|Cyber|Blue|Bloody|Good|Easter|Palm|Super|Ash|Maundy|Giving|Sheffield)\s+$")


def _weekday(match: re.Match[str], base: Day | None) -> _Hit | None:
    left, right = match.string[: match.start()], match.string[match.end() :]
    how = re.sub(r"\s+", " ", _at(match, "how").strip().lower())
    if how.startswith("the ") or how in ("previous", "following", "every", "each", "any", "most"):
        return _BLOCKED
    capital = _is_capital(match["w"])
    if capital and (
        _NAMED_DAYS.search(left)
        or re.match(r"\s+(?:Times|Telegraph|Mirror|Express|Herald|Mail|Post|World|Independent|Addams)\b", right)
        or re.search(r"\bMail\s+on\s+$", left)
    ):
        return _BLOCKED
    # "It was a Thursday": a kind of day, not a day; "a Thursday statement" is one.
    if re.search(r"\b(?:a|one)\s+$", left, re.IGNORECASE) and not re.match(r"(?:['’]s)?\s+[a-z]{3,}", right):
        return _BLOCKED
    weekday = _weekday_number(match["w"])
    week = _at(match, "wk").lower()
    if base is None:
        return _Hit(_UNKNOWN, reason="a weekday, and the story has no date")
    if week:
        day = _shift(_week(base, {"last": -1, "this": 0, "next": 1}[week])[0], weekday)
        return _Hit(_on(day), forward=week == "next", reason=f"{match['w']} of {week} week")
    if how in ("last", "past", "this past"):
        day = _recent_weekday(_shift(base, -1), weekday)
        return _Hit(_on(day), reason=f"the last {match['w']} before the story")
    if how in ("coming", "this coming"):
        return _Hit(_on(_coming_weekday(base, weekday)), forward=True, reason=f"the {match['w']} after the story")
    if how == "next":
        # Said on a Monday, "next Tuesday" is not tomorrow: it is the Tuesday of the next week.
        return _Hit(_on(_shift(_week(base, 1)[0], weekday)), forward=True, reason=f"{match['w']} of the next week")
    recent, coming = _recent_weekday(base, weekday), _coming_weekday(base, weekday)
    if how == "this":
        coming = base if base.weekday() == weekday else coming
    return _Hit(_on(recent), _on(coming), reason=f"the {match['w']} nearest to the story, by tense")


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def _season_in(year: int, month: int) -> _Reading:
    first = _month(year, month)[0]
    return _Reading(first, _month_shift(first, 2)[1], "year")


def _season(match: re.Match[str], base: Day | None) -> _Hit | None:
    name, how = match["s"].lower(), _at(match, "how").strip().lower()
    month = _SEASONS[name]
    if _at(match, "y"):
        reading = _season_in(int(match["y"]), month)
        return _Hit(reading, history=_old(reading.last, base, False), reason="a season of a year")
    if re.match(r"\s+of\b", match.string[match.end() :]):
        return None
    if base is None:
        return _Hit(_UNKNOWN, reason="a season, and the story has no date")
    years = [_season_in(year, month) for year in range(base.year - 2, base.year + 3)]
    begun = [each for each in years if each.first is not None and each.first <= base]
    ended = [each for each in years if each.last is not None and each.last < base]
    open_ = [each for each in years if each.last is not None and each.last >= base]
    later = [each for each in years if each.first is not None and each.first > base]
    if how in ("last", "this past"):
        return _Hit(ended[-1], reason=f"the last {name} before the story")
    if how in ("next", "this coming", "coming"):
        return _Hit(later[0], forward=True, reason=f"the next {name} after the story")
    return _Hit(begun[-1], open_[0], reason=f"the {name} nearest to the story, by tense")


_FEASTS = {"new year's eve": (12, 31), "new year's day": (1, 1), "christmas eve": (12, 24), "christmas day": (12, 25)}


def _feast(match: re.Match[str], base: Day | None) -> _Hit | None:
    if re.search(r"\borthodox\s+$", match.string[: match.start()], re.IGNORECASE):
        return _BLOCKED
    month, day = _FEASTS[re.sub(r"\s+", " ", match["f"].lower().replace("’", "'"))]
    if match["y"]:
        found = Day(int(match["y"]), month, day)
        return _Hit(_on(found), history=_old(found, base, False), reason="a full date")
    if base is None:
        return _Hit(_UNKNOWN, reason="a day without a year, and the story has no date")
    pair = _yearless_day(base, month, day, None)
    return _Hit(_on(pair[0]), _on(pair[1]), reason="year nearest to the story's date") if pair else None


def _decade(match: re.Match[str], base: Day | None) -> _Hit | None:
    text = match["y"]
    year = int(text) if len(text) == 4 else (1900 if int(text) >= 20 else 2000) + int(text)
    first, last = year, year + (99 if len(text) == 4 and year % 100 == 0 and year < 2000 else 9)
    part = _part(match)
    if part and last - first == 9:
        low, high = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}[part]
        first, last = year + low, year + high
    return _Hit(
        _Reading(_year(first)[0], _year(last)[1], "year"),
        kind="history",
        history=True,
        reason="a decade or century",
    )


def _century(match: re.Match[str], base: Day | None) -> _Hit | None:
    return _Hit(_UNKNOWN, kind="history", history=True, reason="a century")


_YEAR_LEAD = re.compile(
    r"(?:\b(?:in|since|during|by|until|till|before|after|from|to|through|throughout|of|early|late|mid|around|circa"
    r"|for|between|and|as\s+of|year)\s+(?:the\s+year\s+)?|\b(?:mid|pre|post)-|\()$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:\b(?:Resolution|Res\.?|Flight|Article|Order|Act|Bill|Directive|Regulation|Law|Room|Convoy|No\.?|Number"
    r"|Nos\.?|Agenda|Vision|Section|Unit|Battalion|Brigade|Regiment|Treaty|Route|Highway|Tu|MH|BUK)[\s-]+|[$€£#])$",
    re.IGNORECASE,
)


def _bare_year(match: re.Match[str], base: Day | None) -> _Hit | None:
    left, right = match.string[: match.start("y")], match.string[match.end("y") :]
    year = int(match["y"])
    part = _part(match)
    if _NUMBERED.search(left) or re.match(r"[-–]?(?:strong|metre|meter|km|mile|kg)\b", right):
        return _BLOCKED
    possessive = re.match(r"['’]s\b", right)
    noun = re.search(r"\b(?:the|its|his|her|their|our|a|that|disputed|annual)\s+$", left, re.IGNORECASE)
    if not (part or possessive or _YEAR_LEAD.search(left) or (noun and re.match(r"[\s-]+[A-Za-z]", right))):
        return None
    # "in 2000 villages", "of 1800 soldiers": a round number before a plural is a count.
    if year % 100 == 0 and re.match(r"\s+(?:\w+\s+)?[a-z]+s\b", right):
        return None
    if re.search(r"\b(?:of|for|and|to|from|between|the|around|a)\s+$", left, re.IGNORECASE) and re.match(
        r"\s+(?:more\s+|of\s+the\s+)?(?:troops|people|soldiers|men|women|civilians|refugees|dollars|euros|tonnes|tons"
        r"|hours|miles|kilomet\w+|met\w+|feet|tanks|missiles|drones|others|prisoners|homes|workers|police)\b",
        right,
    ):
        return None
    if base is not None and year > base.year + 100:
        return None
    reading = _year_part(year, part)
    old = _old(reading.last, base, True)
    return _Hit(reading, history=old, kind="history" if old else "event", reason="a year")


_UNITS_PLURAL = r"(?:hours|days|weeks|months|years|decades)"
_UNITS_ONE = r"(?:hour|day|week|fortnight|month|year|decade|century)"
_SHADE = r"(?:(?P<shade>earlier|later)\s+)?"
_PART = r"(?:(?P<part>(?:the\s+)?(?:early|mid|late|(?:start|beginning|middle|end)\s+of))[\s-]+)"
_THEN_YEAR = rf"(?:,?\s+(?P<y>{_YEAR}))?"
_FIRST_YEAR = rf"(?:,?\s+(?P<y1>{_YEAR}))?"
_SEASON = r"(?P<s>spring|summer|autumn|fall|winter)"
_RELATIVE = r"later|earlier|before|after|afterwards|prior|previously|beforehand"

# What a sentence must hold before a pattern is worth trying; several signs in a row are all needed.
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, flags))
    for name, pattern, flags in (
        ("figure", r"\d", 0),
        ("year", r"(?:1[5-9]|20)\d\d", 0),
        ("month", r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|[JFMASOND][AEPUCO][NBRYLGPTVC])", 0),
        ("weekday", r"(?:on|es|rs|ri|ur|un)day", re.IGNORECASE),
        ("unit", r"minute|hour|day|night|week|month|year|decade|centur|generation", re.IGNORECASE),
        ("ago", r"\bago\b", re.IGNORECASE),
        ("age", r"\bold\b|\baged?\b", re.IGNORECASE),
        ("hyphen", r"-(?:minute|hour|day|week|month|year|decade|centur)", re.IGNORECASE),
        ("period", r"\b(?:past|last|recent|next|coming|following)\b", re.IGNORECASE),
        ("near", r"yesterday|today|tomorrow|night|last\s+evening|this\s", re.IGNORECASE),
        ("season", r"spring|summer|autumn|\bfall\b|winter", re.IGNORECASE),
        ("feast", r"New\s+Year|Christmas", re.IGNORECASE),
        ("tail", r"\b(?:later|earlier|before|after|afterwards|prior|previously|beforehand)\b", re.IGNORECASE),
        ("century", r"centur|generations", re.IGNORECASE),
        ("in", r"\b(?:in|over|during|within)\b", re.IGNORECASE),
        ("for", r"\bfor\b", re.IGNORECASE),
    )
)

# Earlier patterns win where two overlap; so the longer and surer shapes stand first.
_TABLE: tuple[tuple[str, _Handler, str], ...] = (
    ("age", _age, rf"\b{_N}[\s-]+(?:day|week|month|year)s?[\s-]old\b|\baged?\s+\d{{1,3}}\b(?!\s*%)"),
    ("hyphen", _blocked, rf"\b{_N}-(?:minute|hour|day|week|month|year|decade|century)s?(?:-long)?\b(?!\s+ago)"),
    (
        "figure",
        _nine_eleven,
        (
            r"(?<![\d/])9/11(?![\d/])"
            r"|\b(?:September|Sept?\.?)\s+11(?:th)?\b,?(?=\s+(?:terror\w*\s+)?(?:attacks?|hijack\w+))"
        ),
    ),
    (
        "figure",
        _numeric,
        (
            r"(?<![\d./-])(?:(?P<iy>(?:1[5-9]|20)\d\d)[-/](?P<im>\d\d?)[-/](?P<id>\d\d?)"
            r"|(?P<na>\d\d?)(?P<sep>[/.])(?P<nb>\d\d?)(?P=sep)(?P<ny>(?:19|20)\d\d))"
            r"(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d/]|[.-]\d)"
        ),
    ),
    # ranges
    (
        "month figure",
        _day_range,
        rf"(?P<m>{_MON})\s+(?P<d>{_DAY_AFTER}){_FIRST_YEAR}{_TO}(?P<m2>{_MON})\s+(?P<d2>{_DAY_AFTER}){_THEN_YEAR}",
    ),
    (
        "month figure",
        _day_range,
        rf"(?P<d>{_DAY})\s+(?P<m>{_MON}){_FIRST_YEAR}{_TO}(?P<d2>\d{{1,2}}){_ORD}\s+(?P<m2>{_MON})(?!\w){_THEN_YEAR}",
    ),
    (
        "month figure",
        _day_range,
        rf"\b(?P<m>{_MON})\s+(?P<d>\d{{1,2}}{_ORD}){_TO}(?P<d2>{_DAY_AFTER}){_THEN_YEAR}",
    ),
    (
        "month figure",
        _day_range,
        (
            rf"(?<![\w.,:/$-])(?:the\s+)?(?P<d>\d{{1,2}}{_ORD}){_TO}(?P<d2>\d{{1,2}}{_ORD})(?:\s+of)?\s+"
            rf"(?P<m>{_MON})(?!\w){_THEN_YEAR}"
        ),
    ),
    ("weekday", _weekday_range, rf"\b(?P<w>{_WD}){_TO}(?:on\s+)?(?P<w2>{_WD})\b"),
    # single days
    (
        "month figure",
        _full_day,
        rf"\b(?:(?P<w>{_WD_ANY}),?\s+)?(?P<m>{_MON})\s+(?:the\s+)?(?P<d>{_DAY_AFTER}){_THEN_YEAR}",
    ),
    (
        "month figure",
        _full_day,
        rf"(?:\b(?P<w>{_WD_ANY}),?\s+)?(?:\bthe\s+)?(?P<d>{_DAY})(?:\s+of)?\s+(?P<m>{_MON})(?!\w){_THEN_YEAR}",
    ),
    # months and years
    ("month", _month_range, rf"\b(?P<m>{_MON_FULL})(?:\s+(?P<y1>{_YEAR}))?{_TO}(?P<m2>{_MON_FULL})\b{_THEN_YEAR}"),
    ("month year", _month_and_year, rf"\b{_PART}?(?P<m>{_MON})(?:\s+of)?,?\s+(?P<y>{_YEAR})"),
    (
        "year",
        _year_range,
        (
            rf"(?:(?<=\bfrom\s)|(?<=\bbetween\s))(?P<y1>{_YEAR})\s+(?:to|and|until|through)\s+(?P<z1>{_YEAR})"
            r"|\b(?P<y2>(?:1[5-9]|20)\d\d)[-–](?P<z2>(?:(?:1[5-9]|20)\d\d|\d\d))(?![\d-])"
        ),
    ),
    # counted from the story's date
    (
        "ago",
        _ago,
        (
            rf"\b{_ABOUT}(?:(?P<n>{_N})\s+)?(?P<u>{_UNIT})(?:\s+and\s+a\s+half)?\s+ago\b"
            rf"|\b(?P<n2>{_N})\s+and\s+a\s+half\s+(?P<u2>{_UNIT})\s+ago\b"
        ),
    ),
    (
        "period unit",
        _past_period,
        (
            rf"\b(?:(?P<prep>for|in|over|during|within|throughout)\s+)?{_ABOUT}the\s+(?:past|last)\s+{_ABOUT}"
            rf"(?:(?P<n>{_N})\s+(?P<u>{_UNIT})|(?P<u3>{_UNITS_PLURAL})|(?P<u4>{_UNITS_ONE}))\b"
        ),
    ),
    (
        "period unit",
        _past_period,
        rf"\b(?:(?P<prep>for|in|over|during|within)\s+)(?:past|last)\s+(?P<n>{_N})\s+(?P<u>{_UNITS_PLURAL})\b",
    ),
    (
        "period unit",
        _recent_period,
        rf"\b(?:(?P<prep>in|over|during|for|of)\s+)?(?:the\s+)?(?:most\s+)?recent\s+(?P<u>{_UNITS_PLURAL})\b",
    ),
    (
        "period unit",
        _coming_period,
        (
            r"\b(?:(?P<prep>in|over|during|within|for)\s+)?the\s+(?:next|coming|following)\s+"
            rf"(?:(?P<n>{_N})\s+(?P<u>{_UNIT})|(?P<u3>{_UNITS_PLURAL}))\b"
        ),
    ),
    (
        "unit in",
        _coming_period,
        (
            r"\b(?P<prep>in|over|during|within)\s+(?:coming\s+)?(?P<u>days|weeks|months)\b"
            r"(?!\s+(?:of|later|before|after))"
        ),
    ),
    (
        "unit in",
        _in_so_long,
        rf"\b(?P<prep>in|within)\s+{_ABOUT}(?P<n>{_N})\s+(?P<u>{_UNIT})\b(?:['’]?\s+time\b)?(?!\s+(?:of|later|after))",
    ),
    (
        "unit for",
        _for_so_long,
        (
            rf"\bfor\s+(?:the\s+)?{_ABOUT}(?:many\s+|much\s+of\s+the\s+|the\s+whole\s+)?(?:(?P<n>{_N})\s+)?"
            rf"(?P<u>{_UNIT})\b(?:\s+now\b)?"
        ),
    ),
    # relative to another event, so to nothing known here
    (
        "unit tail",
        _blocked,
        (
            rf"\b{_ABOUT}(?:(?:{_N}|the)\s+)?{_UNIT}\s+(?:{_RELATIVE})\b"
            r"(?!\s+(?:yesterday|tomorrow|today|this|last|next))"
        ),
    ),
    (
        "unit",
        _blocked,
        (
            r"\b(?:the|that)\s+(?:previous|following|next|same|other|preceding)\s+"
            rf"(?:day|night|morning|week|weekend|month|year|{_WD})\b"
        ),
    ),
    (
        "unit",
        _blocked,
        (
            r"\b(?:every|each|any|one)\s+(?:other\s+)?"
            r"(?:day|night|morning|week|weekend|month|year|summer|winter|spring)\b"
        ),
    ),
    # weekdays
    (
        "weekday",
        _weekday,
        (
            r"\b(?:(?P<how>this\s+past|this\s+coming|the\s+previous|the\s+following|the\s+next|the\s+preceding|last|next"
            rf"|this|past|coming|previous|following|every|each|any|most)\s+)?(?P<w>{_WD})\b(?:['’]s\b(?=\s+[a-z]+\s))?"
            r"(?:\s+(?:early\s+|late\s+)?(?:morning|afternoon|evening|night|noon|midnight)\b)?"
            r"(?:,?\s+(?:of\s+)?(?P<wk>last|this|next)\s+week\b)?"
        ),
    ),
    # weeks, months, years around the story's date
    (
        "unit",
        _this_last_next,
        (
            rf"\b{_SHADE}{_PART}?(?P<how>this|last|next|this\s+coming|the\s+coming|coming|current)\s+"
            r"(?P<u>week|month|year)\b"
        ),
    ),
    ("unit", _this_last_next, r"\b(?P<shade>earlier|later)\s+in\s+(?P<how>the)\s+(?P<u>week|month|year)\b"),
    (
        "unit",
        _this_last_next,
        r"\b(?P<part>(?:the\s+)?(?:start|beginning|middle|end)\s+of)\s+(?P<how>the)\s+(?P<u>week|month|year)\b",
    ),
    (
        "unit",
        _weekend,
        (
            r"\b(?:(?P<how>this\s+past|this\s+coming|last|next|this|past|coming)\s+|(?<=\bover\s)the\s+|(?<=\bat\s)the\s+"
            r"|(?<=\bduring\s)the\s+|(?<=\bon\s)the\s+)weekend\b"
        ),
    ),
    (
        "near",
        _near_day,
        (
            r"\b(?P<near>the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow"
            r"|(?:(?:earlier|later|late|early)\s+)?(?:yesterday|today|tomorrow)(?:\s+(?:morning|afternoon|evening|night))?"
            r"|tonight|overnight(?!\s+(?:into|on|from|to)?\s*(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
            r"|last\s+(?:night|evening)|(?:(?:earlier|later)\s+)?this\s+(?:morning|afternoon|evening))\b"
        ),
    ),
    # months, seasons, feasts, years
    (
        "month",
        _bare_month,
        (
            rf"\b(?:(?P<how>this\s+past|this\s+coming|last|next|this|past)\s+)?{_PART}?(?P<m>{_MON})(?!\w)"
            r"(?!\s+\d{1,2}\b(?!%))"
        ),
    ),
    (
        "season",
        _season,
        rf"\b(?:(?:in|during|since|by|before|until)\s+)?(?:the\s+)?{_SEASON}(?:\s+of)?\s+(?P<y>{_YEAR})",
    ),
    (
        "season",
        _season,
        (
            r"\b(?:(?P<how>last|next|this|this\s+coming|this\s+past|coming)\s+"
            rf"|(?<=\bin\s)the\s+|(?<=\bby\s)the\s+|(?<=\buntil\s)the\s+){_SEASON}\b"
        ),
    ),
    ("feast", _feast, rf"\b(?P<f>New\s+Year['’]s\s+(?:Eve|Day)|Christmas\s+(?:Eve|Day))\b{_THEN_YEAR}"),
    ("figure", _decade, r"\b(?P<part>(?:early|mid|late)[\s-]+)?(?:the\s+)?(?P<y>(?:1[5-9]|20)\d0)['’]?s\b"),
    ("figure", _decade, r"(?P<part>\b(?:early|mid|late)[\s-]+)?\bthe\s+['’‘](?P<y>[2-9]0)s\b"),
    (
        "century",
        _century,
        r"\b(?:the\s+)?(?:1\d|20)th[\s-]century\b|\blast\s+century\b|\bcenturies\b|\bgenerations\b",
    ),
    (
        "year",
        _bare_year,
        (
            r"\b(?P<part>(?:the\s+)?(?:early|late|(?:start|beginning|middle|end|(?:first|second)\s+half)\s+of)\s+"
            rf"|mid-?\s?)?(?:(?<=\bpre-)|(?<=\bpost-)|(?<=\bmid-)|(?<![-\d.,/$€£]))(?P<y>{_YEAR})(?!-\d)"
        ),
    ),
)

_COMPILED: tuple[tuple[frozenset[str], re.Pattern[str], _Handler], ...] = tuple(
    (frozenset(signs.split()), re.compile(pattern, re.IGNORECASE), handler) for signs, handler, pattern in _TABLE
)

# Most sentences hold no date: one look decides.
_SCREEN = re.compile(
    r"\d|(?i:day|night|week|month|year|decade|centur|generation|tomorrow|hour|minute|morning|evening|afternoon"
    r"|spring|summer|autumn|\bfall\b|winter|christmas)"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
)

_LIMIT = re.compile(
    r"\b(?P<word>since|by|until|till|before|after|following|prior\s+to|ahead\s+of|no\s+later\s+than|up\s+to|as\s+of"
    r"|on\s+or\s+before|not\s+before|through|starting|beginning|effective|from)\s+"
    r"(?:(?:as\s+)?(?:early|late|at\s+least|about|around|roughly|on|in|the|next|noon|midnight|end\s+of)\s+){0,3}$",
    re.IGNORECASE,
)
_DEADLINES = ("by", "until", "till", "before", "prior to", "ahead of", "no later than", "up to", "on or before",
              "not before", "through", "after", "following")  # fmt: skip
_SCHEDULED = re.compile(
    r"\b(?:scheduled|slated|due|planned|expected|pencilled\s+in|set)\s+(?:to\s+(?:\w+\s+){1,6})?(?:for\s+|on\s+|in\s+)?"
    r"(?:the\s+)?$",
    re.IGNORECASE,
)
_NOUN_AHEAD = re.compile(
    r"(?:['’]s?)?[\s-]+(?!(?:and|or|but|that|which|who|when|while|after|before|as|to|in|on|at|by|for|from|with|of|is|are|was"
    r"|were|has|have|had|will|would|could|may|might|the|a|an|over|amid|during|against|near|about|because|if|than|said"
    r"|says|saw|until|since|into|between|under|through|also|not|no)\b)[A-Za-z]"
)
_DETERMINER = re.compile(r"\b(?:the|a|an|its|his|her|their|our|your|my|this|that|these|those)\s+$", re.IGNORECASE)


def _clipped(reading: _Reading, base: Day, future: bool) -> _Reading:
    if reading.first is None or reading.last is None or not reading.first < base < reading.last:
        return reading
    return replace(reading, first=base) if future else replace(reading, last=base)


def _placed(hit: _Hit, text: str, base: Day | None) -> FoundDate:
    """Return the found date with what the words around the expression add to it."""
    left, right = text[max(0, hit.start - 60) : hit.start], text[hit.end :]
    kind, history, forward, reason = hit.kind, hit.history, hit.forward, hit.reason
    past, ahead = hit.past, hit.ahead
    possessive = bool(re.match(r"['’]s?\s", right)) or text[hit.start : hit.end].endswith(("'s", "’s"))
    noun = bool(_NOUN_AHEAD.match(right))
    attached = (possessive and bool(right.strip())) or (noun and bool(_DETERMINER.search(left)))
    # In "after Monday's attack" it is the attack that the preposition limits.
    limit = None if attached else _LIMIT.search(left)
    word = re.sub(r"\s+", " ", limit["word"].lower()) if limit else ""
    if kind in ("event", "history") and word == "since":
        last = base if base and past.first and base >= past.first else past.last
        if past.first is not None and last is not None:
            same_year = base is not None and past.first.year == base.year
            past = _interval(past.first, last, "" if same_year else "year")
        # Since a day of the running year is news; since an earlier year is background.
        if base is not None and past.first is not None and (base - past.first).days > 365:
            history = True
        if history:
            kind = "history"
        ahead, reason = None, f"since: {reason}"
    elif kind == "event" and word in _DEADLINES:
        kind, reason = "deadline", f"{word}: a limit, not a day of the event"
    elif kind == "event" and history:
        kind = "history"
    if kind in ("event", "deadline") and _SCHEDULED.search(left):
        forward = True
    if base is not None and word != "since" and not any(each.isdigit() for each in text[hit.start : hit.end]):
        # Of a running week or month ("this week") the past has had one part, the future has the other.
        ahead = _clipped(ahead if ahead is not None else past, base, future=True)
        past = _clipped(past, base, future=False)
    end = hit.end - 2 if text[hit.start : hit.end].endswith(("'s", "’s")) else hit.end

    def span(reading: _Reading) -> DateSpan:
        return DateSpan(reading.first, reading.last, reading.precision, text[hit.start : end], hit.start, end, history)

    return FoundDate(
        span(past),
        kind,
        span(ahead) if ahead is not None and ahead != past else None,
        forward,
        attached,
        reason,
    )


def find_dates(text: str, base: Day | None = None) -> tuple[FoundDate, ...]:
    """Find and resolve the date expressions of one sentence.

    Parameters
    ----------
    text
        One sentence. Typographic and plain characters are both understood.
    base
        The story's date. Without it only full dates, years and decades get days.

    Returns
    -------
    tuple of FoundDate
        In the order of the text, not overlapping. Offsets are 0-based, end-exclusive, into `text`;
        the preposition in front (``on``, ``since``) is not part of the expression. Clock times,
        recurring days ("every Friday"), days counted from another event ("two days later") and
        numbers that are no dates ("Resolution 1973") give nothing.
    """
    if not _SCREEN.search(text):
        return ()
    hits: list[_Hit] = []
    taken = bytearray(len(text) + 1)
    signs = {name for name, sign in _SIGNS if sign.search(text)}
    for needed, pattern, handler in _COMPILED:
        if not needed <= signs:
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            hit = handler(match, base)
            if hit is None:
                continue
            taken[start:end] = b"\1" * (end - start)
            if hit is not _BLOCKED:
                hits.append(replace(hit, start=start, end=end))
    hits = [_trimmed(hit, text) for hit in hits]
    hits.sort(key=lambda hit: hit.start)
    return tuple(_placed(hit, text, base) for hit in _completed(hits, text, base))


_LEADING = re.compile(r"(?:(?:for|in|over|during|within|throughout|of|since|by|before|until)\s+)?", re.IGNORECASE)


def _trimmed(hit: _Hit, text: str) -> _Hit:
    """Return the hit without the preposition that its pattern looked at."""
    if hit.kind == "age":
        return hit
    found = _LEADING.match(text, hit.start, hit.end)
    return replace(hit, start=found.end()) if found else hit


def _completed(hits: list[_Hit], text: str, base: Day | None) -> list[_Hit]:
    """Give days and months without a year the year that the sentence itself names.

    "In 2014, troops entered the town in March": the year stands at the head of the sentence, or
    beside the month ("in late February, eight years ago").
    """
    years = [
        hit
        for hit in hits
        if hit.in_year is None
        and hit.past.precision == "year"
        and hit.past.first is not None
        and hit.past.last is not None
        and hit.past.first.year == hit.past.last.year
    ]
    if not years:
        return hits
    completed = []
    for hit in hits:
        if hit.in_year is not None:
            for named in years:
                between = text[named.end : hit.start] if named.start < hit.start else text[hit.end : named.start]
                heads = named.start <= 12 and named.start < hit.start and not re.search(r"\b(?:but|now)\b|;", between)
                if (heads or not between.strip(" ,(")) and named.past.first is not None:
                    year = named.past.first.year
                    old = named.history or (base is not None and year < base.year)
                    hit = replace(
                        hit, past=hit.in_year(year), ahead=None, history=old, reason=f"year {year} from the sentence"
                    )
                    break
        completed.append(hit)
    return completed


# --- the date of a clause --------------------------------------------------------------------------


def choose(
    found: Sequence[FoundDate],
    clause_start: int,
    clause_end: int,
    tense: str,
    modal_or_future: bool,
    base: Day | None,
    inner: Iterable[tuple[int, int]] = (),
) -> DateSpan:
    """Pick the date expression that dates a clause.

    Parameters
    ----------
    found
        What :func:`find_dates` found in the sentence.
    clause_start, clause_end
        Offsets of the clause in the sentence, end-exclusive.
    tense
        ``past``, ``present``, ``future`` or empty, as in :attr:`eventcoder.records.Clause.tense`.
    modal_or_future
        True where the clause tells what may, should or will happen.
    base
        The story's date.
    inner
        Spans of clauses inside this one. Expressions in them are theirs.

    Returns
    -------
    DateSpan
        The first expression inside the clause, else the nearest one in the sentence. Deadlines,
        durations and ages date nothing; nor does an expression that lies wholly after the story
        date a clause in the past, or one wholly before it a clause in the future. Where none is
        left, the story's date with precision ``story``.
    """
    future = modal_or_future or tense == "future"
    nested = [(a, b) for a, b in inner if clause_start <= a < b <= clause_end and (a, b) != (clause_start, clause_end)]
    within: list[DateSpan] = []
    beside: list[tuple[int, int, DateSpan]] = []
    for each in found:
        span = each.read(future)
        start, end = span.start, span.end_offset
        if each.kind not in ("event", "history") or span.first is None or span.last is None:
            continue
        if not _fits(each, span, future, tense, base):
            continue
        if any(a <= start and end <= b for a, b in nested):
            continue
        inside = clause_start <= start and end <= clause_end
        if each.attached:
            # It dates the noun behind it: only a clause that this noun heads begins with it.
            if (inside and start - clause_start <= 8) or 0 <= clause_start - end <= 3:
                within.append(span)
            continue
        if inside:
            within.append(span)
        elif end <= clause_start:
            beside.append((clause_start - end, start, span))
        else:
            beside.append((max(start - clause_end, 0), start, span))
    if within:
        return _finer(within[0], within[1:])
    # Background of another clause ("..., which it annexed in 2014") does not date this one unless
    # it touches it ("since 2014, when forces annexed it").
    near = [each for each in beside if not each[2].history or each[0] <= 8]
    if near:
        return min(near)[2] if len(near) == 1 else min(near, key=lambda each: each[:2])[2]
    return DateSpan(base, base, "story")


def _fits(each: FoundDate, span: DateSpan, future: bool, tense: str, base: Day | None) -> bool:
    if base is None or span.first is None or span.last is None:
        return True
    if future:
        return span.last >= base or each.ahead is not None
    if tense == "past":
        return not each.forward and span.first <= _shift(base, 1)
    return True


def _finer(span: DateSpan, others: Iterable[DateSpan]) -> DateSpan:
    """Return the day or month named beside a year ("eight years ago ... in late February")."""
    if span.precision != "year" or span.first is None or span.last is None:
        return span
    for other in others:
        if other.precision not in ("day", "week", "month") or other.first is None or other.last is None:
            continue
        if span.first <= other.first and other.last <= span.last:
            return other
    return span


# --- the date of a story --------------------------------------------------------------------------

_MENTION = re.compile(
    r"(?<![\w./-])(?:(?P<iy>(?:19|20)\d\d)[-/.](?P<im>\d\d?)[-/.](?P<id>\d\d?)"
    r"|(?P<na>\d\d?)(?P<sep>[/.])(?P<nb>\d\d?)(?P=sep)(?P<ny>(?:19|20)\d\d)|(?P<c>(?:19|20)\d{6}))(?=T\d|(?![\w/]|[.-]\d))"
    rf"|\b(?P<m1>{_MON})\s+(?P<d1>{_DAY_AFTER})(?:,?\s+(?P<y1>{_YEAR}))?"
    rf"|(?P<d2>{_DAY})\.?(?:\s+of)?[\s-](?P<m2>{_MON})(?!\w)(?:,?[\s-](?P<y2>{_YEAR}))?",
    re.IGNORECASE,
)


def day_mentions(text: str) -> tuple[DayMention, ...]:
    """Find calendar days in a header line, a dateline or a whole text, with or without a year.

    Days written in figures alone are taken where their order is plain: year first, dots (day
    first), or a number above 12. Days that do not exist are left out.
    """
    found = []
    for match in _MENTION.finditer(text):
        if match["iy"] or match["ny"]:
            day = _numeric_day(match)
        elif match["c"]:
            day = _make(int(match["c"][:4]), int(match["c"][4:6]), int(match["c"][6:]))
        else:
            word, year = _at(match, "m1", "m2"), _at(match, "y1", "y2")
            month, number = _month_number(word), _day_number(_at(match, "d1", "d2"))
            if _is_capital(word) and _make(int(year) if year else 2000, month, number):
                found.append(DayMention(match.start(), match.end(), int(year) if year else None, month, number))
            continue
        if day is not None:
            found.append(DayMention(match.start(), match.end(), day.year, day.month, day.day))
    return tuple(found)


_URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-/_.]?)(\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\2(\d{2})(?!\d)",
    re.IGNORECASE,
)
_URL_YEAR = re.compile(r"/((?:19|20)\d\d)(?=[/-])")


def url_date(url: str) -> Day | None:
    """Return the day in a page's address (``/2022/01/27/``, ``-20220127``), or None."""
    for match in _URL_DAY.finditer(url):
        year, _, month, day = match.groups()
        number = int(month) if month.isdigit() else _month_number(month)
        found = _make(int(year), number, int(day))
        if found is not None:
            return found
    return None


def story_date(header_dates: Iterable[HeaderDate], text: str = "", url: str = "", near: Day | None = None) -> StoryDate:
    """Work out when a story was published from what the story itself says.

    Parameters
    ----------
    header_dates
        The dates that cleaning found in header lines and datelines.
    text
        The story's text; full dates in it can complete a dateline without a year.
    url
        The page's address, if known.
    near
        A date that the story is known to be close to (an option, a file's folder); completes a
        year, never replaces a day.

    Returns
    -------
    StoryDate
        A header line counts before a dateline, a dateline before the address; among header lines
        one that says "updated" counts last. The date is None, with the reason, where the year
        cannot be told: the machine's clock is never asked.
    """
    ranked = sorted(header_dates, key=lambda each: (each.origin != "header", each.updated, each.start))
    address = url_date(url) if url else None
    reason = "no header line, dateline or address gives a date"
    for each in ranked:
        if each.year is not None:
            day = _make(each.year, each.month, each.day)
            if day is not None:
                return StoryDate(day, each.origin, f"{each.origin} says {each.text!r}")
            continue
        day, why = _with_year(each, text, url, address, near)
        if day is not None:
            return StoryDate(day, each.origin, f"{each.origin} says {each.text!r}; {why}")
        reason = f"{each.origin} says {each.text!r} without a year, and nothing else in the story gives one"
    if address is not None:
        return StoryDate(address, "url", f"the address {_short(url)!r} holds it")
    return StoryDate(None, "", reason)


def _with_year(each: HeaderDate, text: str, url: str, address: Day | None, near: Day | None) -> tuple[Day | None, str]:
    """Complete a day without a year; return the day, or None, and the reason."""
    for anchor, why in ((address, "year from the address"), (near, "year nearest to the date given")):
        if anchor is not None:
            years = (anchor.year - 1, anchor.year, anchor.year + 1)
            days = [day for year in years if (day := _make(year, each.month, each.day))]
            if days:
                return min(days, key=lambda day: abs((day - anchor).days)), why
    if url and (year_match := _URL_YEAR.search(url)):
        day = _make(int(year_match[1]), each.month, each.day)
        if day is not None:
            return day, "year from the address"
    # News names full dates mostly of the weeks around it; an older one would be a coincidence.
    close: list[tuple[int, Day, str]] = []
    for mention in day_mentions(text):
        full = _make(mention.year, mention.month, mention.day) if mention.year is not None else None
        if full is None:
            continue
        for year in (full.year, full.year + 1):
            day = _make(year, each.month, each.day)
            if day is not None and -31 <= (day - full).days <= 62:
                close.append((abs((day - full).days), day, text[mention.start : mention.end]))
    if close:
        _, day, words = min(close)
        return day, f"year from {words!r} in the text"
    owned = re.search(r"(?:©|\(c\)|\bcopyright\b)\D{0,20}((?:19|20)\d\d)\b", text, re.IGNORECASE)
    if owned:
        day = _make(int(owned[1]), each.month, each.day)
        if day is not None:
            return day, f"year from the copyright line {owned[1]}"
    return None, ""
