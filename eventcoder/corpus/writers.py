"""Writing the event table and the files beside it, and reading event tables back.

The bytes of an event table depend on the events alone: every cell is formatted here, not by a library whose next
version may quote or round differently. A file appears under its final name only when it is complete.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from eventcoder.corpus.formats import nearest, read_table
from eventcoder.errors import OutputError
from eventcoder.records import EVENT_COLUMNS, Event, Fault

Format = Literal["csv", "jsonl", "parquet"]

FORMATS: dict[str, Format] = {".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet"}
STORY_FILE_COLUMNS: tuple[str, ...] = (
    "id",
    "date",
    "date_origin",
    "publisher",
    "language",
    "sentences",
    "events",
    "notes",
)

WHOLE: frozenset[str] = frozenset({"sentence_id", "start", "end"})
DECIMALS: Mapping[str, int] = {"goldstein": 1, "confidence": 3}
TRUTH: frozenset[str] = frozenset({"quoted", "mirrored"})
_NUMBERS = frozenset({*WHOLE, *DECIMALS, *TRUTH})

_QUOTED = re.compile(r'[",\r\n]')
# A spreadsheet takes a cell that begins so for a formula. Apostrophes in front are counted in, so that a text that
# begins with an apostrophe itself comes back unchanged.
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_ROW_GROUP = 10_000


# --- cells -------------------------------------------------------------------------------------


def guard(text: str) -> str:
    """Return `text` so that a spreadsheet does not take it for a formula: an apostrophe in front where needed.

    :func:`unguard` undoes it.
    """
    return f"'{text}" if _RISKY.match(text) else text


def unguard(text: str) -> str:
    """Undo :func:`guard`."""
    return text[1:] if _GUARDED.match(text) else text


def _csv_cell(text: str) -> str:
    text = text.replace("\x00", "\ufffd")  # several readers of CSV stop at a zero byte
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _csv_line(cells: Iterable[str]) -> bytes:
    return (",".join(map(_csv_cell, cells)) + "\n").encode("utf-8", "replace")


def _decimal(value: float | None, places: int) -> str:
    if value is None or not math.isfinite(value):
        return ""
    # Adding zero turns a rounded -0.0 into 0.0.
    return f"{round(value, places) + 0.0:.{places}f}"


def format_cells(event: Event) -> dict[str, str]:
    """Return an event as text by column: ``true`` and ``false``, fixed decimals, missing numbers empty."""
    cells: dict[str, str] = {}
    for name in EVENT_COLUMNS:
        value = getattr(event, name)
        if name in DECIMALS:
            cells[name] = _decimal(value, DECIMALS[name])
        elif name in TRUTH:
            cells[name] = "true" if value else "false"
        else:
            cells[name] = str(value)
    return cells


def _plain_values(event: Event) -> dict[str, Any]:
    """Return an event as JSON values by column, numbers rounded as in CSV."""
    values: dict[str, Any] = {}
    for name in EVENT_COLUMNS:
        value = getattr(event, name)
        if name in DECIMALS:
            text = _decimal(value, DECIMALS[name])
            value = float(text) if text else None
        values[name] = value
    return values


def _json_line(values: Mapping[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False) + "\n").encode("utf-8", "replace")


# --- files that appear when they are complete ----------------------------------------------------------


def unfinished(path: Path) -> Path:
    """Return the name under which a file is written until it is complete: ``NAME.part``, beside it."""
    return path.with_name(path.name + ".part")


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file beside `path` and move it into place at the end, or remove it if anything is raised.

    Raises
    ------
    OutputError
        Where the file cannot be written or moved, for example because the disk is full.
    """
    part = unfinished(path)
    try:
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


# --- the event table ---------------------------------------------------------------------------------


def output_format(output: str | Path) -> Format:
    """Return the format that an output's name asks for; standard output, ``-``, is CSV.

    Raises
    ------
    OutputError
        For any other ending.
    """
    if str(output) == "-":
        return "csv"
    ending = Path(output).suffix.lower()
    if ending not in FORMATS:
        hint = nearest(ending, FORMATS) if ending else ""
        raise OutputError(
            f"{output}: the name of the event table must end in {', '.join(FORMATS)}{hint}, or be - for standard output"
        )
    return FORMATS[ending]


class EventWriter:
    """Writes event rows one story at a time; used in a ``with`` statement.

    Parameters
    ----------
    output
        A path ending in ``.csv``, ``.jsonl`` or ``.parquet``, or ``-`` for CSV on standard output. A file
        appears under its name at the end of the ``with`` statement, and not at all if anything is raised in it.
    stdout
        Written in place of the process's own standard output.

    Raises
    ------
    OutputError
        For another ending, or where the file cannot be written.
    """

    def __init__(self, output: str | Path, stdout: IO[bytes] | None = None) -> None:
        self.format = output_format(output)
        self.path = None if str(output) == "-" else Path(output)
        self._given = stdout
        self._exit = contextlib.ExitStack()
        self._parquet: Any = None
        self._schema: Any = None
        self._pending: list[Event] = []

    def __enter__(self) -> Self:
        if self.path is not None:
            try:
                self._stream = self._exit.enter_context(replacing(self.path))
            except OSError as error:  # pragma: no cover -- replacing() says it better
                raise OutputError(f"{self.path}: cannot be written: {error}") from None
        else:
            self._stream = self._given if self._given is not None else sys.stdout.buffer
        if self.format == "csv":
            self._stream.write(_csv_line(EVENT_COLUMNS))
        elif self.format == "parquet":
            self._open_parquet()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._exit:
            if kind is None:
                self._finish()
            elif error is not None:
                if self._parquet is not None:
                    with contextlib.suppress(Exception):
                        self._parquet.close()
                # Raised again inside, so that the unfinished file is removed rather than moved into place.
                raise error

    def write(self, events: Sequence[Event]) -> None:
        """Write events in the order given."""
        if self.format == "parquet":
            self._pending.extend(events)
            # Groups are cut by rows alone, so that the file does not depend on how stories were batched.
            while len(self._pending) >= _ROW_GROUP:
                self._write_group(self._pending[:_ROW_GROUP])
                del self._pending[:_ROW_GROUP]
            return
        for event in events:
            if self.format == "jsonl":
                self._write_line(_json_line(_plain_values(event)))
            else:
                cells = format_cells(event)
                self._write_line(_csv_line(cells[name] if name in _NUMBERS else guard(cells[name]) for name in cells))
        if self.path is None:
            self._stream.flush()

    def _write_line(self, line: bytes) -> None:
        try:
            self._stream.write(line)
        except OSError as error:
            if self.path is None:
                raise
            raise OutputError(f"{self.path}: cannot be written: {error.strerror or error}") from None

    def _open_parquet(self) -> None:
        import pyarrow
        import pyarrow.parquet

        def kind(name: str) -> Any:
            if name in WHOLE:
                return pyarrow.int64()
            if name in DECIMALS:
                return pyarrow.float64()
            return pyarrow.bool_() if name in TRUTH else pyarrow.string()

        self._schema = pyarrow.schema([(name, kind(name)) for name in EVENT_COLUMNS])
        self._parquet = pyarrow.parquet.ParquetWriter(self._stream, self._schema, compression="zstd")

    def _write_group(self, events: Sequence[Event]) -> None:
        import pyarrow

        self._parquet.write_table(pyarrow.Table.from_pylist([_plain_values(each) for each in events], self._schema))

    def _finish(self) -> None:
        if self.format == "parquet":
            if self._pending:
                self._write_group(self._pending)
            self._parquet.close()
        elif self.path is None:
            self._stream.flush()


def read_events(path: str | Path) -> list[dict[str, str]]:
    """Read an event table, or any other table, as rows of text by column name.

    Parameters
    ----------
    path
        ``.csv``, ``.jsonl`` or ``.parquet``, or one of these with ``.gz`` or ``.zst``.

    Returns
    -------
    list of dict
        The same text whichever format the table was written in; apostrophes that keep CSV cells from being taken
        for formulas are removed.

    Raises
    ------
    InputError
        Where the file does not exist, has another ending, or cannot be read; names file and line.
    """
    path = Path(path)
    rows = read_table(path)
    if ".csv" in path.suffixes[-2:]:
        return [{name: cell if name in _NUMBERS else unguard(cell) for name, cell in row.items()} for row in rows]
    for row in rows:
        for name, places in DECIMALS.items():
            if row.get(name):
                with contextlib.suppress(ValueError):
                    row[name] = _decimal(float(row[name]), places)
    return rows


# --- the files beside it --------------------------------------------------------------------------------


def beside(output: Path, what: str) -> Path:
    """Return the path of a file beside the event table, such as ``events.stories.csv`` beside ``events.csv``."""
    return output.with_name(f"{output.stem}.{what}")


class StoriesWriter:
    """Collects one row a story and writes the stories file when all are known.

    The columns are those of :data:`STORY_FILE_COLUMNS`, then every other input column in the order in which they
    were first seen; an input column whose name is taken gets ``_input`` behind it. Rows wait in a file, not in
    memory, because the last story may bring a new column.

    Parameters
    ----------
    waiting
        Where rows wait; written anew.
    """

    def __init__(self, waiting: Path) -> None:
        self._path = waiting
        self._stream = waiting.open("wb")
        self._extra: dict[str, None] = {}

    def write(self, row: Mapping[str, Any], extra: Iterable[tuple[str, str]]) -> None:
        """Add a story.

        Parameters
        ----------
        row
            A value for each of :data:`STORY_FILE_COLUMNS`; None is written as an empty cell.
        extra
            The other input columns.
        """
        others = dict(extra)
        self._extra.update(dict.fromkeys(others))
        self._stream.write(_json_line({"row": [row[name] for name in STORY_FILE_COLUMNS], "extra": others}))

    def finish(self, path: Path) -> None:
        """Write the stories file and forget the waiting rows.

        Raises
        ------
        OutputError
            Where the file cannot be written.
        """
        self._stream.close()
        names = _apart(STORY_FILE_COLUMNS, list(self._extra))
        with replacing(path) as stream, self._path.open("rb") as rows:
            stream.write(_csv_line([*STORY_FILE_COLUMNS, *names]))
            for line in rows:
                story = json.loads(line)
                cells = ["" if cell is None else str(cell) for cell in story["row"]]
                cells += [story["extra"].get(name, "") for name in self._extra]
                stream.write(_csv_line(cell if _PLAIN_NUMBER.fullmatch(cell) else guard(cell) for cell in cells))
        self._path.unlink()

    def close(self) -> None:
        """Give up: close the waiting file without writing the stories file."""
        self._stream.close()


def _apart(taken: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return `names`, changed where they are among those taken (in upper or lower case) or repeated."""
    used = {each.lower() for each in taken}
    result: list[str] = []
    for name in names:
        new, count = name, 1
        while new.lower() in used:
            new = f"{name}_input" if count == 1 else f"{name}_input_{count}"
            count += 1
        used.add(new.lower())
        result.append(new)
    return result


def fault_values(fault: Fault) -> dict[str, str]:
    """Return a fault as the JSON object that stands for it in ``events.faults.jsonl``."""
    return {"story_id": fault.story_id, "stage": fault.stage, "message": fault.message, "place": fault.place}


class FaultsWriter:
    """Writes the faults file, one JSON object a line; without any fault there is no file.

    Parameters
    ----------
    path
        The faults file. One that an earlier run left there is removed at the end of a run without faults.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._exit = contextlib.ExitStack()
        self._stream: IO[bytes] = io.BytesIO()

    def write(self, faults: Iterable[Fault]) -> None:
        """Add faults in the order given."""
        for fault in faults:
            if not self.count:
                self._stream = self._exit.enter_context(replacing(self.path))
            self.count += 1
            self._stream.write(_json_line(fault_values(fault)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and not self.count:
            self.path.unlink(missing_ok=True)
        self._exit.__exit__(kind, error, trace)


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Write a JSON object, indented, UTF-8, keys in the order given.

    Raises
    ------
    OutputError
        Where the file cannot be written.
    """
    with replacing(path) as stream:
        stream.write((json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace"))
