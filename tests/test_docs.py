"""What the documentation shows is run: commands, Python, YAML, tables and links.

Console blocks: each ``$ eventcoder ...`` is run in one folder, in the order of the page, and the lines below it are
compared with what it prints; ``...`` ends the comparison. A ``python`` block is compared with the ``text output``
block below it. Blocks with a file's name behind their language are written under that name. Seconds and line numbers
of codebooks and dictionaries are not compared.

``python tests/test_docs.py`` writes what is printed today into README.md; read the difference before keeping it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
LANGUAGE = ROOT / "codebooks" / "README.md"
PAGES = (README, LANGUAGE, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "seeds" / "README.md")

_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<name>[^\n]*))?\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
# What differs from run to run, or with every edit of a codebook above the line.
_VARYING = ((re.compile(r"\(\d+\.\d s\)"), "(0.0 s)"), (re.compile(r"\.yaml:\d+"), ".yaml:0"))
_END = "..."


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the name behind it, its text and where that begins in the page."""

    kind: str
    name: str
    body: str
    start: int
    line: int


def blocks(page: str) -> list[Block]:
    return [
        Block(
            found["kind"],
            (found["name"] or "").strip(),
            found["body"],
            found.start("body"),
            page.count("\n", 0, found.start()) + 1,
        )
        for found in _BLOCK.finditer(page)
    ]


def commands(body: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a console block, each with the lines shown below it."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield command, shown


# --- running ------------------------------------------------------------------------------------------


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which the package is found as if it were installed, entry points included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = folder / "installed" / "eventcoder_docs-0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: eventcoder-docs\nVersion: 0\n", encoding="utf-8")
    points = [f"{name} = {target}\n" for name, target in project["entry-points"]["spacy_factories"].items()]
    (info / "entry_points.txt").write_text("[spacy_factories]\n" + "".join(points), encoding="utf-8")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(info.parent), str(ROOT)]),
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": "200",
    }


def run(arguments: list[str], folder: Path, given: str | None = None) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        cwd=folder / "here",
        env=environment(folder),
        check=False,
    )
    return done.returncode, done.stdout


@dataclass(frozen=True)
class Step:
    """One thing that the page shows being done, and what it printed."""

    what: str
    line: int
    start: int
    shown: list[str]
    code: int
    printed: list[str]


def perform(page: str, folder: Path) -> list[Step]:
    """Do all that the page shows, in its order; Python blocks share one session at the end."""
    here = folder / "here"
    shutil.copytree(ROOT / "seeds", here / "seeds")
    found = blocks(page)
    steps: list[Step] = []
    sessions: list[tuple[Block, Block | None]] = []
    for number, block in enumerate(found):
        if block.kind == "console":
            for command, shown in commands(block.body):
                words = shlex.split(command)
                assert words[0] == "eventcoder", f"line {block.line}: only eventcoder can be run here: {command}"
                code, printed = run(["-m", "eventcoder.cli", *words[1:]], folder)
                start = block.start + block.body.index(f"$ {command}\n") + len(command) + 3
                steps.append(Step(command, block.line, start, shown, code, printed.rstrip("\n").split("\n")))
        elif block.kind == "python":
            below = found[number + 1] if number + 1 < len(found) else None
            sessions.append((block, below if below is not None and below.name == "output" else None))
        elif block.name and block.name != "output":
            path = here / block.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
    mark = "--- end of a block ---"
    script = "".join(f"{block.body}\nprint({mark!r})\n" for block, _ in sessions)
    code, printed = run(["-W", "error::FutureWarning", "-"], folder, script)
    parts = printed.split(mark + "\n")
    for number, (block, below) in enumerate(sessions):
        text = parts[number] if number < len(parts) else ""
        shown = below.body.rstrip("\n").split("\n") if below else [_END]
        steps.append(
            Step(
                f"python: {block.body.splitlines()[0]}",
                block.line,
                below.start if below else -1,
                shown,
                code if number >= len(parts) - 1 else 0,
                text.rstrip("\n").split("\n"),
            )
        )
    return steps


def steady(lines: list[str]) -> list[str]:
    """Return lines without what differs from run to run."""
    result = []
    for line in lines:
        for pattern, plain in _VARYING:
            line = pattern.sub(plain, line)
        result.append(line.rstrip())
    return result


# --- tests ---------------------------------------------------------------------------------------------


def test_readme_does_what_it_shows(tmp_path: Path) -> None:
    differences = []
    for step in perform(README.read_text(encoding="utf-8"), tmp_path):
        shown, printed = steady(step.shown), steady(step.printed)
        if shown and shown[-1] == _END:
            shown.pop()
            printed = printed[: len(shown)]
        if step.code or shown != printed:
            differences.append(
                f"README.md:{step.line}: {step.what} (exit code {step.code})\n  shown:\n    "
                + "\n    ".join(shown)
                + "\n  printed:\n    "
                + "\n    ".join(printed)
            )
    assert not differences, "\n".join(differences)


def yaml_blocks() -> list[Block]:
    return [block for block in blocks(LANGUAGE.read_text(encoding="utf-8")) if block.kind == "yaml"]


@pytest.mark.parametrize("block", yaml_blocks(), ids=lambda block: f"line{block.line}")
def test_codebooks_of_the_language_page(block: Block, tmp_path: Path) -> None:
    from eventcoder.coding.examples import check_examples

    path = tmp_path / "shown.yaml"
    path.write_text(block.body, encoding="utf-8")
    results = [each for each in check_examples(path).results if each.example.place.path == str(path)]
    assert results, "a codebook that is shown has examples"
    wrong = [each.render() for each in results if each.outcome in {"failed", "news"}]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("block", yaml_blocks(), ids=lambda block: f"line{block.line}")
def test_every_pattern_of_the_language_page_has_an_example(block: Block, tmp_path: Path) -> None:
    from eventcoder.codebook.model import Codebook
    from eventcoder.coding.examples import check_examples

    path = tmp_path / "shown.yaml"
    path.write_text(block.body, encoding="utf-8")
    places = {pattern.id: pattern.place.path for pattern in Codebook.read(path).patterns}
    unexercised = [each for each in check_examples(path).unexercised if places[each] == str(path)]
    assert unexercised == []


def test_column_table_is_the_event_table() -> None:
    from eventcoder.records import EVENT_COLUMNS

    section = README.read_text(encoding="utf-8").partition("## The event table")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert [name for cell in cells for name in re.findall(r"`(\w+)`", cell)] == list(EVENT_COLUMNS)


def test_all_statuses_and_precisions_are_explained() -> None:
    from typing import get_args

    from eventcoder.records import STATUSES, Precision

    section = README.read_text(encoding="utf-8").partition("## The event table")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", section))
    assert set(STATUSES) <= named
    assert {each for each in get_args(Precision) if each} <= named


def test_options_that_are_named_exist() -> None:
    import typer.main

    from eventcoder.cli import app

    known: set[str] = set()
    queue: list[Any] = [typer.main.get_command(app)]
    while queue:
        command = queue.pop()
        known |= {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        known |= set(command.context_settings.get("help_option_names", ()))
        queue += getattr(command, "commands", {}).values()
    text = README.read_text(encoding="utf-8") + LANGUAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= known


def test_make_targets_and_extras_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"(?:^|`)make ([a-z]+)(?:`|$)", text, flags=re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), f"{page.name}: make {target}"
        assert set(re.findall(r"\.\[(\w+)\]", text)) <= set(project["optional-dependencies"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


# --- writing ------------------------------------------------------------------------------------------


def rewrite() -> None:
    """Put what the commands print today into the README, as many lines as are shown where ``...`` ends them.

    What fails is left as it is and told.
    """
    page = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        steps = perform(page, Path(name))
    failed: list[str] = []
    for step in sorted((each for each in steps if each.start >= 0), key=lambda each: -each.start):
        if step.code:
            failed.append(f"README.md:{step.line}: {step.what}: exit code {step.code}\n" + "\n".join(step.printed))
            continue
        old = "".join(f"{line}\n" for line in step.shown if line or len(step.shown) > 1)
        kept = step.printed
        if step.shown and step.shown[-1] == _END:
            kept = [*step.printed[: len(step.shown) - 1], _END]
        new = "".join(f"{line.rstrip()}\n" for line in kept if line or len(kept) > 1)
        assert page.startswith(old, step.start), step.what
        page = page[: step.start] + new + page[step.start + len(old) :]
    README.write_text(page, encoding="utf-8")
    if failed:
        raise SystemExit("\n".join(["left as they were:", *failed]))


if __name__ == "__main__":
    rewrite()
