"""What a run tells at its end: counts, faults, where the files are, and what to try next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from eventcoder.corpus.formats import Remark
from eventcoder.records import STATUSES, Event, Fault

_SHOWN_FAULTS = 5
_SHOWN_REMARKS = 8


@dataclass(slots=True)
class Summary:
    """The counts of a run, filled in while it goes.

    Attributes
    ----------
    stories
        Stories that were read, those that failed in coding included.
    sentences
        Sentences that were read in them.
    undated_stories, undated_events
        Stories without a date, and rows without one.
    duplicates
        Rows that report an event which an earlier row reports.
    events
        Number of rows by category and status.
    languages
        Number of stories by language.
    counts
        What the coder counted, added up.
    fault_count, faults
        Number of faults, and the first few.
    remarks
        Remarks about the input as a whole.
    files
        The files written, in the order in which they are shown; empty for standard output.
    resumed
        Stories and faults taken over from an interrupted run.
    seconds
        How long the run took.
    """

    stories: int = 0
    sentences: int = 0
    undated_stories: int = 0
    undated_events: int = 0
    duplicates: int = 0
    events: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    files: tuple[Path, ...] = ()
    resumed: int = 0
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        """Number of event rows."""
        return sum(self.events.values())

    def add_events(self, events: Iterable[Event]) -> None:
        """Count event rows."""
        for event in events:
            self.events[event.category, event.status] += 1
            self.undated_events += not event.date
            self.duplicates += bool(event.duplicate_of)

    def add_faults(self, faults: Sequence[Fault]) -> None:
        """Count faults and keep the first few."""
        self.fault_count += len(faults)
        self.faults.extend(faults[: max(0, _SHOWN_FAULTS - len(self.faults))])

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Return the header and rows of the table of categories by status, most frequent category first."""
        shown = [status for status in STATUSES if any(each == status for _, each in self.events)]
        totals: Counter[str] = Counter()
        for (category, _), count in self.events.items():
            totals[category] += count
        rows = []
        for category, total in sorted(totals.items(), key=lambda each: (-each[1], each[0])):
            cells = [self.events.get((category, status), 0) for status in shown]
            rows.append([category, *(str(cell) if cell else "" for cell in cells), str(total)])
        if len(rows) > 1:
            sums = [sum(count for (_, each), count in self.events.items() if each == status) for status in shown]
            rows.append(["all", *map(str, sums), str(self.rows)])
        return ["category", *shown, "all"], rows


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 story``, ``2,000 stories``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _head(summary: Summary) -> str:
    text = (
        f"{count(summary.stories, 'story', 'stories')}, {count(summary.sentences, 'sentence')}, "
        f"{count(summary.rows, 'event')}, {count(summary.fault_count, 'fault')}"
    )
    if summary.duplicates:
        text += f"; {count(summary.duplicates, 'row repeats an earlier event', 'rows repeat earlier events')}"
    return f"{text} ({summary.seconds:.1f} s)"


def _notices(summary: Summary) -> list[str]:
    lines = []
    if summary.resumed:
        lines.append(f"resumed: {count(summary.resumed, 'story was', 'stories were')} coded by the interrupted run")
    if summary.undated_stories:
        lines.append(
            f"undated: {count(summary.undated_stories, 'story has', 'stories have')} no date"
            + (
                f", and so {count(summary.undated_events, 'event has', 'events have')} none"
                if summary.undated_events
                else ""
            )
        )
    foreign = {each: number for each, number in summary.languages.items() if each != "en"}
    if foreign:
        listed = ", ".join(f"{each} {number}" for each, number in sorted(foreign.items()))
        lines.append(f"not English, not coded: {listed}")
    for remark in summary.remarks[:_SHOWN_REMARKS]:
        lines.append(f"note: {remark.place}: {remark.message}" if remark.place else f"note: {remark.message}")
    if len(summary.remarks) > _SHOWN_REMARKS:
        lines.append(f"note: and {len(summary.remarks) - _SHOWN_REMARKS} more, in the run file")
    for fault in summary.faults:
        lines.append(f"fault: {fault.place or fault.story_id}: {fault.message}")
    if summary.fault_count > len(summary.faults):
        where = ", in the faults file" if summary.files else ""
        lines.append(f"fault: and {summary.fault_count - len(summary.faults):,} more{where}")
    return lines


def next_step(summary: Summary) -> str:
    """Return the one thing most worth trying next."""
    if summary.undated_stories:
        return "give dates with --metadata FILE.csv (columns id, date) or --date YYYY-MM-DD"
    if not summary.stories:
        return "look at the faults: no story could be read"
    if not summary.rows:
        return 'see why a sentence gives no event: eventcoder explain "..."'
    if summary.fault_count:
        return "mend what the faults name and run again with --overwrite"
    return 'see why a sentence was coded so: eventcoder explain "..."'


def plain_summary(summary: Summary) -> str:
    """Return the summary as plain text, ending in a line break."""
    lines = [_head(summary)]
    header, rows = summary.table()
    if rows:
        widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
        lines.append("")
        for row in [header, *rows]:
            first, *others = row
            cells = [
                first.ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)),
            ]
            lines.append("  " + "  ".join(cells).rstrip())
        lines.append("")
    lines.extend(_notices(summary))
    lines.extend(f"written: {path}" for path in summary.files)
    lines.append(f"next: {next_step(summary)}")
    return "\n".join(lines) + "\n"


def print_summary(summary: Summary, stream: TextIO) -> None:
    """Print the summary: a table with rules on a terminal, plain text elsewhere."""
    if not stream.isatty():
        stream.write(plain_summary(summary))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(file=stream, highlight=False)
    console.print(f"[bold]{escape(_head(summary))}[/bold]")
    header, rows = summary.table()
    if rows:
        table = Table(show_edge=False, pad_edge=False)
        table.add_column(header[0])
        for name in header[1:]:
            table.add_column(name, justify="right")
        for row in rows:
            table.add_row(*map(escape, row), style="bold" if row[0] == "all" and row is rows[-1] else None)
        console.print(table)
    for line in _notices(summary):
        console.print(escape(line), style="red" if line.startswith("fault") else "yellow")
    for path in summary.files:
        console.print(f"written: {escape(str(path))}", soft_wrap=True)
    console.print(f"[green]next:[/green] {escape(next_step(summary))}", soft_wrap=True)
