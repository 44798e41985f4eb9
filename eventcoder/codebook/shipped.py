"""Where the codebooks and dictionaries that ship with eventcoder lie."""

from __future__ import annotations

from pathlib import Path


def shipped_folder() -> Path:
    """Return the folder of shipped codebooks: inside an installed wheel, or beside the source."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent / "codebooks"


def shipped_codebooks() -> dict[str, Path]:
    """Return the shipped codebooks by name (``crisis``)."""
    return {
        path.stem: path for path in sorted(shipped_folder().glob("*.yaml")) if path.stem not in {"roles"}
    }
