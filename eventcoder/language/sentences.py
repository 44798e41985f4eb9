"""From cleaned paragraphs to sentences, by rules.

A full stop ends a sentence unless it belongs to an abbreviation, an initial, a number or an
ellipsis that the sentence outlives. The rules look a few characters back and ahead only, so the
time is linear in the length of the story whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventcoder.language.cleaning import Cleaned, plain
from eventcoder.records import Sentence

# A parser's time grows with the sentence, and no sentence of news is longer.
LONGEST = 1000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence before a capital: a name or a number follows.
_TITLES = _words(
    """mr mrs ms mx dr prof gen lt col maj capt cpt sgt cpl pvt adm vadm radm cmdr cdr comdr brig rep reps sen sens
    gov govs pres rev hon amb st ste ft mt mts msgr fr min insp supt det atty dist sec asst assoc dep vice cllr
    messrs sr. sra sres mme mlle vs v no nos art arts fig figs vol vols ch pp eq al ca cf e.g i.e viz approx est
    op pvt spc pfc s.sgt lt.col lt.gen maj.gen brig.gen m.p.h"""
)
# Often in mid-sentence, sometimes at its end: the next word decides.
_MAY_END = _words(
    """jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun inc ltd corp co
    llc plc bros jr sr esq ph.d m.d b.a m.a etc ave blvd rd dept univ intl ala ariz ark calif colo conn del fla
    ga ill ind kan ky la mass md me mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo ont
    que d.c u.s u.k u.n e.u u.s.a u.a.e u.s.s.r a.m p.m p.o r.i n.h n.j n.m n.y n.c s.c n.d s.d w.va b.c a.d ed
    eds hrs hr min mins sq km lb lbs oz tel ext misc max avg dr."""
)
_ENDS_BEFORE_CAPITAL = _words("etc a.m p.m")
# Abbreviations in small letters; the others written small are words ("she told me.", "the sun.").
_SMALL = _words(
    """vs v etc e.g i.e viz approx est cf ca al a.m p.m no nos pp eq km sq lb lbs oz hrs hr inc ltd mr mrs ms dr prof
    gen st jr sr jan feb apr jul aug sept oct nov"""
)
_MONTHS = _words("jan feb mar apr jun jul aug sep sept oct nov dec")
_CLOCK_TAIL = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
    r"|Eastern|Central|Pacific|Mountain|[A-Z]{2,4}|GMT|(?:[A-Z][a-z]+\s+){1,2}time|Greenwich)\b"
)
# Words that open a sentence and are no names, so that a capital on them means a new sentence.
_OPENERS = _words(
    """the a an it its he his she her they their we our you your i my this that these those there here who what
    when where why how which while if but and or so yet nor for in on at by with from to of as after before
    since until during under over about against among between despite although though because however meanwhile
    moreover also still then now once both each every some many most several few all no not nobody none such
    other another one two three earlier later according following asked speaking among amid without within
    instead nevertheless separately officials police critics analysts experts witnesses residents troops
    soldiers people authorities reports last next"""
)

_STOP = re.compile(
    r"""
    (?P<stop>[.!?\u2026]+)
    (?P<close>(?:['"\u2019\u201d)\]]|\s["\u201d](?=\s|$))*)
    (?P<gap>\s+|$|(?=["'(\[]?[A-Z][a-z]))
    """,
    re.VERBOSE,
)
_BEFORE = re.compile(r"[\w&'.-]*$")
_NEXT_WORD = re.compile(r"[\"'(\[\u2018\u201c\u2022*-]*\s*([\w'&-]+(?:\.\w)*)")
_STARTS_LOWER = re.compile(r"[a-z]{1,5}[-'][A-Z]|(?:de|von|van|al|bin|el|ibn|di|da)\s+[A-Z]")
# '"Will they come?" Mr Lind asked.': the sentence goes on after the quotation.
_ATTRIBUTION = re.compile(
    r"(?:(?:the|a|an|one|his|her|their)\s+)?(?:[A-Z][\w.'-]*\s+|(?:of|the|al|de|von|van|bin)\s+){0,6}(?:[a-z]+\s+){0,2}"
    r"(?:said|says|asked|asks|added|told|wrote|tweeted|replied|shouted|chanted|warned|cried|declared|insisted|wondered)\b"
)
_LIST_MARK = re.compile(r"[\"'(\[]*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})$")
_CLOSER = {"(": ")", "[": "]"}
# A bracket left open further than this was never closed.
_BRACKET_REACH = 250


def split(cleaned: Cleaned, title: str = "") -> tuple[Sentence, ...]:
    """Split the blocks of a cleaned story into sentences.

    Parameters
    ----------
    cleaned
        The story as :func:`eventcoder.language.cleaning.clean` gives it.
    title
        The story's title; where it is not blank it becomes sentence 0, whose offsets are into the
        title.

    Returns
    -------
    tuple of Sentence
        In order, numbered from 1 (0 is the title), not overlapping, without white space around
        them. ``text`` is the story's own text as given; a parser should be given the plain one,
        ``cleaned.text[start:end]``, which has the same length. The end of a block always ends a
        sentence. No sentence is longer than 1,000 characters: longer runs are cut at a semicolon,
        a dash or white space.

    Notes
    -----
    A closing quotation mark belongs to the sentence before it; a quotation of several sentences is
    split at its inner full stops.
    """
    original = cleaned.original or cleaned.text
    sentences: list[Sentence] = []
    if title.strip():
        start = len(title) - len(title.lstrip())
        end = len(title.rstrip())
        sentences.append(Sentence(0, title[start:end], start, end))
    number = 0
    for block_start, block_end in cleaned.blocks:
        for start, end in sentence_spans(original[block_start:block_end]):
            number += 1
            low, high = block_start + start, block_start + end
            sentences.append(Sentence(number, original[low:high], low, high))
    return tuple(sentences)


def sentence_spans(block: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of one paragraph (offsets into `block`, end-exclusive)."""
    text = plain(block)
    last = 0
    for end in _ends(text, block):
        yield from _cut(text, last, end)
        last = end
    yield from _cut(text, last, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the run without white space around it, in pieces where it is too long."""
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        stop = end
        if end - start > LONGEST:
            stop = _break(text, start, start + LONGEST)
        high = stop
        while high > start and text[high - 1].isspace():
            high -= 1
        if any(each.isalnum() for each in text[start:high]):
            yield start, high
        start = stop


def _break(text: str, start: int, limit: int) -> int:
    """Return where to cut a run that is too long, at the latest at `limit`."""
    middle = start + (limit - start) // 2
    for mark, keep in ((";", 1), (" - ", 2), (", ", 1)):
        found = text.rfind(mark, middle, limit)
        if found > start:
            return found + keep
    for i in range(limit - 1, start, -1):
        if text[i].isspace():
            return i
    return limit


def _ends(text: str, raw: str) -> Iterator[int]:
    """Yield the offsets behind each sentence's last character, the paragraph's own end left out.

    `raw` is the paragraph as given, whose curly quotation marks still tell opening from closing.
    """
    caseless = not any(each.isupper() for each in text) or not any(each.islower() for each in text)
    start, seen, quotes = 0, 0, 0
    opened: list[tuple[str, int]] = []
    for match in _STOP.finditer(text):
        stop, end = match.start(), match.end("close")
        # Quotation marks and brackets since the last look, so that the work stays linear.
        for i in range(seen, stop):
            each = text[i]
            if each == '"':
                quotes += 1
            elif each in _CLOSER:
                opened.append((each, i))
            elif opened and each == _CLOSER[opened[-1][0]]:
                opened.pop()
        seen = stop
        close = match["close"]
        if close[:1] == " " and quotes % 2 == 0 and raw[match.start("close") + 1] != "\u201d":
            # A mark after a space opens the next sentence unless one is open.
            end, close = match.end("stop"), ""
        if end >= len(text):
            break
        if not _ends_here(text, start, match, end, close, caseless):
            continue
        if opened and _still_open(text, opened, start, stop, end):
            continue
        yield end
        start = end
        opened.clear()
        for i in range(stop, end):
            quotes += text[i] == '"'
        seen = end


def _still_open(text: str, opened: list[tuple[str, int]], start: int, stop: int, end: int) -> bool:
    """Tell whether a bracket inside the sentence is still open here and closes soon."""
    mark, at = opened[-1]
    if at <= start + 1 or _CLOSER[mark] in text[stop:end]:
        return False
    return text.find(_CLOSER[mark], end, end + _BRACKET_REACH) >= 0


def _ends_here(text: str, start: int, match: re.Match[str], end: int, close: str, caseless: bool) -> bool:
    """Tell whether the stop ends the sentence that began at `start`."""
    stop = match["stop"]
    after = text[end : end + 60]
    rest = after.lstrip()
    glued = len(rest) == len(after)
    if not rest:
        return False
    if glued and not _may_be_glued(text, match, end):
        return False
    word_match = _NEXT_WORD.match(rest)
    word = word_match[1] if word_match else ""
    opener = word.lower().split("'")[0] in _OPENERS
    lower = bool(word) and word[0].islower() and not _STARTS_LOWER.match(rest)
    # Text without capitals (or without small letters) has only the stop to go by.
    if lower and not caseless:
        return False
    if not word and not re.match(r"[\"'(\[\u2022*-]*\s*[\w$€£#@]", rest):
        return False
    before = _BEFORE.search(text, max(start, match.start() - 30), match.start())
    token = before[0] if before else ""
    if not text[start : match.start()].strip(" \"'([-\u2022*") or (
        match.start() - start < 8
        and _LIST_MARK.match(text[start : match.start()].strip())
        and token.lower() not in _OPENERS
    ):
        # "1. First point", "... and so on": a mark before the sentence has words.
        return False
    if stop[0] in "!?" or "!" in stop or "?" in stop:
        return not ('"' in close and _ATTRIBUTION.match(rest))
    if len(stop) > 1 or stop == "\u2026":
        # "said ... the minister" goes on; "and then nothing... The army" does not.
        spaced = match.start() > 0 and text[match.start() - 1].isspace()
        return not spaced or opener or '"' in close
    if '"' in close:
        return True
    return _full_stop(token, word, rest, opener, caseless)


def _may_be_glued(text: str, match: re.Match[str], end: int) -> bool:
    """Tell whether a stop without a space behind it is a lost space ("talks.The envoy")."""
    before = text[max(0, match.start() - 12) : match.start()]
    if match["close"]:
        return bool(re.search(r"[a-z]{2}$", before))
    # Not an address or a file name: small letters before, a capitalised word and a space after.
    word = re.match(r"[\"'(\[]?[A-Z][a-z]+(?=[ ,'])", text[end : end + 30])
    return word is not None and bool(re.search(r"(?:^|[\s\"'(-])[A-Za-z]?[a-z]{2,}$", before))


def _full_stop(token: str, word: str, rest: str, opener: bool, caseless: bool) -> bool:
    """Tell whether a single full stop behind `token` and before `word` ends a sentence."""
    low = token.lower().lstrip("'\"(").rstrip(".")
    digit = word[:1].isdigit()
    if token[:1].islower() and low not in _SMALL:
        return True
    if low in ("no", "nos"):
        return not digit
    if low in _MONTHS:
        return not digit and (opener or not caseless)
    if low in _TITLES or (low in ("pp", "p", "art", "sec", "fig", "vol", "ch") and digit):
        return False
    if low in _ENDS_BEFORE_CAPITAL:
        return not digit and (opener or not _CLOCK_TAIL.match(rest))
    if low in _MAY_END or re.fullmatch(r"(?:[a-z]\.)+[a-z]", low):
        return opener
    if len(low) == 1 and low.isalpha():
        # "J. Biden" is an initial; "Plan B. The ..." is an end.
        return (opener and token.isupper() and low != "i") or (low == "i" and opener)
    return True
