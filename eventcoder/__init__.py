"""Political event data from news text: who did what to whom, when, and why it was coded so.

The names below load what they need when they are first used, so that the bare import stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from eventcoder._version import __version__

if TYPE_CHECKING:
    from eventcoder.codebook.model import Codebook
    from eventcoder.coding.coder import Coder
    from eventcoder.coding.explain import explain
    from eventcoder.errors import EventcoderError
    from eventcoder.records import Event, Story

__all__ = ["Codebook", "Coder", "Event", "EventcoderError", "Story", "__version__", "explain"]

_HOMES = {
    "Codebook": "eventcoder.codebook.model",
    "Coder": "eventcoder.coding.coder",
    "Event": "eventcoder.records",
    "EventcoderError": "eventcoder.errors",
    "Story": "eventcoder.records",
    "explain": "eventcoder.coding.explain",
}


def __getattr__(name: str) -> object:
    """Load a public name at its first use (PEP 562).

    Raises
    ------
    AttributeError
        If the package has no such public name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
