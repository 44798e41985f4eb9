"""Reading stories from files, folders and standard input.

Everything is read as a stream, one story at a time. What cannot be read becomes a
:class:`~eventcoder.records.Fault` and the rest goes on; what makes the whole command meaningless (a file that
does not exist, a table without a text column) is an :class:`~eventcoder.errors.InputError` and is raised
before the first story is read.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import IO

from eventcoder.corpus.formats import (
    READ_FAILURES,
    STORY_COLUMNS,
    Remark,
    Row,
    Source,
    UnreadableError,
    csv_rows,
    find_sources,
    first_line,
    kind_of,
    missing_file,
    nearest,
    no_text_column,
    open_bytes,
    probe,
    read_source,
)
from eventcoder.errors import InputError
from eventcoder.records import Fault, Story

METADATA_COLUMNS: tuple[str, ...] = ("date", "publisher", "url", "title")

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?|(\d{4})(\d{2})(\d{2})(?:\.0)?", re.ASCII)


# --- what reading gives --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read:
    """A story that was read, with what had to be done to read it.

    Attributes
    ----------
    story
        The story; its id is unique within the run.
    notes
        Remarks for the stories file: a guessed encoding, an impossible date, a repeated id.
    """

    story: Story
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """Rows of a metadata file by story id.

    Attributes
    ----------
    path
        The file as the user named it.
    rows
        For each id the column values that are not empty, by column name.
    """

    path: str
    rows: Mapping[str, Mapping[str, str]]


# --- dates -----------------------------------------------------------------------------------------


def parse_day(text: str) -> datetime.date:
    """Read a day written as ``2022-01-27`` or ``20220127``.

    The time of a timestamp (``2022-01-27T08:15:00Z``) is left out; the day is taken as it is written, whatever
    the time zone.

    Parameters
    ----------
    text
        The day; white space around it does not matter.

    Returns
    -------
    datetime.date

    Raises
    ------
    InputError
        Where the text is not such a day, or the day does not exist (``2022-02-30``).
    """
    found = _DAY.fullmatch(text.strip())
    if found:
        year, month, day = (int(part) for part in found.groups() if part is not None)
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise InputError(f"date {text.strip()!r} does not exist in the calendar") from None
    raise InputError(f"date {text.strip()!r} is not of the form 2022-01-27 or 20220127")


# --- metadata ---------------------------------------------------------------------------------


def read_metadata(path: str | Path) -> Metadata:
    """Read a metadata file: CSV with a column ``id`` and any of ``date``, ``publisher``, ``url``, ``title``.

    Other columns are kept too; they go to the stories file.

    Raises
    ------
    InputError
        Where the file does not exist, has no column ``id``, nothing beside it, or says two different things
        about one id; the message names file, lines and remedy.
    """
    shown, path = str(path), Path(path)
    if not path.is_file():
        raise missing_file(shown, path)
    _, packed, _ = kind_of(path)
    rows: dict[str, Mapping[str, str]] = {}
    lines: dict[str, int] = {}
    try:
        with open_bytes(path, packed) as stream:
            names: list[str] = []
            for row in csv_rows(stream, ("id",), False):
                if row.failed:
                    raise InputError(f"{shown}:{row.line}: {row.failed}")
                names = names or list(row.values)
                key = row.values["id"].strip()
                if not key:
                    continue
                values = {name: cell.strip() for name, cell in row.values.items() if name != "id" and cell.strip()}
                if rows.setdefault(key, values) != values:
                    raise InputError(
                        f"{shown}:{row.line}: id {key!r} stands in line {lines[key]} already, with other values: "
                        "keep one of them"
                    )
                lines.setdefault(key, row.line)
    except UnreadableError as error:
        message = str(error)
        if message.startswith("no column"):
            found = message.partition("columns found: ")[2].partition(";")[0]
            near = nearest("id", [each.strip() for each in found.split(",")])
            message = (
                f"no column 'id'{near}; columns found: {found}; name the column that holds the stories' ids 'id' "
                "(for text files the id is the file's name, as in story1.txt)"
            )
        raise InputError(f"{shown}: {message}") from None
    except READ_FAILURES as error:
        raise InputError(f"{shown}: cannot be read: {first_line(error)}") from None
    if names == ["id"]:
        raise InputError(f"{shown}: no column beside 'id': add any of {', '.join(METADATA_COLUMNS)}")
    return Metadata(shown, rows)


# --- stories ------------------------------------------------------------------------------------


def check_sources(sources: Sequence[Source], text_columns: Sequence[str] = ()) -> dict[str, str]:
    """Look at the beginning of every table, so that a wrong one is found before hours of work.

    Parameters
    ----------
    sources
        From :func:`find_sources`.
    text_columns
        As for :func:`read_stories`.

    Returns
    -------
    dict
        For each table inside a folder that cannot be used: its place and why. It becomes a fault.

    Raises
    ------
    InputError
        Where a table that was named itself cannot be used: it has no text column (with the columns found), or,
        as the only input, cannot be opened.
    """
    wanted = tuple(text_columns) or ("text",)
    unusable: dict[str, str] = {}
    for source in sources:
        if source.kind == "text":
            continue
        try:
            probe(source, wanted, bool(text_columns))
        except UnreadableError as error:
            if source.named and (str(error).startswith("no column") or len(sources) == 1):
                raise InputError(f"{source.shown}: {error}") from None
            unusable[source.shown] = str(error)
        except READ_FAILURES as error:
            message = f"cannot be read: {first_line(error)}"
            if source.named and len(sources) == 1:
                raise InputError(f"{source.shown}: {message}") from None
            unusable[source.shown] = message
    return unusable


@dataclass(slots=True)
class _Assembler:
    """Makes stories of rows: unique ids, dates, metadata."""

    wanted: tuple[str, ...]
    metadata: Metadata | None
    date: datetime.date | None
    first_places: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def story(self, source: Source, row: Row) -> Read | Fault:
        values = dict(row.values)
        place = f"{source.shown}:{row.line}" if row.line else source.shown
        given = values.pop("id", "").strip()
        if source.kind == "parquet" and re.fullmatch(r"\d+\.0", given):
            given = given[:-2]  # whole numbers beside missing ones are stored as fractions
        key = given or f"{source.name}:{row.line}"
        if row.failed:
            return Fault(key, "read", row.failed, place)
        columns = ("text",) if "text" in values and not row.line else self.wanted
        if not any(each in values for each in columns):
            return Fault(key, "read", no_text_column(list(row.values), columns, columns != ("text",)), place)
        parts = [values.pop(each, "") for each in columns]
        text = "\n\n".join(part for part in parts if part.strip()) if len(parts) > 1 else parts[0]
        notes = list(row.notes)
        story = Story(
            id=key,
            text=text,
            title=values.pop("title", "").strip(),
            publisher=values.pop("publisher", "").strip(),
            url=values.pop("url", "").strip(),
            place=place,
        )
        day = self._day(values.pop("date", ""), notes, place)
        if day:
            story = replace(story, date=day, date_origin="column")
        story, extra = self._complete(story, key, values, notes)
        if story.date is None and self.date:
            story = replace(story, date=self.date, date_origin="option")
        if not text.strip():
            if not story.title:
                return Fault(key, "read", "empty: the story has no text", place)
            notes.append("no text: the title alone was coded")
        return Read(replace(story, id=self._unique(key, place, notes), extra=tuple(extra.items())), tuple(notes))

    @staticmethod
    def _day(text: str, notes: list[str], place: str) -> datetime.date | None:
        if not text.strip():
            return None
        try:
            return parse_day(text)
        except InputError as error:
            notes.append(f"{error}: left out")
            return None

    def _complete(
        self, story: Story, key: str, values: dict[str, str], notes: list[str]
    ) -> tuple[Story, dict[str, str]]:
        """Fill in what the story lacks and its metadata row has."""
        row = self.metadata.rows.get(key) if self.metadata else None
        if row is None or self.metadata is None:
            return story, values
        self.used.add(key)
        day = None if story.date else self._day(row.get("date", ""), notes, self.metadata.path)
        for name, cell in row.items():
            if name not in STORY_COLUMNS and not values.get(name, "").strip():
                values[name] = cell
        return (
            replace(
                story,
                title=story.title or row.get("title", ""),
                publisher=story.publisher or row.get("publisher", ""),
                url=story.url or row.get("url", ""),
                date=story.date or day,
                date_origin="metadata" if day else story.date_origin,
            ),
            values,
        )

    def _unique(self, key: str, place: str, notes: list[str]) -> str:
        if key not in self.first_places:
            self.first_places[key] = place
            return key
        count = 2
        while f"{key}#{count}" in self.first_places:
            count += 1
        unique = f"{key}#{count}"
        notes.append(f"id {key!r} stands at {self.first_places[key]} already: renamed {unique!r}")
        self.first_places[unique] = place
        return unique


def read_sources(
    sources: Sequence[Source],
    metadata: Metadata | None = None,
    date: datetime.date | None = None,
    text_columns: Sequence[str] = (),
    unusable: Mapping[str, str] | None = None,
    stdin: IO[bytes] | None = None,
) -> Iterator[Read | Fault | Remark]:
    """Yield the stories of `sources`; see :func:`read_stories`, which this is without the search for files.

    Parameters
    ----------
    unusable
        From :func:`check_sources`: files already known to be faults, and why.
    """
    wanted = tuple(text_columns) or ("text",)
    made = _Assembler(wanted, metadata, date)
    without_id: set[str] = set()
    for source in sources:
        if unusable and source.shown in unusable:
            yield Fault(source.name, "read", unusable[source.shown], source.shown)
            continue
        for row in read_source(source, wanted, bool(text_columns), stdin):
            if isinstance(row, UnreadableError):
                yield Fault(source.name, "read", str(row), source.shown)
                continue
            if not row.failed and "id" not in row.values and source.shown not in without_id:
                without_id.add(source.shown)
                found = ", ".join(row.values)
                yield Remark(
                    f"no column 'id': ids are file and line, as {source.name}:{row.line}; columns: {found}",
                    source.shown,
                )
            yield made.story(source, row)
    if metadata is not None:
        lost = [key for key in metadata.rows if key not in made.used]
        if lost:
            near = nearest(lost[0], islice(made.first_places, 5000))
            many = f"{len(lost)} ids match" if len(lost) > 1 else "1 id matches"
            yield Remark(f"{many} no story, the first: {lost[0]!r}{near}", metadata.path)


def read_stories(
    inputs: Iterable[str | Path],
    metadata: str | Path | Metadata | None = None,
    date: datetime.date | None = None,
    text_columns: Sequence[str] = (),
    *,
    skip: Collection[Path] = (),
    stdin: IO[bytes] | None = None,
) -> Iterator[Read | Fault | Remark]:
    """Read stories as a stream, in the order of the inputs.

    A ``.txt`` file is one story whose id is the file's name. ``.csv``, ``.jsonl`` and ``.parquet`` hold one
    story a record, with columns ``text`` and ``id`` and optionally ``date``, ``title``, ``publisher`` and
    ``url``; other columns are kept in ``Story.extra``. Each may be packed with gzip (``.gz``) or zstd (``.zst``).

    Parameters
    ----------
    inputs
        Files, folders (searched through all levels, in sorted order), or ``-`` for standard input: plain text,
        or JSONL where the first line is a JSON object.
    metadata
        A CSV file with a column ``id``; gives stories what their own file lacks.
    date
        The date of stories that have none; their ``date_origin`` is then ``option``, the weakest one: a date
        found in the text may still replace it.
    text_columns
        Columns that hold the text, ``text`` by default; several are joined by a blank line, and offsets then
        count in the joined text.
    skip
        Files and folders that are never input.
    stdin
        Read for ``-`` in place of the process's own standard input.

    Yields
    ------
    Read
        A story and what had to be done to read it. A story whose id was seen before is kept as ``id#2``; an
        impossible date is left out; both are noted.
    Fault
        A file or record that could not be read: binary, damaged, malformed, or without any text.
    Remark
        Something about the input as a whole, such as ids in the metadata that match no story.

    Raises
    ------
    InputError
        At the call, before any story is read: for a missing file, an ending that is not read, a table without
        a text column, or a metadata file without ids.
    """
    known = read_metadata(metadata) if isinstance(metadata, str | Path) else metadata
    hidden = [*skip, Path(known.path)] if known else list(skip)
    sources, remarks = find_sources(inputs, hidden)
    unusable = check_sources(sources, text_columns)

    def stream() -> Iterator[Read | Fault | Remark]:
        yield from remarks
        yield from read_sources(sources, known, date, text_columns, unusable, stdin)

    return stream()
