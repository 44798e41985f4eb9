"""Reading YAML as a hostile format, with the place of every value and all errors at once.

Codebooks and actor dictionaries come from strangers, so nothing is constructed from tags, and
anchors, deep nesting and huge files are refused before anything is expanded.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from eventcoder.errors import CodebookError, Problem

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST_FILE = 64_000_000
_DEEPEST = 24
_TEXT_TAG = "tag:yaml.org,2002:str"
_NULL_TAG = "tag:yaml.org,2002:null"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: file, 1-based line and column."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Value:
    """A YAML node with its place; reads itself as the type that the schema wants.

    Every reading method reports a problem to the file's list and returns an empty value of the
    wanted type instead of raising, so that one pass finds all mistakes.
    """

    __slots__ = ("file", "node")

    def __init__(self, node: yaml.Node, file: YamlFile) -> None:
        self.node = node
        self.file = file

    @property
    def place(self) -> Place:
        mark = self.node.start_mark
        return Place(self.file.path, mark.line + 1, mark.column + 1)

    @property
    def is_null(self) -> bool:
        return bool(self.node.tag == _NULL_TAG)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_sequence(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_text(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    def problem(self, message: str) -> None:
        self.file.problem(message, self.place)

    def text(self, what: str) -> str:
        """Return the scalar as text, as it was written (``010`` stays ``010``)."""
        if not isinstance(self.node, yaml.ScalarNode) or self.is_null:
            self.problem(f"{what} should be text, not {_kind(self.node)}")
            return ""
        return str(self.node.value).strip()

    def truth(self, what: str) -> bool:
        value = self.text(what).lower()
        if value not in {"true", "false", "yes", "no"}:
            self.problem(f"{what} should be true or false, not {value!r}")
        return value in {"true", "yes"}

    def number(self, what: str) -> float:
        value = self.text(what)
        try:
            return float(value)
        except ValueError:
            self.problem(f"{what} should be a number, not {value!r}")
            return 0.0

    def whole(self, what: str) -> int:
        value = self.text(what)
        # Longer numbers mean nothing here, and reading them takes ever more time.
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
            self.problem(f"{what} should be a whole number, not {value[:20]!r}")
            return 0
        return int(value)

    def one_of(self, what: str, allowed: Iterable[str]) -> str:
        value = self.text(what)
        choices = list(allowed)
        if value and value not in choices:
            self.problem(f"unknown {what} {value!r}{nearest(value, choices)}")
        return value

    def items(self, what: str) -> list[Value]:
        """Return the members of a list; a lone scalar counts as a list of one."""
        if self.is_null:
            return []
        if isinstance(self.node, yaml.SequenceNode):
            return [Value(each, self.file) for each in self.node.value]
        if isinstance(self.node, yaml.ScalarNode):
            return [self]
        self.problem(f"{what} should be a list, not {_kind(self.node)}")
        return []

    def texts(self, what: str) -> tuple[str, ...]:
        return tuple(text for each in self.items(what) if (text := each.text(f"an entry of {what}")))

    def mapping(self, what: str, allowed: Iterable[str] | None = None) -> dict[str, Value]:
        """Return the mapping's values by key; unknown and repeated keys are problems.

        Parameters
        ----------
        what
            Name for messages.
        allowed
            The keys that the schema knows; None takes any.
        """
        if self.is_null:
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            self.problem(f"{what} should be keys with values, not {_kind(self.node)}")
            return {}
        known = None if allowed is None else list(allowed)
        found: dict[str, Value] = {}
        for key_node, value_node in self.node.value:
            key = Value(key_node, self.file)
            name = key.text(f"a key of {what}")
            if not name:
                continue
            if name in found:
                key.problem(f"key {name!r} stands twice in {what}; the first is in line {found[name].place.line}")
                continue
            if known is not None and name not in known:
                key.problem(f"unknown key {name!r} in {what}{nearest(name, known)}")
                continue
            found[name] = Value(value_node, self.file)
        return found

    def keys(self) -> Iterator[Value]:
        """Yield the keys of a mapping, as values with places."""
        if isinstance(self.node, yaml.MappingNode):
            for key_node, _ in self.node.value:
                yield Value(key_node, self.file)


@dataclass(slots=True)
class YamlFile:
    """One YAML file under reading: its lines, for carets, and the problems found so far."""

    path: str
    lines: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, message: str, place: Place) -> None:
        source = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        self.problems.append(Problem(message, place.path, place.line, place.column, source))

    def root(self, text: str) -> Value | None:
        """Return the document's root; None (with a problem) where the file is not usable YAML."""
        self.lines = text.splitlines()
        try:
            node = self._compose(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            hint = _yaml_hint(str(error.problem), self.lines[line - 1] if 0 < line <= len(self.lines) else "")
            self.problem(f"not valid YAML: {error.problem or error}{hint}", Place(self.path, line, column))
            return None
        except yaml.YAMLError as error:
            self.problem(f"not valid YAML: {str(error).splitlines()[0]}", Place(self.path, 0, 0))
            return None
        return None if node is None else Value(node, self)

    def _place(self, mark: Any) -> Place:
        return Place(self.path, mark.line + 1, mark.column + 1) if mark else Place(self.path, 0, 0)

    def _compose(self, text: str) -> yaml.Node | None:
        """Build the nodes from the parser's events; None (with a problem) where the file is refused.

        PyYAML's own composer works by recursion in C, so that deep nesting ends the process, and it resolves tags that
        nobody asks for. Here anchors and depth are checked as the events come, in one pass.
        """
        root: yaml.Node | None = None
        stack: list[tuple[yaml.Node, list[Any]]] = []
        events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        for event in events:
            kind = type(event)
            if kind is yaml.AliasEvent or getattr(event, "anchor", None) is not None:
                self.problem(
                    "anchors and aliases (& and *) are not used in codebooks; write the words out, or name a word set",
                    self._place(event.start_mark),
                )
                return None
            if kind is yaml.ScalarEvent:
                tag = event.tag or (_NULL_TAG if event.implicit[0] and event.value in _NULLS else _TEXT_TAG)
                node: yaml.Node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark, event.style)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if len(stack) >= _DEEPEST:
                    self.problem(f"nested more than {_DEEPEST} levels deep", self._place(event.start_mark))
                    return None
                made = yaml.MappingNode if kind is yaml.MappingStartEvent else yaml.SequenceNode
                node = made(event.tag or "", [], event.start_mark, event.end_mark)
                stack.append((node, []))
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                node, members = stack.pop()
                node.value = (
                    list(zip(members[::2], members[1::2], strict=True)) if kind is yaml.MappingEndEvent else members
                )
                node.end_mark = event.end_mark
            elif kind is yaml.DocumentStartEvent and root is not None:
                self.problem("a second document begins; a codebook is one", self._place(event.start_mark))
                return None
            else:
                continue
            if stack:
                stack[-1][1].append(node)
            else:
                root = node
        if root is None or (root.tag == _NULL_TAG and not root.value):
            self.problem("the file is empty; it should start with a key such as `codebook: mine`", self._place(None))
            return None
        return root


def read_text(path: Path, what: str = "codebook") -> str:
    """Return a YAML file's text.

    Raises
    ------
    CodebookError
        If the file is missing, too large, not UTF-8 or holds control characters (a binary file).
    """
    shown = str(path)
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= _LARGEST_FILE else b""
    except OSError as error:
        raise CodebookError([Problem(f"cannot read this {what}: {error.strerror or error}", shown)]) from None
    if size > _LARGEST_FILE:
        raise CodebookError([Problem(f"larger than {_LARGEST_FILE // 1_000_000} MB; split it with `extends`", shown)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CodebookError(
            [Problem(f"not UTF-8 text (byte {error.start}); save it as UTF-8 in a text editor", shown)]
        ) from None
    if "\x00" in text:
        raise CodebookError([Problem(f"a binary file, not a {what} in YAML", shown)])
    return text


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the closest choice, or the list of choices if it is short."""
    options = list(choices)
    close = difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    if 0 < len(options) <= 12:
        return f"; known: {', '.join(sorted(options))}"
    return ""


def _kind(node: yaml.Node) -> str:
    if node.tag == _NULL_TAG:
        return "nothing"
    if isinstance(node, yaml.MappingNode):
        return "keys with values"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return f"{node.value!r}"


def _yaml_hint(problem: str, line: str) -> str:
    stripped = line.lstrip("- ").strip()
    if "\t" in line:
        return " (indent with spaces, not tabs)"
    if stripped.startswith(("{", "[", "!", "*", "&", "%", "@")):
        return " (a pattern that starts with a sign must stand in quotes)"
    if "expected ','" in problem:
        return " (inside [ ] and { } a pattern with brackets or braces of its own must stand in quotes)"
    if "mapping values" in problem:
        return " (a text with a colon and a space must stand in quotes)"
    return ""
