"""The examples of a codebook, run as tests: each has an id, and its list of events is complete.

An example is coded exactly as a story of its own would be. What is expected and what was coded are compared so:

- category and status must agree (the status is ``actual`` unless the example says otherwise);
- a bare country (``GBR``) stands for that country with or without roles (``GBRGOV``); any longer code, and the code of
  an organisation, must be the same; ``none`` asks for an empty side; a side that is left out is not compared;
- the CAMEO code and the date are compared where given, the date as ``2022-01-27`` or ``2022-01-27/2022-01-29``;
- every event that was coded must be listed, but of the two rows of a mirrored event one is enough.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from eventcoder.codebook.model import Category, Codebook, Example, Expected
from eventcoder.coding.explain import steps
from eventcoder.coding.match import Miss
from eventcoder.records import Event, Parse, Story, StoryResult

if TYPE_CHECKING:
    from eventcoder.coding.coder import Coder

Outcome = Literal["passed", "failed", "known miss", "news"]

_NEAREST = 3
_SHOWN_STAGES = ("parse", "patterns", "not coded")


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What became of one example.

    Attributes
    ----------
    outcome
        ``passed``; ``failed``; ``known miss`` (failed, and marked so); ``news`` (marked as a known miss, but passes).
    missing, surplus
        Expected events that were not coded, and coded events that are not listed.
    rules
        The patterns that made events, by id.
    detail
        For a failure: the parse, what was coded, and the nearest pattern with the condition that failed.
    """

    category: str
    example: Example
    outcome: Outcome
    missing: tuple[Expected, ...] = ()
    surplus: tuple[Event, ...] = ()
    events: tuple[Event, ...] = ()
    rules: frozenset[str] = frozenset()
    detail: str = ""

    @property
    def id(self) -> str:
        return self.example.id

    def render(self) -> str:
        """Return the result as lines of text, first the example's place and id."""
        lines = [f"{self.example.place}: {self.outcome}: {self.id}", f"    {self.example.text}"]
        if self.outcome == "news":
            lines.append(f"    passes now; remove `known_miss: {self.example.known_miss}`")
            return "\n".join(lines)
        if self.outcome == "known miss":
            lines.append(f"    {self.example.known_miss}")
        lines += [f"    expected, not coded: {_expected(each)}" for each in self.missing]
        lines += [f"    coded, not expected: {_event(each)}" for each in self.surplus]
        if self.detail and self.outcome == "failed":
            lines += [f"    {line}" for line in self.detail.splitlines()]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """What became of all examples of a codebook."""

    codebook: str
    results: tuple[ExampleResult, ...]
    unexercised: tuple[str, ...] = ()

    def of(self, *outcomes: Outcome) -> tuple[ExampleResult, ...]:
        return tuple(result for result in self.results if result.outcome in outcomes)

    @property
    def failed(self) -> tuple[ExampleResult, ...]:
        return self.of("failed")

    @property
    def ok(self) -> bool:
        return not self.failed

    def text(self, verbose: bool = False) -> str:
        """Return failures, news and a count; with `verbose` known misses and unexercised patterns too."""
        lines = [result.render() for result in self.of("failed", "news", *(("known miss",) if verbose else ()))]
        if verbose:
            lines += [f"no example is coded by the pattern {identity}" for identity in self.unexercised]
        counts = [f"{len(self.of('passed', 'news'))} passed"]
        words: dict[Outcome, str] = {
            "failed": "failed",
            "known miss": "known misses",
            "news": "known misses that pass now",
        }
        counts += [f"{number} {word}" for outcome, word in words.items() if (number := len(self.of(outcome)))]
        if self.unexercised:
            counts.append(f"{len(self.unexercised)} patterns that no example is coded by")
        lines.append(f"{self.codebook}: {len(self.results)} examples: {', '.join(counts)}")
        return "\n".join(lines)


def check_examples(source: str | Path | Codebook, coder: Coder | None = None) -> ExampleReport:
    """Code every example of a codebook and compare.

    Parameters
    ----------
    source
        Name of a shipped codebook, path to a YAML file, or a :class:`Codebook`.
    coder
        The coder to use instead of one with this codebook, the shipped actors and no classifier.

    Returns
    -------
    ExampleReport
        One result per example, in the order of the codebook.

    Raises
    ------
    CodebookError
        If the codebook is wrong.
    ModelError
        If the parser is not installed.
    InputError
        If an example's date is no day.
    """
    if coder is None:
        from eventcoder.coding.coder import Coder

        coder = Coder(source, classifier=False)
    codebook = coder.codebook
    examples = [(category, example) for category in codebook.categories for example in category.examples]
    ready = _with_parses(coder, [example.text for _, example in examples])
    rules = {f"{p.place} {p.id}" if p.place.path else p.id: p.id for p in codebook.patterns}
    results = tuple(_result(ready, category, example, rules) for category, example in examples)
    used = {rule for result in results for rule in result.rules}
    unexercised = tuple(
        pattern.id
        for pattern in codebook.patterns
        if not pattern.nothing and not codebook.by_name[pattern.category].silent and pattern.id not in used
    )
    return ExampleReport(codebook.name, results, unexercised)


# --- coding ----------------------------------------------------------------------------------------------


class _Parsed:
    """Stands where the coder's parser stands, with the parses already made."""

    def __init__(self, coder: Coder, sentences: Sequence[str]) -> None:
        self._parser = coder.parser
        self.version = coder.parser.version
        once = list(dict.fromkeys(sentences))
        self._parses = dict(zip(once, coder.parser.parse_many(once), strict=True))

    def parse(self, text: str) -> Parse:
        if text not in self._parses:
            self._parses[text] = self._parser.parse(text)
        return self._parses[text]

    def parse_many(self, texts: Iterable[str], batch_size: int = 64) -> Iterator[Parse]:
        return (self.parse(text) for text in texts)


def _sentences(text: str) -> list[str]:
    from eventcoder.language.cleaning import clean
    from eventcoder.language.sentences import split

    return [sentence.text for sentence in split(clean(text, ""), "")]


def _with_parses(coder: Coder, texts: Iterable[str]) -> Coder:
    """A copy of the coder that has parsed all sentences in one go."""
    ready = copy.copy(coder)
    # A view renames rows after they are made; the examples speak of the categories themselves.
    ready.codebook = replace(coder.codebook, view="")
    ready.parser = _Parsed(coder, [sentence for text in texts for sentence in _sentences(text)])  # type: ignore[assignment]
    return ready


def _result(coder: Coder, category: Category, example: Example, rules: Mapping[str, str]) -> ExampleResult:
    from eventcoder.coding.coder import _as_day

    day = _as_day(example.date)
    result = coder.code_story(Story(example.id, example.text, "", day, "option" if day else ""))
    missing, surplus = compare(example.events, result.events, frozenset(coder.gazetteer.by_code))
    fine = not missing and not surplus and not result.faults
    outcome: Outcome
    if example.known_miss:
        outcome = "news" if fine else "known miss"
    else:
        outcome = "passed" if fine else "failed"
    return ExampleResult(
        category=category.name,
        example=example,
        outcome=outcome,
        missing=missing,
        surplus=surplus,
        events=result.events,
        rules=frozenset(rules.get(event.rule, event.rule) for event in result.events if event.method == "rule"),
        detail="" if fine else "\n".join(_detail(coder, example, missing, result)),
    )


def _detail(coder: Coder, example: Example, missing: Sequence[Expected], result: StoryResult) -> Iterator[str]:
    yield from (note for note in result.notes if not note.startswith(("date", "no date")))
    yield from (f"fault: {fault.message}" for fault in result.faults)
    wanted = {each.category for each in missing}
    matched: set[str] = set()
    misses: list[Miss] = []
    words: dict[int, str] = {}
    for sentence in _sentences(example.text):
        reading = coder.read_sentence(sentence, example.date)
        for step in steps(reading):
            if step.stage in _SHOWN_STAGES:
                yield f"{step.stage}: {step.subject + ': ' if step.subject else ''}{step.text}"
        matched |= {choice.winner.pattern.category for choice in reading.matching.choices.values()}
        for miss in reading.matching.misses:
            if miss.pattern.category in wanted:
                misses.append(miss)
                words[id(miss)] = reading.parse.tokens[miss.clause.head].text
    misses.sort(key=lambda m: (-m.passed, -m.pattern.form.specificity, m.pattern.id))
    for miss in misses[:_NEAREST]:
        yield f"nearest pattern: {words[id(miss)]!r}: {miss.pattern.id} ({miss.pattern.place}): {miss.condition}"
    if not misses and wanted - matched:
        yield f"nearest pattern: none of {', '.join(sorted(wanted - matched))} has its head word in this text"


# --- comparing ----------------------------------------------------------------------------------------------


def compare(
    expected: Sequence[Expected], events: Sequence[Event], countries: frozenset[str] = frozenset()
) -> tuple[tuple[Expected, ...], tuple[Event, ...]]:
    """Compare a complete list of expected events with what was coded.

    Parameters
    ----------
    expected, events
        What the example lists, and the coded events.
    countries
        Codes that the dictionaries know, to tell the country ``GBR`` from an organisation's ``EUR``.

    Returns
    -------
    missing : tuple of Expected
        Expected events that no coded event answers, each coded event answering at most one.
    surplus : tuple of Event
        Coded events that answer none, nor mirror one that does.
    """
    fits = [[number for number, event in enumerate(events) if _fits(each, event, countries)] for each in expected]
    answered: dict[int, int] = {}

    def assign(position: int, tried: set[int]) -> bool:
        for number in fits[position]:
            if number in tried:
                continue
            tried.add(number)
            if number not in answered or assign(answered[number], tried):
                answered[number] = position
                return True
        return False

    missing = tuple(each for position, each in enumerate(expected) if not assign(position, set()))
    listed = [events[number] for number in answered]
    surplus = tuple(
        event
        for number, event in enumerate(events)
        if number not in answered and not any(_mirrors(event, other) for other in listed)
    )
    return missing, surplus


def _fits(expected: Expected, event: Event, countries: frozenset[str]) -> bool:
    return (
        expected.category == event.category
        and expected.status == event.status
        and _party_fits(expected.source, event.source, event.source_country, countries)
        and _party_fits(expected.target, event.target, event.target_country, countries)
        and (not expected.cameo or expected.cameo == event.cameo)
        and (not expected.date or expected.date in {event.date, f"{event.date}/{event.date_end}"})
    )


def _party_fits(expected: str, code: str, country: str, countries: frozenset[str]) -> bool:
    if not expected:
        return True
    if expected == "none":
        return not code
    if expected == code:
        return True
    return expected == country and (not countries or expected in countries)


def _mirrors(event: Event, other: Event) -> bool:
    return (
        event.match_id == other.match_id
        and event.mirrored != other.mirrored
        and (event.source, event.source_text) == (other.target, other.target_text)
        and (event.target, event.target_text) == (other.source, other.source_text)
    )


def _expected(each: Expected) -> str:
    parts = [each.category, f"{each.source or '*'} -> {each.target or '*'}", each.cameo, each.status, each.date]
    return " ".join(part for part in parts if part)


def _event(event: Event) -> str:
    parts = [event.category, f"{event.source or '-'} -> {event.target or '-'}", event.cameo, event.status, event.date]
    shown = " ".join(part for part in parts if part)
    words = f"{event.source_text or '-'} / {event.action} / {event.target_text or '-'}"
    return f"{shown} ({words}; {event.method} {event.rule})"
