"""The frozen records that every room of the toolkit speaks.

Character offsets are 0-based and end-exclusive. Token positions index ``Parse.tokens``. Dates are
:class:`datetime.date`; codes are strings.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Literal

Status = Literal["actual", "planned", "hypothetical", "alleged", "negated", "historical"]
STATUSES: tuple[Status, ...] = ("actual", "planned", "hypothetical", "alleged", "negated", "historical")

Precision = Literal["day", "week", "month", "year", "context", "story", ""]


# --- stories ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Story:
    """One input text with what is known about it.

    Attributes
    ----------
    id
        Unique in a run; for a file its name.
    text
        As given; offsets of events point into it.
    date, date_origin
        The story's date and where it came from: ``metadata``, ``column``, ``header``,
        ``dateline``, ``url``, ``option``; both empty where no date is known.
    extra
        The other input columns, in order, as text.
    place
        ``file`` or ``file:line`` the story was read from.
    """

    id: str
    text: str
    title: str = ""
    date: datetime.date | None = None
    date_origin: str = ""
    publisher: str = ""
    url: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A story or input line that failed, as data: the run goes on.

    ``stage`` is ``read``, ``parse`` or ``code``; ``message`` names the remedy where there is one.
    """

    story_id: str
    stage: str
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in the story.

    ``number`` counts from 1; 0 is the title, whose offsets are into the title. ``text`` equals
    ``story.text[start:end]``.
    """

    number: int
    text: str
    start: int
    end: int


# --- parses ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a parsed sentence.

    ``head`` is the position of the syntactic head (the root's own position for the root);
    ``start`` and ``end`` are offsets into the parsed sentence. ``pos``, ``tag`` and ``dep`` use the
    labels of spaCy's English models (universal POS, Penn tags, ClearNLP dependencies).
    """

    i: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parse:
    """A parsed sentence: its text (same length as the sentence in the story) and tokens."""

    text: str
    tokens: tuple[Token, ...]
    children: tuple[tuple[int, ...], ...] = field(repr=False, default=())

    def __post_init__(self) -> None:
        if not self.children and self.tokens:
            below: list[list[int]] = [[] for _ in self.tokens]
            for token in self.tokens:
                if token.head != token.i:
                    below[token.head].append(token.i)
            object.__setattr__(self, "children", tuple(tuple(each) for each in below))

    def subtree(self, i: int) -> tuple[int, ...]:
        """Return the positions of token `i` and all below it, in order."""
        found, queue = [i], [i]
        while queue:
            for child in self.children[queue.pop()]:
                found.append(child)
                queue.append(child)
        return tuple(sorted(found))


# --- clauses ---------------------------------------------------------------------------------

ClauseKind = Literal["verb", "noun", "adjective"]


@dataclass(frozen=True, slots=True)
class Argument:
    """A participant of a clause, after voice and control have been undone.

    Attributes
    ----------
    role
        ``subject``, ``object``, ``second`` (the indirect object), ``prep`` (behind a
        preposition), ``possessor`` (possessor, nationality or compound in front of a noun).
    prep
        The preposition (``with``, ``against``, ``in response to`` is ``in``); empty otherwise.
    head
        Token position of the participant's head.
    via
        Token position of the noun the phrase hangs from, where it is not the predicate itself
        (``impose sanctions on Russia``: ``on Russia`` hangs from ``sanctions``); else -1.
    shared
        True where the participant was inherited (control, coordination, relative clause).
    """

    role: str
    head: int
    prep: str = ""
    via: int = -1
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One predicate with its participants; voice, control and coordination already undone.

    Attributes
    ----------
    head
        Token position of the predicate.
    lemma
        Its lemma (`invade` for the noun ``invasion``: see ``noun``).
    noun
        The noun's own lemma where the predicate is a noun, else empty.
    particles
        Particles of the verb (``off`` in ``call off``).
    light
        Token position of the light verb that carries the noun (``launch`` in ``launch an
        attack``), else -1.
    outer, link
        Token position of the governing predicate (-1 for none) and how it governs: ``to``
        (infinitive), ``that`` (finite clause), ``ing``, ``object``, ``prep:of`` ..., ``adverb``
        (adverbial), ``if``, ``relative``, ``purpose``, ``and`` (coordination), ``noun``.
    negated, modal, tense
        Negation word in the clause itself; the modal's lemma or ``""``; ``past``, ``present``,
        ``future`` or ``""``.
    perfect, progressive, passive, question, imperative, quoted
        Grammar of the clause; ``quoted``: the predicate stands inside quotation marks.
    """

    head: int
    lemma: str
    kind: ClauseKind
    arguments: tuple[Argument, ...] = ()
    noun: str = ""
    particles: tuple[str, ...] = ()
    light: int = -1
    outer: int = -1
    link: str = ""
    negated: bool = False
    modal: str = ""
    tense: str = ""
    perfect: bool = False
    progressive: bool = False
    passive: bool = False
    question: bool = False
    imperative: bool = False
    quoted: bool = False


# --- parties ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Party:
    """A participant resolved to an actor.

    Attributes
    ----------
    code
        Country then roles (``GBRGOV``), or an organisation's own code (``NATO``); empty where
        the words name nobody that the dictionaries know and carry no role.
    name
        The resolved actor's name ("Sergei Lavrov", also where the text says "he").
    country, roles
        The code taken apart; ``country`` is empty for organisations.
    text, start, end
        The words in the sentence and their offsets into the sentence.
    head
        Token position of the head.
    how
        One line: which dictionary line, rule or earlier mention decided.
    alternatives
        Other readings that lost, as ``code: reason``.
    kind
        ``country``, ``person``, ``organisation``, ``group``, ``body``, ``people``, ``role``,
        ``place`` (inside a country), ``indirect`` (only named by a possessor or nationality: "Russian
        demands") or ``unknown``.
    person, plural, gender, title
        Whether it is one person; whether the words are plural; ``m``, ``f`` or empty; the office.
    """

    code: str
    name: str
    country: str
    roles: tuple[str, ...]
    text: str
    start: int
    end: int
    head: int
    how: str = ""
    alternatives: tuple[str, ...] = ()
    kind: str = ""
    person: bool = False
    plural: bool = False
    gender: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class DateSpan:
    """The interval that a date expression supports.

    ``text``, ``start`` and ``end_offset`` are the expression and its offsets in the sentence
    (-1 where the date was not read from the sentence). ``history`` marks expressions that tell
    background ("in 1999", "since 2014", "eight years ago").
    """

    first: datetime.date | None
    last: datetime.date | None
    precision: Precision
    text: str = ""
    start: int = -1
    end_offset: int = -1
    history: bool = False


# --- explanations and events -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation: the stage, what it concerns, and what was found or decided."""

    stage: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the event table: who did what to whom, when, in what sense, and why so coded.

    The fields are the table's columns, in the table's order; see the table in README. Text columns
    are strings, ``date`` columns are ISO days or empty, ``goldstein`` is a float or None.
    """

    event_id: str
    doc_id: str
    sentence_id: int
    story_date: str
    date: str
    date_end: str
    date_precision: str
    source: str
    source_name: str
    source_country: str
    source_roles: str
    source_text: str
    action: str
    target: str
    target_name: str
    target_country: str
    target_roles: str
    target_text: str
    category: str
    code: str
    cameo: str
    plover: str
    mode: str
    context: str
    quad: str
    goldstein: float | None
    status: Status
    act: str
    speaker: str
    quoted: bool
    mirrored: bool
    match_id: str
    duplicate_of: str
    place_text: str
    place_country: str
    method: str
    rule: str
    confidence: float
    sentence: str
    start: int
    end: int


EVENT_COLUMNS: tuple[str, ...] = tuple(each.name for each in fields(Event))


@dataclass(frozen=True, slots=True)
class StoryResult:
    """What coding one story gave: its events, or the fault that stopped it.

    ``language`` is ``en``, or the ISO 639-1 code of another language that the text seems to be
    in (then nothing was coded); ``sentences`` counts the sentences that were read.
    ``notes`` are remarks for the stories file (for example where the date came from).
    """

    story: Story
    events: tuple[Event, ...] = ()
    faults: tuple[Fault, ...] = ()
    sentences: int = 0
    language: str = "en"
    notes: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
