from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import SkipTestWarning, parametrize_with_checks

from eventcoder.learning.classifier import (
    RelationClassifier,
    RelationVectorizer,
    best_scale,
    relation_pipeline,
    scorer_of,
)

ROWS = [
    {"w:impose": 1.0, "w:sanction": 2.0, "s:S before T": 1.0},
    {"w:impose": 1.0, "w:embargo": 1.0, "s:S before T": 1.0},
    {"w:slap": 1.0, "w:sanction": 1.0, "s:T before S": 1.0},
    {"w:embargo": 2.0, "w:slap": 1.0, "s:T before S": 1.0},
    {"w:meet": 1.0, "w:talk": 1.0, "s:S before T": 1.0},
    {"w:hold": 1.0, "w:talk": 1.0, "s:S before T": 1.0},
    {"w:meet": 1.0, "w:visit": 1.0, "s:T before S": 1.0},
    {"w:hold": 1.0, "w:visit": 2.0, "s:T before S": 1.0},
]
LABELS = ["SANCTION"] * 4 + ["CONSULT"] * 4


@parametrize_with_checks([RelationClassifier(), RelationClassifier(C=0.1, scale=2.0)])
def test_scikit_learn(estimator: Any, check: Callable[[Any], None]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)
        check(estimator)


def test_settings_are_only_stored() -> None:
    estimator = RelationClassifier(C=3.0, abstain=0.7, folds=2)
    assert clone(estimator).get_params() == estimator.get_params()
    assert clone(RelationVectorizer(min_df=3, weights={"w": 1.0})).get_params()["weights"] == {"w": 1.0}
    assert not [name for name in vars(estimator) if name.endswith("_")]


# --- vectoriser ----------------------------------------------------------------------------------------------


def test_each_group_has_its_own_length() -> None:
    matrix = RelationVectorizer(min_df=1, weights={"w": 2.0, "s": 0.5}).fit_transform(ROWS)
    names = RelationVectorizer(min_df=1, weights={"w": 2.0, "s": 0.5}).fit(ROWS).get_feature_names_out()
    words = np.array([name.startswith("w:") for name in names])
    dense = matrix.toarray()
    assert np.allclose(np.linalg.norm(dense[:, words], axis=1), 2.0)
    assert np.allclose(np.linalg.norm(dense[:, ~words], axis=1), 0.5)


def test_rare_and_foreign_features_are_left_out() -> None:
    vectorizer = RelationVectorizer(min_df=2).fit(
        [*ROWS, {"w:once": 1.0, "x:other": 1.0, "x:other2": 1.0}, {"x:other": 1.0}]
    )
    assert "w:once" not in vectorizer.feature_names_
    assert "x:other" not in vectorizer.feature_names_
    assert list(vectorizer.feature_names_) == sorted(vectorizer.feature_names_)
    assert vectorizer.transform([{"w:unseen": 1.0}]).nnz == 0
    assert vectorizer.transform([]).shape == (0, len(vectorizer.feature_names_))


def test_nothing_to_learn_from() -> None:
    with pytest.raises(ValueError, match="nothing to learn from"):
        RelationVectorizer(min_df=2).fit([{"w:one": 1.0}])
    with pytest.raises(NotFittedError):
        RelationVectorizer().transform(ROWS)


# --- classifier ----------------------------------------------------------------------------------------------


def test_the_pipeline_learns() -> None:
    pipeline = relation_pipeline().fit(ROWS, LABELS)
    assert list(pipeline.predict(ROWS)) == LABELS
    assert np.allclose(pipeline.predict_proba(ROWS).sum(axis=1), 1.0)


def test_the_same_every_time() -> None:
    first, second = (relation_pipeline().fit(ROWS, LABELS) for _ in range(2))
    assert scorer_of(first).digest == scorer_of(second).digest


def test_calibration_never_changes_a_prediction() -> None:
    x = RelationVectorizer(min_df=1).fit_transform(ROWS)
    mild, sharp = (RelationClassifier(scale=scale).fit(x, LABELS) for scale in (0.1, 9.0))
    assert list(mild.predict(x)) == list(sharp.predict(x))
    assert (sharp.predict_proba(x).max(axis=1) > mild.predict_proba(x).max(axis=1)).all()


def test_abstaining() -> None:
    x = RelationVectorizer(min_df=1).fit_transform([*ROWS, {"w:unknown": 1.0}])
    classifier = RelationClassifier(abstain=0.55, scale=4.0).fit(x[:8], LABELS)
    labels, probabilities, kept = classifier.decide(x)
    assert list(labels[:8]) == LABELS
    assert kept[:8].all()
    assert not kept[8]
    assert ((probabilities >= 0.55) == kept).all()
    assert len(classifier.predict(x)) == 9


def test_the_scale_makes_scores_honest() -> None:
    generator = np.random.default_rng(0)
    scores = generator.normal(size=(4000, 3))
    chances = np.exp(2.0 * scores)
    chances /= chances.sum(axis=1, keepdims=True)
    known = np.array([generator.choice(3, p=row) for row in chances])
    assert best_scale(scores, known) == pytest.approx(2.0, rel=0.15)


# --- single rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("labels", [LABELS, ["SANCTION"] * 2 + ["NONE"] * 2 + ["CONSULT"] * 4])
def test_single_rows_are_scored_like_matrices(labels: list[str]) -> None:
    pipeline = relation_pipeline(scale=3.0).fit(ROWS, labels)
    scorer = scorer_of(pipeline)
    for row, expected in zip(ROWS, pipeline.predict_proba(ROWS), strict=True):
        ranked = dict(scorer.rank(row))
        assert [ranked[label] for label in pipeline.classes_] == pytest.approx(list(expected))
        assert scorer.rank(row)[0][0] == pipeline.predict([row])[0]
        assert list(ranked.values()) == sorted(ranked.values(), reverse=True)
    assert sum(p for _, p in scorer.rank({})) == pytest.approx(1.0)


def test_what_speaks_for_a_label() -> None:
    scorer = scorer_of(relation_pipeline(scale=3.0).fit(ROWS, LABELS))
    assert scorer.weights_of("SANCTION", ROWS[0])[0][0] in {"w:sanction", "w:impose"}
    assert scorer.weights_of("CONSULT", ROWS[4])[0][0] in {"w:meet", "w:talk"}


def test_only_its_own_pipeline_has_a_scorer() -> None:
    from sklearn.pipeline import Pipeline

    with pytest.raises(ValueError, match="not a pipeline"):
        scorer_of(Pipeline([("classify", RelationClassifier())]))
    with pytest.raises(NotFittedError):
        scorer_of(relation_pipeline())
