"""Events by the trained classifier, for clauses in which no pattern was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from eventcoder.codebook.model import Category, Codebook
from eventcoder.codebook.ontology import Ontology
from eventcoder.coding.sentence import (
    Context,
    Draft,
    SentenceReading,
    event_date,
    event_place,
    is_coded,
    party_key,
    rewritten,
    shown_words,
)
from eventcoder.language.lexicon import ALLEGE, SAY, SPEECH
from eventcoder.learning.backoff import BackOff
from eventcoder.records import Argument, Clause, Party, Status, Step

# Behind these stands where or when something happens, seldom to whom.
_CIRCUMSTANCE = frozenset(
    {"in", "at", "near", "outside", "inside", "around", "across"}
    | {"during", "after", "before", "since", "amid", "through"}
)
_ASIDE = frozenset({"relative", "if", "adverb"})
_NEUTRAL = frozenset({"be", "have", "seem", "remain", "become"})


def add_classified(
    reading: SentenceReading, classifier: BackOff, codebook: Codebook, ontology: Ontology, context: Context
) -> None:
    """Add what the classifier finds in clauses that no pattern took, at most one act for each clause.

    A clause is put to the classifier if its subject and another of its participants are parties with codes. What it
    finds is given status, date, speaker and place as a pattern's match is. Nothing is added for two parties between
    whom this sentence already has an event.

    Parameters
    ----------
    reading
        The sentence as the patterns left it; drafts, and the reasons against others, are appended.
    classifier
        The classifier, tied to `codebook`.
    codebook, ontology
        What the sentence was read with; codes the table does not have are not given.
    context
        The story's date and memory.
    """
    taken = {_pair(draft.source, draft.target) for draft in reading.drafts}
    added: list[Draft] = []
    for clause in _open_clauses(reading):
        found = _best(clause, reading, classifier, taken)
        if found is None:
            continue
        sources, targets, label, probability = found
        words = (clause.head, clause.light) if clause.light >= 0 else (clause.head,)
        sense = reading.senses[clause.head]
        if sense.topic:
            shown = shown_words(reading.parse, words)
            why = f"only mentioned, not told to have happened: {sense.reason}"
            reading.dropped.append(Step("status", shown, f"{why} (classifier: {label})"))
            continue
        category = classifier.categories[label]
        for draft in _drafts(clause, words, sources, targets, category, reading, context):
            rule = f"classifier {classifier.fingerprint[:12]}"
            draft = rewritten(replace(draft, rule=rule, confidence=round(probability, 3)), codebook)
            if draft.category == "nothing" or codebook.by_name[draft.category].silent:
                continue
            added.append(draft)
            taken.add(_pair(draft.source, draft.target))
    if added:
        reading.drafts[:] = sorted([*reading.drafts, *added], key=lambda draft: _position(draft.clause))


def _open_clauses(reading: SentenceReading) -> Iterator[Clause]:
    """Clauses whose predicate no pattern has: verbs, and nouns that a light verb carries."""
    carried = {clause.light for clause in reading.clauses if clause.light >= 0}
    taken = set(reading.matching.choices) | set(reading.matching.consumed)
    for clause in reading.clauses:
        if clause.kind == "verb":
            free = clause.head not in carried and clause.lemma not in _NEUTRAL
        else:
            free = clause.kind == "noun" and clause.light >= 0
        if free and not {clause.head, _position(clause)} & taken:
            yield clause


def _position(clause: Clause) -> int:
    return clause.light if clause.light >= 0 else clause.head


def _best(
    clause: Clause, reading: SentenceReading, classifier: BackOff, taken: set[frozenset[str]]
) -> tuple[tuple[Party, ...], tuple[Party, ...], str, float] | None:
    """The pair of participants of which the classifier is surest, with label and probability."""
    subject = next((a for a in clause.arguments if a.role == "subject"), None)
    sources = _parties(subject, reading) if subject is not None else ()
    if not sources:
        return None
    found: tuple[tuple[Party, ...], tuple[Party, ...], str, float] | None = None
    own = {party_key(party)[0] for party in sources}
    seen: set[int] = set()
    behind = {a.head for a in clause.arguments if a.role == "prep" and a.prep in _CIRCUMSTANCE}
    for argument in clause.arguments:
        if argument.role == "prep":
            affected = argument.prep not in _CIRCUMSTANCE
        else:
            affected = argument.role in {"object", "second"}
        if not affected or argument.head in seen:
            continue
        seen.add(argument.head)
        targets = tuple(p for p in _parties(argument, reading) if party_key(p)[0] not in own)
        if not targets or all(_pair(s, t) in taken for s in sources for t in targets):
            continue
        if argument.via in behind or _told_of_others(clause, sources, targets, reading):
            continue
        answer = classifier.predict(reading.parse, _tokens(sources, reading), _tokens(targets, reading))
        if answer is not None and (found is None or answer[1] > found[3]):
            found = sources, targets, *answer
    return found


def _told_of_others(
    clause: Clause, sources: Sequence[Party], targets: Sequence[Party], reading: SentenceReading
) -> bool:
    """Whether somebody is only told what third parties do: ``Biden warned Kyiv that Russia could attack``."""
    if clause.lemma not in SAY and clause.lemma not in SPEECH:
        return False
    inside = set(reading.parse.subtree(clause.head))
    below = [
        other
        for other in reading.clauses
        if other.kind == "verb" and other.head in inside and other.head != clause.head and other.link not in _ASIDE
    ]
    own = {party_key(party)[0] for party in sources}
    known = own | {party_key(party)[0] for party in targets}
    acting = {
        party_key(party)[0]
        for other in below
        if other.lemma not in SAY and other.lemma not in ALLEGE
        for argument in other.arguments
        if argument.role == "subject"
        for party in reading.resolver.parties(argument.head)
        if is_coded(party)
    }
    return bool(acting - known) and not acting & own


def _parties(argument: Argument, reading: SentenceReading) -> tuple[Party, ...]:
    """The parties with codes that a participant names; media are channels, places do not act."""
    return tuple(
        party
        for party in reading.resolver.parties(argument.head)
        if is_coded(party) and "MED" not in party.roles and not (party.kind == "place" and argument.role == "subject")
    )


def _tokens(parties: Sequence[Party], reading: SentenceReading) -> tuple[int, ...]:
    """The tokens that name parties; of ``Russian demands`` only the nationality."""
    found: set[int] = set()
    for party in parties:
        inside = [t.i for t in reading.parse.tokens if t.start < party.end and t.end > party.start]
        if party.kind == "indirect":
            named = [i for i in inside if i in reading.resolver.at and i != party.head]
            inside = named or [i for i in inside if i != party.head] or inside
        found.update(inside)
    return tuple(sorted(found))


def _pair(source: Party, target: Party) -> frozenset[str]:
    return frozenset({party_key(source)[0], party_key(target)[0]})


def _drafts(
    clause: Clause,
    words: tuple[int, ...],
    sources: Sequence[Party],
    targets: Sequence[Party],
    category: Category,
    reading: SentenceReading,
    context: Context,
) -> list[Draft]:
    """One draft for each ordered pair of the parties, with the mirror of a reciprocal category."""
    sense = reading.senses[clause.head]
    status: Status = sense.status
    date = event_date(clause, reading, context, status)
    if date.history and status in {"actual", "alleged"}:
        status = "historical"
    said = reading.speakers.get(clause.head, ())
    pairs = [(s, t, False) for s in sources for t in targets]
    if category.mirror and category.mirror != "none":
        pairs = [pair for s, t, _ in pairs for pair in ((s, t, False), (t, s, True))]
    drafts = []
    for number, (source, target, mirrored) in enumerate(pairs):
        cameo = category.mirror if mirrored and category.mirror != "same" else category.cameo
        drafts.append(
            Draft(
                match=None,
                clause=clause,
                category=category.name,
                code=category.code or cameo,
                cameo=cameo,
                mode=category.mode,
                context=category.context,
                source=source,
                target=target,
                status=status,
                status_reason=sense.reason,
                act="",
                speaker=said[0] if said else None,
                date=date,
                mirrored=mirrored,
                pair=number,
                words=words,
                method="classifier",
                rule="",
                confidence=0.0,
                place=event_place(clause, reading.resolver),
            )
        )
    return drafts
