"""``relate``: what the source does to the target, in sentences whose parties are given.

Every row is answered: by the pattern whose parties fit best, and where none fits well, by the classifier's most
probable label. A model whose labels are none of the codebook's categories answers alone, with its own labels.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eventcoder.actors.resolve import Resolver, StoryMemory
from eventcoder.codebook.model import Codebook
from eventcoder.codebook.ontology import ontology
from eventcoder.coding.coder import Coder
from eventcoder.coding.match import Match
from eventcoder.coding.sentence import Context, Draft, SentenceReading, rewritten
from eventcoder.errors import InputError, OutputError
from eventcoder.learning.backoff import BackOff
from eventcoder.learning.features import find_surface, span_heads, tokens_within, unmark
from eventcoder.learning.training import SILENT
from eventcoder.records import DateSpan, Parse, Party, Status

NEEDED = ("uid", "sentence", "source", "target")
ANSWER = ("category", "plover", "method", "rule", "confidence")
_SOURCE, _TARGET = "SOURCE", "TARGET"
_NOBODY = Party("", "", "", (), "", 0, 0, -1)
_NO_DATE = DateSpan(None, None, "")
# "KYIV, March 3 (Agency) -- ": the parser takes a dateline for a part of the sentence.
_DATELINE = re.compile(
    r"^(?:Reuters )?[A-Z][A-Z.,' ]{2,}(?:, [A-Z][\w ]+)?(?:, \w+\.? \d+)? ?"
    r"(?:\([A-Za-z ]+\)|/[A-Za-z]+/)? ?(?:--|-|:|—|–) ?"
)
# Fits below this are weak: another party's act, or a mention; then the classifier may know better.
_WEAK = 4.0
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class Relation:
    """The answer to one row; ``plover`` is empty where the category has no PLOVER type."""

    category: str
    plover: str
    method: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence with the offsets of its parties, several where one is marked more than once; empty for unknown."""

    text: str
    source: tuple[tuple[int, int], ...]
    target: tuple[tuple[int, int], ...]


def relate_file(
    input: str | Path,  # noqa: A002 - named as on the command line
    output: str | Path,
    codebook: str | Path | Codebook = "plover",
    classifier: str | Path | None = None,
) -> str:
    """Answer every row of a CSV file.

    Parameters
    ----------
    input
        CSV with the columns ``uid``, ``sentence``, ``source``, ``target`` and optionally ``marked_sentence``. No other
        column is read; all are copied.
    output
        CSV with the input's columns and ``category``, ``plover``, ``method``, ``rule``, ``confidence``.
    codebook
        A codebook's name or path.
    classifier
        A model file; None for the classifier that ships.

    Returns
    -------
    str
        A summary: rows by method.

    Raises
    ------
    InputError
        If the input is missing, is no CSV in UTF-8, or lacks a column.
    CodebookError
        If the codebook is wrong.
    ModelError
        If the parser or the model file cannot be used.
    OutputError
        If the output cannot be written.
    """
    columns, rows = _read(Path(input))
    coder = Coder(codebook, classifier=classifier)
    counts: dict[str, int] = {}
    answers = []
    for row, relation in zip(rows, relate(coder, rows), strict=True):
        counts[relation.method] = counts.get(relation.method, 0) + 1
        answers.append({**row, **_cells(relation)})
    _write(Path(output), [*(c for c in columns if c not in ANSWER), *ANSWER], answers)
    shown = ", ".join(f"{count} by {method}" for method, count in sorted(counts.items(), reverse=True))
    return f"{len(rows)} rows{': ' + shown if shown else ''}\nwritten: {output}"


def relate(coder: Coder, rows: Iterable[Mapping[str, str]]) -> Iterator[Relation]:
    """Answer rows in order, one for one.

    Parameters
    ----------
    coder
        A coder with a classifier.
    rows
        Mappings with ``sentence``, ``source``, ``target`` and optionally ``marked_sentence``.

    Raises
    ------
    InputError
        If the coder has no classifier, since then some rows would have no answer.
    """
    classifier = coder.classifier
    if not isinstance(classifier, BackOff):
        raise InputError("relating parties needs a classifier for what no pattern matches; make the coder with one")
    asked = [locate(row) for row in rows]
    parses = coder.parser.parse_many([each.text for each in asked])
    for each, parse in zip(asked, parses, strict=True):
        yield _answer(coder, classifier, each, parse)


def locate(row: Mapping[str, str]) -> Asked:
    """Find the two parties of a row in its sentence.

    Markers win over strings. Where the markers of one party are broken or missing its string is looked for, and where
    that does not stand in the sentence the party is left open, so that the whole sentence is read for it.
    """
    marked = unmark(row.get("marked_sentence") or "")
    text = marked.text if marked.text.strip() else row.get("sentence") or ""
    source = marked.source or find_surface(text, row.get("source") or "")
    target = marked.target or find_surface(text, row.get("target") or "")
    dateline = _DATELINE.match(text)
    cut = dateline.end() if dateline else 0
    if cut and all(start >= cut for start, _ in (*source, *target)) and text[cut:].strip():
        text = text[cut:]
        source, target = (tuple((start - cut, end - cut) for start, end in spans) for spans in (source, target))
    return Asked(text, source, target)


# --- one row -----------------------------------------------------------------------------------------------


def _answer(coder: Coder, classifier: BackOff, asked: Asked, parse: Parse) -> Relation:
    source, target = tokens_within(parse, asked.source), tokens_within(parse, asked.target)
    ranked = classifier.rank(parse, source, target)
    other = _by_classifier(coder, classifier, ranked)
    if not classifier.categories:
        return other
    best = _by_rule(coder, parse, _head(parse, source), _head(parse, target))
    if best is None or (best[0] < _WEAK and other.confidence >= _SURE):
        return other
    fit, relation = best
    second = sum(p for label, p in ranked if _named(coder, classifier, label)[1] == relation.plover)
    return replace(relation, confidence=_confidence(fit, second))


def _head(parse: Parse, span: Sequence[int]) -> int:
    """The token that a party is known by, -1 for none; behind a preposition what it governs."""
    if not span:
        return -1
    head = span_heads(parse, span)[0]
    if parse.tokens[head].pos == "ADP":
        return next((c for c in parse.children[head] if parse.tokens[c].dep == "pobj"), head)
    return head


def _given(coder: Coder, parse: Parse, source: int, target: int) -> dict[int, Party]:
    """The two parties as the caller names them, source first; the dictionaries add roles only."""
    resolver = Resolver(coder.gazetteer, parse, None, StoryMemory())
    found: dict[int, Party] = {}
    for code, head in ((_SOURCE, source), (_TARGET, target)):
        if head >= 0 and head not in found:
            token = parse.tokens[head]
            known = resolver.parties(head)
            roles = known[0].roles if known else ()
            found[head] = Party(
                code, code, "", roles, token.text, token.start, token.end, head, how="given", kind="organisation"
            )
    return found


def _by_rule(coder: Coder, parse: Parse, source: int, target: int) -> tuple[float, Relation] | None:
    """The match whose parties fit best, with how well they fit; None where no match has either."""
    given = _given(coder, parse, source, target)
    if not given:
        return None
    context = Context(None, StoryMemory(), given=given)
    reading = coder.reader.read(parse, context)
    best: tuple[float, Relation] | None = None
    for key in sorted(reading.matching.choices):
        match = reading.matching.choices[key].winner
        if match.pattern.nothing or key in reading.matching.consumed:
            continue
        fit = _fit(match, reading, source, target)
        if fit is None:
            continue
        draft = _draft(coder, match, reading)
        if match.clause.link == "purpose" and _carrier(match, reading):
            # "sent envoys to negotiate": the purpose says more than the journey, and it is under way.
            fit += 1
            draft = replace(draft, category=match.pattern.category, cameo=match.cameo)
        elif match.clause.link == "purpose":
            fit -= 4
        if draft.category == "nothing":
            # As an event it would be left out; where an answer is wanted it is a weak one.
            fit -= 3
            draft = replace(draft, category=match.pattern.category, cameo=match.cameo)
        relation = _relation(coder, draft)
        if relation is not None and (best is None or fit > best[0]):
            best = fit, relation
    return best


def _fit(match: Match, reading: SentenceReading, source: int, target: int) -> float | None:
    """How well a match's parties agree with those given; None where neither has a part in it."""
    clause = match.clause
    codes = {name: {party.code for party in parties} for name, parties in match.bindings.items()}
    acting = codes.get("SOURCE", set())
    both = codes.get("BOTH", set())
    affected = codes.get("TARGET", set()) | both
    if match.inner is not None:
        affected |= {party.code for parties in match.inner.bindings.values() for party in parties}
    inside = set(reading.parse.subtree(clause.light if clause.light >= 0 else clause.head))
    right_source, right_target = _SOURCE in acting, _TARGET in affected
    if {_SOURCE, _TARGET} <= both or (right_source and right_target):
        fit = 10.0
    elif right_source and target in inside:
        fit = 7.0
    elif right_source and _TARGET in acting:
        fit = 6.5
    elif right_target and source in inside:
        fit = 6.0
    elif _TARGET in acting and _SOURCE in affected:
        fit = 5.0
    elif right_source:
        fit = 4.0
    elif right_target:
        fit = 3.5
    elif source in inside and target in inside:
        fit = 2.0
    elif _TARGET in acting or _SOURCE in affected:
        fit = 1.0
    else:
        return None
    if reading.senses[clause.head].topic:
        fit -= 2.5
    if any(party.kind == "indirect" for party in match.bindings.get("SOURCE", ())):
        fit -= 1.0
    if clause.link in {"adverb", "relative", "if"} or clause.link.startswith("prep:"):
        fit -= 1.5
    return fit + match.pattern.form.specificity / 100


def _carrier(match: Match, reading: SentenceReading) -> bool:
    """Whether the act that an act is the purpose of is a journey or a movement of forces."""
    outer = match.clause.outer
    choice = reading.matching.choices.get(outer)
    if choice is None or outer in reading.matching.consumed:
        return False
    entry = ontology().get(choice.winner.cameo)
    return entry is not None and entry.plover in {"CONSULT", "MOBILIZE"}


def _draft(coder: Coder, match: Match, reading: SentenceReading) -> Draft:
    """The match as an event after the codebook's rewrites."""
    sense = reading.senses[match.clause.head]
    status: Status = match.pattern.status or sense.status  # type: ignore[assignment]
    said = reading.speakers.get(match.clause.head, ())
    place = match.pattern.place
    draft = Draft(
        match=match,
        clause=match.clause,
        category=match.pattern.category,
        code="",
        cameo=match.cameo,
        mode="",
        context="",
        source=next(iter(match.bindings.get("SOURCE", ())), _NOBODY),
        target=next(iter(match.bindings.get("TARGET", ())), _NOBODY),
        status=status,
        status_reason=sense.reason,
        act="",
        speaker=said[0] if said else None,
        date=_NO_DATE,
        mirrored=False,
        pair=0,
        words=match.words,
        method="rule",
        rule=f"{place} {match.pattern.id}" if place.path else match.pattern.id,
        confidence=0.0,
    )
    return rewritten(draft, coder.codebook)


def _relation(coder: Coder, draft: Draft) -> Relation | None:
    """The draft as an answer; None where the codebook has no row for it."""
    category = coder.codebook.by_name[draft.category]
    if category.silent:
        return None
    entry = coder.ontology.get(draft.cameo)
    plover = category.plover or (entry.plover if entry else "")
    if coder.codebook.view == "plover" and not plover:
        return None
    name = plover if coder.codebook.view == "plover" else category.name
    return Relation(name, plover, "rule", draft.rule, 0.0)


def _confidence(fit: float, second: float) -> float:
    """The share of such answers that is right, by how well the parties fit and how probable the classifier finds it.

    Read off marked sentences of the PLV benchmark, and rounded down.
    """
    base, gain = (0.75, 0.2) if fit >= 7 else (0.55, 0.4) if fit >= _WEAK else (0.3, 0.5)
    return round(base + gain * min(second, 1.0), 3)


def _named(coder: Coder, classifier: BackOff, label: str) -> tuple[str, str]:
    """A label as category and PLOVER type; the category is empty where only PLOVER has a word for it."""
    category = classifier.categories.get(label)
    if category is None:
        plover = label.upper() if any(each.plover == label.upper() for each in coder.ontology) else ""
        return ("" if plover and classifier.categories else label), plover
    entry = coder.ontology.get(category.cameo)
    plover = category.plover or (entry.plover if entry else "")
    return (plover if coder.codebook.view == "plover" and plover else category.name), plover


def _by_classifier(coder: Coder, classifier: BackOff, ranked: Sequence[tuple[str, float]]) -> Relation:
    """The most probable label that says something, in the codebook's words where it has a category for it."""
    events = [(label, p) for label, p in ranked if label.upper() not in SILENT]
    label, probability = (events if events and classifier.categories else list(ranked))[0]
    category, plover = _named(coder, classifier, label)
    return Relation(category, plover, "classifier", f"classifier {classifier.fingerprint[:12]}", round(probability, 3))


# --- files -------------------------------------------------------------------------------------------------


def _cells(relation: Relation) -> dict[str, str]:
    return {
        "category": relation.category,
        "plover": relation.plover,
        "method": relation.method,
        "rule": relation.rule,
        "confidence": f"{relation.confidence:.3f}",
    }


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restval="")
            columns = list(reader.fieldnames or ())
            missing = [name for name in NEEDED if name not in columns]
            if missing:
                raise InputError(
                    f"{path}:1: there is no column {', '.join(map(repr, missing))} "
                    f"(there are: {', '.join(columns) or 'none'}); relate needs {', '.join(NEEDED)}"
                )
            rows = []
            for row in reader:
                if None in row:
                    raise InputError(
                        f"{path}:{reader.line_num}: the row has more cells than the header; put quotation marks around "
                        f"cells that hold commas"
                    )
                rows.append(row)
            return columns, rows
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not in UTF-8; save it as CSV UTF-8") from None
    except csv.Error as error:
        raise InputError(f"{path}: no well-formed CSV: {error}") from None


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
