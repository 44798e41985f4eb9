"""The coder as a component of a spaCy pipeline: ``nlp.add_pipe("eventcoder", config={"codebook": "crisis"})``.

It codes the document as the pipeline has split and parsed it. ``eventcoder code`` splits and cleans stories by its
own rules and parses each sentence alone, so the two may differ in a sentence here and there; web debris and datelines
are not removed here.
"""

# No postponed annotations: spaCy reads those of a factory to check the settings.
from collections.abc import Sequence
from typing import Any

from eventcoder.coding.coder import Coder
from eventcoder.language.pipe import DocumentPipe, check_english, component
from eventcoder.records import Event, Parse, Sentence, Story


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
    coder = Coder(codebook, actors=actors, classifier=classifier, min_confidence=min_confidence)

    def code(story: Story, sentences: Sequence[tuple[Sentence, Parse]]) -> list[Event]:
        return coder.code_parsed(story, sentences)[0]

    return DocumentPipe(code, date)
