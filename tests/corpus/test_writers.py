"""Writing event tables and the files beside them: exact bytes, and what comes back when they are read."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventcoder.corpus.writers import (
    EventWriter,
    FaultsWriter,
    StoriesWriter,
    beside,
    guard,
    output_format,
    read_events,
    replacing,
    unguard,
    write_json,
)
from eventcoder.errors import InputError, OutputError
from eventcoder.records import EVENT_COLUMNS, Event, Fault

EVENT = Event(
    event_id="e1",
    doc_id="a.txt",
    sentence_id=1,
    story_date="2022-01-27",
    date="2022-01-27",
    date_end="2022-01-27",
    date_precision="story",
    source="GBRGOV",
    source_name="United Kingdom",
    source_country="GBR",
    source_roles="GOV",
    source_text="the UK",
    action="imposed sanctions",
    target="RUS",
    target_name="Russia",
    target_country="RUS",
    target_roles="",
    target_text="Russia",
    category="sanction",
    code="163",
    cameo="163",
    plover="SANCTION",
    mode="",
    context="",
    quad="4",
    goldstein=-8.0,
    status="actual",
    act="",
    speaker="",
    quoted=False,
    mirrored=True,
    match_id="m1",
    duplicate_of="",
    place_text="",
    place_country="",
    method="rule",
    rule="crisis.yaml:10 sanction#1",
    confidence=0.8754,
    sentence='The UK, he said, "imposed\nsanctions" on Russia.',
    start=10,
    end=27,
)


def written(path: Path, events: list[Event]) -> list[dict[str, str]]:
    with EventWriter(path) as writer:
        writer.write(events)
    return read_events(path)


def test_csv_bytes(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    written(path, [EVENT])
    lines = path.read_bytes().decode().split("\n", 1)
    assert lines[0] == ",".join(EVENT_COLUMNS)
    assert lines[1] == (
        "e1,a.txt,1,2022-01-27,2022-01-27,2022-01-27,story,GBRGOV,United Kingdom,GBR,GOV,the UK,imposed sanctions,"
        "RUS,Russia,RUS,,Russia,sanction,163,163,SANCTION,,,4,-8.0,actual,,,false,true,m1,,,,rule,"
        'crisis.yaml:10 sanction#1,0.875,"The UK, he said, ""imposed\nsanctions"" on Russia.",10,27\n'
    )


@pytest.mark.parametrize(
    ("goldstein", "cell"), [(None, ""), (-0.04, "0.0"), (-10.0, "-10.0"), (float("nan"), ""), (3.4, "3.4"), (7, "7.0")]
)
def test_goldstein_has_one_decimal(tmp_path: Path, goldstein: float | None, cell: str) -> None:
    for name in ("e.csv", "e.jsonl", "e.parquet"):
        (row,) = written(tmp_path / name, [replace(EVENT, goldstein=goldstein)])
        assert row["goldstein"] == cell


@pytest.mark.parametrize("text", ["=SUM(A1)", "+44 20", "-1 or so", "@home", "\tx", "\rx", "'=1", "''@", "-5"])
def test_text_cells_are_safe_in_a_spreadsheet(tmp_path: Path, text: str) -> None:
    event = replace(EVENT, source_text=text, sentence=text)
    path = tmp_path / "e.csv"
    assert written(path, [event])[0]["source_text"] == text
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    assert frame["source_text"][0].startswith("'")
    assert frame["goldstein"][0] == "-8.0", "numbers stay numbers"
    for name in ("e.jsonl", "e.parquet"):
        assert written(tmp_path / name, [event])[0]["source_text"] == text


@given(st.text())
def test_guard_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in set("=+-@\t\r") or not text


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_text_comes_back_from_csv(tmp_path: Path, text: str) -> None:
    rows = written(tmp_path / "e.csv", [replace(EVENT, sentence=text), EVENT])
    assert [row["sentence"] for row in rows] == [text, EVENT.sentence]


def test_formats_say_the_same(tmp_path: Path) -> None:
    events = [EVENT, replace(EVENT, event_id="e2", goldstein=None, confidence=1.0, sentence="Ü – \u2028 end")]
    tables = [written(tmp_path / name, events) for name in ("e.csv", "e.jsonl", "e.parquet")]
    assert tables[0] == tables[1] == tables[2]
    assert list(tables[0][0]) == list(EVENT_COLUMNS)


@pytest.mark.parametrize("name", ["e.csv", "e.jsonl", "e.parquet"])
def test_bytes_do_not_depend_on_batches(tmp_path: Path, name: str) -> None:
    events = [replace(EVENT, event_id=f"e{number}") for number in range(25)]
    written(tmp_path / name, events)
    whole = (tmp_path / name).read_bytes()
    with EventWriter(tmp_path / name) as writer:
        for event in events:
            writer.write([event])
    assert (tmp_path / name).read_bytes() == whole


@pytest.mark.parametrize("name", ["e.csv", "e.jsonl", "e.parquet"])
def test_empty_table_has_its_columns(tmp_path: Path, name: str) -> None:
    assert written(tmp_path / name, []) == []
    if name == "e.csv":
        assert (tmp_path / name).read_text() == ",".join(EVENT_COLUMNS) + "\n"


def test_standard_output() -> None:
    stream = io.BytesIO()
    with EventWriter("-", stream) as writer:
        writer.write([EVENT])
    assert stream.getvalue().startswith(b"event_id,doc_id,")
    assert stream.getvalue().endswith(b",10,27\n")


@pytest.mark.parametrize("name", ["e.csv", "e.jsonl", "e.parquet"])
def test_nothing_half_written_under_the_final_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("earlier")

    def stopped() -> None:
        with EventWriter(path) as writer:
            writer.write([EVENT])
            assert path.read_text() == "earlier"
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stopped()
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert path.read_text() == "earlier"


def test_unwritable_output(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"e.csv: cannot be written: No such file or directory"):
        written(tmp_path / "nowhere" / "e.csv", [])


@pytest.mark.parametrize("name", ["events", "events.xlsx", "events.csv.gz"])
def test_unknown_output_format(name: str) -> None:
    with pytest.raises(OutputError, match=r"must end in .csv, .jsonl, .parquet.*or be - for standard output"):
        output_format(name)


def test_reading_what_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"e.csv: no such file"):
        read_events(tmp_path / "e.csv")


# --- beside the table --------------------------------------------------------------------------------


def story_row(key: str, **others: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(("date", "date_origin", "publisher", "language", "notes"), "")
    return {**row, "id": key, "sentences": 3, "events": 0, **others}


def test_stories_file(tmp_path: Path) -> None:
    writer = StoriesWriter(tmp_path / "wait")
    writer.write(story_row("a", notes="=x"), [("events", "7"), ("region", "-3.5")])
    writer.write(story_row("-b", sentences=None, events=None), [("region", "+x"), ("events_input", "8")])
    writer.finish(tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_text() == (
        "id,date,date_origin,publisher,language,sentences,events,notes,events_input,region,events_input_input\n"
        "a,,,,,3,0,'=x,7,-3.5,\n"
        "'-b,,,,,,,,,'+x,8\n"
    )
    assert not (tmp_path / "wait").exists()


def test_faults_file_only_where_there_are_faults(tmp_path: Path) -> None:
    path = tmp_path / "e.faults.jsonl"
    with FaultsWriter(path) as writer:
        writer.write([Fault("a", "read", "Grüße", "a:1")])
        writer.write([])
    assert json.loads(path.read_text()) == {"story_id": "a", "stage": "read", "message": "Grüße", "place": "a:1"}
    with FaultsWriter(path) as writer:
        writer.write([])
    assert not path.exists(), "a stale one is removed"


def test_names_beside_the_table() -> None:
    assert beside(Path("out/events.csv"), "run.json") == Path("out/events.run.json")


def test_replacing_and_json(tmp_path: Path) -> None:
    write_json(tmp_path / "r.json", {"b": "ü", "a": 1})
    assert (tmp_path / "r.json").read_text() == '{\n  "b": "ü",\n  "a": 1\n}\n'
    with replacing(tmp_path / "x") as stream:
        stream.write(b"1")
        assert not (tmp_path / "x").exists()
    assert (tmp_path / "x").read_bytes() == b"1"
