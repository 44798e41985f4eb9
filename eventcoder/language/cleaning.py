"""From a raw story as it was scraped to the paragraphs worth reading.

A web page's text holds much that nobody wrote as news: navigation, sign-up boxes, photo credits,
comment forms, teasers. Read as sentences these make events that never happened. They are told from
prose by what they do (invite the reader, credit a picture, name a section), not by the phrases of
particular sites. Where a line could be either, it is kept.

No character is inserted or removed: every offset into the cleaned text is one into the story.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from eventcoder.language.dates import WEEKDAYS, HeaderDate, day_mentions


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch of the story that is not read, and why; offsets are into the story's text."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place and agency that a paragraph opens with ("LONDON, January 27. /TASS/.").

    ``start`` and ``end`` are offsets into the story's text; ``agency`` may be empty.
    """

    start: int
    end: int
    place: str
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A story made ready to be read.

    Attributes
    ----------
    text
        As long as the story's text, with typographic characters made plain one for one. This is
        what a parser should see: ``text[start:end]`` of a sentence.
    blocks
        Spans of the paragraphs to read, in order, not overlapping; a headline is one too. No span
        is empty or begins or ends with white space.
    dropped
        What is not read, in order, with the reason.
    header_dates
        Dates of header lines and datelines (see :func:`eventcoder.language.dates.story_date`).
    datelines
        The datelines that blocks were relieved of.
    original
        The story's text as given; empty stands for `text` itself.
    """

    text: str
    blocks: tuple[tuple[int, int], ...]
    dropped: tuple[Dropped, ...] = ()
    header_dates: tuple[HeaderDate, ...] = ()
    datelines: tuple[Dateline, ...] = ()
    original: str = ""


# --- characters ----------------------------------------------------------------------------------


def _plain_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for characters, plain_character in (
        ("\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u00b4\u0060\u02bc\u02bb\uff07", "'"),
        ("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
        ("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
        ("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r", " "),
        ("\u0085\u2028\u2029", "\n"),
        ("\u2022\u2023\u25aa\u25cf\u25e6\u00b7", "\u2022"),
    ):
        table |= {ord(each): plain_character for each in characters}
    # Other control and direction characters carry no text.
    controls = [*range(32), *range(127, 160), *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    table |= {each: " " for each in controls if each != 10 and each not in table}
    return table


_PLAIN = _plain_table()
# Between two words without spaces a dash would become a hyphen and glue them: it stays.
_SPACED_DASH = re.compile(r"(?<!\w)[\u2014\u2015]|[\u2014\u2015](?!\w)")
# Invisible characters inside a word stay, as a space would cut the word in two.
_INVISIBLE = re.compile(r"(?<!\w)[\u00ad\u200b-\u200d\u2060\ufeff]|[\u00ad\u200b-\u200d\u2060\ufeff](?!\w)")


def plain(text: str) -> str:
    """Return `text` with typographic characters made plain, one for one.

    Curly and angled quotation marks, dashes and unusual spaces become their ASCII counterparts;
    tabs and control characters become spaces, Unicode line separators line breaks. The result has
    the length of `text`. A dash that joins two words without spaces stays as it is.
    """
    changed = text.replace("\r\n", " \n")
    if "\r" in changed:
        changed = changed.replace("\r", "\n")
    changed = changed.translate(_PLAIN)
    changed = _SPACED_DASH.sub("-", changed)
    return _INVISIBLE.sub(" ", changed)


# --- lines ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """One paragraph: a line, or several that were one line before an editor wrapped them."""

    start: int
    end: int
    text: str

    @property
    def words(self) -> list[str]:
        return re.findall(r"[A-Za-z0-9][\w'&.-]*", self.text)


_ENDS = re.compile(r"[.!?…:;]['\")\]]*$")
_CLOSED = re.compile(r"[.!?…]['\")\]]*$")


def _rows(text: str) -> list[tuple[int, int]]:
    """Return the spans of the lines that are not blank, without the white space around them."""
    found = []
    for match in re.finditer(r"[^\n]+", text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped[0])
            found.append((start, start + len(stripped)))
    return found


def _lines(text: str) -> list[_Line]:
    """Join the rows that belong to one paragraph."""
    rows = _rows(text)
    wrapped = _is_wrapped(text, rows)
    joined: list[tuple[int, int]] = []
    for start, end in rows:
        if joined:
            before_start, before_end = joined[-1]
            adjacent = text[before_end:start].count("\n") == 1
            if adjacent and (wrapped or _goes_on(text, before_start, before_end, start, end)):
                joined[-1] = (before_start, end)
                continue
        joined.append((start, end))
    return [_Line(start, end, re.sub(r"\s+", " ", text[start:end])) for start, end in joined]


def _goes_on(text: str, before_start: int, before_end: int, start: int, end: int) -> bool:
    """Tell whether a row that begins with a small letter goes on with the sentence above it."""
    if not text[start].islower() or _ENDS.search(text[max(before_start, before_end - 8) : before_end]):
        return False
    if len(text[before_start : min(before_end, before_start + 200)].split()) < 4:
        return False
    row = _Line(start, end, text[start:end])
    return len(row.text.split(None, 2)) > 2 and not _header_days(row) and not _reason(row)


def _is_wrapped(text: str, rows: list[tuple[int, int]]) -> bool:
    """Tell whether an editor broke the paragraphs into lines of one width.

    Then the first word of a line would not have fitted on the line before.
    """
    if len(rows) < 4:
        return False
    width = max(end - start for start, end in rows)
    if not 40 <= width <= 120:
        return False
    pairs = [(a, b) for a, b in itertools.pairwise(rows) if text[a[1] : b[0]].count("\n") == 1]
    if len(pairs) < 3:
        return False
    full = sum(1 for a, b in pairs if a[1] - a[0] + 1 + len(text[b[0] : b[1]].split()[0]) > width - 2)
    return full >= 0.8 * len(pairs)


# --- what is not prose ---------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAVIGATION = _words(
    """about account advertise advertisement advertising africa all americas analysis and app apps archive article
    articles arts asia audio author back breaking browse business by careers categories category channels close
    comment comments contact content continue copy cookies copyright culture daily donate economy editor editorial
    editorials editors education email enlarge entertainment environment europe event events explore facebook
    famous fashion features feed filed finance find flipboard follow food for forum from full gallery go google
    headlines health help home hot hours image images in index instagram international it latest life lifestyle
    link linkedin links listen live load local log login magazine mail main markets media menu message mideast
    middle east mobile money more most music my national navigation new news newsletter newsletters newswire next
    notifications now of on online opinion opinions or our page pages partners photo photos picks pictures pin
    pinterest play podcast podcasts policy politics popular post posted posts press previous print privacy profile
    read reading real reddit register related reply report reports results reviews rss save science search section
    sections see share shares shop show sign site sitemap skip skype society special sponsored sport sports
    stories story style subscribe subscription support tag tags tech technology telegram terms the this time to
    today top topic topics travel trending tumblr tv tweet tweets twitter uk uncategorised uncategorized
    unsubscribe up updates us use video videos view viewed views viral watch weather week whatsapp world x you
    your youtube"""
)

_PLACES_OF_SERVICE = (
    r"newsletters?|bulletins?|inbox|mailing\s+list|(?:push|news|email|e-mail|text|breaking|mobile)\s+(?:news\s+)?"
    r"(?:alerts?|notifications?|updates)|our\s+(?:free\s+)?(?:mobile\s+)?app|facebook|twitter|instagram|whatsapp"
    r"|telegram|linkedin|youtube|tiktok|pinterest|reddit|rss|podcasts?|our\s+(?:news\s+|home\s*)?(?:page|website"
    r"|site|channel|coverage|archive)|this\s+(?:page|article|story|link|post|site|website)|more\s+(?:stories|news"
    r"|articles|updates|information|details|on\s+this\s+story|like\s+this)|(?:further|latest|live)\s+(?:news\s+)?"
    r"updates|(?:latest|top)\s+(?:news|stories|headlines)|your\s+(?:device|inbox|account|comments?|e-?mail|browser"
    r"|subscription|videos?|pictures|photos|feedback|preferences|thoughts|cookie\s+settings)|the\s+comments"
    r"|comments?\s+(?:below|section)|full\s+(?:story|article|text|coverage)|free\s+trial|the\s+link|here\b"
    r"|premium|subscribers?|javascript|@\w+"
)
_INVITING = (
    r"read|sign|subscribe|follow|click|tap|listen|download|get|join|register|log|check|like|tweet|email|e-mail|send"
    r"|submit|see|browse|discover|find|continue|keep|stay|scroll|swipe|enable|please|leave|add|write|try|let|become"
    r"|enter|receive|never\s+miss|don't\s+miss|go"
    # These are nouns too: "Support for the strike spread on Twitter".
    r"|(?:support|visit|contact|view|watch|share)(?!\s+(?:to|for|with|of|between|by|from|in)\b)"
)
# An imperative and something only a page can offer; or an offer to "you".
_INVITATION = re.compile(
    rf"^(?:(?:and|or|to)\s+)?(?:you\s+can(?:\s+(?:now|also))*\s+|for\s+[^.]{{0,60}},\s+)?(?:{_INVITING})\b(?!.*\b(?:said|says)\b).*"
    rf"\b(?:{_PLACES_OF_SERVICE})"
    r"|^(?:got|have)\s+(?:a\s+(?:story|tip|question|view|news\s+tip)|something\s+to\s+say)\b"
    r"|^(?:sign\s+(?:up|in)|log\s+in|subscribe|register)\s+(?:to|for|now|today|here|with|and)\b"
    r"|^(?:like|follow|find|join|add|contact|message|reach)\s+(?:us|me)\b|^e-?mail\s+(?:us|our|me)\b"
    r"|^share\s+(?:this|on|via|your)\b"
    r"|^by\s+(?:signing\s+up|subscribing|continuing|clicking|submitting|registering)\b"
    r"|^(?:thank\s+you|thanks)\s+for\s+(?:reading|subscribing|signing|visiting)\b"
    r"|\b(?:this\s+is\s+a\s+)?(?:breaking|developing)\s+(?:news\s+)?story\b.{0,40}(?:\bmore\b|\bupdate|\brefresh|\bcheck\b|$)"
    r"|^(?:check|come)\s+back\b|^(?:more|details)\s+(?:to\s+follow|soon|shortly)\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(?:your\s+e-?mail\s+address|required\s+fields|fields\s+are\s+marked|save\s+my\s+name|notify\s+me\s+of"
    r"|comments\s+(?:are|have\s+been)\s+(?:now\s+)?(?:closed|disabled|moderated|off)|log\s?in\s+to\s+comment)\b"
    r"|^(?:leave\s+a\s+(?:reply|comment)|(?:post|add|write)\s+a\s+comment|cancel\s+reply|be\s+the\s+first\s+to\s+comment"
    r"|join\s+the\s+(?:conversation|discussion)|what\s+do\s+you\s+think\?\s*$)"
    r"|^\d+\s+(?:comments?|shares?|views?)\s*$",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"\b(?:(?:uses?|accept|using)\s+cookies|cookie\s+(?:policy|settings|notice|preferences)|all\s+rights\s+reserved"
    r"|(?:our|this\s+site's|agree\s+to\s+the)\s+(?:privacy\s+(?:policy|notice|statement)|terms\b)"
    r"|may\s+not\s+be\s+(?:published|reproduced|republished|redistributed|copied)[^.]{0,60}\b(?:broadcast|rewritten"
    r"|redistributed|permission|consent|form)|this\s+(?:article|story|post|piece|report)\s+(?:was|has\s+been|is|originally"
    r"|first)\s+(?:originally\s+|first\s+|last\s+|been\s+)*(?:published|appeared|updated|amended|edited|translated"
    r"|produced|available)|enable\s+javascript|javascript\s+is\s+(?:disabled|required)|story\s+continues\s+(?:below|after)"
    r"|article\s+continues|paid\s+(?:post|advertisement)|(?:views|opinions)\s+expressed\s+(?:here|in\s+this|are|by\s+the)"
    r"|\d+\s*-?\s*min(?:ute)?s?\s+read\b)|^advertisement\b",
    re.IGNORECASE,
)
_TEASER = re.compile(
    r"^(?:[>»•|*-]\s*)?(?:(?:see|read|watch|listen)\s+also|also\s+(?:read|see|watch|on|in)\b|read\s+(?:more|next|also|on)\b"
    r"|related(?:\s+(?:posts?|stor(?:y|ies)|articles?|coverage|news|content|topics|links|video))?\s*(?:[:|-]|$)"
    r"|recommended(?:\s+for\s+you)?\s*(?::|$)|you\s+(?:may|might)\s+(?:also\s+)?(?:like|be\s+interested)|more\s+(?:from|on|in)\b[^.!?]*$"
    r"|don't\s+miss\b|must[\s-](?:read|see|watch)\b|up\s+next\b|trending\b|most\s+(?:read|viewed|popular|shared)\b"
    r"|(?:watch|video|listen|photos?|gallery|in\s+pictures|podcast|live|explainer|infographic|map|graphic|timeline)\s*:"
    r"|editor'?s'?\s+(?:note|picks?|choice)\b|(?:further|recommended|background)\s+reading\b|continue\s+reading\b"
    r"|(?:previous|next)\s+(?:article|post|story)\b|click\s+(?:here|to)\b|(?:tags?|topics?|filed\s+under|categor(?:y|ies))\s*:)",
    re.IGNORECASE,
)
# Markers after which a page's tail follows: teasers without full stops, a name, a biography.
_TAIL_MARK = re.compile(
    r"^(?:related\s+(?:posts?|stories|articles|news|content)|leave\s+a\s+(?:reply|comment)|(?:post|add)\s+a?\s*comments?"
    r"|comments?(?:\s*\(\d+\))?|about\s+(?:the\s+)?authors?|recommended(?:\s+for\s+you)?|you\s+(?:may|might)\s+also\s+like"
    r"|more\s+(?:stories|news|from\b.*)|most\s+(?:read|popular)|trending(?:\s+now)?|read\s+next|tags)\s*:?$",
    re.IGNORECASE,
)
_AGENCY = (
    r"(?:EPA(?:-EFE)?|EFE|AFP|AP|PA|dpa|DPA|ANSA|TASS|Tass|ITAR-TASS|RIA(?:\s+Novosti)?|Sputnik|Interfax|Ukrinform|UNIAN"
    r"|Xinhua|Kyodo|Yonhap|PTI|ANI|IANS|APP|Anadolu(?:\s+Agency)?|AA|Reuters|REUTERS|Rex|REX|Getty(?:\s+Images)?|GETTY(?:\s+IMAGES)?"
    r"|Shutterstock|Alamy|Bloomberg|UPI|Zuma|SOPA|NurPhoto|SIPA|Corbis|CP|The\s+Canadian\s+Press|AAP|IRNA|SANA|WAM|MENA"
    r"|BelTA|BELTA|Azertac|Trend|CNA|KCNA|BNO|BBC|CNN|Associated\s+Press|(?:The\s+)?Associated\s+Press|Agence\s+France-Presse)"
)
_SERVICE = r"(?:\s+(?:Photos?|Images?|Pictures?|wire|Wire|News|via\b.*|file|FILE|Pool|POOL|Archive))?"
# These marks are credits only as capitals stand: "pa" is no agency, "PA" is.
_CREDIT_CASE = re.compile(
    rf"\b{_AGENCY}\s*/\s*[A-Z]|[A-Za-z.'-]\s*/\s*{_AGENCY}{_SERVICE}\s*[.)\]]*$|\bvia\s+{_AGENCY}\b"
    r"|\b(?:AP|AFP|EPA|REUTERS|Reuters|PA|Getty|Xinhua)\s+(?:Photo|Images|Pictures|Picture)\b"
    r"|\(c\)\s*(?:(?:19|20)\d\d|[A-Z][\w.'/-]*(?:\s+[A-Z][\w.'/-]*){0,4}$)"
)
_CREDIT_MARK = re.compile(
    r"©|\bcopyright\b.{0,20}(?:19|20)\d\d"
    r"|^(?:photo(?:graph)?s?|images?|pictures?|picture\s+credit|credits?|illustration|video|caption|cover)\s*"
    r"(?:by\b|:|credit)|^(?:file\s+(?:photo|picture|image)\b|(?:file|handout|pictured)\s*(?:[:(]|\s-))"
    r"|\((?:file(?:\s+(?:photo|picture|image))?|photo|image|picture)\b[^)]*\)\s*\.?$"
    r"|\((?:photo|image|picture|credit|photograph)s?\s*(?:by\b|:)|\b(?:file\s+photo|handout\s+(?:photo|image))\b"
    r"|^\d+\s+of\s+\d+\.?\s|^\(?(?:left|right|above|below|top|clockwise)\)?\s*:",
    re.IGNORECASE,
)
# "... on Monday (Anna Ek/PA)" and the like at the end of a line without a full stop.
_CREDIT_END = re.compile(
    rf"\((?:[^()]*[/,]\s*)?{_AGENCY}{_SERVICE}\)\.?$|\([A-Z][\w.'-]+(?:\s+[A-Z][\w.'-]+)+\s*/\s*[A-Z][^()]*\)\.?$"
)
_FULL_DATE_END = r"\b[A-Z][a-z]+\.?\s+\d{1,2},\s+(?:19|20)\d\d\.?(?:\s+[A-Z][\w/ -]*)?$"
_PICTURED = re.compile(
    rf"\b(?:is|are)\s+(?:seen|pictured|shown)\b(?!\s+(?:as|to)\b).*{_FULL_DATE_END}"
    rf"|^(?:A|An|The)\s+(?:general|aerial)\s+view\s+of\b|\blooks?\s+on\b.*{_FULL_DATE_END}"
)
_BYLINE = re.compile(
    r"^(?:by|written\s+by|words\s+by|story\s+by)\s*:?\s+(?:[A-Z][\w.'-]*|and|in|of|for|the|,|&|\|)(?:[\s,]+(?:[A-Z@][\w.'-]*|and|in|of"
    r"|for|the|&|\||[a-z]+\s+(?:editor|correspondent|reporter)))*[\s,.|]*$"
)
_REPORTED = re.compile(
    r"^\(?(?:(?:additional|further)\s+)?(?:reporting|writing|editing|compiled|translated|edited|produced)\s+by\b"
    r"|^\(?[A-Z].{3,200}\b(?:contributed\s+to\s+this\s+(?:report|article|story)|contributed\s+reporting)\b",
    re.IGNORECASE,
)
_BIOGRAPHY = re.compile(
    r"\b(?:is|was)\s+(?:an?|the|our|[A-Z][\w.'-]+(?:\s+[A-Z][\w.'-]+){0,4}'s?)?\s*(?:[\w-]+\s+){0,4}(?:editor|reporter|journalist|correspondent|writer"
    r"|columnist|author|contributor|producer|fellow|blogger|freelancer|commentator)\b(?:\s+(?:at|for|with|of|from|based|covering"
    r"|who|and|in|on)\b|[.,])",
    re.IGNORECASE,
)
_BIOGRAPHY_SURE = re.compile(
    r"\b(?:articles\s+published|(?:his|her|their)\s+work\s+(?:has|have)\s+appeared|can\s+be\s+(?:reached|found|followed)\s+(?:at|on|by)"
    r"|follow\s+(?:him|her|them)\b|years\s+of\s+experience|(?:previously|formerly)\s+(?:worked|wrote|reported)|has\s+written\s+for"
    r"|(?:he|she|they)\s+(?:covers|writes|tweets))\b",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+|(?:https?://|www\.)\S+|\+?\d[\d\s().-]{7,}\d|(?<!\w)@\w+|\b[\w-]+\.(?:com|org|net|co\.uk|info)\b(?:/\S*)?"
)
_HEADER_WORDS = _words(
    """date dated published publication posted post updated update last modified first created on at by the of time
    am pm a.m p.m gmt utc est edt et cet cest bst msk eet eest ist pst pdt pt local and hrs hours h"""
) | {*WEEKDAYS, *(each[:3] for each in WEEKDAYS), "tues", "thur", "thurs"}
_LABEL = re.compile(
    r"(?:(?:BREAKING(?:\s+NEWS)?|EXCLUSIVE|UPDATE(?:\s+\d+)?|UPDATED|WRAPUP(?:\s+\d+)?|FACTBOX|EXPLAINER|ANALYSIS|OPINION"
    r"|INTERVIEW|INSIGHT|CORRECTED|LIVE|WATCH|VIDEO|URGENT|FLASH|REFILE|TIMELINE|ROUNDUP|FEATURE|COLUMN)"
    r"\s*(?:[:|]|\s?-+)\s*)+"
)

_COMMON_VERBS = _words(
    """is are was were be been has have had will would can could may might must shall should do does did says say
    said told tells asks asked warns warned vows vowed urges calls called meets met kills killed wins won hits hit
    takes took makes made gives gave gets got goes went comes came sees saw seeks sought wants holds held leaves
    left leads led sends sent faces begins began cuts cut sets puts denies rejects backs signs visits strikes
    struck fires fired launches attacks bombs arrests seizes expels accuses condemns orders orders bans imposes
    plans agrees agreed refuses threatens moves fights flee fly flies flew talks speak speaks spoke rise rises
    rose fall falls fell don't doesn't didn't won't can't isn't aren't wasn't weren't i'm it's he's she's we're
    they're"""
)


def _has_verb(words: list[str]) -> bool:
    """Tell whether a line looks as if it had a verb; errs towards yes."""
    return any(
        word.lower() in _COMMON_VERBS or (i > 0 and re.fullmatch(r"[a-z]{3,}ed", word) is not None)
        for i, word in enumerate(words)
    )


def _is_navigation(line: _Line) -> bool:
    """Tell whether a short line is made of nothing but the words of menus and buttons."""
    words = line.words
    if not words or len(words) > 6 or re.search(r"[.!?]['\")]*$", line.text):
        return bool(not words)
    return all(word.lower().strip(".'-") in _NAVIGATION or (word.isdigit() and len(words) > 1) for word in words)


def _is_credit(line: _Line) -> bool:
    text = line.text
    if _CREDIT_END.search(text) and not re.search(r"[.!?]['\"]?\s*\([^()]*\)\.?$", text):
        return True
    if _PICTURED.search(text):
        return True
    # A paragraph of several sentences is prose, whatever mark it holds.
    if len(line.words) > 45 or re.search(r"[.!?]['\")]*\s+['\"(]?[A-Z].*[a-z]{2,}[.!?]['\")]*$", text[12:]):
        return text.startswith("©")
    if _CREDIT_MARK.search(text):
        return True
    match = _CREDIT_CASE.search(text)
    # "A Reuters/Ipsos poll found ..." is prose: in a full sentence only the very end is a credit.
    return match is not None and not _says(text) and (match.end() > len(text) - 30 or not _CLOSED.search(text))


def _says(text: str) -> bool:
    return bool(re.search(r"\b(?:said|told|reported|says|added)\b", text))


def _is_contact(line: _Line) -> bool:
    if not _CONTACT.search(line.text):
        return False
    rest = _CONTACT.sub(" ", line.text)
    return len(re.findall(r"[A-Za-z]{2,}", rest)) <= 4 and not _CLOSED.search(rest.strip()[:-1] or "-")


def _header_days(line: _Line) -> bool:
    """Tell whether a line holds a date and nothing but the words that go with one."""
    mentions = day_mentions(line.text)
    if not mentions or len(line.words) > 24:
        return False
    rest = line.text
    for each in reversed(mentions):
        rest = rest[: each.start] + " " + rest[each.end :]
    rest = re.sub(r"T?\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?:Z|\s?[+-]\d{2}:?\d{2})?|\([A-Z]{2,4}\)", " ", rest)
    words = re.findall(r"[A-Za-z.]*[A-Za-z]|\d+", rest)
    labelled = bool(
        re.match(r"\W*(?:date|published|posted|updated|last\s+(?:updated|modified)|created|first)\b", rest, re.I)
    )
    unknown = [word for word in words if word.lower().strip(".") not in _HEADER_WORDS and not word.isdigit()]
    if not unknown:
        return True
    # "Posted on 27 January 2022 by Anna Ek": a name or a place may follow.
    return (
        labelled and len(unknown) <= 6 and all(word[:1].isupper() for word in unknown) and not _CLOSED.search(line.text)
    )


def _reason(line: _Line) -> str:
    """Say why a whole line is boilerplate; empty where it may be prose."""
    text, words = line.text, line.words
    if not words:
        return "no words"
    if _is_navigation(line):
        return "navigation or section label"
    if _FORM.search(text) and len(words) <= 30:
        return "comment form"
    if _TEASER.search(text) and (not _CLOSED.search(text) or len(words) <= 12):
        return "teaser of another story"
    if _is_credit(line):
        return "photo caption or credit"
    if _REPORTED.search(text):
        return "credit of reporters"
    if len(words) <= 14 and _BYLINE.match(text):
        return "byline"
    if _LEGAL.search(text) and len(words) <= 60 and not _says(text):
        return "legal or cookie notice"
    if _is_contact(line):
        return "contact details"
    if re.fullmatch(r"\W*\((?:[^()]*\s)?(?:wire|Wire|agencies|Agencies|staff|archive)\)\W*", text):
        return "photo caption or credit"
    return ""


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of what look like sentences; good enough to judge invitations."""
    start = 0
    for match in re.finditer(r"[.!?…]['\")]*\s+(?=['\"(]?[A-Z0-9])", text):
        yield start, match.end()
        start = match.end()
    yield start, len(text)


def _is_invitation(piece: str) -> bool:
    stripped = piece.strip().lstrip("•*>-| ").strip()
    if not stripped or len(stripped.split()) > 40:
        return False
    if stripped[0] in "\"'":
        return False
    return bool(_INVITATION.search(stripped) or (_FORM.search(stripped) and len(stripped.split()) <= 14))


# --- datelines -----------------------------------------------------------------------------------

_PLACE = r"[A-Z][A-Z.'\u2019-]{2,}(?:[ /-][A-Z][A-Z.'\u2019-]*){0,4}"
_PLACE_MIXED = r"[A-Z][\w.'-]+(?:[ /-][A-Z][\w.'-]+){0,3}"
_REGION = r"(?:,\s+(?!Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[A-Z][\w.'-]+(?:\s[A-Z][\w.'-]+){0,3})?"
_WHEN = (
    r"(?:(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?,?\s+)?(?:"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)\s+\d{1,2}"
    r"|\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?))(?:,?\s+(?:19|20)\d\d)?"
)
_DASH = r"\s*(?:--+|[-\u2013\u2014])\s*"
_SOURCE = (
    r"(?:\(\s*(?P<agency>[A-Z][^()]{1,40})\)|/\s*(?P<agency2>[A-Z][\w .-]{1,30})\s*/\.?"
    r"|\[(?P<agency3>[A-Z][^\[\]]{1,40})\])"
)
# Without a dash behind it only a known agency's name makes a dateline.
_SURE_SOURCE = rf"(?:[(\[]\s*(?P<agency>{_AGENCY})\s*[)\]]|/\s*(?P<agency2>[A-Z][\w .-]{{1,30}})\s*/\.?)"


_DATELINES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        # KYIV, Ukraine (AP) -    MOSCOW, Jan. 27 (Xinhua) --
        rf"(?P<place>{_PLACE}){_REGION}(?:,?\s+(?P<when>{_WHEN}))?[.,]?\s*{_SOURCE}{_DASH}",
        # LONDON, January 27. /TASS/.
        rf"(?P<place>{_PLACE}){_REGION}(?:,?\s+(?P<when>{_WHEN}))?[.,]?\s*{_SURE_SOURCE}(?:\s*[.:]\s+|\s+)",
        # Kyiv, 27 January 2022 (Wire) -
        rf"(?P<place>{_PLACE_MIXED}){_REGION},?\s+(?P<when>{_WHEN})[.,]?\s*(?:{_SOURCE})?{_DASH}",
        rf"(?P<place>{_PLACE_MIXED}){_REGION}\s*{_SOURCE}{_DASH}",
        # LONDON, January 27 -    LONDON, January 27.
        rf"(?P<place>{_PLACE}){_REGION},?\s+(?P<when>{_WHEN})(?:{_DASH}|\s*[.:]\s+)",
        # (CNN) --    Jan 27 (Wire) -
        rf"(?:(?P<when>{_WHEN})\s+)?{_SOURCE}{_DASH}",
        # December 28, 2014: ...
        rf"(?P<when>{_WHEN})\s*(?::\s+|\s(?:--+|[-\u2013\u2014])\s+)",
        # WASHINGTON - The ...
        rf"(?P<place>{_PLACE}){_REGION}\s*(?:--+|\u2014|\s-)\s+",
    )
)
_COLON_DATELINE = re.compile(r"(?=[A-Z /]{4,}:)(?P<place>[A-Z]{3,}(?:[ /][A-Z]{3,}){0,2}):\s+(?=['\"]?[A-Z])")
# Capitals before a dash or a colon that name a speaker, not a place.
_NOT_PLACES = _words(
    """NATO OPEC ASEAN UNICEF UNESCO UNHCR OSCE IAEA UNRWA ECOWAS AUKUS BRICS NASA OPCW SIPRI BREAKING UPDATE
    EXCLUSIVE QUESTION ANSWER HOST ANCHOR PRESIDENT MINISTER SECRETARY REPORTER MODERATOR"""
)


def _dateline(text: str, first: bool, speakers: bool) -> tuple[int, re.Match[str]] | None:
    """Return the length of the dateline that `text` opens with, and its match."""
    for pattern in _DATELINES:
        match = pattern.match(text)
        if match is None or match.end() >= len(text):
            continue
        groups = match.groupdict()
        place, agency = groups.get("place") or "", _agency(match)
        if place.split(" ")[0] in _NOT_PLACES and not agency and not groups.get("when"):
            continue
        # "Mali (ECOWAS) - ..." could be prose; an agency's name holds no lower-case word but few.
        if agency and len(agency.split()) > 4:
            continue
        rest = text[match.end() :]
        if not re.match(r"['\"(\[]{0,2}(?:[A-Z0-9]|[a-z]+-[A-Z])", rest):
            continue
        return match.end(), match
    colon = _COLON_DATELINE.match(text)
    if first and not speakers and colon is not None and not set(colon["place"].split()) & _NOT_PLACES:
        return colon.end(), colon
    return None


def _agency(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return next((groups[name].strip() for name in ("agency", "agency2", "agency3") if groups.get(name)), "")


_SIGN_OFF = re.compile(rf"(?<=[.!?\"'])\s*[-\u2013\u2014]*\s*[(\[/]\s*{_AGENCY}{_SERVICE}\s*[)\]/]\.?$")


# --- all together --------------------------------------------------------------------------------


def clean(text: str, title: str = "") -> Cleaned:
    """Find the paragraphs of a story that are to be read.

    Parameters
    ----------
    text
        The story as scraped or stored.
    title
        Its title, where it is known apart from the text. A first line that repeats the title is
        dropped, as the title is read for itself.

    Returns
    -------
    Cleaned
        Blocks, dropped stretches with reasons, and the dates of header lines and datelines. A text
        of a single line is taken for prose: only its dateline and sentences that invite the reader
        are dropped.
    """
    made_plain = plain(text)
    lines = _lines(made_plain)
    if not lines:
        return Cleaned(made_plain, (), original=text)
    reasons = _judge(lines, title)
    characters = list(made_plain) if any("\n" in made_plain[line.start : line.end] for line in lines) else None
    speakers = sum(1 for line in lines if _COLON_DATELINE.match(line.text)) > 1
    blocks: list[tuple[int, int]] = []
    dropped: list[Dropped] = []
    header_dates: list[HeaderDate] = []
    datelines: list[Dateline] = []
    prose_seen = False
    for line, reason in zip(lines, reasons, strict=True):
        if reason:
            dropped.append(Dropped(line.start, line.end, reason))
            if reason == "header date":
                header_dates.extend(_read_header(made_plain, line))
            continue
        if characters is not None:
            # A line break inside a paragraph is an editor's: to a parser it is a space.
            for i in range(line.start, line.end):
                if characters[i] == "\n":
                    characters[i] = " "
        inner = made_plain[line.start : line.end].replace("\n", " ")
        offset = len(inner) - len(inner.lstrip("•*>| \u00b7"))
        label = _LABEL.match(inner, offset)
        if label is not None and label.end() < len(inner):
            dropped.append(Dropped(line.start + offset, line.start + label.end(), "label"))
            offset = label.end()
        found = _dateline(inner[offset:], not prose_seen, speakers)
        if found is not None:
            length, match = found
            start, end = line.start + offset, line.start + offset + length
            dropped.append(Dropped(start, end, "dateline"))
            groups = match.groupdict()
            place = (groups.get("place") or "").strip(" ,")
            if place or _agency(match):
                datelines.append(Dateline(start, end, place, _agency(match)))
            if groups.get("when"):
                header_dates.extend(_read_dateline(made_plain, start + match.start("when"), start + match.end("when")))
            offset += length
        stop = len(inner)
        sign_off = _SIGN_OFF.search(inner, offset)
        if sign_off is not None:
            dropped.append(Dropped(line.start + sign_off.start(), line.end, "sign-off of an agency"))
            stop = sign_off.start()
        for start, end, piece_reason in _prose(inner, offset, stop):
            if start == end:
                continue
            if piece_reason:
                dropped.append(Dropped(line.start + start, line.start + end, piece_reason))
            else:
                blocks.append((line.start + start, line.start + end))
        prose_seen = prose_seen or bool(_CLOSED.search(inner))
    return Cleaned(
        "".join(characters) if characters is not None else made_plain,
        tuple(blocks),
        tuple(sorted(dropped, key=lambda each: each.start)),
        tuple(header_dates),
        tuple(datelines),
        text,
    )


def _prose(inner: str, offset: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """Yield the parts of a paragraph: prose with an empty reason, invitations with theirs."""
    run: list[int] = []
    for low, high in _pieces(inner[offset:stop]):
        start, end = offset + low, offset + high
        reason = "invitation to the reader" if _is_invitation(inner[start:end]) else ""
        if inner.startswith("©", start):
            reason = "photo caption or credit"
        if reason:
            if run:
                yield *_stripped(inner, run[0], run[1]), ""
            run = []
            yield *_stripped(inner, start, end), reason
        else:
            run = [run[0] if run else start, end]
    if run:
        yield *_stripped(inner, run[0], run[1]), ""


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def _judge(lines: list[_Line], title: str) -> list[str]:
    """Return for each line the reason why it is not read, empty where it is."""
    if len(lines) == 1:
        return ["" if lines[0].words else "no words"]
    reasons = ["header date" if _header_days(line) else _reason(line) for line in lines]
    keys = [_key(line.text) for line in lines]
    _drop_repeated(lines, keys, reasons, _key(plain(title)))
    closed = [bool(_CLOSED.search(line.text)) and len(line.words) >= 4 for line in lines]
    first_prose = next((i for i, line in enumerate(lines) if closed[i] and not reasons[i]), len(lines))
    _drop_beside_credits(lines, reasons, first_prose)
    tail = False
    for i, line in enumerate(lines):
        if i > first_prose and _TAIL_MARK.match(line.text):
            tail = True
            reasons[i] = reasons[i] or "tail of the page"
        if reasons[i]:
            continue
        words = line.words
        beside = {reasons[k] for k in (i - 1, i + 1) if 0 <= k < len(lines)}
        if re.search(r"\w(?:…|\.\.\.)$", line.text) and beside & {
            "navigation or section label",
            "teaser of another story",
        }:
            reasons[i] = "teaser of another story"
            continue
        # Prose of some length ends a tail: the marker stood between paragraphs.
        if tail and closed[i] and len(words) >= 15 and not _is_biography(lines, i, tail):
            tail = False
        if _is_biography(lines, i, tail):
            reasons[i] = "about the author"
            if i and len(lines[i - 1].words) <= 4 and not closed[i - 1]:
                reasons[i - 1] = reasons[i - 1] or "about the author"
        elif closed[i] or _ENDS.search(line.text):
            continue
        elif tail:
            reasons[i] = "tail of the page"
        elif i < first_prose:
            if len(words) <= 2 and not _has_verb(words):
                reasons[i] = "navigation or section label"
        elif len(words) < 9 and not _has_verb(words):
            reasons[i] = "heading"
    return reasons


def _drop_repeated(lines: list[_Line], keys: list[str], reasons: list[str], title: str) -> None:
    counts = Counter(keys)
    seen: set[str] = set()
    for i, (line, key) in enumerate(zip(lines, keys, strict=True)):
        if reasons[i]:
            continue
        if title and key == title and not seen:
            reasons[i] = "repeats the title"
        elif key in seen or (counts[key] > 2 and len(line.words) < 5 and not _CLOSED.search(line.text)):
            reasons[i] = "repeated line"
        seen.add(key)


def _drop_beside_credits(lines: list[_Line], reasons: list[str], first_prose: int) -> None:
    """Drop the caption that stands beside its credit: short, no full stop, no verb."""
    marked = [i for i, reason in enumerate(reasons) if reason == "photo caption or credit"]
    for i in marked:
        for beside in (i - 1, i + 1):
            if not 0 <= beside < len(lines) or reasons[beside]:
                continue
            line = lines[beside]
            open_end = not _ENDS.search(line.text)
            named = len(line.words) >= 2 and _key(line.text) in _key(lines[i].text)
            headline = beside < i and beside < first_prose and not any(not reasons[k] for k in range(beside))
            if named or (open_end and not headline and len(line.words) <= 15 and not _has_verb(line.words)):
                reasons[beside] = "photo caption or credit"


def _is_biography(lines: list[_Line], i: int, tail: bool) -> bool:
    """Tell whether a line tells about the author: at the page's end, and about a writer."""
    text = lines[i].text
    if not (tail or i >= len(lines) - 4) or i == 0:
        return False
    if not _BIOGRAPHY.search(text):
        return False
    before = lines[i - 1].text
    named = len(lines[i - 1].words) <= 4 and text.startswith(before)
    return named or bool(_BIOGRAPHY_SURE.search(text)) or (tail and len(lines[i].words) <= 40)


def _read_header(text: str, line: _Line) -> Iterator[HeaderDate]:
    for each in day_mentions(text[line.start : line.end]):
        start, end = line.start + each.start, line.start + each.end
        label = text[line.start : start].lower()
        updated = max(label.rfind("updated"), label.rfind("modified")) > max(
            label.rfind("published"), label.rfind("posted"), -1
        )
        yield HeaderDate(
            start,
            end,
            text[start:end],
            "header",
            each.year,
            each.month,
            each.day,
            updated,
            "a line that holds only a date",
        )


def _read_dateline(text: str, start: int, end: int) -> Iterator[HeaderDate]:
    for each in day_mentions(text[start:end]):
        found = HeaderDate(
            start + each.start, start + each.end, "", "dateline", each.year, each.month, each.day, False, "the dateline"
        )
        yield replace(found, text=text[found.start : found.end])
