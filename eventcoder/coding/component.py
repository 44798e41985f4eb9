"""The coder as a component of a spaCy pipeline: ``nlp.add_pipe("eventcoder", config={"codebook": "crisis"})``.

It codes the document as the pipeline has split and parsed it. ``eventcoder code`` splits and cleans stories by its
own rules and parses each sentence alone, so the two may differ in a sentence here and there; web debris and datelines
are not removed here.
"""

# No postponed annotations: spaCy reads those of a factory to check the settings.
from collections.abc import Sequence
from typing import Any

from eventcoder.actors.resolve import StoryMemory
from eventcoder.coding.coder import Coder
from eventcoder.coding.duplicates import link_duplicates
from eventcoder.coding.sentence import Context, SentenceReading
from eventcoder.language.pipe import DocumentPipe, check_english, component
from eventcoder.records import Event, Parse, Sentence, Story


class DocumentCoder(Coder):
    """A coder of stories that are already split and parsed."""

    def code_parsed(self, story: Story, sentences: Sequence[tuple[Sentence, Parse]]) -> list[Event]:
        """Return the events of a story's sentences, in the order of the text.

        Parameters
        ----------
        story
            The story that the sentences' offsets point into.
        sentences
            Each with its parse, whose offsets are into the sentence.
        """
        events: list[Event] = []
        memory = StoryMemory()
        open_quote = False
        previous: SentenceReading | None = None
        for sentence, parse in sentences:
            if open_quote and sentence.text.lstrip()[:1] in "\"“‘'":
                open_quote = False
            context = Context(story.date, memory, open_quote)
            reading = self.reader.read(parse, context)
            self._back_off(reading, context)
            events += self._events(self._dated(reading, previous, story.date), reading, story, sentence)
            reading.resolver.remember()
            previous = reading
            if parse.text.count('"') % 2:
                open_quote = not open_quote
        return [event for event in link_duplicates(events) if event.confidence >= self.min_confidence]


@component(
    "eventcoder",
    {"codebook": "crisis", "actors": [], "classifier": None, "date": "", "min_confidence": 0.0},
)
def create_component(
    nlp: Any,
    name: str,
    codebook: str,
    actors: list[str],
    classifier: str | bool | None,
    date: str,
    min_confidence: float,
) -> DocumentPipe:
    """Make the component; spaCy calls this.

    Parameters
    ----------
    nlp, name
        The pipeline, for English, and the component's name in it.
    codebook, actors, classifier, min_confidence
        As for :class:`~eventcoder.coding.coder.Coder`; the codebook by name or path.
    date
        The date of documents whose ``doc._.story_date`` is not set.

    Raises
    ------
    CodebookError, ModelError, InputError
        As :class:`~eventcoder.coding.coder.Coder` does; also for a pipeline of another language and for a date that
        is not a day.
    """
    check_english(nlp)
    coder = DocumentCoder(codebook, actors=actors, classifier=classifier, min_confidence=min_confidence)
    return DocumentPipe(coder.code_parsed, date)
