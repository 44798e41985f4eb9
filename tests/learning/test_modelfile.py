from __future__ import annotations

import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from eventcoder.errors import ModelError, OutputError
from eventcoder.learning import modelfile
from eventcoder.learning.classifier import relation_pipeline, scorer_of
from eventcoder.learning.scoring import Scorer

ROWS = [{f"w:{word}": 1.0, "s:x": 1.0} for word in ("impose", "impose", "meet", "meet", "walk", "walk")]
LABELS = ["SANCTION"] * 2 + ["CONSULT"] * 2 + ["NONE"] * 2
ABOUT = {"fingerprint": "f" * 64, "versions": {"eventcoder": "0"}, "figures": {"accuracy": 0.5}, "threshold": 0.8}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "m.model"
    modelfile.save(path, relation_pipeline(scale=2.0).fit(ROWS, LABELS), ABOUT)
    return path


def refused(path: Path, *words: str) -> None:
    """The file is refused in one line that names it, says why, and what to do."""
    with pytest.raises(ModelError) as caught:
        modelfile.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "eventcoder train" in message
    assert "\n" not in message
    for word in words:
        assert word in message
    assert caught.value.__cause__ is None


# --- what is written is read back ------------------------------------------------------------------------------


def test_round_trip(model: Path) -> None:
    scorer, about = modelfile.load(model)
    original = scorer_of(relation_pipeline(scale=2.0).fit(ROWS, LABELS))
    assert scorer.digest == original.digest
    assert scorer.rank(ROWS[0]) == original.rank(ROWS[0])
    assert {key: about[key] for key in ABOUT} == ABOUT
    assert about["labels"] == ["CONSULT", "NONE", "SANCTION"]


def test_the_pipeline_can_be_had_back(model: Path) -> None:
    pipeline, _ = modelfile.load_pipeline(model)
    assert list(pipeline.predict(ROWS)) == LABELS


def test_no_file_is_left_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(skops.io, "dumps", full)
    with pytest.raises(OutputError, match="No space left"):
        modelfile.save(tmp_path / "m.model", relation_pipeline(scale=2.0).fit(ROWS, LABELS), ABOUT)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError):
        modelfile.save(tmp_path / "no" / "m.model", relation_pipeline(scale=2.0).fit(ROWS, LABELS), ABOUT)


# --- foreign files ---------------------------------------------------------------------------------------------


class Bomb:
    """A pickle of this makes a folder when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_a_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.model", "there is no such model file")
    refused(tmp_path, "there is no such model file")


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "m.model"
    path.write_bytes(pickle.dumps(Bomb(tmp_path / "hit")))
    refused(path, "no eventcoder model file")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("schema.json", pickle.dumps(Bomb(tmp_path / "hit")))
    refused(path, "no eventcoder model file")
    assert not (tmp_path / "hit").exists()


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_random_bytes(tmp_path: Path, size: int) -> None:
    path = tmp_path / "m.model"
    path.write_bytes(np.random.default_rng(size).bytes(size))
    refused(path, "no eventcoder model file")


def test_a_zip_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "m.model"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("story.txt", "Nothing happened.")
    refused(path, "no eventcoder model file")


def test_a_zip_that_unpacks_to_very_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Path) -> None:
    monkeypatch.setattr(modelfile, "_LARGEST", 100)
    refused(model, "unpacks to more than 100 bytes")


def write(path: Path, content: object) -> None:
    path.write_bytes(skops.io.dumps(content))


@pytest.mark.parametrize(
    "content",
    [
        [1, 2, 3],
        {"eventcoder": "{}"},
        {"eventcoder": "not JSON", "pipeline": None},
        {"eventcoder": json.dumps({"format": "x", "features": 1}), "pipeline": None},
        {"eventcoder": json.dumps({"format": 1, "features": modelfile.FEATURE_VERSION}), "pipeline": None},
        {
            "eventcoder": json.dumps({"format": 1, "features": modelfile.FEATURE_VERSION}),
            "pipeline": LogisticRegression(),
        },
        {
            "eventcoder": json.dumps({"format": 1, "features": modelfile.FEATURE_VERSION}),
            "pipeline": Pipeline([("classify", LogisticRegression())]),
        },
        {
            "eventcoder": json.dumps({"format": 1, "features": modelfile.FEATURE_VERSION}),
            "pipeline": relation_pipeline(),
        },
    ],
)
def test_skops_files_of_something_else(tmp_path: Path, content: object) -> None:
    write(tmp_path / "m.model", content)
    refused(tmp_path / "m.model")


class Foreign:
    """A class that no model file may bring along."""

    def __init__(self) -> None:
        self.made = True


@pytest.mark.parametrize(
    "content", [Foreign(), {"pipeline": Foreign()}, {"pipeline": os.mkdir}, {"pipeline": os.system}]
)
def test_types_that_are_not_trusted(tmp_path: Path, content: object) -> None:
    write(tmp_path / "m.model", content)
    refused(tmp_path / "m.model", "not trusted")


def test_only_two_classes_are_trusted(model: Path) -> None:
    assert set(skops.io.get_untrusted_types(file=model)) == set(modelfile.TRUSTED)


# --- changed files ---------------------------------------------------------------------------------------------


def rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as packed:
        contents = {info.filename: packed.read(info) for info in packed.infolist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in contents.items():
            packed.writestr(name, change(name, content))


def changed(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    body = skops.io.load(path, trusted=list(modelfile.TRUSTED))
    change(body)
    write(path, body)


def test_weights_that_were_changed(model: Path) -> None:
    def double(body: dict[str, Any]) -> None:
        body["pipeline"].steps[1][1].coef_ *= 2

    changed(model, double)
    refused(model, "was changed")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers(model: Path, value: float) -> None:
    def spoil(body: dict[str, Any]) -> None:
        body["pipeline"].steps[1][1].coef_[0, 0] = value

    changed(model, spoil)
    refused(model)


def test_weights_of_another_shape(model: Path) -> None:
    def cut(body: dict[str, Any]) -> None:
        body["pipeline"].steps[1][1].coef_ = body["pipeline"].steps[1][1].coef_[:, :-1]

    changed(model, cut)
    refused(model, "no complete eventcoder classifier")


@pytest.mark.parametrize("key", ["format", "features"])
def test_another_version(model: Path, key: str) -> None:
    def raise_version(body: dict[str, Any]) -> None:
        about = json.loads(body["eventcoder"])
        about[key] += 1
        body["eventcoder"] = json.dumps(about)

    changed(model, raise_version)
    refused(model, "another version")


def test_damaged_bytes(model: Path) -> None:
    whole = model.read_bytes()
    for cut in (10, len(whole) // 2, len(whole) - 5):
        model.write_bytes(whole[:cut])
        refused(model)


def test_arrays_that_are_pickles(model: Path, tmp_path: Path) -> None:
    def replace(name: str, content: bytes) -> bytes:
        return pickle.dumps(Bomb(tmp_path / "hit")) if name.endswith(".npy") else content

    rewrite(model, replace)
    refused(model, "no eventcoder model file")
    assert not (tmp_path / "hit").exists()


# --- the cache's format ------------------------------------------------------------------------------------------


def test_arrays_alone(tmp_path: Path) -> None:
    scorer = scorer_of(relation_pipeline(scale=2.0).fit(ROWS, LABELS))
    path = tmp_path / "c.npz"
    with path.open("wb") as file:
        scorer.write(file, ABOUT)
    again, about = Scorer.open(path)
    assert again.digest == scorer.digest
    assert about["threshold"] == 0.8
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays["coef"] = arrays["coef"] + 1
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match="was changed"):
        Scorer.open(path)
    arrays["coef"] = np.array([Bomb(tmp_path / "hit")], dtype=object)
    np.savez(path, **arrays, allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):
        Scorer.open(path)
    assert not (tmp_path / "hit").exists()
