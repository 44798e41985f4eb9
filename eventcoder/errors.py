"""The errors that eventcoder raises, each with one message fit for a reader.

Every error that a user can cause is an :class:`EventcoderError`. The command line prints its
message and ends with exit code 2; the Python API raises it. Messages name the file, the line and
the remedy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class EventcoderError(Exception):
    """Base of all errors that bad input, bad usage or a bad environment can cause."""


class InputError(EventcoderError):
    """A corpus file, a metadata file or an option cannot be used as it is."""


class OutputError(EventcoderError):
    """The output cannot be written where it was asked for."""


class ModelError(EventcoderError):
    """A parser or classifier model is missing, foreign, outdated or tampered with."""


class MissingExtraError(EventcoderError):
    """An optional package is needed for what was asked; the message holds the pip line."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a codebook or dictionary file.

    Attributes
    ----------
    message
        What is wrong and what would be right, without the place.
    path
        The file, as the user named it.
    line, column
        1-based position; 0 where the file as a whole is meant.
    source
        The line of the file, without its line break; empty where there is none.
    """

    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    source: str = ""

    def render(self) -> str:
        """Return ``file:line:column: message`` with the line and a caret below it."""
        where = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        text = f"{where}: {self.message}" if where else self.message
        if self.source and self.column:
            window_start = max(0, self.column - 81)
            shown = self.source[window_start : window_start + 160].replace("\t", " ")
            text += f"\n    {shown}\n    {' ' * (self.column - 1 - window_start)}^"
        return text


class CodebookError(EventcoderError):
    """A codebook or dictionary is wrong; carries every problem found, not just the first.

    Parameters
    ----------
    problems
        All problems, in the order of the file. At least one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = "" if count == 1 else f"{count} problems found:\n"
        super().__init__(head + "\n".join(problem.render() for problem in self.problems))

    def __reduce__(self) -> tuple[type[CodebookError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)
