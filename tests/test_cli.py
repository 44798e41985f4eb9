"""The command line: flags, exit codes, and one clear message for every kind of bad use."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eventcoder._version import __version__
from eventcoder.cli import app, several
from eventcoder.corpus.writers import read_events
from eventcoder.errors import CodebookError, InputError, Problem
from eventcoder.records import EVENT_COLUMNS, Event, Story, StoryResult

RUNNER = CliRunner()
BUILT: list[dict[str, Any]] = []


class Coder:
    """In place of the real coder: one event for every story that says ``meet``."""

    def __init__(self, codebook: str = "crisis", **options: Any) -> None:
        if codebook.endswith("broken.yaml"):
            raise CodebookError(
                [Problem("unknown key 'patern' (did you mean 'patterns'?)", codebook, 3, 5, "    patern:")]
            )
        BUILT.append({"codebook": codebook, **options})

    def code_story(self, story: Story) -> StoryResult:
        if "interrupt" in story.text:
            raise KeyboardInterrupt
        if "raise" in story.text:
            raise ValueError("it broke")
        blank: dict[str, Any] = {
            **dict.fromkeys(EVENT_COLUMNS, ""),
            "doc_id": story.id,
            "sentence_id": 1,
            "category": "meet",
            "status": "planned" if "will" in story.text else "actual",
            "goldstein": 1.0,
            "confidence": 0.5,
            "quoted": False,
            "mirrored": False,
            "date": story.date.isoformat() if story.date else "",
            "start": 0,
            "end": 1,
        }
        return StoryResult(story, (Event(**blank),) if "meet" in story.text else (), sentences=1)

    def fingerprint(self) -> dict[str, str]:
        return {"codebook": "fake"}


@pytest.fixture(autouse=True)
def fake_coder(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = types.ModuleType("eventcoder.coding.coder")
    module.Coder = Coder
    monkeypatch.setitem(sys.modules, "eventcoder.coding.coder", module)
    BUILT.clear()


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.txt"
    path.write_text("They meet.")
    return path


def code(*args: object, input: str | bytes | None = None) -> Any:  # noqa: A002
    return RUNNER.invoke(app, ["code", *map(str, args)], input=input)


# --- code -------------------------------------------------------------------------------------


def test_code(story: Path) -> None:
    result = code(story, "-o", "e.csv", "--date", "20220127")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    assert result.stdout.startswith("1 story, 1 sentence, 1 event, 0 faults (")
    assert "\n  category  actual  all\n  meet           1    1\n" in result.stdout
    assert "written: e.csv\nwritten: e.stories.csv\nwritten: e.run.json\n" in result.stdout
    assert read_events("e.csv")[0]["date"] == "2022-01-27"
    options = json.loads(Path("e.run.json").read_text())["options"]
    assert (options["codebook"], options["date"], options["engine"]) == ("crisis", "2022-01-27", "local")


def test_options_reach_the_coder(story: Path) -> None:
    for name in ("x.yaml", "y.yaml"):
        Path(name).write_text("")
    words = "--actors x.yaml y.yaml -o e.csv a.txt --codebook cameo --no-classifier --min-confidence 0.4 --model other"
    result = code(*words.split())
    assert result.exit_code == 0, result.stderr
    (built,) = BUILT
    assert built == {
        "codebook": "cameo",
        "actors": (Path("x.yaml"), Path("y.yaml")),
        "classifier": False,
        "model": "other",
        "min_confidence": 0.4,
    }
    code(story, "-o", "f.csv", "--classifier", "m.skops")
    assert BUILT[-1]["classifier"] == Path("m.skops")
    code(story, "-o", "g.csv")
    assert (BUILT[-1]["codebook"], BUILT[-1]["classifier"]) == ("crisis", None)


def test_status(story: Path) -> None:
    Path("b.txt").write_text("They will meet.")
    assert code(".", "-o", "e.csv", "--status", "planned,negated").exit_code == 0
    assert [row["doc_id"] for row in read_events("e.csv")] == ["b.txt"]


def test_several_text_columns(story: Path) -> None:
    Path("s.csv").write_text("id,lead,body\n1,They,meet.\n")
    result = code("s.csv", "--text-column", "lead", "body", "-o", "e.csv")
    assert result.exit_code == 0, result.stderr
    assert len(read_events("e.csv")) == 1
    result = code("--text-column", "lead", "s.csv", "-o", "f.csv")
    assert result.exit_code == 0, result.stderr


def test_standard_streams() -> None:
    result = code("-", "-o", "-", input="They meet.")
    assert result.exit_code == 0
    assert result.stdout.startswith("event_id,doc_id,")
    assert len(result.stdout.splitlines()) == 2
    assert "1 event" in result.stderr


def test_done_with_faults_is_1(story: Path) -> None:
    Path("b.txt").write_text("raise")
    result = code(".", "-o", "e.csv")
    assert result.exit_code == 1
    assert "fault: b.txt: ValueError: it broke (test_cli.py, line" in result.stdout
    assert len(read_events("e.csv")) == 1


def test_interrupted_is_130_and_goes_on(story: Path) -> None:
    Path("b.txt").write_text("interrupt")
    result = code(".", "-o", "e.csv")
    assert result.exit_code == 130
    assert result.stderr == "interrupted: give the same command again to go on from here\n"
    result = code("-", "-o", "-", input="interrupt")
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["a.text", "-o", "e.csv"], "error: a.text: no such file or folder (did you mean 'a.txt'?)"),
        (["a.txt", "-o", "e.xlsx"], "error: e.xlsx: the name of the event table must end in .csv, .jsonl, .parquet"),
        (["a.txt", "-o", "no/e.csv"], "error: no/e.csv: the folder no does not exist: create it first"),
        (["a.txt", "-o", "old.csv"], "error: old.csv: exists already: give another name, or add --overwrite"),
        (
            ["a.txt", "-o", "e.csv", "--date", "27.1.2022"],
            "error: --date: date '27.1.2022' is not of the form 2022-01-27",
        ),
        (["a.txt", "-o", "e.csv", "--date", "2022-02-30"], "error: --date: date '2022-02-30' does not exist"),
        (
            ["a.txt", "-o", "e.csv", "--status", "actul"],
            "error: --status actul: no such status (did you mean 'actual'?)",
        ),
        (["a.txt", "-o", "e.csv", "--engine", "dask"], "error: --engine dask: needs the extra"),
        (["a.txt", "-o", "e.csv", "--engine", "spark"], "error: --engine spark: there are local and dask"),
        (["a.txt", "-o", "e.csv", "--scheduler", "tcp://x"], "error: --scheduler: goes with --engine dask"),
        (["a.txt", "-o", "e.csv", "--classifier", "m", "--no-classifier"], "error: --classifier and --no-classifier"),
        (["a.txt", "-o", "e.csv", "--metadata", "old.csv"], "error: old.csv: no column 'id'"),
        (["old.csv", "-o", "e.csv"], "error: old.csv: no column 'text'; columns found: a, b"),
        (["a.txt", "-o", "e.csv", "--codebook", "broken.yaml"], "error: broken.yaml:3:5: unknown key 'patern'"),
        (["a.txt", "-o", "e.csv", "--min-confidence", "2"], "Error: Invalid value for '--min-confidence'"),
        (["a.txt", "-o", "e.csv", "--jobs", "0"], "Error: Invalid value for '--jobs'"),
        (["a.txt", "-o", "e.csv", "--codeboook", "x"], "No such option"),
        (["a.txt"], "Missing option '--output' / '-o'"),
        (["-o", "e.csv"], "Missing argument"),
    ],
)
def test_bad_usage_is_2_with_one_message(story: Path, args: list[str], message: str) -> None:
    Path("old.csv").write_text("a,b\n1,2\n")
    result = code(*args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert sorted(each.name for each in Path().iterdir()) == ["a.txt", "old.csv"]


def test_a_fault_of_ours_is_told_from_bad_input(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("oops")

    monkeypatch.setattr("eventcoder.corpus.runs.check_output", broken)
    result = code(story, "-o", "e.csv")
    assert result.exit_code == 70
    assert "RuntimeError: oops" in result.stderr
    assert "please report" in result.stderr


def test_words_after_an_option() -> None:
    options = {"--actors": lambda word: word.endswith(".yaml")}
    assert several(["--actors", "a.yaml", "b.yaml", "c.txt", "d.yaml"], options) == [
        "--actors",
        "a.yaml",
        "--actors",
        "b.yaml",
        "c.txt",
        "d.yaml",
    ]
    assert several(["in", "--actors", "a", "-o", "b.yaml"], options) == ["in", "--actors", "a", "-o", "b.yaml"]
    assert several(["--", "--actors", "a.yaml", "b.yaml"], options) == ["--", "--actors", "a.yaml", "b.yaml"]


# --- other commands ------------------------------------------------------------------------------


def library(monkeypatch: pytest.MonkeyPatch, name: str, **functions: Any) -> None:
    module: Any = types.ModuleType(name)
    for key, function in functions.items():
        setattr(module, key, function)
    monkeypatch.setitem(sys.modules, name, module)


def test_explain(monkeypatch: pytest.MonkeyPatch) -> None:
    library(
        monkeypatch,
        "eventcoder.coding.explain",
        explain=lambda coder, sentence, date: f"{sentence}|{BUILT[-1]['codebook']}|{date}",
    )
    result = RUNNER.invoke(app, ["explain", "They met.", "--date", "2022-01-27"])
    assert (result.exit_code, result.stdout) == (0, "They met.|crisis|2022-01-27\n")
    result = RUNNER.invoke(app, ["explain", " "])
    assert (result.exit_code, result.stderr) == (2, "error: the sentence is empty\n")


def test_relate_and_evaluate(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> str:
        raise InputError("in.csv: no column 'uid'")

    library(monkeypatch, "eventcoder.coding.relate", relate_file=lambda *args: args)
    library(monkeypatch, "eventcoder.analysis.evaluate", evaluate_files=refuse)
    result = RUNNER.invoke(app, ["relate", "in.csv", "-o", "out.csv"])
    assert result.stdout == f"{(Path('in.csv'), Path('out.csv'), 'plover', None)}\n"
    result = RUNNER.invoke(app, ["evaluate", "e.csv", "g.csv"])
    assert (result.exit_code, result.stderr) == (2, "error: in.csv: no column 'uid'\n")


# --- codebooks -------------------------------------------------------------------------------------

MINE = """\
codebook: mine
categories:
  meet:
    label: Meet
    cameo: "040"
    patterns: [meet TARGET]
    examples:
      - {text: Kenya met Somalia., events: [{source: KEN}]}
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.yaml"
    path.write_text(MINE)
    return path


def codebook(*args: str) -> Any:
    return RUNNER.invoke(app, ["codebook", *args])


def test_lint_tells_warnings_and_hides_reminders(mine: Path) -> None:
    result = codebook("lint", "mine.yaml")
    assert result.exit_code == 0
    finding, count = result.stdout.splitlines()
    assert finding.startswith("mine.yaml:3:3: warning: the category 'meet' has no example that must not code it; add")
    assert finding.endswith("[no-counterexample]")
    assert count == "1 warning (1 reminders: see them with --info)"
    assert "[no-definition]" in codebook("lint", "mine.yaml", "--info").stdout


def test_lint_of_a_fine_codebook(mine: Path) -> None:
    fine = MINE.replace("label: Meet", "label: Meet\n    definition: They meet.")
    mine.write_text(fine + "      - {text: They met demands., events: []}\n")
    result = codebook("lint", "mine.yaml")
    assert (result.exit_code, result.stdout) == (0, "nothing to report\n")


def test_lint_ends_with_1_on_errors(mine: Path) -> None:
    mine.write_text(MINE.replace("[meet TARGET]", "[meet TARGET, 'meet {talks}']") + "      - {text: x}\n")
    result = codebook("lint", "mine.yaml")
    assert result.exit_code == 1
    assert "mine.yaml:6:35: error: pattern 'meet {talks}': unknown word set {talks} [invalid]" in result.stdout
    assert result.stdout.endswith("2 errors\n")


def test_lint_as_json(mine: Path) -> None:
    (found,) = json.loads(codebook("lint", "mine.yaml", "--format", "json").stdout)
    assert (found["severity"], found["kind"], found["line"]) == ("warning", "no-counterexample", 3)


def test_lint_of_actors(mine: Path) -> None:
    for name, code in (("a.yaml", "KEN"), ("b.yaml", "SOM")):
        Path(name).write_text(f"groups: [{{name: Red Hand, country: {code}, source: own}}]\n")
    result = codebook("lint", "--actors", "a.yaml", "b.yaml")
    assert result.exit_code == 0
    assert result.stdout.startswith("b.yaml:1:17: warning: 'Red Hand' names Red Hand (SOM) and Red Hand (KEN, a.yaml")
    assert "2 warnings" in codebook("lint", "mine.yaml", "--actors", "a.yaml", "b.yaml").stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["lint", "none.yaml"], "error: none.yaml: no such codebook"),
        (["lint", "mine.yaml", "--format", "xml"], "error: --format xml: there are text and json"),
        (["lint", "--info"], "error: name a codebook, or actor dictionaries with --actors"),
        (["lint", "--actors", "none.yaml"], "error: none.yaml: cannot read this actor dictionary"),
        (["doc", "none.yaml"], "error: none.yaml: no such codebook"),
        (["doc", "mine.yaml", "--format", "pdf"], "error: no format 'pdf'; there are markdown and html"),
    ],
)
def test_bad_use_of_codebook_commands(mine: Path, args: list[str], message: str) -> None:
    result = codebook(*args)
    assert result.exit_code == 2
    assert result.stderr.startswith(message)
    assert "Traceback" not in result.stderr


def test_codebook_test(monkeypatch: pytest.MonkeyPatch) -> None:
    class Report:
        def __init__(self, codebook: str, coder: Any) -> None:
            self.codebook, self.coder = codebook, coder
            self.ok = codebook != "bad.yaml"

        def text(self, verbose: bool) -> str:
            return f"{self.codebook}: verbose {verbose}, own coder {self.coder is not None}"

    library(monkeypatch, "eventcoder.coding.examples", check_examples=Report)
    result = codebook("test", "crisis")
    assert (result.exit_code, result.stdout) == (0, "crisis: verbose False, own coder False\n")
    result = codebook("test", "bad.yaml", "-v", "--actors", "a.yaml", "b.yaml")
    assert (result.exit_code, result.stdout) == (1, "bad.yaml: verbose True, own coder True\n")
    assert (BUILT[-1]["codebook"], BUILT[-1]["classifier"]) == ("bad.yaml", False)
    assert [str(path) for path in BUILT[-1]["actors"]] == ["a.yaml", "b.yaml"]
    assert codebook("test", "broken.yaml", "--actors", "a.yaml").exit_code == 2


def test_codebook_schema_and_doc(mine: Path) -> None:
    assert json.loads(codebook("schema").stdout)["title"] == "eventcoder codebook"
    assert codebook("doc", "mine.yaml").stdout.startswith("# mine\n")
    assert codebook("doc", "mine.yaml", "--format", "html").stdout.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("args", [[], ["code"], ["codebook"], ["relate"], ["evaluate"], ["explain"]])
def test_help_everywhere(args: list[str]) -> None:
    result = RUNNER.invoke(app, [*args, "--help"])
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")


# --- as a process of its own ----------------------------------------------------------------------


def test_version_and_help_import_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from eventcoder.cli import main\n"
        "sys.argv = ['eventcoder', sys.argv[1]]\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "heavy = {'spacy', 'numpy', 'pandas', 'pyarrow', 'sklearn', 'rich', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    for flag, start in (("--version", f"eventcoder {__version__}"), ("--help", "Usage: eventcoder ")):
        done = subprocess.run([sys.executable, "-c", program, flag], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(start)


PROGRAM = """
import sys, time, types
from eventcoder.records import EVENT_COLUMNS, Event, StoryResult
# A shell starts background programs with interrupts ignored; a terminal does not.
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
class Coder:
    def __init__(self, codebook, **options): pass
    def fingerprint(self): return {}
    def code_story(self, story):
        if "wait" in story.text:
            print("coding", file=sys.stderr, flush=True)
            time.sleep(30)
        row = dict.fromkeys(EVENT_COLUMNS, "") | {"status": "actual", "confidence": 1.0, "goldstein": None}
        return StoryResult(story, (Event(**row),) * 50)
module = types.ModuleType("eventcoder.coding.coder")
module.Coder = Coder
sys.modules["eventcoder.coding.coder"] = module
from eventcoder import cli
cli.main()
"""


def start(*args: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "code", *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("wait")
    with start(tmp_path, "-o", tmp_path / "e.csv") as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "coding\n"
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert rest == "interrupted: give the same command again to go on from here\n"
    assert process.returncode == 130
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.txt", "e.partial"]


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_closed_pipe(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number}.txt").write_text("They meet.")
    with start(tmp_path, "-o", "-") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("event_id,")
        process.stdout.close()
        rest = process.stderr.read()
    assert (process.returncode, rest) == (141, "")
