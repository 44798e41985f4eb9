"""Runs over a corpus with a small coder in place of the real one: order, resuming, processes, faults."""

from __future__ import annotations

import datetime
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from eventcoder.corpus.journal import Journal, check_output
from eventcoder.corpus.runs import RowFilter, check_statuses, run, versions
from eventcoder.corpus.summary import Summary, plain_summary, print_summary
from eventcoder.corpus.workers import Outcome, one_thread
from eventcoder.corpus.writers import read_events
from eventcoder.errors import InputError, ModelError, OutputError
from eventcoder.records import EVENT_COLUMNS, Event, Fault, Story, StoryResult


def an_event(story: Story, number: int, **values: Any) -> Event:
    blank: dict[str, Any] = dict.fromkeys(EVENT_COLUMNS, "")
    day = story.date.isoformat() if story.date else ""
    blank.update(
        event_id=f"{story.id}-{number}",
        doc_id=story.id,
        sentence_id=number,
        story_date=day,
        date=day,
        date_end=day,
        source="GBR",
        target="RUS",
        category="meet",
        cameo="040",
        goldstein=1.0,
        status="actual",
        quoted=False,
        mirrored=False,
        confidence=0.5,
        start=0,
        end=4,
        sentence=story.text,
    )
    return Event(**{**blank, **values})


@dataclass
class FakeCoder:
    """Codes every ``meet`` of a text as an event; some words make it fail in different ways."""

    name: str = "fake"
    interrupt_at: str = ""
    coded: int = 0

    def code_story(self, story: Story) -> StoryResult:
        self.coded += 1
        if "raise" in story.text:
            raise ValueError("first line\nthe last line")
        if "die" in story.text:
            os._exit(3)
        if self.interrupt_at and story.id == self.interrupt_at:
            raise KeyboardInterrupt
        found = re.findall(r"meet|deny", story.text)
        events = tuple(
            an_event(story, number, status="negated" if word == "deny" else "actual")
            for number, word in enumerate(found, start=1)
        )
        faults = (Fault(story.id, "parse", "one sentence failed"),) if "partly" in story.text else ()
        return StoryResult(story, events, faults, sentences=story.text.count("."), counts={"clauses": len(found)})

    def fingerprint(self) -> dict[str, str]:
        return {"codebook": self.name}


@dataclass(frozen=True)
class Build:
    """Builds the coder, also in another process."""

    name: str = "fake"
    interrupt_at: str = ""

    def __call__(self) -> FakeCoder:
        return FakeCoder(self.name, self.interrupt_at)


@dataclass(frozen=True)
class BuildHereOnly:
    """Builds the coder in this process and in no other."""

    pid: int

    def __call__(self) -> FakeCoder:
        if os.getpid() != self.pid:
            raise ModelError("no model here")
        return FakeCoder()


class Linker:
    """Takes every event after the first for a repetition of it."""

    def __init__(self) -> None:
        self.first = ""

    def link(self, events: Any) -> list[Event]:
        linked = []
        for event in events:
            linked.append(replace(event, duplicate_of=self.first))
            self.first = self.first or event.event_id
        return linked


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    rows = [f"s{number},They meet. They meet again.,2022-01-{number + 1:02}" for number in range(12)]
    path.write_text("id,text,date\n" + "\n".join(rows) + "\n")
    return path


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if not each.name.startswith("in"))


# --- a whole run -------------------------------------------------------------------------------


def test_a_run_writes_its_four_files(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    records: list[dict[str, object]] = [
        {"id": "a", "text": "They meet.", "date": "2022-01-27", "publisher": "Post", "events": "x"},
        {"id": "b", "text": "raise"},
        {"id": "c", "text": "partly. They meet. They deny it."},
        {"id": "d", "text": "  "},
        {"id": "e", "text": "Nothing.", "date": "2022-02-30"},
    ]
    source.write_text("\n".join(map(json.dumps, records)))
    output = tmp_path / "out" / "events.csv"
    output.parent.mkdir()
    summary = run([source], output, Build(), options={"codebook": "crisis"})
    assert names(output.parent) == ["events.csv", "events.faults.jsonl", "events.run.json", "events.stories.csv"]
    assert [row["event_id"] for row in read_events(output)] == ["a-1", "c-1", "c-2"]
    assert (output.parent / "events.stories.csv").read_text().splitlines() == [
        "id,date,date_origin,publisher,language,sentences,events,notes,events_input",
        "a,2022-01-27,column,Post,en,1,1,,x",
        f'b,,,,,,,"fault: the last line (test_runs.py, line {line_of("raise ValueError")})",',
        "c,,,,en,3,2,fault: one sentence failed,",
        "e,,,,en,1,0,date '2022-02-30' does not exist in the calendar: left out,",
    ]
    faults = [json.loads(line) for line in (output.parent / "events.faults.jsonl").read_text().splitlines()]
    assert [(each["story_id"], each["stage"]) for each in faults] == [("b", "code"), ("c", "parse"), ("d", "read")]
    assert faults[2]["message"] == "empty: the story has no text"
    told = json.loads((output.parent / "events.run.json").read_text())
    assert told["counts"]["events_by_category_and_status"] == {"meet": {"actual": 2, "negated": 1}}
    assert (told["counts"]["stories"], told["counts"]["faults"], told["counts"]["sentences"]) == (4, 3, 5)
    assert told["counts"]["stories_without_date"] == 2
    assert told["counts"]["coder"] == {"clauses": 3}
    assert told["coder"] == {"codebook": "fake"}
    assert told["options"]["codebook"] == "crisis"
    assert told["versions"]["eventcoder"] == versions()["eventcoder"]
    assert told["input"]["listed"][0]["bytes"] == source.stat().st_size
    assert set(told["output"]) == {"events.csv", "events.stories.csv", "events.faults.jsonl"}
    assert (summary.stories, summary.rows, summary.fault_count, summary.undated_stories) == (4, 3, 3, 2)


def line_of(text: str) -> int:
    lines = Path(__file__).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_standard_output_has_nothing_beside_it(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stream = io.BytesIO()
    run([corpus], "-", Build(), stdout=stream)
    assert len(stream.getvalue().splitlines()) == 25
    assert names(tmp_path) == []


def test_standard_input(tmp_path: Path) -> None:
    summary = run(["-"], tmp_path / "e.csv", Build(), stdin=io.BytesIO(b"They meet."))
    assert summary.rows == 1
    with pytest.raises(KeyboardInterrupt):
        run(["-"], tmp_path / "f.csv", Build(interrupt_at="stdin"), stdin=io.BytesIO(b"They meet."))
    assert "f.partial" not in names(tmp_path), "what came through a pipe cannot be resumed"


def test_output_folder_inside_the_input_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("They meet.")
    for _ in range(2):
        summary = run([tmp_path], tmp_path / "events.csv", Build(), overwrite=True)
        assert (summary.stories, summary.fault_count) == (1, 0)


# --- which rows --------------------------------------------------------------------------------


def test_status_and_confidence(corpus: Path, tmp_path: Path) -> None:
    corpus.write_text("id,text\na,They meet and deny.\n")
    run([corpus], tmp_path / "e.csv", Build(), statuses=["negated"])
    assert [row["status"] for row in read_events(tmp_path / "e.csv")] == ["negated"]
    assert run([corpus], tmp_path / "f.csv", Build(), min_confidence=0.6).rows == 0


def test_one_a_day() -> None:
    story = Story("a", "", date=datetime.date(2022, 1, 27))
    events = [
        an_event(story, 1),
        an_event(story, 2, cameo="043"),
        an_event(story, 3, cameo="112"),
        an_event(story, 4, target="USA"),
        an_event(story, 5, date="2022-01-28"),
        an_event(story, 6, date=""),
        an_event(story, 7, date=""),
        an_event(story, 8, cameo="", category="other"),
    ]
    kept = RowFilter(one_a_day=True).keep(events)
    assert [event.sentence_id for event in kept] == [1, 3, 4, 5, 6, 7, 8]


def test_rows_are_linked_after_they_are_chosen(corpus: Path, tmp_path: Path) -> None:
    summary = run([corpus], tmp_path / "e.csv", Build(), one_a_day=True, link=Linker().link)
    rows = read_events(tmp_path / "e.csv")
    assert [row["duplicate_of"] for row in rows] == ["", *["s0-1"] * 11]
    assert summary.duplicates == 11


def test_statuses() -> None:
    assert check_statuses(["planned", " actual "]) == ("actual", "planned")
    with pytest.raises(
        InputError, match=r"--status planed: no such status \(did you mean 'planned'\?\); there are actual"
    ):
        check_statuses(["planed"])
    with pytest.raises(InputError, match="name at least one"):
        check_statuses([""])


# --- before any work ------------------------------------------------------------------------------


def never() -> FakeCoder:
    raise AssertionError("work began before the checks")


def test_existing_table_is_not_overwritten(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "e.csv"
    output.write_text("mine")
    with pytest.raises(OutputError, match=r"e.csv: exists already: give another name, or add --overwrite"):
        run([corpus], output, never)
    assert output.read_text() == "mine"
    run([corpus], output, Build(), overwrite=True)
    assert len(read_events(output)) == 24


def test_files_of_another_table_are_not_overwritten(corpus: Path, tmp_path: Path) -> None:
    run([corpus], tmp_path / "e.csv", Build())
    with pytest.raises(OutputError, match=r"e.stories.csv: exists already"):
        run([corpus], tmp_path / "e.parquet", never)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere/e.csv", "the folder .*nowhere does not exist: create it first"),
        ("e.xls", "must end in .csv"),
        ("folder.csv", "is a folder: name a file"),
    ],
)
def test_bad_output(corpus: Path, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(OutputError, match=message):
        run([corpus], tmp_path / name, never)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written: Permission denied"):
        check_output(tmp_path / "e.csv")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which nobody may make a file")
def test_folder_in_which_nobody_may_write(corpus: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        run([corpus], Path("/proc/e.csv"), never)


def test_input_is_not_overwritten(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"in.csv: is input and would be overwritten"):
        run([corpus], corpus, never, overwrite=True)
    meta = tmp_path / "e.stories.csv"
    meta.write_text("id,date\ns1,2022-01-27\n")
    with pytest.raises(OutputError, match=r"e.stories.csv: is input and would be overwritten"):
        run([corpus], tmp_path / "e.csv", never, metadata=meta, overwrite=True)


def test_no_jobs(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--jobs 0: at least 1 is needed"):
        run([corpus], tmp_path / "e.csv", never, jobs=0)


def test_a_coder_that_cannot_be_built_leaves_nothing(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        run([corpus], tmp_path / "e.csv", BuildHereOnly(-1))
    assert names(tmp_path) == []


# --- resuming ------------------------------------------------------------------------------------------


@pytest.fixture
def interrupted(corpus: Path, tmp_path: Path) -> Path:
    output = tmp_path / "e.csv"
    with pytest.raises(KeyboardInterrupt):
        run([corpus], output, Build(interrupt_at="s5"), link=Linker().link)
    assert names(tmp_path) == ["e.partial"]
    return output


def resume(corpus: Path, output: Path, build: Callable[[], FakeCoder] = Build(), **options: Any) -> Summary:
    return run([corpus], output, build, link=Linker().link, **options)


def test_the_same_command_goes_on(corpus: Path, tmp_path: Path, interrupted: Path) -> None:
    coders: list[FakeCoder] = []

    def build() -> FakeCoder:
        coders.append(FakeCoder())
        return coders[-1]

    summary = resume(corpus, interrupted, build)
    assert (summary.resumed, summary.stories, summary.rows, coders[0].coded) == (5, 12, 24, 7)
    whole = tmp_path / "whole.csv"
    resume(corpus, whole)
    assert interrupted.read_bytes() == whole.read_bytes()
    assert (tmp_path / "e.stories.csv").read_bytes() == (tmp_path / "whole.stories.csv").read_bytes()
    assert "e.partial" not in names(tmp_path)


def test_a_torn_line_is_coded_again(corpus: Path, tmp_path: Path, interrupted: Path) -> None:
    results = tmp_path / "e.partial" / "results.jsonl"
    results.write_bytes(results.read_bytes()[:-20])
    summary = resume(corpus, interrupted)
    assert (summary.resumed, summary.rows) == (4, 24)


def test_another_command_is_refused(corpus: Path, tmp_path: Path, interrupted: Path) -> None:
    with pytest.raises(OutputError, match=r"unfinished run of another command \(other coder codebook\).*--overwrite"):
        resume(corpus, interrupted, Build("other"))
    corpus.write_text(corpus.read_text() + "s99,They meet.,\n")
    with pytest.raises(OutputError, match=r"\(other input, min_confidence\)"):
        resume(corpus, interrupted, min_confidence=0.1)
    assert names(tmp_path) == ["e.partial"]
    assert resume(corpus, interrupted, overwrite=True).resumed == 0


def test_overwrite_resumes_only_its_own_run(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "e.csv"
    output.write_text("earlier")
    with pytest.raises(KeyboardInterrupt):
        run([corpus], output, Build(interrupt_at="s5"), overwrite=True)
    assert output.read_text() == "earlier"
    with pytest.raises(OutputError, match="is to replace it: add --overwrite to go on with it"):
        run([corpus], output, Build())
    assert run([corpus], output, Build(), overwrite=True).resumed == 5


def test_damaged_journal(corpus: Path, tmp_path: Path, interrupted: Path) -> None:
    results = tmp_path / "e.partial" / "results.jsonl"
    results.write_bytes(b"{}\n" + results.read_bytes())
    with pytest.raises(OutputError, match=r"results.jsonl:1: the journal is damaged: add --overwrite to start anew"):
        resume(corpus, interrupted)


def test_folder_of_someone_else(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "e.partial").mkdir()
    (tmp_path / "e.partial" / "thesis.doc").write_text("mine")
    with pytest.raises(OutputError, match=r"holds other files \(thesis.doc\)"):
        run([corpus], tmp_path / "e.csv", Build(), overwrite=True)
    assert (tmp_path / "e.partial" / "thesis.doc").read_text() == "mine"


def test_two_runs_at_once(corpus: Path, tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    journal = Journal(tmp_path / "e.csv", {"input": "x"}, False)
    with pytest.raises(OutputError, match="another run is writing this event table"):
        run([corpus], tmp_path / "e.csv", Build())
    journal.close()


def test_outcomes_come_back_from_the_journal() -> None:
    story = Story("a", "x", date=datetime.date(2022, 1, 27))
    outcome = Outcome(
        "a",
        {"id": "a", "notes": "ü"},
        (("b", "c"),),
        True,
        (an_event(story, 1),),
        (Fault("a", "code", "m", "p"),),
        {"n": 1},
    )
    assert Outcome.from_json(outcome.to_json()) == outcome


# --- processes ---------------------------------------------------------------------------------------------


def test_processes_give_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    with corpus.open("a") as stream:
        stream.write("bad,raise it,\nnone,,\ns20,They meet.,\n")
    one = run([corpus], tmp_path / "one.csv", Build())
    two = run([corpus], tmp_path / "two.csv", Build(), jobs=2)
    for what in (".csv", ".stories.csv", ".faults.jsonl"):
        assert (tmp_path / f"one{what}").read_bytes() == (tmp_path / f"two{what}").read_bytes()
    assert one.events == two.events


def test_a_process_that_dies_costs_one_story(corpus: Path, tmp_path: Path) -> None:
    corpus.write_text("id,text\n" + "".join(f"s{n},{'die' if n == 3 else 'They meet.'}\n" for n in range(9)))
    summary = run([corpus], tmp_path / "e.csv", Build(), jobs=2)
    assert [row["doc_id"] for row in read_events(tmp_path / "e.csv")] == [f"s{n}" for n in range(9) if n != 3]
    assert [(each.story_id, each.message) for each in summary.faults] == [
        ("s3", "the process that coded this story died (out of memory?): code it alone to see why")
    ]


def test_a_coder_that_cannot_be_built_in_a_process(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"a worker process cannot build the coder: .*no model here"):
        run([corpus], tmp_path / "e.csv", BuildHereOnly(os.getpid()), jobs=2)


def test_one_thread_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    with one_thread():
        assert (os.environ["OMP_NUM_THREADS"], os.environ["MKL_NUM_THREADS"]) == ("1", "1")
    assert (os.environ["OMP_NUM_THREADS"], os.environ.get("MKL_NUM_THREADS")) == ("7", None)


# --- what is told -----------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_only_on_a_terminal(corpus: Path, tmp_path: Path) -> None:
    terminal, pipe = Terminal(), io.StringIO()
    run([corpus], tmp_path / "e.csv", Build(), terminal=terminal)
    run([corpus], tmp_path / "f.csv", Build(), terminal=pipe)
    assert "coding" in terminal.getvalue()
    assert pipe.getvalue() == ""


def test_summary_as_plain_text(tmp_path: Path) -> None:
    summary = Summary(stories=2, sentences=1200, undated_stories=1, undated_events=1, seconds=1.25)
    summary.events.update({("meet", "actual"): 3, ("meet", "planned"): 1, ("threaten", "actual"): 1})
    summary.add_faults([Fault("b", "code", "it broke", "in.csv:3")] * 7)
    summary.files = (tmp_path / "e.csv",)
    assert plain_summary(summary) == (
        "2 stories, 1,200 sentences, 5 events, 7 faults (1.2 s)\n"
        "\n"
        "  category  actual  planned  all\n"
        "  meet           3        1    4\n"
        "  threaten       1             1\n"
        "  all            4        1    5\n"
        "\n"
        "undated: 1 story has no date, and so 1 event has none\n"
        + "fault: in.csv:3: it broke\n"
        * 5
        + "fault: and 2 more, in the faults file\n"
        f"written: {tmp_path / 'e.csv'}\n"
        "next: give dates with --metadata FILE.csv (columns id, date) or --date YYYY-MM-DD\n"
    )


def test_summary_on_a_terminal() -> None:
    summary = Summary(stories=1)
    summary.events["[meet]", "actual"] += 1
    terminal = Terminal()
    print_summary(summary, terminal)
    assert "[meet]" in terminal.getvalue()
    assert "next:" in terminal.getvalue()
