"""What is wrong, useless or doubtful in a codebook or an actor dictionary, beyond what the loader refuses.

The loader says whether a file can be read; lint says whether it does what its author thinks. Errors are
contradictions, which no reading of the file can satisfy; warnings are lines without effect or likely slips; infos are
reminders. Findings concern the file that was named and its parts (the files that it extends in the folder of its own
name), not the other codebooks that it extends.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from eventcoder.codebook.inflection import base_of, forms_of, plural_base
from eventcoder.codebook.load import read_codebook
from eventcoder.codebook.model import Category, Codebook, Example, Pattern, event_slots
from eventcoder.codebook.pattern import Item, Phrase, Slot, Words
from eventcoder.codebook.shipped import shipped_codebooks, shipped_folder
from eventcoder.codebook.yamlfile import Place, Value, YamlFile, nearest, read_text
from eventcoder.errors import CodebookError

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

KINDS: dict[str, Severity] = {
    # codebooks
    "invalid": "error",
    "conflicting-patterns": "error",
    "contradicting-examples": "error",
    "impossible-example": "error",
    "example-date": "error",
    "never-matches": "error",
    "duplicate-pattern": "warning",
    "never-wins": "warning",
    "conflicting-words": "warning",
    "loses-for-words": "info",
    "unused-words": "warning",
    "unused-group": "warning",
    "repeated-word": "warning",
    "same-words": "info",
    "short-compound": "warning",
    "inflected-head": "warning",
    "inflected-word": "info",
    "no-example": "warning",
    "no-counterexample": "warning",
    "pattern-without-example": "info",
    "duplicate-example": "warning",
    "silent-unused": "warning",
    "empty-category": "warning",
    "no-label": "warning",
    "no-definition": "info",
    "no-code": "warning",
    "mirror-own-code": "warning",
    "redundant-code": "info",
    "nothing-with-code": "warning",
    "emit-without-event": "warning",
    "unknown-limit": "warning",
    "unknown-target": "warning",
    "rewrite-never-applies": "warning",
    "rewrite-into-silent": "warning",
    # actor dictionaries
    "overlapping-periods": "warning",
    "absurd-period": "warning",
    "impossible-period": "error",
    "same-name": "warning",
    "repeated-name": "warning",
    "role-name-clash": "warning",
    "role-in-two": "error",
    "unknown-role": "warning",
    "unknown-country": "warning",
    "no-source": "info",
}
# Limits of an EVENT slot that say how the act stands there, not which category it is of.
EVENT_MANNERS = frozenset({"ahead", "must", "other"})
LONGEST_PERIOD_YEARS = 75
EARLIEST_PERIOD = 1900


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about a file.

    Attributes
    ----------
    severity
        ``error`` (a contradiction), ``warning`` (no effect, or a likely slip) or ``info``.
    kind
        One of :data:`KINDS`.
    message
        What is the matter and what to do about it.
    path, line, column
        The place; line and column are 1-based, 0 where the file as a whole is meant.
    """

    severity: Severity
    kind: str
    message: str
    path: str = ""
    line: int = 0
    column: int = 0

    def render(self) -> str:
        """Return ``file:line:column: severity: message [kind]``."""
        where = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{where}: {self.severity}: {self.message} [{self.kind}]"

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


def _finding(kind: str, message: str, place: Place) -> Finding:
    return Finding(KINDS[kind], kind, message, place.path, place.line, place.column)


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(
        dict.fromkeys(findings), key=lambda f: (f.path, f.line, f.column, SEVERITIES.index(f.severity), f.kind)
    )


def lint(source: str | Path) -> list[Finding]:
    """Check a codebook.

    Parameters
    ----------
    source
        Name of a shipped codebook, or path to a YAML file.

    Returns
    -------
    list of Finding
        In the order of the file. Where the file cannot be read as a codebook, the loader's problems alone, as
        findings of the kind ``invalid``.

    Raises
    ------
    CodebookError
        If there is no such codebook or file.
    """
    shipped = shipped_codebooks()
    name = str(source)
    path = shipped[name] if name in shipped and not Path(name).suffix else Path(name).expanduser()
    try:
        codebook = read_codebook(source)
    except CodebookError as error:
        if not path.is_file():
            raise
        return [Finding("error", "invalid", p.message, p.path, p.line, p.column) for p in error.problems]
    own = own_files(codebook)
    bodies = []
    for shown in codebook.files:
        if shown in own:
            root = YamlFile(shown).root(read_text(path.parent / Path(shown).relative_to(Path(codebook.path).parent)))
            bodies.append({} if root is None else root.mapping("a codebook"))
    return _sorted(each for each in _Linter(codebook, bodies).findings() if each.path in own)


def own_files(codebook: Codebook) -> frozenset[str]:
    """Return the codebook's file and its parts, of all files that it was read from.

    Parts are files in the folder of the codebook's own name: ``cameo/words.yaml`` beside ``cameo.yaml``.
    """
    folder = Path(codebook.path).with_suffix("")
    return frozenset(name for name in codebook.files if name == codebook.path or Path(name).parent == folder)


class _Linter:
    def __init__(self, codebook: Codebook, bodies: Sequence[Mapping[str, Value]]) -> None:
        self.codebook = codebook
        self.bodies = bodies
        self.used_as_event = self._used_as_event()
        # A category's value begins a line below its name, which is where a reader looks.
        self.names: dict[str, Place] = {}
        for categories in self._values("categories"):
            for key in categories.keys():  # noqa: SIM118
                self.names.setdefault(key.text("categories"), key.place)

    def _values(self, key: str) -> list[Value]:
        """What stands under a key at the top of each file."""
        return [body[key] for body in self.bodies if key in body]

    def findings(self) -> Iterator[Finding]:
        yield from self._word_sets()
        yield from self._compounds()
        yield from self._groups()
        for category in self.codebook.categories:
            yield from self._category(category)
            for pattern in category.patterns:
                yield from self._pattern(pattern, category)
        yield from self._patterns_against_each_other()
        yield from self._examples()
        yield from self._rewrites()

    # --- word sets and groups ------------------------------------------------------------------------

    def _word_sets(self) -> Iterator[Finding]:
        used = set()
        for pattern in self.codebook.patterns:
            used |= set(re.findall(r"\{\s*([^{}]*?)\s*\}", pattern.form.text))
            if isinstance(pattern.form.subject, Words):
                used |= set(re.findall(r"\{\s*([^{}]*?)\s*\}", pattern.form.subject.shown))
        sets = [(key, entry) for value in self._values("words") for key, entry in _entries(value)]
        nested: dict[str, set[str]] = defaultdict(set)
        for key, entry in sets:
            nested[key.text("words")] |= {text[1:].strip() for text in entry.texts("words") if text.startswith("+")}
        queue = list(used)
        while queue:
            for inner in nested.get(queue.pop(), set()) - used:
                used.add(inner)
                queue.append(inner)
        heads, fillers = self._roles_of_words()
        by_content: dict[frozenset[Phrase], str] = {}
        for key, entry in sets:
            name = key.text("words")
            if name not in used:
                yield _finding("unused-words", f"no pattern uses the word set {name!r}", key.place)
            phrases = self.codebook.words[name]
            twin = by_content.setdefault(phrases, name)
            if len(phrases) > 1 and twin != name:
                yield _finding("same-words", f"the word sets {twin!r} and {name!r} hold the same words", key.place)
            seen: dict[str, Place] = {}
            for member in entry.items("words"):
                text = " ".join(member.text("words").lower().split())
                if text in seen:
                    yield _finding(
                        "repeated-word",
                        f"{text!r} stands twice in the word set {name!r}; the first is in line {seen[text].line}",
                        member.place,
                    )
                    continue
                seen[text] = member.place
                if not text.startswith("+"):
                    yield from self._inflected(
                        tuple(text.split()), name in heads, name in fillers, phrases, member.place
                    )

    def _compounds(self) -> Iterator[Finding]:
        seen: dict[str, Place] = {}
        for member in (member for value in self._values("compounds") for member in value.items("compounds")):
            text = " ".join(member.text("compounds").lower().split())
            if text in seen:
                yield _finding(
                    "repeated-word",
                    f"{text!r} stands twice among the compounds; the first is in line {seen[text].line}",
                    member.place,
                )
            elif text and " " not in text and "-" not in text:
                yield _finding("short-compound", f"{text!r} is one word, so it overrides no head", member.place)
            seen.setdefault(text, member.place)

    def _roles_of_words(self) -> tuple[set[str], set[str]]:
        """Names of the sets whose words are verbs at the head, and of those that fill slots beside it."""
        heads: set[str] = set()
        fillers: set[str] = set()
        for pattern in self.codebook.patterns:
            form = pattern.form
            names = re.findall(r"\{\s*([^{}]*?)\s*\}", form.text)
            for name in names:
                words = self.codebook.words.get(name, frozenset())
                if form.kind == "verb" and not form.copula and words and words == form.heads:
                    heads.add(name)
                else:
                    fillers.add(name)
        return heads, fillers

    @staticmethod
    def _inflected(
        phrase: Phrase, is_head: bool, is_filler: bool, known: frozenset[Phrase], place: Place
    ) -> Iterator[Finding]:
        if not phrase:
            return
        base = base_of(phrase[0])
        if is_head and base:
            yield _finding(
                "inflected-head",
                f"verbs are compared by their base form, so {' '.join(phrase)!r} is never seen; write"
                f" {' '.join((base, *phrase[1:]))!r}",
                place,
            )
            return
        singular = plural_base(phrase[-1])
        if singular and not is_head and is_filler:
            better = (*phrase[:-1], singular)
            if better in known:
                message = (
                    f"{' '.join(phrase)!r} adds nothing: {' '.join(better)!r} in the same set stands for every form"
                )
            else:
                message = (
                    f"{' '.join(phrase)!r} is seen in the plural only; {' '.join(better)!r} would stand for every form"
                )
            yield _finding("inflected-word", message, place)

    def _used_as_event(self) -> set[str]:
        """Categories that an ``EVENT`` slot or a rewrite takes in."""
        names = {category.name for category in self.codebook.categories}
        used: set[str] = set()
        for pattern in self.codebook.patterns:
            for slot in event_slots(pattern):
                if "any" in slot.limits or not slot.limits - EVENT_MANNERS:
                    used |= names
                for limit in slot.limits:
                    used |= {limit} | set(self.codebook.groups.get(limit, ()))
                    used |= {c.name for c in self.codebook.categories if limit in {c.plover, c.plover.lower()}}
        for rewrite in self.codebook.rewrites:
            used |= rewrite.categories
        return used

    def _groups(self) -> Iterator[Finding]:
        used: set[str] = set()
        for pattern in self.codebook.patterns:
            for slot in event_slots(pattern):
                used |= slot.limits
        for value in self._values("rewrites"):
            for entry in value.items("rewrites"):
                used |= set(entry.mapping("a rewrite")["category"].texts("category"))
        for value in self._values("groups"):
            for entry in value.mapping("groups").values():
                used |= set(entry.texts("groups"))
        for key in (key for value in self._values("groups") for key in value.keys()):  # noqa: SIM118
            if (name := key.text("groups")) not in used:
                yield _finding(
                    "unused-group", f"no EVENT slot, operator or rewrite names the group {name!r}", key.place
                )

    # --- categories ----------------------------------------------------------------------------------------

    def _category(self, category: Category) -> Iterator[Finding]:
        name, place = category.name, self.names.get(category.name, category.place)
        targets = {rewrite.becomes for rewrite in self.codebook.rewrites}
        if not category.label:
            yield _finding(
                "no-label", f"the category {name!r} has no label; tables and pages show its bare name", place
            )
        if not category.definition and not category.silent:
            yield _finding("no-definition", f"the category {name!r} has no definition", place)
        if not category.cameo and not category.code and not category.silent:
            yield _finding(
                "no-code", f"the category {name!r} has neither `cameo` nor `code`, so its rows carry none", place
            )
        if not any(not pattern.nothing for pattern in category.patterns) and name not in targets:
            yield _finding("empty-category", f"no pattern, operator or rewrite gives the category {name!r}", place)
        if category.silent and name not in self.used_as_event:
            yield _finding(
                "silent-unused",
                f"the category {name!r} is silent, and no EVENT slot, operator or rewrite uses it: it has no effect",
                place,
            )
        if category.mirror and category.mirror == category.cameo:
            yield _finding("mirror-own-code", f"the mirror of {name!r} is its own code; write `mirror: same`", place)
        if category.silent or not category.patterns:
            return
        expected = {event.category for each in self._all_examples() for event in each.events}
        if name not in expected:
            yield _finding("no-example", f"no example expects an event of the category {name!r}", place)
        if not any(all(event.category != name for event in each.events) for each in category.examples):
            yield _finding(
                "no-counterexample",
                f"the category {name!r} has no example that must not code it; add a near miss with `events: []`",
                place,
            )

    def _all_examples(self) -> Iterator[Example]:
        for category in self.codebook.categories:
            yield from category.examples

    # --- one pattern -----------------------------------------------------------------------------------------

    def _pattern(self, pattern: Pattern, category: Category) -> Iterator[Finding]:
        form, place = pattern.form, pattern.place
        text = form.text
        own = {"{" + name + "}" for name in self.codebook.words}
        if form.kind == "verb" and not form.copula and not any(text.startswith(each) for each in own):
            named = next((s for name in own if (s := self.codebook.words[name[1:-1]]) == form.heads), None)
            for phrase in sorted(form.heads) if named is None else ():
                yield from self._inflected(phrase, True, False, form.heads, place)
        for phrase in form.forbidden:
            groups = [
                form.heads,
                *(i.filler.phrases for i in form.items if isinstance(i.filler, Words) and not i.optional),
            ]
            if any(group and all(_holds(each, phrase) for each in group) for group in groups):
                yield _finding(
                    "never-matches", f"the pattern {text!r} forbids {' '.join(phrase)!r}, which it asks for", place
                )
        if pattern.nothing and (pattern.cameo or pattern.code or pattern.mode or pattern.context or pattern.status):
            yield _finding(
                "nothing-with-code", f"the pattern {text!r} codes nothing, so what it gives is not used", place
            )
        if pattern.emit and not event_slots(pattern):
            yield _finding("emit-without-event", f"`emit` stands at {text!r}, which has no EVENT slot", place)
        if pattern.cameo and pattern.cameo == category.cameo and not pattern.nothing:
            yield _finding(
                "redundant-code", f"the code {pattern.cameo} of {text!r} is that of the category already", place
            )
        if pattern.mirror and pattern.mirror == (pattern.cameo or category.cameo):
            yield _finding("mirror-own-code", f"the mirror of {text!r} is its own code; write `mirror: same`", place)
        for slot in form.slots:
            if slot.name != "EVENT":
                for limit in sorted(slot.limits):
                    if limit not in _role_codes() and limit not in _actor_codes():
                        yield _finding(
                            "unknown-limit",
                            f"{limit!r} in {slot} is no role, country or organisation{nearest(limit, _role_codes())}",
                            place,
                        )
        if pattern.target and pattern.target not in _actor_codes():
            yield _finding(
                "unknown-target",
                f"the target {pattern.target!r} of {text!r} is no country or organisation"
                f"{nearest(pattern.target, _actor_codes())}",
                place,
            )
        texts = [each.text for each in self._all_examples()]
        if not category.silent and not any(_touches(pattern, _words_of(each)) for each in texts):
            yield _finding("pattern-without-example", f"no example holds the words of {text!r}", place)

    # --- patterns against each other ---------------------------------------------------------------------------

    def _patterns_against_each_other(self) -> Iterator[Finding]:
        order = {pattern.id: number for number, pattern in enumerate(self.codebook.patterns)}
        by_head: dict[tuple[str, bool, str], list[Pattern]] = defaultdict(list)
        for pattern in self.codebook.patterns:
            for phrase in pattern.form.heads:
                key = phrase[0] if pattern.form.kind == "verb" else phrase[-1]
                by_head[pattern.form.kind, pattern.form.copula, key].append(pattern)
        pairs: dict[tuple[str, str], tuple[Pattern, Pattern]] = {}
        for patterns in by_head.values():
            once = list({pattern.id: pattern for pattern in patterns}.values())
            for winner in once:
                for loser in once:
                    if winner.id != loser.id:
                        pairs[winner.id, loser.id] = (winner, loser)
        for winner, loser in pairs.values():
            same = _same_demands(winner, loser)
            alike = self._outcome(winner) == self._outcome(loser)
            if same and winner.priority == loser.priority:
                if order[winner.id] < order[loser.id]:
                    kind = "duplicate-pattern" if alike else "conflicting-patterns"
                    gives = "" if alike else f", but gives {self._shown(loser)} instead of {self._shown(winner)}"
                    yield _finding(
                        kind,
                        f"the pattern {loser.form.text!r} asks for the same as {winner.form.text!r}"
                        f" ({winner.place}){gives}; the first one wins",
                        loser.place,
                    )
                continue
            if not _covers(winner, loser) or not _outranks(winner, loser, order):
                continue
            if winner.form.heads >= loser.form.heads:
                yield _finding(
                    "never-wins",
                    f"the pattern {loser.form.text!r} can never win: wherever it matches,"
                    f" {winner.form.text!r} ({winner.place}) wins",
                    loser.place,
                )
            elif not alike:
                shared = sorted(" ".join(phrase) for phrase in winner.form.heads & loser.form.heads)
                # Within a category, finer patterns before a general one are the usual way to write.
                yield _finding(
                    "loses-for-words" if winner.category == loser.category else "conflicting-words",
                    f"with {', '.join(map(repr, shared[:5]))} the pattern {loser.form.text!r} always loses to"
                    f" {winner.form.text!r} ({winner.place})",
                    loser.place,
                )

    def _outcome(self, pattern: Pattern) -> tuple[object, ...]:
        category = self.codebook.by_name[pattern.category]
        if pattern.nothing:
            return ("nothing",)
        return (
            pattern.category,
            pattern.cameo or category.cameo,
            pattern.code or category.code,
            pattern.status,
            pattern.target,
        )

    def _shown(self, pattern: Pattern) -> str:
        if pattern.nothing:
            return "nothing"
        return f"{pattern.category} {pattern.cameo or self.codebook.by_name[pattern.category].cameo}".strip()

    # --- examples --------------------------------------------------------------------------------------------

    def _examples(self) -> Iterator[Finding]:
        first: dict[tuple[str, str], Example] = {}
        for example in self._all_examples():
            key = (" ".join(example.text.split()).lower(), example.date)
            if key in first:
                earlier = first[key]
                if set(earlier.events) == set(example.events):
                    yield _finding(
                        "duplicate-example", f"the example stands twice; the first is in {earlier.place}", example.place
                    )
                else:
                    yield _finding(
                        "contradicting-examples",
                        f"the same text expects other events in {earlier.place}; lists are complete, so both"
                        " cannot pass",
                        example.place,
                    )
            first.setdefault(key, example)
            dates = [example.date, *(part for event in example.events for part in event.date.split("/"))]
            for text in filter(None, dates):
                if not _is_day(text):
                    yield _finding("example-date", f"{text!r} is no day such as 2022-01-27", example.place)
            for event in example.events:
                category = self.codebook.by_name[event.category]
                possible = self._codes(event.category)
                if event.cameo and event.cameo not in possible:
                    yield _finding(
                        "impossible-example",
                        f"the example expects {event.category} with code {event.cameo!r}, which nothing gives"
                        f"{nearest(event.cameo, possible)}",
                        example.place,
                    )
                if category.silent:
                    yield _finding(
                        "impossible-example",
                        f"the example expects an event of {event.category!r}, which is silent and makes no rows",
                        example.place,
                    )

    def _codes(self, name: str) -> set[str]:
        category = self.codebook.by_name[name]
        codes = {category.cameo, category.mirror}
        for pattern in category.patterns:
            codes |= {pattern.cameo, pattern.mirror}
        for rewrite in self.codebook.rewrites:
            if rewrite.becomes == name or (not rewrite.becomes and name in rewrite.categories):
                codes.add(rewrite.cameo)
        return codes - {"", "same", "none"}

    # --- rewrites ----------------------------------------------------------------------------------------------

    def _rewrites(self) -> Iterator[Finding]:
        everyone = frozenset({"source", "narrator", "other"})
        taken: dict[tuple[str, str, str], Place] = {}
        for rewrite in self.codebook.rewrites:
            cells = [
                (category, status, speaker)
                for category in sorted(rewrite.categories)
                for status in sorted(rewrite.statuses)
                for speaker in sorted(rewrite.speaker or everyone)
            ]
            if cells and all(cell in taken for cell in cells):
                yield _finding(
                    "rewrite-never-applies",
                    f"an earlier rewrite ({taken[cells[0]]}) fits all that this one is for, and the first wins",
                    rewrite.place,
                )
            for cell in cells:
                taken.setdefault(cell, rewrite.place)
            becomes = self.codebook.by_name.get(rewrite.becomes)
            if becomes is not None and becomes.silent:
                yield _finding(
                    "rewrite-into-silent",
                    f"the rewrite makes {rewrite.becomes!r} of it, which is silent: the event is lost",
                    rewrite.place,
                )


def _entries(value: Value) -> Iterator[tuple[Value, Value]]:
    """Keys of a mapping, with their places, and what stands under them."""
    body = value.mapping("a mapping")
    for key in value.keys():  # noqa: SIM118
        if (name := key.text("a key")) in body:
            yield key, body[name]


# --- comparing patterns ----------------------------------------------------------------------------


def _holds(phrase: Phrase, part: Phrase) -> bool:
    """Whether `part` stands in `phrase`, word after word."""
    return any(phrase[k : k + len(part)] == part for k in range(len(phrase) - len(part) + 1))


def _slot_covers(wide: Slot | None, narrow: Slot | None) -> bool:
    if wide is None or narrow is None:
        return wide is narrow
    if wide.name != narrow.name:
        return False
    if wide.name == "EVENT":
        # Categories widen a slot, manners narrow it.
        if not wide.limits & EVENT_MANNERS <= narrow.limits & EVENT_MANNERS:
            return False
        wide_limits, narrow_limits = wide.limits - EVENT_MANNERS, narrow.limits - EVENT_MANNERS
    else:
        wide_limits, narrow_limits = wide.limits, narrow.limits
    return not wide_limits or (bool(narrow_limits) and wide_limits >= narrow_limits)


def _item_covers(wide: Item, narrow: Item) -> bool:
    """Whether whatever fills `narrow` fills `wide`."""
    if narrow.preps and not wide.preps >= narrow.preps:
        return False
    # In front of an act the preposition is asked for even where it stands in brackets.
    is_event = isinstance(wide.filler, Slot) and wide.filler.name == "EVENT"
    if not narrow.preps and wide.preps and (not wide.bare or is_event):
        return False
    if narrow.bare and not wide.bare:
        return False
    if isinstance(wide.filler, Words):
        return (
            isinstance(narrow.filler, Words)
            and wide.filler.phrases >= narrow.filler.phrases
            and _slot_covers(wide.filler.possessor, narrow.filler.possessor)
        )
    if isinstance(wide.filler, Slot):
        return isinstance(narrow.filler, Slot) and _slot_covers(wide.filler, narrow.filler)
    return narrow.filler is None


def _subject_covers(wide: Pattern, narrow: Pattern) -> bool:
    left, right = wide.form.subject, narrow.form.subject
    if left is None:
        return right is None or isinstance(right, Words)
    if isinstance(left, Words):
        return isinstance(right, Words) and left.phrases >= right.phrases
    return isinstance(right, Slot) and _slot_covers(left, right)


def _same_demands(first: Pattern, second: Pattern) -> bool:
    left, right = first.form, second.form
    if (left.kind, left.copula, left.heads, left.forbidden) != (right.kind, right.copula, right.heads, right.forbidden):
        return False
    if _words_or_slot(left.subject) != _words_or_slot(right.subject):
        return False
    if (first.source or "subject") != (second.source or "subject") and not (first.nothing or second.nothing):
        return False
    return [_plain(item) for item in left.items] == [_plain(item) for item in right.items]


def _words_or_slot(value: Slot | Words | None) -> object:
    return (value.phrases, value.possessor) if isinstance(value, Words) else value


def _plain(item: Item) -> object:
    """An item without the way it was written."""
    return item.preps, _words_or_slot(item.filler), item.optional, item.bare


def _covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether `wide` matches wherever `narrow` does, for the head words that they share."""
    left, right = wide.form, narrow.form
    if not left.heads & right.heads or not left.forbidden <= right.forbidden or not _subject_covers(wide, narrow):
        return False
    if (wide.source or "subject") != (narrow.source or "subject") and not wide.nothing:
        return False
    if narrow.nothing and not wide.nothing:
        # A pattern that codes nothing asks for no source, so it may match where the other does not.
        return False
    free = [item for item in right.items if not item.optional]
    for item in left.items:
        if item.optional:
            continue
        found = next((each for each in free if _item_covers(item, each)), None)
        if found is None:
            return False
        free.remove(found)
    return True


def _outranks(winner: Pattern, loser: Pattern, order: Mapping[str, int]) -> bool:
    if winner.rank != loser.rank:
        return winner.rank > loser.rank
    # Equal rank: what is bound besides counts, so the winner must bind all that the loser can.
    counted = [item for item in loser.form.items if item.optional or isinstance(item.filler, Slot)]
    free = [item for item in winner.form.items if item.optional or isinstance(item.filler, Slot)]
    for item in counted:
        found = next((each for each in free if _item_covers(each, item)), None)
        if found is None:
            return False
        free.remove(found)
    if isinstance(loser.form.subject, Slot) and not isinstance(winner.form.subject, Slot):
        return False
    return order[winner.id] < order[loser.id]


# --- words of examples -----------------------------------------------------------------------------


def _words_of(text: str) -> frozenset[str]:
    return _words_cached(text)


@lru_cache(maxsize=4096)
def _words_cached(text: str) -> frozenset[str]:
    found = re.findall(r"[\w.'’-]+", text.lower())
    return frozenset(part for word in found for part in (word.strip(".'’-"), *re.split(r"['’-]", word)) if part)


def _touches(pattern: Pattern, words: frozenset[str]) -> bool:
    """Whether a text holds the words that a pattern asks for, in any form and order."""
    groups = [pattern.form.heads]
    groups += [i.filler.phrases for i in pattern.form.items if isinstance(i.filler, Words) and not i.optional]
    if isinstance(pattern.form.subject, Words):
        groups.append(pattern.form.subject.phrases)
    return all(any(all(forms_of(word) & words for word in phrase) for phrase in group) for group in groups)


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


# --- codes of the shipped actors -------------------------------------------------------------------


def _shipped_codes(path: Path, keys: str) -> set[str]:
    """Codes in a shipped dictionary, found by their keys: composing all of them as YAML takes seconds."""
    text = read_text(path, "actor dictionary") if path.is_file() else ""
    return set(re.findall(rf"\b(?:{keys}):\s*[\"']?([A-Z][A-Z0-9]{{2,}})\b", text))


@lru_cache(maxsize=1)
def _role_codes() -> frozenset[str]:
    """Codes of the shipped roles, and those that only organisations have."""
    return frozenset(_shipped_codes(shipped_folder() / "roles.yaml", "code") | {"IGO", "NGO", "IMG", "MNC"})


@lru_cache(maxsize=1)
def _actor_codes() -> frozenset[str]:
    """Codes of the shipped countries, organisations, bodies and groups."""
    codes: set[str] = set()
    for path in sorted((shipped_folder() / "actors").glob("*.yaml")):
        codes |= _shipped_codes(path, "code|country")
    return frozenset(codes)


# --- actor dictionaries ----------------------------------------------------------------------------


@dataclass(slots=True)
class _Named:
    """A name of an actor dictionary and the days on which it may be read."""

    name: str
    label: str
    code: str
    place: Place
    first: datetime.date | None
    last: datetime.date | None
    hedged: bool
    how: str


@dataclass(slots=True)
class _Period:
    value: Value
    first: datetime.date | None
    last: datetime.date | None
    code: tuple[str, ...]
    title: str


class _ActorLinter:
    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.names: dict[str, list[_Named]] = defaultdict(list)
        self.nouns: dict[str, tuple[str, Place]] = {}

    def say(self, kind: str, message: str, place: Place) -> None:
        self.found.append(_finding(kind, message, place))

    def file(self, path: Path) -> None:
        file = YamlFile(str(path))
        root = file.root(read_text(path, "actor dictionary"))
        if root is not None:
            for key, value in root.mapping("an actor dictionary").items():
                if key in {"countries", "organisations", "groups", "bodies", "leaders"}:
                    for each in value.items(key):
                        self.entry(key, each)
                elif key == "roles":
                    for each in value.items(key):
                        self.role(each)
        self.found += [Finding("error", "invalid", p.message, p.path, p.line, p.column) for p in file.problems]

    def entry(self, kind: str, value: Value) -> None:
        body = value.mapping(f"an entry of {kind}")
        name = body["name"].text("name") if "name" in body else ""
        country = body["country"].text("country") if "country" in body else ""
        code = next((body[key].text(key) for key in ("code", "organisation") if key in body), "")
        if "source" not in body:
            self.say(
                "no-source", f"{name or 'the entry'} does not say where its facts come from (`source`)", value.place
            )
        if country and country not in _actor_codes():
            self.say(
                "unknown-country",
                f"no country {country!r} in the dictionaries{nearest(country, _actor_codes())}",
                body["country"].place,
            )
        for role in body["roles"].items("roles") if "roles" in body else []:
            self._known_role(role)
        first, last = self._day(body, "from"), self._day(body, "to")
        self._order(value, first, last, name)
        periods = []
        for key in ("offices", "periods"):
            for office in body[key].items(key) if key in body else []:
                periods.append(self._period(office, name, country, code))
        self._overlaps(periods, name)
        hedged = set(body["ambiguous"].texts("ambiguous")) if "ambiguous" in body else set()
        if "contexts" in body:
            hedged |= set(body["contexts"].mapping("contexts"))
        # A person may be spoken of before and after office, so only entries' own periods bound a name.
        seen: dict[str, str] = {}
        for key in ("name", "names", "adjectives", "nationality", "people", "capital", "seats", "places"):
            for each in body[key].items(key) if key in body else []:
                text = each.text(key)
                if not text:
                    continue
                how = "name" if key == "names" else key
                if text in seen:
                    # "Saudi" may be both the nationality and the people; the same use twice is a slip.
                    if seen[text] == how:
                        self.say("repeated-name", f"{text!r} stands twice in the entry {name!r}", each.place)
                    continue
                seen[text] = how
                own = country or code
                self.names[text].append(_Named(text, name, own, each.place, first, last, text in hedged, key))

    def _period(self, value: Value, name: str, country: str, code: str) -> _Period:
        body = value.mapping("a period")
        first, last = self._day(body, "from"), self._day(body, "to")
        self._order(value, first, last, name)
        if first and first.year < EARLIEST_PERIOD:
            self.say(
                "absurd-period", f"a period of {name} begins in {first.year}, before {EARLIEST_PERIOD}", value.place
            )
        if first and last and (last - first).days > LONGEST_PERIOD_YEARS * 365.25:
            self.say(
                "absurd-period",
                f"a period of {name} lasts more than {LONGEST_PERIOD_YEARS} years ({first} to {last})",
                value.place,
            )
        for role in body["roles"].items("roles") if "roles" in body else []:
            self._known_role(role)
        roles = body["roles"].texts("roles") if "roles" in body else ()
        own = next((body[key].text(key) for key in ("country", "organisation", "code") if key in body), country or code)
        return _Period(value, first, last, (own, *roles), body["title"].text("title") if "title" in body else "")

    def _order(self, value: Value, first: datetime.date | None, last: datetime.date | None, name: str) -> None:
        if first and last and last < first:
            self.say("impossible-period", f"a period of {name} ends ({last}) before it begins ({first})", value.place)

    def _overlaps(self, periods: Sequence[_Period], name: str) -> None:
        for position, later in enumerate(periods):
            for earlier in periods[:position]:
                if earlier.code == later.code or not _overlap(earlier.first, earlier.last, later.first, later.last):
                    continue
                self.say(
                    "overlapping-periods",
                    f"two periods of {name} overlap with different codes ({' '.join(earlier.code)} and"
                    f" {' '.join(later.code)}); the one that stands first (line {earlier.value.place.line}) wins",
                    later.value.place,
                )
                break

    def _day(self, body: Mapping[str, Value], key: str) -> datetime.date | None:
        if key not in body or body[key].is_null:
            return None
        text = body[key].text(key)
        if not _is_day(text):
            self.say("invalid", f"{key} should be a day such as 2022-01-27, not {text!r}", body[key].place)
            return None
        return datetime.date.fromisoformat(text)

    def _known_role(self, value: Value) -> None:
        role = value.text("a role")
        if role and role not in _role_codes():
            self.say("unknown-role", f"no role {role!r}{nearest(role, _role_codes())}", value.place)

    def role(self, value: Value) -> None:
        body = value.mapping("a role")
        code = body["code"].text("code") if "code" in body else ""
        for each in body["nouns"].items("nouns") if "nouns" in body else []:
            noun = " ".join(each.text("nouns").lower().split())
            if noun in self.nouns:
                other, place = self.nouns[noun]
                if other == code:
                    self.say(
                        "repeated-name",
                        f"{noun!r} stands twice under {code}; the first is in line {place.line}",
                        each.place,
                    )
                else:
                    self.say(
                        "role-in-two",
                        f"{noun!r} stands under {other} ({place}) and under {code}; the last one wins",
                        each.place,
                    )
                continue
            self.nouns[noun] = (code, each.place)

    def finish(self) -> None:
        for name, entries in self.names.items():
            for position, later in enumerate(entries):
                earlier = next(
                    (
                        each
                        for each in entries[:position]
                        if each.code != later.code
                        and not (each.hedged or later.hedged)
                        and _overlap(each.first, each.last, later.first, later.last)
                    ),
                    None,
                )
                if earlier is not None:
                    self.say(
                        "same-name",
                        f"{name!r} names {later.label} ({later.code}) and {earlier.label}"
                        f" ({earlier.code}, {earlier.place});"
                        " list it under `ambiguous` or give periods or contexts",
                        later.place,
                    )
            if name == name.lower() and name in self.nouns:
                code, place = self.nouns[name]
                self.say("role-name-clash", f"{name!r} is also a role noun of {code} ({place})", entries[0].place)


def _overlap(
    first: datetime.date | None, last: datetime.date | None, begin: datetime.date | None, end: datetime.date | None
) -> bool:
    """Whether two periods share more than the day on which one passes into the other."""
    return (last is None or begin is None or begin < last) and (end is None or first is None or first < end)


def lint_actors(paths: Iterable[str | Path] = ()) -> list[Finding]:
    """Check actor dictionaries, together.

    Parameters
    ----------
    paths
        The files; the shipped ones where none is named.

    Returns
    -------
    list of Finding
        In the order of the files.

    Raises
    ------
    CodebookError
        If a file is missing or no text.
    """
    files = [Path(path) for path in paths]
    if not files:
        folder = shipped_folder()
        files = [*sorted((folder / "actors").glob("*.yaml")), folder / "roles.yaml"]
    linter = _ActorLinter()
    for path in files:
        linter.file(path)
    linter.finish()
    return _sorted(linter.found)
