"""The classifier of relations, in scikit-learn's terms: a transformer of named features and an estimator of labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from eventcoder.learning.features import GROUPS
from eventcoder.learning.scoring import Features, Floats, Scorer, pack, softmax, two_columns, unpack, weigh

_SCALES = (0.05, 40.0)


class RelationVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """From named features to a sparse matrix: TF-IDF, with each group of features brought to its own weight.

    A group is what stands before the colon of a feature's name (see
    :data:`~eventcoder.learning.features.GROUPS`). Within a group a row has length one, so that many characters do not
    drown few predicates; then the group's weight is applied. Features of other groups are left out.

    Parameters
    ----------
    min_df : int, default=2
        Features in fewer training rows than this are left out.
    weights : mapping of str to float, optional
        Weight of each group; None for :data:`~eventcoder.learning.features.GROUPS`.

    Attributes
    ----------
    feature_names_ : tuple of str
        Names of the columns, in the order of the alphabet.
    idf_ : ndarray of shape (n_features,)
        Inverse document frequency, smoothed.
    group_ : ndarray of shape (n_features,)
        Position of each column's group.
    group_weight_ : ndarray of shape (n_groups,)
        Weights of the groups.
    """

    def __init__(self, min_df: int = 2, weights: Mapping[str, float] | None = None) -> None:
        self.min_df = min_df
        self.weights = weights

    def fit(self, X: Iterable[Features], y: object = None) -> Self:  # noqa: N803
        """Learn which features there are and how common each is.

        Parameters
        ----------
        X : iterable of mapping
            One mapping of names to counts for each row.
        y : ignored

        Raises
        ------
        ValueError
            If there is no row, or no feature is common enough.
        """
        rows = list(X)
        weights = dict(GROUPS if self.weights is None else self.weights)
        groups = {name: number for number, name in enumerate(weights)}
        common = Counter(name for row in rows for name in row if name.partition(":")[0] in groups)
        names = sorted(name for name, count in common.items() if count >= self.min_df and "\n" not in name)
        if not names:
            raise ValueError(f"no feature occurs in {self.min_df} of {len(rows)} rows: there is nothing to learn from")
        self.feature_names_ = tuple(names)
        counts = np.array([common[name] for name in names], dtype=np.float64)
        self.idf_: Floats = np.log((1.0 + len(rows)) / (1.0 + counts)) + 1.0
        self.group_ = np.array([groups[name.partition(":")[0]] for name in names], dtype=np.int32)
        self.group_weight_ = np.array(list(weights.values()), dtype=np.float64)
        self._columns = {name: column for column, name in enumerate(names)}
        return self

    def transform(self, X: Iterable[Features]) -> sp.csr_matrix:  # noqa: N803
        """Return the matrix of rows.

        Returns
        -------
        scipy.sparse.csr_matrix of shape (n_rows, n_features)
        """
        check_is_fitted(self)
        columns: list[NDArray[np.intp]] = []
        values: list[Floats] = []
        ends = [0]
        for row in X:
            own, weighed = weigh(row, self._columns, self.idf_, self.group_, self.group_weight_)
            columns.append(own)
            values.append(weighed)
            ends.append(ends[-1] + len(own))
        shape = (len(ends) - 1, len(self.feature_names_))
        if not columns:
            return sp.csr_matrix(shape, dtype=np.float64)
        return sp.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Return the names of the columns."""
        check_is_fitted(self)
        return np.array(self.feature_names_, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.dict = True
        tags.requires_fit = True
        return tags

    def __getstate__(self) -> dict[str, Any]:
        # Tens of thousands of names one by one would take a model file seconds to open.
        state = dict(super().__getstate__())
        state.pop("_columns", None)
        if "feature_names_" in state:
            state["feature_names_"] = pack(state["feature_names_"])
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        if "feature_names_" in state:
            state["feature_names_"] = unpack(state["feature_names_"])
            state["_columns"] = {name: column for column, name in enumerate(state["feature_names_"])}
        super().__setstate__(state)


class RelationClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A linear support vector machine with calibrated probabilities, and the choice to say nothing.

    The machines' scores become probabilities by a softmax with one scale, which is fitted to scores of rows that were
    left out of training. The order of the labels is that of the scores, so calibration never changes a prediction.

    Parameters
    ----------
    C : float, default=0.5
        Inverse strength of the regularisation.
    abstain : float, default=0.0
        :meth:`decide` keeps predictions at or above this probability only; the other methods do not look at it.
    scale : float, optional
        The scale of the softmax; None to fit it by cross-validation.
    folds : int, default=4
        Folds for fitting the scale.
    random_state : int, default=0
        Seed of the solver and of the folds.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels.
    coef_ : ndarray of shape (n_classes, n_features)
        Weights; one row where there are two classes.
    intercept_ : ndarray of shape (n_classes,)
        Intercepts; one where there are two classes.
    scale_ : float
        The scale of the softmax.
    n_features_in_ : int
        Number of columns seen in :meth:`fit`.
    n_iter_ : int
        Iterations of the solver.
    """

    def __init__(
        self,
        C: float = 0.5,  # noqa: N803
        abstain: float = 0.0,
        scale: float | None = None,
        folds: int = 4,
        random_state: int | None = 0,
    ) -> None:
        self.C = C
        self.abstain = abstain
        self.scale = scale
        self.folds = folds
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def fit(self, X: ArrayLike | sp.csr_matrix, y: ArrayLike) -> Self:  # noqa: N803
        """Learn labels from rows.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_rows, n_features)
            Numbers only.
        y : array of shape (n_rows,)
            One label for each row.

        Raises
        ------
        ValueError
            If there is only one class, or the numbers of rows differ.
        """
        rows, y = validate_data(self, X, y, accept_sparse="csr", dtype=np.float64)
        check_classification_targets(y)
        self.classes_, known = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("a classifier needs at least two classes; there is only one class in y")
        with threadpool_limits(limits=1):
            machine = self._machine().fit(rows, known)
            self.coef_: Floats = machine.coef_
            self.intercept_: Floats = machine.intercept_
            self.n_iter_ = int(np.max(machine.n_iter_))
            self.scale_ = float(self.scale) if self.scale is not None else self._fitted_scale(rows, known)
        return self

    def _machine(self) -> LinearSVC:
        return LinearSVC(C=self.C, random_state=self.random_state, max_iter=4000)

    def _fitted_scale(self, X: Any, known: NDArray[np.intp]) -> float:  # noqa: N803
        folds = min(self.folds, int(np.bincount(known).min()))
        if folds < 2:
            return 1.0
        splitter = StratifiedKFold(folds, shuffle=True, random_state=self.random_state)
        scores = np.zeros((len(known), len(self.classes_)))
        for learnt, left in splitter.split(np.zeros(len(known)), known):
            found = self._machine().fit(X[learnt], known[learnt]).decision_function(X[left])
            scores[left] = two_columns(found)
        return best_scale(scores, known)

    def decision_function(self, X: ArrayLike | sp.csr_matrix) -> Floats:  # noqa: N803
        """Return the machines' scores: (n_rows, n_classes), or (n_rows,) where there are two classes."""
        check_is_fitted(self)
        rows = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False)
        scores: Floats = np.asarray(rows @ self.coef_.T) + self.intercept_
        return scores.ravel() if scores.shape[1] == 1 else scores

    def predict_proba(self, X: ArrayLike | sp.csr_matrix) -> Floats:  # noqa: N803
        """Return the probability of each label, shape (n_rows, n_classes)."""
        return softmax(two_columns(self.decision_function(X)), self.scale_)

    def predict(self, X: ArrayLike | sp.csr_matrix) -> NDArray[Any]:  # noqa: N803
        """Return the most probable label of each row; every row is answered."""
        scores = self.decision_function(X)
        best = (scores > 0).astype(np.intp) if scores.ndim == 1 else scores.argmax(axis=1)
        answer: NDArray[Any] = self.classes_[best]
        return answer

    def decide(self, X: ArrayLike | sp.csr_matrix) -> tuple[NDArray[Any], Floats, NDArray[np.bool_]]:  # noqa: N803
        """Return the best label of each row, its probability, and whether it reaches ``abstain``."""
        probabilities = self.predict_proba(X)
        best = probabilities.argmax(axis=1)
        highest: Floats = probabilities[np.arange(len(best)), best]
        return self.classes_[best], highest, highest >= self.abstain


def relation_pipeline(**settings: Any) -> Pipeline:
    """Return an unfitted pipeline from rows of features to labels.

    Parameters
    ----------
    **settings
        Parameters of :class:`RelationClassifier`.
    """
    return Pipeline([("vectorise", RelationVectorizer()), ("classify", RelationClassifier(**settings))])


def scorer_of(pipeline: Pipeline) -> Scorer:
    """Return the arrays of a fitted :func:`relation_pipeline`.

    Raises
    ------
    ValueError
        If the pipeline is another one, or its arrays do not fit together.
    """
    kinds = [type(step) for _, step in pipeline.steps]
    if kinds != [RelationVectorizer, RelationClassifier]:
        raise ValueError("not a pipeline of a RelationVectorizer and a RelationClassifier")
    vectorizer, classifier = pipeline.steps[0][1], pipeline.steps[1][1]
    check_is_fitted(vectorizer)
    check_is_fitted(classifier)
    return Scorer(
        names=vectorizer.feature_names_,
        idf=vectorizer.idf_,
        group=vectorizer.group_,
        group_weight=vectorizer.group_weight_,
        coef=classifier.coef_,
        intercept=classifier.intercept_,
        scale=float(classifier.scale_),
        labels=tuple(map(str, classifier.classes_)),
    )


def best_scale(scores: Floats, known: NDArray[np.intp]) -> float:
    """Return the scale under which the right labels are most probable."""
    rows = np.arange(len(known))

    def loss(scale: float) -> float:
        return float(-np.log(np.maximum(softmax(scores, scale)[rows, known], 1e-12)).mean())

    return float(minimize_scalar(loss, bounds=_SCALES, method="bounded").x)
