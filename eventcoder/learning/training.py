"""Training the classifier from labelled sentences, with cross-validated figures."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcoder._version import __version__
from eventcoder.errors import InputError
from eventcoder.learning.features import (
    FEATURE_VERSION,
    find_surface,
    relation_features,
    tokens_within,
    unmark,
)

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from eventcoder.language.parser import Parser

# Labels that say that nothing is to be coded.
SILENT = frozenset({"NONE", "STATEMENT"})
WANTED_PRECISION = 0.85
FOLDS = 5
FEWEST = 5
_TEXT_COLUMNS = ("text", "marked_sentence", "sentence")
_LABEL_COLUMNS = ("category", "label")
_ENOUGH = 10  # a precision over fewer answers says nothing
_SHOWN = 5
_LIBRARIES = ("numpy", "scikit-learn", "scipy", "spacy")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with its label and the offsets of its parties (see :class:`~eventcoder.learning.features.Marked`)."""

    label: str
    text: str
    source: tuple[tuple[int, int], ...]
    target: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Cross-validated figures.

    Attributes
    ----------
    rows
        For each label: its name, precision, recall, F1 and number of sentences.
    accuracy, macro_f1
        Over all labels.
    threshold
        The lowest probability from which on :data:`WANTED_PRECISION` of the labels that code something are right;
        above 1 where no probability is high enough.
    precision, share
        Among the sentences whose best label codes something: how many of those kept are right, and the share kept.
    """

    rows: tuple[tuple[str, float, float, float, int], ...]
    accuracy: float
    macro_f1: float
    threshold: float
    precision: float
    share: float

    def table(self) -> str:
        """Return the figures as text."""
        width = max(len(name) for name, *_ in self.rows)
        lines = [f"{'':{width}}  precision  recall     F1  sentences"]
        lines += [f"{name:{width}}  {p:9.3f}  {r:6.3f}  {f:5.3f}  {n:9d}" for name, p, r, f, n in self.rows]
        lines.append(f"accuracy {self.accuracy:.3f}, macro-F1 {self.macro_f1:.3f} ({FOLDS}-fold cross-validation)")
        if self.threshold <= 1:
            lines.append(
                f"says nothing below {self.threshold:.3f}: of what it then codes {self.precision:.3f} is right, "
                f"and it answers {self.share:.3f} of the sentences that it takes for an event"
            )
        else:
            lines.append(f"says nothing at all in coding: at no probability is {WANTED_PRECISION:.0%} of it right")
        return "\n".join(lines)


def train_file(labelled: str | Path, output: str | Path, model: str | None = None) -> str:
    """Train a classifier and write its model file.

    Parameters
    ----------
    labelled
        CSV with the columns ``text`` and ``category`` (or ``label``), and either ``source`` and ``target`` (the words
        that name the parties) or ``<s>..</s>`` and ``<t>..</t>`` around the parties in the text. The category ``NONE``
        marks sentences that hold no event.
    output
        The model file.
    model
        The spaCy pipeline to parse with; None for the default.

    Returns
    -------
    str
        The cross-validated figures as text.

    Raises
    ------
    InputError
        If the file cannot be used, with line and remedy.
    ModelError
        If the parser is missing.
    OutputError
        If the model file cannot be written.
    """
    from eventcoder.language.parser import DEFAULT_MODEL, Parser
    from eventcoder.learning.modelfile import save

    examples = read_labelled(labelled)
    check_labels(examples, str(labelled))
    pipeline, about, figures = train(examples, Parser(model or DEFAULT_MODEL))
    save(output, pipeline, about)
    return f"{figures.table()}\nwritten: {output}"


# --- reading ---------------------------------------------------------------------------------------------


def read_labelled(path: str | Path) -> list[Labelled]:
    """Read labelled sentences; see :func:`train_file` for the columns.

    Raises
    ------
    InputError
        If the file is missing, is no CSV in UTF-8, lacks a column, or has rows that cannot be used: the message
        names the first of their lines.
    """
    found: list[Labelled] = []
    wrong: list[str] = []
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = columns
            text = next((name for name in _TEXT_COLUMNS if name in columns), "")
            label = next((name for name in _LABEL_COLUMNS if name in columns), "")
            if not text or not label:
                missing = "text" if not text else "category"
                raise InputError(
                    f"{path}:1: there is no column {missing!r} (there are: {', '.join(columns) or 'none'}); "
                    f"needed are text and category, and either source and target or <s>..</s> and <t>..</t> in the text"
                )
            for row in reader:
                try:
                    found.append(_labelled({k: v or "" for k, v in row.items() if isinstance(k, str)}, text, label))
                except ValueError as error:
                    wrong.append(f"{path}:{reader.line_num}: {error}")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not in UTF-8; save it as CSV UTF-8") from None
    except csv.Error as error:
        raise InputError(f"{path}: no well-formed CSV: {error}") from None
    if wrong:
        more = f"\n... and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise InputError("\n".join(wrong[:_SHOWN]) + more)
    if not found:
        raise InputError(f"{path}: there is no row below the header")
    return found


def _labelled(row: Mapping[str, str], text_column: str, label_column: str) -> Labelled:
    label, text = row[label_column].strip(), row[text_column]
    if not label:
        raise ValueError(f"the column {label_column!r} is empty; write NONE where there is no event")
    marked = unmark(text)
    if marked.broken:
        raise ValueError("a marker is not closed or marks nothing; write <s>..</s> and <t>..</t>")
    source, target = marked.source, marked.target
    for name, spans in (("source", source), ("target", target)):
        surface = row.get(name, "").strip()
        if spans or not surface:
            continue
        found = find_surface(marked.text, surface)
        if not found:
            raise ValueError(f"the {name} {surface!r} does not stand in the text")
        source, target = (found, target) if name == "source" else (source, found)
    if not source:
        raise ValueError("no source is given; fill the column source, or write <s>..</s> around it")
    return Labelled(label, marked.text, source, target)


def check_labels(examples: Sequence[Labelled], path: str) -> None:
    """Check that there is enough to learn from.

    Raises
    ------
    InputError
        If there is one category only, or one has too few sentences.
    """
    counts = Counter(each.label for each in examples)
    if len(counts) < 2:
        raise InputError(f"{path}: there is only the category {next(iter(counts))!r}; add others, or NONE for no event")
    few = sorted(name for name, count in counts.items() if count < FEWEST)
    if few:
        shown = ", ".join(f"{name} ({counts[name]})" for name in few)
        raise InputError(f"{path}: too few sentences to learn from: {shown}; give each category at least {FEWEST}")


# --- training ----------------------------------------------------------------------------------------------


def train(examples: Sequence[Labelled], parser: Parser) -> tuple[Pipeline, dict[str, Any], Figures]:
    """Train on labelled sentences.

    Parameters
    ----------
    examples
        At least :data:`FEWEST` sentences of each of at least two labels.
    parser
        The parser that will be used in coding, too.

    Returns
    -------
    Pipeline
        The fitted classifier.
    dict
        What a model file says about it.
    Figures
        Cross-validated figures.
    """
    from eventcoder.learning.classifier import relation_pipeline

    parses = parser.parse_many([each.text for each in examples])
    rows = [
        relation_features(parse, tokens_within(parse, each.source), tokens_within(parse, each.target))
        for each, parse in zip(examples, parses, strict=True)
    ]
    labels = [each.label for each in examples]
    figures = cross_validate(rows, labels, [each.text for each in examples])
    pipeline = relation_pipeline().fit(rows, labels)
    about = {
        "fingerprint": fingerprint(examples, parser.version),
        "versions": versions(),
        "parser": parser.version,
        "sentences": len(examples),
        "threshold": figures.threshold,
        "figures": {
            "folds": FOLDS,
            "accuracy": figures.accuracy,
            "macro_f1": figures.macro_f1,
            "precision": figures.precision,
            "share": figures.share,
            "labels": {
                name: {"precision": p, "recall": r, "f1": f, "sentences": n} for name, p, r, f, n in figures.rows
            },
        },
    }
    return pipeline, about, figures


def cross_validate(rows: Sequence[Mapping[str, float]], labels: Sequence[str], texts: Sequence[str]) -> Figures:
    """Return figures from sentences that were left out of training; the rows of one text stay together."""
    import numpy as np
    from sklearn.model_selection import StratifiedGroupKFold

    from eventcoder.learning.classifier import best_scale, relation_pipeline
    from eventcoder.learning.scoring import softmax, two_columns

    names, known = np.unique(np.array(labels), return_inverse=True)
    _, group = np.unique(np.array(texts), return_inverse=True)
    scores = np.full((len(rows), len(names)), -10.0)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for learnt, left in splitter.split(np.zeros(len(rows)), known, group):
        pipeline = relation_pipeline(scale=1.0).fit([rows[i] for i in learnt], known[learnt])
        found = two_columns(pipeline.decision_function([rows[i] for i in left]))
        # A fold may lack a rare label altogether.
        scores[np.ix_(left, pipeline.classes_)] = found
    probabilities = softmax(scores, best_scale(scores, known))
    best = probabilities.argmax(axis=1)
    highest = probabilities.max(axis=1)
    table = []
    for number, name in enumerate(names):
        hits = int(((best == number) & (known == number)).sum())
        said, true = int((best == number).sum()), int((known == number).sum())
        precision, recall = hits / said if said else 0.0, hits / true if true else 0.0
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        table.append((str(name), precision, recall, f1, true))
    coding = np.array([str(names[i]).upper() not in SILENT for i in best])
    threshold, precision, share = _threshold(highest[coding], (best == known)[coding])
    accuracy = float((best == known).mean())
    return Figures(tuple(table), accuracy, sum(row[3] for row in table) / len(table), threshold, precision, share)


def _threshold(probabilities: Any, right: Any) -> tuple[float, float, float]:
    """The lowest probability with the wanted precision above it, that precision, and the share kept."""
    import numpy as np

    if not len(probabilities):
        return 1.01, 0.0, 0.0
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(right[order])
    answers = np.arange(1, len(order) + 1)
    enough = np.flatnonzero((hits / answers >= WANTED_PRECISION) & (answers >= _ENOUGH))
    if not len(enough):
        return 1.01, 0.0, 0.0
    threshold = float(np.floor(probabilities[order][enough[-1]] * 1e6) / 1e6)
    kept = probabilities >= threshold
    return threshold, float(right[kept].mean()), float(kept.mean())


# --- what it was trained on ----------------------------------------------------------------------------------


def versions() -> dict[str, str]:
    """Return the versions of all that bears on training, by name."""
    found = {"eventcoder": __version__, "features": str(FEATURE_VERSION)}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def fingerprint(examples: Sequence[Labelled], parser_version: str) -> str:
    """Return a SHA-256 over sentences, versions and the code that reads and learns."""
    package = Path(__file__).resolve().parents[1]
    code = [*sorted(package.glob("learning/*.py"))]
    code += [package / "language" / name for name in ("clauses.py", "lexicon.py", "parser.py")]
    found = hashlib.sha256()
    for each in examples:
        found.update(repr((each.label, each.text, each.source, each.target)).encode())
    found.update(json.dumps(versions(), sort_keys=True).encode())
    found.update(parser_version.encode())
    for path in code:
        found.update(path.name.encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()
