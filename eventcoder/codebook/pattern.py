"""The pattern language: from ``impose {sanctions} on TARGET`` to a record that the matcher reads.

A pattern is written once, in the active voice. Grammar in full:

    pattern   = [subject] head item* ["->" result]
    subject   = slot | slot "'s"                      a leading ``the`` or possessor makes a noun pattern
    head      = words                                 a verb, or the noun of a noun pattern
    item      = preposition* filler | particle | "[" item+ "]" | "!" words
    filler    = slot | [slot "'s"] words
    slot      = SOURCE | TARGET | BOTH | OTHER | EVENT, with limits: ``TARGET:COP|MIL``, ``EVENT:conflict``
    words     = word | "something" (any noun) | a|b|c | "{" set "}" | "(" words "|" words ... ")" | words in a row
    result    = a code | "nothing"
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from eventcoder.codebook.yamlfile import nearest

Phrase = tuple[str, ...]
PatternKind = Literal["verb", "noun"]

# Sets in a row are multiplied out; a pattern beyond this many phrases is a mistake or an attack.
MOST_PHRASES = 20_000

SLOTS = ("SOURCE", "TARGET", "BOTH", "OTHER", "EVENT")

PREPOSITIONS = frozenset(
    """about above across after against ahead along alongside amid among around as at before behind below beneath
    beside between beyond by despite down during for from in inside into like near of off on onto opposite out outside
    over past per regarding round since through throughout to toward towards under until up upon via with within
    without that away back forward together apart aside""".split()
)

_LEX = re.compile(
    r"""\s*(?:
      (?P<slot>(?:SOURCE|TARGET|BOTH|OTHER|EVENT)(?![A-Za-z]))(?P<limits>(?::[A-Za-z_][\w-]*(?:\|[A-Za-z_][\w-]*)*)?)
          (?P<possessive>(?:'s|’s)?)
    | \{(?P<set>[^{}]*)\}
    | \((?P<alternatives>[^()]*)\)
    | (?P<open>\[) | (?P<close>\]) | (?P<forbid>!) | (?P<arrow>->)
    | (?P<word>[^\W_][\w.]*(?:[-'’/][\w]+)*(?:\|[^\W_][\w.]*(?:[-'’/][\w]+)*)*)
    )""",
    re.VERBOSE,
)


def spelled(phrase: Phrase) -> frozenset[Phrase]:
    """Return a phrase and, where it holds hyphens, its spelling in separate tokens (``cease - fire``)."""
    if not any("-" in word.strip("-") for word in phrase):
        return frozenset({phrase})
    split: list[str] = []
    for word in phrase:
        split += [part for part in re.split(r"(-)", word) if part]
    return frozenset({phrase, tuple(split)})


class PatternError(ValueError):
    """A pattern that cannot be read; ``column`` is the 0-based offset into its text."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a participant (or, for ``EVENT``, a nested event), with limits on who may fill it."""

    name: str
    limits: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.name + (":" + "|".join(sorted(self.limits)) if self.limits else "")


@dataclass(frozen=True, slots=True)
class Words:
    """Words of which one must stand at the head of the phrase; optionally with a possessor slot."""

    phrases: frozenset[Phrase]
    possessor: Slot | None = None
    shown: str = ""

    def __str__(self) -> str:
        return f"{self.possessor}'s {self.shown}" if self.possessor else self.shown


@dataclass(frozen=True, slots=True)
class Item:
    """What must (or may) stand beside the head.

    ``preps`` empty: a bare phrase (object, or indirect object). ``bare`` allows the phrase without
    the preposition too (``[with] TARGET``). ``filler`` None: the preposition is a particle.
    """

    preps: frozenset[str]
    filler: Slot | Words | None
    optional: bool = False
    bare: bool = False

    def __str__(self) -> str:
        parts = [] if not self.preps else ["/".join(sorted(self.preps))]
        if self.bare:
            parts = [f"[{parts[0]}]"]
        if self.filler is not None:
            parts.append(str(self.filler))
        text = " ".join(parts)
        return f"[{text}]" if self.optional else text


@dataclass(frozen=True, slots=True)
class PatternForm:
    """The structure of one pattern, without its category.

    ``copula``: the head stands behind ``be`` (adjective or noun).
    """

    text: str
    kind: PatternKind
    heads: frozenset[Phrase]
    subject: Slot | Words | None = None
    items: tuple[Item, ...] = ()
    forbidden: frozenset[Phrase] = frozenset()
    result: str = ""
    copula: bool = False

    @property
    def slots(self) -> tuple[Slot, ...]:
        found = [self.subject] if isinstance(self.subject, Slot) else []
        if isinstance(self.subject, Words) and self.subject.possessor:
            found.append(self.subject.possessor)
        for item in self.items:
            if isinstance(item.filler, Slot):
                found.append(item.filler)
            elif isinstance(item.filler, Words) and item.filler.possessor:
                found.append(item.filler.possessor)
        return tuple(found)

    @property
    def specificity(self) -> int:
        """Words asked for weigh most, then slots; optional items weigh nothing by themselves."""
        score = 0
        for item in self.items:
            if item.optional:
                continue
            if isinstance(item.filler, Words):
                score += (2 if ("something",) in item.filler.phrases else 10) + (3 if item.filler.possessor else 0)
            elif item.filler is None:
                score += 6
            else:
                score += 3 + (2 if item.filler.limits else 0) + (1 if item.preps and not item.bare else 0)
        if isinstance(self.subject, Words):
            score += 10
        elif self.subject is not None:
            score += 2 if self.subject.limits else 1
        return score


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    text: str
    at: int
    slot: Slot | None = None
    possessive: bool = False
    phrases: frozenset[Phrase] = frozenset()


def parse_pattern(text: str, word_sets: Mapping[str, frozenset[Phrase]]) -> PatternForm:
    """Read one pattern.

    Parameters
    ----------
    text
        The pattern as written, for example ``hold {talks} [with TARGET] -> 040``.
    word_sets
        The phrases of each named set, lower case.

    Raises
    ------
    PatternError
        With the column, for an unknown set, an unclosed bracket, a missing head, and the like.
    """
    pieces = list(_pieces(text, word_sets))
    result = ""
    for position, piece in enumerate(pieces):
        if piece.kind == "arrow":
            rest = pieces[position + 1 :]
            if len(rest) != 1 or rest[0].kind != "word":
                raise PatternError("after '->' stands one code, or the word 'nothing'", piece.at)
            result, pieces = rest[0].text, pieces[:position]
            break
    if not pieces:
        raise PatternError("the pattern is empty", 0)
    kind: PatternKind = "verb"
    subject: Slot | Words | None = None
    first = pieces[0]
    if first.kind == "word" and first.text in {"the", "a", "an"}:
        kind, pieces = "noun", pieces[1:]
    elif first.kind == "slot" and first.possessive and _next_is_head_noun(pieces):
        kind, subject, pieces = "noun", first.slot, pieces[1:]
    elif first.kind == "slot":
        subject, pieces = first.slot, pieces[1:]
    if not pieces or pieces[0].kind not in {"word", "words"}:
        at = pieces[0].at if pieces else len(text)
        raise PatternError("a verb (or 'the' and a noun) must come first, or right after the subject", at)
    copula = False
    behind_be = kind == "verb" and pieces[0].text == "be" and len(pieces) > 1 and pieces[1].kind in {"word", "words"}
    if behind_be and not _is_preposition(pieces[1]):
        # "be ready", "be {false}": the complement is the predicate.
        pieces, copula = pieces[1:], True
    heads, pieces = _head(pieces, kind)
    items, forbidden = _items(pieces)
    form = PatternForm(text, kind, heads, subject, tuple(items), frozenset(forbidden), result, copula)
    return _checked(form)


def _next_is_head_noun(pieces: list[_Piece]) -> bool:
    """``TARGET's {call} for EVENT`` is a noun pattern; ``SOURCE's {troops} withdraw`` is not written so."""
    return len(pieces) > 1 and pieces[1].kind in {"word", "words"}


def _pieces(text: str, word_sets: Mapping[str, frozenset[Phrase]]) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        found = _LEX.match(stripped, at)
        if not found:
            raise PatternError(
                f"unexpected {stripped[at:].strip()[:1]!r}", at + len(stripped[at:]) - len(stripped[at:].lstrip())
            )
        start = found.start() + len(found.group(0)) - len(found.group(0).lstrip())
        if found["slot"]:
            limits = frozenset(each for each in found["limits"][1:].split("|") if each)
            pieces.append(_Piece("slot", found["slot"], start, Slot(found["slot"], limits), bool(found["possessive"])))
        elif found["set"] is not None:
            name = found["set"].strip()
            pieces.append(_Piece("words", "{" + name + "}", start, phrases=_word_set(name, word_sets, start)))
        elif found["alternatives"] is not None:
            options = [tuple(each.lower().split()) for each in found["alternatives"].split("|")]
            phrases: set[Phrase] = set()
            for option in options:
                if not option:
                    raise PatternError("an empty alternative", start)
                if len(option) == 1 and option[0].startswith("{"):
                    phrases |= _word_set(option[0].strip("{}"), word_sets, start)
                else:
                    phrases |= spelled(option)
            pieces.append(_Piece("words", found.group(0).strip(), start, phrases=frozenset(phrases)))
        elif found["word"]:
            word = found["word"]
            if word.isupper() and len(word) > 3 and difflib.get_close_matches(word, SLOTS, n=1, cutoff=0.7):
                raise PatternError(f"unknown slot {word}{nearest(word, SLOTS)}", start)
            choices = frozenset(each for one in word.lower().split("|") for each in spelled((one,)))
            pieces.append(_Piece("word", word, start, phrases=choices))
        else:
            kind = next(name for name in ("open", "close", "forbid", "arrow") if found[name])
            pieces.append(_Piece(kind, found.group(0).strip(), start))
        at = found.end()
    return pieces


def _word_set(name: str, word_sets: Mapping[str, frozenset[Phrase]], at: int) -> frozenset[Phrase]:
    if name not in word_sets:
        raise PatternError(f"unknown word set {{{name}}}{nearest(name, word_sets)}", at)
    return word_sets[name]


def _head(pieces: list[_Piece], kind: PatternKind) -> tuple[frozenset[Phrase], list[_Piece]]:
    if kind == "verb":
        return frozenset(phrase for phrase in pieces[0].phrases if phrase), pieces[1:]
    phrases: frozenset[Phrase] = frozenset({()})
    while pieces and pieces[0].kind in {"word", "words"} and not _is_preposition(pieces[0]):
        phrases = _in_a_row(phrases, pieces[0])
        pieces = pieces[1:]
    if phrases == frozenset({()}):
        raise PatternError("a noun must follow 'the'", pieces[0].at if pieces else 0)
    return phrases, pieces


def _in_a_row(phrases: frozenset[Phrase], piece: _Piece) -> frozenset[Phrase]:
    if len(phrases) * len(piece.phrases) > MOST_PHRASES:
        raise PatternError(
            f"more than {MOST_PHRASES} phrases come of these words in a row; name them in one set", piece.at
        )
    return frozenset(left + right for left in phrases for right in piece.phrases)


def _is_preposition(piece: _Piece) -> bool:
    if piece.kind not in {"word", "words"} or piece.text.startswith("{"):
        return False
    return all(len(phrase) == 1 and phrase[0] in PREPOSITIONS for phrase in piece.phrases)


def _items(pieces: list[_Piece]) -> tuple[list[Item], set[Phrase]]:
    items: list[Item] = []
    forbidden: set[Phrase] = set()
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind == "forbid":
            if at + 1 >= len(pieces) or pieces[at + 1].kind not in {"word", "words"}:
                raise PatternError("after '!' stands the word, {set} or (a|b) that must not occur", piece.at)
            forbidden |= pieces[at + 1].phrases
            at += 2
        elif piece.kind == "open":
            end = next((k for k in range(at + 1, len(pieces)) if pieces[k].kind == "close"), -1)
            if end < 0:
                raise PatternError("a '[' that is never closed", piece.at)
            inside = pieces[at + 1 : end]
            if not inside:
                raise PatternError("nothing stands inside '[ ]'", piece.at)
            if (
                all(_is_preposition(each) for each in inside)
                and end + 1 < len(pieces)
                and pieces[end + 1].kind == "slot"
            ):
                preps = frozenset(phrase[0] for each in inside for phrase in each.phrases)
                items.append(Item(preps, pieces[end + 1].slot, bare=True))
                at = end + 2
                continue
            inner, more = _items(inside)
            if more:
                raise PatternError("'!' stands outside '[ ]'", piece.at)
            items += [replace(each, optional=True) for each in inner]
            at = end + 1
        elif piece.kind == "close":
            raise PatternError("a ']' without '['", piece.at)
        else:
            item, at = _item(pieces, at)
            items.append(item)
    return items, forbidden


def _item(pieces: list[_Piece], at: int) -> tuple[Item, int]:
    preps: frozenset[str] = frozenset()
    if _is_preposition(pieces[at]):
        preps = frozenset(phrase[0] for phrase in pieces[at].phrases)
        at += 1
        following = pieces[at] if at < len(pieces) else None
        if following is None or following.kind not in {"slot", "word", "words"} or _is_preposition(following):
            return Item(preps, None), at
    possessor: Slot | None = None
    piece = pieces[at]
    if piece.kind == "slot":
        if not piece.possessive:
            return Item(preps, piece.slot), at + 1
        possessor, at = piece.slot, at + 1
        if at >= len(pieces) or pieces[at].kind not in {"word", "words"}:
            raise PatternError(f"after {piece.text}'s stands a noun or a {{set}}", piece.at)
    phrases: frozenset[Phrase] = frozenset({()})
    shown: list[str] = []
    while at < len(pieces) and pieces[at].kind in {"word", "words"} and not (shown and _is_preposition(pieces[at])):
        phrases = _in_a_row(phrases, pieces[at])
        shown.append(pieces[at].text)
        at += 1
    if not shown:
        raise PatternError(f"unexpected {piece.text!r}", piece.at)
    return Item(preps, Words(phrases, possessor, " ".join(shown))), at


def _checked(form: PatternForm) -> PatternForm:
    names = [slot.name for slot in form.slots]
    for name in ("SOURCE", "BOTH"):
        if names.count(name) > 1:
            raise PatternError(f"{name} stands twice", form.text.rfind(name))
    if "BOTH" in names and ("SOURCE" in names or "TARGET" in names):
        raise PatternError(
            "BOTH takes the two parties, so SOURCE and TARGET cannot stand beside it", form.text.find("BOTH")
        )
    return form
