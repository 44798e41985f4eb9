from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from eventcoder.codebook.model import Category, Codebook
from eventcoder.errors import InputError
from eventcoder.language.parser import Parser
from eventcoder.learning import backoff, training
from eventcoder.learning.backoff import BackOff, cache_folder, label_of, shipped_sentences
from eventcoder.learning.features import tokens_within, unmark
from eventcoder.learning.modelfile import load
from eventcoder.learning.training import Labelled, check_labels, read_labelled, train_file

FEW = ("CONSULT", "SANCTION", "THREATEN", "NONE", "AGREE")


def few() -> list[Labelled]:
    """The first sentences of some labels: enough to train on in a second."""
    sentences = shipped_sentences()
    return [each for label in FEW for each in [s for s in sentences if s.label == label][:24]]


@pytest.fixture(scope="module")
def crisis() -> Codebook:
    return Codebook.read("crisis")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own, and few sentences to train on."""
    monkeypatch.setattr(backoff, "shipped_sentences", few)
    monkeypatch.setenv("EVENTCODER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def sure(crisis: Codebook, tmp_path_factory: pytest.TempPathFactory) -> BackOff:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backoff, "shipped_sentences", few)
        patch.setenv("EVENTCODER_CACHE", str(tmp_path_factory.mktemp("cache")))
        return BackOff.shipped(crisis, threshold=0.3)


# --- shipped sentences -----------------------------------------------------------------------------------------


def test_shipped_sentences() -> None:
    sentences = shipped_sentences()
    assert {each.label for each in sentences} >= {*FEW, "DENY", "MOBILIZE", "STATEMENT"}
    assert all(each.source and each.target for each in sentences)
    check_labels(sentences, "")
    assert sentences == shipped_sentences()


# --- cache -----------------------------------------------------------------------------------------------------


def test_trained_once(small: Path, crisis: Codebook, monkeypatch: pytest.MonkeyPatch) -> None:
    first = BackOff.shipped(crisis)
    assert [path.name for path in small.iterdir()] == [f"classifier-{first.fingerprint[:24]}.npz"]

    def forbidden(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(backoff, "train", forbidden)
    second = BackOff.shipped(crisis)
    assert second.fingerprint == first.fingerprint
    assert second.model[0].digest == first.model[0].digest
    assert second.describe()["figures"] == first.describe()["figures"]


def test_a_damaged_cache_is_made_anew(small: Path, crisis: Codebook) -> None:
    first = BackOff.shipped(crisis)
    path = next(small.iterdir())
    path.write_bytes(b"not a model")
    assert BackOff.shipped(crisis).model[0].digest == first.model[0].digest
    assert path.read_bytes() != b"not a model"


def test_without_a_place_for_a_cache(
    tmp_path: Path, small: Path, crisis: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("EVENTCODER_CACHE", str(blocked / "cache"))
    assert BackOff.shipped(crisis).categories
    assert not small.exists()


def test_the_fingerprint_follows_the_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = few(), few()[1:]
    assert training.fingerprint(one, "x") == training.fingerprint(few(), "x")
    assert len({training.fingerprint(one, "x"), training.fingerprint(two, "x"), training.fingerprint(one, "y")}) == 3
    before = training.fingerprint(one, "x")
    monkeypatch.setattr(training, "__version__", "99")
    assert training.fingerprint(one, "x") != before


def test_old_caches_go(small: Path, crisis: Codebook) -> None:
    small.mkdir()
    for number in range(6):
        path = small / f"classifier-{number}.npz"
        path.write_bytes(b"")
        os.utime(path, (number, number))
    (small / "other.txt").write_text("")
    found = BackOff.shipped(crisis)
    left = sorted(path.name for path in small.iterdir())
    assert f"classifier-{found.fingerprint[:24]}.npz" in left
    assert len(left) == 5
    assert "other.txt" in left


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"EVENTCODER_CACHE": "/x/y"}, "/x/y"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/eventcoder"),
        ("linux", {"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/eventcoder"),
        ("linux", {"HOME": "/h"}, "/h/.cache/eventcoder"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/eventcoder"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/eventcoder/Cache"),
        ("win32", {}, None),
    ],
)
def test_the_cache_folder(
    platform: str, variables: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EVENTCODER_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(backoff.sys, "platform", platform)
    assert cache_folder() == (Path(expected) if expected else None)


# --- labels and categories ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "label"),
    [
        (Category("meet", cameo="040"), "CONSULT"),
        (Category("deny", cameo="016"), "DENY"),
        (Category("refute", cameo="016"), "DENY"),
        (Category("punish", cameo="163", plover="SANCTION"), "SANCTION"),
        (Category("Sanction", cameo="163"), "SANCTION"),
        (Category("my_talks", plover="CONSULT"), "CONSULT"),
        (Category("aid", cameo="070"), ""),
        (Category("nothing"), ""),
    ],
)
def test_the_label_of_a_category(category: Category, label: str) -> None:
    assert label_of(category, ("CONSULT", "DENY", "SANCTION", "NONE")) == label


def test_crisis(crisis: Codebook) -> None:
    labels = ("CONSULT", "DENY", "SANCTION", "MOBILIZE", "THREATEN", "COERCE", "ASSAULT", "NONE", "STATEMENT")
    found = {label_of(category, labels): category.name for category in crisis.categories if not category.silent}
    assert found == {
        "CONSULT": "meet",
        "DENY": "deny",
        "SANCTION": "sanction",
        "MOBILIZE": "deploy",
        "THREATEN": "threaten",
    }


# --- predictions -------------------------------------------------------------------------------------------------


def predicted(found: BackOff, parser: Parser, marked: str) -> str:
    sentence = unmark(marked)
    parse = parser.parse(sentence.text)
    answer = found.predict(parse, tokens_within(parse, sentence.source), tokens_within(parse, sentence.target))
    return answer[0] if answer else ""


def test_predictions(sure: BackOff, parser: Parser) -> None:
    threat = "<s>Tehran</s> warned <t>Riyadh</t> that it would answer any strike with missiles."
    assert predicted(sure, parser, threat) == "THREATEN"
    assert (
        predicted(sure, parser, "<s>The Peruvian minister</s> held talks with <t>his Bolivian colleague</t>.")
        == "CONSULT"
    )
    assert predicted(sure, parser, "<s>Spain</s> beat <t>Italy</t> in the final.") == ""


def test_a_label_without_a_category_is_not_coded(sure: BackOff, parser: Parser) -> None:
    parse = parser.parse("Norway has agreed to sign a treaty with Sweden.")
    label, probability = sure.rank(parse, (0,), (8,))[0]
    assert label == "AGREE"
    assert probability > sure.threshold
    assert sure.predict(parse, (0,), (8,)) is None


def test_below_the_threshold_nothing_is_coded(small: Path, crisis: Codebook, parser: Parser) -> None:
    never = BackOff.shipped(crisis, threshold=1.01)
    assert predicted(never, parser, "<s>Peru</s> held talks with <t>Bolivia</t>.") == ""
    assert BackOff.shipped(crisis).threshold >= backoff.SHIPPED_THRESHOLD


def test_ranks_hold_every_label(sure: BackOff, parser: Parser) -> None:
    parse = parser.parse("Peru held talks with Bolivia.")
    ranked = sure.rank(parse, (0,), (4,))
    assert {label for label, _ in ranked} == set(FEW)
    assert sum(p for _, p in ranked) == pytest.approx(1.0)
    assert sure.rank(parser.parse(""), (), ())


def test_description(sure: BackOff) -> None:
    about = sure.describe()
    assert about["sentences"] == len(few())
    assert about["categories"] == {"CONSULT": "meet", "SANCTION": "sanction", "THREATEN": "threaten"}
    assert 0 < about["figures"]["macro_f1"] <= 1
    assert about["threshold"] == 0.3


# --- training ----------------------------------------------------------------------------------------------------


def write(path: Path, header: str, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def labelled(path: Path) -> Path:
    rows = [
        (each.text, each.text[slice(*each.source[0])], each.text[slice(*each.target[0])], each.label) for each in few()
    ]
    return write(path, "text,source,target,category", *rows)


def test_train_file(tmp_path: Path, crisis: Codebook, parser: Parser) -> None:
    output = tmp_path / "m.model"
    report = train_file(labelled(tmp_path / "l.csv"), output)
    assert report.endswith(f"written: {output}")
    assert all(label in report for label in FEW)
    scorer, about = load(output)
    assert set(scorer.labels) == set(FEW)
    assert about["figures"]["labels"]["CONSULT"]["sentences"] == 24
    assert about["versions"]["scikit-learn"]
    read = BackOff.read(output, crisis, threshold=0.3)
    assert read.fingerprint == about["fingerprint"]
    assert predicted(read, parser, "<s>Peru</s> held talks with <t>Bolivia</t>.") == "CONSULT"
    train_file(labelled(tmp_path / "l.csv"), tmp_path / "again.model")
    assert load(tmp_path / "again.model")[0].digest == scorer.digest


def test_marked_text_and_strings_are_read_alike(tmp_path: Path) -> None:
    strings = write(tmp_path / "a.csv", "text,source,target,category", ("Chad sued Mali.", "Chad", "Mali", "ACCUSE"))
    marks = write(tmp_path / "b.csv", "label,text", ("ACCUSE", "<s>Chad</s> sued <t>Mali</t>."))
    assert read_labelled(strings) == read_labelled(marks)
    alone = write(tmp_path / "c.csv", "text,source,target,category", ("Chad sued.", "Chad", "", "ACCUSE"))
    assert read_labelled(alone)[0].target == ()


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        ("sent,category", ("x", "y"), (":1:", "no column 'text'")),
        ("text,class", ("x", "y"), (":1:", "no column 'category'")),
        ("text,category", ("<s>Chad</s> left.", ""), (":2:", "'category' is empty")),
        ("text,category", ("<s>Chad left.", "A"), (":2:", "marker")),
        ("text,category", ("Chad left.", "A"), (":2:", "no source")),
        ("text,source,category", ("Chad left.", "Togo", "A"), (":2:", "'Togo' does not stand in the text")),
    ],
)
def test_bad_rows(tmp_path: Path, header: str, row: tuple[str, ...], words: tuple[str, ...]) -> None:
    path = write(tmp_path / "l.csv", header, row)
    with pytest.raises(InputError) as caught:
        read_labelled(path)
    for word in (str(path), *words):
        assert word in str(caught.value)


def test_many_bad_rows_are_told_together(tmp_path: Path) -> None:
    path = write(tmp_path / "l.csv", "text,category", *[("Chad left.", "A")] * 9)
    with pytest.raises(InputError) as caught:
        read_labelled(path)
    assert str(caught.value).count("\n") == 5
    assert "4 more" in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_labelled(tmp_path / "none.csv")
    path = tmp_path / "l.csv"
    path.write_bytes("text,category\nCafé,A\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_labelled(path)
    path.write_text("text,category\n")
    with pytest.raises(InputError, match="no row below the header"):
        read_labelled(path)
    path.write_text("")
    with pytest.raises(InputError, match="no column"):
        read_labelled(path)


def test_too_little_to_learn_from() -> None:
    one = Labelled("A", "Chad left.", ((0, 4),), ())
    with pytest.raises(InputError, match="only the category 'A'"):
        check_labels([one] * 9, "l.csv")
    with pytest.raises(InputError, match=r"too few sentences to learn from: B \(1\)"):
        check_labels([*[one] * 9, Labelled("B", "Chad left.", ((0, 4),), ())], "l.csv")


def test_a_classifier_that_knows_nothing_says_nothing() -> None:
    rows = [{f"w:{k % 3}": 1.0} for k in range(40)]
    labels = ["A" if (k * 7) % 11 < 6 else "B" for k in range(40)]
    figures = training.cross_validate(rows, labels, [str(k) for k in range(40)])
    assert figures.threshold > 1
    assert "says nothing at all in coding" in figures.table()


def test_the_threshold_is_the_lowest_that_is_precise_enough() -> None:
    probabilities = np.array([0.9] * 17 + [0.8] * 3 + [0.3] * 20)
    right = np.array([True] * 17 + [False] * 3 + [False] * 20)
    assert training._threshold(probabilities, right) == pytest.approx((0.8, 0.85, 0.5))
    assert training._threshold(probabilities[:9], right[:9])[0] > 1
    assert training._threshold(probabilities[:0], right[:0])[0] > 1
