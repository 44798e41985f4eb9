"""File formats: finding files, unpacking and decoding them, and the records of tables.

Everything is a stream of :class:`Row`, decoded line by line, so that one damaged line costs one record.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import difflib
import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, cast

from eventcoder.errors import InputError

Kind = Literal["text", "csv", "jsonl", "parquet"]

KINDS: dict[str, Kind] = {".txt": "text", ".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet"}
PACKED: tuple[str, ...] = (".gz", ".zst")
STORY_COLUMNS: tuple[str, ...] = ("id", "text", "title", "date", "publisher", "url")

# What opening, unpacking and reading a damaged file raises.
READ_FAILURES: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error)

_ENDINGS = ", ".join(KINDS)
_DELIMITERS = (",", ";", "\t", "|")
_PROBE_BYTES = 8192
_PROBE_RECORDS = 100
_MAX_FIELD = 2**31 - 1  # the largest limit that the csv module takes on every platform

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINE_BREAK = re.compile(r"(?<=\n)|(?<=\r)(?=[^\n])")
_PHYSICAL_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\x1a")) + b"\x7f"
_BOMS: tuple[tuple[bytes, str], ...] = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "gzip data (let its name end in .gz)"),
    (b"\x28\xb5\x2f\xfd", "zstd data (let its name end in .zst)"),
    (b"PAR1", "Parquet data (let its name end in .parquet)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


# --- what is read ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth telling about the input as a whole; no story is lost by it."""

    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read, or standard input.

    Attributes
    ----------
    path
        The file; None for standard input.
    shown
        The path as the user named it; the ``file`` of every place.
    name
        The file's name without the ending of a compression: the id of a text file.
    kind
        How the (unpacked) content is read.
    packed
        ``.gz``, ``.zst`` or empty.
    named
        True where the user named the file itself, not a folder above it.
    """

    path: Path | None
    shown: str
    name: str
    kind: Kind
    packed: str = ""
    named: bool = True


class UnreadableError(Exception):
    """Why a file or record cannot be read; becomes a fault or an input error where it is caught."""


# --- finding the files -------------------------------------------------------------------------------


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the known word nearest to `word`, or an empty string."""
    choices = {each.lower(): each for each in known}
    close = difflib.get_close_matches(word.lower(), list(choices), n=1, cutoff=0.6)
    return f" (did you mean '{choices[close[0]]}'?)" if close else ""


def kind_of(path: Path) -> tuple[Kind | None, str, str]:
    """Return the kind, the ending of a compression, and the name without that ending."""
    packed = path.suffix.lower() if path.suffix.lower() in PACKED else ""
    name = path.name[: -len(packed)] if packed else path.name
    return KINDS.get(Path(name).suffix.lower()), packed, name


def missing_file(shown: str, path: Path) -> InputError:
    parent = path.parent
    if not parent.is_dir():
        return InputError(f"{shown}: no such file: the folder {parent} does not exist")
    try:
        names = [each.name for each in islice(parent.iterdir(), 20_000)]
    except OSError:
        names = []
    return InputError(f"{shown}: no such file or folder{nearest(path.name, names)}")


def find_sources(
    inputs: Iterable[str | Path], skip: Collection[Path] = ()
) -> tuple[tuple[Source, ...], tuple[Remark, ...]]:
    """Find the files to read, in the order in which they will be read.

    Parameters
    ----------
    inputs
        Files, folders, or ``-`` for standard input. Folders are searched through all levels, sorted by path;
        hidden files and folders are passed over.
    skip
        Files and folders that are never input, even where they lie in a folder that is: the run's own output.

    Returns
    -------
    sources : tuple of Source
    remarks : tuple of Remark
        Files in folders that were left out because of their ending, and files named twice.

    Raises
    ------
    InputError
        Where a file does not exist (with the nearest name), has an ending that is not read, or a folder holds
        nothing to read.
    """
    hidden = {each.resolve() for each in skip}
    sources: list[Source] = []
    remarks: list[Remark] = []
    taken: set[Path] = set()

    def take(path: Path, kind: Kind, packed: str, name: str, named: bool) -> None:
        real = path.resolve()
        if real in taken:
            remarks.append(Remark("named more than once; read once", str(path)))
            return
        taken.add(real)
        sources.append(Source(path, str(path), name, kind, packed, named))

    for each in inputs:
        shown = str(each)
        if shown == "-":
            if any(source.path is None for source in sources):
                raise InputError("-: standard input can be named only once")
            sources.append(Source(None, "-", "stdin", "text"))
            continue
        path = Path(each)
        if path.is_dir():
            found, others = 0, set[str]()
            left_out = 0
            for below in sorted(_files_below(path, hidden)):
                kind, packed, name = kind_of(below)
                if kind is None:
                    left_out += 1
                    others.add(below.suffix or below.name)
                    continue
                found += 1
                take(below, kind, packed, name, False)
            if not found:
                raise InputError(f"{shown}: the folder holds no file that is read ({_ENDINGS}, also with .gz or .zst)")
            if left_out:
                endings = ", ".join(sorted(others)[:8]) + (", ..." if len(others) > 8 else "")
                remarks.append(Remark(f"left out, not being {_ENDINGS}: {left_out} ({endings})", shown))
            continue
        if not path.exists():
            raise missing_file(shown, path)
        kind, packed, name = kind_of(path)
        if kind is None:
            raise InputError(
                f"{shown}: files ending in '{Path(name).suffix}' are not read as stories: give {_ENDINGS}, "
                "one of these with .gz or .zst, or a folder of them"
            )
        take(path, kind, packed, name, True)
    if not sources:
        raise InputError("no input: name files, folders, or - for standard input")
    return tuple(sources), tuple(remarks)


def _files_below(folder: Path, hidden: Collection[Path]) -> Iterator[Path]:
    try:
        entries = list(folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder}: the folder cannot be read: {error.strerror}") from None
    for entry in entries:
        if entry.name.startswith(".") or entry.resolve() in hidden:
            continue
        # A link to a folder is not followed: it could lead back up and round for ever.
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _files_below(entry, hidden)
        else:
            yield entry


# --- bytes and their encoding --------------------------------------------------------------------------


def open_bytes(path: Path, packed: str = "") -> IO[bytes]:
    """Open a file for reading bytes, unpacking ``.gz`` and ``.zst`` on the way.

    Raises
    ------
    OSError
        Where the file cannot be opened. Broken compressed data shows up only while reading.
    """
    if packed == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if packed == ".zst":
        import pyarrow

        raw = path.open("rb")
        return cast("IO[bytes]", io.BufferedReader(pyarrow.CompressedInputStream(raw, "zstd")))
    return path.open("rb")


def _refuse_binary(head: bytes) -> None:
    """Raise :class:`UnreadableError` where the first bytes are no text."""
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise UnreadableError(f"binary file: this is {what}, not plain text")
    if any(head.startswith(mark) for mark, _ in _BOMS):
        return
    at = head.find(0)
    if at >= 0:
        raise UnreadableError(f"binary file: byte 0x00 at offset {at}; convert it to plain text (UTF-8) first")
    control = len(head) - len(head.translate(None, _CONTROL))
    if control > max(4, len(head) // 20):
        raise UnreadableError(
            f"binary file: {control} control bytes in the first {len(head)}; convert it to plain text first"
        )


def decode(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode text: UTF-8, UTF-16 and UTF-32 with a byte-order mark, else windows-1252.

    Parameters
    ----------
    raw
        The bytes of a whole text or of one line. A byte-order mark is not part of the text.

    Returns
    -------
    text : str
    notes : tuple of str
        Says that and where the text is not UTF-8, if windows-1252 was used instead.

    Raises
    ------
    ValueError
        Where the text is neither; the message names the byte and its offset.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding), ()
            except UnicodeDecodeError as error:
                raise ValueError(f"not valid {encoding} from byte offset {error.start}") from None
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        at = error.start
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"neither UTF-8 (byte 0x{raw[at]:02x} at offset {at}) nor windows-1252 "
            f"(byte 0x{raw[error.start]:02x} at offset {error.start}); convert it to UTF-8"
        ) from None
    return text, (f"not UTF-8 (byte 0x{raw[at]:02x} at offset {at}): read as windows-1252",)


def _decode_or_refuse(raw: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        return decode(raw)
    except ValueError as error:
        raise UnreadableError(f"wrong encoding: {error}") from None


def _wide_lines(stream: IO[bytes], encoding: str) -> Iterator[str]:
    """Yield the lines of UTF-16 or UTF-32, where bytes cannot be cut at line breaks before they are decoded."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest = ""
    while True:
        block = stream.read(1 << 16)
        try:
            rest += decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise UnreadableError(f"wrong encoding: not valid {encoding}: {error.reason}") from None
        # A carriage return at the end may be half of a line break.
        *lines, rest = _LINE_BREAK.split(rest) if block else [*_LINE_BREAK.split(rest), ""]
        yield from filter(None, lines)
        if not block:
            return


@dataclass(slots=True)
class _Lines:
    """Physical lines of a byte stream as text, each decoded alone so that one bad line costs no other.

    ``notes`` and ``failed`` hold what decoding met since they were last taken, ``quotes`` counts double quotes.
    """

    stream: IO[bytes]
    notes: list[str] = field(default_factory=list)
    failed: str = ""
    quotes: int = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._physical():
            self.quotes += line.count('"')
            yield line

    def _physical(self) -> Iterator[str]:
        raw_stream: Any = self.stream
        buffered: Any = raw_stream if hasattr(raw_stream, "peek") else io.BufferedReader(raw_stream)
        head = buffered.peek(_PROBE_BYTES)[:_PROBE_BYTES]
        _refuse_binary(head)
        for mark, encoding in _BOMS:
            if head.startswith(mark) and encoding != "utf-8-sig":
                yield from _wide_lines(buffered, encoding)
                return
        first = True
        for chunk in buffered:
            # Old Macintosh files end their lines with a carriage return alone.
            parts = _PHYSICAL_LINE.findall(chunk) if b"\r" in chunk else (chunk,)
            for part in parts:
                raw = part.removeprefix(codecs.BOM_UTF8) if first else part
                first = False
                try:
                    text, notes = decode(raw)
                except ValueError as error:
                    self.failed = self.failed or f"wrong encoding: {error}"
                    text, notes = raw.decode("utf-8", "replace"), ()
                if notes and not self.notes:
                    self.notes.extend(notes)
                yield text

    def take(self) -> tuple[tuple[str, ...], str, int]:
        """Return notes, failure and quotes since the last call, and forget them."""
        taken = tuple(self.notes), self.failed, self.quotes
        self.notes.clear()
        self.failed, self.quotes = "", 0
        return taken


# --- records of tables -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table: its line (or row) number from 1, values, and notes; or why it failed."""

    line: int
    values: Mapping[str, str]
    notes: tuple[str, ...] = ()
    failed: str = ""


def _cell(value: Any) -> str:
    """Return a JSON or Parquet value as text; missing values are empty."""
    if value is None or (isinstance(value, float) and value != value):  # NaN
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _columns(header: Sequence[str]) -> list[str]:
    """Return column names, story columns in lower case, repeated names told apart."""
    names: list[str] = []
    for position, raw in enumerate(header, start=1):
        name = raw.strip() or f"column_{position}"
        if name.lower() in STORY_COLUMNS and name.lower() not in names:
            name = name.lower()
        base, count = name, 1
        while name in names:
            count += 1
            name = f"{base}_{count}"
        names.append(name)
    return names


def no_text_column(names: Sequence[str], wanted: Sequence[str], option: bool) -> str:
    found = ", ".join(names) or "none"
    if option:
        absent = [each for each in wanted if each not in names]
        return f"no column {absent[0]!r} as --text-column asks{nearest(absent[0], names)}; columns found: {found}"
    hint = nearest("text", names)
    guess = hint.split("'")[1] if hint else next((each for each in names if each not in STORY_COLUMNS), "NAME")
    return f"no column 'text'; columns found: {found}; name the column that holds the stories: --text-column {guess}"


def csv_rows(stream: IO[bytes], wanted: Sequence[str], option: bool) -> Generator[Row]:
    """Yield the rows of a CSV file by column name.

    Raises
    ------
    UnreadableError
        Where the file is binary, or its header lacks one of the `wanted` columns.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_FIELD))
    lines = _Lines(stream)
    feed = iter(lines)
    header: list[str] = []
    offset = 0
    for physical in feed:
        offset += 1
        if header or physical.strip():
            header.append(physical)
        if header and lines.quotes % 2 == 0:  # a column name may hold line breaks inside quotation marks
            break
    if not header:
        raise UnreadableError("empty: the file has no header line")
    names: list[str] = []
    delimiter = ","
    for candidate in _DELIMITERS:
        split = _columns(next(csv.reader(header, delimiter=candidate)))
        if not names:
            names = split
        if all(each in split for each in wanted):
            names, delimiter = split, candidate
            break
    else:
        raise UnreadableError(no_text_column(names, wanted, option))
    lines.take()
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        line = reader.line_num + 1 + offset
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            notes, failed, _ = lines.take()
            yield Row(line, {}, notes, f"malformed CSV: {error}")
            continue
        notes, failed, quotes = lines.take()
        if not cells:
            continue
        if not failed and quotes % 2 and reader.line_num + offset > line:
            failed = "malformed CSV: a quotation mark is opened here and never closed; double those inside a text"
        if not failed and len(cells) > len(names):
            failed = (
                f"malformed CSV: {len(cells)} fields where the header has {len(names)}; "
                "put texts that hold the separator into quotation marks"
            )
        if not failed and len(cells) < len(names):
            notes = (*notes, f"the row has {len(cells)} of {len(names)} fields")
        yield Row(line, dict(zip(names, cells, strict=False)), notes, failed)


def _jsonl_rows(stream: IO[bytes], first: bytes = b"") -> Generator[Row]:
    """Yield the objects of a JSONL file; lines that hold none are rows that failed."""
    lines = _Lines(cast("IO[bytes]", _Chained(first, stream)) if first else stream)
    for number, text in enumerate(lines, start=1):
        notes, failed, _ = lines.take()
        if not text.strip():
            continue
        value: Any = None
        if not failed:
            try:
                value = json.loads(text)
            except json.JSONDecodeError as error:
                failed = f"malformed JSON: {error.msg} at column {error.colno}"
            except (ValueError, RecursionError) as error:
                failed = f"malformed JSON: {error}"
            else:
                if not isinstance(value, dict):
                    failed = "malformed JSONL: the line is not a JSON object, { ... }"
        if failed:
            yield Row(number, {}, notes, failed)
            continue
        names = _columns(list(value))
        cells = {}
        for name, cell in zip(names, value.values(), strict=True):
            cells[name] = _LONE_SURROGATE.sub("\ufffd", _cell(cell))
            if cells[name] != _cell(cell):
                notes = (*notes, f"{name}: half a surrogate pair was replaced by U+FFFD")
        yield Row(number, cells, notes)


class _Chained(io.RawIOBase):
    """Bytes already taken from a stream, followed by the rest of it."""

    def __init__(self, first: bytes, rest: IO[bytes]) -> None:
        self._first, self._rest = first, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._first:
            taken, self._first = self._first[: len(buffer)], self._first[len(buffer) :]
        else:
            taken = self._rest.read(len(buffer))
        buffer[: len(taken)] = taken
        return len(taken)


def _parquet_rows(source: Source, wanted: Sequence[str], option: bool) -> Generator[Row]:
    """Yield the rows of a Parquet file; rows are numbered from 1.

    Raises
    ------
    UnreadableError
        Where the file is no Parquet, or lacks one of the `wanted` columns.
    """
    import pyarrow
    import pyarrow.parquet

    path = source.path
    if path is None:  # pragma: no cover -- standard input is never Parquet
        raise UnreadableError("Parquet is not read from standard input")
    opened: Any = str(path)
    if source.packed:
        with open_bytes(path, source.packed) as stream:
            opened = io.BytesIO(stream.read())
    try:
        table = pyarrow.parquet.ParquetFile(opened)
    except (pyarrow.ArrowException, OSError) as error:
        raise UnreadableError(f"not readable as Parquet: {first_line(error)}") from None
    with closing(table):
        names = _columns(table.schema_arrow.names)
        if any(each not in names for each in wanted):
            raise UnreadableError(no_text_column(names, wanted, option))
        number = 0
        try:
            for batch in table.iter_batches(batch_size=256):
                columns = [batch.column(position).to_pylist() for position in range(batch.num_columns)]
                for cells in zip(*columns, strict=True):
                    number += 1
                    yield Row(number, {name: _cell(cell) for name, cell in zip(names, cells, strict=True)})
        except (pyarrow.ArrowException, OSError) as error:
            raise UnreadableError(f"not readable as Parquet from row {number + 1}: {first_line(error)}") from None


def first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _rows(source: Source, wanted: Sequence[str], option: bool) -> Generator[Row]:
    if source.kind == "parquet":
        yield from _parquet_rows(source, wanted, option)
        return
    if source.path is None:  # pragma: no cover -- standard input has its own way
        return
    with open_bytes(source.path, source.packed) as stream:
        yield from csv_rows(stream, wanted, option) if source.kind == "csv" else _jsonl_rows(stream)


def probe(source: Source, wanted: Sequence[str], option: bool) -> None:
    """Raise :class:`UnreadableError` where a table has no text column, before any story is coded."""
    with closing(_rows(source, wanted, option)) as rows:
        seen: dict[str, None] = {}
        for row in islice(rows, _PROBE_RECORDS if source.kind == "jsonl" else 1):
            if source.kind != "jsonl" or any(each in row.values for each in wanted):
                return
            seen.update(dict.fromkeys(row.values))
        if source.kind == "jsonl" and seen:
            raise UnreadableError(no_text_column(list(seen), wanted, option))


def _stdin_rows(source: Source, stream: IO[bytes]) -> Generator[Row]:
    """Yield the rows of JSONL on standard input, or a single row with its whole text."""
    first = stream.readline()
    try:
        opening = json.loads(decode(first)[0])
    except (ValueError, RecursionError):
        opening = None
    if isinstance(opening, dict):
        yield from _jsonl_rows(stream, first)
        return
    raw = first + stream.read()
    yield _text_row(source, raw)


def _text_row(source: Source, raw: bytes) -> Row:
    _refuse_binary(raw[:_PROBE_BYTES])
    text, notes = _decode_or_refuse(raw)
    return Row(0, {"id": source.name, "text": text}, notes)


def read_source(
    source: Source, wanted: Sequence[str], option: bool, stdin: IO[bytes] | None
) -> Iterator[Row | UnreadableError]:
    """Yield the rows of one source; what stops the file is yielded last, as its reason."""
    try:
        if source.path is None:
            yield from _stdin_rows(source, stdin if stdin is not None else sys.stdin.buffer)
        elif source.kind == "text":
            with open_bytes(source.path, source.packed) as stream:
                raw = stream.read()
            yield _text_row(source, raw)
        else:
            with closing(_rows(source, wanted, option)) as rows:
                yield from rows
    except UnreadableError as error:
        yield error
    except READ_FAILURES as error:
        yield UnreadableError(f"cannot be read: {first_line(error)}")


def read_table(path: str | Path) -> list[dict[str, str]]:
    """Read a small CSV, JSONL or Parquet table whole, as rows of text by column name.

    Parameters
    ----------
    path
        ``.csv``, ``.jsonl`` or ``.parquet``, or one of these with ``.gz`` or ``.zst``.

    Returns
    -------
    list of dict
        One per record, in order; all values are text and missing ones are empty.

    Raises
    ------
    InputError
        Where the file does not exist, has another ending, or a record cannot be read; names file and line.
    """
    path = Path(path)
    if not path.is_file():
        raise missing_file(str(path), path)
    kind, packed, name = kind_of(path)
    if kind is None or kind == "text":
        raise InputError(f"{path}: not a table: its name must end in .csv, .jsonl or .parquet")
    source = Source(path, str(path), name, kind, packed)
    rows: list[dict[str, str]] = []
    try:
        with closing(_rows(source, (), False)) as found:
            for row in found:
                if row.failed:
                    raise InputError(f"{path}:{row.line}: {row.failed}")
                rows.append(dict(row.values))
    except UnreadableError as error:
        raise InputError(f"{path}: {error}") from None
    except READ_FAILURES as error:
        raise InputError(f"{path}: cannot be read: {first_line(error)}") from None
    return rows
