"""Why a sentence was coded so, and why not: the reading of one sentence as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from eventcoder.coding.match import Miss
from eventcoder.coding.sentence import Draft, SentenceReading
from eventcoder.records import Clause, DateSpan, Parse, Party, Step

if TYPE_CHECKING:
    from eventcoder.coding.coder import Coder

_NEAREST = 3


def steps(reading: SentenceReading, model: str = "") -> tuple[Step, ...]:
    """Return all that was decided about a sentence, in the order in which it was decided.

    Parameters
    ----------
    reading
        A reading made with tracing on (:meth:`Coder.read_sentence`).
    model
        Name and version of the parser, for the first line.
    """
    return tuple(_steps(reading, model))


def explain(coder: Coder, sentence: str, date: str | None = None) -> str:
    """Explain what `coder` reads in one sentence.

    Parameters
    ----------
    coder
        The coder; its codebook, actors and classifier are the ones explained.
    sentence
        One sentence.
    date
        The story's date (``2022-01-27``), for offices and date expressions.

    Returns
    -------
    str
        Lines, grouped by stage: parse, clauses, parties, patterns, status, dates, events; and for a
        sentence without an event the nearest patterns with the condition that failed.

    Raises
    ------
    InputError
        If the date is impossible.
    """
    reading = coder.read_sentence(sentence, date)
    lines: list[str] = []
    stage = ""
    for step in steps(reading, coder.parser.version):
        if step.stage != stage:
            stage = step.stage
            lines.append(stage)
        lines.append(f"  {step.subject}: {step.text}" if step.subject else f"  {step.text}")
    return "\n".join(lines)


def _steps(reading: SentenceReading, model: str) -> Iterator[Step]:
    yield from _parse_steps(reading.parse, model)
    for clause in reading.clauses:
        yield Step("clauses", _word(reading.parse, clause), _clause_text(reading.parse, clause))
    yield from _party_steps(reading)
    for found in reading.dates:
        yield Step("dates", repr(found.span.text), f"{found.kind}: {_span(found.span)}; {found.reason}")
    yield from _pattern_steps(reading)
    for step in reading.dropped:
        yield Step("not coded", repr(step.subject), step.text)
    if reading.drafts:
        for draft in reading.drafts:
            yield Step("events", draft.category, _draft_text(draft))
    else:
        yield Step("events", "", "none")
        yield from _nearest_steps(reading)


def _parse_steps(parse: Parse, model: str) -> Iterator[Step]:
    shown = " ".join(
        f"{t.text}/{t.dep}" + (f">{parse.tokens[t.head].text}" if t.head != t.i else "") for t in parse.tokens
    )
    yield Step("parse", f"by {model}" if model else "", shown)


def _word(parse: Parse, clause: Clause) -> str:
    return parse.tokens[clause.head].text


def _clause_text(parse: Parse, clause: Clause) -> str:
    def named(argument: object) -> str:
        role = getattr(argument, "prep", "") or getattr(argument, "role", "")
        return f"{role} {parse.tokens[argument.head].text!r}"  # type: ignore[attr-defined]

    parts = [f"{clause.kind} {clause.lemma!r}"]
    arguments = dict.fromkeys(named(a) for a in clause.arguments)
    parts += list(arguments)
    if clause.outer >= 0:
        parts.append(f"under {parse.tokens[clause.outer].text!r} ({clause.link})")
    for flag in ("negated", "passive", "question", "quoted"):
        if getattr(clause, flag):
            parts.append(flag)
    if clause.modal:
        parts.append(f"modal {clause.modal!r}")
    return ", ".join(parts)


def _party_steps(reading: SentenceReading) -> Iterator[Step]:
    seen: set[tuple[str, str]] = set()
    heads = sorted({a.head for clause in reading.clauses for a in clause.arguments})
    for head in heads:
        for party in reading.resolver.parties(head):
            key = (party.text, party.code)
            if key in seen:
                continue
            seen.add(key)
            others = f"; other readings: {', '.join(party.alternatives)}" if party.alternatives else ""
            yield Step("parties", repr(party.text), f"{party.code or 'no code'} ({party.name}), {party.how}{others}")


def _pattern_steps(reading: SentenceReading) -> Iterator[Step]:
    for key in sorted(reading.matching.choices):
        choice = reading.matching.choices[key]
        word = reading.parse.tokens[key].text
        winner = choice.winner
        yield Step(
            "patterns",
            repr(word),
            f"{winner.pattern.id} ({winner.pattern.place}) wins; {_bindings(winner.bindings.items())}",
        )
        for loser, why in choice.losers:
            yield Step("patterns", repr(word), f"{loser.pattern.id} lost: {why}")
        sense = reading.senses[winner.clause.head]
        yield Step("patterns", repr(word), f"status {sense.status}: {sense.reason}")


def _bindings(items: Iterable[tuple[str, tuple[Party, ...]]]) -> str:
    shown = [
        f"{name} = {', '.join(party.code or party.text for party in parties)}" for name, parties in items if parties
    ]
    return "; ".join(shown) or "no party bound"


def _span(span: DateSpan) -> str:
    if span.first is None:
        return "no day"
    end = f" to {span.last}" if span.last and span.last != span.first else ""
    return f"{span.first}{end} ({span.precision})"


def _draft_text(draft: Draft) -> str:
    parts = [
        f"{draft.source.code or draft.source.text or '-'} -> {draft.target.code or draft.target.text or '-'}",
        f"CAMEO {draft.cameo}",
        f"{draft.status} ({draft.status_reason})",
        f"date {_span(draft.date)}",
        f"{draft.method} {draft.rule}",
        f"confidence {draft.confidence:.2f}",
    ]
    if draft.rewritten is not None:
        parts.insert(2, f"rewritten from {draft.act or draft.category} by {draft.rewritten.place}")
    if draft.speaker is not None:
        parts.append(f"said by {draft.speaker.code or draft.speaker.text}")
    if draft.mirrored:
        parts.append("mirror")
    return ", ".join(parts)


def _nearest_steps(reading: SentenceReading) -> Iterator[Step]:
    misses: list[Miss] = sorted(
        reading.matching.misses, key=lambda m: (-m.passed, -m.pattern.form.specificity, m.pattern.id)
    )
    if not misses and not reading.matching.choices:
        yield Step("nearest patterns", "", "no word of this sentence is the head of a pattern")
    for miss in misses[:_NEAREST]:
        word = reading.parse.tokens[miss.clause.head].text
        yield Step("nearest patterns", repr(word), f"{miss.pattern.id} ({miss.pattern.place}): {miss.condition}")
