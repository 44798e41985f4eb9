"""What a codebook is, once read: plain frozen data that can also be built in Python."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from eventcoder.codebook.ontology import Ontology
from eventcoder.codebook.pattern import PatternForm, Phrase, Slot
from eventcoder.codebook.yamlfile import Place

NOWHERE = Place("", 0, 0)


@dataclass(frozen=True, slots=True)
class Expected:
    """One event that an example must give; empty fields are not compared, except the category."""

    category: str
    source: str = ""
    target: str = ""
    cameo: str = ""
    status: str = "actual"
    date: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with the complete list of events that this codebook finds in it.

    ``known_miss`` marks an example that is right but not yet coded so, with the reason.
    """

    id: str
    text: str
    events: tuple[Expected, ...]
    date: str = ""
    known_miss: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of a category, with what it gives.

    Attributes
    ----------
    id
        Unique in the codebook: the category and a slug of the text, or as the author named it.
    cameo, code, mode, context
        Override the category's where not empty.
    nothing
        The pattern recognises words that are no event, and codes nothing.
    source
        Where the source is looked for when no slot says so: ``subject`` (also where empty),
        ``speaker`` (whoever says the clause) or ``none``.
    target
        A fixed target's code.
    mirror
        As in :class:`Category`; ``none`` switches the category's mirror off.
    emit
        The nested event of an ``EVENT`` slot is a row of its own too.
    status
        Overrides the status found by grammar, where not empty.
    priority
        Compared before specificity; 0 unless the author says otherwise.
    """

    id: str
    category: str
    form: PatternForm
    cameo: str = ""
    code: str = ""
    mode: str = ""
    context: str = ""
    nothing: bool = False
    source: str = ""
    target: str = ""
    mirror: str = ""
    emit: bool = False
    status: str = ""
    priority: int = 0
    place: Place = NOWHERE

    @property
    def rank(self) -> tuple[int, int]:
        return self.priority, self.form.specificity


@dataclass(frozen=True, slots=True)
class Category:
    """An event type.

    ``mirror``: empty, ``same`` (the reverse pair gets the same code) or a CAMEO code of its own.
    ``target_from``: where a target that no slot bound is looked for: ``addressee`` (of the speech
    that the act is part of), ``condition`` (the subject of its if-clause), ``beside`` (the object of
    a verb coordinated with it), ``subject`` (whoever the clause's subject names: "Moscow's action
    would be a mistake").
    ``mutual``: parties that act together without a target act on each other ("A and B agreed").
    ``silent``: its events make no rows; they only serve ``EVENT`` slots, operators and rewrites.
    """

    name: str
    label: str = ""
    definition: str = ""
    cameo: str = ""
    code: str = ""
    plover: str = ""
    mode: str = ""
    context: str = ""
    mirror: str = ""
    silent: bool = False
    mutual: bool = False
    target_from: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    examples: tuple[Example, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Status and nesting change a category: the first rewrite that fits is applied.

    ``speaker`` holds any of ``source`` (said by the event's own source), ``narrator`` (told by the
    story itself) and ``other``; empty means any. ``status`` is the status afterwards, empty to
    keep it. ``becomes`` may be ``nothing``: such events make no rows.
    """

    categories: frozenset[str]
    statuses: frozenset[str]
    becomes: str = ""
    cameo: str = ""
    speaker: frozenset[str] = frozenset()
    status: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Codebook:
    """Categories, patterns, word sets, groups and rewrites.

    ``compounds`` are nouns that override their head: an ``air strike`` is no ``strike``.
    ``view`` is empty or ``plover``: then events are named by their PLOVER type, and what has none
    makes no row.

    Read one with :meth:`read`, or build one from its parts.
    """

    name: str
    categories: tuple[Category, ...]
    label: str = ""
    version: str = ""
    words: Mapping[str, frozenset[Phrase]] = field(default_factory=dict)
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rewrites: tuple[Rewrite, ...] = ()
    compounds: frozenset[Phrase] = frozenset()
    view: str = ""
    path: str = ""
    files: tuple[str, ...] = ()

    @classmethod
    def read(cls, source: str | Path) -> Codebook:
        """Read a codebook by name (``crisis``) or path (``mine.yaml``).

        Raises
        ------
        CodebookError
            With every problem found in the file and the codebooks it extends.
        """
        from eventcoder.codebook.load import read_codebook

        return read_codebook(source)

    @cached_property
    def by_name(self) -> dict[str, Category]:
        return {category.name: category for category in self.categories}

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        return tuple(pattern for category in self.categories for pattern in category.patterns)

    def in_group(self, category: str, limits: frozenset[str], cameo: str, ontology: Ontology) -> bool:
        """Whether an event of this category (and CAMEO code) is within an ``EVENT`` slot's limits."""
        if not limits or category in limits:
            return True
        if any(category in self.groups.get(limit, ()) for limit in limits):
            return True
        entry = ontology.get(cameo)
        return bool(entry and (entry.plover.lower() in limits or entry.plover in limits))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over everything that bears on what is coded (not over places and examples)."""

        def plain(value: object) -> object:
            if isinstance(value, frozenset | set):
                return sorted((plain(each) for each in value), key=repr)
            if isinstance(value, tuple | list):
                return [plain(each) for each in value]
            if isinstance(value, Mapping):
                return {
                    str(key): plain(each) for key, each in sorted(value.items()) if key not in {"place", "examples"}
                }
            return value

        body = {
            "categories": [plain(asdict(category)) for category in self.categories],
            "groups": plain(self.groups),
            "view": self.view,
            "compounds": plain(self.compounds),
            "rewrites": [plain(asdict(rewrite)) for rewrite in self.rewrites],
        }
        return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def event_slots(pattern: Pattern) -> tuple[Slot, ...]:
    """Return the ``EVENT`` slots of a pattern."""
    return tuple(slot for slot in pattern.form.slots if slot.name == "EVENT")
