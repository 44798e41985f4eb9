"""Patterns against clauses: what is bound, what failed, and which match wins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from eventcoder.actors.resolve import Resolver
from eventcoder.codebook.model import Codebook, Pattern
from eventcoder.codebook.ontology import Ontology
from eventcoder.codebook.pattern import Item, Phrase, Slot, Words
from eventcoder.coding.index import PatternIndex
from eventcoder.language.clauses import conjuncts, content_head
from eventcoder.language.lexicon import ASPECT, INTEND, INTEND_ADJECTIVES, PLAN_NOUNS, SAY
from eventcoder.records import Argument, Clause, Parse, Party

# Nouns that merely hold what stands before them: a sanctions package, a troop presence.
_CONTAINERS = frozenset(
    """package measure list regime campaign effort programme program plan bill law step round wave series threat move
    presence unit contingent build-up buildup level number process session meeting proposal offer""".split()
)
# Limits of an ``EVENT`` slot that are no categories: what the inner clause must be like.
KEYWORD_LIMITS = frozenset({"ahead", "must", "other"})

# The word ``something`` in a pattern stands for any noun phrase.
_ANYTHING: Phrase = ("something",)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in a clause.

    Attributes
    ----------
    bindings
        Parties by slot name; ``SOURCE`` also where it was the implicit subject.
    words
        Token positions of the matched words, head first.
    inner
        The match inside the ``EVENT`` slot, where it has one of a category.
    inner_head
        Token position of the predicate inside the ``EVENT`` slot, -1 for none.
    cameo
        The CAMEO code that it gives.
    agentless
        An act noun that names nobody who does it: no event of its own, but an inner act for others.
    """

    pattern: Pattern
    clause: Clause
    bindings: Mapping[str, tuple[Party, ...]]
    words: tuple[int, ...]
    cameo: str
    bonus: int = 0
    inner: Match | None = None
    inner_head: int = -1
    used: frozenset[int] = frozenset()
    agentless: bool = False

    @property
    def score(self) -> tuple[int, int, int]:
        return (*self.pattern.rank, self.bonus)


@dataclass(frozen=True, slots=True)
class Miss:
    """A pattern that had its head in a clause but failed: the condition, in words."""

    pattern: Pattern
    clause: Clause
    condition: str
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided at one predicate: the winner and, with reasons, the losers."""

    winner: Match
    losers: tuple[tuple[Match, str], ...] = ()


@dataclass(slots=True)
class Matching:
    """All that matching one sentence found."""

    choices: dict[int, Choice] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    consumed: dict[int, Match] = field(default_factory=dict)


@lru_cache(maxsize=65536)
def _ordered(phrases: frozenset[Phrase]) -> tuple[Phrase, ...]:
    """Phrases longest first and then by letters: a set's own order differs from run to run."""
    return tuple(sorted(phrases, key=lambda each: (-len(each), each)))


class _Failed(Exception):  # noqa: N818 - control flow inside this module only
    def __init__(self, condition: str, passed: int = 0) -> None:
        super().__init__(condition)
        self.condition = condition
        self.passed = passed


class Matcher:
    """Matches the clauses of one sentence, innermost first, so that outer patterns see inner events."""

    def __init__(
        self,
        index: PatternIndex,
        ontology: Ontology,
        parse: Parse,
        clauses: Sequence[Clause],
        resolver: Resolver,
        speakers: Mapping[int, tuple[Party, ...]],
    ) -> None:
        self.index = index
        self.codebook: Codebook = index.codebook
        self.ontology = ontology
        self.parse = parse
        self.tokens = parse.tokens
        self.clauses = clauses
        self.by_head = {clause.head: clause for clause in clauses}
        self.resolver = resolver
        self.speakers = speakers
        self.found = Matching()
        self.inner: dict[int, list[Clause]] = {}
        for clause in clauses:
            if clause.outer >= 0:
                self.inner.setdefault(clause.outer, []).append(clause)

    def run(self, tracing: bool = False) -> Matching:
        """Match every clause and choose; with `tracing` misses are collected too."""
        groups: dict[int, list[Match]] = {}
        for clause in sorted(self.clauses, key=self._depth, reverse=True):
            key = clause.light if clause.light >= 0 else clause.head
            matches = groups.setdefault(key, [])
            word = self.tokens[clause.head].text.lower()
            for pattern in (*self.index.candidates(clause, word), *self._complements(clause)):
                try:
                    matches.append(self._match(pattern, clause))
                except _Failed as failed:
                    if tracing:
                        self.found.misses.append(Miss(pattern, clause, failed.condition, failed.passed))
            if matches:
                self.found.choices[key] = self._choose(matches)
        for choice in self.found.choices.values():
            winner = choice.winner
            if winner.inner is not None and not winner.pattern.emit:
                inner = winner.inner.clause
                self.found.consumed[inner.light if inner.light >= 0 else inner.head] = winner
        return self.found

    def _complements(self, clause: Clause) -> tuple[Pattern, ...]:
        """Patterns such as ``be {false}`` where a noun stands behind ``be``."""
        if clause.lemma != "be" or clause.kind != "verb":
            return ()
        nouns = [self.tokens[a.head] for a in clause.arguments if a.role == "object"]
        return self.index.complements({word for t in nouns for word in (t.lemma.lower(), t.text.lower())})

    def _depth(self, clause: Clause) -> tuple[int, int]:
        depth, at, seen = 0, clause, {clause.head}
        while at.outer >= 0 and at.outer not in seen and at.outer in self.by_head:
            seen.add(at.outer)
            at = self.by_head[at.outer]
            depth += 1
        # A noun carried by a light verb is read before that verb.
        return depth + (1 if clause.light >= 0 else 0), clause.head

    def _choose(self, matches: list[Match]) -> Choice:
        order = self.index.order
        ranked = sorted(matches, key=lambda m: (m.score, -order[m.pattern.id]), reverse=True)
        winner = ranked[0]
        losers = []
        for match in ranked[1:]:
            if match.pattern.priority != winner.pattern.priority:
                why = f"priority {match.pattern.priority} is below {winner.pattern.priority}"
            elif match.pattern.form.specificity != winner.pattern.form.specificity:
                why = f"less specific ({match.pattern.form.specificity} against {winner.pattern.form.specificity})"
            elif match.bonus != winner.bonus:
                why = f"binds less ({match.bonus} against {winner.bonus})"
            else:
                why = "equal, but later in the codebook"
            losers.append((match, why))
        return Choice(winner, tuple(losers))

    # --- one pattern ---------------------------------------------------------------------------------

    def _match(self, pattern: Pattern, clause: Clause) -> Match:
        form = pattern.form
        words = [clause.head]
        if clause.light >= 0:
            words.append(clause.light)
        words += self._head(pattern, clause)
        bindings: dict[str, tuple[Party, ...]] = {}
        used: set[int] = set()
        bonus = passed = 0
        inner: Match | None = None
        inner_head = -1
        if form.forbidden:
            self._forbid(form.forbidden, clause)
        if isinstance(form.subject, Words):
            words += self._subject_words(form.subject, clause, bindings, passed)
            passed += 1
        elif form.subject is not None:
            bonus += self._subject_slot(form.subject, clause, bindings, used, passed)
            passed += 1
        bare = [item for item in form.items if not item.preps and item.filler is not None]
        # Words first: they say which phrase is which, so that slots take what is left.
        order = sorted(form.items, key=lambda item: (not isinstance(item.filler, Words), item.optional))
        for item in order:
            try:
                if isinstance(item.filler, Slot) and item.filler.name == "EVENT":
                    found_inner, found_head = self._event(item, clause, used)
                    inner, inner_head = found_inner, found_head
                    bonus += 1
                    words += [found_head] if found_inner is None else []
                    used.add(found_head)
                else:
                    is_first_of_two = len(bare) >= 2 and item is bare[0]
                    gained, more = self._item(item, clause, bindings, used, is_first_of_two)
                    bonus += gained
                    words += more
                passed += 1
            except _Failed as failed:
                if not item.optional:
                    failed.passed = passed
                    raise
        agentless = self._source(pattern, clause, bindings, used, inner, passed)
        cameo = pattern.cameo or self.codebook.by_name[pattern.category].cameo
        return Match(
            pattern,
            clause,
            bindings,
            tuple(dict.fromkeys(words)),
            cameo,
            bonus,
            inner,
            inner_head,
            frozenset(used),
            agentless,
        )

    def _head(self, pattern: Pattern, clause: Clause) -> list[int]:
        word = self.tokens[clause.head].text.lower()
        for phrase in _ordered(pattern.form.heads):
            if pattern.form.copula:
                heads = (
                    [clause.head]
                    if clause.kind == "adjective"
                    else [a.head for a in clause.arguments if a.role == "object"]
                )
                for head in heads:
                    hit = self._phrase(frozenset({phrase}), head) if clause.kind != "adjective" else [head]
                    if hit and (clause.kind != "adjective" or self._is_word(head, phrase[-1])):
                        return hit
            elif pattern.form.kind == "verb":
                if phrase[0] != clause.lemma:
                    continue
                if len(phrase) == 1:
                    return []
                behind = set(clause.particles) | {a.prep for a in clause.arguments if a.prep}
                if all(each in behind for each in phrase[1:]):
                    return self._positions(clause, phrase[1:])
            elif (
                clause.kind == "noun"
                and phrase[-1] in {clause.noun, word}
                and len(phrase) >= self._compound(clause.head)
            ):
                before = phrase[:-1]
                start = clause.head - len(before)
                if start >= 0 and all(self._is_word(start + k, each) for k, each in enumerate(before)):
                    return list(range(start, clause.head))
        raise _Failed("the words beside the head differ")

    def _positions(self, clause: Clause, words: Iterable[str]) -> list[int]:
        wanted = set(words)
        return [c for c in self.parse.subtree(clause.head) if self.tokens[c].text.lower() in wanted][:2]

    def _is_word(self, i: int, word: str) -> bool:
        token = self.tokens[i]
        return word in (token.lemma.lower(), token.text.lower())

    def _forbid(self, phrases: frozenset[Phrase], clause: Clause) -> None:
        top = clause.light if clause.light >= 0 else clause.head
        span = set(self.parse.subtree(top))
        for i in sorted(span):
            for phrase in phrases:
                if all(i + k in span and self._is_word(i + k, each) for k, each in enumerate(phrase)):
                    raise _Failed(f"the forbidden word {' '.join(phrase)!r} occurs")

    # --- subjects --------------------------------------------------------------------------------------

    def _subject_argument(self, clause: Clause) -> Argument | None:
        return next((a for a in clause.arguments if a.role == "subject"), None)

    def _subject_words(
        self, words: Words, clause: Clause, bindings: dict[str, tuple[Party, ...]], passed: int
    ) -> list[int]:
        argument = self._subject_argument(clause)
        if argument is None:
            raise _Failed(f"no subject, but {words} is asked for", passed)
        hit = self._phrase(words.phrases, argument.head)
        if not hit:
            raise _Failed(f"the subject {self.tokens[argument.head].text!r} is not in {words}", passed)
        return hit

    def _subject_slot(
        self, slot: Slot, clause: Clause, bindings: dict[str, tuple[Party, ...]], used: set[int], passed: int
    ) -> int:
        argument = self._subject_argument(clause)
        if argument is None and clause.kind == "noun":
            argument = next((a for a in clause.arguments if a.role == "possessor"), None)
        if argument is None:
            raise _Failed(f"no subject for {slot}", passed)
        parties = self._fill(slot, argument.head)
        if slot.name == "BOTH" and len(parties) < 2:
            raise _Failed(f"{slot} needs two parties; {self.tokens[argument.head].text!r} names {len(parties)}", passed)
        bindings[slot.name] = parties
        used.add(argument.head)
        return 1

    def _source(
        self,
        pattern: Pattern,
        clause: Clause,
        bindings: dict[str, tuple[Party, ...]],
        used: set[int],
        inner: Match | None,
        passed: int,
    ) -> bool:
        """Bind the source where no slot does: the subject, the speaker or nobody.

        Returns True for an act noun that names nobody who does it.
        """
        if pattern.nothing or "SOURCE" in bindings or pattern.source == "none":
            return False
        if isinstance(pattern.form.subject, Slot) and pattern.form.subject.name == "BOTH":
            return False
        if pattern.source == "speaker":
            said = self.speakers.get(clause.head, ())
            if not said:
                raise _Failed("nobody is named who says it", passed)
            subject = self._subject_argument(clause)
            if subject is not None and subject.head not in used and clause.kind != "noun":
                named = [p for p in self.resolver.parties(subject.head) if p.code and p.kind != "indirect"]
                if named and all((p.country or p.code) != (s.country or s.code) for p in named for s in said):
                    raise _Failed(f"it is said of {self.tokens[subject.head].text!r}, not of whoever says it", passed)
            bindings["SOURCE"] = said
            return False
        argument = self._subject_argument(clause)
        if isinstance(pattern.form.subject, Words):
            # Whose army or crowd the words name; weather and wolves are nobody's.
            parties = self.resolver.parties(argument.head) if argument is not None else ()
            parties = tuple(p for p in parties if p.kind != "place" and self._acts(p))
            if parties:
                bindings["SOURCE"] = parties
            return False
        if argument is not None and argument.head not in used:
            parties = tuple(p for p in self.resolver.parties(argument.head) if p.kind != "place" and self._acts(p))
            if not parties and self.resolver.given:
                # Where the caller names the parties, what one of them says of its own side is its own act.
                said = self.speakers.get(clause.head, ())
                parties = tuple(p for p in said if p.head < argument.head)
            if not parties and self.tokens[argument.head].pos not in {"PRON"} and "BOTH" not in bindings:
                raise _Failed(f"the subject {self.tokens[argument.head].text!r} is no party", passed)
            if not parties and "BOTH" not in bindings:
                raise _Failed(f"nobody is known whom {self.tokens[argument.head].text!r} refers to", passed)
            bindings["SOURCE"] = parties
            return False
        if isinstance(pattern.form.subject, Slot):
            return False
        # Without an agent, whose sanctions or troops they are is who acts.
        own_words = {i for item in pattern.form.items if isinstance(item.filler, Words) for i in used}
        targets = {p.head for p in bindings.get("TARGET", ())}
        for argument in clause.arguments:
            if argument.role == "object" and argument.head in own_words and argument.head not in targets:
                owners = tuple(p for p in self.resolver.parties(argument.head) if p.country or p.kind == "organisation")
                if owners:
                    bindings["SOURCE"] = owners
                    return False
        if clause.kind == "noun" and clause.light < 0 and "BOTH" not in bindings:
            if "TARGET" in bindings:
                return True
            raise _Failed("the noun names nobody who does it", passed)
        if (
            clause.kind == "verb"
            and not clause.passive
            and argument is None
            and not clause.imperative
            and "TARGET" not in bindings
            and "BOTH" not in bindings
        ):
            raise _Failed("nobody is named who does it", passed)
        return False

    # --- items -----------------------------------------------------------------------------------------

    def _candidates(self, item: Item, clause: Clause, first_of_two: bool, used: Collection[int] = ()) -> list[Argument]:
        found: list[Argument] = []
        arguments = clause.arguments
        if item.preps:
            agents = {a.head for a in arguments if a.role == "subject"} if clause.passive else set()
            found += [
                a
                for a in arguments
                if a.role == "prep" and a.prep in item.preps and not (a.prep == "by" and a.head in agents)
            ]
            if item.preps & set(clause.particles):
                found += [a for a in arguments if a.role == "object"]
            if "to" in item.preps or "for" in item.preps:
                found += [a for a in arguments if a.role == "second"]
            # Behind the verb or behind the words already matched comes before anything deeper.
            found.sort(key=lambda a: a.via >= 0 and a.via not in used)
        if not item.preps or item.bare:
            if first_of_two:
                roles: tuple[str, ...] = ("second", "to", "object")
            elif isinstance(item.filler, Slot):
                roles = ("object", "second")
            else:
                roles = ("object", "second")
            for role in roles:
                found += [
                    a for a in arguments if (a.prep == "to" and a.role == "prep" if role == "to" else a.role == role)
                ]
        return list(dict.fromkeys(found))

    def _item(
        self, item: Item, clause: Clause, bindings: dict[str, tuple[Party, ...]], used: set[int], first_of_two: bool
    ) -> tuple[int, list[int]]:
        if item.filler is None:
            behind = set(clause.particles) | {a.prep for a in clause.arguments if a.prep}
            after = {
                self.tokens[k].text.lower() for k in range(clause.head + 1, min(clause.head + 3, len(self.tokens)))
            }
            if not item.preps & (behind | after):
                raise _Failed(f"no {'/'.join(sorted(item.preps))!r} beside the verb")
            return 0, self._positions(clause, item.preps)
        candidates = self._candidates(item, clause, first_of_two, used)
        tried: list[str] = []
        for argument in candidates:
            if argument.head in used:
                continue
            if isinstance(item.filler, Words):
                hit = self._phrase(item.filler.phrases, argument.head)
                if not hit:
                    tried.append(self.tokens[argument.head].text)
                    continue
                if item.filler.possessor is not None:
                    parties = self._possessors(item.filler.possessor, argument.head, clause)
                    if not parties:
                        raise _Failed(f"nobody owns {self.tokens[argument.head].text!r}, but {item.filler} asks for it")
                    bindings[item.filler.possessor.name] = parties
                used.update(hit)
                used.add(argument.head)
                return (1 if item.optional else 0), hit
            try:
                parties = self._fill(item.filler, argument.head)
            except _Failed as failed:
                tried.append(failed.condition)
                continue
            if item.filler.name == "BOTH" and len(parties) < 2:
                # "talks between Russia" and "Ukraine" may come as two phrases.
                more = [p for a in candidates if a.head != argument.head for p in self.resolver.parties(a.head)]
                parties = tuple(dict.fromkeys([*parties, *more]))
                if len(parties) < 2:
                    tried.append(f"{self.tokens[argument.head].text!r} is one party, {item.filler} needs two")
                    continue
            bindings[item.filler.name] = parties
            used.add(argument.head)
            return 1, []
        if "to" in item.preps and isinstance(item.filler, Words):
            for inner in self.inner.get(clause.head, ()):
                if inner.link == "to" and any(phrase[-1] == inner.lemma for phrase in item.filler.phrases):
                    return 0, [inner.head]
        asked = str(item)
        if not tried:
            raise _Failed(f"nothing stands where {asked} is asked for")
        raise _Failed(f"{asked} is asked for, but there stands: {'; '.join(tried)}")

    def _possessors(self, slot: Slot, head: int, clause: Clause) -> tuple[Party, ...]:
        try:
            found = tuple(p for p in self._fill(slot, head) if "story is mostly about" not in p.how)
            if found:
                return found
        except _Failed:
            pass
        for argument in clause.arguments:
            if argument.via == head and argument.prep in {"of", "by", "from"}:
                try:
                    return self._fill(slot, argument.head)
                except _Failed:
                    continue
        return ()

    def _fill(self, slot: Slot, head: int) -> tuple[Party, ...]:
        """The parties of a phrase that a slot takes; fails with the reason."""
        parties = self.resolver.parties(head)
        word = self.tokens[head].text
        if not parties:
            raise _Failed(f"{word!r} is no party")
        if slot.limits:
            parties = tuple(
                p
                for p in parties
                if slot.limits & {*p.roles, p.country, p.code}
                or ("IGO" in slot.limits and p.code and not p.country and p.code not in p.roles)
            )
            if not parties:
                raise _Failed(f"{word!r} is not {'|'.join(sorted(slot.limits))}")
        elif slot.name in {"SOURCE", "TARGET", "BOTH"}:
            # Media are channels; a place inside a country does not act.
            kept = tuple(p for p in parties if self._acts(p) and not (slot.name == "SOURCE" and p.kind == "place"))
            if not kept:
                raise _Failed(f"{word!r} is a channel or a place, not a party")
            parties = kept
        return parties

    def _compound(self, at: int) -> int:
        """Length of the codebook's longest compound that ends here: an ``air strike`` is no ``strike``."""
        for phrase in self.index.compounds.get(self.tokens[at].lemma.lower(), ()):
            start = at - len(phrase) + 1
            if start >= 0 and all(self._is_word(start + k, word) for k, word in enumerate(phrase[:-1])):
                return len(phrase)
        return 1

    def _acts(self, party: Party) -> bool:
        """Media are channels, unless the caller names one as a party."""
        return bool(self.resolver.given) or "MED" not in party.roles

    def _phrase(self, phrases: frozenset[Phrase], head: int) -> list[int]:
        """Token positions where one of the phrases ends at the head of a noun phrase, else empty."""
        if _ANYTHING in phrases and self.tokens[head].pos in {"NOUN", "PROPN", "NUM", "PRON"}:
            return [head]
        for each in conjuncts(self.parse, head):
            for at in dict.fromkeys((each, content_head(self.parse, each))):
                token = self.tokens[at]
                lemma, text = token.lemma.lower(), token.text.lower()
                compound = self._compound(at)
                for phrase in _ordered(phrases):
                    if phrase[-1] not in (lemma, text) or len(phrase) < compound:
                        continue
                    start = at - len(phrase) + 1
                    if start >= 0 and all(self._is_word(start + k, word) for k, word in enumerate(phrase[:-1])):
                        return list(range(start, at + 1))
                if lemma in _CONTAINERS:
                    for child in self.parse.children[at]:
                        if child < at and self.tokens[child].dep in {"compound", "amod", "nmod"}:
                            for phrase in _ordered(phrases):
                                if len(phrase) == 1 and self._is_word(child, phrase[0]):
                                    return [child, at]
        return []

    # --- nested events ---------------------------------------------------------------------------------

    def _event(self, item: Item, clause: Clause, used: set[int]) -> tuple[Match | None, int]:
        slot = item.filler
        if not isinstance(slot, Slot):
            raise TypeError("an EVENT item holds a slot")
        top = clause.light if clause.light >= 0 else clause.head
        reach: list[tuple[Clause, int]] = []
        for start in dict.fromkeys((clause.head, top)):
            for inner in self.inner.get(start, ()):
                if inner.head in used or inner.head == clause.head:
                    continue
                if self._link_fits(item, inner.link):
                    reach.append((inner, 0))
        if not reach:
            raise _Failed(f"no act stands under it for {item}")
        reach.sort(key=lambda each: each[0].head)
        limits = slot.limits - KEYWORD_LIMITS
        if "other" in slot.limits:
            reach = [each for each in reach if self._others(each[0], clause)]
            if not reach:
                raise _Failed("the act under it is not one of a third party")
        if "must" in slot.limits:
            reach = [each for each in reach if each[0].modal in {"must", "should"} or each[0].lemma in {"need", "have"}]
            if not reach:
                raise _Failed("nothing under it says what must or should be")
        if "ahead" in slot.limits:
            reach = [each for each in reach if self._ahead(each[0], clause)]
            if not reach:
                raise _Failed("the act under it is not one that the subject, or nobody in particular, holds out")
        if not limits:
            inner = reach[0][0]
            return self._choice_at(inner), inner.head
        queue, seen = list(reach), set()
        while queue:
            inner, depth = queue.pop(0)
            if inner.head in seen:
                continue
            seen.add(inner.head)
            match = self._choice_at(inner)
            counts = match is not None and not match.pattern.nothing
            if match and counts and self.codebook.in_group(match.pattern.category, limits, match.cameo, self.ontology):
                return match, inner.head
            if depth < 3 and self._transparent(inner):
                queue += [
                    (each, depth + 1)
                    for each in self.inner.get(inner.head, ())
                    if each.link in {"to", "ing", "that", "object"}
                ]
        raise _Failed(f"the act under it is not {'|'.join(sorted(limits))}")

    def _others(self, inner: Clause, outer: Clause) -> bool:
        """Whether an inner act is that of a party other than the outer subject and the addressee."""
        subject = self._subject_argument(inner)
        if subject is None:
            return False
        own = self._subject_argument(outer)
        heads = [own.head] if own is not None else []
        heads += [a.head for a in outer.arguments if a.role in {"object", "second"}]
        known = {p.country or p.code for head in heads for p in self.resolver.parties(head)}
        parties = [p for p in self.resolver.parties(subject.head) if p.code]
        return bool(parties) and all((p.country or p.code) not in known for p in parties)

    def _ahead(self, inner: Clause, outer: Clause) -> bool:
        """Whether an inner act lies ahead and is the outer subject's own, or nobody's in particular."""
        if inner.modal not in {"will", "would", "shall"}:
            return False
        subject = self._subject_argument(inner)
        if subject is None or self.tokens[subject.head].text.lower() in {"we", "i", "our"}:
            return True
        parties = self.resolver.parties(subject.head)
        own = self._subject_argument(outer)
        sources = self.resolver.parties(own.head) if own is not None else ()
        same = {p.country or p.code for p in sources}
        return all(p.kind == "indirect" or not p.code or (p.country or p.code) in same for p in parties)

    def _choice_at(self, clause: Clause) -> Match | None:
        choice = self.found.choices.get(clause.head)
        if choice is None and clause.light >= 0:
            choice = self.found.choices.get(clause.light)
        return choice.winner if choice else None

    @staticmethod
    def _link_fits(item: Item, link: str) -> bool:
        if item.preps:
            if link.startswith("prep:"):
                return link[5:] in item.preps
            return (link == "to" and "to" in item.preps) or (link == "purpose" and "to" in item.preps)
        return link in {
            "to",
            "ing",
            "that",
            "object",
            "prep:of",
            "prep:on",
            "prep:for",
            "prep:against",
            "prep:from",
            "prep:to",
            "prep:about",
            "prep:over",
            "prep:with",
            "prep:into",
        }

    @staticmethod
    def _transparent(clause: Clause) -> bool:
        word = clause.noun or clause.lemma
        return (
            word in ASPECT
            or word in INTEND
            or word in SAY
            or word in PLAN_NOUNS
            or word in INTEND_ADJECTIVES
            or word in {"be", "have"}
        )
