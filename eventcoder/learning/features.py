"""What a sentence says about two parties, as named numbers: one builder for training, coding and ``relate``.

The two parties themselves are masked, and so are all other names: what is learnt is what is done, not who does it.
A feature's name starts with its group (:data:`GROUPS`); the vectoriser weighs group by group.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from eventcoder.language.clauses import find_clauses
from eventcoder.language.lexicon import (
    ALLEGE,
    ALLEGE_NOUNS,
    ASPECT,
    DENY,
    END,
    INTEND,
    INTEND_ADJECTIVES,
    PLAN_NOUNS,
    POSSIBLE,
    POSSIBLE_ADJECTIVES,
    POSSIBLE_NOUNS,
    REFUSE,
    REFUSE_ADJECTIVES,
    SAY,
    SAY_NOUNS,
    SPEECH,
    VERB_OF_NOUN,
)
from eventcoder.records import Clause, Parse, Token

FEATURE_VERSION = 1  # raised when features change so that models must be trained again
# Group, what it holds, and its weight after each group has been brought to length one.
GROUPS: dict[str, float] = {
    "w": 0.9,  # lemmas of the sentence, one and two at a time
    "c": 0.8,  # characters of its content words, three to five at a time
    "p": 0.7,  # words and relations on the shortest path between the parties
    "t": 1.0,  # that path with what hangs directly from it
    "k": 1.2,  # clauses: predicates with the roles of the parties
    "s": 0.5,  # sense: negation, modality, tense, voice, order, kind of party
}
_MARKERS = re.compile(r"</?\s*([st])\s*>", re.IGNORECASE)
_CLASSES = (
    ("say", SAY | SAY_NOUNS),
    ("speech", SPEECH),
    ("allege", ALLEGE | ALLEGE_NOUNS),
    ("possible", POSSIBLE | POSSIBLE_NOUNS | POSSIBLE_ADJECTIVES),
    ("intend", INTEND | PLAN_NOUNS | INTEND_ADJECTIVES),
    ("refuse", REFUSE | REFUSE_ADJECTIVES),
    ("deny", DENY),
    ("aspect", ASPECT),
    ("end", END),
)
_CONTENT = frozenset({"VERB", "NOUN", "ADJ", "ADV"})
_FAR = 14


# --- marked sentences --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence without its markers, and where source and target stand in it.

    ``source`` and ``target`` hold 0-based, end-exclusive character offsets, one pair for each time that the party is
    marked; empty where it is not marked. ``broken`` says that a marker is not closed, not opened or marks nothing.
    """

    text: str
    source: tuple[tuple[int, int], ...]
    target: tuple[tuple[int, int], ...]
    broken: bool = False


def unmark(text: str) -> Marked:
    """Take ``<s>..</s>`` and ``<t>..</t>`` out of a sentence and remember where they stood.

    Examples
    --------
    >>> unmark("<s>Chad</s> sued <t>Mali</t>.")
    Marked(text='Chad sued Mali.', source=((0, 4),), target=((10, 14),), broken=False)
    """
    plain = ""
    last = 0
    found: dict[str, list[tuple[bool, int]]] = {"s": [], "t": []}
    for hit in _MARKERS.finditer(text):
        plain += text[last : hit.start()]
        found[hit.group(1).lower()].append((hit.group().startswith("</"), len(plain)))
        last = hit.end()
    plain += text[last:]
    spans: dict[str, tuple[tuple[int, int], ...]] = {"s": (), "t": ()}
    broken = False
    for name, marks in found.items():
        opened, closed = marks[::2], marks[1::2]
        own = [_stripped(plain, start, end) for (_, start), (_, end) in zip(opened, closed, strict=False)]
        if len(opened) != len(closed) or any(c for c, _ in opened) or not all(c for c, _ in closed) or not all(own):
            broken = True
        else:
            spans[name] = tuple(span for span in own if span)
    return Marked(plain, spans["s"], spans["t"], broken)


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def find_surface(text: str, surface: str) -> tuple[tuple[int, int], ...]:
    """Return where a party's words stand in a text: the first place with whole words, however spaced or cased.

    Empty where the words do not occur, or there are none.
    """
    words = surface.split()
    if not words:
        return ()
    wanted = r"\s+".join(re.escape(word) for word in words)
    whole = rf"(?<!\w){wanted}(?!\w)"
    for pattern, flags in ((whole, re.NOFLAG), (whole, re.IGNORECASE), (wanted, re.IGNORECASE)):
        hit = re.search(pattern, text, flags)
        if hit:
            return ((hit.start(), hit.end()),)
    return ()


def tokens_within(parse: Parse, spans: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Return the positions of the tokens that overlap stretches of characters, in order."""
    kept = tuple(spans)
    return tuple(t.i for t in parse.tokens if any(t.start < end and t.end > start for start, end in kept))


def span_heads(parse: Parse, span: Collection[int]) -> tuple[int, ...]:
    """Return the tokens that the others of a span hang from: nouns and names, where there are any."""
    heads = [i for i in sorted(span) if parse.tokens[i].head == i or parse.tokens[i].head not in span]
    named = [i for i in heads if parse.tokens[i].pos in {"NOUN", "PROPN", "PRON", "ADJ", "NUM"}]
    return tuple(named or heads)


# --- features -------------------------------------------------------------------------------------------


def relation_features(
    parse: Parse, source: Collection[int], target: Collection[int], clauses: Sequence[Clause] | None = None
) -> dict[str, float]:
    """Return the features of one pair of parties in a sentence.

    Parameters
    ----------
    parse
        The sentence.
    source, target
        Positions of the tokens that name each party; a token in both counts as source. The target may be empty,
        for acts that are done to nobody in particular, and so may the source.
    clauses
        The sentence's clauses by :func:`~eventcoder.language.clauses.find_clauses` without further nouns, where
        they are at hand: several pairs of one sentence then share them.

    Returns
    -------
    dict of str to float
        Counts by feature name; the same for the same input, in a fixed order.
    """
    found: dict[str, float] = {}
    for name in _Relation(parse, source, target, clauses).names():
        found[name] = found.get(name, 0.0) + 1.0
    return found


class _Relation:
    def __init__(
        self, parse: Parse, source: Collection[int], target: Collection[int], clauses: Sequence[Clause] | None
    ) -> None:
        self.parse = parse
        self.tokens = parse.tokens
        self.source = frozenset(source)
        self.target = frozenset(target) - self.source
        self.clauses = find_clauses(parse) if clauses is None else clauses
        self.by_head = {clause.head: clause for clause in self.clauses}
        self.s, self.t = -1, -1
        self.path = self._shortest()

    def names(self) -> Iterator[str]:
        yield from self._words()
        yield from self._characters()
        if self.tokens:
            yield from self._path_features(self.path)
            yield from self._around(self.path)
        yield from self._clause_features()
        yield from self._sense()

    def shown(self, i: int) -> str:
        """A token as features see it: masked where it belongs to a party or is another name."""
        token = self.tokens[i]
        if i in self.source:
            return "S"
        if i in self.target:
            return "T"
        return _plain(token)

    # --- words ---------------------------------------------------------------------------------------

    def _sequence(self) -> list[str]:
        """The sentence's lemmas, each party and each run of names as one sign."""
        found: list[str] = []
        for token in self.tokens:
            if token.pos in {"PUNCT", "SPACE"} and token.i not in self.source and token.i not in self.target:
                continue
            word = self.shown(token.i)
            if word in {"S", "T", "N"} and found and found[-1] == word:
                continue
            found.append(word)
        return found

    def _words(self) -> Iterator[str]:
        words = self._sequence()
        for word in words:
            if word not in {"S", "T", "N"}:
                yield f"w:{word}"
        for first, second in pairwise(words):
            yield f"w:{first} {second}"

    def _characters(self) -> Iterator[str]:
        for token in self.tokens:
            if token.pos in _CONTENT and token.i not in self.source and token.i not in self.target:
                word = f"<{token.text.lower()}>"
                for size in (3, 4, 5):
                    for start in range(len(word) - size + 1):
                        yield f"c:{word[start : start + size]}"

    # --- path ----------------------------------------------------------------------------------------

    def _climb(self, i: int) -> list[int]:
        found = [i]
        while self.tokens[found[-1]].head not in found:
            found.append(self.tokens[found[-1]].head)
        return found

    def _shortest(self) -> tuple[list[int], int, list[int]]:
        """The shortest way between the parties; from a party alone the way up to the root."""
        sources, targets = span_heads(self.parse, self.source), span_heads(self.parse, self.target)
        root = next((t.i for t in self.tokens if t.head == t.i), -1)
        ways = [(self._path(s, t), s, t) for s in sources or (root,) for t in targets or (root,) if root >= 0]
        if not ways:
            return [], -1, []
        path, s, t = min(ways, key=lambda way: len(way[0][0]) + len(way[0][2]))
        self.s, self.t = (s if sources else -1), (t if targets else -1)
        return path

    def _path(self, source: int, target: int) -> tuple[list[int], int, list[int]]:
        """From the source up to the common governor, that governor, and down to the target."""
        up, down = self._climb(source), self._climb(target)
        top = next((i for i in up if i in set(down)), up[-1])
        left = up[: up.index(top)]
        right = down[: down.index(top)] if top in down else down
        return left, top, right[::-1]

    def _path_features(self, path: tuple[list[int], int, list[int]]) -> Iterator[str]:
        left, top, right = path
        relations = [f"{_relation(self.tokens[i])}>" for i in left] + [f"<{_relation(self.tokens[i])}" for i in right]
        words = [self.shown(i) for i in (*left, top, *right)]
        telling = [i for i in (*left, top, *right) if self.tokens[i].pos in {*_CONTENT, "AUX"}]
        content = [self.shown(i) for i in telling if self.shown(i) not in {"S", "T", "N"}]
        for word in content:
            yield f"p:{word}"
        for first, second in pairwise(content):
            yield f"p:{first} {second}"
        yield f"p:top={words[len(left)]}"
        if len(relations) <= _FAR:
            yield f"p:{' '.join(relations)}"
            yield f"p:{' '.join(_interleaved(words, relations))}"
        steps = list(zip(words, relations, words[1:], strict=False))
        for before, relation, after in steps:
            yield f"p:{before} {relation} {after}"

    def _around(self, path: tuple[list[int], int, list[int]]) -> Iterator[str]:
        left, top, right = path
        near = {*left, top, *right}
        for i in (*left, top, *right):
            if self.tokens[i].pos in {"VERB", "NOUN", "ADJ", "AUX"}:
                near.update(c for c in self.parse.children[i] if self.tokens[c].pos not in {"PUNCT", "DET"})
        for i in sorted(near):
            word = self.shown(i)
            if word not in {"S", "T", "N"}:
                yield f"t:{word}"
        for i in sorted(near):
            if i != top and self.tokens[i].head in near:
                yield f"t:{self.shown(self.tokens[i].head)} {_relation(self.tokens[i])} {self.shown(i)}"

    # --- clauses ---------------------------------------------------------------------------------------

    def _role(self, span: frozenset[int], clause: Clause) -> str:
        """How a party takes part in a clause; with ``<`` where it stands inside the participant; else empty."""
        inside = ""
        for argument in clause.arguments:
            name = argument.prep if argument.role == "prep" else argument.role
            if argument.head in span:
                return name
            if not inside and argument.head != clause.head and span & set(self.parse.subtree(argument.head)):
                inside = f"{name}<"
        return inside

    def _clause_features(self) -> Iterator[str]:
        for clause in self.clauses:
            source, target = self._role(self.source, clause), self._role(self.target, clause)
            if not source and not target:
                continue
            # A predicate with both parties tells most; the words inside a party tell nothing here.
            if clause.head in self.source or clause.head in self.target:
                continue
            lemma = clause.lemma
            both = "2" if source and target else "1"
            yield f"k:{both}:{lemma}"
            yield f"k:{both}:{clause.kind}"
            if source:
                yield f"k:{lemma} S={source}"
                yield f"k:S={source}"
            if target:
                yield f"k:{lemma} T={target}"
                yield f"k:T={target}"
            if source and target:
                yield f"k:{lemma} S={source} T={target}"
                yield f"k:S={source} T={target}"
            for particle in clause.particles:
                yield f"k:{lemma} {particle}"
            for name, members in _CLASSES:
                if lemma in members or clause.noun in members:
                    yield f"k:{both}:class={name}"
            sense = _sense_of(clause)
            if sense:
                yield f"k:{both}:{sense}"
                yield f"k:{sense} {lemma}"
            for argument in clause.arguments:
                if argument.role in {"object", "prep", "second"} and argument.head not in self.source | self.target:
                    name = argument.prep or argument.role
                    yield f"k:{both}:{lemma} {name}={_act(self.tokens[argument.head])}"
                    yield f"k:{both}:{name}={_act(self.tokens[argument.head])}"
            at, inner = clause, lemma
            for depth in range(3):
                outer, link = self.by_head.get(at.outer), at.link
                if outer is None:
                    break
                yield f"k:{outer.lemma} [{link}] {inner}"
                yield f"k:^{depth}:{outer.lemma} [{link}]"
                for name, members in _CLASSES:
                    if outer.lemma in members or outer.noun in members:
                        yield f"k:class={name} [{link}] {inner}"
                at, inner = outer, outer.lemma

    # --- sense -----------------------------------------------------------------------------------------

    def _sense(self) -> Iterator[str]:
        if self.s >= 0 and self.t >= 0:
            yield "s:S before T" if self.s < self.t else "s:T before S"
            distance = abs(self.s - self.t)
            yield f"s:distance {next((str(limit) for limit in (3, 6, 12, 24) if distance <= limit), 'far')}"
        for name, head in (("S", self.s), ("T", self.t)):
            if head < 0:
                yield f"s:no {name}"
                continue
            token = self.tokens[head]
            yield f"s:{name} {token.pos} {token.dep}"
            if token.pos == "NOUN":
                yield f"s:{name}={token.lemma.lower()}"
            governor = self.tokens[token.head]
            if governor.i != head:
                yield f"s:{name} {token.dep} {self.shown(governor.i)}"
        for clause in self.clauses:
            if self._role(self.source, clause) in {"subject"}:
                yield f"s:tense={clause.tense or '-'}"
                yield f"s:modal={clause.modal or '-'}"
                if clause.negated:
                    yield "s:negated"
                if clause.passive:
                    yield "s:passive"
                if clause.quoted:
                    yield "s:quoted"


def _plain(token: Token) -> str:
    if token.pos == "PROPN":
        return "N"
    if token.pos == "NUM" or token.text[:1].isdigit():
        return "0"
    return token.lemma.lower()


def _act(token: Token) -> str:
    """A noun by the verb it comes from (``expulsion`` is ``expel``), other words as they are."""
    word = _plain(token)
    return VERB_OF_NOUN.get(word, word)


def _relation(token: Token) -> str:
    return f"{token.dep}:{token.lemma.lower()}" if token.pos == "ADP" else token.dep


def _sense_of(clause: Clause) -> str:
    parts = [clause.modal or ("future" if clause.tense == "future" else "")]
    if clause.negated:
        parts.append("not")
    if clause.question:
        parts.append("?")
    return " ".join(part for part in parts if part)


def _interleaved(words: Sequence[str], relations: Sequence[str]) -> list[str]:
    found = [words[0]]
    for relation, word in zip(relations, words[1:], strict=False):
        found += [relation, word]
    return found
