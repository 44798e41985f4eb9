"""One sentence on its way from parse to events: parties, matches, status, rewrites, dates.

Everything decided here is kept in a :class:`SentenceReading`, so that explaining is only a matter
of telling what is already there.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from eventcoder.actors.gazetteer import Gazetteer
from eventcoder.actors.resolve import Resolver, StoryMemory
from eventcoder.codebook.model import Category, Codebook, Rewrite
from eventcoder.codebook.ontology import Ontology
from eventcoder.coding.index import PatternIndex
from eventcoder.coding.match import Match, Matcher, Matching
from eventcoder.language.clauses import find_clauses
from eventcoder.language.dates import FoundDate, choose, find_dates
from eventcoder.language.lexicon import ASPECT
from eventcoder.language.status import Sense, sense_of
from eventcoder.records import Clause, DateSpan, Parse, Party, Status, Step

_PLACE_PREPOSITIONS = ("in", "at", "near", "outside", "around", "across", "off")
_NOBODY = Party("", "", "", (), "", 0, 0, -1)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it becomes a row: offsets are into the sentence."""

    match: Match | None
    clause: Clause
    category: str
    code: str
    cameo: str
    mode: str
    context: str
    source: Party
    target: Party
    status: Status
    status_reason: str
    act: str
    speaker: Party | None
    date: DateSpan
    mirrored: bool
    pair: int
    words: tuple[int, ...]
    method: str
    rule: str
    confidence: float
    place: Party | None = None
    rewritten: Rewrite | None = None


@dataclass(slots=True)
class SentenceReading:
    """All that was read in one sentence and why."""

    parse: Parse
    clauses: tuple[Clause, ...]
    resolver: Resolver
    matching: Matching
    senses: Mapping[int, Sense]
    dates: tuple[FoundDate, ...]
    speakers: Mapping[int, tuple[Party, ...]] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    dropped: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence is read with.

    The story's date, memory, whether a quotation is open, and parties that the caller gives.
    """

    day: datetime.date | None
    memory: StoryMemory
    open_quote: bool = False
    given: Mapping[int, Party] = field(default_factory=dict)


class SentenceReader:
    """Reads sentences with one codebook and one gazetteer."""

    def __init__(self, codebook: Codebook, gazetteer: Gazetteer, ontology: Ontology) -> None:
        self.codebook = codebook
        self.gazetteer = gazetteer
        self.ontology = ontology
        self.index = PatternIndex(codebook)

    def read(self, parse: Parse, context: Context, tracing: bool = False) -> SentenceReading:
        """Return the sentence's events, in the order of their predicates."""
        clauses = find_clauses(parse, self.index.noun_heads, context.open_quote)
        by_head = {clause.head: clause for clause in clauses}
        senses = {clause.head: sense_of(clause, by_head, parse) for clause in clauses}
        resolver = Resolver(self.gazetteer, parse, context.day, context.memory, context.given)
        speakers = self._speakers(parse, clauses, senses, resolver, context)
        matching = Matcher(self.index, self.ontology, parse, clauses, resolver, speakers).run(tracing)
        dates = find_dates(parse.text, context.day)
        reading = SentenceReading(parse, clauses, resolver, matching, senses, dates, speakers)
        for key in sorted(matching.choices):
            match = matching.choices[key].winner
            self._drafts(match, key, reading, speakers, context)
        reading.drafts = _without_repeats(reading)
        self._note_speaker(parse, clauses, senses, speakers, context)
        return reading

    # --- speakers --------------------------------------------------------------------------------------

    def _speakers(
        self,
        parse: Parse,
        clauses: Sequence[Clause],
        senses: Mapping[int, Sense],
        resolver: Resolver,
        context: Context,
    ) -> dict[int, tuple[Party, ...]]:
        """The parties who say each clause; empty where the narrator tells it."""
        according = self._according(parse, resolver)
        found: dict[int, tuple[Party, ...]] = {}
        any_speech = any(sense.speaker >= 0 for sense in senses.values())
        inside: tuple[Party, ...] = ()
        for clause in clauses:
            sense = senses[clause.head]
            parties: tuple[Party, ...] = ()
            if sense.speaker >= 0:
                parties = resolver.parties(sense.speaker)
            if parties:
                if clause.quoted and not inside:
                    inside = parties
                    # "we" and "I" in this quotation are whoever speaks here.
                    resolver.memory.speaker = parties[0]
            elif according:
                parties = according
            elif clause.quoted and context.memory.speaker is not None and not any_speech:
                parties = (context.memory.speaker,)
            found[clause.head] = parties
        return found

    @staticmethod
    def _according(parse: Parse, resolver: Resolver) -> tuple[Party, ...]:
        for token in parse.tokens:
            if token.text.lower() == "according" and token.i + 1 < len(parse.tokens):
                for child in parse.children[token.i]:
                    for pobj in parse.children[child]:
                        if parse.tokens[pobj].dep == "pobj":
                            return resolver.parties(pobj)
        return ()

    @staticmethod
    def _note_speaker(
        parse: Parse,
        clauses: Sequence[Clause],
        senses: Mapping[int, Sense],
        speakers: Mapping[int, tuple[Party, ...]],
        context: Context,
    ) -> None:
        for clause in clauses:
            if senses[clause.head].speaker >= 0 and speakers.get(clause.head):
                context.memory.speaker = speakers[clause.head][0]
                break

    # --- drafts ------------------------------------------------------------------------------------------

    def _drafts(
        self,
        match: Match,
        key: int,
        reading: SentenceReading,
        speakers: Mapping[int, tuple[Party, ...]],
        context: Context,
    ) -> None:
        clause, pattern = match.clause, match.pattern
        words = shown_words(reading.parse, match.words)
        if pattern.nothing:
            reading.dropped.append(Step("choice", words, f"pattern {pattern.id} recognises it as no event"))
            return
        if key in reading.matching.consumed:
            outer = reading.matching.consumed[key]
            reading.dropped.append(
                Step(
                    "choice",
                    words,
                    f"part of the event at {shown_words(reading.parse, outer.words)!r} ({outer.pattern.id})",
                )
            )
            return
        words_of = self._words_of(match, key, reading)
        if words_of is not None:
            other = f"{shown_words(reading.parse, words_of.words)!r} ({words_of.pattern.id})"
            why = f"its words belong to the event at {other}"
            reading.dropped.append(Step("choice", words, why))
            return
        if match.agentless:
            reading.dropped.append(Step("parties", words, "the noun names nobody who does it"))
            return
        sense = reading.senses[clause.head]
        if sense.topic and not pattern.status:
            reading.dropped.append(Step("status", words, f"only mentioned, not told to have happened: {sense.reason}"))
            return
        status: Status = pattern.status or sense.status  # type: ignore[assignment]
        pairs = self._pairs(match, reading)
        if not pairs:
            reading.dropped.append(Step("parties", words, "no party with a code on either side"))
            return
        date = event_date(clause, reading, context, status)
        if date.history and status in {"actual", "alleged"}:
            status = "historical"
        said = speakers.get(clause.head, ())
        speaker = said[0] if said else None
        category = self.codebook.by_name[pattern.category]
        place = event_place(clause, reading.resolver)
        if (
            status in {"planned", "hypothetical"}
            and "BOTH" not in match.bindings
            and len(match.bindings.get("SOURCE", ())) < 2
        ):
            # A plan goes from the one who plans; only held meetings are mutual.
            pairs = [pair for pair in pairs if not pair[2]]
        for number, (source, target, mirrored) in enumerate(pairs):
            cameo = match.cameo
            if mirrored:
                mirror = pattern.mirror or category.mirror
                cameo = cameo if mirror in {"same", ""} else mirror
            draft = Draft(
                match=match,
                clause=clause,
                category=category.name,
                code=pattern.code or (category.code if not pattern.cameo else "") or cameo,
                cameo=cameo,
                mode=pattern.mode or category.mode,
                context=pattern.context or category.context,
                source=source,
                target=target,
                status=status,
                status_reason=sense.reason,
                act="",
                speaker=speaker,
                date=date,
                mirrored=mirrored,
                pair=number,
                words=match.words,
                method="rule",
                rule=f"{pattern.place} {pattern.id}" if pattern.place.path else pattern.id,
                confidence=self._confidence(match, source, target, reading),
                place=place,
            )
            draft = rewritten(draft, self.codebook)
            if draft.category == "nothing":
                reading.dropped.append(
                    Step(
                        "rewrite",
                        words,
                        f"{draft.act} makes no row here ({draft.rewritten.place if draft.rewritten else ''})",
                    )
                )
                continue
            if self.codebook.by_name[draft.category].silent:
                reading.dropped.append(
                    Step(
                        "choice",
                        words,
                        f"{draft.category} ({pattern.id}) counts only inside another event or a rewrite",
                    )
                )
                continue
            reading.drafts += self._with_target(draft, reading)

    @staticmethod
    def _words_of(match: Match, key: int, reading: SentenceReading) -> Match | None:
        """The winning match that took an act noun as one of its words: "rejected offers of mediation"."""
        if match.clause.kind != "noun" or match.clause.light >= 0:
            return None
        for other_key, choice in sorted(reading.matching.choices.items()):
            other = choice.winner
            # What is condemned or welcomed did happen; what is rejected or ended is only named.
            factive = other.clause.lemma in ASPECT
            tells = not other.pattern.nothing and not factive and other.clause.kind == "verb"
            if other_key != key and tells and match.clause.head in other.words:
                return other
        return None

    def _with_target(self, draft: Draft, reading: SentenceReading) -> list[Draft]:
        """Look for the target that no slot bound where the category says."""
        places = self.codebook.by_name[draft.category].target_from
        if draft.target.code or not places:
            return [draft]
        for place in places:
            for head in self._target_heads(place, draft, reading):
                found = tuple(
                    p
                    for p in reading.resolver.parties(head)
                    if p.code and "MED" not in p.roles and party_key(p)[0] != party_key(draft.source)[0]
                )
                if found:
                    return [replace(draft, target=party, pair=draft.pair + k) for k, party in enumerate(found)]
        return [draft]

    @staticmethod
    def _target_heads(place: str, draft: Draft, reading: SentenceReading) -> list[int]:
        sense = reading.senses[draft.clause.head]
        by_head = {clause.head: clause for clause in reading.clauses}
        if place == "addressee":
            speech = by_head.get(sense.speech)
            if speech is None:
                return []
            return [
                a.head
                for a in speech.arguments
                if a.role in {"object", "second"}
                or (a.role == "prep" and a.prep in {"to", "toward", "towards"} and a.via < 0)
            ]
        if place == "subject":
            return [a.head for a in draft.clause.arguments if a.role == "subject"]
        if place == "beside":
            tokens = reading.parse.tokens
            top = draft.clause.light if draft.clause.light >= 0 else draft.clause.head
            first = by_head.get(tokens[top].head) if tokens[top].dep == "conj" else None
            return [a.head for a in first.arguments if a.role in {"object", "second"}] if first else []
        above, heads = draft.clause, {draft.clause.head}
        while above.outer in by_head and above.outer not in heads:
            heads.add(above.outer)
            above = by_head[above.outer]
        found = []
        for clause in reading.clauses:
            if clause.link == "if" and clause.outer in heads:
                found += [a.head for a in clause.arguments if a.role == "subject"]
        return found

    @staticmethod
    def _inner_parties(match: Match, reading: SentenceReading, sources: Sequence[Party]) -> tuple[Party, ...]:
        """The parties of the clause in an ``EVENT`` slot: whom the outer verb's act concerns."""
        by_head = {clause.head: clause for clause in reading.clauses}
        own = {party_key(p)[0] for p in sources}
        queue = [match.inner_head]
        seen: set[int] = set()
        while queue:
            head = queue.pop(0)
            inner = by_head.get(head)
            if inner is None or head in seen or len(seen) > 3:
                continue
            seen.add(head)
            order = ("object", "second", "to", "with", "against", "on", "from", "for", "in", "into", "of", "subject")
            if inner.link == "that":
                # A that-clause is about its subject: "expressed concern that Moscow planned ...".
                order = ("subject", *order[:-1])
            ranked = sorted(
                (a for a in inner.arguments if (a.prep or a.role) in order), key=lambda a: order.index(a.prep or a.role)
            )
            for argument in ranked:
                found = tuple(
                    p for p in reading.resolver.parties(argument.head) if is_coded(p) and party_key(p)[0] not in own
                )
                if found:
                    return found
            queue += [c.head for c in reading.clauses if c.outer == head and c.link in {"to", "ing", "that", "object"}]
        return ()

    def _pairs(self, match: Match, reading: SentenceReading) -> list[tuple[Party, Party, bool]]:
        """Ordered pairs of parties, with the mirrored ones marked."""
        pattern = match.pattern
        category: Category = self.codebook.by_name[pattern.category]
        mirror = pattern.mirror or category.mirror
        bindings = match.bindings
        sources = bindings.get("SOURCE", ())
        targets = bindings.get("TARGET", ())
        if pattern.target:
            entry = self.gazetteer.by_code.get(pattern.target)
            name = entry.name if entry else pattern.target
            country = pattern.target if entry is not None and entry.kind == "country" else ""
            targets = (Party(pattern.target, name, country, (), "", 0, 0, -1, how="fixed by the pattern"),)
        if not targets and match.inner is not None:
            targets = match.inner.bindings.get("TARGET", ())
            if not targets and "TARGET" not in bindings:
                targets = tuple(
                    p
                    for p in match.inner.bindings.get("SOURCE", ())
                    if all(party_key(p) != party_key(s) for s in sources)
                )
        if not targets and match.inner_head >= 0:
            targets = self._inner_parties(match, reading, sources)
        both = bindings.get("BOTH", ())
        if mirror not in {"", "none"} and not sources and not both and match.clause.passive:
            # "It was met with disbelief": a mutual act needs somebody on the other side.
            return []
        if not targets and category.mutual and len({party_key(p)[0] for p in sources}) > 1 and not both:
            both, sources = sources, ()
        pairs: list[tuple[Party, Party, bool]] = []
        if both and sources:
            targets = both
        elif both:
            for i, first in enumerate(both):
                for second in both[i + 1 :]:
                    if party_key(first) != party_key(second):
                        pairs.append((first, second, False))
                        pairs.append((second, first, True))
            return [pair for pair in pairs if is_coded(pair[0]) or is_coded(pair[1])]
        for source in sources or (_NOBODY,):
            for target in targets or (_NOBODY,):
                if party_key(source) == party_key(target) and source.code:
                    continue
                if not (is_coded(source) or is_coded(target)):
                    continue
                pairs.append((source, target, False))
                if mirror and mirror != "none" and source.text and target.text:
                    pairs.append((target, source, True))
        return pairs

    def _confidence(self, match: Match, source: Party, target: Party, reading: SentenceReading) -> float:
        """A first estimate from how the match was made; see ``tests/bench`` for its measurement."""
        value = 0.9 if match.clause.kind == "verb" or match.clause.light >= 0 else 0.75
        if match.pattern.form.specificity < 5:
            value -= 0.1
        subject = next((a for a in match.clause.arguments if a.role == "subject"), None)
        if subject is not None and subject.shared:
            value -= 0.05
        for party in (source, target):
            if party.text and not party.code:
                value -= 0.1
            elif party.kind == "indirect" or "refers to" in party.how:
                value -= 0.05
        if not source.text or not target.text:
            value -= 0.05
        return round(max(value, 0.05), 3)


def event_date(clause: Clause, reading: SentenceReading, context: Context, status: Status) -> DateSpan:
    """Return the date of a clause's act: its own, else that of what governs it, else the story's."""
    parse = reading.parse
    ahead = status in {"planned", "hypothetical"} and clause.tense != "past"
    own = _date_within(clause, reading, context, ahead)
    if own.precision != "story":
        return own
    # A date outside the clause belongs to what governs it, and is read in its tense.
    by_head = {each.head: each for each in reading.clauses}
    above, seen = clause, {clause.head}
    while above.outer in by_head and above.outer not in seen:
        above = by_head[above.outer]
        seen.add(above.head)
        if above.kind == "noun" and above.light < 0:
            continue
        found = _date_within(above, reading, context, above.tense == "future" or above.modal in {"will", "shall"})
        if found.precision != "story":
            return found
    return choose(reading.dates, 0, len(parse.text), clause.tense or above.tense, False, context.day)


def _date_within(clause: Clause, reading: SentenceReading, context: Context, ahead: bool) -> DateSpan:
    """The date expression inside a clause, leaving out those of the clauses in it."""
    parse = reading.parse
    top = clause.light if clause.light >= 0 else clause.head
    tree = parse.subtree(top)
    start, end = parse.tokens[tree[0]].start, parse.tokens[tree[-1]].end
    inner = []
    for other in reading.clauses:
        if other.head != clause.head and other.kind == "verb" and other.head in tree and other.head != top:
            below = parse.subtree(other.head)
            inner.append((parse.tokens[below[0]].start, parse.tokens[below[-1]].end))
    inside = [each for each in reading.dates if start <= each.span.start and each.span.end_offset <= end]
    return choose(inside, start, end, clause.tense, ahead, context.day, inner)


def event_place(clause: Clause, resolver: Resolver) -> Party | None:
    """Return the place or country where a clause says that its act takes place."""
    for argument in clause.arguments:
        if argument.role == "prep" and argument.prep in _PLACE_PREPOSITIONS and argument.head in resolver.at:
            for party in resolver.parties(argument.head):
                if party.kind in {"place", "country"} and party.country:
                    return party
    return None


def rewritten(draft: Draft, codebook: Codebook) -> Draft:
    """Apply the first of the codebook's rewrites that fits a draft."""
    for rewrite in codebook.rewrites:
        if draft.category not in rewrite.categories or draft.status not in rewrite.statuses:
            continue
        if rewrite.speaker and _who_says(draft) not in rewrite.speaker:
            continue
        if rewrite.becomes == "nothing":
            return replace(draft, category="nothing", act=f"{draft.category}:{draft.status}", rewritten=rewrite)
        status: Status = rewrite.status or draft.status  # type: ignore[assignment]
        category = rewrite.becomes or draft.category
        cameo = rewrite.cameo or (codebook.by_name[category].cameo if rewrite.becomes else draft.cameo)
        # A change of category makes another act of it; the act as found is kept beside it.
        act = f"{draft.category}:{draft.status}" if rewrite.becomes and rewrite.becomes != draft.category else draft.act
        own = codebook.by_name[category]
        return replace(
            draft,
            category=category,
            cameo=cameo,
            code=own.code if own.code and not rewrite.cameo else cameo,
            status=status,
            act=act,
            rewritten=rewrite,
        )
    return draft


def _who_says(draft: Draft) -> str:
    """``source``, ``narrator`` or ``other``: who says the act, seen from the event's source."""
    if draft.speaker is None or not draft.speaker.code:
        return "narrator"
    same = party_key(draft.speaker)[0] == party_key(draft.source)[0]
    return "source" if same else "other"


def party_key(party: Party) -> tuple[str, str]:
    """Return what two mentions of one party share: its country or code, and who exactly it is."""
    country = party.country or party.code
    return country, "" if party.kind == "country" else ",".join((*party.roles, party.name))


def is_coded(party: Party) -> bool:
    """Whether a party is known by country or organisation, not by a role alone."""
    return bool(party.code) and (
        bool(party.country) or party.kind not in {"role", "unknown"} or party.code not in party.roles
    )


def shown_words(parse: Parse, words: Sequence[int]) -> str:
    """Return words of a sentence, in its order, as one text."""
    return " ".join(parse.tokens[i].text for i in sorted(words))


_BEST = {"actual": 0, "planned": 1, "alleged": 2, "hypothetical": 3, "negated": 4, "historical": 5}


def _without_repeats(reading: SentenceReading) -> list[Draft]:
    """Within a sentence the same act between the same parties is told once; the firmest telling stays."""
    best: dict[tuple[object, ...], Draft] = {}
    order: list[tuple[object, ...]] = []
    for draft in reading.drafts:
        source, target = party_key(draft.source)[0], party_key(draft.target)[0]
        key = (draft.category, draft.source.text and source, draft.target.text and target)
        if key not in best:
            best[key] = draft
            order.append(key)
        elif _rank(draft) < _rank(best[key]):
            loser, best[key] = best[key], draft
            reading.dropped.append(
                Step(
                    "repeat",
                    shown_words(reading.parse, loser.words),
                    "the same act by the same parties is told more firmly in this sentence",
                )
            )
        else:
            reading.dropped.append(
                Step("repeat", shown_words(reading.parse, draft.words), "repeats an event of this sentence")
            )
    # A row without a target is a repeat of one with a target by the same source.
    kept = [best[key] for key in order]
    full = {(d.category, party_key(d.source)[0]) for d in kept if d.target.text and d.source.text}
    result = []
    for draft in kept:
        if not draft.target.text and (draft.category, party_key(draft.source)[0]) in full:
            reading.dropped.append(
                Step(
                    "repeat",
                    shown_words(reading.parse, draft.words),
                    "the same act is told with its target in this sentence",
                )
            )
            continue
        result.append(draft)
    return result


def _rank(draft: Draft) -> tuple[int, bool, float]:
    return _BEST[draft.status], draft.mirrored, -draft.confidence
