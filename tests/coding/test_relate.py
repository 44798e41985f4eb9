from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventcoder.actors.resolve import StoryMemory
from eventcoder.coding import relate as module
from eventcoder.coding.backoff import add_classified
from eventcoder.coding.coder import Coder
from eventcoder.coding.relate import Asked, Relation, locate, relate, relate_file
from eventcoder.coding.sentence import Context, SentenceReading
from eventcoder.errors import InputError, ModelError, OutputError
from eventcoder.learning import backoff
from eventcoder.learning.backoff import BackOff, shipped_sentences
from eventcoder.learning.training import Labelled

FEW = ("CONSULT", "SANCTION", "THREATEN", "NONE", "AID", "MOBILIZE")


@pytest.fixture(scope="module", autouse=True)
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The classifier learns from few sentences, and keeps what it learnt for these tests only."""
    sentences = shipped_sentences()
    few: list[Labelled] = [each for label in FEW for each in [s for s in sentences if s.label == label][:30]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backoff, "shipped_sentences", lambda: few)
        patch.setenv("EVENTCODER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def relating(small: None) -> Coder:
    return Coder("crisis")


def row(sentence: str, source: str = "", target: str = "", marked: str = "") -> dict[str, str]:
    return {"uid": "1", "sentence": sentence, "source": source, "target": target, "marked_sentence": marked}


def answer(coder: Coder, *args: str) -> Relation:
    return next(relate(coder, [row(*args)]))


# --- where the parties stand -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (row("Chad sued Mali.", "Chad", "Mali"), Asked("Chad sued Mali.", ((0, 4),), ((10, 14),))),
        (row("x", "Mali", "Chad", "<s>Chad</s> sued <t>Mali</t>."), Asked("Chad sued Mali.", ((0, 4),), ((10, 14),))),
        (row("x", "", "Mali", "<s>Chad</s> sued <t>Mali."), Asked("Chad sued Mali.", ((0, 4),), ((10, 14),))),
        (row("x", "Togo", "Mali", "<s>Chad sued Mali."), Asked("Chad sued Mali.", (), ((10, 14),))),
        (row("Chad sued Mali."), Asked("Chad sued Mali.", (), ())),
        (row("LOME, May 3 (AP) -- Chad sued Mali.", "Chad"), Asked("Chad sued Mali.", ((0, 4),), ())),
        (row("LOME, May 3 (AP) -- It rained.", "LOME"), Asked("LOME, May 3 (AP) -- It rained.", ((0, 4),), ())),
        ({"sentence": "Chad sued Mali."}, Asked("Chad sued Mali.", (), ())),
        ({}, Asked("", (), ())),
    ],
)
def test_locate(given: dict[str, str], expected: Asked) -> None:
    assert locate(given) == expected


# --- answers -------------------------------------------------------------------------------------------------------


def test_a_pattern_answers(relating: Coder) -> None:
    found = answer(relating, "The company sanctioned the village in May.", "The company", "the village")
    assert (found.category, found.method) == ("sanction", "rule")
    assert "crisis.yaml" in found.rule
    assert 0.7 < found.confidence <= 1


def test_parties_need_not_be_in_a_dictionary(relating: Coder) -> None:
    found = answer(relating, "Zorblax threatened to attack Quux with war.", "Zorblax", "Quux")
    assert (found.category, found.plover, found.method) == ("threaten", "THREATEN", "rule")


def test_parties_of_one_country_are_two(relating: Coder) -> None:
    found = answer(relating, "American officials met American farmers.", "American officials", "American farmers")
    assert (found.category, found.plover, found.method) == ("meet", "CONSULT", "rule")


def test_the_pattern_whose_parties_fit_wins(relating: Coder) -> None:
    text = "Zorblax met Quux after Blorg sanctioned Frob."
    assert answer(relating, text, "Zorblax", "Quux").category == "meet"
    assert answer(relating, text, "Blorg", "Frob").category == "sanction"


def test_the_classifier_answers_the_rest(relating: Coder) -> None:
    found = answer(relating, "Zorblax gave Quux a frosty look.", "Zorblax", "Quux")
    assert found.method == "classifier"
    assert found.rule.startswith("classifier ")
    assert found.plover
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("text", ["", " ", ".", "Yes!", "<s>", "\u200b", "a " * 400])
def test_every_row_is_answered(relating: Coder, text: str) -> None:
    found = answer(relating, text, "Chad", "Mali")
    assert found.category or found.plover


def test_answers_do_not_depend_on_other_rows(relating: Coder) -> None:
    rows = [row("Chad met Mali.", "Chad", "Mali"), row("Mali sanctioned Chad.", "Mali", "Chad"), row("")]
    assert list(relate(relating, rows)) == [next(relate(relating, [each])) for each in rows]


def test_relating_needs_a_classifier(coder: Coder) -> None:
    with pytest.raises(InputError, match="needs a classifier"):
        next(relate(coder, [row("Chad met Mali.")]))


def test_a_model_with_labels_of_its_own_answers_alone(relating: Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = relating.classifier
    assert isinstance(classifier, BackOff)
    monkeypatch.setitem(classifier.__dict__, "categories", {})
    assert answer(relating, "Chad met Mali.", "Chad", "Mali").method == "classifier"


# --- files ---------------------------------------------------------------------------------------------------------


def test_files(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(
        "\ufeffuid,sentence,note,source,target,confidence\n"
        'b,"Chad met Mali, again.",keep,Chad,Mali,old\n'
        "a,Mali sanctioned Chad.,,Mali,Chad,\n",
        encoding="utf-8",
    )
    output = tmp_path / "out.csv"
    report = relate_file(source, output, "crisis")
    assert report.startswith("2 rows: 2 by rule\n")
    with output.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["uid", "sentence", "note", "source", "target", *module.ANSWER]
    assert [(each["uid"], each["category"], each["method"]) for each in rows] == [
        ("b", "meet", "rule"),
        ("a", "sanction", "rule"),
    ]
    assert rows[0]["note"] == "keep"
    assert b"\r" not in output.read_bytes()
    first = output.read_bytes()
    relate_file(source, output, "crisis")
    assert output.read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("uid,sentence\n1,x\n", (":1:", "'source', 'target'")),
        ("", (":1:", "no column")),
        ("uid,sentence,source,target\n1,Chad, met,Mali,x\n", (":2:", "more cells than the header")),
        ('uid,sentence,source,target\n1,"Chad\n', ("no well-formed CSV",)),
    ],
)
def test_bad_input(tmp_path: Path, content: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "in.csv"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        relate_file(path, tmp_path / "out.csv", "crisis")
    for word in (str(path), *words):
        assert word in str(caught.value)
    assert not (tmp_path / "out.csv").exists()


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        relate_file(tmp_path / "none.csv", tmp_path / "out.csv")
    path = tmp_path / "in.csv"
    path.write_text("uid,sentence,source,target\n")
    with pytest.raises(ModelError, match="there is no such model file"):
        relate_file(path, tmp_path / "out.csv", "crisis", tmp_path / "none.model")
    with pytest.raises(OutputError, match="cannot be written"):
        relate_file(path, tmp_path / "no" / "out.csv", "crisis")
    assert relate_file(path, tmp_path / "out.csv", "crisis").startswith("0 rows\n")


# --- the classifier in coding ----------------------------------------------------------------------------------------


def classified(coder: Coder, text: str, threshold: float = 0.2) -> SentenceReading:
    context = Context(None, StoryMemory())
    reading = coder.reader.read(coder.parser.parse(text), context)
    found = BackOff.shipped(coder.codebook, threshold=threshold)
    add_classified(reading, found, coder.codebook, coder.ontology, context)
    return reading


def test_a_clause_without_a_pattern_is_classified(relating: Coder) -> None:
    reading = classified(relating, "Norway vowed revenge on Sweden on Monday.")
    added = [draft for draft in reading.drafts if draft.method == "classifier"]
    rules = [draft for draft in reading.drafts if draft.method == "rule"]
    assert added or rules
    for draft in added:
        assert draft.rule.startswith("classifier ")
        assert 0.2 <= draft.confidence <= 1
        assert (draft.source.code, draft.target.code) == ("NOR", "SWE")
        assert draft.cameo


def test_what_patterns_found_is_left_alone(relating: Coder) -> None:
    for text in ("Norway met Sweden on Monday.", "Norway imposed sanctions on Sweden and froze it out."):
        rules = relating.code_parse(relating.parser.parse(text)).drafts
        reading = classified(relating, text)
        assert [draft for draft in reading.drafts if draft.method == "rule"] == rules
        pairs = [{draft.source.code, draft.target.code} for draft in rules]
        assert not [d for d in reading.drafts if d.method == "classifier" and {d.source.code, d.target.code} in pairs]


@pytest.mark.parametrize(
    "text",
    [
        "Norway is larger than Sweden.",
        "The villagers scolded the fishermen.",
        "Norway scolded the fishermen.",
        "Joe Biden warned Volodymyr Zelensky that Russia could attack within days.",
        "Joe Biden warned Volodymyr Zelensky that the U.S. believed that Russia could invade.",
    ],
)
def test_nothing_is_added(relating: Coder, text: str) -> None:
    assert not [d for d in classified(relating, text, 0.0).drafts if d.method == "classifier"]


def test_nothing_is_added_below_the_threshold(relating: Coder) -> None:
    assert not [
        d for d in classified(relating, "Norway vowed revenge on Sweden.", 1.01).drafts if d.method == "classifier"
    ]


def test_drafts_stay_in_the_order_of_the_text(relating: Coder) -> None:
    reading = classified(relating, "Norway mocked Sweden, Chad met Mali and Peru mocked Cuba.", 0.0)
    heads = [draft.clause.light if draft.clause.light >= 0 else draft.clause.head for draft in reading.drafts]
    assert heads == sorted(heads)
