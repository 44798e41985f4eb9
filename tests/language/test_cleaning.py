"""What of a scraped story is read, and that no offset moves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcoder.language.cleaning import Cleaned, clean, plain

PROSE = "The interior minister told reporters in Riga that the border would stay closed."
MORE = "Two of the three bridges over the river were destroyed in the night, the governor said."


def read(cleaned: Cleaned) -> list[str]:
    return [cleaned.text[start:end] for start, end in cleaned.blocks]


def reasons(cleaned: Cleaned) -> dict[str, str]:
    return {cleaned.text[each.start : each.end].strip(): each.reason for each in cleaned.dropped}


def story(*lines: str) -> Cleaned:
    return clean("\n\n".join(lines))


# --- characters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“No,” she said – ‘never’", "\"No,\" she said - 'never'"),
        ("«Nie»", '"Nie"'),
        ("10\u00a0km\tnorth\u2009west", "10 km north west"),
        ("a\x00b\x1fc", "a b c"),
        ("one\r\ntwo\rthree\u2028four", "one \ntwo\nthree\nfour"),
        ("peace — at last", "peace - at last"),
        ("troops—many of them—left", "troops—many of them—left"),
        ("U\u2011turn, \u22125", "U-turn, -5"),
        ("\ufeffKyiv", " Kyiv"),
        ("Kharkiv Zelenskyy Ćorić 東京", "Kharkiv Zelenskyy Ćorić 東京"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected
    assert len(plain(text)) == len(text)


# --- lines that are not read --------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "read more",
        "Read More",
        "Uncategorized",
        "All news",
        "Home | World | Politics",
        "Share on Facebook",
        "Latest stories",
        "Advertisement",
        "Related Posts",
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Save my name and email in this browser for the next time I comment.",
        "Comments are closed.",
        "12 comments",
        "Sign up for our weekly newsletter",
        "Sign up to our morning briefing and never miss a story.",
        "Subscribe to our channel on Telegram",
        "Get breaking news alerts straight to your inbox.",
        "Follow us on Twitter and Instagram",
        "Follow Example News on Facebook for more updates.",
        "Like us on Facebook!",
        "Register for our policy bulletin.",
        "Download our free app to read on.",
        "Click here to watch the full interview.",
        "Got a story? Email our desk.",
        "This is a developing story, check back for updates.",
        "See also: Five things to know about the summit",
        "READ MORE: Who is the new governor?",
        "ALSO READ: The port that feeds a region",
        "Related: A town between two armies",
        "Watch: Minister walks out of the chamber",
        "Tags: Riga, border, refugees",
        "Photo: Anna Lind",
        "© 2022 Example Wire",
        "(c) Example Wire 2022",
        "A soldier at the Riga checkpoint (Anna Lind/Example)",
        "The minister arrives for talks on Monday (Bo Ek/PA)",
        "Minister Janis Holm EPA-EFE/BO EK",
        "The bridge on Sunday. AP Photo/Bo Ek",
        "Smoke rises over the port. Photograph: Bo Ek/AFP/Getty Images",
        "(PA wire)",
        "FILE PHOTO: The minister speaks in Riga in 2019.",
        "2 of 7. Rescuers search the rubble.",
        "A police officer is seen near the bridge in Riga, Latvia, January 12, 2022.",
        "By Anna Lind and Bo Ek",
        "(Reporting by Anna Lind in Riga; Editing by Bo Ek)",
        "Anna Lind and Bo Ek contributed to this report.",
        "desk@example.org",
        "Tel: +371 6700 0000",
        "www.example.org",
        "This website uses cookies to improve your experience.",
        "All rights reserved.",
        "This material may not be published, broadcast, rewritten or redistributed.",
        "This article was first published on 3 January.",
        "5 min read",
        "* * *",
    ],
)
def test_dropped_line(line: str) -> None:
    cleaned = story("Border with the south stays shut", PROSE, line, MORE)
    assert read(cleaned) == ["Border with the south stays shut", PROSE, MORE]


@pytest.mark.parametrize(
    "line",
    [
        "The army said it would follow the rebels into the hills.",
        "A Reuters/Ipsos poll found that most voters back the embargo.",
        "Moscow and Kyiv rejected the terms and conditions of the truce.",
        "The move is seen as an answer to the invasion of 2014.",
        "The envoy was invited to join the discussion on Monday.",
        "Support for the strike spread on Twitter, where thousands shared the call.",
        "He told the BBC that the talks had failed (the third such failure).",
        '"What do you think?" he asked the crowd.',
        "Read the treaty, she told them.",
        "He is a journalist who was jailed in Minsk in 2020.",
        "Facebook removed the accounts on Tuesday.",
        "The newspaper said its website was attacked.",
        "Troops left.",
        "Related protests broke out in three other towns.",
        "By Monday the rebels had taken the port.",
        "Those with information are asked to call the police on +371 6700 0000 or to visit a station.",
        "In a letter the ministry asked the agency to share the files with the court in The Hague",
        "Police arrested nine men in the port",
    ],
)
def test_kept_line(line: str) -> None:
    assert read(story("Border with the south stays shut", PROSE, line, MORE)) == [
        "Border with the south stays shut",
        PROSE,
        line,
        MORE,
    ]


def test_repeated_lines_are_read_once() -> None:
    cleaned = story(PROSE, MORE, PROSE)
    assert read(cleaned) == [PROSE, MORE]
    assert cleaned.dropped[-1].reason == "repeated line"


def test_repeated_title() -> None:
    cleaned = clean(f"Border stays shut\n\n{PROSE}", title="Border stays shut")
    assert read(cleaned) == [PROSE]
    assert reasons(cleaned) == {"Border stays shut": "repeats the title"}


def test_headlines_are_blocks_and_headings_are_not() -> None:
    cleaned = story("Minister shuts border", "Three bridges destroyed, says governor", PROSE, "A long history", MORE)
    assert read(cleaned) == ["Minister shuts border", "Three bridges destroyed, says governor", PROSE, MORE]
    assert reasons(cleaned) == {"A long history": "heading"}


def test_caption_beside_its_credit() -> None:
    cleaned = story(
        "Minister shuts border",
        "Interior Minister Janis Holm EPA-EFE/BO EK",
        "Interior Minister Janis Holm",
        "© EPA-EFE/BO EK",
        PROSE,
    )
    assert read(cleaned) == ["Minister shuts border", PROSE]


def test_headline_above_a_credit_stays() -> None:
    assert read(story("New talks in Riga", "Photo: Bo Ek", PROSE)) == ["New talks in Riga", PROSE]


def test_tail_of_a_page() -> None:
    cleaned = story(
        PROSE,
        MORE,
        "Related Posts",
        "A town between two armies and a river",
        "Anna Lind",
        "Anna Lind is a reporter at Example Post and covers the Baltic states.",
        "Leave a Reply",
    )
    assert read(cleaned) == [PROSE, MORE]
    assert "about the author" in reasons(cleaned).values()


def test_prose_after_a_teaser_box_is_read() -> None:
    assert read(story(PROSE, "Related Posts", "A town between two armies and a river", MORE)) == [PROSE, MORE]


def test_cut_teaser_between_links() -> None:
    assert read(story(PROSE, "read more", "Ten years of war: a country that…", MORE)) == [PROSE, MORE]
    assert read(story(PROSE, "And then the shelling began…", MORE)) == [PROSE, "And then the shelling began…", MORE]


def test_invitation_inside_a_paragraph() -> None:
    cleaned = clean(f"{PROSE} Sign up for our newsletter here. {MORE}")
    assert read(cleaned) == [PROSE, MORE]
    assert [each.reason for each in cleaned.dropped] == ["invitation to the reader"]


@pytest.mark.parametrize(
    "text", ["Russia attacks Ukraine", "Minister Janis Holm", PROSE, "Home front collapses (Bo Ek/PA)"]
)
def test_a_single_line_is_prose(text: str) -> None:
    assert read(clean(text)) == [text]


@pytest.mark.parametrize("text", ["", " \n\t\n ", "* * *", "---\n\n***"])
def test_nothing_to_read(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.blocks == ()
    assert len(cleaned.text) == len(text)


def test_headlines_only() -> None:
    lines = ["Minister shuts border", "Rebels take port", "Envoy leaves Riga"]
    assert read(clean("\n".join(lines))) == lines


# --- paragraphs ------------------------------------------------------------------------------------


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The interior minister told reporters in Riga on Monday that\n"
        "the border would stay closed until the army had cleared the\n"
        "mines, and that nobody would be allowed to cross it before\n"
        "then. He gave no date.\n"
        "\n"
        "Two bridges were destroyed in the night, the governor said.\n"
    )
    cleaned = clean(text)
    assert len(cleaned.blocks) == 2
    assert "that the border" in read(cleaned)[0]
    assert "\n" not in read(cleaned)[0]
    assert cleaned.original == text


def test_a_line_that_goes_on_in_small_letters() -> None:
    assert read(clean(f"{PROSE}\nThe council met in secret and then\nvoted to ban the party.\n{MORE}")) == [
        PROSE,
        "The council met in secret and then voted to ban the party.",
        MORE,
    ]


def test_list_marks_are_not_read() -> None:
    assert read(story(PROSE, "• The border stays closed.", "* Nobody may cross it.")) == [
        PROSE,
        "The border stays closed.",
        "Nobody may cross it.",
    ]


# --- datelines and header dates ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "place", "agency", "date"),
    [
        ("RIGA, January 12. /TASS/. ", "RIGA", "TASS", (None, 1, 12)),
        ("RIGA (Northern Wire) - ", "RIGA", "Northern Wire", None),
        ("RIGA, Latvia (AP) — ", "RIGA", "AP", None),
        ("RIGA, Jan. 12 (Xinhua) -- ", "RIGA", "Xinhua", (None, 1, 12)),
        ("RIGA/TALLINN (Reuters) - ", "RIGA/TALLINN", "Reuters", None),
        ("Riga, 12 January 2022 - ", "Riga", "", (2022, 1, 12)),
        ("Riga (Wire) – ", "Riga", "Wire", None),
        ("RIGA, Jan 12 - ", "RIGA", "", (None, 1, 12)),
        ("RIGA — ", "RIGA", "", None),
        ("NEW DELHI: ", "NEW DELHI", "", None),
        ("(CNN) -- ", "", "CNN", None),
        ("January 12, 2022: ", None, "", (2022, 1, 12)),
        ("BREAKING: RIGA (AP) - ", "RIGA", "AP", None),
    ],
)
def test_dateline(opening: str, place: str | None, agency: str, date: tuple[int | None, int, int] | None) -> None:
    cleaned = story("Border with the south stays shut", opening + PROSE, MORE)
    assert read(cleaned) == ["Border with the south stays shut", PROSE, MORE]
    found = [(each.year, each.month, each.day) for each in cleaned.header_dates]
    assert found == ([date] if date else [])
    assert [(each.place, each.agency) for each in cleaned.datelines] == ([(place, agency)] if place is not None else [])
    assert all(each.origin == "dateline" for each in cleaned.header_dates)


@pytest.mark.parametrize(
    "text",
    [
        "NATO - The alliance of thirty states - met on Monday.",
        "The envoy - who had left - came back.",
        "In Riga (Latvia) the two sides met.",
        "PRESIDENT: We shall never surrender the port.",
        "UNICEF (the fund for children) left the town.",
        "Riga is calm, January was not.",
    ],
)
def test_no_dateline(text: str) -> None:
    assert read(clean(text)) == [text]


def test_speakers_are_no_datelines() -> None:
    lines = ["HOLM: We shall never surrender the port.", "LIND: Then we shall all starve in it."]
    assert read(story(*lines)) == lines


@pytest.mark.parametrize(
    ("line", "date", "updated"),
    [
        (" date 2022-01-12 ", (2022, 1, 12), False),
        ("Published: 12 January 2022", (2022, 1, 12), False),
        ("Posted on January 12, 2022 by Anna Lind", (2022, 1, 12), False),
        ("Wed 12 Jan 2022 10.15 GMT", (2022, 1, 12), False),
        ("Last updated on 2022-01-12 at 10:15", (2022, 1, 12), True),
        ("12.01.2022", (2022, 1, 12), False),
        ("2022-01-12T10:15:00Z", (2022, 1, 12), False),
        ("Wednesday, January 12", (None, 1, 12), False),
    ],
)
def test_header_date(line: str, date: tuple[int | None, int, int], updated: bool) -> None:
    text = f"Border with the south stays shut\n{line}\n\n{PROSE}"
    cleaned = clean(text)
    assert read(cleaned) == ["Border with the south stays shut", PROSE]
    (found,) = cleaned.header_dates
    assert (found.year, found.month, found.day) == date
    assert (found.origin, found.updated) == ("header", updated)
    assert text[found.start : found.end] == found.text


def test_published_and_updated_in_one_line() -> None:
    cleaned = clean(f"Published 12 January 2022, updated 14 January 2022\n\n{PROSE}")
    assert [each.updated for each in cleaned.header_dates] == [False, True]


def test_sign_off_of_an_agency() -> None:
    cleaned = story(MORE, f"{PROSE} (Reuters)")
    assert read(cleaned) == [MORE, PROSE]


# --- any text --------------------------------------------------------------------------------------

OPENINGS = "read more|RIGA (AP) - |\n|\n\n| |“|”|—|© |(Bo Ek/PA)|Related Posts|\r\n|12 January 2022|by Bo Ek"
OTHERS = "Sign up here.|… |• |\u00a0|\u2028|KYIV: |a@b.org"
PIECES = st.sampled_from([PROSE, MORE, *OPENINGS.split("|"), *OTHERS.split("|")])


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=200), st.text(max_size=20))
def test_offsets_of_any_text(text: str, title: str) -> None:
    cleaned = clean(text, title)
    assert len(cleaned.text) == len(text)
    assert cleaned.original == text
    last = 0
    for start, end in cleaned.blocks:
        assert last <= start < end <= len(text)
        last = end
        block = cleaned.text[start:end]
        assert block == block.strip()
        assert "\n" not in block
    for each in cleaned.dropped:
        assert 0 <= each.start < each.end <= len(text)
        assert each.reason
        assert all(each.end <= start or end <= each.start for start, end in cleaned.blocks)
    # Letters and figures are never touched.
    assert all(a == b for a, b in zip(text, cleaned.text, strict=True) if a.isalnum())
    assert clean(text, title) == cleaned
