"""The classifier that coding falls back on where no pattern matches, and how its labels become categories."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import Any

from eventcoder.codebook.model import Category, Codebook
from eventcoder.codebook.ontology import ontology
from eventcoder.language.clauses import find_clauses
from eventcoder.language.parser import DEFAULT_MODEL, Parser
from eventcoder.learning.features import relation_features
from eventcoder.learning.scoring import Scorer
from eventcoder.learning.training import SILENT, Labelled, fingerprint, read_labelled, train
from eventcoder.records import Clause, Parse

_SENTENCES = Path(__file__).with_name("sentences")
_DENIAL = "016"
# Running text holds far more sentences without an event than the labelled ones do. Below this probability the shipped
# classifier added more wrong rows than right ones to news that it had not seen.
SHIPPED_THRESHOLD = 0.9
_KEPT = 4
CACHE_VARIABLE = "EVENTCODER_CACHE"


class BackOff:
    """A trained classifier with its labels tied to a codebook's categories.

    Make one with :meth:`shipped` or :meth:`read`.

    Parameters
    ----------
    fingerprint
        SHA-256 of what it was trained on and with.
    open_model
        Returns the classifier and what is known about it; called at the first prediction.
    codebook
        The codebook whose categories are coded.
    threshold
        Predictions below this probability are not coded; None for the model's own, found by cross-validation.
    lowest
        The model's own threshold is raised to this.
    """

    def __init__(
        self,
        fingerprint: str,
        open_model: Callable[[], tuple[Scorer, dict[str, Any]]],
        codebook: Codebook,
        threshold: float | None = None,
        lowest: float = 0.0,
    ) -> None:
        self.fingerprint = fingerprint
        self.codebook = codebook
        self._open = open_model
        self._threshold = threshold
        self._lowest = lowest
        self._read: tuple[Parse, tuple[Clause, ...]] | None = None

    @classmethod
    def shipped(cls, codebook: Codebook, *, model: str = DEFAULT_MODEL, threshold: float | None = None) -> BackOff:
        """Return the classifier trained on the sentences that ship.

        The first call on a machine trains it, in about a minute, and keeps it in the user's cache folder (see
        :func:`cache_folder`); it is trained anew whenever sentences, versions or code change. Where that folder
        cannot be written the classifier lives in memory only.

        Parameters
        ----------
        codebook
            The codebook whose categories are coded.
        model
            The spaCy pipeline that coding parses with.
        threshold
            As in the class; None for the model's own, but not below :data:`SHIPPED_THRESHOLD`.

        Raises
        ------
        ModelError
            If the parser is missing.
        """
        examples = shipped_sentences()
        parser = Parser(model)
        key = fingerprint(examples, parser.version)
        folder = cache_folder()
        path = folder / f"classifier-{key[:24]}.npz" if folder is not None else None

        def trained() -> tuple[Scorer, dict[str, Any]]:
            from eventcoder.learning.classifier import scorer_of

            pipeline, about, _ = train(examples, parser)
            scorer = scorer_of(pipeline)
            if path is not None:
                _keep(path, scorer, about)
            return scorer, about

        def opened() -> tuple[Scorer, dict[str, Any]]:
            if path is not None and path.is_file():
                try:
                    scorer, about = Scorer.open(path)
                    if about.get("fingerprint") == key:
                        return scorer, about
                except Exception:  # noqa: BLE001, S110 - a damaged cache is made anew, whatever is wrong with it
                    pass
            return trained()

        found = cls(key, opened, codebook, threshold, SHIPPED_THRESHOLD)
        if path is None or not path.is_file():
            # Now and not at the first sentence, so that processes started later find it.
            _ = found.model
        return found

    @classmethod
    def read(cls, path: str | Path, codebook: Codebook, *, threshold: float | None = None) -> BackOff:
        """Return the classifier of a model file.

        Raises
        ------
        ModelError
            If the file is missing, foreign, changed, or of another version.
        """
        from eventcoder.learning.modelfile import load

        scorer, about = load(path)
        return cls(str(about.get("fingerprint") or scorer.digest), lambda: (scorer, about), codebook, threshold)

    @cached_property
    def model(self) -> tuple[Scorer, dict[str, Any]]:
        """The classifier and what is known about it; opened (or trained) when first asked for."""
        return self._open()

    @property
    def threshold(self) -> float:
        """The probability below which nothing is coded."""
        if self._threshold is not None:
            return self._threshold
        return max(float(self.model[1].get("threshold", 1.01)), self._lowest)

    @cached_property
    def categories(self) -> dict[str, Category]:
        """The codebook's category for each label that has one; see :func:`label_of`."""
        labels = self.model[0].labels
        found: dict[str, Category] = {}
        for category in self.codebook.categories:
            label = label_of(category, labels)
            if label and not category.silent:
                found.setdefault(label, category)
        return found

    def rank(self, parse: Parse, source: Collection[int], target: Collection[int]) -> tuple[tuple[str, float], ...]:
        """Return all labels with their probabilities, the most probable first.

        Parameters
        ----------
        parse
            The sentence.
        source, target
            Positions of the tokens that name the parties; the target may be empty.
        """
        if self._read is None or self._read[0] is not parse:
            self._read = parse, find_clauses(parse)
        return self.model[0].rank(relation_features(parse, source, target, self._read[1]))

    def predict(self, parse: Parse, source: Collection[int], target: Collection[int]) -> tuple[str, float] | None:
        """Return the best label and its probability; None where nothing is to be coded.

        Nothing is coded where the best label says so (``NONE``, ``STATEMENT``), has no category in the codebook, or
        is less probable than the threshold. Parameters as in :meth:`rank`.
        """
        label, probability = self.rank(parse, source, target)[0]
        if label.upper() in SILENT or label not in self.categories or probability < self.threshold:
            return None
        return label, probability

    def describe(self) -> dict[str, Any]:
        """Return what a methods section tells: training data, versions, cross-validated figures, threshold."""
        about = self.model[1]
        return {
            "fingerprint": self.fingerprint,
            "sentences": about.get("sentences"),
            "versions": about.get("versions", {}),
            "parser": about.get("parser", ""),
            "figures": about.get("figures", {}),
            "threshold": self.threshold,
            "categories": {label: category.name for label, category in sorted(self.categories.items())},
        }


def label_of(category: Category, labels: Collection[str]) -> str:
    """Return the label that a category codes; empty where none of the labels is its own.

    A label is a category's own if it is the category's name, or else its PLOVER type: the one that the codebook
    gives, or that of its CAMEO code. Denials (CAMEO 016) have no PLOVER type; their label is ``DENY``.
    """
    known = {label.upper(): label for label in sorted(labels)}
    entry = ontology().get(category.cameo)
    denial = "DENY" if category.cameo.startswith(_DENIAL) else ""
    for wanted in (category.name, category.plover, denial, entry.plover if entry else ""):
        if wanted and wanted.upper() in known:
            return known[wanted.upper()]
    return ""


def shipped_sentences() -> list[Labelled]:
    """Return the labelled sentences that ship, in the order of file names and lines."""
    return [each for path in sorted(_SENTENCES.glob("*.csv")) for each in read_labelled(path)]


def cache_folder() -> Path | None:
    """Return the folder for what can be made again; None where the machine has no place for it.

    The environment variable ``EVENTCODER_CACHE`` names it, else the platform's own place for caches is used.
    """
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return Path(given)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) / "eventcoder" / "Cache" if local else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "eventcoder"
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The specification has relative paths ignored.
    return (Path(base) if base.startswith("/") else home / ".cache") / "eventcoder"


def _keep(path: Path, scorer: Scorer, about: dict[str, Any]) -> None:
    """Write the cache whole or not at all; a machine without a place for it goes without."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".classifier-", suffix=".new")
        with os.fdopen(handle, "wb") as file:
            scorer.write(file, about)
        Path(temporary).replace(path)
        # Every change of versions makes a file anew; a few are kept for environments that take turns.
        kept = sorted(path.parent.glob("classifier-*.npz"), key=lambda each: each.stat().st_mtime, reverse=True)
        for old in kept[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
