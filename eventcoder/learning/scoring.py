"""A trained classifier as bare arrays: what coding needs of it, without loading scikit-learn.

Importing scikit-learn takes longer than coding a story, so single rows are scored here with the same arithmetic
that the estimators of :mod:`eventcoder.learning.classifier` use for whole matrices.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Features = Mapping[str, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scorer:
    """The arrays of a fitted vectoriser and classifier.

    Attributes
    ----------
    names
        Names of the features, in the order of the columns.
    idf, group, group_weight
        As in ``RelationVectorizer``; shapes (n_features,), (n_features,), (n_groups,).
    coef, intercept
        Shapes (n_classes, n_features) and (n_classes,); one row where there are two classes.
    scale
        The scale of the softmax.
    labels
        The labels, in the order of the rows of `coef`.
    """

    names: tuple[str, ...]
    idf: Floats
    group: NDArray[np.int32]
    group_weight: Floats
    coef: Floats
    intercept: Floats
    scale: float
    labels: tuple[str, ...]
    columns: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows = 1 if len(self.labels) == 2 else len(self.labels)
        width = len(self.names)
        if (
            len(self.labels) < 2
            or self.coef.shape != (rows, width)
            or self.intercept.shape != (rows,)
            or self.idf.shape != (width,)
            or self.group.shape != (width,)
            or not len(self.group_weight)
            or (width and not 0 <= int(self.group.min()) <= int(self.group.max()) < len(self.group_weight))
            or not np.isfinite(self.coef).all()
            or not np.isfinite(self.intercept).all()
            or not np.isfinite(self.scale)
        ):
            raise ValueError("the arrays do not fit together")
        object.__setattr__(self, "columns", {name: column for column, name in enumerate(self.names)})

    def rank(self, row: Features) -> tuple[tuple[str, float], ...]:
        """Return every label with its probability, the most probable first."""
        columns, values = weigh(row, self.columns, self.idf, self.group, self.group_weight)
        scores = self.coef[:, columns] @ values + self.intercept
        probabilities = softmax(two_columns(scores if len(scores) == 1 else scores[np.newaxis]), self.scale)[0]
        order = np.argsort(-probabilities, kind="stable")
        return tuple((self.labels[i], float(probabilities[i])) for i in order)

    def weights_of(self, label: str, row: Features, most: int = 8) -> tuple[tuple[str, float], ...]:
        """Return the features of a row that speak most for a label, with what each adds to its score."""
        columns, values = weigh(row, self.columns, self.idf, self.group, self.group_weight)
        number = self.labels.index(label)
        own = self.coef[0] * (1 if number else -1) if len(self.labels) == 2 else self.coef[number]
        added = own[columns] * values
        order = np.argsort(-added, kind="stable")[:most]
        return tuple((self.names[columns[i]], float(added[i])) for i in order if added[i] > 0)

    @property
    def digest(self) -> str:
        """SHA-256 over all arrays and names."""
        found = hashlib.sha256()
        for array in (self.idf, self.group, self.group_weight, self.coef, self.intercept):
            found.update(np.ascontiguousarray(array).tobytes())
        found.update(repr((self.scale, self.labels)).encode())
        found.update(pack(self.names).tobytes())
        return found.hexdigest()

    def write(self, file: IO[bytes], about: Mapping[str, Any]) -> None:
        """Write the arrays, with a description that JSON can hold, as NumPy's ``.npz``."""
        np.savez(
            file,
            names=pack(self.names),
            idf=self.idf,
            group=self.group,
            group_weight=self.group_weight,
            coef=self.coef,
            intercept=self.intercept,
            scale=np.array(self.scale),
            about=pack([json.dumps({**about, "labels": self.labels, "digest": self.digest}, sort_keys=True)]),
        )

    @classmethod
    def open(cls, path: Path) -> tuple[Scorer, dict[str, Any]]:
        """Read what :meth:`write` wrote; nothing in the file is executed.

        Raises
        ------
        OSError, ValueError, KeyError
            If the file cannot be read, or is not such a file, or was changed.
        """
        with np.load(path, allow_pickle=False) as file:
            about: dict[str, Any] = json.loads(unpack(file["about"])[0])
            scorer = cls(
                names=unpack(file["names"]),
                idf=file["idf"],
                group=file["group"],
                group_weight=file["group_weight"],
                coef=file["coef"],
                intercept=file["intercept"],
                scale=float(file["scale"]),
                labels=tuple(about["labels"]),
            )
        if about["digest"] != scorer.digest:
            raise ValueError("the file was changed after it was written")
        return scorer, about


def weigh(
    row: Features, columns: Mapping[str, int], idf: Floats, group: NDArray[np.int32], group_weight: Floats
) -> tuple[NDArray[np.intp], Floats]:
    """Return the columns of a row's known features, in order, and their weighted values."""
    known = sorted((columns[name], count) for name, count in row.items() if name in columns and count > 0)
    own = np.array([column for column, _ in known], dtype=np.intp)
    values: Floats = (1.0 + np.log(np.array([count for _, count in known], dtype=np.float64))) * idf[own]
    groups = group[own]
    length = np.sqrt(np.bincount(groups, values * values, len(group_weight)))
    length[length == 0.0] = 1.0
    return own, values / length[groups] * group_weight[groups]


def two_columns(scores: Floats) -> Floats:
    """Return scores with one column for each class, also where there are two classes and one score a row."""
    return np.column_stack([-scores / 2, scores / 2]) if scores.ndim == 1 else scores


def softmax(scores: Floats, scale: float) -> Floats:
    """Return probabilities of scores, row by row."""
    scaled = scores * scale
    raised: Floats = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def pack(names: Sequence[str]) -> NDArray[np.uint8]:
    """Return names without line breaks as one array of bytes, a line each."""
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8).copy()


def unpack(packed: NDArray[np.uint8]) -> tuple[str, ...]:
    """Return the names that :func:`pack` packed."""
    return tuple(packed.tobytes().decode().split("\n"))
