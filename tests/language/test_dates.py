"""Date expressions: spans, readings, kinds; the date of a clause and of a story."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcoder.language.dates import (
    FoundDate,
    HeaderDate,
    choose,
    day_mentions,
    find_dates,
    parse_day,
    story_date,
    url_date,
)
from eventcoder.records import DateSpan

# A Thursday.
BASE = datetime.date(2022, 1, 27)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def one(text: str, base: datetime.date | None = BASE) -> FoundDate:
    found = find_dates(text, base)
    assert len(found) == 1, [each.span.text for each in found]
    return found[0]


# sentence | expression | first [.. last] | precision | kind; "H" behind the kind marks history
PAST = """
Troops crossed the river on Monday.|Monday|2022-01-24|day|event
The envoy left Oslo Tuesday night.|Tuesday night|2022-01-25|day|event
Rebels shelled the port on Thursday.|Thursday|2022-01-27|day|event
Police fired on the crowd on Friday.|Friday|2022-01-21|day|event
The premier resigned Saturday morning.|Saturday morning|2022-01-22|day|event
In remarks on radio Sunday, the mayor apologised.|Sunday|2022-01-23|day|event
Late Wednesday the two armies exchanged fire.|Wednesday|2022-01-26|day|event
He was freed earlier on Tuesday.|Tuesday|2022-01-25|day|event
They signed the accord last Friday.|last Friday|2022-01-21|day|event
They signed the accord last Thursday.|last Thursday|2022-01-20|day|event
They met this past Monday.|this past Monday|2022-01-24|day|event
They met this Tuesday.|this Tuesday|2022-01-25|day|event
The strike began on Wednesday of last week.|Wednesday of last week|2022-01-19|day|event
The strike began Tuesday last week.|Tuesday last week|2022-01-18|day|event
Clashes went on from Monday to Wednesday.|Monday to Wednesday|2022-01-24..2022-01-26|week|event
Clashes went on Saturday and Sunday.|Saturday and Sunday|2022-01-22..2022-01-23|week|event
It bombed the town between Friday and Sunday.|Friday and Sunday|2022-01-21..2022-01-23|week|event
Two men were held on MONDAY.|MONDAY|2022-01-24|day|event
Yesterday the court freed him.|Yesterday|2022-01-26|day|event
The court freed him yesterday evening.|yesterday evening|2022-01-26|day|event
The court freed him today.|today|2022-01-27|day|event
The court freed him earlier today.|earlier today|2022-01-27|day|event
The city was hit overnight.|overnight|2022-01-27|day|event
The city was hit last night.|last night|2022-01-26|day|event
The city was hit this morning.|this morning|2022-01-27|day|event
The city was hit the day before yesterday.|the day before yesterday|2022-01-25|day|event
The blast shook Aden early yesterday.|early yesterday|2022-01-26|day|event
The two sides met this week.|this week|2022-01-24..2022-01-27|week|event
The two sides met earlier this week.|earlier this week|2022-01-24..2022-01-26|week|event
The two sides met last week.|last week|2022-01-17..2022-01-23|week|event
The two sides met late last week.|late last week|2022-01-20..2022-01-23|week|event
The two sides met this month.|this month|2022-01-01..2022-01-27|month|event
The two sides met earlier this month.|earlier this month|2022-01-01..2022-01-26|month|event
The two sides met earlier in the month.|earlier in the month|2022-01-01..2022-01-26|month|event
The two sides met last month.|last month|2021-12-01..2021-12-31|month|event
The two sides met early last month.|early last month|2021-12-01..2021-12-10|month|event
The two sides met this year.|this year|2022-01-01..2022-01-27|year|event
The two sides met earlier this year.|earlier this year|2022-01-01..2022-01-26|year|event
The two sides met last year.|last year|2021-01-01..2021-12-31|year|historyH
The two sides met late last year.|late last year|2021-09-01..2021-12-31|year|historyH
They clashed over the weekend.|the weekend|2022-01-22..2022-01-23|week|event
They clashed at the weekend.|the weekend|2022-01-22..2022-01-23|week|event
They clashed last weekend.|last weekend|2022-01-22..2022-01-23|week|event
On January 17, the general flew to Riga.|January 17|2022-01-17|day|event
The general flew to Riga on Jan. 17.|Jan. 17|2022-01-17|day|event
The general flew to Riga on Jan 17.|Jan 17|2022-01-17|day|event
The general flew to Riga on 17 January.|17 January|2022-01-17|day|event
The general flew to Riga on the 17th of January.|the 17th of January|2022-01-17|day|event
The general flew to Riga on January 17th.|January 17th|2022-01-17|day|event
They issued a protest on 16 November.|16 November|2021-11-16|day|event
They issued a protest on Sept. 3.|Sept. 3|2021-09-03|day|event
They issued a protest on January 28.|January 28|2022-01-28|day|event
They issued a protest on 17 January 2022.|17 January 2022|2022-01-17|day|event
They issued a protest on January 17, 2022.|January 17, 2022|2022-01-17|day|event
They issued a protest on Monday, January 17.|Monday, January 17|2022-01-17|day|event
They issued a protest on Thursday 20 January 2022.|Thursday 20 January 2022|2022-01-20|day|event
They issued a protest on Thu., Jan. 20.|Thu., Jan. 20|2022-01-20|day|event
They issued a protest on December 14, 2021.|December 14, 2021|2021-12-14|day|event
They issued a protest on March 4, 2021.|March 4, 2021|2021-03-04|day|historyH
They issued a protest on 2021-12-30.|2021-12-30|2021-12-30|day|event
They issued a protest on 13/01/2022.|13/01/2022|2022-01-13|day|event
They issued a protest on 1/13/2022.|1/13/2022|2022-01-13|day|event
They issued a protest on 04.01.2022.|04.01.2022|2022-01-04|day|event
They issued a protest on 5/5/2021.|5/5/2021|2021-05-05|day|historyH
The siege lasted from January 10 to 12.|January 10 to 12|2022-01-10..2022-01-12|week|event
The siege lasted from 10 to 12 January.|10 to 12 January|2022-01-10..2022-01-12|week|event
The siege lasted from Jan. 10-12.|Jan. 10-12|2022-01-10..2022-01-12|week|event
The siege lasted 10–12 January 2022.|10–12 January 2022|2022-01-10..2022-01-12|week|event
Envoys met between 3 and 5 May.|3 and 5 May|2021-05-03..2021-05-05|week|event
Envoys met on January 10 and 11.|January 10 and 11|2022-01-10..2022-01-11|week|event
Fighting raged from November 24 to December 2.|November 24 to December 2|2021-11-24..2021-12-02|week|event
Fighting raged from 24 December to 2 January.|24 December to 2 January|2021-12-24..2022-01-02|week|event
Fighting raged from October to December.|October to December|2021-10-01..2021-12-31|year|event
Fighting raged between March and June 2015.|March and June 2015|2015-03-01..2015-06-30|year|historyH
The envoy resigned in March 2021.|March 2021|2021-03-01..2021-03-31|month|historyH
The envoy resigned in early March 2021.|early March 2021|2021-03-01..2021-03-10|month|historyH
The envoy resigned in January.|January|2022-01-01..2022-01-27|month|event
The envoy resigned in December.|December|2021-12-01..2021-12-31|month|event
The envoy resigned in Dec. after a row.|Dec.|2021-12-01..2021-12-31|month|event
The envoy resigned last December.|last December|2021-12-01..2021-12-31|month|event
The envoy resigned in late December.|late December|2021-12-21..2021-12-31|month|event
The envoy resigned in mid-November.|mid-November|2021-11-11..2021-11-20|month|event
The envoy resigned in early January.|early January|2022-01-01..2022-01-10|month|event
The envoy resigned at the end of November.|the end of November|2021-11-21..2021-11-30|month|event
The envoy resigned in May.|May|2021-05-01..2021-05-31|month|event
The envoy resigned in March.|March|2021-03-01..2021-03-31|month|event
The envoy resigned in 2014.|2014|2014-01-01..2014-12-31|year|historyH
The envoy resigned in 2022.|2022|2022-01-01..2022-12-31|year|event
The envoy resigned in late 2021.|late 2021|2021-09-01..2021-12-31|year|historyH
The envoy resigned back in 1999.|1999|1999-01-01..1999-12-31|year|historyH
The envoy resigned in mid-2019.|mid-2019|2019-05-01..2019-08-31|year|historyH
The envoy resigned at the beginning of 2020.|the beginning of 2020|2020-01-01..2020-04-30|year|historyH
The two states fought from 1992 to 1995.|1992 to 1995|1992-01-01..1995-12-31|year|historyH
The two states fought in 2014-15.|2014-15|2014-01-01..2015-12-31|year|historyH
The two states fought in the 1990s.|the 1990s|1990-01-01..1999-12-31|year|historyH
The two states fought in the late 1980s.|late 1980s|1987-01-01..1989-12-31|year|historyH
The two states fought in the '90s.|the '90s|1990-01-01..1999-12-31|year|historyH
The province has been split since 2014.|2014|2014-01-01..2022-01-27|year|historyH
The army has shelled the town since Monday.|Monday|2022-01-24..2022-01-27|week|event
The army has shelled the town since January 3.|January 3|2022-01-03..2022-01-27|month|event
The general defected two days ago.|two days ago|2022-01-25|day|event
The general defected 10 days ago.|10 days ago|2022-01-17|day|event
The general defected a week ago.|a week ago|2022-01-17..2022-01-23|week|event
The general defected three weeks ago.|three weeks ago|2022-01-03..2022-01-09|week|event
The general defected a few days ago.|a few days ago|2022-01-23..2022-01-25|week|event
The general defected a month ago.|a month ago|2021-12-01..2021-12-31|month|event
The general defected two months ago.|two months ago|2021-11-01..2021-11-30|month|event
The general defected a year ago.|a year ago|2021-01-01..2021-12-31|year|historyH
Eight years ago the army took the island.|Eight years ago|2014-01-01..2014-12-31|year|historyH
The general defected more than two years ago.|more than two years ago|2020-01-01..2020-12-31|year|historyH
The general defected a decade ago.|a decade ago|2012-01-01..2012-12-31|year|historyH
The general defected three hours ago.|three hours ago|2022-01-27|day|event
Shells killed nine in the past 24 hours.|the past 24 hours|2022-01-26..2022-01-27|week|event
Shells killed nine over the last three days.|the last three days|2022-01-24..2022-01-27|week|event
Shells killed nine during the past week.|the past week|2022-01-20..2022-01-27|week|event
Tension has risen in recent weeks.|recent weeks|2021-12-30..2022-01-27|month|event
Tension has risen in recent days.|recent days|2022-01-20..2022-01-27|week|event
It has warned them for the past several weeks.|the past several weeks|2021-12-09..2022-01-27|month|duration
It has armed them over the past two decades.|the past two decades|2002-01-27..2022-01-27|year|durationH
The junta fell last summer.|last summer|2021-06-01..2021-08-31|year|event
The junta fell in the autumn.|the autumn|2021-09-01..2021-11-30|year|event
The junta fell in the summer of 2014.|the summer of 2014|2014-06-01..2014-08-31|year|historyH
The junta fell on New Year's Eve.|New Year's Eve|2021-12-31|day|event
The junta fell on Christmas Day 1991.|Christmas Day 1991|1991-12-25|day|historyH
The law dates from the 9/11 attacks.|9/11|2001-09-11|day|historyH
The law followed the Sept. 11 attacks.|Sept. 11|2001-09-11|day|historyH
"""

AHEAD = """
They will meet on Friday.|Friday|2022-01-28|day|event
They will meet on Thursday.|Thursday|2022-02-03|day|event
They will meet next Tuesday.|next Tuesday|2022-02-01|day|event
They will meet next Friday.|next Friday|2022-02-04|day|event
They will meet this Friday.|this Friday|2022-01-28|day|event
They will meet Tuesday next week.|Tuesday next week|2022-02-01|day|event
They will meet tomorrow.|tomorrow|2022-01-28|day|event
They will meet the day after tomorrow.|the day after tomorrow|2022-01-29|day|event
They will meet tonight.|tonight|2022-01-27|day|event
They will meet later today.|later today|2022-01-27|day|event
They will meet later this week.|later this week|2022-01-28..2022-01-30|week|event
They will meet this week.|this week|2022-01-27..2022-01-30|week|event
They will meet next week.|next week|2022-01-31..2022-02-06|week|event
They will meet early next week.|early next week|2022-01-31..2022-02-01|week|event
They will meet later this month.|later this month|2022-01-28..2022-01-31|month|event
They will meet next month.|next month|2022-02-01..2022-02-28|month|event
They may attack as early as next year.|next year|2023-01-01..2023-12-31|year|event
They may attack in February.|February|2022-02-01..2022-02-28|month|event
They may attack in late January.|late January|2022-01-27..2022-01-31|month|event
They may attack in early January.|early January|2023-01-01..2023-01-10|month|event
They may attack next March.|next March|2022-03-01..2022-03-31|month|event
They will meet on February 3.|February 3|2022-02-03|day|event
They will meet on 16 November.|16 November|2022-11-16|day|event
They will meet on January 17.|January 17|2023-01-17|day|event
They will meet from 24 February to 2 March.|24 February to 2 March|2022-02-24..2022-03-02|week|event
They will meet from Monday to Wednesday.|Monday to Wednesday|2022-01-31..2022-02-02|week|event
They will meet over the weekend.|the weekend|2022-01-29..2022-01-30|week|event
They will meet next weekend.|next weekend|2022-01-29..2022-01-30|week|event
They will meet in two days.|two days|2022-01-29|day|event
They will meet in two weeks.|two weeks|2022-02-07..2022-02-13|week|event
They will meet in three months.|three months|2022-04-01..2022-04-30|month|event
They will meet in the coming days.|the coming days|2022-01-27..2022-02-03|week|event
They will meet over the next two weeks.|the next two weeks|2022-01-27..2022-02-10|week|event
They will meet in 2030.|2030|2030-01-01..2030-12-31|year|event
They will meet next spring.|next spring|2022-03-01..2022-05-31|year|event
They must leave by Friday.|Friday|2022-01-28|day|deadline
They must leave before February.|February|2022-02-01..2022-02-28|month|deadline
They may stay until March.|March|2022-03-01..2022-03-31|month|deadline
They must leave no later than January 31.|January 31|2022-01-31|day|deadline
They must leave within 48 hours.|48 hours|2022-01-27..2022-01-29|week|deadline
They may stay through Sunday.|Sunday|2022-01-30|day|deadline
They must leave ahead of Tuesday.|Tuesday|2022-02-01|day|deadline
They must leave by the end of the month.|the end of the month|2022-01-27..2022-01-31|month|deadline
"""


def cases(table: str) -> list[tuple[str, str, str, str, str]]:
    rows = [line.split("|") for line in table.strip().splitlines()]
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


@pytest.mark.parametrize(
    ("future", "text", "words", "days", "precision", "kind"),
    [(False, *each) for each in cases(PAST)] + [(True, *each) for each in cases(AHEAD)],
)
def test_expression(future: bool, text: str, words: str, days: str, precision: str, kind: str) -> None:
    found = one(text)
    span = found.read(future)
    first, _, last = days.partition("..")
    assert (span.text, span.first, span.last) == (words, day(first), day(last or first))
    assert text[span.start : span.end_offset] == words
    assert span.precision == precision
    assert found.kind == kind.removesuffix("H")
    assert span.history is kind.endswith("H")


def test_the_tables_are_large() -> None:
    assert len(cases(PAST)) + len(cases(AHEAD)) >= 150


NO_DATE = """
Some 2,000 troops crossed the river.
The council adopted Resolution 1973.
The council adopted Resolution 2254 unanimously.
They may strike again, the envoy warned.
Theresa May met the chancellor.
May said the talks had failed.
The rebels march on the capital.
Thousands joined the march in Minsk.
About 2014 soldiers were freed.
It burned 2000 homes.
Two days later the army withdrew.
A week earlier the army had withdrawn.
The next day the army withdrew.
The following Friday the army withdrew.
Every Friday they pray at the wall.
On Mondays the market is closed.
It was a Tuesday, she recalled.
The Black Friday sales went ahead.
It told the Sunday Times it would appeal.
He flew to Ankara for a three-day visit.
It set a 10-day deadline for the rebels.
Police fired at 5 p.m. and again at 17:30.
The bill is due on 01/02/2022.
Flight MH17 was shot down.
It paid $2020 for the boat.
The 14th Brigade withdrew 20 miles.
It struck the village and moved on.
The Black September trial opened.
The vote passed 51 to 12.
Inflation hit 14.5 percent.
The October Revolution museum reopened.
She spoke on the Today programme.
He told Norway Today that the talks had failed.
"""


@pytest.mark.parametrize("text", NO_DATE.strip().splitlines())
def test_no_date(text: str) -> None:
    assert find_dates(text, BASE) == ()


@pytest.mark.parametrize(
    "text", ["The 51-year-old minister resigned.", "The minister, aged 51, resigned.", "A two-month-old girl died."]
)
def test_age(text: str) -> None:
    found = one(text)
    assert found.kind == "age"
    assert found.span.first is None


@pytest.mark.parametrize(
    ("text", "history"),
    [
        ("It has shelled them for weeks.", False),
        ("It has backed them for years.", True),
        ("It held him for two days.", False),
    ],
)
def test_duration_without_days(text: str, history: bool) -> None:
    found = one(text)
    assert found.kind == "duration"
    assert found.span.first is None
    assert found.span.history is history


def test_vague_history_has_no_days() -> None:
    found = one("Decades ago the two states were allies.")
    assert (found.kind, found.span.first, found.span.precision) == ("history", None, "")


def test_year_at_the_head_completes_a_month() -> None:
    year, month = find_dates("Eight years ago, the army took the island in late February.", BASE)
    assert year.span.history
    assert (month.span.first, month.span.last) == (day("2014-02-21"), day("2014-02-28"))
    assert month.span.history
    year, named_day = find_dates("In 2014, it signed the pact on May 9.", BASE)
    assert named_day.read(future=False).first == day("2014-05-09")


def test_year_elsewhere_completes_nothing() -> None:
    found = find_dates("The envoy, in office since 2014, resigned on January 17.", BASE)
    assert [each.span.first for each in found] == [day("2014-01-01"), day("2022-01-17")]


@pytest.mark.parametrize(
    ("text", "attached"),
    [
        ("Monday's attack killed nine.", True),
        ("The Monday attack killed nine.", True),
        ("The 2014 annexation was condemned.", True),
        ("The attack on Monday killed nine.", False),
        ("On Monday the attack killed nine.", False),
        ("The attack killed nine in 2014.", False),
    ],
)
def test_attached_to_a_noun(text: str, attached: bool) -> None:
    assert one(text).attached is attached


def test_possessive_is_not_part_of_the_expression() -> None:
    for text in ("Monday's attack killed nine.", "Monday’s attack on the port killed nine."):
        assert one(text).span.text == "Monday"


@pytest.mark.parametrize("text", ["The vote is scheduled for February 3.", "A vote planned for Sunday was put off."])
def test_scheduled_looks_forward(text: str) -> None:
    found = one(text)
    assert found.forward
    span = found.read(future=False)
    assert span.first is not None
    assert span.first > BASE


def test_without_a_story_date() -> None:
    for text in ("They met on Monday.", "They met yesterday.", "They met last week.", "They met on January 17."):
        found = one(text, None)
        assert (found.span.first, found.span.precision) == (None, "")
    assert one("They met on January 17, 2022.", None).span.first == day("2022-01-17")
    assert one("They met in March 2021.", None).span.precision == "month"
    assert one("They met in 2014.", None).span.history is False


@pytest.mark.parametrize(
    ("base", "text", "first", "last"),
    [
        ("2022-01-30", "It rejected the plan this week.", "2022-01-24", "2022-01-30"),
        ("2022-01-30", "He spoke on television Sunday.", "2022-01-30", "2022-01-30"),
        ("2022-01-30", "He spoke on Friday.", "2022-01-28", "2022-01-28"),
        ("2021-12-18", "They spoke by phone on Monday.", "2021-12-13", "2021-12-13"),
        ("2024-03-01", "It was signed on February 29.", "2024-02-29", "2024-02-29"),
        ("2023-03-01", "It was signed on February 29.", "2020-02-29", "2020-02-29"),
        ("2022-01-01", "It was signed earlier this month.", "2022-01-01", "2022-01-01"),
        ("2022-01-03", "It was signed earlier this week.", "2022-01-03", "2022-01-03"),
        ("2022-01-02", "They clashed over the weekend.", "2022-01-01", "2022-01-02"),
        ("2022-02-10", "They fled last winter.", "2020-12-01", "2021-02-28"),
    ],
)
def test_other_story_dates(base: str, text: str, first: str, last: str) -> None:
    span = one(text, day(base)).read(future=False)
    assert (span.first, span.last) == (day(first), day(last))


def test_several_in_one_sentence() -> None:
    found = find_dates("Envoys met on Monday, fell out on Jan. 26 and will meet again next week.", BASE)
    assert [each.span.text for each in found] == ["Monday", "Jan. 26", "next week"]
    ends = [each.span.end_offset for each in found]
    assert all(a <= b.span.start for a, b in zip(ends, found[1:], strict=False))


# --- choice ---------------------------------------------------------------------------------------


def chosen(
    text: str, clause: str, tense: str = "past", future: bool = False, base: datetime.date | None = BASE
) -> DateSpan:
    start = text.index(clause)
    return choose(find_dates(text, base), start, start + len(clause), tense, future, base)


def test_choice_inside_the_clause() -> None:
    text = "Oslo recalled its envoy on Monday after Riga closed the border on Sunday."
    assert chosen(text, "Oslo recalled its envoy on Monday").first == day("2022-01-24")
    assert chosen(text, "Riga closed the border on Sunday").first == day("2022-01-23")


def test_choice_by_tense() -> None:
    text = "Oslo said it would close the border on Friday"
    assert chosen(text, "it would close the border on Friday", "past", True).first == day("2022-01-28")
    assert chosen("Oslo closed the border on Friday", "Oslo closed the border on Friday").first == day("2022-01-21")


def test_choice_leaves_the_future_to_the_plan() -> None:
    text = "Oslo announced that it would close the border next week."
    assert chosen(text, text) == DateSpan(BASE, BASE, "story")
    assert chosen(text, "it would close the border next week", "past", True).first == day("2022-01-31")


def test_choice_leaves_the_past_to_the_report() -> None:
    text = "Oslo said yesterday it would close the border."
    assert chosen(text, "it would close the border", "past", True) == DateSpan(BASE, BASE, "story")
    assert chosen(text, "Oslo said yesterday").first == day("2022-01-26")


def test_choice_takes_the_nearest_in_the_sentence() -> None:
    text = "On Monday the talks collapsed, and Riga accused Oslo of bad faith."
    assert chosen(text, "Riga accused Oslo of bad faith").first == day("2022-01-24")


@pytest.mark.parametrize(
    "text", ["Oslo demanded an answer by Friday.", "Oslo has demanded it for weeks.", "Oslo asked the 51-year-old."]
)
def test_choice_without_an_event_date(text: str) -> None:
    assert chosen(text, text) == DateSpan(BASE, BASE, "story")


def test_choice_without_a_story_date() -> None:
    assert chosen("Oslo fell on Monday.", "Oslo fell on Monday", base=None) == DateSpan(None, None, "story")


def test_choice_of_history() -> None:
    text = "The two have been at odds since 2014, when the army took the island."
    assert chosen(text, "when the army took the island").history
    text = "Oslo, which the fleet shelled in 1807 without warning, protested."
    assert not chosen(text, "protested").history


def test_choice_prefers_the_finer_of_one_year() -> None:
    text = "Eight years ago, the army took the island in late February."
    span = chosen(text, text)
    assert (span.first, span.precision, span.history) == (day("2014-02-21"), "month", True)


def test_choice_of_attached_dates() -> None:
    text = "After Monday's attack on the port, Oslo recalled its envoy."
    assert chosen(text, "Monday's attack on the port").first == day("2022-01-24")
    assert chosen(text, "Oslo recalled its envoy") == DateSpan(BASE, BASE, "story")


def test_choice_leaves_inner_clauses_theirs() -> None:
    text = "Oslo accused the army, which crossed the river on Sunday, of murder."
    inner = text.index("which"), text.index(", of murder")
    found = find_dates(text, BASE)
    assert choose(found, 0, len(text), "past", False, BASE, [inner]) == DateSpan(BASE, BASE, "story")


# --- metadata and story dates -------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2022-01-27",
        "20220127",
        " 2022-01-27 ",
        "2022-01-27T23:59:59Z",
        "2022-01-27 10:15",
        "2022-01-27T10:15:00.5+03:00",
        "20220127101500",
        "20220127T101500Z",
    ],
)
def test_parse_day(text: str) -> None:
    assert parse_day(text) == BASE


@pytest.mark.parametrize("text", ["", "   "])
def test_parse_day_of_nothing(text: str) -> None:
    assert parse_day(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2022-02-30", "does not exist"),
        ("20221301", "does not exist"),
        ("0000-01-01", "does not exist"),
        ("27.01.2022", "write it as"),
        ("January 27, 2022", "write it as"),
        ("2022-1-7", "write it as"),
        ("2022", "write it as"),
        ("2022-01-27x", "write it as"),
        ("٢٠٢٢-٠١-٢٧", "write it as"),
    ],
)
def test_parse_day_refuses(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_day(text)


@given(st.dates())
def test_parse_day_reads_what_iso_writes(date: datetime.date) -> None:
    assert parse_day(date.isoformat()) == date
    assert parse_day(date.isoformat().replace("-", "")) == date


@given(st.text(max_size=20))
def test_parse_day_raises_nothing_else(text: str) -> None:
    try:
        assert parse_day(text) is None or isinstance(parse_day(text), datetime.date)
    except ValueError as error:
        if "date" not in str(error):
            raise


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("https://example.org/2022/01/27/talks", "2022-01-27"),
        ("https://example.org/world/2022-01-27-talks.html", "2022-01-27"),
        ("https://example.org/world/talks-20220127", "2022-01-27"),
        ("https://example.org/2022/jan/27/talks", "2022-01-27"),
        ("https://example.org/2022/13/40/talks", None),
        ("https://example.org/talks-1234567890", None),
        ("https://example.org/2022/01/talks", None),
    ],
)
def test_url_date(url: str, date: str | None) -> None:
    assert url_date(url) == (day(date) if date else None)


def test_day_mentions() -> None:
    text = "Posted 27 January 2022, changed 2022-01-28, seen Feb. 3 and 31 June"
    assert [(each.year, each.month, each.day) for each in day_mentions(text)] == [
        (2022, 1, 27),
        (2022, 1, 28),
        (None, 2, 3),
    ]


def header(origin: str, year: int | None, month: int, number: int, updated: bool = False, start: int = 0) -> HeaderDate:
    return HeaderDate(start, start + 5, "as written", origin, year, month, number, updated)


def test_story_date_order() -> None:
    published, changed = header("header", 2022, 1, 27, start=9), header("header", 2022, 1, 29, updated=True)
    line = header("dateline", 2022, 1, 26)
    found = story_date([changed, line, published], url="https://example.org/2022/01/25/x")
    assert (found.date, found.origin) == (BASE, "header")
    assert story_date([line]).origin == "dateline"
    assert story_date([], url="https://example.org/2022/01/25/x").origin == "url"


@pytest.mark.parametrize(
    ("text", "url", "near", "date"),
    [
        ("It was signed on January 20, 2022.", "", None, "2022-01-27"),
        ("It was signed on December 20, 2021.", "", None, "2022-01-27"),
        ("It was signed on January 20, 1999, and on 3 May 1945.", "https://example.org/2022/01/x", None, "2022-01-27"),
        ("No year here.", "", "2022-02-01", "2022-01-27"),
        ("© 2022 Example Wire", "", None, "2022-01-27"),
        ("It has lasted since 2014.", "", None, None),
        ("It was signed on May 3, 2014.", "", None, None),
    ],
)
def test_dateline_without_a_year(text: str, url: str, near: str | None, date: str | None) -> None:
    found = story_date([header("dateline", None, 1, 27)], text, url, day(near) if near else None)
    assert found.date == (day(date) if date else None)
    assert found.reason


def test_no_story_date_says_why() -> None:
    found = story_date([])
    assert (found.date, found.origin) == (None, "")
    assert "no header line" in found.reason


# --- any text --------------------------------------------------------------------------------------

VOCABULARY = """on in since by the last next this week year Monday Friday January May 17 31 2014 2022 days ago two , . -
to and early late 1990s yesterday 's ( ) night from between years 9/11 30 February"""
WORDS = st.sampled_from(VOCABULARY.split())


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60), st.dates() | st.none())
def test_spans_of_any_text(text: str, base: datetime.date | None) -> None:
    found = find_dates(text, base)
    last = 0
    for each in found:
        for span in (each.read(future=False), each.read(future=True)):
            assert span.text == text[span.start : span.end_offset]
            assert span.text
            assert (span.first is None) == (span.last is None) == (span.precision == "")
            if span.first is not None and span.last is not None:
                assert span.first <= span.last
                assert span.precision != "day" or span.first == span.last
        assert each.span.start >= last
        last = each.span.end_offset
    choose(found, 0, len(text), "past", False, base)
    assert find_dates(text, base) == found
