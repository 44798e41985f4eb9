"""Model files: a trained classifier in skops' format, which unlike a pickle runs nothing when it is opened.

Only the classes listed here are trusted. Anything else in a file, and any change to it, is refused.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcoder.errors import ModelError, OutputError
from eventcoder.learning.features import FEATURE_VERSION
from eventcoder.learning.scoring import Scorer

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

FORMAT = 1
TRUSTED = (
    "eventcoder.learning.classifier.RelationClassifier",
    "eventcoder.learning.classifier.RelationVectorizer",
)
_AGAIN = "train it again with `eventcoder train LABELLED.csv -o MODEL`"
_LARGEST = 2_000_000_000


def save(path: str | Path, pipeline: Pipeline, about: Mapping[str, Any]) -> None:
    """Write a fitted pipeline with all that is known about it; the file is there whole or not at all.

    Parameters
    ----------
    path
        The model file; an existing one is replaced.
    pipeline
        A fitted :func:`~eventcoder.learning.classifier.relation_pipeline`.
    about
        What JSON can hold: versions, what it was trained on, cross-validated figures.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import skops.io

    from eventcoder.learning.classifier import scorer_of

    scorer = scorer_of(pipeline)
    described = {
        **about,
        "format": FORMAT,
        "features": FEATURE_VERSION,
        "labels": scorer.labels,
        "digest": scorer.digest,
    }
    body = {"eventcoder": json.dumps(described, sort_keys=True), "pipeline": pipeline}
    path = Path(path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
        with os.fdopen(handle, "wb") as file:
            file.write(skops.io.dumps(body, compression=zipfile.ZIP_DEFLATED))
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot write the model file: {error.strerror or error}") from None


def load(path: str | Path) -> tuple[Scorer, dict[str, Any]]:
    """Read a model file.

    Returns
    -------
    Scorer
        The classifier.
    dict
        What :func:`save` was told about it, with ``format``, ``features``, ``labels`` and ``digest``.

    Raises
    ------
    ModelError
        If there is no such file, it is no model of this program, holds a type that is not trusted, was changed, or
        was written for another version. The message names the file and the remedy.
    """
    from eventcoder.learning.classifier import scorer_of

    pipeline, about = _read(Path(path))
    try:
        scorer = scorer_of(pipeline)
    except Exception:  # noqa: BLE001 - a crafted file can make any attribute anything
        raise ModelError(f"{path}: the file holds no complete eventcoder classifier: {_AGAIN}") from None
    if about.get("digest") != scorer.digest or tuple(about.get("labels", ())) != scorer.labels:
        raise ModelError(f"{path}: the model was changed after it was trained; it is not used: {_AGAIN}")
    return scorer, about


def load_pipeline(path: str | Path) -> tuple[Pipeline, dict[str, Any]]:
    """Read a model file as scikit-learn's pipeline, to go on with in Python; checked as in :func:`load`.

    Raises
    ------
    ModelError
        As :func:`load`.
    """
    load(path)
    return _read(Path(path))


def _read(path: Path) -> tuple[Any, dict[str, Any]]:
    if not path.is_file():
        raise ModelError(f"{path}: there is no such model file; `eventcoder train LABELLED.csv -o {path}` makes one")
    foreign = ModelError(f"{path}: this is no eventcoder model file: {_AGAIN}")
    try:
        if not zipfile.is_zipfile(path):
            raise foreign
        with zipfile.ZipFile(path) as packed:
            if sum(info.file_size for info in packed.infolist()) > _LARGEST:
                raise ModelError(f"{path}: the file unpacks to more than {_LARGEST:,} bytes; it is not used: {_AGAIN}")
    except (OSError, zipfile.BadZipFile):
        raise foreign from None
    import skops.io

    try:
        content = path.read_bytes()
        unknown = sorted(set(skops.io.get_untrusted_types(data=content)) - set(TRUSTED))
        if unknown:
            shown = ", ".join(unknown[:3]) + (", ..." if len(unknown) > 3 else "")
            raise ModelError(f"{path}: the file holds types that are not trusted ({shown}); it is not used: {_AGAIN}")
        body = skops.io.loads(content, trusted=list(TRUSTED))
        about = json.loads(body["eventcoder"])
        pipeline = body["pipeline"]
        versions = int(about["format"]), int(about["features"])
    except ModelError:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged or crafted file does to its reader, it is not used
        raise foreign from None
    if versions != (FORMAT, FEATURE_VERSION):
        raise ModelError(f"{path}: a model of another version of eventcoder, which this one cannot use: {_AGAIN}")
    return pipeline, about
