"""Fixtures shared by all tests: frozen parses, and one parser and one coder for the whole run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eventcoder.coding.coder import Coder
from eventcoder.language.parser import Parser
from eventcoder.records import Parse, Token

PARSES = Path(__file__).resolve().parent / "language" / "parses.json"


def thaw(text: str, line: str) -> Parse:
    """Return the parse that ``tests/freeze_parses.py`` wrote as one line."""
    tokens: list[Token] = []
    at = 0
    for i, each in enumerate(line.split(" ")):
        word, lemma, pos, tag, dep, head = each.rsplit("|", 5)
        start = text.index(word, at)
        at = start + len(word)
        tokens.append(Token(i, word, lemma, pos, tag, dep, int(head), start, at))
    return Parse(text, tuple(tokens))


@pytest.fixture(scope="session")
def frozen() -> Callable[[str], Parse]:
    """A function from a sentence to its frozen parse."""
    lines: dict[str, str] = json.loads(PARSES.read_text())

    def find(text: str) -> Parse:
        assert text in lines, f"no frozen parse; run `python tests/freeze_parses.py`: {text}"
        return thaw(text, lines[text])

    return find


@pytest.fixture(scope="session")
def parser() -> Parser:
    """The shipped parser; its model is loaded once per run."""
    return Parser()


@pytest.fixture(scope="session")
def coder() -> Coder:
    """The crisis codebook with the shipped actors, without the classifier."""
    return Coder("crisis", classifier=False)
