"""The public names, and that the bare import is light."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import eventcoder as ec

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = {
    "Codebook": "eventcoder.codebook.model",
    "Coder": "eventcoder.coding.coder",
    "Event": "eventcoder.records",
    "EventcoderError": "eventcoder.errors",
    "Story": "eventcoder.records",
    "explain": "eventcoder.coding.explain",
}
HEAVY = ("spacy", "pandas", "numpy", "sklearn", "skops", "pyarrow", "typer", "yaml", "matplotlib")


def test_public_names() -> None:
    assert sorted(ec.__all__) == sorted([*PUBLIC, "__version__"])
    assert set(ec.__all__) <= set(dir(ec))


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_public_name_is_the_one_at_home(name: str) -> None:
    assert getattr(ec, name) is getattr(importlib.import_module(PUBLIC[name]), name)


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Codr'"):
        ec.Codr  # noqa: B018


def test_version_lives_once() -> None:
    from eventcoder._version import __version__

    assert ec.__version__ == __version__


def loaded(statement: str) -> list[str]:
    """Return which heavy packages a fresh interpreter has loaded after a statement."""
    script = f"import sys\n{statement}\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return done.stdout.split()


def test_bare_import_is_light() -> None:
    assert loaded("import eventcoder as ec; ec.__version__; dir(ec)") == []


def test_records_are_light() -> None:
    assert loaded("from eventcoder import Event, Story, EventcoderError") == []


def test_command_line_starts_light() -> None:
    found = loaded("import eventcoder.cli")
    assert set(found) <= {"typer"}
