"""Imports point downwards only; lazy imports and those for type checkers count like any other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "eventcoder"

# Rooms on one line do not import each other. The package's own __init__ names what is public and is exempt.
ORDER: tuple[tuple[str, ...], ...] = (
    ("errors", "records", "_version"),
    ("codebook", "language"),
    ("actors",),
    ("learning",),
    ("coding",),
    ("corpus",),
    ("analysis",),
    ("workbench",),
    ("cli",),
)
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def module_of(path: Path) -> tuple[str, ...]:
    """Return the dotted name of a file of the package, as a tuple that begins with ``eventcoder``."""
    parts = (PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts)
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield line and dotted name of every import from this package, wherever it stands in the file.

    Parameters
    ----------
    package
        The dotted name of the package that the file is in, for relative imports.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt | ast.expr):
            continue
        names: list[tuple[str, ...]] = []
        if isinstance(node, ast.Import):
            names = [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            base += tuple(node.module.split(".")) if node.module else ()
            # "from eventcoder import coding" names a room as "from eventcoder.coding import coder" does.
            names = [(*base, alias.name) for alias in node.names] if len(base) < 2 else [base]
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in {"import_module", "__import__"}
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            names = [tuple(str(node.args[0].value).split("."))]
        for name in names:
            if name[0] == PACKAGE.name:
                yield node.lineno, name


def upward(source: str, path: Path) -> list[str]:
    """Return a line for every import of `source`, standing in file `path`, that does not point downwards."""
    module = module_of(path)
    package = module if path.name == "__init__.py" else module[:-1]
    room = module[1]
    found = []
    for line, name in imports(ast.parse(source), package):
        wanted = name[1] if len(name) > 1 else "__init__"
        if wanted != room and LEVEL.get(wanted, len(ORDER)) >= LEVEL[room]:
            found.append(f"{path.relative_to(PACKAGE.parent)}:{line}: {room} imports {'.'.join(name)}")
    return found


def test_every_room_has_a_place_in_the_order() -> None:
    assert {module_of(path)[1] for path in FILES} <= set(LEVEL)


def test_imports_point_downwards() -> None:
    found = [line for path in FILES for line in upward(path.read_text(encoding="utf-8"), path)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("file", "source", "count"),
    [
        ("coding/coder.py", "from eventcoder.actors.resolve import Resolver", 0),
        ("coding/coder.py", "from eventcoder.coding.match import Match", 0),
        ("actors/resolve.py", "from eventcoder.coding.match import Match", 1),
        ("actors/resolve.py", "def late():\n    import eventcoder.corpus.runs", 1),
        ("actors/resolve.py", "if TYPE_CHECKING:\n    from eventcoder.cli import app", 1),
        ("actors/resolve.py", "from ..coding import match", 1),
        ("actors/resolve.py", "from . import gazetteer\nfrom .gazetteer import Gazetteer", 0),
        ("actors/__init__.py", "from .resolve import Resolver\nfrom ..coding.match import Match", 1),
        ("actors/resolve.py", "from eventcoder import cli, records", 1),
        ("actors/resolve.py", "import eventcoder", 1),
        ("actors/resolve.py", "import importlib\nimportlib.import_module('eventcoder.cli')", 1),
        ("language/parser.py", "from eventcoder.codebook.model import Codebook", 1),
        ("codebook/load.py", "from eventcoder.language.lexicon import SAY", 1),
        ("records.py", "import datetime\nfrom eventcoder.errors import InputError", 1),
    ],
)
def test_the_test_itself(file: str, source: str, count: int) -> None:
    assert len(upward(source, PACKAGE / file)) == count
