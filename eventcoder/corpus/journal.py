"""What a run writes and where: the checks before it starts, and the journal from which it is resumed.

While a run goes on, the folder ``events.partial`` beside ``events.csv`` holds what every finished story gave, one
line each, and the fingerprint of the run. The same command, given again, replays the journal and goes on after it;
another command is refused. The folder disappears when the run is complete.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from eventcoder.corpus.formats import Source
from eventcoder.corpus.workers import Outcome
from eventcoder.corpus.writers import beside, output_format
from eventcoder.errors import OutputError

BESIDE: tuple[str, ...] = ("stories.csv", "faults.jsonl", "run.json")
_JOURNAL_FILES = ("run.json", "results.jsonl", "stories.jsonl", "lock")


def _exists(path: Path) -> OutputError:
    return OutputError(f"{path}: exists already: give another name, or add --overwrite to replace it")


def _lock(stream: IO[bytes]) -> bool:
    """Take the file for this process; False where another one has it. Released when the process ends."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover -- Windows has no such lock; two runs there are the user's care
        return True
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class Journal:
    """The folder that keeps what an unfinished run has done.

    Parameters
    ----------
    output
        The event table's path; the folder lies beside it.
    fingerprint
        What the run consists of, by name.
    overwrite
        Whether the run may replace an existing event table.

    Raises
    ------
    OutputError
        Where the folder holds something else, an unfinished run of another command, or is in use.
    """

    def __init__(self, output: Path, fingerprint: Mapping[str, str], overwrite: bool) -> None:
        self.folder = self.folder_of(output)
        self.done = 0
        self._exit = ExitStack()
        state = self.folder / "run.json"
        self._claim()
        try:
            before = self._read_state(state)
            if before is not None and not self._goes_on(before, fingerprint, output, overwrite):
                before = None
            if before is None:
                (self.folder / "results.jsonl").unlink(missing_ok=True)
                # The event table of an earlier run may stand under the name only where it may be replaced.
                if output.exists() and not overwrite:
                    raise _exists(output)
                values = {
                    "fingerprint": dict(fingerprint),
                    "overwrite": overwrite,
                    "resumable": fingerprint["input"] != "",
                }
                state.write_text(json.dumps(values), encoding="utf-8")
            self._results = self._exit.enter_context((self.folder / "results.jsonl").open("ab+"))
            self._cut_torn_line()
        except BaseException:
            self.close()
            raise

    @staticmethod
    def folder_of(output: Path) -> Path:
        """Return the journal's folder for an event table."""
        return output.with_name(f"{output.stem}.partial")

    def _claim(self) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
            strangers = [each.name for each in self.folder.iterdir() if each.name not in _JOURNAL_FILES]
            if strangers:
                raise OutputError(
                    f"{self.folder}: needed for the journal of this run, but holds other files ({strangers[0]}): "
                    "move them, or give the event table another name"
                )
            lock = self._exit.enter_context((self.folder / "lock").open("wb"))
        except OSError as error:
            raise OutputError(f"{self.folder}: cannot be written: {error.strerror}") from None
        if not _lock(lock):
            self._exit.close()
            raise OutputError(f"{self.folder}: another run is writing this event table: wait for its end")

    @staticmethod
    def _read_state(path: Path) -> dict[str, Any] | None:
        try:
            values = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return None
        return values if isinstance(values, dict) and isinstance(values.get("fingerprint"), dict) else None

    def _goes_on(
        self, before: Mapping[str, Any], fingerprint: Mapping[str, str], output: Path, overwrite: bool
    ) -> bool:
        """Return whether the journal is of the same command; raise where it is of another that may not be lost."""
        if not before.get("resumable"):
            return False
        differing = [
            name
            for name in {**before["fingerprint"], **fingerprint}
            if before["fingerprint"].get(name) != fingerprint.get(name)
        ]
        if not differing and before.get("overwrite") == overwrite:
            return True
        if overwrite:
            return False
        if differing:
            raise OutputError(
                f"{self.folder}: holds an unfinished run of another command (other {', '.join(differing)}): give that "
                "command again to finish it, or add --overwrite to drop it and start this one"
            )
        if output.exists():
            raise OutputError(
                f"{output}: exists already, and {self.folder} holds an unfinished run that is to replace it: "
                "add --overwrite to go on with it"
            )
        return True

    def _cut_torn_line(self) -> None:
        """Drop a last line that was being written when the run was interrupted."""
        self._results.seek(0)
        good = 0
        for line in self._results:
            if not line.endswith(b"\n"):
                break
            good += len(line)
            self.done += 1
        self._results.truncate(good)
        self._results.seek(0)

    def replay(self) -> Iterator[Outcome]:
        """Yield what the interrupted run had done, in order.

        Raises
        ------
        OutputError
            Where the journal is damaged.
        """
        self._results.seek(0)
        for number in range(1, self.done + 1):
            try:
                yield Outcome.from_json(self._results.readline())
            except (ValueError, KeyError, TypeError):
                raise OutputError(
                    f"{self.folder / 'results.jsonl'}:{number}: the journal is damaged: add --overwrite to start anew"
                ) from None

    def append(self, outcome: Outcome) -> None:
        """Keep what a story gave."""
        try:
            self._results.write(outcome.to_json().encode("ascii") + b"\n")
            self._results.flush()
        except OSError as error:
            raise OutputError(f"{self.folder}: cannot be written: {error.strerror}; give the command again") from None

    def close(self) -> None:
        """Leave the journal where it is, for the run to be resumed."""
        self._exit.close()
        with contextlib.suppress(OSError):
            if not (self.folder / "run.json").exists():
                self.remove()

    def remove(self) -> None:
        """Remove the journal: the run is complete."""
        for name in _JOURNAL_FILES:
            (self.folder / name).unlink(missing_ok=True)
        self.folder.rmdir()
        self._exit.close()


def own_files(output: Path) -> tuple[Path, ...]:
    """Return every path that a run with this event table may write, the journal's folder last."""
    return (output, *(beside(output, what) for what in BESIDE), Journal.folder_of(output))


def check_output(output: str | Path, overwrite: bool = False) -> None:
    """Check that the event table can be written, before any work is done.

    Raises
    ------
    OutputError
        For an ending that is not written, a missing or unwritable folder, or an existing table that may not be
        replaced.
    """
    output_format(output)
    if str(output) == "-":
        return
    path = Path(output)
    if path.is_dir():
        raise OutputError(f"{path}: is a folder: name a file")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the folder {path.parent} does not exist: create it first")
    if not overwrite and not Journal.folder_of(path).exists():
        for each in own_files(path)[:-1]:
            if each.exists():
                raise _exists(each)
    trial = path.with_name(path.name + ".part")
    try:
        trial.open("ab").close()
        trial.unlink()
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None


def refuse_own_input(output: Path, sources: Iterable[Source], others: Iterable[Path]) -> None:
    """Check that a run would not write over what it reads.

    Raises
    ------
    OutputError
        Where one of the files read is one of :func:`own_files`.
    """
    own = {each.resolve() for each in own_files(output)}
    for path in [*(source.path for source in sources if source.path), *others]:
        if path.resolve() in own:
            raise OutputError(f"{path}: is input and would be overwritten: give the event table another name")
