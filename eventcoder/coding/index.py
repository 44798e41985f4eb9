"""The index of a codebook's patterns by head word: cost grows with the sentence, not with the codebook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from eventcoder.codebook.model import Codebook, Pattern
from eventcoder.codebook.pattern import Phrase
from eventcoder.records import Clause


class PatternIndex:
    """Patterns by the word at their head.

    Parameters
    ----------
    codebook
        The codebook to index; its patterns are reached by :meth:`candidates` only.
    """

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.order = {pattern.id: number for number, pattern in enumerate(codebook.patterns)}
        verbs: dict[str, dict[str, Pattern]] = defaultdict(dict)
        nouns: dict[str, dict[str, Pattern]] = defaultdict(dict)
        copulas: dict[str, dict[str, Pattern]] = defaultdict(dict)
        for pattern in codebook.patterns:
            for phrase in pattern.form.heads:
                if pattern.form.copula:
                    copulas[phrase[-1]][pattern.id] = pattern
                elif pattern.form.kind == "verb":
                    verbs[phrase[0]][pattern.id] = pattern
                else:
                    nouns[phrase[-1]][pattern.id] = pattern
        self._verbs = {word: tuple(found.values()) for word, found in verbs.items()}
        self._nouns = {word: tuple(found.values()) for word, found in nouns.items()}
        compounds: dict[str, list[Phrase]] = defaultdict(list)
        for phrase in sorted(codebook.compounds, key=lambda each: (-len(each), each)):
            compounds[phrase[-1]].append(phrase)
        self.compounds = dict(compounds)
        self._copulas = {word: tuple(found.values()) for word, found in copulas.items()}
        singular = {word[:-1] for word in self._nouns if word.endswith("s") and len(word) > 3}
        self.noun_heads = frozenset(self._nouns) | frozenset(singular)

    def candidates(self, clause: Clause, word: str) -> tuple[Pattern, ...]:
        """Return the patterns whose head can be this clause's predicate.

        Parameters
        ----------
        clause
            The clause.
        word
            The predicate as written, lower case (``talks`` where the lemma is ``talk``).
        """
        if clause.kind == "noun":
            own = self._nouns.get(clause.noun, ())
            if word != clause.noun:
                own += tuple(p for p in self._nouns.get(word, ()) if p not in own)
            return own + self._verbs.get(clause.lemma, ())
        if clause.kind == "adjective":
            return self._copulas.get(clause.lemma, ())
        return self._verbs.get(clause.lemma, ())

    def complements(self, words: Iterable[str]) -> tuple[Pattern, ...]:
        """Return the ``be ...`` patterns whose head is one of these words."""
        found: dict[str, Pattern] = {}
        for word in words:
            found.update((pattern.id, pattern) for pattern in self._copulas.get(word, ()))
        return tuple(found.values())
